import Console
import Cryptography
import Foundation
import Kernel
import Storage

/// What a backup holds, in lines that a person can read too.
public struct Manifest: Hashable, Sendable {
    public struct Print: Hashable, Sendable {
        public let bytes: Int
        /// SHA-256, as 64 hex figures.
        public let hash: String
    }

    public let at: Instant
    /// The mark of the database.
    public let database: String
    public let head: JournalHead?
    /// By path within the backup.
    public let files: [String: Print]
    /// Rows by table.
    public let rows: [String: Int]

    /// Measures a folder that holds a database and perhaps documents.
    init(of folder: String, at moment: Instant) async throws {
        let path = folder + "/continuum.sqlite"
        guard FileManager.default.fileExists(atPath: path) else { throw Failure("The backup holds no database.") }
        var (files, rows) = ([String: Print](), [String: Int]())
        files["continuum.sqlite"] = try Manifest.print(path)
        let documents = folder + "/documents"
        for name in ((try? FileManager.default.contentsOfDirectory(atPath: documents)) ?? []).sorted() {
            files["documents/" + name] = try Manifest.print(documents + "/" + name)
        }
        let copy = try SQLite(reading: path)
        for table in try await copy.tables() { rows[table.name] = try await DatabaseCopy.count(table, in: copy) }
        (database, head) = try await copy.read { tx in
            (try Journal.database(in: tx) ?? "", try Journal.head(in: tx))
        }
        (at, self.files, self.rows) = (moment, files, rows)
    }

    /// - Throws: `Failure` where it is none.
    init(reading text: String) throws {
        func fault() -> Failure { Failure("The backup’s manifest cannot be read: it is not one of Continuum’s.") }
        var (at, database, head) = (Instant?.none, String?.none, JournalHead?.none)
        var (files, rows) = ([String: Print](), [String: Int]())
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 3).map(String.init)
            switch (parts.first, parts.count) {
            case ("continuum-backup", 3): (at, database) = (try Instant(iso: parts[1]), parts[2])
            case ("journal", 3):
                guard let seq = Digits.number(parts[1]) else { throw fault() }
                head = JournalHead(seq: seq, hash: parts[2])
            case ("file", 4):
                guard let bytes = Digits.number(parts[2]) else { throw fault() }
                files[parts[3]] = Print(bytes: bytes, hash: parts[1])
            case ("rows", 3):
                guard let count = Digits.number(parts[1]) else { throw fault() }
                rows[parts[2]] = count
            default: throw fault()
            }
        }
        guard let at, let database else { throw fault() }
        (self.at, self.database, self.head, self.files, self.rows) = (at, database, head, files, rows)
    }

    var text: String {
        var lines = ["continuum-backup \(at.iso) \(database)"]
        if let head { lines.append("journal \(head.seq) \(head.hash)") }
        lines += files.sorted { $0.key < $1.key }.map { "file \($0.value.hash) \($0.value.bytes) \($0.key)" }
        lines += rows.sorted { $0.key < $1.key }.map { "rows \($0.value) \($0.key)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads a file piece by piece, so that its size does not matter.
    private static func print(_ path: String) throws -> Print {
        guard let file = FileHandle(forReadingAtPath: path) else { throw Failure("“\(path)” cannot be read.") }
        defer { try? file.close() }
        var (bytes, hasher) = (0, Sodium.Hasher())
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            bytes += piece.count
            hasher.update([UInt8](piece))
        }
        return Print(bytes: bytes, hash: hasher.finish())
    }
}
