import Kernel
import Notices
import Storage
import TestKit
import Testing

/// A notice with everything in it, of the golden thread’s child.
func wholeDraft(_ changes: [NoticeField: String] = [:]) -> NoticeDraft {
    NoticeDraft(
        [
            .reference: "CDC-2026-0117", .given: "Amina", .family: "Rahman", .born: "2023-04-17", .sex: "female",
            .address: "7 Invented Row, Sparkbrook", .postcode: "b11 9zz", .telephone: "0121 496 0107",
            .parentName: "Nadia Rahman", .parentContact: "by telephone, after five",
            .givenBy: "Dr Anwar Siddiqui, paediatrician", .needs: "SLCN ASD", .opinion: "Probable autism",
            .report: "Seen at the child development centre in December", .told: "2026-01-09", .offered: "yes",
            .voluntaryBody: "Autism West Midlands",
        ].merging(changes) { $1 })
}

/// The same without what the law wants done before a notice.
func incompleteDraft(_ changes: [NoticeField: String] = [:]) -> NoticeDraft {
    wholeDraft([.told: "", .offered: "", .voluntaryBody: ""].merging(changes) { $1 })
}

@Suite struct `Compulsory school age` {
    @Test(
        arguments: [
            ("2021-03-31", "2026-03-31"), ("2021-04-01", "2026-08-31"), ("2021-08-31", "2026-08-31"),
            ("2021-09-01", "2026-12-31"), ("2021-12-31", "2026-12-31"), ("2022-01-01", "2027-03-31"),
            ("2020-02-29", "2025-03-31"), ("2023-04-17", "2028-08-31"),
        ] as [(Day, Day)])
    func `begins on the prescribed day on or after the fifth birthday`(born: Day, begins: Day) {
        #expect(CompulsorySchoolAge.begins(born: born) == begins)
    }

    @Test func `begins within four months and a bit of the fifth birthday, for every day of ten years`() throws {
        for number in try Day(2015, 1, 1).number..<Day(2025, 1, 1).number {
            let born = try #require(Day(number: number))
            let begins = try #require(CompulsorySchoolAge.begins(born: born))
            #expect(try Age(born: born, on: begins).years == 5)
            #expect([(3, 31), (8, 31), (12, 31)].contains { $0 == begins.civil.month && $1 == begins.civil.day })
            #expect(try Age(born: born, on: begins).months <= 5)
        }
        #expect(CompulsorySchoolAge.begins(born: Day.range.upperBound) == nil)
    }
}

@Suite struct `A notice as it is judged` {
    private func faults(_ changes: [NoticeField: String], on day: Day = "2026-01-12") -> [NoticeField: String] {
        Dictionary(
            wholeDraft(changes).judged(on: day).faults.map { ($0.field, $0.message) }, uniquingKeysWith: { $1 })
    }

    @Test func `is read with all that it says`() throws {
        let notice = try #require(wholeDraft().judged(on: "2026-01-12").notice)
        #expect(notice.child.name == "Amina Rahman" && notice.child.born == "2023-04-17")
        #expect(notice.child.postcode?.text == "B11 9ZZ" && notice.needs == [.slcn, .asd])
        #expect(notice.told == "2026-01-09" && notice.isOfferedToDiscuss)
        #expect(notice.voluntaryBody == .named("Autism West Midlands") && notice.missing.isEmpty)
        #expect("\(notice) \(notice.child)" == "a notice a child", "it prints as nothing that tells of the child")
        #expect(NoticeDraft(notice).judged(on: "2026-01-12").notice == notice)
    }

    @Test func `is accepted and incomplete where the law wanted something done before it (EYS-1)`() throws {
        let notice = try #require(incompleteDraft().judged(on: "2026-01-12").notice)
        #expect(notice.missing == [.told, .offered, .voluntaryBody])
        let refused = try #require(wholeDraft([.offered: "no"]).judged(on: "2026-01-12").notice)
        #expect(refused.missing == [.offered])
        let none = wholeDraft([.voluntaryBody: "", .noVoluntaryBody: "yes"]).judged(on: "2026-01-12").notice
        #expect(try #require(none).missing.isEmpty, "where none is likely to help, there is none to name")
    }

    @Test func `is refused of a child of compulsory school age, with the day, the law and what to do`() throws {
        #expect(faults([.born: "2020-09-01", .told: ""], on: "2025-12-30").isEmpty)
        let said = try #require(faults([.born: "2020-09-01", .told: ""], on: "2025-12-31")[.born])
        for word in ["31 December 2025", "Education Act 1996", "section 23", "section 24", "section 36", "may still"] {
            #expect(said.contains(word), "\(word)")
        }
    }

    @Test func `puts an earlier one right though the child has grown older since`() {
        let draft = wholeDraft([.born: "2020-09-01", .told: "2026-01-02"])
        #expect(draft.judged(on: "2026-01-05").notice == nil)
        #expect(draft.judged(on: "2026-01-05", attention: "2025-12-30").notice?.told == "2026-01-02")
    }

