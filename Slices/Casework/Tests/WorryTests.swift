import Access
@testable import AccessServer
@testable import CaseworkServer
import Kernel
import Storage
import TestKit
import Testing
import Web

private let words = "Nobody has called us since the meeting, and she starts school in autumn"

@Suite struct `A worry of the family` {
    private func begun(_ engine: Engine = .sqlite) async throws -> (Office, String) {
        let office = try await Office(engine, on: "2026-03-16")
        let (id, _) = try await office.begin([
            ("source", "parent"), ("day", "16/3/2026"), ("words", "She says no words"),
        ])
        return (office, id)
    }

    private func worry(_ office: Office, _ id: String, _ text: String = words, as name: String = "nadia") async throws
        -> Answer
    {
        let page = try await office.get("/cases/\(id)", as: name)
        return try await office.post("/cases/\(id)/worries", [("worry", text)], from: page, as: name)
    }

    @Test(arguments: Engine.allCases)
    func `stands on the page of the case and in the officer’s day until it is answered (PER-6)`(engine: Engine)
        async throws
    {
        let (office, id) = try await begun(engine)
        #expect(try await worry(office, id).status == 303)
        let told = try await office.mails().filter { $0.title.contains("worried") }
        #expect(Set(told.map(\.recipient)) == ["priya@continuum.invalid", "grace@continuum.invalid"])
        #expect(!told.contains { $0.body.contains("Amina") || $0.body.contains("Nobody has called") })
        #expect(try await office.get("/cases", as: "priya").words.contains("Worried since 16 March 2026"))
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("Waits for an answer"))
        try await office.move(to: "2026-03-17")
        let page = try await office.get("/cases/\(id)", as: "priya")
        #expect(page.words.contains(words))
        let path = page.text.components(between: "action=\"/cases/\(id)/worries/", and: "\"").first ?? "none"
        let field = "answer-\(path.split(separator: "/").first ?? "")"
        let empty = try await office.post("/cases/\(id)/worries/\(path)", [(field, " ")], from: page, as: "priya")
        #expect(empty.status == 422 && empty.words.contains("Write the answer"))
        let done = try await office.post(
            "/cases/\(id)/worries/\(path)", [(field, "I call you on Thursday at ten")], from: page, as: "priya")
        #expect(done.status == 303)
        let seen = try await office.get("/cases/\(id)", as: "nadia").words
        #expect(seen.contains("I call you on Thursday at ten") && seen.contains("answered by a case officer"))
        #expect(try await !office.get("/cases", as: "priya").words.contains("Worried since"))
        let mails = try await office.mails().filter { $0.title == "An answer is there for you" }
        #expect(mails.map(\.recipient) == ["nadia@continuum.invalid"], "nobody whom a court keeps away")
        let again = try await office.post(
            "/cases/\(id)/worries/\(path)", [(field, "Another answer")], from: page, as: "priya")
        #expect(again.status == 303)
        #expect(try await !office.get("/cases/\(id)", as: "nadia").words.contains("Another answer"))
    }

    @Test func `says something, and at most what a page can hold`() async throws {
        let (office, id) = try await begun()
        let empty = try await worry(office, id, "   ")
        #expect(empty.status == 422 && empty.words.contains("Write what you are worried about"))
        let long = try await worry(office, id, String(repeating: "a", count: 4001))
        #expect(long.status == 422 && long.text.contains("aaaa"), "what was written is kept")
        #expect(try await office.mails().filter { $0.title.contains("worried") }.isEmpty)
    }

    @Test func `is the family’s to write, the officer’s to answer, and nobody else’s to read`() async throws {
        let (office, id) = try await begun()
        #expect(try await worry(office, id).status == 303)
        for name in ["imran", "tom", "steve", "owen"] {
            let page = try await office.get("/cases/\(id)", as: name)
            #expect(!page.text.contains("Nobody has called"), "\(name)")
            #expect(!page.text.contains("Worries and answers"), "\(name)")
        }
        let helen = try await office.get("/cases/\(id)", as: "helen")
        #expect(helen.words.contains(words), "a SENCO reads own words")
        #expect(!helen.text.contains("/worries/"), "and does not answer for the council")
        let form = try await office.get("/cases/\(id)", as: "nadia")
        for name in ["imran", "helen", "tom"] {
            let answer = try await office.post("/cases/\(id)/worries", [("worry", "x")], from: form, as: name)
            #expect(answer.status == 404 || answer.status == 403, "\(name)")
        }
    }
}
