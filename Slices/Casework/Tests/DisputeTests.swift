import Casework
import Kernel
import TestKit
import Testing

/// A case of these events, each checked as it comes.
private func made(_ events: [CaseEvent], today: Day = "2026-12-31") throws -> Case {
    var file = Case("c", [])
    for event in events {
        try file.check(event, today: today)
        file = Case("c", file.events + [event])
    }
    return file
}

/// An event about the refusal, which is the third of every story here.
private func about(
    _ number: Int, _ kind: CaseEvent.Kind, on day: Day, source: String = "", outcome: String = "", fact: String = ""
) -> CaseEvent {
    CaseEvent("c-\(number)", kind, on: day, source: source, outcome: outcome, about: "c-3", fact: fact)
}

private func limit(_ rule: String, _ file: Case, on today: Day) -> CaseLimit? {
    shipped.times(of: file, on: today).limits.first { $0.rule == rule }
}

/// Kieran: asked on 9 March, last assessed long before, refused on 23 March.
private let refused = [
    CaseEvent("c-1", .reassessRequested, on: "2026-03-09", source: "parent"),
    CaseEvent("c-2", .assessed, on: "2018-03-05"),
    CaseEvent("c-3", .reassessDecided, on: "2026-03-23", source: "not-necessary", outcome: CaseEvent.refuse),
]
private let certificate = about(4, .certified, on: "2026-04-10")
private let appeal = about(5, .appealed, on: "2026-04-20", source: "reassess")
private let order = about(6, .ordered, on: "2026-07-13", outcome: "assess", fact: "2026-07-09")

@Suite struct `A reassessment` {
    @Test func `has its own fifteen days, and fourteen weeks after it was decided to reassess`() throws {
        let asked = try made([refused[0]])
        #expect(asked.state == .considering && asked.isReassessment && asked.words == "Deciding whether to reassess")
        let decide = try #require(limit("E-REASSESS-DECIDE", asked, on: "2026-03-10"))
        #expect(decide.due == "2026-03-24" && decide.actor == .council && decide.standing == .running(daysLeft: 14))
        #expect(shipped.times(of: asked, on: "2026-03-10").limits.count == 1, "no six weeks, and no twenty")
        let yes = CaseEvent("c-2", .reassessDecided, on: "2026-03-20", outcome: CaseEvent.assess)
        let file = try made([refused[0], yes])
        #expect(file.state == .assessing && limit("E-REASSESS-FINAL", file, on: "2026-03-21")?.due == "2026-06-26")
        let no = try made(refused)
        #expect(no.state == .refused && limit("E-REASSESS-FINAL", no, on: "2026-03-24") == nil)
    }

    @Test func `of several requests counts from the earliest`() throws {
        let file = try made([refused[0], CaseEvent("c-2", .reassessRequested, on: "2026-03-06", source: "school")])
        let limits = shipped.times(of: file, on: "2026-03-10").limits.filter { $0.rule == "E-REASSESS-DECIDE" }
        #expect(limits.map(\.due) == ["2026-03-21"])
    }

