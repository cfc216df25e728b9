import Access
@testable import AccessServer
import Kernel
import Storage
import TestKit
import Testing
import Web

/// Nadia, whose daughter’s address is kept from somebody, and those who could be asked for a new way into her account.
@Suite struct `A new way into an account that leads to a hidden address` {
    private static let reason = "I met her at the office with her passport on Monday"
    private static let page = "/administration/accounts/nadia/recovery"

    private func ask(_ city: City, for account: String = "nadia", as who: String = "joan", told: String = "")
        async throws -> Answer
    {
        let address = "/administration/accounts/\(account)/recovery"
        let form = try await city.get(address, as: who)
        return try await city.post(address, ["reason": Self.reason, "told": told], from: form, as: who)
    }

    private func decide(_ city: City, _ verdict: String = "approved", as who: String = "colin") async throws {
        let list = try await city.get("/administration/approvals", as: who)
        let id = try await city.app.database.read { try Approvals.all(limit: 1, in: $0).first?.id ?? "" }
        _ = try await city.post("/administration/approvals/\(id)", ["verdict": verdict], from: list, as: who)
    }

    /// Makes it so long ago that somebody approved.
    private func pass(_ city: City, hours: Int, less seconds: Int = 0) async throws {
        let then = City.now.adding(milliseconds: -(hours * 3600 - seconds) * 1000)
        try await city.write { tx in
            tx.record(.housekeeping)
            try tx.run("UPDATE approval SET decided = \(then) WHERE kind = \(Approval.Kind.recovery)")
        }
    }

    private func code(_ city: City, as who: String = "joan") async throws -> String? {
        let page = try await city.get(Self.page, as: who)
        let made = try await city.post(
            "/administration/accounts/nadia/recovery-codes", [:], from: page, as: who)
        return made.text.components(between: "<code>", and: "</code>").first
    }

    private func join(_ city: City, _ code: String) async throws -> Answer {
        let words = "three random words here"
        return try await city.app.post(
            "/join", ["code": code, "password": words, "again": words], from: city.app.get("/join"))
    }

    private func standing(_ city: City) async throws -> Recovery.Standing? {
        try await city.app.database.read { try RecoveryStore.newest(for: "nadia", in: $0)?.standing(at: City.now) }
    }

    private func mails(_ city: City, to who: String = "nadia") async throws -> [Message] {
        try await city.app.database.read { try Outbox.messages(limit: 50, in: $0) }.filter {
            $0.recipient == "\(who)@continuum.invalid"
        }
    }

    @Test(arguments: Engine.allCases)
    func `takes two managers and three days, and its owner is told twice (INF-5)`(engine: Engine) async throws {
        let city = try await City(engine)
        let account = try await city.get("/administration/accounts/nadia", as: "joan")
        #expect(account.words.contains("two managers of access decide together"))
        #expect(account.words.contains("R-connected") && !account.text.contains("nadia/invitations"))
        #expect(try await ask(city).header("Location") == Self.page)
        #expect(try await mails(city).map(\.title) == ["Somebody asked for a new way into your Continuum account"])
        #expect(try await code(city) == nil, "no code before the second manager")
        try await decide(city)
        #expect(try await standing(city) == .waiting(until: City.now.adding(milliseconds: 72 * 3_600_000)))
        #expect(try await mails(city).count == 2)
        for mail in try await mails(city) {
            #expect(!mail.body.contains("Amina") && !mail.body.contains("http") && mail.body.contains("Telephone"))
        }
        try await pass(city, hours: 72, less: 1)
        let early = try #require(try await code(city))
        let refused = try await join(city, early)
        #expect(refused.status == 422 && refused.words.contains("This code works from"))
        try await pass(city, hours: 72)
        let right = try #require(try await code(city, as: "colin"))
        #expect(try await join(city, early).status == 422, "the code made before serves no more")
        #expect(try await join(city, right).words.contains("You have signed in"))
        #expect(try await standing(city) == .used)
        #expect(try await code(city) == nil, "a request serves once")
        let events = try await city.app.events()
        for kind in ["recovery.asked", "access.approval-approved", "recovery.approved", "account.invited"] {
            #expect(events.contains(kind), "\(kind)")
        }
    }

    @Test func `is not given by one manager, whatever page they send it from`() async throws {
        let city = try await City()
        // The page was drawn before the address was hidden.
        let page = try await city.get("/administration/accounts/maureen", as: "joan")
        try await city.write { try AccessStore.label("kieran-doyle", .protected, in: $0) }
        let sent = try await city.post("/administration/accounts/maureen/invitations", [:], from: page, as: "joan")
        #expect(sent.header("Location") == "/administration/accounts/maureen/recovery")
        #expect(try await city.app.events().contains("recovery.refused"))
        let form = try await city.get("/administration/approvals/new", as: "priya")
        let fields = ["kind": "recovery", "person": "nadia", "target": "nadia", "reason": Self.reason]
        let asked = try await city.post("/administration/approvals", fields, from: form, as: "priya")
        #expect(asked.status == 422 && asked.words.contains("Choose what is to be done"))
    }

