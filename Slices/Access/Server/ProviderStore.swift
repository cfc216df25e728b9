import Credentials
import Cryptography
import Kernel
import Storage

/// A sign-in that a browser went to the identity provider for, and has not come back from.
struct ProviderRequest: Sendable, CustomStringConvertible {
    let nonce: String
    let verifier: String
    /// The address that the provider was told to send the browser back to.
    let back: String
    /// The page to go on to.
    let next: String
    /// The account to connect, and the session in which its owner asked for it; nil where somebody signs in.
    let owner: Owner?

    struct Owner: Hashable, Sendable {
        let account: String
        let session: String
    }

    var description: String { "a request to an identity provider" }
}

/// What is begun with an identity provider, and which of its people have which account.
enum ProviderStore {
    /// Minutes for signing in at the provider.
    static let minutes = 10
    /// Requests that are kept at once: whoever begins more than a city does fills no disk.
    static let mostRequests = 10_000
    /// Requests that are kept at once for one address: a school has one for all who work there.
    static let mostRequestsOfOne = 100

    /// The name under which a browser’s token is kept: nobody who reads the database can use it.
    static func id(of token: String) -> String { Sodium.sha256(Array("provider \(token)".utf8)) }

    private static func id(state: String) -> String { Sodium.sha256(Array("state \(state)".utf8)) }

    /// Keeps what was begun, for ten minutes.
    ///
    /// - Returns: false where too many others are begun.
    static func begin(
        _ request: ProviderRequest, token: String, state: String, from client: String, in tx: any WriteTransaction
    ) throws -> Bool {
        try forgetOver(at: tx.now, in: tx)
        let client = Sodium.sha256(Array("client \(client)".utf8))
        let counts = try tx.row(
            "SELECT COUNT(*) AS n, COUNT(CASE WHEN client = \(client) THEN 1 END) AS mine FROM provider_request")
        guard let counts, try counts.get("n", as: Int.self) < mostRequests,
            try counts.get("mine", as: Int.self) < mostRequestsOfOne
        else { return false }
        try tx.run(
            """
            INSERT INTO provider_request (id, state, nonce, verifier, back, next, client, account, session, ends)
            VALUES (
                \(id(of: token)), \(id(state: state)), \(request.nonce), \(request.verifier), \(request.back),
                \(request.next), \(client), \(request.owner?.account), \(request.owner?.session),
                \(tx.now.adding(milliseconds: minutes * 60_000)))
            """)
        return true
    }

    /// Whether this browser began something at all.
    static func isBegun(token: String, in tx: any Transaction) throws -> Bool {
        try tx.row("SELECT id FROM provider_request WHERE id = \(id(of: token))") != nil
    }

    /// What this browser began with this state, which it cannot come back to again.
    ///
    /// A state that is not its own leaves what it began as it is, so that no other site can end it.
    ///
    /// - Returns: nil where it began no such thing, or more than ten minutes ago.
    static func take(token: String, state: String, in tx: any WriteTransaction) throws -> ProviderRequest? {
        let id = id(of: token)
        let row = try tx.row(
            """
            SELECT state, nonce, verifier, back, next, account, session FROM provider_request
            WHERE id = \(id) AND ends > \(tx.now)
            """)
        guard let row, RandomText.isSame(try row.get("state"), Self.id(state: state)) else { return nil }
        try tx.run("DELETE FROM provider_request WHERE id = \(id)")
        let (account, session) = (
            try row.optional("account", as: String.self), try row.optional("session", as: String.self)
        )
        var owner: ProviderRequest.Owner?
        if let account, let session { owner = .init(account: account, session: session) }
        return ProviderRequest(
            nonce: try row.get("nonce"), verifier: try row.get("verifier"), back: try row.get("back"),
            next: try row.get("next"), owner: owner)
    }

    static func forgetOver(at now: Instant, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM provider_request WHERE ends <= \(now)")
    }

    // MARK: - Links

    /// The account of whoever the provider calls so; nil where there is none, or it ended.
    static func account(issuer: String, subject: String, in tx: any Transaction) throws -> Account? {
        let row = try tx.row(
            "SELECT account FROM provider_link WHERE issuer = \(issuer) AND subject = \(subject)")
        guard let id = try row?.get("account", as: String.self), let found = try AccountStore.account(id, in: tx)
        else { return nil }
        return found.ended == nil ? found : nil
    }

    /// Since when an account has a link to this provider.
    static func connected(_ account: String, issuer: String, in tx: any Transaction) throws -> Instant? {
        try tx.row("SELECT made FROM provider_link WHERE account = \(account) AND issuer = \(issuer)")?.get("made")
    }

    /// Connects an account with whoever the provider calls so.
    ///
    /// - Returns: false where either has a link already.
    static func connect(
        _ account: String, issuer: String, subject: String, in tx: any WriteTransaction
    ) throws -> Bool {
        let held = try tx.row(
            """
            SELECT made FROM provider_link
            WHERE issuer = \(issuer) AND (subject = \(subject) OR account = \(account))
            """)
        guard held == nil else { return false }
        try tx.run(
            """
            INSERT INTO provider_link (issuer, subject, account, made)
            VALUES (\(issuer), \(subject), \(account), \(tx.now))
            """)
        tx.record(Event("account.provider-connected", subject: account))
        return true
    }

    /// Ends every link of an account.
    ///
    /// - Returns: false where it has none.
    @discardableResult
    static func disconnect(_ account: String, in tx: any WriteTransaction) throws -> Bool {
        guard try tx.row("SELECT made FROM provider_link WHERE account = \(account)") != nil else { return false }
        try tx.run("DELETE FROM provider_link WHERE account = \(account)")
        tx.record(Event("account.provider-disconnected", subject: account))
        return true
    }
}
