import Access
import AccessServer
import Kernel
import SingleView
import Storage

/// A request to put something right, as far as its reader may know of it.
struct SeenCorrection: Sendable {
    let correction: Correction
    let isMine: Bool
    /// Who asked, by what they are.
    let who: String
}

/// A statement of which somebody said that it is wrong, without who or why.
struct WrongMark: Hashable, Sendable {
    /// Nil for what the council itself wrote down.
    let record: Int?
    /// Empty where it is the record as a whole.
    let fact: String
    let held: String
}

/// Requests to put something right, each by the class of the fact that it is about.
struct CorrectionStore {
    let tx: any Transaction
    let scope: Scope
    let policy: Policy

    /// Requests about a person that the actor may read: their own, as long as they may see the fact; those of others
    /// only where they may also read own words and what is said by somebody else. The newest first.
    func corrections(about person: String) throws -> [SeenCorrection] {
        let others = [DataClass.ownWords, .thirdParty].map {
            policy.people(.see, $0, for: scope, column: "correction.person")
        }
        return try tx.rows(
            """
            SELECT \(Self.columns) FROM correction
            WHERE person = \(person) AND \(maySee)
                AND (author = \(scope.actor.id) OR (\(SQL.joined(others, by: " AND "))))
            ORDER BY received DESC, id
            """
        ).map { row in
            let correction = try Self.correction(row)
            let isMine = correction.author == scope.actor.id
            return SeenCorrection(
                correction: correction, isMine: isMine, who: isMine ? "you" : try Looks.who(correction.author, in: tx))
        }
    }

    /// What somebody has said is wrong and nobody has answered yet, of the facts that the actor may see.
    func marks(about person: String) throws -> Set<WrongMark> {
        Set(
            try tx.rows(
                """
                SELECT DISTINCT record, fact, held FROM correction
                WHERE person = \(person) AND answered IS NULL AND kind <> 'missing' AND \(maySee)
                """
            ).map { row in
                WrongMark(record: try row.optional("record"), fact: try row.get("fact"), held: try row.get("held"))
            })
    }

    /// Whether the actor may see the fact, and know that its source holds a record.
    private var maySee: SQL {
        let records = RecordStore(tx: tx, scope: scope, policy: policy)
        return """
            (\(records.may("correction.source_class", "correction.person")))
            AND (\(records.may("correction.class", "correction.person")))
            """
    }

    fileprivate static let columns: SQL = """
        correction.id, correction.person, correction.kind, correction.record, correction.source,
        correction.source_class, correction.fact, correction.class, correction.held, correction.wanted,
        correction.words, correction.author, correction.received, correction.due, correction.extension_reason,
        correction.outcome, correction.answer, correction.answered, correction.version
        """

    fileprivate static func correction(_ row: Storage.Row) throws -> Correction {
        func code<Code: RawRepresentable<String>>(_ name: String, _ kind: Code.Type = Code.self) throws -> Code {
            let text = try row.get(name, as: String.self)
            guard let code = Code(rawValue: text) else {
                throw Malformed(wanted: name, given: text, reason: "it is not known")
            }
            return code
        }
        let outcome = try row.optional("outcome", as: String.self).flatMap(Correction.Outcome.init(rawValue:))
        let answer = try outcome.map {
            Correction.Answer(outcome: $0, words: try row.optional("answer") ?? "", at: try row.get("answered"))
        }
        return Correction(
            id: try row.get("id"), person: try row.get("person"),
            target: Correction.Target(
                kind: try code("kind"), record: try row.optional("record"), source: try row.get("source"),
                sourceData: try code("source_class"), fact: try row.get("fact"), data: try code("class"),
                held: try row.get("held")),
            wanted: try row.get("wanted"), words: try row.get("words"), author: try row.get("author"),
            received: try row.get("received"), due: try row.get("due"),
            extensionReason: try row.optional("extension_reason"), answer: answer, version: try row.get("version"))
    }
}

// MARK: - For the record keeper

/// A request as the office reads it: without its words, where they stay with the officer of the case.
struct OfficeCorrection: Sendable {
    let correction: Correction
    /// The source’s own number of the record; nil for what the council wrote down.
    let ref: String?
    let isKeptWithCase: Bool
}

