@testable import AccessServer
import Credentials
import Crypto
import Kernel
import Storage
import Synchronization
import TestKit
import Testing
import Web

@Suite struct `Signing in by a council’s identity provider` {
    @Test(arguments: Engine.allCases)
    func `goes by an account that its owner connected, and on to the second factor`(engine: Engine) async throws {
        let site = try await CouncilSite(engine: engine)
        let connected = try await site.connect("nadia")
        #expect(connected.header("Location") == "/account#provider")
        let back = try await site.signIn()
        #expect(back.status == 303 && back.header("Location") == "/sign-in/second?next=%2Faccount")
        let session = try #require(back.cookies[Reply.sessionCookie])
        let half = [Reply.sessionCookie: session]
        #expect(try await site.app.get("/account", cookies: half).status == 303, "half a session opens nothing")
        #expect(try await site.app.get("/sign-in/second", cookies: half).status == 200)
        let kinds = try await site.app.events()
        #expect(kinds.contains("account.provider-connected") && kinds.filter { $0 == "sign-in.provider" }.count == 1)
        #expect(!kinds.contains("sign-in.password"))
    }

    @Test func `sends the browser off with state, nonce and challenge, and hands the code in once`() async throws {
        let site = try await CouncilSite(secret: "s p:ce")
        let gone = try await site.go()
        for name in ["state", "nonce", "code_challenge"] { #expect(gone.asked[name]?.count == 43, "\(name)") }
        #expect(gone.asked["max_age"] == "600")
        #expect(gone.asked["scope"] == "openid" && gone.asked["code_challenge_method"] == "S256")
        #expect(gone.asked["redirect_uri"] == "https://send.council.example/sign-in/provider/return")
        let kept = gone.answer.headers.first { $0.name == "Set-Cookie" }?.value ?? ""
        #expect(kept.hasPrefix("__Host-provider="))
        #expect(kept.hasSuffix("; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax"))
        _ = try await site.comeBack(gone.browser, [("code", "c-9"), ("state", gone.asked["state"])])
        let (codes, shown) = site.council.state.withLock { ($0.codes, $0.authorizations) }
        #expect(codes.count == 1 && codes[0]["code"] == "c-9" && codes[0]["client_id"] == nil)
        #expect(PKCE(verifier: codes[0]["code_verifier"] ?? "")?.challenge == gone.asked["code_challenge"])
        #expect(shown == ["Basic Y29udGludXVtOnMrcCUzQWNl"], "name and secret, each as in a form")
    }

    @Test(arguments: [("amr", #"["pwd","mfa"]"#), ("acr", #""mfa""#)])
    func `is whole where the provider says that it asked for a second factor`(
        claim: String, value: String
    ) async throws {
        let site = try await CouncilSite(assurance: ["mfa"])
        _ = try await site.connect("nadia")
        let without = try await site.signIn()
        #expect(without.header("Location")?.hasPrefix("/sign-in/second") == true)
        site.council.change { $0.claims = [claim: value] }
        let back = try await site.signIn()
        #expect(back.header("Location") == "/account")
        #expect(try await site.app.get("/account", cookies: back.cookies).status == 200)
    }

    @Test func `is not whole by what was shown there long ago, for whoever finds the browser open`() async throws {
        let shown = "\(WallClock.stopped(on: "2026-11-24").now().milliseconds / 1000 - 601)"
        let site = try await CouncilSite(assurance: ["mfa"])
        _ = try await site.connect("nadia")
        site.council.change { $0.claims = ["amr": #"["mfa"]"#, "auth_time": shown] }
        #expect(try await site.signIn().header("Location")?.hasPrefix("/sign-in/second") == true)
    }

    @Test func `takes no word for a second factor but those that are configured`() async throws {
        let site = try await CouncilSite()
        _ = try await site.connect("nadia")
        site.council.change { $0.claims = ["amr": #"["mfa"]"#, "acr": #""high""#] }
        #expect(try await site.signIn().header("Location")?.hasPrefix("/sign-in/second") == true)
    }

    @Test func `finds nobody by an e-mail address, and says how to connect`() async throws {
        let site = try await CouncilSite()
        site.council.change {
            $0.claims = ["sub": #""somebody-else""#, "email": #""nadia@council.example""#, "email_verified": "true"]
        }
        let back = try await site.signIn()
        #expect(back.status == 403 && back.words.contains("Nobody here knows this sign-in"))
        #expect(back.cookies[Reply.sessionCookie] == nil)
    }

    @Test func `says the same of an account that ended as of one that never was`() async throws {
        let site = try await CouncilSite()
        let never = try await site.signIn()
        _ = try await site.connect("nadia")
        try await site.app.database.write(for: .operation) { try AccountStore.end("nadia", in: $0) }
        let ended = try await site.signIn()
        #expect(never.status == 403 && ended.status == never.status && ended.text == never.text)
    }

    @Test(arguments: Engine.allCases)
    func `refuses a state that was used, is another browser’s, or too old`(engine: Engine) async throws {
        let site = try await CouncilSite(engine: engine)
        _ = try await site.connect("nadia")
        let mine = try await site.go()
        let other = try await site.go()
        let answer: [(String, String?)] = [("code", "c-1"), ("state", mine.asked["state"])]
        #expect(try await site.comeBack(other.browser, answer).status == 400, "another browser’s")
        #expect(try await site.comeBack([:], answer).status == 400, "a browser that began nothing")
        site.council.change { $0.nonce = mine.asked["nonce"] ?? "" }
        #expect(try await site.comeBack(mine.browser, answer).status == 303)
        #expect(try await site.comeBack(mine.browser, answer).status == 400, "used")
        let late = try await site.go()
        site.pass(minutes: 10)
        let asked = site.council.state.withLock { $0.asked.count }
        let refused = try await site.comeBack(late.browser, [("code", "c-1"), ("state", late.asked["state"])])
        #expect(refused.status == 400 && refused.words.contains("Begin again"))
        #expect(site.council.state.withLock { $0.asked.count } == asked, "the code is not handed in")
    }

    @Test func `a wrong state ends nothing that the browser began`() async throws {
        let site = try await CouncilSite()
        _ = try await site.connect("nadia")
        let gone = try await site.go()
        let wrong = try await site.comeBack(gone.browser, [("code", "c-1"), ("state", "guessed")])
        #expect(wrong.status == 400 && wrong.cookies["__Host-provider"] == nil)
        #expect(try await site.comeBack(gone.browser, [("code", "c-1"), ("state", gone.asked["state"])]).status == 303)
    }

    @Test func `refuses an answer that names another sender, or comes twice in one`() async throws {
        let site = try await CouncilSite()
        _ = try await site.connect("nadia")
        for more in [("iss", "https://login.council.example/"), ("code", "c-2")] {
            let gone = try await site.go()
            let back = try await site.comeBack(
                gone.browser, [("code", "c-1"), ("state", gone.asked["state"]), (more.0, more.1)])
            #expect(back.status == 400, "\(more)")
        }
        let strict = try await CouncilSite()
        strict.council.change { $0.metadata = ["authorization_response_iss_parameter_supported": "true"] }
        let gone = try await strict.go()
        let back = try await strict.comeBack(gone.browser, [("code", "c-1"), ("state", gone.asked["state"])])
        #expect(back.status == 400)
    }

    @Test(arguments: [
        ("cancelled", "access_denied", 200, "without signing in"), ("error", "server_error", 502, "did not work"),
    ])
    func `says what to do where the provider sends somebody back without a code`(
        kind: String, error: String, status: Int, words: String
    ) async throws {
        let site = try await CouncilSite()
        let gone = try await site.go()
        let back = try await site.comeBack(gone.browser, [("error", error), ("state", gone.asked["state"])])
        #expect(back.status == status && back.words.contains(words))
        #expect(site.council.state.withLock { $0.told } == [kind])
        #expect(try await site.app.events().contains("sign-in.provider-refused"))
        #expect(back.cookies["__Host-provider"]?.isEmpty == true)
    }

    @Test func `is not begun from elsewhere, and where no provider is set there is nothing`() async throws {
        let site = try await CouncilSite()
        #expect(await site.app.send("/sign-in/provider", [], secFetchSite: "cross-site").status == 403)
        let without = try await TestApp([access])
        #expect(try await without.get("/sign-in/provider/return?code=1&state=2").status == 404)
        #expect(try await !without.get("/sign-in").text.contains("/sign-in/provider"))
    }
}

@Suite struct `Connecting an account with a council’s sign-in` {
    @Test func `is for its owner within ten minutes of signing in`() async throws {
        let site = try await CouncilSite()
        let browser = try await site.signedIn("nadia")
        #expect(ProviderStore.minutes == 10)
        let page = try await site.app.get("/account", cookies: browser)
        #expect(page.words.contains("Connect your council sign-in"))
        try await site.app.database.write(for: .operation) { tx in
            tx.record(Event("test.session-aged"))
            try tx.run("UPDATE session SET made = \(tx.now.adding(milliseconds: -600_000))")
        }
        let late = try await site.app.post("/account/provider", [:], from: page, cookies: browser)
        #expect(late.status == 403 && late.words.contains("Sign in again first"))
    }

    @Test func `is done in the session in which it was begun and in no other`() async throws {
        let site = try await CouncilSite()
        let gone = try await site.go("/account/provider", from: "/account", in: site.signedIn("nadia"))
        let other = gone.browser.merging(try await site.signedIn("imran")) { $1 }
        let answer: [(String, String?)] = [("code", "c-1"), ("state", gone.asked["state"])]
        #expect(try await site.comeBack(other, answer).status == 403)
        #expect(try await site.account() == nil)
        #expect(try await site.comeBack(gone.browser, answer).status == 400, "it was used")
    }

    @Test(arguments: Engine.allCases)
    func `gives one sign-in to one account, until its owner disconnects it`(engine: Engine) async throws {
        let site = try await CouncilSite(engine: engine)
        let begun = try await site.go("/account/provider", from: "/account", in: site.signedIn("nadia"))
        #expect(try await site.connect("nadia").status == 303)
        #expect(try await site.connect("imran").status == 403)
        #expect(try await site.account() == "nadia")
        site.council.change { $0.claims = ["sub": #""another""#, "nonce": "\"\(begun.asked["nonce"] ?? "")\""] }
        let second = try await site.comeBack(begun.browser, [("code", "c-2"), ("state", begun.asked["state"])])
        #expect(second.status == 403 && second.words.contains("connected already"), "an account has one")
        site.council.change { $0.claims = [:] }
        let browser = try await site.signedIn("nadia")
        let page = try await site.app.get("/account", cookies: browser)
        #expect(page.words.contains("Connected since 24 November 2026"))
        _ = try await site.app.post("/account/provider-ends", [:], from: page, cookies: browser)
        #expect(try await site.account() == nil)
        #expect(try await site.app.events().last == "account.provider-disconnected")
        #expect(try await site.connect("imran").status == 303)
    }
}
