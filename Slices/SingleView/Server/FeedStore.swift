import Access
import Cryptography
import Kernel
import PeopleServer
import SingleView
import Storage

/// A record of a source as the list of all knows it.
struct HeldRecord: Sendable {
    let number: Int
    let digest: String
    let person: String?
    let isGone: Bool
}

/// An extract as it was taken in.
struct Delivery: Hashable, Sendable {
    let id: String
    let source: String
    let name: String
    let asOf: Day
    let received: Instant
    let receiver: String
    let lines, added, changed, unchanged, gone, withheld, refused: Int
    /// Columns of the template that it did not have.
    let absent: [String]
    /// In how many rows each column was filled.
    let filled: [String: Int]
}

/// Deliveries, held records and refused rows. What a record says is read by `RecordStore`, class by class.
struct FeedStore {
    let tx: any Transaction
    let scope: Scope

    /// The newest extract of a source.
    func newest(of source: String) throws -> Delivery? { try deliveries(of: source, limit: 1).first }

    func deliveries(of source: String, limit: Int) throws -> [Delivery] {
        try tx.rows(
            """
            SELECT id, source, name, as_of, received, receiver, lines, added, changed, unchanged, gone, withheld,
                refused, absent, filled
            FROM delivery WHERE source = \(source) ORDER BY as_of DESC, received DESC, id LIMIT \(limit)
            """
        ).map(Self.delivery)
    }

    func delivery(_ id: String) throws -> Delivery? {
        try tx.row(
            """
            SELECT id, source, name, as_of, received, receiver, lines, added, changed, unchanged, gone, withheld,
                refused, absent, filled
            FROM delivery WHERE id = \(id)
            """
        ).map(Self.delivery)
    }

    /// The digest of the newest extract’s file.
    func digest(ofNewest source: String) throws -> String? {
        try tx.row(
            "SELECT digest FROM delivery WHERE source = \(source) ORDER BY as_of DESC, received DESC, id LIMIT 1"
        )
        .map { try $0.get("digest") }
    }

    /// Every record of a source by the source’s own number.
    func held(of source: String) throws -> [String: HeldRecord] {
        var held: [String: HeldRecord] = [:]
        // Whose a sealed record is stays with its set: what is noted of it names nobody.
        try tx.each(
            """
            SELECT ref, number, digest, CASE WHEN compartment = '' THEN person END AS person, gone
            FROM held_record WHERE source = \(source)
            """
        ) { row in
            held[try String.reading(row.value(at: 0))] = HeldRecord(
                number: try Int.reading(row.value(at: 1)), digest: try String.reading(row.value(at: 2)),
                person: try String?.reading(row.value(at: 3)), isGone: try row.value(at: 4) != .null)
        }
        return held
    }

    func lastNumber() throws -> Int {
        try tx.row("SELECT COALESCE(MAX(number), 0) AS last FROM held_record").map { try $0.get("last") } ?? 0
    }

    /// What is held now of a record, by class, with the version.
    func parts(of record: Int) throws -> [String: (version: Int, cells: String)] {
        var parts: [String: (Int, String)] = [:]
        try tx.each("SELECT class, version, cells FROM held_part WHERE record = \(record) AND until IS NULL") { row in
            parts[try row.get("class")] = (try row.get("version"), try row.get("cells"))
        }
        return parts
    }

    /// The refused rows of a delivery, by line.
    func refused(in delivery: String, limit: Int) throws -> [RefusedRow] {
        try tx.rows(
            """
            SELECT line, ref, faults, written FROM refused_row WHERE delivery = \(delivery) ORDER BY line LIMIT \(limit)
            """
        ).map { row in
            RefusedRow(
                line: try row.get("line"), ref: try row.optional("ref"),
                faults: Cells.read(try row.get("faults")).map { CellFault($0.0, $0.1) },
                written: Dictionary(
                    Cells.read(try row.get("written")).map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first }),
                isLong: false)
        }
    }

    /// Which reasons the refused rows of a delivery have, the most frequent first.
    func faults(in delivery: String) throws -> [FaultCount] {
        var counts: [CellFault: Int] = [:]
        try tx.each("SELECT faults FROM refused_row WHERE delivery = \(delivery)") { row in
            for (column, words) in Cells.read(try row.get("faults")) {
                // A doubled number names its line: the reason is the same for all.
                let same = words.hasPrefix("the same number stands") ? "the same number stands twice" : words
                counts[CellFault(column, same), default: 0] += 1
            }
        }
        return counts.map { FaultCount(column: $0.key.column, words: $0.key.words, count: $0.value) }
            .sorted { ($1.count, $0.column, $0.words) < ($0.count, $1.column, $1.words) }
    }

    /// How many records a source has now, how many are linked to a person, and to a person others know too.
    func reach(of source: String) throws -> (held: Int, linked: Int, shared: Int) {
        let row = try tx.row(
            """
            SELECT COUNT(*) AS held, COUNT(person) AS linked,
                SUM(CASE WHEN EXISTS (SELECT 1 FROM held_record other
                    WHERE other.person = held_record.person AND other.source <> held_record.source
                        AND other.gone IS NULL) THEN 1 ELSE 0 END) AS shared
            FROM held_record WHERE source = \(source) AND gone IS NULL AND \(People.living("held_record.person"))
            """)
        guard let row else { return (0, 0, 0) }
        return (try row.get("held"), try row.get("linked"), try row.optional("shared") ?? 0)
    }

    /// The day of the newest record of a source that sends no extracts.
    func lastRecord(of source: FeedSource) throws -> Day? {
        guard source.extract == .notices else { return nil }
        return try tx.row("SELECT MAX(as_of) AS day FROM held_record WHERE source = \(source.code)")?.optional("day")
    }

    private static func delivery(_ row: Storage.Row) throws -> Delivery {
        Delivery(
            id: try row.get("id"), source: try row.get("source"), name: try row.get("name"), asOf: try row.get("as_of"),
            received: try row.get("received"), receiver: try row.get("receiver"), lines: try row.get("lines"),
            added: try row.get("added"), changed: try row.get("changed"), unchanged: try row.get("unchanged"),
            gone: try row.get("gone"), withheld: try row.get("withheld"), refused: try row.get("refused"),
            absent: try row.get("absent", as: String.self).split(separator: " ").map(String.init),
            filled: Dictionary(
                Cells.read(try row.get("filled")).compactMap { pair in Digits.number(pair.1).map { (pair.0, $0) } },
                uniquingKeysWith: { first, _ in first }))
    }
}

