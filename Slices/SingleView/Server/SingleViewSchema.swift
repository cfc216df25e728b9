import Storage

/// What agencies hold of children, kept as it came, and which records are of one child.
enum SingleViewSchema {
    static let feeds = Migration(
        "2026-11-28 feeds",
        """
        CREATE TABLE delivery (
            id        TEXT PRIMARY KEY,
            source    TEXT NOT NULL CHECK (source <> ''),
            name      TEXT NOT NULL,
            digest    TEXT NOT NULL,
            as_of     TEXT NOT NULL,
            received  TEXT NOT NULL,
            receiver  TEXT NOT NULL,
            lines     BIGINT NOT NULL,
            added     BIGINT NOT NULL,
            changed   BIGINT NOT NULL,
            unchanged BIGINT NOT NULL,
            gone      BIGINT NOT NULL,
            withheld  BIGINT NOT NULL,
            refused   BIGINT NOT NULL,
            absent    TEXT NOT NULL,
            filled    TEXT NOT NULL
        )
        """,
        "CREATE INDEX delivery_source ON delivery (source, received)",
        // One record of a source. The person is who it is linked to; the compartment is empty but for a sealed set.
        """
        CREATE TABLE held_record (
            number      BIGINT PRIMARY KEY,
            source      TEXT NOT NULL CHECK (source <> ''),
            ref         TEXT NOT NULL CHECK (ref <> ''),
            class       TEXT NOT NULL,
            digest      TEXT NOT NULL,
            first_day   TEXT NOT NULL,
            as_of       TEXT NOT NULL,
            delivery    TEXT NOT NULL,
            gone        TEXT,
            person      TEXT,
            compartment TEXT NOT NULL,
            UNIQUE (source, ref)
        )
        """,
        "CREATE INDEX held_record_person ON held_record (person)",
        // What a record says, by class; an older version is kept, with the day on which the next came.
        """
        CREATE TABLE held_part (
            record  BIGINT NOT NULL,
            class   TEXT NOT NULL,
            version BIGINT NOT NULL,
            cells   TEXT NOT NULL,
            as_of   TEXT NOT NULL,
            until   TEXT,
            PRIMARY KEY (record, class, version)
        )
        """,
        """
        CREATE TABLE refused_row (
            delivery TEXT NOT NULL REFERENCES delivery (id),
            line     BIGINT NOT NULL,
            ref      TEXT,
            faults   TEXT NOT NULL,
            written  TEXT NOT NULL,
            PRIMARY KEY (delivery, line)
        )
        """)

    static let links = Migration(
        "2026-11-28 links",
        // Which person a record was linked to, since when and until when: nothing is written over.
        """
        CREATE TABLE membership (
            record BIGINT NOT NULL,
            person TEXT NOT NULL,
            since  TEXT NOT NULL,
            cause  TEXT NOT NULL CHECK (cause <> ''),
            until  TEXT,
            PRIMARY KEY (record, since)
        )
        """,
        "CREATE INDEX membership_person ON membership (person)",
        // The likeliest partner of each linked record, for the explanation.
        """
        CREATE TABLE record_link (
            record BIGINT PRIMARY KEY,
            other  BIGINT NOT NULL,
            chance DOUBLE PRECISION NOT NULL,
            model  TEXT NOT NULL,
            made   TEXT NOT NULL
        )
        """,
        // Two records of which a person has to say whether they are of one child.
        """
        CREATE TABLE doubt (
            id     TEXT PRIMARY KEY,
            one    BIGINT NOT NULL,
            other  BIGINT NOT NULL,
            kind   TEXT NOT NULL CHECK (kind IN ('join', 'part')),
            chance DOUBLE PRECISION NOT NULL,
            worth  DOUBLE PRECISION NOT NULL,
            model  TEXT NOT NULL,
            made   TEXT NOT NULL,
            closed TEXT,
            UNIQUE (one, other)
        )
        """,
        "CREATE INDEX doubt_open ON doubt (closed, worth)",
        // What people decided. One that was taken back stays, with when and by whom.
        """
        CREATE TABLE link_decision (
            id      TEXT PRIMARY KEY,
            one     BIGINT NOT NULL,
            other   BIGINT NOT NULL,
            verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unsure')),
            decider TEXT NOT NULL CHECK (decider <> ''),
            at      TEXT NOT NULL,
            reason  TEXT NOT NULL,
            undone  TEXT,
            undoer  TEXT
        )
        """,
        "CREATE INDEX link_decision_pair ON link_decision (one, other)",
        // Which persons the links made; the others were here before, and keep their names.
        "CREATE TABLE linked_person (person TEXT PRIMARY KEY, made TEXT NOT NULL)")

    static let sets = Migration(
        "2026-11-28 sealed sets and joined persons",
        """
        CREATE TABLE sealed_set (
            id     TEXT PRIMARY KEY,
            person TEXT NOT NULL,
            ground TEXT NOT NULL CHECK (ground IN ('adoption', 'protection')),
            made   TEXT NOT NULL,
            maker  TEXT NOT NULL CHECK (maker <> '')
        )
        """,
        // One person’s record joined to another’s, or parted from it, and what moved with it.
        """
        CREATE TABLE person_change (
            id      TEXT PRIMARY KEY,
            kind    TEXT NOT NULL CHECK (kind IN ('join', 'part')),
            kept    TEXT NOT NULL,
            other   TEXT NOT NULL,
            at      TEXT NOT NULL,
            decider TEXT NOT NULL CHECK (decider <> ''),
            reason  TEXT NOT NULL,
            undone  TEXT,
            undoer  TEXT
        )
        """,
        "CREATE INDEX person_change_kept ON person_change (kept)",
        "CREATE INDEX person_change_other ON person_change (other)",
        """
        CREATE TABLE moved_row (
            change    TEXT NOT NULL REFERENCES person_change (id),
            place     TEXT NOT NULL,
            row_key   TEXT NOT NULL,
            PRIMARY KEY (change, place, row_key)
        )
        """)

    static let all = [
        feeds, links, sets, ReviewSchema.migration, SealingSchema.migration, LeadSchema.migration,
        HeldSchema.corrections, ModelStore.migration,
    ]
}
