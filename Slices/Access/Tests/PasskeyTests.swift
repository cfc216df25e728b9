@testable import AccessServer
import Credentials
import Cryptography
import Kernel
import Storage
import TestKit
import Testing
import Web

/// Two people with passwords and codes on paper, on a site that knows its address, and their browsers.
private struct Household {
    static let password = "seven green umbrellas"
    let app: TestApp

    init(_ engine: Engine = .sqlite, doors: Doors = Doors(site: "https://send.example.gov.uk")) async throws {
        let slice = accessSlice(doors)
        let database = try await engine.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + slice.migrations)
        app = try await TestApp([slice], on: database, gate: AccessGate(database, policy: shippedPolicy()))
    }

    /// Joins anew, or for the first time: the cookies of a session just begun, and the codes on paper.
    func join(_ who: String) async throws -> (cookies: [String: String], codes: [String]) {
        let code = try #require(PrintedCodes.mint(1).first)
        let hash = try #require(PrintedCodes.hash(code))
        try await app.database.write(for: .operation) { tx in
            try AccountStore.keep(who, login: "\(who)@continuum.invalid", name: who, in: tx)
            try AccountStore.invite(who, code: hash, in: tx)
            tx.record(.housekeeping)
        }
        let fields = ["code": code, "password": Self.password, "again": Self.password]
        let joined = try await app.post("/join", fields, from: app.get("/join"))
        return (joined.session, joined.text.components(between: "<li><code>", and: "</code>"))
    }

    /// Adds a passkey, from the page that asks for it.
    @discardableResult
    func add(_ key: SoftKey, named name: String, _ cookies: [String: String]) async throws -> Answer {
        let page = try await app.get("/account/passkeys/new", cookies: cookies)
        let fields = ["name": name, "answer": key.made(for: page)]
        return try await app.post("/account/passkeys", fields, from: page, cookies: cookies)
    }

    /// The cookies after the password, with the second step to come.
    func password(_ who: String) async throws -> [String: String] {
        let fields = ["login": "\(who)@continuum.invalid", "password": Self.password]
        return try await app.post("/sign-in", fields, from: app.get("/sign-in")).session
    }

    func second(_ cookies: [String: String]) async throws -> Answer {
        try await app.get("/sign-in/second", cookies: cookies)
    }

    func answer(_ text: String, _ cookies: [String: String]) async throws -> Answer {
        try await app.post("/sign-in/passkey", ["answer": text], from: second(cookies), cookies: cookies)
    }

    /// Makes every session this many minutes older.
    func wait(minutes: Int) async throws {
        let began = WallClock.stopped(on: "2026-11-24").now().adding(milliseconds: -minutes * 60_000)
        try await app.database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            try tx.run("UPDATE session SET made = \(began)")
        }
    }

    /// The titles of all mail that was sent, in no order.
    func mails() async throws -> Set<String> {
        Set(try await app.database.read { tx in try tx.rows("SELECT title FROM outbox").map { try $0.get("title") } })
    }

    func passkeys(_ who: String) async throws -> [OwnPasskey] {
        try await app.database.read { try PasskeyStore.passkeys(of: who, in: $0) }
    }
}

extension Answer {
    fileprivate var session: [String: String] {
        let cookie = header("Set-Cookie") ?? ""
        return [Reply.sessionCookie: cookie.components(between: Reply.sessionCookie + "=", and: ";").first ?? ""]
    }
}

