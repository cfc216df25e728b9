import Kernel

/// What a rule says, cut into the pieces that its sentences are put together from.
struct RuleWords: Sendable {
    /// The duty up to its date, and what follows it.
    let before: [UInt8]
    let after: [UInt8]
    /// How it is counted, one for each limb, up to the day from which.
    let counted: [[UInt8]]
    /// What follows that day.
    let convention: [UInt8]
    /// Source, rule and version.
    let source: [UInt8]
    /// That the rule has not been checked, or that a temporary instrument may have touched it; mostly nothing.
    let unread: [UInt8]
    let touched: [UInt8]
    /// The duty where no date is known yet: the place of the date says how it will be counted.
    let ahead: String

    init(_ row: RuleRow, source regime: String, touchedBy: Ground?) {
        let seen = " This rule is not checked against the instrument (seen: \(row.textSeen))."
        unread = row.textSeen == "yes" ? [] : Array(seen.utf8)
        touched =
            touchedBy.map {
                Array(
                    (" A temporary instrument, \($0.provision), touched other periods of these regulations in its "
                        + "time; whether this one too has not been read, and no excuse is taken from it.").utf8)
            } ?? []
        let says = row.says
        if let place = says.firstRange(of: "{due}") {
            before = Array(says[..<place.lowerBound].utf8)
            after = Array((says[place.upperBound...] + ".").utf8)
        } else {
            before = Array((says + ".").utf8)
            after = []
        }
        ahead = says.replacing("{due}", with: Self.place(row)) + "."
        counted = row.since.enumerated().map { Array(Self.counted(row, $0.offset, $0.element).utf8) }
        convention = Array(Self.convention(row).utf8)
        source = Array(
            " Source: \(row.provision), of \(row.regime) (\(regime)); rule \(row.id), version \(row.version)".utf8)
    }

    private static func counted(_ row: RuleRow, _ limb: Int, _ since: String) -> String {
        switch row.period {
        case nil: " The law sets no period for this. It began with \(since), "
        case .date(let month, let day, let isBefore):
            " The law says \(isBefore ? "before" : "by") \(dayAndMonth(month, day)) in the calendar year of \(since), "
        case .length(let limbs, let unit, let count):
            switch count {
            case .after where limbs[limb].quantity == 0: " That is at once, on \(since), "
            case .after: " That is \(unit.inWords(limbs[limb].quantity)) after \(since), "
            case .beginningWith: " That is \(unit.inWords(limbs[limb].quantity)) beginning with \(since), "
            case .atLeastBefore: " That is \(unit.inWords(limbs[limb].quantity)) before \(since), "
            }
        }
    }

    /// What stands for a date that nobody can know yet: `the last day of 15 days beginning with …`.
    private static func place(_ row: RuleRow) -> String {
        switch row.period {
        case nil: return ""
        case .date(let month, let day, let isBefore):
            let date = "\(dayAndMonth(month, day)) in the calendar year of \(row.since[0])"
            return isBefore ? "the day before \(date)" : date
        case .length(let limbs, let unit, let count):
            let ends = zip(limbs, row.since).map { limb, since in
                let length = unit.inWords(limb.quantity)
                return switch count {
                case .after where limb.quantity == 0: since
                case .after: "the last day of \(length) after \(since)"
                case .beginningWith: "the last day of \(length) beginning with \(since)"
                case .atLeastBefore: "the day \(length) before \(since)"
                }
            }
            return (ends.count > 1 ? "the later of " : "") + ends.joined(separator: " and ")
        }
    }

    private static func convention(_ row: RuleRow) -> String {
        guard case .length(let limbs, let unit, let count)? = row.period else { return "." }
        let several = limbs.count > 1 ? " Of several days that the rule names, the latest counts." : ""
        if limbs.allSatisfy({ $0.quantity == 0 }) { return "." }
        let rest =
            switch unit {
            case .day, .week: ", and weekends and holidays are counted."
            case .month: ", and the period ends on the corresponding date, or on the last day of a month that has none."
            case .workingDay where row.roll == .tribunal:
                ", nor are weekends, bank holidays, August, and 25 December to 1 January."
            case .workingDay: ", and weekends and bank holidays are not counted."
            }
        return switch count {
        case .after: "; that day is not counted" + rest + several
        case .beginningWith: "; the first day is counted" + rest + several
        case .atLeastBefore: unit == .workingDay ? "; counted back from the day before it." : "." + several
        }
    }

