import Crypto
import CryptoExtras
import Cryptography
import Foundation
import Kernel

@testable import Credentials

/// An identity provider of one's own, to sign tokens rightly and wrongly.
struct TokenForge: Sendable {
    static let rsa = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    static let otherRSA = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    static let p256 = P256.Signing.PrivateKey()

    static let now = Instant(milliseconds: 1_790_000_000_000)
    static let usualHeader = #"{"alg":"RS256","kid":"k1","typ":"JWT"}"#

    /// Claims as JSON, by name; nil takes one out.
    var claims: [(String, String?)] = []
    var header = TokenForge.usualHeader

    init(_ header: String = TokenForge.usualHeader, _ claims: (String, String?)...) {
        (self.header, self.claims) = (header, claims)
    }

    static func rule(_ algorithm: IDTokenAlgorithm = .rs256) -> IDTokenRule {
        IDTokenRule(issuer: "https://id.example.org", clientID: "continuum", algorithm: algorithm)
    }

    var body: String {
        var members: [(String, String)] = [
            ("iss", #""https://id.example.org""#), ("aud", #""continuum""#), ("sub", #""amina-1""#),
            ("iat", "1790000000"), ("exp", "1790000300"), ("nonce", #""n-1""#),
        ]
        for (name, value) in claims {
            members.removeAll { $0.0 == name }
            if let value { members.append((name, value)) }
        }
        return "{" + members.map { #""\#($0.0)":\#($0.1)"# }.joined(separator: ",") + "}"
    }

    var signed: String { Base64URL.text(Array(header.utf8)) + "." + Base64URL.text(Array(body.utf8)) }

    func token(_ key: Result<_RSA.Signing.PrivateKey, any Error> = TokenForge.rsa) throws -> String {
        let digest = SHA256.hash(data: Array(signed.utf8))
        let signature = try key.get().signature(for: digest, padding: .insecurePKCS1v1_5)
        return signed + "." + Base64URL.text(Array(signature.rawRepresentation))
    }

    func es256() throws -> String {
        signed + "." + Base64URL.text(Array(try Self.p256.signature(for: Array(signed.utf8)).rawRepresentation))
    }

    func verify(_ token: String? = nil, keys: KeySet? = nil, at now: Instant = now) throws -> IDToken {
        let (token, keys) = (try token ?? self.token(), try keys ?? Self.keys())
        return try Self.rule().verify(token, keys: keys, nonce: "n-1", at: now)
    }

    /// The published key with other members, as JSON.
    static func rsaKey(_ key: Result<_RSA.Signing.PrivateKey, any Error> = rsa, _ more: String = #""kid":"k1""#) throws
        -> String
    {
        let numbers = try key.get().publicKey.getKeyPrimitives()
        let (n, e) = (Base64URL.text(Array(numbers.modulus)), Base64URL.text(Array(numbers.publicExponent)))
        return #"{"kty":"RSA","n":"\#(n)","e":"\#(e)",\#(more)}"#
    }

    static func ecKey(_ more: String = #""kid":"e1""#) -> String {
        let point = Array(p256.publicKey.rawRepresentation)
        let (x, y) = (Base64URL.text(Array(point[..<32])), Base64URL.text(Array(point[32...])))
        return #"{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)",\#(more)}"#
    }

    static func keys(_ keys: String...) throws -> KeySet {
        let usual = [
            try rsaKey(rsa, #""kid":"k1","use":"sig","alg":"RS256""#),
            try rsaKey(otherRSA, #""kid":"k2""#), ecKey(#""kid":"e1","use":"sig""#),
        ]
        return try KeySet(Array(#"{"keys":[\#((keys.isEmpty ? usual : keys).joined(separator: ","))]}"#.utf8))
    }
}
