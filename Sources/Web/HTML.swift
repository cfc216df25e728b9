/// Markup that is safe to send. Text put into it is escaped; only literals are trusted.
///
/// It is bytes from the start: pages are built by appending, and text is escaped a byte at a time.
public struct HTML: ExpressibleByStringInterpolation, Sendable {
    public private(set) var bytes: [UInt8]

    public init(stringLiteral markup: String) { bytes = Array(markup.utf8) }
    public init(stringInterpolation made: StringInterpolation) { bytes = made.bytes }
    init(trusted bytes: [UInt8]) { self.bytes = bytes }

    public static let empty: HTML = ""
    public var isEmpty: Bool { bytes.isEmpty }

    public static func + (a: HTML, b: HTML) -> HTML { HTML(trusted: a.bytes + b.bytes) }

    public struct StringInterpolation: StringInterpolationProtocol {
        var bytes: [UInt8] = []
        public init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 48)
        }
        public mutating func appendLiteral(_ trusted: String) { bytes += trusted.utf8 }
        public mutating func appendInterpolation(_ html: HTML) { bytes += html.bytes }
        public mutating func appendInterpolation(_ html: HTML?) { if let html { bytes += html.bytes } }
        public mutating func appendInterpolation(_ html: [HTML]) { for item in html { bytes += item.bytes } }
        public mutating func appendInterpolation(_ text: String) { Escaping.append(text, to: &bytes) }
        public mutating func appendInterpolation(_ text: String?) { if let text { Escaping.append(text, to: &bytes) } }
        public mutating func appendInterpolation(_ number: Int) { bytes += String(number).utf8 }
    }
}

extension HTML: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

enum Escaping {
    /// Appends text so that it is only text, between tags and inside quoted attributes alike.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { source in
            bytes.reserveCapacity(bytes.count + source.count)
            var clean = 0
            for index in source.indices where isSpecial[Int(source[index])] {
                bytes += source[clean..<index]
                bytes += entity(for: source[index]).utf8
                clean = index + 1
            }
            bytes += source[clean...]
        }
    }

    private static let isSpecial: [Bool] = (0...255).map { [0, 34, 38, 39, 60, 62].contains($0) }

    private static func entity(for byte: UInt8) -> String {
        switch byte {
        case 38: "&amp;"
        case 60: "&lt;"
        case 62: "&gt;"
        case 34: "&quot;"
        case 39: "&#39;"
        default: "\u{FFFD}"
        }
    }
}
