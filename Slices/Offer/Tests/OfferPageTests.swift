import DemoCity
import Kernel
import Offer
@testable import OfferServer
import Storage
import TestKit
import Testing
import Web

/// The site on the whole demonstration city.
enum DemoSite {
    /// A city of this test's own, to change as it likes.
    static func fresh(today: Day = "2026-11-24") async throws -> TestApp {
        try await TestApp([offer], today: today) { database in
            try await Demo(database, share: TestApp.share, today: today, progress: { _, _, _ in }).prepareOffer()
        }
    }

    /// The one city that all tests share which only read.
    static func app() async throws -> TestApp { try await shared.value }
    private static let shared = Task { try await fresh() }
}

@Suite struct `The pages of the offer` {
    @Test(arguments: [
        ("/", "Find help near home"), ("/search", "Find help"), ("/search?q=autism+B11+age+4", "fit what you asked"),
        ("/search?q=autism&view=map", "Map of the results"), ("/entries/school-103600", "Hamilton School"),
        ("/compare?entry=school-103600&entry=school-103605", "Side by side"), ("/compare", "Side by side"),
        ("/shortlist", "Your shortlist is empty"), ("/words", "What do these words mean?"),
        ("/sources", "Data sources and licences"), ("/privacy", "Privacy and cookies"),
        ("/accessibility", "Accessibility statement"), ("/reports/new", "Something here is wrong"),
        ("/reports/thanks", "Thank you"), ("/shortlist?list=", "empty"), ("/shortlist?list=~~", "nothing on this list"),
    ])
    func `answer with what they are for`(address: String, words: String) async throws {
        let answer = try await DemoSite.app().get(address)
        #expect(answer.status == 200)
        #expect(answer.text.contains(words))
        #expect(answer.text.components(between: "<h1", and: "</h1>").count == 1)
    }

    @Test func `of a search say why each result is there and how far it is (OFF-1, DEM-6)`() async throws {
        let answer = try await DemoSite.app().get("/search?q=autism+B11+age+4")
        let first = try #require(answer.text.components(between: "<li class=\"app-result\"", and: "</li>\n\n").first)
        #expect(first.contains("Uffculme School") && first.contains("For autism") && first.contains("2.0 miles"))
        #expect(!first.contains("Invented"))
        #expect(answer.words.contains("Invented for this demonstration: it does not exist"))
        #expect(answer.body.count < 60_000)
    }

    @Test func `of a school say where each fact comes from, and what is not known`() async throws {
        let words = try await DemoSite.app().get("/entries/school-103120").words
        #expect(words.contains("Not known: ask the school"))
        #expect(words.contains("School census and school performance tables 2024/25, January 2025"))
        let hamilton = try await DemoSite.app().get("/entries/school-103600").words
        #expect(hamilton.contains("8 years old, so check"))
        #expect(hamilton.contains("It says how the school was then"))
    }

    @Test func `of a comparison say when more were chosen than fit`() async throws {
        let chosen = [103_600, 103_605, 103_609, 103_610, 103_611].map { "entry=school-\($0)" }
        let four = try await DemoSite.app().get("/compare?" + chosen.prefix(4).joined(separator: "&")).words
        #expect(!four.contains("left out"))
        let five = try await DemoSite.app().get("/compare?" + chosen.joined(separator: "&")).words
        #expect(five.contains("Only 4 fit beside each other, so the last 1 you chose is left out"))
    }

    @Test func `show help by telephone first to whoever may be in danger, and correct none of their words`()
        async throws
    {
        for words in ["I+want+to+kill+myself", "suicidal", "my+daughter+is+self+harming"] {
            let page = try await DemoSite.app().get("/search?q=" + words)
            let box = try #require(page.text.components(between: "<main", and: "<h1").first)
            #expect(box.contains("tel:999") && box.contains("116 123") && box.contains("0800 1111"))
            #expect(!page.words.contains("We took"))
            #expect(try await DemoSite.app().get("/search.json?q=" + words).text.contains("999"))
        }
        #expect(!(try await DemoSite.app().get("/search?q=autism").text.contains("tel:999")))
    }

    @Test func `say that a place is not known beside its field, and that words were left out in the heading`()
        async throws
    {
        let page = try await DemoSite.app().get("/search?q=autism&near=B99+9ZZ")
        #expect(page.text.contains("govuk-error-summary") && page.text.contains("id=\"near-error\""))
        #expect(page.words.contains("We do not know a postcode") || page.words.contains("We do not know the postcode"))
        let dropped = try await DemoSite.app().get("/search?q=zzzzqqq+age+4").words
        #expect(dropped.contains("fit the rest of what you asked"))
        #expect(!dropped.contains("the words “zzzzqqq”"))
        let elsewhere = try await DemoSite.app().get("/search?q=M1+1AA+autism").words
        #expect(elsewhere.contains("We do not know the postcode “M1 1AA”"))
    }

