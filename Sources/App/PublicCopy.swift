import ArgumentParser
import Console
import Cryptography
import Foundation
import Kernel
import Logging
import OfferServer
import Operations
import ServiceLifecycle
import Storage
import Synchronization
import Web

/// The public site’s own database: a copy of what is published, in `DIR/public`, that holds nothing of anybody.
struct PublicCopy: Sendable {
    /// The data folder.
    let folder: String

    var path: String { folder + "/public/continuum.sqlite" }

    /// Makes the copy anew and puts it in the place of the one before, all at once.
    ///
    /// Others may then pass through the data folder, though not list it; what else is in it stays its owner’s.
    /// - Throws: a fault of either database or of the disk.
    func make(from database: any Database) async throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder + "/public", withIntermediateDirectories: true)
        let stage = folder + "/stage-\(Sodium.hex(Sodium.random(8)))"
        try manager.createDirectory(atPath: stage, withIntermediateDirectories: true)
        defer { try? manager.removeItem(atPath: stage) }
        let copy = try SQLite(path: stage + "/copy.sqlite", clock: Application.clock)
        try await DatabaseCopy.copy(
            database, to: copy, StorageSchema.migrations + offer.migrations, only: publicTables)
        let city = try await database.read { try Settings.value(Settings.demonstration, in: $0) }
        try await copy.write(for: .system) { tx in
            tx.record(.housekeeping)
            if let city { try Settings.set(Settings.demonstration, to: city, in: tx) }
        }
        // Another file, without a log of changes, so that who may not write can read it.
        try await copy.snapshot(to: stage + "/public.sqlite")
        try manager.setAttributes([.posixPermissions: 0o644], ofItemAtPath: stage + "/public.sqlite")
        try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/public")
        try manager.setAttributes([.posixPermissions: 0o711], ofItemAtPath: folder)
        guard rename(stage + "/public.sqlite", path) == 0 else {
            throw Failure("The public copy cannot be put at “\(path)”.")
        }
    }

    /// Makes it anew where there is one and what is published has changed since.
    func makeWhereOld(from database: any Database) async throws {
        guard let made = FileFacts(path)?.changed else { return }
        let changed = try await database.read { try Journal.last(publicChanges, in: $0) }
        guard let changed, changed.milliseconds >= made else { return }
        try await make(from: database)
    }

    /// Keeps the copy up to what is published, where there is one.
    var slice: Slice {
        Slice(
            "Public copy", migrations: [], routes: [],
            jobs: [
                Job("make the public copy anew", every: 60) { [self] run in
                    try await makeWhereOld(from: run.database)
                }
            ])
    }
}

/// `continuum publish`: makes the copy that `serve --only Offer` reads.
struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Make the copy of the Local Offer that serve --only Offer reads.",
        discussion: "Once there is one, the server makes it anew within a minute of each change.")

    @OptionGroup var data: DataOptions

    func run() async throws {
        try await Console.run {
            let copy = PublicCopy(folder: data.folder)
            try await copy.make(from: try await data.open())
            Console.tell("What is published stands in \(copy.path).")
        }
    }
}

/// The public copy as a database: read only, and opened again where another file has taken its place.
final class PublishedDatabase: Database {
    private struct Held {
        var database: SQLite
        var mark: FileFacts?
    }
    private let path: String
    private let held: Mutex<Held>

    /// - Throws: `Failure` where there is none.
    init(path: String) throws {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw Failure("There is no public copy at “\(path)”. Whoever owns the data makes one by: continuum publish")
        }
        self.path = path
        held = Mutex(Held(database: try SQLite(reading: path), mark: FileFacts(path)))
    }

    /// Opens the file again where it is another.
    ///
    /// - Returns: whether it was.
    func refresh() throws -> Bool {
        let mark = FileFacts(path)
        guard mark != nil, mark != held.withLock({ $0.mark }) else { return false }
        let database = try SQLite(reading: path)
        held.withLock { $0 = Held(database: database, mark: mark) }
        return true
    }

    var engine: String { "SQLite" }

    func read<T: Sendable>(
        _ freshness: Freshness, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T { try await held.withLock { $0.database }.read(freshness, body) }

    /// Nothing is written here.
    func write<T: Sendable>(
        for scope: Scope, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T { throw StorageFault.unavailable }

    func migrate(_ migrations: [Migration], beginsJournal: Bool) async throws {}

    func tables() async throws -> [TableShape] { try await held.withLock { $0.database }.tables() }
}

/// Makes what is kept in memory anew where another copy has been published.
struct CopyFollower: Service {
    let shelf: Shelf
    let database: PublishedDatabase
    let share: Share
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(2))
                if Task.isCancelled { return }
                do { if try database.refresh() { try await shelf.prepare(database, share) } } catch {
                    logger.error("reading the public copy failed", metadata: ["type": "\(type(of: error))"])
                }
            }
        }
    }
}