    @Test func `is not approved by who asked, by another office, or by who is no manager any more`() async throws {
        let city = try await City()
        _ = try await ask(city)
        for who in ["joan", "vera", "ruth"] {
            try await decide(city, as: who)
            // Nor past the page: the store refuses it by itself.
            let isDone = try await city.app.database.write(for: .operation) { tx in
                try Approvals.decide(Approvals.all(limit: 1, in: tx)[0].id, by: who, .approved, in: tx)
            }
            #expect(!isDone, "\(who)")
            #expect(try await standing(city) == .asked, "\(who)")
        }
        #expect(try await city.get("/administration/approvals", as: "vera").words.contains("Another manager of access"))
        let list = try await city.get("/administration/approvals", as: "colin")
        try await city.write { try AccessStore.revoke(.accessManager, from: "joan", in: $0) }
        let id = try await city.app.database.read { try Approvals.all(limit: 1, in: $0)[0].id }
        _ = try await city.post("/administration/approvals/\(id)", ["verdict": "approved"], from: list, as: "colin")
        #expect(try await standing(city) == .asked, "whoever asked has left")
    }

    @Test func `is stopped by its owner from their own page, before and after the approval`() async throws {
        for isApproved in [false, true] {
            let city = try await City()
            #expect(try await !city.get("/account", as: "nadia").words.contains("Somebody asked"))
            _ = try await ask(city)
            if isApproved { try await decide(city) }
            let code = isApproved ? try await code(city) : nil
            let own = try await city.get("/account", as: "nadia")
            #expect(own.words.contains("Somebody asked for a new way into your account"))
            let stopped = try await city.post("/account/recovery-stops", [:], from: own, as: "nadia")
            #expect(stopped.words.contains("It is stopped"))
            try await decide(city)
            #expect(try await standing(city) == .stopped)
            try await pass(city, hours: 72)
            if let code { #expect(try await join(city, code).status == 422) }
            #expect(try await self.code(city) == nil)
            #expect(try await mails(city, to: "joan").contains { $0.title.contains("was stopped") })
            #expect(try await !city.get("/account", as: "nadia").words.contains("Somebody asked"))
            #expect(try await city.get(Self.page, as: "joan").words.contains("it was not the owner"))
        }
    }

    @Test func `is stopped by any manager whom the owner telephones`() async throws {
        let city = try await City()
        _ = try await ask(city)
        let page = try await city.get(Self.page, as: "colin")
        _ = try await city.post("/administration/accounts/nadia/recovery-stops", [:], from: page, as: "colin")
        #expect(try await standing(city) == .stopped)
    }

    @Test func `goes no faster when it is asked for twice`() async throws {
        let city = try await City()
        let form = try await city.get(Self.page, as: "colin")
        _ = try await ask(city)
        let fields = ["reason": "I too have seen her passport, at noon"]
        let twice = try await city.post(Self.page, fields, from: form, as: "colin")
        #expect(twice.status == 422 && twice.words.contains("asked for already"))
        #expect(try await mails(city).count == 1)
    }

    @Test func `wants a reason, and a note on who told an owner without an address`() async throws {
        let city = try await City()
        let form = try await city.get(Self.page, as: "joan")
        let short = try await city.post(Self.page, ["reason": "she rang"], from: form, as: "joan")
        #expect(short.status == 422 && short.words.contains("at least 20 characters"))
        try await city.write { tx in
            try AccountStore.keep("zara", login: "family-zara", name: "Zara", in: tx)
            try AccessStore.relate("zara", to: "amina", as: .parent, evidence: "an order seen", in: tx)
        }
        let untold = try await ask(city, for: "zara")
        #expect(untold.status == 422 && untold.words.contains("Write who told the owner in person"))
        #expect(try await ask(city, for: "zara", told: "Priya Nair told her at home, 23 November").status == 303)
        let page = try await city.get("/administration/accounts/zara/recovery", as: "colin")
        #expect(page.words.contains("Priya Nair told her at home"))
    }

    @Test func `says which rule asks for two, and one where none does`() async throws {
        let city = try await City()
        func words(_ account: String) async throws -> String {
            try await city.get("/administration/accounts/\(account)", as: "joan").words
        }
        #expect(try await words("maureen").contains("R-one-manager"))
        try await city.write { try AccessStore.label("kieran-doyle", .protected, in: $0) }
        #expect(try await words("maureen").contains("R-connected"))
        #expect(try await words("kieran").contains("R-own-address"))
        #expect(try await words("sam").contains("R-one-manager"))
        try await city.write { try AccountStore.setPassword("a hash", of: "ruth", in: $0) }
        try await city.write { try AccessStore.revoke(.safeguardingLead, from: "ruth", in: $0) }
        #expect(try await words("ruth").contains("R-role"), "a role that ended a moment ago still counts")
    }

    @Test func `is nobody’s who is kept from the child, manager or not`() async throws {
        let city = try await City()
        try await city.write { try AccessStore.grant(.accessManager, to: "imran", in: $0) }
        let refused = try await ask(city, as: "imran")
        #expect(refused.status == 422 && refused.words.contains("Another manager of access has to ask"))
    }

    @Test func `by one manager is told to the owner too, and can be stopped`() async throws {
        let city = try await City()
        let page = try await city.get("/administration/accounts/maureen", as: "joan")
        let made = try await city.post("/administration/accounts/maureen/invitations", [:], from: page, as: "joan")
        let code = try #require(made.text.components(between: "<code>", and: "</code>").first)
        #expect(try await mails(city, to: "maureen").map(\.title) == ["A code was made for your Continuum account"])
        let own = try await city.get("/account", as: "maureen")
        _ = try await city.post("/account/recovery-stops", [:], from: own, as: "maureen")
        #expect(try await join(city, code).status == 422)
    }
}
