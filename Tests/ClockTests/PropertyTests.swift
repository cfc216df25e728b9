import Clock
import Kernel
import Testing

/// Properties of every rule on every day from 2001 to 2035.
@Suite struct `On every day from 2001 to 2035` {
    let law = Shipped.law

    /// A rule’s limit on a day, with a last review where it needs one.
    private func limit(_ law: Law, _ rule: Rule, _ day: Day, _ facts: String = "") throws(CannotSay) -> Limit {
        let all =
            rule.id == "E-MOVE-REVIEW" ? (facts.isEmpty ? "" : facts + "|") + "last_review:date=\(day.iso)" : facts
        return try law.limit(rule.id, from: day, facts: law.facts(all))
    }

    private func isOfWorkingDays(_ rule: Rule) -> Bool {
        if case .length(_, .workingDay, _)? = rule.period { return true }
        return rule.roll == .tribunal
    }

    private func single(_ rule: Rule) -> (quantity: Int, unit: Unit, count: Count)? {
        guard case .length(let limbs, let unit, let count)? = rule.period, limbs.count == 1 else { return nil }
        return (limbs[0].quantity, unit, count)
    }

    private func days(_ rule: Rule) -> [Day] { Shipped.days.filter(rule.validity.contains) }

    @Test func `weeks and days are exact, and beginning with is a day less`() throws {
        var wrongs = Wrongs()
        for rule in law.rules {
            guard let (quantity, unit, count) = single(rule), unit == .week || unit == .day else { continue }
            let length = quantity * (unit == .week ? 7 : 1)
            let wanted =
                switch count {
                case .after: length
                case .beginningWith: length - 1
                case .atLeastBefore: 0 - length
                }
            for day in days(rule) {
                let due = try limit(law, rule, day).due
                wrongs.expect(due.map { $0.days(since: day) } == wanted, "\(rule.id) \(day) \(due?.iso ?? "")")
            }
        }
        #expect(wrongs.all == [])
    }

    @Test func `bank holidays change no limit but those of working days and of the Tribunal`() throws {
        let more = Shipped.holidays + Shipped.days.filter { $0.weekday == .wednesday }
        let other = try Law(Shipped.files, calendar: WorkingDays(holidays: more))
        let fewer = try Law(
            Shipped.files, calendar: WorkingDays(holidays: Shipped.holidays.filter { $0.civil.month > 4 }))
        var (wrongs, changed) = (Wrongs(), 0)
        for rule in law.rules {
            for day in days(rule) {
                if isOfWorkingDays(rule) {
                    let (one, two) = (try? limit(law, rule, day).due, try? limit(other, rule, day).due)
                    changed += one != two ? 1 : 0
                } else {
                    let due = try limit(law, rule, day).due
                    wrongs.expect(try limit(other, rule, day).due == due, "\(rule.id) \(day)")
                    wrongs.expect(try limit(fewer, rule, day).due == due, "\(rule.id) \(day)")
                }
            }
        }
        #expect(wrongs.all == [])
        #expect(changed > 10_000)
    }

    @Test func `months end on the corresponding date or the month’s last day`() throws {
        var wrongs = Wrongs()
        for rule in law.rules {
            guard let (quantity, unit, count) = single(rule), unit == .month, rule.roll == .none else { continue }
            for day in days(rule) {
                let due = try #require(try limit(law, rule, day).due)
                let (year, month, number) = day.civil
                let months = year * 12 + month - 1 + (count == .atLeastBefore ? 0 - quantity : quantity)
                let same = try? Day(months / 12, months % 12 + 1, number)
                let first = try Day((months + 1) / 12, (months + 1) % 12 + 1, 1)
                let wanted = count == .beginningWith ? same?.previous ?? first.previous : same ?? first.previous
                wrongs.expect(due == wanted, "\(rule.id) \(day) \(due)")
            }
        }
        #expect(wrongs.all == [])
        #expect(try law.due("E-REASSESS-REF", "2026-08-31") == "2027-02-28")
        #expect(try law.due("E-REASSESS-REF", "2027-08-31") == "2028-02-29")
        #expect(try law.due("E-AR-12M", "2028-02-29") == "2029-02-28")
    }

