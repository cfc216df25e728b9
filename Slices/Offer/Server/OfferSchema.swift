import Storage

enum OfferSchema {
    static let migrations = [
        Migration(
            "2026-11-24 offer",
            """
            CREATE TABLE entry (
                id               TEXT PRIMARY KEY CHECK (id <> ''),
                origin           TEXT NOT NULL CHECK (origin <> ''),
                kind             TEXT NOT NULL,
                sector           TEXT NOT NULL,
                name             TEXT NOT NULL CHECK (name <> ''),
                summary          TEXT,
                standing         TEXT NOT NULL CHECK (standing IN (
                                     'listed', 'confirmed', 'listed-in-2012', 'proposed-to-open', 'proposed-to-close',
                                     'closed')),
                standing_day     TEXT CHECK ((standing IN ('confirmed', 'closed')) = (standing_day IS NOT NULL)),
                successor        BIGINT,
                invented         BIGINT NOT NULL CHECK (invented IN (0, 1)),
                urn              BIGINT,
                host             TEXT REFERENCES entry(id),
                age_low          BIGINT CHECK (age_low BETWEEN 0 AND 25),
                age_high         BIGINT CHECK (age_high BETWEEN age_low AND 25),
                needs_basis      TEXT NOT NULL CHECK (needs_basis IN ('unknown', 'every', 'listed', 'listed-in-2012')),
                specialism       TEXT,
                area_basis       TEXT NOT NULL CHECK (area_basis IN ('unknown', 'city', 'wards')),
                eligibility      TEXT,
                referral         TEXT,
                street           TEXT,
                town             TEXT,
                postcode         TEXT,
                lat              DOUBLE PRECISION,
                lon              DOUBLE PRECISION CHECK ((lat IS NULL) = (lon IS NULL)),
                ward             TEXT,
                times            TEXT,
                cost             TEXT CHECK (cost IN ('free', 'charged')),
                cost_in_words    TEXT,
                phone            TEXT,
                email            TEXT,
                website          TEXT,
                access_known     BIGINT NOT NULL CHECK (access_known IN (0, 1)),
                places           BIGINT CHECK (places >= 0),
                has_room         BIGINT CHECK (has_room IN (0, 1)),
                pupils           BIGINT CHECK (pupils >= 0),
                pupils_plan      BIGINT CHECK (pupils_plan >= 0),
                pupils_support   BIGINT CHECK (pupils_support >= 0),
                inspected        TEXT,
                inspection_grade TEXT CHECK ((inspected IS NULL) = (inspection_grade IS NULL)),
                fresh            TEXT
            )
            """,
            "CREATE INDEX entry_origin ON entry (origin)",
            """
            CREATE TABLE entry_item (
                entry TEXT NOT NULL REFERENCES entry(id),
                list  TEXT NOT NULL CHECK (list IN ('need', 'level', 'help', 'ward', 'access', 'session')),
                item  TEXT NOT NULL CHECK (item <> ''),
                PRIMARY KEY (entry, list, item)
            )
            """,
            """
            CREATE TABLE entry_fact (
                entry  TEXT NOT NULL REFERENCES entry(id),
                field  TEXT NOT NULL,
                source TEXT NOT NULL,
                as_of  TEXT NOT NULL,
                PRIMARY KEY (entry, field)
            )
            """,
            """
            CREATE TABLE establishment (
                urn    BIGINT PRIMARY KEY,
                name   TEXT NOT NULL,
                phase  TEXT,
                status TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE school_link (
                urn        BIGINT NOT NULL,
                other      BIGINT NOT NULL,
                other_name TEXT NOT NULL,
                kind       TEXT NOT NULL,
                since      TEXT,
                PRIMARY KEY (urn, other, kind)
            )
            """,
            """
            CREATE TABLE postcode (
                postcode  TEXT PRIMARY KEY,
                sector    TEXT NOT NULL,
                lat       DOUBLE PRECISION NOT NULL,
                lon       DOUBLE PRECISION NOT NULL,
                ward      TEXT,
                authority TEXT
            )
            """,
            "CREATE INDEX postcode_sector ON postcode (sector)",
            """
            CREATE TABLE ward (
                code     TEXT PRIMARY KEY,
                name     TEXT NOT NULL CHECK (name <> ''),
                lat      DOUBLE PRECISION,
                lon      DOUBLE PRECISION CHECK ((lat IS NULL) = (lon IS NULL)),
                boundary TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE ward_group (
                id       TEXT PRIMARY KEY,
                level    TEXT NOT NULL CHECK (level IN ('locality', 'area')),
                name     TEXT NOT NULL CHECK (name <> ''),
                invented BIGINT NOT NULL CHECK (invented IN (0, 1))
            )
            """,
            """
            CREATE TABLE ward_group_member (
                ward_group TEXT NOT NULL REFERENCES ward_group(id),
                ward       TEXT NOT NULL REFERENCES ward(code),
                PRIMARY KEY (ward_group, ward)
            )
            """,
            """
            CREATE TABLE empty_search (
                month    TEXT NOT NULL,
                need     TEXT NOT NULL,
                age_band TEXT NOT NULL,
                ward     TEXT NOT NULL,
                searches BIGINT NOT NULL CHECK (searches > 0),
                PRIMARY KEY (month, need, age_band, ward)
            )
            """,
            """
            CREATE TABLE report (
                id      TEXT PRIMARY KEY,
                at      TEXT NOT NULL,
                about   TEXT NOT NULL,
                words   TEXT NOT NULL CHECK (words <> ''),
                contact TEXT
            )
            """),
        Migration(
            "2026-11-24 offer confirmation",
            // A confirmation stands beside what the register says, so that neither hides the other.
            "ALTER TABLE entry ADD COLUMN confirmed TEXT",
            """
            UPDATE entry SET confirmed = standing_day, standing_day = NULL,
                standing = CASE origin WHEN 'strategy-2012' THEN 'listed-in-2012' ELSE 'listed' END
            WHERE standing = 'confirmed'
            """),
    ]
}
