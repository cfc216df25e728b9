@testable import AccessServer
import Credentials
import Cryptography
import Kernel
import Storage
import TestKit
import Testing
import Web

/// Somebody with a password, codes and an app, who signed in so many minutes ago.
private struct Owner {
    static let password = "seven green umbrellas"
    static let now = WallClock.stopped(on: "2026-11-24").now()
    let app: TestApp
    let secret = TOTP.secret()
    let codes = PrintedCodes.mint()
    let cookies: [String: String]
    let others: [String: String]

    init(
        _ engine: Engine = .sqlite, minutesAgo minutes: Int = 0, login: String = "nadia@continuum.invalid"
    ) async throws {
        let database = try await engine.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + access.migrations)
        let (secret, hashes) = (Base32.text(secret), codes.compactMap(PrintedCodes.hash))
        let hash = try await PasswordLane.shared.hash(Owner.password)
        let tokens = try await database.write(for: .operation) { tx in
            try AccountStore.keep("nadia", login: login, name: "Nadia", in: tx)
            try AccountStore.setPassword(hash, of: "nadia", in: tx)
            try AccountStore.addFactor(.totp, secret: secret, to: "nadia", in: tx)
            for hash in hashes { try AccountStore.addFactor(.code, secret: hash, to: "nadia", in: tx) }
            let tokens = try (0..<2).map { _ in
                try SessionStore.begin(.whole, for: "nadia", device: "a test", replacing: nil, in: tx)
            }
            try tx.run("UPDATE session SET made = \(Owner.now.adding(milliseconds: -minutes * 60_000))")
            return tokens
        }
        (cookies, others) = ([Reply.sessionCookie: tokens[0]], [Reply.sessionCookie: tokens[1]])
        let policy = try shippedPolicy()
        app = try await TestApp([access], on: database, gate: AccessGate(database, policy: policy))
    }

    func get(_ address: String) async throws -> Answer { try await app.get(address, cookies: cookies) }

    func post(_ address: String, _ fields: [String: String]) async throws -> Answer {
        try await app.post(address, fields, from: get(address), cookies: cookies)
    }

    func change(_ old: String, to new: String, again: String? = nil) async throws -> Answer {
        try await post("/account/password", ["old": old, "password": new, "again": again ?? new])
    }

    func signIn(_ password: String) async throws -> Answer {
        let fields = ["login": "nadia@continuum.invalid", "password": password]
        return try await app.post("/sign-in", fields, from: app.get("/sign-in"))
    }

    /// Whether a code lets them through the second step.
    func isIn(by code: String) async throws -> Bool {
        let half = try await signIn(Owner.password)
        let token = half.header("Set-Cookie")?.components(between: "=", and: ";").first ?? ""
        let held = [Reply.sessionCookie: token]
        let page = try await app.get("/sign-in/second", cookies: held)
        return try await app.post("/sign-in/second", ["code": code], from: page, cookies: held).status == 303
    }

    func mails() async throws -> [Message] { try await app.database.read { try Outbox.messages(limit: 10, in: $0) } }
}

@Suite struct `A password that was kept at another cost` {
    @Test func `is kept at today’s when it was right, and not when it was wrong`() async throws {
        let nadia = try await Owner()
        let cheap = try Password.hash(Owner.password, cost: .init(passes: 1, memory: 8 * 1024 * 1024))
        try await nadia.app.database.write(for: .operation) { try AccountStore.setPassword(cheap, of: "nadia", in: $0) }
        func held() async throws -> String {
            try await nadia.app.database.read { try AccountStore.account("nadia", in: $0)?.password ?? "" }
        }
        #expect(try await nadia.signIn("not the umbrella one").status == 422)
        #expect(try await held() == cheap)
        #expect(try await nadia.signIn(Owner.password).status == 303)
        #expect(try await !Password.needsRehash(held()))
        #expect(try await nadia.signIn(Owner.password).status == 303)
        #expect(try await nadia.app.events().count { $0 == "account.password-rehashed" } == 1)
    }
}

@Suite struct `Changing how one signs in` {
    private let new = "eight yellow raincoats"

