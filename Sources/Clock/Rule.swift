import Kernel

/// A legal period, as a row of `share/law/rules.csv` states it, for the days on which that row is the law.
///
/// The row is data; what Swift knows are the conventions of counting, and nothing of any act.
public final class Rule: Sendable {
    /// The rule’s id, which several versions may share: `E-DECIDE`.
    public let id: String
    /// The first day of validity with a hash of the row: `2014-09-01-5c1d0a9e77b3`.
    public let version: String
    public let regime: String
    /// `statutory`, `code`, `tribunal-rule`, `guidance` …
    public let kind: String
    public let provision: String
    /// The event in the law’s words, and the codes of the events that open the limit.
    public let event: String
    public let triggers: [String]
    /// Codes of the events by which the duty is done.
    public let metBy: [String]
    /// Whose duty it is, and what duty, in the law’s words.
    public let actor: String
    public let duty: String
    /// Nil where the law sets no period.
    public let period: Period?
    public let roll: Roll
    /// The grounds that disapply the limit. They never move its date.
    public let grounds: [Ground]
    /// The temporary instrument that may have touched the period, though no ground of it is known.
    public let touchedBy: Ground?
    /// Whether only the earliest of the events that open it counts, where a matter has several.
    public let isEarliestOnly: Bool
    /// Whether it is kept in any matter of the child, and not only where it was opened.
    public let isOfChild: Bool
    /// The open points of law that bear on it: `L5`.
    public let points: [String]
    public let validity: Validity
    /// Whether the instrument’s own words were read, in what words, and what else is to be known.
    public let isRead: Bool
    public let textSeen: String
    public let note: String
    let words: RuleWords
    /// The duty in words for a parent while its date cannot be known, because the event has not happened.
    public var dutyAhead: String { words.ahead }
    /// Whether open points of law bear on every limit of it.
    var hasReadings: Bool {
        switch period {
        case .date, .length(_, _, .atLeastBefore): true
        default: !points.isEmpty
        }
    }
    /// Places of the event codes in `Law.events`.
    let triggerCodes: [Int]
    let metByCodes: [Int]

    init(_ row: RuleRow, _ words: RuleWords, grounds: [Ground], touchedBy: Ground?, codes: [String: Int]) {
        (id, version, regime, kind) = (row.id, row.version, row.regime, row.kind)
        (provision, event, actor, duty) = (row.provision, row.event, row.actor, row.duty)
        (triggers, metBy, points, period, roll) = (row.triggers, row.metBy, row.points, row.period, row.roll)
        (isEarliestOnly, isOfChild, validity) = (row.isEarliestOnly, row.isOfChild, row.validity)
        (textSeen, note, isRead) = (row.textSeen, row.note, row.textSeen == "yes")
        (self.grounds, self.touchedBy, self.words) = (grounds, touchedBy, words)
        triggerCodes = row.triggers.compactMap { codes[$0] }
        metByCodes = row.metBy.compactMap { codes[$0] }
    }
}

/// The days on which a row is the law.
public struct Validity: Hashable, Sendable {
    public let from: Day
    /// The last day, or nil where it still holds.
    public let to: Day?

    public func contains(_ day: Day) -> Bool { day >= from && to.map { day <= $0 } != false }

    func overlaps(_ other: Validity) -> Bool {
        (other.to.map { from <= $0 } ?? true) && (to.map { other.from <= $0 } ?? true)
    }
}

/// How long, counted how.
public enum Period: Hashable, Sendable {
    /// One or several limbs, of which the latest day counts.
    case length([Limb], Unit, Count)
    /// Before, or by, a date in the calendar year of the event.
    case date(month: Int, day: Int, isBefore: Bool)
}

/// One limb of a period: so many units from a day.
public struct Limb: Hashable, Sendable {
    public let quantity: Int
    public let start: Start

    public enum Start: Hashable, Sendable {
        /// The day of the rule’s own event.
        case trigger
        /// A day that a fact brings; where it is not needed and not there, the limb is left out.
        case fact(kind: Int, key: Int, isNeeded: Bool)
    }
}

/// What is counted. Weeks are of seven days, months go to the corresponding date.
public enum Unit: String, CaseIterable, Sendable {
    case day, week, month
    case workingDay = "working_day"

    func inWords(_ quantity: Int) -> String {
        let word = self == .workingDay ? "working day" : rawValue
        return "\(quantity) \(word)\(quantity == 1 ? "" : "s")"
    }
}

/// Whether the day of the event is counted, and which way.
public enum Count: String, Sendable {
    case after
    case beginningWith = "beginning_with"
    case atLeastBefore = "at_least_before"
}

/// Whether a limit that ends on a day of rest stays there.
public enum Roll: String, Sendable {
    /// It stays: nothing in the regulations moves it.
    case none
    /// It moves on, for the Tribunal alone.
    case tribunal
}

/// A row of the rules as it was read, before its grounds are looked up.
struct RuleRow {
    let id: String
    let version: String
    let regime: String
    let kind: String
    let provision: String
    let event: String
    let triggers: [String]
    let metBy: [String]
    let actor: String
    let duty: String
    let says: String
    let since: [String]
    let period: Period?
    let roll: Roll
    let grounds: [String]
    let touchedBy: String?
    let isEarliestOnly: Bool
    let isOfChild: Bool
    let points: [String]
    let validity: Validity
    let textSeen: String
    let note: String
}
