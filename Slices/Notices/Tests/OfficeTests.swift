import Access
@testable import AccessServer
import Kernel
import Notices
@testable import NoticesServer
import Storage
import TestKit
import Testing
import Web

/// The form filled in as the golden thread’s child development centre would.
private func fields(_ town: Town, _ changes: [String: String] = [:]) -> [String: String] {
    [
        "body": town.body.id, "given_by": "Dr Anwar Siddiqui", "reference": "CDC-1", "child-given": "Amina",
        "child-family": "Rahman", "child-born": "17/4/2023", "child-postcode": "B11 9ZZ", "needs": "SLCN",
        "opinion": "Probable autism", "child-address": "7 Invented Row", "parent-name": "Nadia Rahman",
        "parent_told_on": "9/1/2026", "offered_to_discuss": "yes", "voluntary_body": "Autism West Midlands",
    ].merging(changes) { $1 }
}

private let missing = ["parent_told_on": "", "offered_to_discuss": "no", "voluntary_body": ""]

extension Town {
    /// Sends the form; gives the answer.
    fileprivate func give(_ changes: [String: String] = [:], as name: String = "anwar") async throws -> Answer {
        try await post("/notices", fields(self, changes), from: try await get("/notices/new", as: name), as: name)
    }

    /// Does something to a notice by the form that stands on its page.
    fileprivate func act(
        _ part: String, _ fields: [String: String], on id: String, as name: String
    ) async throws -> Answer {
        let page = try await get("/notices/\(id)", as: name)
        return try await post("/notices/\(id)/\(part)", fields, from: page, as: name)
    }
}

@Suite struct `A notice by the form` {
    @Test(arguments: Engine.allCases)
    func `is given once, shown to its sender, and put right under the same reference`(engine: Engine) async throws {
        let town = try await Town(engine)
        #expect(try await town.get("/notices/sent", as: "anwar").words.contains("not given any notice"))
        let sent = try await town.give(missing)
        let address = try #require(sent.header("Location"))
        #expect(sent.status == 303)
        #expect(try await town.give(missing).header("Location") == address, "twice is once")
        let page = try await town.get(address, as: "anwar")
        for word in ["accepted, and incomplete", "section 23(2)", "Amina Rahman", "Received", "section 24(1)"] {
            #expect(page.words.contains(word), "\(word)")
        }
        let id = try #require(try await town.noticeIDs().first)
        let form = try await town.get("/notices/new?again=\(id)", as: "anwar")
        #expect(form.text.contains("value=\"Amina\"") && form.text.contains("value=\"CDC-1\""))
        let put = try await town.post("/notices", fields(town), from: form, as: "anwar")
        #expect(put.header("Location") == address)
        #expect(try await town.get(address, as: "anwar").words.contains("Complete") == false)
        #expect(try await town.get("/notices/sent", as: "anwar").words.contains("Complete"))
        #expect(try await town.noticeIDs().count == 1)
        #expect(try await town.mails().count == 2, "acknowledged once, chased once")
        let history = try await town.get("/notices/\(id)", as: "priya").words
        #expect(history.contains("Put right, version 2") && history.contains("a health professional"))
    }

