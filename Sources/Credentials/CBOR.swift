/// A value of CBOR, as authenticators write it, read strictly.
///
/// RFC 8949. Refused: lengths that are not said beforehand, tags, floating-point numbers, simple values but true, false
/// and null, two members of one name, names that are neither numbers nor text, nesting beyond `deepest`.
enum CBOR: Hashable, Sendable {
    case unsigned(UInt64)
    /// The number -1 - n.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case list([CBOR])
    case map([CBOR: CBOR])
    case bool(Bool)
    case null

    /// CTAP 2.1, section 8, allows four; a few more do no harm.
    static let deepest = 8

    /// The one value that these bytes are.
    ///
    /// - Returns: nil where they are anything else, or more than one value.
    static func read(_ bytes: [UInt8]) -> CBOR? {
        guard let (value, end) = read(bytes, from: 0), end == bytes.count else { return nil }
        return value
    }

    /// The value that begins at `start`, and where it ends.
    static func read(_ bytes: [UInt8], from start: Int) -> (value: CBOR, end: Int)? {
        guard (0...bytes.count).contains(start) else { return nil }
        var reader = CBORReader(bytes: bytes, place: start)
        guard let value = reader.value(depth: 0) else { return nil }
        return (value, reader.place)
    }

    /// The member of a map under a number.
    subscript(label: Int) -> CBOR? {
        guard case .map(let members) = self else { return nil }
        return members[label >= 0 ? .unsigned(UInt64(label)) : .negative(UInt64(-1 - label))]
    }

    /// The member of a map under a name.
    subscript(name: String) -> CBOR? {
        if case .map(let members) = self { members[.text(name)] } else { nil }
    }

    /// The number, where it is one that fits.
    var number: Int? {
        switch self {
        case .unsigned(let value): Int(exactly: value)
        case .negative(let value): Int(exactly: value).map { -1 - $0 }
        default: nil
        }
    }

    var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
}

private struct CBORReader {
    let bytes: [UInt8]
    var place: Int

    private var remaining: Int { bytes.count - place }

    mutating func value(depth: Int) -> CBOR? {
        guard depth <= CBOR.deepest, remaining > 0 else { return nil }
        let first = bytes[place]
        place += 1
        if first >> 5 == 7 {
            switch first & 31 {
            case 20: return .bool(false)
            case 21: return .bool(true)
            case 22: return .null
            default: return nil
            }
        }
        guard let argument = argument(first & 31) else { return nil }
        switch first >> 5 {
        case 0: return .unsigned(argument)
        case 1: return .negative(argument)
        case 2: return run(argument).map { .bytes(Array($0)) }
        case 3: return run(argument).flatMap { String(validating: $0, as: UTF8.self) }.map(CBOR.text)
        case 4: return list(argument, depth: depth)
        case 5: return map(argument, depth: depth)
        default: return nil
        }
    }

    /// The number after the first byte of a value; nil where no definite one is given.
    private mutating func argument(_ short: UInt8) -> UInt64? {
        guard short >= 24 else { return UInt64(short) }
        guard short <= 27 else { return nil }
        let width = 1 << Int(short - 24)
        guard width <= remaining else { return nil }
        let value = bytes[place..<place + width].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        place += width
        return value
    }

    private mutating func run(_ length: UInt64) -> ArraySlice<UInt8>? {
        guard let length = Int(exactly: length), length <= remaining else { return nil }
        defer { place += length }
        return bytes[place..<place + length]
    }

    private mutating func list(_ count: UInt64, depth: Int) -> CBOR? {
        guard let count = Int(exactly: count), count <= remaining else { return nil }
        var items: [CBOR] = []
        for _ in 0..<count {
            guard let item = value(depth: depth + 1) else { return nil }
            items.append(item)
        }
        return .list(items)
    }

    private mutating func map(_ count: UInt64, depth: Int) -> CBOR? {
        guard let count = Int(exactly: count), count <= remaining / 2 else { return nil }
        var members: [CBOR: CBOR] = [:]
        for _ in 0..<count {
            guard let name = value(depth: depth + 1) else { return nil }
            switch name {
            case .unsigned, .negative, .text: break
            default: return nil
            }
            guard let member = value(depth: depth + 1), members.updateValue(member, forKey: name) == nil else {
                return nil
            }
        }
        return .map(members)
    }
}
