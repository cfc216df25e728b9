import Foundation
import Kernel
import Storage
import TestKit
import Testing

@Suite struct `A database` {
    let clock = WallClock.stopped(on: "2026-11-24")
    let notes = Migration(
        "2026-01-01 notes",
        """
        CREATE TABLE note (
            id   BIGINT PRIMARY KEY,
            text TEXT NOT NULL CHECK (text <> ''),
            size DOUBLE PRECISION
        )
        """)

    private func new(_ engine: Engine) async throws -> any Database {
        let database = try await engine.database(clock)
        try await database.migrate(StorageSchema.migrations + [notes])
        return database
    }

    private func add(_ id: Int, _ text: String, to database: any Database) async throws {
        try await database.write(for: .operation) { tx in
            try tx.run("INSERT INTO note (id, text) VALUES (\(id), \(text))")
            tx.record(Event("note.added", subject: String(id)))
        }
    }

    private func texts(_ database: any Database) async throws -> [String] {
        try await database.read { try $0.rows("SELECT text FROM note ORDER BY id").map { try $0.get("text") } }
    }

    @Test(arguments: Engine.allCases) func `binds values and never pastes them`(engine: Engine) async throws {
        let database = try await new(engine)
        try await add(1, "'); DROP TABLE note; --", to: database)
        #expect(try await texts(database) == ["'); DROP TABLE note; --"])
    }

    @Test(arguments: Engine.allCases) func `refuses a write that tells the journal nothing`(engine: Engine) async throws
    {
        let database = try await new(engine)
        await #expect(throws: StorageFault.silentWrite) {
            try await database.write(for: .operation) { try $0.run("INSERT INTO note (id, text) VALUES (1, 'x')") }
        }
        #expect(try await texts(database).isEmpty)
    }

    @Test(arguments: Engine.allCases) func `undoes a write that throws, and leaves its neighbours`(engine: Engine)
        async throws
    {
        let database = try await new(engine)
        await withTaskGroup(of: Void.self) { group in
            for number in 1...60 {
                group.addTask { try? await self.add(number, number % 3 == 0 ? "" : "note \(number)", to: database) }
            }
        }
        #expect(try await texts(database).count == 40)
        #expect(try await Journal.kinds(in: database).count(where: { $0 == "note.added" }) == 40)
    }

    @Test(arguments: Engine.allCases) func `numbers the journal without gaps`(engine: Engine) async throws {
        let database = try await new(engine)
        for number in 1...5 { try await add(number, "n", to: database) }
        #expect(try await Journal.head(of: database) == 6)
        #expect(try await Journal.kinds(after: 3, in: database) == (6, ["note.added"]))
    }

    @Test(arguments: Engine.allCases) func `keeps types strictly`(engine: Engine) async throws {
        let database = try await new(engine)
        await #expect(throws: (any Error).self) {
            try await database.write(for: .operation) { tx in
                try tx.run("INSERT INTO note (id, text, size) VALUES (1, 'x', 'large')")
                tx.record(Event("note.added"))
            }
        }
        await #expect(throws: StorageFault.self) {
            try await database.read { tx in
                _ = try tx.row("SELECT 1 AS one")?.get("two", as: Int.self)
            }
        }
        await #expect(throws: StorageFault.self) {
            try await database.read { tx in _ = try tx.row("SELECT 'x' AS one")?.get("one", as: Int.self) }
        }
    }

    @Test(arguments: Engine.allCases) func `lists in a question match what they hold, and empty ones nothing`(
        engine: Engine
    ) async throws {
        let database = try await new(engine)
        for number in 1...4 { try await add(number, "n\(number)", to: database) }
        let found = try await database.read { tx in
            try tx.rows("SELECT text FROM note WHERE id IN \([2, 3]) ORDER BY id").map {
                try $0.get("text", as: String.self)
            }
        }
        #expect(found == ["n2", "n3"])
        let none = try await database.read { try $0.rows("SELECT text FROM note WHERE id IN \([Int]())").count }
        #expect(none == 0)
    }

    @Test(arguments: Engine.allCases) func `refuses a migration that was edited, and a folder from a newer version`(
        engine: Engine
    ) async throws {
        let database = try await new(engine)
        await #expect(throws: StorageFault.editedMigration(notes.name)) {
            try await database.migrate(
                StorageSchema.migrations + [Migration(notes.name, "CREATE TABLE other (id BIGINT)")])
        }
        await #expect(throws: StorageFault.newerSchema(notes.name)) {
            try await database.migrate(StorageSchema.migrations)
        }
        try await database.migrate(StorageSchema.migrations + [notes])
    }

    @Test(arguments: Engine.allCases) func `answers from a copy that may lag, where one will do`(engine: Engine)
        async throws
    {
        let database = try await new(engine)
        try await add(1, "one", to: database)
        let found = try await database.read(.mayLag) { tx in
            try tx.row("SELECT text FROM note")?.get("text", as: String.self)
        }
        #expect(found == "one")
    }

    @Test(arguments: Engine.allCases) func `refuses text that one of the engines cannot hold`(engine: Engine)
        async throws
    {
        let database = try await new(engine)
        await #expect(throws: StorageFault.nulCharacter) { try await self.add(1, "a\u{0}b", to: database) }
        try await add(1, "é 🙂 '\" \\ %", to: database)
        #expect(try await texts(database) == ["é 🙂 '\" \\ %"])
    }

    @Test(arguments: Engine.allCases) func `hands over long answers a few at a time`(engine: Engine) async throws {
        let database = try await new(engine)
        try await database.write(for: .operation) { tx in
            for number in 0..<5000 { try tx.run("INSERT INTO note (id, text) VALUES (\(number), 'x')") }
            tx.record(Event("note.added"))
        }
        let sum = try await database.read { tx in
            var sum = 0
            try tx.stream("SELECT id FROM note ORDER BY id") { sum += try $0.get("id") }
            return sum
        }
        #expect(sum == 5000 * 4999 / 2)
        let total = try await database.read { try $0.row("SELECT SUM(id) AS n FROM note")?.get("n", as: Int.self) }
        #expect(total == sum)
    }
}
