import GRDB
import Kernel
import Synchronization

/// SQLite through GRDB: the default engine, and what most tests run on.
///
/// One writer with group commit: writes that arrive while the disk is busy share the next commit and its one
/// fsync. A file database runs in WAL mode with `synchronous=FULL`, read back at start, since GRDB sets NORMAL
/// on its own after opening; without FULL a power cut loses writes that were acknowledged.
public final class SQLite: Database {
    private let writer: any DatabaseWriter
    private let clock: WallClock
    private let waiting = Mutex<[any PendingWrite]>([])

    /// A database in memory, gone when this value is.
    ///
    /// - Throws: a fault of GRDB's.
    public init(inMemory clock: WallClock) throws {
        writer = try DatabaseQueue(configuration: SQLite.configuration())
        self.clock = clock
    }

    /// The database in this file, made where there is none.
    ///
    /// - Throws: `StorageFault.unsafeSetting` where a durable setting does not hold; a fault of GRDB's otherwise.
    public init(path: String, clock: WallClock) throws {
        let pool = try DatabasePool(path: path, configuration: SQLite.configuration())
        // After the pool is open: GRDB resets it to NORMAL while it opens.
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try SQLite.verify(db)
        }
        writer = pool
        self.clock = clock
    }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await writer.read { try body(SQLiteTransaction($0, at: nil)) }
    }

    public func write<T: Sendable>(
        as actor: Actor, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            waiting.withLock { $0.append(Write(actor: actor, body: body, continuation: continuation)) }
            writer.asyncWriteWithoutTransaction { db in self.commitWaiting(db) }
        }
    }

    public func migrate(_ migrations: [Migration]) async throws {
        let now = clock.now()
        let ordered = migrations.sorted { $0.name < $1.name }
        try await writer.writeWithoutTransaction { db in try SQLite.migrate(db, ordered, now) }
    }

    /// Commits every write that is waiting as one transaction; a write that throws is undone alone.
    private func commitWaiting(_ db: GRDB.Database) {
        let batch = waiting.withLock { all in
            let taken = all
            all = []
            return taken
        }
        guard !batch.isEmpty else { return }
        do {
            try db.beginTransaction(.immediate)
            for write in batch { write.attempt(db, at: clock.now()) }
            try db.commit()
            for write in batch { write.finish() }
        } catch {
            if db.isInsideTransaction { try? db.rollback() }
            for write in batch { write.fail(error) }
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    /// The settings of the writing connection on which durability rests, as they are now.
    public func durability() async throws -> [String: String] {
        try await writer.writeWithoutTransaction { db in try SQLite.settings(db) }
    }

    private static let durable = ["synchronous": "2", "journal_mode": "wal", "foreign_keys": "1"]

    private static func verify(_ db: GRDB.Database) throws {
        let held = try settings(db)
        for (name, value) in durable.sorted(by: { $0.key < $1.key }) where held[name] != value {
            throw StorageFault.unsafeSetting("\(name)=\(value)")
        }
    }

    private static func settings(_ db: GRDB.Database) throws -> [String: String] {
        var held: [String: String] = [:]
        for name in durable.keys {
            held[name] = try String.fetchOne(db, sql: "SELECT CAST(\(name) AS TEXT) FROM pragma_\(name)")
        }
        return held
    }
}

// MARK: - A write that waits its turn

private protocol PendingWrite: AnyObject, Sendable {
    func attempt(_ db: GRDB.Database, at now: Instant)
    func finish()
    func fail(_ error: any Error)
}

private final class Write<T: Sendable>: PendingWrite {
    private let actor: Actor
    private let body: @Sendable (any WriteTransaction) throws -> T
    private let continuation: CheckedContinuation<T, any Error>
    private let outcome = Mutex<Result<T, any Error>?>(nil)

    init(
        actor: Actor, body: @escaping @Sendable (any WriteTransaction) throws -> T,
        continuation: CheckedContinuation<T, any Error>
    ) {
        (self.actor, self.body, self.continuation) = (actor, body, continuation)
    }

    func attempt(_ db: GRDB.Database, at now: Instant) {
        let result = Result {
            var made: T?
            try db.inSavepoint {
                let tx = SQLiteTransaction(db, at: now)
                let value = try body(tx)
                try tx.writeJournal(as: actor)
                made = value
                return .commit
            }
            guard let made else { throw StorageFault.silentWrite }
            return made
        }
        outcome.withLock { $0 = result }
    }

    func finish() {
        guard let result = outcome.withLock({ $0 }) else { return fail(StorageFault.silentWrite) }
        continuation.resume(with: result)
    }

    func fail(_ error: any Error) { continuation.resume(throwing: error) }
}

// MARK: - One transaction

private final class SQLiteTransaction: WriteTransaction {
    private let db: GRDB.Database
    private let moment: Instant?
    private var events: [Event] = []
    private var changed = false

    init(_ db: GRDB.Database, at moment: Instant?) { (self.db, self.moment) = (db, moment) }

    var now: Instant { moment ?? Instant(milliseconds: 0) }

    func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        let statement = try db.cachedStatement(sql: sql.text)
        let cursor = try GRDB.Row.fetchCursor(statement, arguments: sql.arguments)
        let columns = Columns(statement.columnNames)
        while let row = try cursor.next() { try body(Row(columns, try row.databaseValues.map { try SQLValue($0) })) }
    }

    func run(_ sql: SQL) throws {
        changed = true
        try db.cachedStatement(sql: sql.text).execute(arguments: sql.arguments)
    }

    func record(_ event: Event) { events.append(event) }

    func writeJournal(as actor: Actor) throws {
        if changed, events.isEmpty { throw StorageFault.silentWrite }
        for event in events {
            try run(
                """
                INSERT INTO journal (seq, at, kind, actor, subject)
                SELECT COALESCE(MAX(seq), 0) + 1, \(now), \(event.kind), \(actor.id), \(event.subject) FROM journal
                """)
        }
    }
}

