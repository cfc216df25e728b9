import Kernel

/// Names and values as a browser sends them, in an address or a form: `a=1&b=two+words`.
public struct Query: Sendable, Hashable {
    public private(set) var pairs: [(name: String, value: String)]

    public init(_ pairs: [(name: String, value: String)] = []) { self.pairs = pairs }

    /// Reads the text, or gives nil where a percent sign is not followed by two hex figures, or the bytes are not
    /// UTF-8, or there are more than 200 values.
    public init?(reading text: some StringProtocol) {
        pairs = []
        for part in text.utf8.split(separator: 38) where !part.isEmpty {
            guard pairs.count < 200 else { return nil }
            let halves = part.split(separator: 61, maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Query.decoded(halves[0]) else { return nil }
            guard let value = halves.count > 1 ? Query.decoded(halves[1]) : "" else { return nil }
            pairs.append((name, value))
        }
    }

    /// The last value of this name, without spaces around it, or nil where it is empty or absent.
    public subscript(name: String) -> String? {
        guard let value = pairs.last(where: { $0.name == name })?.value.trimmed, !value.isEmpty else { return nil }
        return value
    }

    /// The last value of this name to the letter, spaces around it too, as a password is; nil where it is absent.
    public func exact(_ name: String) -> String? { pairs.last { $0.name == name }?.value }

    /// Every value of this name that is not empty.
    public func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value.trimmed).filter { !$0.isEmpty }
    }

    /// The same with every value of this name replaced by these.
    public func setting(_ name: String, to values: [String]) -> Query {
        Query(pairs.filter { $0.name != name } + values.map { (name, $0) })
    }

    public func setting(_ name: String, to value: String?) -> Query { setting(name, to: value.map { [$0] } ?? []) }

    /// As it stands in an address, after the question mark.
    public var text: String {
        pairs.map { Query.encoded($0.name) + "=" + Query.encoded($0.value) }.joined(separator: "&")
    }

    /// The address of this page with these values.
    public func address(_ path: String) -> String { pairs.isEmpty ? path : path + "?" + text }

    public static func == (a: Query, b: Query) -> Bool { a.text == b.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// Text with everything but letters, figures and `-._~` as percent signs; a space as `+`.
    public static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: bytes.append(byte)
            case 32: bytes.append(43)
            default: bytes += [37, hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Text from percent signs, or nil where it is not well formed or not UTF-8. A zero byte is refused.
    public static func decoded(_ source: some Collection<UInt8>, plusIsSpace: Bool = true) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.count)
        var rest = source.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case 43 where plusIsSpace: bytes.append(32)
            case 37:
                guard let high = rest.next().flatMap(figure), let low = rest.next().flatMap(figure) else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func figure(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    private static let hex = Array("0123456789ABCDEF".utf8)
}