    private static func dayAndMonth(_ month: Int, _ day: Int) -> String {
        guard let date = try? Day(2001, month, day) else { return "" }
        return date.inWords.split(separator: " ").prefix(2).joined(separator: " ")
    }
}

extension Law {
    /// Why a limit is what it is, in words for a parent: the duty, both days, the way of counting, every excuse that
    /// was offered, open points of law, and the source with rule and version.
    ///
    /// - Parameter today: where given, an event that is still to come is said to be so.
    public func sentence(_ limit: Limit, today: Day? = nil) -> String {
        var bytes: [UInt8] = []
        write(limit, today: today, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes the sentence behind what is there.
    public func write(_ limit: Limit, today: Day?, into bytes: inout [UInt8]) {
        let rule = rules[limit.rule]
        bytes += rule.words.before
        if let due = limit.due {
            bytes.add(full: due)
            bytes += rule.words.after
        }
        bytes += rule.words.counted[limit.limb]
        bytes.add(full: limit.start)
        bytes += rule.words.convention
        if let today, limit.trigger > today {
            bytes.add(" ")
            bytes.add(full: limit.trigger)
            bytes.add(" is still to come.")
        }
        writeReadings(limit, rule, &bytes)
        if let due = limit.due, let day = actBy(limit) {
            bytes.add(" The limit stays on ")
            bytes.add(full: due)
            bytes.add(", which is no working day: act by ")
            bytes.add(full: day)
            bytes.add(".")
        }
        writeFindings(limit, rule, today, &bytes)
        bytes += rule.words.unread
        bytes += rule.words.source
        bytes.add("; from ")
        bytes.add(iso: limit.trigger)
        if let due = limit.due {
            bytes.add(" to ")
            bytes.add(iso: due)
        }
        bytes.add(".")
    }

    /// The duty with its date, in words for a parent: the first sentence of the explanation.
    public func duty(_ limit: Limit) -> String {
        var bytes = rules[limit.rule].words.before
        if let due = limit.due {
            bytes.add(full: due)
            bytes += rules[limit.rule].words.after
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How the date was counted, and from which day: the second sentence of the explanation.
    public func counting(_ limit: Limit) -> String {
        let words = rules[limit.rule].words
        var bytes = words.counted[limit.limb]
        bytes.add(full: limit.start)
        bytes += words.convention
        return String(decoding: bytes.dropFirst(), as: UTF8.self)
    }

    private func writeReadings(_ limit: Limit, _ rule: Rule, _ bytes: inout [UInt8]) {
        if let raw = limit.raw {
            bytes.add(" It would have ended on ")
            bytes.add(full: raw)
            bytes.add("; the Tribunal’s rule 12 moves it on.")
        }
        for reading in rule.hasReadings || limit.isDoubtful ? readings(limit) : [] {
            bytes.add(" ")
            bytes.add(reading.says)
            if let day = reading.day {
                bytes.add(" ")
                bytes.add(full: day)
            }
            bytes.add(" (open point ")
            bytes.add(reading.point)
            bytes.add(").")
        }
        if let ground = rule.touchedBy, let due = limit.due, case .span(let first, let last)? = ground.test,
            first <= due, limit.start <= last
        {
            bytes += rule.words.touched
        }
    }

    private func writeFindings(_ limit: Limit, _ rule: Rule, _ today: Day?, _ bytes: inout [UInt8]) {
        for finding in limit.findings {
            bytes.add(" ")
            switch finding.result {
            case .excuses(let ground):
                let ground = rule.grounds[ground]
                bytes.add(
                    "The limit is excused, and its date stays: \(ground.says) (\(ground.id), \(ground.provision)).")
                if !ground.isRead { bytes.add(" The wording of that ground was not read in full.") }
                if let today, let last = finding.last, last > today {
                    bytes.add(
                        " What is claimed is still to come in whole or in part, on \(last.inWords) at the latest.")
                }
            default:
                let says = factKinds[finding.fact].says
                bytes.add("\(says.prefix(1).uppercased() + says.dropFirst()) does not excuse: \(why(finding.result)).")
            }
        }
    }

    private func why(_ result: Finding.Result) -> String {
        switch result {
        case .excuses, .noGround: "the law gives no such ground for this limit"
        case .touchedButNotRead: "what the temporary instrument said of this limit has not been read"
        case .noEvidence: "there is no evidence of it"
        case .beforePeriod(let day): "\(day.inWords) is before the period"
        case .afterLimit(let day): "\(day.inWords) is after the limit had passed"
        case .tooShort(let days, let wanted): "\(days) days of it count, and \(wanted) are needed"
        case .outsideWindow(let asked, let from, let to):
            "advice was asked on \(asked.inWords), and that had to be from \(from.inWords) to \(to.inWords)"
        case .outsideDates(let first, let last): "that ground held from \(first.inWords) to \(last.inWords) alone"
        case .claimedLate(let day): "it was claimed on \(day.inWords), after the limit had passed"
        }
    }

    /// The open points of law that bear on a limit, each with what it says here and the other day, where there is one.
    public func readings(_ limit: Limit) -> [Reading] {
        let rule = rules[limit.rule]
        var found: [Reading] = []
        func add(_ id: String, _ day: Day? = nil) {
            if let point = settings.point(id) { found.append(Reading(point: id, says: point.says, day: day)) }
        }
        switch rule.period {
        case .date(_, _, let isBefore) where isBefore: add("L1")
        case .length(_, _, .atLeastBefore): add("L2", clearDay(limit, rule))
        default: break
        }
        if limit.isDoubtful { add("L3") }
        for point in rule.points { add(point, point == "L8" ? meeting(limit) : nil) }
        return found
    }

    /// The last day where “at least” is read as clear days.
    private func clearDay(_ limit: Limit, _ rule: Rule) -> Day? {
        guard let due = limit.due, !settings.areClearDays else { return limit.due }
        guard case .length(_, .workingDay, _)? = rule.period else { return due.previous }
        return try? calendar.adding(-1, to: due)
    }

    /// When the meeting should be, for its decision to fall within the limit: four weeks before it.
    private func meeting(_ limit: Limit) -> Day? { limit.due.map { $0 - .weeks(4) } }
}

/// An open point of law as it bears on one limit.
public struct Reading: Hashable, Sendable {
    /// `L1` to `L11`.
    public let point: String
    public let says: String
    public let day: Day?
}

extension [UInt8] {
    mutating func add(_ text: String) { append(contentsOf: text.utf8) }

    /// `Monday 27 April 2026`.
    mutating func add(full day: Day) {
        append(contentsOf: weekdays[((day.number + 3) % 7 + 7) % 7])
        let (year, month, number) = day.civil
        add(digits: number, width: 1)
        append(contentsOf: months[month - 1])
        add(digits: year, width: 4)
    }

    /// `2026-04-27`.
    mutating func add(iso day: Day) {
        let (year, month, number) = day.civil
        add(digits: year, width: 4)
        append(45)
        add(digits: month, width: 2)
        append(45)
        add(digits: number, width: 2)
    }

    private mutating func add(digits number: Int, width: Int) {
        var (divisor, left) = (1, width)
        while left > 1 || divisor * 10 <= number {
            divisor *= 10
            left -= 1
        }
        while divisor > 0 {
            append(48 + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}

private let weekdays = Weekday.allCases.map { Array(($0.name + " ").utf8) }
private let months: [[UInt8]] = (1...12).map { month in
    let words = (try? Day(2001, month, 1))?.inWords.split(separator: " ") ?? []
    return words.count == 3 ? Array(" \(words[1]) ".utf8) : []
}
