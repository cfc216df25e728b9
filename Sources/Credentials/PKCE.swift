import Cryptography

/// The proof that who redeems an authorisation code is who asked for it.
///
/// RFC 7636, method S256. The verifier stays in the session; only the challenge travels with the request.
public struct PKCE: Sendable, CustomStringConvertible {
    /// 43 to 128 characters; a secret until the code is redeemed.
    public let verifier: String

    /// A new verifier of 32 random bytes.
    public init() { verifier = RandomText.make() }

    /// - Returns: nil where the text is no verifier by RFC 7636, section 4.1.
    public init?(verifier: String) {
        let isAllowed = verifier.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: true
            default: false
            }
        }
        guard isAllowed, (43...128).contains(verifier.utf8.count) else { return nil }
        self.verifier = verifier
    }

    /// The SHA-256 of the verifier, in base 64: what is sent as `code_challenge` with `code_challenge_method=S256`.
    public var challenge: String { Base64URL.text(Sodium.digest(Array(verifier.utf8))) }

    public var description: String { "PKCE \(challenge)" }
}

/// Text that nobody can guess, for the `state` and the `nonce` of a sign-in elsewhere.
public enum RandomText {
    /// 256 random bits in 43 characters that need no escaping in an address.
    public static func make() -> String { Base64URL.text(Sodium.random(32)) }

    /// Whether two texts are the same, byte for byte, told in a time that does not depend on where they differ.
    public static func isSame(_ one: String, _ other: String) -> Bool {
        Sodium.areEqual(Array(one.utf8), Array(other.utf8))
    }
}
