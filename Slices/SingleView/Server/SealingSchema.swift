import Storage

/// Sets that two people sealed, what led into them, and who began anew. Nothing here or elsewhere leads from a set to
/// whoever began anew, or back: the two are made by two acts that do not know of each other.
enum SealingSchema {
    static let migration = Migration(
        "2026-11-28 sealing",
        "ALTER TABLE sealed_set ADD COLUMN ended TEXT",
        """
        CREATE TABLE sealing (
            id         TEXT PRIMARY KEY,
            kind       TEXT NOT NULL CHECK (kind IN ('seal', 'unseal')),
            person     TEXT NOT NULL CHECK (person <> ''),
            sealed_set TEXT CHECK ((kind = 'seal') OR (sealed_set IS NOT NULL)),
            ground     TEXT NOT NULL CHECK (ground IN ('adoption', 'protection')),
            reason     TEXT NOT NULL CHECK (reason <> ''),
            asker      TEXT NOT NULL CHECK (asker <> ''),
            asked      TEXT NOT NULL,
            ends       TEXT NOT NULL,
            decider    TEXT,
            decided    TEXT,
            verdict    TEXT CHECK (verdict IN ('approved', 'refused'))
        )
        """,
        "CREATE INDEX sealing_asked ON sealing (verdict, asked)",
        // Rows that led from outside into the set, kept inside it until it is opened.
        """
        CREATE TABLE put_aside (
            sealed_set TEXT NOT NULL REFERENCES sealed_set (id),
            place      TEXT NOT NULL,
            row_key    TEXT NOT NULL,
            cells      TEXT NOT NULL,
            PRIMARY KEY (sealed_set, place, row_key)
        )
        """,
        // Persons whom the program links nothing to by itself. It says nothing of why, when or from what.
        "CREATE TABLE fresh_start (person TEXT PRIMARY KEY)")
}
