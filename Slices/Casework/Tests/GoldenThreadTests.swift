@testable import CaseworkServer
import Kernel
import Storage
import TestKit
import Testing
import Web

/// Steps 2, 4b, 5 and 6 of the story of Amina, through the pages.
@Suite struct `The case of Amina` {
    private static let consulted: [(String, String)] = [
        ("day", "10/2/2026"), ("how", "At home; Nadia agrees to help in the nursery first"),
    ]
    private static let notNecessary: [(String, String)] = [
        ("day", "16/2/2026"), ("reasons", "The nursery can give what she needs"),
        ("help", "Speech therapy at Marigold, weekly from 23 February"),
    ]

    /// A case from the notice of 12 January, as the office stands on 13 January.
    private func noticed(_ engine: Engine = .sqlite) async throws -> (Office, String) {
        let office = try await Office(engine, on: "2026-01-12")
        try await office.notice()
        try await office.move(to: "2026-01-13")
        let page = try await office.get("/people/amina/cases/new", as: "priya")
        let notice = try #require(page.text.components(between: "<option value=\"notice-", and: "\"").first)
        let (id, _) = try await office.begin([("source", "notice"), ("notice", "notice-\(notice)")])
        return (office, id)
    }

    @Test(arguments: Engine.allCases)
    func `counts from the day the council was told, and shows each date with its law (step 2, STA-1)`(
        engine: Engine
    ) async throws {
        let (office, id) = try await noticed(engine)
        for name in ["nadia", "priya", "helen"] {
            let page = try await office.get("/cases/\(id)", as: name)
            #expect(page.status == 200, "\(name)")
            let wanted = [
                "23 February 2026", "4 May 2026", "1 May 2026", "1 June 2026", "reg 5(1)", "reg 10(1)", "reg 13(2)",
                "rule E-DECIDE, version 2014-09-01-", "by law", "by guidance", "41 days left", "from 12 January 2026",
                "an early notice of a health body", "not checked against the instrument",
            ]
            for word in wanted { #expect(page.words.contains(word), "\(name): \(word)") }
        }
        let letter = try #require(try await office.letters(id).first)
        let words = try await office.get("/letters/\(letter)", as: "nadia").words
        for word in ["23 February 2026", "no request for an assessment", "SENDIASS", "section 36(4)"] {
            #expect(words.contains(word), "\(word)")
        }
        let told = try await office.mails().filter { $0.title.contains("letter") }
        #expect(told.map(\.recipient) == ["nadia@continuum.invalid"], "nobody whom a court keeps away")
        #expect(!told.contains { $0.body.contains("Amina") })
        #expect(try await office.get("/people/amina", as: "nadia").words.contains("Deciding whether to assess"))
    }

    @Test(arguments: Engine.allCases)
    func `closes the first clock by the decision that a plan is not necessary, and keeps it readable (step 4b)`(
        engine: Engine
    ) async throws {
        let (office, id) = try await noticed(engine)
        try await office.move(to: "2026-02-16")
        let early = try await office.note("necessity", Self.notNecessary, in: id)
        #expect(early.status == 422 && early.words.contains("section 36(4)"))
        #expect(try await office.note("consultation", Self.consulted, in: id).status == 303)
        let bare = try await office.note("necessity", [("day", "16/2/2026")], in: id)
        #expect(bare.status == 422 && bare.words.contains("section 36(5)"))
        #expect(try await office.note("necessity", Self.notNecessary, in: id).status == 303)
        let page = try await office.get("/cases/\(id)", as: "nadia").words
        for word in ["Closed: a plan is not necessary", "Done 16 February 2026", "Not needed", "Nothing is owed"] {
            #expect(page.contains(word), "\(word)")
        }
        let letter = try #require(try await office.letters(id).last)
        let words = try await office.get("/letters/\(letter)", as: "nadia").words
        let wanted = [
            "Amina Rahman", "16 February 2026", "10 February 2026", "The nursery can give what she needs",
            "Speech therapy at Marigold", "whenever you want", "16 April 2026", "Tribunal", "Mediation is your choice",
            "SENDIASS",
        ]
        for word in wanted { #expect(words.contains(word), "\(word)") }
        let again = try await office.note("decision", [("day", "16/2/2026")], in: id)
        #expect(again.status == 422)
    }

    @Test(arguments: Engine.allCases)
    func `opens a second clock by the request of 16 March, sent online (step 5)`(engine: Engine) async throws {
        let (office, first) = try await noticed(engine)
        try await office.move(to: "2026-02-16")
        try await office.note("consultation", Self.consulted, in: first)
        try await office.note("necessity", Self.notNecessary, in: first)
        try await office.move(to: "2026-03-16")
        let second = try await askOnline(office)
        #expect(second != first && !second.isEmpty)
        let page = try await office.get("/cases/\(second)", as: "nadia").words
        for word in ["27 April 2026", "6 July 2026", "3 August 2026", "42 days left", "reg 5(1)", "by a parent"] {
            #expect(page.contains(word), "\(word)")
        }
        #expect(page.contains("She says no words"), "the family’s own words are there")
        let old = try await office.get("/cases/\(first)", as: "nadia").words
        #expect(old.contains("23 February 2026") && !old.contains("27 April 2026"))
        let list = try await office.get("/people/amina/cases", as: "nadia").words
        #expect(list.contains("Since 16 March 2026") && list.contains("Since 12 January 2026"))
    }

    /// - Returns: the case that an officer attached the request to.
    private func askOnline(_ office: Office) async throws -> String {
        let page = try await office.app.get("/requests/new")
        let sent = try await office.post(
            "/requests",
            [
                ("source", "parent"), ("sender", "Nadia Rahman"), ("contact", "nadia@mail.invalid"),
                ("given", "Amina"), ("family", "Rahman"), ("born", "17/4/2023"), ("setting", "Marigold"),
                ("words", "She says no words"),
            ], from: page, as: nil)
        #expect(sent.header("Location") == "/requests/thanks")
        let mail = try #require(try await office.mails().first { $0.recipient == "nadia@mail.invalid" })
        for word in ["16 March 2026", "27 April 2026", "6 July 2026", "3 August 2026", "regulation 5"] {
            #expect(mail.body.contains(word), "\(word)")
        }
        #expect(!mail.body.contains("Amina"))
        let list = try await office.get("/requests", as: "priya")
        #expect(list.words.contains("Amina Rahman") && list.words.contains("27 April 2026"))
        let id = try #require(list.text.components(between: "href=\"/requests/request-", and: "\"").first)
        let form = try await office.get("/requests/request-\(id)", as: "priya")
        let attached = try await office.post(
            "/requests/request-\(id)/attachments", [("person", "amina")], from: form, as: "priya")
        #expect(try await office.get("/requests/request-\(id)", as: "priya").words.contains("dealt with"))
        #expect(try await !office.get("/requests", as: "priya").words.contains("Amina"))
        return attached.header("Location")?.split(separator: "/").last.map(String.init) ?? ""
    }

    @Test(arguments: Engine.allCases)
    func `asks for advice, re-uses what is agreed to be enough, and counts the trust’s own six weeks (step 6)`(
        engine: Engine
    ) async throws {
        let office = try await Office(engine, on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        try await office.move(to: "2026-04-20")
        #expect(try await office.decideToAssess(id, on: "20/4/2026").status == 303)
        let letter = try #require(try await office.letters(id).last)
        #expect(try await office.get("/letters/\(letter)", as: "nadia").words.contains("Two professionals say so"))
        let reuse: [(String, String)] = [
            ("kind", "medical"), ("body", "Child development centre"), ("day", "20/4/2026"),
            ("how", "The report of January; each said so by telephone"), ("agreed", "author"), ("agreed", "council"),
        ]
        let alone = try await office.note("reuse", reuse, in: id)
        #expect(alone.status == 422 && alone.words.contains("reg 6(4)"))
        #expect(try await office.note("reuse", reuse + [("agreed", "family")], in: id).status == 303)
        let therapy = try await office.ask(
            "therapy", of: "Midland Community Trust", bound: true, in: id, on: "20/4/2026")
        try await office.note("receipt", [("about", therapy), ("day", "20/4/2026")], in: id)
        let care = try await office.ask("social-care", of: "The council", bound: false, in: id, on: "20/4/2026")
        try await office.note("receipt", [("about", care), ("day", "20/4/2026")], in: id)
        let page = try await office.get("/cases/\(id)", as: "nadia").words
        for word in ["1 June 2026", "Not asked again (reg 6(4))", "by our own promise", "reg 8(1)", "42 days left"] {
            #expect(page.contains(word), "\(word)")
        }
        let tooSoon = try await office.note(
            "panel", [("outcome", "issue"), ("day", "20/4/2026"), ("reasons", "x")], in: id)
        #expect(tooSoon.status == 422 && tooSoon.words.contains("reg 6(1)") && tooSoon.words.contains("Psychological"))
        try await office.move(to: "2026-06-03")
        let late = try await office.get("/cases/\(id)", as: "nadia").words
        #expect(late.contains("2 days late") && late.contains("The body that was asked must give its advice"))
        #expect(try await office.get("/cases?show=risk", as: "priya").words.contains("advice is 2 days late: Therapy"))
        try await office.note("arrival", [("about", therapy), ("day", "3/6/2026")], in: id)
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("Done 3 June 2026, 2 days late"))
    }

    @Test func `ends with the decision to make a plan (step 7’s first day)`() async throws {
        let office = try await Office(on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        try await office.move(to: "2026-04-20")
        _ = try await office.decideToAssess(id, on: "20/4/2026")
        for kind in ["family", "education", "medical", "psychological", "social-care"] {
            _ = try await office.ask(kind, of: "Somebody", bound: kind == "medical", in: id, on: "20/4/2026")
        }
        try await office.move(to: "2026-06-15")
        let issued = try await office.note(
            "panel", [("outcome", "issue"), ("day", "15/6/2026"), ("reasons", "She needs more than the nursery has")],
            in: id)
        #expect(issued.status == 303)
        let page = try await office.get("/cases/\(id)", as: "nadia").words
        #expect(
            page.contains("A plan is being made") && page.contains("3 August 2026") && page.contains("49 days left"))
        let letter = try #require(try await office.letters(id).last)
        let words = try await office.get("/letters/\(letter)", as: "nadia").words
        #expect(words.contains("She needs more than the nursery has") && words.contains("does not name a school"))
    }
}

/// K2 of the story of Kieran, through the pages, each step on its own day.
@Suite struct `The reassessment of Kieran` {
    @Test(arguments: Engine.allCases)
    func `is refused, appealed, ordered, and each clock stays apart (K2, STA-6, OFF-8)`(engine: Engine) async throws {
        let office = try await Office(engine, on: "2026-03-09")
        let id = try await office.reassess("9/3/2026")
        #expect(try await office.get("/cases/\(id)", as: "maureen").words.contains("24 March 2026"))
        try await office.move(to: "2026-03-23")
        #expect(try await office.note("reassessment", Office.refusal, in: id).status == 303)
        let rights = try await office.get("/cases/\(id)", as: "maureen").words
        for word in ["23 May 2026", "26 May 2026", "Mediation is your choice", "Closed: no reassessment"] {
            #expect(rights.contains(word), "\(word)")
        }
        try await office.move(to: "2026-04-10")
        try await office.disagree("certificate", [("day", "10/4/2026"), ("words", "MA-2044")], in: id)
        try await office.move(to: "2026-04-20")
        let appeal: [(String, String)] = [("outcome", "reassess"), ("day", "20/4/2026"), ("words", "EH330/26/1")]
        #expect(try await office.disagree("appeal", appeal, in: id).status == 303)
        try await office.move(to: "2026-07-13")
        let order: [(String, String)] = [
            ("outcome", "assess"), ("day", "13/7/2026"), ("other", "9/7/2026"),
            ("words", "The council reassesses the needs"),
        ]
        #expect(try await office.disagree("order", order, in: id).status == 303)
        for name in ["maureen", "priya", "farah"] {
            let page = try await office.get("/cases/\(id)", as: name).words
            let wanted = [
                "Reassessing", "27 July 2026", "21 September 2026", "19 October 2026", "from 13 July 2026",
                "Done 23 March 2026", "Happened 20 April 2026", "26 May 2026", "the family, if it wants to",
                "The Tribunal sent its order to assess, or to reassess, made on 9 July 2026", "reg 44(2)(b)",
            ]
            for word in wanted { #expect(page.contains(word), "\(name): \(word)") }
            #expect(!page.contains("days late") && !page.contains("day late"), "\(name): nothing was")
        }
        let day = try await office.get("/cases", as: "priya").words
        #expect(day.contains("Kieran Doyle") && day.contains("27 July 2026") && day.contains("At risk"))
    }
}