@Suite struct `A passkey` {
    @Test(arguments: Engine.allCases)
    func `is added by a name of one’s own, and signs in after the password`(engine: Engine) async throws {
        let home = try await Household(engine)
        let (cookies, _) = try await home.join("nadia")
        var phone = SoftKey()
        #expect(try await home.add(phone, named: "my phone", cookies).status == 303)
        #expect(try await home.app.get("/account", cookies: cookies).words.contains("my phone"))

        let half = try await home.password("nadia")
        let page = try await home.second(half)
        #expect(page.words.contains("Use your passkey") && page.words.contains("Code"))
        phone.handle = try await home.app.database.read { try PasskeyStore.handle(of: "nadia", in: $0) }
        phone.count = 1
        let whole = try await home.answer(phone.signed(for: page), half)
        #expect(whole.status == 303)
        #expect(try await home.app.get("/account", cookies: whole.session).status == 200)
        #expect(try await home.app.get("/account", cookies: half).status == 303, "half a session opens nothing")
        let kept = try await home.passkeys("nadia")
        #expect(kept.map(\.passkey.signCount) == [1] && kept[0].used != nil)
        let events = try await home.app.events()
        #expect(events.suffix(2) == ["sign-in.password", "sign-in.whole"] && events.contains("account.factor-added"))
    }

    @Test func `is not offered where an account has none, and not taken there`() async throws {
        let home = try await Household()
        _ = try await home.join("nadia")
        let half = try await home.password("nadia")
        let page = try await home.second(half)
        #expect(!page.words.contains("passkey"))
        let sent = try await home.app.post(
            "/sign-in/second", ["code": "ZZZZ-ZZZZ-ZZZZ"], from: page, cookies: half)
        #expect(sent.status == 422)
    }

    @Test func `answers each question once`() async throws {
        let home = try await Household()
        let (cookies, _) = try await home.join("nadia")
        let phone = SoftKey()
        try await home.add(phone, named: "my phone", cookies)
        let half = try await home.password("nadia")
        let page = try await home.second(half)
        let answer = try phone.signed(for: page)
        for next in ["/account", "/sign-in"] {
            let sent = try await home.app.post("/sign-in/passkey", ["answer": answer], from: page, cookies: half)
            #expect(sent.header("Location") == next, "once that step is over, it begins again")
        }
        let later = try await home.password("nadia")
        #expect(try await home.answer(answer, later).status == 422, "another browser was asked something else")
        #expect(try await home.app.events().last == "sign-in.wrong-code")
    }

    @Test func `that answered wrongly is asked something new`() async throws {
        let home = try await Household()
        let (cookies, _) = try await home.join("nadia")
        let phone = SoftKey()
        try await home.add(phone, named: "my phone", cookies)
        let half = try await home.password("nadia")
        let page = try await home.second(half)
        #expect(try await home.second(half).question(of: "challenge") == page.question(of: "challenge"))
        var elsewhere = phone
        elsewhere.origin = "https://send.example.gov.uk.example.org"
        let refused = try await home.answer(elsewhere.signed(for: page), half)
        #expect(refused.status == 422 && refused.words.contains("The passkey was not taken"))
        #expect(refused.question(of: "challenge") != page.question(of: "challenge"))
        #expect(try await home.answer(phone.signed(for: page), half).status == 422, "that question is gone")
        #expect(try await home.answer(phone.signed(for: home.second(half)), half).status == 303)
    }

    @Test func `of another account, or of another device, does not sign in`() async throws {
        let home = try await Household()
        let (hers, his) = (try await home.join("nadia").cookies, try await home.join("imran").cookies)
        let (phone, other) = (SoftKey(), SoftKey())
        try await home.add(phone, named: "my phone", hers)
        try await home.add(other, named: "the other phone", his)
        let half = try await home.password("nadia")
        #expect(try await home.answer(other.signed(for: home.second(half)), half).status == 422)
        #expect(try await home.answer(SoftKey().signed(for: home.second(half)), half).status == 422)
        var posing = phone
        posing.handle = try await home.app.database.read { try PasskeyStore.handle(of: "imran", in: $0) }
        #expect(try await home.answer(posing.signed(for: home.second(half)), half).status == 422)
        #expect(try await home.app.get("/account", cookies: half).status == 303)
    }

    @Test func `whose count does not rise is refused, and noted in the journal`() async throws {
        let home = try await Household()
        let (cookies, _) = try await home.join("nadia")
        var phone = SoftKey()
        phone.count = 7
        try await home.add(phone, named: "my phone", cookies)
        let half = try await home.password("nadia")
        #expect(try await home.answer(phone.signed(for: home.second(half)), half).status == 422)
        #expect(try await home.app.events().suffix(2) == ["sign-in.passkey-copied", "sign-in.wrong-code"])
        phone.count = 8
        #expect(try await home.answer(phone.signed(for: home.second(half)), half).status == 303)
    }

