import Access
import AccessServer
import Cryptography
import Kernel
import SingleView
import Storage

/// Which records are of one child, read and written for the program’s own linking.
struct LinkStore {
    let tx: any Transaction
    let scope: Scope

    /// A record that may be linked: what identifies a child of it.
    struct Linkable: Sendable {
        let number: Int
        let source: String
        /// Changes with anything that the record says.
        let digest: String
        var cells: [String: String] = [:]
    }

    /// Every record that may be linked, in order. Those of a sealed set are left out, and whoever has left stays.
    func each(_ body: (Linkable) throws -> Void) throws { try each("1 = 1", body) }

    /// Those of these that may be linked.
    func linkable(_ numbers: [Int]) throws -> [Linkable] {
        var found: [Linkable] = []
        try each("held_record.number IN \(numbers)") { found.append($0) }
        return found
    }

    private func each(_ which: SQL, _ body: (Linkable) throws -> Void) throws {
        var held: Linkable?
        try tx.stream(
            """
            SELECT held_record.number, held_record.source, held_record.digest, held_part.cells
            FROM held_record JOIN held_part ON held_part.record = held_record.number
            WHERE \(Self.mayBeLinked) AND held_part.until IS NULL AND \(which)
                AND held_part.class IN ('identity', 'location')
            ORDER BY held_record.number
            """
        ) { row in
            let number = try Int.reading(row.value(at: 0))
            if held?.number != number {
                if let held { try body(held) }
                held = Linkable(
                    number: number, source: try String.reading(row.value(at: 1)),
                    digest: try String.reading(row.value(at: 2)))
            }
            for (name, value) in Cells.read(try String.reading(row.value(at: 3))) { held?.cells[name] = value }
        }
        if let held { try body(held) }
    }

    /// The digest of every record that may be linked.
    func digests() throws -> [Int: String] { try digests("1 = 1") }

    /// The same of what these deliveries brought.
    func digests(of deliveries: [String]) throws -> [Int: String] {
        deliveries.isEmpty ? [:] : try digests("held_record.delivery IN \(deliveries)")
    }

    private func digests(_ which: SQL) throws -> [Int: String] {
        var found: [Int: String] = [:]
        try tx.each("SELECT number, digest FROM held_record WHERE \(Self.mayBeLinked) AND \(which)") { row in
            found[try Int.reading(row.value(at: 0))] = try String.reading(row.value(at: 1))
        }
        return found
    }

    /// How many records may be linked.
    func count() throws -> Int {
        try tx.row("SELECT COUNT(*) AS n FROM held_record WHERE \(Self.mayBeLinked)")?.get("n") ?? 0
    }

    /// The records that wait to be linked.
    func waiting() throws -> [Int] {
        try tx.rows(
            "SELECT number FROM held_record WHERE person IS NULL AND \(Self.mayBeLinked) ORDER BY number"
        ).map { try $0.get("number") }
    }

    /// What people decided of pairs, the newest of each that was not taken back.
    func decisions() throws -> [PairOfRecords: String] {
        var decisions: [PairOfRecords: String] = [:]
        try tx.each("SELECT one, other, verdict FROM link_decision WHERE undone IS NULL ORDER BY at, id") { row in
            decisions[PairOfRecords(try row.get("one"), try row.get("other"))] = try row.get("verdict")
        }
        return decisions
    }

    /// Statements of identity of these persons’ records, for their names.
    func statements(of persons: [String], _ book: FeedBook) throws -> [String: [Statement]] {
        var found: [String: [Statement]] = [:]
        for start in stride(from: 0, to: persons.count, by: 500) {
            let some = Array(persons[start..<min(start + 500, persons.count)])
            try tx.each(
                """
                SELECT held_record.person, held_record.number, held_record.source, held_record.as_of, held_part.cells
                FROM held_record JOIN held_part ON held_part.record = held_record.number
                WHERE held_record.person IN \(some) AND held_part.until IS NULL AND held_part.class = 'identity'
                """
            ) { row in
                let person = try row.get("person", as: String.self)
                let (number, source) = (try row.get("number", as: Int.self), try row.get("source", as: String.self))
                let day = try row.get("as_of", as: Day.self)
                for (name, value) in Cells.read(try row.get("cells")) {
                    found[person, default: []].append(
                        Statement(
                            fact: name, value: value, source: source, asOf: day, record: number, data: .identity))
                }
            }
        }
        return found
    }

