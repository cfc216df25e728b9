CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TABLE access_subject (
    id          TEXT PRIMARY KEY,
    rights_pass TEXT NOT NULL
) STRICT;

CREATE TABLE account (
    id       TEXT PRIMARY KEY,
    login    TEXT NOT NULL UNIQUE CHECK (login <> ''),
    name     TEXT NOT NULL CHECK (name <> ''),
    about    TEXT NOT NULL,
    password TEXT NOT NULL,
    made     TEXT NOT NULL,
    used     TEXT,
    ended    TEXT,
    version  INTEGER NOT NULL
) STRICT;

CREATE TABLE agency (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE CHECK (name <> ''),
    ended   TEXT
) STRICT;

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
) STRICT;

CREATE TABLE capacity_decision (
    id       TEXT PRIMARY KEY,
    subject  TEXT NOT NULL CHECK (subject <> ''),
    account  TEXT NOT NULL CHECK (account <> ''),
    matter   TEXT NOT NULL CHECK (matter <> ''),
    decider  TEXT NOT NULL CHECK (decider <> ''),
    evidence TEXT NOT NULL CHECK (evidence <> ''),
    decided  TEXT NOT NULL,
    review   TEXT NOT NULL,
    ended    TEXT
) STRICT;

CREATE TABLE details_answer (
    id       TEXT PRIMARY KEY,
    person   TEXT NOT NULL REFERENCES person (id),
    at       TEXT NOT NULL,
    is_right INTEGER NOT NULL CHECK (is_right IN (0, 1)),
    words    TEXT NOT NULL CHECK (is_right = 1 OR words <> '')
) STRICT;

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

CREATE TABLE factor (
    id      TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    kind    TEXT NOT NULL CHECK (kind IN ('totp', 'code', 'passkey')),
    secret  TEXT NOT NULL,
    last    INTEGER NOT NULL,
    made    TEXT NOT NULL,
    used    TEXT
) STRICT;

CREATE TABLE invitation (
    id      TEXT PRIMARY KEY CHECK (LENGTH(id) = 64),
    account TEXT NOT NULL REFERENCES account (id),
    ends    TEXT NOT NULL,
    used    TEXT
, starts TEXT) STRICT;

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

CREATE TABLE look_release (
    id      TEXT PRIMARY KEY,
    subject TEXT NOT NULL CHECK (subject <> ''),
    officer TEXT NOT NULL,
    reason  TEXT NOT NULL CHECK (reason <> ''),
    until   TEXT NOT NULL
) STRICT;

CREATE TABLE migration (
    name TEXT PRIMARY KEY, text TEXT NOT NULL, applied TEXT NOT NULL
) STRICT;

CREATE TABLE opening (
    id         TEXT PRIMARY KEY,
    account    TEXT NOT NULL,
    subject    TEXT NOT NULL,
    reason     TEXT NOT NULL CHECK (reason <> ''),
    made       TEXT NOT NULL,
    ends       TEXT NOT NULL,
    review_due TEXT NOT NULL,
    reviewer   TEXT CHECK (reviewer <> account),
    reviewed   TEXT,
    verdict    TEXT CHECK (verdict IN ('right', 'wrong')),
    note       TEXT NOT NULL
) STRICT;

CREATE TABLE outbox (
    id         TEXT PRIMARY KEY,
    at         TEXT NOT NULL,
    channel    TEXT NOT NULL CHECK (channel IN ('mail', 'system')),
    recipient  TEXT NOT NULL CHECK (recipient <> ''),
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    owner      TEXT NOT NULL CHECK (owner <> ''),
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts   INTEGER NOT NULL CHECK (attempts >= 0),
    due        TEXT NOT NULL,
    holder     TEXT,
    held_until TEXT CHECK ((holder IS NULL) = (held_until IS NULL)),
    sent       TEXT CHECK ((state = 'sent') = (sent IS NOT NULL)),
    failure    TEXT
, secret INTEGER NOT NULL DEFAULT 0 CHECK (secret IN (0, 1))) STRICT;