    @Test func `limits of working days land on one, and one day more is later`() throws {
        var wrongs = Wrongs()
        for rule in law.rules {
            guard let (quantity, unit, count) = single(rule), unit == .workingDay else { continue }
            for day in days(rule) {
                guard let due = try? limit(law, rule, day).due else { continue }
                wrongs.expect(try law.calendar.isWorking(due), "\(rule.id) \(day) \(due)")
                guard rule.roll == .none else { continue }
                let (from, to) = count == .atLeastBefore ? (due.previous, day.previous) : (day, due)
                let counted = try? law.calendar.count(after: count == .after ? from : from.previous, through: to)
                let wanted =
                    count == .atLeastBefore
                    ? try law.calendar.count(after: due.previous, through: day.previous) : counted
                wrongs.expect(wanted == quantity, "\(rule.id) \(day) \(due) \(wanted ?? 0)")
            }
        }
        #expect(wrongs.all == [])
        for (fewer, more) in [(1, 2), (3, 4), (15, 16)] {
            for day in Shipped.days.dropLast(60) {
                let (one, two) = (try law.calendar.adding(fewer, to: day), try law.calendar.adding(more, to: day))
                wrongs.expect(one < two, "\(day)")
            }
        }
        #expect(wrongs.all == [])
    }

    @Test func `an appeal ends on a day on which the Tribunal counts, and never before the raw limit`() throws {
        var wrongs = Wrongs()
        for id in ["T-APPEAL", "S-APPEAL"] {
            let rule = try #require(law.rules.first { $0.id == id })
            for day in days(rule) {
                guard let limit = try? limit(law, rule, day), let due = limit.due else { continue }
                let (_, month, number) = due.civil
                let isClosed = month == 8 || month == 12 && number >= 25 || month == 1 && number == 1
                wrongs.expect(!isClosed, "\(id) \(day) \(due)")
                wrongs.expect(try law.calendar.isWorking(due), "\(id) \(day) \(due)")
                let raw = try #require(day.adding(months: 2)).day
                wrongs.expect(due >= raw && limit.raw.map { $0 == raw } != false, "\(id) \(day) \(due)")
            }
        }
        #expect(wrongs.all == [])
    }

    @Test func `no fact moves a date`() throws {
        var wrongs = Wrongs()
        for rule in law.rules {
            for day in days(rule) where day.number % 7 == 0 {
                guard let plain = try? limit(law, rule, day) else { continue }
                let (a, b) = ((day + .days(3)).iso, (day + .days(40)).iso)
                let facts =
                    "absent_from_area:from=\(a);to=\(b)|waiting_list"
                    + "|exceptional_circumstances:date=\(a);evidence=letter"
                    + "|missed_appointment:date=\(a);body=trust|coronavirus:impractical=\(a)..\(b)"
                    + "|school_closed:first_closed=\(a);reopens=\(b);advice_requested=\(a)"
                let claimed = try limit(law, rule, day, facts)
                wrongs.expect(claimed.due == plain.due && claimed.findings.count == 6, "\(rule.id) \(day)")
                wrongs.expect(claimed.excused != .none && plain.excused == .none, "\(rule.id) \(day)")
                let target = try claimed.target()
                wrongs.expect(target == plain.due, "\(rule.id) \(day)")
                if let due = plain.due, claimed.excused == .yes {
                    wrongs.expect(try claimed.target(set: due + .days(9)) == due + .days(9), "\(rule.id) \(day)")
                }
                if let due = plain.due {
                    wrongs.expect((try? claimed.target(set: due.previous)) == nil, "\(rule.id) \(day)")
                    wrongs.expect((try? plain.target(set: due.next)) == nil, "\(rule.id) \(day)")
                }
            }
        }
        #expect(wrongs.all == [])
    }

