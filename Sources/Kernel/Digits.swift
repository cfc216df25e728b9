/// Digits, read and written without Foundation and without traps.
public enum Digits {
    /// The number that these ASCII digits spell, or nil where one is no digit, there are none, or more than 18.
    public static func number(_ bytes: some Collection<UInt8>) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
        var sum = 0
        for byte in bytes {
            guard byte >= 48, byte <= 57 else { return nil }
            sum = sum * 10 + Int(byte - 48)
        }
        return sum
    }

    /// The number that this text spells in plain digits, or nil.
    public static func number(_ text: some StringProtocol) -> Int? { number(Array(text.utf8)) }

    /// `7` to width 2 is `07`.
    public static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// `12345` as a person reads it: `12,345`.
    public static func grouped(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `4`, `1` is `0.4`; `126`, `1` is `12.6`: tenths, hundredths and so on as a decimal fraction.
    public static func fixed(_ scaled: Int, places: Int) -> String {
        let digits = padded(Int(scaled.magnitude), to: places + 1)
        let cut = digits.index(digits.endIndex, offsetBy: -places)
        return (scaled < 0 ? "-" : "") + digits[..<cut] + (places > 0 ? "." + digits[cut...] : "")
    }

    /// A decimal fraction from text like `-1.88842`: digits, one point, an optional sign; nothing else.
    public static func fraction(_ text: some StringProtocol) -> Double? {
        let bytes = Array(text.utf8)
        let body = bytes.first == 45 ? bytes[1...] : bytes[...]
        guard !body.isEmpty, body.count <= 24, body.allSatisfy({ $0 == 46 || ($0 >= 48 && $0 <= 57) }) else {
            return nil
        }
        guard body.count(where: { $0 == 46 }) <= 1, body.contains(where: { $0 != 46 }) else { return nil }
        return Double(String(decoding: bytes, as: UTF8.self))
    }
}