    @Test(arguments: Engine.allCases)
    func `to a new password ends every other session, is noted, and is told by mail (INF-5)`(
        engine: Engine
    ) async throws {
        let nadia = try await Owner(engine)
        let changed = try await nadia.change(Owner.password, to: new)
        #expect(changed.status == 200 && changed.words.contains("Your password was changed"))
        #expect(try await nadia.get("/account").status == 200, "this browser stays signed in")
        #expect(try await nadia.app.get("/account", cookies: nadia.others).status == 303, "the other does not")
        #expect(try await nadia.signIn(Owner.password).status == 422)
        #expect(try await nadia.signIn(new).status == 303)
        let mail = try #require(try await nadia.mails().first)
        #expect(mail.recipient == "nadia@continuum.invalid" && mail.title.contains("password"))
        #expect(mail.body.contains("If it was not you") && !mail.body.contains("http") && !mail.body.contains("Nadia"))
        let events = try await nadia.app.events()
        #expect(events.contains("account.password-chosen") && events.contains("session.others-ended"))
    }

    @Test func `is refused with a sentence where the old password is wrong, or the new one is none`() async throws {
        let nadia = try await Owner()
        #expect(try await nadia.change("not the umbrella one", to: new).words.contains("not the password you have now"))
        #expect(try await nadia.change(Owner.password, to: "continuum123").status == 422)
        #expect(try await nadia.change(Owner.password, to: Owner.password).words.contains("Choose another"))
        #expect(try await nadia.change(Owner.password, to: new, again: "other").words.contains("not the same"))
        #expect(try await nadia.change("", to: "").words.contains("Write the password that you have now"))
        #expect(try await nadia.signIn(Owner.password).status == 303)
        #expect(try await nadia.mails().isEmpty)
    }

    @Test func `grows slower with each wrong old password, as at the door`() async throws {
        let nadia = try await Owner()
        for _ in 0..<5 { #expect(try await nadia.change("not the umbrella one", to: new).status == 422) }
        let waiting = try await nadia.change(Owner.password, to: new)
        #expect(waiting.status == 429 && waiting.header("Retry-After") != nil)
    }

    @Test func `to new codes makes the old ones worth nothing, and shows the new ones once`() async throws {
        let nadia = try await Owner()
        let page = try await nadia.post("/account/codes", [:])
        let codes = page.text.components(between: "<li><code>", and: "</code>")
        #expect(codes.count == 10 && page.cacheControl == "no-store")
        #expect(try await !nadia.isIn(by: nadia.codes[0]))
        #expect(try await nadia.isIn(by: codes[0]))
        #expect(try await nadia.get("/account").words.contains("9 codes on paper are left"))
        #expect(try await nadia.mails().map(\.title) == ["New codes were made for your Continuum account"])
    }

    @Test func `to another app keeps the old one until the new one has shown a right code`() async throws {
        let nadia = try await Owner()
        let page = try await nadia.get("/account/app")
        let shown = try #require(page.text.components(between: "name=\"secret\" value=\"", and: "\"").first)
        let app = try #require(Base32.bytes(shown).flatMap { TOTP(secret: $0) })
        let old = try #require(TOTP(secret: nadia.secret))
        func send(_ code: String) async throws -> Answer {
            try await nadia.app.post("/account/app", ["code": code], from: page, cookies: nadia.cookies)
        }
        let wrong = try await send(old.code(at: Owner.now))
        #expect(wrong.status == 422 && wrong.text.contains(shown), "the same key stands there again")
        #expect(try await nadia.isIn(by: old.code(at: Owner.now)), "the old app still serves")
        #expect(try await send(app.code(at: Owner.now)).words.contains("Your new app is ready"))
        #expect(try await !nadia.isIn(by: app.code(at: Owner.now)), "a code serves once")
        let later = Owner.now.adding(milliseconds: 30_000)
        #expect(try await !nadia.isIn(by: old.code(at: later)), "the old app serves no more")
        #expect(try await nadia.isIn(by: app.code(at: later)))
    }

    @Test(arguments: ["/account/password", "/account/codes", "/account/app"])
    func `asks to sign in again ten minutes after signing in, and changes nothing`(address: String) async throws {
        let nadia = try await Owner(minutesAgo: 10)
        let page = try await nadia.get(address)
        #expect(page.status == 200 && page.words.contains("Sign in again first"))
        #expect(page.text.contains("/sign-in?next=%2Faccount"))
        let fresh = try await Owner(minutesAgo: 9)
        let form = try await fresh.get(address)
        #expect(!form.words.contains("Sign in again first"))
        let fields = ["old": Owner.password, "password": new, "again": new]
        let late = try await nadia.app.post(address, fields, from: form, cookies: nadia.cookies)
        #expect(late.status == 403 && late.words.contains("Sign in again first"))
        #expect(try await nadia.mails().isEmpty)
    }

    @Test func `is told to nobody by mail where they sign in with a name`() async throws {
        let nadia = try await Owner(login: "family-12")
        #expect(try await nadia.change(Owner.password, to: new).status == 200)
        #expect(try await nadia.mails().isEmpty)
    }
}
