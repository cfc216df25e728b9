import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `Markup` {
    @Test func `escapes every text put into it`() {
        let nasty = "<script>alert(\"1\")</script> & 'x'\0"
        let html: HTML = "<p title=\"\(nasty)\">\(nasty)</p>"
        let safe = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;\u{FFFD}"
        #expect(html.description == "<p title=\"\(safe)\">\(safe)</p>")
    }

    @Test func `leaves other text as it is`() {
        for text in ["", "plain", "é £ 🙂 中文", "a\nb"] { #expect(("\(text)" as HTML).description == text) }
    }

    @Test func `links outside only to web addresses`() {
        #expect(outsideLink("javascript:alert(1)").description == "javascript:alert(1)")
        #expect(outsideLink("https://a.example/\"x").description.contains("href=\"https://a.example/&quot;x\""))
        #expect(outsideLink("https://a b").description == "https://a b")
    }
}

@Suite struct `A value of JSON` {
    @Test func `is written in order and escaped`() {
        let json: JSON = .object([
            ("b", .int(1)), ("a", .text("x\"\\\n\u{01}</script>é")), ("n", .null), ("d", .double(0.5)),
        ])
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"b":1,"a":"x\"\\\n\u0001\u003c/script>é","n":null,"d":0.5}"#)
        #expect(JSON.double(.nan).pretty == "null")
        #expect(JSON.array([]).pretty == "[]")
    }
}

@Suite struct `What follows the question mark` {
    @Test func `is read and written back`() throws {
        let query = try #require(Query(reading: "q=speech+therapy&near=B11%204EX&day=a&day=b&empty="))
        #expect(query["q"] == "speech therapy")
        #expect(query["near"] == "B11 4EX")
        #expect(query.all("day") == ["a", "b"])
        #expect(query["empty"] == nil)
        #expect(Query(reading: query.text) == query)
        #expect(query.setting("day", to: nil).all("day").isEmpty)
    }

    @Test(arguments: ["q=%", "q=%f", "q=%zz", "q=%ff%fe", "q=%C3", "q=%00", String(repeating: "a=b&", count: 300)])
    func `is refused where it is not well formed`(text: String) {
        #expect(Query(reading: text) == nil)
    }

    @Test func `comes back whatever the text`() {
        for text in ["a b&c=d", "100%", "é🙂", "<>\"'", "+", "~-._"] {
            let query = Query([(name: "q", value: text)])
            #expect(Query(reading: query.text)?["q"] == text)
        }
    }
}

@Suite struct `The site` {
    static let pages = Slice(
        "Pages",
        migrations: [
            Migration("2026-01-01 wish", "CREATE TABLE wish (id TEXT PRIMARY KEY, text TEXT NOT NULL)")
        ],
        actions: [WishGate.grant],
        routes: [
            .get("/", may: .anyone) { _ in .page(Page("Home", "<h1>Home</h1>"), caching: .shared) },
            .get("/things/{thing}", may: .anyone) { visit in
                .page(Page("Thing", "<h1>\(visit.parameter("thing"))</h1>"))
            },
            .get("/things/{thing}.json", may: .anyone) { visit in .json(.text(visit.parameter("thing"))) },
            .get("/things/new", may: .anyone) { _ in .page(Page("New", "<h1>New</h1>")) },
            .get("/secret/{wish}", may: .act(WishGate.grant, on: "wish")) { _ in .page(Page("Secret", "secret"))
            },
            .get("/broken", may: .anyone) { _ in throw StorageFault.noColumn("a child’s name") },
            .get("/wishes/new", may: .anyone) { visit in
                .page(
                    Page(
                        "Wish",
                        visit.form.posting(to: "/wishes", version: 3, textInput("text", label: "Wish", value: ""))))
            },
            .get("/absent", may: .anyone) { visit in
                .text(try visit.live(Live("not kept", follows: []) { _, _ in "" }), type: "text/plain")
            },
            .post("/wishes", may: .anyone) { visit in
                let text = visit.form["text"]
                return try await visit.writeOnce { tx, id in
                    try tx.run("INSERT INTO wish (id, text) VALUES (\(id), \(text))")
                    tx.record(Event("wish.made", subject: id))
                    return "/things/\(text)"
                }
            },
        ])

