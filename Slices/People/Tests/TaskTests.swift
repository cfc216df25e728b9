import Access
@testable import AccessServer
import Foundation
import Kernel
import Links
@testable import LinksServer
@testable import PeopleServer
import Storage
import TestKit
import Testing
import Web

/// A city in which the officer asked Amina’s mother whether the details are still right.
private struct Asked: Sendable {
    let city: City
    let address: String

    init(
        _ engine: Engine = .sqlite, to recipient: String = "aunt@example.org", today: Day = "2026-11-24"
    ) async throws {
        city = try await City(engine, today: today)
        let asked = try await Asked.ask(city, recipient)
        try #require(asked.status == 303)
        address = try await Asked.link(city)
    }

    static let fields = ["kind": "details-still-right", "name": "Nadia", "days": "14"]

    static func ask(_ city: City, _ recipient: String, as officer: String = "priya") async throws -> Answer {
        let page = try await city.get("/people/amina/tasks", as: "priya")
        let fields = fields.merging(["address": recipient]) { $1 }
        return try await city.post("/people/amina/tasks", fields, from: page, as: officer)
    }

    /// The path of the link in the newest mail.
    static func link(_ city: City) async throws -> String {
        let mail = try await city.app.database.read { try Outbox.messages(limit: 1, in: $0) }
        let body = try #require(mail.first?.body)
        return try #require(body.components(between: "https://send.example", and: "\n").first)
    }

    var task: LinkTask {
        get async throws {
            let tasks = try await city.app.database.read { try TaskStore.tasks(about: "amina", in: $0) }
            return try #require(tasks.first)
        }
    }

    func newCode() async throws -> String {
        let page = try await city.get("/people/amina/tasks", as: "priya")
        let path = "/people/amina/tasks/\(try await task.id)/codes"
        let made = try await city.post(path, [:], from: page, as: "priya")
        return try #require(made.text.components(between: "<strong>", and: "</strong>").first)
    }

    func open(_ cookies: [String: String] = [:]) async throws -> Answer {
        try await city.app.get(address, cookies: cookies)
    }

    func give(_ code: String, on page: Answer) async throws -> Answer {
        try await city.app.post(address + "/codes", ["code": code], from: page)
    }

    /// A browser in which the right code was given.
    func known() async throws -> [String: String] {
        let answer = try await give(try await newCode(), on: try await open())
        let cookie = try #require(answer.header("Set-Cookie")?.split(separator: ";").first)
        return Web.Request.cookies(in: cookie)
    }

    func answer(_ fields: [String: String], _ cookies: [String: String]) async throws -> Answer {
        try await city.app.post(address + "/answers", fields, from: try await open(cookies), cookies: cookies)
    }

    func journal() async throws -> [JournalEntry] {
        try await city.app.database.read { try Journal.entries(after: 0, limit: 2000, in: $0) }
    }
}

private let details = ["Amina", "Rahman", "Invented Row", "B11 9ZZ", "Marigold"]

