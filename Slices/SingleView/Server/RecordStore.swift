import Access
import AccessServer
import Kernel
import SingleView
import Storage

/// A record of an agency, as far as the actor may see it.
struct SeenRecord: Hashable, Sendable {
    let number: Int
    let source: String
    let firstDay: Day
    let asOf: Day
    let gone: Day?
    /// Why it stands with this person: the likeliest partner, how likely, and by which model.
    let link: SeenLink?
}

struct SeenLink: Hashable, Sendable {
    let other: Int
    let chance: Double
    let model: String
    let cause: String
}

/// What agencies hold of a person, each part by its class: what the scope’s actor may not see is not read.
struct RecordStore {
    let tx: any Transaction
    let scope: Scope
    let policy: Policy

    /// The records of a person whose very existence the actor may know of.
    func records(of person: String) throws -> [SeenRecord] {
        try tx.rows(
            """
            SELECT held_record.number, held_record.source, held_record.first_day, held_record.as_of, held_record.gone,
                membership.cause, record_link.other, record_link.chance, record_link.model
            FROM held_record
                LEFT JOIN membership ON membership.record = held_record.number AND membership.until IS NULL
                LEFT JOIN record_link ON record_link.record = held_record.number
            WHERE held_record.person = \(person) AND (\(may("held_record.class", "held_record.person")))
                AND (held_record.compartment = '' OR \(AccessStore.isOpenedTogether("held_record.person", for: scope)))
            ORDER BY held_record.source, held_record.number
            """
        ).map { row in
            let link = try row.optional("other", as: Int.self).map { other in
                SeenLink(
                    other: other, chance: try row.get("chance"), model: try row.get("model"),
                    cause: try row.optional("cause") ?? "")
            }
            return SeenRecord(
                number: try row.get("number"), source: try row.get("source"), firstDay: try row.get("first_day"),
                asOf: try row.get("as_of"), gone: try row.optional("gone"), link: link)
        }
    }

    /// What these records say now, and said before where the history is asked for, as far as the actor may see it.
    ///
    /// - Parameter records: of one person, found by `records(of:)`.
    func statements(
        of person: String, in records: [SeenRecord], _ book: FeedBook, withHistory: Bool = false
    ) throws -> [Said] {
        let numbers = Dictionary(records.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let current: SQL = withHistory ? "1 = 1" : "held_part.until IS NULL"
        var said: [Said] = []
        try tx.each(
            """
            SELECT held_part.record, held_part.class, held_part.cells, held_part.as_of, held_part.until
            FROM held_part JOIN held_record ON held_record.number = held_part.record
            WHERE held_record.person = \(person) AND held_part.record IN \(Array(numbers.keys).sorted())
                AND \(current) AND (\(may("held_part.class", "held_record.person")))
            ORDER BY held_part.record, held_part.class, held_part.version
            """
        ) { row in
            let number = try row.get("record", as: Int.self)
            guard let record = numbers[number], let data = DataClass(rawValue: try row.get("class")) else { return }
            let facts = Dictionary(
                book.columns(of: record.source).map { ($0.name, $0.fact) }, uniquingKeysWith: { first, _ in first })
            let (from, until) = (try row.get("as_of", as: Day.self), try row.optional("until", as: Day.self))
            for (name, value) in Cells.read(try row.get("cells")) {
                let fact = record.source == LinkStore.council ? name : facts[name] ?? name
                // A fact that still stands was said again by the newest extract.
                let day = until == nil ? record.asOf : from
                said.append(
                    Said(
                        statement: Statement(
                            fact: fact.isEmpty ? name : fact, value: value, source: record.source, asOf: day,
                            record: number, data: data), from: from, until: until))
            }
        }
        return said
    }

    /// Whether a class, named by this column, may be seen of the person in the other column.
    func may(_ data: SQL, _ person: SQL) -> SQL {
        let kinds = Self.classes.map { kind -> SQL in
            "(\(data) = \(kind.rawValue) AND \(policy.people(.see, kind, for: scope, column: person)))"
        }
        return .joined(kinds, by: " OR ")
    }

    /// The classes that parts of records are of.
    private static let classes: [DataClass] = [
        .identity, .location, .education, .health, .socialCare, .youthJustice, .safeguarding, .thirdParty,
    ]

    /// The number of the last version of a part, 0 where there was none.
    static func lastVersion(of record: Int, _ data: DataClass, in tx: any Transaction) throws -> Int {
        try tx.row(
            """
            SELECT COALESCE(MAX(version), 0) AS last FROM held_part
            WHERE record = \(record) AND class = \(data.rawValue)
            """
        ).map { try $0.get("last") } ?? 0
    }
}

/// A statement with the days from and until which it stood.
struct Said: Hashable, Sendable {
    let statement: Statement
    let from: Day
    let until: Day?
}
