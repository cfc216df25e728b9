import Access
@testable import AccessServer
import Foundation
import Kernel
import SingleView
@testable import SingleViewServer
import Storage
import TestKit
import Testing
import Web

@Suite struct `Saying that something is wrong` {
    /// A city in which Nadia said that the nursery’s record spells the name wrong.
    private func asked(_ engine: Engine = .sqlite) async throws -> HeldCity {
        let city = try await HeldCity(engine)
        let number = try await city.number("ZREF-1")
        let sent = try await city.ask(
            "amina", ["about": "\(number)-given-1", "wanted": "Aminaright", "words": "Privateword"], as: "nadia")
        try #require(sent.status == 303)
        return city
    }

    private func request(_ city: HeldCity) async throws -> Correction {
        try #require(try await city.app.database.read { try Corrections.open(in: $0) }.first?.correction)
    }

    @Test(arguments: Engine.allCases)
    func `overwrites nothing, and marks the fact for whoever sees it (INF-5)`(engine: Engine) async throws {
        let city = try await asked(engine)
        let mine = try await city.get("/people/amina/held", as: "nadia")
        for word in ["Aminaright", "Privateword", "An answer is due by 24 December 2026", "Ameena"] {
            #expect(mine.words.contains(word), "\(word)")
        }
        for who in ["nadia", "imran", "helen", "anwar", "priya"] {
            let page = try await city.get("/people/amina/held", as: who)
            #expect(page.words.contains("Ameena Somebody has said that this is wrong"), "\(who)")
            #expect(page.text.contains("Privateword") == ["nadia", "priya"].contains(who), "\(who)")
        }
        let record = try await city.get("/people/amina", as: "helen")
        #expect(record.words.contains("Ameena Somebody has said that this is wrong"))
        #expect(!record.text.contains("Privateword"))
        #expect(try await city.journal("correction.asked").map(\.subject) == ["amina"])
    }

    @Test func `is open to a father who may not write own words, of what he may see, and reaches no mother`()
        async throws
    {
        let city = try await HeldCity()
        let number = try await city.number("ZREF-3")
        let said = try await city.ask("amina", ["about": "\(number)-need-1", "wanted": "Fatherword"], as: "imran")
        #expect(said.status == 303)
        #expect(try await city.get("/people/amina/held", as: "imran").words.contains("Fatherword"))
        for (address, answer) in try await city.everything(of: "amina", as: "nadia") {
            #expect(!answer.text.contains("Fatherword"), "\(address)")
        }
        let place = try await city.ask("amina", ["about": "\(number)-postcode-1", "wanted": "x"], as: "imran")
        #expect(place.status == 422, "a fact that he may not see is none that he may name")
    }

    @Test func `shows its author no more than they may see now`() async throws {
        let city = try await HeldCity()
        _ = try await city.ask("amina", ["about": "0-address-1", "wanted": "Elsewhereword"], as: "nadia")
        #expect(try await city.get("/people/amina/held", as: "nadia").words.contains("Elsewhereword"))
        try await city.write { tx in
            try AccessStore.restrict(
                "nadia", from: "amina", .location, ground: .order, decider: "a court", evidence: "made for a test",
                decided: tx.now, review: "2027-01-01", in: tx)
        }
        for (address, answer) in try await city.everything(of: "amina", as: "nadia") {
            #expect(!answer.text.contains("Invented Row") && !answer.text.contains("Elsewhereword"), "\(address)")
        }
    }