    @Test func `of results beyond the last say how many there are`() async throws {
        let words = try await DemoSite.app().get("/search?q=autism&page=9999").words
        #expect(
            words.contains("pages of results; this would be page 9,999") || words.contains("this would be page 9999"))
        #expect(words.contains("Go to the last page"))
    }

    @Test func `of a search say nothing of it in the report of what is missing`() async throws {
        let empty = try await DemoSite.app().get("/search?q=xyzzyx&view=list")
        #expect(empty.text.contains("/reports/new?about=%2Fsearch\""))
        let report = try await DemoSite.app().get("/reports/new?about=%2Fsearch%3Fq%3Dsecret%26near%3DB11")
        #expect(report.text.contains("value=\"/search\"") && !report.text.contains("secret"))
    }

    @Test func `of a base listed in 2012 never call it suitable`() async throws {
        let app = try await DemoSite.app()
        let page = try await app.get("/entries/listed-2012-103506-autistic-spectrum-disorder").words
        #expect(page.contains("Listed in 2012, not confirmed since. Ask the school before you count on it."))
        let search = try await app.get("/search?kind=resource-base&need=ASD")
        #expect(search.words.contains("Nothing is known to fit"))
        #expect(!search.text.contains("Fits what you asked"))
    }

    @Test func `escape whatever is written in a search`() async throws {
        let app = try await DemoSite.app()
        for nasty in [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; DROP TABLE entry; --", "🙂", "{{7*7}}",
        ] {
            let text = Query.encoded(nasty)
            for address in [
                "/search?q=\(text)", "/search?near=\(text)", "/search.json?q=\(text)", "/reports/new?about=/\(text)",
            ] {
                let answer = try await app.get(address)
                #expect([200, 400].contains(answer.status))
                #expect(!answer.text.contains("<script>alert") && !answer.text.contains("<img src=x"))
            }
        }
    }

    @Test(arguments: [
        ("q=\(String(repeating: "a", count: 10_000))", "Write at most 200 characters; this is 10,000"),
        ("age=-1", "0 to 25"), ("age=99", "0 to 25"), ("age=four", "0 to 25"), ("need=ADHD", "types of need"),
        ("day=someday", "day of the week"), ("within=7", "miles from the list"), ("page=0", "counted from 1"),
        ("page=99999999999999999999", "counted from 1"), ("help=magic", "kind of help"), ("order=random", "an order"),
        ("access=wings", "access"), ("kind=castle", "kind of entry"),
        ("near=\(String(repeating: "x", count: 100))", "postcode"),
    ])
    func `say what is wrong with a search, in the page and in the JSON`(query: String, why: String) async throws {
        let app = try await DemoSite.app()
        let why = why == "types of need" ? "type of need" : why
        let page = try await app.get("/search?" + query)
        #expect(page.status == 400 && page.text.contains("There is a problem") && page.text.contains(why))
        let json = try await app.get("/search.json?" + query)
        #expect(json.status == 400 && json.text.contains("\"errors\"") && json.text.contains(why))
    }

    @Test(arguments: [
        ("near=B99+9ZZ", "do not know the postcode"), ("near=B11+9ZZ", "distances are from the middle of B11 9"),
        ("near=Atlantis", "do not know the place"), ("q=football+near+me", "write your postcode"),
        ("q=football&within=3", "say where"), ("q=austism", "We took “austism” for “autism”"),
        ("q=xyzzyx", "Nothing here has “xyzzyx”"), ("q=football+xyzzyx", "so we left it out"), ("q=SEMH", "BESD"),
    ])
    func `say what was taken for granted`(query: String, notice: String) async throws {
        let answer = try await DemoSite.app().get("/search?" + query)
        #expect(answer.status == 200 && answer.words.contains(notice), "\(answer.words.prefix(900))")
    }

    @Test func `count what further choices would leave, and page by stable links`() async throws {
        let app = try await DemoSite.app()
        let answer = try await app.get("/search?q=school")
        #expect(answer.text.contains("Special school (27)"))
        let second = try await app.get("/search?q=school&page=2")
        #expect(second.text.contains("/search?q=school&amp;page=3"))
        let names = { (page: Answer) in Set(page.text.components(between: "href=\"/entries/", and: "\"")) }
        #expect(names(answer).isDisjoint(with: names(second)))
        #expect(try await app.get("/search?q=school&page=9999").status == 200)
    }
}

