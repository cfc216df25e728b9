@testable import AccessServer
import Credentials
import Kernel
import Storage
import TestKit
import Testing
import Web

/// Somebody who was invited on paper, and their browsers.
private struct Invited {
    let app: TestApp
    let code: String

    init(_ engine: Engine = .sqlite) async throws {
        let code = try #require(PrintedCodes.mint(1).first)
        let hash = try #require(PrintedCodes.hash(code))
        let database = try await engine.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + access.migrations)
        try await database.write(for: .operation) { tx in
            try AccountStore.keep("nadia", login: "nadia@continuum.invalid", name: "Nadia", in: tx)
            try AccountStore.invite("nadia", code: hash, in: tx)
        }
        let policy = try shippedPolicy()
        app = try await TestApp([access], on: database, gate: AccessGate(database, policy: policy))
        self.code = code
    }

    func join(_ password: String, again: String? = nil) async throws -> Answer {
        let fields = ["code": code, "password": password, "again": again ?? password]
        return try await app.post("/join", fields, from: app.get("/join"))
    }

    func signIn(_ password: String, in browser: [String: String] = [:]) async throws -> Answer {
        let fields = ["login": "Nadia@Continuum.invalid ", "password": password]
        return try await app.post(
            "/sign-in", fields, from: app.get("/sign-in", cookies: browser), cookies: browser)
    }

    func second(_ code: String, _ cookies: [String: String]) async throws -> Answer {
        let page = try await app.get("/sign-in/second", cookies: cookies)
        return try await app.post("/sign-in/second", ["code": code], from: page, cookies: cookies)
    }

    func isSignedIn(_ cookies: [String: String]) async throws -> Bool {
        try await app.get("/account", cookies: cookies).status == 200
    }
}

extension Answer {
    /// What the browser shows from now on.
    fileprivate var session: [String: String] {
        let cookie = header("Set-Cookie") ?? ""
        return [Reply.sessionCookie: cookie.components(between: Reply.sessionCookie + "=", and: ";").first ?? ""]
    }

    fileprivate var codes: [String] { text.components(between: "<li><code>", and: "</code>") }
}

@Suite struct `Signing in` {
    private let password = " seven green umbrellas "

    @Test(arguments: Engine.allCases)
    func `goes by an invitation on paper, then by password and a code that serves once`(engine: Engine) async throws {
        let nadia = try await Invited(engine)
        let joined = try await nadia.join(password)
        #expect(joined.codes.count == 10)
        #expect(try await nadia.isSignedIn(joined.session))

        let half = try await nadia.signIn(password)
        #expect(half.header("Location")?.hasPrefix("/sign-in/second") == true)
        #expect(try await !nadia.isSignedIn(half.session), "half a session opens nothing")
        let whole = try await nadia.second(joined.codes[0], half.session)
        #expect(try await nadia.isSignedIn(whole.session))
        #expect(try await !nadia.isSignedIn(half.session), "the token is another after the second step")

        let later = try await nadia.signIn(password)
        #expect(try await nadia.second(joined.codes[0], later.session).status == 422)
        #expect(try await nadia.second(joined.codes[1], later.session).status == 303)
    }

    @Test func `takes a password to the letter, with the spaces at its ends`() async throws {
        let nadia = try await Invited()
        _ = try await nadia.join(password)
        #expect(try await nadia.signIn(String(password.trimmed)).status == 422)
        #expect(try await nadia.signIn(password).status == 303)
    }

    @Test func `says the same of a wrong password and of a name that nobody has`() async throws {
        let nadia = try await Invited()
        _ = try await nadia.join(password)
        let wrong = try await nadia.signIn("another umbrella altogether")
        let fields = ["login": "nobody@continuum.invalid", "password": "another umbrella altogether"]
        let nobody = try await nadia.app.post("/sign-in", fields, from: nadia.app.get("/sign-in"))
        #expect(wrong.status == 422 && nobody.status == 422)
        let sentence = "The name or the password is not right"
        #expect(wrong.words.contains(sentence) && nobody.words.contains(sentence))
    }

    @Test func `grows slower with each wrong password, and asks to wait`() async throws {
        let nadia = try await Invited()
        _ = try await nadia.join(password)
        for _ in 0..<5 { #expect(try await nadia.signIn("wrong umbrella, wrong rain").status == 422) }
        let waiting = try await nadia.signIn(password)
        #expect(waiting.status == 429 && waiting.header("Retry-After") != nil)
    }

    @Test func `anew in the same browser ends the session that it had`() async throws {
        let nadia = try await Invited()
        let first = try await nadia.join(password)
        #expect(try await nadia.signIn(password, in: first.session).status == 303)
        #expect(try await !nadia.isSignedIn(first.session))
    }

    @Test func `begins again with the password after five wrong codes`() async throws {
        let nadia = try await Invited()
        _ = try await nadia.join(password)
        let half = try await nadia.signIn(password)
        for _ in 0..<5 { _ = try await nadia.second("ZZZZ-ZZZZ-ZZZZ", half.session) }
        let page = try await nadia.app.get("/sign-in/second", cookies: half.session)
        #expect(page.header("Location") == "/sign-in")
    }

    @Test func `grows slower with wrong codes after right passwords, in whatever browser, and tells the owner`()
        async throws
    {
        let nadia = try await Invited()
        let joined = try await nadia.join(password)
        for _ in 0..<2 {
            let half = try await nadia.signIn(password)
            for _ in 0..<5 { _ = try await nadia.second("ZZZZ-ZZZZ-ZZZZ", half.session) }
        }
        let half = try await nadia.signIn(password)
        let waiting = try await nadia.second(joined.codes[0], half.session)
        #expect(waiting.status == 429 && waiting.header("Retry-After") == "4")
        #expect(waiting.words.contains("Your account is not locked"))
        let told = try await nadia.app.database.read { try Outbox.messages(limit: 10, in: $0) }
        #expect(told.filter { $0.title == "Somebody tried to sign in to your Continuum account" }.count == 1)
    }

    @Test func `by a new invitation ends every session that there was, and the invitation serves once`() async throws {
        let nadia = try await Invited()
        let first = try await nadia.join(password)
        #expect(try await nadia.join(password).status == 422, "an invitation serves once")
        let hash = try #require(PrintedCodes.hash(nadia.code))
        try await nadia.app.database.write(for: .operation) { tx in
            try AccountStore.invite("nadia", code: hash, in: tx)
        }
        let second = try await nadia.join("eight yellow raincoats")
        #expect(try await nadia.isSignedIn(second.session))
        #expect(try await !nadia.isSignedIn(first.session), "whoever had taken the first session over is out")
        #expect(try await nadia.signIn(password).status == 422)
    }

    @Test func `is not by a password that is easily guessed, or written in two ways`() async throws {
        let nadia = try await Invited()
        #expect(try await nadia.join("continuum123").status == 422)
        #expect(try await nadia.join(password, again: "seven green umbrellas").status == 422)
        #expect(try await nadia.join(password).status == 200)
    }
}
