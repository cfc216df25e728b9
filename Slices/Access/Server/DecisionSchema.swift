import Storage

/// The tables of what is decided about access case by case: emergencies, two-person rules, reviews, teams.
enum DecisionSchema {
    static let migration = Migration(
        "2026-11-27 access decisions",
        "ALTER TABLE relationship ADD COLUMN named_by TEXT",
        """
        CREATE TABLE agency (
            id      TEXT PRIMARY KEY,
            name    TEXT NOT NULL UNIQUE CHECK (name <> ''),
            ended   TEXT
        )
        """,
        """
        CREATE TABLE team (
            id      TEXT PRIMARY KEY,
            agency  TEXT NOT NULL REFERENCES agency (id),
            name    TEXT NOT NULL CHECK (name <> ''),
            ended   TEXT,
            UNIQUE (agency, name)
        )
        """,
        """
        CREATE TABLE opening (
            id         TEXT PRIMARY KEY,
            account    TEXT NOT NULL,
            subject    TEXT NOT NULL,
            reason     TEXT NOT NULL CHECK (reason <> ''),
            made       TEXT NOT NULL,
            ends       TEXT NOT NULL,
            review_due TEXT NOT NULL,
            reviewer   TEXT CHECK (reviewer <> account),
            reviewed   TEXT,
            verdict    TEXT CHECK (verdict IN ('right', 'wrong')),
            note       TEXT NOT NULL
        )
        """,
        "CREATE INDEX opening_made ON opening (made)",
        """
        CREATE TABLE approval (
            id      TEXT PRIMARY KEY,
            kind    TEXT NOT NULL CHECK (kind IN ('restriction-end', 'label-end', 'sealed-opening')),
            target  TEXT NOT NULL,
            subject TEXT NOT NULL CHECK (subject <> ''),
            asker   TEXT NOT NULL,
            reason  TEXT NOT NULL CHECK (reason <> ''),
            asked   TEXT NOT NULL,
            ends    TEXT NOT NULL,
            decider TEXT CHECK (decider <> asker),
            decided TEXT,
            verdict TEXT CHECK (verdict IN ('approved', 'refused'))
        )
        """,
        "CREATE INDEX approval_asked ON approval (asked)",
        """
        CREATE TABLE restriction_review (
            id          TEXT PRIMARY KEY,
            restriction TEXT NOT NULL REFERENCES restriction (id),
            reviewer    TEXT NOT NULL,
            note        TEXT NOT NULL CHECK (note <> ''),
            made        TEXT NOT NULL,
            next        TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE look_release (
            id      TEXT PRIMARY KEY,
            subject TEXT NOT NULL CHECK (subject <> ''),
            officer TEXT NOT NULL,
            reason  TEXT NOT NULL CHECK (reason <> ''),
            until   TEXT NOT NULL
        )
        """,
        "CREATE INDEX look_release_subject ON look_release (subject)")
}
