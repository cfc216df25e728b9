import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
import Storage

/// What a family is worried about, whether there is an assessment or not, and what is done about it, by whom, by when.
struct Concern: Sendable {
    struct Step: Sendable {
        let id, what, owner: String
        let due: Day
        let done: Day?
    }

    let id, words, who: String
    let at: Instant
    let ended: Day?
    let steps: [Step]

    /// Whether nothing was promised yet.
    var waits: Bool { ended == nil && steps.isEmpty }
}

/// Worries of a person without a case: own words of the family, with actions that have an owner and a day.
enum Concerns {
    static let migration = Migration(
        "2026-11-29 concerns",
        """
        CREATE TABLE concern (
            id     TEXT PRIMARY KEY,
            person TEXT NOT NULL REFERENCES person (id),
            at     TEXT NOT NULL,
            who    TEXT NOT NULL CHECK (who <> ''),
            words  TEXT NOT NULL CHECK (words <> ''),
            ended  TEXT
        )
        """,
        "CREATE INDEX concern_person ON concern (person, at)",
        """
        CREATE TABLE concern_step (
            id      TEXT PRIMARY KEY,
            concern TEXT NOT NULL REFERENCES concern (id),
            at      TEXT NOT NULL,
            who     TEXT NOT NULL CHECK (who <> ''),
            what    TEXT NOT NULL CHECK (what <> ''),
            owner   TEXT NOT NULL CHECK (owner <> ''),
            due     TEXT NOT NULL,
            done    TEXT
        )
        """,
        "CREATE INDEX concern_step_concern ON concern_step (concern)")

    /// What a family wrote of a person, the newest first. Whoever calls it may see own words of the person.
    static func all(of person: String, in tx: any Transaction) throws -> [Concern] {
        var steps: [String: [Concern.Step]] = [:]
        for row in try tx.rows(
            """
            SELECT concern_step.id, concern, what, owner, due, done
            FROM concern_step JOIN concern ON concern.id = concern_step.concern
            WHERE person = \(person) ORDER BY due, concern_step.id
            """)
        {
            steps[try row.get("concern"), default: []].append(
                Concern.Step(
                    id: try row.get("id"), what: try row.get("what"), owner: try row.get("owner"),
                    due: try row.get("due"), done: try row.optional("done")))
        }
        return try tx.rows(
            "SELECT id, at, who, words, ended FROM concern WHERE person = \(person) ORDER BY at DESC, id LIMIT 50"
        ).map { row in
            let id: String = try row.get("id")
            return Concern(
                id: id, words: try row.get("words"), who: try Looks.who(try row.get("who"), in: tx),
                at: try row.get("at"), ended: try row.optional("ended"), steps: steps[id] ?? [])
        }
    }

