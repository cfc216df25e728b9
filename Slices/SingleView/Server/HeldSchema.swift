import Storage

/// What somebody says is wrong, and how sure linking was of each two records of one child.
enum HeldSchema {
    static let corrections = Migration(
        "2026-11-28 corrections",
        // A request is its author’s own words; to everybody else what somebody else says, and of the fact’s class.
        """
        CREATE TABLE correction (
            id               TEXT PRIMARY KEY,
            person           TEXT NOT NULL,
            kind             TEXT NOT NULL CHECK (kind IN ('wrong-fact', 'missing', 'wrong-record')),
            record           BIGINT,
            source           TEXT NOT NULL CHECK (source <> ''),
            source_class     TEXT NOT NULL,
            fact             TEXT NOT NULL,
            class            TEXT NOT NULL,
            held             TEXT NOT NULL,
            wanted           TEXT NOT NULL,
            words            TEXT NOT NULL,
            author           TEXT NOT NULL CHECK (author <> ''),
            received         TEXT NOT NULL,
            due              TEXT NOT NULL,
            extension_reason TEXT,
            outcome          TEXT CHECK (outcome IN ('put-right', 'not-changed')),
            answer           TEXT,
            answerer         TEXT,
            answered         TEXT,
            version          BIGINT NOT NULL
        )
        """,
        "CREATE INDEX correction_person ON correction (person)",
        "CREATE INDEX correction_open ON correction (answered, due)",
        // Every two records of one child that were compared: an explanation needs the figure of the two it may show.
        """
        CREATE TABLE record_pair (
            one    BIGINT NOT NULL,
            other  BIGINT NOT NULL,
            chance DOUBLE PRECISION NOT NULL,
            model  TEXT NOT NULL,
            made   TEXT NOT NULL,
            PRIMARY KEY (one, other)
        )
        """)
}
