import Foundation
import Glibc
import GRDB
import Kernel

/// SQLite through GRDB: the default engine, and what most tests run on.
///
/// One writer with group commit. A file database runs in WAL mode with `synchronous=FULL`, read back at start, since
/// GRDB sets NORMAL on its own after opening; without FULL a power cut loses writes that were acknowledged.
public final class SQLite: Database {
    public let engine = "SQLite"
    private let writer: any DatabaseWriter
    private let commits: GroupCommit
    private let clock: WallClock
    private let reserve: Reserve?
    /// Told why, where the disk no longer keeps what is written: the process must stop, and start anew from the log.
    private let onBroken: @Sendable (String) -> Void

    /// A database in memory, gone when this value is.
    ///
    /// - Throws: `StorageFault`.
    public init(inMemory clock: WallClock) throws {
        writer = try SQLiteConnection.faults { try DatabaseQueue(configuration: SQLite.configuration()) }
        (self.clock, commits, reserve) = (clock, GroupCommit(clock: clock), nil)
        onBroken = { _ in }
    }

    /// The database in this file, made where there is none.
    ///
    /// - Parameters:
    ///   - reserve: space that is given up when the disk is full, so that the journal can still be written.
    ///   - onBroken: called where the disk reports that it could not keep a write. It does not return.
    /// - Throws: `StorageFault.unsafeSetting` where a durable setting does not hold; another `StorageFault` where the
    ///   file cannot be used.
    public init(
        path: String, clock: WallClock, reserve: Reserve? = nil,
        onBroken: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        writer = try SQLiteConnection.faults {
            let pool = try DatabasePool(path: path, configuration: SQLite.configuration())
            // After the pool is open: GRDB resets it to NORMAL while it opens.
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try SQLite.verify(db)
            }
            return pool
        }
        (self.clock, commits, self.reserve, self.onBroken) = (clock, GroupCommit(clock: clock), reserve, onBroken)
    }

    /// A database file that is only read, and is left as it is.
    ///
    /// - Throws: `StorageFault` where the file cannot be used.
    public init(reading path: String) throws {
        var configuration = SQLite.reading
        configuration.readonly = true
        writer = try SQLiteConnection.faults { try DatabaseQueue(path: path, configuration: configuration) }
        clock = WallClock { Instant(milliseconds: 0) }
        (commits, reserve, onBroken) = (GroupCommit(clock: clock), nil, { _ in })
    }

    /// Writes the log of changes once more to the disk, as it is read now, and waits for it.
    ///
    /// After a failed fsync the system may go on showing pages that the disk never got, and holds them for
    /// written. What is added behind such a hole would be lost with it by a power cut. So whoever opens the database
    /// after a stop fills the hole first. Nobody else can write meanwhile.
    ///
    /// - Throws: a fault of the disk: then nothing may be written here.
    public func rewriteLog() async throws {
        let path = databasePath + "-wal"
        try await writer.writeWithoutTransaction { db in
            try SQLiteConnection.faults { try db.execute(sql: "BEGIN IMMEDIATE") }
            defer { try? db.execute(sql: "ROLLBACK") }
            let file = open(path, O_RDWR | O_CLOEXEC)
            guard file >= 0 else { return }
            defer { close(file) }
            var (piece, at) = ([UInt8](repeating: 0, count: 1 << 16), off_t(0))
            while true {
                let count = pread(file, &piece, piece.count, at)
                guard count >= 0 else { throw StorageFault.engine("log not read, \(errno)") }
                if count == 0 { break }
                guard pwrite(file, piece, count, at) == count else {
                    throw StorageFault.engine("log not written, \(errno)")
                }
                at += off_t(count)
            }
            guard fsync(file) == 0 else { throw StorageFault.engine("log not kept, \(errno)") }
        }
    }

    /// Moves what the log holds into the database file, as far as nobody reads it; a fault of the disk shows here.
    public func checkpoint() async throws {
        try await writer.writeWithoutTransaction { db in
            try SQLiteConnection.faults { try db.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)") }
        }
    }

    /// Brings everything into the one file, so that it can be moved. Nothing else may be using it.
    public func settle() async throws {
        try await writer.writeWithoutTransaction { db in
            try SQLiteConnection.faults { try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        }
    }

    public func read<T: Sendable>(
        _ freshness: Freshness, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        try await writer.read { try body(EngineTransaction(SQLiteConnection($0), at: nil)) }
    }

    public func write<T: Sendable>(
        for scope: Scope, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            commits.add(Write(scope: scope, body: body, continuation: continuation))
            writer.asyncWriteWithoutTransaction { db in self.commitWaiting(SQLiteConnection(db)) }
        }
    }

    public func migrate(_ migrations: [Migration], beginsJournal: Bool) async throws {
        let now = clock.now()
        try await writer.writeWithoutTransaction { db in
            let connection = SQLiteConnection(db)
            try Migrator(connection: connection, now: now, dialect: SQLite.dialect)
                .migrate(migrations, begin: "BEGIN IMMEDIATE", beginsJournal: beginsJournal)
            for table in try SQLite.appendOnly(connection) {
                for change in ["UPDATE", "DELETE"] {
                    try connection.execute(
                        """
                        CREATE TRIGGER IF NOT EXISTS \(table)_no_\(change.lowercased()) BEFORE \(change) ON \(table)
                        BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END
                        """)
                }
            }
        }
    }

    /// Copies the whole database, as it is at one moment, into a new file, while others read and write.
    ///
    /// - Throws: `StorageFault`.
    public func snapshot(to path: String) async throws {
        let source = try SQLiteConnection.faults { try DatabaseQueue(path: databasePath, configuration: Self.reading) }
        try await source.writeWithoutTransaction { db in
            try SQLiteConnection.faults { try db.execute(sql: "VACUUM INTO ?", arguments: [path]) }
        }
        try source.close()
    }

    public func tables() async throws -> [TableShape] {
        try await read { tx in
            try tx.rows(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            ).map { row in
                let name = try row.get("name", as: String.self)
                let columns = try tx.rows("SELECT name, pk FROM pragma_table_info(\(name)) ORDER BY cid")
                let key = try columns.map { ($0, try $0.get("pk", as: Int.self)) }.filter { $0.1 > 0 }
                    .sorted { $0.1 < $1.1 }
                return TableShape(
                    name: name, columns: try columns.map { try $0.get("name") },
                    key: try key.map { try $0.0.get("name") })
            }
        }
    }

    /// Lets references point nowhere until the end of the transaction, so that rows may come in any order.
    package static let deferReferences: SQL = "PRAGMA defer_foreign_keys = ON"

    /// The settings of the writing connection on which durability rests, as they are now.
    public func durability() async throws -> [String: String] {
        try await writer.writeWithoutTransaction { db in try SQLite.settings(db) }
    }

    /// What the engine’s own check finds wrong; empty where all is well.
    public func check() async throws -> [String] {
        try await writer.read { db in
            try SQLiteConnection.faults { try String.fetchAll(db, sql: "PRAGMA quick_check(20)") }.filter { $0 != "ok" }
        }
    }

    private var databasePath: String { writer.path }

    // MARK: - Committing

    private func commitWaiting(_ connection: SQLiteConnection) {
        let batch = commits.take()
        guard !batch.isEmpty else { return }
        // A command may hold the lock for a long import: each try waits five seconds for it.
        for turn in 1... {
            do { return try commit(batch, connection) } catch StorageFault.full where reserve?.release() == true {
                continue
            } catch StorageFault.unavailable where turn < 6 {
                continue
            } catch { return fail(batch, error) }
        }
    }

    private func commit(_ batch: [any PendingWrite], _ connection: SQLiteConnection) throws {
        do {
            try connection.execute("BEGIN IMMEDIATE")
            _ = try commits.attempt(batch, on: connection)
            try connection.execute("COMMIT")
        } catch {
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
        for write in batch { write.finish() }
    }

    private func fail(_ batch: [any PendingWrite], _ error: any Error) {
        // After a failed fsync the system forgets that pages were not written: only the log on disk can be trusted.
        if case .broken(let code)? = error as? SQLiteBroken { onBroken(code) }
        for write in batch { write.fail(error is SQLiteBroken ? StorageFault.unknownOutcome : error) }
    }

    // MARK: - Settings

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

    private static var reading: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        return configuration
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

    // MARK: - The dialect: all that is SQLite's own

    /// Portable types as SQLite's, and every table STRICT.
    private static func dialect(_ statement: String) -> String {
        var text = statement
        for (portable, own) in [("DOUBLE PRECISION", "REAL"), ("BIGINT", "INTEGER")] {
            text = text.split(separator: portable, omittingEmptySubsequences: false).joined(separator: own)
        }
        return text.hasPrefix("CREATE TABLE") ? text + " STRICT" : text
    }

    private static func appendOnly(_ connection: SQLiteConnection) throws -> [String] {
        try StorageSchema.appendOnly.filter { name in
            try connection.row("SELECT name FROM sqlite_master WHERE type = 'table' AND name = \(name)") != nil
        }
    }
}

