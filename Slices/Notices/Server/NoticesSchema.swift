import Storage

/// Early notices: who may give them, what they said each time, and what was done.
enum NoticesSchema {
    static let migration = Migration(
        "2026-11-28 notices",
        """
        CREATE TABLE notice_body (
            id      TEXT PRIMARY KEY,
            name    TEXT NOT NULL UNIQUE CHECK (name <> ''),
            kind    TEXT NOT NULL CHECK (kind IN ('integrated-care-board', 'nhs-trust', 'nhs-foundation-trust')),
            contact TEXT NOT NULL CHECK (contact <> '')
        )
        """,
        """
        CREATE TABLE notice_key (
            id     TEXT PRIMARY KEY,
            body   TEXT NOT NULL REFERENCES notice_body (id),
            secret TEXT NOT NULL UNIQUE CHECK (LENGTH(secret) = 64),
            made   TEXT NOT NULL,
            ended  TEXT
        )
        """,
        "CREATE INDEX notice_key_body ON notice_key (body)",
        """
        CREATE TABLE notice (
            id        TEXT PRIMARY KEY,
            body      TEXT NOT NULL REFERENCES notice_body (id),
            reference TEXT CHECK (reference <> ''),
            received  TEXT NOT NULL,
            attention TEXT NOT NULL,
            sender    TEXT NOT NULL CHECK (sender <> ''),
            person    TEXT REFERENCES person (id),
            missing   TEXT NOT NULL,
            lead_from TEXT NOT NULL CHECK (lead_from > attention),
            lead_told TEXT,
            latest    BIGINT NOT NULL CHECK (latest >= 1),
            version   BIGINT NOT NULL CHECK (version >= 1),
            UNIQUE (body, reference)
        )
        """,
        "CREATE INDEX notice_attention ON notice (attention, id)",
        "CREATE INDEX notice_person ON notice (person)",
        "CREATE INDEX notice_sender ON notice (sender)",
        // What it said, each time anew: nothing is written over.
        """
        CREATE TABLE notice_content (
            notice         TEXT NOT NULL REFERENCES notice (id),
            number         BIGINT NOT NULL CHECK (number >= 1),
            body           TEXT NOT NULL REFERENCES notice_body (id),
            fingerprint    TEXT NOT NULL CHECK (LENGTH(fingerprint) = 64),
            at             TEXT NOT NULL,
            sender         TEXT NOT NULL CHECK (sender <> ''),
            given          TEXT NOT NULL CHECK (given <> ''),
            family         TEXT NOT NULL CHECK (family <> ''),
            born           TEXT NOT NULL,
            sex            TEXT CHECK (sex IN ('female', 'male', 'indeterminate', 'not-known')),
            nhs_number     TEXT CHECK (LENGTH(nhs_number) = 10),
            address        TEXT NOT NULL,
            postcode       TEXT,
            telephone      TEXT NOT NULL,
            parent_name    TEXT NOT NULL,
            parent_contact TEXT NOT NULL,
            given_by       TEXT NOT NULL CHECK (given_by <> ''),
            needs          TEXT NOT NULL,
            opinion        TEXT NOT NULL,
            report         TEXT NOT NULL,
            told           TEXT,
            offered        BIGINT NOT NULL CHECK (offered IN (0, 1)),
            voluntary_body TEXT,
            PRIMARY KEY (notice, number),
            UNIQUE (body, fingerprint)
        )
        """,
        """
        CREATE TABLE notice_step (
            notice TEXT NOT NULL REFERENCES notice (id),
            step   TEXT NOT NULL CHECK (step IN ('picked-up', 'family-contacted', 'first-support')),
            day    TEXT NOT NULL,
            at     TEXT NOT NULL,
            who    TEXT NOT NULL CHECK (who <> ''),
            words  TEXT NOT NULL,
            PRIMARY KEY (notice, step)
        )
        """,
        // How the named lead decided that a family is contacted; the last one governs.
        """
        CREATE TABLE notice_decision (
            notice TEXT NOT NULL REFERENCES notice (id),
            number BIGINT NOT NULL CHECK (number >= 1),
            way    TEXT NOT NULL CHECK (way IN ('with-the-body', 'by-the-council', 'by-somebody-known', 'not-now')),
            reason TEXT NOT NULL CHECK (reason <> ''),
            at     TEXT NOT NULL,
            who    TEXT NOT NULL CHECK (who <> ''),
            PRIMARY KEY (notice, number)
        )
        """)
}
