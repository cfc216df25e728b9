/// A value of JSON, read so that it can be understood in one way only.
///
/// RFC 8259. Refused: two members of one name, text that is not UTF-8, halves of surrogate pairs, anything after the
/// value, nesting beyond `deepest`. Numbers stay as written, so that none is too large to read.
enum StrictJSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    case list([StrictJSON])
    case object([String: StrictJSON])

    static let deepest = 12

    /// - Returns: nil where the bytes are not JSON as described.
    static func read(_ bytes: [UInt8]) -> StrictJSON? {
        var reader = JSONReader(bytes: bytes)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipSpace()
        return reader.place == bytes.count ? value : nil
    }

    subscript(name: String) -> StrictJSON? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    var list: [StrictJSON]? { if case .list(let list) = self { list } else { nil } }

    /// The texts of a list that holds nothing else.
    var texts: [String]? {
        guard let list else { return nil }
        let texts = list.compactMap(\.text)
        return texts.count == list.count ? texts : nil
    }

    /// The text as JSON writes it, with marks; safe inside HTML and scripts too.
    static func quoted(_ text: String) -> String {
        var written = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: written += "\\\""
            case 0x5C: written += "\\\\"
            case 0..<0x20, 0x26, 0x27, 0x3C, 0x3E, 0x7F, 0x2028, 0x2029:
                let hex = String(scalar.value, radix: 16)
                written += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: written.unicodeScalars.append(scalar)
            }
        }
        return written + "\""
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func skipSpace() {
        while let byte = next, byte == 32 || byte == 9 || byte == 10 || byte == 13 { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func take(word: StaticString, as value: StrictJSON) -> StrictJSON? {
        for byte in word.description.utf8 { guard take(byte) else { return nil } }
        return value
    }

    mutating func value(depth: Int) -> StrictJSON? {
        guard depth <= StrictJSON.deepest else { return nil }
        skipSpace()
        switch next {
        case 0x7B: return object(depth: depth)
        case 0x5B: return list(depth: depth)
        case 0x22: return text().map(StrictJSON.text)
        case 0x74: return take(word: "true", as: .bool(true))
        case 0x66: return take(word: "false", as: .bool(false))
        case 0x6E: return take(word: "null", as: .null)
        default: return number()
        }
    }

    private mutating func object(depth: Int) -> StrictJSON? {
        place += 1
        var members: [String: StrictJSON] = [:]
        skipSpace()
        if take(0x7D) { return .object(members) }
        while true {
            skipSpace()
            guard let name = text() else { return nil }
            skipSpace()
            guard take(0x3A), let value = value(depth: depth + 1),
                members.updateValue(value, forKey: name) == nil
            else { return nil }
            skipSpace()
            if take(0x7D) { return .object(members) }
            guard take(0x2C) else { return nil }
        }
    }

    private mutating func list(depth: Int) -> StrictJSON? {
        place += 1
        var items: [StrictJSON] = []
        skipSpace()
        if take(0x5D) { return .list(items) }
        while true {
            guard let value = value(depth: depth + 1) else { return nil }
            items.append(value)
            skipSpace()
            if take(0x5D) { return .list(items) }
            guard take(0x2C) else { return nil }
        }
    }

    private mutating func text() -> String? {
        guard take(0x22) else { return nil }
        var held: [UInt8] = []
        while let byte = next {
            place += 1
            switch byte {
            case 0x22: return String(validating: held, as: UTF8.self)
            case 0..<0x20: return nil
            case 0x5C:
                guard let scalar = escape() else { return nil }
                held.append(contentsOf: Array(String(Character(scalar)).utf8))
            default: held.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> UnicodeScalar? {
        guard let byte = next else { return nil }
        place += 1
        switch byte {
        case 0x22, 0x2F, 0x5C: return UnicodeScalar(byte)
        case 0x62: return "\u{8}"
        case 0x66: return "\u{C}"
        case 0x6E: return "\n"
        case 0x72: return "\r"
        case 0x74: return "\t"
        case 0x75: break
        default: return nil
        }
        guard let first = fourFigures() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return UnicodeScalar(first) }
        guard take(0x5C), take(0x75), let second = fourFigures(), (0xDC00..<0xE000).contains(second) else {
            return nil
        }
        return UnicodeScalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func fourFigures() -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next else { return nil }
            place += 1
            switch byte {
            case 48...57: value = value << 4 | UInt32(byte - 48)
            case 65...70: value = value << 4 | UInt32(byte - 55)
            case 97...102: value = value << 4 | UInt32(byte - 87)
            default: return nil
            }
        }
        return value
    }

    private mutating func number() -> StrictJSON? {
        let start = place
        _ = take(0x2D)
        if !take(0x30) { guard figures() else { return nil } }
        if take(0x2E) { guard figures() else { return nil } }
        if take(0x65) || take(0x45) {
            if !take(0x2B) { _ = take(0x2D) }
            guard figures() else { return nil }
        }
        return .number(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    /// Whether at least one figure stood here.
    private mutating func figures() -> Bool {
        let start = place
        while let byte = next, (48...57).contains(byte) { place += 1 }
        return place > start
    }
}
