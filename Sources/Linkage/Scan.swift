import Foundation

/// A row that could not be taken, and why; the others go in.
public struct RefusedRow: Equatable, Sendable {
    public let file: String
    /// The row’s number in its file: the first below the header is 1.
    public let row: Int
    public let why: String
}

/// Takes the rows of a file of comma-separated values apart (RFC 4180), some megabytes at a time, on all processors.
///
/// A file without a quote mark may be cut at any line’s end. In one that has them a line’s end may lie inside a value,
/// so that one processor finds the rows, while the others take in what it found before.
final class Scan {
    let file: FileBytes
    let header: [String]
    let separator: UInt8
    private(set) var at: Int
    private let hasQuotes: Bool
    /// Rows that are in no file; they are given once.
    private var memory: Part?

    /// The rows of a part of the file: the cells of each column that was asked for, and what was refused.
    final class Part: @unchecked Sendable {
        var columns: [Buffer<Cell>]
        var rows = 0
        var seen = 0
        var faults: [(row: Int, cells: Int)] = []
        var end = 0
        var isUnclosed = false
        /// Values whose doubled quote marks were made single.
        var unescaped: [Buffer<UInt8>] = []

        init(_ count: Int) { columns = (0..<count).map { _ in Buffer() } }
    }

    /// Takes records from memory in place of a file.
    init(_ table: RecordTable) {
        file = FileBytes(name: "the records", bytes: [])
        (header, separator, at, hasQuotes) = (table.header, 44, 0, false)
        memory = table.part()
    }

    /// - Throws: ``LinkageError`` where the file has no header, or is in another encoding.
    init(_ file: FileBytes) throws {
        self.file = file
        var start = 0
        if file.count >= 3, file.base[0] == 0xEF, file.base[1] == 0xBB, file.base[2] == 0xBF { start = 3 }
        try Self.checkEncoding(file)
        var end = start
        while end < file.count, file.base[end] != 10 { end += 1 }
        let line = UnsafeBufferPointer(start: file.base + start, count: end - start)
        let marks: [UInt8] = [44, 9, 59, 124]
        separator =
            marks.max { one, two in
                line.count { $0 == one } < line.count { $0 == two }
            } ?? 44
        let part = Part(0)
        var names: [String] = []
        Self.row(file, from: start, separator, part) { _, cell in names.append(cell.text) }
        header = names.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        at = part.end
        hasQuotes = memchr(file.base, 34, file.count) != nil
        guard !header.contains("") || header.count == 1 else { throw LinkageError.noHeader(file.name) }
        guard header != [""] else { throw LinkageError.noHeader(file.name) }
        for (index, name) in header.enumerated() where header[..<index].contains(name) {
            throw LinkageError.headerTwice(file.name, name)
        }
    }

    /// The next rows, in parts that follow each other; nothing at the end of the file.
    ///
    /// - Parameter wanted: for each column of the file the place of its cells in a part, or nothing where nobody
    ///   needs them.
    func next(_ wanted: [Int?], _ megabytes: Int = 8) throws -> [Part] {
        if let rows = memory {
            memory = nil
            return [rows]
        }
        guard at < file.count else { return [] }
        let count = (wanted.compactMap { $0 }.max() ?? -1) + 1
        if hasQuotes {
            let part = Self.rows(file, from: at, to: min(at + megabytes << 18, file.count), separator, wanted, count)
            guard !part.isUnclosed else {
                throw LinkageError.unreadable(file.name, "a quote mark is opened in it that is never closed")
            }
            at = part.end
            return [part]
        }
        var bounds = [at]
        for _ in 0..<8 where bounds.last! < file.count {
            bounds.append(lineEnd(after: min(bounds.last! + megabytes << 17, file.count)))
        }
        let edges = bounds
        let (file, separator) = (self.file, self.separator)
        at = edges.last!
        return mapped(edges.count - 1) {
            Self.rows(file, from: edges[$0], to: edges[$0 + 1], separator, wanted, count)
        }
    }

