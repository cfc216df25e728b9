import Access
@testable import AccessServer
import Foundation
import Kernel
import Operations
import People
@testable import PeopleServer
import Storage
import TestKit
import Testing
import Web

@Suite struct `A record opened in an emergency` {
    private static let words = [
        "given": "Yusuf", "family": "RAHMAN", "born": "17/4/2023",
        "reason": "A neighbour says that nobody has seen the boy for days",
    ]

    @Test(arguments: Engine.allCases)
    func `is open for an hour, told to the managers, and seen by the family (INF-5)`(engine: Engine) async throws {
        let city = try await City(engine)
        #expect(try await city.get("/people/yusuf", as: "priya").status == 404)
        let form = try await city.get("/people/emergency", as: "priya")
        let opened = try await city.post("/people/emergency", Self.words, from: form, as: "priya")
        #expect(opened.header("Location") == "/people/yusuf")
        let record = try await city.get("/people/yusuf", as: "priya")
        #expect(record.words.contains("Yusuf Rahman") && record.words.contains("7 Invented Row"))
        let told = try await city.app.database.read { try Outbox.messages(limit: 10, in: $0) }
        #expect(Set(told.map(\.recipient)).isSuperset(of: ["vera@continuum.invalid", "joan@continuum.invalid"]))
        #expect(told.allSatisfy { !($0.title + $0.body).lowercased().contains("yusuf") })
        let looks = try await city.get("/people/yusuf/looks", as: "nadia")
        #expect(looks.words.contains("in an emergency, which is reviewed"))
        let hour = City.now.adding(milliseconds: Emergency.minutes * 60_000)
        let held = try await city.app.database.read { tx in
            try AccessStore.relationships(to: "yusuf", in: tx).first { $0.kind == .breakGlass }
        }
        #expect(held?.ends == hour)
    }

    @Test func `is reviewed by somebody else, once`() async throws {
        let city = try await City()
        let form = try await city.get("/people/emergency", as: "priya")
        _ = try await city.post("/people/emergency", Self.words, from: form, as: "priya")
        let list = try await city.get("/administration/openings", as: "vera")
        #expect(list.words.contains("Priya Nair") && list.words.contains("By 26 November 2026"))
        let address = try #require(list.text.components(between: "href=\"/administration/openings/", and: "\"").first)
        let page = try await city.get("/administration/openings/\(address)", as: "vera")
        #expect(page.words.contains("A neighbour says"))
        let empty = try await city.post("/administration/openings/\(address)", [:], from: page, as: "vera")
        #expect(empty.status == 422 && empty.words.contains("Say whether it was right"))
        let answer = ["verdict": "right", "note": "The duty manager asked for it"]
        let saved = try await city.post("/administration/openings/\(address)", answer, from: page, as: "vera")
        #expect(saved.header("Location") == "/administration/openings")
        #expect(try await city.get("/administration/openings", as: "vera").words.contains("It was right"))
        let changed = ["verdict": "wrong", "note": "Another thought"]
        let late = try await city.post("/administration/openings/\(address)", changed, from: page, as: "joan")
        #expect(late.status != 200)
        #expect(try await city.get("/administration/openings", as: "vera").words.contains("It was right"))
    }

    @Test func `cannot be reviewed by whoever opened it`() async throws {
        let city = try await City()
        try await city.write { tx in
            _ = try Openings.open(
                "kieran-doyle", by: "grace", reason: "made for a test of its own", reviewDue: "2026-11-26", id: "one",
                in: tx)
        }
        let page = try await city.get("/administration/openings/one", as: "grace")
        #expect(page.words.contains("You opened this record"))
        let isDone = try await city.app.database.write(for: .operation) { tx in
            let held = try #require(try Openings.opening("one", in: tx))
            return try Openings.review(held, by: "grace", .right, note: "I was right", in: tx)
        }
        #expect(!isDone)
    }

