import Casework
@testable import CaseworkServer
import Kernel
import NoticesServer
import Storage
import TestKit
import Testing
import Web

@Suite struct `A request online` {
    private let whole: [(String, String)] = [
        ("sender", "A neighbour"), ("contact", "neighbour@mail.invalid"), ("given", "Amina"), ("family", "Rahman"),
        ("born", "17/4/2023"), ("setting", ""), ("words", "I worry about her"),
    ]

    private func send(_ office: Office, _ source: String, _ fields: [(String, String)]) async throws -> Answer {
        try await office.post(
            "/requests", [("source", source)] + fields, from: try await office.app.get("/requests/new"), as: nil)
    }

    private func attach(_ office: Office) async throws -> Answer {
        let list = try await office.get("/requests", as: "priya")
        let id = try #require(list.text.components(between: "href=\"/requests/request-", and: "\"").first)
        let form = try await office.get("/requests/request-\(id)", as: "priya")
        return try await office.post(
            "/requests/request-\(id)/attachments", [("person", "amina")], from: form, as: "priya")
    }

    @Test func `says at each field what is wrong, and keeps what was written`() async throws {
        let office = try await Office()
        let answer = try await send(office, "", [("contact", "nowhere"), ("born", "31/2/2023"), ("sender", "Zed")])
        #expect(answer.status == 422 && answer.text.contains("value=\"Zed\""))
        for field in ["source", "contact", "born", "given", "family", "words"] {
            #expect(answer.text.contains("href=\"#\(field)\""), "\(field)")
        }
        let old = try await send(office, "parent", whole.filter { $0.0 != "born" } + [("born", "1/1/1990")])
        #expect(old.status == 422 && old.words.contains("under 25"))
        #expect(try await office.mails().isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `of somebody who may not ask opens the clock, tells the family, and gives a receipt that tells nothing`(
        engine: Engine
    ) async throws {
        let office = try await Office(engine)
        #expect(try await send(office, "approach", whole).status == 303)
        let receipt = try #require(try await office.mails().first)
        #expect(receipt.recipient == "neighbour@mail.invalid")
        for word in ["Amina", "Rahman", "2026-02", "24 February", "assess", "case"] {
            #expect(!receipt.body.contains(word), "\(word)")
        }
        let id = try #require(try await attach(office).header("Location")?.split(separator: "/").last.map(String.init))
        let page = try await office.get("/cases/\(id)", as: "nadia").words
        #expect(page.contains("24 February 2026") && page.contains("somebody who told the council"))
        #expect(!page.contains("neighbour") && !page.contains("I worry"), "who told is not told")
        #expect(try await office.get("/cases/\(id)", as: "priya").words.contains("I worry about her"))
        #expect(try await office.mails().contains { $0.recipient == "nadia@continuum.invalid" })
    }

    @Test func `about a child of whom the council knew is answered in the same time, as a promise`() async throws {
        let office = try await Office(on: "2026-01-12")
        try await office.notice()
        try await office.move(to: "2026-01-13")
        let page = try await office.get("/people/amina/cases/new", as: "priya")
        let notice = try #require(page.text.components(between: "<option value=\"notice-", and: "\"").first)
        let (first, _) = try await office.begin([("source", "notice"), ("notice", "notice-\(notice)")])
        try await office.move(to: "2026-02-16")
        try await office.note("consultation", [("day", "10/2/2026"), ("how", "at home")], in: first)
        try await office.note("necessity", [("day", "16/2/2026"), ("reasons", "a"), ("help", "b")], in: first)
        try await office.move(to: "2026-03-16")
        _ = try await send(office, "approach", whole)
        let id = try #require(try await attach(office).header("Location")?.split(separator: "/").last.map(String.init))
        #expect(id != first)
        let words = try await office.get("/cases/\(id)", as: "nadia").words
        #expect(words.contains("27 April 2026") && words.contains("by our own promise"))
    }

    @Test(arguments: Engine.allCases)
    func `is in one case, though two officers enter two requests at the same moment`(engine: Engine) async throws {
        let office = try await Office(engine)
        let pages = try await (
            office.get("/people/amina/cases/new", as: "priya"), office.get("/people/amina/cases/new", as: "grace")
        )
        let fields = [("source", "parent"), ("day", "12/1/2026"), ("words", "She does not speak yet"), ("teller", "")]
        async let one = office.post("/people/amina/cases", fields, from: pages.0, as: "priya")
        async let two = office.post("/people/amina/cases", fields, from: pages.1, as: "grace")
        let places = try await [one.header("Location"), two.header("Location")]
        #expect(places[0] == places[1])
        let cases = try await office.read { try $0.rows("SELECT id FROM ehc_case WHERE person = 'amina'").count }
        #expect(cases == 1)
    }

    @Test func `is joined to the open case, where the earliest day governs`() async throws {
        let office = try await Office(on: "2026-03-17")
        let id = try await office.request(on: "17/3/2026")
        let second = try await office.begin([("source", "school"), ("day", "16/3/2026"), ("words", "x")])
        #expect(second.id == id)
        let page = try await office.get("/cases/\(id)", as: "nadia").words
        #expect(page.contains("27 April 2026") && !page.contains("28 April 2026"))
        #expect(page.contains("by the school") && page.contains("by a parent"))
    }

