import Casework
import Clock
import Kernel
import Storage
import TestKit
import Testing

/// The law as shipped.
let shipped: Statute = {
    do {
        let calendar = try WorkingDays(files: [
            TestApp.share.bytes("calendar/bank_holidays_england.csv"),
            TestApp.share.bytes("calendar/england_bank_holidays_2010_2035.csv"),
        ])
        return Statute(try Law(Law.Files { try TestApp.share.bytes("law/" + $0) }, calendar: calendar))
    } catch { preconditionFailure("\(error)") }
}()

private let request = CaseEvent("c-1", .requested, on: "2026-03-16", source: "parent")

/// A case of these events, each checked as it comes.
private func made(_ events: [CaseEvent], today: Day = "2026-12-31") throws -> Case {
    var file = Case("c", [])
    for event in events {
        try file.check(event, today: today)
        file = Case("c", file.events + [event])
    }
    return file
}

private func due(_ rule: String, _ file: Case, on today: Day = "2026-06-01") -> Day? {
    shipped.times(of: file, on: today).limits.first { $0.rule == rule }?.due
}

@Suite struct `A case` {
    private let told = CaseEvent("c-1", .told, on: "2026-01-12", source: "approach")
    private let consulted = CaseEvent("c-2", .consulted, on: "2026-02-10")

    @Test func `counts from the earliest of several requests, whichever was entered first`() throws {
        let file = try made([request, CaseEvent("c-2", .requested, on: "2026-03-14", source: "school")])
        #expect(due("E-DECIDE", file) == "2026-04-25" && due("E-FINAL", file) == "2026-08-01")
        #expect(file.opened == "2026-03-14")
        #expect(shipped.times(of: file, on: "2026-04-01").limits.filter { $0.rule == "E-DECIDE" }.count == 1)
    }

    @Test func `has the same limits on a list, where nobody reads why`() throws {
        let file = try made([request, CaseEvent("c-2", .requested, on: "2026-03-14", source: "school")])
        let whole = shipped.times(of: file, on: "2026-04-01").limits
        let listed = shipped.times(of: file, on: "2026-04-01", explained: false).limits
        #expect(!whole.isEmpty && listed.map(\.says) == whole.map(\.says) && listed.map(\.due) == whole.map(\.due))
        #expect(listed.allSatisfy { $0.sentence.isEmpty })
        #expect(whole.allSatisfy { $0.sentence.hasPrefix($0.says) && $0.sentence != $0.says })
    }

    @Test func `does not begin tomorrow, and nothing is done in it before it began`() throws {
        #expect(throws: CaseRefusal.inFuture("2026-03-16")) { try made([request], today: "2026-03-15") }
        let early = CaseEvent("c-2", .decided, on: "2026-03-15", outcome: CaseEvent.assess)
        #expect(throws: CaseRefusal.beforeOpening("2026-03-16")) { try made([request, early]) }
        #expect(throws: CaseRefusal.notOpened) { try made([early]) }
        #expect(CaseRefusal.beforeOpening("2026-03-16").words.contains("reg 5(1)"))
    }

    @Test func `is not decided against the family before it was consulted`() throws {
        for no in [
            CaseEvent("c-3", .notNecessary, on: "2026-04-01"),
            CaseEvent("c-3", .decided, on: "2026-04-01", outcome: CaseEvent.refuse),
        ] {
            #expect(throws: CaseRefusal.notConsulted) { try made([request, no]) }
            let late = CaseEvent("c-2", .consulted, on: "2026-04-02")
            #expect(throws: CaseRefusal.consultedLater("2026-04-02")) { try made([request, late, no]) }
        }
        let assess = CaseEvent("c-3", .decided, on: "2026-04-01", outcome: CaseEvent.assess)
        #expect(try made([request, assess]).state == .assessing, "its views are in its own request")
        #expect(throws: CaseRefusal.notConsulted) { try made([told, assess]) }
    }

    @Test func `ends once, and what comes after is another case`() throws {
        let closed = try made([told, consulted, CaseEvent("c-3", .notNecessary, on: "2026-02-16")])
        #expect(closed.state == .notNecessary)
        for event in [
            CaseEvent("c-4", .requested, on: "2026-03-16", source: "parent"),
            CaseEvent("c-4", .decided, on: "2026-03-16", outcome: CaseEvent.assess),
            CaseEvent("c-4", .withdrawn, on: "2026-03-16"), CaseEvent("c-4", .consulted, on: "2026-03-16"),
        ] {
            #expect(throws: CaseRefusal.self, "\(event.kind)") { try closed.check(event, today: "2026-12-31") }
        }
        let limits = shipped.times(of: closed, on: "2026-09-01").limits
        #expect(limits.first { $0.rule == "E-FINAL" }?.standing == .notNeeded)
        #expect(limits.first { $0.rule == "E-NOTNEC" }?.standing == .kept("2026-02-16"))
    }

