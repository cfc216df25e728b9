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

CREATE TABLE case_advice (
    event TEXT NOT NULL REFERENCES case_event (id),
    part  TEXT NOT NULL CHECK (part <> ''),
    words TEXT NOT NULL CHECK (words <> ''),
    PRIMARY KEY (event, part)
) STRICT;

CREATE TABLE case_advice_document (
    id       TEXT PRIMARY KEY,
    event    TEXT NOT NULL REFERENCES case_event (id),
    document TEXT NOT NULL REFERENCES document (hash),
    UNIQUE (event, document)
) STRICT;

CREATE TABLE case_chaser (
    advice TEXT NOT NULL REFERENCES case_event (id),
    step   TEXT NOT NULL CHECK (step <> ''),
    at     TEXT NOT NULL,
    way    TEXT NOT NULL CHECK (way IN ('mail', 'people', 'passed')),
    PRIMARY KEY (advice, step)
) STRICT;

CREATE TABLE case_errand (
    id        TEXT PRIMARY KEY,
    ehc_case  TEXT NOT NULL REFERENCES ehc_case (id),
    letter    TEXT REFERENCES case_letter (id),
    recipient TEXT NOT NULL CHECK (recipient <> ''),
    kind      TEXT NOT NULL CHECK (kind IN ('post', 'telephone', 'language', 'easy-read', 'bsl')),
    language  TEXT NOT NULL,
    made      TEXT NOT NULL,
    done      TEXT,
    doer      TEXT CHECK ((done IS NULL) = (doer IS NULL))
) STRICT;

CREATE TABLE case_event (
    id       TEXT PRIMARY KEY,
    ehc_case TEXT NOT NULL REFERENCES ehc_case (id),
    number   INTEGER NOT NULL CHECK (number >= 1),
    kind     TEXT NOT NULL CHECK (kind <> ''),
    day      TEXT NOT NULL,
    source   TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    about    TEXT NOT NULL,
    fact     TEXT NOT NULL,
    corrects TEXT REFERENCES case_event (id),
    annuls   INTEGER NOT NULL CHECK (annuls IN (0, 1)),
    at       TEXT NOT NULL,
    who      TEXT NOT NULL CHECK (who <> ''),
    UNIQUE (ehc_case, number),
    UNIQUE (corrects)
) STRICT;

CREATE TABLE case_letter (
    id       TEXT PRIMARY KEY,
    ehc_case TEXT NOT NULL REFERENCES ehc_case (id),
    event    TEXT NOT NULL UNIQUE REFERENCES case_event (id),
    template TEXT NOT NULL CHECK (template <> ''),
    text     TEXT NOT NULL CHECK (text <> ''),
    number   INTEGER NOT NULL CHECK (number >= 1),
    at       TEXT NOT NULL
) STRICT;

CREATE TABLE case_letter_release (
    letter TEXT PRIMARY KEY REFERENCES case_letter (id),
    at     TEXT NOT NULL,
    who    TEXT NOT NULL CHECK (who <> '')
) STRICT;

CREATE TABLE case_meeting (
    id       TEXT PRIMARY KEY,
    ehc_case TEXT NOT NULL REFERENCES ehc_case (id),
    at       TEXT NOT NULL,
    who      TEXT NOT NULL CHECK (who <> ''),
    words    TEXT NOT NULL CHECK (words <> ''),
    times    TEXT NOT NULL,
    people   TEXT NOT NULL,
    answered TEXT,
    answerer TEXT,
    day      TEXT,
    answer   TEXT CHECK ((answered IS NULL) = (answer IS NULL))
) STRICT;

