import Storage

/// What people say of pairs of records: who looks at which now, first opinions, samples for the quality.
enum ReviewSchema {
    static let migration = Migration(
        "2026-11-28 clerical review",
        // Who has a pair before them, so that two do not decide on it at once.
        """
        CREATE TABLE review_lease (
            item   TEXT PRIMARY KEY,
            holder TEXT NOT NULL CHECK (holder <> ''),
            until  TEXT NOT NULL
        )
        """,
        // What one said where a second is asked; both together are a decision.
        """
        CREATE TABLE opinion (
            id       TEXT PRIMARY KEY,
            doubt    TEXT NOT NULL,
            decider  TEXT NOT NULL CHECK (decider <> ''),
            verdict  TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unsure')),
            reason   TEXT NOT NULL,
            at       TEXT NOT NULL,
            decision TEXT,
            undone   TEXT
        )
        """,
        "CREATE INDEX opinion_doubt ON opinion (doubt)",
        // What a decision did to persons; none where it only says what to keep to.
        """
        CREATE TABLE decision_effect (
            decision TEXT PRIMARY KEY REFERENCES link_decision (id),
            doubt    TEXT NOT NULL,
            change   TEXT REFERENCES person_change (id)
        )
        """,
        // Pairs drawn to be looked at without the model’s word, and what was said of them.
        """
        CREATE TABLE sample_pair (
            id      TEXT PRIMARY KEY,
            one     BIGINT NOT NULL,
            other   BIGINT NOT NULL,
            linked  BIGINT NOT NULL CHECK (linked IN (0, 1)),
            band    TEXT NOT NULL,
            sources TEXT NOT NULL,
            chance  DOUBLE PRECISION NOT NULL,
            place   BIGINT NOT NULL,
            run     TEXT NOT NULL,
            decider TEXT,
            verdict TEXT CHECK (verdict IN ('same', 'different', 'unsure')),
            at      TEXT,
            UNIQUE (one, other)
        )
        """,
        "CREATE INDEX sample_pair_run ON sample_pair (run)",
        // How many pairs each layer of the newest run had, of which the sample is some.
        """
        CREATE TABLE sample_layer (
            run     TEXT NOT NULL,
            linked  BIGINT NOT NULL CHECK (linked IN (0, 1)),
            band    TEXT NOT NULL,
            sources TEXT NOT NULL,
            pairs   BIGINT NOT NULL CHECK (pairs > 0),
            PRIMARY KEY (run, linked, band, sources)
        )
        """,
        """
        CREATE TABLE sample_run (
            id    TEXT PRIMARY KEY,
            model TEXT NOT NULL,
            made  TEXT NOT NULL
        )
        """)
}
