import Foundation
import Kernel
import Storage
import TestKit
import Testing

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
            try await database.write(for: .operation) { tx in try Settings.set("colour", to: "teal", in: tx) }
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

@Suite struct `A full disk` {
    /// SQLite answers a file that may not grow as it does a disk that is full.
    @Test func `gives up its reserve first, then refuses writes and answers reads, and goes on when there is room`()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.path + "/continuum-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let reserve = Reserve(path: folder + "/reserve", bytes: 1_048_576)
        #expect(reserve.hold() && reserve.isHeld)
        let path = folder + "/continuum.sqlite"
        let database = try SQLite(path: path, clock: .stopped(on: "2026-11-24"), reserve: reserve)
        try await database.migrate(StorageSchema.migrations)
        func mayGrow(by pages: Int) async throws {
            let held = try await database.read { try $0.row("PRAGMA page_count")?.get("page_count", as: Int.self) ?? 0 }
            try await database.write(for: .system) { tx in
                tx.record(.housekeeping)
                try tx.run("PRAGMA max_page_count = \(SQL(stringLiteral: String(held + pages)))")
            }
        }
        try await mayGrow(by: 3)
        var written = 0
        await #expect(throws: StorageFault.full) {
            for number in 0..<1000 {
                try await database.write(for: .operation) { tx in
                    try Settings.set("s\(number)", to: String(repeating: "x", count: 500), in: tx)
                }
                written += 1
            }
        }
        #expect(written > 0 && !reserve.isHeld)
        let (settings, journal) = try await database.read { tx in
            (
                try tx.row("SELECT COUNT(*) AS n FROM setting WHERE name LIKE 's%'")?.get("n", as: Int.self),
                try Journal.head(in: tx)?.seq
            )
        }
        #expect(settings == written && journal == written + 1)
        try await mayGrow(by: 1000)
        try await database.write(for: .operation) { tx in try Settings.set("after", to: "all", in: tx) }
        #expect(try await Journal.verify(database).exitCode == 0)
        #expect(reserve.hold())
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
