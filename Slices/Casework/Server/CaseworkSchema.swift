import Storage

/// Cases as lists of events, what is written with them, letters, and requests that came in online.
enum CaseworkSchema {
    static let migration = Migration(
        "2026-11-29 casework",
        // Day and state follow from the events and are kept with them, for lists.
        """
        CREATE TABLE ehc_case (
            id      TEXT PRIMARY KEY,
            person  TEXT NOT NULL REFERENCES person (id),
            opened  TEXT NOT NULL,
            state   TEXT NOT NULL CHECK (state IN (
                'considering', 'assessing', 'issuing', 'not-necessary', 'refused', 'not-issued', 'withdrawn')),
            version BIGINT NOT NULL CHECK (version >= 1)
        )
        """,
        "CREATE INDEX ehc_case_person ON ehc_case (person, opened)",
        // Class casework: codes and days.
        """
        CREATE TABLE case_event (
            id       TEXT PRIMARY KEY,
            ehc_case TEXT NOT NULL REFERENCES ehc_case (id),
            number   BIGINT NOT NULL CHECK (number >= 1),
            kind     TEXT NOT NULL CHECK (kind <> ''),
            day      TEXT NOT NULL,
            source   TEXT NOT NULL,
            outcome  TEXT NOT NULL,
            about    TEXT NOT NULL,
            fact     TEXT NOT NULL,
            corrects TEXT REFERENCES case_event (id),
            annuls   BIGINT NOT NULL CHECK (annuls IN (0, 1)),
            at       TEXT NOT NULL,
            who      TEXT NOT NULL CHECK (who <> ''),
            UNIQUE (ehc_case, number),
            UNIQUE (corrects)
        )
        """,
        // Each part is of the class that `TextPart.data` says.
        """
        CREATE TABLE case_text (
            event TEXT NOT NULL REFERENCES case_event (id),
            part  TEXT NOT NULL CHECK (part <> ''),
            words TEXT NOT NULL CHECK (words <> ''),
            PRIMARY KEY (event, part)
        )
        """,
        // The template as it stood when the letter was written, and up to which event the case had come.
        """
        CREATE TABLE case_letter (
            id       TEXT PRIMARY KEY,
            ehc_case TEXT NOT NULL REFERENCES ehc_case (id),
            event    TEXT NOT NULL UNIQUE REFERENCES case_event (id),
            template TEXT NOT NULL CHECK (template <> ''),
            text     TEXT NOT NULL CHECK (text <> ''),
            number   BIGINT NOT NULL CHECK (number >= 1),
            at       TEXT NOT NULL
        )
        """,
        "CREATE INDEX case_letter_case ON case_letter (ehc_case)",
        // As a stranger sent it: about nobody known, until an officer attaches it to a case.
        """
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
            version  BIGINT NOT NULL CHECK (version >= 1)
        )
        """,
        "CREATE INDEX case_request_case ON case_request (ehc_case, at)")
}
