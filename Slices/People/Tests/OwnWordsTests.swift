import Access
@testable import AccessServer
import Kernel
import People
import Storage
import TestKit
import Testing
import Web

private let path = "/people/kieran-doyle/words"
private let secret = "I am afraid of the bus"

@Suite struct `An entry that a child keeps from their parents` {
    private func write(
        _ city: City, _ words: String, kept: Bool = false, as name: String = "kieran", from page: Answer? = nil
    ) async throws -> Answer {
        var drawn = page
        if drawn == nil { drawn = try await city.get(path, as: name) }
        var fields = ["words": words]
        if kept { fields["kept"] = "yes" }
        return try await city.post(path, fields, from: try #require(drawn), as: name)
    }

    /// Kieran at fifteen, with an account already.
    private func atFifteen() async throws -> City {
        let city = try await City(today: "2026-09-01")
        try await city.write { tx in
            tx.record(.housekeeping)
            try tx.run("UPDATE relationship SET starts = '2026-01-01T00:00:00.000Z' WHERE account = 'kieran'")
        }
        return city
    }

    @Test(arguments: Engine.allCases)
    func `is read by those who work with the child, and by no parent, carer or whoever acts for them (INF-5)`(
        engine: Engine
    ) async throws {
        let city = try await City(engine)
        #expect(try await write(city, "I like trains").status == 303)
        #expect(try await write(city, secret, kept: true).status == 303)
        try await city.write { tx in
            try AccessStore.relate(
                "nadia", to: "kieran-doyle", as: .delegate, until: tx.now.adding(milliseconds: 86_400_000),
                evidence: "made up", in: tx)
        }
        for name in ["kieran", "priya", "steve", "ruth", "megan"] {
            let page = try await city.get(path, as: name)
            #expect(page.words.contains("I like trains") && page.words.contains(secret), "\(name)")
            #expect(page.words.contains("Kept from parents"), "\(name)")
        }
        for name in ["maureen", "nadia", "farah"] {
            let page = try await city.get(path, as: name)
            #expect(page.status == 200 && page.words.contains("I like trains"), "\(name)")
            #expect(!page.text.contains(secret) && !page.text.lowercased().contains("kept"), "\(name)")
        }
        for name in ["tom", "dawn", "imran"] { #expect(try await city.get(path, as: name).status == 404) }
    }

    @Test func `leaves no count, gap or trace: a parent’s pages are the same, byte for byte, whether there is one`()
        async throws
    {
        var seen: [[String]] = []
        for kept in [false, true] {
            let city = try await City()
            #expect(try await write(city, "I like trains").status == 303)
            if kept {
                #expect(try await write(city, secret, kept: true).status == 303)
                #expect(try await city.get(path, as: "steve").words.contains(secret))
            } else {
                _ = try await city.get(path, as: "kieran")
                #expect(try await city.get(path, as: "steve").status == 200)
            }
            var pages: [String] = []
            for address in ["/people", "/people/kieran-doyle", path, "/people/kieran-doyle/looks"] {
                let page = try await city.get(address, as: "maureen")
                #expect(page.status == 200)
                pages.append(page.words)
            }
            seen.append(pages)
        }
        #expect(seen[0] == seen[1])
    }

    @Test func `stays hidden from a parent who is staff of the child’s setting too`() async throws {
        let city = try await City()
        #expect(try await write(city, secret, kept: true).status == 303)
        try await city.write { tx in
            try AccessStore.grant(.senco, to: "maureen", in: tx)
            try AccessStore.relate(
                "maureen", to: "kieran-doyle", as: .onRoll, until: tx.now.adding(milliseconds: 86_400_000),
                evidence: "made up", in: tx)
        }
        let page = try await city.get(path, as: "maureen")
        #expect(page.status == 200 && !page.text.contains(secret))
    }

    @Test func `needs somebody to have noted that a child under sixteen understands`() async throws {
        let city = try await atFifteen()
        let refused = try await write(city, secret, kept: true)
        #expect(refused.status == 422 && refused.words.contains("Nothing was saved"))
        #expect(refused.text.contains(secret), "the words are still in the form")
        #expect(!(try await city.get(path, as: "priya")).text.contains(secret))
        #expect(try await write(city, "I like trains").status == 303)
        let note = path.replacing("/words", with: "/understanding")
        let page = try await city.get(path, as: "priya")
        #expect(try await city.post(note, ["judge": ""], from: page, as: "priya").status == 422)
        let judge = ["judge": "Steve Brennan, after talking with him on 28 August"]
        for name in ["kieran", "maureen", "steve"] {
            #expect(try await city.post(note, judge, from: page, as: name).status != 303, "\(name)")
        }
        #expect(try await city.post(note, judge, from: page, as: "priya").status == 303)
        #expect(try await city.get(path, as: "priya").words.contains("after talking with him"))
        #expect(!(try await city.get(path, as: "maureen")).words.contains("talking"))
        #expect(try await write(city, secret, kept: true).status == 303)
        #expect(!(try await city.get(path, as: "maureen")).text.contains(secret))
    }

    @Test func `is kept by the child alone: a parent who asks for it keeps nothing from anybody`() async throws {
        let city = try await City()
        let page = try await city.get(path, as: "maureen")
        #expect(!page.text.contains("name=\"kept\""))
        #expect(try await write(city, "He sleeps badly", kept: true, as: "maureen").status == 303)
        #expect(try await city.get(path, as: "kieran").words.contains("He sleeps badly"))
        #expect(try await city.get(path, as: "maureen").words.contains("He sleeps badly"))
    }

    @Test func `is changed by who wrote it alone, once, from what is there now`() async throws {
        let city = try await City()
        #expect(try await write(city, secret, kept: true).status == 303)
        let page = try await city.get(path, as: "kieran")
        let address = try #require(page.text.components(between: "action=\"\(path)/", and: "\"").first)
        func change(_ words: String, kept: Bool, as name: String = "kieran") async throws -> Answer {
            let fields = ["words-\(address)": words].merging(kept ? ["kept-\(address)": "yes"] : [:]) { $1 }
            return try await city.post("\(path)/\(address)", fields, from: page, as: name)
        }
        for name in ["maureen", "priya", "steve"] {
            #expect(try await change("mine", kept: false, as: name).status != 303, "\(name)")
        }
        #expect(try await change("", kept: true).status == 422)
        #expect(try await change("I was afraid", kept: true).status == 303)
        #expect(try await change("Another", kept: true).status == 409)
        #expect(!(try await city.get(path, as: "maureen")).text.contains("I was afraid"))
        #expect(try await city.get(path, as: "steve").words.contains("I was afraid"))
    }

    @Test func `may be kept from sixteen, or earlier by whoever was judged to understand`() {
        for (born, judged, may) in [
            ("2010-11-24", false, true), ("2010-11-25", false, false), ("2010-11-25", true, true),
            ("2027-01-01", false, false),
        ] as [(Day, Bool, Bool)] {
            #expect(
                KeepingFromParents.isAllowed(born: born, on: "2026-11-24", isJudgedToUnderstand: judged) == may)
        }
    }
}
