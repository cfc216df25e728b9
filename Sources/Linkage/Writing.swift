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
        let text = Buffer<UInt8>()
        for pair in implied {
            let chance = probability(pair.weight + pair.context)
            guard chance >= Self.least else { continue }
            line(pair.one, pair.other, chance, text)
            written += 1
        }
        try file.write(text)
        try file.finish()
        return written
    }

    private func pairs(_ pairs: Buffer<Pair>, _ range: Range<Int>, _ first: Int) -> (Buffer<UInt8>, Int) {
        let text = Buffer<UInt8>(capacity: range.count * 32 + 64)
        var written = 0
        for index in range {
            let pair = pairs.base[index]
            let chance = probability(odds[Int(pair.pattern)] + clustering.context.base[first + index])
            guard chance >= Self.least else { continue }
            line(pair.one, pair.other, chance, text)
            written += 1
        }
        return (text, written)
    }

    private func line(_ one: UInt32, _ other: UInt32, _ chance: Double, _ text: Buffer<UInt8>) {
        id(one, text)
        text.append(44)
        id(other, text)
        text.append(44)
        text.reserve(12)
        let end = text.end
        var digits = Int((chance * 1e9).rounded())
        end[0] = digits >= 1_000_000_000 ? 49 : 48
        end[1] = 46
        for place in stride(from: 10, to: 1, by: -1) {
            end[place] = UInt8(48 + digits % 10)
            digits /= 10
        }
        end[11] = 10
        text.wrote(12)
    }

    /// A record’s id as a cell: within quote marks where it has a comma or one of them.
    private func id(_ record: UInt32, _ text: Buffer<UInt8>) {
        if let short = records.shortIDs {
            let place = short.base + Int(record) * records.shortID
            return text.append(place + 1, count: Int(place[0]))
        }
        let cell = records.ids.base[Int(record)]
        guard cell.bytes.contains(where: { $0 == 44 || $0 == 34 || $0 == 10 }) else {
            return text.append(cell.start, count: cell.length)
        }
        text.append(34)
        for byte in cell.bytes {
            if byte == 34 { text.append(34) }
            text.append(byte)
        }
        text.append(34)
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
            var first = 0
            for record in range {
                let own = clustering.cluster.base[record]
                if Int(own) == record { first += 1 }
                id(UInt32(record), text)
                text.append(44)
                id(own, text)
                text.append(10)
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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let data = try encoder.encode(model)
        try OutputFile(path, header: String(decoding: data, as: UTF8.self) + "\n").finish()
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
