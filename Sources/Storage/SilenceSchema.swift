/// Whom no message may be about, and since when.
enum SilenceSchema {
    static let migration = Migration(
        "2026-11-28 messages about somebody",
        """
        CREATE TABLE silence (
            subject TEXT NOT NULL CHECK (subject <> ''),
            cause   TEXT NOT NULL CHECK (cause <> ''),
            since   TEXT NOT NULL,
            PRIMARY KEY (subject, cause)
        )
        """,
        "ALTER TABLE outbox RENAME TO outbox_about_nobody",
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
            state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead', 'stopped')),
            attempts   BIGINT NOT NULL CHECK (attempts >= 0),
            due        TEXT NOT NULL,
            holder     TEXT,
            held_until TEXT CHECK ((holder IS NULL) = (held_until IS NULL)),
            sent       TEXT CHECK ((state = 'sent') = (sent IS NOT NULL)),
            failure    TEXT,
            secret     BIGINT NOT NULL DEFAULT 0 CHECK (secret IN (0, 1)),
            about      TEXT CHECK (about <> ''),
            good_until TEXT
        )
        """,
        """
        INSERT INTO outbox
        SELECT id, at, channel, recipient, title, body, owner, state, attempts, due, holder, held_until, sent, failure,
            secret, NULL, NULL
        FROM outbox_about_nobody
        """,
        "DROP TABLE outbox_about_nobody",
        "CREATE INDEX outbox_state ON outbox (state, channel, due)",
        "CREATE INDEX outbox_about ON outbox (about, state)")
}
