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
        Migration(
            "2026-11-24 jobs and outbox",
            """
            CREATE TABLE job (
                id         TEXT PRIMARY KEY,
                kind       TEXT NOT NULL CHECK (kind <> ''),
                subject    TEXT NOT NULL,
                due        TEXT NOT NULL,
                every      BIGINT CHECK (every > 0),
                attempts   BIGINT NOT NULL CHECK (attempts >= 0),
                holder     TEXT,
                held_until TEXT CHECK ((holder IS NULL) = (held_until IS NULL)),
                started    TEXT,
                finished   TEXT,
                failure    TEXT,
                done       BIGINT,
                total      BIGINT
            )
            """,
            "CREATE INDEX job_due ON job (due)",
            """
            CREATE TABLE job_runner (
                id   TEXT PRIMARY KEY,
                seen TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE outbox (
                id         TEXT PRIMARY KEY,
                at         TEXT NOT NULL,
                channel    TEXT NOT NULL CHECK (channel IN ('mail')),
                recipient  TEXT NOT NULL CHECK (recipient <> ''),
                title      TEXT NOT NULL,
                body       TEXT NOT NULL,
                state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
                attempts   BIGINT NOT NULL CHECK (attempts >= 0),
                due        TEXT NOT NULL,
                holder     TEXT,
                held_until TEXT CHECK ((holder IS NULL) = (held_until IS NULL)),
                sent       TEXT CHECK ((state = 'sent') = (sent IS NOT NULL)),
                failure    TEXT
            )
            """,
            "CREATE INDEX outbox_state ON outbox (state, due)"),
        Migration(
            "2026-11-24 documents",
            """
            CREATE TABLE document (
                hash     TEXT PRIMARY KEY CHECK (LENGTH(hash) = 64),
                type     TEXT NOT NULL,
                bytes    BIGINT NOT NULL CHECK (bytes > 0),
                added    TEXT NOT NULL,
                scrubbed TEXT,
                damaged  BIGINT NOT NULL CHECK (damaged IN (0, 1))
            )
            """),
        Migration(
            "2026-11-24 messages with an owner",
            "ALTER TABLE outbox RENAME TO outbox_without_owner",
            "DROP INDEX outbox_state",
            """
            CREATE TABLE outbox (
                id         TEXT PRIMARY KEY,
                at         TEXT NOT NULL,
                channel    TEXT NOT NULL CHECK (channel IN ('mail', 'system')),
                recipient  TEXT NOT NULL CHECK (recipient <> ''),
                title      TEXT NOT NULL,
                body       TEXT NOT NULL,
                owner      TEXT NOT NULL CHECK (owner <> ''),
                state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
                attempts   BIGINT NOT NULL CHECK (attempts >= 0),
                due        TEXT NOT NULL,
                holder     TEXT,
                held_until TEXT CHECK ((holder IS NULL) = (held_until IS NULL)),
                sent       TEXT CHECK ((state = 'sent') = (sent IS NOT NULL)),
                failure    TEXT
            )
            """,
            """
            INSERT INTO outbox
            SELECT id, at, channel, recipient, title, body, 'operator', state, attempts, due, holder, held_until, sent,
                failure
            FROM outbox_without_owner
            """,
            "DROP TABLE outbox_without_owner",
            "CREATE INDEX outbox_state ON outbox (state, channel, due)"),
        Migration(
            "2026-11-27 messages with a secret",
            "ALTER TABLE outbox ADD COLUMN secret BIGINT NOT NULL DEFAULT 0 CHECK (secret IN (0, 1))"),
        SilenceSchema.migration,
    ]

    /// The tables that are only ever added to; each engine refuses anything else.
    static let appendOnly = ["journal"]

    /// The migration since which each entry is bound to the one before.
    static let chained = "2026-11-24 journal chain"
}
