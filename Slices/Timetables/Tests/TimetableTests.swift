import Clock
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Timetables
import TimetablesServer
import Web

@Suite struct `The public timetable` {
    private func app() async throws -> TestApp { try await TestApp([timetables], today: "2026-11-29") }

    /// The days of the golden thread, each checked by hand: the question, then rules with their days.
    static let thread: [(String, [String: String])] = [
        (
            "event=brought-to-attention&date=2026-01-12",
            ["E-DECIDE": "2026-02-23", "E-NOTNEC": "2026-02-23", "E-NOPLAN": "2026-05-04", "E-FINAL": "2026-06-01"]
        ),
        (
            "event=request&date=2026-03-16",
            ["E-DECIDE": "2026-04-27", "E-NOPLAN": "2026-07-06", "E-FINAL": "2026-08-03"]
        ),
        ("event=advice-request&date=2026-04-20", ["E-ADVICE": "2026-06-01"]),
        ("event=draft&date=2026-06-22", ["E-REPS": "2026-07-06"]),
        ("event=review-meeting&date=2026-11-09", ["E-AR-REPORT": "2026-11-23", "E-AR-DECIDE": "2026-12-07"]),
        ("event=plan&date=2026-07-20", ["E-AR-12M": "2027-07-19"]),
        ("event=move-to-next-school&date=2027-09-01", ["E-PHASE-SCHOOL": "2027-02-14"]),
        ("event=move-to-college&date=2027-09-01", ["E-PHASE-P16": "2027-03-30"]),
        ("event=reassessment-request&date=2026-03-09", ["E-REASSESS-DECIDE": "2026-03-24"]),
        (
            "event=decision&date=2026-03-23&mediation_certificate=2026-04-10",
            ["T-APPEAL": "2026-05-26", "E-MED-CONTACT": "2026-05-23"]
        ),
        (
            "event=order-to-assess&date=2026-07-13",
            ["T-ASSESS-TELL": "2026-07-27", "T-ASSESS-NO": "2026-09-21", "T-ASSESS-FINAL": "2026-10-19"]
        ),
        ("event=transfer&date=2026-03-02&last_review=2025-09-01", ["E-MOVE-REVIEW": "2026-08-31"]),
    ]

