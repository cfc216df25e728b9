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
        let worried = try await office.get("/worried", as: "nadia")
        #expect(worried.text.contains("/cases/\(id)#worries") && worried.text.contains("/people/yusuf/worries"))
        #expect(
            try await office.get("/worried", as: "maureen").header("Location") == "/people/kieran-doyle/worries")
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("You can have a key worker"))
    }
}

@Suite struct `A request from the record` {
    private func ask(
        _ office: Office, as name: String, _ path: String, _ fields: [(String, String)]
    ) async throws -> Answer {
        let page = try await office.get("/people/amina/\(path)", as: name)
        return try await office.post("/people/amina/\(path)", fields, from: page, as: name)
    }

    @Test(arguments: Engine.allCases)
    func `of a parent asks nothing that is known, and the time runs from that day (OFF-10, INF-3)`(
        engine: Engine
    ) async throws {
        let office = try await Office(engine, on: "2026-03-16")
        let form = try await office.get("/people/amina/request", as: "nadia")
        #expect(form.words.contains("Amina Rahman, born 17 April 2023") && !form.text.contains("name=\"born\""))
        let bare = try await ask(office, as: "nadia", "request", [])
        #expect(bare.status == 422 && bare.words.contains("Write what makes you ask"))
        let sent = try await ask(office, as: "nadia", "request", [("words", "She says no words")])
        let id = try #require(sent.header("Location")?.split(separator: "/").last.map(String.init))
        let page = try await office.get("/cases/\(id)", as: "priya").words
        for word in ["27 April 2026", "by a parent", "She says no words"] { #expect(page.contains(word), "\(word)") }
        #expect(try await office.get("/people/amina/request", as: "nadia").words.contains("A case is open"))
    }

    @Test func `of a SENCO is the school’s; a nursery’s and a psychologist’s bring the child to attention`()
        async throws
    {
        let office = try await Office(on: "2026-03-16")
        let none = try await ask(office, as: "helen", "request-as-setting", [("words", "Two terms of small groups")])
        #expect(none.status == 422 && none.words.contains("Choose from where you write"))
        let sent = try await ask(
            office, as: "helen", "request-as-setting", [("source", "approach"), ("words", "Two terms of small groups")])
        let id = try #require(sent.header("Location")?.split(separator: "/").last.map(String.init))
        #expect(try await office.get("/cases/\(id)", as: "priya").words.contains("somebody who told the council"))
        let school = try await ask(
            office, as: "helen", "request-as-setting", [("source", "school"), ("words", "And now as a school")])
        #expect(school.header("Location") == "/cases/\(id)", "it is joined")
        #expect(try await office.get("/cases/\(id)", as: "helen").words.contains("by the school"))
        let forged = try await ask(office, as: "lucy", "request-as-setting", [("source", "school"), ("words", "x")])
        #expect(forged.status == 404 || forged.status == 422, "a psychologist is no school")
    }

    @Test func `is not there for whoever is kept away, or has nothing to do with the child`() async throws {
        let office = try await Office(on: "2026-03-16")
        for name in ["imran", "maureen", "megan"] {
            #expect(try await office.get("/people/amina/request", as: name).status == 404, "\(name)")
        }
        for name in ["nadia", "tom", "imran"] {
            #expect(try await office.get("/people/amina/request-as-setting", as: name).status == 404, "\(name)")
        }
    }
}
