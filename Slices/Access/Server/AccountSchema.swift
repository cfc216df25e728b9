import Storage

/// The tables of accounts, of the second factors that belong to them, and of sessions.
enum AccountSchema {
    static let migration = Migration(
        "2026-11-24 accounts",
        """
        CREATE TABLE account (
            id       TEXT PRIMARY KEY,
            login    TEXT NOT NULL UNIQUE CHECK (login <> ''),
            name     TEXT NOT NULL CHECK (name <> ''),
            about    TEXT NOT NULL,
            password TEXT NOT NULL,
            made     TEXT NOT NULL,
            used     TEXT,
            ended    TEXT,
            version  BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE factor (
            id      TEXT PRIMARY KEY,
            account TEXT NOT NULL REFERENCES account (id),
            kind    TEXT NOT NULL CHECK (kind IN ('totp', 'code', 'passkey')),
            secret  TEXT NOT NULL,
            last    BIGINT NOT NULL,
            made    TEXT NOT NULL,
            used    TEXT
        )
        """,
        "CREATE INDEX factor_account ON factor (account, kind)",
        """
        CREATE TABLE session (
            id        TEXT PRIMARY KEY CHECK (LENGTH(id) = 64),
            account   TEXT NOT NULL REFERENCES account (id),
            step      TEXT NOT NULL CHECK (step IN ('password', 'whole')),
            made      TEXT NOT NULL,
            seen      TEXT NOT NULL,
            ends      TEXT NOT NULL,
            device    TEXT NOT NULL,
            wrong     BIGINT NOT NULL,
            challenge TEXT NOT NULL
        )
        """,
        "CREATE INDEX session_account ON session (account)",
        """
        CREATE TABLE sign_in_delay (
            id       TEXT PRIMARY KEY CHECK (LENGTH(id) = 64),
            failures BIGINT NOT NULL,
            until    TEXT NOT NULL,
            seen     TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE invitation (
            id      TEXT PRIMARY KEY CHECK (LENGTH(id) = 64),
            account TEXT NOT NULL REFERENCES account (id),
            ends    TEXT NOT NULL,
            used    TEXT
        )
        """)
}
