import Access
import AccessServer
import Casework
import Kernel
import LinksServer
import Storage
import Web

/// Advice as it was given: its parts in words, and documents.
struct GivenAdvice: Sendable {
    struct Document: Hashable, Sendable {
        /// What leads to it, and its hash.
        let id, hash, type: String
        let bytes: Int
    }

    let parts: [AdvicePart: String]
    let documents: [Document]
}

/// One request for advice that was sent to somebody by a link, or to their account.
struct AdviceTask: Sendable {
    let task, file, person: String
    let advice: Advice
    let body: String
}

/// What was asked of whom by link, and the advice that came.
enum AdviceStore {
    static let migration = Migration(
        "2026-11-29 advice",
        """
        CREATE TABLE case_task (
            task     TEXT PRIMARY KEY CHECK (task <> ''),
            ehc_case TEXT NOT NULL REFERENCES ehc_case (id),
            advice   TEXT NOT NULL REFERENCES case_event (id)
        )
        """,
        "CREATE INDEX case_task_advice ON case_task (advice)",
        // Of the class that `AdviceKind.data` says, and withheld from whoever may not read reasons.
        """
        CREATE TABLE case_advice (
            event TEXT NOT NULL REFERENCES case_event (id),
            part  TEXT NOT NULL CHECK (part <> ''),
            words TEXT NOT NULL CHECK (words <> ''),
            PRIMARY KEY (event, part)
        )
        """,
        """
        CREATE TABLE case_advice_document (
            id       TEXT PRIMARY KEY,
            event    TEXT NOT NULL REFERENCES case_event (id),
            document TEXT NOT NULL REFERENCES document (hash),
            UNIQUE (event, document)
        )
        """,
        // Each step of the ladder once, taken or passed over.
        """
        CREATE TABLE case_chaser (
            advice TEXT NOT NULL REFERENCES case_event (id),
            step   TEXT NOT NULL CHECK (step <> ''),
            at     TEXT NOT NULL,
            way    TEXT NOT NULL CHECK (way IN ('mail', 'people', 'passed')),
            PRIMARY KEY (advice, step)
        )
        """)

    /// A document of advice leads to the person of its case.
    static let path = PersonPath {
        """
        SELECT ehc_case.person FROM case_advice_document
            JOIN case_event ON case_event.id = case_advice_document.event
            JOIN ehc_case ON ehc_case.id = case_event.ehc_case
        WHERE case_advice_document.id = \($0)
        """
    }

    /// The case of a document.
    static func file(of document: String, in tx: any Transaction) throws -> String? {
        try tx.row(
            """
            SELECT ehc_case FROM case_advice_document
                JOIN case_event ON case_event.id = case_advice_document.event
            WHERE case_advice_document.id = \(document)
            """
        )?.get("ehc_case")
    }

    // MARK: - Asking

    static func keep(_ task: String, of file: String, for advice: String, in tx: any WriteTransaction) throws {
        try tx.run("INSERT INTO case_task (task, ehc_case, advice) VALUES (\(task), \(file), \(advice))")
    }

    /// The tasks by which this advice was asked for, the oldest first.
    static func tasks(for advice: String, on today: Day, in tx: any Transaction) throws -> [TaskLinks.Standing] {
        try tx.rows("SELECT task FROM case_task WHERE advice = \(advice) ORDER BY task").compactMap { row in
            try TaskLinks.standing(try row.get("task"), on: today, in: tx)
        }
    }

    /// What a task asks for; nil where it is of no case, or the case needs it no more.
    static func task(_ id: String, in tx: any Transaction) throws -> AdviceTask? {
        guard
            let row = try tx.row(
                """
                SELECT case_task.ehc_case, advice, ehc_case.person AS subject, task_link.name AS asked
                FROM case_task JOIN ehc_case ON ehc_case.id = case_task.ehc_case
                    JOIN task_link ON task_link.id = case_task.task
                WHERE task = \(id)
                """)
        else { return nil }
        let (file, wanted): (String, String) = (try row.get("ehc_case"), try row.get("advice"))
        let held = try Cases.file(file, in: tx)
        // Advice may come when the decision was made: it is of use to the plan, and to an appeal.
        guard [.assessing, .issuing, .notIssued].contains(held.state),
            let advice = held.advice.first(where: { $0.id == wanted }), advice.came == nil
        else { return nil }
        return AdviceTask(
            task: id, file: file, person: try row.get("subject"), advice: advice,
            body: try row.get("asked"))
    }

    /// The open tasks that were sent to an account, by the address that it signs in with.
    static func tasks(at address: String, on today: Day, in tx: any Transaction) throws -> [String] {
        try tx.rows(
            """
            SELECT case_task.task FROM case_task JOIN task_link ON task_link.id = case_task.task
            WHERE LOWER(task_link.address) = \(address.lowercased()) AND task_link.state = 'open'
                AND task_link.last_day >= \(today)
            ORDER BY task_link.made, case_task.task LIMIT 200
            """
        ).map { try $0.get("task") }
    }

    // MARK: - What came

    /// Notes that advice came, with what it says.
    ///
    /// - Throws: `CaseRefusal` where it came before.
    static func take(
        _ parts: [AdvicePart: String], _ documents: [DocumentRow], for task: AdviceTask, by actor: String,
        in tx: any WriteTransaction
    ) throws {
        let (file, today) = (try Cases.file(task.file, in: tx), tx.now.dayInEngland)
        let event = CaseEvent(
            Cases.nextID(file), .adviceCame, on: today, source: task.advice.kind.rawValue, about: task.advice.id)
        try file.check(event, today: today)
        try Cases.add(Cases.Entry(event: event, texts: [:]), to: file, of: task.person, by: actor, in: tx)
        try keep(parts, documents, with: event.id, in: tx)
        try close(of: task.advice.id, as: task.task, in: tx)
        try end(task.task, of: task.person, in: tx)
    }