    private func lineEnd(after place: Int) -> Int {
        guard place < file.count, let found = memchr(file.base + place, 10, file.count - place) else {
            return file.count
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(file.base) + 1
    }

    private static func rows(
        _ file: FileBytes, from start: Int, to end: Int, _ separator: UInt8, _ wanted: [Int?], _ count: Int
    ) -> Part {
        let part = Part(count)
        // Rows are written to plain memory, and one that is refused is written over by the next.
        let (columns, targets) = (part.columns, wanted.map { $0 ?? -1 })
        var (room, rows, at) = (max(1_024, (end - start) / 64), 0, start)
        var places: [UnsafeMutablePointer<Cell>] = []
        func makeRoom() {
            for column in columns {
                column.wrote(rows - column.count)
                column.reserve(room)
            }
            places = columns.map(\.base)
        }
        makeRoom()
        var capacity = room
        targets.withUnsafeBufferPointer { targets in
            while at < end {
                let found = places.withUnsafeBufferPointer { places in
                    row(file, from: at, separator, part) { number, cell in
                        if number < targets.count, targets[number] >= 0 { places[targets[number]][rows] = cell }
                    }
                }
                at = part.end
                if found == 0 { continue }  // An empty line is no row.
                part.seen += 1
                if found == targets.count { rows += 1 } else { part.faults.append((part.seen, found)) }
                if rows == capacity {
                    room = capacity
                    makeRoom()
                    capacity += room
                }
            }
        }
        for column in columns { column.wrote(rows - column.count) }
        part.rows = rows
        part.end = max(part.end, end)
        return part
    }

    /// Takes one row apart and says how many cells it has; nought for an empty line.
    @inline(__always) @discardableResult
    private static func row(
        _ file: FileBytes, from start: Int, _ separator: UInt8, _ part: Part, _ take: (Int, Cell) -> Void
    ) -> Int {
        let (base, count) = (file.base, file.count)
        var (at, number) = (start, 0)
        while true {
            if at < count, base[at] == 34 {
                let cell = quoted(base, count, separator, &at, part)
                take(number, cell)
            } else {
                let begin = at
                while at < count, base[at] != separator, base[at] != 10 { at += 1 }
                var length = at - begin
                if at >= count || base[at] == 10, length > 0, base[begin + length - 1] == 13 { length -= 1 }
                if number == 0, length == 0, at >= count || base[at] == 10 {
                    part.end = at + 1
                    return 0
                }
                take(number, Cell(base + begin, length))
            }
            number += 1
            guard at < count, base[at] == separator else {
                part.end = at + 1
                return number
            }
            at += 1
        }
    }

    private static func quoted(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ separator: UInt8, _ at: inout Int, _ part: Part
    ) -> Cell {
        at += 1
        let begin = at
        var doubled = false
        while at < count {
            if base[at] == 34 {
                if at + 1 < count, base[at + 1] == 34 {
                    doubled = true
                    at += 1
                } else {
                    break
                }
            }
            at += 1
        }
        if at >= count { part.isUnclosed = true }
        let end = min(at, count)
        at += 1
        while at < count, base[at] != separator, base[at] != 10 { at += 1 }  // Nothing belongs behind the closing mark.
        guard doubled else { return Cell(base + begin, end - begin) }
        let own = Buffer<UInt8>(capacity: end - begin)
        var from = begin
        while from < end {
            own.append(base[from])
            from += base[from] == 34 ? 2 : 1
        }
        part.unescaped.append(own)
        return Cell(own.base, own.count)
    }

    private static func checkEncoding(_ file: FileBytes) throws {
        let size = 1 << 22
        let parts = (file.count + size - 1) / size
        let faults = mapped(parts) { part -> Int? in
            let (start, end) = (part * size, min((part + 1) * size, file.count))
            return firstFault(file, start, end)
        }
        guard let place = faults.compactMap({ $0 }).first else { return }
        var line = 1
        for index in 0..<place where file.base[index] == 10 { line += 1 }
        throw LinkageError.encoding(file.name, line: line)
    }

    /// Where the bytes of a part cease to be UTF-8. A sign that begins in a part is read to its end in the next.
    private static func firstFault(_ file: FileBytes, _ start: Int, _ end: Int) -> Int? {
        let base = file.base
        var at = start
        while at < end {
            let byte = base[at]
            if byte < 0x80 {
                if byte == 0 { return at }
                at += 1
                continue
            }
            if byte & 0xC0 == 0x80 {
                guard at < start + 4 && start > 0 else { return at }
                at += 1
                continue
            }
            let more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1
            guard byte >= 0xC2, byte < 0xF5, at + more < file.count else { return at }
            for step in 1...more where base[at + step] & 0xC0 != 0x80 { return at }
            at += more + 1
        }
        return nil
    }
}