    func isLinkedPerson(_ persons: [String]) throws -> Set<String> {
        var found: Set<String> = []
        for start in stride(from: 0, to: persons.count, by: 500) {
            let some = Array(persons[start..<min(start + 500, persons.count)])
            for row in try tx.rows("SELECT person FROM linked_person WHERE person IN \(some)") {
                found.insert(try row.get("person"))
            }
        }
        return found
    }

    /// Which persons these records belong to now. Of many it reads them all, which is sooner done.
    func persons(of records: some Collection<Int>) throws -> [Int: String] {
        var found: [Int: String] = [:]
        func take(_ which: SQL) throws {
            try tx.each(
                "SELECT number, person FROM held_record WHERE person IS NOT NULL AND \(Self.mayBeLinked) AND \(which)"
            ) { row in found[try Int.reading(row.value(at: 0))] = try String.reading(row.value(at: 1)) }
        }
        let numbers = records.sorted()
        if numbers.count > 20_000 {
            try take("1 = 1")
            return found
        }
        for start in stride(from: 0, to: numbers.count, by: 500) {
            try take("number IN \(Array(numbers[start..<min(start + 500, numbers.count)]))")
        }
        return found
    }

    /// Those of these records that no sealed set holds: a set may have been sealed while linking ran.
    func open(_ records: [Int]) throws -> Set<Int> {
        var found: Set<Int> = []
        for start in stride(from: 0, to: records.count, by: 500) {
            let some = Array(records[start..<min(start + 500, records.count)])
            try tx.each("SELECT number FROM held_record WHERE number IN \(some) AND \(Self.mayBeLinked)") {
                found.insert(try $0.get("number"))
            }
        }
        return found
    }
}

/// Two records, whichever is named first.
struct PairOfRecords: Hashable, Sendable {
    let one, other: Int
    init(_ one: Int, _ other: Int) { (self.one, self.other) = (min(one, other), max(one, other)) }
}

// MARK: - Writing

extension LinkStore {
    /// Links a record that was never linked to a person.
    static func link(_ records: [(number: Int, person: String)], cause: String, in tx: any WriteTransaction) throws {
        var adding = Inserting("INSERT INTO membership (record, person, since, cause, until)")
        for (number, person) in records {
            try tx.run("UPDATE held_record SET person = \(person) WHERE number = \(number)")
            try adding.add("(\(number), \(person), \(tx.now), \(cause), NULL)", in: tx)
        }
        try adding.finish(in: tx)
        for (person, some) in Dictionary(grouping: records, by: \.person).sorted(by: { $0.key < $1.key }) {
            tx.record(
                Event(SingleViewEvents.linked, subject: person, detail: "records=\(some.count);cause=\(cause)"))
        }
    }

    static func keep(
        best links: [(record: Int, other: Int, chance: Double)], model: String, in tx: any WriteTransaction
    )
        throws
    {
        for link in links {
            try tx.run(
                """
                INSERT INTO record_link (record, other, chance, model, made)
                VALUES (\(link.record), \(link.other), \(link.chance), \(model), \(tx.now))
                ON CONFLICT (record) DO UPDATE SET other = excluded.other, chance = excluded.chance,
                    model = excluded.model, made = excluded.made
                """)
        }
    }

    /// Notes persons whom the links made.
    static func noteMade(_ persons: [String], in tx: any WriteTransaction) throws {
        var adding = Inserting("INSERT INTO linked_person (person, made)")
        for person in persons { try adding.add("(\(person), \(tx.now))", in: tx) }
        try adding.finish(in: tx)
    }

    /// Puts pairs of which somebody has to say; those that are open already are weighed anew, those decided stay so.
    static func keep(_ doubts: [Doubt], model: String, in tx: any WriteTransaction) throws {
        for doubt in doubts {
            let pair = PairOfRecords(doubt.one, doubt.other)
            try tx.run(
                """
                INSERT INTO doubt (id, one, other, kind, chance, worth, model, made, closed)
                VALUES (\(Sodium.hex(Sodium.random(12))), \(pair.one), \(pair.other), \(doubt.kind.rawValue),
                    \(doubt.chance), \(doubt.worth), \(model), \(tx.now), NULL)
                ON CONFLICT (one, other) DO UPDATE SET chance = excluded.chance, worth = excluded.worth,
                    model = excluded.model, kind = excluded.kind
                """)
        }
    }

    /// Asks again about a pair that a person puts before review.
    ///
    /// - Returns: the doubt.
    static func reopen(_ pair: PairOfRecords, in tx: any WriteTransaction) throws -> String? {
        try tx.run("UPDATE doubt SET closed = NULL WHERE one = \(pair.one) AND other = \(pair.other)")
        return try tx.row("SELECT id FROM doubt WHERE one = \(pair.one) AND other = \(pair.other)")?.get("id")
    }

