import Storage

/// Deaths as they were confirmed. An entry in error stays, with who undid it and why.
enum DeathSchema {
    static let migration = Migration(
        "2026-11-28 deaths",
        """
        CREATE TABLE death (
            id        TEXT PRIMARY KEY,
            person    TEXT NOT NULL REFERENCES person (id),
            day       TEXT NOT NULL,
            source    TEXT NOT NULL CHECK (source IN ('register', 'hospital', 'police', 'family-document')),
            confirmer TEXT NOT NULL CHECK (confirmer <> ''),
            recorder  TEXT NOT NULL CHECK (recorder <> ''),
            made      TEXT NOT NULL,
            undone    TEXT,
            undoer    TEXT,
            reason    TEXT CHECK ((undone IS NULL) = (reason IS NULL))
        )
        """,
        "CREATE UNIQUE INDEX death_standing ON death (person) WHERE undone IS NULL")
}
