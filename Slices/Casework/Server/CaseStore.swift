import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
import Storage
import Web

/// A case as the actor may see it: what they may not is not read.
struct CaseRecord: Sendable {
    struct Noted: Sendable {
        let at: Instant
        let who: String
    }
    struct Letter: Sendable {
        let id, event: String
        let kind: LetterKind
        let at: Instant
    }

    let person, name: String
    let version: Int
    let file: Case
    /// What is written with each event, by its identifier.
    let texts: [String: [TextPart: String]]
    let noted: [String: Noted]
    let letters: [Letter]
    let worries: [Worry]
    let classes: Set<DataClass>
    let mayWork: Bool
    /// Whether the actor may write what the family has to say.
    let mayWorry: Bool

    var id: String { file.id }

    func text(_ part: TextPart, of event: String) -> String? { texts[event]?[part] }

    /// Who was asked for this advice, by name, where that may be seen.
    func body(of advice: Advice) -> String? { text(.body, of: advice.id) }

    /// The look, for the journal; the classes come last, where the page of looks reads them.
    var look: [Event] {
        let codes = classes.sorted().map(\.rawValue).joined(separator: ",")
        return [Event(PersonLooks.seen, subject: person, detail: "case=\(id);classes=\(codes)")]
    }
}

/// A case on a list.
struct CaseLine: Sendable {
    let person, name: String
    let file: Case
    /// Since when a worry of the family waits for an answer.
    var worried: Day?
}

/// Cases as the scope’s actor may see them.
struct CaseStore {
    /// A case is about the person whose it is.
    static let path = PersonPath { "SELECT person FROM ehc_case WHERE id = \($0)" }
    static let most = 500

    let tx: any Transaction
    let scope: Scope
    let policy: Policy

    /// The classes that a case holds something of.
    static let classes: [DataClass] = [.identity, .casework, .caseWords, .ownWords, .location, .thirdParty]

    /// Nil where there is none, or the actor may not see it.
    func record(_ id: String) throws -> CaseRecord? {
        guard
            let row = try tx.row(
                """
                SELECT ehc_case.person AS subject, ehc_case.version, given, family
                FROM ehc_case JOIN person ON person.id = ehc_case.person
                WHERE ehc_case.id = \(id) AND \(seen(.casework)) AND \(seen(.identity))
                """)
        else { return nil }
        let person: String = try row.get("subject")
        let classes = try Self.classes.filter { try may(.see, $0, of: person) }
        let parts = TextPart.allCases.filter { classes.contains($0.data) }
        var texts: [String: [TextPart: String]] = [:]
        for line in try tx.rows(
            """
            SELECT case_text.event, part, words FROM case_text JOIN case_event ON case_event.id = case_text.event
            WHERE ehc_case = \(id) AND part IN \(parts)
            """)
        {
            texts[try line.get("event"), default: [:]][try line.get("part")] = try line.get("words", as: String.self)
        }
        let (events, noted) = try events(of: id)
        return CaseRecord(
            person: person, name: "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))",
            version: try row.get("version"), file: Case(id, events), texts: texts, noted: noted,
            letters: classes.contains(.caseWords) ? try LetterStore.letters(of: id, in: tx) : [],
            worries: classes.contains(.ownWords) ? try Worries.all(of: id, in: tx) : [], classes: Set(classes),
            mayWork: try may(.change, .casework, of: person), mayWorry: try may(.change, .ownWords, of: person))
    }

    private func events(of id: String) throws -> ([CaseEvent], [String: CaseRecord.Noted]) {
        var (events, noted, words) = ([CaseEvent](), [String: CaseRecord.Noted](), [String: String]())
        for row in try tx.rows("SELECT \(Cases.columns) FROM case_event WHERE ehc_case = \(id) ORDER BY number") {
            let event = try Cases.event(row)
            let who: String = try row.get("who")
            if words[who] == nil { words[who] = try Looks.who(who, in: tx) }
            events.append(event)
            noted[event.id] = CaseRecord.Noted(at: try row.get("at"), who: words[who] ?? "somebody")
        }
        return (events, noted)
    }

    private func seen(_ data: DataClass, _ verb: Verb = .see) -> SQL {
        policy.people(verb, data, for: scope, column: "ehc_case.person")
    }

