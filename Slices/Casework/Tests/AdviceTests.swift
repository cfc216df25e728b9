import Casework
@testable import CaseworkServer
import Kernel
import PeopleServer
import Storage
import TestKit
import Testing
import Web

/// An office in which the trust was asked for therapy advice about Amina by a link, on 20 April 2026.
private struct Trust: Sendable {
    let office: Office
    let id, advice, path: String
    static let address = "therapy@trust.invalid"

    init(_ engine: Engine = .sqlite) async throws {
        office = try await Office(engine, on: "2026-03-16")
        id = try await office.request(on: "16/3/2026")
        try await office.move(to: "2026-04-20")
        _ = try await office.decideToAssess(id, on: "20/4/2026")
        let asked = try await Self.ask(office, id, at: Self.address)
        try #require(asked.status == 303)
        let file = try await office.read { [id] in try Cases.file(id, in: $0) }
        advice = try #require(file.advice.first?.id)
        path = try await Self.link(office, to: Self.address)
    }

    static func ask(
        _ office: Office, _ id: String, _ kind: String = "therapy", at address: String, as name: String = "priya"
    ) async throws -> Answer {
        try await office.note(
            "advice",
            [
                ("kind", kind), ("body", "Midland Community Trust"), ("bound", "yes"), ("day", "20/4/2026"),
                ("address", address),
            ], in: id, as: name)
    }

    static func link(_ office: Office, to address: String) async throws -> String {
        let mail = try await office.mails().first { $0.recipient == address && $0.title.contains("asked") }
        return try #require(mail?.body.components(between: "https://send.example", and: "\n").first)
    }

    /// A browser in which the code was given that the officer told by telephone.
    func known() async throws -> [String: String] {
        let tasks = try await office.get("/people/amina/tasks", as: "priya")
        let task = try #require(tasks.text.components(between: "/people/amina/tasks/", and: "/codes\"").first)
        let made = try await office.post("/people/amina/tasks/\(task)/codes", [], from: tasks, as: "priya")
        let word = try #require(made.text.components(between: "<strong>", and: "</strong>").first)
        let given = try await office.send("\(path)/codes", [("code", word)], from: try await office.app.get(path), [:])
        let cookie = try #require(given.header("Set-Cookie")?.split(separator: ";").first)
        return Web.Request.cookies(in: cookie)
    }

    func answer(_ fields: [(String, String)], _ cookies: [String: String]) async throws -> Answer {
        try await office.send(
            "\(path)/answers", fields, from: try await office.app.get(path, cookies: cookies), cookies)
    }

    static let whole: [(String, String)] = [
        ("needs", "Few words, and she tires"), ("outcomes", "She asks for what she wants, by next spring"),
        ("provision", "A speech therapist, weekly, 45 minutes"), ("seen", "On 4 May at the centre"), ("views", ""),
    ]
}

