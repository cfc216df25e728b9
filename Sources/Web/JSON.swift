/// A value of JSON, written out in the order it was made.
///
/// Objects keep their order and leave out what is absent, so that the same facts are always the same bytes.
public indirect enum JSON: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    case null, bool(Bool), int(Int), double(Double), text(String), array([JSON]), object([(String, JSON)])
    /// A value already written out.
    case written([UInt8])

    public init(stringLiteral text: String) { self = .text(text) }
    public init(integerLiteral number: Int) { self = .int(number) }
    public init(booleanLiteral flag: Bool) { self = .bool(flag) }

    public static func text(_ text: String?) -> JSON { text.map { .text($0) } ?? .null }
    public static func int(_ number: Int?) -> JSON { number.map { .int($0) } ?? .null }
    public static func bool(_ flag: Bool?) -> JSON { flag.map { .bool($0) } ?? .null }
    public static func texts(_ texts: [String]) -> JSON { .array(texts.map { .text($0) }) }

    /// The value as UTF-8 bytes, with no spaces.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        append(to: &bytes)
        return bytes
    }

    /// The value on lines of its own with two spaces of indent: for people and for commands.
    public var pretty: String {
        var text = ""
        appendPretty(to: &text, indent: "")
        return text
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let flag): bytes += (flag ? "true" : "false").utf8
        case .int(let number): bytes += String(number).utf8
        case .double(let number): bytes += (number.isFinite ? "\(number)" : "null").utf8
        case .text(let text): JSON.append(text, to: &bytes)
        case .written(let value): bytes += value
        case .array(let items):
            bytes.append(91)
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(44) }
                item.append(to: &bytes)
            }
            bytes.append(93)
        case .object(let members):
            bytes.append(123)
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(44) }
                JSON.append(member.0, to: &bytes)
                bytes.append(58)
                member.1.append(to: &bytes)
            }
            bytes.append(125)
        }
    }

    private func appendPretty(to text: inout String, indent: String) {
        let deeper = indent + "  "
        switch self {
        case .array(let items) where !items.isEmpty:
            text += "[\n"
            for (index, item) in items.enumerated() {
                text += deeper
                item.appendPretty(to: &text, indent: deeper)
                text += index + 1 < items.count ? ",\n" : "\n"
            }
            text += indent + "]"
        case .object(let members) where !members.isEmpty:
            text += "{\n"
            for (index, member) in members.enumerated() {
                text += deeper + String(decoding: JSON.text(member.0).bytes, as: UTF8.self) + ": "
                member.1.appendPretty(to: &text, indent: deeper)
                text += index + 1 < members.count ? ",\n" : "\n"
            }
            text += indent + "}"
        default: text += String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Appends a string in quotation marks; whatever could end a script or a line is written as an escape.
    public static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        bytes.append(34)
        text.withUTF8 { source in
            var clean = 0
            for index in source.indices where isSpecial[Int(source[index])] {
                bytes += source[clean..<index]
                clean = index + 1
                switch source[index] {
                case 34: bytes += [92, 34]
                case 92: bytes += [92, 92]
                case 10: bytes += [92, 110]
                case let byte:
                    bytes += "\\u00".utf8
                    bytes += [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
                }
            }
            bytes += source[clean...]
        }
        bytes.append(34)
    }

    private static let isSpecial: [Bool] = (0...255).map { $0 < 32 || [34, 60, 92, 127].contains($0) }
    private static let hex = Array("0123456789abcdef".utf8)
}
