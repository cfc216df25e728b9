import Access
import AccessServer
import Kernel
import PeopleServer
import SingleView
import Storage

/// One step: what was decided or came of it, on which day.
struct LeadStep: Hashable, Sendable {
    let id: String
    let state: KeyWorker.State
    let day: Day
    /// Why, or with which words.
    let words: String
    /// Who leads, offers or is key worker; empty where nobody is named.
    let name, role, telephone: String
}

/// A child whom the rule finds: by reference, not by name.
struct FoundLead: Hashable, Sendable {
    let person: String
    let born: Day
    let agencies: Int
    let since: Day
}

/// What is asked of the list.
struct LeadFilter: Hashable, Sendable {
    var leastAgencies = 2
    /// Years of age, both counted in.
    var ages: ClosedRange<Int> = 0...25
}

/// Finds children whom the published rule finds, filtered by the database: nobody whose record a label closes, who has
/// died, is in a sealed set, or from whom the reader is kept.
struct LeadStore {
    let tx: any Transaction
    let scope: Scope
    let counted: [(agency: String, sources: [String])]

    init(_ tx: any Transaction, _ scope: Scope, _ book: FeedBook) {
        (self.tx, self.scope, counted) = (tx, scope, KeyWorker.counted(book.sources))
    }

    func found(_ filter: LeadFilter, limit: Int, offset: Int, on today: Day) throws -> [FoundLead] {
        try tx.rows(
            """
            SELECT person.id, person.born, COUNT(DISTINCT \(agency("held_record.source"))) AS agencies,
                MIN(held_record.first_day) AS since
            \(matching(filter, on: today))
            ORDER BY agencies DESC, person.born DESC, person.id LIMIT \(limit) OFFSET \(offset)
            """
        ).map { row in
            FoundLead(
                person: try row.get("id"), born: try row.get("born"), agencies: try row.get("agencies"),
                since: try row.get("since"))
        }
    }

    func count(_ filter: LeadFilter, on today: Day) throws -> Int {
        try tx.row("SELECT COUNT(*) AS n FROM (SELECT person.id \(matching(filter, on: today))) found")?.get("n") ?? 0
    }