    @Test func `is refused for having come too soon only where the last assessment says so (reg 24)`() throws {
        let unknown = try made([refused[0]])
        #expect(throws: CaseRefusal.dispute(.lastAssessmentNotKnown)) {
            try shipped.check(ground: .recent, of: unknown)
        }
        try shipped.check(ground: .notNecessary, of: unknown)
        let soon = try made([refused[0], CaseEvent("c-2", .assessed, on: "2025-09-09")])
        try shipped.check(ground: .recent, of: soon)
        let late = try made([refused[0], CaseEvent("c-2", .assessed, on: "2025-09-08")])
        #expect(throws: CaseRefusal.dispute(.notRecent(assessed: "2025-09-08", until: "2026-03-08"))) {
            try shipped.check(ground: .recent, of: late)
        }
        let after = CaseEvent("c-2", .assessed, on: "2026-03-10")
        #expect(throws: CaseRefusal.dispute(.assessedLater("2026-03-09"))) { try made([refused[0], after]) }
    }

    @Test func `is not decided before it was asked for, twice, or as if it were an assessment`() throws {
        #expect(throws: CaseRefusal.notOpened) { try made([refused[2]]) }
        let early = CaseEvent("c-2", .reassessDecided, on: "2026-03-08", outcome: CaseEvent.assess)
        #expect(throws: CaseRefusal.beforeOpening("2026-03-09")) { try made([refused[0], early]) }
        let bare = CaseEvent("c-2", .reassessDecided, on: "2026-03-20", outcome: CaseEvent.refuse)
        #expect(throws: CaseRefusal.dispute(.groundNotChosen)) { try made([refused[0], bare]) }
        let yes = CaseEvent("c-2", .reassessDecided, on: "2026-03-20", outcome: CaseEvent.assess)
        let again = CaseEvent("c-3", .reassessDecided, on: "2026-03-21", outcome: CaseEvent.assess)
        #expect(throws: CaseRefusal.decidedBefore("2026-03-20")) { try made([refused[0], yes, again]) }
        let other = CaseEvent("c-2", .decided, on: "2026-03-20", outcome: CaseEvent.assess)
        #expect(throws: CaseRefusal.dispute(.otherKind)) { try made([refused[0], other]) }
        let asked = CaseEvent("c-1", .requested, on: "2026-03-09", source: "parent")
        #expect(throws: CaseRefusal.dispute(.notAReassessment)) { try made([asked, yes]) }
        let joined = CaseEvent("c-2", .reassessRequested, on: "2026-03-09", source: "parent")
        #expect(throws: CaseRefusal.dispute(.otherKind)) { try made([asked, joined]) }
    }

    @Test func `that leaves the plan as it is can be appealed, with its own days`() throws {
        var events = [refused[0], CaseEvent("c-2", .reassessDecided, on: "2026-03-20", outcome: CaseEvent.assess)]
        for (number, kind) in AdviceKind.required.enumerated() {
            events.append(CaseEvent("c-\(number + 3)", .adviceSent, on: "2026-03-23", source: kind.rawValue))
        }
        let stays = CaseEvent("c-9", .notIssued, on: "2026-06-01", outcome: CaseEvent.unchanged)
        let file = try made(events + [stays])
        #expect(file.state == .notIssued && file.dispute?.matters == [.change])
        #expect(limit("T-APPEAL", file, on: "2026-06-02")?.due == "2026-09-01", "past August")
    }
}

@Suite struct `The days of a disagreement` {
    @Test func `follow from the decision itself, and are the family’s, never the council’s lateness`() throws {
        let file = try made(refused)
        let times = shipped.times(of: file, on: "2026-03-24")
        let contact = try #require(times.limits.first { $0.rule == "E-MED-CONTACT" })
        let tribunal = try #require(times.limits.first { $0.rule == "T-APPEAL" })
        #expect(contact.due == "2026-05-23" && tribunal.due == "2026-05-26")
        #expect(contact.actor == .family && tribunal.actor == .family && tribunal.basis == .law)
        #expect(contact.dispute == "c-3" && times.next == nil)
        let later = shipped.times(of: file, on: "2026-06-30").limits.filter { $0.actor == .family }
        #expect(later.allSatisfy { $0.standing == .lapsed && $0.daysOverdue == nil })
        #expect(!Outlook(file, shipped.times(of: file, on: "2026-06-30")).isOverdue && !file.isLive)
    }

