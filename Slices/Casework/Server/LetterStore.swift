import Access
import AccessServer
import Casework
import Kernel
import Storage
import Web

/// Letters of cases: written with the event that they tell of, and never changed.
enum LetterStore {
    static let path = PersonPath {
        """
        SELECT ehc_case.person FROM case_letter JOIN ehc_case ON ehc_case.id = case_letter.ehc_case
        WHERE case_letter.id = \($0)
        """
    }

    /// A letter with what it is made from.
    struct Written: Sendable {
        let id, file, event, text: String
        let kind: LetterKind
        /// Up to which event the case had come when it was written.
        let number: Int
        let at: Instant
    }

    static func letter(_ id: String, in tx: any Transaction) throws -> Written? {
        try tx.row(
            "SELECT id, ehc_case, event, template, text, number, at FROM case_letter WHERE id = \(id)"
        ).map { row in
            Written(
                id: try row.get("id"), file: try row.get("ehc_case"), event: try row.get("event"),
                text: try row.get("text"), kind: try row.get("template"), number: try row.get("number"),
                at: try row.get("at"))
        }
    }

    static func letters(of file: String, in tx: any Transaction) throws -> [CaseRecord.Letter] {
        try tx.rows(
            "SELECT id, event, template, at FROM case_letter WHERE ehc_case = \(file) ORDER BY number"
        ).map { row in
            CaseRecord.Letter(
                id: try row.get("id"), event: try row.get("event"), kind: try row.get("template"),
                at: try row.get("at"))
        }
    }

    /// The letter that tells of an event.
    static func id(of event: String) -> String { "letter-" + event }

    static func keep(
        _ kind: LetterKind, _ text: String, for event: String, number: Int, of file: String,
        in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO case_letter (id, ehc_case, event, template, text, number, at)
            VALUES (\(id(of: event)), \(file), \(event), \(kind), \(text), \(number), \(tx.now))
            """)
    }
}
