import Foundation

extension Linker {
    /// Pairs less likely than this are not written.
    public static let least = 0.001

    /// Writes every pair of 0.001 or more: `record_id_l,record_id_r,match_probability`.
    ///
    /// - Returns: how many.
    /// - Throws: ``LinkageError/unwritable(_:_:)``; then no file of that name is left half-written.
    @discardableResult
    public func writePairs(_ path: String) throws -> Int {
        let file = try OutputFile(path, header: "record_id_l,record_id_r,match_probability\n")
        var (written, place) = (0, 0)
        for part in found {
            let pieces = max(1, min(64, part.count / 20_000))
            let first = place
            let texts = mapped(pieces) { piece -> (Buffer<UInt8>, Int) in
                self.pairs(part.pairs, part.count * piece / pieces..<part.count * (piece + 1) / pieces, first)
            }
            for (text, count) in texts {
                try file.write(text)
                written += count
            }
            place += part.count
        }
        let (text, ids) = (Buffer<UInt8>(), IDs(records))
        for pair in implied {
            let chance = probability(pair.weight + pair.context)
            guard chance >= Self.least else { continue }
            line(pair.one, pair.other, chance, ids, text)
            written += 1
        }
        try file.write(text)
        try file.finish()
        return written
    }

    private func pairs(_ pairs: Buffer<Pair>, _ range: Range<Int>, _ first: Int) -> (Buffer<UInt8>, Int) {
        let text = Buffer<UInt8>(capacity: range.count * 32 + 64)
        let (ids, all, context) = (IDs(records), pairs.base, clustering.context.base + first)
        var written = 0
        odds.withUnsafeBufferPointer { odds in
            for index in range {
                let pair = all[index]
                let chance = probability(odds[Int(pair.pattern)] + context[index])
                guard chance >= Self.least else { continue }
                line(pair.one, pair.other, chance, ids, text)
                written += 1
            }
        }
        return (text, written)
    }

    @inline(__always)
    private func line(_ one: UInt32, _ other: UInt32, _ chance: Double, _ ids: IDs, _ text: Buffer<UInt8>) {
        text.reserve(ids.longest * 2 + 16)
        let start = text.end
        var at = start + ids.write(one, start)
        at[0] = 44
        at += 1 + ids.write(other, at + 1)
        at[0] = 44
        var digits = Int((chance * 1e9).rounded())
        at[1] = digits >= 1_000_000_000 ? 49 : 48
        at[2] = 46
        for place in stride(from: 11, to: 2, by: -1) {
            at[place] = UInt8(truncatingIfNeeded: 48 + digits % 10)
            digits /= 10
        }
        at[12] = 10
        text.wrote(at + 13 - start)
    }

    /// Writes the cluster of every record: `record_id,cluster_id`, each called by the id of its first record.
    ///
    /// - Returns: how many clusters there are.
    /// - Throws: ``LinkageError/unwritable(_:_:)``.
    @discardableResult
    public func writeClusters(_ path: String) throws -> Int {
        let file = try OutputFile(path, header: "record_id,cluster_id\n")
        let pieces = max(1, min(64, records.count / 50_000))
        let texts = mapped(pieces) { piece -> (Buffer<UInt8>, Int) in
            let range = records.count * piece / pieces..<records.count * (piece + 1) / pieces
            let text = Buffer<UInt8>(capacity: range.count * 24 + 64)
            let (ids, cluster) = (IDs(records), clustering.cluster.base)
            var first = 0
            for record in range {
                let own = cluster[record]
                if Int(own) == record { first += 1 }
                text.reserve(ids.longest * 2 + 2)
                let start = text.end
                var at = start + ids.write(UInt32(record), start)
                at[0] = 44
                at += 1 + ids.write(own, at + 1)
                at[0] = 10
                text.wrote(at + 1 - start)
            }
            return (text, first)
        }
        for (text, _) in texts { try file.write(text) }
        try file.finish()
        return texts.reduce(0) { $0 + $1.1 }
    }

    /// Writes what was learnt, as JSON.
    ///
    /// - Throws: ``LinkageError/unwritable(_:_:)``.
    public func writeModel(_ path: String) throws {
        try OutputFile(path, header: String(decoding: try model.bytes, as: UTF8.self)).finish()
    }
}

/// Writes ids as cells: within quote marks where they have a comma or one of them.
private struct IDs: BitwiseCopyable {
    private let short: UnsafePointer<UInt8>?
    private let size: Int
    private let cells: UnsafePointer<Cell>
    /// The most bytes that one may take.
    let longest: Int

    init(_ records: Records) {
        short = records.shortIDs.map { UnsafePointer($0.base) }
        size = records.shortID
        cells = UnsafePointer(records.ids.base)
        longest = short != nil ? size : 2 + 2 * records.longestID
    }

    /// - Returns: how many bytes were written.
    @inline(__always)
    func write(_ record: UInt32, _ to: UnsafeMutablePointer<UInt8>) -> Int {
        if let short {
            let place = short + Int(record) * size
            let length = Int(place[0])
            memcpy(to, place + 1, length)
            return length
        }
        return writeCell(cells[Int(record)], to)
    }

    @inline(never)
    private func writeCell(_ cell: Cell, _ to: UnsafeMutablePointer<UInt8>) -> Int {
        guard cell.bytes.contains(where: { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 }) else {
            memcpy(to, cell.start, cell.length)
            return cell.length
        }
        to[0] = 34
        var at = 1
        for byte in cell.bytes {
            if byte == 34 {
                to[at] = 34
                at += 1
            }
            to[at] = byte
            at += 1
        }
        to[at] = 34
        return at + 1
    }
}

/// A file that is there whole or not at all: written beside its name, and renamed at the end.
final class OutputFile {
    private let path: String
    private let beside: String
    private var file: Int32

    init(_ path: String, header: String) throws {
        self.path = path
        beside = "\(path).part-\(getpid())"
        var about = stat()
        // Renaming would put a file in the place of a device or a pipe.
        if stat(path, &about) == 0, about.st_mode & S_IFMT != S_IFREG {
            file = -1
            throw LinkageError.unwritable(path, "it is there and is not a file")
        }
        file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw LinkageError.unwritable(path, String(cString: strerror(errno))) }
        let text = Buffer<UInt8>()
        for byte in header.utf8 { text.append(byte) }
        try write(text)
    }

    deinit {
        if file >= 0 {
            close(file)
            unlink(beside)
        }
    }

    func write(_ text: Buffer<UInt8>) throws {
        var at = 0
        while at < text.count {
            let count = Foundation.write(file, text.base + at, text.count - at)
            guard count > 0 else {
                if errno == EINTR { continue }
                throw LinkageError.unwritable(path, String(cString: strerror(errno)))
            }
            at += count
        }
    }

    func finish() throws {
        guard close(file) == 0, rename(beside, path) == 0 else {
            file = -1
            throw LinkageError.unwritable(path, String(cString: strerror(errno)))
        }
        file = -1
    }
}

/// How likely it is that two records are of one child, from the logarithm of the odds.
@inline(__always)
func probability(_ odds: Float) -> Double {
    1 / (1 + exp(-Double(odds)))
}
