import Clock
import Kernel
import Testing

@Suite struct `What one event opens` {
    let law = Shipped.law
    let none = Prospect.Following(with: [:], then: [:])

    private func dues(_ prospect: Prospect?) -> [String] {
        prospect?.limits.map { "\(law.rules[$0.rule].id) \($0.due?.iso ?? "-")" } ?? []
    }

    private func later(_ prospect: Prospect?) -> [String] {
        prospect?.later.map { "\(law.rules[$0.rule].id) \($0.step) \($0.due?.iso ?? "-")" } ?? []
    }

    @Test func `is every limit that runs from it, by its day, those without a period last`() throws {
        let told = law.prospect(of: "responsibility.assumed", on: "2026-01-12", following: none)
        #expect(
            dues(told) == [
                "E-DECIDE 2026-02-23", "E-NOTNEC 2026-02-23", "E-DRAFT 2026-05-04", "E-NOPLAN 2026-05-04",
                "E-FINAL 2026-06-01", "E-ACK -",
            ])
        #expect(told?.unanswered == [])
        #expect(law.prospect(of: "views.received", on: "2026-01-12", following: none) == nil)
        #expect(law.prospect(of: "a flood", on: "2026-01-12", following: none) == nil)
    }

    @Test func `agrees with the timetable of that event alone, for every event and on any day`() {
        var dice = Dice(7)
        var wrongs = Wrongs()
        for event in law.events {
            for _ in 0..<40 {
                let day = Shipped.days.randomElement(using: &dice) ?? "2026-01-12"
                let table = law.timetable([Event("e", event.code, on: day)])
                let prospect = law.prospect(of: event.code, on: day, following: none)
                let one = Set(table.entries.map { "\(law.rules[$0.limit.rule].version) \($0.limit.due?.iso ?? "-")" })
                let other = Set(prospect?.limits.map { "\(law.rules[$0.rule].version) \($0.due?.iso ?? "-")" } ?? [])
                wrongs.expect(one == other, "\(event.code) \(day)")
                let why = Set(table.unanswered.map { "\($0.rule) \($0.why)" })
                wrongs.expect(
                    why == Set(prospect?.unanswered.map { "\($0.rule) \($0.why)" } ?? []), "\(event.code) \(day)")
            }
        }
        #expect(wrongs.all == [])
    }

    @Test func `tells what hangs on later steps, with a forecast from their last days`() {
        let request = law.prospect(
            of: "request.received", on: "2026-03-16",
            following: .init(with: [:], then: ["draft.served": ["consultation.received"]]))
        #expect(
            later(request) == [
                "E-REPS draft.served 2026-07-20", "E-AR-12M plan.finalised 2027-08-02",
                "E-CONSULT consultation.received -",
            ])
        let meeting = law.prospect(
            of: "review.held", on: "2027-03-09",
            following: .init(with: ["review.decided": ["amendment.noticed"]], then: [:]))
        #expect(later(meeting).contains("E-AR-FINAL amendment.noticed 2027-06-01"))
    }

    @Test func `chains a Statement’s steps to the day on which the last would fall`() {
        let request = law.prospect(of: "s328.requested", on: "2013-03-05", following: none)
        #expect(dues(request) == ["S-DECIDE-P 2013-04-16"])
        #expect(
            later(request).prefix(4).sorted() == [
                "S-ASSESS s323.decided 2013-06-25", "S-FINAL statement.proposed 2013-09-03",
                "S-PREF statement.proposed 2013-07-23", "S-PROPOSE s323.assessed 2013-07-09",
            ])
        let late = law.prospect(of: "s328.requested", on: "2018-03-01", following: none)
        #expect(later(late).contains("S-ASSESS s323.decided -"))
    }

    @Test func `counts from a further day that is given, and says where one is missing`() throws {
        let facts = try law.facts("mediation_certificate:issued=2026-04-10")
        let decision = law.prospect(of: "decision.notified", on: "2026-03-23", facts: facts, following: none)
        #expect(dues(decision) == ["E-MED-CONTACT 2026-05-23", "T-APPEAL 2026-05-26"])
        let moved = law.prospect(of: "plan.transferred", on: "2026-03-02", following: none)
        #expect(moved?.unanswered.map(\.rule) == ["E-MOVE-REVIEW"] && dues(moved) == ["E-MOVE-TELL 2026-04-13"])
    }

    @Test func `says the duty with and without its date`() throws {
        let limit = try law.limit("E-REPS", from: "2026-06-22")
        #expect(law.duty(limit).hasSuffix("ask for a meeting until Monday 6 July 2026 at least."))
        #expect(
            law.counting(limit).hasPrefix("That is 15 days beginning with the day the draft plan was served on you"))
        #expect(law.sentence(limit).hasPrefix(law.duty(limit) + " " + law.counting(limit)))
        #expect(
            law.rules[limit.rule].dutyAhead.contains("until the last day of 15 days beginning with the day the draft"))
        for rule in law.rules { #expect(!rule.dutyAhead.contains("{") && rule.dutyAhead.hasSuffix("."), "\(rule.id)") }
    }

    @Test func `tells the grounds that held in its time, and the steps that it holds back`() throws {
        let (now, then) = (try law.limit("E-DECIDE", from: "2026-03-16"), try law.limit("E-DECIDE", from: "2020-06-01"))
        #expect(law.grounds(of: now).map(\.id) == ["X1", "X2", "X3", "X4"])
        #expect(law.grounds(of: then).map(\.id) == ["X1", "X2", "X3", "X4", "XC"])
        #expect(law.stepsHeldBack(by: try law.limit("E-REPS", from: "2026-06-22")).map(\.id) == ["M-FINAL"])
        #expect(law.stepsHeldBack(by: now).isEmpty)
    }
}