    @Test func `is refused alike for nobody and where one person alone may not open it, and for a short reason`()
        async throws
    {
        let city = try await City()
        let form = try await city.get("/people/emergency", as: "priya")
        var words = Self.words
        words["reason"] = "urgent"
        let short = try await city.post("/people/emergency", words, from: form, as: "priya")
        #expect(short.status == 422 && short.words.contains("at least 20 characters"))
        words = Self.words
        words["born"] = "18/4/2023"
        let nobody = try await city.post("/people/emergency", words, from: form, as: "priya")
        try await city.write { try AccessStore.label("yusuf", .protected, in: $0) }
        let closed = try await city.post("/people/emergency", Self.words, from: form, as: "priya")
        let shown = [nobody, closed].map { $0.words.replacing("18/4/2023", with: "17/4/2023") }
        #expect(nobody.status == 422 && closed.status == 422 && shown[0] == shown[1])
        #expect(nobody.words.contains("telephone the duty manager"))
        #expect(try await city.get("/people/yusuf", as: "priya").status == 404)
        #expect(try await city.app.events().contains("access.opening-refused"))
        for who in ["nadia", "helen", "joan", "sam"] {
            #expect(try await city.get("/people/emergency", as: who).status == 404)
        }
    }
}

@Suite struct `What two people decide` {
    private func ask(_ city: City, _ fields: [String: String], as who: String) async throws -> Answer {
        let form = try await city.get("/administration/approvals/new", as: who)
        return try await city.post("/administration/approvals", fields, from: form, as: who)
    }

    private func decide(_ city: City, _ verdict: String, as who: String) async throws -> Answer {
        let list = try await city.get("/administration/approvals", as: who)
        let id = try await city.app.database.read { try Approvals.all(limit: 1, in: $0).first?.id ?? "" }
        return try await city.post("/administration/approvals/\(id)", ["verdict": verdict], from: list, as: who)
    }

    @Test(arguments: Engine.allCases)
    func `is done only when a second person approves`(engine: Engine) async throws {
        let city = try await City(engine)
        try await city.write { try AccessStore.label("amina", .sealed, in: $0) }
        #expect(try await city.get("/people/amina", as: "grace").status == 404)
        let fields = [
            "kind": "sealed-opening", "person": "amina", "reason": "The court has asked for a report by tomorrow",
        ]
        #expect(try await ask(city, fields, as: "grace").status == 303)
        #expect(try await city.get("/people/amina", as: "grace").status == 404)
        let own = try await city.get("/administration/approvals", as: "grace")
        #expect(own.words.contains("somebody else decides"))
        let isDone = try await city.app.database.write(for: .operation) { tx in
            try Approvals.decide(Approvals.all(limit: 1, in: tx)[0].id, by: "grace", .approved, in: tx)
        }
        #expect(!isDone, "approved by herself")
        #expect(try await decide(city, "approved", as: "vera").status == 303)
        #expect(try await city.get("/people/amina", as: "grace").status == 200)
        #expect(try await city.get("/people/amina", as: "priya").status == 404)
        #expect(try await city.get("/administration/approvals", as: "vera").words.contains("Approved"))
    }

    @Test func `ends a restriction, which nobody can end alone`() async throws {
        let city = try await City()
        let restriction = try await city.app.database.read { try AccessStore.restrictions(about: "amina", in: $0)[0] }
        let fields = [
            "kind": "restriction-end", "person": "amina", "target": restriction.id,
            "reason": "The order of the family court was lifted on Monday",
        ]
        #expect(try await ask(city, fields, as: "priya").status == 303)
        #expect(try await !city.get("/people/amina", as: "imran").words.contains("Where they live"))
        _ = try await decide(city, "refused", as: "ruth")
        #expect(try await !city.get("/people/amina", as: "imran").words.contains("Where they live"))
        _ = try await ask(city, fields, as: "priya")
        _ = try await decide(city, "approved", as: "ruth")
        #expect(try await city.get("/people/amina", as: "imran").words.contains("Where they live"))
    }

    @Test func `is refused with a sentence where there is nothing of the kind, or no reason`() async throws {
        let city = try await City()
        let nothing = try await ask(
            city, ["kind": "label-end", "person": "amina", "target": "sealed", "reason": "There was never any label"],
            as: "priya")
        #expect(nothing.status == 422 && nothing.words.contains("There is nothing by this reference"))
        let short = try await ask(city, ["kind": "nonsense", "person": "amina", "reason": "because"], as: "priya")
        #expect(short.status == 422 && short.words.contains("Choose what is to be done"))
        #expect(short.words.contains("at least 20 characters"))
        #expect(try await city.get("/administration/approvals/new", as: "nadia").status == 404)
        #expect(try await city.get("/administration/approvals", as: "priya").status == 404)
    }
}

