import Storage

/// People as far as the policy needs somebody to protect; what agencies know of them comes with the Single View.
enum PeopleSchema {
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
}