// MARK: - Writing

/// Rows that are put into a table many at a time.
struct Inserting {
    private let head: SQL
    private var whole: SQL
    private var count = 0
    private static let together = 100

    init(_ head: SQL) { (self.head, whole) = (head, head) }

    mutating func add(_ row: SQL, in tx: any WriteTransaction) throws {
        whole.append(count == 0 ? " VALUES " : ", ")
        whole.append(row)
        count += 1
        if count == Self.together { try finish(in: tx) }
    }

    mutating func finish(in tx: any WriteTransaction) throws {
        guard count > 0 else { return }
        try tx.run(whole)
        (whole, count) = (head, 0)
    }
}

extension FeedStore {
    /// Puts new records and their parts, many at a time.
    struct Adding {
        var records = Inserting(
            """
            INSERT INTO held_record
                (number, source, ref, class, digest, first_day, as_of, delivery, gone, person, compartment)
            """)
        var parts = Inserting("INSERT INTO held_part (record, class, version, cells, as_of, until)")
        let delivery: String
        let asOf: Day

        mutating func add(
            _ number: Int, _ source: String, _ data: DataClass, ref: String, digest: String, person: String?,
            in tx: any WriteTransaction
        ) throws {
            try records.add(
                """
                (\(number), \(source), \(ref), \(data), \(digest), \(asOf), \(asOf), \(delivery), NULL, \(person), '')
                """, in: tx)
        }

        mutating func add(
            part data: DataClass, of number: Int, version: Int, _ cells: String, in tx: any WriteTransaction
        ) throws {
            try parts.add("(\(number), \(data), \(version), \(cells), \(asOf), NULL)", in: tx)
        }

        mutating func finish(in tx: any WriteTransaction) throws {
            try records.finish(in: tx)
            try parts.finish(in: tx)
        }
    }

    static var newID: String { Sodium.hex(Sodium.random(12)) }

    static func change(
        _ number: Int, digest: String, asOf: Day, delivery: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE held_record SET digest = \(digest), as_of = \(asOf), delivery = \(delivery), gone = NULL
            WHERE number = \(number)
            """)
    }

    static func close(part data: String, of number: Int, version: Int, on day: Day, in tx: any WriteTransaction) throws
    {
        try tx.run(
            """
            UPDATE held_part SET until = \(day)
            WHERE record = \(number) AND class = \(data) AND version = \(version)
            """)
    }

    /// Notes that records are no longer in their source’s extract.
    static func leave(_ numbers: [Int], on day: Day, delivery: String, in tx: any WriteTransaction) throws {
        for start in stride(from: 0, to: numbers.count, by: 500) {
            let some = Array(numbers[start..<min(start + 500, numbers.count)])
            try tx.run("UPDATE held_record SET gone = \(day), delivery = \(delivery) WHERE number IN \(some)")
        }
    }

    static func keep(_ delivery: Delivery, digest: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO delivery (id, source, name, digest, as_of, received, receiver, lines, added, changed, unchanged,
                gone, withheld, refused, absent, filled)
            VALUES (\(delivery.id), \(delivery.source), \(delivery.name), \(digest), \(delivery.asOf),
                \(delivery.received), \(delivery.receiver), \(delivery.lines), \(delivery.added), \(delivery.changed),
                \(delivery.unchanged), \(delivery.gone), \(delivery.withheld), \(delivery.refused),
                \(delivery.absent.joined(separator: " ")),
                \(Cells.text(delivery.filled.sorted { $0.key < $1.key }.map { ($0.key, String($0.value)) })))
            """)
    }

    static func keep(_ refused: [RefusedRow], of delivery: String, in tx: any WriteTransaction) throws {
        var adding = Inserting("INSERT INTO refused_row (delivery, line, ref, faults, written)")
        let sealed = try Sealings.refs(of: delivery, in: tx)
        for row in refused.map({ $0.ref.map(sealed.contains) == true ? $0.emptied : $0 }) {
            let faults = Cells.text(row.faults.map { ($0.column, $0.words) })
            let written = Cells.text(row.written.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
            try adding.add("(\(delivery), \(row.line), \(row.ref), \(faults), \(written))", in: tx)
        }
        try adding.finish(in: tx)
    }
}

extension DataClass: Storable {}
