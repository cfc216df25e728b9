import Crypto
import Cryptography
import Kernel

/// The six figures that an authenticator app shows, made anew every 30 seconds.
///
/// RFC 6238 with SHA-1, six figures and steps of 30 seconds from 1970: what every app reads.
public struct TOTP: Sendable, CustomStringConvertible {
    /// What the app and the service share; shown once. Whoever reads it can make codes.
    public let secret: [UInt8]

    /// - Returns: nil where the secret is shorter than the 16 bytes of RFC 4226, section 4 (R6), or longer than 64.
    public init?(secret: [UInt8]) {
        guard (16...64).contains(secret.count) else { return nil }
        self.secret = secret
    }

    /// 20 bytes that nobody can guess, the length that RFC 4226 recommends.
    public static func secret() -> [UInt8] { Sodium.random(20) }

    /// The steps of 30 seconds since 1970 at this moment; negative before.
    public static func step(at moment: Instant) -> Int {
        let count = moment.milliseconds
        return count >= 0 ? count / 30_000 : (count - 29_999) / 30_000
    }

    /// The address that an app reads from a picture: `otpauth://totp/Continuum:amina%40example.org?secret=…`.
    ///
    /// Colons in the two names are left out, since a colon parts them.
    public func uri(issuer: String, account: String) -> String {
        let (issuer, account) = (Self.escaped(issuer), Self.escaped(account))
        let settings = "secret=\(Base32.text(secret))&issuer=\(issuer)&algorithm=SHA1&digits=6&period=30"
        return "otpauth://totp/\(issuer):\(account)?\(settings)"
    }

    /// The six figures of this moment; empty before 1970.
    public func code(at moment: Instant) -> String { figures(step: Self.step(at: moment), count: 6) ?? "" }

    /// The step for which this code is right, so that the caller can keep it as the new `lastStep`.
    ///
    /// One step before and one after count too, for clocks that differ and people who type slowly (RFC 6238,
    /// section 5.2). A step up to `lastStep` is refused: a code serves once. Spaces in the code are passed over.
    /// All three steps are compared in the same time whatever was typed.
    ///
    /// - Returns: nil where the code is refused.
    public func accept(_ code: String, at moment: Instant, lastStep: Int?) -> Int? {
        let typed = code.utf8.filter { $0 != 32 }
        guard typed.count == 6 else { return nil }
        let now = Self.step(at: moment)
        var accepted: Int?
        for step in [now - 1, now, now + 1] {
            guard let right = figures(step: step, count: 6) else { continue }
            let isRight = Sodium.areEqual(Array(right.utf8), typed)
            if isRight && step > (lastStep ?? -1) { accepted = step }
        }
        return accepted
    }

    public var description: String { "TOTP" }

    /// The code of a step by RFC 4226, section 5.3; nil before 1970.
    func figures(step: Int, count: Int) -> String? {
        guard step >= 0 else { return nil }
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - $0 * 8)) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let start = Int(mac[19] & 15)
        let number = mac[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
        let figures = String(number).suffix(count)
        return String(repeating: "0", count: count - figures.count) + figures
    }

    /// The text with all but letters, figures and `-._~` of ASCII written as `%` and hex (RFC 3986, section 2).
    private static func escaped(_ text: String) -> String {
        text.utf8.filter { $0 != 58 }.map { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: String(UnicodeScalar(byte))
            default: "%" + Sodium.hex([byte]).uppercased()
            }
        }.joined()
    }
}
