import Clock
import Kernel
import Testing

@Suite struct `A timetable` {
    let law = Shipped.law

    private func entry(_ table: Timetable, _ rule: String, _ matter: String = "") -> Timetable.Entry? {
        table.entries.first { law.rules[$0.limit.rule].id == rule && $0.matter == matter }
    }

    private func due(_ table: Timetable, _ rule: String, _ matter: String = "") -> Day? {
        entry(table, rule, matter)?.limit.due
    }

    @Test func `keeps Amina’s two clocks apart, the first closed by its decision and still readable`() {
        let table = law.timetable([
            Event("1", "responsibility.assumed", on: "2026-01-12", matter: "told"),
            Event("2", "necessity.decided", on: "2026-02-16", matter: "told"),
            Event("3", "request.received", on: "2026-03-16", matter: "asked"),
            Event("4", "assess.decided", on: "2026-04-20", matter: "asked"),
            Event("5", "advice.requested", on: "2026-04-20", matter: "asked"),
            Event("6", "draft.served", on: "2026-06-22", matter: "asked"),
            Event("7", "plan.finalised", on: "2026-07-20", matter: "asked"),
            Event("8", "review.held", on: "2026-11-09", matter: "review"),
            Event("9", "phase.school", on: "2027-09-01", matter: "reception"),
        ])
        #expect(table.refused == [] && table.unanswered == [] && table.changes == [])
        #expect(due(table, "E-DECIDE", "told") == "2026-02-23" && due(table, "E-DECIDE", "asked") == "2026-04-27")
        #expect(entry(table, "E-NOTNEC", "told")?.state(on: "2026-11-28") == .kept)
        #expect(entry(table, "E-FINAL", "asked")?.state(on: "2026-11-28") == .kept)
        #expect(entry(table, "E-FINAL", "asked")?.limit.event == "3")
        #expect(entry(table, "E-AR-DECIDE", "review")?.state(on: "2026-11-28") == .running(daysLeft: 9))
        #expect(entry(table, "E-ADVICE", "asked")?.state(on: "2026-11-28") == .overdue(days: 180))
        #expect(due(table, "E-AR-12M", "asked") == "2027-07-19")
        #expect(due(table, "E-PHASE-SCHOOL", "reception") == "2027-02-14")
        #expect(table.early == [])
    }

    @Test func `lets assessment, move, mediation, appeal and order run beside one another`() {
        let table = law.timetable([
            Event("1", "reassess.requested", on: "2026-03-09", matter: "reassess"),
            Event("2", "decision.notified", on: "2026-03-23", matter: "appeal"),
            Event("3", "mediation.certified", on: "2026-05-20", matter: "appeal"),
            Event("4", "appeal.received", on: "2026-05-29", matter: "appeal"),
            Event("5", "order.assess", on: "2026-07-13", matter: "order", made: "2026-07-09"),
            Event("6", "plan.finalised", on: "2025-09-02", matter: "plan"),
            Event("7", "plan.transferred", on: "2026-06-01", matter: "move"),
            Event("8", "review.held", on: "2026-05-04", matter: "review"),
        ])
        #expect(due(table, "T-APPEAL", "appeal") == "2026-06-22")
        #expect(entry(table, "T-APPEAL", "appeal")?.state(on: "2026-11-28") == .kept)
        #expect(due(table, "T-ASSESS-FINAL", "order") == "2026-10-19")
        #expect(entry(table, "T-ASSESS-FINAL", "order")?.otherDue == "2026-10-15")
        #expect(due(table, "E-MOVE-REVIEW", "move") == "2026-09-01")
        #expect(due(table, "E-AR-REPORT", "review") == "2026-05-18")
        #expect(Set(table.entries.map(\.matter)).count == 6)
    }

    @Test func `says what it cannot say`() {
        let table = law.timetable([
            Event("1", "plan.transferred", on: "2026-06-01"), Event("2", "request.received", on: "2013-06-01"),
            Event("3", "flood", on: "2026-06-01"), Event("", "draft.served", on: "2026-06-01"),
            Event("1", "draft.served", on: "2026-06-01"),
            Event("4", "draft.served", on: "2026-06-01", correcting: Correction(of: "9", because: "mistyped")),
            Event("5", "draft.served", on: "2026-06-01", correcting: Correction(of: "2", because: "")),
        ])
        #expect(table.unanswered.contains { $0.rule == "E-MOVE-REVIEW" && $0.event == "1" })
        #expect(table.unanswered.contains { $0.rule == "E-FINAL" && $0.event == "2" })
        #expect(table.refused.map(\.event) == ["3", "", "1", "4", "5"])
        #expect(due(table, "E-MOVE-TELL") == "2026-07-13")
    }

