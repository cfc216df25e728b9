import Console
import Cryptography
import Foundation
import Glibc
import Kernel
import Storage

/// The file into which the head of the journal is signed, line by line. It may lie on another machine’s disk.
public struct CheckpointFile: Sendable {
    public let path: String
    private let key: SigningKey
    private let clock: WallClock

    /// - Parameter path: the file; otherwise `checkpoints.txt` of the folder.
    /// - Throws: `Failure` where the key cannot be read or made.
    public init(folder: String, path: String? = nil, clock: WallClock) throws {
        self.path = path ?? folder + "/checkpoints.txt"
        self.clock = clock
        guard let key = SigningKey(seed: try SecretFile(folder: folder, name: "checkpoint.key").bytes) else {
            throw Failure("The key “\(folder)/secrets/checkpoint.key” is damaged.")
        }
        self.key = key
    }

    /// The public key of a folder that has one already.
    static func publicKey(folder: String) throws -> String? {
        let path = folder + "/secrets/checkpoint.key"
        guard let text = FileManager.default.contents(atPath: path) else { return nil }
        return Sodium.bytes(hex: String(decoding: text, as: UTF8.self)).flatMap { SigningKey(seed: $0) }.map {
            Sodium.hex($0.publicKey)
        }
    }

    /// Signs the head as it stands and adds it to the file, on the disk when this returns.
    ///
    /// - Returns: nil where the journal has no entry yet.
    @discardableResult public func sign(_ database: any Database) async throws -> Checkpoint? {
        let (mark, head) = try await database.read { (try Journal.database(in: $0), try Journal.head(in: $0)) }
        guard let mark, let head else { return nil }
        let made = Checkpoint(database: mark, head: head, at: clock.now(), signedBy: key)
        try append(made.line + "\n")
        return made
    }

    private func append(_ text: String) throws {
        let file = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Failure("The file of checkpoints “\(path)” cannot be written.") }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            throw Failure("The file of checkpoints “\(path)” cannot be written.")
        }
    }
}

/// A secret of 32 bytes: made once for a data folder and readable by its owner only.
public struct SecretFile: Sendable {
    public let bytes: [UInt8]

    /// - Throws: `Failure` where it cannot be read or made.
    public init(folder: String, name: String) throws {
        let path = folder + "/secrets/" + name
        if let text = FileManager.default.contents(atPath: path) {
            guard let key = Sodium.bytes(hex: String(decoding: text, as: UTF8.self)), key.count == 32 else {
                throw Failure("The key “\(path)” is damaged. Remove it, and another is made.")
            }
            bytes = key
            return
        }
        bytes = Sodium.random(32)
        do {
            try FileManager.default.createDirectory(
                atPath: folder + "/secrets", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Failure("The folder “\(folder)/secrets” cannot be made.") }
        let made = FileManager.default.createFile(
            atPath: path, contents: Data(Sodium.hex(bytes).utf8), attributes: [.posixPermissions: 0o600])
        guard made else { throw Failure("The key “\(path)” cannot be written.") }
    }
}
