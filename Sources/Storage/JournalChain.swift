import Cryptography
import Kernel

/// The last entry of a journal: its number and its hash, 64 hex figures.
public struct JournalHead: Hashable, Sendable {
    public let seq: Int
    public let hash: String

    public init(seq: Int, hash: String) { (self.seq, self.hash) = (seq, hash) }
}

/// One entry of the journal: what happened to what, when, by whom and why.
public struct JournalEntry: Hashable, Sendable {
    public let seq: Int
    /// The moment, as it is written.
    public let at: String
    public let kind: String
    public let actor: String
    public let purpose: String
    public let subject: String
    public let detail: String
    /// SHA-256 over the hash before it and all of the above: 64 hex figures.
    public let hash: String

    public init(
        seq: Int, at: String, kind: String, actor: String, purpose: String, subject: String, detail: String,
        hash: String
    ) {
        (self.seq, self.at, self.kind, self.actor) = (seq, at, kind, actor)
        (self.purpose, self.subject, self.detail, self.hash) = (purpose, subject, detail, hash)
    }
}

/// How each entry is bound to the one before, so that none can be changed, taken out or put in unnoticed.
///
/// See `docs/decisions/0011-journal-as-one-chain.md`.
enum Chain {
    /// What stands before the first entry: a mark of this one database, so that no other's journal fits on it.
    static func start(of database: String) -> [UInt8] {
        Sodium.digest(Array("continuum journal \(database)".utf8))
    }

    /// The hash of an entry: over the byte 0, the hash before it, and each field with its length before it.
    static func hash(after previous: [UInt8], seq: Int, _ fields: [String]) -> [UInt8] {
        var bytes: [UInt8] = [0]
        bytes.reserveCapacity(256)
        bytes += previous
        append(String(seq), to: &bytes)
        for field in fields { append(field, to: &bytes) }
        return Sodium.digest(bytes)
    }

    private static func append(_ field: String, to bytes: inout [UInt8]) {
        let count = field.utf8.count
        guard count < 1000 else {
            bytes += "\(count):".utf8
            bytes += field.utf8
            return
        }
        if count >= 100 { bytes.append(UInt8(48 + count / 100 % 10)) }
        if count >= 10 { bytes.append(UInt8(48 + count / 10 % 10)) }
        bytes.append(UInt8(48 + count % 10))
        bytes.append(58)
        bytes += field.utf8
    }
}