    @Test func `takes the earliest of two requests in one matter, and starts anew in another`() {
        let events = [
            Event("school", "request.received", on: "2026-03-18", matter: "a"),
            Event("parent", "request.received", on: "2026-03-16", matter: "a"),
            Event("again", "request.received", on: "2026-06-01", matter: "b"),
        ]
        let table = law.timetable(events)
        #expect(
            table.entries.filter { law.rules[$0.limit.rule].id == "E-FINAL" }.map(\.limit.due) == [
                "2026-08-03", "2026-10-19",
            ])
        #expect(entry(table, "E-FINAL", "a")?.limit.event == "parent")
        #expect(entry(table, "E-FINAL", "a")?.repeats == ["school"])
    }

    @Test func `finds a final plan that would cut short the days for views`() throws {
        var events = [
            Event("1", "request.received", on: "2026-03-16"), Event("2", "draft.served", on: "2026-07-20"),
        ]
        let collision = try #require(law.timetable(events).early.first { law.minimums[$0.minimum].id == "M-FINAL" })
        #expect(collision.earliest == "2026-08-04" && collision.day == "2026-08-03" && collision.event == nil)
        events[1] = Event("2", "draft.served", on: "2026-07-19")
        #expect(law.timetable(events).early == [])
        events.append(Event("3", "plan.finalised", on: "2026-08-02"))
        #expect(law.timetable(events).early.map(\.event) == ["3"])
        events.append(Event("4", "views.waived", on: "2026-07-28"))
        #expect(law.timetable(events).early == [])
    }

    @Test func `allows no final plan before the last day for views, on any day`() {
        var wrongs = Wrongs()
        for day in Shipped.days where day >= "2014-09-01" {
            for gap in [0, 13, 14, 15] {
                let table = law.timetable([
                    Event("1", "draft.served", on: day), Event("2", "plan.finalised", on: day + .days(gap)),
                ])
                wrongs.expect(table.early.contains { $0.event == "2" } == (gap < 15), "\(day) \(gap)")
            }
        }
        #expect(wrongs.all == [])
    }

    @Test func `counts twenty weeks from the request alone, as the return’s 140 days`() {
        var (wrongs, dice) = (Wrongs(), Dice(7))
        for day in Shipped.days where day >= "2014-09-01" {
            let done = day + .days(Int.random(in: 100...180, using: &dice))
            let table = law.timetable([
                Event("1", "request.received", on: day),
                Event("2", "assess.decided", on: day + .days(Int.random(in: 1...60, using: &dice))),
                Event("3", "draft.served", on: day + .days(Int.random(in: 61...80, using: &dice))),
                Event("4", "plan.finalised", on: done),
            ])
            let final = entry(table, "E-FINAL")
            wrongs.expect(final?.limit.due == day + .days(140), "\(day)")
            let isInTime = done.days(since: day) <= 140
            wrongs.expect((final?.state(on: "2040-01-01") == .kept) == isInTime, "\(day) \(done)")
        }
        #expect(wrongs.all == [])
    }

    @Test func `chains a Statement’s steps, and a step done early brings the last one forward`() throws {
        var (wrongs, dice) = (Wrongs(), Dice(11))
        for day in Shipped.days where day >= "2002-01-01" && day <= "2017-06-01" {
            var (at, slack) = (day, 0)
            var events = [Event("0", "s328.requested", on: day)]
            for (number, (kind, weeks)) in [
                ("s323.decided", 6), ("s323.assessed", 10), ("statement.proposed", 2),
            ].enumerated() {
                let early = Bool.random(using: &dice) ? 0 : Int.random(in: 0..<weeks * 7, using: &dice)
                slack += early
                at = at + .weeks(weeks) - .days(early)
                events.append(Event("\(number + 1)", kind, on: at))
            }
            let final = due(law.timetable(events), "S-FINAL")
            wrongs.expect(final == day + .weeks(26) - .days(slack), "\(day) \(slack)")
        }
        #expect(wrongs.all == [])
    }

    @Test func `keeps both versions of what was put right, and says why`() throws {
        let events = [
            Event("1", "request.received", on: "2026-03-16"),
            Event("2", "draft.served", on: "2026-06-22"),
            Event(
                "3", "request.received", on: "2026-03-13",
                correcting: Correction(of: "1", because: "the school’s letter was stamped on 13 March")),
            Event(
                "4", "request.received", on: "2026-03-11",
                correcting: Correction(of: "3", because: "and handed in on the 11th")),
            Event(
                "5", "draft.served", on: "2026-06-22",
                correcting: Correction(of: "2", because: "never sent", isAnnulled: true)),
        ]
        let table = law.timetable(events)
        #expect(due(table, "E-FINAL") == "2026-07-29" && entry(table, "E-FINAL")?.limit.event == "4")
        #expect(due(table, "E-REPS") == nil)
        let finals = table.changes.filter { $0.rule == "E-FINAL" }
        #expect(finals.map { $0.was?.due } == ["2026-08-03", "2026-07-31"])
        #expect(finals.map { $0.now?.due } == ["2026-07-31", "2026-07-29"])
        #expect(finals[0].because == "the school’s letter was stamped on 13 March" && finals[0].corrected == "1")
        let gone = try #require(table.changes.first { $0.rule == "E-REPS" })
        #expect(gone.was?.due == "2026-07-06" && gone.now == nil && gone.correction == "5")
        #expect(law.timetable(events) == table)
        let again =
            events + [Event("6", "request.received", on: "2026-01-01", correcting: Correction(of: "1", because: "x"))]
        #expect(law.timetable(again).refused.map(\.event) == ["6"])
    }

    @Test func `recalculates what depends on a corrected day, on any day`() {
        var wrongs = Wrongs()
        // A year from 29 February and a year from 1 March end on one day, so nothing changes between those two.
        for day in Shipped.days where day >= "2014-09-02" && day.number % 5 == 0 && !day.iso.hasSuffix("-03-01") {
            let events = [
                Event("1", "plan.finalised", on: day - .days(1)), Event("2", "plan.transferred", on: day + .days(30)),
                Event("3", "plan.finalised", on: day, correcting: Correction(of: "1", because: "sent a day later")),
            ]
            let table = law.timetable(events)
            wrongs.expect(Set(table.changes.map(\.rule)) == ["E-AR-12M", "E-MOVE-REVIEW"], "\(day)")
            wrongs.expect(table == law.timetable(events), "\(day)")
        }
        #expect(wrongs.all == [])
    }

    @Test func `weighs claims without moving a date, and marks late ones`() throws {
        let facts = try law.facts("absent_from_area:from=2026-03-20;to=2026-04-20|waiting_list")
        let events = [Event("1", "request.received", on: "2026-03-16", matter: "a")]
        let claims = [
            Claim("c1", facts[0], claimed: "2026-05-30", by: "officer-1", matter: "a"),
            Claim("c2", facts[1], claimed: "2026-04-02", by: "officer-1"),
            Claim("c3", facts[0], claimed: "2026-04-02", by: "officer-1", matter: "another"),
        ]
        let (plain, claimed) = (law.timetable(events), law.timetable(events, claims: claims))
        #expect(plain.entries.map(\.limit.due) == claimed.entries.map(\.limit.due))
        let decide = try #require(entry(claimed, "E-DECIDE", "a"))
        #expect(decide.limit.excused == .yes && decide.lateClaims == ["c1"] && decide.limit.findings.count == 2)
        #expect(entry(claimed, "E-FINAL", "a")?.lateClaims == [])

        var files = Shipped.files
        let text = String(decoding: files.settings, as: UTF8.self)
        files.settings = Array(
            text.replacing("marked-late,marked-late|refused", with: "refused,marked-late|refused").utf8)
        let strict = try Law(files, calendar: Shipped.calendar)
        let refused = try #require(
            strict.timetable(events, claims: claims).entries.first { strict.rules[$0.limit.rule].id == "E-DECIDE" })
        #expect(refused.limit.excused == .no && strict.sentence(refused.limit).contains("claimed on 30 May 2026"))
    }
}
