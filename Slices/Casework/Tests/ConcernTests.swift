@testable import CaseworkServer
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `A worry without an assessment` {
    private let path = "/people/kieran-doyle/worries"

    private func write(_ office: Office, _ words: String, as name: String = "maureen") async throws -> Answer {
        try await office.post(path, [("worry", words)], from: try await office.get(path, as: name), as: name)
    }

    private func promise(
        _ office: Office, _ id: String, _ fields: [(String, String)], as name: String = "priya"
    ) async throws -> Answer {
        let fields = fields.map { ("\($0.0)-\(id)", $0.1) }
        return try await office.post(
            "\(path)/\(id)/steps", fields, from: try await office.get(path, as: name), as: name)
    }

    @Test(arguments: Engine.allCases)
    func `is told to the officer, gets actions with an owner and a day, and is settled by the family (OFF-8)`(
        engine: Engine
    ) async throws {
        let office = try await Office(engine)
        let bare = try await write(office, "")
        #expect(bare.status == 422 && bare.words.contains("Write what you are worried about"))
        #expect(try await write(office, "He has not been in school for three weeks").status == 303)
        let mail = try #require(try await office.mails().first { $0.recipient == "priya@continuum.invalid" })
        #expect(!mail.body.contains("Kieran") && !mail.body.contains("school"))
        #expect(try await office.get("/cases", as: "priya").words.contains("Kieran Doyle"))
        let page = try await office.get(path, as: "priya")
        let id = try #require(page.text.components(between: "\(path)/", and: "/steps").first)
        let wrong = try await promise(office, id, [("what", ""), ("owner", "Priya"), ("due", "1/1/2026")])
        #expect(wrong.status == 422 && wrong.words.contains("Write what is done") && wrong.words.contains("has passed"))
        let whole = [("what", "A meeting with the head"), ("owner", "Priya Nair"), ("due", "20/1/2026")]
        #expect(try await promise(office, id, whole).status == 303)
        let told = try await office.get(path, as: "maureen").words
        for word in ["A meeting with the head", "Priya Nair", "20 January 2026", "To be done"] {
            #expect(told.contains(word), "\(word)")
        }
        #expect(try await office.mails().contains { $0.recipient == "maureen@continuum.invalid" })
        #expect(try await !office.get("/cases", as: "priya").words.contains("worried since"))
        try await office.move(to: "2026-01-22")
        #expect(try await office.get(path, as: "maureen").words.contains("2 days late"))
        #expect(try await office.get("/cases", as: "priya").words.contains("worried since"), "a broken promise is back")
        let again = try await office.get(path, as: "priya")
        let step = try #require(again.text.components(between: "\(id)/steps/", and: "\"").first)
        _ = try await office.post("\(path)/\(id)/steps/\(step)", [], from: again, as: "priya")
        #expect(try await office.get(path, as: "maureen").words.contains("Done 22 January 2026"))
        let own = try await office.get(path, as: "maureen")
        #expect(try await office.post("\(path)/\(id)/endings", [], from: own, as: "maureen").status == 303)
        #expect(try await office.get(path, as: "maureen").words.contains("Settled 22 January 2026"))
        #expect(try await !office.get("/cases", as: "priya").words.contains("worried since"))
    }

    @Test func `is read by nobody who may not read what the family writes`() async throws {
        let office = try await Office()
        _ = try await write(office, "He has not been in school for three weeks")
        for name in ["nadia", "imran", "tom", "helen", "megan"] where name != "megan" {
            #expect(try await office.get(path, as: name).status == 404, "\(name)")
        }
        let answer = try await office.post(
            "/people/kieran-doyle/worries/concern-x/steps", [("what-concern-x", "x")],
            from: try await office.get(path, as: "maureen"), as: "maureen")
        #expect(answer.status == 404 || answer.status == 403, "a family does not answer itself")
    }
}
