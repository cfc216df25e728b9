import CSodium
import Foundation

/// What is kept of a password: a hash that is slow to make, by Argon2id.
///
/// RFC 9106, through libsodium's `crypto_pwhash_str`. Every function here blocks for as long as the cost says and holds
/// that much memory: call it away from the event loop, and let only a few run at once.
///
/// A password is put in Unicode's form NFKC first (NIST SP 800-63B, section 3.1.1.2), so that it is the same from every
/// keyboard. Nothing else is done to it: case, spaces and length stay.
public enum Password {
    /// How dear one guess is.
    public struct Cost: Hashable, Sendable {
        /// Passes over the memory, 1 to 16.
        public let passes: Int
        /// Memory in bytes, 8 KiB to 1 GiB.
        public let memory: Int

        /// Costs outside what is allowed are held at its ends.
        public init(passes: Int, memory: Int) {
            self.passes = min(max(passes, 1), Password.mostPasses)
            self.memory = min(max(memory, 8192), Password.mostKibibytes * 1024)
        }

        /// Two passes over 19 MiB: a least of OWASP ASVS 5.0, appendix C, and about 40 ms on one core.
        public static let usual = Cost(passes: 2, memory: 19 * 1024 * 1024)
        /// Three passes over 64 MiB: the second choice of RFC 9106, section 4, and about 200 ms on one core.
        public static let high = Cost(passes: 3, memory: 64 * 1024 * 1024)
    }

    /// Why a password was not hashed.
    public enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// More than `longest` bytes: refused before any work.
        case tooLong
        /// The memory could not be had.
        case noMemory

        public var description: String {
            switch self {
            case .tooLong: "The password is longer than \(Password.longest) bytes"
            case .noMemory: "There was not enough memory to hash the password"
            }
        }
    }

    /// The longest password in bytes of UTF-8, as typed and in its normal form.
    public static let longest = 1024

    /// The password in Unicode's form NFKC; nil where it is longer than `longest` before or after.
    public static func normalised(_ password: String) -> String? {
        guard password.utf8.count <= longest else { return nil }
        let normal = password.precomposedStringWithCompatibilityMapping
        return normal.utf8.count <= longest ? normal : nil
    }

    /// The hash with its salt and cost, in at most 127 characters: `$argon2id$v=19$m=19456,t=2,p=1$…`.
    public static func hash(_ password: String, cost: Cost = .usual) throws(Fault) -> String {
        guard isReady, let normal = normalised(password) else { throw .tooLong }
        let bytes = normal.utf8.map { CChar(bitPattern: $0) }
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let result = crypto_pwhash_str(&text, bytes, UInt64(bytes.count), UInt64(cost.passes), cost.memory)
        guard result == 0 else { throw .noMemory }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A hash that no password has, at this cost.
    ///
    /// Check against it when nobody has the name that was given, so that the answer takes as long as any other.
    public static func decoy(cost: Cost = .usual) throws(Fault) -> String {
        try hash(Sodium.hex(Sodium.random(32)), cost: cost)
    }

    /// Whether the hash is of this password. False, without work, for text that is no hash of ours or asks for more
    /// than the highest cost, and for a password that is too long.
    public static func isRight(_ password: String, for hash: String) -> Bool {
        guard isReady, let stored = stored(hash), let normal = normalised(password) else { return false }
        let bytes = normal.utf8.map { CChar(bitPattern: $0) }
        return crypto_pwhash_str_verify(stored, bytes, UInt64(bytes.count)) == 0
    }

    /// Whether the hash was made at another cost, so that it should be made anew when the person next signs in.
    public static func needsRehash(_ hash: String, cost: Cost = .usual) -> Bool {
        guard isReady, let stored = stored(hash) else { return true }
        return crypto_pwhash_str_needs_rehash(stored, UInt64(cost.passes), cost.memory) != 0
    }

    fileprivate static let mostPasses = 16
    fileprivate static let mostKibibytes = 1024 * 1024

    /// libsodium picks the code for this processor once.
    private static let isReady = sodium_init() >= 0

    /// The hash as libsodium wants it, with zeros after it; nil where it is none that we would work through.
    private static func stored(_ hash: String) -> [CChar]? {
        let size = Int(crypto_pwhash_STRBYTES)
        let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
        guard hash.utf8.count < size, !hash.utf8.contains(0), parts.count == 6, parts[0].isEmpty,
            parts[1] == "argon2id", parts[2] == "v=19"
        else { return nil }
        let settings = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        guard settings.count == 3, settings[2] == "p=1",
            let memory = number(settings[0], after: "m="), (8...mostKibibytes).contains(memory),
            let passes = number(settings[1], after: "t="), (1...mostPasses).contains(passes)
        else { return nil }
        let bytes = hash.utf8.map { CChar(bitPattern: $0) }
        return bytes + [CChar](repeating: 0, count: size - bytes.count)
    }

    private static func number(_ text: Substring, after mark: String) -> Int? {
        let figures = text.dropFirst(2)
        guard text.hasPrefix(mark), figures.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(figures)
    }
}
