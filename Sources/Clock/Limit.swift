import Kernel

/// A limit that an event opened: the statutory date, what was claimed to disapply it, and what is aimed at, kept apart.
public struct Limit: Hashable, Sendable {
    /// The place of the rule’s version in `Law.rules`.
    public let rule: Int
    /// The id of the event that opened it, or empty where a day alone was given.
    public let event: String
    /// The day of that event.
    public let trigger: Day
    /// The day that the period counted from: the event’s, or a fact’s where another limb ends later.
    public let start: Day
    /// Which limb of the period decided.
    public let limb: Int
    /// The last safe day, which nothing moves; nil where the law sets no period.
    public let due: Day?
    /// The day before it moved, where the limit ran to a day on which the Tribunal does not count it.
    public let raw: Day?
    /// Whether it moved past August or the new year only because of a weekend or bank holiday (open point L3).
    public let isDoubtful: Bool
    /// What became of each excuse that was offered.
    public let findings: [Finding]

    /// Whether an excuse was offered, and whether one holds.
    public var excused: Excused {
        var answer = Excused.none
        for finding in findings {
            if finding.result.isExcuse { return .yes }
            answer = .no
        }
        return answer
    }

    /// The day that is aimed at. It is not statutory, and never before the statutory day.
    ///
    /// - Parameter set: the day that an officer has set, or nil for the statutory day itself.
    /// - Throws: `Malformed` where it would lie before the statutory day, or nothing excuses a later one.
    public func target(set: Day? = nil) throws(Malformed) -> Day? {
        guard let set, let due else { return due }
        guard set >= due else {
            throw Malformed(
                wanted: "a target", given: set.iso, reason: "it may not lie before the statutory day, \(due.iso)")
        }
        guard set == due || excused == .yes else {
            let why = "nothing excuses this limit, so what is aimed at is the statutory day, \(due.iso)"
            throw Malformed(wanted: "a target", given: set.iso, reason: why)
        }
        return set
    }

    func adding(_ more: [Finding]) -> Limit {
        more.isEmpty
            ? self
            : Limit(
                rule: rule, event: event, trigger: trigger, start: start, limb: limb, due: due, raw: raw,
                isDoubtful: isDoubtful, findings: findings + more)
    }

    /// Whether what was done on a day kept the limit. Nil where the law sets no period.
    public func isKept(done: Day) -> Bool? { due.map { done <= $0 } }
}

/// Whether a limit is disapplied.
public enum Excused: String, Sendable {
    case yes, no
    /// No excuse was offered.
    case none = "n/a"
}