@Suite struct `Advice that is asked for by a link` {
    @Test(arguments: Engine.allCases)
    func `goes out without the child’s name, and its time runs from the day on which it is opened (step 6, reg 8(1))`(
        engine: Engine
    ) async throws {
        let trust = try await Trust(engine)
        let mail = try #require(try await trust.office.mails().first { $0.recipient == Trust.address })
        for word in ["Amina", "Rahman", "therapy advice", "Marigold"] { #expect(!mail.body.contains(word), "\(word)") }
        try await trust.office.notice()
        try await trust.office.move(to: "2026-04-22")
        let closed = try await trust.office.app.get(trust.path)
        #expect(!closed.words.contains("Amina"), "the link alone tells nothing")
        let cookies = try await trust.known()
        let form = try await trust.office.app.get(trust.path, cookies: cookies)
        let wanted = [
            "Amina Rahman", "17 April 2023", "Therapy", "reg 6(1)(f)", "3 June 2026", "by law", "reg 8(1)",
            "Midland Community Trust",
        ]
        for word in wanted { #expect(form.words.contains(word), "\(word)") }
        #expect(!form.words.contains("Invented Row") && !form.words.contains("Marigold"))
        let page = try await trust.office.get("/cases/\(trust.id)", as: "nadia").words
        #expect(page.contains("whoever was asked, by a link") && page.contains("3 June 2026"))
    }

    @Test func `says at each field what is missing, keeps what was written, and is answered once`() async throws {
        let trust = try await Trust()
        let cookies = try await trust.known()
        let bare = try await trust.answer([("needs", "Few words")], cookies)
        #expect(bare.status == 422 && bare.words.contains("reg 6(1)") && bare.text.contains("Few words"))
        for field in ["outcomes", "provision"] { #expect(bare.text.contains("href=\"#\(field)\""), "\(field)") }
        try await trust.office.move(to: "2026-06-03")
        #expect(try await trust.answer(Trust.whole, cookies).status == 303)
        #expect(try await trust.office.app.get(trust.path, cookies: cookies).words.contains("this was answered"))
        let again = try await trust.answer([("needs", "Other"), ("outcomes", "x"), ("provision", "x")], cookies)
        #expect(again.status != 422)
        let came = try await trust.office.read { [id = trust.id] in
            try Cases.file(id, in: $0).standing.filter { $0.kind == .adviceCame }.count
        }
        #expect(came == 1)
        let page = try await trust.office.get("/cases/\(trust.id)", as: "nadia").words
        #expect(page.contains("Done 3 June 2026, 2 days late"), "late advice is shown for what it is")
    }

    @Test func `is read by whoever may read that kind of advice, and by nobody who could learn a place from it`()
        async throws
    {
        let trust = try await Trust()
        _ = try await trust.answer(Trust.whole, try await trust.known())
        let papers = "/cases/\(trust.id)/advice"
        for name in ["priya", "grace", "nadia"] {
            #expect(try await trust.office.get(papers, as: name).words.contains("weekly, 45 minutes"), "\(name)")
        }
        for name in ["helen", "imran"] {
            let page = try await trust.office.get(papers, as: name).words
            #expect(!page.contains("weekly") && page.contains("not shown to you here"), "\(name)")
        }
        for name in ["tom", "anwar", "maureen", "megan"] {
            #expect(try await trust.office.get(papers, as: name).status == 404, "\(name)")
        }
    }

    @Test func `is not sent where whoever reads that mail is kept away, and the refusal does not say why`() async throws
    {
        let trust = try await Trust()
        let kept = try await Trust.ask(trust.office, trust.id, "family", at: "imran@continuum.invalid")
        #expect(kept.status == 303, "who it is about is no secret from him")
        let health = try await Trust.ask(trust.office, trust.id, "medical", at: "tom@continuum.invalid")
        #expect(health.status == 422 && health.words.contains("Ask in person"))
        let medical = try await trust.office.read { [id = trust.id] in
            try Cases.file(id, in: $0).advice.filter { $0.kind == .medical }.count
        }
        #expect(medical == 0, "nothing of it is kept")
    }

    @Test func `opens nothing more once the officer notes that it came, or the case is over`() async throws {
        let trust = try await Trust()
        let cookies = try await trust.known()
        _ = try await trust.office.note("arrival", [("about", trust.advice), ("day", "20/4/2026")], in: trust.id)
        #expect(try await trust.office.app.get(trust.path, cookies: cookies).status == 404)
    }

    @Test func `is found by whoever has an account with that address, and given there`() async throws {
        let trust = try await Trust()
        let asked = try await Trust.ask(trust.office, trust.id, "psychological", at: "lucy@continuum.invalid")
        #expect(asked.status == 303)
        let list = try await trust.office.get("/advice-asked", as: "lucy")
        let task = try #require(list.text.components(between: "href=\"/advice-asked/", and: "\"").first)
        #expect(list.words.contains("Amina Rahman") && list.words.contains("Psychological advice"))
        #expect(try await trust.office.get("/advice-asked/\(task)", as: "anwar").status == 404, "another’s task")
        let form = try await trust.office.get("/advice-asked/\(task)", as: "lucy")
        let bare = try await trust.office.post("/advice-asked/\(task)", [("needs", "x")], from: form, as: "lucy")
        #expect(bare.status == 422)
        let sent = try await trust.office.post("/advice-asked/\(task)", Trust.whole, from: form, as: "lucy")
        #expect(sent.status == 303)
        #expect(try await trust.office.get("/advice-asked", as: "lucy").words.contains("Nothing is asked of you now"))
        #expect(try await trust.office.get("/advice-asked/\(task)", as: "lucy").status == 404)
        let page = try await trust.office.get("/cases/\(trust.id)/advice", as: "helen").words
        #expect(page.contains("weekly, 45 minutes"), "a SENCO reads what is about learning")
    }
}

@Suite struct `Advice that does not come` {
    private func mails(_ trust: Trust, to address: String) async throws -> [String] {
        try await trust.office.mails().filter { $0.recipient == address && !$0.title.contains("asked to") }.map(\.title)
    }

    @Test(arguments: Engine.allCases)
    func `is asked for again by the ladder, each step once, and every step is told (STA-2)`(engine: Engine) async throws
    {
        let trust = try await Trust(engine)
        let office = trust.office
        try await office.move(to: "2026-04-25")
        try await office.chase()
        #expect(try await mails(trust, to: "priya@continuum.invalid").contains("Has our request for advice arrived?"))
        try await office.note("receipt", [("about", trust.advice), ("day", "20/4/2026")], in: trust.id)
        let steps: [(Day, String)] = [
            ("2026-05-18", "Your advice is due in two weeks"), ("2026-05-25", "Your advice is due in a week"),
            ("2026-06-01", "Your advice is due today"), ("2026-06-02", "Your advice is late"),
            ("2026-06-15", "Your advice is two weeks late"),
        ]
        for (day, title) in steps {
            try await office.move(to: day)
            for _ in 1...3 { try await office.chase() }
            let titles = try await mails(trust, to: Trust.address)
            #expect(titles.first == title && titles.filter { $0 == title }.count == 1, "\(day)")
        }
        #expect(try await mails(trust, to: "grace@continuum.invalid").contains("Advice is two weeks late"))
        #expect(try await mails(trust, to: "priya@continuum.invalid").contains("Advice is late"))
        let page = try await office.get("/cases/\(trust.id)/advice", as: "nadia").words
        for word in ["Asked again", "18 May 2026, by mail", "15 June 2026"] { #expect(page.contains(word), "\(word)") }
        let all = try await office.mails().filter { $0.title.contains("advice") || $0.title.contains("Advice") }
        #expect(!all.contains { $0.body.contains("Amina") })
    }

    @Test func `is not asked for thrice in one morning when nobody looked for weeks`() async throws {
        let trust = try await Trust()
        try await trust.office.note("receipt", [("about", trust.advice), ("day", "20/4/2026")], in: trust.id)
        try await trust.office.move(to: "2026-06-20")
        try await trust.office.chase()
        #expect(try await mails(trust, to: Trust.address) == ["Your advice is two weeks late"])
        try await trust.office.move(to: "2026-07-20")
        try await trust.office.chase()
        #expect(try await mails(trust, to: Trust.address).count == 1)
    }

    @Test func `is not asked for again when it came, when the case is over, or when the child has died`() async throws {
        let trust = try await Trust()
        try await trust.office.note("receipt", [("about", trust.advice), ("day", "20/4/2026")], in: trust.id)
        try await trust.office.note(
            "withdrawal", [("day", "20/4/2026"), ("reasons", "By the mother")], in: trust.id)
        try await trust.office.move(to: "2026-06-20")
        try await trust.office.chase()
        #expect(try await mails(trust, to: Trust.address).isEmpty)
    }

    @Test func `is told to whoever works on the case now, when an officer has left`() async throws {
        let trust = try await Trust()
        try await trust.office.write { tx in
            tx.record(.housekeeping)
            try tx.run("UPDATE account SET ended = \(tx.now) WHERE id = 'priya'")
        }
        try await trust.office.note(
            "receipt", [("about", trust.advice), ("day", "20/4/2026")], in: trust.id, as: "grace")
        try await trust.office.move(to: "2026-06-02")
        try await trust.office.chase()
        #expect(try await mails(trust, to: "grace@continuum.invalid").contains("Advice is late"))
        #expect(try await !mails(trust, to: "priya@continuum.invalid").contains("Advice is late"))
    }

    @Test func `is chased by people where it was asked for on paper`() async throws {
        let trust = try await Trust()
        let care = try await trust.office.ask(
            "social-care", of: "The council", bound: false, in: trust.id, on: "20/4/2026")
        try await trust.office.note("receipt", [("about", care), ("day", "20/4/2026")], in: trust.id)
        try await trust.office.move(to: "2026-05-18")
        try await trust.office.chase()
        #expect(
            try await mails(trust, to: "priya@continuum.invalid").contains("Somebody is to be asked again for advice"))
    }
}

@Suite struct `The ladder of reminders` {
    private let head = "step,from,days,to,title,words\n"

    @Test func `that ships is read, and a broken one says which line`() throws {
        let shipped = try ChaserLadder(TestApp.share.bytes("casework/chasers.csv"))
        #expect(shipped.steps.count == 11)
        for row in [
            ",due,1,adviser,t,w", "a,never,1,adviser,t,w", "a,due,often,adviser,t,w", "a,due,1,mayor,t,w",
            "a,due,1,adviser,t,w\na,due,2,adviser,t,w", "a,due,400,adviser,t,w",
        ] {
            #expect(throws: Malformed.self, "\(row)") { try ChaserLadder(Array((head + row + "\n").utf8)) }
        }
    }

    @Test func `takes each step once whatever days are looked at, and passes over what is stale`() throws {
        let ladder = try ChaserLadder(TestApp.share.bytes("casework/chasers.csv"))
        for gap in 1...40 {
            var (done, taken, day): (Set<String>, [String], Day) = ([], [], "2026-04-20")
            while day < "2026-08-01" {
                let open = ChaserLadder.Open(asked: "2026-04-20", isReached: true, due: "2026-06-01", done: done)
                let (take, pass) = ladder.due(open, on: day)
                #expect(Set(take.map(\.to)).count == take.count, "one message a recipient")
                taken += take.map(\.id)
                done.formUnion((take + pass).map(\.id))
                day = day + .days(gap)
            }
            #expect(Set(taken).count == taken.count, "\(gap)")
            #expect(done.count == ladder.steps.filter { !$0.isFromAsking }.count && taken.contains("manager"), "\(gap)")
        }
    }
}

@Suite struct `The day on which the trust cannot be reached` {
    @Test(arguments: Engine.allCases)
    func
        `loses nothing and doubles nothing: link and reminder go out once, and the day is counted the same`(
            engine: Engine
        ) async throws
    {
        let trust = try await Trust(engine)
        let database = trust.office.app.database
        func deliver(_ works: Bool) async throws -> [String] {
            var sent: [String] = []
            for message in try await Outbox.take(50, of: .mail, by: "mailer", seconds: 120, in: database)
            where message.recipient == Trust.address {
                if works {
                    try await Outbox.markSent(message, in: database)
                    sent.append(message.title)
                } else {
                    try await Outbox.markFailed(message, "the trust is down", isFinal: false, in: database)
                }
            }
            return sent
        }
        #expect(try await deliver(false).isEmpty)
        try await trust.office.move(to: "2026-04-21")
        #expect(try await deliver(true) == ["You are asked to give advice"])
        #expect(try await deliver(true).isEmpty, "once")
        let cookies = try await trust.known()
        #expect(try await trust.office.app.get(trust.path, cookies: cookies).words.contains("2 June 2026"))
        try await trust.office.move(to: "2026-05-19")
        try await trust.office.chase()
        #expect(try await deliver(false).isEmpty)
        try await trust.office.chase()
        try await trust.office.move(to: "2026-05-20")
        try await trust.office.chase()
        #expect(try await deliver(true) == ["Your advice is due in two weeks"])
        #expect(try await trust.answer(Trust.whole, cookies).status == 303)
        let page = try await trust.office.get("/cases/\(trust.id)", as: "nadia").words
        #expect(page.contains("Done 20 May 2026"))
    }
}

@Suite struct `The bundle of documents` {
    @Test func `has advice that came by a link, for whoever may read it`() async throws {
        let trust = try await Trust()
        _ = try await trust.answer(Trust.whole, try await trust.known())
        let page = try await trust.office.get("/cases/\(trust.id)/bundle", as: "nadia").words
        #expect(page.contains("Advice came: Therapy"))
        let file = try await trust.office.get("/cases/\(trust.id)/bundle/pdf", as: "nadia")
        #expect(file.status == 200)
        #expect(
            try await !trust.office.get("/cases/\(trust.id)/bundle", as: "helen").words.contains("Advice came: Therapy")
        )
    }
}
