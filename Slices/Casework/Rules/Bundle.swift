import Kernel

/// What can go into a bundle of documents of a case, such as one for an appeal.
public struct BundleItem: Hashable, Sendable {
    public enum Sort: String, CaseIterable, Sendable {
        /// All that happened, in days and steps.
        case history
        case letter, advice
        /// What was written by the family, a school, an officer with a step.
        case writing

        public var words: String {
            switch self {
            case .history: "What happened, step by step"
            case .letter: "Letters"
            case .advice: "Advice"
            case .writing: "What was written"
            }
        }
    }

    public let id: String
    public let sort: Sort
    /// Of a history, its first day, so that it stands before all that it tells of.
    public let day: Day
    public let title: String

    public init(_ id: String, _ sort: Sort, on day: Day, _ title: String) {
        (self.id, self.sort, self.day, self.title) = (id, sort, day, title)
    }
}

extension Case {
    /// What the bundle of this case can hold, in order: by date; of one day the history first, then as it was noted.
    ///
    /// - Parameters:
    ///   - letters: the letters that whoever makes it may read, each with its event.
    ///   - written: the events with which something is written that they may read, and that no letter holds.
    public func bundle(
        letters: [(id: String, event: String, day: Day, title: String)], written: Set<String>
    ) -> [BundleItem] {
        var items: [BundleItem] = []
        if let first = events.map(\.day).min() {
            items.append(BundleItem(BundleItem.history, .history, on: first, "What happened, step by step"))
        }
        for event in events {
            items += letters.filter { $0.event == event.id }.map { BundleItem($0.id, .letter, on: $0.day, $0.title) }
            guard written.contains(event.id), event.correction == nil else { continue }
            let isAdvice = [.adviceCame, .adviceReused].contains(event.kind)
            items.append(
                BundleItem(event.id, isAdvice ? .advice : .writing, on: event.day, words(of: event)))
        }
        return items.enumerated().sorted { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) }.map(\.element)
    }

    /// What happened, with whose advice it is about.
    public func words(of event: CaseEvent) -> String {
        guard [.adviceReachedBody, .adviceCame].contains(event.kind),
            let advice = advice.first(where: { $0.id == event.about })
        else { return event.words }
        return event.kind == .adviceCame
            ? "Advice came: \(advice.kind.words)" : "The request for advice arrived: \(advice.kind.words)"
    }
}

extension BundleItem {
    /// What the history is called among the items.
    public static let history = "history"
}
