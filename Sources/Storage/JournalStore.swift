import Cryptography
import Kernel

/// Reads the journal, and appends to it inside the transaction of what it tells of.
public enum Journal {
    /// The number of the last entry, 0 where there is none.
    public static func head(of database: any Database) async throws -> Int {
        try await database.read { tx in
            try tx.row("SELECT COALESCE(MAX(seq), 0) AS head FROM journal").map { try $0.get("head") } ?? 0
        }
    }

    /// The number of the last entry, and the kinds of those after this one.
    public static func kinds(after seq: Int, in database: any Database) async throws -> (head: Int, kinds: Set<String>)
    {
        try await database.read { tx in
            var (head, kinds) = (seq, Set<String>())
            try tx.each("SELECT MAX(seq) AS head, kind FROM journal WHERE seq > \(seq) GROUP BY kind") { row in
                head = max(head, try row.get("head"))
                kinds.insert(try row.get("kind"))
            }
            return (head, kinds)
        }
    }

    /// When something of one of these kinds last happened; nil where it never has.
    public static func last(_ kinds: [String], in tx: any Transaction) throws -> Instant? {
        try tx.row("SELECT MAX(at) AS at FROM journal WHERE kind IN \(kinds)")?.optional("at")
    }

    /// Every entry's kind, oldest first: for tests and checks.
    public static func kinds(in database: any Database) async throws -> [String] {
        try await database.read { try $0.rows("SELECT kind FROM journal ORDER BY seq").map { try $0.get("kind") } }
    }

    /// Who did or looked at what belongs to this subject, when and why: the newest first.
    ///
    /// - Parameters:
    ///   - subject: an opaque identifier, such as a person’s.
    ///   - before: the number of an entry; those older than it. Nil begins with the newest.
    public static func entries(
        about subject: String, before: Int? = nil, limit: Int, in tx: any Transaction
    ) throws -> [JournalEntry] {
        try tx.rows(
            """
            SELECT \(columns) FROM journal
            WHERE subject = \(subject) AND seq < \(before ?? Int.max) ORDER BY seq DESC LIMIT \(limit)
            """
        ).map { try JournalEntry($0) }
    }

    /// The entries of these kinds after this number, in order.
    public static func entries(of kinds: [String], after seq: Int, in tx: any Transaction) throws -> [JournalEntry] {
        try tx.rows("SELECT \(columns) FROM journal WHERE seq > \(seq) AND kind IN \(kinds) ORDER BY seq").map {
            try JournalEntry($0)
        }
    }

    /// Up to this many entries after this number, in order.
    public static func entries(after seq: Int, limit: Int, in tx: any Transaction) throws -> [JournalEntry] {
        var found: [JournalEntry] = []
        try tx.each("SELECT \(columns) FROM journal WHERE seq > \(seq) ORDER BY seq LIMIT \(limit)") { row in
            found.append(try JournalEntry(row))
        }
        return found
    }

    /// The last entry’s number and hash; nil where there is none.
    public static func head(in tx: any Transaction) throws -> JournalHead? {
        try tx.row(lastEntry).map { JournalHead(seq: try $0.get("seq"), hash: try $0.get("hash")) }
    }

    /// Which looks are left out of what a person may know, without a gap: the journal keeps them all the same.
    public struct Hiding: Sendable {
        /// The purposes whose looks are left out.
        let purposes: [Scope.Purpose]
        /// A query of the actors whose looks are left out.
        let actors: SQL
        /// Up to this moment nothing is left out any more.
        let releasedUntil: Instant?
        /// A query of the actors whose looks are left out whatever was released; nil for none.
        let never: SQL?

        public init(
            purposes: [Scope.Purpose], actors: SQL, releasedUntil: Instant? = nil, never: SQL? = nil
        ) {
            (self.purposes, self.actors, self.releasedUntil) = (purposes, actors, releasedUntil)
            self.never = never
        }
    }

