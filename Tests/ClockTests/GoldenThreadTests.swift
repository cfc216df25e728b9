import Clock
import Kernel
import Testing

/// The dates of the story of two children, each checked by hand, and the worked examples of the reference.
@Suite struct `The dates of the golden thread` {
    let law = Shipped.law

    @Test(
        arguments: [
            // Amina: told on 12 January, then asked on 16 March.
            ("E-DECIDE", "2026-01-12", "", "2026-02-23"), ("E-NOTNEC", "2026-01-12", "", "2026-02-23"),
            ("E-NOPLAN", "2026-01-12", "", "2026-05-04"), ("E-FINAL", "2026-01-12", "", "2026-06-01"),
            ("E-DECIDE", "2026-03-16", "", "2026-04-27"), ("E-NOPLAN", "2026-03-16", "", "2026-07-06"),
            ("E-FINAL", "2026-03-16", "", "2026-08-03"), ("E-ADVICE", "2026-04-20", "", "2026-06-01"),
            ("E-REPS", "2026-06-22", "", "2026-07-06"), ("E-CONSULT", "2026-06-24", "", "2026-07-09"),
            ("E-AR-REPORT", "2026-11-09", "", "2026-11-23"), ("E-AR-DECIDE", "2026-11-09", "", "2026-12-07"),
            ("E-AR-FINAL", "2026-12-07", "", "2027-02-01"), ("E-PHASE-SCHOOL", "2027-09-01", "", "2027-02-14"),
            ("E-AR-12M", "2026-07-20", "", "2027-07-19"),
            // Kieran: reassessment asked, refused, appealed, ordered; then college.
            ("E-REASSESS-DECIDE", "2026-03-09", "", "2026-03-24"),
            ("T-APPEAL", "2026-03-23", "mediation_certificate:issued=2026-04-10", "2026-05-26"),
            ("T-ASSESS-TELL", "2026-07-13", "", "2026-07-27"), ("T-ASSESS-NO", "2026-07-13", "", "2026-09-21"),
            ("T-ASSESS-FINAL", "2026-07-13", "", "2026-10-19"), ("E-PHASE-P16", "2027-09-01", "", "2027-03-30"),
            // Worked examples of the reference.
            ("E-REPS", "2026-07-20", "", "2026-08-03"), ("E-AR-REPORT", "2027-03-09", "", "2027-03-23"),
            ("E-AR-DECIDE", "2027-03-09", "", "2027-04-06"), ("E-AR-FINAL", "2027-04-06", "", "2027-06-01"),
            ("E-MOVE-XFER", "2026-03-30", "", "2026-04-21"), ("E-AR-12M", "2028-02-29", "", "2029-02-28"),
            ("T-APPEAL", "2026-12-13", "", "2027-02-15"), ("T-APPEAL", "2026-06-30", "", "2026-09-01"),
            ("E-MED-CONTACT", "2026-06-30", "", "2026-08-30"), ("T-MAKE-DRAFT", "2026-10-30", "", "2026-12-04"),
            ("T-MAKE-FINAL", "2026-10-30", "", "2027-01-15"), ("E-REASSESS-DECIDE", "2027-02-20", "", "2027-03-07"),
            ("E-REASSESS-FINAL", "2027-03-07", "", "2027-06-13"), ("S-FINAL", "2013-09-10", "", "2013-11-05"),
            ("S-DECIDE-P", "2013-03-05", "", "2013-04-16"), ("S-ASSESS", "2013-04-16", "", "2013-06-25"),
            ("S-PROPOSE", "2013-06-25", "", "2013-07-09"), ("S-FINAL", "2013-07-09", "", "2013-09-03"),
            // An appeal whose two months end on the last weekend of July (open point L3).
            ("T-APPEAL", "2027-05-31", "", "2027-09-01"),
            // A certificate late enough that its month ends after the two.
            ("T-APPEAL", "2026-03-23", "mediation_certificate:issued=2026-05-20", "2026-06-22"),
            // Three months from the transfer, where that is later than a year from the last review.
            ("E-MOVE-REVIEW", "2026-06-01", "last_review:date=2025-02-03", "2026-08-31"),
        ] as [(String, Day, String, Day)])
    func `are these`(rule: String, day: Day, facts: String, due: Day) throws {
        #expect(try law.due(rule, day, facts) == due)
    }

    @Test func `that fall on a day of rest say by which day to act`() throws {
        for (rule, day, actBy) in [
            ("E-NOPLAN", "2026-01-12", "2026-05-01"), ("E-REASSESS-DECIDE", "2027-02-20", "2027-03-05"),
            ("E-PHASE-SCHOOL", "2027-09-01", "2027-02-12"),
        ] as [(String, Day, Day)] {
            let limit = try law.limit(rule, from: day)
            #expect(law.actBy(limit) == actBy)
            #expect(law.sentence(limit).contains("act by \(actBy.weekday.name) \(actBy.inWords)"))
        }
        #expect(law.actBy(try law.limit("E-DECIDE", from: "2026-03-16")) == nil)
    }

    @Test func `of warnings before a birthday are counted in days, and sent on a working day`() throws {
        let warning = ("2027-06-25" as Day) - .days(90)
        #expect(warning == "2027-03-27")
        #expect(try law.calendar.adding(-1, to: warning) == "2027-03-25")
    }

    @Test func `of the final plan are in time at 126 days`() throws {
        let limit = try law.limit("E-FINAL", from: "2026-03-16")
        #expect(("2026-07-20" as Day).days(since: limit.trigger) == 126)
        #expect(limit.isKept(done: "2026-07-20") == true)
    }

    @Test func `of a closing asked about after the six weeks bear only on later limits`() throws {
        let facts = try law.facts(
            "school_closed:first_closed=2026-07-25;reopens=2026-09-02;advice_requested=2026-07-20")
        let decide = try law.limit("E-DECIDE", from: "2026-06-01", facts: facts)
        #expect(decide.due == "2026-07-13" && decide.excused == .no)
        #expect(try law.limit("E-NOPLAN", from: "2026-06-01", facts: facts).excused == .yes)
        #expect(try law.limit("E-FINAL", from: "2026-06-01", facts: facts).excused == .yes)
    }

    @Test func `of the Tribunal’s thirty working days leave out August and the new year`() throws {
        #expect(try law.due("T-RESPONSE", "2026-07-20") == "2026-09-29")
        #expect(try law.due("T-RESPONSE", "2026-12-01") == "2027-01-20")
    }
}
