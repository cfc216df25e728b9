import Kernel
import Storage

/// Which identifiers of persons lead to another, since two records were found to be of one child.
///
/// Whoever had the old address finds the person who was kept, where they may see them; and looks at either are looks at
/// the one child, for as long as the two are joined.
public enum JoinedPersons {
    static let migration = Migration(
        "2026-11-28 joined persons",
        """
        CREATE TABLE joined_subject (
            subject TEXT NOT NULL CHECK (subject <> kept),
            kept    TEXT NOT NULL,
            since   TEXT NOT NULL,
            until   TEXT,
            PRIMARY KEY (subject, since)
        )
        """,
        "CREATE INDEX joined_subject_kept ON joined_subject (kept)")

    /// What of Access hangs on a person.
    static let hanging: [Hanging] = [
        Hanging("relationship", "subject", key: ["id"]), Hanging("restriction", "subject", key: ["id"]),
        Hanging("capacity_decision", "subject", key: ["id"]),
        .staying(
            "subject_label", "subject", because: "nobody is joined while a label holds; one that ended does nothing"),
        .staying("approval", "subject", because: "what two people decided, by the reference under which they did"),
        .staying("opening", "subject", because: "its review reads who looked under the reference that was opened"),
        .staying("look_release", "subject", because: "looks at the other person were not released by it"),
        .staying("rights_warning", "subject", because: "of which day people were told, under that reference"),
        .staying("joined_subject", "subject", because: "it says which reference leads where"),
        .staying("joined_subject", "kept", because: "it says which reference leads where"),
    ]

    /// From now on the one leads to the other.
    public static func join(_ subject: String, to kept: String, in tx: any WriteTransaction) throws {
        let last = try tx.row("SELECT MAX(since) AS last FROM joined_subject WHERE subject = \(subject)")?
            .optional("last", as: Instant.self)
        let since = last.map { max(tx.now, $0.adding(milliseconds: 1)) } ?? tx.now
        try tx.run(
            "INSERT INTO joined_subject (subject, kept, since) VALUES (\(subject), \(kept), \(since))")
    }

