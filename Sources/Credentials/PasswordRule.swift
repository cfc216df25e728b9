import Cryptography
import Kernel

/// Which new passwords are taken.
///
/// NIST SP 800-63B, section 3.1.1.2: length, and nothing that whoever knows the service and the person would try first.
/// No rule on kinds of characters, and no change asked for without a reason.
public struct PasswordRule: Sendable {
    /// The name of the service, as people write it.
    public let service: String

    public init(service: String) { self.service = service }

    /// The fewest characters (Unicode code points) in the normal form.
    public static let fewest = 12
    /// What must be left when everything easily guessed is taken away.
    static let fewestOther = 8

    /// Why this password is not taken; nil where it is.
    ///
    /// The parts that are easily guessed may stand in it, so long as eight other characters do.
    public func refusal(of password: String, email: String? = nil) -> PasswordRefusal? {
        guard let normal = Password.normalised(password) else { return .tooLong }
        guard normal.unicodeScalars.count >= Self.fewest else { return .tooShort }
        let plain = Self.plain(normal)
        if Set(plain).count < 5 || Self.isRepeated(plain) { return .repeated }
        let service = Self.names(in: self.service)
        let person = Self.names(in: email ?? "")
        if Self.left(Self.without(service, in: plain)) < Self.fewestOther { return .service }
        if Self.left(Self.without(person, in: plain)) < Self.fewestOther { return .email }
        if Self.left(Self.withoutRuns(plain)) < Self.fewestOther { return .sequence }
        let rest = Self.withoutRuns(Self.without(service + person + Self.commonest, in: plain))
        return Self.left(rest) < Self.fewestOther ? .guessable : nil
    }

    /// Words of our own list that people reach for first.
    private static let commonest = [
        "password", "passw0rd", "p@ssw0rd", "welcome", "letmein", "secret", "admin", "login",
    ]
    .map(plain)

    private static let rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"]
        .map { Array($0.unicodeScalars) }

    /// A place in which something guessable stood; no password that can be typed holds it.
    private static let gap: UnicodeScalar = "\0"

    private static func plain(_ text: String) -> [UnicodeScalar] { Array(text.lowercased().unicodeScalars) }

    private static func left(_ text: [UnicodeScalar]) -> Int { text.count { $0 != gap } }

    /// The words of three letters or more in a name or an address, and the whole of it, longest first.
    private static func names(in text: String) -> [[UnicodeScalar]] {
        let plain = plain(text)
        let words = plain.split { !$0.properties.isAlphabetic && !("0"..."9").contains($0) }.map(Array.init)
        let joined = words.flatMap { $0 }
        return ([plain, joined] + words).filter { $0.count >= 3 }.sorted { $0.count > $1.count }
    }

    private static func without(_ words: [[UnicodeScalar]], in text: [UnicodeScalar]) -> [UnicodeScalar] {
        var text = text
        for word in words where !word.isEmpty && word.count <= text.count {
            for start in 0...text.count - word.count where text[start..<start + word.count].elementsEqual(word) {
                for place in start..<start + word.count { text[place] = gap }
            }
        }
        return text
    }

    /// The text without runs of four or more that follow the alphabet, the figures, a row of keys, or one character.
    private static func withoutRuns(_ text: [UnicodeScalar]) -> [UnicodeScalar] {
        var text = text
        let whole = text
        for row in rows + rows.map({ $0.reversed() }) {
            var start = 0
            for place in whole.indices.dropFirst() where !follows(whole[place - 1], whole[place], in: row) {
                if place - start >= 4 { for gone in start..<place { text[gone] = gap } }
                start = place
            }
            if whole.count - start >= 4 { for gone in start..<whole.count { text[gone] = gap } }
        }
        return text
    }

    private static func follows(_ one: UnicodeScalar, _ next: UnicodeScalar, in row: [UnicodeScalar]) -> Bool {
        if one == next { return true }
        return zip(row, row.dropFirst()).contains { $0 == one && $1 == next }
    }

    /// Whether the whole is one piece again and again.
    private static func isRepeated(_ text: [UnicodeScalar]) -> Bool {
        guard text.count > 1 else { return false }
        return (1...min(text.count / 2, fewestOther - 1)).contains { width in
            zip(text, text.dropFirst(width)).allSatisfy { $0 == $1 }
        }
    }
}

/// Why a new password is not taken.
public enum PasswordRefusal: Error, Hashable, SaidPlainly, Sendable {
    case tooShort
    case tooLong
    /// Hardly more than the service's name.
    case service
    /// Hardly more than the person's e-mail address.
    case email
    case repeated
    case sequence
    /// Several of these together, or a word everybody uses.
    case guessable

    public var description: String {
        switch self {
        case .tooShort: "Use at least \(PasswordRule.fewest) characters: three random words are easy to remember"
        case .tooLong: "Use at most \(Password.longest) characters"
        case .service: "Do not build the password on the name of this service"
        case .email: "Do not build the password on your e-mail address"
        case .repeated: "Do not repeat the same characters"
        case .sequence: "Do not use characters in a row, such as 12345678 or qwertyuiop"
        case .guessable: "This password is easily guessed: use three random words"
        }
    }
}
