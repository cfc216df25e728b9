import Access
import AccessServer
import Kernel
import Storage

/// What the family is worried about in a case, and what it was answered.
struct Worry: Hashable, Sendable {
    struct Answer: Hashable, Sendable {
        let at: Instant
        let who, words: String
    }

    let id: String
    let at: Instant
    /// Who wrote it, by what they are.
    let who: String
    let words: String
    let answer: Answer?
}

/// Worries of cases: own words of the family, which an officer answers.
enum Worries {
    static let migration = Migration(
        "2026-11-29 worries",
        """
        CREATE TABLE case_worry (
            id       TEXT PRIMARY KEY,
            ehc_case TEXT NOT NULL REFERENCES ehc_case (id),
            at       TEXT NOT NULL,
            who      TEXT NOT NULL CHECK (who <> ''),
            words    TEXT NOT NULL CHECK (words <> ''),
            answered TEXT,
            answerer TEXT,
            answer   TEXT CHECK ((answered IS NULL) = (answer IS NULL))
        )
        """,
        "CREATE INDEX case_worry_case ON case_worry (ehc_case, at)")

    /// The worries of a case, the newest first. Whoever calls it may see own words of the person.
    static func all(of file: String, in tx: any Transaction) throws -> [Worry] {
        try tx.rows(
            """
            SELECT id, at, who, words, answered, answerer, answer FROM case_worry
            WHERE ehc_case = \(file) ORDER BY at DESC, id LIMIT 50
            """
        ).map { row in
            var answer: Worry.Answer?
            if let at = try row.optional("answered", as: Instant.self) {
                answer = Worry.Answer(
                    at: at, who: try Looks.who(try row.optional("answerer") ?? "", in: tx),
                    words: try row.optional("answer") ?? "")
            }
            return Worry(
                id: try row.get("id"), at: try row.get("at"), who: try Looks.who(try row.get("who"), in: tx),
                words: try row.get("words"), answer: answer)
        }
    }

    /// Since when a worry waits for an answer, of each case in this column; null where none does.
    static func waiting(_ column: SQL) -> SQL {
        "(SELECT MIN(worry.at) FROM case_worry worry WHERE worry.ehc_case = \(column) AND worry.answered IS NULL)"
    }

    static func add(
        _ id: String, to file: String, of person: String, by author: String, _ words: String,
        in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO case_worry (id, ehc_case, at, who, words)
            VALUES (\(id), \(file), \(tx.now), \(author), \(words))
            """)
        tx.record(Event("case.worry-written", subject: person, detail: "case=\(file);worry=\(id)"))
        let officers = try AccessStore.officersToTell(of: person, in: tx)
        for address in officers {
            try Outbox.post(
                .mail, to: address, title: WorryMails.title, body: WorryMails.officer,
                owner: Role.teamManager.rawValue, about: person, in: tx)
        }
        if officers.isEmpty { try Reviewers.tell(WorryMails.title, WorryMails.officer, to: [.teamManager], in: tx) }
    }

    /// Answers a worry, once.
    ///
    /// - Returns: false where there is none of this identifier that waits in this case.
    static func answer(
        _ id: String, of file: String, _ person: String, by officer: String, _ words: String, policy: Policy,
        in tx: any WriteTransaction
    ) throws -> Bool {
        let waits = try tx.row(
            "SELECT id FROM case_worry WHERE id = \(id) AND ehc_case = \(file) AND answered IS NULL")
        guard waits != nil else {
            tx.record(.housekeeping)
            return false
        }
        try tx.run(
            """
            UPDATE case_worry SET answered = \(tx.now), answerer = \(officer), answer = \(words) WHERE id = \(id)
            """)
        tx.record(Event("case.worry-answered", subject: person, detail: "case=\(file);worry=\(id)"))
        _ = try FamilyPost(
            person: person, file: file, letter: nil, classes: [.casework, .ownWords],
            title: "An answer is there for you", body: WorryMails.answered
        ).tell(policy, in: tx)
        return true
    }
}

/// Mails about worries. None names a child or says what it is about: a mailbox may be shared.
enum WorryMails {
    static let title = "Somebody is worried about a case of yours"

    static let officer = """
        A parent, carer or young person wrote that they are worried about a case of yours. It stands first on its \
        page, and “My cases” says since when it waits. Please answer it there.

        """

    static let answered = """
        The council’s special educational needs team answered what you wrote that you are worried about.

        Sign in and open “People”, then the assessment. If you cannot, ask us to read it to you.

        """
}