    /// Who looked at a person, when and why, the newest first.
    ///
    /// - Parameters:
    ///   - kinds: the kinds of event that are looks.
    ///   - shown: whether those that the person may know of are wanted, or those that are left out.
    public static func looks(
        _ kinds: [String], at subject: String, hiding: Hiding, shown: Bool = true, limit: Int, in tx: any Transaction
    ) throws -> [JournalEntry] {
        let released: SQL = hiding.releasedUntil.map { "at <= \($0)" } ?? "1 = 0"
        let hidden: SQL = """
            ((purpose IN \(hiding.purposes.map(\.rawValue)) OR actor IN (\(hiding.actors))) AND NOT (\(released)))
            """
        let never: SQL = hiding.never.map { " AND actor NOT IN (\($0))" } ?? ""
        return try tx.rows(
            """
            SELECT \(columns) FROM journal
            WHERE subject = \(subject) AND kind IN \(kinds) AND purpose <> '' AND \(shown ? "NOT " : "" as SQL)\(hidden)
                \(never)
            ORDER BY seq DESC LIMIT \(limit)
            """
        ).map { try JournalEntry($0) }
    }

    /// When the newest entry was written, by the clock of the computer that wrote it. Entries are in the order of their
    /// numbers, whatever that clock did; one that lies ahead of now shows that a clock was, or is, wrong.
    public static func newest(in tx: any Transaction) throws -> Instant? {
        try tx.row("SELECT at FROM journal ORDER BY seq DESC LIMIT 1").map { try $0.get("at") }
    }

    /// The mark by which this database is told from every other; nil before its first migration.
    public static func database(in tx: any Transaction) throws -> String? {
        try Settings.value(Settings.database, in: tx)
    }

    static let columns: SQL = "seq, at, kind, actor, purpose, subject, detail, hash"
    static let lastEntry: SQL = "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1"

    // MARK: - Appending

    /// Gives the database its mark and its journal the first entry, where it has none yet.
    static func begin(on connection: any Connection, at now: Instant) throws {
        guard try connection.row("SELECT value FROM setting WHERE name = \(Settings.database)") == nil else { return }
        let mark = Sodium.hex(Sodium.random(16))
        try connection.run("INSERT INTO setting (name, value) VALUES (\(Settings.database), \(mark))")
        _ = try append([(Event("database.made", subject: mark), .system)], at: now, on: connection)
    }

    /// Appends the events to the chain. The head is read here, inside the transaction that nobody else can write
    /// beside: never kept from before, and never from a counter.
    ///
    /// - Returns: the new head.
    static func append(
        _ events: [(event: Event, scope: Scope)], at now: Instant, on connection: any Connection
    ) throws -> JournalHead {
        var (seq, hash) = try last(on: connection)
        let at = now.iso
        var rows: [SQL] = []
        for (event, scope) in events {
            seq += 1
            let (actor, purpose) = (scope.actor.id, scope.purpose.rawValue)
            let fields = [at, event.kind, actor, purpose, event.subject, event.detail]
            hash = Chain.hash(after: hash, seq: seq, fields)
            rows.append(
                """
                (\(seq), \(at), \(event.kind), \(actor), \(purpose), \(event.subject), \(event.detail), \
                \(Sodium.hex(hash)))
                """)
        }
        // In few sizes, so that each engine keeps few prepared statements.
        var rest = rows[...]
        for size in [64, 8, 1] {
            while rest.count >= size {
                let values = SQL.joined(Array(rest.prefix(size)), by: ", ")
                try connection.run("INSERT INTO journal (\(columns)) VALUES \(values)")
                rest = rest.dropFirst(size)
            }
        }
        return JournalHead(seq: seq, hash: Sodium.hex(hash))
    }

    private static func last(on connection: any Connection) throws -> (seq: Int, hash: [UInt8]) {
        if let row = try connection.row(lastEntry) {
            guard let hash = Sodium.bytes(hex: try row.get("hash")) else {
                throw StorageFault.badValue(.text("hash"), wanted: "64 hex figures")
            }
            return (try row.get("seq"), hash)
        }
        let mark = try connection.row("SELECT value FROM setting WHERE name = \(Settings.database)")
        return (0, Chain.start(of: try mark?.get("value") ?? ""))
    }
}

extension JournalEntry {
    /// From a row of `Journal.columns`, by place.
    init(_ row: Row) throws {
        seq = try Int.reading(row.value(at: 0))
        at = try String.reading(row.value(at: 1))
        kind = try String.reading(row.value(at: 2))
        actor = try String.reading(row.value(at: 3))
        purpose = try String.reading(row.value(at: 4))
        subject = try String.reading(row.value(at: 5))
        detail = try String.reading(row.value(at: 6))
        hash = try String.reading(row.value(at: 7))
    }
}
