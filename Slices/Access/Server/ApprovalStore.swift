import Access
import Kernel
import Storage

/// Something that one person asks for and another approves of.
public struct Approval: Sendable, CustomStringConvertible {
    public enum Kind: String, CaseIterable, Sendable, Storable {
        /// A restriction is to end: the target is its identifier.
        case restrictionEnd = "restriction-end"
        /// A label is to be taken away: the target is its code.
        case labelEnd = "label-end"
        /// A sealed record is to be opened for an hour by who asks.
        case sealedOpening = "sealed-opening"
        /// A new way into an account that leads to a hidden address: the target is the account.
        case recovery

        /// What is asked for on the page of approvals; a recovery is asked for on the page of its account.
        static let askable = allCases.filter { $0 != .recovery }

        var words: String {
            switch self {
            case .restrictionEnd: "End a restriction"
            case .labelEnd: "Take a label away"
            case .sealedOpening: "Open a sealed record for an hour"
            case .recovery: "Give a new way into an account"
            }
        }
    }
    public enum Verdict: String, Sendable, Storable { case approved, refused }

    public let id: String
    public let kind: Kind
    public let target: String
    public let subject: String
    public let asker: String
    /// The name of whoever asks.
    public let name: String
    public let reason: String
    public let asked: Instant
    /// When nobody can approve of it any more.
    public let ends: Instant
    public let verdict: Verdict?

    public var description: String { id }
}

/// The rule of two persons: what would undo a protection is asked for by one and done by another.
public enum Approvals {
    /// Asks for something that a second person decides, and tells them.
    ///
    /// - Throws: `Malformed` where there is nothing of the kind to end or to open.
    static func ask(
        _ kind: Approval.Kind, _ target: String, of subject: String, by asker: String, reason: String, id: String,
        in tx: any WriteTransaction
    ) throws {
        let subject = try self.subject(kind, target, subject, in: tx)
        let ends = tx.now.adding(milliseconds: Emergency.approvalDays * 86_400_000)
        try tx.run(
            """
            INSERT INTO approval (id, kind, target, subject, asker, reason, asked, ends)
            VALUES (\(id), \(kind), \(target), \(subject), \(asker), \(reason), \(tx.now), \(ends))
            """)
        tx.record(Event("access.approval-asked", subject: subject, detail: "kind=\(kind.rawValue);approval=\(id)"))
        try Reviewers.tell(
            "Somebody asks for your approval", "Two people decide on it together: /administration/approvals", in: tx)
    }

    /// The person that it is about, where there is something to end or to open.
    private static func subject(
        _ kind: Approval.Kind, _ target: String, _ subject: String, in tx: any WriteTransaction
    ) throws -> String {
        let found: Storage.Row?
        switch kind {
        case .restrictionEnd:
            found = try tx.row("SELECT subject FROM restriction WHERE id = \(target) AND ended IS NULL")
        case .labelEnd:
            found = try tx.row(
                """
                SELECT subject FROM subject_label
                WHERE subject = \(subject) AND label = \(target) AND ended IS NULL AND label <> \(Label.died)
                """)
        case .sealedOpening:
            found = try tx.row(
                """
                SELECT subject FROM subject_label
                WHERE subject = \(subject) AND label IN \([Label.sealed, .died]) AND ended IS NULL
                """)
        case .recovery:
            found = try tx.row("SELECT id AS subject FROM account WHERE id = \(target) AND ended IS NULL")
        }
        guard let found else {
            throw Malformed(wanted: "something to end or to open", reason: "there is none by this reference")
        }
        return try found.get("subject")
    }

    /// What waits for a second person, the oldest first, then what was decided.
    static func all(limit: Int, in tx: any Transaction) throws -> [Approval] {
        try tx.rows(
            """
            SELECT \(columns) ORDER BY CASE WHEN verdict IS NULL THEN 0 ELSE 1 END,
                CASE WHEN verdict IS NULL THEN asked END, asked DESC, approval.id LIMIT \(limit)
            """
        ).map(approval)
    }

    static func approval(_ id: String, in tx: any Transaction) throws -> Approval? {
        try tx.row("SELECT \(columns) WHERE approval.id = \(id)").map(approval)
    }

    /// How many wait for a second person.
    public static func waiting(at now: Instant, in tx: any Transaction) throws -> Int {
        try tx.row("SELECT COUNT(*) AS n FROM approval WHERE verdict IS NULL AND ends > \(now)")?.get("n") ?? 0
    }

    /// Decides on it, and does it where it is approved of.
    ///
    /// - Returns: false where it is over, was decided, was asked for by the very same person or by one who let them in
    ///   (or whom they let in), or frees whoever decides.
    static func decide(
        _ id: String, by decider: String, _ verdict: Approval.Verdict, in tx: any WriteTransaction
    ) throws -> Bool {
        guard let held = try approval(id, in: tx), held.verdict == nil, held.ends > tx.now,
            try SecondPerson.isApart(held.asker, from: decider, in: tx, at: tx.now),
            try held.kind != .restrictionEnd || AccessStore.restriction(held.target, in: tx)?.account != decider,
            try held.kind != .recovery || RecoveryStore.mayApprove(id, by: decider, in: tx, at: tx.now)
        else {
            tx.record(.housekeeping)
            return false
        }
        try tx.run(
            """
            UPDATE approval SET decider = \(decider), decided = \(tx.now), verdict = \(verdict) WHERE id = \(id)
            """)
        tx.record(
            Event("access.approval-\(verdict.rawValue)", subject: held.subject, detail: "kind=\(held.kind.rawValue)"))
        guard verdict == .approved else { return true }
        switch held.kind {
        case .restrictionEnd: try AccessStore.endRestriction(held.target, of: held.subject, in: tx)
        case .labelEnd:
            if let label = Label(rawValue: held.target) { try AccessStore.remove(label, of: held.subject, in: tx) }
        case .sealedOpening:
            try Openings.openSealed(
                held.subject, by: held.asker, reason: held.reason, approver: decider, id: held.id, in: tx)
        case .recovery: try RecoveryStore.approved(held.id, in: tx)
        }
        return true
    }

    private static let columns: SQL = """
        approval.id, kind, target, subject, asker, COALESCE(account.name, asker) AS name, reason, asked, approval.ends,
            verdict
        FROM approval LEFT JOIN account ON account.id = asker
        """

    private static func approval(_ row: Row) throws -> Approval {
        Approval(
            id: try row.get("id"), kind: try row.get("kind"), target: try row.get("target"),
            subject: try row.get("subject"), asker: try row.get("asker"), name: try row.get("name"),
            reason: try row.get("reason"), asked: try row.get("asked"), ends: try row.get("ends"),
            verdict: try row.optional("verdict"))
    }
}
