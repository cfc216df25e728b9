import Access
@testable import AccessServer
import Casework
@testable import CaseworkServer
import Kernel
import Storage
import TestKit
import Testing
import Web

extension Office {
    /// Enters a request to reassess Kieran, and answers with the identifier of the case.
    func reassess(_ day: String, assessed: String = "", by source: String = "parent") async throws -> String {
        try await begin(
            [
                ("about", "reassessment"), ("source", source), ("day", day), ("assessed", assessed),
                ("words", "Everything has changed since the last one"), ("teller", ""),
            ], of: "kieran-doyle"
        ).id
    }

    /// Notes one step of a disagreement.
    @discardableResult
    func disagree(_ step: String, _ fields: [(String, String)], in id: String) async throws -> Answer {
        let page = try await get("/cases/\(id)/disagreement/new?step=\(step)", as: "priya")
        return try await post("/cases/\(id)/disagreement", fields, from: page, as: "priya")
    }

    static let refusal: [(String, String)] = [
        ("outcome", "refuse"), ("ground", "not-necessary"), ("day", "23/3/2026"),
        ("reasons", "What the plan says still fits"), ("help", "The plan goes on; a mentor twice a week"),
    ]

    /// Kieran’s reassessment, refused on 23 March.
    func refused() async throws -> String {
        let id = try await reassess("9/3/2026")
        try await move(to: "2026-03-23")
        try await note("reassessment", Office.refusal, in: id)
        return id
    }
}

@Suite struct `A request to reassess` {
    @Test(arguments: Engine.allCases)
    func `is a case of its own with fifteen days, and a letter that says so`(engine: Engine) async throws {
        let office = try await Office(engine, on: "2026-03-09")
        let id = try await office.reassess("9/3/2026", assessed: "10/12/2025")
        let page = try await office.get("/cases/\(id)", as: "maureen").words
        for word in [
            "Reassessment of Kieran Doyle", "24 March 2026", "reg 25(1)", "15 days left",
            "Deciding whether to reassess",
            "Everything has changed", "The last assessment before the request was made",
        ] {
            #expect(page.contains(word), "\(word)")
        }
        #expect(!page.contains("20 April 2026"), "no six weeks")
        let letter = try #require(try await office.letters(id).first)
        let words = try await office.get("/letters/\(letter)", as: "maureen").words
        for word in ["24 March 2026", "a parent", "The plan goes on", "regulation 24", "SENDIASS"] {
            #expect(words.contains(word), "\(word)")
        }
        let second = try await office.reassess("9/3/2026", by: "commissioner")
        #expect(second == id, "it is joined")
        let list = try await office.get("/people/kieran-doyle/cases", as: "maureen").words
        #expect(list.contains("Reassessment, since 9 March 2026"))
        let day = try await office.get("/cases", as: "priya").words
        #expect(day.contains("The council: whether to reassess"))
    }

    @Test(arguments: Engine.allCases)
    func `can be sent online, with a receipt that says the fifteen days, and is attached as what it is`(
        engine: Engine
    ) async throws {
        let office = try await Office(engine, on: "2026-03-09")
        let form = try await office.app.get("/requests/new")
        func fields(_ source: String) -> [(String, String)] {
            [
                ("source", source), ("reassesses", "yes"), ("sender", "Maureen Doyle"),
                ("contact", "maureen@mail.invalid"), ("given", "Kieran"), ("family", "Doyle"),
                ("born", "12/9/2010"), ("setting", ""), ("words", "Nothing in it fits any more"),
            ]
        }
        let other = try await office.post("/requests", fields("approach"), from: form, as: nil)
        #expect(other.status == 422 && other.words.contains("can ask for a reassessment"))
        let sent = try await office.post("/requests", fields("parent"), from: form, as: nil)
        #expect(sent.status == 303)
        let mail = try #require(try await office.mails().first { $0.recipient == "maureen@mail.invalid" })
        #expect(mail.body.contains("24 March 2026") && !mail.body.contains("Kieran"))
        let list = try await office.get("/requests", as: "priya")
        #expect(list.words.contains("for a reassessment") && list.words.contains("24 March 2026"))
        let key = try #require(list.text.components(between: "href=\"/requests/request-", and: "\"").first)
        let page = try await office.get("/requests/request-\(key)", as: "priya")
        let attached = try await office.post(
            "/requests/request-\(key)/attachments", [("person", "kieran-doyle")], from: page, as: "priya")
        let address = try #require(attached.header("Location"))
        let words = try await office.get(address, as: "maureen").words
        #expect(words.contains("Reassessment of Kieran Doyle") && words.contains("Nothing in it fits any more"))
    }

