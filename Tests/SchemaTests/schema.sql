CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TABLE document (
    hash     TEXT PRIMARY KEY CHECK (LENGTH(hash) = 64),
    type     TEXT NOT NULL,
    bytes    INTEGER NOT NULL CHECK (bytes > 0),
    added    TEXT NOT NULL,
    scrubbed TEXT,
    damaged  INTEGER NOT NULL CHECK (damaged IN (0, 1))
) STRICT;

CREATE TABLE empty_search (
    month    TEXT NOT NULL,
    need     TEXT NOT NULL,
    age_band TEXT NOT NULL,
    ward     TEXT NOT NULL,
    searches INTEGER NOT NULL CHECK (searches > 0),
    PRIMARY KEY (month, need, age_band, ward)
) STRICT;

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
    successor        INTEGER,
    invented         INTEGER NOT NULL CHECK (invented IN (0, 1)),
    urn              INTEGER,
    host             TEXT REFERENCES entry(id),
    age_low          INTEGER CHECK (age_low BETWEEN 0 AND 25),
    age_high         INTEGER CHECK (age_high BETWEEN age_low AND 25),
    needs_basis      TEXT NOT NULL CHECK (needs_basis IN ('unknown', 'every', 'listed', 'listed-in-2012')),
    specialism       TEXT,
    area_basis       TEXT NOT NULL CHECK (area_basis IN ('unknown', 'city', 'wards')),
    eligibility      TEXT,
    referral         TEXT,
    street           TEXT,
    town             TEXT,
    postcode         TEXT,
    lat              REAL,
    lon              REAL CHECK ((lat IS NULL) = (lon IS NULL)),
    ward             TEXT,
    times            TEXT,
    cost             TEXT CHECK (cost IN ('free', 'charged')),
    cost_in_words    TEXT,
    phone            TEXT,
    email            TEXT,
    website          TEXT,
    access_known     INTEGER NOT NULL CHECK (access_known IN (0, 1)),
    places           INTEGER CHECK (places >= 0),
    has_room         INTEGER CHECK (has_room IN (0, 1)),
    pupils           INTEGER CHECK (pupils >= 0),
    pupils_plan      INTEGER CHECK (pupils_plan >= 0),
    pupils_support   INTEGER CHECK (pupils_support >= 0),
    inspected        TEXT,
    inspection_grade TEXT CHECK ((inspected IS NULL) = (inspection_grade IS NULL)),
    fresh            TEXT
, confirmed TEXT) STRICT;

CREATE TABLE entry_fact (
    entry  TEXT NOT NULL REFERENCES entry(id),
    field  TEXT NOT NULL,
    source TEXT NOT NULL,
    as_of  TEXT NOT NULL,
    PRIMARY KEY (entry, field)
) STRICT;

CREATE TABLE entry_item (
    entry TEXT NOT NULL REFERENCES entry(id),
    list  TEXT NOT NULL CHECK (list IN ('need', 'level', 'help', 'ward', 'access', 'session')),
    item  TEXT NOT NULL CHECK (item <> ''),
    PRIMARY KEY (entry, list, item)
) STRICT;

CREATE TABLE establishment (
    urn    INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    phase  TEXT,
    status TEXT NOT NULL
) STRICT;

CREATE TABLE job (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind <> ''),
    subject    TEXT NOT NULL,
    due        TEXT NOT NULL,
    every      INTEGER CHECK (every > 0),
    attempts   INTEGER NOT NULL CHECK (attempts >= 0),
    holder     TEXT,
    held_until TEXT CHECK ((holder IS NULL) = (held_until IS NULL)),
    started    TEXT,
    finished   TEXT,
    failure    TEXT,
    done       INTEGER,
    total      INTEGER
) STRICT;

CREATE TABLE job_runner (
    id   TEXT PRIMARY KEY,
    seen TEXT NOT NULL
) STRICT;

CREATE TABLE journal (
    seq     INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    kind    TEXT NOT NULL CHECK (kind <> ''),
    actor   TEXT NOT NULL CHECK (actor <> ''),
    purpose TEXT NOT NULL CHECK (purpose <> ''),
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL,
    hash    TEXT NOT NULL CHECK (LENGTH(hash) = 64)
) STRICT;

CREATE TABLE "journal_before_chain" (
    seq     INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    kind    TEXT NOT NULL CHECK (kind <> ''),
    actor   TEXT NOT NULL CHECK (actor <> ''),
    subject TEXT NOT NULL
) STRICT;

CREATE TABLE migration (
    name TEXT PRIMARY KEY, text TEXT NOT NULL, applied TEXT NOT NULL
) STRICT;

CREATE TABLE outbox (
    id         TEXT PRIMARY KEY,
    at         TEXT NOT NULL,
    channel    TEXT NOT NULL CHECK (channel IN ('mail')),
    recipient  TEXT NOT NULL CHECK (recipient <> ''),
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts   INTEGER NOT NULL CHECK (attempts >= 0),
    due        TEXT NOT NULL,
    holder     TEXT,
    held_until TEXT CHECK ((holder IS NULL) = (held_until IS NULL)),
    sent       TEXT CHECK ((state = 'sent') = (sent IS NOT NULL)),
    failure    TEXT
) STRICT;

CREATE TABLE postcode (
    postcode  TEXT PRIMARY KEY,
    sector    TEXT NOT NULL,
    lat       REAL NOT NULL,
    lon       REAL NOT NULL,
    ward      TEXT,
    authority TEXT
) STRICT;

CREATE TABLE receipt (
    key    TEXT PRIMARY KEY,
    at     TEXT NOT NULL,
    answer TEXT NOT NULL
) STRICT;

CREATE TABLE report (
    id      TEXT PRIMARY KEY,
    at      TEXT NOT NULL,
    about   TEXT NOT NULL,
    words   TEXT NOT NULL CHECK (words <> ''),
    contact TEXT
) STRICT;

CREATE TABLE school_link (
    urn        INTEGER NOT NULL,
    other      INTEGER NOT NULL,
    other_name TEXT NOT NULL,
    kind       TEXT NOT NULL,
    since      TEXT,
    PRIMARY KEY (urn, other, kind)
) STRICT;

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE ward (
    code     TEXT PRIMARY KEY,
    name     TEXT NOT NULL CHECK (name <> ''),
    lat      REAL,
    lon      REAL CHECK ((lat IS NULL) = (lon IS NULL)),
    boundary TEXT NOT NULL
) STRICT;

CREATE TABLE ward_group (
    id       TEXT PRIMARY KEY,
    level    TEXT NOT NULL CHECK (level IN ('locality', 'area')),
    name     TEXT NOT NULL CHECK (name <> ''),
    invented INTEGER NOT NULL CHECK (invented IN (0, 1))
) STRICT;

CREATE TABLE ward_group_member (
    ward_group TEXT NOT NULL REFERENCES ward_group(id),
    ward       TEXT NOT NULL REFERENCES ward(code),
    PRIMARY KEY (ward_group, ward)
) STRICT;

CREATE INDEX entry_origin ON entry (origin);

CREATE INDEX job_due ON job (due);

CREATE INDEX journal_subject ON journal (subject, seq);

CREATE INDEX outbox_state ON outbox (state, due);

CREATE INDEX postcode_sector ON postcode (sector);
