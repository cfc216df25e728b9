import Access
import Kernel

/// What somebody decided of a child whom several agencies know and nobody leads for, and what came of it.
public enum KeyWorker {
    public enum State: String, CaseIterable, Hashable, Sendable {
        case offered
        case notNeeded = "not-needed"
        /// Somebody leads already: what no agency’s list says.
        case led
        case accepted, declined, named

        public var words: String {
            switch self {
            case .offered: "A key worker was offered"
            case .notNeeded: "No key worker is needed"
            case .led: "Somebody leads already"
            case .accepted: "The family accepted"
            case .declined: "The family declined"
            case .named: "A key worker is named"
            }
        }
    }

    /// What may follow a state; nil where nothing was decided yet.
    public static func next(after state: State?) -> [State] {
        switch state {
        case nil: [.offered, .notNeeded, .led, .named]
        case .offered?: [.accepted, .declined, .named]
        case .accepted?: [.named, .declined]
        case .declined?, .notNeeded?, .led?: [.offered, .named]
        case .named?: [.named]
        }
    }

    /// The agencies that the rule counts, each with its sources. Youth justice and safeguarding are never among them:
    /// that they know a child is told by no list and by no gap in one. An early notice counts for none: the body that
    /// gave it is an agency of its own list.
    public static func counted(_ sources: [FeedSource]) -> [(agency: String, sources: [String])] {
        var agencies: [(agency: String, sources: [String])] = []
        for source in sources where classes.contains(source.data) && source.extract != .notices {
            if let place = agencies.firstIndex(where: { $0.agency == source.agency }) {
                agencies[place].sources.append(source.code)
            } else {
                agencies.append((source.agency, [source.code]))
            }
        }
        return agencies
    }

    /// The classes of what is counted and shown.
    public static let classes: Set<DataClass> = [.education, .health, .socialCare]

    /// The birthday of whoever becomes so many years old today; for 29 February in other years, the day before March.
    public static func day(_ years: Int, yearsBefore today: Day) -> Day {
        let (year, month, day) = today.civil
        return (try? Day(year - years, month, day)) ?? (try? Day(year - years, month, 28)) ?? today
    }

    /// Agencies as one text, to tell later whether another has come to know the child.
    public static func basis(_ agencies: some Sequence<String>) -> String {
        "|" + agencies.sorted().joined(separator: "|") + "|"
    }
}
