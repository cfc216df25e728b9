/// Reads comma-separated values a piece at a time, by the rules of `Table`, so that a file of any length needs little
/// memory.
///
/// Give it bytes by `add`, take rows by `next` until there are none, and so on; after the last bytes say `finish`.
/// The fields of a row are ranges of `bytes`, and hold until the next call.
public struct TableStream: Sendable {
    /// The longest row that is read, in bytes.
    public static let longest = 1_048_576

    /// What has been added and not yet left behind.
    public private(set) var bytes: [UInt8] = []
    /// Where the values of the row stand in `bytes`, in the order of the first line, quotation marks taken away.
    public private(set) var fields: [Range<Int>] = []
    /// The line on which the row starts, counted from 1.
    public private(set) var line = 0
    private var nextLine = 1
    /// The line ends within the values of the row.
    private var inner = 0
    private var at = 0
    private var isFinished = false
    private var isStarted = false

    public init() {}

    /// Adds bytes behind those that are there, and forgets those of rows already taken.
    public mutating func add(_ chunk: ArraySlice<UInt8>) {
        if at > 0 { bytes.removeSubrange(..<at) }
        at = 0
        fields.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: chunk)
    }

    /// Says that no more bytes will come.
    public mutating func finish() { isFinished = true }

    /// Goes to the next row that is not empty.
    ///
    /// - Returns: false where more bytes are needed, or none are left.
    /// - Throws: `TableFault` where the file cannot be read as a table.
    public mutating func next() throws(TableFault) -> Bool {
        if !isStarted {
            guard bytes.count >= 3 || isFinished else { return false }
            if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { throw .wideCharacters }
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
            isStarted = true
        }
        while try row() {
            if fields.count == 1, fields[0].isEmpty { continue }
            return true
        }
        return false
    }

    /// Takes the row that starts at `at`, once it is there whole.
    private mutating func row() throws(TableFault) -> Bool {
        fields.removeAll(keepingCapacity: true)
        guard at < bytes.count, let end = try end() else { return false }
        try check(at..<end)
        split(at..<end)
        (at, line) = (end, nextLine)
        if at < bytes.count, bytes[at] == 13 { at += 1 }
        if at < bytes.count, bytes[at] == 10, at == end || bytes[at - 1] == 13 { at += 1 }
        nextLine += 1 + inner
        return true
    }

    /// Where the row’s line end stands, or nil where more bytes are needed. Counts the line ends within values.
    private mutating func end() throws(TableFault) -> Int? {
        var (place, isQuoted, isStart) = (at, false, true)
        inner = 0
        while place < bytes.count {
            let byte = bytes[place]
            if isQuoted {
                if byte == 34 {
                    if place + 1 < bytes.count, bytes[place + 1] == 34 { place += 1 } else { isQuoted = false }
                } else if byte == 10 {
                    inner += 1
                }
            } else if byte == 34, isStart {
                isQuoted = true
            } else if byte == 10 {
                return place
            } else if byte == 13 {
                return place + 1 < bytes.count || isFinished ? place : nil
            }
            isStart = byte == 44 && !isQuoted
            place += 1
        }
        if isFinished {
            if isQuoted { throw .unclosedQuote(line: nextLine) }
            return place
        }
        if place - at > Self.longest { throw .unclosedQuote(line: nextLine) }
        return nil
    }

    /// - Throws: `TableFault` where the row is no text.
    private func check(_ row: Range<Int>) throws(TableFault) {
        var isPlain = true
        for byte in bytes[row] {
            if byte == 0 { throw .binary(line: nextLine) }
            if byte >= 128 { isPlain = false }
        }
        if !isPlain, String(validating: bytes[row], as: UTF8.self) == nil { throw .notUTF8(line: nextLine) }
    }

    private mutating func split(_ row: Range<Int>) {
        var place = row.lowerBound
        while true {
            if place < row.upperBound, bytes[place] == 34 {
                place = quoted(place, row.upperBound)
            } else {
                let start = place
                while place < row.upperBound, bytes[place] != 44 { place += 1 }
                fields.append(start..<place)
            }
            guard place < row.upperBound else { return }
            place += 1
        }
    }

    /// Takes the marks of a value away where it stands. What follows a closing mark before the comma is kept.
    private mutating func quoted(_ start: Int, _ end: Int) -> Int {
        var (from, to, isQuoted) = (start + 1, start, true)
        while from < end, isQuoted || bytes[from] != 44 {
            if isQuoted, bytes[from] == 34 {
                if from + 1 < end, bytes[from + 1] == 34 { from += 1 } else { isQuoted = false }
                if !isQuoted {
                    from += 1
                    continue
                }
            }
            bytes[to] = bytes[from]
            (from, to) = (from + 1, to + 1)
        }
        fields.append(start..<to)
        return from
    }
}
