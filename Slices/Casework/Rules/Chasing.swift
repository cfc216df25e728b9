import Kernel

/// How advice that does not come is asked for again: rows of `share/casework/chasers.csv`.
///
/// No step of it changes a day of law, and none is an excuse.
public struct ChaserLadder: Sendable {
    public enum Recipient: String, Sendable { case adviser, officer, manager }

    public struct Step: Hashable, Sendable {
        public let id: String
        /// From the day on which it was asked for, as long as nobody noted its receipt; otherwise from the day on which
        /// it is due.
        public let isFromAsking: Bool
        /// Days after that day; before it where less than nought.
        public let days: Int
        public let to: Recipient
        public let title, words: String
    }

    public let steps: [Step]

    /// - Throws: `TableFault` or `Malformed` with the line that cannot be used.
    public init(_ bytes: [UInt8]) throws {
        let table = try Table(bytes, required: ["step", "from", "days", "to", "title", "words"])
        var seen = Set<String>()
        steps = try table.rows.map { row in
            func fault(_ what: String, _ given: String) -> Malformed {
                Malformed(wanted: what, given: given, reason: "line \(row.line) of chasers.csv")
            }
            let (id, from, days) = (try row.get("step"), try row.get("from"), try row.get("days"))
            guard !id.isEmpty, seen.insert(id).inserted else { throw fault("a step that stands once", id) }
            guard from == "asked" || from == "due" else { throw fault("asked or due", from) }
            guard let number = Int(days), abs(number) <= 365 else { throw fault("a number of days", days) }
            guard let to = Recipient(rawValue: try row.get("to")) else {
                throw fault("adviser, officer or manager", try row.get("to"))
            }
            return Step(
                id: id, isFromAsking: from == "asked", days: number, to: to, title: try row.get("title"),
                words: try row.get("words"))
        }
    }

    /// One request for advice that has not been answered, as far as chasing needs it.
    public struct Open: Hashable, Sendable {
        public let asked: Day
        public let isReached: Bool
        /// The last safe day; nil where it cannot be said.
        public let due: Day?
        /// Steps that were taken before, or passed over.
        public let done: Set<String>

        public init(asked: Day, isReached: Bool, due: Day?, done: Set<String>) {
            (self.asked, self.isReached, self.due, self.done) = (asked, isReached, due, done)
        }
    }

    /// The day of a step; nil where there is none.
    public func day(of step: Step, _ open: Open) -> Day? {
        if step.isFromAsking { return open.isReached ? nil : open.asked + .days(step.days) }
        guard let due = open.due else { return nil }
        return step.days < 0 ? due - .days(-step.days) : due + .days(step.days)
    }

    /// How many days after its own a step that says “in a week” still says something true.
    public static let fresh = 2

    /// What is to be taken today, and what is passed over: what was to be said before the day and is stale; and of
    /// several that fell due since somebody last looked all but the latest for each recipient, so that nobody finds
    /// three reminders in one morning.
    public func due(_ open: Open, on today: Day) -> (take: [Step], pass: [Step]) {
        let ready = steps.compactMap { step -> (step: Step, day: Day)? in
            guard !open.done.contains(step.id), let day = day(of: step, open), day <= today else { return nil }
            return (step, day)
        }
        let stale = ready.filter { $0.step.days <= 0 && !$0.step.isFromAsking && today > $0.day + .days(Self.fresh) }
        let latest = Dictionary(
            grouping: ready.filter { one in !stale.contains { $0.step == one.step } }, by: \.step.to
        ).mapValues { $0.max { $0.day < $1.day }?.step }
        let take = ready.map(\.step).filter { latest[$0.to] == $0 }
        return (take, ready.map(\.step).filter { !take.contains($0) })
    }
}
