import Console
import Cryptography
import Foundation
import Glibc
import Kernel
import Storage

/// A copy of everything, as it is at one moment, that only the holder of a key kept elsewhere can read.
///
/// A tar archive, encrypted by age: `continuum.sqlite`, whichever engine it came from, the documents, and a manifest
/// with the hash and size of each file, the rows of each table and the head of the journal. It can be opened without
/// Continuum: `age -d -i KEY FILE | tar -x`.
public struct Backup: Sendable {
    public let database: any Database
    /// The data folder, which also holds the documents.
    public let folder: String
    public let migrations: [Migration]
    public let clock: WallClock

    public init(_ database: any Database, folder: String, migrations: [Migration], clock: WallClock) {
        (self.database, self.folder, self.migrations, self.clock) = (database, folder, migrations, clock)
    }

    /// Writes a backup while others read and write.
    ///
    /// - Parameter recipients: public keys of age, each of whose holders can read it.
    /// - Returns: what is in it.
    /// - Throws: `Failure`; a fault of the database.
    @discardableResult public func write(to path: String, for recipients: [String]) async throws -> Manifest {
        let stage = try Stage(in: folder)
        defer { stage.remove() }
        try await snapshot(to: stage.path + "/continuum.sqlite")
        try linkDocuments(into: stage.path + "/documents")
        let manifest = try await Manifest(of: stage.path, at: clock.now())
        try Data(manifest.text.utf8).write(to: URL(filePath: stage.path + "/manifest.txt"))
        let partial = path + ".partial"
        let age = ["age", "--encrypt"] + recipients.flatMap { ["-r", $0] }
        do {
            try await Programs.run(
                [["tar", "-C", stage.path, "-cf", "-", "."], age], output: partial, what: "The backup")
        } catch {
            unlink(partial)
            throw error
        }
        try Disk.sync(partial)
        guard rename(partial, path) == 0 else { throw Failure("“\(path)” cannot be written.") }
        try Disk.sync(Disk.folder(of: path))
        return manifest
    }

    private func snapshot(to path: String) async throws {
        if let database = database as? SQLite { return try await database.snapshot(to: path) }
        let copy = try SQLite(path: path, clock: clock)
        try await DatabaseCopy.copy(database, to: copy, migrations)
        try await copy.settle()
    }