// MARK: - The dialect: all that is SQLite's own

extension SQLite {
    private static func migrate(_ db: GRDB.Database, _ migrations: [Migration], _ now: Instant) throws {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS migration (
                    name TEXT PRIMARY KEY, text TEXT NOT NULL, applied TEXT NOT NULL
                ) STRICT
                """)
        let applied = try GRDB.Row.fetchAll(db, sql: "SELECT name, text FROM migration ORDER BY name")
        let known = Dictionary(uniqueKeysWithValues: migrations.map { ($0.name, $0) })
        for row in applied {
            let name: String = row["name"]
            guard let migration = known[name] else { throw StorageFault.newerSchema(name) }
            guard migration.text == row["text"] else { throw StorageFault.editedMigration(name) }
        }
        let done = Set(applied.map { $0["name"] as String })
        for migration in migrations where !done.contains(migration.name) {
            try db.inTransaction(.immediate) {
                for step in migration.steps { try db.execute(sql: dialect(step.text)) }
                try db.execute(
                    sql: "INSERT INTO migration (name, text, applied) VALUES (?, ?, ?)",
                    arguments: [migration.name, migration.text, now.iso])
                return .commit
            }
        }
    }

    /// Portable types as SQLite's, and every table STRICT.
    private static func dialect(_ statement: String) -> String {
        var text = statement
        for (portable, own) in [("DOUBLE PRECISION", "REAL"), ("BIGINT", "INTEGER")] {
            text = text.split(separator: portable, omittingEmptySubsequences: false).joined(separator: own)
        }
        return text.hasPrefix("CREATE TABLE") ? text + " STRICT" : text
    }
}

extension Migration {
    fileprivate var text: String { steps.map(\.text).joined(separator: ";\n") }
}

extension SQL {
    fileprivate var text: String {
        if parts.count == 1, case .text(let only) = parts[0] { return only }
        return parts.map { part in if case .text(let text) = part { text } else { "?" } }.joined()
    }

    fileprivate var arguments: StatementArguments {
        var all: [(any DatabaseValueConvertible)?] = []
        for case .value(let value) in parts {
            switch value {
            case .null: all.append(nil)
            case .integer(let number): all.append(number)
            case .real(let number): all.append(number)
            case .text(let text): all.append(text)
            }
        }
        return StatementArguments(all)
    }
}

extension SQLValue {
    fileprivate init(_ value: DatabaseValue) throws {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(Int(number))
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob: throw StorageFault.badValue(.text("bytes"), wanted: "text or a number")
        }
    }
}