    /// Takes away doubts that this run no longer has and nobody decided.
    ///
    /// - Parameter looked: the records that it looked at; nil for all.
    static func dropDoubts(except kept: Set<PairOfRecords>, of looked: Set<Int>?, in tx: any WriteTransaction) throws {
        let open = try tx.rows(
            """
            SELECT id, one, other FROM doubt WHERE closed IS NULL
                AND NOT EXISTS (SELECT 1 FROM opinion WHERE opinion.doubt = doubt.id AND opinion.undone IS NULL)
                AND NOT EXISTS (SELECT 1 FROM sample_pair WHERE sample_pair.one = doubt.one
                    AND sample_pair.other = doubt.other AND sample_pair.verdict IS NOT NULL)
            """)
        for row in open {
            let pair = PairOfRecords(try row.get("one"), try row.get("other"))
            if kept.contains(pair) { continue }
            if let looked, !looked.contains(pair.one), !looked.contains(pair.other) { continue }
            try tx.run("DELETE FROM doubt WHERE id = \(try row.get("id", as: String.self))")
        }
    }

    /// The council’s own record of each person who was here before any agency’s, brought up to date.
    ///
    /// - Returns: whether anything was to be done.
    @discardableResult
    static func keepCouncilRecords(in tx: any WriteTransaction) throws -> Bool {
        let stale = try tx.rows(
            """
            SELECT person.id, person.given, person.family, person.born, person.version, whereabouts.address,
                whereabouts.postcode, whereabouts.telephone, whereabouts.setting, held_record.number
            FROM person LEFT JOIN whereabouts ON whereabouts.person = person.id
                LEFT JOIN held_record ON held_record.source = \(council) AND held_record.ref = person.id
            WHERE \(AccessStore.unsealed("person.id"))
                AND NOT EXISTS (SELECT 1 FROM linked_person WHERE linked_person.person = person.id)
                AND (held_record.number IS NULL OR held_record.digest <> 'v' || CAST(person.version AS TEXT))
            ORDER BY person.id
            """)
        guard !stale.isEmpty else { return false }
        var number = try FeedStore(tx: tx, scope: .operation).lastNumber()
        let today = tx.now.dayInEngland
        var linked: [(Int, String)] = []
        for row in stale {
            let person = try row.get("id", as: String.self)
            let digest = "v\(try row.get("version", as: Int.self))"
            let parts = try councilParts(row)
            var adding = FeedStore.Adding(delivery: "council", asOf: today)
            if let known = try row.optional("number", as: Int.self) {
                for (data, cells) in parts {
                    let last = try RecordStore.lastVersion(of: known, data, in: tx)
                    try FeedStore.close(part: data.rawValue, of: known, version: last, on: today, in: tx)
                    try adding.add(part: data, of: known, version: last + 1, cells, in: tx)
                }
                try FeedStore.change(known, digest: digest, asOf: today, delivery: "council", in: tx)
            } else {
                number += 1
                try adding.add(number, council, .identity, ref: person, digest: digest, person: nil, in: tx)
                for (data, cells) in parts { try adding.add(part: data, of: number, version: 1, cells, in: tx) }
                linked.append((number, person))
            }
            try adding.finish(in: tx)
        }
        try link(linked, cause: "own-record", in: tx)
        tx.record(Event(SingleViewEvents.ownRecords, detail: "records=\(stale.count)"))
        return true
    }

    /// The source of what the council itself wrote down.
    static let council = "council"

    private static func councilParts(_ row: Storage.Row) throws -> [(DataClass, String)] {
        var identity: [(String, String)] = [
            ("given", try row.get("given")), ("family", try row.get("family")), ("born", try row.get("born")),
        ]
        identity.removeAll { $0.1.isEmpty }
        var parts = [(DataClass.identity, Cells.text(identity))]
        if try row.optional("address", as: String.self) != nil {
            let place: [(String, String)] = [
                ("address", try row.get("address")), ("postcode", try row.get("postcode")),
                ("phone", try row.get("telephone")), ("setting", try row.get("setting")),
            ].filter { !$0.1.isEmpty }
            parts.append((.location, Cells.text(place)))
        }
        return parts
    }
}

/// Two records of which somebody has to say whether they are of one child.
public struct Doubt: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// They are of two persons, and may be of one.
        case join
        /// They are of one person, and may be of two.
        case part
    }

    public let one, other: Int
    public let kind: Kind
    /// How likely it is that they are of one child.
    public let chance: Double
    /// What an answer is worth: the most doubtful and the most consequential first.
    public let worth: Double
}