    @Test func `stand with every decision that can be appealed, and with no other`() throws {
        let asked = CaseEvent("c-1", .requested, on: "2026-03-16", source: "parent")
        let consulted = CaseEvent("c-2", .consulted, on: "2026-03-20")
        for no in [
            CaseEvent("c-3", .notNecessary, on: "2026-04-01"),
            CaseEvent("c-3", .decided, on: "2026-04-01", outcome: CaseEvent.refuse),
        ] {
            let file = try made([asked, consulted, no])
            #expect(
                file.dispute?.matters == [.assess] && limit("T-APPEAL", file, on: "2026-04-02")?.due == "2026-06-01")
        }
        let yes = try made([asked, CaseEvent("c-2", .decided, on: "2026-04-01", outcome: CaseEvent.assess)])
        #expect(yes.dispute == nil && limit("T-APPEAL", yes, on: "2026-04-02") == nil)
    }

    @Test func `give a month from the certificate where that is later, and move when it is put right`() throws {
        let late = about(4, .certified, on: "2026-05-20")
        let file = try made(refused + [late])
        #expect(limit("T-APPEAL", file, on: "2026-05-21")?.due == "2026-06-22", "20 June is a Saturday")
        #expect(limit("E-MED-CONTACT", file, on: "2026-05-21")?.standing == .kept("2026-05-20"))
        let right = CaseEvent(
            "c-5", .certified, on: "2026-05-19", about: "c-3",
            correcting: CaseEvent.Correction(of: "c-4", isAnnulled: false))
        let corrected = try file.correcting(right, today: "2026-06-01")
        #expect(limit("T-APPEAL", corrected, on: "2026-05-21")?.due == "2026-06-19")
        let moved = CaseEvent(
            "c-5", .reassessDecided, on: "2026-03-24", source: "not-necessary", outcome: CaseEvent.refuse,
            correcting: CaseEvent.Correction(of: "c-3", isAnnulled: false))
        let whole = try file.correcting(moved, today: "2026-06-01")
        #expect(whole.dispute?.id == "c-3" && whole.dispute?.certificate != nil, "what is about it stays about it")
        #expect(limit("E-MED-CONTACT", whole, on: "2026-05-21")?.due == "2026-05-24")
        let annulled = CaseEvent(
            "c-5", .reassessDecided, on: "2026-03-23", source: "not-necessary", outcome: CaseEvent.refuse,
            correcting: CaseEvent.Correction(of: "c-3", isAnnulled: true))
        #expect(throws: CaseRefusal.dispute(.noDecision)) { try file.correcting(annulled, today: "2026-06-01") }
    }

    @Test func `of mediation each have their own, with who has to act`() throws {
        let wanted = about(4, .mediationWanted, on: "2026-04-01")
        let fixed = about(5, .mediationFixed, on: "2026-04-07", fact: "2026-04-28")
        var file = try made(refused + [wanted, fixed])
        #expect(limit("E-MED-ARRANGE", file, on: "2026-04-08")?.due == "2026-05-01")
        let notice = try #require(limit("E-MED-NOTICE", file, on: "2026-04-08"))
        #expect(notice.due == "2026-04-21" && notice.standing == .running(daysLeft: 13), "\(notice)")
        #expect(shipped.times(of: file, on: "2026-04-08").next?.rule == "E-MED-NOTICE" && file.isLive)
        #expect(Outlook(file, shipped.times(of: file, on: "2026-04-08")).wait == .council("mediation"))
        file = try made(refused + [wanted, fixed, about(6, .mediationNoticed, on: "2026-04-10")])
        #expect(limit("E-MED-NOTICE", file, on: "2026-04-12")?.standing == .kept("2026-04-10"))
        file = Case("c", file.events + [about(7, .mediationHeld, on: "2026-04-28")])
        let given = try #require(limit("E-MED-CERT", file, on: "2026-05-10"))
        #expect(given.due == "2026-05-01" && given.actor == .adviser && given.standing == .overdue(days: 9))
        #expect(shipped.times(of: file, on: "2026-05-10").next == nil, "an adviser’s lateness is not the council’s")
        let agreed = about(8, .agreed, on: "2026-04-28", outcome: "assess")
        try file.check(agreed, today: "2026-12-31")
        file = Case("c", file.events + [agreed])
        #expect(file.state == .assessing && limit("E-MED-DO", file, on: "2026-05-01")?.standing == .withoutPeriod)
        #expect(limit("T-APPEAL", file, on: "2026-05-01")?.standing == .notNeeded)
    }
}

