import Access
import AccessServer
import Casework
import Kernel
import Storage

/// How people of a family want to be written to, and what people have to do for it.
enum WishSchema {
    static let migration = Migration(
        "2026-11-29 how to write to a family",
        // Class own-words; a name, where somebody has no account, third-party. One row for each of a person’s family.
        """
        CREATE TABLE contact_wish (
            person      TEXT NOT NULL REFERENCES person (id),
            recipient   TEXT NOT NULL CHECK (recipient <> ''),
            name        TEXT NOT NULL,
            own         BIGINT NOT NULL CHECK (own IN (0, 1)),
            way         TEXT NOT NULL CHECK (way IN ('online', 'post', 'telephone')),
            forms       TEXT NOT NULL,
            language    TEXT NOT NULL,
            interpreter TEXT NOT NULL,
            signs       BIGINT NOT NULL CHECK (signs IN (0, 1)),
            note        TEXT NOT NULL,
            ended       TEXT,
            at          TEXT NOT NULL,
            who         TEXT NOT NULL CHECK (who <> ''),
            version     BIGINT NOT NULL CHECK (version >= 1),
            PRIMARY KEY (person, recipient)
        )
        """,
        // Class casework. Without a letter it is about an answer that is there.
        """
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
        )
        """,
        "CREATE INDEX case_errand_case ON case_errand (ehc_case, done)")

    static let hanging = Hanging("contact_wish", "person", key: ["recipient"], .movesWhereFree)
}

/// A wish as it is kept.
struct KeptWish: Sendable {
    let recipient: String
    /// Of somebody without an account; empty for others.
    let name: String
    /// Whether somebody without an account is the young person, and not a parent or carer.
    let isSelf: Bool
    let wish: ContactWish
    let at: Instant
    let who: String
    let version: Int
}

