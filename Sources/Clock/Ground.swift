import Kernel

/// A ground on which a limit need not be kept: a row of `share/law/exceptions.csv`.
///
/// It disapplies the limit and never moves its date.
public struct Ground: Hashable, Sendable {
    public let id: String
    public let provision: String
    /// The condition in the law’s words, and in words for a parent.
    public let condition: String
    public let says: String
    /// How it is told from a fact, or nil where no fact is read for it.
    public let test: Test?
    /// Whether the fact must come with evidence.
    public let needsEvidence: Bool
    public let isRead: Bool
    /// The place of the fact’s kind in `Law.factKinds`, or -1.
    let factKind: Int

    public enum Test: Hashable, Sendable {
        /// Closed for so many days at least, and advice asked so many days from the closing and from the reopening.
        case closure(minDays: Int, windowStart: Int, windowEnd: Int)
        /// Away for so many days at least, all within the period.
        case absence(minDays: Int)
        /// On a day within the period.
        case day
        /// On some day that lies both in the period and between these days.
        case span(Day, Day)
    }
}

/// A kind of fact that bears on a limit, with its keys: rows of `share/law/facts.csv`.
public struct FactKind: Hashable, Sendable {
    public let name: String
    public let says: String
    /// Whether it is offered as an excuse; otherwise a rule counts from it.
    public let isExcuse: Bool
    public let keys: [Key]
    let bytes: [UInt8]

    public struct Key: Hashable, Sendable {
        public let name: String
        public let type: KeyType
        public let isNeeded: Bool
        /// What its day must be to another.
        public let order: Order?
        /// Codes of the events that bring this day of themselves.
        public let events: [String]
        let eventCodes: [Int]
        let bytes: [UInt8]
    }

    public enum KeyType: String, Sendable { case day, span, text, evidence }

    public enum Order: Hashable, Sendable {
        case before(key: Int)
        case notAfter(key: Int)
        case notAfterTrigger
        case notBeforeTrigger
    }
}

/// A fact about a child’s case, of a kind the law’s files name, each key with its value.
public struct Fact: Hashable, Sendable {
    /// The place of its kind in `Law.factKinds`.
    public let kind: Int
    /// By the places of the kind’s keys; nil where one was left out.
    public let values: [Value?]

    public enum Value: Hashable, Sendable {
        case day(Day)
        /// From a day to a day, both with.
        case span(Day, Day)
        case text(String)
    }

    /// - Parameter values: as many as the kind has keys.
    public init(kind: Int, values: [Value?]) { (self.kind, self.values) = (kind, values) }

    func day(_ key: Int) -> Day? {
        if key < values.count, case .day(let day)? = values[key] { return day }
        return nil
    }

    /// The last day that it speaks of.
    var last: Day? {
        var last: Day?
        for value in values {
            switch value {
            case .day(let day): last = max(last ?? day, day)
            case .span(_, let day): last = max(last ?? day, day)
            default: continue
            }
        }
        return last
    }

    func span(_ key: Int) -> (Day, Day)? {
        if key < values.count, case .span(let first, let last)? = values[key] { return (first, last) }
        return nil
    }
}

/// What became of one fact offered as an excuse under one rule.
public struct Finding: Hashable, Sendable {
    /// The place of the fact’s kind in `Law.factKinds`.
    public let fact: Int
    public let result: Result
    /// The last day that the fact speaks of.
    public let last: Day?

    public enum Result: Hashable, Sendable {
        /// It excuses, by this ground of the rule.
        case excuses(ground: Int)
        /// No ground of the rule reads this fact.
        case noGround
        /// The temporary instrument may have touched this period; what it said of it was not read.
        case touchedButNotRead
        case noEvidence
        case beforePeriod(Day)
        case afterLimit(Day)
        /// So many days of it lie in the period, where the rule wants more.
        case tooShort(days: Int, wanted: Int)
        /// Advice was asked outside the days that the rule names.
        case outsideWindow(asked: Day, from: Day, to: Day)
        case outsideDates(Day, Day)
        /// The claim was made after the limit, and the setting L10 refuses such claims.
        case claimedLate(Day)

        var isExcuse: Bool { if case .excuses = self { true } else { false } }
    }
}