    @Test func `without a reference of the body’s is put right under ours`() async throws {
        let town = try await Town()
        let address = try #require(
            try await town.give(missing.merging(["reference": ""]) { $1 }).header("Location"))
        let id = try #require(address.split(separator: "/").last.map(String.init))
        #expect(try await town.give(["reference": id]).header("Location") == address)
        #expect(try await town.noticeIDs() == [id])
    }

    @Test func `says at each field what is wrong, and keeps what was written`() async throws {
        let town = try await Town()
        let answer = try await town.give([
            "body": "", "child-given": "", "child-born": "31/2/2023", "parent_told_on": "1/2/2026", "needs": "",
            "opinion": "", "no_voluntary_body_likely_to_help": "yes", "reference": "Rahman",
        ])
        #expect(answer.status == 422)
        for field in ["body", "child-given", "child-born", "parent_told_on", "needs", "voluntary_body", "reference"] {
            #expect(answer.text.contains("href=\"#\(field)\""), "\(field)")
            #expect(answer.text.contains("id=\"\(field)\""), "\(field)")
        }
        #expect(answer.text.contains("value=\"31/2/2023\"") && answer.text.contains("Dr Anwar Siddiqui"))
        let old = try await town.give(["child-born": "1/1/2020"])
        #expect(old.status == 422 && old.words.contains("has been of compulsory school age"))
        #expect(try await town.noticeIDs().isEmpty)
    }

    @Test func `is of its sender and the office: for others there is no such thing`() async throws {
        let town = try await Town()
        let address = try #require(try await town.give().header("Location"))
        let id = try #require(address.split(separator: "/").last.map(String.init))
        for name in ["nadia", "imran", "helen", "steve", "ruth", "joan", "sam"] {
            for path in ["/notices", "/notices/\(id)", "/notices/new", "/notices/sent", address] {
                let answer = try await town.get(path, as: name)
                #expect(answer.status == 404, "\(path) as \(name)")
                #expect(!answer.text.contains("Amina"))
            }
        }
        #expect(try await town.get("/notices/\(id)", as: "anwar").status == 404)
        #expect(try await town.get("/notices/new", as: "priya").status == 404)
        #expect(try await town.app.get("/notices").status == 303, "a stranger is shown where to sign in")
        let other = try await town.write { tx in
            try AccessStore.keepAccount("other", login: "other", name: "Other", about: "test", in: tx)
            try AccessStore.grant(.healthProfessional, to: "other", in: tx)
            return try SessionStore.begin(.whole, for: "other", device: "a test", replacing: nil, in: tx)
        }
        let cookies = [Reply.sessionCookie: other]
        #expect(try await town.app.get(address, cookies: cookies).status == 404)
        let again = try await town.app.get("/notices/new?again=\(id)", cookies: cookies)
        #expect(again.status == 200 && !again.text.contains("Amina"))
    }
}

@Suite struct `The office’s list of notices` {
    @Test(arguments: Engine.allCases)
    func `leads from the notice to the first support, each step with its day and who`(engine: Engine) async throws {
        let town = try await Town(engine)
        #expect(try await town.get("/notices", as: "priya").words.contains("Every notice that came in"))
        #expect(try await town.get("/notices?show=all", as: "priya").words.contains("No notice has come in yet"))
        _ = await town.send(wholeJSON)
        let id = try #require(try await town.noticeIDs().first)
        let list = try await town.get("/notices", as: "priya")
        for word in ["Amina Rahman", "Midland Community Trust", "0 days", "Received", "Nothing"] {
            #expect(list.words.contains(word), "\(word)")
        }
        #expect(try await town.act("steps", ["day": "12/1/2026", "words": "x"], on: id, as: "priya").status == 303)
        let page = try await town.get("/notices/\(id)", as: "priya")
        #expect(page.words.contains("Picked up on") || page.words.contains("Picked up"))
        let early = try await town.act("steps", ["day": "11/1/2026", "words": ""], on: id, as: "priya")
        #expect(early.status == 422 && early.words.contains("cannot be earlier"))
        #expect(early.words.contains("Write how they were contacted"))
        let future = try await town.act("steps", ["day": "13/1/2026", "words": "by telephone"], on: id, as: "priya")
        #expect(future.status == 422 && future.words.contains("has not come yet"))
        let called = ["day": "12/1/2026", "words": "By telephone"]
        #expect(try await town.act("steps", called, on: id, as: "priya").status == 303)
        let helped = ["day": "12/1/2026", "words": "Portage, weekly"]
        #expect(try await town.act("steps", helped, on: id, as: "priya").status == 303)
        let done = try await town.get("/notices/\(id)", as: "grace")
        for word in ["Portage, weekly", "By telephone", "a case officer", "Days to first support"] {
            #expect(done.words.contains(word), "\(word)")
        }
        #expect(try await town.get("/notices", as: "priya").words.contains("Every notice that came in"))
        #expect(try await town.get("/notices?show=first-support", as: "priya").words.contains("Amina"))
        let kinds = try await town.journal().map(\.kind)
        for kind in ["notice.picked-up", "notice.family-contacted", "notice.first-support", "notice.seen"] {
            #expect(kinds.contains(kind), "\(kind)")
        }
    }

