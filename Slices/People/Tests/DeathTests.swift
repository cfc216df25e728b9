import Access
@testable import AccessServer
import Kernel
@testable import LinksServer
import People
@testable import PeopleServer
import Storage
import TestKit
import Testing
import Web

/// Amina of the demonstration: nothing that happens here is of anybody who lived.
@Suite struct `A confirmed death` {
    private let fields = ["day": "20/11/2026", "source": "register", "confirmer": "Register office, entry 12"]

    private func enter(_ person: String, in city: City, as name: String) async throws -> Answer {
        let page = try await city.get("/people/\(person)/death/new", as: name)
        return try await city.post("/people/\(person)/death", fields, from: page, as: name)
    }

    private func undo(_ person: String, in city: City, as name: String) async throws -> Answer {
        let address = "/people/\(person)/death/withdrawal"
        let page = try await city.get(address, as: name)
        let reason = ["reason": "The notice was of somebody else of the same name"]
        return try await city.post(address, reason, from: page, as: name)
    }

    /// Mails that are about a person and could still leave.
    private func waiting(_ city: City) async throws -> [Message] {
        try await city.app.database.read { try Outbox.messages(.waiting, limit: 100, in: $0) }
    }

    private func ask(_ person: String, in city: City) async throws -> Answer {
        let address = "/people/\(person)/tasks"
        let page = try await city.get(address, as: "priya")
        let asked = [
            "kind": "details-still-right", "name": "Nadia", "address": "nadia@continuum.invalid", "days": "14",
        ]
        return try await city.post(address, asked, from: page, as: "priya")
    }

    private func warn(_ city: City, on day: Day) async throws {
        try await RightsPassStore.job.run(
            Job.Run(
                database: city.app.database, subject: "", now: WallClock.stopped(on: day).now(), share: TestApp.share,
                progress: { _, _ in }))
    }