    @Test func `can be withdrawn where somebody asked, and not where the council was told`() throws {
        let withdrawn = CaseEvent("c-2", .withdrawn, on: "2026-04-01")
        #expect(try made([request, withdrawn]).state == .withdrawn)
        #expect(throws: CaseRefusal.nothingToWithdraw) { try made([told, withdrawn]) }
    }

    @Test func `asks for advice after the decision to assess, and decides of a plan when all was sought`() throws {
        let asked = CaseEvent("c-2", .adviceSent, on: "2026-04-20", source: "medical", outcome: CaseEvent.byLaw)
        #expect(throws: CaseRefusal.notAssessing) { try made([request, asked]) }
        let assess = CaseEvent("c-2", .decided, on: "2026-04-20", outcome: CaseEvent.assess)
        var events = [request, assess]
        let issue = CaseEvent("c-9", .issueDecided, on: "2026-06-15")
        for (number, kind) in AdviceKind.required.enumerated() {
            #expect(throws: CaseRefusal.self) { try made(events + [issue]) }
            events.append(CaseEvent("c-\(number + 3)", .adviceSent, on: "2026-04-20", source: kind.rawValue))
        }
        #expect(try made(events + [issue]).state == .issuing)
    }

    @Test func `gives each body its own six weeks from its own receipt, by law or by promise`() throws {
        let assess = CaseEvent("c-2", .decided, on: "2026-04-20", outcome: CaseEvent.assess)
        let trust = CaseEvent("c-3", .adviceSent, on: "2026-04-20", source: "therapy", outcome: CaseEvent.byLaw)
        let care = CaseEvent("c-4", .adviceSent, on: "2026-04-20", source: "social-care", outcome: CaseEvent.byService)
        let file = try made([
            request, assess, trust, care,
            CaseEvent("c-5", .adviceReachedBody, on: "2026-04-20", source: "therapy", about: "c-3"),
            CaseEvent("c-6", .adviceReachedBody, on: "2026-04-22", source: "social-care", about: "c-4"),
        ])
        let limits = shipped.times(of: file, on: "2026-06-02").limits.filter { $0.rule == "E-ADVICE" }
        #expect(limits.map(\.due) == ["2026-06-01", "2026-06-03"])
        #expect(limits.map(\.basis) == [.law, .service] && limits.map(\.advice) == ["c-3", "c-4"])
        #expect(limits.first?.standing == .overdue(days: 1))
        let early = CaseEvent("c-7", .adviceCame, on: "2026-04-21", source: "social-care", about: "c-4")
        #expect(throws: CaseRefusal.beforeAsking("2026-04-22")) { try file.check(early, today: "2026-12-31") }
    }

    @Test func `answers an approach about a child it is responsible for in the same time, as a promise`() throws {
        let file = try made([CaseEvent("c-1", .approached, on: "2026-03-16", source: "approach")])
        let limits = shipped.times(of: file, on: "2026-03-16").limits
        #expect(limits.first { $0.rule == "E-DECIDE" }?.due == "2026-04-27")
        #expect(limits.allSatisfy { $0.basis == .service })
        let asked = CaseEvent("c-2", .requested, on: "2026-03-30", source: "parent")
        let both = try made([file.events[0], asked])
        #expect(due("E-DECIDE", both) == "2026-05-11", "the law counts from the request")
        #expect(!both.isByService)
    }
}

@Suite struct `A correction` {
    @Test func `takes the place of what it puts right, keeps both, and tells what changed`() throws {
        let right = CaseEvent(
            "c-2", .requested, on: "2026-03-13", source: "parent",
            correcting: CaseEvent.Correction(of: "c-1", isAnnulled: false))
        let file = try made([request]).correcting(right, today: "2026-03-20")
        #expect(file.events.count == 2 && file.standing.count == 1)
        let times = shipped.times(of: file, on: "2026-03-20")
        let change = times.changes.first { $0.rule == "E-DECIDE" }
        #expect(change?.was == "2026-04-27" && change?.now == "2026-04-24")
    }

    @Test func `is refused where what stands behind could then not have happened`() throws {
        let assess = CaseEvent("c-2", .decided, on: "2026-04-20", outcome: CaseEvent.assess)
        let file = try made([request, assess])
        let later = CaseEvent(
            "c-3", .requested, on: "2026-04-21", source: "parent",
            correcting: CaseEvent.Correction(of: "c-1", isAnnulled: false))
        #expect(throws: CaseRefusal.beforeOpening("2026-04-21")) { try file.correcting(later, today: "2026-05-01") }
        let none = CaseEvent(
            "c-3", .requested, on: "2026-03-16", source: "parent",
            correcting: CaseEvent.Correction(of: "c-1", isAnnulled: true))
        #expect(throws: CaseRefusal.lastOpening) { try file.correcting(none, today: "2026-05-01") }
        let undecided = CaseEvent(
            "c-3", .decided, on: "2026-04-20", outcome: CaseEvent.assess,
            correcting: CaseEvent.Correction(of: "c-2", isAnnulled: true))
        #expect(try file.correcting(undecided, today: "2026-05-01").state == .considering)
        #expect(throws: CaseRefusal.nothingToCorrect) {
            try file.correcting(request, today: "2026-05-01")
        }
    }
}