@Suite struct `An appeal` {
    @Test func `is never refused for want of a certificate or of mediation (section 55)`() throws {
        let file = try made(refused + [about(4, .appealed, on: "2026-04-20", source: "reassess")])
        #expect(file.dispute?.lacksCertificate == true && file.dispute?.stage == .appealed && file.isLive)
        #expect(limit("T-APPEAL", file, on: "2026-04-21")?.standing == .kept("2026-04-20"))
        #expect(limit("E-MED-CONTACT", file, on: "2026-04-21")?.standing == .notNeeded)
        let mediating = about(4, .mediationWanted, on: "2026-04-01")
        #expect(try made(refused + [mediating, appeal]).dispute?.isMediating == true, "both go on")
        let late = try made(refused + [about(4, .appealed, on: "2026-08-20", source: "reassess")])
        #expect(limit("T-APPEAL", late, on: "2026-09-01")?.standing == .late("2026-08-20", days: 86))
        for matter in AppealMatter.allCases { #expect(matter.needsCertificate == (matter != .placement)) }
    }

    @Test func `gives the council thirty working days, without August, from when it reached it`() throws {
        let reached = about(5, .appealReachedUs, on: "2026-07-20")
        let file = try made(refused + [about(4, .appealed, on: "2026-05-20", source: "reassess"), reached])
        let response = try #require(limit("T-RESPONSE", file, on: "2026-07-21"))
        #expect(response.due == "2026-09-29" && response.actor == .council && response.basis == .law)
        #expect(shipped.times(of: file, on: "2026-07-21").next == response)
        let answered = Case("c", file.events + [about(6, .appealAnswered, on: "2026-09-15")])
        #expect(Outlook(answered, shipped.times(of: answered, on: "2026-09-16")).wait == .tribunal)
        #expect(throws: CaseRefusal.dispute(.answeredBefore("2026-09-15"))) {
            try answered.check(about(7, .conceded, on: "2026-09-16", outcome: "assess"), today: "2026-12-31")
        }
    }

    @Test func `that is not opposed gives two, ten and fourteen weeks from that day (reg 45)`() throws {
        let file = try made(refused + [certificate, appeal, about(6, .conceded, on: "2026-05-04", outcome: "assess")])
        #expect(file.state == .assessing && file.dispute?.isBeforeTribunal == false)
        let days = ["U-ASSESS-TELL", "U-ASSESS-NO", "U-ASSESS-FINAL"].map { limit($0, file, on: "2026-05-05")?.due }
        #expect(days == ["2026-05-18", "2026-07-13", "2026-08-10"])
        #expect(throws: CaseRefusal.dispute(.notOrdered([.assess]))) {
            try made(refused + [certificate, appeal, about(6, .conceded, on: "2026-05-04", outcome: "name")])
        }
    }

    @Test func `is not noted for a time, an order or a decision that cannot be`() throws {
        func refusal(_ events: [CaseEvent]) -> DisputeRefusal? {
            do { _ = try made(events) } catch CaseRefusal.dispute(let refusal) { return refusal } catch {}
            return nil
        }
        let none = CaseEvent("c-4", .appealed, on: "2026-04-20", source: "reassess", about: "c-1")
        #expect(refusal(refused + [none]) == .noDecision)
        #expect(refusal(refused + [about(4, .ordered, on: "2026-07-13", outcome: "assess")]) == .noAppeal)
        let before = about(4, .appealed, on: "2026-03-22", source: "reassess")
        #expect(refusal(refused + [before]) == .beforeDecision("2026-03-23"))
        #expect(refusal(refused + [about(4, .appealed, on: "2026-04-20", source: "make")]) == .notAppealable)
        let twice = about(6, .appealed, on: "2026-04-21", source: "reassess")
        #expect(refusal(refused + [certificate, appeal, twice]) == .appealPending("2026-04-20"))
        let second = about(5, .certified, on: "2026-04-11")
        #expect(refusal(refused + [certificate, second]) == .before("A certificate", "2026-04-10"))
        let wrong = about(6, .ordered, on: "2026-07-13", outcome: "make")
        #expect(refusal(refused + [certificate, appeal, wrong]) == .notOrdered([.assess, .dismissed]))
        let lateMade = about(6, .ordered, on: "2026-07-13", outcome: "assess", fact: "2026-07-14")
        #expect(refusal(refused + [certificate, appeal, lateMade]) == .madeAfterSent)
        let early = about(6, .ordered, on: "2026-04-19", outcome: "assess")
        #expect(refusal(refused + [certificate, appeal, early]) != nil)
        #expect(refusal(refused + [about(4, .followed, on: "2026-07-13")]) == .nothingOrdered)
        #expect(refusal(refused + [about(4, .mediationFixed, on: "2026-04-01", fact: "2026-04-20")]) != nil)
        #expect(refusal(refused + [about(4, .agreed, on: "2026-04-01", outcome: "assess")]) != nil)
        #expect(throws: CaseRefusal.inFuture("2026-04-10")) {
            try Case("c", refused).check(certificate, today: "2026-04-09")
        }
    }

    @Test func `can be made again after it was taken back, and not after it was decided`() throws {
        let back = about(6, .appealWithdrawn, on: "2026-05-01")
        let again = about(7, .appealed, on: "2026-05-20", source: "reassess")
        #expect(try made(refused + [certificate, appeal, back, again]).dispute?.isBeforeTribunal == true)
        let dismissed = about(6, .ordered, on: "2026-07-13", outcome: "dismissed")
        let file = try made(refused + [certificate, appeal, dismissed])
        #expect(file.state == .refused && !file.isLive)
        #expect(throws: CaseRefusal.dispute(.appealOver("2026-07-13"))) {
            try file.check(about(7, .appealed, on: "2026-07-20", source: "reassess"), today: "2026-12-31")
        }
    }
}

