/// Why a file of comma-separated values is refused whole.
public enum TableFault: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    /// The first line that is not UTF-8, counted from 1.
    case notUTF8(line: Int)
    case wideCharacters
    case separatedBy(String)
    case binary(line: Int)
    case unclosedQuote(line: Int)
    case missing(columns: [String], found: [String])
    case repeated(column: String)

    public var description: String {
        switch self {
        case .empty: "The file is empty. Its first line should name the columns."
        case .notUTF8(let line):
            "Line \(line) is not UTF-8 text, so the file was saved in another encoding (often Windows-1252). "
                + "Save it again as “CSV UTF-8”."
        case .wideCharacters: "The file is UTF-16 text. Save it again as “CSV UTF-8”."
        case .separatedBy(let mark):
            "The columns are separated by \(mark). Save the file again with commas between the columns."
        case .binary(let line):
            "Line \(line) holds a zero byte, so this is not a text file. Save the sheet as “CSV UTF-8”."
        case .unclosedQuote(let line):
            "A quotation mark opened on line \(line) is never closed, so the end of that line cannot be told."
        case .missing(let columns, let found):
            "The file has no column \(columns.map { "“\($0)”" }.joined(separator: ", ")). "
                + "It has: \(found.prefix(40).joined(separator: ", "))."
        case .repeated(let column): "The column “\(column)” stands twice in the first line."
        }
    }
}

/// A file of comma-separated values, read whole: a header and rows with their line numbers.
///
/// The rules are those of RFC 4180: quotation marks around a value, doubled within it; lines end in LF, CRLF or
/// the end of the file. A byte-order mark is passed over. A row with too few or too many values is kept, with
/// its fault, so that one row can be refused and the rest go in.
public struct Table: Sendable {
    public struct Row: Sendable {
        /// The line on which the row starts, counted from 1, the header's being 1.
        public let line: Int
        /// The values, in the order of the header.
        public let values: [String]
        let columns: [String: Int]
        /// Whether the row runs over several lines, as a value in quotation marks may.
        public let isLong: Bool

        /// What is wrong with the row as a whole, or nil.
        public var fault: String? {
            if values.count == columns.count { return nil }
            let held = "the line has \(values.count) \(values.count == 1 ? "value" : "values")"
            let cut = values.count < columns.count ? "; it seems cut short" : ""
            return "\(held) where the first line names \(columns.count) columns\(cut)"
        }

        /// The value in this column, without spaces around it.
        ///
        /// - Throws: `TableFault.missing` where the file has no such column. A value missing at the end is empty.
        public func get(_ column: String) throws(TableFault) -> String {
            guard let index = columns[column] else {
                throw .missing(columns: [column], found: columns.keys.sorted())
            }
            guard index < values.count else { return "" }
            return values[index].trimmed
        }

        /// The value at this place of the header, from 0, without spaces around it; empty where the row is shorter.
        public func cell(_ place: Int) -> String { values.indices.contains(place) ? values[place].trimmed : "" }

        /// The value in this column without spaces around it, or nil where it is empty or there is no such column.
        public func optional(_ column: String) -> String? {
            guard let index = columns[column], index < values.count else { return nil }
            let value = values[index].trimmed
            return value.isEmpty ? nil : value
        }
    }

    public let header: [String]
    public let rows: [Row]

    /// - Throws: `TableFault` where the file cannot be read as a table, or lacks a required column.
    public init(_ bytes: [UInt8], required: [String] = []) throws(TableFault) {
        let start = try Table.start(of: bytes)
        var reader = TableReader(bytes: bytes, at: start)
        guard let first = try reader.next() else { throw .empty }
        header = first.values.map(\.trimmed)
        if header.count == 1, !required.isEmpty || header[0].contains(";") || header[0].contains("\t") {
            if header[0].contains(";") { throw .separatedBy("semicolons") }
            if header[0].contains("\t") { throw .separatedBy("tabs") }
        }
        var columns: [String: Int] = [:]
        for (index, name) in header.enumerated() {
            guard columns.updateValue(index, forKey: name) == nil else { throw .repeated(column: name) }
        }
        let absent = required.filter { columns[$0] == nil }
        guard absent.isEmpty else { throw .missing(columns: absent, found: header) }
        var rows: [Row] = []
        while let (line, values) = try reader.next() {
            if values.count == 1, values[0].isEmpty { continue }
            rows.append(Row(line: line, values: values, columns: columns, isLong: reader.line > line + 1))
        }
        self.rows = rows
    }

