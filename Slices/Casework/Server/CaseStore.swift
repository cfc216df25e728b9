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
    let meetings: [Meeting]
    /// How those of the family want to be written to whom the actor may know of: themselves, at least.
    let family: [FamilyWish]
    /// What people have to do, or did, for those of the family.
    let errands: [Errand]
    let classes: Set<DataClass>
    let mayWork: Bool
    /// Whether the actor may write what the family has to say.
    let mayWorry: Bool
    /// When the last assessment in another case of the person ended.
    let earlier: Day?

    var id: String { file.id }
    var mayAskToMeet: Bool { mayWorry }

    func text(_ part: TextPart, of event: String) -> String? { texts[event]?[part] }

    /// Who was asked for this advice, by name, where that may be seen.
    func body(of advice: Advice) -> String? { text(.body, of: advice.id) }

    /// Whether the actor is of the family, or somebody who acts for it: they may write what it has to say.
    var isFamilys: Bool { mayWorry && !mayWork }

    /// The look, for the journal; the classes come last, where the page of looks reads them.
    var look: [Event] { look(with: []) }

    func look(with more: Set<DataClass>) -> [Event] {
        let codes = classes.union(more).sorted().map(\.rawValue).joined(separator: ",")
        return [Event(PersonLooks.seen, subject: person, detail: "case=\(id);classes=\(codes)")]
    }
}

/// A case on a list.
struct CaseLine: Sendable {
    let person, name: String
    let file: Case
    /// Since when a worry of the family waits for an answer.
    var worried: Day?
    /// Since when its wish for a meeting does.
    var asksToMeet: Day?
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
        let family = classes.contains(.ownWords) ? try self.family(of: person) : []
        let known = Set(family.map(\.id))
        return CaseRecord(
            person: person, name: "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))",
            version: try row.get("version"), file: Case(id, events), texts: texts, noted: noted,
            letters: classes.contains(.caseWords) ? try LetterStore.letters(of: id, in: tx) : [],
            worries: classes.contains(.ownWords) ? try Worries.all(of: id, in: tx) : [],
            meetings: classes.contains(.ownWords) ? try Meetings.all(of: id, in: tx) : [], family: family,
            errands: try Errands.all(of: id, in: tx).filter { known.contains($0.recipient) }, classes: Set(classes),
            mayWork: try may(.change, .casework, of: person), mayWorry: try may(.change, .ownWords, of: person),
            earlier: try assessed(person, before: id))
    }

    /// The advice of a case that the actor may read, by the event with which it came, and which they may not.
    func advice(of record: CaseRecord) throws -> (
        given: [String: GivenAdvice], withheld: Set<String>, classes: Set<DataClass>
    ) {
        var (given, withheld, classes) = (
            try AdviceStore.given(of: record.file, in: tx), Set<String>(), Set<DataClass>()
        )
        // Of all that ever came: what was put right later, or did not come, is read by no more people for that.
        for event in record.file.events where event.kind == .adviceCame {
            guard let kind = event.adviceKind, given[event.id] != nil else { continue }
            // It may name a place, as reasons may.
            if record.classes.contains(.caseWords), try may(.see, kind.data, of: record.person) {
                classes.insert(kind.data)
            } else {
                given[event.id] = nil
                withheld.insert(event.id)
            }
        }
        return (given, withheld, classes)
    }

    private func events(of id: String) throws -> ([CaseEvent], [String: CaseRecord.Noted]) {
        var (events, noted, words) = ([CaseEvent](), [String: CaseRecord.Noted](), [String: String]())
        for row in try tx.rows("SELECT \(Cases.columns) FROM case_event WHERE ehc_case = \(id) ORDER BY number") {
            let event = try Cases.event(row)
            let who: String = try row.get("who")
            if words[who] == nil { words[who] = try Self.who(who, in: tx) }
            events.append(event)
            noted[event.id] = CaseRecord.Noted(at: try row.get("at"), who: words[who] ?? "somebody")
        }
        return (events, noted)
    }

    /// Who noted an event: an account, or whoever was asked by a link.
    private static func who(_ actor: String, in tx: any Transaction) throws -> String {
        actor.hasPrefix("task-") ? "whoever was asked, by a link" : try Looks.who(actor, in: tx)
    }

    func seen(_ data: DataClass, _ verb: Verb = .see) -> SQL {
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

    /// The cases that the actor stands to, the newest first.
    func followed() throws -> [CaseLine] {
        try lines(
            "ehc_case.person IN (\(Policy.related(to: scope))) AND \(seen(.casework)) AND \(seen(.identity))",
            newestFirst: true)
    }

    /// The cases that the actor works on and in which somebody has something to do: open ones, and closed ones with
    /// mediation or an appeal.
    func day() throws -> [CaseLine] {
        let open = CaseState.allCases.filter(\.isOpen)
        let disputed: [CaseEvent.Kind] = [.mediationWanted, .appealed]
        return try lines(
            """
            ehc_case.person IN (\(Policy.related(to: scope)))
                AND (state IN \(open) OR EXISTS (
                    SELECT 1 FROM case_event step WHERE step.ehc_case = ehc_case.id AND step.kind IN \(disputed)))
                AND \(seen(.casework, .change)) AND \(seen(.identity)) AND \(People.living("ehc_case.person"))
            """, newestFirst: false
        ).filter(\.file.isLive)
    }

    private func lines(_ condition: SQL, newestFirst: Bool) throws -> [CaseLine] {
        let order: SQL = newestFirst ? "opened DESC" : "opened"
        let heads = try tx.rows(
            """
            SELECT ehc_case.id, ehc_case.person AS subject, given, family,
                \(Worries.waiting("ehc_case.id")) AS worried, \(Meetings.waiting("ehc_case.id")) AS asks
            FROM ehc_case JOIN person ON person.id = ehc_case.person
            WHERE \(condition) ORDER BY \(order), ehc_case.id LIMIT \(Self.most)
            """)
        let ids = try heads.map { try $0.get("id", as: String.self) }
        if ids.isEmpty { return [] }
        var events: [String: [CaseEvent]] = [:]
        try tx.each(
            "SELECT \(Cases.columns) FROM case_event WHERE ehc_case IN \(ids) ORDER BY ehc_case, number"
        ) { row in events[try row.get("ehc_case"), default: []].append(try Cases.event(row)) }
        return try heads.map { row in
            let id: String = try row.get("id")
            return CaseLine(
                person: try row.get("subject"),
                name: "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))",
                file: Case(id, events[id] ?? []),
                worried: try row.optional("worried", as: Instant.self)?.dayInEngland,
                asksToMeet: try row.optional("asks", as: Instant.self)?.dayInEngland)
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
        case .reasons, .help, .needs, .plan, .how, .because, .asked, .reference: .caseWords
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