@Suite struct `Who has to do with somebody` {
    @Test(arguments: Engine.allCases)
    func `is kept by the officer of the case, with what shows it and until when`(engine: Engine) async throws {
        let city = try await City(engine)
        let page = try await city.get("/people/amina/access", as: "priya")
        #expect(page.words.contains("Nadia Rahman") && page.words.contains("birth certificate seen"))
        #expect(page.words.contains("Imran Rahman") && page.words.contains("the family court"))
        #expect(try await city.get("/people/amina", as: "tom").status == 404)
        let form = try await city.get("/people/amina/relationships/new", as: "priya")
        let wrong = try await city.post(
            "/people/amina/relationships", ["login": "nobody@continuum.invalid", "kind": "on-roll"], from: form,
            as: "priya")
        #expect(wrong.status == 422 && wrong.words.contains("Nobody signs in with this"))
        #expect(wrong.words.contains("Write the day on which it ends") && wrong.words.contains("Write what shows it"))
        let right = try await city.post(
            "/people/amina/relationships",
            [
                "login": "tom@continuum.invalid", "kind": "on-roll", "until": "31/8/2027",
                "evidence": "roll of the setting",
            ], from: form, as: "priya")
        #expect(right.header("Location") == "/people/amina/access")
        #expect(try await city.get("/people/amina", as: "tom").status == 200)
        let held = try await city.app.database.read { tx in
            try AccessStore.relationships(to: "amina", in: tx).first { $0.account == "tom" }
        }
        #expect(held?.ends == Instant(startOf: "2027-09-01"))
        let list = try await city.get("/people/amina/access", as: "priya")
        _ = try await city.post(
            "/people/amina/relationship-ends", ["relationship": held?.id ?? ""], from: list, as: "priya")
        #expect(try await city.get("/people/amina", as: "tom").status == 404)
    }

    @Test func `cannot be ended from another person’s page`() async throws {
        let city = try await City()
        let other = try await city.app.database.read { tx in
            try AccessStore.relationships(to: "yusuf", in: tx).first { $0.account == "nadia" }
        }
        let list = try await city.get("/people/amina/access", as: "grace")
        _ = try await city.post(
            "/people/amina/relationship-ends", ["relationship": other?.id ?? ""], from: list, as: "grace")
        #expect(try await city.get("/people/yusuf", as: "nadia").status == 200)
    }

    @Test func `is shown to nobody but the case and those who may see third parties`() async throws {
        let city = try await City()
        for who in ["nadia", "imran", "helen", "anwar", "owen", "joan", "vera", "sam"] {
            #expect(try await city.get("/people/amina/access", as: who).status == 404, "\(who)")
            #expect(try await city.get("/people/amina/restrictions/new", as: who).status == 404, "\(who)")
        }
        let social = try await city.get("/people/kieran-doyle/access", as: "steve")
        #expect(social.status == 200 && !social.text.contains("relationships/new"))
    }

    @Test func `closes to somebody the moment that they are kept away, and to whoever acts for them`() async throws {
        let city = try await City()
        let form = try await city.get("/people/amina/relationships/new", as: "priya")
        _ = try await city.post(
            "/people/amina/relationships",
            [
                "login": "maureen@continuum.invalid", "kind": "delegate", "named": "nadia@continuum.invalid",
                "until": "31/8/2027", "evidence": "a signed form",
            ], from: form, as: "priya")
        #expect(try await city.get("/people/amina", as: "maureen").words.contains("7 Invented Row"))
        let fields = [
            "login": "nadia@continuum.invalid", "extent": "location", "ground": "order", "decider": "a court",
            "evidence": "an order seen", "review": "31/8/2027",
        ]
        let kept = try await city.get("/people/amina/restrictions/new", as: "priya")
        let none = try await city.post("/people/amina/restrictions", [:], from: kept, as: "priya")
        #expect(none.status == 422 && none.words.contains("Choose the ground"))
        _ = try await city.post("/people/amina/restrictions", fields, from: kept, as: "priya")
        for who in ["nadia", "maureen"] {
            let page = try await city.get("/people/amina", as: who)
            #expect(page.status == 200 && !page.words.contains("7 Invented Row"), "\(who)")
        }
    }

