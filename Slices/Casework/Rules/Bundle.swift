import Kernel

/// What can go into a bundle of documents of a case, such as one for an appeal.
public struct BundleItem: Hashable, Sendable {
    public enum Sort: String, CaseIterable, Sendable {
        /// All that happened, in days and steps.
        case history
        case letter, advice
        /// A document that came with advice, page by page as it is.
        case document
        /// What was written by the family, a school, an officer with a step.
        case writing

        public var words: String {
            switch self {
            case .history: "What happened, step by step"
            case .letter: "Letters"
            case .advice: "Advice"
            case .document: "Documents that came with advice"
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
    ///   - documents: what came with advice that they may read and can be bound into it, each with its event.
    public func bundle(
        letters: [(id: String, event: String, day: Day, title: String)], written: Set<String>,
        documents: [(id: String, event: String)] = []
    ) -> [BundleItem] {
        var items: [BundleItem] = []
        if let first = events.map(\.day).min() {
            items.append(BundleItem(BundleItem.history, .history, on: first, "What happened, step by step"))
        }
        for event in events {
            items += letters.filter { $0.event == event.id }.map { BundleItem($0.id, .letter, on: $0.day, $0.title) }
            guard event.correction == nil else { continue }
            if written.contains(event.id) {
                let isAdvice = [.adviceCame, .adviceReused].contains(event.kind)
                items.append(BundleItem(event.id, isAdvice ? .advice : .writing, on: event.day, words(of: event)))
            }
            items += self.documents(documents.filter { $0.event == event.id }.map(\.id), with: event)
        }
        return items.enumerated().sorted { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) }.map(\.element)
    }

    /// Of the advice’s day, as it was noted and not as it was put right, so that they stand behind it. None of advice
    /// that did not come.
    private func documents(_ ids: [String], with event: CaseEvent) -> [BundleItem] {
        guard event.kind == .adviceCame, standing(for: event.id) != nil else { return [] }
        return ids.enumerated().map { offset, id in
            let which = ids.count == 1 ? "Document" : "Document \(offset + 1) of \(ids.count)"
            return BundleItem(id, .document, on: event.day, "\(which) that came with: \(words(of: event))")
        }
    }

    /// What stands of an event after corrections; nil where it did not happen.
    public func standing(for id: String) -> CaseEvent? { standing.first { root(of: $0.id) == id } }

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
