import Access
import AccessServer
import Casework
@testable import CaseworkServer
import Kernel
import Storage
import TestKit
import Testing
import Web

/// What a correction, an end or another way in must not open.
@Suite struct `What is kept apart` {
    private func assessing(_ engine: Engine = .sqlite) async throws -> (Office, String) {
        let office = try await Office(engine, on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        try await office.move(to: "2026-04-20")
        _ = try await office.decideToAssess(id, on: "20/4/2026")
        return (office, id)
    }

    private func given(_ kind: String, _ words: String, in id: String, _ office: Office) async throws -> String {
        let advice = try await office.ask(kind, of: "Somebody", bound: false, in: id, on: "20/4/2026")
        try await office.note("arrival", [("about", advice), ("day", "20/4/2026")], in: id)
        return try await office.write { tx in
            tx.record(.housekeeping)
            let event = try Cases.file(id, in: tx).events.last?.id ?? ""
            _ = try DocumentRows.add(String(repeating: "7", count: 64), type: "pdf", bytes: 9, in: tx)
            let row = try DocumentRows.row(String(repeating: "7", count: 64), in: tx)
            try AdviceStore.keep([.needs: words], row.map { [$0] } ?? [], with: event, in: tx)
            return event
        }
    }

    @Test func `medical advice stays from a SENCO, and is there for others, when its day was put right`() async throws {
        let (office, id) = try await assessing()
        let event = try await given("medical", "A heart murmur", in: id, office)
        let right: [(String, String)] = [("of", event), ("day", "20/4/2026"), ("because", "The stamp says so")]
        #expect(try await office.note("correction", right, in: id).status == 303)
        #expect(try await office.get("/cases/\(id)/advice", as: "nadia").words.contains("A heart murmur"))
        #expect(try await !office.get("/cases/\(id)/advice", as: "helen").words.contains("A heart murmur"))
        let document = "/advice-documents/\(event)-document-1"
        #expect(try await office.get(document, as: "helen").status == 404)
        let last = try await office.read { try Cases.file(id, in: $0).events.last?.id ?? "" }
        let gone: [(String, String)] = [("of", last), ("annuls", "yes"), ("because", "It was of another child")]
        #expect(try await office.note("correction", gone, in: id).status == 303)
        for name in ["helen", "nadia", "priya"] {
            #expect(try await office.get(document, as: name).status == 404, "\(name)")
            #expect(try await !office.get("/cases/\(id)/advice", as: name).words.contains("A heart murmur"), "\(name)")
        }
    }

    @Test func `reasons are not read beside a letter that waits for a second person`() async throws {
        let office = try await Office(on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        try await office.write { tx in try AccessStore.label("amina", .protected, in: tx) }
        _ = try await office.decideToAssess(id, on: "16/3/2026")
        #expect(try await !office.get("/cases/\(id)", as: "nadia").words.contains("Two professionals say so"))
        #expect(try await office.get("/cases/\(id)", as: "grace").words.contains("Two professionals say so"))
    }

    @Test func `what members of a panel think is not shown to a SENCO or an adviser`() async throws {
        let (office, id) = try await assessing()
        let panels = try await office.get("/panels/new", as: "priya")
        let made = try await office.post(
            "/panels", [("name", "Panel"), ("day", "20/5/2026"), ("members", "megan")], from: panels, as: "priya")
        let panel = made.header("Location") ?? ""
        let page = try await office.get(panel, as: "priya")
        _ = try await office.post("\(panel)/items", [("case", id)], from: page, as: "priya")
        let agenda = try await office.get(panel, as: "megan")
        let item = try #require(agenda.text.components(between: "/items/", and: "/views").first)
        _ = try await office.post(
            "\(panel)/items/\(item)/views", [("view-\(item)", "no"), ("words-\(item)", "Not convinced")], from: agenda,
            as: "megan")
        for name in ["helen", "nadia", "imran"] {
            #expect(try await !office.get("/cases/\(id)", as: name).words.contains("Not convinced"), "\(name)")
        }
        for name in ["priya", "megan"] {
            #expect(try await office.get("/cases/\(id)", as: name).words.contains("Not convinced"), "\(name)")
        }
    }

    @Test(arguments: Engine.allCases)
    func `a psychologist has to do with the child no more once the advice is given, or taken back`(
        engine: Engine
    ) async throws {
        let (office, id) = try await assessing(engine)
        try await office.write { tx in
            tx.record(.housekeeping)
            try tx.run("UPDATE relationship SET ends = starts WHERE account = 'lucy' AND kind = 'open-task'")
        }
        #expect(try await office.get("/people/amina", as: "lucy").status == 404)
        let fields = [
            ("kind", "psychological"), ("body", "The service"), ("day", "20/4/2026"),
            ("address", "Lucy@Continuum.invalid"),
        ]
        #expect(try await office.note("advice", fields, in: id).status == 303)
        #expect(try await office.get("/people/amina", as: "lucy").status == 200)
        let list = try await office.get("/advice-asked", as: "lucy")
        let task = try #require(list.text.components(between: "href=\"/advice-asked/", and: "\"").first)
        let received = try await office.post("/advice-asked/\(task)/receipts", [], from: list, as: "lucy")
        #expect(received.header("Location") == "/advice-asked/\(task)")
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("1 June 2026"), "six weeks from then")
        let form = try await office.get("/advice-asked/\(task)", as: "lucy")
        let whole = [("needs", "a"), ("outcomes", "b"), ("provision", "c")]
        #expect(try await office.post("/advice-asked/\(task)", whole, from: form, as: "lucy").status == 303)
        #expect(try await office.get("/people/amina", as: "lucy").status == 404)
        try await office.move(to: "2026-04-21")
        #expect(try await office.note("advice", fields, in: id).status == 303)
        #expect(try await office.get("/people/amina", as: "lucy").status == 200)
        _ = try await office.note("withdrawal", [("day", "20/4/2026"), ("reasons", "By the mother")], in: id)
        try await office.chase()
        #expect(try await office.get("/people/amina", as: "lucy").status == 404, "the hourly work ends it")
    }

    @Test func `a request from the record is the family’s alone, and a child’s is no young person’s`() async throws {
        let office = try await Office(on: "2026-03-16")
        let page = try await office.get("/people/amina/request", as: "priya")
        #expect(page.status == 200 && page.words.contains("You are not of the family"))
        let own = try await office.get("/people/kieran-doyle/request", as: "maureen")
        #expect(own.words.contains("Send the request"))
    }

    @Test func `a member of two panels keeps what the other gives`() async throws {
        let (office, id) = try await assessing()
        var panels: [String] = []
        for day in ["20/5/2026", "10/6/2026"] {
            let form = try await office.get("/panels/new", as: "priya")
            let made = try await office.post(
                "/panels", [("name", "Panel"), ("day", day), ("members", "megan")], from: form, as: "priya")
            let panel = made.header("Location") ?? ""
            let page = try await office.get(panel, as: "priya")
            _ = try await office.post("\(panel)/items", [("case", id)], from: page, as: "priya")
            panels.append(panel)
        }
        let agenda = try await office.get(panels[1], as: "priya")
        let item = try #require(agenda.text.components(between: "/items/", and: "/removals").first)
        _ = try await office.post("\(panels[1])/items/\(item)/removals", [], from: agenda, as: "priya")
        #expect(try await office.get("/cases/\(id)", as: "megan").status == 200)
        try await office.move(to: "2026-06-01")
        #expect(try await office.get("/cases/\(id)", as: "megan").status == 200)
        try await office.move(to: "2026-06-20")
        #expect(try await office.get("/cases/\(id)", as: "megan").status == 404, "four weeks after the first")
    }
}
