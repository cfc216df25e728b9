import Kernel

/// Something that happened in a child’s case, on a civil day in England.
public struct Event: Hashable, Sendable {
    /// Unique among the child’s events.
    public let id: String
    /// A code of `share/law/events.csv`.
    public let kind: String
    public let day: Day
    /// To which request, review, move or appeal it belongs. Limits are opened and kept within a matter.
    public let matter: String
    /// For an order of the Tribunal, the day it was made, where that is known and another than the day it was sent.
    public let made: Day?
    /// The event that this one puts right, and why.
    public let correction: Correction?

    public init(
        _ id: String, _ kind: String, on day: Day, matter: String = "", made: Day? = nil, correcting: Correction? = nil
    ) {
        (self.id, self.kind, self.day, self.matter) = (id, kind, day, matter)
        (self.made, correction) = (made, correcting)
    }
}

/// Which event was recorded wrongly, and why it is put right. Both stay readable.
public struct Correction: Hashable, Sendable {
    public let of: String
    public let because: String
    /// Whether the event did not happen at all, so that nothing takes its place.
    public let isAnnulled: Bool

    public init(of id: String, because: String, isAnnulled: Bool = false) {
        (self.of, self.because, self.isAnnulled) = (id, because, isAnnulled)
    }
}

/// A claim that a limit need not be kept, with its fact. It moves no date.
public struct Claim: Hashable, Sendable {
    public let id: String
    /// The matter it is made in; empty for all of the child’s.
    public let matter: String
    public let fact: Fact
    /// When it was made, and by whom.
    public let claimed: Day
    public let by: String

    public init(_ id: String, _ fact: Fact, claimed: Day, by: String, matter: String = "") {
        (self.id, self.matter, self.fact, self.claimed, self.by) = (id, matter, fact, claimed, by)
    }
}

/// All limits of one child, made anew from the events whenever one is added or put right.
public struct Timetable: Hashable, Sendable {
    public internal(set) var entries: [Entry] = []
    /// Rules that an event opens and whose limit cannot be said, with why.
    public internal(set) var unanswered: [Unanswered] = []
    /// Events that were left out, with why.
    public internal(set) var refused: [Refusal] = []
    /// What each correction changed.
    public internal(set) var changes: [Change] = []
    /// Steps that were taken, or would have to be taken, before the days of somebody else had passed.
    public internal(set) var early: [Early] = []

    /// A limit, and what became of it.
    public struct Entry: Hashable, Sendable {
        public let limit: Limit
        public let matter: String
        /// The event by which the duty was done, if it was.
        public let done: Done?
        /// Claims that were made after the limit had passed. They hold, and are marked (open point L10).
        public let lateClaims: [String]
        /// Later events that would have opened the same limit (open point L6).
        public let repeats: [String]
        /// For an order, the limit if its clock ran from the other day (open point L5).
        public let otherDue: Day?

        /// How it stands on a day.
        public func state(on today: Day) -> State {
            guard let due = limit.due else { return done == nil ? .withoutPeriod : .kept }
            if let done { return done.day <= due ? .kept : .late(days: done.day.days(since: due)) }
            return today <= due ? .running(daysLeft: due.days(since: today)) : .overdue(days: today.days(since: due))
        }
    }

    public struct Done: Hashable, Sendable {
        public let event: String
        public let day: Day
    }

    public enum State: Hashable, Sendable {
        case running(daysLeft: Int), overdue(days: Int), kept, late(days: Int), withoutPeriod
    }

    public struct Unanswered: Hashable, Sendable {
        public let event: String
        public let rule: String
        public let why: CannotSay
    }

    public struct Refusal: Hashable, Sendable {
        public let event: String
        public let why: String
    }

    /// What a correction changed in one limit: as it was, and as it is now.
    public struct Change: Hashable, Sendable {
        public let correction: String
        public let corrected: String
        public let because: String
        public let rule: String
        public let was: Limit?
        public let now: Limit?
    }

    /// A step before whose day the days of somebody else end: taken too early, or due before it may be taken.
    public struct Early: Hashable, Sendable {
        /// The place of what forbids it in `Law.minimums`.
        public let minimum: Int
        public let matter: String
        /// The first day on which the step may be taken.
        public let earliest: Day
        /// The event that came too early, or nil where the limit itself lies before that day.
        public let event: String?
        public let day: Day
    }
}
