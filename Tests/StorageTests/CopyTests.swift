import Kernel
import Storage
import TestKit
import Testing

@Suite struct `A database that is copied to another` {
    private let clock = WallClock.stopped(on: "2026-11-24")
    /// Tables whose rows point to such as come later by name, written as each of our schemas writes it.
    private let migrations =
        StorageSchema.migrations + [
            Migration(
                "2026-01-01 pointing",
                "CREATE TABLE owner (id TEXT PRIMARY KEY, next TEXT REFERENCES owner(id))",
                "CREATE TABLE key (id TEXT PRIMARY KEY, owner TEXT NOT NULL REFERENCES owner (id))",
                "CREATE TABLE aspect (id TEXT PRIMARY KEY, key TEXT NOT NULL REFERENCES key(id))")
        ]

    @Test(arguments: Engine.allCases, Engine.allCases)
    func `has every row, in whatever order the tables point to each other`(from: Engine, to: Engine) async throws {
        let (source, target) = (try await from.database(clock), try await to.database(clock))
        try await source.migrate(migrations)
        try await source.write(for: .operation) { tx in
            tx.record(Event("pointing.made"))
            try tx.run("INSERT INTO owner (id, next) VALUES ('last', NULL), ('first', 'last')")
            try tx.run("INSERT INTO key (id, owner) VALUES ('k', 'first')")
            try tx.run("INSERT INTO aspect (id, key) VALUES ('a', 'k')")
        }
        let rows = try await DatabaseCopy.copy(source, to: target, migrations)
        #expect(rows["owner"] == 2 && rows["key"] == 1 && rows["aspect"] == 1)
        #expect(try await Journal.kinds(in: target) == Journal.kinds(in: source))
    }

    @Test(arguments: Engine.allCases)
    func `points nowhere at its end, or it is not made`(engine: Engine) async throws {
        let database = try await engine.database(clock)
        try await database.migrate(migrations)
        await #expect(throws: (any Error).self) {
            try await database.write(for: .operation) { tx in
                tx.record(.housekeeping)
                try tx.run(engine == .sqlite ? SQLite.deferReferences : Postgres.deferReferences)
                try tx.run("INSERT INTO key (id, owner) VALUES ('k', 'nobody')")
            }
        }
    }
}
