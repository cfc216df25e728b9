import Storage

/// People as far as the policy needs somebody to protect; what agencies know of them comes with the Single View.
enum PeopleSchema {
    /// What of it hangs on a person.
    static let hanging: [Hanging] = [
        Hanging("whereabouts", "person", key: [], .movesWhereFree), Hanging("details_answer", "person", key: ["id"]),
        Hanging("own_entry", "person", key: ["id"]), Hanging("understanding", "person", key: [], .movesWhereFree),
        .staying("death", "person", because: "nobody who died is joined or parted: the entry is undone first"),
    ]

    static let migration = Migration(
        "2026-11-24 people",
        """
        CREATE TABLE person (
            id      TEXT PRIMARY KEY,
            given   TEXT NOT NULL CHECK (given <> ''),
            family  TEXT NOT NULL CHECK (family <> ''),
            born    TEXT NOT NULL,
            version BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE whereabouts (
            person    TEXT PRIMARY KEY REFERENCES person (id),
            address   TEXT NOT NULL,
            postcode  TEXT NOT NULL,
            telephone TEXT NOT NULL,
            setting   TEXT NOT NULL
        )
        """)

    /// By birthday somebody is found in an emergency.
    static let byBirthday = Migration(
        "2026-11-27 people by birthday", "CREATE INDEX person_born ON person (born)")

    static let answers = Migration(
        "2026-11-27 answers about details",
        """
        CREATE TABLE details_answer (
            id       TEXT PRIMARY KEY,
            person   TEXT NOT NULL REFERENCES person (id),
            at       TEXT NOT NULL,
            is_right BIGINT NOT NULL CHECK (is_right IN (0, 1)),
            words    TEXT NOT NULL CHECK (is_right = 1 OR words <> '')
        )
        """,
        "CREATE INDEX details_answer_person ON details_answer (person)")

    static let sharing = Migration(
        "2026-11-29 own words shared by sector",
        "ALTER TABLE own_entry ADD COLUMN withheld TEXT NOT NULL DEFAULT ''")
    static let ownWords = Migration(
        "2026-11-27 own words",
        """
        CREATE TABLE own_entry (
            id      TEXT PRIMARY KEY,
            person  TEXT NOT NULL REFERENCES person (id),
            author  TEXT NOT NULL CHECK (author <> ''),
            words   TEXT NOT NULL CHECK (words <> ''),
            kept    BIGINT NOT NULL CHECK (kept IN (0, 1)),
            made    TEXT NOT NULL,
            version BIGINT NOT NULL
        )
        """,
        "CREATE INDEX own_entry_person ON own_entry (person)",
        // Who judged that a child under sixteen understands what it means to keep something from their parents.
        """
        CREATE TABLE understanding (
            person   TEXT PRIMARY KEY REFERENCES person (id),
            judge    TEXT NOT NULL CHECK (judge <> ''),
            recorder TEXT NOT NULL CHECK (recorder <> ''),
            at       TEXT NOT NULL
        )
        """)
}