    @Test func `is set aside with a reason, once`() async throws {
        let office = try await Office()
        _ = try await send(office, "parent", whole)
        let list = try await office.get("/requests", as: "priya")
        let id = try #require(list.text.components(between: "href=\"/requests/request-", and: "\"").first)
        let form = try await office.get("/requests/request-\(id)", as: "priya")
        let address = "/requests/request-\(id)/refusals"
        #expect(try await office.post(address, [("why", "")], from: form, as: "priya").status == 422)
        #expect(try await office.post(address, [("why", "sent twice")], from: form, as: "priya").status == 303)
        #expect(try await office.post(address, [("why", "again")], from: form, as: "grace").status == 404)
        for name in ["nadia", "helen", "anwar", "joan"] {
            #expect(try await office.get("/requests", as: name).status == 404, "\(name)")
        }
    }
}

@Suite struct `A case for those who may see it` {
    @Test(arguments: Engine.allCases)
    func `is not there for others, and a parent kept from a place reads no reasons and no names`(
        engine: Engine
    ) async throws {
        let office = try await Office(engine, on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        try await office.move(to: "2026-04-20")
        _ = try await office.decideToAssess(id, on: "20/4/2026")
        _ = try await office.ask("education", of: "Marigold Nursery", bound: false, in: id, on: "20/4/2026")
        let letter = try #require(try await office.letters(id).first)
        for name in ["tom", "steve", "maureen", "farah", "joan", "owen", "lucy", "anwar"] {
            for path in ["/cases/\(id)", "/people/amina/cases", "/letters/\(letter)"] {
                let answer = try await office.get(path, as: name)
                #expect(answer.status == 404 && !answer.text.contains("Amina"), "\(path) as \(name)")
            }
        }
        let father = try await office.get("/cases/\(id)", as: "imran")
        #expect(father.status == 200 && father.words.contains("27 April 2026"))
        for word in ["Marigold", "Two professionals", "does not speak", "/letters/"] {
            #expect(!father.text.contains(word), "\(word)")
        }
        #expect(father.words.contains("given to you by people"))
        #expect(try await office.get("/letters/\(letter)", as: "imran").status == 404)
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("Marigold Nursery"))
        let senco = try await office.get("/cases/\(id)", as: "helen").words
        #expect(senco.contains("Two professionals") && !senco.contains("Marigold Nursery"))
        for name in ["nadia", "helen", "imran"] {
            #expect(try await office.get("/cases/\(id)/events/new", as: name).status == 404, "\(name)")
            #expect(try await office.get("/people/amina/cases/new", as: name).status == 404, "\(name)")
            #expect(try await office.get("/cases", as: name).status == 404, "\(name)")
        }
    }

    @Test func `notes every look, and every change with codes alone`() async throws {
        let office = try await Office(on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        _ = try await office.get("/cases/\(id)", as: "nadia")
        let journal = try await office.read { try Journal.entries(after: 0, limit: 2000, in: $0) }
        #expect(journal.contains { $0.kind == "case.request-received" && $0.subject == "amina" })
        #expect(journal.contains { $0.kind == "person.seen" && $0.detail.contains("casework") && $0.actor == "nadia" })
        #expect(!journal.contains { $0.detail.contains("speak") })
        let looks = try await office.get("/people/amina/looks", as: "nadia").words
        #expect(looks.contains("the steps and dates of assessment and plan"), "the family sees at what was looked")
    }
}

@Suite struct `The officer’s day` {
    @Test(arguments: Engine.allCases)
    func `shows what is late first, then what is due, with why it is at risk and for whom it waits`(
        engine: Engine
    ) async throws {
        let office = try await Office(engine, on: "2026-03-16")
        #expect(try await office.get("/cases", as: "priya").words.contains("No case is open"))
        let id = try await office.request(on: "16/3/2026")
        let other = try await office.begin(
            [("source", "approach"), ("day", "10/3/2026"), ("words", "x")], of: "kieran-doyle")
        #expect(!other.id.isEmpty)
        try await office.move(to: "2026-04-23")
        let page = try await office.get("/cases", as: "priya")
        for word in [
            "Amina Rahman", "Kieran Doyle", "2 days late", "4 days left", "27 April 2026", "21 April 2026",
            "the family has not been consulted yet", "The council: whether to assess", "All open cases: 2",
        ] {
            #expect(page.words.contains(word), "\(word)")
        }
        let order = page.text.components(between: "href=\"/cases/case-", and: "\"")
        #expect(order.map { "case-" + $0 } == [other.id, id])
        #expect(try await !office.get("/cases?show=late", as: "priya").words.contains("Amina"))
        #expect(try await !office.get("/cases?show=week", as: "priya").words.contains("Kieran"))
        #expect(try await office.get("/cases?show=advice", as: "priya").words.contains("No case is like that"))
        #expect(try await office.get("/cases/\(other.id)", as: "maureen").words.contains("2 days ago"))
    }