enum Wishes {
    /// All wishes about a person that hold, by recipient.
    static func all(of person: String, in tx: any Transaction) throws -> [String: KeptWish] {
        let kept = try tx.rows(
            """
            SELECT recipient, name, own, way, forms, language, interpreter, signs, note, at, who, version
            FROM contact_wish WHERE person = \(person) AND ended IS NULL
            """
        ).map { row -> KeptWish in
            let forms = try row.get("forms", as: String.self).split(separator: " ")
            return KeptWish(
                recipient: try row.get("recipient"), name: try row.get("name"), isSelf: try row.get("own"),
                wish: try ContactWish(
                    way: try row.get("way"), forms: Set(forms.compactMap { ContactWish.Form(rawValue: String($0)) }),
                    language: try row.get("language"), interpreter: try row.get("interpreter"),
                    isSignedAtMeetings: try row.get("signs"), note: try row.get("note")),
                at: try row.get("at"), who: try row.get("who"), version: try row.get("version"))
        }
        return Dictionary(kept.map { ($0.recipient, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The version of the row for a recipient; nil where there is none, or it ended.
    static func version(_ recipient: String, of person: String, in tx: any Transaction) throws -> Int? {
        try tx.row(
            """
            SELECT version FROM contact_wish
            WHERE person = \(person) AND recipient = \(recipient) AND ended IS NULL
            """)?.get("version")
    }

    static func keep(
        _ wish: ContactWish, of recipient: String, named name: String = "", isSelf: Bool = false,
        about person: String, by actor: String, in tx: any WriteTransaction
    ) throws {
        let forms = wish.forms.sorted().map(\.rawValue).joined(separator: " ")
        try tx.run(
            """
            INSERT INTO contact_wish (
                person, recipient, name, own, way, forms, language, interpreter, signs, note, at, who, version)
            VALUES (
                \(person), \(recipient), \(name), \(isSelf), \(wish.way), \(forms), \(wish.language),
                \(wish.interpreter), \(wish.isSignedAtMeetings), \(wish.note), \(tx.now), \(actor), 1)
            ON CONFLICT (person, recipient) DO UPDATE SET way = excluded.way, forms = excluded.forms,
                language = excluded.language, interpreter = excluded.interpreter, signs = excluded.signs,
                note = excluded.note, at = excluded.at, who = excluded.who, ended = NULL,
                version = contact_wish.version + 1
            """)
        tx.record(Event("wishes.kept", subject: person, detail: "recipient=\(recipient)"))
    }

    /// Somebody without an account gets no letters any more.
    static func end(_ recipient: String, about person: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE contact_wish SET ended = \(tx.now), version = version + 1
            WHERE person = \(person) AND recipient = \(recipient) AND name <> ''
            """)
        tx.record(Event("wishes.ended", subject: person, detail: "recipient=\(recipient)"))
    }
}

/// Something that people have to do, so that a letter reaches somebody in the form that they need.
struct Errand: Sendable {
    let id, file, recipient, language: String
    /// Nil where it is about an answer that is there.
    let letter: String?
    let kind: ErrandKind
    let made: Instant
    let done: Instant?
}

/// One on the list of an officer.
struct ErrandLine: Sendable {
    let errand: Errand
    let person, child: String
    let title: LetterKind?
}

enum Errands {
    private static let columns: SQL = """
        case_errand.id, case_errand.ehc_case, case_errand.letter, case_errand.recipient, case_errand.kind,
        case_errand.language, case_errand.made, case_errand.done
        """

    static func add(
        _ kind: ErrandKind, language: String, for recipient: String, letter: String?, of file: String,
        in tx: any WriteTransaction
    ) throws {
        let number = try tx.row("SELECT COUNT(*) AS n FROM case_errand WHERE ehc_case = \(file)")?.get("n") ?? 0
        try tx.run(
            """
            INSERT INTO case_errand (id, ehc_case, letter, recipient, kind, language, made)
            VALUES (
                \("errand-\(file)-\(number + 1)"), \(file), \(letter), \(recipient), \(kind),
                \(kind == .language ? language : ""), \(tx.now))
            """)
    }

    /// All of a case, the oldest first.
    static func all(of file: String, in tx: any Transaction) throws -> [Errand] {
        try tx.rows("SELECT \(columns) FROM case_errand WHERE ehc_case = \(file) ORDER BY made, id").map(errand)
    }

    /// Notes that it is done, once.
    static func finish(
        _ id: String, of file: String, _ person: String, by doer: String, in tx: any WriteTransaction
    ) throws {
        let waits = try tx.row(
            "SELECT id FROM case_errand WHERE id = \(id) AND ehc_case = \(file) AND done IS NULL")
        guard waits != nil else { return tx.record(.housekeeping) }
        try tx.run("UPDATE case_errand SET done = \(tx.now), doer = \(doer) WHERE id = \(id)")
        tx.record(Event("case.errand-done", subject: person, detail: "case=\(file);errand=\(id)"))
    }

    private static func errand(_ row: Row) throws -> Errand {
        Errand(
            id: try row.get("id"), file: try row.get("ehc_case"), recipient: try row.get("recipient"),
            language: try row.get("language"), letter: try row.optional("letter"), kind: try row.get("kind"),
            made: try row.get("made"), done: try row.optional("done"))
    }

    /// What waits in the cases that the actor works on, the oldest first.
    static func waiting(_ store: CaseStore, limit: Int = 500) throws -> [ErrandLine] {
        try store.tx.rows(
            """
            SELECT \(columns), person.id AS subject, given, family, template
            FROM case_errand JOIN ehc_case ON ehc_case.id = case_errand.ehc_case
                JOIN person ON person.id = ehc_case.person LEFT JOIN case_letter ON case_letter.id = case_errand.letter
            WHERE \(mine(store)) ORDER BY case_errand.made, case_errand.id LIMIT \(limit)
            """
        ).map { row in
            ErrandLine(
                errand: try errand(row), person: try row.get("subject"),
                child: "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))",
                title: try row.optional("template"))
        }
    }

    /// How many wait there.
    static func count(_ store: CaseStore) throws -> Int {
        try store.tx.row(
            """
            SELECT COUNT(*) AS n FROM case_errand JOIN ehc_case ON ehc_case.id = case_errand.ehc_case
            WHERE \(mine(store))
            """)?.get("n") ?? 0
    }

    private static func mine(_ store: CaseStore) -> SQL {
        """
        case_errand.done IS NULL AND ehc_case.person IN (\(Policy.related(to: store.scope)))
            AND \(store.policy.people(.change, .casework, for: store.scope, column: "ehc_case.person"))
            AND \(store.policy.people(.see, .identity, for: store.scope, column: "ehc_case.person"))
            AND NOT \(Silence.holds(about: "ehc_case.person"))
        """
    }
}

extension ContactWish.Way: Storable {}
extension ErrandKind: Storable {}
