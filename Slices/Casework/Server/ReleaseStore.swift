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
        tx.record(Event("case.letter-released", subject: person, detail: "letter=\(letter)"))
        return true
    }
}
