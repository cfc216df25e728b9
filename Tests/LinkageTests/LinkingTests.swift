import Foundation
import Testing

@testable import Linkage

private func link(_ texts: String..., truth: String? = "child", between: Bool = false, most: Int? = nil) throws
    -> Linker
{
    var options = LinkOptions(reading: Reading(id: "id", source: between ? nil : "source", truth: truth))
    options.onlyBetween = between
    options.mostPairs = most
    return try Linker(texts.enumerated().map { FileBytes(name: "file \($0.offset + 1)", text: $0.element) }, options)
}

/// Pairs and clusters as they are written.
private func written(_ linker: Linker) throws -> (pairs: [String], clusters: [String: String]) {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try linker.writePairs(folder + "/pairs.csv")
    try linker.writeClusters(folder + "/clusters.csv")
    func lines(_ name: String) throws -> [String] {
        try String(contentsOfFile: folder + "/" + name, encoding: .utf8).split(separator: "\n").dropFirst().map(
            String.init)
    }
    let clusters = try lines("clusters.csv").map { $0.split(separator: ",").map(String.init) }
    return (try lines("pairs.csv"), Dictionary(uniqueKeysWithValues: clusters.map { ($0[0], $0[1]) }))
}

@Suite struct `Linking records of children (INF-3)` {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `finds the records of each child, and does not join twins`(seed: UInt64) throws {
        let city = City(households: 900, seed: seed)
        let linker = try link(city.text())
        let score = try #require(linker.score)
        #expect(score.best.f1 > 0.985, "\(score)")
        #expect(score.half.f1 > score.best.f1 - 0.005, "\(score)")
        #expect(score.clusters.precision > 0.995 && score.clusters.recall > 0.97, "\(score)")
        let (_, clusters) = try written(linker)
        var (twins, joined) = (0, 0)
        for rows in Dictionary(grouping: city.rows, by: { city.children[$0.child].birth }).values {
            for (number, row) in rows.enumerated() {
                for other in rows[..<number] where row.child != other.child {
                    twins += 1
                    if clusters[row.id] == clusters[other.id] { joined += 1 }
                }
            }
        }
        #expect(twins > 100 && joined * 50 <= twins, "\(joined) of \(twins)")
    }

    @Test func `never reads the truth`() throws {
        let city = City(households: 300, seed: 4)
        let (with, without) = (
            try link(city.text()), try link(city.text().replacing(/,C\d+\n/, with: ",\n"), truth: nil)
        )
        #expect(try written(with).pairs == written(without).pairs)
    }

    @Test func `gives the same links whatever the order of the rows`() throws {
        let city = City(households: 500, seed: 5)
        var order = Array(city.rows.indices)
        var dice = Dice(seed: 6)
        for index in order.indices.reversed() { order.swapAt(index, dice.below(index + 1)) }
        let (one, other) = (try link(city.text()), try link(city.text(order)))
        #expect(abs(one.score!.best.f1 - other.score!.best.f1) < 0.002)
        #expect(try written(one).pairs == written(link(city.text())).pairs)
    }

    @Test func `between files joins no two rows of one`() throws {
        let city = City(households: 400, seed: 7)
        func rows(_ source: String) -> String { city.text(city.rows.indices.filter { city.rows[$0].source == source }) }
        let linker = try link(rows("gp"), rows("school"), between: true)
        let ids = Set(city.rows.filter { $0.source == "gp" }.map(\.id))
        let within = try written(linker).pairs.filter { pair in
            let cells = pair.split(separator: ",").map(String.init)
            return ids.contains(cells[0]) == ids.contains(cells[1])
        }
        #expect(within.isEmpty, "\(within.prefix(3))")
        #expect(linker.score!.best.f1 > 0.94, "\(linker.score!)")
    }

    @Test(arguments: [500, 2_000, 100_000])
    func `compares no more pairs than it is allowed, and says what it left out`(most: Int) throws {
        let city = City(households: 500, seed: 8)
        let linker = try link(city.text(), most: most)
        #expect(linker.pairCount <= most)
        #expect((most < 100_000) == linker.summary.contains { $0.contains("are more than allowed") })
    }