/// The list of requests, read and answered by office.
enum Corrections {
    /// The open ones, those due first before the others.
    static func open(in tx: any Transaction) throws -> [OfficeCorrection] {
        try list("correction.answered IS NULL ORDER BY correction.due, correction.id", in: tx)
    }

    /// Those answered last.
    static func answered(in tx: any Transaction) throws -> [OfficeCorrection] {
        try list("correction.answered IS NOT NULL ORDER BY correction.answered DESC, correction.id LIMIT 20", in: tx)
    }

    static func correction(_ id: String, in tx: any Transaction) throws -> OfficeCorrection? {
        try list("correction.id = \(id)", in: tx).first
    }

    private static func list(_ condition: SQL, in tx: any Transaction) throws -> [OfficeCorrection] {
        try tx.rows(
            """
            SELECT \(CorrectionStore.columns), held_record.ref,
                CASE WHEN held_record.compartment <> '' THEN 1 ELSE 0 END AS is_sealed
            FROM correction LEFT JOIN held_record ON held_record.number = correction.record
            WHERE \(condition)
            """
        ).map { row in
            let correction = try CorrectionStore.correction(row)
            let hasLabel = try !AccessStore.labels(of: correction.person, in: tx).isEmpty
            let isSealed = try row.get("is_sealed", as: Int.self) == 1
            return OfficeCorrection(
                correction: correction, ref: try row.optional("ref"),
                isKeptWithCase: correction.isKeptWithCase(hasLabel: hasLabel || isSealed))
        }
    }

    static func add(_ new: Correction, in tx: any WriteTransaction) throws {
        let target = new.target
        try tx.run(
            """
            INSERT INTO correction (id, person, kind, record, source, source_class, fact, class, held, wanted, words,
                author, received, due, version)
            VALUES (\(new.id), \(new.person), \(target.kind.rawValue), \(target.record), \(target.source),
                \(target.sourceData), \(target.fact), \(target.data), \(target.held), \(new.wanted), \(new.words),
                \(new.author), \(new.received), \(new.due), 1)
            """)
        tx.record(Event(HeldEvents.asked, subject: new.person, detail: "correction=\(new.id)"))
    }

    static func answer(
        _ correction: Correction, _ outcome: Correction.Outcome, _ words: String, by answerer: String,
        in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE correction SET outcome = \(outcome.rawValue), answer = \(words), answerer = \(answerer),
                answered = \(tx.now), version = version + 1
            WHERE id = \(correction.id)
            """)
        tx.record(
            Event(
                HeldEvents.answered, subject: correction.person,
                detail: "correction=\(correction.id);outcome=\(outcome.rawValue)"))
    }

    static func extend(
        _ correction: Correction, until due: Day, _ reason: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE correction SET due = \(due), extension_reason = \(reason), version = version + 1
            WHERE id = \(correction.id)
            """)
        tx.record(
            Event(
                HeldEvents.extended, subject: correction.person, detail: "correction=\(correction.id);due=\(due.iso)"))
    }

    /// Tells whoever asked that there is something to read: by a mail that names nobody and says nothing of it. Whoever
    /// may no longer see the person is told nothing, and where a label closes the record people tell them.
    static func tell(
        _ correction: Correction, isAnswer: Bool, _ policy: Policy, in tx: any WriteTransaction
    ) throws {
        guard let login = try AccountNames.login(of: correction.author, in: tx), login.isMailAddress,
            try AccessStore.mayBeTold([.identity], of: correction.person, at: login, policy, tx.now, in: tx)
        else { return }
        let what = isAnswer ? "answered what you said is wrong" : "said why it needs longer to answer you"
        try Outbox.post(
            .mail, to: login, title: isAnswer ? "You have an answer" : "Your answer takes longer",
            body: """
                On \(tx.now.dayInEngland.inWords) the council \(what). To read it, sign in as you always do, open the \
                person’s page, and there “Everything that is held”.

                This mail names nobody and has no link on purpose.

                """, owner: Role.recordKeeper.rawValue, in: tx)
    }
}

/// What is noted about requests.
enum HeldEvents {
    static let asked = "correction.asked"
    static let answered = "correction.answered"
    static let extended = "correction.extended"
    /// The office saw that there is one, without its words.
    static let closedListed = "correction.closed-listed"
}