    func may(_ verb: Verb, _ data: DataClass, of person: String) throws -> Bool {
        let filter = policy.people(verb, data, for: scope, column: "person.id")
        return try tx.row("SELECT id FROM person WHERE id = \(person) AND \(filter)") != nil
    }

    /// The cases of one person, the newest first.
    func lines(of person: String) throws -> [CaseLine] {
        try lines("ehc_case.person = \(person) AND \(seen(.casework)) AND \(seen(.identity))", newestFirst: true)
    }

    /// The open cases that the actor works on.
    func day() throws -> [CaseLine] {
        let open = CaseState.allCases.filter(\.isOpen)
        return try lines(
            """
            ehc_case.person IN (\(Policy.related(to: scope))) AND state IN \(open)
                AND \(seen(.casework, .change)) AND \(seen(.identity)) AND \(People.living("ehc_case.person"))
            """, newestFirst: false)
    }

    private func lines(_ condition: SQL, newestFirst: Bool) throws -> [CaseLine] {
        let order: SQL = newestFirst ? "opened DESC" : "opened"
        let heads = try tx.rows(
            """
            SELECT ehc_case.id, ehc_case.person AS subject, given, family, \(Worries.waiting("ehc_case.id")) AS worried
            FROM ehc_case JOIN person ON person.id = ehc_case.person
            WHERE \(condition) ORDER BY \(order), ehc_case.id LIMIT \(Self.most)
            """)
        let ids = try heads.map { try $0.get("id", as: String.self) }
        if ids.isEmpty { return [] }
        var events: [String: [CaseEvent]] = [:]
        try tx.each(
            "SELECT \(Cases.columns) FROM case_event WHERE ehc_case IN \(ids) ORDER BY ehc_case, number"
        ) { row in events[try String.reading(row.value(at: 1)), default: []].append(try Cases.event(row)) }
        return try heads.map { row in
            let id: String = try row.get("id")
            return CaseLine(
                person: try row.get("subject"),
                name: "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))",
                file: Case(id, events[id] ?? []),
                worried: try row.optional("worried", as: Instant.self)?.dayInEngland)
        }
    }

    /// The name and birthday of somebody of whom the actor may begin a case.
    func begun(by person: String) throws -> (name: String, born: Day)? {
        guard try may(.change, .casework, of: person), try may(.change, .caseWords, of: person) else { return nil }
        return try tx.row("SELECT given, family, born FROM person WHERE id = \(person)").map { row in
            (
                "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))",
                try row.get("born")
            )
        }
    }

    /// Those of this birthday of whom the actor may begin a case.
    func people(born: Day) throws -> [(id: String, name: String)] {
        try tx.rows(
            """
            SELECT id, given, family FROM person
            WHERE born = \(born) AND id IN (\(Policy.related(to: scope)))
                AND \(policy.people(.change, .casework, for: scope, column: "person.id"))
                AND \(policy.people(.see, .identity, for: scope, column: "person.id")) AND \(People.living("person.id"))
            ORDER BY family, given, id LIMIT 50
            """
        ).map { row in
            (
                try row.get("id"),
                "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))"
            )
        }
    }

    /// Persons without a case of whom the actor may begin one.
    var peopleWithoutCase: SQL {
        """
        SELECT near.subject FROM (\(Policy.related(to: scope))) near
        WHERE \(policy.people(.change, .casework, for: scope, column: "near.subject"))
            AND \(policy.people(.see, .identity, for: scope, column: "near.subject"))
            AND \(People.living("near.subject"))
            AND NOT EXISTS (SELECT 1 FROM ehc_case held WHERE held.person = near.subject)
        """
    }

    func name(_ person: String) throws -> String? {
        try tx.row(
            """
            SELECT given, family FROM person
            WHERE id = \(person) AND \(policy.people(.see, .identity, for: scope, column: "person.id"))
            """
        ).map { "\(try $0.get("given", as: String.self)) \(try $0.get("family", as: String.self))" }
    }
}

extension TextPart {
    /// The class of what is written in this part.
    var data: DataClass {
        switch self {
        case .reasons, .help, .needs, .plan, .how, .because, .asked: .caseWords
        case .own: .ownWords
        case .teller, .told: .thirdParty
        case .body: .location
        }
    }
}

extension TextPart: Storable {}
extension CaseState: Storable {}
extension CaseEvent.Kind: Storable {}
extension LetterKind: Storable {}
