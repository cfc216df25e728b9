import Foundation
import Kernel
import TestKit
import Testing
import TimetablesServer
import Web

@Suite struct `A question that cannot be answered` {
    private func app() async throws -> TestApp { try await TestApp([timetables], today: "2026-11-29") }

    private func errors(_ answer: Answer) throws -> [[String: Any]] {
        let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return try #require(object?["errors"] as? [[String: Any]])
    }

    @Test(arguments: [
        ("event=request&date=", "date", "Write the day, as 16/3/2026", "value=\"request\" selected"),
        ("event=&date=16/3/2026", "event", "Pick what happened", "value=\"16/3/2026\""),
        ("date=16/3/2026", "event", "Pick what happened", "value=\"16/3/2026\""),
        ("event=flood&date=16/3/2026", "event", "from the list", "value=\"16/3/2026\""),
        ("event=request&date=30/2/2026", "date", "that month has 28 days", "value=\"30/2/2026\""),
        ("event=request&date=16.3.26", "date", "the year is 1800 to 2999", "value=\"16.3.26\""),
        ("event=request&date=soon", "date", "a day has three numbers", "value=\"soon\""),
        ("event=request&date=%3Cb%3E", "date", "a day has three numbers", "value=\"&lt;b&gt;\""),
        (
            "event=decision&date=23/3/2026&mediation_certificate=22/3/2026", "mediation_certificate",
            "This is before 23 March 2026", "value=\"22/3/2026\""
        ),
        ("event=transfer&date=2/3/2026&last_review=3/3/2026", "last_review", "This is after 2 March 2026", "2/3/2026"),
        ("event=transfer&date=2/3/2026&last_review=x", "last_review", "a day has three numbers", "value=\"x\""),
    ])
    func `is explained at its field, and the rest is kept`(
        query: String, field: String, words: String, kept: String
    ) async throws {
        let app = try await app()
        for address in ["/timetable?", "/timetable.ics?"] {
            let answer = try await app.get(address + query)
            #expect(answer.status == 400)
            #expect(answer.text.contains("id=\"\(field)-error\"") && answer.text.contains("href=\"#\(field)\""))
            #expect(answer.words.contains(words) && answer.text.contains(kept), "\(query)")
        }
    }

    @Test(arguments: [
        ("", ["date", "event"]), ("event=request", ["date"]), ("date=2026-03-16", ["event"]),
        ("event=Request&date=2026-03-16", ["event"]), ("event=request.received&date=2026-03-16", ["event"]),
        ("event=request&date=16/3/2026", ["date"]), ("event=request&date=2026-3-16", ["date"]),
        ("event=request&date=2026-02-30", ["date"]), ("event=request&date=", ["date"]),
        ("event=request&date=2026-03-16&date=2026-03-17", ["date"]),
        ("event=request&event=request&date=2026-03-16", ["event"]),
        ("event=request&date=2026-03-16&last_review=2026-01-01", ["last_review"]),
        ("event=request&date=2026-03-16&Date=1&x=2&x=3", ["Date", "x"]),
        ("event=decision&date=2026-03-23&mediation_certificate=2026-03-22", ["mediation_certificate"]),
        ("event=flood&date=2026-03-16&last_review=2026-01-01", ["event"]),
        ("event=flood&date=never&x=1", ["date", "event", "x"]),
    ])
    func `of a program is answered with each field, what is wrong and what is allowed`(
        query: String, fields: [String]
    ) async throws {
        let answer = try await app().get("/timetable.json?" + query)
        #expect(answer.status == 400 && answer.type == "application/json; charset=utf-8")
        #expect(answer.header("Access-Control-Allow-Origin") == "*")
        let errors = try errors(answer)
        #expect(errors.compactMap { $0["field"] as? String }.sorted() == fields)
        for error in errors {
            #expect((error["message"] as? String)?.isEmpty == false)
            let allowed = try #require(error["allowed"] as? [String])
            #expect(!allowed.isEmpty)
            if error["field"] as? String == "event", error["message"] as? String != "This stands 2 times" {
                #expect(allowed.contains("request") && allowed.contains("order-to-assess"))
            }
        }
    }

    @Test func `because the law did not hold then says so, rule by rule`() async throws {
        let app = try await app()
        let page = try await app.get("/timetable?event=request&date=2014-08-31")
        #expect(page.status == 200 && page.words.contains("What cannot be said"))
        #expect(page.words.contains("held from 1 September 2014 on, and 31 August 2014 lies outside that"))
        #expect(!page.text.contains("<svg") && !page.text.contains("timetable.ics?"))
        let moved = try await app.get("/timetable?event=transfer&date=2026-03-02")
        #expect(moved.text.contains("<a class=\"govuk-link\" href=\"#last_review\">write that day above</a>"))
        let far = try await app.get("/timetable.json?event=appeal&date=2035-12-20").text
        #expect(far.contains("\"cannot_say\":[{\"rule\":\"T-RESPONSE\"") && far.contains("2036"))
        #expect(far.contains("\"limits\":[]"))
    }

    @Test func `of any bytes at all never ends in a fault`() async throws {
        let app = try await app()
        var state: UInt64 = 20_261_129
        func roll(_ most: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % most
        }
        let parts = [
            "event=", "date=", "&", "request", "decision", "2026-03-16", "%00", "%FF", "%41", "+", "=", "é", "'\"<",
        ]
        for _ in 0..<600 {
            let query = (0...roll(8)).map { _ in parts[roll(parts.count)] }.joined()
            for address in ["/timetable?", "/timetable.json?", "/timetable.ics?"] {
                let answer = try await app.get(address + query)
                #expect([200, 400].contains(answer.status), "\(address)\(query)")
            }
        }
    }
}