/// The disk could not keep a write; the engine's code.
private enum SQLiteBroken: Error { case broken(String) }

/// GRDB's connection as ours.
private final class SQLiteConnection: Connection {
    private let db: GRDB.Database

    init(_ db: GRDB.Database) { self.db = db }

    var isInTransaction: Bool { db.isInsideTransaction }

    func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        let values = try sql.values()
        let (statement, cursor) = try SQLiteConnection.faults {
            let statement = try db.cachedStatement(sql: sql.text)
            return (statement, try GRDB.Row.fetchCursor(statement, arguments: StatementArguments(values)))
        }
        let columns = Columns(statement.columnNames)
        // From the statement itself: GRDB’s row makes the name of each column anew with its value.
        let (handle, width) = (statement.sqliteStatement, CInt(statement.columnCount))
        while try SQLiteConnection.faults({ try cursor.next() }) != nil {
            let values = try (0..<width).map { try SQLValue(DatabaseValue(sqliteStatement: handle, index: $0)) }
            try body(Row(columns, values))
        }
    }

    // SQLite hands over rows one at a time as it is.
    func stream(_ sql: SQL, _ body: (Row) throws -> Void) throws { try each(sql, body) }

    func run(_ sql: SQL) throws {
        let values = try sql.values()
        try SQLiteConnection.faults {
            try db.cachedStatement(sql: sql.text).execute(arguments: StatementArguments(values))
        }
    }

    func execute(_ text: String) throws { try SQLiteConnection.faults { try db.execute(sql: text) } }

    /// SQLite's faults as ours: by code, for its messages may hold values.
    static func faults<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let error as DatabaseError {
            let code = "SQLite \(error.extendedResultCode.rawValue)"
            switch error.resultCode {
            case .SQLITE_CONSTRAINT: throw StorageFault.constraint(code)
            case .SQLITE_FULL: throw StorageFault.full
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: throw StorageFault.damaged
            case .SQLITE_BUSY: throw StorageFault.unavailable
            case .SQLITE_IOERR: throw SQLiteBroken.broken(code)
            default: throw StorageFault.engine(code)
            }
        }
    }
}

extension StatementArguments {
    fileprivate init(_ values: [SQLValue]) {
        self.init(
            values.map { value -> DatabaseValue in
                switch value {
                case .null: .null
                case .integer(let number): number.databaseValue
                case .real(let number): number.databaseValue
                case .text(let text): text.databaseValue
                }
            })
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
