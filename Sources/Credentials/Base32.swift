/// Bytes as letters and figures that a person can type: base 32.
///
/// RFC 4648, section 6. Written without padding unless it is asked for, as authenticator apps do.
public enum Base32 {
    /// The bytes in capitals and the figures 2 to 7; with `=` up to a multiple of eight where `padded`.
    public static func text(_ bytes: [UInt8], padded: Bool = false) -> String {
        var figures: [UInt8] = []
        var (held, width): (UInt16, UInt16) = (0, 0)
        for byte in bytes {
            held = held << 8 | UInt16(byte)
            width += 8
            while width >= 5 {
                width -= 5
                figures.append(alphabet[Int(held >> width & 31)])
            }
            held &= (1 << width) - 1
        }
        if width > 0 { figures.append(alphabet[Int(held << (5 - width) & 31)]) }
        while padded && figures.count % 8 != 0 { figures.append(61) }
        return String(decoding: figures, as: UTF8.self)
    }

    /// The bytes that this text writes; spaces, hyphens, lower case and padding at the end are put up with.
    ///
    /// - Returns: nil where another character stands in it, or where no bytes are written like that.
    public static func bytes(_ text: String) -> [UInt8]? {
        var figures = text.utf8.filter { $0 != 32 && $0 != 45 }
        while figures.last == 61 { figures.removeLast() }
        var bytes: [UInt8] = []
        var (held, width): (UInt16, UInt16) = (0, 0)
        for figure in figures {
            guard let value = value(figure) else { return nil }
            held = held << 5 | UInt16(value)
            width += 5
            guard width >= 8 else { continue }
            width -= 8
            bytes.append(UInt8(truncatingIfNeeded: held >> width))
            held &= (1 << width) - 1
        }
        return width < 5 && held == 0 ? bytes : nil
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    private static func value(_ figure: UInt8) -> UInt8? {
        switch figure {
        case 65...90: figure - 65
        case 97...122: figure - 97
        case 50...55: figure - 24
        default: nil
        }
    }
}
