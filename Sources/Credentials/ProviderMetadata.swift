/// What an identity provider publishes of itself, so far as a sign-in by it needs it.
///
/// OpenID Connect Discovery 1.0, section 3; RFC 8414.
public struct ProviderMetadata: Hashable, Sendable {
    /// Where browsers are sent.
    public let authorization: String
    /// Where a code is handed in for a token.
    public let token: String
    /// Where the provider’s keys lie.
    public let keys: String
    /// Whether every answer names its sender in `iss` (RFC 9207, section 3).
    public let namesItself: Bool

    /// Why what a provider publishes cannot be used. No case holds anything that it said.
    public enum Fault: Error, Hashable, Sendable {
        /// It is not JSON of the right form; the word is the member.
        case malformed(String)
        /// It is another provider’s, or not written to the letter as configured.
        case wrongIssuer
        /// An address is not https; nor, for a provider on this very computer, one on it. The word is the member.
        case unsafeAddress(String)
        /// It does not do what is configured or needed; the word is the member that says so.
        case unfit(String)
    }

    /// - Parameters:
    ///   - bytes: the document, at most 256 KiB.
    ///   - issuer: the provider as configured.
    ///   - hasSecret: whether this service shows who it is by a secret.
    public init(
        _ bytes: [UInt8], issuer: String, algorithm: IDTokenAlgorithm, hasSecret: Bool
    ) throws(Fault) {
        guard bytes.count <= 262_144, let json = StrictJSON.read(bytes), case .object = json else {
            throw .malformed("document")
        }
        guard let named = json["issuer"]?.text, named.utf8.elementsEqual(issuer.utf8) else { throw .wrongIssuer }
        func address(_ name: String) throws(Fault) -> String {
            guard let text = json[name]?.text else { throw .malformed(name) }
            guard let address = ProviderAddress(text),
                address.isSecure || (address.isLoopback && ProviderAddress(issuer)?.isLoopback == true)
            else { throw .unsafeAddress(name) }
            return text
        }
        /// A list that need not be there, but must hold this where it is.
        func expect(_ value: String, in name: String) throws(Fault) {
            guard let list = json[name] else { return }
            guard let texts = list.texts else { throw .malformed(name) }
            guard texts.contains(value) else { throw .unfit(name) }
        }
        authorization = try address("authorization_endpoint")
        token = try address("token_endpoint")
        keys = try address("jwks_uri")
        namesItself = json["authorization_response_iss_parameter_supported"]?.bool ?? false
        try expect("code", in: "response_types_supported")
        try expect(algorithm.rawValue, in: "id_token_signing_alg_values_supported")
        try expect("S256", in: "code_challenge_methods_supported")
        if hasSecret { try expect("client_secret_basic", in: "token_endpoint_auth_methods_supported") }
    }
}

/// An address at an identity provider, taken apart so far as its safety needs.
public struct ProviderAddress: Hashable, Sendable {
    /// Whether it is https.
    public let isSecure: Bool
    /// In small letters, without a port; of version 6 in brackets.
    public let host: String
    /// Scheme, host and port, as written.
    public let origin: String
    /// Whether nothing follows the path.
    public let isBare: Bool

    /// Whether it is on the computer itself.
    public var isLoopback: Bool { ["localhost", "127.0.0.1", "[::1]"].contains(host) }

    /// - Returns: nil where the text is no http or https address in plain ASCII, or holds a user or a fragment.
    public init?(_ text: String) {
        guard text.utf8.count <= 2000,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\\#\"<>".utf8.contains($0) })
        else { return nil }
        let scheme = text.hasPrefix("https://") ? "https://" : "http://"
        guard text.hasPrefix(scheme) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : nil
        let name = end.map { authority[..<$0] } ?? authority.prefix { $0 != ":" }
        let port = authority[name.endIndex...]
        let isHost = name.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-._:[]".utf8.contains($0)
        }
        guard !name.isEmpty, isHost, port.isEmpty || (port.first == ":" && port.dropFirst().allSatisfy(\.isNumber))
        else { return nil }
        (isSecure, host) = (scheme == "https://", name.lowercased())
        (origin, isBare) = (scheme + String(authority), !rest.contains("?"))
    }
}

/// What a provider hands out for a code (OpenID Connect Core 1.0, section 3.1.3.3). Prints as nothing of it.
public struct TokenAnswer: Sendable, CustomStringConvertible {
    /// The ID token, unread: nothing in it counts before `IDTokenRule.verify`.
    public let idToken: String

    /// - Returns: nil where the bytes are no such answer.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= 262_144, let text = StrictJSON.read(bytes)?["id_token"]?.text else { return nil }
        idToken = text
    }

    public var description: String { "an answer with an ID token" }
}