    /// The name, birthday and agencies of a child whom the rule found or about whom something was decided; nil where it
    /// is not for this reader.
    func child(_ person: String, on today: Day) throws -> (name: String, born: Day, agencies: [(String, Day)])? {
        let steps = try Self.steps(of: person, in: tx)
        let row = try tx.row(
            """
            SELECT given, family, born FROM person WHERE id = \(person) AND \(mayBeShown(on: today))
            """)
        guard let row else { return nil }
        var since: [String: Day] = [:]
        try tx.each(
            """
            SELECT \(agency("held_record.source")) AS agency, MIN(held_record.first_day) AS since
            FROM held_record WHERE held_record.person = \(person) AND \(isCounted("held_record"))
            GROUP BY agency
            """
        ) { since[try $0.get("agency")] = try $0.get("since") }
        guard since.count >= 2 || !steps.isEmpty else { return nil }
        let name = "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))"
        return (name, try row.get("born"), since.map { ($0.key, $0.value) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) })
    }

    /// Whether any of the counted agencies names a lead.
    func hasNamedLead(_ person: String) throws -> Bool {
        try tx.row("SELECT person.id FROM person WHERE person.id = \(person) AND \(leadIsNamed)") != nil
    }

    // MARK: - The rule as a condition

    private func matching(_ filter: LeadFilter, on today: Day) -> SQL {
        let youngest = KeyWorker.day(filter.ages.lowerBound, yearsBefore: today)
        let oldest = KeyWorker.day(filter.ages.upperBound + 1, yearsBefore: today)
        return """
            FROM held_record JOIN person ON person.id = held_record.person
            WHERE \(isCounted("held_record")) AND \(mayBeShown(on: today))
                AND person.born <= \(youngest) AND person.born > \(oldest)
                AND NOT \(leadIsNamed) AND NOT \(isDecided)
            GROUP BY person.id, person.born
            HAVING COUNT(DISTINCT \(agency("held_record.source"))) >= \(max(filter.leastAgencies, 2))
            """
    }

    /// A record that counts: of an agency that the rule names, still in its list, and of no sealed set.
    private func isCounted(_ table: SQL) -> SQL {
        """
        \(table).source IN \(counted.flatMap(\.sources)) AND \(table).gone IS NULL AND \(table).compartment = ''
        """
    }

    private func mayBeShown(on today: Day) -> SQL {
        """
        \(AccessStore.unlabelled("person.id", at: scope.at)) AND \(People.living("person.id"))
            AND \(AccessStore.unrestricted("person.id", for: scope))
            AND person.born > \(KeyWorker.day(26, yearsBefore: today))
        """
    }

    /// True where a counted agency names a lead of the person.
    private var leadIsNamed: SQL {
        """
        EXISTS (SELECT 1 FROM held_record naming JOIN held_part ON held_part.record = naming.number
            WHERE naming.person = person.id AND \(isCounted("naming")) AND held_part.until IS NULL
                AND held_part.class IN \(KeyWorker.classes.sorted())
                AND (held_part.cells LIKE 'lead=_%' OR held_part.cells LIKE \("%\nlead=_%")))
        """
    }

    /// True where somebody looked, and no other agency has come to know the child since; or a key worker is named.
    private var isDecided: SQL {
        """
        EXISTS (SELECT 1 FROM lead_step step WHERE step.person = person.id AND step.undone IS NULL
            AND (step.state = \(KeyWorker.State.named) OR NOT EXISTS (SELECT 1 FROM held_record since
                WHERE since.person = person.id AND \(isCounted("since"))
                    AND step.basis NOT LIKE '%|' || \(agency("since.source")) || '|%')))
        """
    }

    /// The agency of the source in this column.
    private func agency(_ column: SQL) -> SQL {
        let cases = counted.flatMap { agency in
            agency.sources.map { "WHEN \(column) = \(Self.text($0)) THEN \(Self.text(agency.agency))" as SQL }
        }
        return cases.isEmpty ? "''" : "CASE \(SQL.joined(cases, by: " ")) ELSE '' END"
    }

    /// A value that every engine takes for text, wherever it stands.
    private static func text(_ value: String) -> SQL { "CAST(\(value) AS TEXT)" }

    // MARK: - Steps

    /// The steps that stand, the newest first.
    static func steps(of person: String, in tx: any Transaction) throws -> [LeadStep] {
        try tx.rows(
            """
            SELECT id, state, day, words, name, role, telephone FROM lead_step
            WHERE person = \(person) AND undone IS NULL ORDER BY at DESC, day DESC, id DESC LIMIT 50
            """
        ).map { row in
            LeadStep(
                id: try row.get("id"), state: try row.get("state"), day: try row.get("day"),
                words: try row.get("words"), name: try row.get("name"), role: try row.get("role"),
                telephone: try row.get("telephone"))
        }
    }

    static func add(
        _ step: LeadStep, about person: String, basis: String, by decider: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO lead_step (id, person, state, day, words, name, role, telephone, basis, decider, at)
            VALUES (\(step.id), \(person), \(step.state), \(step.day), \(step.words), \(step.name), \(step.role),
                \(step.telephone), \(basis), \(decider), \(tx.now))
            """)
        tx.record(Event("key-worker.\(step.state.rawValue)", subject: person, detail: "step=\(step.id)"))
    }

    /// Takes the newest step back; the one before stands again.
    static func undo(_ id: String, about person: String, by undoer: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE lead_step SET undone = \(tx.now), undoer = \(undoer)
            WHERE id = \(id) AND person = \(person) AND undone IS NULL
            """)
        tx.record(Event("key-worker.undone", subject: person, detail: "step=\(id)"))
    }

    /// The step that stands for a person, as far as the actor may see it: that there is a key worker is of the class
    /// education, and how to reach them of the class location.
    static func standing(
        of person: String, _ policy: Policy, _ scope: Scope, in tx: any Transaction
    ) throws -> (step: LeadStep, mayReach: Bool)? {
        let (sees, reaches) = (
            policy.people(.see, .education, for: scope, column: "person.id"),
            policy.people(.see, .location, for: scope, column: "person.id")
        )
        guard try tx.row("SELECT person.id FROM person WHERE person.id = \(person) AND \(sees)") != nil,
            let step = try steps(of: person, in: tx).first
        else { return nil }
        let mayReach = try tx.row("SELECT person.id FROM person WHERE person.id = \(person) AND \(reaches)") != nil
        return (step, mayReach)
    }
}

extension KeyWorker.State: Storable {}