    @Test func `takes no step from a page that is out of date, and none twice`() async throws {
        let town = try await Town()
        _ = await town.send(wholeJSON)
        let id = try #require(try await town.noticeIDs().first)
        let old = try await town.get("/notices/\(id)", as: "priya")
        #expect(try await town.act("steps", [:], on: id, as: "grace").status == 303)
        let late = try await town.post("/notices/\(id)/steps", ["step": "picked-up"], from: old, as: "priya")
        #expect(late.status == 422 && late.words.contains("noted already"))
        let skip = try await town.post(
            "/notices/\(id)/steps",
            ["step": "family-contacted", "day": "12/1/2026", "words": "x"], from: old, as: "priya")
        #expect(skip.status == 409)
        #expect(try await town.post("/notices/\(id)/steps", ["step": "none"], from: old, as: "priya").status == 404)
    }

    @Test(arguments: Engine.allCases)
    func `puts an incomplete one on the named lead’s list after three working days over a bank holiday (EYS-1)`(
        engine: Engine
    ) async throws {
        // Thursday before Good Friday; the three days end on Thursday 9 April.
        let town = try await Town(engine, today: "2026-04-02")
        _ = await town.send(incompleteJSON)
        let id = try #require(try await town.noticeIDs().first)
        let due = try await town.read { try Work.all(in: $0).filter { $0.subject == id }.map(\.due) }
        #expect(due == [Instant(startOf: "2026-04-10")] && due.first?.iso == "2026-04-09T23:00:00.000Z")
        try await town.work(on: "2026-04-09")
        #expect(try await town.get("/notices?show=lead", as: "grace").words.contains("Nothing waits"))
        let later = try await Later(town, on: "2026-04-10", engine)
        try await later.putOnList(id)
        try await later.putOnList(id)
        let mails = try await town.mails().filter { $0.recipient == "grace@continuum.invalid" }
        #expect(mails.count == 1 && !(mails.first?.body ?? "Amina").contains("Amina"), "told once, and nobody named")
        let list = try await later.app.get("/notices?show=lead", cookies: town.cookies("grace"))
        #expect(list.words.contains("Amina Rahman") && list.words.contains("8 days"))
        #expect(list.words.contains("For the named lead"))
    }

    @Test func `lets the named lead alone decide how the family is contacted`() async throws {
        let town = try await Town()
        _ = await town.send(incompleteJSON)
        let id = try #require(try await town.noticeIDs().first)
        #expect(try await town.act("steps", [:], on: id, as: "priya").status == 303)
        let waits = try await town.get("/notices/\(id)", as: "priya")
        #expect(waits.words.contains("the named lead decides") && !waits.text.contains("name=\"way\""))
        let grace = try await town.get("/notices/\(id)", as: "grace")
        let asked = ["way": "by-the-council", "reason": "The trust does not answer"]
        let address = "/notices/\(id)/decisions"
        #expect(try await town.post(address, asked, from: grace, as: "priya").status == 422)
        #expect(try await town.post(address, ["way": "x"], from: grace, as: "grace").status == 422)
        #expect(try await town.post(address, asked, from: grace, as: "grace").status == 303)
        let called = ["day": "12/1/2026", "words": "By letter"]
        #expect(try await town.act("steps", called, on: id, as: "priya").status == 303)
        let page = try await town.get("/notices/\(id)", as: "priya")
        #expect(page.words.contains("By us, saying ourselves") && page.words.contains("The trust does not answer"))
    }

