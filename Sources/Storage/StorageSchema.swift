/// The tables that storage itself keeps: the journal, the receipts by which a form sent twice is
/// done once, and what is set about this copy.
public enum StorageSchema {
    public static let migrations = [
        Migration(
            "2026-11-24 journal",
            """
            CREATE TABLE journal (
                seq     BIGINT PRIMARY KEY,
                at      TEXT NOT NULL,
                kind    TEXT NOT NULL CHECK (kind <> ''),
                actor   TEXT NOT NULL CHECK (actor <> ''),
                subject TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE receipt (
                key    TEXT PRIMARY KEY,
                at     TEXT NOT NULL,
                answer TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE setting (
                name  TEXT PRIMARY KEY,
                value TEXT NOT NULL
            )
            """)
    ]
}
