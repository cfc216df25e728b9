import Storage

/// The tables of signing in by an identity provider.
enum ProviderSchema {
    static let migration = Migration(
        "2026-11-28 identity providers",
        """
        CREATE TABLE provider_link (
            issuer  TEXT NOT NULL CHECK (issuer <> ''),
            subject TEXT NOT NULL CHECK (subject <> ''),
            account TEXT NOT NULL REFERENCES account (id),
            made    TEXT NOT NULL,
            PRIMARY KEY (issuer, subject),
            UNIQUE (account, issuer)
        )
        """,
        """
        CREATE TABLE provider_request (
            id       TEXT PRIMARY KEY CHECK (LENGTH(id) = 64),
            state    TEXT NOT NULL CHECK (LENGTH(state) = 64),
            nonce    TEXT NOT NULL,
            verifier TEXT NOT NULL,
            back     TEXT NOT NULL,
            next     TEXT NOT NULL,
            client   TEXT NOT NULL CHECK (LENGTH(client) = 64),
            account  TEXT REFERENCES account (id),
            session  TEXT,
            ends     TEXT NOT NULL
        )
        """,
        "CREATE INDEX provider_request_ends ON provider_request (ends)")
}