    @Test func `lets any team manager decide where no lead is named, or the lead’s role ended`() async throws {
        let town = try await Town(hasLead: false)
        _ = await town.send(incompleteJSON)
        let id = try #require(try await town.noticeIDs().first)
        #expect(try await town.get("/notices", as: "priya").words.contains("No lead is named"))
        #expect(try await town.get("/notices/\(id)", as: "grace").text.contains("name=\"way\""))
        #expect(try await !town.get("/notices/\(id)", as: "priya").text.contains("name=\"way\""))
        #expect(try await town.write { try NoticeLead.name(login: "priya@continuum.invalid", in: $0) })
        #expect(try await town.get("/notices/\(id)", as: "priya").text.contains("name=\"way\""))
        #expect(try await !town.get("/notices/\(id)", as: "grace").text.contains("name=\"way\""))
        #expect(try await !town.write { try NoticeLead.name(login: "anwar@continuum.invalid", in: $0) })
        try await town.write { try AccessStore.revoke(.caseOfficer, from: "priya", in: $0) }
        #expect(try await town.get("/notices/\(id)", as: "grace").text.contains("name=\"way\""))
    }

    @Test func `shows incomplete ones first, then the longest open, fifty on a page`() async throws {
        let town = try await Town()
        for number in 0..<52 {
            _ = await town.send(
                wholeJSON.replacing("CDC-2026-0117", with: "R-\(number)").replacing(
                    "\"Amina\"", with: "\"C\(number)x\""))
        }
        _ = await town.send(incompleteJSON)
        let first = try await town.get("/notices", as: "priya")
        #expect(first.words.contains("Without first support yet: 53"))
        let names = first.text.components(between: "class=\"govuk-link\" href=\"/notices/notice-", and: "</a>")
        #expect(names.count == 50 && names.first?.contains("Amina Rahman") == true)
        let second = try await town.get("/notices?show=open&page=2", as: "priya")
        #expect(second.text.components(between: "href=\"/notices/notice-", and: "</a>").count == 3)
        for page in ["0", "-1", "x", "99999999999999999999", "9999"] {
            #expect(try await town.get("/notices?page=\(page)", as: "priya").status == 200)
        }
        #expect(try await town.get("/notices?show=incomplete", as: "priya").words.contains("Incomplete: 1"))
        #expect(try await town.get("/notices?show=nonsense", as: "priya").status == 200)
    }
}

/// The same database on another day.
private struct Later {
    let app: TestApp
    let day: Day

    init(_ town: Town, on day: Day, _ engine: Engine) async throws {
        self.day = day
        let policy = try Policy(TestApp.share.bytes("access/policy.csv"))
        app = try await TestApp(
            [access, notices()], on: town.app.database, today: day,
            gate: AlwaysSignedIn(AccessGate(town.app.database, policy: policy), at: "2026-04-02"))
    }

    /// What the job does on that day: the database’s own clock stands still, so the day is put into the row.
    func putOnList(_ id: String) async throws {
        try await app.database.write(for: .system) { tx in
            tx.record(.housekeeping)
            try tx.run("UPDATE notice SET lead_from = '2026-04-02', attention = '2026-04-01' WHERE id = \(id)")
            try NoticeLead.putOnList(id, in: tx)
            try tx.run("UPDATE notice SET lead_from = '2026-04-10', attention = '2026-04-02' WHERE id = \(id)")
        }
    }
}

/// Sessions end by the clock; here they hold on another day.
private struct AlwaysSignedIn: Gate {
    let gate: AccessGate
    let now: Instant

    init(_ gate: AccessGate, at day: Day) { (self.gate, now) = (gate, WallClock.stopped(on: day).now()) }

    func visitor(_ request: Web.Request, at _: Instant) async throws -> Visitor {
        try await gate.visitor(request, at: now)
    }

    func scope(of visitor: Visitor, for permission: Permission, on subject: String, at _: Instant) async throws
        -> Scope?
    { try await gate.scope(of: visitor, for: permission, on: subject, at: now) }
}