@Suite struct `An order of the Tribunal` {
    @Test func `runs from the day it was sent, opens the case again, and keeps each clock apart (K2)`() throws {
        let file = try made(refused + [certificate, appeal, order])
        let today: Day = "2026-07-14"
        #expect(file.state == .assessing && file.reopening?.id == "c-6")
        let days = ["T-ASSESS-TELL", "T-ASSESS-NO", "T-ASSESS-FINAL"].map { limit($0, file, on: today)?.due }
        #expect(days == ["2026-07-27", "2026-09-21", "2026-10-19"])
        #expect(limit("T-ASSESS-FINAL", file, on: today)?.sentence.contains("the day the Tribunal sent it") == true)
        #expect(limit("E-REASSESS-DECIDE", file, on: today)?.standing == .kept("2026-03-23"))
        #expect(limit("T-APPEAL", file, on: today)?.standing == .kept("2026-04-20"))
        #expect(limit("T-APPEAL", file, on: today)?.due == "2026-05-26")
        #expect(limit("E-REASSESS-FINAL", file, on: today) == nil)
        #expect(shipped.times(of: file, on: today).next?.rule == "T-ASSESS-TELL")
        let told = try made(refused + [certificate, appeal, order, about(7, .followed, on: "2026-07-20")])
        #expect(limit("T-ASSESS-TELL", told, on: today)?.standing == .kept("2026-07-20"))
        #expect(shipped.times(of: told, on: "2026-09-22").next?.rule == "T-ASSESS-NO")
        let asked = CaseEvent("c-8", .adviceSent, on: "2026-07-21", source: "medical", outcome: CaseEvent.byLaw)
        try told.check(asked, today: "2026-12-31")
        let soon = CaseEvent("c-8", .adviceSent, on: "2026-07-12", source: "medical", outcome: CaseEvent.byLaw)
        #expect(throws: CaseRefusal.beforeAssessment("2026-07-13")) { try told.check(soon, today: "2026-12-31") }
    }

    @Test func `takes the place of the weeks that ran from the request`() throws {
        let file = try made([
            CaseEvent("c-1", .requested, on: "2026-01-05", source: "parent"),
            CaseEvent("c-2", .consulted, on: "2026-01-20"),
            CaseEvent("c-3", .decided, on: "2026-02-10", outcome: CaseEvent.refuse),
            about(4, .appealed, on: "2026-03-02", source: "assess"),
            about(5, .ordered, on: "2026-07-13", outcome: "assess"),
        ])
        for rule in ["E-NOPLAN", "E-FINAL", "E-DRAFT"] {
            #expect(limit(rule, file, on: "2026-07-14")?.standing == .notNeeded, "\(rule)")
        }
        #expect(limit("E-DECIDE", file, on: "2026-07-14")?.standing == .kept("2026-02-10"))
        #expect(shipped.times(of: file, on: "2026-07-14").next?.rule == "T-ASSESS-TELL")
    }