    @Test func `begins for a family without e-mail by a code on paper`() async throws {
        let city = try await City()
        let form = try await city.get("/people/amina/invitations/new", as: "priya")
        let page = try await city.post(
            "/people/amina/invitations",
            ["name": "Zara Rahman", "kind": "carer", "until": "31/8/2027", "evidence": "an order seen"], from: form,
            as: "priya")
        let code = try #require(page.text.components(between: "<code>", and: "</code>").first)
        #expect(page.status == 200 && page.cacheControl == "no-store" && page.words.contains("family-"))
        let join = try await city.app.get("/join")
        let joined = try await city.app.post(
            "/join", ["code": code, "password": "three random words here", "again": "three random words here"],
            from: join)
        let cookie = try #require(joined.header("Set-Cookie")?.components(between: "=", and: ";").first)
        let record = try await city.app.get("/people/amina", cookies: [Reply.sessionCookie: cookie])
        #expect(record.status == 200 && record.words.contains("7 Invented Row"))
    }

    @Test func `begins with whoever adds the person`() async throws {
        let city = try await City()
        let form = try await city.get("/people/new", as: "priya")
        let wrong = try await city.post("/people", ["given": "Ada", "born": "31/2/2019"], from: form, as: "priya")
        #expect(wrong.status == 422 && wrong.words.contains("Write the family name"))
        #expect(wrong.words.contains("that month has 28 days"))
        let fields = ["given": "Ada", "family": "Example", "born": "1/2/2019", "until": "31/8/2027"]
        let added = try await city.post("/people", fields, from: form, as: "priya")
        let address = try #require(added.header("Location"))
        #expect(try await city.get(address, as: "priya").words.contains("Ada Example"))
        #expect(try await city.get(address, as: "grace").status == 404)
        #expect(try await city.get("/people/new", as: "helen").status == 404)
    }
}

@Suite struct `Hidden looks` {
    @Test(arguments: Engine.allCases)
    func `show to the family when a safeguarding lead releases them, and not before (INF-5)`(
        engine: Engine
    ) async throws {
        let city = try await City(engine)
        _ = try await city.get("/people/kieran-doyle", as: "ruth")
        #expect(try await !city.get("/people/kieran-doyle/looks", as: "maureen").words.contains("safeguarding lead"))
        for who in ["maureen", "kieran", "priya", "steve", "vera"] {
            #expect(try await city.get("/people/kieran-doyle/hidden-looks", as: who).status == 404, "\(who)")
        }
        let page = try await city.get("/people/kieran-doyle/hidden-looks", as: "ruth")
        #expect(page.words.contains("a safeguarding lead, to keep somebody safe"))
        let empty = try await city.post("/people/kieran-doyle/look-releases", [:], from: page, as: "ruth")
        #expect(empty.status == 422 && empty.words.contains("Write why it is safe now"))
        let reason = ["reason": "The enquiry has ended and the family was told"]
        #expect(try await city.post("/people/kieran-doyle/look-releases", reason, from: page, as: "ruth").status == 303)
        #expect(try await city.get("/people/kieran-doyle/looks", as: "maureen").words.contains("safeguarding lead"))
    }

    @Test func `of the police and of a protected person’s support leave no trace either`() async throws {
        let city = try await City()
        for (login, role) in [("steve", Role.police), ("dawn", .protectiveSupport)] {
            try await city.write { try AccessStore.grant(role, to: login, in: $0) }
            _ = try await city.get("/people/kieran-doyle", as: login)
        }
        let words = try await city.get("/people/kieran-doyle/looks", as: "maureen").words
        #expect(!words.contains("police") && !words.contains("protected") && !words.contains("youth justice"))
    }
}

@Suite struct `The pages of administration` {
    @Test func `show each what is theirs to do, and nobody else anything`() async throws {
        let city = try await City(slices: [access, people, WorkPages.slice])
        let joan = try await city.get("/administration", as: "joan")
        for words in ["Accounts and roles", "Agencies and teams", "Restrictions to review", "Messages and work"] {
            #expect(joan.words.contains(words))
        }
        let priya = try await city.get("/administration", as: "priya").words
        #expect(priya.contains("Ask for a second") && !priya.contains("Accounts and roles"))
        for who in ["nadia", "kieran", "helen", "tom", "anwar", "farah", "owen", "megan"] {
            #expect(try await city.get("/administration", as: who).status == 404, "\(who)")
            #expect(try await city.get("/administration/accounts", as: who).status == 404, "\(who)")
        }
        #expect(try await city.app.get("/administration/accounts").status == 303)
    }

