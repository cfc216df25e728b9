import Cryptography
import Kernel
import Storage

/// One request, with everything a handler may use.
public struct Visit: Sendable {
    public let scope: Scope
    /// Who sends it.
    public let visitor: Visitor
    public let now: Instant
    /// What follows the question mark.
    public let query: Query
    public let form: Form
    public let cookies: [String: String]
    /// The address the request comes from, without a port: for limits on rates, never for logs.
    public let client: String
    /// What the browser says that it is.
    public let agent: String
    /// Whether the browser is on this very computer, with nothing between.
    public let isOnLoopback: Bool
    /// The host and port that the browser thinks it talks to: nothing to build on, but where it is this computer.
    public let host: String
    /// What a program sent, where the route is for those that show a key, and the type that it says it is of.
    public let body: [UInt8]
    public let contentType: String
    private let parameters: [String: String]
    private let address: String
    private let house: House

    init(
        scope: Scope, visitor: Visitor, now: Instant, query: Query, form: Form, request: Request,
        parameters: [String: String], house: House, body: [UInt8] = []
    ) {
        (self.scope, self.visitor, self.now, self.query, self.form) = (scope, visitor, now, query, form)
        (cookies, client, address, agent) = (request.cookies, request.client, request.path, request.agent)
        host = request.host
        (self.body, contentType) = (body, request.contentType)
        let name = request.host.split(separator: ":").first.map(String.init) ?? ""
        isOnLoopback =
            ["localhost", "127.0.0.1"].contains(name) && !request.isForwarded
            && ["127.0.0.1", "::1"].contains(request.client)
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

    /// Where documents go that come with a form; nil where none are taken.
    public var documents: DocumentDesk? { house.documents }

    /// Adds one to a count that a job will write down later.
    public func count(_ name: String, _ key: [String]) { house.tally.add(name, key) }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await house.database.read(body)
    }

    /// Reads something about a person, and notes in the journal who looked before the answer is handed over.
    ///
    /// - Parameter body: gives the answer, and one event for each person it is about.
    public func look<T: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> (answer: T, seen: [Event])
    ) async throws -> T {
        try await house.database.look(for: scope, body)
    }

    /// The house’s own database: for the slice that keeps accounts and sessions, whose writes are no forms.
    public var database: any Database { house.database }

    /// A new identifier that nobody chose.
    public func mint() -> String { house.mint() }

    /// Makes sure that the form was drawn from this version of what it changes.
    ///
    /// - Throws: `VersionConflict`, which is answered with a page that says what to do.
    public func expect(version: Int) throws(VersionConflict) {
        guard let drawn = form.version else { throw .versionMissing }
        guard drawn == version else { throw .changedSince }
    }

    /// Does what the form asks, once: the same words sent again with the same key change nothing and get the first
    /// answer. Other words are another wish, even from a page that the browser kept with its old key.
    ///
    /// - Parameter body: makes the change, with a new identifier that nobody chose, and gives the address to show next.
    public func writeOnce(
        _ body: @escaping @Sendable (any WriteTransaction, _ newID: String) throws -> String
    ) async throws -> Reply {
        let (key, newID) = (receiptKey, house.mint())
        let address = try await house.database.write(for: scope) { tx in
            if let earlier = try Receipts.answer(to: key, in: tx) { return earlier }
            let address = try body(tx, newID)
            try Receipts.keep(address, for: key, in: tx)
            return address
        }
        return .redirect(address)
    }

    /// Who sent what to where, as one figure: the words themselves are not in it to be read.
    private var receiptKey: String {
        // In the order of their names: that in which they arrive means nothing.
        let fields = form.fields.pairs.filter { !$0.name.hasPrefix("form-") }.sorted {
            ($0.name, $0.value) < ($1.name, $1.value)
        }
        // Another file is another wish, even under the same name; and so is the same file under another.
        let files = form.files.sorted { ($0.field, $0.name) < ($1.field, $1.name) }.map { file in
            Query([(name: file.field, value: file.name), (name: "sha256", value: file.sha256())]).text
        }
        let told = [scope.actor.id, address, form.key, Query(fields).text] + files
        return Sodium.sha256(Array(told.joined(separator: "\n").utf8))
    }
}