CREATE TABLE case_request (
    id       TEXT PRIMARY KEY,
    at       TEXT NOT NULL,
    day      TEXT NOT NULL,
    source   TEXT NOT NULL CHECK (source IN ('parent', 'young-person', 'school', 'post-16', 'approach')),
    sender   TEXT NOT NULL CHECK (sender <> ''),
    contact  TEXT NOT NULL CHECK (contact <> ''),
    given    TEXT NOT NULL CHECK (given <> ''),
    family   TEXT NOT NULL CHECK (family <> ''),
    born     TEXT NOT NULL,
    setting  TEXT NOT NULL,
    words    TEXT NOT NULL CHECK (words <> ''),
    ehc_case TEXT REFERENCES ehc_case (id),
    aside    TEXT CHECK (aside <> ''),
    version  INTEGER NOT NULL CHECK (version >= 1)
, reassesses INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE case_task (
    task     TEXT PRIMARY KEY CHECK (task <> ''),
    ehc_case TEXT NOT NULL REFERENCES ehc_case (id),
    advice   TEXT NOT NULL REFERENCES case_event (id)
) STRICT;

CREATE TABLE case_text (
    event TEXT NOT NULL REFERENCES case_event (id),
    part  TEXT NOT NULL CHECK (part <> ''),
    words TEXT NOT NULL CHECK (words <> ''),
    PRIMARY KEY (event, part)
) STRICT;

CREATE TABLE case_worry (
    id       TEXT PRIMARY KEY,
    ehc_case TEXT NOT NULL REFERENCES ehc_case (id),
    at       TEXT NOT NULL,
    who      TEXT NOT NULL CHECK (who <> ''),
    words    TEXT NOT NULL CHECK (words <> ''),
    answered TEXT,
    answerer TEXT,
    answer   TEXT CHECK ((answered IS NULL) = (answer IS NULL))
) STRICT;

CREATE TABLE concern (
    id     TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id),
    at     TEXT NOT NULL,
    who    TEXT NOT NULL CHECK (who <> ''),
    words  TEXT NOT NULL CHECK (words <> ''),
    ended  TEXT
) STRICT;

CREATE TABLE concern_step (
    id      TEXT PRIMARY KEY,
    concern TEXT NOT NULL REFERENCES concern (id),
    at      TEXT NOT NULL,
    who     TEXT NOT NULL CHECK (who <> ''),
    what    TEXT NOT NULL CHECK (what <> ''),
    owner   TEXT NOT NULL CHECK (owner <> ''),
    due     TEXT NOT NULL,
    done    TEXT
) STRICT;

CREATE TABLE contact_wish (
    person      TEXT NOT NULL REFERENCES person (id),
    recipient   TEXT NOT NULL CHECK (recipient <> ''),
    name        TEXT NOT NULL,
    own         INTEGER NOT NULL CHECK (own IN (0, 1)),
    way         TEXT NOT NULL CHECK (way IN ('online', 'post', 'telephone')),
    forms       TEXT NOT NULL,
    language    TEXT NOT NULL,
    interpreter TEXT NOT NULL,
    signs       INTEGER NOT NULL CHECK (signs IN (0, 1)),
    note        TEXT NOT NULL,
    ended       TEXT,
    at          TEXT NOT NULL,
    who         TEXT NOT NULL CHECK (who <> ''),
    version     INTEGER NOT NULL CHECK (version >= 1),
    PRIMARY KEY (person, recipient)
) STRICT;

CREATE TABLE correction (
    id               TEXT PRIMARY KEY,
    person           TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('wrong-fact', 'missing', 'wrong-record')),
    record           INTEGER,
    source           TEXT NOT NULL CHECK (source <> ''),
    source_class     TEXT NOT NULL,
    fact             TEXT NOT NULL,
    class            TEXT NOT NULL,
    held             TEXT NOT NULL,
    wanted           TEXT NOT NULL,
    words            TEXT NOT NULL,
    author           TEXT NOT NULL CHECK (author <> ''),
    received         TEXT NOT NULL,
    due              TEXT NOT NULL,
    extension_reason TEXT,
    outcome          TEXT CHECK (outcome IN ('put-right', 'not-changed')),
    answer           TEXT,
    answerer         TEXT,
    answered         TEXT,
    version          INTEGER NOT NULL
) STRICT;

