import Access
import AccessServer
import Kernel
import LinksServer
import People
import Storage
import Web

/// People, each field by its class: what the scope’s actor may not see is not read.
struct PeopleStore {
    /// A person’s record is about that person.
    static let path = PersonPath { "SELECT id AS person FROM person WHERE id = \($0)" }

    let tx: any Transaction
    let scope: Scope
    let policy: Policy

    /// Those whose name the actor may see, by name.
    func people(limit: Int) throws -> [Person] {
        try tx.rows(
            """
            SELECT person.id, given, family, born, version
            FROM (\(Policy.related(to: scope))) near JOIN person ON person.id = near.subject
            WHERE \(policy.people(.see, .identity, for: scope, column: "person.id")) AND \(People.living("person.id"))
            ORDER BY family, given, person.id LIMIT \(limit)
            """
        ).map(Self.person)
    }

    func person(_ id: ID<Person>) throws -> Person? {
        try tx.row(
            """
            SELECT id, given, family, born, version FROM person
            WHERE id = \(id.text) AND \(policy.people(.see, .identity, for: scope, column: "person.id"))
            """
        ).map(Self.person)
    }

    /// Nil where nothing is held, or the actor may not see it: the two look the same.
    func whereabouts(_ id: ID<Person>) throws -> Whereabouts? {
        try tx.row(
            """
            SELECT address, postcode, telephone, setting FROM whereabouts
            WHERE person = \(id.text) AND \(policy.people(.see, .location, for: scope, column: "whereabouts.person"))
            """
        ).map { row in
            Whereabouts(
                address: try row.get("address"), postcode: try row.get("postcode"),
                telephone: try row.get("telephone"), setting: try row.get("setting"))
        }
    }

    /// What families said of the details held, the newest first: for those who keep the record and may read families’
    /// own words.
    func answers(_ id: ID<Person>) throws -> [DetailsAnswer] {
        try tx.rows(
            """
            SELECT at, is_right, words FROM details_answer
            WHERE person = \(id.text)
                AND \(policy.people(.change, .location, for: scope, column: "details_answer.person"))
                AND \(policy.people(.see, .ownWords, for: scope, column: "details_answer.person"))
            ORDER BY at DESC, id LIMIT 20
            """
        ).map { row in
            DetailsAnswer(at: try row.get("at"), isRight: try row.get("is_right"), words: try row.get("words"))
        }
    }

    /// Whether the actor may see or change this class of the person’s record.
    func may(_ verb: Verb, _ data: DataClass, of id: ID<Person>) throws -> Bool {
        let filter = policy.people(verb, data, for: scope, column: "person.id")
        return try tx.row("SELECT id FROM person WHERE id = \(id.text) AND \(filter)") != nil
    }

    /// The classes of the person’s record that the actor may see.
    func classes(of id: ID<Person>) throws -> Set<DataClass> {
        Set(try DataClass.allCases.filter { try may(.see, $0, of: id) })
    }

    static func person(_ row: Row) throws -> Person {
        Person(
            id: ID(try row.get("id", as: String.self)), given: try row.get("given"), family: try row.get("family"),
            born: try row.get("born"), version: try row.get("version"))
    }
}

/// Writing people.
public enum People {
    /// Adds a person, or puts their record right; nothing happens where it is so already.
    public static func keep(_ person: Person, _ whereabouts: Whereabouts?, in tx: any WriteTransaction) throws {
        let held = try tx.row("SELECT given, family, born FROM person WHERE id = \(person.id.text)")
        let isSame = try held.map {
            try $0.get("given") == person.given && $0.get("family") == person.family && $0.get("born") == person.born
        }
        if isSame != true {
            try tx.run(
                """
                INSERT INTO person (id, given, family, born, version)
                VALUES (\(person.id.text), \(person.given), \(person.family), \(person.born), 1)
                ON CONFLICT (id) DO UPDATE SET given = excluded.given, family = excluded.family, born = excluded.born,
                    version = person.version + 1
                """)
            tx.record(Event(held == nil ? "person.added" : "person.corrected", subject: person.id.text))
            try AccessStore.keep(subject: person.id.text, born: person.born, in: tx)
        }
        guard let whereabouts, held == nil else { return }
        try put(whereabouts, of: person.id, in: tx)
    }

    /// The only person of this name and birthday, in whatever letters; nil where there is none, or more than one.
    static func person(given: String, family: String, born: Day, in tx: any Transaction) throws -> String? {
        // Whoever is sealed is nobody here: neither found, nor in the way of another of the same name.
        let found = try tx.rows(
            "SELECT id, given, family FROM person WHERE born = \(born) AND \(AccessStore.unsealed("person.id"))"
        ).filter { row in
            try row.get("given", as: String.self).lowercased() == given.lowercased()
                && row.get("family", as: String.self).lowercased() == family.lowercased()
        }
        // Two records that were joined are one person.
        let ids = Set(try found.map { try JoinedPersons.kept($0.get("id"), in: tx) })
        return ids.count == 1 ? ids.first : nil
    }

    /// Takes away a person whom a parting made, where it was undone and nothing hangs on them.
    public static func forget(_ id: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM person WHERE id = \(id)")
        try AccessStore.forget(subject: id, in: tx)
        tx.record(Event("person.taken-away", subject: id))
    }

    /// The version of a person’s record, or nil where there is none.
    static func version(of id: ID<Person>, in tx: any Transaction) throws -> Int? {
        try tx.row("SELECT version FROM person WHERE id = \(id.text)").map { try $0.get("version") }
    }

    /// Notes where somebody lives, learns and can be reached.
    static func put(_ new: Whereabouts, of id: ID<Person>, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO whereabouts (person, address, postcode, telephone, setting)
            VALUES (\(id.text), \(new.address), \(new.postcode), \(new.telephone), \(new.setting))
            ON CONFLICT (person) DO UPDATE SET address = excluded.address, postcode = excluded.postcode,
                telephone = excluded.telephone, setting = excluded.setting
            """)
        try tx.run("UPDATE person SET version = version + 1 WHERE id = \(id.text)")
        tx.record(Event("person.moved", subject: id.text))
    }

    // MARK: - For a task

    /// What is held, for the one form of a task whose link and code were right.
    static func details(for task: OpenTask, in tx: any Transaction) throws -> (name: String, Whereabouts?)? {
        let row = try tx.row(
            """
            SELECT given, family, address, postcode, telephone, setting
            FROM person LEFT JOIN whereabouts ON whereabouts.person = person.id WHERE person.id = \(task.person)
            """)
        return try row.map { row in
            let name = "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))"
            guard let address = try row.optional("address", as: String.self) else { return (name, nil) }
            return (
                name,
                Whereabouts(
                    address: address, postcode: try row.get("postcode"), telephone: try row.get("telephone"),
                    setting: try row.get("setting"))
            )
        }
    }

    /// Keeps what the family said; the record itself stays as it is.
    static func keep(_ answer: DetailsAnswer, to task: OpenTask, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO details_answer (id, person, at, is_right, words)
            VALUES (\(task.id), \(task.person), \(answer.at), \(answer.isRight), \(answer.words))
            """)
        tx.record(Event("person.details-answered", subject: task.person, detail: "task=\(task.id)"))
    }
}