    @Test func `asks who asked, and does not mix with an assessment`() async throws {
        let office = try await Office(on: "2026-03-09")
        let nobody = try await office.begin(
            [("about", "reassessment"), ("source", "approach"), ("day", "9/3/2026"), ("words", "x")],
            of: "kieran-doyle")
        #expect(nobody.answer.status == 422 && nobody.answer.words.contains("no request to reassess"))
        let later = try await office.begin(
            [
                ("about", "reassessment"), ("source", "parent"), ("day", "8/3/2026"), ("assessed", "9/3/2026"),
                ("words", "x"),
            ], of: "kieran-doyle")
        #expect(later.answer.status == 422 && later.answer.words.contains("was made before it"))
        let id = try await office.reassess("9/3/2026")
        let mixed = try await office.begin(
            [("source", "parent"), ("day", "9/3/2026"), ("words", "x")], of: "kieran-doyle")
        #expect(mixed.answer.status == 422 && mixed.answer.words.contains("A reassessment is open"))
        _ = try await office.request(on: "9/3/2026")
        let open = try await office.begin(
            [("about", "reassessment"), ("source", "parent"), ("day", "9/3/2026"), ("words", "x")], of: "amina")
        #expect(open.answer.status == 422 && open.answer.words.contains("no plan yet"))
        let wrong = try await office.note("decision", [("outcome", "assess"), ("day", "9/3/2026")], in: id)
        #expect(wrong.status == 422)
        let menu = try await office.get("/cases/\(id)/events/new", as: "priya").words
        #expect(menu.contains("Decide whether to reassess") && !menu.contains("Decide whether to assess"))
    }

    @Test func `is refused with a ground and reasons, and a letter tells of the rights`() async throws {
        let office = try await Office(on: "2026-03-09")
        let id = try await office.reassess("9/3/2026")
        try await office.move(to: "2026-03-23")
        let form = try await office.get("/cases/\(id)/events/new?step=reassessment", as: "priya").words
        #expect(form.contains("day of the last assessment is not noted"))
        let bare = try await office.note("reassessment", [("outcome", "refuse"), ("day", "23/3/2026")], in: id)
        #expect(bare.status == 422 && bare.words.contains("reg 24") && bare.words.contains("Write the reasons"))
        let recent = Office.refusal.map { $0.0 == "ground" ? ("ground", "recent") : $0 }
        let unknown = try await office.note("reassessment", recent, in: id)
        #expect(unknown.status == 422 && unknown.words.contains("First note the day of the last assessment"))
        try await office.note("last-assessment", [("day", "5/3/2018")], in: id)
        let old = try await office.note("reassessment", recent, in: id)
        #expect(old.status == 422 && old.words.contains("5 September 2018"))
        #expect(try await office.note("reassessment", Office.refusal, in: id).status == 303)
        let letter = try #require(try await office.letters(id).last)
        let words = try await office.get("/letters/\(letter)", as: "maureen").words
        for word in [
            "We will not reassess Kieran Doyle", "It is not necessary to assess again", "What the plan says still fits",
            "a mentor twice a week", "23 May 2026", "26 May 2026", "Mediation is your choice", "SENDIASS",
        ] {
            #expect(words.contains(word), "\(word)")
        }
        let page = try await office.get("/cases/\(id)", as: "maureen").words
        for word in ["Closed: no reassessment", "Your rights about this decision", "the family, if it wants to"] {
            #expect(page.contains(word), "\(word)")
        }
    }

    @Test func `of an earlier assessment tells the decider that it stands against nothing`() async throws {
        let office = try await Office(on: "2026-03-16")
        let first = try await office.request(on: "16/3/2026")
        try await office.move(to: "2026-04-20")
        _ = try await office.decideToAssess(first, on: "20/4/2026")
        for kind in AdviceKind.required {
            _ = try await office.ask(kind.rawValue, of: "x", bound: false, in: first, on: "20/4/2026")
        }
        try await office.move(to: "2026-06-01")
        try await office.note(
            "panel", [("outcome", "not"), ("day", "1/6/2026"), ("reasons", "r"), ("help", "h")], in: first)
        try await office.move(to: "2026-09-01")
        let second = try await office.request(on: "1/9/2026")
        let form = try await office.get("/cases/\(second)/events/new?step=decision", as: "priya").words
        for word in ["ended on 1 June 2026", "no time to wait", "section 36(8)"] {
            #expect(form.contains(word), "\(word)")
        }
    }
}

