import Access
@testable import AccessServer
import Casework
@testable import CaseworkServer
import Kernel
import Printing
import Storage
import TestKit
import Testing
import Web

@Suite struct `A bundle of documents` {
    /// A case with two letters, a consultation, advice that is used again, and an entry put right.
    private func begun(_ engine: Engine = .sqlite) async throws -> (Office, String) {
        let office = try await Office(engine, on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        try await office.move(to: "2026-04-20")
        try await office.note("consultation", [("day", "1/4/2026"), ("how", "At home, with her aunt")], in: id)
        _ = try await office.decideToAssess(id, on: "20/4/2026")
        let reuse: [(String, String)] = [
            ("kind", "medical"), ("body", "The trust"), ("how", "The clinic’s report of February"),
            ("agreed", "author"),
            ("agreed", "council"), ("agreed", "family"), ("day", "20/4/2026"),
        ]
        #expect(try await office.note("reuse", reuse, in: id).status == 303)
        return (office, id)
    }

    @Test func `orders what it holds by date, the history first, and nothing twice`() {
        let events = [
            CaseEvent("c-1", .requested, on: "2026-03-16", source: "parent"),
            CaseEvent("c-2", .consulted, on: "2026-04-02"),
            CaseEvent("c-3", .adviceCame, on: "2026-04-01", source: "medical"),
            CaseEvent("c-4", .decided, on: "2026-04-01", outcome: CaseEvent.assess),
        ]
        let letters = [
            (id: "letter-c-1", event: "c-1", day: "2026-03-17" as Day, title: "We have it"),
            (id: "letter-c-4", event: "c-4", day: "2026-04-01" as Day, title: "We assess"),
        ]
        let items = Case("c", events).bundle(letters: letters, written: ["c-2", "c-3"])
        #expect(items.map(\.id) == ["history", "letter-c-1", "c-3", "letter-c-4", "c-2"])
        #expect(items.map(\.sort) == [.history, .letter, .advice, .letter, .writing])
        #expect(Case("c", []).bundle(letters: [], written: []).isEmpty)
        #expect(Case("c", events).bundle(letters: [], written: []).map(\.id) == ["history"])
    }

    @Test(arguments: Engine.allCases)
    func `holds what was chosen, by date, with an index that leads there`(engine: Engine) async throws {
        let (office, id) = try await begun(engine)
        let form = try await office.get("/cases/\(id)/bundle", as: "nadia")
        #expect(form.status == 200)
        for word in ["Letters", "Advice", "What was written", "The family was consulted"] {
            #expect(form.words.contains(word), "\(word)")
        }
        #expect(try await office.get("/cases/\(id)", as: "nadia").text.contains("/cases/\(id)/bundle"))
        let whole = try await Printer.$current.withValue(.echoing) {
            try await office.get("/cases/\(id)/bundle/pdf", as: "nadia")
        }
        #expect(whole.status == 200 && whole.type == "application/pdf" && whole.cacheControl == "no-store")
        #expect(whole.header("Content-Disposition") == "attachment; filename=\"bundle-2026-04-20.pdf\"")
        for word in [
            "She does not speak yet", "At home, with her aunt", "The clinic’s report of February",
            "We will assess Amina Rahman",
        ] {
            #expect(whole.words.contains(word), "\(word)")
        }
        let documents = whole.text.components(between: "<h2 id=\"document-", and: "</h2>")
        let index = whole.text.components(between: "<a href=\"#document-", and: "</a>")
        #expect(documents.count >= 5 && documents == index)
        let some = try await Printer.$current.withValue(.echoing) {
            try await office.get("/cases/\(id)/bundle/pdf?chosen=yes&document=letter-\(id)-1", as: "priya")
        }
        #expect(some.words.contains("We have the request") && !some.words.contains("her aunt"))
        #expect(some.words.contains("1 document"))
    }

    @Test func `of nothing chosen, or of what is not there, says so and makes none`() async throws {
        let (office, id) = try await begun()
        for query in ["chosen=yes", "chosen=yes&document=letter-of-somebody-else", "chosen=yes&document=%3Cb%3E"] {
            let answer = try await office.get("/cases/\(id)/bundle/pdf?\(query)", as: "nadia")
            #expect(answer.status == 422 && answer.words.contains("Choose at least one document"), "\(query)")
            #expect(!answer.text.contains("<b>"))
        }
    }

    @Test func `holds nothing that whoever makes it may not see, and who took it is noted`() async throws {
        let (office, id) = try await begun()
        _ = try await office.ask("education", of: "Marigold Nursery", bound: false, in: id, on: "20/4/2026")
        let other = try await office.begin([
            ("source", "approach"), ("day", "17/3/2026"), ("words", "The neighbour is worried"),
            ("teller", "Zed Yates"),
        ])
        #expect(other.id == id)
        func bundle(_ name: String) async throws -> Answer {
            try await Printer.$current.withValue(.echoing) {
                try await office.get("/cases/\(id)/bundle/pdf", as: name)
            }
        }
        let officer = try await bundle("priya").words
        #expect(officer.contains("Marigold Nursery") && officer.contains("Zed Yates"))
        let mother = try await bundle("nadia").words
        #expect(mother.contains("Marigold Nursery") && !mother.contains("Zed Yates") && !mother.contains("neighbour"))
        let senco = try await bundle("helen").words
        #expect(senco.contains("her aunt") && !senco.contains("Marigold") && !senco.contains("Zed Yates"))
        for name in ["imran", "tom", "steve", "joan", "maureen"] {
            for path in ["/cases/\(id)/bundle", "/cases/\(id)/bundle/pdf"] {
                let answer = try await office.get(path, as: name)
                #expect(answer.status == 404 && !answer.text.contains("Amina"), "\(path) as \(name)")
            }
        }
        let journal = try await office.read { try Journal.entries(after: 0, limit: 4000, in: $0) }
        #expect(journal.contains { $0.kind == "person.downloaded" && $0.subject == "amina" && $0.actor == "helen" })
    }
}
