import Storage

/// The tables by which two managers give a new way into an account.
enum RecoverySchema {
    static let migration = Migration(
        "2026-11-28 recovery",
        "ALTER TABLE approval RENAME TO approval_before_recovery",
        """
        CREATE TABLE approval (
            id      TEXT PRIMARY KEY,
            kind    TEXT NOT NULL CHECK (kind IN ('restriction-end', 'label-end', 'sealed-opening', 'recovery')),
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
        """
        INSERT INTO approval (id, kind, target, subject, asker, reason, asked, ends, decider, decided, verdict)
        SELECT id, kind, target, subject, asker, reason, asked, ends, decider, decided, verdict
        FROM approval_before_recovery
        """,
        "DROP TABLE approval_before_recovery",
        "CREATE INDEX approval_asked ON approval (asked)",
        """
        CREATE TABLE recovery (
            id      TEXT PRIMARY KEY REFERENCES approval (id),
            account TEXT NOT NULL REFERENCES account (id),
            told    TEXT NOT NULL,
            code    TEXT CHECK (LENGTH(code) = 64),
            stopped TEXT,
            stopper TEXT,
            used    TEXT
        )
        """,
        "CREATE INDEX recovery_account ON recovery (account)",
        "ALTER TABLE invitation ADD COLUMN starts TEXT",
        "CREATE INDEX invitation_account ON invitation (account)",
        "CREATE INDEX restriction_subject ON restriction (subject)")
}