@Suite struct `Noting a disagreement` {
    @Test(arguments: Engine.allCases)
    func `goes from certificate and appeal to an order, and opens the case again`(engine: Engine) async throws {
        let office = try await Office(engine, on: "2026-03-09")
        let id = try await office.refused()
        #expect(try await office.get("/cases", as: "priya").words.contains("No case is open"))
        try await office.move(to: "2026-04-20")
        let bare = try await office.disagree("certificate", [("day", "10/4/2026")], in: id)
        #expect(bare.status == 422 && bare.words.contains("who gave it"))
        let future = try await office.disagree("certificate", [("day", "21/4/2026"), ("words", "MA-1")], in: id)
        #expect(future.status == 422 && future.words.contains("has not come yet"))
        #expect(
            try await office.disagree("certificate", [("day", "10/4/2026"), ("words", "MA-1")], in: id).status == 303)
        let second = try await office.disagree("certificate", [("day", "11/4/2026"), ("words", "MA-2")], in: id)
        #expect(second.status == 422 && second.words.contains("A certificate was noted for 10 April 2026"))
        let order: [(String, String)] = [("outcome", "assess"), ("day", "20/4/2026"), ("words", "x")]
        #expect(try await office.disagree("order", order, in: id).status == 422, "no appeal yet")
        let appeal: [(String, String)] = [("outcome", "reassess"), ("day", "20/4/2026"), ("words", "")]
        #expect(try await office.disagree("appeal", appeal, in: id).status == 303)
        #expect(try await office.disagree("appeal", appeal, in: id).words.contains("is with the Tribunal already"))
        try await office.disagree("reached", [("day", "20/4/2026")], in: id)
        let day = try await office.get("/cases", as: "priya").words
        for word in ["Kieran Doyle", "3 June 2026", "The council: the response to the Tribunal"] {
            #expect(day.contains(word), "\(word)")
        }
        try await office.move(to: "2026-07-13")
        let sent: [(String, String)] = [("outcome", "assess"), ("day", "13/7/2026"), ("other", ""), ("words", "Do it")]
        #expect(try await office.disagree("order", sent, in: id).status == 303)
        let page = try await office.get("/cases/\(id)", as: "maureen").words
        for word in ["Reassessing", "27 July 2026", "21 September 2026", "19 October 2026", "Do it", "MA-1"] {
            #expect(page.contains(word), "\(word)")
        }
        try await office.disagree("followed", [("day", "13/7/2026")], in: id)
        let letter = try #require(try await office.letters(id).last)
        let words = try await office.get("/letters/\(letter)", as: "maureen").words
        #expect(words.contains("21 September 2026") && words.contains("19 October 2026"))
    }

    @Test func `says that a certificate is missing, and takes the appeal all the same`() async throws {
        let office = try await Office(on: "2026-03-09")
        let id = try await office.refused()
        try await office.move(to: "2026-04-20")
        let form = try await office.get("/cases/\(id)/disagreement/new?step=appeal", as: "priya").words
        #expect(form.contains("Mediation never blocks an appeal") && form.contains("section 55"))
        let appeal: [(String, String)] = [("outcome", "reassess"), ("day", "20/4/2026"), ("words", "")]
        #expect(try await office.disagree("appeal", appeal, in: id).status == 303)
        #expect(try await office.get("/cases/\(id)", as: "priya").words.contains("No mediation certificate is noted"))
        #expect(
            try await !office.get("/cases/\(id)", as: "maureen").words.contains("No mediation certificate is noted"))
    }

    @Test func `is the officer’s, offers what can come next, and shuts nobody’s broken words in`() async throws {
        let office = try await Office(on: "2026-03-09")
        let id = try await office.refused()
        let menu = try await office.get("/cases/\(id)/events/new", as: "priya").words
        #expect(menu.contains("The adviser gave a certificate") && menu.contains("The Tribunal received an appeal"))
        #expect(!menu.contains("The Tribunal sent its order") && !menu.contains("Mediation was held"))
        let page = try await office.get("/cases/\(id)/disagreement/new?step=appeal", as: "priya")
        for name in ["maureen", "kieran", "farah", "tom"] {
            let path = "/cases/\(id)/disagreement/new?step=appeal"
            #expect(try await office.get(path, as: name).status == 404, "\(name)")
            let sent = try await office.post("/cases/\(id)/disagreement", [("step", "appeal")], from: page, as: name)
            #expect(sent.status == 404 || sent.status == 403, "\(name)")
        }
        #expect(try await office.get("/cases/\(id)/disagreement/new?step=nonsense", as: "priya").status == 303)
        let odd = try await office.disagree(
            "appeal", [("outcome", "'--"), ("day", "32/13/2026"), ("words", "")], in: id)
        #expect(odd.status == 422 && odd.words.contains("Choose one"))
        let long = String(repeating: "a", count: 8001)
        let much = try await office.disagree(
            "order", [("outcome", "assess"), ("day", "1/4/2026"), ("words", long)], in: id)
        #expect(much.status == 422)
        #expect(try await office.read { try Cases.file(id, in: $0).events.count } == 2)
        let fresh = try await office.request(on: "9/3/2026")
        #expect(try await office.get("/cases/\(fresh)/disagreement/new?step=appeal", as: "priya").status == 404)
    }
}