@Suite struct `The twins for programs` {
    @Test func `say what the pages say (OFF-12)`() async throws {
        let app = try await DemoSite.app()
        let json = try await app.get("/search.json?q=autism+B11+age+4")
        #expect(json.header("Access-Control-Allow-Origin") == "*")
        #expect(json.text.contains(#""name":"Uffculme School","kind":"school","sector":"education","#))
        #expect(
            json.text.contains(#""fits":true,"distance_metres":3211,"points":{"need":true,"age":true,"area":null}"#))
        #expect(json.text.contains(#""invented":true"#))
        let entry = try await app.get("/entries/school-103600.json")
        #expect(entry.text.contains(#""ages":{"from":4,"to":11},"needs":["ASD"]"#))
        #expect(entry.text.contains(#""ages":{"source":"dfe-2018","as_of":"2018-06-30"}"#))
        #expect(try await app.get("/entries/nothing.json").status == 404)
        #expect(try await app.get("/entries/a%2Fb").status == 404)
        #expect(try await app.get("/map/wards.json").text.hasPrefix(#"{"type":"FeatureCollection""#))
        #expect(try await app.get("/map/wards.svg").text.contains("<title>Sparkhill</title>"))
    }
}

@Suite struct `The shortlist` {
    @Test func `is kept in the visitor’s own browser, without an account`() async throws {
        let app = try await DemoSite.fresh()
        let page = try await app.get("/entries/school-103600")
        let added = try await app.post("/shortlist/entries", ["entry": "school-103600"], from: page)
        #expect(added.status == 303 && added.header("Location") == "/entries/school-103600#on-school-103600")
        #expect(
            added.header("Set-Cookie")?.hasPrefix("shortlist=school-103600; Path=/; Max-Age=7776000; HttpOnly") == true)
        let list = try await app.get("/shortlist", cookies: ["shortlist": "school-103600~school-103605"])
        #expect(list.words.contains("Hamilton School") && list.words.contains("Uffculme School"))
        #expect(list.text.contains("/shortlist?list=school-103600~school-103605"))
        let removed = try await app.post(
            "/shortlist/removals", ["entry": "school-103600"], from: list, cookies: ["shortlist": "school-103600"])
        #expect(removed.header("Set-Cookie")?.contains("Max-Age=0") == true)
        #expect(try await app.events().contains { $0.hasPrefix("shortlist") } == false)
    }

    @Test func `goes back only to this site`() async throws {
        let app = try await DemoSite.app()
        let page = try await app.get("/entries/school-103600")
        for address in [
            "https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "/a b",
        ] {
            let answer = try await app.post("/shortlist/entries", ["entry": "x", "back": address], from: page)
            #expect(answer.header("Location") == "/shortlist#on-x")
        }
    }

    @Test func `survives a cookie that is nonsense`() async throws {
        let app = try await DemoSite.app()
        for text in ["<script>", "~~~~", String(repeating: "a~", count: 5000), "school-103600~school-103600", "\u{0}"] {
            #expect(try await app.get("/shortlist", cookies: ["shortlist": text]).status == 200)
        }
        #expect(Set(Shortlist(text: (1...100).map { "e\($0)" }.joined(separator: "~")).ids).count == Shortlist.limit)
    }
}

@Suite struct `What is wrong` {
    @Test func `is kept once, with its words out of the journal`() async throws {
        let app = try await DemoSite.fresh()
        let page = try await app.get("/reports/new?about=/entries/school-103600")
        #expect(page.text.contains("/entries/school-103600"))
        let sent = try await app.post("/reports", ["words": "It has moved", "contact": "a@b.example"], from: page)
        let again = try await app.post("/reports", ["words": "It has moved", "contact": "a@b.example"], from: page)
        #expect(sent.header("Location") == "/reports/thanks" && again.header("Location") == "/reports/thanks")
        let kept = try await app.database.read { try $0.rows("SELECT words FROM report").count }
        #expect(kept == 1)
        #expect(try await app.events().count(where: { $0 == "offer.report-received" }) == 1)
    }

    @Test func `is asked for again where it is empty or too long, and nothing written is lost`() async throws {
        let app = try await DemoSite.fresh()
        let page = try await app.get("/reports/new")
        let empty = try await app.post("/reports", ["contact": "me@home.example"], from: page)
        #expect(
            empty.status == 422 && empty.text.contains("Write what is wrong") && empty.text.contains("me@home.example"))
        let long = try await app.post("/reports", ["words": String(repeating: "x", count: 2001)], from: page)
        #expect(long.status == 422 && long.text.contains("at most 2,000 characters; this is 2,001"))
    }
}

@Suite struct `Searches that find nothing` {
    @Test func `are counted by month, need, age band and ward, never by their words`() async throws {
        let app = try await DemoSite.fresh()
        for _ in 0..<3 { _ = try await app.get("/search?q=xyzzyx") }
        _ = try await app.get(
            "/search?q=sibling+braille+teacher&need=ASD&age=4&near=Sparkhill&day=sunday&kind=school&free=yes")
        _ = try await app.get("/search?q=autism")
        let job = try #require(offer.flushes.first)
        try await job.run(app.database, app.tally)
        let rows = try await app.database.read { tx in
            try tx.rows("SELECT month, need, age_band, ward, searches FROM empty_search ORDER BY searches").map { row in
                "\(try row.get("month", as: String.self)) \(try row.get("need", as: String.self)) "
                    + "\(try row.get("age_band", as: String.self)) \(try row.get("searches", as: Int.self))"
            }
        }
        #expect(rows.contains("2026-11   3"))
        #expect(app.tally.take("offer.empty-searches").isEmpty)
    }
}
