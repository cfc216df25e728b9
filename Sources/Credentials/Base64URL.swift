/// Bytes as text for addresses and tokens: base 64 with `-` and `_`, and no padding.
///
/// RFC 4648, section 5; RFC 7515, appendix C. Each run of bytes has one text, and no other is read.
public enum Base64URL {
    /// The bytes, without padding.
    public static func text(_ bytes: [UInt8]) -> String {
        var figures: [UInt8] = []
        figures.reserveCapacity(bytes.count / 3 * 4 + 4)
        var (held, width): (UInt16, UInt16) = (0, 0)
        for byte in bytes {
            held = held << 8 | UInt16(byte)
            width += 8
            while width >= 6 {
                width -= 6
                figures.append(alphabet[Int(held >> width & 63)])
            }
            held &= (1 << width) - 1
        }
        if width > 0 { figures.append(alphabet[Int(held << (6 - width) & 63)]) }
        return String(decoding: figures, as: UTF8.self)
    }

    /// The bytes that this text writes.
    ///
    /// - Returns: nil for padding, spaces, another alphabet, an impossible length, or bits left over that are not zero.
    public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3 + 3)
        var (held, width): (UInt16, UInt16) = (0, 0)
        for figure in text.utf8 {
            guard let value = value(figure) else { return nil }
            held = held << 6 | UInt16(value)
            width += 6
            guard width >= 8 else { continue }
            width -= 8
            bytes.append(UInt8(truncatingIfNeeded: held >> width))
            held &= (1 << width) - 1
        }
        return width < 6 && held == 0 ? bytes : nil
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func value(_ figure: UInt8) -> UInt8? {
        switch figure {
        case 65...90: figure - 65
        case 97...122: figure - 71
        case 48...57: figure + 4
        case 45: 62
        case 95: 63
        default: nil
        }
    }
}
