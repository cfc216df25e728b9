import Clock
import Kernel
import Testing

@Suite struct `An excuse` {
    let law = Shipped.law

    private func excused(_ rule: String, _ day: Day, _ facts: String) throws -> Excused {
        try law.limit(rule, from: day, facts: law.facts(facts)).excused
    }

    @Test func `of absence or closing needs twenty-eight days, all of them in the period`() throws {
        var wrongs = Wrongs()
        for day in Shipped.days where law.rules.contains(where: { $0.id == "E-DECIDE" && $0.validity.contains(day) }) {
            for (length, wanted) in [(27, Excused.no), (28, .yes)] {
                let from = day + .days(5)
                let away = "absent_from_area:from=\(from.iso);to=\((from + .days(length - 1)).iso)"
                wrongs.expect(try excused("E-DECIDE", day, away) == wanted, "\(day) \(away)")
                let closed =
                    "school_closed:first_closed=\(from.iso);reopens=\((from + .days(length)).iso);advice_requested="
                for (asked, inside) in [(-8, false), (-4, true), (length - 7, true), (length - 6, false)] {
                    let answer: Excused = inside ? wanted : .no
                    let fact = closed + (from + .days(asked)).iso
                    wrongs.expect(try excused("E-DECIDE", day, fact) == answer, "\(day) \(fact)")
                }
            }
        }
        #expect(wrongs.all == [])
        let long = "absent_from_area:from=2026-01-01;to=2026-12-31"
        #expect(try excused("E-DECIDE", "2026-03-16", long) == .yes)
        // The day of the request is not one of the six weeks, and days after the limit do not count.
        #expect(try excused("E-DECIDE", "2026-03-16", "absent_from_area:from=2026-03-16;to=2026-04-12") == .no)
        #expect(try excused("E-DECIDE", "2026-03-16", "absent_from_area:from=2026-03-17;to=2026-04-13") == .yes)
        #expect(try excused("E-DECIDE", "2026-03-16", "absent_from_area:from=2026-03-31;to=2026-12-31") == .yes)
        #expect(try excused("E-DECIDE", "2026-03-16", "absent_from_area:from=2026-04-01;to=2026-12-31") == .no)
    }

    @Test func `of an order needs two weeks`() throws {
        #expect(try excused("T-AMEND", "2026-03-16", "absent_from_area:from=2026-03-20;to=2026-04-02") == .yes)
        #expect(try excused("T-AMEND", "2026-03-16", "absent_from_area:from=2026-03-20;to=2026-04-01") == .no)
    }

    @Test(
        arguments: [
            ("E-ADVICE", "2026-03-16", Excused.yes), ("E-DECIDE", "2026-03-16", .no), ("E-NOPLAN", "2026-03-16", .no),
            ("E-FINAL", "2026-03-16", .no), ("S-ADVICE", "2013-03-16", .yes), ("S-ASSESS", "2013-03-16", .yes),
            ("S-DECIDE", "2013-03-16", .no),
        ] as [(String, Day, Excused)])
    func `of a missed appointment is the body’s, and under the 1996 Act the council’s too`(
        rule: String, day: Day, answer: Excused
    ) throws {
        #expect(try excused(rule, day, "missed_appointment:date=\((day + .days(9)).iso);body=trust") == answer)
        #expect(try excused(rule, day, "missed_appointment:date=\((day + .days(99)).iso);body=trust") == .no)
    }

    @Test func `of circumstances needs evidence, and a day in the period`() throws {
        let fact = "exceptional_circumstances:date=2026-03-20"
        #expect(try excused("E-FINAL", "2026-03-16", fact) == .no)
        #expect(try excused("E-FINAL", "2026-03-16", fact + ";evidence=") == .no)
        #expect(try excused("E-FINAL", "2026-03-16", fact + ";evidence=no") == .no)
        #expect(try excused("E-FINAL", "2026-03-16", fact + ";evidence=letter of 20 March") == .yes)
        #expect(try excused("E-REPS", "2026-03-16", fact + ";evidence=letter") == .no)
        #expect(try excused("E-FINAL", "2026-03-20", fact + ";evidence=letter") == .no)
        #expect(try excused("E-FINAL", "2025-10-01", fact + ";evidence=letter") == .no)
        let limit = try law.limit("E-FINAL", from: "2025-10-01", facts: law.facts(fact + ";evidence=letter"))
        #expect(law.sentence(limit).contains("20 March 2026 is after the limit had passed"))
    }

