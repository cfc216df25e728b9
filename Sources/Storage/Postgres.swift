import Kernel
import Synchronization

/// PostgreSQL through libpq: where several processes serve, or one machine is not enough.
///
/// One writing connection with group commit for each process, and a few for reading, each on a thread of its own. Who
/// writes holds the one lock of the journal for the length of the transaction, so writers of all processes take turns
/// and the chain has no forks. Where a server is lost, reads and uncommitted writes are done again on the next one that
/// takes writes; after a commit that was not answered, the journal itself is asked whether it holds the entries.
public final class Postgres: Database {
    public let engine = "PostgreSQL"
    private let writing: Lane
    private let reading: Lane
    private let lagging: Lane
    private let commits: GroupCommit
    private let clock: WallClock
    /// Seconds that a lost server may take to be replaced.
    private let patience: Double

    /// - Parameters:
    ///   - address: `postgres://…`, which may name several hosts; libpq’s own environment variables and password file
    ///     are read too.
    ///   - patience: seconds that a lost server may take to come back or be replaced.
    /// - Throws: `StorageFault.unavailable` where no server answers; `StorageFault.unsafeSetting` where it would
    ///   acknowledge what it has not written to disk.
    public init(address: String, clock: WallClock, readers: Int = 4, patience: Double = 20) async throws {
        (self.clock, self.patience) = (clock, patience)
        commits = GroupCommit(clock: clock)
        writing = Lane(address, target: "read-write", count: 1)
        reading = Lane(address, target: "read-write", count: readers)
        lagging = Lane(address, target: "prefer-standby", count: readers)
        try await writing.run { holder in
            // At start a server that is not there is said at once.
            _ = try holder.connected()
        }
    }

    public func read<T: Sendable>(
        _ freshness: Freshness, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        try await (freshness == .latest ? reading : lagging).run { [patience] holder in
            try holder.persistently(for: patience) { connection in
                try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                do {
                    let found = try body(EngineTransaction(connection, at: nil))
                    try connection.execute("COMMIT")
                    return found
                } catch {
                    if connection.isInTransaction { try? connection.execute("ROLLBACK") }
                    throw error
                }
            }
        }
    }

