import Access
import Kernel
import Storage

/// A record that somebody opened in an emergency, or with a second person though it is sealed.
public struct Opening: Sendable, CustomStringConvertible {
    public enum Verdict: String, CaseIterable, Sendable, Storable { case right, wrong }

    public let id: String
    public let account: String
    /// The name of whoever opened it.
    public let name: String
    public let subject: String
    public let reason: String
    public let made: Instant
    public let ends: Instant
    /// The day by which somebody else has reviewed it.
    public let reviewDue: Day
    public let reviewed: Instant?
    public let verdict: Verdict?

    public var description: String { id }
}

/// Records opened in an emergency, each reviewed by somebody else.
public enum Openings {
    /// Opens a record for an hour, and tells those who review it.
    ///
    /// - Returns: false where this account may not open it alone: it is kept from this person, or the record is closed
    ///   by a label. Nothing is changed then but the journal.
    public static func open(
        _ subject: String, by account: String, reason: String, reviewDue: Day, id: String, in tx: any WriteTransaction
    ) throws -> Bool {
        let facts = try AccessStore.facts(of: account, roles: [], about: subject, at: tx.now, in: tx)
        guard facts.restrictions.isEmpty, facts.labels.isEmpty else {
            tx.record(Event("access.opening-refused", subject: subject))
            return false
        }
        // Open already: the same emergency.
        if facts.relationships.contains(where: { $0.kind == .breakGlass }) {
            tx.record(.housekeeping)
            return true
        }
        try put(subject, account, as: .breakGlass, reason, reviewDue, id, in: tx)
        try Reviewers.tell(
            "A record was opened in an emergency",
            "Somebody else than who opened it reviews why, by \(reviewDue.inWords): /administration/openings", in: tx)
        return true
    }

    /// Opens a sealed record that a second person approved of: that one has reviewed it.
    static func openSealed(
        _ subject: String, by account: String, reason: String, approver: String, id: String,
        in tx: any WriteTransaction
    ) throws {
        try put(subject, account, as: .sealedOpening, reason, tx.now.dayInEngland, id, in: tx)
        try tx.run(
            """
            UPDATE opening SET reviewer = \(approver), reviewed = \(tx.now), verdict = \(Opening.Verdict.right)
            WHERE id = \(id)
            """)
    }

    private static func put(
        _ subject: String, _ account: String, as kind: RelationshipKind, _ reason: String, _ reviewDue: Day,
        _ id: String, in tx: any WriteTransaction
    ) throws {
        let ends = tx.now.adding(milliseconds: Emergency.minutes * 60_000)
        try tx.run(
            """
            INSERT INTO opening (id, account, subject, reason, made, ends, review_due, note)
            VALUES (\(id), \(account), \(subject), \(reason), \(tx.now), \(ends), \(reviewDue), '')
            """)
        try AccessStore.relate(account, to: subject, as: kind, until: ends, evidence: "opening \(id)", in: tx)
        tx.record(Event("access.opened", subject: subject, detail: "opening=\(id);kind=\(kind.rawValue)"))
    }

    /// The newest openings; those that nobody has reviewed come first, the longest due before.
    public static func all(limit: Int, in tx: any Transaction) throws -> [Opening] {
        try tx.rows(
            """
            SELECT \(columns) ORDER BY CASE WHEN reviewed IS NULL THEN 0 ELSE 1 END,
                CASE WHEN reviewed IS NULL THEN opening.made END, opening.made DESC, opening.id LIMIT \(limit)
            """
        ).map(opening)
    }

    public static func opening(_ id: String, in tx: any Transaction) throws -> Opening? {
        try tx.row("SELECT \(columns) WHERE opening.id = \(id)").map(opening)
    }

    /// How many wait for a review, and how many of those are late.
    public static func waiting(on day: Day, in tx: any Transaction) throws -> (all: Int, late: Int) {
        let row = try tx.row(
            """
            SELECT COUNT(*) AS n, COUNT(CASE WHEN review_due < \(day) THEN 1 END) AS late FROM opening
            WHERE reviewed IS NULL
            """)
        return (try row?.get("n") ?? 0, try row?.get("late") ?? 0)
    }

    /// How many times each thing was looked at through an opening, by the journal.
    static func looks(through opening: Opening, in tx: any Transaction) throws -> [(what: String, count: Int)] {
        try tx.rows(
            """
            SELECT kind, COUNT(*) AS n FROM journal
            WHERE subject = \(opening.subject) AND actor = \(opening.account) AND at >= \(opening.made)
                AND at <= \(opening.ends) AND purpose = \(Purpose.breakGlass.rawValue)
            GROUP BY kind ORDER BY kind
            """
        ).map { (try $0.get("kind"), try $0.get("n")) }
    }

    /// Keeps what somebody else thinks of an opening.
    ///
    /// - Returns: false where it was reviewed already, or by the very person who opened it.
    static func review(
        _ opening: Opening, by reviewer: String, _ verdict: Opening.Verdict, note: String, in tx: any WriteTransaction
    ) throws -> Bool {
        let held = try self.opening(opening.id, in: tx)
        guard let held, held.reviewed == nil,
            try SecondPerson.isApart(held.account, from: reviewer, in: tx, at: tx.now)
        else {
            tx.record(.housekeeping)
            return false
        }
        try tx.run(
            """
            UPDATE opening SET reviewer = \(reviewer), reviewed = \(tx.now), verdict = \(verdict), note = \(note)
            WHERE id = \(opening.id)
            """)
        tx.record(Event("access.opening-reviewed", subject: held.subject, detail: "verdict=\(verdict.rawValue)"))
        return true
    }

    private static let columns: SQL = """
        opening.id, opening.account, COALESCE(account.name, opening.account) AS name, subject, reason, opening.made,
            opening.ends, review_due, reviewed, verdict
        FROM opening LEFT JOIN account ON account.id = opening.account
        """

    private static func opening(_ row: Row) throws -> Opening {
        Opening(
            id: try row.get("id"), account: try row.get("account"), name: try row.get("name"),
            subject: try row.get("subject"), reason: try row.get("reason"), made: try row.get("made"),
            ends: try row.get("ends"), reviewDue: try row.get("review_due"), reviewed: try row.optional("reviewed"),
            verdict: try row.optional("verdict"))
    }
}

/// Those who watch over access.
public enum Reviewers {
    public static let roles: [Role] = [.accessManager, .dataProtectionOfficer, .teamManager]

    /// Sends a mail to each of them who has an address. No name stands in it, nor of whom it speaks.
    public static func tell(
        _ title: String, _ words: String, to roles: [Role] = Reviewers.roles, in tx: any WriteTransaction
    ) throws {
        let logins = try tx.rows(
            """
            SELECT DISTINCT login FROM account JOIN role_grant ON role_grant.account = account.id
            WHERE role IN \(roles.map(\.rawValue)) AND starts <= \(tx.now) AND (role_grant.ends IS NULL
                OR role_grant.ends > \(tx.now)) AND account.ended IS NULL AND login LIKE '%_@_%' ORDER BY login
            """)
        for row in logins {
            try Outbox.post(
                .mail, to: row.get("login"), title: title, body: words + "\n\nSign in to Continuum to see more.\n",
                owner: Role.accessManager.rawValue, about: nil, in: tx)
        }
    }
}