CREATE TABLE death (
    id        TEXT PRIMARY KEY,
    person    TEXT NOT NULL REFERENCES person (id),
    day       TEXT NOT NULL,
    source    TEXT NOT NULL CHECK (source IN ('register', 'hospital', 'police', 'family-document')),
    confirmer TEXT NOT NULL CHECK (confirmer <> ''),
    recorder  TEXT NOT NULL CHECK (recorder <> ''),
    made      TEXT NOT NULL,
    undone    TEXT,
    undoer    TEXT,
    reason    TEXT CHECK ((undone IS NULL) = (reason IS NULL))
) STRICT;

CREATE TABLE decision_effect (
    decision TEXT PRIMARY KEY REFERENCES link_decision (id),
    doubt    TEXT NOT NULL,
    change   TEXT REFERENCES person_change (id)
) STRICT;

CREATE TABLE delivery (
    id        TEXT PRIMARY KEY,
    source    TEXT NOT NULL CHECK (source <> ''),
    name      TEXT NOT NULL,
    digest    TEXT NOT NULL,
    as_of     TEXT NOT NULL,
    received  TEXT NOT NULL,
    receiver  TEXT NOT NULL,
    lines     INTEGER NOT NULL,
    added     INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    gone      INTEGER NOT NULL,
    withheld  INTEGER NOT NULL,
    refused   INTEGER NOT NULL,
    absent    TEXT NOT NULL,
    filled    TEXT NOT NULL
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

CREATE TABLE doubt (
    id     TEXT PRIMARY KEY,
    one    INTEGER NOT NULL,
    other  INTEGER NOT NULL,
    kind   TEXT NOT NULL CHECK (kind IN ('join', 'part')),
    chance REAL NOT NULL,
    worth  REAL NOT NULL,
    model  TEXT NOT NULL,
    made   TEXT NOT NULL,
    closed TEXT,
    UNIQUE (one, other)
) STRICT;

CREATE TABLE ehc_case (
    id      TEXT PRIMARY KEY,
    person  TEXT NOT NULL REFERENCES person (id),
    opened  TEXT NOT NULL,
    state   TEXT NOT NULL CHECK (state IN (
        'considering', 'assessing', 'issuing', 'not-necessary', 'refused', 'not-issued', 'withdrawn')),
    version INTEGER NOT NULL CHECK (version >= 1)
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

CREATE TABLE fresh_start (person TEXT PRIMARY KEY) STRICT;

CREATE TABLE held_part (
    record  INTEGER NOT NULL,
    class   TEXT NOT NULL,
    version INTEGER NOT NULL,
    cells   TEXT NOT NULL,
    as_of   TEXT NOT NULL,
    until   TEXT,
    PRIMARY KEY (record, class, version)
) STRICT;

CREATE TABLE held_record (
    number      INTEGER PRIMARY KEY,
    source      TEXT NOT NULL CHECK (source <> ''),
    ref         TEXT NOT NULL CHECK (ref <> ''),
    class       TEXT NOT NULL,
    digest      TEXT NOT NULL,
    first_day   TEXT NOT NULL,
    as_of       TEXT NOT NULL,
    delivery    TEXT NOT NULL,
    gone        TEXT,
    person      TEXT,
    compartment TEXT NOT NULL,
    UNIQUE (source, ref)
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

CREATE TABLE joined_subject (
    subject TEXT NOT NULL CHECK (subject <> kept),
    kept    TEXT NOT NULL,
    since   TEXT NOT NULL,
    until   TEXT,
    PRIMARY KEY (subject, since)
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

CREATE TABLE lead_step (
    id        TEXT PRIMARY KEY,
    person    TEXT NOT NULL CHECK (person <> ''),
    state     TEXT NOT NULL CHECK (
        state IN ('offered', 'not-needed', 'led', 'accepted', 'declined', 'named')),
    day       TEXT NOT NULL,
    words     TEXT NOT NULL,
    name      TEXT NOT NULL,
    role      TEXT NOT NULL,
    telephone TEXT NOT NULL,
    basis     TEXT NOT NULL CHECK (basis <> ''),
    decider   TEXT NOT NULL CHECK (decider <> ''),
    at        TEXT NOT NULL,
    undone    TEXT,
    undoer    TEXT
) STRICT;

CREATE TABLE link_decision (
    id      TEXT PRIMARY KEY,
    one     INTEGER NOT NULL,
    other   INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unsure')),
    decider TEXT NOT NULL CHECK (decider <> ''),
    at      TEXT NOT NULL,
    reason  TEXT NOT NULL,
    undone  TEXT,
    undoer  TEXT
) STRICT;

CREATE TABLE link_model (
    version  TEXT PRIMARY KEY,
    file     TEXT NOT NULL,
    origin   TEXT NOT NULL CHECK (origin IN ('shipped', 'learnt')),
    records  INTEGER NOT NULL,
    made     TEXT NOT NULL,
    compared TEXT NOT NULL
) STRICT;

CREATE TABLE linked_person (person TEXT PRIMARY KEY, made TEXT NOT NULL) STRICT;

CREATE TABLE look_release (
    id      TEXT PRIMARY KEY,
    subject TEXT NOT NULL CHECK (subject <> ''),
    officer TEXT NOT NULL,
    reason  TEXT NOT NULL CHECK (reason <> ''),
    until   TEXT NOT NULL
) STRICT;

CREATE TABLE membership (
    record INTEGER NOT NULL,
    person TEXT NOT NULL,
    since  TEXT NOT NULL,
    cause  TEXT NOT NULL CHECK (cause <> ''),
    until  TEXT,
    PRIMARY KEY (record, since)
) STRICT;

CREATE TABLE migration (
    name TEXT PRIMARY KEY, text TEXT NOT NULL, applied TEXT NOT NULL
) STRICT;

CREATE TABLE model_use (
    number  INTEGER PRIMARY KEY,
    version TEXT NOT NULL REFERENCES link_model (version),
    since   TEXT NOT NULL,
    who     TEXT NOT NULL CHECK (who <> ''),
    reason  TEXT NOT NULL
) STRICT;

CREATE TABLE moved_row (
    change    TEXT NOT NULL REFERENCES person_change (id),
    place     TEXT NOT NULL,
    row_key   TEXT NOT NULL,
    PRIMARY KEY (change, place, row_key)
) STRICT;

CREATE TABLE notice (
    id        TEXT PRIMARY KEY,
    body      TEXT NOT NULL REFERENCES notice_body (id),
    reference TEXT CHECK (reference <> ''),
    received  TEXT NOT NULL,
    attention TEXT NOT NULL,
    sender    TEXT NOT NULL CHECK (sender <> ''),
    person    TEXT REFERENCES person (id),
    missing   TEXT NOT NULL,
    lead_from TEXT NOT NULL CHECK (lead_from > attention),
    lead_told TEXT,
    latest    INTEGER NOT NULL CHECK (latest >= 1),
    version   INTEGER NOT NULL CHECK (version >= 1),
    UNIQUE (body, reference)
) STRICT;

CREATE TABLE notice_body (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE CHECK (name <> ''),
    kind    TEXT NOT NULL CHECK (kind IN ('integrated-care-board', 'nhs-trust', 'nhs-foundation-trust')),
    contact TEXT NOT NULL CHECK (contact <> '')
) STRICT;

CREATE TABLE notice_content (
    notice         TEXT NOT NULL REFERENCES notice (id),
    number         INTEGER NOT NULL CHECK (number >= 1),
    body           TEXT NOT NULL REFERENCES notice_body (id),
    fingerprint    TEXT NOT NULL CHECK (LENGTH(fingerprint) = 64),
    at             TEXT NOT NULL,
    sender         TEXT NOT NULL CHECK (sender <> ''),
    given          TEXT NOT NULL CHECK (given <> ''),
    family         TEXT NOT NULL CHECK (family <> ''),
    born           TEXT NOT NULL,
    sex            TEXT CHECK (sex IN ('female', 'male', 'indeterminate', 'not-known')),
    nhs_number     TEXT CHECK (LENGTH(nhs_number) = 10),
    address        TEXT NOT NULL,
    postcode       TEXT,
    telephone      TEXT NOT NULL,
    parent_name    TEXT NOT NULL,
    parent_contact TEXT NOT NULL,
    given_by       TEXT NOT NULL CHECK (given_by <> ''),
    needs          TEXT NOT NULL,
    opinion        TEXT NOT NULL,
    report         TEXT NOT NULL,
    told           TEXT,
    offered        INTEGER NOT NULL CHECK (offered IN (0, 1)),
    voluntary_body TEXT,
    PRIMARY KEY (notice, number),
    UNIQUE (body, fingerprint)
) STRICT;

CREATE TABLE notice_decision (
    notice TEXT NOT NULL REFERENCES notice (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    way    TEXT NOT NULL CHECK (way IN ('with-the-body', 'by-the-council', 'by-somebody-known', 'not-now')),
    reason TEXT NOT NULL CHECK (reason <> ''),
    at     TEXT NOT NULL,
    who    TEXT NOT NULL CHECK (who <> ''),
    PRIMARY KEY (notice, number)
) STRICT;

CREATE TABLE notice_key (
    id     TEXT PRIMARY KEY,
    body   TEXT NOT NULL REFERENCES notice_body (id),
    secret TEXT NOT NULL UNIQUE CHECK (LENGTH(secret) = 64),
    made   TEXT NOT NULL,
    ended  TEXT
) STRICT;

CREATE TABLE notice_step (
    notice TEXT NOT NULL REFERENCES notice (id),
    step   TEXT NOT NULL CHECK (step IN ('picked-up', 'family-contacted', 'first-support')),
    day    TEXT NOT NULL,
    at     TEXT NOT NULL,
    who    TEXT NOT NULL CHECK (who <> ''),
    words  TEXT NOT NULL,
    PRIMARY KEY (notice, step)
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

CREATE TABLE opinion (
    id       TEXT PRIMARY KEY,
    doubt    TEXT NOT NULL,
    decider  TEXT NOT NULL CHECK (decider <> ''),
    verdict  TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unsure')),
    reason   TEXT NOT NULL,
    at       TEXT NOT NULL,
    decision TEXT,
    undone   TEXT
) STRICT;

CREATE TABLE outbox (
    id         TEXT PRIMARY KEY,
    at         TEXT NOT NULL,
    channel    TEXT NOT NULL CHECK (channel IN ('mail', 'system')),
    recipient  TEXT NOT NULL CHECK (recipient <> ''),
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    owner      TEXT NOT NULL CHECK (owner <> ''),
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead', 'stopped')),
    attempts   INTEGER NOT NULL CHECK (attempts >= 0),
    due        TEXT NOT NULL,
    holder     TEXT,
    held_until TEXT CHECK ((holder IS NULL) = (held_until IS NULL)),
    sent       TEXT CHECK ((state = 'sent') = (sent IS NOT NULL)),
    failure    TEXT,
    secret     INTEGER NOT NULL DEFAULT 0 CHECK (secret IN (0, 1)),
    about      TEXT CHECK (about <> ''),
    good_until TEXT
) STRICT;

CREATE TABLE own_entry (
    id      TEXT PRIMARY KEY,
    person  TEXT NOT NULL REFERENCES person (id),
    author  TEXT NOT NULL CHECK (author <> ''),
    words   TEXT NOT NULL CHECK (words <> ''),
    kept    INTEGER NOT NULL CHECK (kept IN (0, 1)),
    made    TEXT NOT NULL,
    version INTEGER NOT NULL
, withheld TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE panel_item (
    id       TEXT PRIMARY KEY,
    meeting  TEXT NOT NULL REFERENCES panel_meeting (id),
    ehc_case TEXT NOT NULL REFERENCES ehc_case (id),
    question TEXT NOT NULL CHECK (question IN ('assess', 'plan')),
    added    TEXT NOT NULL,
    removed  TEXT
) STRICT;

CREATE TABLE panel_meeting (
    id      TEXT PRIMARY KEY,
    day     TEXT NOT NULL,
    name    TEXT NOT NULL CHECK (name <> ''),
    version INTEGER NOT NULL CHECK (version >= 1)
) STRICT;

CREATE TABLE panel_member (
    meeting TEXT NOT NULL REFERENCES panel_meeting (id),
    account TEXT NOT NULL CHECK (account <> ''),
    PRIMARY KEY (meeting, account)
) STRICT;

CREATE TABLE panel_view (
    item    TEXT NOT NULL REFERENCES panel_item (id),
    account TEXT NOT NULL CHECK (account <> ''),
    at      TEXT NOT NULL,
    view    TEXT NOT NULL CHECK (view IN ('yes', 'no', 'more')),
    words   TEXT NOT NULL CHECK (words <> ''),
    PRIMARY KEY (item, account)
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

CREATE TABLE person_change (
    id      TEXT PRIMARY KEY,
    kind    TEXT NOT NULL CHECK (kind IN ('join', 'part')),
    kept    TEXT NOT NULL,
    other   TEXT NOT NULL,
    at      TEXT NOT NULL,
    decider TEXT NOT NULL CHECK (decider <> ''),
    reason  TEXT NOT NULL,
    undone  TEXT,
    undoer  TEXT
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

CREATE TABLE put_aside (
    sealed_set TEXT NOT NULL REFERENCES sealed_set (id),
    place      TEXT NOT NULL,
    row_key    TEXT NOT NULL,
    cells      TEXT NOT NULL,
    PRIMARY KEY (sealed_set, place, row_key)
) STRICT;

CREATE TABLE receipt (
    key    TEXT PRIMARY KEY,
    at     TEXT NOT NULL,
    answer TEXT NOT NULL
) STRICT;

CREATE TABLE record_link (
    record INTEGER PRIMARY KEY,
    other  INTEGER NOT NULL,
    chance REAL NOT NULL,
    model  TEXT NOT NULL,
    made   TEXT NOT NULL
) STRICT;

CREATE TABLE record_pair (
    one    INTEGER NOT NULL,
    other  INTEGER NOT NULL,
    chance REAL NOT NULL,
    model  TEXT NOT NULL,
    made   TEXT NOT NULL,
    PRIMARY KEY (one, other)
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

CREATE TABLE refused_row (
    delivery TEXT NOT NULL REFERENCES delivery (id),
    line     INTEGER NOT NULL,
    ref      TEXT,
    faults   TEXT NOT NULL,
    written  TEXT NOT NULL,
    PRIMARY KEY (delivery, line)
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

CREATE TABLE review_lease (
    item   TEXT PRIMARY KEY,
    holder TEXT NOT NULL CHECK (holder <> ''),
    until  TEXT NOT NULL
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

CREATE TABLE sample_layer (
    run     TEXT NOT NULL,
    linked  INTEGER NOT NULL CHECK (linked IN (0, 1)),
    band    TEXT NOT NULL,
    sources TEXT NOT NULL,
    pairs   INTEGER NOT NULL CHECK (pairs > 0),
    PRIMARY KEY (run, linked, band, sources)
) STRICT;

CREATE TABLE sample_pair (
    id      TEXT PRIMARY KEY,
    one     INTEGER NOT NULL,
    other   INTEGER NOT NULL,
    linked  INTEGER NOT NULL CHECK (linked IN (0, 1)),
    band    TEXT NOT NULL,
    sources TEXT NOT NULL,
    chance  REAL NOT NULL,
    place   INTEGER NOT NULL,
    run     TEXT NOT NULL,
    decider TEXT,
    verdict TEXT CHECK (verdict IN ('same', 'different', 'unsure')),
    at      TEXT,
    UNIQUE (one, other)
) STRICT;

CREATE TABLE sample_run (
    id    TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    made  TEXT NOT NULL
) STRICT;

CREATE TABLE school_link (
    urn        INTEGER NOT NULL,
    other      INTEGER NOT NULL,
    other_name TEXT NOT NULL,
    kind       TEXT NOT NULL,
    since      TEXT,
    PRIMARY KEY (urn, other, kind)
) STRICT;

CREATE TABLE sealed_set (
    id     TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    ground TEXT NOT NULL CHECK (ground IN ('adoption', 'protection')),
    made   TEXT NOT NULL,
    maker  TEXT NOT NULL CHECK (maker <> '')
, ended TEXT) STRICT;

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

CREATE TABLE silence (
    subject TEXT NOT NULL CHECK (subject <> ''),
    cause   TEXT NOT NULL CHECK (cause <> ''),
    since   TEXT NOT NULL,
    PRIMARY KEY (subject, cause)
) STRICT;

CREATE TABLE subject_label (
    subject TEXT NOT NULL CHECK (subject <> ''),
    label   TEXT NOT NULL CHECK (label IN ('adoption', 'protected', 'sealed', 'died')),
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

CREATE INDEX case_errand_case ON case_errand (ehc_case, done);

CREATE INDEX case_letter_case ON case_letter (ehc_case);

CREATE INDEX case_meeting_case ON case_meeting (ehc_case, at);

CREATE INDEX case_request_case ON case_request (ehc_case, at);

CREATE INDEX case_task_advice ON case_task (advice);

CREATE INDEX case_worry_case ON case_worry (ehc_case, at);

CREATE INDEX concern_person ON concern (person, at);

CREATE INDEX concern_step_concern ON concern_step (concern);

CREATE INDEX correction_open ON correction (answered, due);

CREATE INDEX correction_person ON correction (person);

CREATE UNIQUE INDEX death_standing ON death (person) WHERE undone IS NULL;

CREATE INDEX delivery_source ON delivery (source, received);

CREATE INDEX details_answer_person ON details_answer (person);

CREATE INDEX doubt_open ON doubt (closed, worth);

CREATE INDEX ehc_case_person ON ehc_case (person, opened);

CREATE INDEX entry_origin ON entry (origin);

CREATE INDEX factor_account ON factor (account, kind);

CREATE INDEX held_record_delivery ON held_record (delivery);

CREATE INDEX held_record_person ON held_record (person);

CREATE INDEX invitation_account ON invitation (account);

CREATE INDEX job_due ON job (due);

CREATE INDEX joined_subject_kept ON joined_subject (kept);

CREATE INDEX journal_subject ON journal (subject, seq);

CREATE INDEX lead_step_person ON lead_step (person, at);

CREATE INDEX link_decision_pair ON link_decision (one, other);

CREATE INDEX look_release_subject ON look_release (subject);

CREATE INDEX membership_person ON membership (person);

CREATE INDEX notice_attention ON notice (attention, id);

CREATE INDEX notice_key_body ON notice_key (body);

CREATE INDEX notice_person ON notice (person);

CREATE INDEX notice_sender ON notice (sender);

CREATE INDEX opening_made ON opening (made);

CREATE INDEX opinion_doubt ON opinion (doubt);

CREATE INDEX outbox_about ON outbox (about, state);

CREATE INDEX outbox_state ON outbox (state, channel, due);

CREATE INDEX own_entry_person ON own_entry (person);

CREATE INDEX panel_item_case ON panel_item (ehc_case);

CREATE INDEX panel_item_meeting ON panel_item (meeting);

CREATE INDEX panel_member_account ON panel_member (account);

CREATE INDEX passkey_account ON passkey (account);

CREATE INDEX person_born ON person (born);

CREATE INDEX person_change_kept ON person_change (kept);

CREATE INDEX person_change_other ON person_change (other);

CREATE INDEX postcode_sector ON postcode (sector);

CREATE INDEX provider_request_ends ON provider_request (ends);

CREATE INDEX recovery_account ON recovery (account);

CREATE INDEX refusal_day ON refusal (day);

CREATE INDEX relationship_account ON relationship (account, subject);

CREATE INDEX relationship_subject ON relationship (subject);

CREATE INDEX restriction_account ON restriction (account, subject);

CREATE INDEX restriction_subject ON restriction (subject);

CREATE INDEX role_grant_account ON role_grant (account);

CREATE INDEX sample_pair_run ON sample_pair (run);

CREATE INDEX sealing_asked ON sealing (verdict, asked);

CREATE INDEX session_account ON session (account);

CREATE INDEX task_link_person ON task_link (person);