    static func add(
        _ id: String, of person: String, by author: String, _ words: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            "INSERT INTO concern (id, person, at, who, words) VALUES (\(id), \(person), \(tx.now), \(author), \(words))"
        )
        tx.record(Event("concern.written", subject: person, detail: "concern=\(id)"))
        let officers = try AccessStore.officersToTell(of: person, in: tx)
        for address in officers {
            try Outbox.post(
                .mail, to: address, title: WorryMails.title, body: ConcernMails.officer,
                owner: Role.teamManager.rawValue, about: person, in: tx)
        }
        if officers.isEmpty { try Reviewers.tell(WorryMails.title, ConcernMails.nobody, to: [.teamManager], in: tx) }
    }

    /// Notes what is done about it. Nothing where there is none of this identifier that is open.
    static func promise(
        _ step: Concern.Step, in concern: String, of person: String, _ post: CasePost, in tx: any WriteTransaction
    ) throws {
        guard try isOpen(concern, of: person, in: tx) else { return tx.record(.housekeeping) }
        try tx.run(
            """
            INSERT INTO concern_step (id, concern, at, who, what, owner, due)
            VALUES (
                \(step.id), \(concern), \(tx.now), \(post.actor), \(step.what), \(step.owner), \(step.due))
            """)
        tx.record(Event("concern.step-promised", subject: person, detail: "concern=\(concern);step=\(step.id)"))
        try tell(of: person, post, in: tx)
    }

    static func finish(
        _ step: String, in concern: String, of person: String, _ post: CasePost, in tx: any WriteTransaction
    ) throws {
        let held = try tx.row(
            "SELECT id FROM concern_step WHERE id = \(step) AND concern = \(concern) AND done IS NULL")
        guard held != nil, try isOpen(concern, of: person, in: tx) else { return tx.record(.housekeeping) }
        try tx.run("UPDATE concern_step SET done = \(tx.now.dayInEngland) WHERE id = \(step)")
        tx.record(Event("concern.step-done", subject: person, detail: "concern=\(concern);step=\(step)"))
        try tell(of: person, post, in: tx)
    }

    /// The family says that it is settled.
    static func end(_ concern: String, of person: String, in tx: any WriteTransaction) throws {
        guard try isOpen(concern, of: person, in: tx) else { return tx.record(.housekeeping) }
        try tx.run("UPDATE concern SET ended = \(tx.now.dayInEngland) WHERE id = \(concern)")
        tx.record(Event("concern.ended", subject: person, detail: "concern=\(concern)"))
    }

    private static func isOpen(_ id: String, of person: String, in tx: any Transaction) throws -> Bool {
        try tx.row("SELECT id FROM concern WHERE id = \(id) AND person = \(person) AND ended IS NULL") != nil
    }

    private static func tell(of person: String, _ post: CasePost, in tx: any WriteTransaction) throws {
        for address in try AccessStore.familyToTell(of: person, in: tx)
        where try AccessStore.mayBeTold([.ownWords], of: person, at: address, post.policy, tx.now, in: tx) {
            try Outbox.post(
                .mail, to: address, title: "Something is done about what you are worried about",
                body: ConcernMails.told, owner: Role.caseOfficer.rawValue, about: person, in: tx)
        }
    }
}

extension CaseStore {
    /// Worries that the actor has to look after: nothing was promised yet, or the day of what was promised has passed.
    func concerns(on today: Day) throws -> [(person: String, name: String, since: Day)] {
        try tx.rows(
            """
            SELECT concern.person AS subject, given, family, MIN(concern.at) AS since
            FROM concern JOIN person ON person.id = concern.person
            WHERE concern.ended IS NULL AND concern.person IN (\(Policy.related(to: scope)))
                AND \(policy.people(.change, .casework, for: scope, column: "concern.person"))
                AND \(policy.people(.see, .ownWords, for: scope, column: "concern.person"))
                AND \(policy.people(.see, .identity, for: scope, column: "concern.person"))
                AND \(People.living("concern.person"))
                AND (NOT EXISTS (SELECT 1 FROM concern_step step WHERE step.concern = concern.id)
                    OR EXISTS (SELECT 1 FROM concern_step step
                        WHERE step.concern = concern.id AND step.done IS NULL AND step.due < \(today)))
            GROUP BY concern.person, given, family ORDER BY since, concern.person LIMIT 200
            """
        ).map { row in
            (
                try row.get("subject"),
                "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))",
                try row.get("since", as: Instant.self).dayInEngland
            )
        }
    }

    /// Those for whom the actor may write what the family has to say.
    func speaksFor() throws -> [(person: String, name: String)] {
        try tx.rows(
            """
            SELECT id, given, family FROM person
            WHERE id IN (\(Policy.related(to: scope)))
                AND \(policy.people(.change, .ownWords, for: scope, column: "person.id"))
                AND \(policy.people(.see, .identity, for: scope, column: "person.id")) AND \(People.living("person.id"))
            ORDER BY given, family, id LIMIT 50
            """
        ).map { (try $0.get("id"), "\(try $0.get("given", as: String.self)) \(try $0.get("family", as: String.self))") }
    }
}

/// Mails about worries. None names a child or says what it is about: a mailbox may be shared.
enum ConcernMails {
    static let officer = """
        A parent, carer or young person wrote that they are worried. “My cases” shows about whom. Please say there \
        what is done, by whom and by when.

        """

    static let nobody = """
        A parent, carer or young person wrote that they are worried, and nobody of the team works with the child. Give \
        somebody the record, under “Who has to do with them”.

        """

    static let told = """
        The council’s special educational needs team wrote what is done about what you are worried about, by whom and \
        by when.

        Sign in and open “I’m worried”. If you cannot, ask us to read it to you.

        """
}
