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

    private func memory() async throws -> SQLite {
        let database = try SQLite(inMemory: clock)
        try await database.migrate(StorageSchema.migrations + [notes])
        return database
    }

    private func add(_ id: Int, _ text: String, to database: SQLite) async throws {
        try await database.write(as: .operator_) { tx in
            try tx.run("INSERT INTO note (id, text) VALUES (\(id), \(text))")
            tx.record(Event("note.added", subject: String(id)))
        }
    }

    private func texts(_ database: SQLite) async throws -> [String] {
        try await database.read { try $0.rows("SELECT text FROM note ORDER BY id").map { try $0.get("text") } }
    }

    @Test func `binds values and never pastes them`() async throws {
        let database = try await memory()
        try await add(1, "'); DROP TABLE note; --", to: database)
        #expect(try await texts(database) == ["'); DROP TABLE note; --"])
    }

    @Test func `refuses a write that tells the journal nothing`() async throws {
        let database = try await memory()
        await #expect(throws: StorageFault.silentWrite) {
            try await database.write(as: .operator_) { try $0.run("INSERT INTO note (id, text) VALUES (1, 'x')") }
        }
        #expect(try await texts(database).isEmpty)
    }

    @Test func `undoes a write that throws, and leaves its neighbours`() async throws {
        let database = try await memory()
        await withTaskGroup(of: Void.self) { group in
            for number in 1...60 {
                group.addTask { try? await self.add(number, number % 3 == 0 ? "" : "note \(number)", to: database) }
            }
        }
        #expect(try await texts(database).count == 40)
        #expect(try await Journal.kinds(in: database).count(where: { $0 == "note.added" }) == 40)
    }

    @Test func `numbers the journal without gaps`() async throws {
        let database = try await memory()
        for number in 1...5 { try await add(number, "n", to: database) }
        #expect(try await Journal.head(of: database) == 5)
        #expect(try await Journal.kinds(after: 3, in: database) == (5, ["note.added"]))
    }

    @Test func `keeps types strictly`() async throws {
        let database = try await memory()
        await #expect(throws: (any Error).self) {
            try await database.write(as: .operator_) { tx in
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

    @Test func `lists in a question match what they hold, and empty ones nothing`() async throws {
        let database = try await memory()
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

    @Test func `refuses a migration that was edited, and a folder from a newer version`() async throws {
        let database = try await memory()
        await #expect(throws: StorageFault.editedMigration(notes.name)) {
            try await database.migrate(
                StorageSchema.migrations + [Migration(notes.name, "CREATE TABLE other (id BIGINT)")])
        }
        await #expect(throws: StorageFault.newerSchema(notes.name)) {
            try await database.migrate(StorageSchema.migrations)
        }
        try await database.migrate(StorageSchema.migrations + [notes])
    }
}

@Suite struct `A database file` {
    private func folder() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/continuum-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test func `keeps what was acknowledged, with full synchronisation, and can be opened again`() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = WallClock.stopped(on: "2026-11-24")
        do {
            let database = try SQLite(path: folder + "/continuum.sqlite", clock: clock)
            try await database.migrate(StorageSchema.migrations)
            try await database.write(as: .operator_) { tx in try Settings.set("colour", to: "teal", in: tx) }
        }
        let again = try SQLite(path: folder + "/continuum.sqlite", clock: clock)
        try await again.migrate(StorageSchema.migrations)
        #expect(try await again.read { try Settings.value("colour", in: $0) } == "teal")
        #expect(try await again.durability() == ["synchronous": "2", "journal_mode": "wal", "foreign_keys": "1"])
    }

    @Test func `is refused where it is no database`() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("this is not a database, but long enough to be looked at twice".utf8)
            .write(to: URL(filePath: folder + "/continuum.sqlite"))
        #expect(throws: (any Error).self) {
            try SQLite(path: folder + "/continuum.sqlite", clock: .stopped(on: "2026-11-24"))
        }
    }
}

@Suite struct `A file to be read` {
    @Test func `is refused by name where it is absent, a folder or too large`() {
        #expect(throws: FileFault.unreadable("/nowhere/x.csv")) { try Files.bytes("/nowhere/x.csv") }
        #expect(throws: FileFault.isFolder("/tmp")) { try Files.bytes("/tmp") }
        let large = TestApp.root + "/share/postcodes/birmingham_postcodes.csv"
        #expect(throws: FileFault.tooLarge(large, megabytes: 1)) { try Files.bytes(large, limit: 1) }
    }
}