    @Test func `names the children of whom a notice told and who have no case yet`() async throws {
        let office = try await Office(on: "2026-01-12")
        try await office.notice()
        try await office.move(to: "2026-01-13")
        let id = try #require(
            try await office.read { tx in
                try tx.rows("SELECT id FROM notice").first.map { try $0.get("id", as: String.self) }
            })
        try await office.write { _ = try Notices.attach(id, to: "amina", in: $0) }
        let page = try await office.get("/cases", as: "priya").words
        #expect(page.contains("Amina Rahman: since 12 January 2026"))
        _ = try await office.begin([("source", "notice"), ("notice", "")])
        #expect(try await office.get("/cases", as: "priya").words.contains("23 February 2026"))
    }
}

@Suite struct `Noting what happened` {
    @Test func `refuses what the law does not let happen, at the field, and changes nothing`() async throws {
        let office = try await Office(on: "2026-03-16")
        let future = try await office.begin([("source", "parent"), ("day", "17/3/2026"), ("words", "x")])
        #expect(future.answer.status == 422 && future.answer.words.contains("has not come yet"))
        let id = try await office.request(on: "16/3/2026")
        try await office.move(to: "2026-04-20")
        let before = try await office.decideToAssess(id, on: "1/3/2026")
        #expect(before.status == 422 && before.words.contains("reg 5(1)"))
        let unanswered = try await office.note("decision", [("outcome", "assess"), ("day", "20/4/2026")], in: id)
        #expect(unanswered.words.contains("section 36(8)") && unanswered.text.contains("href=\"#needs\""))
        let refusal: [(String, String)] = [
            ("needs", "yes"), ("needs-because", "a"), ("plan", "no"), ("plan-because", "b"), ("outcome", "refuse"),
            ("day", "20/4/2026"),
        ]
        let bare = try await office.note("decision", refusal, in: id)
        #expect(bare.status == 422 && bare.words.contains("section 36(5)"))
        #expect(try await office.note("nonsense", [], in: id).status != 303)
        #expect(try await office.read { try Cases.file(id, in: $0).events.count } == 2)
        try await office.note("consultation", [("day", "1/4/2026"), ("how", "x")], in: id)
        let words = [("reasons", "The school can do it"), ("help", "Ten hours a week")]
        #expect(try await office.note("decision", refusal + words, in: id).status == 303)
        let letter = try #require(try await office.letters(id).last)
        let read = try await office.get("/letters/\(letter)", as: "nadia").words
        for word in ["The school can do it", "Ten hours a week", "No. b", "20 June 2026", "Tribunal", "SENDIASS"] {
            #expect(read.contains(word), "\(word)")
        }
    }

    @Test func `puts an entry right, keeps both, and takes nothing from a page that is out of date`() async throws {
        let office = try await Office(on: "2026-03-17")
        let id = try await office.request(on: "17/3/2026")
        let old = try await office.get("/cases/\(id)/events/new?step=consultation", as: "priya")
        let right: [(String, String)] = [
            ("of", "\(id)-1"), ("day", "16/3/2026"), ("because", "It lay in the post room for a day"),
        ]
        #expect(try await office.note("correction", right, in: id).status == 303)
        let page = try await office.get("/cases/\(id)", as: "nadia").words
        for word in ["Put right below", "It lay in the post room", "before 28 April 2026, now 27 April 2026"] {
            #expect(page.contains(word), "\(word)")
        }
        let late = try await office.post(
            "/cases/\(id)/events", [("day", "17/3/2026"), ("how", "x")], from: old, as: "priya")
        #expect(late.status == 409)
    }

    @Test func `of an exception leaves the date where it is, and shows it to the family`() async throws {
        let office = try await Office(on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        try await office.move(to: "2026-05-04")
        let aim: [(String, String)] = [("rule", "E-DECIDE"), ("day", "11/5/2026"), ("because", "They are back")]
        #expect(try await office.note("target", aim, in: id).status == 422)
        let away: [(String, String)] = [
            ("ground", "absent_from_area"), ("absent_from_area-from", "20/3/2026"),
            ("absent_from_area-to", "20/4/2026"), ("because", "With her grandmother; tickets seen"),
        ]
        #expect(try await office.note("claim", away.filter { !$0.0.hasSuffix("-to") }, in: id).status == 422)
        #expect(try await office.note("claim", away, in: id).status == 303)
        #expect(try await office.note("target", aim, in: id).status == 303)
        let page = try await office.get("/cases/\(id)", as: "nadia").words
        for word in ["27 April 2026", "Excused, date stays", "Late claim", "aims at 11 May 2026", "no date of law"] {
            #expect(page.contains(word), "\(word)")
        }
    }

    @Test func `of a withdrawal ends the case, and a new request is a new clock`() async throws {
        let office = try await Office(on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        try await office.note("withdrawal", [("day", "16/3/2026"), ("reasons", "Nadia, by letter")], in: id)
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("Closed: withdrawn"))
        try await office.move(to: "2026-03-30")
        let second = try await office.request(on: "30/3/2026")
        #expect(second != id)
        #expect(try await office.get("/cases/\(second)", as: "nadia").words.contains("11 May 2026"))
    }
}
