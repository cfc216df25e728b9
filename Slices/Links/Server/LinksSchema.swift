import Storage

/// What was asked of somebody without an account. Secrets are kept as their hashes.
enum LinksSchema {
    static let migration = Migration(
        "2026-11-27 links",
        """
        CREATE TABLE task_link (
            id        TEXT PRIMARY KEY,
            kind      TEXT NOT NULL CHECK (kind <> ''),
            person    TEXT NOT NULL CHECK (person <> ''),
            name      TEXT NOT NULL CHECK (name <> ''),
            address   TEXT NOT NULL CHECK (address <> ''),
            asker     TEXT NOT NULL CHECK (asker <> ''),
            made      TEXT NOT NULL,
            last_day  TEXT NOT NULL,
            link      TEXT NOT NULL UNIQUE CHECK (LENGTH(link) = 64),
            code      TEXT CHECK (LENGTH(code) = 64),
            wrong     BIGINT NOT NULL,
            browser   TEXT CHECK (LENGTH(browser) = 64),
            state     TEXT NOT NULL CHECK (state IN ('open', 'done', 'withdrawn')),
            closed    TEXT CHECK ((state = 'open') = (closed IS NULL))
        )
        """,
        "CREATE INDEX task_link_person ON task_link (person)")
}
