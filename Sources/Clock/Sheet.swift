import Kernel

/// Answers a file of cases row by row: what `continuum deadlines` does, but for reading and writing files.
public struct Sheet {
    public static let columns = ["case_id", "rule_id", "trigger_date", "facts"]
    public static let header = "case_id,due_date,excused,rule_version,explanation\n"

    private let law: Law
    private let today: Day
    private var places: [Int] = []
    private var width = 0
    private var seen = Identities()
    private var version: String?

    /// How many rows were answered, and how many say why they cannot be.
    public private(set) var answered = 0
    public private(set) var refused = 0

    public init(_ law: Law, today: Day) { (self.law, self.today) = (law, today) }

    /// Reads the first line.
    ///
    /// - Throws: `TableFault` where a column is missing or stands twice.
    public mutating func begin(_ stream: TableStream) throws(TableFault) {
        let names = stream.fields.map { String(decoding: stream.bytes[$0], as: UTF8.self).trimmed }
        for mark in [";", "\t"] where names.count == 1 && names[0].contains(mark) {
            throw .separatedBy(mark == ";" ? "semicolons" : "tabs")
        }
        for (at, name) in names.enumerated() where names[..<at].contains(name) { throw .repeated(column: name) }
        let absent = Self.columns.filter { !names.contains($0) }
        guard absent.isEmpty else { throw .missing(columns: absent, found: names) }
        places = Self.columns.compactMap { names.firstIndex(of: $0) }
        width = names.count
    }

    /// Writes the answer to one row behind what is there.
    public mutating func answer(_ stream: TableStream, into out: inout [UInt8]) {
        let id = field(0, stream)
        out.addCell(id, isForeign: true)
        out.append(44)
        version = nil
        do {
            let limit = try limit(stream, id)
            if let due = limit.due { out.add(iso: due) }
            out.append(44)
            out.add(limit.excused.rawValue)
            out.append(44)
            if let version { out.add(version) }
            out.append(44)
            write(limit, &out)
            answered += 1
        } catch {
            out.add(",n/a,\(version ?? ""),")
            out.addCell(Array("Cannot say: \(error).".utf8)[...], isForeign: false)
            refused += 1
        }
        out.append(10)
    }

    /// The sentence goes straight to its place; what the law’s files say seldom holds a quotation mark.
    private func write(_ limit: Limit, _ out: inout [UInt8]) {
        out.append(34)
        let start = out.count
        law.write(limit, today: today, into: &out)
        if out[start...].contains(34) {
            let text = out[start...].flatMap { $0 == 34 ? [34, 34] : [$0] }
            out.removeSubrange(start...)
            out += text
        }
        out.append(34)
    }

    private mutating func limit(_ stream: TableStream, _ id: ArraySlice<UInt8>) throws(CannotSay) -> Limit {
        guard stream.fields.count == width else {
            throw .impossible("the line has \(stream.fields.count) values where the first line names \(width) columns")
        }
        if id.isEmpty { throw .impossible("“case_id” is empty") }
        guard seen.insert(id) else { throw .impossible("the same case_id stands on an earlier line") }
        let rule = Array(field(1, stream))
        let day: Day
        do { day = try Day(isoBytes: field(2, stream)) } catch {
            if law.places[rule] == nil { throw .unknownRule(String(decoding: rule, as: UTF8.self)) }
            throw .impossible("“trigger_date”: \(said(error))")
        }
        let place = try law.version(of: rule, on: day)
        version = law.rules[place].version
        return try law.limit(place, from: day, event: "", facts: law.reader.facts(field(3, stream)))
    }

    private func field(_ column: Int, _ stream: TableStream) -> ArraySlice<UInt8> {
        let place = places[column]
        return place < stream.fields.count ? trimmed(stream.bytes[stream.fields[place]]) : []
    }
}

/// Which ids have been seen, in eight bytes or little more for each.
///
/// Of an id only a hash of 64 bits is kept, by a key that is new in each run; that two of a million differing ids share
/// one has a chance of one in forty million.
struct Identities {
    private var parts = [Part](repeating: Part(), count: 256)

    /// - Returns: whether it is new.
    mutating func insert(_ id: ArraySlice<UInt8>) -> Bool {
        var hasher = Hasher()
        var (word, bits) = (UInt64(0), UInt64(0))
        for byte in id {
            word |= UInt64(byte) << bits
            bits += 8
            if bits == 64 {
                hasher.combine(word)
                (word, bits) = (0, 0)
            }
        }
        hasher.combine(word)
        hasher.combine(id.count)
        var hash = UInt64(truncatingIfNeeded: hasher.finalize())
        if hash == 0 { hash = 1 }
        return parts[Int(hash >> 56)].insert(hash)
    }

    private struct Part {
        private var slots: [UInt64] = [0, 0, 0, 0, 0, 0, 0, 0]
        private var count = 0

        mutating func insert(_ hash: UInt64) -> Bool {
            if count * 5 >= slots.count * 4 { grow() }
            guard Self.place(hash, &slots) else { return false }
            count += 1
            return true
        }

        private mutating func grow() {
            var larger = [UInt64](repeating: 0, count: slots.count + slots.count / 2)
            for hash in slots where hash != 0 { _ = Self.place(hash, &larger) }
            slots = larger
        }

        private static func place(_ hash: UInt64, _ slots: inout [UInt64]) -> Bool {
            var at = Int(hash % UInt64(slots.count))
            while slots[at] != 0 {
                if slots[at] == hash { return false }
                at = at + 1 == slots.count ? 0 : at + 1
            }
            slots[at] = hash
            return true
        }
    }
}

extension [UInt8] {
    /// One cell, in quotation marks where it must be. Where strangers wrote it, an apostrophe leads what a spreadsheet
    /// would run as a formula.
    mutating func addCell(_ cell: ArraySlice<UInt8>, isForeign: Bool) {
        if isForeign, let first = cell.first, [61, 43, 45, 64, 9, 13].contains(first) {
            return add(String(TableWriter.line([String(decoding: cell, as: UTF8.self)]).dropLast()))
        }
        guard cell.contains(where: { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }) else {
            append(contentsOf: cell)
            return
        }
        append(34)
        for byte in cell {
            if byte == 34 { append(34) }
            append(byte)
        }
        append(34)
    }
}