    /// Where the text begins, after any byte-order mark.
    private static func start(of bytes: [UInt8]) throws(TableFault) -> Int {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { throw .wideCharacters }
        if let zero = bytes.firstIndex(of: 0) {
            if bytes.prefix(64).count(where: { $0 == 0 }) > 8 { throw .wideCharacters }
            throw .binary(line: line(of: zero, in: bytes))
        }
        if String(validating: bytes, as: UTF8.self) == nil { throw .notUTF8(line: firstBadLine(in: bytes)) }
        return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    private static func firstBadLine(in bytes: [UInt8]) -> Int {
        var line = 1
        for part in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            if String(validating: part, as: UTF8.self) == nil { return line }
            line += 1
        }
        return line
    }

    private static func line(of index: Int, in bytes: [UInt8]) -> Int {
        bytes[..<index].count(where: { $0 == 10 }) + 1
    }
}

/// Walks the bytes of a table, one record at a time.
private struct TableReader {
    let bytes: [UInt8]
    var at: Int
    var line = 1

    mutating func next() throws(TableFault) -> (line: Int, values: [String])? {
        guard at < bytes.count else { return nil }
        let first = line
        var values: [String] = []
        while true {
            values.append(try value())
            guard at < bytes.count else { return (first, values) }
            let mark = bytes[at]
            at += 1
            if mark == 44 {
                if at == bytes.count {
                    values.append("")
                    return (first, values)
                }
                continue
            }
            if mark == 13, at < bytes.count, bytes[at] == 10 { at += 1 }
            line += 1
            return (first, values)
        }
    }

    /// One value; leaves `at` on the comma or line end after it, or at the end.
    private mutating func value() throws(TableFault) -> String {
        if at < bytes.count, bytes[at] == 34 { return try quoted() }
        let start = at
        while at < bytes.count, bytes[at] != 44, bytes[at] != 10, bytes[at] != 13 { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func quoted() throws(TableFault) -> String {
        let opened = line
        at += 1
        var text: [UInt8] = []
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == 34 {
                guard at < bytes.count, bytes[at] == 34 else { return closed(text) }
                at += 1
            }
            if byte == 10 { line += 1 }
            text.append(byte)
        }
        throw .unclosedQuote(line: opened)
    }

    /// What follows a closing mark before the next comma is kept as written.
    private mutating func closed(_ text: [UInt8]) -> String {
        let start = at
        while at < bytes.count, bytes[at] != 44, bytes[at] != 10, bytes[at] != 13 { at += 1 }
        return String(decoding: text + bytes[start..<at], as: UTF8.self)
    }
}

extension StringProtocol {
    /// Without spaces, tabs, line ends and no-break spaces around it.
    public var trimmed: String {
        // Most values begin and end with a letter or figure: then nothing is to be sought.
        if let first = utf8.first, first > 32, first < 127, let last = unicodeScalars.last, last.value > 32,
            last.value < 127
        {
            return String(self)
        }
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return first == startIndex && index(after: last) == endIndex ? String(self) : String(self[first...last])
    }
}

/// Writes comma-separated values.
public enum TableWriter {
    /// One line, each value quoted where it must be, ended by LF.
    ///
    /// A value that a spreadsheet would run as a formula (`=`, `+`, `-`, `@` first) is led by an apostrophe,
    /// unless it is a number.
    public static func line(_ values: [String]) -> String {
        values.map(quoted).joined(separator: ",") + "\n"
    }

    private static func quoted(_ value: String) -> String {
        var text = value
        if let first = value.utf8.first, Array("=+-@\t\r".utf8).contains(first), Digits.fraction(value) == nil {
            text = "'" + value
        }
        let needsMarks = text.utf8.contains { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }
        guard needsMarks else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
