/// The tables that storage itself keeps: the journal, a chain since its second migration, the receipts by which a form
/// sent twice is done once, and what is set about this copy.
public enum StorageSchema {
    public static let migrations = [
        Migration(
            "2026-11-24 journal",
            """
            CREATE TABLE journal (
                seq     BIGINT PRIMARY KEY,
                at      TEXT NOT NULL,
                kind    TEXT NOT NULL CHECK (kind <> ''),
                actor   TEXT NOT NULL CHECK (actor <> ''),
                subject TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE receipt (
                key    TEXT PRIMARY KEY,
                at     TEXT NOT NULL,
                answer TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE setting (
                name  TEXT PRIMARY KEY,
                value TEXT NOT NULL
            )
            """),
        Migration(
            chained,
            // What was noted before entries were chained stays readable, and proves nothing.
            "ALTER TABLE journal RENAME TO journal_before_chain",
            """
            CREATE TABLE journal (
                seq     BIGINT PRIMARY KEY,
                at      TEXT NOT NULL,
                kind    TEXT NOT NULL CHECK (kind <> ''),
                actor   TEXT NOT NULL CHECK (actor <> ''),
                purpose TEXT NOT NULL CHECK (purpose <> ''),
                subject TEXT NOT NULL,
                detail  TEXT NOT NULL,
                hash    TEXT NOT NULL CHECK (LENGTH(hash) = 64)
            )
            """,
            "CREATE INDEX journal_subject ON journal (subject, seq)"),
    ]

    /// The tables that are only ever added to; each engine refuses anything else.
    static let appendOnly = ["journal"]

    /// The migration since which each entry is bound to the one before.
    static let chained = "2026-11-24 journal chain"
}