@Suite struct `Mediation and a concession` {
    @Test func `are noted with their own days, and neither waits for the other`() async throws {
        let office = try await Office(on: "2026-03-09")
        let id = try await office.refused()
        try await office.move(to: "2026-04-01")
        let early = try await office.disagree(
            "fixed", [("day", "1/4/2026"), ("other", "28/4/2026"), ("words", "")], in: id)
        #expect(early.status == 422 && early.words.contains("First note that the family wants mediation"))
        try await office.disagree("wanted", [("day", "1/4/2026")], in: id)
        let none = try await office.disagree("fixed", [("day", "1/4/2026"), ("other", ""), ("words", "")], in: id)
        #expect(none.status == 422)
        try await office.disagree(
            "fixed", [("day", "1/4/2026"), ("other", "28/4/2026"), ("words", "By video")], in: id)
        let day = try await office.get("/cases", as: "priya").words
        #expect(day.contains("The council: mediation") && day.contains("21 April 2026"))
        try await office.disagree("appeal", [("outcome", "reassess"), ("day", "1/4/2026"), ("words", "")], in: id)
        try await office.disagree("noticed", [("day", "1/4/2026"), ("words", "")], in: id)
        let page = try await office.get("/cases/\(id)", as: "maureen").words
        for word in ["A day was fixed for mediation: 28 April 2026", "1 May 2026", "reg 37", "Done 1 April 2026"] {
            #expect(page.contains(word), "\(word)")
        }
        let bare = try await office.disagree("concession", [("outcome", "assess"), ("day", "1/4/2026")], in: id)
        #expect(bare.status == 422 && bare.words.contains("Write why, for the family"))
        try await office.disagree(
            "concession", [("outcome", "assess"), ("day", "1/4/2026"), ("words", "We were wrong")], in: id)
        let after = try await office.get("/cases/\(id)", as: "maureen").words
        for word in ["Reassessing", "15 April 2026", "10 June 2026", "8 July 2026", "We were wrong", "reg 45(3)"] {
            #expect(after.contains(word), "\(word)")
        }
    }

    @Test func `that agrees to reassess is done in the time of an order, and the letter says so`() async throws {
        let office = try await Office(on: "2026-03-09")
        let id = try await office.refused()
        try await office.move(to: "2026-04-28")
        for step in ["wanted", "held"] { try await office.disagree(step, [("day", "28/4/2026")], in: id) }
        let agreed: [(String, String)] = [("outcome", "assess"), ("day", "28/4/2026"), ("words", "We look again")]
        #expect(try await office.disagree("agreement", agreed, in: id).status == 303)
        let page = try await office.get("/cases/\(id)", as: "maureen").words
        #expect(
            page.contains("regulation 42(2)") && page.contains("The law sets no day") && page.contains("Reassessing"))
        try await office.disagree("followed", [("day", "28/4/2026")], in: id)
        let letter = try #require(try await office.letters(id).last)
        let words = try await office.get("/letters/\(letter)", as: "maureen").words
        #expect(words.contains("7 July 2026") && words.contains("4 August 2026"), "ten and fourteen weeks")
    }
}

@Suite struct `Appeals counted` {
    @Test(arguments: Engine.allCases)
    func `are those of the cases that one may see, in a time, without a name or a target`(engine: Engine) async throws {
        let office = try await Office(engine, on: "2026-03-09")
        let id = try await office.refused()
        try await office.move(to: "2026-04-20")
        try await office.disagree("appeal", [("outcome", "reassess"), ("day", "20/4/2026"), ("words", "")], in: id)
        let page = try await office.get("/appeals", as: "grace")
        for word in ["Not to reassess", "With the Tribunal", "There is no target", "section 51(2)(d)"] {
            #expect(page.words.contains(word), "\(word)")
        }
        #expect(!page.text.contains("Kieran"))
        let before = try await office.get("/appeals?from=1/4/2026&to=19/4/2026", as: "grace").words
        #expect(before.contains("No appeal was received") && before.contains("No decision of this time"))
        #expect(try await office.get("/appeals?from=2/4/2026&to=1/4/2026", as: "grace").status == 400)
        #expect(try await office.get("/appeals?from=x", as: "grace").status == 400)
        for name in ["maureen", "tom", "farah"] {
            #expect(try await office.get("/appeals", as: name).status == 404, "\(name)")
        }
    }
}
