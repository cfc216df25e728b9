/// An identifier that cannot be mistaken for one of another kind. Readable text, never shown as a secret.
public struct ID<Kind>: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let text: String

    /// An identifier that the program itself makes.
    public init(_ text: String) { self.text = text }

    /// An identifier that came from outside: a path, a form, a file.
    ///
    /// - Throws: `Malformed` where it is not 1 to 80 of a to z, A to Z, 0 to 9, `-`, `_` and `.`.
    public init(checking text: some StringProtocol) throws(Malformed) {
        let allowed = text.utf8.allSatisfy { byte in
            (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
                || byte == 45 || byte == 46 || byte == 95
        }
        guard allowed, (1...80).contains(text.utf8.count) else {
            let reason = "it is 1 to 80 letters, digits, hyphens and full stops"
            throw Malformed(wanted: "an identifier", given: text, reason: reason)
        }
        self.text = String(text)
    }

    public static func < (a: ID, b: ID) -> Bool { a.text < b.text }
    public var description: String { text }
}

/// A local authority's three-figure number with the Department for Education: `330` is Birmingham.
///
/// A number not in `share/codes/la_codes.csv` is a question to ask, not an error: authorities change.
public struct AuthorityNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let number: Int

    /// - Throws: `Malformed` where the text is not three figures from 001.
    public init(_ text: some StringProtocol) throws(Malformed) {
        guard text.utf8.count == 3, let number = Digits.number(text), number > 0 else {
            throw Malformed(wanted: "an authority number", given: text, reason: "it has three figures, like 330")
        }
        self.number = number
    }

    public static func < (a: AuthorityNumber, b: AuthorityNumber) -> Bool { a.number < b.number }
    public var description: String { Digits.padded(number, to: 3) }
}

/// A school's four-figure number within its authority.
public struct EstablishmentNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let number: Int

    /// - Throws: `Malformed` where the text is not four figures from 0001.
    public init(_ text: some StringProtocol) throws(Malformed) {
        guard text.utf8.count == 4, let number = Digits.number(text), number > 0 else {
            throw Malformed(wanted: "an establishment number", given: text, reason: "it has four figures, like 2001")
        }
        self.number = number
    }

    public static func < (a: EstablishmentNumber, b: EstablishmentNumber) -> Bool { a.number < b.number }
    public var description: String { Digits.padded(number, to: 4) }
}

/// A school's unique reference number in the national register, kept for its life.
public struct URN: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let number: Int

    /// - Throws: `Malformed` where the text is not five to seven figures, the first not 0.
    public init(_ text: some StringProtocol) throws(Malformed) {
        guard (5...7).contains(text.utf8.count), let number = Digits.number(text), text.utf8.first != 48 else {
            throw Malformed(wanted: "a school’s URN", given: text, reason: "it has six figures, like 103600")
        }
        self.number = number
    }

    public static func < (a: URN, b: URN) -> Bool { a.number < b.number }
    public var description: String { String(number) }
}

/// A pupil's unique number: a check letter, then twelve characters.
///
/// Checked by its letter: the sum of value times position, for positions 2 to 13, modulo 23. The last character
/// is a letter in a temporary number. An authority number not known is a query, not an error, so it is not
/// judged here. Prints as `UPN`: it identifies a child.
///
/// Source: UK Government Data Standards Catalogue, Unique Pupil Number version 2.0 (2004).
public struct UPN: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// - Throws: `Malformed`, without the number in it, where the length, a character or the check letter is wrong.
    public init(_ written: some StringProtocol) throws(Malformed) {
        let bytes = Array(written.utf8)
        func refused(_ why: String) -> Malformed { Malformed(wanted: "a UPN", reason: why) }
        guard bytes.count == 13 else { throw refused("it has 13 characters") }
        var sum = 0
        for (index, byte) in bytes.enumerated().dropFirst() {
            let isLast = index == 12
            if byte >= 48, byte <= 57 {
                sum += Int(byte - 48) * (index + 1)
            } else if isLast, let value = UPN.letters.firstIndex(of: byte) {
                sum += value * (index + 1)
            } else {
                throw refused("after the first letter come figures; only the last may be a capital, not I, O or S")
            }
        }
        guard UPN.letters[sum % 23] == bytes[0] else { throw refused("its first letter does not fit the rest of it") }
        text = String(written)
    }

    /// A temporary number ends in a letter.
    public var isTemporary: Bool { text.utf8.last.map { $0 > 57 } ?? false }
    /// The three-figure number of the authority that gave it out; `000` in no authority.
    public var authority: String { String(text.dropFirst().prefix(3)) }
    public var description: String { "UPN" }

    private static let letters = Array("ABCDEFGHJKLMNPQRTUVWXYZ".utf8)
}

/// A person's ten-figure NHS number, checked by its last figure (modulo 11). Prints as `NHS number`.
public struct NHSNumber: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// - Throws: `Malformed`, without the number in it, where the length, a character or the check figure is wrong.
    public init(_ written: some StringProtocol) throws(Malformed) {
        let bytes = Array(written.utf8.filter { $0 != 32 && $0 != 45 })
        func refused(_ why: String) -> Malformed { Malformed(wanted: "an NHS number", reason: why) }
        guard bytes.count == 10, bytes.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { throw refused("it has ten figures") }
        guard bytes.contains(where: { $0 != bytes[0] }) else { throw refused("ten figures all the same are none") }
        var sum = 0
        for index in 0..<9 { sum += Int(bytes[index] - 48) * (10 - index) }
        let check = (11 - sum % 11) % 11
        guard check < 10, check == Int(bytes[9] - 48) else { throw refused("its last figure does not fit the rest") }
        text = String(decoding: bytes, as: UTF8.self)
    }

    public var description: String { "NHS number" }
}
