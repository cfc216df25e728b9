/// The one way by which JSON from outside comes in: text that two readers could take differently stays out.
///
/// Refused are names that stand twice in an object, text that is not UTF-8 or not JSON (RFC 8259), and nesting beyond a
/// limit, which would spend the stack of the reader that follows.
public enum JSONGate {
    /// - Parameter deepest: how many objects and arrays may lie in one another.
    /// - Throws: `Malformed`, naming the line, and the name where one stands twice.
    public static func check(_ bytes: [UInt8], deepest: Int = 64) throws(Malformed) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw Malformed(wanted: "JSON", reason: "it is not written in UTF-8")
        }
        var reader = JSONReader(bytes: bytes, deepest: deepest)
        try reader.readWhole()
    }
}

/// Reads JSON without keeping any of it but the names of the objects it is in.
private struct JSONReader {
    let bytes: [UInt8]
    let deepest: Int
    private var place = 0

    init(bytes: [UInt8], deepest: Int) { (self.bytes, self.deepest) = (bytes, deepest) }

    mutating func readWhole() throws(Malformed) {
        try readValue(depth: 0)
        skipSpace()
        guard place == bytes.count else { throw fault("something follows where it should end") }
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func fault(_ reason: String) -> Malformed {
        let line = 1 + bytes[..<min(place, bytes.count)].reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
        return Malformed(wanted: "JSON", reason: "in line \(line), \(reason)")
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    private mutating func readValue(depth: Int) throws(Malformed) {
        guard depth <= deepest else { throw fault("values lie more than \(deepest) deep in one another") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): try readObject(depth)
        case UInt8(ascii: "["): try readArray(depth)
        case UInt8(ascii: "\""): _ = try readText()
        case UInt8(ascii: "t"): try readWord("true")
        case UInt8(ascii: "f"): try readWord("false")
        case UInt8(ascii: "n"): try readWord("null")
        default: try readNumber()
        }
    }

    private mutating func readObject(_ depth: Int) throws(Malformed) {
        place += 1
        var names = Set<String>()
        skipSpace()
        if take("}") { return }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("a name in double quotes is missing") }
            let name = try readText()
            guard names.insert(name).inserted else { throw fault("the name “\(name.prefix(40))” stands twice") }
            skipSpace()
            guard take(":") else { throw fault("a colon is missing after “\(name.prefix(40))”") }
            try readValue(depth: depth + 1)
            skipSpace()
        } while take(",")
        guard take("}") else { throw fault("an object has no end") }
    }

    private mutating func readArray(_ depth: Int) throws(Malformed) {
        place += 1
        skipSpace()
        if take("]") { return }
        repeat {
            try readValue(depth: depth + 1)
            skipSpace()
        } while take(",")
        guard take("]") else { throw fault("a list has no end") }
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard let byte = next, UInt32(byte) == mark.value else { return false }
        place += 1
        return true
    }

    private mutating func readWord(_ word: String) throws(Malformed) {
        guard bytes[place...].starts(with: word.utf8) else { throw fault("a value is none") }
        place += word.utf8.count
    }

    private mutating func readNumber() throws(Malformed) {
        _ = take("-")
        let whole = takeDigits()
        guard whole.count > 0, whole.count == 1 || bytes[whole.lowerBound] != 48 else { throw fault("a value is none") }
        if take(".") { guard takeDigits().count > 0 else { throw fault("a number is cut short") } }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard takeDigits().count > 0 else { throw fault("a number is cut short") }
        }
    }

    private mutating func takeDigits() -> Range<Int> {
        let start = place
        while let byte = next, (48...57).contains(byte) { place += 1 }
        return start..<place
    }

    /// A text as it is meant, so that two ways to write one name are one name.
    private mutating func readText() throws(Malformed) -> String {
        place += 1
        var text: [UInt16] = []
        var plain = place
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                text += String(decoding: bytes[plain..<place], as: UTF8.self).utf16
                place += 1
                if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF16.self) }
                text.append(try readEscape())
                plain = place
            case 0..<0x20: throw fault("a text holds a control character, such as the end of a line")
            default: place += 1
            }
        }
        throw fault("a text has no end")
    }

    private mutating func readEscape() throws(Malformed) -> UInt16 {
        guard let mark = next else { throw fault("a text has no end") }
        place += 1
        if let meant = Self.escapes[mark] { return meant }
        guard mark == UInt8(ascii: "u"), place + 4 <= bytes.count else { throw fault("an escape is none") }
        var value: UInt16 = 0
        for byte in bytes[place..<place + 4] {
            guard let figure = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 128 else {
                throw fault("an escape is none")
            }
            value = value << 4 | UInt16(figure)
        }
        place += 4
        return value
    }

    private static let escapes: [UInt8: UInt16] = [
        0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
    ]
}
