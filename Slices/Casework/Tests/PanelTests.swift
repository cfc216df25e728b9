import Casework
@testable import CaseworkServer
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `A panel` {
    private func called(_ office: Office, on day: String = "20/5/2026") async throws -> String {
        let page = try await office.get("/panels/new", as: "priya")
        let answer = try await office.post(
            "/panels", [("name", "Moderation panel"), ("day", day), ("members", "megan")], from: page, as: "priya")
        return answer.header("Location") ?? ""
    }

    private func put(_ id: String, on panel: String, _ office: Office) async throws -> Answer {
        try await office.post(
            "\(panel)/items", [("case", id)], from: try await office.get(panel, as: "priya"), as: "priya")
    }

    private func assessing(_ engine: Engine = .sqlite) async throws -> (Office, String) {
        let office = try await Office(engine, on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        try await office.move(to: "2026-04-20")
        _ = try await office.decideToAssess(id, on: "20/4/2026")
        return (office, id)
    }

    @Test(arguments: Engine.allCases)
    func `sees a case from the day on which it is on its agenda, says what it thinks, and decides nothing`(
        engine: Engine
    ) async throws {
        let (office, id) = try await assessing(engine)
        let panel = try await called(office)
        #expect(panel.hasPrefix("/panels/panel-"))
        #expect(try await office.get("/cases/\(id)", as: "megan").status == 404)
        #expect(try await office.get(panel, as: "megan").words.contains("Nothing is on this agenda"))
        #expect(try await put(id, on: panel, office).status == 303)
        let agenda = try await office.get(panel, as: "megan")
        for word in ["Amina Rahman", "Should the council make a plan?", "6 July 2026"] {
            #expect(agenda.words.contains(word), "\(word)")
        }
        #expect(try await office.get("/cases/\(id)", as: "megan").status == 200)
        #expect(try await office.get("/cases/\(id)/advice", as: "megan").status == 200)
        #expect(try await office.get("/cases/\(id)/events/new", as: "megan").status == 404, "members decide nothing")
        let item = try #require(agenda.text.components(between: "/items/", and: "/views").first)
        let path = "\(panel)/items/\(item)/views"
        let bare = try await office.post(path, [], from: agenda, as: "megan")
        #expect(bare.status == 422 && bare.words.contains("Choose what you think") && bare.words.contains("Write why"))
        let said = [("view-\(item)", "yes"), ("words-\(item)", "She needs more than the nursery has")]
        #expect(try await office.post(path, said, from: agenda, as: "megan").status == 303)
        let page = try await office.get("/cases/\(id)", as: "priya").words
        #expect(page.contains("Moderation panel, 20 May 2026") && page.contains("more than the nursery has"))
        #expect(try await !office.get("/cases/\(id)", as: "nadia").words.contains("more than the nursery has"))
        #expect(try await office.post(path, said, from: agenda, as: "priya").status == 404, "nobody thinks for another")
    }

    @Test func `sees a case no more that was taken off, and is told by a mail that names no child`() async throws {
        let (office, id) = try await assessing()
        let panel = try await called(office)
        _ = try await put(id, on: panel, office)
        let agenda = try await office.get(panel, as: "priya")
        #expect(try await office.post("\(panel)/mails", [], from: agenda, as: "priya").status == 303)
        let mail = try #require(try await office.mails().first { $0.recipient == "megan@continuum.invalid" })
        #expect(mail.title.contains("20 May 2026") && !mail.body.contains("Amina"))
        let item = try #require(agenda.text.components(between: "/items/", and: "/removals").first)
        _ = try await office.post("\(panel)/items/\(item)/removals", [], from: agenda, as: "priya")
        #expect(try await office.get("/cases/\(id)", as: "megan").status == 404)
        #expect(try await !office.get(panel, as: "megan").words.contains("Amina"))
    }

    @Test func `is refused a day that has passed, no members, and a case that cannot wait for it`() async throws {
        let (office, id) = try await assessing()
        let page = try await office.get("/panels/new", as: "priya")
        let bare = try await office.post("/panels", [("name", "x"), ("day", "1/4/2026")], from: page, as: "priya")
        #expect(bare.status == 422 && bare.words.contains("has passed") && bare.words.contains("at least one member"))
        let late = try await called(office, on: "1/9/2026")
        let refused = try await put(id, on: late, office)
        #expect(refused.status == 422 && refused.words.contains("decide without it"))
        let nobody = try await put("case-nowhere", on: late, office)
        #expect(nobody.status == 422 && nobody.words.contains("Choose a case of yours"))
    }

    @Test func `is kept by officers and seen by those who sit in it alone`() async throws {
        let (office, _) = try await assessing()
        let panel = try await called(office)
        for name in ["nadia", "helen", "lucy", "farah"] {
            #expect(try await office.get("/panels", as: name).status == 404, "\(name)")
            #expect(try await office.get(panel, as: name).status == 404, "\(name)")
        }
        #expect(try await office.get("/panels/new", as: "megan").status == 404)
        #expect(try await office.get("/panels/panel-other", as: "megan").status == 404)
        #expect(try await office.get("/panels", as: "megan").words.contains("Moderation panel"))
    }
}

@Suite struct `Following an assessment` {
    @Test func `the family, the SENCO and the adviser have a list, and the family a place to be worried from any page`()
        async throws
    {
        let office = try await Office(on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        for name in ["nadia", "helen"] {
            let page = try await office.get("/assessments", as: name)
            #expect(page.words.contains("Amina Rahman") && page.words.contains("27 April 2026"), "\(name)")
        }
        #expect(try await office.get("/assessments", as: "maureen").words.contains("no assessment that you can see"))
        #expect(try await office.get("/assessments", as: "priya").status == 404)
        #expect(try await office.get("/people", as: "nadia").text.contains("href=\"/worried\""))
        #expect(try await office.get("/worried", as: "nadia").header("Location") == "/cases/\(id)#worries")
        #expect(try await office.get("/worried", as: "maureen").words.contains("call 999"))
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("You can have a key worker"))
    }
}
