import Cryptography
import Foundation
import Kernel
import Synchronization

/// Why a database was not copied.
public enum CopyFault: SaidPlainly, Hashable, Sendable {
    case notEmpty(String)
    case differs(String)
    case otherTables([String])

    public var description: String {
        switch self {
        case .notEmpty(let table): "The database to copy to holds rows already (in \(table)). Give an empty one."
        case .differs(let table): "The copy of \(table) is not the same as the original. It is not to be used."
        case .otherTables(let names): "The two have other tables: \(names.joined(separator: ", "))."
        }
    }
}

/// Copies whole databases, from one engine to either.
public enum DatabaseCopy {
    /// Copies every row as it stands at one moment, in one transaction of the target: all of it or nothing. Then reads
    /// the copy again and compares it with the rows that were read.
    ///
    /// - Parameters:
    ///   - target: a database without rows; it is given the schema.
    ///   - names: the tables to copy; nil for all.
    ///   - progress: told the table, and how many rows of it have been copied.
    /// - Returns: rows by table.
    /// - Throws: `CopyFault`; a fault of either database.
    @discardableResult public static func copy(
        _ source: any Database, to target: any Database, _ migrations: [Migration], only names: Set<String>? = nil,
        progress: @escaping @Sendable (String, Int) -> Void = { _, _ in }
    ) async throws -> [String: Int] {
        try await target.migrate(migrations, beginsJournal: false)
        let tables = try await source.tables().filter { table in
            table.name != "migration" && names.map { $0.contains(table.name) } ?? true
        }
        let there = Set(try await target.tables().map(\.name))
        let other = tables.map(\.name).filter { !there.contains($0) }
        guard other.isEmpty else { throw CopyFault.otherTables(other) }
        for table in tables where try await count(table, in: target) > 0 { throw CopyFault.notEmpty(table.name) }
        let channel = Channel()
        let deferring = target is SQLite ? SQLite.deferReferences : Postgres.deferReferences
        async let made = source.read { tx -> [String: Digest] in
            do {
                var read: [String: Digest] = [:]
                for table in tables {
                    var (page, copied, digest) = ([Row](), 0, Running(table))
                    try tx.stream(rows(of: table)) { row in
                        try digest.take(row)
                        page.append(row)
                        guard page.count == 500 else { return }
                        try channel.send((table, page))
                        copied += page.count
                        progress(table.name, copied)
                        page = []
                    }
                    if !page.isEmpty { try channel.send((table, page)) }
                    progress(table.name, copied + page.count)
                    read[table.name] = digest.finish()
                }
                channel.end(nil)
                return read
            } catch {
                channel.end(error)
                throw error
            }
        }
        do {
            try await target.write(for: .system) { tx in
                tx.record(.housekeeping)
                try tx.run(deferring)
                while let (table, page) = try channel.next() { try insert(page, into: table, tx) }
            }
        } catch {
            channel.close()
            throw error
        }
        let read = try await made
        for table in tables where try await digest(table, in: target) != read[table.name] {
            throw CopyFault.differs(table.name)
        }
        return read.mapValues(\.rows)
    }

    /// How many rows a table has, and a figure over all of them: the same on both engines for the same rows.
    public struct Digest: Hashable, Sendable {
        public let rows: Int
        /// SHA-256, as 64 hex figures.
        public let hash: String
    }

    public static func digest(_ table: TableShape, in database: any Database) async throws -> Digest {
        try await database.read { tx in
            var digest = Running(table)
            try tx.stream(rows(of: table)) { try digest.take($0) }
            return digest.finish()
        }
    }

    private struct Running {
        private let columns: Range<Int>
        private var rows = 0
        private var hasher = Sodium.Hasher()

        init(_ table: TableShape) { columns = table.columns.indices }

        mutating func take(_ row: Row) throws {
            rows += 1
            var bytes: [UInt8] = []
            for index in columns { append(try row.value(at: index), to: &bytes) }
            hasher.update(bytes)
        }

        mutating func finish() -> Digest { Digest(rows: rows, hash: hasher.finish()) }
    }

    public static func count(_ table: TableShape, in database: any Database) async throws -> Int {
        try await database.read { tx in
            try tx.row("SELECT COUNT(*) AS n FROM \(SQL(stringLiteral: table.name))")?.get("n") ?? 0
        }
    }

    private static func rows(of table: TableShape) -> SQL {
        let columns = table.columns.joined(separator: ", ")
        let key = (table.key.isEmpty ? table.columns : table.key).joined(separator: ", ")
        return SQL(stringLiteral: "SELECT \(columns) FROM \(table.name) ORDER BY \(key)")
    }

    private static func insert(_ page: [Row], into table: TableShape, _ tx: any WriteTransaction) throws {
        let columns = SQL(stringLiteral: table.columns.joined(separator: ", "))
        var rest = page[...]
        for size in [25, 1] {
            while rest.count >= size {
                let rows = try rest.prefix(size).map { row -> SQL in
                    let values = try table.columns.indices.map { try value(row.value(at: $0)) }
                    return "(\(SQL.joined(values, by: ", ")))"
                }
                try tx.run(
                    """
                    INSERT INTO \(SQL(stringLiteral: table.name)) (\(columns)) VALUES \(SQL.joined(rows, by: ", "))
                    """)
                rest = rest.dropFirst(size)
            }
        }
    }

    private static func value(_ value: SQLValue) -> SQL {
        switch value {
        case .null: "\(String?.none)"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): "\(text)"
        }
    }

    private static func append(_ value: SQLValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(0)
        case .integer(let number): bytes += "i\(number);".utf8
        case .real(let number): bytes += "r\(number.bitPattern);".utf8
        case .text(let text):
            bytes += "t\(text.utf8.count):".utf8
            bytes += text.utf8
        }
    }
}

/// Pages of rows on their way from the thread that reads to the thread that writes: four at most.
private final class Channel: Sendable {
    typealias Page = (table: TableShape, rows: [Row])
    private struct State {
        var pages: [Page] = []
        var isEnded = false
        var isClosed = false
        var failure: (any Error)?
    }
    private let state = Mutex(State())
    private let filled = DispatchSemaphore(value: 0)
    // Begun at nothing and raised: a semaphore that ends below where it began ends the process.
    private let free = DispatchSemaphore(value: 0)

    init() { for _ in 0..<4 { free.signal() } }

    /// Waits until there is room.
    func send(_ page: Page) throws {
        free.wait()
        let isClosed = state.withLock { state in
            state.pages.append(page)
            return state.isClosed
        }
        filled.signal()
        if isClosed { throw CancellationError() }
    }

    func end(_ failure: (any Error)?) {
        state.withLock { ($0.isEnded, $0.failure) = (true, failure) }
        filled.signal()
    }

    /// Whoever reads has given up.
    func close() {
        state.withLock { $0.isClosed = true }
        for _ in 0..<4 { free.signal() }
    }

    /// The next page; nil where there is no more.
    func next() throws -> Page? {
        filled.wait()
        return try state.withLock { state in
            if !state.pages.isEmpty {
                free.signal()
                return state.pages.removeFirst()
            }
            if let failure = state.failure { throw failure }
            filled.signal()
            return nil
        }
    }
}
