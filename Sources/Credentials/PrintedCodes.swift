import Cryptography

/// Codes on paper for the day the telephone is lost: each serves once in place of a second factor.
///
/// A code has 12 characters of an alphabet of 32, so 60 bits: `K7MQ-4XPT-9WRC`. The alphabet is Crockford's, without
/// I, L, O and U; what is typed for them is read as 1, 1, 0 and refused.
public enum PrintedCodes {
    /// New codes to print, each unlike any other; show them once and keep only their hashes.
    public static func mint(_ count: Int = 10) -> [String] {
        (0..<max(0, count)).map { _ in
            let figures = Sodium.random(12).map { alphabet[Int($0 & 31)] }
            return grouped(figures)
        }
    }

    /// The code that was meant, as it was printed; nil where it cannot be one.
    ///
    /// Spaces, hyphens and lower case do not matter; O is read as 0, I and L as 1.
    public static func normalised(_ typed: String) -> String? {
        guard typed.utf8.count <= 100 else { return nil }
        var figures: [UInt8] = []
        for scalar in typed.unicodeScalars {
            switch scalar {
            case " ", "-", "\t", "\u{A0}", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2212}": continue
            case "O", "o": figures.append(48)
            case "I", "i", "L", "l": figures.append(49)
            default:
                guard scalar.isASCII else { return nil }
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                let figure = (97...122).contains(byte) ? byte - 32 : byte
                guard alphabet.contains(figure) else { return nil }
                figures.append(figure)
            }
        }
        return figures.count == 12 ? grouped(figures) : nil
    }

    /// What is kept of a code: 64 hex figures; nil where the text cannot be a code.
    ///
    /// SHA-256 after a prefix of its own. A slow hash guards what people choose; 60 random bits cannot be searched,
    /// so a fast one is enough (NIST SP 800-63B, section 3.1.2.2).
    public static func hash(_ typed: String) -> String? {
        guard let code = normalised(typed) else { return nil }
        return Sodium.sha256(Array("continuum printed code 1\0".utf8) + Array(code.utf8))
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private static func grouped(_ figures: [UInt8]) -> String {
        stride(from: 0, to: figures.count, by: 4)
            .map { String(decoding: figures[$0..<min($0 + 4, figures.count)], as: UTF8.self) }
            .joined(separator: "-")
    }
}
