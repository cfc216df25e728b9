import Storage

/// What was decided of children known to several agencies and led for by nobody: one step after another, none written
/// over.
enum LeadSchema {
    static let migration = Migration(
        "2026-11-28 key workers",
        """
        CREATE TABLE lead_step (
            id        TEXT PRIMARY KEY,
            person    TEXT NOT NULL CHECK (person <> ''),
            state     TEXT NOT NULL CHECK (
                state IN ('offered', 'not-needed', 'led', 'accepted', 'declined', 'named')),
            day       TEXT NOT NULL,
            words     TEXT NOT NULL,
            name      TEXT NOT NULL,
            role      TEXT NOT NULL,
            telephone TEXT NOT NULL,
            basis     TEXT NOT NULL CHECK (basis <> ''),
            decider   TEXT NOT NULL CHECK (decider <> ''),
            at        TEXT NOT NULL,
            undone    TEXT,
            undoer    TEXT
        )
        """,
        "CREATE INDEX lead_step_person ON lead_step (person, at)")
}
