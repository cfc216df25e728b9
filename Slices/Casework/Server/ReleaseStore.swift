import Access
import AccessServer
import Casework
import Kernel
import Storage

/// Letters about somebody adopted or protected: read by a second person before anybody of the family or of a setting
/// can. A slip in such a letter cannot be taken back.
enum Releases {
    static let migration = Migration(
        "2026-11-29 releases",
        """
        CREATE TABLE case_letter_release (
            letter TEXT PRIMARY KEY REFERENCES case_letter (id),
            at     TEXT NOT NULL,
            who    TEXT NOT NULL CHECK (who <> '')
        )
        """)

    /// Whether a letter waits for a second person.
    static func isHeld(_ letter: String, about person: String, at now: Instant, in tx: any Transaction) throws -> Bool {
        guard try AccessStore.needsSecondPerson(person, at: now, in: tx) else { return false }
        return try tx.row("SELECT letter FROM case_letter_release WHERE letter = \(letter)") == nil
    }

    /// Who noted what the letter tells of: not they release it.
    static func author(of letter: String, in tx: any Transaction) throws -> String? {
        try tx.row(
            """
            SELECT who FROM case_event JOIN case_letter ON case_letter.event = case_event.id
            WHERE case_letter.id = \(letter)
            """
        )?.get("who")
    }

    /// Tells the team that a letter waits for a second person. It names nobody.
    static func tell(about person: String, in tx: any WriteTransaction) throws {
        guard try AccessStore.needsSecondPerson(person, at: tx.now, in: tx) else { return }
        let words = "A letter waits until another than its author has read and released it. “My cases” shows which.\n\n"
        let officers = try AccessStore.officersToTell(of: person, in: tx)
        for address in officers {
            try Outbox.post(
                .mail, to: address, title: title, body: words, owner: Role.teamManager.rawValue, about: person, in: tx)
        }
        if officers.count < 2 { try Reviewers.tell(title, words, to: [.teamManager], in: tx) }
    }

    private static let title = "A letter waits for a second person"

    /// Releases a letter, once.
    ///
    /// - Returns: false where whoever asks wrote it.
    static func release(
        _ letter: String, about person: String, by actor: String, in tx: any WriteTransaction
    ) throws -> Bool {
        tx.record(.housekeeping)
        guard try author(of: letter, in: tx) != actor else { return false }
        guard try isHeld(letter, about: person, at: tx.now, in: tx) else { return true }
        try tx.run("INSERT INTO case_letter_release (letter, at, who) VALUES (\(letter), \(tx.now), \(actor))")
        for address in try AccessStore.officersToTell(of: person, in: tx) {
            try Outbox.post(
                .mail, to: address, title: "A letter was released", body: released, owner: Role.teamManager.rawValue,
                about: person, in: tx)
        }
        tx.record(Event("case.letter-released", subject: person, detail: "letter=\(letter)"))
        return true
    }

    private static let released = """
        A letter that waited for a second person was released. No mail speaks of it to the family: give it to them, \
        for its days run.

        """
}

extension CaseStore {
    /// Letters that wait for a second person, of those with whom the actor works.
    func heldLetters() throws -> [(letter: String, person: String, name: String)] {
        try tx.rows(
            """
            SELECT case_letter.id, person.id AS subject, given, family
            FROM case_letter JOIN ehc_case ON ehc_case.id = case_letter.ehc_case
                JOIN person ON person.id = ehc_case.person
            WHERE person.id IN (\(Policy.related(to: scope)))
                AND \(policy.people(.change, .casework, for: scope, column: "person.id"))
                AND \(seen(.identity)) AND \(seen(.caseWords))
                AND EXISTS (SELECT 1 FROM subject_label mark
                    WHERE mark.subject = person.id AND mark.label IN \([Label.adoption, .protected])
                        AND mark.decided <= \(scope.at) AND (mark.ended IS NULL OR mark.ended > \(scope.at)))
                AND NOT EXISTS (SELECT 1 FROM case_letter_release held WHERE held.letter = case_letter.id)
            ORDER BY case_letter.at, case_letter.id LIMIT 100
            """
        ).map { row in
            (
                try row.get("id"), try row.get("subject"),
                "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))"
            )
        }
    }
}
