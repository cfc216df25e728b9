import Kernel
import Linkage
import SingleView
@testable import SingleViewServer
import Storage
import TestKit
import Testing

/// Pairs that are hard to tell, each by the model that ships (INF-4): two children who look like one, and one child
/// who looks like two.
@Suite("Two records that are hard to tell (INF-4)")
struct HardPairTests {
    private static let amina = [
        "given": "Amina", "family": "Rahman", "born": "2016-03-02", "sex": "F", "postcode": "B11 9ZZ",
        "address": "7 Invented Row", "phone": "0121 496 0107",
    ]

    /// A pair by what the second says otherwise; an empty value is not told.
    private static func chance(
        _ one: [String: String] = amina, otherwise: [String: String],
        from sources: (String, String) = ("early-years", "camhs")
    ) throws -> Double {
        let model = try Model(TestApp.share.bytes("linkage/model.json"))
        let index = try LiveIndex(model)
        try index.put(LiveRecord(id: "1", source: sources.0, values: one))
        let other = one.merging(otherwise) { $1 }.filter { !$0.value.isEmpty }
        return try index.put(LiveRecord(id: "2", source: sources.1, values: other)).pairs.first?.probability ?? 0
    }

    @Test(
        "of two children are not joined",
        arguments: [
            ("twins, a girl and a boy", ["given": "Yusuf", "sex": "M"]),
            ("twin girls", ["given": "Zahra"]),
            ("sisters at one address, two years apart", ["given": "Maryam", "born": "2018-06-20"]),
            ("an aunt and her niece of one name", ["born": "2002-08-14"]),
            ("father and son of one name", ["born": "1986-01-05", "sex": "M"]),
            (
                "two girls of one name in one street",
                ["born": "2015-11-23", "address": "31 Invented Row", "phone": "0121 496 0555"]
            ),
            (
                "two girls of one name and birthday at two ends of the city",
                ["postcode": "B44 9ZZ", "address": "2 Invented Close", "phone": "0121 496 0222", "family": "Khan"]
            ),
        ])
    func different(_ name: String, _ otherwise: [String: String]) throws {
        let chance = try Self.chance(otherwise: otherwise)
        let isContradicted = Contradiction.between(Self.amina, Self.amina.merging(otherwise) { $1 }) != nil
        #expect(chance < Linking.sure || isContradicted, "\(name): \(chance)")
    }

    @Test(
        "of one child are joined",
        arguments: [
            ("another spelling of the given name", ["given": "Ameena"]),
            ("day and month exchanged", ["born": "2016-02-03"]),
            ("one figure of the year wrong", ["born": "2017-03-02"]),
            ("a move across the city", ["postcode": "B44 9ZZ", "address": "2 Invented Close"]),
            ("the other parent’s family name at the same home", ["family": "Begum"]),
            ("given and family name exchanged", ["given": "Rahman", "family": "Amina"]),
            ("no telephone, no sex, no address", ["phone": "", "sex": "", "address": ""]),
        ])
    func same(_ name: String, _ otherwise: [String: String]) throws {
        let chance = try Self.chance(otherwise: otherwise)
        #expect(chance >= 0.5, "\(name): \(chance)")
    }

    @Test func `with two valid NHS numbers that differ are not joined, however alike they are`() throws {
        var one = Self.amina
        one["nhs_number"] = "9434765919"
        let apart = try Self.chance(one, otherwise: ["nhs_number": "4010232137"])
        let alike = try Self.chance(one, otherwise: [:])
        #expect(apart < alike && alike > 0.99, "\(apart), \(alike)")
        let other = one.merging(["nhs_number": "4010232137"]) { $1 }
        #expect(Contradiction.between(one, other) == .nhsNumbers)
        #expect(Contradiction.between(one, one.merging(["nhs_number": "4010232138"]) { $1 }) == nil, "one is no number")
    }

    @Test(
        "contradict each other by birthday only where no slip of the pen explains it",
        arguments: [
            ("2016-03-02", "2002-08-14", true), ("2016-03-02", "2006-03-02", false),
            ("2016-03-02", "2013-02-03", false),
            ("2016-03-02", "2012-01-01", false), ("2016-03-02", "2015-11-23", false),
            ("2016-03-02", "2018-06-20", true),
            ("2016-03-02", "", false),
        ])
    func birthdays(_ one: String, _ other: String, _ isContradicted: Bool) {
        let (mine, theirs) = (["born": one], ["born": other])
        #expect((Contradiction.between(mine, theirs) == .birthdays) == isContradicted)
        #expect((Contradiction.between(theirs, mine) == .birthdays) == isContradicted)
    }

    @Test func `are told the same whichever came first`() throws {
        for otherwise in [["given": "Zahra"], ["given": "Ameena"], ["born": "2016-02-03"]] {
            let there = try Self.chance(otherwise: otherwise)
            let back = try Self.chance(
                Self.amina.merging(otherwise) { $1 }, otherwise: Self.amina.filter { otherwise[$0.key] != nil },
                from: ("camhs", "early-years"))
            #expect(there == back, "\(otherwise)")
        }
    }
}