CREATE TABLE own_entry (
    id      TEXT PRIMARY KEY,
    person  TEXT NOT NULL REFERENCES person (id),
    author  TEXT NOT NULL CHECK (author <> ''),
    words   TEXT NOT NULL CHECK (words <> ''),
    kept    INTEGER NOT NULL CHECK (kept IN (0, 1)),
    made    TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE passkey (
    id         TEXT PRIMARY KEY,
    account    TEXT NOT NULL REFERENCES passkey_owner (account),
    name       TEXT NOT NULL CHECK (name <> ''),
    domain     TEXT NOT NULL CHECK (domain <> ''),
    credential TEXT NOT NULL UNIQUE,
    public_key TEXT NOT NULL,
    sign_count INTEGER NOT NULL,
    make       TEXT NOT NULL,
    eligible   INTEGER NOT NULL CHECK (eligible IN (0, 1)),
    backed_up  INTEGER NOT NULL CHECK (backed_up IN (0, 1)),
    verified   INTEGER NOT NULL CHECK (verified IN (0, 1)),
    transports TEXT NOT NULL,
    made       TEXT NOT NULL,
    used       TEXT
) STRICT;

CREATE TABLE passkey_owner (
    account TEXT PRIMARY KEY REFERENCES account (id),
    handle  TEXT NOT NULL UNIQUE CHECK (LENGTH(handle) = 64)
) STRICT;

CREATE TABLE person (
    id      TEXT PRIMARY KEY,
    given   TEXT NOT NULL CHECK (given <> ''),
    family  TEXT NOT NULL CHECK (family <> ''),
    born    TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE postcode (
    postcode  TEXT PRIMARY KEY,
    sector    TEXT NOT NULL,
    lat       REAL NOT NULL,
    lon       REAL NOT NULL,
    ward      TEXT,
    authority TEXT
) STRICT;

CREATE TABLE provider_link (
    issuer  TEXT NOT NULL CHECK (issuer <> ''),
    subject TEXT NOT NULL CHECK (subject <> ''),
    account TEXT NOT NULL REFERENCES account (id),
    made    TEXT NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (account, issuer)
) STRICT;

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
) STRICT;

CREATE TABLE receipt (
    key    TEXT PRIMARY KEY,
    at     TEXT NOT NULL,
    answer TEXT NOT NULL
) STRICT;

CREATE TABLE recovery (
    id      TEXT PRIMARY KEY REFERENCES approval (id),
    account TEXT NOT NULL REFERENCES account (id),
    told    TEXT NOT NULL,
    code    TEXT CHECK (LENGTH(code) = 64),
    stopped TEXT,
    stopper TEXT,
    used    TEXT
) STRICT;

CREATE TABLE refusal (
    account TEXT NOT NULL CHECK (account <> ''),
    day     TEXT NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (account, day)
) STRICT;

CREATE TABLE relationship (
    id       TEXT PRIMARY KEY,
    account  TEXT NOT NULL CHECK (account <> ''),
    subject  TEXT NOT NULL CHECK (subject <> ''),
    kind     TEXT NOT NULL CHECK (kind <> ''),
    starts   TEXT NOT NULL,
    ends     TEXT CHECK (ends >= starts),
    evidence TEXT NOT NULL CHECK (evidence <> ''),
    version  INTEGER NOT NULL
, named_by TEXT) STRICT;

CREATE TABLE report (
    id      TEXT PRIMARY KEY,
    at      TEXT NOT NULL,
    about   TEXT NOT NULL,
    words   TEXT NOT NULL CHECK (words <> ''),
    contact TEXT
) STRICT;

CREATE TABLE restriction (
    id       TEXT PRIMARY KEY,
    account  TEXT NOT NULL CHECK (account <> ''),
    subject  TEXT NOT NULL CHECK (subject <> ''),
    extent   TEXT NOT NULL CHECK (extent IN ('location', 'all')),
    ground   TEXT NOT NULL CHECK (ground IN ('order', 'refuge', 'police', 'social-work')),
    decider  TEXT NOT NULL CHECK (decider <> ''),
    evidence TEXT NOT NULL CHECK (evidence <> ''),
    decided  TEXT NOT NULL,
    review   TEXT NOT NULL,
    ended    TEXT
) STRICT;

CREATE TABLE restriction_review (
    id          TEXT PRIMARY KEY,
    restriction TEXT NOT NULL REFERENCES restriction (id),
    reviewer    TEXT NOT NULL,
    note        TEXT NOT NULL CHECK (note <> ''),
    made        TEXT NOT NULL,
    next        TEXT NOT NULL
) STRICT;

CREATE TABLE rights_warning (
    subject     TEXT NOT NULL,
    rights_pass TEXT NOT NULL,
    warned      TEXT NOT NULL,
    PRIMARY KEY (subject, rights_pass)
) STRICT;

CREATE TABLE role_grant (
    id       TEXT PRIMARY KEY,
    account  TEXT NOT NULL CHECK (account <> ''),
    role     TEXT NOT NULL CHECK (role <> ''),
    team     TEXT NOT NULL,
    starts   TEXT NOT NULL,
    ends     TEXT CHECK (ends >= starts)
) STRICT;

CREATE TABLE school_link (
    urn        INTEGER NOT NULL,
    other      INTEGER NOT NULL,
    other_name TEXT NOT NULL,
    kind       TEXT NOT NULL,
    since      TEXT,
    PRIMARY KEY (urn, other, kind)
) STRICT;

CREATE TABLE session (
    id        TEXT PRIMARY KEY CHECK (LENGTH(id) = 64),
    account   TEXT NOT NULL REFERENCES account (id),
    step      TEXT NOT NULL CHECK (step IN ('password', 'whole')),
    made      TEXT NOT NULL,
    seen      TEXT NOT NULL,
    ends      TEXT NOT NULL,
    device    TEXT NOT NULL,
    wrong     INTEGER NOT NULL,
    challenge TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE sign_in_delay (
    id       TEXT PRIMARY KEY CHECK (LENGTH(id) = 64),
    failures INTEGER NOT NULL,
    until    TEXT NOT NULL,
    seen     TEXT NOT NULL
) STRICT;

CREATE TABLE subject_label (
    subject TEXT NOT NULL CHECK (subject <> ''),
    label   TEXT NOT NULL CHECK (label IN ('adoption', 'protected', 'sealed')),
    decided TEXT NOT NULL,
    ended   TEXT,
    PRIMARY KEY (subject, label)
) STRICT;

CREATE TABLE task_link (
    id        TEXT PRIMARY KEY,
    kind      TEXT NOT NULL CHECK (kind <> ''),
    person    TEXT NOT NULL CHECK (person <> ''),
    name      TEXT NOT NULL CHECK (name <> ''),
    address   TEXT NOT NULL CHECK (address <> ''),
    asker     TEXT NOT NULL CHECK (asker <> ''),
    made      TEXT NOT NULL,
    last_day  TEXT NOT NULL,
    link      TEXT NOT NULL UNIQUE CHECK (LENGTH(link) = 64),
    code      TEXT CHECK (LENGTH(code) = 64),
    wrong     INTEGER NOT NULL,
    browser   TEXT CHECK (LENGTH(browser) = 64),
    state     TEXT NOT NULL CHECK (state IN ('open', 'done', 'withdrawn')),
    closed    TEXT CHECK ((state = 'open') = (closed IS NULL))
) STRICT;

CREATE TABLE team (
    id      TEXT PRIMARY KEY,
    agency  TEXT NOT NULL REFERENCES agency (id),
    name    TEXT NOT NULL CHECK (name <> ''),
    ended   TEXT,
    UNIQUE (agency, name)
) STRICT;

CREATE TABLE understanding (
    person   TEXT PRIMARY KEY REFERENCES person (id),
    judge    TEXT NOT NULL CHECK (judge <> ''),
    recorder TEXT NOT NULL CHECK (recorder <> ''),
    at       TEXT NOT NULL
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

CREATE TABLE whereabouts (
    person    TEXT PRIMARY KEY REFERENCES person (id),
    address   TEXT NOT NULL,
    postcode  TEXT NOT NULL,
    telephone TEXT NOT NULL,
    setting   TEXT NOT NULL
) STRICT;

CREATE INDEX access_subject_rights_pass ON access_subject (rights_pass);

CREATE INDEX approval_asked ON approval (asked);

CREATE INDEX capacity_decision_account ON capacity_decision (account, subject);

CREATE INDEX details_answer_person ON details_answer (person);

CREATE INDEX entry_origin ON entry (origin);

CREATE INDEX factor_account ON factor (account, kind);

CREATE INDEX invitation_account ON invitation (account);

CREATE INDEX job_due ON job (due);

CREATE INDEX journal_subject ON journal (subject, seq);

CREATE INDEX look_release_subject ON look_release (subject);

CREATE INDEX opening_made ON opening (made);

CREATE INDEX outbox_state ON outbox (state, channel, due);

CREATE INDEX own_entry_person ON own_entry (person);

CREATE INDEX passkey_account ON passkey (account);

CREATE INDEX person_born ON person (born);

CREATE INDEX postcode_sector ON postcode (sector);

CREATE INDEX provider_request_ends ON provider_request (ends);

CREATE INDEX recovery_account ON recovery (account);

CREATE INDEX refusal_day ON refusal (day);

CREATE INDEX relationship_account ON relationship (account, subject);

CREATE INDEX relationship_subject ON relationship (subject);

CREATE INDEX restriction_account ON restriction (account, subject);

CREATE INDEX restriction_subject ON restriction (subject);

CREATE INDEX role_grant_account ON role_grant (account);

CREATE INDEX session_account ON session (account);

CREATE INDEX task_link_person ON task_link (person);
