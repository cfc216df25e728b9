import Storage

/// The tables that decide who may do what. Persons and accounts are opaque identifiers here.
enum AccessSchema {
    /// A label more.
    static let died = Migration(
        "2026-11-28 label of those who died",
        "ALTER TABLE subject_label RENAME TO subject_label_before",
        """
        CREATE TABLE subject_label (
            subject TEXT NOT NULL CHECK (subject <> ''),
            label   TEXT NOT NULL CHECK (label IN ('adoption', 'protected', 'sealed', 'died')),
            decided TEXT NOT NULL,
            ended   TEXT,
            PRIMARY KEY (subject, label)
        )
        """,
        "INSERT INTO subject_label SELECT subject, label, decided, ended FROM subject_label_before",
        "DROP TABLE subject_label_before")

    static let migration = Migration(
        "2026-11-24 access",
        """
        CREATE TABLE role_grant (
            id       TEXT PRIMARY KEY,
            account  TEXT NOT NULL CHECK (account <> ''),
            role     TEXT NOT NULL CHECK (role <> ''),
            team     TEXT NOT NULL,
            starts   TEXT NOT NULL,
            ends     TEXT CHECK (ends >= starts)
        )
        """,
        "CREATE INDEX role_grant_account ON role_grant (account)",
        """
        CREATE TABLE relationship (
            id       TEXT PRIMARY KEY,
            account  TEXT NOT NULL CHECK (account <> ''),
            subject  TEXT NOT NULL CHECK (subject <> ''),
            kind     TEXT NOT NULL CHECK (kind <> ''),
            starts   TEXT NOT NULL,
            ends     TEXT CHECK (ends >= starts),
            evidence TEXT NOT NULL CHECK (evidence <> ''),
            version  BIGINT NOT NULL
        )
        """,
        "CREATE INDEX relationship_account ON relationship (account, subject)",
        "CREATE INDEX relationship_subject ON relationship (subject)",
        """
        CREATE TABLE restriction (
            id       TEXT PRIMARY KEY,
            account  TEXT NOT NULL CHECK (account <> ''),
            subject  TEXT NOT NULL CHECK (subject <> ''),
            extent   TEXT NOT NULL CHECK (extent IN ('location', 'all')),
            ground   TEXT NOT NULL CHECK (ground IN ('order', 'refuge', 'police', 'social-work')),
            decider  TEXT NOT NULL CHECK (decider <> ''),
            evidence TEXT NOT NULL CHECK (evidence <> ''),
            decided  TEXT NOT NULL,
            review   TEXT NOT NULL,
            ended    TEXT
        )
        """,
        "CREATE INDEX restriction_account ON restriction (account, subject)",
        """
        CREATE TABLE subject_label (
            subject TEXT NOT NULL CHECK (subject <> ''),
            label   TEXT NOT NULL CHECK (label IN ('adoption', 'protected', 'sealed')),
            decided TEXT NOT NULL,
            ended   TEXT,
            PRIMARY KEY (subject, label)
        )
        """,
        """
        CREATE TABLE access_subject (
            id          TEXT PRIMARY KEY,
            rights_pass TEXT NOT NULL
        )
        """)

    /// Of which day, on which somebody's rights pass, everybody concerned was told.
    static let warnings = Migration(
        "2026-11-27 warnings before rights pass",
        """
        CREATE TABLE rights_warning (
            subject     TEXT NOT NULL,
            rights_pass TEXT NOT NULL,
            warned      TEXT NOT NULL,
            PRIMARY KEY (subject, rights_pass)
        )
        """,
        "CREATE INDEX access_subject_rights_pass ON access_subject (rights_pass)")

    /// Who acts for a young person in a kind of decision for which they lack capacity.
    static let capacity = Migration(
        "2026-11-27 capacity",
        """
        CREATE TABLE capacity_decision (
            id       TEXT PRIMARY KEY,
            subject  TEXT NOT NULL CHECK (subject <> ''),
            account  TEXT NOT NULL CHECK (account <> ''),
            matter   TEXT NOT NULL CHECK (matter <> ''),
            decider  TEXT NOT NULL CHECK (decider <> ''),
            evidence TEXT NOT NULL CHECK (evidence <> ''),
            decided  TEXT NOT NULL,
            review   TEXT NOT NULL,
            ended    TEXT
        )
        """,
        "CREATE INDEX capacity_decision_account ON capacity_decision (account, subject)")

    /// How often each account was refused on each day.
    static let refusals = Migration(
        "2026-11-28 refusals",
        """
        CREATE TABLE refusal (
            account TEXT NOT NULL CHECK (account <> ''),
            day     TEXT NOT NULL,
            count   BIGINT NOT NULL,
            PRIMARY KEY (account, day)
        )
        """,
        "CREATE INDEX refusal_day ON refusal (day)")
}
