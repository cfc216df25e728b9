import Access
import AccessServer
import Kernel
import Storage

/// An informal meeting with the officer of the case and the head, as the family asked for it, and what it was answered.
struct Meeting: Hashable, Sendable {
    /// A day with its place and hour in words, or none with the reason.
    struct Answer: Hashable, Sendable {
        let at: Instant
        let who: String
        let day: Day?
        let words: String
    }

    /// What the family wrote: what it wants to talk about, when it can, and who should come.
    struct Wish: Hashable, Sendable {
        let words, times, people: String
    }

    let id: String
    let at: Instant
    /// Who asked, by what they are.
    let who: String
    let wish: Wish
    let answer: Answer?
}

/// Meetings of cases: own words of the family, like its worries, and no step of any procedure.
enum Meetings {
    static let migration = Migration(
        "2026-11-29 meetings",
        """
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
        )
        """,
        "CREATE INDEX case_meeting_case ON case_meeting (ehc_case, at)")

    /// The meetings of a case, the newest first. Whoever calls it may see own words of the person.
    static func all(of file: String, in tx: any Transaction) throws -> [Meeting] {
        try tx.rows(
            """
            SELECT id, at, who, words, times, people, answered, answerer, day, answer FROM case_meeting
            WHERE ehc_case = \(file) ORDER BY at DESC, id LIMIT 50
            """
        ).map { row in
            var answer: Meeting.Answer?
            if let at = try row.optional("answered", as: Instant.self) {
                answer = Meeting.Answer(
                    at: at, who: try Looks.who(try row.optional("answerer") ?? "", in: tx),
                    day: try row.optional("day"), words: try row.optional("answer") ?? "")
            }
            return Meeting(
                id: try row.get("id"), at: try row.get("at"), who: try Looks.who(try row.get("who"), in: tx),
                wish: Meeting.Wish(
                    words: try row.get("words"), times: try row.get("times"), people: try row.get("people")),
                answer: answer)
        }
    }

    /// Since when a wish waits for an answer, of each case in this column; null where none does.
    static func waiting(_ column: SQL) -> SQL {
        """
        (SELECT MIN(meeting.at) FROM case_meeting meeting
        WHERE meeting.ehc_case = \(column) AND meeting.answered IS NULL)
        """
    }

    static func ask(
        _ id: String, in file: String, of person: String, by author: String, _ wish: Meeting.Wish,
        in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO case_meeting (id, ehc_case, at, who, words, times, people)
            VALUES (\(id), \(file), \(tx.now), \(author), \(wish.words), \(wish.times), \(wish.people))
            """)
        tx.record(Event("case.meeting-asked", subject: person, detail: "case=\(file);meeting=\(id)"))
        let officers = try AccessStore.officersToTell(of: person, in: tx)
        for address in officers {
            try Outbox.post(
                .mail, to: address, title: MeetingMails.title, body: MeetingMails.officer,
                owner: Role.teamManager.rawValue, about: person, in: tx)
        }
        if officers.isEmpty { try Reviewers.tell(MeetingMails.title, MeetingMails.officer, to: [.teamManager], in: tx) }
    }

    /// Answers a wish, once.
    ///
    /// - Parameter day: on which it is; nil where it is declined.
    /// - Returns: false where there is none of this identifier that waits in this case.
    @discardableResult
    static func answer(
        _ id: String, of file: String, _ person: String, by officer: String, on day: Day?, _ words: String,
        policy: Policy, in tx: any WriteTransaction
    ) throws -> Bool {
        let waits = try tx.row(
            "SELECT id FROM case_meeting WHERE id = \(id) AND ehc_case = \(file) AND answered IS NULL")
        guard waits != nil else {
            tx.record(.housekeeping)
            return false
        }
        try tx.run(
            """
            UPDATE case_meeting SET answered = \(tx.now), answerer = \(officer), day = \(day), answer = \(words)
            WHERE id = \(id)
            """)
        tx.record(
            Event(
                "case.meeting-\(day == nil ? "declined" : "fixed")", subject: person,
                detail: "case=\(file);meeting=\(id)"))
        _ = try FamilyPost(
            person: person, file: file, letter: nil, classes: [.casework, .ownWords],
            title: "An answer about a meeting is there for you", body: MeetingMails.answered
        ).tell(policy, in: tx)
        return true
    }
}

/// Mails about meetings. None names a child, a day or a place: a mailbox may be shared.
enum MeetingMails {
    static let title = "A family asks for a meeting in a case of yours"

    static let officer = """
        A parent, carer or young person asks for an informal meeting with you and the head in a case of yours. What \
        they want to talk about stands on its page, and “My cases” says since when it waits. Please answer it there.

        """

    static let answered = """
        The council’s special educational needs team answered your wish for a meeting.

        Sign in and open “People”, then the assessment. If you cannot, ask us to read it to you.

        """
}
