import Access
@testable import AccessServer
import Kernel
@_spi(Gate) import Storage
import TestKit
import Testing
import Web

@Suite struct `An account that is refused often` {
    @Test(arguments: Engine.allCases)
    func `is told of once a day to those who watch over access, without a name (INF-5)`(engine: Engine) async throws {
        let city = try await City(engine)
        for _ in 1..<Refusals.many { _ = try await city.get("/people/amina", as: "tom") }
        let before = try await city.get("/administration/refusals", as: "joan")
        #expect(before.words.contains("Nobody was refused 10 times on one day"))
        for _ in 0..<5 { _ = try await city.get("/people/someone-made-up", as: "tom") }
        let told = try await city.app.database.read { try Outbox.messages(limit: 20, in: $0) }
            .filter { $0.title == "One account was refused often today" }
        let reached = Set(told.map(\.recipient))
        #expect(reached.contains("joan@continuum.invalid") && reached.count == told.count)
        #expect(told.allSatisfy { !$0.body.lowercased().contains("tom") && !$0.body.lowercased().contains("amina") })
        let after = try await city.get("/administration/refusals", as: "joan")
        #expect(after.words.contains("Tom Fielding24 November 202614"))
        #expect(try await city.get("/administration", as: "joan").words.contains("1 time in the last thirty days"))
        #expect(try await city.app.events().filter { $0 == "access.often-refused" }.count == 1)
    }

    @Test func `is no business of those who do not watch over access`() async throws {
        let city = try await City()
        for name in ["tom", "nadia", "priya"] {
            #expect(try await city.get("/administration/refusals", as: name).status == 404)
        }
    }

    @Test func `is forgotten after a year`() async throws {
        let city = try await City()
        for _ in 0..<Refusals.many { _ = try await city.get("/people/amina", as: "tom") }
        try await city.write { tx in
            tx.record(.housekeeping)
            try Refusals.forget(before: "2026-11-25", in: tx)
        }
        #expect(try await city.get("/administration/refusals", as: "joan").words.contains("Nobody was refused"))
    }
}

@Suite struct `A phone that was lost` {
    @Test func `is signed out by a manager of access, wherever it is, at the next request (INF-5)`() async throws {
        let city = try await City()
        #expect(try await city.get("/account", as: "nadia").status == 200)
        let page = try await city.get("/administration/accounts/nadia", as: "joan")
        #expect(page.words.contains("Yes, in 1 browser"))
        let done = try await city.post("/administration/accounts/nadia/sign-outs", [:], from: page, as: "joan")
        #expect(done.status == 303)
        #expect(try await city.get("/account", as: "nadia").status == 303)
        let after = try await city.get("/administration/accounts/nadia", as: "joan")
        #expect(!after.words.contains("Yes, in 1 browser") && !after.words.contains("Sign them out"))
        #expect(try await city.app.events().contains("session.all-ended"))
    }
}

@Suite struct `A form of administration that names what there is not` {
    private static let odd = "y䬱:q %"

    /// The token of a form that no page has, as the tests’ site signs it: by how long the words are.
    private static func token(for address: String) -> String {
        let hour = City.now.milliseconds / 3_600_000
        let signed = "\(hour) \(address) ".utf8.count + 64
        return "\(hour).signed\(signed)"
    }

    @Test(arguments: ["role-ends", "sign-outs", "end", "invitations", "roles", "recovery"])
    func `changes nothing and is no fault of the server`(_ what: String) async throws {
        let city = try await City()
        let page = try await city.get("/administration/accounts/nadia", as: "joan")
        let words = ["grant": Self.odd, "role": "family", "reason": "A reason that is long enough for all"]
        for account in [Query.encoded(Self.odd), "nobody"] {
            let address = "/administration/accounts/\(account)/\(what)"
            let answer = await city.app.send(
                address, [("form-token", Self.token(for: address))] + words.map { ($0.key, $0.value) },
                cookies: city.cookies("joan"))
            #expect(answer.status != 403 && answer.status < 500, "\(address): \(answer.status)")
        }
        #expect(try await city.get("/administration/accounts/nadia", as: "joan").words == page.words)
    }