    @Test(arguments: thread)
    func `gives the days of the golden thread on the page, to programs and to calendars`(
        query: String, days: [String: String]
    ) async throws {
        let app = try await app()
        let (page, json) = (try await app.get("/timetable?" + query), try await app.get("/timetable.json?" + query))
        let file = try await app.get("/timetable.ics?" + query)
        #expect(page.status == 200 && json.status == 200 && file.status == 200)
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(json.body)) as? [String: Any])
        let limits = try #require(answer["limits"] as? [[String: Any]])
        let calendar = try ReadCalendar(file.body)
        for (rule, text) in days {
            let day = try Day(iso: text)
            let limit = try #require(limits.first { $0["rule"] as? String == rule })
            #expect(limit["due"] as? String == text && limit["weekday"] as? String == day.weekday.name)
            let item = try #require(
                page.text.components(between: "id=\"\(rule)\">", and: "</li>\n<li class=\"app-l").first)
            #expect(item.contains("<time datetime=\"\(text)\">\(day.weekday.name) \(day.inWords)</time>"))
            for key in ["provision", "version", "rule"] {
                let value = try #require(limit[key] as? String)
                #expect(item.contains(value), "\(rule) does not show its \(key)")
            }
            #expect(calendar.entries.contains { $0.day == day && $0.text("DESCRIPTION").contains("rule \(rule), ") })
            #expect(page.text.components(between: "<desc", and: "</desc>").first?.contains(day.inWords) == true)
        }
    }

    @Test func `says by which day to act where the limit is no working day`() async throws {
        let app = try await app()
        let query = "event=brought-to-attention&date=2026-01-12"
        let page = try await app.get("/timetable?" + query)
        #expect(page.words.contains("That is no working day, and the limit stays there: act by Friday 1 May 2026."))
        let calendar = try ReadCalendar(try await app.get("/timetable.ics?" + query).body)
        let (limit, act) = (
            calendar.entries.first { $0.text("UID").hasPrefix("brought-to-attention-2026-01-12-e-noplan@") },
            calendar.entries.first { $0.text("UID").hasPrefix("brought-to-attention-2026-01-12-e-noplan-act-by@") }
        )
        #expect(limit?.day == "2026-05-04" && act?.day == "2026-05-01")
        #expect(act?.text("SUMMARY") == "Act by today: Notice that no plan will be issued")
        let json = try await app.get("/timetable.json?" + query).text
        #expect(json.contains("\"working_day\":false,\"act_by\":\"2026-05-01\",\"act_by_weekday\":\"Friday\""))
    }

    @Test func `names open points, what was not checked, what excuses, and what hangs on later steps`() async throws {
        let app = try await app()
        let request = try await app.get("/timetable?event=request&date=2026-03-16").words
        for words in [
            "Not checked against the instrument", "When it need not be kept", "(reg 5(4)(d), 10(4)(d), 27(3)(d)",
            "What hangs on later steps", "Your views on the draft plan", "Forecast: Monday 20 July 2026.",
            "Code of Practice, not law", "The law sets no day", "The earliest receipt anywhere in the council", "L4;",
            "L10;",
        ] { #expect(request.contains(words), "\(words)") }
        #expect(!request.contains("coronavirus"))
        #expect(try await app.get("/timetable?event=request&date=2020-06-01").words.contains("coronavirus"))
        let clear = try await app.get("/timetable?event=review-meeting-planned&date=2026-11-09").words
        #expect(clear.contains("(L2)") && clear.contains("the last day is Sunday 25 October 2026"))
        let appeal = try await app.get("/timetable?event=decision&date=2027-05-31").words
        #expect(appeal.contains("Wednesday 1 September 2027") && appeal.contains("(L3)"))
        #expect(try await app.get("/timetable?event=move-to-college&date=2027-09-01").words.contains("(L1)"))
        #expect(try await app.get("/timetable?event=plan&date=2026-07-20").words.contains("(L8)"))
        #expect(try await app.get("/timetable?event=order-to-amend&date=2026-07-13").words.contains("(L5)"))
        #expect(try await app.get("/timetable?event=mediation&date=2026-07-13").words.contains("(L9)"))
        #expect(try await app.get("/timetable?event=advice-request&date=2026-07-13").words.contains("(L11)"))
        #expect(try await app.get("/timetable?event=brought-to-attention&date=2026-07-13").words.contains("L7;"))
        let draft = try await app.get("/timetable?event=draft&date=2026-06-22").words
        #expect(draft.contains("the first day for it is Tuesday 7 July 2026"))
    }

    @Test func `offers every event that opens a limit, and each can be answered without a fault`() async throws {
        let app = try await app()
        let law = try Law.shipped(in: TestApp.share)
        let events = try await app.get("/timetable/events.json")
        let text = try #require(try JSONSerialization.jsonObject(with: Data(events.body)) as? [String: Any])
        let all = try #require(text["events"] as? [[String: Any]])
        #expect(Set(all.compactMap { $0["code"] as? String }) == Set(law.rules.flatMap(\.triggers)))
        let page = try await app.get("/timetable")
        for event in all {
            let name = try #require(event["name"] as? String)
            #expect(page.text.contains("<option value=\"\(name)\">"))
            for day in ["1800-01-01", "2013-12-27", "2026-12-24", "2035-12-20", "2999-12-31"] {
                let query = "event=\(name)&date=\(day)"
                for address in ["/timetable?", "/timetable.json?", "/timetable.ics?"] {
                    let answer = try await app.get(address + query)
                    #expect(answer.status == 200, "\(address)\(query)")
                    if address.contains("ics") { _ = try ReadCalendar(answer.body) }
                }
            }
        }
    }

    @Test func `keeps nothing, is for anyone, and needs no script`() async throws {
        let app = try await app()
        #expect(
            timetables.migrations.isEmpty && timetables.routes.allSatisfy { $0.may == .anyone && $0.method == .get })
        let page = try await app.get("/timetable?event=request&date=16/3/2026")
        #expect(page.text.contains("<form method=\"get\" action=\"/timetable\"") && page.text.contains("<svg viewBox"))
        #expect(page.text.contains("href=\"/timetable.ics?event=request&amp;date=2026-03-16\""))
        #expect(try await app.events() == [])
        #expect(page.header("Set-Cookie") == nil)
        let file = try await app.get("/timetable.ics?event=request&date=2026-03-16")
        #expect(file.type == "text/calendar; charset=utf-8")
        #expect(file.header("Content-Disposition") == "attachment; filename=\"request-2026-03-16.ics\"")
        #expect(try await app.get("/timetable.ics?event=request&date=2026-03-16").body == file.body)
        #expect(
            try await app.get("/timetable.json?event=request&date=2026-03-16").header("Access-Control-Allow-Origin")
                == "*")
    }
}