    @Test func `finds the route by its fixed parts first`() async throws {
        let app = try await TestApp([Self.pages])
        #expect(try await app.get("/things/new").text.contains("<h1>New</h1>"))
        #expect(try await app.get("/things/a%20b").text.contains("<h1>a b</h1>"))
        #expect(try await app.get("/things/x.json").text == "\"x\"\n")
    }

    @Test(arguments: [
        ("/nowhere", 404), ("/things", 404), ("/things/%ff", 400), ("/things/x?q=%zz", 400), ("/things/x/", 303),
        ("/secret/1", 303), ("/broken", 500), ("/wishes", 405), ("//things//x", 303),
        ("/absent", 503),
    ])
    func `answers what it cannot do with its own pages`(address: String, status: Int) async throws {
        let answer = try await TestApp([Self.pages]).get(address)
        #expect(answer.status == status)
        if status != 303 { #expect(answer.text.contains("<h1")) }
        #expect(!answer.text.contains("a child’s name"))
    }

    @Test func `asks to come back where what it needs is not in memory`() async throws {
        let answer = try await TestApp([Self.pages]).get("/absent")
        #expect(answer.status == 503 && answer.header("Retry-After") == "10")
        #expect(answer.words.contains("Wait ten seconds and load the page again"))
        #expect(answer.cacheControl == "no-store")
    }

    @Test func `names what a wrong method may be`() async throws {
        let app = try await TestApp([Self.pages])
        let answer = await app.send(Request(method: "DELETE", path: "/things/x"))
        #expect(answer.status == 405 && answer.header("Allow") == "GET, HEAD")
        #expect(await app.send(Request(method: "HEAD", path: "/things/x")).status == 200)
    }

    @Test func `does what a form asks once, however often it is sent`() async throws {
        let app = try await TestApp([Self.pages])
        let page = try await app.get("/wishes/new")
        #expect(page.text.contains("name=\"form-version\" value=\"3\""))
        let first = try await app.post("/wishes", ["text": "snow"], from: page)
        let second = try await app.post("/wishes", ["text": "snow"], from: page)
        #expect(first.status == 303 && first.header("Location") == "/things/snow")
        #expect(second.header("Location") == "/things/snow")
        #expect(try await app.events() == ["wish.made"])
    }

    @Test func `knows a form again whatever the order of its fields, and other words for another wish`() async throws {
        let app = try await TestApp([Self.pages])
        let page = try await app.get("/wishes/new").text
        func hidden(_ name: String) -> (String, String) {
            (name, page.components(between: "name=\"\(name)\" value=\"", and: "\"").first ?? "")
        }
        let own = [hidden("form-token"), hidden("form-key")]
        let fields = [("text", "a horse"), ("colour", "brown")]
        let first = await app.send("/wishes", own + fields)
        let again = await app.send("/wishes", fields.reversed() + own.reversed())
        #expect(first.status == 303 && again.header("Location") == first.header("Location"))
        #expect(try await app.events() == ["wish.made"])
        let other = await app.send("/wishes", own + [("text", "a dog"), ("colour", "brown")])
        #expect(other.header("Location") == "/things/a dog")
        #expect(try await app.events() == ["wish.made", "wish.made"])
    }

    @Test func `turns away a form from elsewhere, without a token, or for another address`() async throws {
        let app = try await TestApp([Self.pages])
        let page = try await app.get("/wishes/new")
        let token = page.text.components(between: "name=\"form-token\" value=\"", and: "\"").first ?? ""
        #expect(await app.send("/wishes", [("text", "x")]).status == 403)
        #expect(
            await app.send("/wishes", [("text", "x"), ("form-token", token)], secFetchSite: "cross-site").status == 403)
        #expect(await app.send("/wishes", [("text", "x"), ("form-token", "1.\(token)")]).status == 403)
        #expect(
            await app.send("/wishes", [("text", "x"), ("form-token", "0.\(token.split(separator: ".")[1])")]).status
                == 403)
        let other = Request(
            method: "POST", path: "/wishes", contentType: "application/x-www-form-urlencoded",
            origin: "https://elsewhere.example", body: Array("form-token=\(token)".utf8))
        #expect(await app.send(other).status == 403)
        let binary = Request(
            method: "POST", path: "/wishes", contentType: "application/x-www-form-urlencoded", body: [0xFF, 0xFE])
        #expect(await app.send(binary).status == 400)
        #expect(await app.send(Request(method: "POST", path: "/wishes", contentType: "text/plain")).status == 400)
        #expect(try await app.events().isEmpty)
    }

    @Test func `does not boot where two slices would take each other’s place`() async throws {
        let page: Route.Handler = { _ in .page(Page("x", "<h1>x</h1>")) }
        await #expect(throws: BootRefusal.sameRoute("GET /plans/{id}")) {
            _ = try await TestApp([
                Slice("A", migrations: [], routes: [.get("/plans/{plan}", may: .anyone, page)]),
                Slice("B", migrations: [], routes: [.get("/plans/{id}", may: .anyone, page)]),
            ])
        }
        let live = Live<Int>("index", follows: []) { _, _ in 1 }
        await #expect(throws: BootRefusal.sameName("index", of: "live value")) {
            _ = try await TestApp([
                Slice("A", migrations: [], routes: [], lives: [live]),
                Slice("B", migrations: [], routes: [], lives: [live]),
            ])
        }
    }

    @Test func `gives an address to its most particular route, whatever the method`() async throws {
        let page: Route.Handler = { _ in .page(Page("x", "<h1>x</h1>")) }
        let app = try await TestApp([
            Slice(
                "A", migrations: [],
                routes: [.get("/plans/new", may: .anyone, page), .post("/plans/{plan}", may: .anyone, page)])
        ])
        #expect(await app.send(Request(method: "POST", path: "/plans/new")).status == 405)
    }

    @Test func `does not boot with two routes alike, an unknown action, or a policy on nothing`() async throws {
        func boot(_ routes: [Route], _ actions: [Action] = []) async throws {
            _ = try await TestApp([Slice("Test", migrations: [], actions: actions, routes: routes)])
        }
        let home = Route.get("/", may: .anyone) { _ in .notFound }
        await #expect(throws: BootRefusal.sameRoute("GET /")) { try await boot([home, home]) }
        let path = PersonPath { "SELECT \($0) AS person" }
        let act = Action("plan.cease", .change, classes: ["education"], path: path)
        let route = Route.get("/plans/{plan}", may: .act(act, on: "plan")) { _ in .notFound }
        await #expect(throws: BootRefusal.undeclaredAction("plan.cease", route: "GET /plans/{plan}")) {
            try await boot([route])
        }
        let wrong = Route.get("/plans/{plan}", may: .act(act, on: "child")) { _ in .notFound }
        await #expect(throws: BootRefusal.noSuchParameter("child", route: "GET /plans/{plan}")) {
            try await boot([wrong], [act])
        }
        let nobody = Action("plan.cease", .change, classes: [], path: path)
        await #expect(throws: BootRefusal.aboutNobody("plan.cease", route: "GET /plans/{plan}")) {
            try await boot([.get("/plans/{plan}", may: .act(nobody, on: "plan")) { _ in .notFound }], [nobody])
        }
        let office = Action("jobs.see", .see, roles: [])
        await #expect(throws: BootRefusal.ofNoRole("jobs.see", route: "GET /jobs")) {
            try await boot([.get("/jobs", may: .office(office)) { _ in .notFound }], [office])
        }
    }
}

@Suite struct `The components` {
    @Test func `each have an example, and field errors are joined to their fields`() {
        #expect(Gallery.examples.count >= 15)
        let field = textInput("age", label: "Age", value: "-3", hint: "In years", error: "Enter an age").description
        #expect(field.contains("aria-describedby=\"age-hint age-error\""))
        #expect(errorSummary([]) == nil)
        #expect(pagination(page: 1, pages: 1, address: { "\($0)" }) == nil)
    }

    @Test func `page numbers skip what is far away`() throws {
        let html = try #require(pagination(page: 5, pages: 100) { "/p/\($0)" }).description
        #expect(html.contains("/p/4\"") && html.contains("/p/100\"") && !html.contains("/p/50\""))
        #expect(html.contains("aria-current=\"page\""))
    }
}

extension HTML: Equatable {
    public static func == (a: HTML, b: HTML) -> Bool { a.bytes == b.bytes }
}