    @Test func `gives no role in a team that is not there, nor until a day that is none`() async throws {
        let city = try await City()
        let address = "/administration/accounts/nadia/roles"
        let page = try await city.get("/administration/accounts/nadia", as: "joan")
        for fields in [["role": "senco", "team": Self.odd], ["role": "senco", "until": "31/2/2027"]] {
            let answer = try await city.post(address, fields, from: page, as: "joan")
            #expect(answer.status == 422 && answer.words.contains("Error: "))
        }
        let after = try await city.get("/administration/accounts/nadia", as: "joan")
        #expect(after.words == page.words)
    }

    @Test func `makes no account without an end where the day of its end is wrong`() async throws {
        let city = try await City()
        let page = try await city.get("/administration/accounts/new", as: "joan")
        let fields = ["name": "Una Okoro", "login": "una@continuum.invalid", "role": "senco", "until": "31/2/2027"]
        let answer = try await city.post("/administration/accounts", fields, from: page, as: "joan")
        #expect(answer.status == 422)
        #expect(!(try await city.get("/administration/accounts", as: "joan")).words.contains("Una Okoro"))
    }
}

@Suite struct `Two persons of whom one let the other in` {
    @Test func `are not two for a month: not beside whom one gave a role or a way in (INF-5)`() async throws {
        let city = try await City()
        #expect(try await isApart("joan", "colin", city))
        try await city.app.database.write(for: Self.joan) { tx in
            try AccessStore.grant(.safeguardingLead, to: "colin", in: tx)
            try AccountStore.invite("vera", code: String(repeating: "0", count: 64), in: tx)
        }
        for other in ["colin", "vera"] {
            #expect(try await !isApart("joan", other, city))
            #expect(try await !isApart(other, "joan", city))
        }
        #expect(try await isApart("colin", "vera", city))
        #expect(try await !isApart("joan", "joan", city))
        let month = City.now.adding(milliseconds: (SecondPerson.days * 86_400 + 1) * 1000)
        #expect(try await isApart("joan", "colin", city, at: month))
    }

    @Test func `cannot end a protection together`() async throws {
        let city = try await City()
        try await city.app.database.write(for: Self.joan) { tx in
            try AccessStore.grant(.safeguardingLead, to: "colin", in: tx)
        }
        let list = try await city.get("/administration/restrictions", as: "joan")
        let id = try #require(list.text.components(between: "/administration/restrictions/", and: "\"").first)
        let form = try await city.get("/administration/approvals/new?kind=restriction-end&target=\(id)", as: "joan")
        let asked = try await city.post(
            "/administration/approvals",
            ["kind": "restriction-end", "target": id, "reason": "The order has ended, says the court today"],
            from: form, as: "joan")
        #expect(asked.status == 303)
        let waiting = try await city.get("/administration/approvals", as: "colin")
        let asking = try #require(
            waiting.text.components(between: "action=\"/administration/approvals/", and: "\"").first)
        _ = try await city.post(
            "/administration/approvals/\(asking)", ["verdict": "approved"], from: waiting, as: "colin")
        #expect(try await city.get("/administration/restrictions", as: "joan").text.contains(id))
        #expect(try await !city.app.events().contains("access.approval-approved"))
    }

    @Test func `a manager gives themselves no role, and a role that decides is told to the others`() async throws {
        let city = try await City()
        let own = try await city.get("/administration/accounts/joan", as: "joan")
        let refused = try await city.post(
            "/administration/accounts/joan/roles", ["role": "social-worker"], from: own, as: "joan")
        #expect(refused.status == 422 && refused.words.contains("Another manager of access gives you a role"))
        let page = try await city.get("/administration/accounts/nadia", as: "joan")
        let given = try await city.post(
            "/administration/accounts/nadia/roles", ["role": "safeguarding-lead"], from: page, as: "joan")
        #expect(given.status == 303)
        let told = try await city.app.database.read { try Outbox.messages(limit: 20, in: $0) }
        #expect(told.contains { $0.title == "Somebody was given a role that decides" })
        #expect(told.allSatisfy { !$0.body.contains("nadia") && !$0.body.contains("Nadia") })
    }

    private static let joan = Scope(actor: Actor("joan"), purpose: .init("operation"), roles: [], at: City.now)

    private func isApart(
        _ one: String, _ other: String, _ city: City, at now: Instant = City.now
    ) async throws -> Bool {
        try await city.app.database.read { try SecondPerson.isApart(one, from: other, in: $0, at: now) }
    }
}
