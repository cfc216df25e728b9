import Kernel
import Storage

/// One request, with everything a handler may use.
public struct Visit: Sendable {
    public let scope: Scope
    public let now: Instant
    /// What follows the question mark.
    public let query: Query
    public let form: Form
    public let cookies: [String: String]
    private let parameters: [String: String]
    private let house: House

    init(
        scope: Scope, now: Instant, query: Query, form: Form, cookies: [String: String], parameters: [String: String],
        house: House
    ) {
        (self.scope, self.now, self.query, self.form, self.cookies) = (scope, now, query, form, cookies)
        (self.parameters, self.house) = (parameters, house)
    }

    public var today: Day { now.dayInEngland }

    /// The text in the address where the route says `{name}`.
    public func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The identifier in the address where the route says `{name}`, or nil where it has not the form of one.
    public func id<Kind>(_ name: String, of kind: Kind.Type = Kind.self) -> ID<Kind>? {
        try? ID(checking: parameters[name] ?? "")
    }

    /// The value kept in memory for this key, as it stood when the journal last moved.
    public func live<Value: Sendable>(_ live: Live<Value>) throws -> Value { try house.live(live) }

    /// Adds one to a count that a job will write down later.
    public func count(_ name: String, _ key: [String]) { house.tally.add(name, key) }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await house.database.read(body)
    }

    /// Does what the form asks, once: sent again with the same key it changes nothing and gives the first answer.
    ///
    /// `body` gives the address to show next.
    public func writeOnce(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> String
    ) async throws -> Reply {
        let key = form.key
        let address = try await house.database.write(as: scope.actor) { tx in
            if let earlier = try Receipts.answer(to: key, in: tx) { return earlier }
            let address = try body(tx)
            try Receipts.keep(address, for: key, in: tx)
            return address
        }
        return .redirect(address)
    }
}