    @Test(
        arguments: [
            ("2020-05-01", "2020-04-01..2020-05-01", Excused.no), ("2020-04-30", "2020-04-01..2020-05-01", .yes),
            ("2020-03-20", "2020-04-01..2020-04-30", .no), ("2020-03-20", "2020-04-30..2020-05-01", .yes),
            ("2020-03-19", "2020-05-01..2020-05-31", .no), ("2020-09-24", "2020-09-25..2020-12-31", .yes),
            ("2020-09-25", "2020-09-25..2020-12-31", .no), ("2020-08-20", "2020-09-26..2020-09-27", .no),
            ("2020-03-20", "2020-05-02..2020-05-09", .no), ("2026-03-20", "2026-05-02..2026-05-09", .no),
        ] as [(Day, String, Excused)])
    func `of coronavirus needs a day in the period and between its dates`(day: Day, span: String, answer: Excused)
        throws
    {
        #expect(try excused("E-DECIDE", day, "coronavirus:impractical=\(span)") == answer)
    }

    @Test func `of coronavirus is not taken where the instrument was not read, and that is said`() throws {
        let limit = try law.limit(
            "E-REPS", from: "2020-06-01", facts: law.facts("coronavirus:impractical=2020-06-02..2020-06-03"))
        #expect(limit.excused == .no)
        #expect(law.sentence(limit).contains("SI 2020/471"))
        #expect(!law.sentence(try law.limit("E-REPS", from: "2026-06-01")).contains("2020/471"))
    }

    @Test func `is none where what is offered is no excuse`() throws {
        #expect(try excused("E-MOVE-REVIEW", "2026-03-16", "last_review:date=2025-09-01") == .none)
        #expect(try excused("T-APPEAL", "2026-03-16", "mediation_certificate:issued=2026-04-01") == .none)
        #expect(try excused("E-ACK", "2026-03-16", "waiting_list") == .no)
        #expect(try excused("E-FINAL", "2026-03-16", "waiting_list | last_review: date = 2025-09-01") == .no)
    }

    @Test(arguments: [
        ("flood", "no kind of fact"), ("waiting_list|waiting_list", "stands twice"),
        ("waiting_list:since=2026-01-01", "no key"),
        ("absent_from_area:from=2026-01-02", "needs “to”"),
        ("absent_from_area:from=2026-01-02;to=2026-01-01", "contradicts"),
        ("absent_from_area:from=2026-02-30;to=2026-03-01", "28 days"),
        ("absent_from_area:from;to=2026-03-01", "key=value"),
        ("absent_from_area:from=2026-01-01;from=2026-01-01;to=2026-03-01", "stands twice"), ("|", "no kind of fact"),
        ("school_closed:first_closed=2026-07-25;reopens=2026-07-25;advice_requested=2026-07-20", "contradicts"),
        ("coronavirus:impractical=2020-05-02", "FROM..TO"),
        ("coronavirus:impractical=2020-05-02..2020-05-01", "before it begins"),
        ("missed_appointment:date=2026-01-01;body=", "empty"), ("exceptional_circumstances:evidence=x", "needs “date”"),
        ("absent_from_area:from=;to=2026-03-01", "no date is written"), (";=:", "no kind of fact"),
        (":", "no kind of fact"),
        ("coronavirus:impractical=..", "no date"), ("coronavirus:impractical=.", "FROM..TO"),
    ])
    func `that cannot be is told apart`(text: String, word: String) {
        let refusal = #expect(throws: CannotSay.self) { try law.facts(text) }
        #expect(refusal?.description.contains(word) == true, "\(refusal?.description ?? "")")
    }

    @Test func `and what a rule counts from must agree with its event`() throws {
        for (rule, facts, word) in [
            ("E-MOVE-REVIEW", "", "last_review"), ("E-MOVE-REVIEW", "last_review:date=2026-06-02", "after 2026-06-01"),
            ("T-APPEAL", "mediation_certificate:issued=2026-05-31", "before 2026-06-01"),
        ] {
            let refusal = #expect(throws: CannotSay.self) {
                try law.limit(rule, from: "2026-06-01", facts: law.facts(facts))
            }
            #expect(refusal?.description.contains(word) == true)
        }
    }
}
