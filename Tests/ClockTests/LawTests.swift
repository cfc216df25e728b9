import Clock
import Kernel
import Testing

@Suite struct `The law as data` {
    let law = Shipped.law

    private func files(_ change: (inout Law.Files) -> Void) -> Law.Files {
        var files = Shipped.files
        change(&files)
        return files
    }

    private func replacing(_ old: String, _ new: String, in bytes: [UInt8]) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).replacing(old, with: new).utf8)
    }

    @Test func `holds every rule and exception of the reference, and every open point`() {
        #expect(law.rules.count == 81)
        #expect(Set(law.rules.flatMap(\.grounds).map(\.id)).count == 22)
        #expect(law.settings.points.map(\.id) == (1...11).map { "L\($0)" })
        #expect(law.settings.points.allSatisfy { $0.allowed.contains($0.value) && !$0.source.isEmpty })
        for rule in law.rules { #expect(!rule.triggers.isEmpty, "\(rule.id)") }
    }

    @Test func `stands in docs/law.md, row for row`() throws {
        let text = String(decoding: try Shipped.bytes("../docs/law.md"), as: UTF8.self)
        for rule in law.rules {
            #expect(text.contains("| `\(rule.id)` | \(rule.provision) | "), "\(rule.id)")
            #expect(text.contains(" | \(rule.textSeen) |\n"), "\(rule.id)")
        }
        #expect(text.split(separator: "\n").count { $0.hasPrefix("| `") } == law.rules.count)
    }

    /// A regime that nobody has made: a chain and a clock, a unit and roll of their own mixing, a fact and a ground of
    /// its own.
    private var withThird: Law.Files {
        files {
            $0.regimes += Array("ISP2030,Made up,nothing,2030-01-01,,Made-up Act 2029\n".utf8)
            $0.events += Array(
                "isp.asked,A made-up plan was asked for\nisp.made,It was made\nisp.moved,The child moved\n".utf8)
            $0.facts +=
                Array("strike,from,day,yes,yes,not after to,,a strike\nstrike,to,day,yes,yes,,,a strike\n".utf8)
                + Array("first_plan,made,day,no,no,not after trigger,isp.made,the first plan\n".utf8)
            $0.exceptions += Array("Z1,ISP2030,s9,on strike,a strike of five days,strike,absence,5,,,no,no\n".utf8)
            let head = "ISP2030,statutory,s1,asked"
            let says = "The council must make it by {due},the day it was asked for,"
            $0.rules += Array(
                ("I-MAKE,\(head),isp.asked,,earliest,,LA,make it,\(says)"
                    + "10,working_day,after,tribunal,Z1,,,isp.made,2030-01-01,2031-12-31,yes,\n"
                    + "I-MAKE,\(head),isp.asked,,earliest,,LA,make it,\(says)"
                    + "3,week,after,none,Z1,,,isp.made,2032-01-01,,no,\n"
                    + "I-LOOK,\(head),isp.moved,first_plan.made trigger,,child,LA,look,The council must look by {due},"
                    + "the first plan|the move,6|2,month,beginning_with,none,,,,,2030-01-01,,yes,\n").utf8)
        }
    }

    @Test func `takes a third regime as rows alone`() throws {
        let third = try Law(withThird, calendar: Shipped.calendar)
        #expect(third.rules.count == 84)
        #expect(try third.due("I-MAKE", "2030-07-25") == "2030-09-09")
        #expect(try third.due("I-MAKE", "2032-01-01") == "2032-01-22")
        #expect(
            try third.limit("I-MAKE", from: "2032-01-01", facts: third.facts("strike:from=2032-01-05;to=2032-01-09"))
                .excused == .yes)
        #expect(
            try third.limit("I-MAKE", from: "2032-01-01", facts: third.facts("strike:from=2032-01-05;to=2032-01-08"))
                .excused == .no)
        #expect(throws: CannotSay.self) { try third.limit("I-MAKE", from: "2029-12-31") }
        let table = third.timetable([
            Event("1", "isp.asked", on: "2032-01-01", matter: "p"),
            Event("2", "isp.made", on: "2032-01-20", matter: "p"),
            Event("3", "isp.moved", on: "2032-03-01", matter: "m"),
            Event("4", "request.received", on: "2032-01-01", matter: "p"),
        ])
        let look = try #require(table.entries.first { third.rules[$0.limit.rule].id == "I-LOOK" })
        #expect(look.limit.due == "2032-07-19" && look.limit.start == "2032-01-20")
        #expect(table.entries.first { third.rules[$0.limit.rule].id == "I-MAKE" }?.state(on: "2033-01-01") == .kept)
        #expect(table.entries.contains { third.rules[$0.limit.rule].id == "E-FINAL" })
        #expect(third.sentence(look.limit).contains("Made-up Act 2029"))
    }

    @Test func `chooses a version by the day of the event, and changes it with the row`() throws {
        let third = try Law(withThird, calendar: Shipped.calendar)
        let (old, new) = (
            try third.version(of: "I-MAKE", on: "2031-12-31"), try third.version(of: "I-MAKE", on: "2032-01-01")
        )
        #expect(third.rules[old].version.hasPrefix("2030-01-01-") && third.rules[new].version.hasPrefix("2032-01-01-"))
        let changed = try Law(
            files { $0.rules = replacing("weeks run through holidays", "weeks run on", in: $0.rules) },
            calendar: Shipped.calendar)
        let differing = zip(law.rules, changed.rules).filter { $0.version != $1.version }.map(\.0.id)
        #expect(differing == ["E-DECIDE"])
    }

    @Test(arguments: [
        ("6,week,after", "six,week,after", "whole number"), ("6,week,after", "6,moon,after", "no unit"),
        ("6,week,after", "6,week,since", "no way to count"), ("2014-09-01,,yes", "2014-09-31,,yes", "30 days"),
        ("X1 X2 X3", "X1 X2 X33", "X33 is not in exceptions.csv"),
        ("request.received responsibility", "request.come responsibility", "not in events.csv"),
        ("E-NOTNEC,EHC2014", "E-DECIDE,EHC2014", "two versions of E-DECIDE"),
        ("E-ACK,EHC2014,", "E-ACK,EHC2099,", "not in regimes.csv"),
        ("12|3,month", "12,month", "limbs"), ("last_review.date trigger", "last_review.day trigger", "neither trigger"),
        ("by {due}", "soon", "{due}"), ("02-15,date", "02-30,date", "month and day"),
        ("text_seen", "text_sean", "text_seen"),
        ("tribunal,,", "court,,", "none or tribunal"),
        ("2002-01-01,2018-03-31", "2002-01-01,2001-03-31", "ends before"),
    ])
    func `refuses rules that cannot be, with file and line`(old: String, new: String, word: String) {
        let bad = files { $0.rules = replacing(old, new, in: $0.rules) }
        let fault = #expect(throws: LawFault.self) { try Law(bad, calendar: Shipped.calendar) }
        #expect(fault?.description.contains(word) == true, "\(fault?.description ?? "")")
        #expect(fault?.file == "rules.csv")
    }

    @Test func `refuses settings, facts, exceptions and minimums that cannot be`() {
        for (bad, word) in [
            (files { $0.settings = replacing(",day-before,", ",never,", in: $0.settings) }, "not allowed for L1"),
            (files { $0.settings = replacing("L10,", "L12,", in: $0.settings) }, "L10"),
            (files { $0.facts = replacing(",day,", ",date,", in: $0.facts) }, "“type”"),
            (files { $0.facts = replacing("before reopens", "before noon", in: $0.facts) }, "“order”"),
            (files { $0.exceptions = replacing(",closure,", ",shut,", in: $0.exceptions) }, "“test”"),
            (
                files { $0.exceptions = replacing("missed_appointment", "missed", in: $0.exceptions) },
                "not in facts.csv"
            ),
            (files { $0.minimums = replacing("E-REPS", "E-REP", in: $0.minimums) }, "not in rules.csv"),
            (files { $0.events += $0.events.split(separator: 10)[1] + [10] }, "twice"),
            (files { $0.regimes = [] }, "empty"), (files { $0.rules = Array($0.rules.prefix(1000)) }, "rules.csv"),
        ] {
            let fault = #expect(throws: LawFault.self) { try Law(bad, calendar: Shipped.calendar) }
            #expect(fault?.description.contains(word) == true, "\(fault?.description ?? "")")
        }
    }

    @Test func `answers the open points by its settings`() throws {
        func with(_ point: String, _ old: String, _ new: String) throws -> Law {
            try Law(
                files { $0.settings = replacing(",\(old),\(old)|", ",\(new),\(old)|", in: $0.settings) },
                calendar: Shipped.calendar)
        }
        #expect(try with("L1", "day-before", "the-day").due("E-PHASE-SCHOOL", "2027-09-01") == "2027-02-15")
        #expect(try with("L2", "counted", "clear").due("E-AR-NOTICE", "2026-06-16") == "2026-06-01")
        #expect(try law.due("E-AR-NOTICE", "2026-06-16") == "2026-06-02")
        #expect(try with("L2", "counted", "clear").due("E-MED-NOTICE", "2026-06-01") == "2026-05-21")
        #expect(try with("L3", "first-open", "next-working").due("T-APPEAL", "2027-05-31") == "2027-08-02")
        let made = Event("1", "order.make", on: "2026-10-30", made: "2026-10-28")
        #expect(
            try with("L5", "sent", "made").timetable([made]).entries.map(\.limit.due) == ["2026-12-02", "2027-01-13"])
        let twice = [
            Event("1", "request.received", on: "2026-03-16"), Event("2", "request.received", on: "2026-03-18"),
        ]
        #expect(
            try with("L6", "earliest", "each").timetable(twice).entries.count == law.timetable(twice).entries.count * 2)
        #expect(try law.received(postedOn: "2026-04-02") == "2026-04-08")
        let words = law.sentence(try law.limit("E-AR-NOTICE", from: "2026-06-16"))
        #expect(words.contains("Monday 1 June 2026 (open point L2)"))
        #expect(law.sentence(try law.limit("T-APPEAL", from: "2027-05-31")).contains("Do not rely"))
    }
}
