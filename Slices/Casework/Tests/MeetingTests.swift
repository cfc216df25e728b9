import Access
@testable import AccessServer
@testable import CaseworkServer
import Kernel
import Storage
import TestKit
import Testing
import Web

private let words = "Why the class is too loud for her"

@Suite struct `A meeting with the officer and the head` {
    private func begun(_ engine: Engine = .sqlite) async throws -> (Office, String) {
        let office = try await Office(engine, on: "2026-03-16")
        return (office, try await office.request(on: "16/3/2026"))
    }

    private func ask(
        _ office: Office, _ id: String, _ fields: [(String, String)], as name: String = "nadia"
    ) async throws -> Answer {
        let page = try await office.get("/cases/\(id)", as: name)
        return try await office.post("/cases/\(id)/meetings", fields, from: page, as: name)
    }

    private let wish: [(String, String)] = [
        ("meeting", words), ("times", "Mornings"), ("people", "Helen Carter and my sister"),
    ]

    @Test(arguments: Engine.allCases)
    func `is asked for at any point, stands in the officer’s day, and is answered with day and place`(
        engine: Engine
    ) async throws {
        let (office, id) = try await begun(engine)
        #expect(try await ask(office, id, wish).status == 303)
        let told = try await office.mails().filter { $0.title.contains("meeting") }
        #expect(Set(told.map(\.recipient)) == ["priya@continuum.invalid", "grace@continuum.invalid"])
        #expect(!told.contains { $0.body.contains("Amina") || $0.body.contains("loud") })
        #expect(try await office.get("/cases", as: "priya").words.contains("Asks for a meeting since 16 March 2026"))
        let page = try await office.get("/cases/\(id)", as: "priya")
        for word in [words, "Mornings", "my sister"] { #expect(page.words.contains(word), "\(word)") }
        let key = page.text.components(between: "action=\"/cases/\(id)/meetings/", and: "/answers").first ?? "none"
        let path = "/cases/\(id)/meetings/\(key)/answers"
        let empty = try await office.post(path, [], from: page, as: "priya")
        #expect(empty.status == 422 && empty.words.contains("Write the day"))
        let past = try await office.post(
            path, [("on-\(key)", "15/3/2026"), ("reply-\(key)", "x")], from: page, as: "priya")
        #expect(past.status == 422 && past.words.contains("has passed"))
        let fields = [("on-\(key)", "24/3/2026"), ("reply-\(key)", "Half past nine, in the head’s room")]
        #expect(try await office.post(path, fields, from: page, as: "priya").status == 303)
        let seen = try await office.get("/cases/\(id)", as: "nadia").words
        #expect(seen.contains("the meeting is on 24 March 2026") && seen.contains("the head’s room"))
        #expect(try await !office.get("/cases", as: "priya").words.contains("Asks for a meeting"))
        let mails = try await office.mails().filter { $0.title.contains("answer about a meeting") }
        #expect(mails.map(\.recipient) == ["nadia@continuum.invalid"], "nobody whom a court keeps away")
        let again = try await office.post(
            path, [("on-\(key)", "25/3/2026"), ("reply-\(key)", "Another day")], from: page, as: "priya")
        #expect(again.status == 303)
        #expect(try await !office.get("/cases/\(id)", as: "nadia").words.contains("Another day"))
    }

    @Test func `is declined with a reason, and can be asked for again`() async throws {
        let (office, id) = try await begun()
        _ = try await ask(office, id, wish)
        let page = try await office.get("/cases/\(id)", as: "priya")
        let key = page.text.components(between: "action=\"/cases/\(id)/meetings/", and: "/answers").first ?? "none"
        let path = "/cases/\(id)/meetings/\(key)/answers"
        let bare = try await office.post(path, [("declines-\(key)", "yes")], from: page, as: "priya")
        #expect(bare.status == 422 && bare.words.contains("Write why not"))
        let no = [("declines-\(key)", "yes"), ("reply-\(key)", "We meet at the review on Friday")]
        #expect(try await office.post(path, no, from: page, as: "priya").status == 303)
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("there is no meeting"))
        #expect(try await ask(office, id, wish).status == 303)
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("Waits for an answer"))
    }

    @Test func `is the family’s to ask for, and shown to nobody who may not read its words`() async throws {
        let (office, id) = try await begun()
        #expect(try await ask(office, id, [("meeting", " ")]).status == 422)
        let long = String(repeating: "a", count: 501)
        #expect(try await ask(office, id, [("meeting", "x"), ("times", long), ("people", "")]).status == 422)
        _ = try await ask(office, id, wish)
        let form = try await office.get("/cases/\(id)", as: "nadia")
        for name in ["imran", "tom", "steve"] {
            let page = try await office.get("/cases/\(id)", as: name)
            #expect(!page.text.contains("too loud") && !page.text.contains("id=\"meetings\""), "\(name)")
            let answer = try await office.post("/cases/\(id)/meetings", wish, from: form, as: name)
            #expect(answer.status == 404 || answer.status == 403, "\(name)")
        }
    }
}