    /// The two are two again; what was looked at meanwhile was looked at for both.
    public static func part(_ subject: String, from kept: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE joined_subject SET until = \(tx.now)
            WHERE subject = \(subject) AND kept = \(kept) AND until IS NULL
            """)
    }

    /// Whom this identifier leads to now; itself where it was never joined to another.
    public static func kept(_ subject: String, in tx: any Transaction) throws -> String {
        try tx.row(keptPath(subject))?.get("person") ?? subject
    }

    /// The same as the query of a path.
    public static func keptPath(_ subject: String) -> SQL {
        """
        WITH RECURSIVE line (id, step) AS (
            SELECT start.id, 0 AS step FROM (
                SELECT id FROM access_subject WHERE id = \(subject)
                UNION SELECT subject AS id FROM joined_subject WHERE subject = \(subject)) start
            UNION ALL
            SELECT joined_subject.kept, line.step + 1 FROM line
                JOIN joined_subject ON joined_subject.subject = line.id AND joined_subject.until IS NULL
            WHERE line.step < 30)
        SELECT line.id AS person FROM line JOIN access_subject ON access_subject.id = line.id
        ORDER BY line.step DESC LIMIT 1
        """
    }

    /// Every identifier that is this person now, and for how long the looks at it count: those at the kept person from
    /// the time when another was joined to them count for that other too.
    static func references(to subject: String, in tx: any Transaction) throws -> [(id: String, span: Span?)] {
        var found: [(id: String, span: Span?)] = [(subject, nil)]
        var index = 0
        while index < found.count, found.count < 60 {
            for row in try tx.rows(
                "SELECT subject FROM joined_subject WHERE kept = \(found[index].id) AND until IS NULL")
            {
                let id = try row.get("subject", as: String.self)
                if !found.contains(where: { $0.id == id }) { found.append((id, nil)) }
            }
            index += 1
        }
        for row in try tx.rows(
            "SELECT kept, since, until FROM joined_subject WHERE subject = \(subject) AND until IS NOT NULL")
        {
            found.append((try row.get("kept"), Span(from: try row.get("since"), until: try row.get("until"))))
        }
        return found
    }

    struct Span: Sendable {
        let from, until: Instant
        func contains(_ entry: JournalEntry) -> Bool { (from.iso...max(from.iso, until.iso)).contains(entry.at) }
    }
}

// MARK: - Who may compare, and who decides

extension JoinedPersons {
    /// True for persons whose records this account may compare with others’: no label closes them, no decision keeps
    /// the account from them, and it never stood to them in any way.
    public static func mayBeCompared(by account: String, at now: Instant, column: SQL) -> SQL {
        """
        (NOT \(isLabelled(at: now, column: column))
            AND NOT EXISTS (SELECT 1 FROM restriction kept WHERE kept.account = \(account) AND kept.subject = \(column)
                AND (kept.ended IS NULL OR kept.ended > \(now)))
            AND NOT EXISTS (SELECT 1 FROM relationship way WHERE way.account = \(account) AND way.subject = \(column)))
        """
    }

    private static func isLabelled(at now: Instant, column: SQL) -> SQL {
        """
        EXISTS (SELECT 1 FROM subject_label mark WHERE mark.subject = \(column)
            AND (mark.ended IS NULL OR mark.ended > \(now)))
        """
    }

    /// Whether a label closes a person’s record.
    public static func isLabelled(_ subject: String, at now: Instant, in tx: any Transaction) throws -> Bool {
        try tx.row("SELECT 1 AS one WHERE \(isLabelled(at: now, column: "\(subject)"))") != nil
    }

    /// Whether joining these takes two people: somebody stands to each of them, or a decision keeps somebody from one.
    public static func needsTwo(_ one: String, _ other: String, at now: Instant, in tx: any Transaction) throws -> Bool
    {
        if try AccessStore.isSomebodyKept(from: one, at: now, in: tx) { return true }
        if try AccessStore.isSomebodyKept(from: other, at: now, in: tx) { return true }
        return try [one, other].allSatisfy { subject in
            try tx.row(
                """
                SELECT id FROM relationship WHERE subject = \(subject) AND (ends IS NULL OR ends > \(now)) LIMIT 1
                """) != nil
        }
    }

    // MARK: - Protection is never weaker than it was

    /// The decisions in force that keep somebody from a person.
    public static func restrictions(about subject: String, at now: Instant, in tx: any Transaction) throws -> [String] {
        try tx.rows(
            "SELECT id FROM restriction WHERE subject = \(subject) AND (ended IS NULL OR ended > \(now)) ORDER BY id"
        )
        .map { try $0.get("id") }
    }

    /// Copies these decisions to another person, so that they hold for them too.
    ///
    /// - Returns: the copies.
    public static func copy(_ restrictions: [String], to subject: String, in tx: any WriteTransaction) throws
        -> [String]
    {
        let before = Set(try self.restrictions(about: subject, at: tx.now, in: tx))
        for id in restrictions {
            guard let held = try AccessStore.restriction(id, in: tx) else { continue }
            try AccessStore.restrict(
                held.account, from: subject, held.extent, ground: held.ground, decider: held.decider,
                evidence: held.evidence, decided: held.decided, review: held.review, in: tx)
        }
        return try self.restrictions(about: subject, at: tx.now, in: tx).filter { !before.contains($0) }
    }

    /// Takes a copy away again, where nobody has looked at it since.
    public static func dropCopy(_ id: String, of subject: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            DELETE FROM restriction WHERE id = \(id) AND subject = \(subject)
                AND NOT EXISTS (SELECT 1 FROM restriction_review WHERE restriction = \(id))
            """)
        tx.record(Event("restriction.copy-taken-away", subject: subject, detail: "restriction=\(id)"))
    }
}