    /// Half the work of blocking is not to fall over what everybody has.
    @Test func `rows that are all the same, and children called “Baby”, are not joined and take no time`() throws {
        let same = "id,given,family,dob\n" + (0..<20_000).map { "\($0),John,Smith,2015-02-03\n" }.joined()
        #expect(try link(same, truth: nil, between: true).found.allSatisfy { $0.count == 0 })
        var dice = Dice(seed: 9)
        let babies =
            "id,given,family,dob,postcode\n"
            + (0..<20_000).map { number -> String in
                let day = "20\(10 + dice.below(10))-\(10 + dice.below(3))-\(10 + dice.below(19))"
                return "\(number),Baby,Name\(dice.below(400)),\(day),B\(dice.below(48)) \(dice.below(9))AA\n"
            }.joined()
        var options = LinkOptions(reading: Reading(id: "id"))
        options.onlyBetween = false
        let linker = try Linker([FileBytes(name: "babies", text: babies)], options)
        let clusters = try written(linker).clusters
        #expect(Set(clusters.values).count > 19_700, "\(Set(clusters.values).count)")
    }

    @Test func `common names and nothing else are bounded, and joined to nobody`() throws {
        var dice = Dice(seed: 12)
        let names = ["Ann", "Bob", "Cat", "Dan", "Eve", "Fay", "Gus", "Hal"]
        let text =
            "id,given,family\n" + (0..<60_000).map { "\($0),\(dice.pick(names)),\(dice.pick(names))son\n" }.joined()
        let linker = try Linker([FileBytes(name: "names", text: text)], LinkOptions(reading: Reading(id: "id")))
        #expect(linker.pairCount <= 2_400_000)
        #expect(Set(try written(linker).clusters.values).count > 59_900)
    }

    @Test func `four rows of one person are joined though nothing can be learnt from them`() throws {
        let text =
            "id,given,family,dob\n1,Ann,Smith,2015-03-14\n2,Ann,Smith,14/03/2015\n"
            + "3,Ann,Smith,14 March 2015\n4,Bob,Jones,2011-01-05\n"
        let linker = try Linker([FileBytes(name: "four", text: text)], LinkOptions(reading: Reading(id: "id")))
        let clusters = try written(linker).clusters
        #expect(clusters["1"] == clusters["2"] && clusters["2"] == clusters["3"] && clusters["4"] == "4")
    }
}

@Suite struct `Explaining a link` {
    private let linker: Linker
    private let city = City(households: 600, seed: 21)

    init() throws { linker = try link(city.text()) }

    @Test func `adds up to what the link was given`() throws {
        let pairs = try written(linker).pairs
        for pair in stride(from: 0, to: pairs.count, by: max(1, pairs.count / 40)).map({
            pairs[$0].split(separator: ",").map(String.init)
        }) {
            let why = try linker.explain(pair[0], pair[1])
            #expect(abs(why.chance - Double(pair[2])!) < 0.0001, "\(pair) \(why.chance)")
            #expect(abs(why.classes.reduce(0) { $0 + $1.chance } - 1) < 1e-9)
        }
    }

    @Test func `names no value of either record, and no other child`() throws {
        let one = city.rows[0]
        let other = city.rows.dropFirst().first { $0.child == one.child } ?? city.rows[1]
        let why = try linker.explain(one.id, other.id)
        for word in one.cells + other.cells where word.count > 2 {
            #expect(!why.paragraph.contains(word), "\(word) in \(why.paragraph)")
        }
        #expect(why.chart.contains("<svg") && why.paragraph.contains("A person can look at this"))
    }

    @Test func `says of twins what tells them apart`() throws {
        let (one, other) = try #require(twins())
        let why = try linker.explain(one, other)
        #expect(why.chance < 0.05 && !why.areTogether)
        #expect(why.paragraph.contains("What speaks against it: "))
        #expect(
            why.paragraph.contains("given_name (different)") || why.paragraph.contains("nhs_number (different)"),
            "\(why.paragraph)")
    }

    private func twins() -> (String, String)? {
        let gp = city.rows.filter { $0.source == "gp" }
        for one in gp {
            for other in gp
            where other.child != one.child && city.children[one.child].birth == city.children[other.child].birth {
                return (one.id, other.id)
            }
        }
        return nil
    }

    @Test func `refuses an id that no row has`() {
        #expect(throws: LinkageError.noRecord("R0")) { _ = try linker.explain("R0", "R1") }
    }
}