@Suite struct `The statutory date` {
    /// Random histories of cases, from a seed that is said where it fails.
    @Test(arguments: [1, 7, 1996, 2014] as [UInt64])
    func `is moved by nothing that happens, is claimed or is aimed at (P7, P9)`(seed: UInt64) throws {
        var state = seed
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        for round in 0..<400 {
            let first = try Day(iso: "2016-01-01") + .days(draw(3000))
            var file = try made([CaseEvent("c-1", .requested, on: first, source: "parent")])
            for number in 2..<14 {
                let kinds = CaseEvent.Kind.allCases.filter { !$0.opens }
                let kind = kinds[draw(kinds.count)]
                let event = CaseEvent(
                    "c-\(number)", kind, on: first + .days(draw(200) - 20),
                    source: kind == .appealed
                        ? AppealMatter.assess.rawValue : AdviceKind.allCases[draw(AdviceKind.allCases.count)].rawValue,
                    outcome: draw(2) == 0 ? CaseEvent.assess : CaseEvent.refuse,
                    about: kind == .claimed
                        ? "c" : kind.isOfDispute ? file.dispute?.id ?? "" : file.advice.last?.id ?? "",
                    fact: kind.isOfDispute
                        ? "" : "absent_from_area:from=\((first + .days(3)).iso);to=\((first + .days(40)).iso)")
                if (try? file.check(event, today: "2035-01-01")) != nil { file = Case("c", file.events + [event]) }
            }
            for (rule, weeks) in [("E-DECIDE", 6), ("E-NOPLAN", 16), ("E-FINAL", 20)] {
                #expect(due(rule, file, on: "2030-01-01") == first + .weeks(weeks), "seed \(seed), round \(round)")
            }
            #expect(try made(file.events, today: "2035-01-01") == file, "seed \(seed): replayed it is the same")
        }
    }

    @Test func `stays where an exception holds, and then alone a later aim is allowed`() throws {
        let file = try made([request])
        #expect(throws: CaseRefusal.self) { try shipped.check(target: "2026-05-20", of: "E-DECIDE", in: file) }
        #expect(throws: CaseRefusal.self) { try shipped.check(target: "2026-04-20", of: "E-DECIDE", in: file) }
        let claim = CaseEvent(
            "c-2", .claimed, on: "2026-04-20", about: "c",
            fact: "absent_from_area:from=2026-03-20;to=2026-04-20")
        let aim = CaseEvent("c-3", .targeted, on: "2026-04-20", outcome: "E-DECIDE", fact: "2026-05-20")
        let excused = try made([request, claim])
        try shipped.check(target: "2026-05-20", of: "E-DECIDE", in: excused)
        let limit = try #require(
            shipped.times(of: try made([request, claim, aim]), on: "2026-05-01").limits.first { $0.rule == "E-DECIDE" })
        #expect(limit.due == "2026-04-27" && limit.isExcused && limit.target == "2026-05-20")
        #expect(throws: CaseRefusal.self) { try shipped.check(claim: "absent_from_area:from=2026-04-20") }
    }
}

@Suite struct `The test whether to assess` {
    private func answer(_ holds: Bool, _ because: String = "because") -> AssessmentTest.Answer {
        AssessmentTest.Answer(holds: holds, because: because)
    }

    @Test func `has to be answered in both parts, each with why, and binds the decision (section 36(8))`() throws {
        #expect(throws: CaseRefusal.testNotAnswered) {
            try AssessmentTest(hasNeeds: answer(true), mayNeedPlan: nil).check(assesses: true)
        }
        #expect(throws: CaseRefusal.testNotAnswered) {
            try AssessmentTest(hasNeeds: answer(true), mayNeedPlan: answer(true, "")).check(assesses: true)
        }
        let met = AssessmentTest(hasNeeds: answer(true), mayNeedPlan: answer(true))
        try met.check(assesses: true)
        #expect(throws: CaseRefusal.testIsMet) { try met.check(assesses: false) }
        let not = AssessmentTest(hasNeeds: answer(true), mayNeedPlan: answer(false))
        try not.check(assesses: false)
        #expect(throws: CaseRefusal.testIsNotMet) { try not.check(assesses: true) }
    }
}

@Suite struct `A letter` {
    @Test func `leaves out a line for which there is nothing, and knows its names`() throws {
        let template = try LetterTemplate("# To {child}\n## Why\n{reasons}\nBy {decide-by} for {child}.\n- one")
        let filled = template.filled(["child": "A {reasons} B", "decide-by": "Monday"])
        #expect(filled.title == "To A {reasons} B", "what is put in is no template")
        #expect(filled.blocks == [.heading("Why"), .paragraph("By Monday for A {reasons} B."), .item("one")])
        #expect(throws: Malformed.self) { try LetterTemplate("# A\n{nonsense}") }
        #expect(throws: Malformed.self) { try LetterTemplate("no title") }
    }
}
