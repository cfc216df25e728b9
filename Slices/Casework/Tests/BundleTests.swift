import Access
@testable import AccessServer
import Casework
@testable import CaseworkServer
import Foundation
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

    @Test func `has each document behind the advice that it came with, and none of advice that did not come`() {
        let events = [
            CaseEvent("c-1", .requested, on: "2026-03-16", source: "parent"),
            CaseEvent("c-2", .adviceSent, on: "2026-04-01", source: "therapy"),
            CaseEvent("c-3", .adviceCame, on: "2026-04-20", source: "therapy", about: "c-2"),
            CaseEvent("c-4", .consulted, on: "2026-04-20"),
        ]
        let documents = [(id: "c-3-document-1", event: "c-3"), (id: "c-3-document-2", event: "c-3")]
        let items = Case("c", events).bundle(letters: [], written: ["c-3", "c-4"], documents: documents)
        #expect(items.map(\.id) == ["history", "c-3", "c-3-document-1", "c-3-document-2", "c-4"])
        #expect(items[2].sort == .document && items[2].day == "2026-04-20")
        #expect(items[3].title == "Document 2 of 2 that came with: Advice came: Therapy")
        let alone = Case("c", events).bundle(letters: [], written: [], documents: Array(documents.prefix(1)))
        #expect(alone.map(\.title).last == "Document that came with: Advice came: Therapy")
        let undone = CaseEvent("c-5", .adviceCame, on: "2026-04-21", correcting: .init(of: "c-3", isAnnulled: true))
        #expect(
            !Case("c", events + [undone]).bundle(letters: [], written: [], documents: documents)
                .contains { $0.sort == .document })
        #expect(
            !Case("c", events).bundle(letters: [], written: [], documents: [(id: "d", event: "c-4")])
                .contains { $0.sort == .document })
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

@Suite struct `Documents in a bundle` {
    private static let report = Array("%PDF-1.4 the words of the report".utf8)
    private static let hashes = ["report", "gone", "word"].map { word in
        String(word.utf8.map { String($0, radix: 16) }.joined() + String(repeating: "0", count: 64)).prefix(64)
    }.map(String.init)

    /// Keeps the bytes of the report, and of nothing else.
    private static let desk = DocumentDesk(
        keep: { _, _ in throw StorageFault.noColumn("document") },
        reply: { _ in throw StorageFault.noColumn("document") },
        bytes: { hash in
            guard hash == hashes[0] else { throw StorageFault.noColumn("document") }
            return report
        })

    /// A case in which therapy advice came with a report, another whose file is gone, and a Word file.
    private func begun(_ engine: Engine = .sqlite) async throws -> (office: Office, id: String, came: String) {
        let office = try await Office(engine, on: "2026-03-16", documents: Self.desk)
        let id = try await office.request(on: "16/3/2026")
        try await office.move(to: "2026-04-20")
        _ = try await office.decideToAssess(id, on: "20/4/2026")
        let advice = try await office.ask("therapy", of: "The trust", bound: true, in: id, on: "20/4/2026")
        let noted = try await office.note("arrival", [("about", advice), ("day", "20/4/2026")], in: id)
        #expect(noted.status == 303)
        let came = try await office.write { tx in
            let came = try #require(try Cases.file(id, in: tx).standing.last { $0.kind == .adviceCame }?.id)
            let rows = try zip(Self.hashes, ["pdf", "pdf", "docx"]).compactMap { hash, type in
                _ = try DocumentRows.add(hash, type: type, bytes: 32, in: tx)
                return try DocumentRows.row(hash, in: tx)
            }
            try AdviceStore.keep([.needs: "Few words yet"], rows, with: came, in: tx)
            return came
        }
        return (office, id, came)
    }

    private func bundle(_ office: Office, _ id: String, _ query: String = "", as name: String) async throws -> Answer {
        try await Printer.$current.withValue(.echoing) {
            try await office.get("/cases/\(id)/bundle/pdf\(query)", as: name)
        }
    }

    @Test(arguments: Engine.allCases)
    func `are handed to what prints, each with its place; others are named, and what is gone is said`(
        engine: Engine
    ) async throws {
        let (office, id, _) = try await begun(engine)
        let form = try await office.get("/cases/\(id)/bundle", as: "nadia").words
        #expect(form.contains("Documents that came with advice"))
        #expect(form.contains("Document 1 of 2 that came with: Advice came: Therapy"))
        let made = try await bundle(office, id, as: "nadia")
        #expect(made.status == 200 && made.text.hasPrefix("bind ") && made.text.hasSuffix("the words of the report"))
        let lengths = made.text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap { Int($0) }
        #expect(lengths.count == 2 && lengths.last == Self.report.count)
        let head = made.text.utf8.prefix { $0 != UInt8(ascii: "\n") }.count + 1
        #expect(head + lengths.reduce(0, +) == made.text.utf8.count)
        #expect(made.text.components(separatedBy: "<!--bound 1-->").count == 3, "in the index and in its place")
        #expect(!made.text.contains("<!--bound 2-->"))
        #expect(made.text.components(separatedBy: "the file that we kept is missing or was changed").count == 3)
        #expect(made.words.contains("With it came 2 documents, listed in the index after it"))
        #expect(made.words.contains("1 document not in this bundle") && made.words.contains("DOCX"))
    }

    @Test func `are handed out only to whoever may read the advice, and only if they are chosen`() async throws {
        let (office, id, came) = try await begun()
        for (path, name) in [("bundle", "helen"), ("bundle/pdf", "helen")] {
            let page = try await Printer.$current.withValue(.echoing) {
                try await office.get("/cases/\(id)/\(path)", as: name)
            }
            #expect(page.status == 200 && !page.text.contains("that came with:"), "\(path)")
            #expect(!page.text.contains("words of the report") && !page.text.contains("Few words"))
        }
        let asked = try await bundle(office, id, "?chosen=yes&document=\(came)-document-1", as: "helen")
        #expect(asked.status == 422, "what they may not read is no choice of theirs")
        let some = try await bundle(office, id, "?chosen=yes&document=\(came)", as: "priya")
        #expect(some.words.contains("Few words yet") && !some.text.contains("words of the report"))
        #expect(some.words.contains("3 documents not in this bundle"))
    }

    @Test func `of advice that did not come are in none, and read by no more people for that`() async throws {
        let (office, id, came) = try await begun()
        try await office.write { tx in
            let file = try Cases.file(id, in: tx)
            let advice = try #require(file.standing.last { $0.kind == .adviceCame })
            let undone = CaseEvent(
                Cases.nextID(file), .adviceCame, on: "2026-04-20", source: advice.source, about: advice.about,
                correcting: .init(of: came, isAnnulled: true))
            try Cases.add(Cases.Entry(event: undone, texts: [:]), to: file, of: "amina", by: "priya", in: tx)
        }
        #expect(try await !bundle(office, id, as: "priya").text.contains("words of the report"))
        for name in ["helen", "priya"] {
            #expect(try await office.get("/advice-documents/\(came)-document-1", as: name).status == 404, "\(name)")
        }
    }
}
