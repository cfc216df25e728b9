import Access
import Cryptography
import Kernel
import Storage

/// A recorded decision that keeps a named person from somebody’s record, or from part of it.
public struct Restriction: Sendable, CustomStringConvertible {
    public let id: String
    public let account: String
    /// The name of whoever is kept away.
    public let name: String
    public let subject: String
    public let extent: Extent
    public let ground: AccessStore.Ground
    public let decider: String
    public let evidence: String
    public let decided: Instant
    /// The day on which somebody looks at whether it is still needed; it does not end by itself.
    public let review: Day
    public let ended: Instant?

    public var description: String { id }
}

extension AccessStore {
    // MARK: - Restrictions

    /// The restrictions about a person, those that ended too, the newest first.
    public static func restrictions(about subject: String, in tx: any Transaction) throws -> [Restriction] {
        try tx.rows("SELECT \(restrictionColumns) WHERE subject = \(subject) ORDER BY decided DESC, restriction.id")
            .map(restriction)
    }

    static func restriction(_ id: String, in tx: any Transaction) throws -> Restriction? {
        try tx.row("SELECT \(restrictionColumns) WHERE restriction.id = \(id)").map(restriction)
    }

    /// The restrictions in force whose day of review comes by this day, the longest due first.
    static func restrictions(toReviewBy day: Day, limit: Int, in tx: any Transaction) throws -> [Restriction] {
        try tx.rows(
            """
            SELECT \(restrictionColumns) WHERE restriction.ended IS NULL AND review <= \(day)
            ORDER BY review, restriction.id LIMIT \(limit)
            """
        ).map(restriction)
    }

    /// Notes that somebody looked at a restriction and found it still needed, until the next day of review.
    static func review(
        _ restriction: Restriction, by reviewer: String, note: String, next: Day, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO restriction_review (id, restriction, reviewer, note, made, next)
            VALUES (\(Sodium.hex(Sodium.random(16))), \(restriction.id), \(reviewer), \(note), \(tx.now), \(next))
            """)
        try tx.run("UPDATE restriction SET review = \(next) WHERE id = \(restriction.id)")
        tx.record(Event("restriction.reviewed", subject: restriction.subject, detail: "next=\(next.iso)"))
    }

    /// Ends a restriction at once: two persons have decided so.
    static func endRestriction(_ id: String, of subject: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE restriction SET ended = \(tx.now) WHERE id = \(id) AND ended IS NULL")
        tx.record(Event("restriction.ended", subject: subject, detail: "restriction=\(id)"))
    }

    private static let restrictionColumns: SQL = """
        restriction.id, restriction.account, COALESCE(account.name, restriction.account) AS name, subject, extent,
            ground, decider, evidence, decided, review, restriction.ended
        FROM restriction LEFT JOIN account ON account.id = restriction.account
        """

    private static func restriction(_ row: Storage.Row) throws -> Restriction {
        Restriction(
            id: try row.get("id"), account: try row.get("account"), name: try row.get("name"),
            subject: try row.get("subject"), extent: try row.get("extent"), ground: try row.get("ground"),
            decider: try row.get("decider"), evidence: try row.get("evidence"), decided: try row.get("decided"),
            review: try row.get("review"), ended: try row.optional("ended"))
    }

    // MARK: - Labels

    /// The labels of a person that hold, with the moment of each.
    public static func labels(of subject: String, in tx: any Transaction) throws -> [(label: Label, decided: Instant)] {
        try tx.rows(
            "SELECT label, decided FROM subject_label WHERE subject = \(subject) AND ended IS NULL ORDER BY label"
        ).map { (try $0.get("label"), try $0.get("decided")) }
    }
}

extension AccessStore {
    /// How many accounts hold a role now.
    public static func holders(of role: Role, at now: Instant, in tx: any Transaction) throws -> Int {
        try tx.row(
            """
            SELECT COUNT(DISTINCT account) AS n FROM role_grant
            WHERE role = \(role) AND starts <= \(now) AND (ends IS NULL OR ends > \(now))
            """)?.get("n") ?? 0
    }
}

/// The names of accounts, for whoever may know that they have to do with a person.
public enum AccountNames {
    /// The identifier and the name of the account that signs in by this, or nil where there is none that holds.
    public static func account(login: String, in tx: any Transaction) throws -> (id: String, name: String)? {
        guard let found = try AccountStore.account(login: login, in: tx), found.ended == nil else { return nil }
        return (found.id, found.name)
    }

    /// What an account signs in with; nil where there is none that holds.
    public static func login(of account: String, in tx: any Transaction) throws -> String? {
        guard let found = try AccountStore.account(account, in: tx), found.ended == nil else { return nil }
        return found.login
    }

    public static func name(of account: String, in tx: any Transaction) throws -> String {
        try AccountStore.account(account, in: tx)?.name ?? "An account that is no more"
    }
}