    @Test(
        arguments: [
            ([.given: ""], .given), ([.family: " "], .family), ([.born: ""], .born), ([.born: "17/4/2023"], .born),
            ([.born: "2026-01-13"], .born), ([.sex: "f"], .sex), ([.nhsNumber: "943 476 5918"], .nhsNumber),
            ([.postcode: "nowhere"], .postcode), ([.givenBy: ""], .givenBy), ([.needs: "SLCN FOO"], .needs),
            ([.needs: "BESD"], .needs), ([.needs: "", .opinion: ""], .needs), ([.told: "2026-01-13"], .told),
            ([.told: "2023-04-16"], .told), ([.offered: "perhaps"], .offered),
            ([.noVoluntaryBody: "yes"], .voluntaryBody), ([.reference: "Amina-1"], .reference),
            ([.reference: "A B"], .reference), ([.nhsNumber: "943 476 5919", .reference: "X9434765919"], .reference),
            ([.given: "A\u{0}"], .given), ([.family: "R\nx"], .family),
            ([.report: String(repeating: "a", count: 20_001)], .report),
        ] as [([NoticeField: String], NoticeField)])
    func `says at its field what is wrong`(changes: [NoticeField: String], field: NoticeField) {
        let found = faults(changes)
        #expect(Set(found.keys) == [field], "\(found)")
        #expect(wholeDraft(changes).judged(on: "2026-01-12").notice == nil)
    }

    @Test func `has the same content as another only where all of it is the same`() throws {
        let whole = try #require(wholeDraft().judged(on: "2026-01-12").notice)
        let other = try #require(wholeDraft([.reference: "another"]).judged(on: "2026-01-12").notice)
        #expect(whole.content == other.content)
        for (field, value) in [
            (NoticeField.given, "Aminah"), (.told, "2026-01-08"), (.offered, "no"), (.needs, "SLCN"),
            (.voluntaryBody, ""), (.parentName, "N"),
        ] {
            let changed = try #require(wholeDraft([field: value]).judged(on: "2026-01-12").notice)
            #expect(changed.content != whole.content, "\(field)")
        }
        var (one, two) = (whole, whole)
        (one.parentName, one.parentContact) = ("ab", "c")
        (two.parentName, two.parentContact) = ("a", "bc")
        #expect(one.content != two.content)
    }
}

@Suite struct `The path from a notice to the first support` {
    private func progress(
        _ done: [NoticeStep: Day] = [:], missing: [Missing] = [], decision: ContactWay? = nil
    ) -> NoticeProgress {
        NoticeProgress(attention: "2026-01-12", done: done, missing: missing, decision: decision)
    }

    private func refusal(_ progress: NoticeProgress, _ step: NoticeStep, on day: Day) -> StepRefusal? {
        do { try progress.check(step, on: day, today: "2026-01-20") } catch { return error }
        return nil
    }

    @Test func `goes step by step, no step before the one before it or in time to come`() {
        #expect(refusal(progress(), .pickedUp, on: "2026-01-12") == nil)
        #expect(refusal(progress(), .pickedUp, on: "2026-01-11") == .before("2026-01-12"))
        #expect(refusal(progress(), .pickedUp, on: "2026-01-21") == .inFuture)
        #expect(refusal(progress(), .contacted, on: "2026-01-13") == .stepBeforeIsMissing(.pickedUp))
        let picked = progress([.pickedUp: "2026-01-13"])
        #expect(refusal(picked, .pickedUp, on: "2026-01-13") == .alreadyDone)
        #expect(refusal(picked, .contacted, on: "2026-01-12") == .before("2026-01-13"))
        #expect(refusal(picked, .contacted, on: "2026-01-13") == nil)
        #expect(refusal(picked, .supported, on: "2026-01-14") == .stepBeforeIsMissing(.contacted))
    }

    @Test func `waits for the lead’s decision where the notice is incomplete`() {
        let picked: [NoticeStep: Day] = [.pickedUp: "2026-01-13"]
        let open = progress(picked, missing: [.told])
        #expect(open.wantsDecision && refusal(open, .contacted, on: "2026-01-14") == .wantsDecision)
        let later = progress(picked, missing: [.told], decision: .notNow)
        #expect(refusal(later, .contacted, on: "2026-01-14") == .notNow)
        let decided = progress(picked, missing: [.told], decision: .byTheCouncil)
        #expect(!decided.wantsDecision && refusal(decided, .contacted, on: "2026-01-14") == nil)
    }

    @Test func `counts its days from the notice to the first support`() {
        #expect(progress().daysOpen(on: "2026-01-12") == 0 && progress().daysOpen(on: "2026-02-12") == 31)
        let done = progress([.pickedUp: "2026-01-13", .contacted: "2026-01-14", .supported: "2026-01-20"])
        #expect(done.daysOpen(on: "2027-01-01") == 8 && done.state == .supported && done.next == nil)
        #expect(progress().state == nil && progress().next == .pickedUp)
    }

    @Test(
        arguments: [
            ("2026-01-12", "2026-01-16"), ("2026-01-15", "2026-01-21"), ("2026-01-16", "2026-01-22"),
            ("2026-04-02", "2026-04-10"), ("2026-12-23", "2026-12-31"), ("2026-05-01", "2026-05-08"),
        ] as [(Day, Day)])
    func `gives the body three whole working days, over weekends and bank holidays`(attention: Day, from: Day) throws {
        let calendar = try WorkingDays(files: [
            TestApp.share.bytes("calendar/bank_holidays_england.csv"),
            TestApp.share.bytes("calendar/england_bank_holidays_2010_2035.csv"),
        ])
        #expect(Chase.leadDecides(from: attention, in: calendar) == from)
        #expect(try calendar.count(after: attention, through: from.previous) == 3)
    }

    @Test func `counts Mondays to Fridays where the bank holidays are not known`() {
        let calendar = WorkingDays(holidays: [])
        #expect(Chase.leadDecides(from: "2040-01-06", in: calendar) == "2040-01-12")
    }
}