    @Test func `to make a plan, or to think again, has its own weeks`() throws {
        var events = [
            CaseEvent("c-1", .requested, on: "2026-01-05", source: "parent"),
            CaseEvent("c-2", .decided, on: "2026-02-10", outcome: CaseEvent.assess),
        ]
        for (number, kind) in AdviceKind.required.enumerated() {
            events.append(CaseEvent("c-\(number + 4)", .adviceSent, on: "2026-02-11", source: kind.rawValue))
        }
        events += [
            CaseEvent("c-3", .notIssued, on: "2026-04-20"), about(10, .appealed, on: "2026-05-18", source: "make"),
        ]
        let make = try made(events + [about(11, .ordered, on: "2026-10-30", outcome: "make")])
        #expect(make.state == .issuing && limit("T-MAKE-DRAFT", make, on: "2026-11-01")?.due == "2026-12-04")
        #expect(limit("T-MAKE-FINAL", make, on: "2026-11-01")?.due == "2027-01-15")
        let again = try made(events + [about(11, .ordered, on: "2026-10-30", outcome: "reconsider")])
        #expect(again.state == .assessing && limit("T-REMIT", again, on: "2026-11-01")?.due == "2026-11-13")
        let no = CaseEvent("c-12", .notIssued, on: "2026-11-10")
        try again.check(no, today: "2026-12-31")
        let decided = Case("c", again.events + [no])
        #expect(limit("T-REMIT", decided, on: "2026-11-11")?.standing == .kept("2026-11-10"))
        #expect(decided.dispute?.id == "c-12" && decided.disputes.count == 2, "the new decision has its own rights")
    }

    @Test func `is excused on its own grounds, a claim after the limit is marked, and the date stays (reg 44(3))`()
        throws
    {
        let file = try made(refused + [certificate, appeal, order])
        func claim(_ from: Day, _ to: Day) -> CaseEvent {
            CaseEvent(
                "c-7", .claimed, on: "2026-08-03", about: "c", fact: "absent_from_area:from=\(from.iso);to=\(to.iso)")
        }
        let two = Case("c", file.events + [claim("2026-07-14", "2026-07-27")])
        let excused = try #require(limit("T-ASSESS-TELL", two, on: "2026-08-04"))
        #expect(
            excused.isExcused && excused.lateClaims == 1 && excused.due == "2026-07-27", "two weeks are enough here")
        let after = Case("c", file.events + [claim("2026-07-28", "2026-08-30")])
        #expect(
            limit("T-ASSESS-TELL", after, on: "2026-09-04")?.isExcused == false, "after the limit it excuses nothing")
        #expect(limit("T-ASSESS-TELL", after, on: "2026-09-04")?.due == "2026-07-27")
    }
}

@Suite struct `Counting appeals` {
    @Test func `tells of each kind how many, how far and how they ended, and nothing more`() throws {
        let pending = try made(refused + [certificate, appeal])
        let upheld = try made(refused + [certificate, appeal, order])
        let back = about(6, .appealWithdrawn, on: "2026-05-01")
        let twice = try made(
            refused + [certificate, appeal, back, about(7, .appealed, on: "2026-05-20", source: "reassess")])
        let count = AppealCount([pending, upheld, twice, try made(refused)], "2026-01-01"..."2026-12-31")
        #expect(count.decisions == [.reassess: 4] && count.appeals == [.reassess: 4])
        #expect(count.outcomes == [.reassess: [.pending: 2, .upheld: 1, .withdrawn: 1]])
        #expect(count.stages == [.reassess: [.appealed: 2, .ended: 1, .open: 1]])
        #expect(AppealCount([pending], "2026-04-21"..."2026-12-31").appeals.isEmpty)
        #expect(AppealCount([], "2026-01-01"..."2026-12-31").decisions.isEmpty)
    }
}
