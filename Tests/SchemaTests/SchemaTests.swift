import App
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `The schema` {
    private var migrations: [Migration] { StorageSchema.migrations + Application.slices.flatMap(\.migrations) }

    /// What all migrations make together, as it stands in `schema.sql`, which reviewers read.
    ///
    /// Where this fails after a new migration, write the text it shows into the file.
    @Test func `is what all migrations replayed make`() async throws {
        let database = try SQLite(inMemory: .stopped(on: "2026-11-24"))
        try await database.migrate(migrations)
        let made = try await database.read { tx in
            try tx.rows(
                """
                SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
                ORDER BY type DESC, name
                """
            ).map { try $0.get("sql", as: String.self) + ";\n" }
        }.joined(separator: "\n")
        let path = TestApp.root + "/Tests/SchemaTests/schema.sql"
        let held = try String(contentsOfFile: path, encoding: .utf8)
        #expect(made == held, "Tests/SchemaTests/schema.sql should be:\n\(made)")
    }

    @Test func `has no reference that a copy to PostgreSQL could not put off to its end`() async throws {
        let database = try await Engine.postgres.database(.stopped(on: "2026-11-24"))
        try await database.migrate(migrations)
        let (all, fixed) = try await database.read { tx in
            let count = """
                SELECT COUNT(*) AS n FROM pg_constraint
                WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
                """ as SQL
            return (
                try tx.row(count)?.get("n", as: Int.self) ?? 0,
                try tx.row("\(count) AND NOT condeferrable")?.get("n", as: Int.self) ?? -1
            )
        }
        #expect(all > 15 && fixed == 0)
    }

    @Test func `is written in portable types, every table strict`() async throws {
        for migration in migrations {
            for step in migration.steps {
                let text = step.parts.map { part in if case .text(let text) = part { text } else { "?" } }.joined()
                for word in [" INTEGER", " REAL", " BLOB", " BOOLEAN", "AUTOINCREMENT", " DATE", " NUMERIC", "SERIAL"] {
                    #expect(!text.contains(word), "\(migration.name) has \(word)")
                }
            }
        }
    }

    @Test func `has migrations in the order of their days, each named once`() throws {
        let names = migrations.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names { #expect(throws: Never.self) { try Day(iso: name.prefix(10)) } }
    }
}
