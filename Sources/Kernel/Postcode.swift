/// A whole United Kingdom postcode in its written form: `B11 4EX`.
///
/// The form is checked, not whether the Royal Mail ever gave it out.
public struct Postcode: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let text: String

    /// A postcode from text in any case, with or without its space.
    ///
    /// - Throws: `Malformed` where it has not the form of a postcode.
    public init(_ written: some StringProtocol) throws(Malformed) {
        func malformed() -> Malformed {
            Malformed(wanted: "a postcode", given: written, reason: "a postcode looks like B11 4EX")
        }
        guard let bytes = PartialPostcode.squeezed(written), (5...7).contains(bytes.count) else { throw malformed() }
        let (outward, inward) = (bytes.dropLast(3), Array(bytes.suffix(3)))
        guard PartialPostcode.isOutward(outward), PartialPostcode.isDigit(inward[0]),
            PartialPostcode.isUnitLetter(inward[1]), PartialPostcode.isUnitLetter(inward[2])
        else { throw malformed() }
        text = String(decoding: outward, as: UTF8.self) + " " + String(decoding: inward, as: UTF8.self)
    }

    /// The part before the space: `B11`.
    public var outward: String { String(text.prefix(while: { $0 != " " })) }
    /// As far as the figure after the space: `B11 4`.
    public var sector: String { String(text.dropLast(2)) }

    public static func < (a: Postcode, b: Postcode) -> Bool { a.text < b.text }
    public var description: String { text }
}

/// The beginning of a postcode, enough to stand for a place: `B11` or `B11 4`.
public struct PartialPostcode: Hashable, Sendable, CustomStringConvertible {
    /// `B11`.
    public let outward: String
    /// The figure after the space, where there was one.
    public let sector: Int?

    /// Part of a postcode from text: `B11` (as far as the space) or `B11 4` (the figure after it).
    ///
    /// A space tells them apart: `B1 1` is a sector, `B11` a whole first half.
    ///
    /// - Throws: `Malformed` where it is no beginning of a postcode.
    public init(_ written: some StringProtocol) throws(Malformed) {
        let reason = "part of a postcode looks like B11 or B11 4"
        let malformed = Malformed(wanted: "part of a postcode", given: written, reason: reason)
        guard let bytes = PartialPostcode.squeezed(written), (2...5).contains(bytes.count) else { throw malformed }
        let wordCount = written.utf8.split(separator: 32).count
        if wordCount == 1, PartialPostcode.isOutward(bytes[...]) {
            (outward, sector) = (String(decoding: bytes, as: UTF8.self), nil)
            return
        }
        let isSplitWell = wordCount == 1 || (wordCount == 2 && written.utf8.split(separator: 32).last?.count == 1)
        guard isSplitWell, let last = bytes.last, PartialPostcode.isDigit(last),
            PartialPostcode.isOutward(bytes.dropLast())
        else { throw malformed }
        (outward, sector) = (String(decoding: bytes.dropLast(), as: UTF8.self), Int(last - 48))
    }

    public var description: String { sector.map { "\(outward) \($0)" } ?? outward }

    /// Capitals and figures without spaces, or nil where there is anything else.
    static func squeezed(_ written: some StringProtocol) -> [UInt8]? {
        guard written.utf8.count <= 16 else { return nil }
        var bytes: [UInt8] = []
        for byte in written.utf8 where byte != 32 {
            let upper = byte >= 97 && byte <= 122 ? byte - 32 : byte
            guard isDigit(upper) || (upper >= 65 && upper <= 90) else { return nil }
            bytes.append(upper)
        }
        return bytes
    }

    /// One or two letters, then a figure, then perhaps a figure or a letter: `B1`, `B11`, `W1A`, `EC1A`.
    static func isOutward(_ bytes: ArraySlice<UInt8>) -> Bool {
        let letters = bytes.prefix(while: { !isDigit($0) }).count
        guard (1...2).contains(letters), (letters + 1...letters + 2).contains(bytes.count) else { return false }
        return isDigit(bytes[bytes.startIndex + letters])
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    private static let notLast = Array("CIKMOV".utf8)

    /// The last two letters are never C, I, K, M, O or V.
    static func isUnitLetter(_ byte: UInt8) -> Bool {
        byte >= 65 && byte <= 90 && !notLast.contains(byte)
    }
}