@Suite struct `A task for somebody without an account` {
    @Test(arguments: Engine.allCases)
    func `goes by a mail and a code, shows its form alone, and keeps the answer beside the record (INF-5)`(
        engine: Engine
    ) async throws {
        let asked = try await Asked(engine)
        _ = try await asked.newCode()
        let door = try await asked.open()
        #expect(door.status == 200 && door.words.contains("Write the code"))
        for word in details { #expect(!door.text.contains(word)) }
        let browser = try await asked.known()
        let form = try await asked.open(browser)
        for word in details { #expect(form.text.contains(word)) }
        #expect(!form.text.contains("0121"), "the form shows name, address and setting alone")
        let wrong = try await asked.answer(["right": "no", "words": ""], browser)
        #expect(wrong.status == 422 && wrong.words.contains("Write what is wrong"))
        let told = ["right": "no", "words": "We are at number 9 now"]
        #expect(try await asked.answer(told, browser).status == 303)
        let record = try await asked.city.get("/people/amina/whereabouts", as: "priya")
        #expect(record.words.contains("We are at number 9 now") && record.text.contains("7 Invented Row"))
        #expect(try await asked.city.get("/people/amina/tasks", as: "priya").words.contains("Answered on 24 November"))
        #expect(!(try await asked.city.get("/people/amina", as: "nadia")).words.contains("number 9 now"))
    }

    @Test func `says kindly that it was answered, and takes no second answer`() async throws {
        let asked = try await Asked()
        let browser = try await asked.known()
        let page = try await asked.open(browser)
        for words in ["first", "second"] {
            let fields = ["right": "no", "words": words]
            let sent = try await asked.city.app.post(asked.address + "/answers", fields, from: page, cookies: browser)
            #expect(sent.status == 303)
        }
        for cookies in [browser, [:]] {
            let after = try await asked.open(cookies)
            #expect(after.status == 200 && after.words.contains("this was answered"))
            for word in details { #expect(!after.text.contains(word)) }
        }
        let record = try await asked.city.get("/people/amina/whereabouts", as: "priya")
        #expect(record.words.contains("first") && !record.words.contains("second"))
    }

    @Test func `is asked by a mail that names no child and tells nothing of the record`() async throws {
        let asked = try await Asked()
        let code = try await asked.newCode()
        let mails = try await asked.city.app.database.read { try Outbox.messages(limit: 9, in: $0) }
        #expect(mails.count == 1 && mails.first?.recipient == "aunt@example.org")
        for word in details + ["amina", code] {
            #expect(mails.allSatisfy { !$0.title.contains(word) && !$0.body.contains(word) }, "\(word)")
        }
    }

    @Test func `asks for the code again in a browser that it was passed on to, and each code serves once`()
        async throws
    {
        let asked = try await Asked()
        let code = try await asked.newCode()
        let page = try await asked.open()
        let taken = try await asked.give(code, on: page)
        #expect(taken.status == 303 && taken.header("Set-Cookie")?.hasPrefix("__Host-task-") == true)
        #expect(try await asked.give(code, on: page).status == 303, "the very form sent twice is sent once")
        let elsewhere = try await asked.open()
        #expect(elsewhere.words.contains("You need a new code"))
        let again = try await asked.newCode()
        let door = try await asked.open()
        #expect(door.words.contains("Write the code"))
        #expect(try await asked.give(code, on: door).status == 422)
        #expect(try await asked.give(again, on: door).status == 303)
    }

    @Test(arguments: Engine.allCases)
    func `closes after five wrong codes until a new one is made`(engine: Engine) async throws {
        let asked = try await Asked(engine)
        let right = try await asked.newCode()
        let page = try await asked.open()
        for _ in 0..<TaskLink.mostWrong { _ = try await asked.give("AAAA-AAAA-AAAA", on: page) }
        #expect(try await asked.give(right, on: page).words.contains("You need a new code"))
        #expect(try await asked.city.get("/people/amina/tasks", as: "priya").words.contains("too many wrong codes"))
        let new = try await asked.newCode()
        #expect(try await asked.give(new, on: try await asked.open()).status == 303)
    }

    @Test func `answers alike when it ended, was taken back, was closed by a decision, or never was`() async throws {
        let never = try await Asked().city.app.get("/tasks/nothing")
        #expect(never.status == 404 && never.words.contains("This link opens nothing"))
        let back = try await Asked()
        let page = try await back.city.get("/people/amina/tasks", as: "priya")
        let path = "/people/amina/tasks/\(try await back.task.id)/withdrawal"
        #expect(try await back.city.post(path, [:], from: page, as: "priya").status == 303)
        let ended = try await Asked()
        try await ended.city.write { tx in
            tx.record(.housekeeping)
            try tx.run("UPDATE task_link SET last_day = '2026-11-23'")
        }
        let closed = try await Asked()
        let browser = try await closed.known()
        try await closed.city.write { try AccessStore.label("amina", .protected, in: $0) }
        for (asked, cookies) in [(back, [:]), (ended, [:]), (closed, browser)] {
            let answer = try await asked.open(cookies)
            #expect(answer.status == never.status && answer.text == never.text)
            #expect(answer.headers.map { $0.name + $0.value } == never.headers.map { $0.name + $0.value })
            #expect(answer.cacheControl == "no-store" && answer.header("Referrer-Policy") == "no-referrer")
            #expect(try await asked.journal().last?.kind == "task.refused")
        }
    }

    @Test func `changes nothing by being read, as scanners of mail do`() async throws {
        let asked = try await Asked()
        _ = try await asked.newCode()
        let rows = {
            try await asked.city.app.database.read { tx in
                try tx.rows("SELECT id, link, code, wrong, browser, state FROM task_link").map { "\($0)" }
            }
        }
        let before = try await rows()
        for _ in 0..<20 { _ = try await asked.open() }
        #expect(try await rows() == before)
        #expect(before.allSatisfy { !$0.contains(asked.address.dropFirst(7)) }, "the link is kept as its hash")
    }

    @Test func `is journalled at each use as the task itself, and shown to the family`() async throws {
        let asked = try await Asked()
        let id = try await asked.task.id
        _ = try await asked.newCode()
        _ = try await asked.give("AAAA-AAAA-AAAA", on: try await asked.open())
        let browser = try await asked.known()
        #expect(try await asked.answer(["right": "yes"], browser).status == 303)
        let own = try await asked.journal().filter { $0.actor == id }
        let kinds = Set(own.map(\.kind))
        #expect(
            kinds.isSuperset(of: [
                "task.opened", "task.code-wrong", "task.code-right", "task.answered", "person.seen",
                "person.details-answered",
            ]))
        #expect(own.allSatisfy { $0.purpose == "task" })
        let looks = try await asked.city.get("/people/amina/looks", as: "nadia")
        #expect(looks.words.contains("somebody with a link for one task"))
    }

    @Test func `is asked by the officer of the case alone, and of nobody who may not know`() async throws {
        let city = try await City()
        for (who, status) in [("nadia", 404), ("helen", 404), ("imran", 404), ("priya", 200), ("grace", 200)] {
            #expect(try await city.get("/people/amina/tasks", as: who).status == status, "\(who)")
        }
        #expect(try await Asked.ask(city, "imran@continuum.invalid").status == 422)
        #expect(try await Asked.ask(city, "IMRAN@continuum.invalid ").status == 422)
        #expect(try await Asked.ask(city, "tom@continuum.invalid").status == 422)
        #expect(try await Asked.ask(city, "two@example.org, three@example.org").status == 422)
        #expect(try await Asked.ask(city, "aunt@example.org", as: "nadia").status == 404)
        #expect(try await city.app.database.read { try Outbox.messages(limit: 9, in: $0) }.isEmpty)
        #expect(try await city.get("/people/amina/tasks", as: "priya").words.contains("Somebody is kept"))
        #expect(try await Asked.ask(city, "nadia@continuum.invalid").status == 303)
    }

    @Test func `is closed to a parent as soon as a restriction binds their account`() async throws {
        let asked = try await Asked(to: "nadia@continuum.invalid")
        let browser = try await asked.known()
        #expect(try await asked.open(browser).words.contains("Amina"))
        try await asked.city.write { tx in
            try AccessStore.restrict(
                "nadia", from: "amina", .location, ground: .order, decider: "a court", evidence: "made for a test",
                decided: tx.now, review: "2027-01-01", in: tx)
        }
        #expect(try await asked.open(browser).status == 404)
        #expect(try await asked.answer(["right": "yes"], browser).status != 200)
        #expect(try await asked.task.state == .open)
    }

    @Test func `is of one person: another’s address leads to no task of theirs`() async throws {
        let asked = try await Asked()
        let id = try await asked.task.id
        let page = try await asked.city.get("/people/kieran-doyle/tasks", as: "priya")
        for end in ["codes", "withdrawal"] {
            let path = "/people/kieran-doyle/tasks/\(id)/\(end)"
            let token = page.text.components(between: "value=\"", and: "\"").first ?? ""
            _ = await asked.city.app.send(path, [("form-token", token)], cookies: asked.city.cookies("priya"))
        }
        #expect(try await asked.task.state == .open)
        #expect(try await asked.task.code == nil)
    }
}
