import Cryptography
import Kernel

/// The head of a journal as it stood at a moment, signed, so that whoever keeps it elsewhere can later tell whether the
/// journal was cut, written anew, or put back from an old copy.
public struct Checkpoint: Hashable, Sendable {
    /// The mark of the database it is of.
    public let database: String
    public let head: JournalHead
    public let at: Instant
    /// The public key it is signed by, as 64 hex figures.
    public let key: String
    public let signature: String

    public init(database: String, head: JournalHead, at: Instant, signedBy key: SigningKey) {
        (self.database, self.head, self.at, self.key) = (database, head, at, Sodium.hex(key.publicKey))
        signature = key.sign(Checkpoint.text(database, head, at))
    }

    /// One line of a file of checkpoints.
    ///
    /// - Throws: `Malformed` where it has another form, or is not signed by the key it names.
    public init(line: some StringProtocol) throws(Malformed) {
        func malformed(_ reason: String) -> Malformed { Malformed(wanted: "a checkpoint", given: line, reason: reason) }
        let parts = String(line).utf8.split(separator: 32).map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 8, parts[0] == "continuum-checkpoint", parts[1] == "1", let seq = Digits.number(parts[3]),
            Sodium.bytes(hex: parts[4])?.count == 32, let open = Sodium.bytes(hex: parts[6])
        else { throw malformed("a line is: continuum-checkpoint 1 DATABASE NUMBER HASH MOMENT KEY SIGNATURE") }
        (database, head) = (parts[2], JournalHead(seq: seq, hash: parts[4]))
        at = try Instant(iso: parts[5])
        (key, signature) = (parts[6], parts[7])
        guard SigningKey.isSigned(Checkpoint.text(database, head, at), by: open, signature: signature) else {
            throw malformed("its signature is not of this line: the line was changed, or cut short")
        }
    }

    /// Reads a file of checkpoints: a line each, empty lines left out.
    ///
    /// - Throws: `Malformed`, naming the line.
    public static func read(_ file: String) throws(Malformed) -> [Checkpoint] {
        var all: [Checkpoint] = []
        for (number, line) in file.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty {
            do { all.append(try Checkpoint(line: line)) } catch {
                throw Malformed(wanted: "a checkpoint on line \(number + 1)", reason: error.reason)
            }
        }
        return all
    }

    public var line: String { "\(Checkpoint.text(database, head, at)) \(key) \(signature)" }

    private static func text(_ database: String, _ head: JournalHead, _ at: Instant) -> String {
        "continuum-checkpoint 1 \(database) \(head.seq) \(head.hash) \(at.iso)"
    }
}

/// What going through a journal found.
public struct JournalVerification: Hashable, Sendable {
    public var entries = 0
    public var head: JournalHead?
    /// The first entry whose hash is not that of what it says and what stands before it.
    public var broken: Int?
    /// The first number that is missing.
    public var gap: Int?
    /// The first checkpoint that saw something else, by its number.
    public var disagreement: Int?
    /// An entry that says it was written before the one that it follows: the clock of its server was set back.
    public var clockSetBack: Int?

    /// 0 good, 3 broken, 4 a gap, 5 a checkpoint disagrees; the smallest that applies but 0.
    public var exitCode: Int { broken != nil ? 3 : gap != nil ? 4 : disagreement != nil ? 5 : 0 }
}

extension Journal {
    /// Goes through the whole journal, entry by entry, a page at a time.
    ///
    /// - Parameters:
    ///   - checkpoints: of this database.
    ///   - progress: told how many entries have been gone through, and how many there are.
    public static func verify(
        _ database: any Database, against checkpoints: [Checkpoint] = [],
        progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> JournalVerification {
        let mark = try await database.read { try self.database(in: $0) ?? "" }
        let last = try await head(of: database)
        var walk = Walk(mark: mark, checkpoints: checkpoints)
        while true {
            let from = walk.last
            let page = try await database.read { try entries(after: from, limit: 20_000, in: $0) }
            if page.isEmpty { break }
            for entry in page { walk.take(entry) }
            progress(walk.found.entries, max(last, walk.last))
        }
        return walk.finish()
    }

    /// The hash that this entry should have after this one before it; nil where that one’s hash is none.
    public static func expectedHash(of entry: JournalEntry, after previous: JournalEntry?, database: String) -> String?
    {
        let start = previous.map { Sodium.bytes(hex: $0.hash) } ?? Chain.start(of: database)
        return start.map { Sodium.hex(Chain.hash(after: $0, seq: entry.seq, entry.fields)) }
    }

    private struct Walk {
        var found = JournalVerification()
        var last = 0
        private var hash: [UInt8]
        private var at = ""
        private let seen: [Int: Set<String>]

        init(mark: String, checkpoints: [Checkpoint]) {
            hash = Chain.start(of: mark)
            seen = Dictionary(grouping: checkpoints, by: \.head.seq).mapValues { Set($0.map(\.head.hash)) }
        }

        mutating func take(_ entry: JournalEntry) {
            found.entries += 1
            let stored = Sodium.bytes(hex: entry.hash)
            if entry.seq != last + 1 {
                found.gap = found.gap ?? last + 1
            } else if stored != Chain.hash(after: hash, seq: entry.seq, entry.fields) {
                found.broken = found.broken ?? entry.seq
            }
            if let hashes = seen[entry.seq], hashes != [entry.hash] {
                found.disagreement = found.disagreement ?? entry.seq
            }
            if entry.at < at { found.clockSetBack = found.clockSetBack ?? entry.seq }
            (last, hash, at) = (entry.seq, stored ?? [], entry.at)
            found.head = JournalHead(seq: entry.seq, hash: entry.hash)
        }

        mutating func finish() -> JournalVerification {
            let beyond = seen.keys.filter { $0 > last }.min()
            if let beyond { found.disagreement = min(found.disagreement ?? beyond, beyond) }
            return found
        }
    }
}

extension JournalEntry {
    /// What the hash is over, besides the number.
    var fields: [String] { [at, kind, actor, purpose, subject, detail] }
}