    @Test(arguments: Engine.allCases)
    func `stops every message at once, those waiting and those to come, and tells the officers without a name (SAF-2)`(
        engine: Engine
    ) async throws {
        let city = try await City(engine)
        #expect(try await ask("amina", in: city).status == 303)
        #expect(try await waiting(city).count == 1)
        #expect(try await enter("amina", in: city, as: "priya").status == 303)
        let told = try await waiting(city)
        #expect(Set(told.map(\.recipient)) == ["priya@continuum.invalid", "grace@continuum.invalid"])
        for mail in told {
            #expect(!mail.body.contains("Amina") && !mail.title.contains("Amina") && !mail.body.contains("Rahman"))
        }
        // Nothing new can be asked, and the link that went out before opens nothing.
        #expect(try await city.get("/people/amina/tasks", as: "priya").status == 404)
        let stopped = try #require(
            try await city.app.database.read { try Outbox.messages(.stopped, limit: 9, in: $0) }.first)
        let link = try #require(stopped.body.components(between: "https://send.example", and: "\n").first)
        let opened = try await city.app.get(link)
        #expect(!opened.words.contains("code") || opened.status == 404)
        #expect(!opened.words.contains("Amina"))
        let again = try await enter("amina", in: city, as: "priya")
        #expect(again.status != 500)
        #expect(try await waiting(city).count == 2, "told twice")
    }

    @Test(arguments: Engine.allCases)
    func `lets no job and no sender tell anybody anything about the person afterwards`(engine: Engine) async throws {
        let city = try await City(engine, today: "2027-03-28")
        let death = Death(
            id: ID("d1"), day: "2027-03-20", source: .hospital, confirmer: "The ward", made: City.now,
            recorder: "priya")
        try await city.write { try Deaths.record(death, of: "kieran-doyle", in: $0) }
        let before = try await waiting(city).count
        try await warn(city, on: "2027-03-28")
        try await warn(city, on: "2027-06-20")
        try await city.write { tx in
            tx.record(.housekeeping)
            for title in ["a chaser", "a booking", "a letter"] {
                try Outbox.post(
                    .mail, to: "maureen@continuum.invalid", title: title, body: "Words", owner: "case-officer",
                    about: "kieran-doyle", in: tx)
            }
        }
        #expect(try await waiting(city).count == before)
        #expect(try await waiting(city).allSatisfy { $0.title == DeathMail.title })
    }

    @Test func `closes the record to all but the officer of the case and the parents, and to every change`()
        async throws
    {
        let city = try await City()
        _ = try await enter("amina", in: city, as: "priya")
        for name in ["priya", "grace", "nadia"] {
            let page = try await city.get("/people/amina", as: name)
            #expect(page.status == 200 && page.words.contains("died on 20 November 2026"), "\(name)")
        }
        for name in ["helen", "anwar", "lucy", "owen", "tom"] {
            #expect(try await city.get("/people/amina", as: name).status == 404, "\(name)")
        }
        #expect(try await city.get("/people/amina/whereabouts", as: "priya").status == 404)
        #expect(try await city.get("/people/amina/labels/new", as: "priya").status == 404)
        let words = try await city.get("/people/amina/words", as: "nadia")
        #expect(words.status == 200 && !words.text.contains("<textarea"))
    }

    @Test func `is said first of all and kindly, and nothing reads as if the child lived`() async throws {
        let city = try await City()
        _ = try await enter("amina", in: city, as: "priya")
        let hers = try await city.get("/people/amina", as: "nadia")
        #expect(hers.words.contains("We are so sorry") && !hers.words.contains("Undo the entry"))
        #expect(!hers.text.contains("/death/withdrawal") && !hers.words.contains("Register office"))
        let page = hers.text
        let notice = try #require(page.firstRange(of: "died on"))
        let record = try #require(page.firstRange(of: "The record as it stood"))
        #expect(notice.lowerBound < record.lowerBound)
        #expect(hers.words.contains("The record as it stood on 20 November 2026"))
        let officers = try await city.get("/people/amina", as: "priya")
        #expect(officers.words.contains("Undo the entry") && officers.words.contains("Register office, entry 12"))
        #expect(!officers.words.contains("Enter that Amina has died"))
        #expect(!officers.text.contains("/people/amina/whereabouts"))
    }

    @Test(arguments: Engine.allCases)
    func `leaves the lists, and stands on one of its own for those who may see it`(engine: Engine) async throws {
        let city = try await City(engine)
        _ = try await enter("amina", in: city, as: "priya")
        for name in ["priya", "nadia"] {
            let list = try await city.get("/people", as: name)
            #expect(!list.words.contains("Amina") && list.words.contains("Records closed after a death"), "\(name)")
            #expect(try await city.get("/people/closed", as: name).words.contains("Amina Rahman"), "\(name)")
        }
        #expect(!(try await city.get("/people/closed", as: "helen")).words.contains("Amina"))
        #expect(!(try await city.get("/people", as: "helen")).words.contains("closed after a death"))
        let counted = try await city.app.database.read { tx in
            try tx.rows("SELECT id FROM person WHERE \(People.living("person.id")) ORDER BY id").map {
                try $0.get("id", as: String.self)
            }
        }
        #expect(counted == ["kieran-doyle", "yusuf"])
    }

    @Test(arguments: Engine.allCases)
    func `entered in error is undone with a reason, and everything returns that time has not made moot`(
        engine: Engine
    ) async throws {
        let city = try await City(engine)
        _ = try await ask("amina", in: city)
        _ = try await enter("amina", in: city, as: "priya")
        let address = "/people/amina/death/withdrawal"
        let page = try await city.get(address, as: "priya")
        let short = try await city.post(address, ["reason": "oops"], from: page, as: "priya")
        #expect(short.status == 422)
        #expect(try await city.get(address, as: "nadia").status == 404)
        #expect(try await undo("amina", in: city, as: "grace").status == 303)
        #expect(try await city.get("/people/amina", as: "helen").status == 200)
        #expect(try await city.get("/people", as: "nadia").words.contains("Amina"))
        #expect(try await city.get("/people/amina/whereabouts", as: "priya").status == 200)
        let asked = try await waiting(city).filter { $0.title.hasPrefix("You are asked") }
        let link = try #require(asked.first?.body.components(between: "https://send.example", and: "\n").first)
        #expect(asked.count == 1)
        #expect(try await city.app.get(link).status == 200)
        let events = try await city.app.events()
        #expect(events.contains("person.death-entered") && events.contains("person.death-undone"))
        // A second death can be entered: the first was none.
        #expect(try await enter("amina", in: city, as: "priya").status == 303)
        #expect(try await city.get("/people/amina", as: "helen").status == 404)
    }

    @Test(arguments: Engine.allCases)
    func `does not take the record from a grandmother on the day on which rights would have passed`(
        engine: Engine
    ) async throws {
        let city = try await City(engine, today: "2027-06-26")
        try await city.write { tx in
            try tx.run("UPDATE access_subject SET rights_pass = '2027-06-27' WHERE id = 'kieran-doyle'")
            let death = Death(
                id: ID("d1"), day: "2027-06-20", source: .police, confirmer: "The coroner", made: tx.now,
                recorder: "priya")
            try Deaths.record(death, of: "kieran-doyle", in: tx)
            try AccessStore.keep(subject: "kieran-doyle", born: "2010-09-12", in: tx)
        }
        #expect(try await city.get("/people/kieran-doyle", as: "maureen").status == 200)
        #expect(try await city.get("/people/kieran-doyle", as: "kieran").status == 404)
    }

    @Test func `is entered by reference by whoever has nothing to do with the person, who sees nothing of them`()
        async throws
    {
        let city = try await City()
        let page = try await city.get("/deaths/new", as: "ruth")
        let nobody = try await city.post(
            "/deaths", fields.merging(["person": "nobody"]) { $1 }, from: page, as: "ruth")
        #expect(nobody.status == 422 && nobody.words.contains("There is nobody by this reference"))
        let done = try await city.post("/deaths", fields.merging(["person": "amina"]) { $1 }, from: page, as: "ruth")
        #expect(done.status == 303 && !done.text.contains("Rahman"))
        #expect(try await city.get("/people/amina", as: "ruth").status == 404)
        #expect(try await city.get("/people/amina", as: "priya").words.contains("died on"))
        #expect(try await city.get("/deaths/new", as: "helen").status == 404)
    }

    @Test(arguments: [("20/11/2031", "yet to come"), ("1/1/2001", "before the day of birth"), ("", "Write the day")])
    func `is refused with a day that cannot be`(day: String, reason: String) async throws {
        let city = try await City()
        let page = try await city.get("/people/amina/death/new", as: "priya")
        let wrong = fields.merging(["day": day]) { $1 }
        let answer = try await city.post("/people/amina/death", wrong, from: page, as: "priya")
        #expect(answer.status == 422 && answer.words.contains(reason))
    }

    @Test func `leaves no word in the journal, neither who confirmed it nor when the person died`() async throws {
        let city = try await City()
        _ = try await enter("amina", in: city, as: "priya")
        let entries = try await city.app.database.read { try Journal.entries(after: 0, limit: 1000, in: $0) }
        #expect(entries.contains { $0.kind == "person.death-entered" && $0.subject == "amina" })
        #expect(!entries.contains { $0.detail.contains("Register") || $0.detail.contains("2026-11-20") })
    }

    @Test func `cannot be set or taken away as a label, by one person or by two`() async throws {
        let city = try await City()
        let page = try await city.get("/people/amina/labels/new", as: "priya")
        #expect(!page.text.contains("value=\"died\""))
        let set = try await city.post("/people/amina/labels", ["label": "died"], from: page, as: "priya")
        #expect(set.status == 422)
        _ = try await enter("amina", in: city, as: "priya")
        await #expect(throws: Malformed.self) {
            try await city.write { tx in
                try Approvals.ask(.labelEnd, "died", of: "amina", by: "vera", reason: "because", id: "a1", in: tx)
            }
        }
    }
}
