/// An amount of money in whole pence. Never a floating-point number.
public struct Pence: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let count: Int

    /// Amounts up to a hundred thousand million pounds either way; beyond that they are held at the limit.
    public init(_ count: Int) { self.count = min(max(count, -Pence.limit), Pence.limit) }

    /// An amount from text like `£1,234.50`, `1234.5` or `12`.
    ///
    /// - Throws: `Malformed` where the text is no amount, or has fractions of a penny.
    public init(_ text: some StringProtocol) throws(Malformed) {
        func refused(_ why: String) -> Malformed { Malformed(wanted: "an amount of money", given: text, reason: why) }
        var bytes = Array(text.utf8.filter { $0 != 44 && $0 != 32 })
        let negative = bytes.first == 45
        if negative { bytes.removeFirst() }
        if bytes.starts(with: [0xC2, 0xA3]) { bytes.removeFirst(2) }
        let parts = bytes.split(separator: 46, omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, let pounds = Digits.number(whole), whole.count <= 11 else {
            throw refused("write pounds and pence, like 12.50")
        }
        var pence = 0
        if parts.count == 2 {
            guard (1...2).contains(parts[1].count), let read = Digits.number(parts[1]) else {
                throw refused("pence have one or two digits, like 12.50")
            }
            pence = parts[1].count == 1 ? read * 10 : read
        }
        self.init((pounds * 100 + pence) * (negative ? -1 : 1))
    }

    public static let zero = Pence(0)
    private static let limit = 10_000_000_000_000

    public static func < (less: Pence, more: Pence) -> Bool { less.count < more.count }
    public static func + (a: Pence, b: Pence) -> Pence { Pence(a.count + b.count) }
    public static func - (a: Pence, b: Pence) -> Pence { Pence(a.count - b.count) }
    public static func * (amount: Pence, times: Int) -> Pence {
        let (product, overflow) = amount.count.multipliedReportingOverflow(by: times)
        return Pence(overflow ? ((amount.count < 0) == (times < 0) ? limit : -limit) : product)
    }

    /// This share of the amount, rounded half up to the penny.
    ///
    /// The amount and the numerator are zero or more, the denominator more than zero.
    public func share(_ numerator: Int, of denominator: Int) -> Pence {
        precondition(denominator > 0 && numerator >= 0 && count >= 0, "a share is of a positive amount")
        let twice = Int128(count) * Int128(numerator) * 2 + Int128(denominator)
        return Pence(Int(min(twice / (Int128(denominator) * 2), Int128(Pence.limit))))
    }

    /// As a person reads it: `£1,234.50`.
    public var description: String {
        let pounds = Digits.grouped(Int(count.magnitude / 100))
        return (count < 0 ? "-£" : "£") + pounds + "." + Digits.padded(Int(count.magnitude % 100), to: 2)
    }
}
