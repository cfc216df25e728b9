import Kernel
import Offer
import Synchronization
import Web

/// An entry as lists show it, with what is the same in every list written out once.
final class ShownEntry: Sendable {
    let entry: Entry
    /// The members of its JSON that no question changes, between braces that are left off.
    let json: [UInt8]
    /// Its link and heading, and its summary, in a list of results.
    let heading: HTML
    let summary: HTML?
    /// The marks that say what it is; the mark of whether it fits goes before.
    let tags: HTML

    init(_ entry: Entry, _ index: OfferIndex) {
        self.entry = entry
        json = OfferJSON.summary(entry)
        heading = "<h3><a class=\"govuk-link\" href=\"\(OfferLinks.entry(entry.id))\">\(entry.name)</a></h3>"
        summary = entry.summary.map { "<p>\($0)</p>" }
        tags = EntryTags.what(entry, index)
    }
}

/// The entries shown lately, by their place in the catalogue: all of a city, the last so many of a nation.
final class ShownEntries: Sendable {
    private struct State {
        var entries: [ShownEntry?]
        var count = 0
    }
    private let state: Mutex<State>

    /// The most that are kept; then all are let go, and those in use come back by themselves.
    private static let limit = 20_000

    init(count: Int) { state = Mutex(State(entries: [ShownEntry?](repeating: nil, count: count))) }

    /// What is kept at these places, nil where nothing is.
    func entries(at indexes: [Int]) -> [ShownEntry?] { state.withLock { state in indexes.map { state.entries[$0] } } }

    func keep(_ entry: ShownEntry, at index: Int) {
        state.withLock { state in
            if state.count >= ShownEntries.limit {
                state = State(entries: [ShownEntry?](repeating: nil, count: state.entries.count))
            }
            state.count += state.entries[index] == nil ? 1 : 0
            state.entries[index] = entry
        }
    }
}