    @Test func `a later event never has an earlier limit`() throws {
        var wrongs = Wrongs()
        for rule in law.rules {
            var last: Day?
            for day in days(rule) {
                guard let due = try? limit(law, rule, day).due else { continue }
                wrongs.expect(last.map { $0 <= due } != false, "\(rule.id) \(day)")
                last = due
            }
        }
        #expect(wrongs.all == [])
    }

    @Test func `a day of validity more or less flips the rule, and nothing else`() throws {
        var wrongs = Wrongs()
        for day in Shipped.days {
            for rule in law.rules {
                let isSaid: Bool
                do {
                    _ = try limit(law, rule, day)
                    isSaid = true
                } catch {
                    if case .outsideValidity = error { isSaid = false } else { isSaid = true }
                }
                wrongs.expect(isSaid == rule.validity.contains(day), "\(rule.id) \(day)")
            }
        }
        #expect(wrongs.all == [])
    }

    @Test func `every limit says its rule, version, count and both days`() throws {
        var wrongs = Wrongs()
        for rule in law.rules {
            for day in days(rule) where day.number % 31 == 0 {
                guard let limit = try? limit(law, rule, day), let due = limit.due else { continue }
                let sentence = law.sentence(limit, today: "2026-11-28")
                for word in [rule.id, rule.version, rule.provision, day.iso, due.iso, due.inWords, limit.start.inWords]
                {
                    wrongs.expect(sentence.contains(word), "\(rule.id) \(day): no \(word) in \(sentence)")
                }
                let isMarked = sentence.contains("not checked against the instrument")
                wrongs.expect(isMarked == !rule.isRead, "\(rule.id) \(sentence)")
                wrongs.expect(rule.version.hasPrefix(rule.validity.from.iso + "-"), rule.version)
            }
        }
        #expect(wrongs.all == [])
    }

    @Test func `a limit that leaves the bank holidays held is not said, and others still are`() throws {
        #expect(throws: CannotSay.self) { try law.limit("T-RESPONSE", from: "2035-12-01") }
        #expect(throws: CannotSay.self) { try law.limit("E-MED-HEALTH", from: "2035-12-29") }
        #expect(throws: CannotSay.self) { try law.limit("T-APPEAL", from: "2035-11-29") }
        #expect(try law.due("T-APPEAL", "2035-10-10") == "2035-12-10")
        #expect(try law.due("E-MED-NOTICE", "2036-01-01") == "2035-12-21")
        #expect(throws: CannotSay.self) { try law.limit("E-MED-NOTICE", from: "2036-01-03") }
        #expect(try law.due("E-FINAL", "2040-01-02") == "2040-05-21")
        #expect(throws: CannotSay.beyondCalendar) { try law.limit("E-FINAL", from: "2999-12-01") }
        #expect(throws: CannotSay.beyondCalendar) { try law.limit("E-AR-12M", from: "2999-12-01") }
    }

    @Test func `only the civil day in England counts`() throws {
        for (late, early) in [
            ("2026-03-28T23:59:00Z", "2026-03-29T00:01:00Z"), ("2026-10-24T22:59:00Z", "2026-10-24T23:01:00Z"),
        ] {
            let (one, two) = (try Instant(iso: late).dayInEngland, try Instant(iso: early).dayInEngland)
            #expect(two.days(since: one) == 1)
            let (first, second) = (try law.due("E-FINAL", one), try law.due("E-FINAL", two))
            #expect(try #require(second).days(since: try #require(first)) == 1)
        }
        var wrongs = Wrongs()
        for day in Shipped.days {
            let midnight = Instant(startOf: day)
            let (late, early) = (midnight.adding(milliseconds: -60_000), midnight.adding(milliseconds: 60_000))
            wrongs.expect(late.dayInEngland == day.previous && early.dayInEngland == day, "\(day)")
        }
        #expect(wrongs.all == [])
        let (one, two) = (try Instant(iso: "2026-07-01T22:30:00Z"), try Instant(iso: "2026-06-30T23:30:00Z"))
        #expect(try law.due("E-DECIDE", one.dayInEngland) == law.due("E-DECIDE", two.dayInEngland))
    }
}
