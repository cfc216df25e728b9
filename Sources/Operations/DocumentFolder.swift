import Console
import Cryptography
import Documents
import Foundation
import Glibc
import Kernel
import Storage
import Web

/// Documents that families and professionals hand in: each a file named by its own hash, so that it can neither be
/// changed unnoticed nor kept twice.
public struct DocumentFolder: Sendable {
    private let database: any Database
    private let path: String
    private let antivirus: Antivirus?

    /// - Parameters:
    ///   - folder: the data folder.
    ///   - antivirus: what looks for viruses in each document before it is kept.
    public init(_ database: any Database, folder: String, antivirus: Antivirus? = nil) {
        (self.database, path, self.antivirus) = (database, folder + "/documents", antivirus)
    }

    /// Keeps a document: looked into, written, on the disk, and only then in its row. Kept again it is not kept twice.
    ///
    /// - Parameter name: what its sender calls it; read for its ending, and kept nowhere.
    /// - Throws: `DocumentFault` or `Antivirus.Fault` where it is refused; `Failure`; a fault of the database.
    public func add(_ bytes: [UInt8], named name: String, for scope: Scope) async throws -> DocumentRow {
        let type = try inspect(bytes, named: name)
        let hash = Sodium.sha256(bytes)
        try await keep(bytes, as: hash)
        return try await database.write(for: scope) { tx in
            _ = try DocumentRows.add(hash, type: type.rawValue, bytes: bytes.count, in: tx)
            guard let row = try DocumentRows.row(hash, in: tx) else { throw Failure("The document was not kept.") }
            return row
        }
    }

    /// The bytes of a document, if they are still what they were.
    ///
    /// - Throws: `Failure` where the file is missing or was changed.
    public func bytes(of hash: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path + "/" + hash) else {
            throw Failure("The document \(hash.prefix(12)) is missing. Restore it from a backup.")
        }
        let bytes = [UInt8](data)
        guard Sodium.sha256(bytes) == hash else {
            throw Failure("The document \(hash.prefix(12)) was changed. Restore it from a backup.")
        }
        return bytes
    }

    /// The answer that hands a document to a browser: always to be saved, never shown as a page of this site.
    public func reply(_ row: DocumentRow) throws -> Reply {
        let type = DocumentType(rawValue: row.type)
        let ending = type?.extensions.first ?? "bin"
        var reply = Reply(body: .bytes(try bytes(of: row.hash), type: type?.mime ?? "application/octet-stream"))
        reply.headers.append(
            ("Content-Disposition", "attachment; filename=\"document-\(row.hash.prefix(12)).\(ending)\""))
        return reply
    }

    /// Reads every document again, and takes away files that belong to no row and are older than a day.
    ///
    /// - Returns: how many were read, and which are missing or changed.
    public func scrub(now: Instant, progress: (Int, Int) -> Void = { _, _ in }) async throws -> (
        read: Int, damaged: [String]
    ) {
        var (last, read, damaged) = ("", 0, [String]())
        while true {
            let rows = try await database.read { [last] in try DocumentRows.rows(after: last, limit: 200, in: $0) }
            guard let end = rows.last else { break }
            var broken = Set<String>()
            for row in rows where (try? bytes(of: row.hash)) == nil { broken.insert(row.hash) }
            let found = broken
            try await database.write(for: .system) { tx in
                for row in rows { try DocumentRows.mark(row.hash, isDamaged: found.contains(row.hash), in: tx) }
            }
            read += rows.count
            damaged += broken.sorted()
            progress(read, read)
            last = end.hash
        }
        try await removeStrays(now: now)
        return (read, damaged)
    }

    // MARK: - Files

    /// Under another name first, so that a file of its own name is always whole.
    private func keep(_ bytes: [UInt8], as hash: String) async throws {
        let file = path + "/" + hash
        if (try? self.bytes(of: hash)) != nil { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Failure("The folder of documents cannot be made.") }
        let partial = path + "/.partial-" + Sodium.hex(Sodium.random(8))
        defer { unlink(partial) }
        guard
            FileManager.default.createFile(
                atPath: partial, contents: Data(bytes), attributes: [.posixPermissions: 0o400])
        else { throw Failure("The document cannot be written: the disk may be full.") }
        try await antivirus?.scan(partial)
        try Disk.sync(partial)
        guard rename(partial, file) == 0 else { throw Failure("The document cannot be written.") }
        try Disk.sync(path)
    }

    /// Files of no row: left where a computer stopped between the file and its row, or before the file was whole.
    private func removeStrays(now: Instant) async throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names {
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/" + name)
            let changed = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            guard Double(now.milliseconds) / 1000 - changed > 86_400 else { continue }
            if try await database.read({ try DocumentRows.row(name, in: $0) }) == nil { unlink(path + "/" + name) }
        }
    }
}
