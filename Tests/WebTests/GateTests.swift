import Kernel
@_spi(Gate) import Storage
import TestKit
import Testing
import Web

/// Lets Ann and Ben in by a cookie of their name; only Ann may grant wishes, and only the one named “pony”.
struct WishGate: Gate {
    static let grant = Action(
        "wish.grant", .change, classes: ["own-words"], path: PersonPath { "SELECT \($0) AS person" })
    static let office = Action("wishes.count", .see, roles: ["wish-officer"])

    func visitor(_ request: Request, at now: Instant) -> Visitor {
        guard let name = request.cookies[Reply.sessionCookie], ["Ann", "Ben"].contains(name) else { return .stranger }
        return Visitor(
            actor: Actor(name), session: "session-\(name)", roles: name == "Ben" ? ["wish-officer"] : [], name: name)
    }

    func scope(of visitor: Visitor, for permission: Permission, on subject: String, at now: Instant) -> Scope? {
        let may =
            switch permission {
            case .anyone: true
            case .signedIn: visitor.isSignedIn
            case .office(let action): !action.roles.isDisjoint(with: visitor.roles)
            case .act(let action, _): action == Self.grant && visitor.name == "Ann" && subject == "pony"
            case .link, .key: false
            }
        return may ? Scope(actor: visitor.actor, purpose: .init("wishing"), roles: visitor.roles, at: now) : nil
    }
}

@Suite struct `A route that is not for anyone` {
    static let wishes = Slice(
        "Wishes",
        migrations: [
            Migration("2026-01-01 wish", "CREATE TABLE wish (id TEXT PRIMARY KEY, version BIGINT NOT NULL)")
        ],
        actions: [WishGate.grant, WishGate.office],
        routes: [
            .get("/", may: .anyone) { _ in .page(Page("Home", "<h1>Home</h1>"), caching: .shared) },
            .get("/mine", may: .signedIn) { visit in
                .page(Page("Mine", "<p>\(visit.scope.actor.id) wants to \(visit.scope.purpose.rawValue)</p>"))
            },
            .get("/wishes", may: .office(WishGate.office)) { _ in .page(Page("Count", "<p>one</p>")) },
            .get("/wishes/{wish}", may: .act(WishGate.grant, on: "wish")) { visit in
                .page(Page("Wish", visit.form.posting(to: "/wishes/pony", version: 3, "")))
            },
            .post("/wishes/{wish}", may: .act(WishGate.grant, on: "wish")) { visit in
                try await visit.writeOnce { tx, _ in
                    try visit.expect(version: 3)
                    tx.record(Event("wish.granted"))
                    return "/"
                }
            },
        ],
        navigation: [NavigationItem("Wishes", "/wishes", for: .roles(["wish-officer"]))])

    private func app() async throws -> TestApp { try await TestApp([Self.wishes], gate: WishGate()) }
    private let ann = [Reply.sessionCookie: "Ann"]
    private let ben = [Reply.sessionCookie: "Ben"]

    @Test func `shows a stranger where to sign in, the same for what is there and what is not`() async throws {
        let app = try await app()
        for address in ["/mine", "/wishes", "/wishes/pony", "/wishes/none"] {
            let answer = try await app.get(address)
            let next = Query.encoded(address)
            #expect(answer.status == 303 && answer.header("Location") == "/sign-in?next=\(next)")
        }
    }

    @Test func `is not there for whoever may not, as if there were none`() async throws {
        let app = try await app()
        let hidden = try await app.get("/wishes/pony", cookies: ben)
        let absent = try await app.get("/wishes/none", cookies: ben)
        #expect(hidden.status == 404 && hidden.words == absent.words && hidden.cacheControl == absent.cacheControl)
        #expect(try await app.get("/wishes/unicorn", cookies: ann).status == 404)
        #expect(try await app.get("/wishes", cookies: ann).status == 404)
    }

    @Test func `answers whoever may, for the purpose that was decided, and is kept by nobody`() async throws {
        let app = try await app()
        let mine = try await app.get("/mine", cookies: ann)
        #expect(mine.words.contains("Ann wants to wishing") && mine.cacheControl == "no-store")
        #expect(!mine.mayBeCompressed)
        #expect(try await app.get("/wishes", cookies: ben).status == 200)
        #expect(try await app.get("/wishes/pony", cookies: ann).status == 200)
    }

    @Test func `shows its place in the navigation only to those who may open it`() async throws {
        let app = try await app()
        #expect(try await app.get("/", cookies: ben).text.contains("href=\"/wishes\""))
        #expect(!(try await app.get("/", cookies: ann).text.contains("href=\"/wishes\"")))
        #expect(!(try await app.get("/").text.contains("Sign out")))
    }

    @Test func `makes a public page private for whoever has signed in`() async throws {
        let app = try await app()
        #expect(try await app.get("/").cacheControl == "public, max-age=60")
        let answer = try await app.get("/", cookies: ann)
        #expect(answer.cacheControl == "no-store" && answer.words.contains("Ann") && !answer.mayBeCompressed)
    }

    @Test func `takes a form only from the session that it was drawn for`() async throws {
        let app = try await app()
        let page = try await app.get("/wishes/pony", cookies: ann)
        #expect(try await app.post("/wishes/pony", [:], from: page, cookies: [:]).status == 403)
        #expect(try await app.post("/wishes/pony", [:], from: page, cookies: ben).status == 404)
        #expect(try await app.post("/wishes/pony", [:], from: page, cookies: ann).status == 303)
        #expect(try await app.events() == ["wish.granted"])
    }

    @Test func `changes nothing where it was drawn from another version, or from none`() async throws {
        let app = try await app()
        let page = try await app.get("/wishes/pony", cookies: ann)
        let old = try await app.post("/wishes/pony", ["form-version": "2"], from: page, cookies: ann)
        #expect(old.status == 409 && old.words.contains("Somebody changed this while you were writing"))
        let form = page.text.components(between: "action=\"/wishes/pony\"", and: "</form>").first ?? ""
        let token = form.components(between: "name=\"form-token\" value=\"", and: "\"").first ?? ""
        let silent = await app.send("/wishes/pony", [("form-token", token)], cookies: ann)
        #expect(silent.status == 428)
        for (match, status) in [("\"3\"", 303), ("\"2\"", 412), ("3", 428), ("\"\"", 428)] {
            let body = Query([(name: "form-token", value: token)]).text
            let answer = await app.send(
                Request(
                    method: "POST", path: "/wishes/pony", contentType: "application/x-www-form-urlencoded",
                    secFetchSite: "same-origin", match: match, cookies: ann, body: Array(body.utf8)))
            #expect(answer.status == status, "\(match)")
        }
    }
}