    /// Documents never change, so links to them are as good as copies.
    private func linkDocuments(into path: String) throws {
        let source = folder + "/documents"
        guard FileManager.default.fileExists(atPath: source) else { return }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: source) where !name.hasPrefix(".") {
            guard link(source + "/" + name, path + "/" + name) == 0 else {
                throw Failure("The document “\(name)” cannot be backed up.")
            }
        }
    }

    /// Takes a backup apart into a new folder and checks everything that its manifest says.
    ///
    /// - Parameters:
    ///   - identity: the file with the private key.
    ///   - target: the folder to make; it must not be there, or be empty.
    /// - Throws: `Failure`, saying what is wrong with the backup: then there is no new folder.
    @discardableResult public static func restore(
        _ path: String, identity: String, to target: String, clock: WallClock, migrations: [Migration]
    ) async throws -> Manifest {
        let held = (try? FileManager.default.contentsOfDirectory(atPath: target)) ?? []
        guard held.isEmpty else {
            throw Failure("The folder “\(target)” is not empty. A backup is restored into a new one.")
        }
        guard FileManager.default.fileExists(atPath: path) else { throw Failure("There is no file “\(path)”.") }
        let partial = target + ".partial"
        try? FileManager.default.removeItem(atPath: partial)
        try FileManager.default.createDirectory(
            atPath: partial, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do {
            try await Programs.run(
                [["age", "--decrypt", "-i", identity], ["tar", "-C", partial, "--no-same-owner", "-xf", "-"]],
                input: path, what: "Reading the backup")
            let manifest = try await check(partial, clock: clock, migrations: migrations)
            rmdir(target)
            guard rename(partial, target) == 0 else { throw Failure("The folder “\(target)” cannot be made.") }
            try Disk.sync(Disk.folder(of: target))
            return manifest
        } catch {
            try? FileManager.default.removeItem(atPath: partial)
            throw error
        }
    }

    /// - Throws: `Failure` where a file is missing, changed or too many, or the database is not what it was.
    private static func check(_ folder: String, clock: WallClock, migrations: [Migration]) async throws -> Manifest {
        guard let text = FileManager.default.contents(atPath: folder + "/manifest.txt") else {
            throw Failure("The backup has no manifest: it was cut short, or is not one of Continuum’s.")
        }
        let said = try Manifest(reading: String(decoding: text, as: UTF8.self))
        unlink(folder + "/manifest.txt")
        let found = try await Manifest(of: folder, at: said.at)
        for (name, print) in said.files where found.files[name] != print {
            throw Failure(
                "The backup’s “\(name)” is \(found.files[name] == nil ? "missing" : "not as it was written").")
        }
        guard found.files.count == said.files.count else { throw Failure("The backup holds files it does not name.") }
        for (table, rows) in said.rows where found.rows[table] != rows {
            throw Failure("The backup’s table “\(table)” has \(found.rows[table] ?? 0) rows, not \(rows).")
        }
        guard found.head == said.head, found.database == said.database else {
            throw Failure("The backup’s journal does not end where its manifest says.")
        }
        let database = try SQLite(path: folder + "/continuum.sqlite", clock: clock)
        let wrong = try await database.check()
        guard wrong.isEmpty else { throw Failure("The backup’s database is damaged: \(wrong[0]).") }
        try await database.migrate(migrations)
        let journal = try await Journal.verify(database)
        guard journal.exitCode == 0 else {
            throw Failure("The backup’s journal is not whole. Prove it with: continuum journal verify.")
        }
        try await database.settle()
        return said
    }

    /// Writes a backup that a key made for this moment can read too, restores it, compares it, and forgets the key: so
    /// a backup is known to be good, though the server cannot read the ones it keeps.
    ///
    /// - Parameter path: where to keep the backup; nil throws it away after the drill.
    /// - Throws: `Failure`, saying what was not restored as it was.
    @discardableResult public func drill(
        keeping path: String? = nil, for recipients: [String] = [], progress: (Int, Int) -> Void = { _, _ in }
    ) async throws -> Manifest {
        let stage = try Stage(in: folder)
        defer { stage.remove() }
        let key = stage.path + "/drill.key"
        try await Programs.run([["age-keygen", "-o", key]], what: "Making a key for the drill")
        try Data().write(to: URL(filePath: stage.path + "/drill.pub"))
        try await Programs.run([["age-keygen", "-y", key]], output: stage.path + "/drill.pub", what: "Making a key")
        let own = try String(contentsOfFile: stage.path + "/drill.pub", encoding: .utf8).trimmed
        let file = path ?? stage.path + "/backup.tar.age"
        progress(1, 3)
        let written = try await write(to: file, for: recipients + [own])
        progress(2, 3)
        let restored = try await Backup.restore(
            file, identity: key, to: stage.path + "/restored", clock: clock, migrations: migrations)
        guard restored == written else { throw Failure("The drill restored something else than was written.") }
        let head = written.head
        try await database.write(for: .system) { tx in
            try Settings.set(Backup.lastDrill, to: tx.now.iso, in: tx)
            tx.record(Event("backup.drilled", subject: head?.hash ?? "", detail: "entry=\(head?.seq ?? 0)"))
        }
        progress(3, 3)
        return written
    }

    /// The setting that says when a backup was last restored and found whole.
    public static let lastDrill = "backup.last-drill"
}

/// A folder to work in, beside the data, that only this account can read.
struct Stage {
    let path: String

    init(in folder: String) throws {
        path = folder + "/stage-" + Sodium.hex(Sodium.random(6))
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Failure("The folder “\(path)” cannot be made.") }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Makes sure that what was written is on the disk.
enum Disk {
    static func sync(_ path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0, fsync(file) == 0 else { throw Failure("“\(path)” could not be kept on the disk.") }
        close(file)
    }

    static func folder(of path: String) -> String {
        let parent = URL(filePath: path).deletingLastPathComponent().path
        return parent.isEmpty ? "." : parent
    }
}