    @Test(arguments: Engine.allCases)
    func `is listed for the record keeper with its day, and answered once, by a mail that names nobody`(
        engine: Engine
    ) async throws {
        let city = try await asked(engine)
        let list = try await city.get("/corrections", as: "kit")
        for word in ["Early years teams: Given name", "24 December 2026", "the early years team"] {
            #expect(list.words.contains(word), "\(word)")
        }
        for who in ["nadia", "priya", "helen"] {
            #expect(try await city.get("/corrections", as: who).status == 404, "\(who)")
        }
        let address = "/corrections/\(try await request(city).id)"
        let page = try await city.get(address, as: "kit")
        #expect(page.words.contains("Privateword") && page.words.contains("ZREF-1") && !page.text.contains("Rahman"))
        let empty = try await city.post(address + "/answers", [:], from: page, as: "kit")
        #expect(empty.status == 422 && empty.words.contains("Choose how it was answered"))
        let answer = ["outcome": "not-changed", "answer": "Because of the certificate"]
        #expect(try await city.post(address + "/answers", answer, from: page, as: "kit").status == 303)
        let late = ["outcome": "put-right", "answer": "Another"]
        #expect(try await city.post(address + "/answers", late, from: page, as: "kit").status != 303)
        let mine = try await city.get("/people/amina/held", as: "nadia")
        for word in ["Not changed", "Because of the certificate", "Information Commissioner"] {
            #expect(mine.words.contains(word), "\(word)")
        }
        #expect(!mine.words.contains("that this is wrong"))
        let mails = try await city.app.database.read { try Outbox.messages(limit: 9, in: $0) }
        #expect(mails.map(\.recipient) == ["nadia@continuum.invalid"])
        for word in ["Amina", "Rahman", "certificate", "nursery", "http"] {
            #expect(mails.allSatisfy { !$0.body.contains(word) && !$0.title.contains(word) }, "\(word)")
        }
    }

    @Test func `takes two further months once, with the reason told`() async throws {
        let city = try await asked()
        let address = "/corrections/\(try await request(city).id)"
        let page = try await city.get(address, as: "kit")
        #expect(try await city.post(address + "/extensions", [:], from: page, as: "kit").status == 422)
        let sent = try await city.post(address + "/extensions", ["reason": "Three agencies"], from: page, as: "kit")
        #expect(sent.status == 303)
        #expect(try await request(city).due == "2027-02-24")
        #expect(try await city.get("/people/amina/held", as: "nadia").words.contains("because: Three agencies"))
        let again = try await city.post(address + "/extensions", ["reason": "More"], from: page, as: "kit")
        #expect(again.status != 303)
    }

    @Test func `keeps the words with the case where a label closes the record`() async throws {
        let city = try await asked()
        try await city.write { try AccessStore.label("amina", .protected, in: $0) }
        let page = try await city.get("/corrections/\(try await request(city).id)", as: "kit")
        #expect(page.status == 200 && page.words.contains("stays with the case"))
        for word in ["Privateword", "Aminaright", "Ameena", "ZREF"] { #expect(!page.text.contains(word), "\(word)") }
    }

    @Test func `refuses what cannot be read`() async throws {
        let city = try await HeldCity()
        let number = try await city.number("ZREF-1")
        for fields in [
            [:], ["about": "nothing"], ["about": "\(number)-given-1"], ["about": "\(number)-given-1", "wanted": " "],
            ["about": "\(number)-record"], ["about": "99999999-given-1", "wanted": "x"],
            ["about": "\(number)-given-1", "wanted": String(repeating: "x", count: 301)],
            ["about": "\(number)-record", "words": String(repeating: "x", count: 2001)],
            ["about": "\(number)-record", "words": "x", "wanted": String(repeating: "x", count: 301)],
            ["about": "\(number)-given-1", "wanted": "x", "words": String(repeating: "x", count: 2001)],
        ] {
            #expect(try await city.ask("amina", fields, as: "nadia").status == 422, "\(fields.keys)")
        }
        #expect(try await city.get("/corrections/nothing", as: "kit").status == 404)
        #expect(try await city.ask("yusuf", ["about": "\(number)-given-1", "wanted": "x"], as: "nadia").status == 422)
    }

    @Test func `opens from the explanation a request that the record is another child’s`() async throws {
        let city = try await HeldCity()
        let number = try await city.number("ZREF-3")
        let links = try await city.get("/people/amina/links", as: "nadia")
        let address = "/people/amina/corrections/new?about=\(number)-record"
        #expect(links.text.contains(address))
        let form = try await city.get(address, as: "nadia")
        #expect(form.text.contains("<option value=\"\(number)-record\" selected>"))
        _ = try await city.ask("amina", ["about": "\(number)-record", "words": "Not hers"], as: "nadia")
        #expect(try await city.get("/people/amina/links", as: "imran").words.contains("that this is wrong"))
        #expect(try await request(city).target.kind == .wrongRecord)
    }
}

@Suite struct `The day by which an answer is due` {
    @Test(
        arguments: [
            ("2026-11-24", "2026-12-24"), ("2026-01-31", "2026-02-28"), ("2028-01-31", "2028-02-29"),
            ("2026-12-31", "2027-01-31"), ("2026-08-31", "2026-09-30"), ("2026-02-28", "2026-03-28"),
            ("2999-12-15", "2999-12-31"),
        ] as [(Day, Day)])
    func `is the same day of the next month, or its last`(received: Day, due: Day) {
        #expect(AnswerBy.day(received: received) == due)
    }