    @Test func `that answers wrongly five times sends back to the password`() async throws {
        let home = try await Household()
        let (cookies, codes) = try await home.join("nadia")
        let phone = SoftKey()
        try await home.add(phone, named: "my phone", cookies)
        let half = try await home.password("nadia")
        for _ in 0..<2 { _ = try await home.answer("{}", half) }
        #expect(try await home.answer("", half).words.contains("A passkey needs JavaScript"), "no guess: not counted")
        let form = try await home.second(half)
        for _ in 0..<2 {
            let fields = ["code": "ZZZZ-ZZZZ-ZZZZ"]
            #expect(try await home.app.post("/sign-in/second", fields, from: form, cookies: half).status == 422)
        }
        #expect(try await home.answer(SoftKey().signed(for: home.second(half)), half).header("Location") == "/sign-in")
        #expect(codes.count == 10)
    }

    @Test func `is added to one account, and by an answer to the question that was asked there alone`() async throws {
        let home = try await Household()
        let (hers, his) = (try await home.join("nadia").cookies, try await home.join("imran").cookies)
        let phone = SoftKey()
        let page = try await home.app.get("/account/passkeys/new", cookies: hers)
        let fields = ["name": "my phone", "answer": phone.made(for: page)]
        let stolen = try await home.app.post(
            "/account/passkeys", fields, from: home.app.get("/account/passkeys/new", cookies: his), cookies: his)
        #expect(stolen.status == 422)
        var elsewhere = phone
        elsewhere.origin = "https://www.example.org"
        #expect(try await home.add(elsewhere, named: "elsewhere", hers).status == 422)
        #expect(try await home.add(phone, named: "my phone", hers).status == 303)
        let again = try await home.add(phone, named: "mine too", his)
        #expect(again.status == 422 && again.words.contains("could not be added"))
        #expect(try await home.passkeys("imran").isEmpty)
        #expect(try await home.app.events().filter { $0 == "account.passkey-refused" }.count == 3)
    }

    @Test func `asks a session of more than ten minutes to sign in again`() async throws {
        let home = try await Household()
        let (cookies, _) = try await home.join("nadia")
        let phone = SoftKey()
        try await home.add(phone, named: "my phone", cookies)
        let page = try await home.app.get("/account/passkeys/new", cookies: cookies)
        let own = try #require(try await home.passkeys("nadia").first)
        let removal = try await home.app.get(PasskeyPages.removal(own), cookies: cookies)
        try await home.wait(minutes: 11)
        let asked = try await home.app.get("/account/passkeys/new", cookies: cookies)
        #expect(asked.words.contains("Sign in again first") && asked.text.contains("next=%2Faccount%2Fpasskeys%2Fnew"))
        let fields = ["name": "other", "answer": SoftKey().made(for: page)]
        #expect(try await home.app.post("/account/passkeys", fields, from: page, cookies: cookies).status == 403)
        let gone = try await home.app.post(PasskeyPages.removal(own), [:], from: removal, cookies: cookies)
        #expect(gone.status == 403)
        #expect(try await home.passkeys("nadia").count == 1)
    }