    static func keep(
        _ parts: [AdvicePart: String], _ documents: [DocumentRow], with event: String, in tx: any WriteTransaction
    ) throws {
        for (part, words) in parts where !words.isEmpty {
            try tx.run("INSERT INTO case_advice (event, part, words) VALUES (\(event), \(part), \(words))")
        }
        for (number, hash) in Set(documents.map(\.hash)).sorted().enumerated() {
            try tx.run(
                """
                INSERT INTO case_advice_document (id, event, document)
                VALUES (\("\(event)-document-\(number + 1)"), \(event), \(hash))
                """)
        }
    }

    /// Takes back the other links for the same advice: it is there.
    static func close(of advice: String, as answered: String?, in tx: any WriteTransaction) throws {
        for row in try tx.rows("SELECT task FROM case_task WHERE advice = \(advice)") {
            let task: String = try row.get("task")
            if task != answered { try TaskLinks.withdraw(task, in: tx) }
        }
    }

    // MARK: - How whoever is asked stands to the child

    static func evidence(_ task: String) -> String { "advice asked for under regulation 6(1): \(task)" }

    /// Ends what a task gave: whoever was asked has to do with the child no more.
    static func end(_ task: String, of person: String, in tx: any WriteTransaction) throws {
        for relationship in try AccessStore.relationships(to: person, in: tx)
        where relationship.kind == .openTask && relationship.evidence == evidence(task)
            && (relationship.ends.map { $0 > tx.now } ?? true)
        {
            try AccessStore.end(relationship, in: tx)
        }
    }

    /// The tasks that are over and still give somebody a part in a record: taken back, or of a case that is closed.
    static func over(at now: Instant, in tx: any Transaction) throws -> [(task: String, person: String)] {
        let today = now.dayInEngland
        let open = [CaseState.assessing, .issuing, .notIssued]
        return try tx.rows(
            """
            SELECT case_task.task, ehc_case.person AS subject
            FROM case_task JOIN ehc_case ON ehc_case.id = case_task.ehc_case
                JOIN task_link ON task_link.id = case_task.task
                JOIN relationship ON relationship.subject = ehc_case.person
                    AND relationship.evidence = \(evidence("")) || case_task.task
            WHERE relationship.kind = \(RelationshipKind.openTask)
                AND (relationship.ends IS NULL OR relationship.ends > \(now))
                AND (task_link.state <> 'open' OR task_link.last_day < \(today) OR ehc_case.state NOT IN \(open))
            ORDER BY case_task.task LIMIT 500
            """
        ).map { (try $0.get("task"), try $0.get("subject")) }
    }

    /// Notes that whoever was asked has the request, on the day on which they open it: their time runs from then at the
    /// latest. Nothing where that was noted before.
    static func noteReceipt(_ task: AdviceTask, by actor: String, in tx: any WriteTransaction) throws {
        let (file, today) = (try Cases.file(task.file, in: tx), tx.now.dayInEngland)
        guard let advice = file.advice.first(where: { $0.id == task.advice.id }), advice.reached == nil else { return }
        let event = CaseEvent(
            Cases.nextID(file), .adviceReachedBody, on: today, source: advice.kind.rawValue, about: advice.id)
        try file.check(event, today: today)
        try Cases.add(Cases.Entry(event: event, texts: [:]), to: file, of: task.person, by: actor, in: tx)
    }

    /// What each advice of a case says, by the event with which it came. Whoever calls it has asked the policy for the
    /// class of each.
    static func given(of file: Case, in tx: any Transaction) throws -> [String: GivenAdvice] {
        var (parts, documents) = ([String: [AdvicePart: String]](), [String: [GivenAdvice.Document]]())
        for row in try tx.rows(
            """
            SELECT case_advice.event, part, words FROM case_advice JOIN case_event ON case_event.id = case_advice.event
            WHERE ehc_case = \(file.id)
            """)
        {
            parts[try row.get("event"), default: [:]][try row.get("part")] = try row.get("words", as: String.self)
        }
        for row in try tx.rows(
            """
            SELECT case_advice_document.id, case_advice_document.event, hash, type, bytes
            FROM case_advice_document JOIN case_event ON case_event.id = case_advice_document.event
                JOIN document ON document.hash = case_advice_document.document
            WHERE ehc_case = \(file.id) ORDER BY case_advice_document.id
            """)
        {
            documents[try row.get("event"), default: []].append(
                GivenAdvice.Document(
                    id: try row.get("id"), hash: try row.get("hash"), type: try row.get("type"),
                    bytes: try row.get("bytes")))
        }
        return Set(parts.keys).union(documents.keys).reduce(into: [:]) { given, event in
            given[event] = GivenAdvice(parts: parts[event] ?? [:], documents: documents[event] ?? [])
        }
    }
}

extension AdviceKind {
    /// The class of what this advice says. Besides, it is withheld from whoever may not read reasons: it may name a
    /// place.
    var data: DataClass {
        switch self {
        case .family: .ownWords
        case .education, .psychological, .adulthood: .education
        case .medical, .therapy: .health
        case .socialCare: .socialCare
        case .wished, .other: .caseWords
        }
    }
}

extension AdvicePart: Storable {}