    @Test func `can be three months after it came, if that is said within the first`() {
        #expect(AnswerBy.extendedDay(received: "2026-11-30") == "2027-02-28")
        #expect(AnswerBy.mayExtend(received: "2026-01-31", on: "2026-02-28"))
        #expect(!AnswerBy.mayExtend(received: "2026-01-31", on: "2026-03-01"))
    }
}

@Suite struct `How two records agree` {
    private func verdict(_ fact: String, _ one: String, _ other: String) -> Agreement.Verdict? {
        Agreement.of([fact: one], [fact: other]) { ($0, $1) == ("ameena", "amina") }.first?.verdict
    }

    @Test(
        arguments: [
            ("given", "Zoë", "ZOE", .same), ("given", "Mary-Ann", "Mary Ann", .same),
            ("given", "Ameena", "Amina", .nearly(.otherForm)),
            ("family", "Rahman", "Rahmann", .nearly(.oneLetter)), ("family", "Rahman", "Rehman", .nearly(.oneLetter)),
            ("family", "Rahman", "Khan", .different), ("born", "2016-04-05", "2016-05-04", .nearly(.dayAndMonth)),
            ("born", "2016-04-05", "2016-04-06", .nearly(.oneFigure)), ("born", "2016-04-05", "2017-05-06", .different),
            ("born", "", "2016-04-05", .notKnownToOne), ("sex", "F", "", .notKnownToOther),
            ("sex", "F", "M", .different),
            ("nhs-number", "9434765919", "9434765918", .nearly(.oneFigure)), ("postcode", "B11 9ZZ", "b119zz", .same),
            ("postcode", "B11 9ZZ", "B11 1AA", .nearly(.sameArea)), ("postcode", "B11 9ZZ", "B12 9ZZ", .different),
            ("phone", "+44 121 496 0107", "0121 496 0107", .same),
            ("address", "7 High St", "9 High St", .nearly(.oneLetter)),
            ("given", "?", "!", .different), ("born", "nonsense", "2016-04-05", .different),
        ] as [(String, String, String, Agreement.Verdict)])
    func `is told fact by fact`(fact: String, one: String, other: String, expected: Agreement.Verdict) {
        #expect(verdict(fact, one, other) == expected)
    }

    @Test func `leaves out what neither tells, and what it does not compare`() {
        #expect(verdict("given", "", "") == nil)
        #expect(verdict("need", "ASD", "SLCN") == nil)
    }

    @Test(arguments: [(0.9981, "about 998"), (1, "more than 998"), (0, "fewer than 1"), (.nan, "an unknown number")])
    func `is as sure as so many in a thousand`(chance: Double, words: String) {
        #expect(SureInWords.words(chance) == words)
    }
}
