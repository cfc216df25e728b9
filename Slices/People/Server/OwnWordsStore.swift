import Access
import AccessServer
import Kernel
import People
import Storage
import Web

/// Entries in people’s own words. Those that a child keeps from their parents are not read for a parent, so that there
/// is neither a gap nor a count.
struct OwnWordsStore {
    let tx: any Transaction
    let scope: Scope
    let policy: Policy

    /// The newest first.
    func entries(_ id: ID<Person>, limit: Int = 200) throws -> [OwnEntry] {
        try tx.rows(
            """
            SELECT id, author, words, kept, withheld, made, version FROM own_entry
            WHERE person = \(id.text) AND (author = \(scope.actor.id) OR \(isShared))
                AND \(policy.people(.see, .ownWords, for: scope, column: "own_entry.person"))
                AND (kept = 0 OR \(seesKept("own_entry.person")))
            ORDER BY made DESC, id LIMIT \(limit)
            """
        ).map(Self.entry)
    }

    /// True for an entry that is shown to the sectors for which the actor works; for whoever works for none, each is.
    private var isShared: SQL {
        let roles = Set(scope.roles.compactMap(Role.init(rawValue:)))
        let sectors = Sector.allCases.filter { !roles.isDisjoint(with: $0.roles) }
        guard !sectors.isEmpty, roles.isSubset(of: Sector.allRoles) else { return "1 = 1" }
        let shown = sectors.map { "withheld NOT LIKE \("%\($0.rawValue)%")" as SQL }
        return "(\(SQL.joined(shown, by: " OR ")))"
    }

    /// Who judged that a child understands; nil where nobody did, or it is not for the actor to know.
    func judge(_ id: ID<Person>) throws -> String? {
        try tx.row(
            "SELECT judge FROM understanding WHERE person = \(id.text) AND \(seesKept("understanding.person"))"
        )?.get("judge")
    }

    /// Whether the actor may keep an entry from this person’s parents: the person themselves alone.
    func mayKeep(_ id: ID<Person>) throws -> Bool {
        let filter = policy.people(.change, .keptWords, for: scope, column: "person.id")
        return try tx.row("SELECT id FROM person WHERE id = \(id.text) AND \(filter)") != nil
    }

    private func seesKept(_ column: SQL) -> SQL { policy.people(.see, .keptWords, for: scope, column: column) }

    fileprivate static func entry(_ row: Row) throws -> OwnEntry {
        OwnEntry(
            id: try row.get("id"), author: try row.get("author"), words: try row.get("words"),
            isKept: try row.get("kept"), withheld: Sector.read(try row.get("withheld")), made: try row.get("made"),
            version: try row.get("version"))
    }
}

extension Sector {
    /// The roles of those who work for it.
    var roles: Set<Role> {
        switch self {
        case .education: [.senco, .settingStaff, .educationalPsychologist]
        case .health: [.healthProfessional]
        case .socialCare: [.socialWorker]
        }
    }

    static let allRoles = Sector.allCases.reduce(into: Set<Role>()) { $0.formUnion($1.roles) }

    static func read(_ text: String) -> Set<Sector> {
        Set(text.split(separator: " ").compactMap { Sector(rawValue: String($0)) })
    }

    static func text(_ sectors: Set<Sector>) -> String { sectors.sorted().map(\.rawValue).joined(separator: " ") }
}

/// Writing them.
enum OwnWords {
    static func add(
        _ id: ID<OwnEntry>, of person: ID<Person>, by author: String, _ words: String, isKept: Bool,
        withheld: Set<Sector> = [], in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO own_entry (id, person, author, words, kept, withheld, made, version)
            VALUES (\(id), \(person), \(author), \(words), \(isKept), \(Sector.text(withheld)), \(tx.now), 1)
            """)
        tx.record(Event("own-words.written", subject: person.text, detail: "entry=\(id.text)"))
    }

    /// An entry of this author about this person; nil where there is none.
    static func entry(
        _ id: ID<OwnEntry>, of person: ID<Person>, by author: String, in tx: any Transaction
    ) throws -> OwnEntry? {
        try tx.row(
            """
            SELECT id, author, words, kept, withheld, made, version FROM own_entry
            WHERE id = \(id) AND person = \(person) AND author = \(author)
            """
        ).map(OwnWordsStore.entry)
    }

    static func change(
        _ entry: OwnEntry, of person: ID<Person>, to words: String, isKept: Bool, withheld: Set<Sector>,
        in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE own_entry SET words = \(words), kept = \(isKept), withheld = \(Sector.text(withheld)),
                version = version + 1
            WHERE id = \(entry.id)
            """)
        tx.record(Event("own-words.changed", subject: person.text, detail: "entry=\(entry.id.text)"))
    }

    /// Whether a child may keep something from their parents now.
    static func mayKeep(_ person: ID<Person>, on today: Day, in tx: any Transaction) throws -> Bool {
        let row = try tx.row(
            """
            SELECT born, judge FROM person LEFT JOIN understanding ON understanding.person = person.id
            WHERE person.id = \(person)
            """)
        guard let row else { return false }
        return KeepingFromParents.isAllowed(
            born: try row.get("born"), on: today,
            isJudgedToUnderstand: try row.optional("judge", as: String.self) != nil)
    }

    /// Notes who judged that a child understands.
    static func note(
        judge: String, of person: ID<Person>, by recorder: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO understanding (person, judge, recorder, at)
            VALUES (\(person), \(judge), \(recorder), \(tx.now))
            ON CONFLICT (person) DO UPDATE SET judge = excluded.judge, recorder = excluded.recorder, at = excluded.at
            """)
        tx.record(Event("understanding.recorded", subject: person.text))
    }
}