    @Test(arguments: Engine.allCases)
    func `add an account, give it a role in a team until a day, and end both`(engine: Engine) async throws {
        let city = try await City(engine)
        let teams = try await city.get("/administration/teams", as: "joan")
        let noName = try await city.post("/administration/teams", ["agency": "The Trust"], from: teams, as: "joan")
        #expect(noName.status == 422 && noName.words.contains("Write the name of the team"))
        _ = try await city.post(
            "/administration/teams", ["agency": "The Trust", "name": "North"], from: teams, as: "joan")
        let team = try await city.app.database.read { try TeamStore.teams(in: $0)[0] }
        let new = try await city.get("/administration/accounts/new", as: "joan")
        let taken = try await city.post(
            "/administration/accounts", ["name": "Another", "login": "NADIA@continuum.invalid", "role": "senco"],
            from: new, as: "joan")
        #expect(taken.status == 422 && taken.words.contains("Somebody signs in with this already"))
        let made = try await city.post(
            "/administration/accounts",
            [
                "name": "Sophie Example", "login": "sophie@continuum.invalid", "role": "social-worker",
                "team": team.id, "until": "31/8/2027",
            ], from: new, as: "joan")
        let address = try #require(made.header("Location"))
        let page = try await city.get(address, as: "joan")
        #expect(page.words.contains("a social worker") && page.words.contains("The Trust: North"))
        let code = try await city.post(address + "/invitations", [:], from: page, as: "joan")
        #expect(code.status == 200 && code.text.contains("<code>"))
        let search = try await city.get("/administration/accounts?q=sophie%25", as: "joan")
        #expect(search.words.contains("No account has this in its name"))
        #expect(try await city.get("/administration/accounts?q=SOPHIE", as: "joan").words.contains("Sophie Example"))
        let held = try await city.get("/administration/teams", as: "joan")
        _ = try await city.post("/administration/team-ends", ["team": team.id], from: held, as: "joan")
        #expect(try await city.get(address, as: "joan").words.contains("Ended"))
        _ = try await city.post(address + "/end", [:], from: page, as: "joan")
        #expect(try await city.get(address, as: "joan").words.contains("This account ended"))
    }

    @Test func `let nobody invite or end themselves`() async throws {
        let city = try await City()
        let other = try await city.get("/administration/accounts/colin", as: "joan")
        #expect(other.text.contains("/administration/accounts/colin/end"))
        let own = try await city.get("/administration/accounts/joan", as: "joan")
        #expect(own.words.contains("your own account"))
        #expect(!own.text.contains("joan/invitations") && !own.text.contains("joan/end"))
    }

    @Test func `keep a restriction on its day of review, with why and until when`() async throws {
        let city = try await City(today: "2027-05-10")
        let list = try await city.get("/administration/restrictions", as: "joan")
        #expect(list.words.contains("Late: 3 May 2027") && list.words.contains("Imran Rahman"))
        let id = try #require(list.text.components(between: "/administration/restrictions/", and: "\"").first)
        let page = try await city.get("/administration/restrictions/\(id)", as: "joan")
        let past = try await city.post(
            "/administration/restrictions/\(id)", ["next": "1/5/2027", "note": "It stands"], from: page, as: "joan")
        #expect(past.status == 422 && past.words.contains("after today"))
        let kept = try await city.post(
            "/administration/restrictions/\(id)", ["next": "1/5/2028", "note": "The order stands"], from: page,
            as: "joan")
        #expect(kept.status == 303)
        #expect(try await city.get("/administration/restrictions/\(id)", as: "joan").words.contains("1 May 2028"))
    }

    @Test func `show what was given up, and send it again`() async throws {
        let city = try await City(slices: [access, people, WorkPages.slice])
        try await city.write { tx in
            tx.record(.housekeeping)
            try Outbox.post(
                .mail, to: "nobody@continuum.invalid", title: "A letter", body: "", owner: "operator", in: tx)
            try tx.run("UPDATE outbox SET state = 'dead', failure = 'unknown address'")
        }
        let page = try await city.get("/administration/work", as: "sam")
        #expect(page.words.contains("A letter") && page.words.contains("unknown address"))
        let id = try #require(page.text.components(between: "name=\"message\" value=\"", and: "\"").first)
        _ = try await city.post("/administration/work/retries", ["message": id], from: page, as: "sam")
        #expect(try await !city.get("/administration/work", as: "sam").words.contains("unknown address"))
        #expect(try await city.get("/administration/work", as: "vera").status == 404)
    }
}