    public func write<T: Sendable>(
        for scope: Scope, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            commits.add(Write(scope: scope, body: body, continuation: continuation))
            writing.start { holder in self.commitWaiting(holder) }
        }
    }

    public func migrate(_ migrations: [Migration], beginsJournal: Bool) async throws {
        let now = clock.now()
        try await writing.run { [patience] holder in
            try holder.persistently(for: patience) { connection in
                try Migrator(connection: connection, now: now, dialect: Postgres.dialect)
                    .migrate(migrations, begin: Postgres.beginWriting, beginsJournal: beginsJournal)
                try Postgres.guardTables(connection)
            }
        }
    }

    public func tables() async throws -> [TableShape] {
        try await read { tx in
            var shapes: [String: (columns: [String], key: [(Int, String)])] = [:]
            try tx.each(
                """
                SELECT c.table_name AS name, c.column_name AS field, k.ordinal_position AS place
                FROM information_schema.columns c
                LEFT JOIN information_schema.table_constraints t
                    ON t.table_schema = c.table_schema AND t.table_name = c.table_name
                    AND t.constraint_type = 'PRIMARY KEY'
                LEFT JOIN information_schema.key_column_usage k
                    ON k.constraint_schema = t.constraint_schema AND k.constraint_name = t.constraint_name
                    AND k.table_name = c.table_name AND k.column_name = c.column_name
                WHERE c.table_schema = current_schema()
                ORDER BY c.table_name, c.ordinal_position
                """
            ) { row in
                let (name, field) = (try row.get("name", as: String.self), try row.get("field", as: String.self))
                shapes[name, default: ([], [])].columns.append(field)
                if let place: Int = try row.optional("place") { shapes[name]?.key.append((place, field)) }
            }
            return shapes.map { name, shape in
                TableShape(name: name, columns: shape.columns, key: shape.key.sorted { $0.0 < $1.0 }.map(\.1))
            }.sorted { $0.name < $1.name }
        }
    }

    /// Lets references point nowhere until the end of the transaction, so that rows may come in any order.
    package static let deferReferences: SQL = "SET CONSTRAINTS ALL DEFERRED"

    /// Runs statements outside any transaction: for tests, which make and spoil schemas of their own.
    package static func execute(_ text: String, at address: String) throws {
        do { try PostgresConnection(address, target: nil, patience: 60).execute(text) } catch is PostgresConnection.Lost
        {
            throw StorageFault.unavailable
        }
    }

    // MARK: - Committing

    private func commitWaiting(_ holder: Holder) {
        let batch = commits.take()
        guard !batch.isEmpty else { return }
        do {
            try commit(batch, holder)
            for write in batch { write.finish() }
        } catch let fault as StorageFault {
            for write in batch { write.fail(fault) }
        } catch {
            for write in batch { write.fail(StorageFault.unavailable) }
        }
    }

    private func commit(_ batch: [any PendingWrite], _ holder: Holder) throws {
        var expected: (before: JournalHead?, after: JournalHead)?
        do {
            try holder.persistently(for: patience) { connection in
                // A commit that was not answered may have been done: then the journal holds just these entries.
                if let asked = expected, asked.before?.seq != asked.after.seq {
                    try connection.execute(Postgres.beginWriting)
                    let found = try connection.row(
                        "SELECT hash FROM journal WHERE seq = \(asked.after.seq) AND hash = \(asked.after.hash)")
                    try connection.execute("ROLLBACK")
                    if found != nil { return }
                }
                expected = nil
                do {
                    try connection.execute(Postgres.beginWriting)
                    let before = try Journal.head(in: EngineTransaction(connection, at: nil))
                    let after = try commits.attempt(batch, on: connection)
                    expected = (before, after)
                    try connection.execute("COMMIT")
                    expected = nil
                } catch {
                    if !connection.isLost, connection.isInTransaction { try? connection.execute("ROLLBACK") }
                    if !(error is PostgresConnection.Lost) { expected = nil }
                    throw error
                }
            }
        } catch is PostgresConnection.Lost {
            throw expected == nil ? StorageFault.unavailable : StorageFault.unknownOutcome
        }
    }

    // MARK: - The dialect: all that is PostgreSQL’s own

    /// Keeps every other writer of this schema out until the end of the transaction. What follows then sees all that
    /// was committed before.
    private static let beginWriting =
        "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('continuum ' || current_schema(), 0))"

    /// Text compares by its bytes, as SQLite’s does.
    private static func dialect(_ statement: String) -> String {
        guard statement.hasPrefix("CREATE TABLE") else { return statement }
        // References can be put off to the end of a transaction, for copies whose rows come in any order.
        return statement.split(separator: " TEXT", omittingEmptySubsequences: false)
            .joined(separator: " TEXT COLLATE \"C\"")
            .replacing(#/REFERENCES \w+ ?\(\w+\)/#) { "\($0.output) DEFERRABLE" }
    }

    /// Refuses changes to what may only be added to.
    private static func guardTables(_ connection: PostgresConnection) throws {
        for table in StorageSchema.appendOnly {
            let name = "to_regclass(current_schema() || '.\(table)')"
            let there = try connection.row("SELECT \(SQL(stringLiteral: name)) IS NOT NULL AS there")
            guard try there?.get("there") == true else { continue }
            try connection.execute(
                """
                CREATE OR REPLACE FUNCTION \(table)_append_only() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION '\(table) is append-only'; END $$;
                CREATE OR REPLACE TRIGGER \(table)_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON \(table)
                FOR EACH STATEMENT EXECUTE FUNCTION \(table)_append_only()
                """)
        }
    }

    static func verify(_ connection: PostgresConnection) throws {
        for (name, allowed) in [
            ("fsync", ["on"]), ("full_page_writes", ["on"]), ("synchronous_commit", ["on", "remote_apply"]),
        ] {
            let held = try connection.row("SELECT current_setting(\(name)) AS held")
            guard let held, allowed.contains(try held.get("held")) else {
                throw StorageFault.unsafeSetting("\(name)=\(allowed[0])")
            }
        }
    }
}
