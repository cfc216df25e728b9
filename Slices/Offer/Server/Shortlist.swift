import Kernel
import Offer
import Web

/// The entries that a visitor has kept, in a cookie of their own browser: nothing of it is held by the service.
struct Shortlist: Sendable {
    static let cookie = "shortlist"
    static let limit = 30
    static let days = 90

    private(set) var ids: [ID<Entry>]

    init(_ cookies: [String: String]) { self.init(text: cookies[Shortlist.cookie] ?? "") }

    /// What follows is left out where it is no identifier, stands twice, or is beyond the limit.
    init(text: String) {
        ids = []
        for part in text.split(separator: "~").prefix(Shortlist.limit) {
            if let id = try? ID<Entry>(checking: part) { add(id) }
        }
    }

    var text: String { ids.map(\.text).joined(separator: "~") }
    var isFull: Bool { ids.count >= Shortlist.limit }

    mutating func add(_ id: ID<Entry>) { if !ids.contains(id), !isFull { ids.append(id) } }
    mutating func remove(_ id: ID<Entry>) { ids.removeAll { $0 == id } }
    func holds(_ id: ID<Entry>) -> Bool { ids.contains(id) }

    /// The address that shows this list to anyone it is given to.
    var address: String { ids.isEmpty ? OfferLinks.shortlist : OfferLinks.shortlist + "?list=" + Query.encoded(text) }
}