    @Test func `is removed by its owner alone, and signs in no more`() async throws {
        let home = try await Household()
        let (hers, his) = (try await home.join("nadia").cookies, try await home.join("imran").cookies)
        let phone = SoftKey()
        try await home.add(phone, named: "my phone", hers)
        let address = PasskeyPages.removal(try #require(try await home.passkeys("nadia").first))
        #expect(try await home.app.get(address, cookies: his).status == 404)
        let half = try await home.password("nadia")
        let question = try await home.second(half)
        let page = try await home.app.get(address, cookies: hers)
        #expect(page.words.contains("Remove “my phone”?"))
        #expect(try await home.app.post(address, [:], from: page, cookies: his).status == 404)
        #expect(try await home.app.post(address, [:], from: page, cookies: hers).status == 303)
        #expect(try await home.passkeys("nadia").isEmpty)
        let fields = ["answer": try phone.signed(for: question)]
        let late = try await home.app.post("/sign-in/passkey", fields, from: question, cookies: half)
        #expect(late.status == 422)
        #expect(try await home.app.events().contains("account.factors-removed"))
        #expect(try await home.mails() == [Notices.Change.passkeyAdded.title, Notices.Change.passkeyRemoved.title])
    }

    @Test func `is gone when its owner begins anew by an invitation, so that nobody else’s stays`() async throws {
        let home = try await Household()
        let (cookies, _) = try await home.join("nadia")
        try await home.add(SoftKey(), named: "not hers", cookies)
        _ = try await home.join("nadia")
        #expect(try await home.passkeys("nadia").isEmpty)
        #expect(try await !home.second(home.password("nadia")).words.contains("passkey"))
    }

    @Test func `stays where it is all that its owner has`() async throws {
        let home = try await Household()
        let (cookies, _) = try await home.join("nadia")
        try await home.add(SoftKey(), named: "my phone", cookies)
        let own = try #require(try await home.passkeys("nadia").first)
        let page = try await home.app.get(PasskeyPages.removal(own), cookies: cookies)
        try await home.app.database.write(for: .operation) { tx in
            for kind in [Factor.Kind.totp, .code] { try AccountStore.removeFactors(kind, of: "nadia", in: tx) }
        }
        let sent = try await home.app.post(PasskeyPages.removal(own), [:], from: page, cookies: cookies)
        #expect(sent.status == 422 && sent.words.contains("is all that you have"))
        #expect(try await home.passkeys("nadia").count == 1)
        try await home.add(SoftKey(), named: "my key", cookies)
        #expect(try await home.app.post(PasskeyPages.removal(own), [:], from: page, cookies: cookies).status == 303)
    }

    @Test func `belongs to the site’s address, or to a computer of one’s own`() throws {
        let site = try #require(Doors(site: "https://Send.example.gov.uk:8443").relyingParty(for: "evil.example.org"))
        #expect(site.id == "send.example.gov.uk" && site.origins == ["https://send.example.gov.uk:8443"])
        let usual = try #require(Doors(site: "https://send.example.gov.uk:443").relyingParty(for: ""))
        #expect(usual.origins == ["https://send.example.gov.uk"])
        let own = try #require(Doors().relyingParty(for: "localhost:8080"))
        #expect(own.id == "localhost" && own.origins == ["http://localhost:8080"])
        for host in ["", "127.0.0.1:8080", "localhost.example.org", "localhost:80:80", "localhost:x", "[::1]"] {
            #expect(Doors().relyingParty(for: host) == nil, "\(host)")
        }
        for site in ["https://10.0.0.1", "https://[::1]", "http://send.example.gov.uk", "https://"] {
            #expect(Doors(site: site).relyingParty(for: "localhost") == nil, "\(site)")
        }
    }

    @Test func `cannot be had where the site does not know its address, and the page says so`() async throws {
        let home = try await Household(doors: Doors())
        let (cookies, _) = try await home.join("nadia")
        let page = try await home.app.get("/account/passkeys/new", cookies: cookies)
        #expect(page.status == 200 && page.words.contains("Passkeys cannot be used at this address"))
        func asked(_ host: String, forwarded: Bool = false) async -> Answer {
            await home.app.send(
                Request(
                    method: "GET", path: "/account/passkeys/new", host: host, client: "127.0.0.1",
                    isForwarded: forwarded, cookies: cookies))
        }
        #expect(await asked("localhost:8080").question(of: "challenge").count == 43)
        for answer in [await asked("127.0.0.1:8080"), await asked("localhost:8080", forwarded: true)] {
            #expect(answer.words.contains("Passkeys cannot be used at this address"))
        }
    }
}
