import Crypto
import CryptoExtras
import Foundation

/// How an identity provider signs: fixed by the configuration, never by the token (RFC 8725, section 3.1).
public enum IDTokenAlgorithm: String, Hashable, Sendable, CaseIterable {
    /// RSA with PKCS #1 version 1.5 and SHA-256 (RFC 7518, section 3.3).
    case rs256 = "RS256"
    /// ECDSA over P-256 with SHA-256 (RFC 7518, section 3.4).
    case es256 = "ES256"
}

/// The keys that an identity provider publishes: a JWK set (RFC 7517, section 5).
public struct KeySet: Sendable {
    private let keys: [StrictJSON]

    /// The keys in these bytes, at most 256 KiB and 100 keys.
    ///
    /// A key that we cannot use is passed over until a token names it: providers publish others beside ours.
    ///
    /// - Throws: `badKeySet` where they are not a JWK set, or a name stands twice in one object.
    public init(_ bytes: [UInt8]) throws(IDTokenFault) {
        guard bytes.count <= 262_144, let keys = StrictJSON.read(bytes)?["keys"]?.list, keys.count <= 100 else {
            throw .badKeySet
        }
        for key in keys { guard case .object = key else { throw .badKeySet } }
        self.keys = keys
    }

    /// The one key under this name that verifies by this algorithm.
    ///
    /// A token without `kid` is taken where the set holds a single such key (OpenID Connect Core 1.0, section 10.1).
    func key(named id: String?, for algorithm: IDTokenAlgorithm) throws(IDTokenFault) -> TokenKey {
        let named = keys.filter { key in
            guard let id else { return true }
            return key["kid"]?.text?.utf8.elementsEqual(id.utf8) == true
        }
        guard !named.isEmpty else { throw .unknownKey }
        let fit = named.compactMap { TokenKey($0, for: algorithm) }
        guard let key = fit.first else { throw .unfitKey }
        guard fit.count == 1 else { throw .ambiguousKey }
        return key
    }
}

/// A public key that verifies tokens by one algorithm.
enum TokenKey {
    case rsa(_RSA.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)

    /// - Returns: nil where the key is of another type, curve, use or algorithm, holds a private half, or is no key.
    init?(_ key: StrictJSON, for algorithm: IDTokenAlgorithm) {
        guard key["use"] == nil || key["use"]?.text == "sig", key["d"] == nil, key["k"] == nil,
            key["alg"] == nil || key["alg"]?.text == algorithm.rawValue,
            key["key_ops"] == nil || key["key_ops"]?.texts?.contains("verify") == true
        else { return nil }
        func bytes(_ name: String) -> [UInt8]? { key[name]?.text.flatMap { Base64URL.bytes($0) } }
        switch algorithm {
        case .rs256:
            guard key["kty"]?.text == "RSA", let n = bytes("n"), let e = bytes("e"), let made = RSAKey.make(n: n, e: e)
            else { return nil }
            self = .rsa(made)
        case .es256:
            guard key["kty"]?.text == "EC", key["crv"]?.text == "P-256", let x = bytes("x"), let y = bytes("y"),
                let made = P256Key.make(x: x, y: y)
            else { return nil }
            self = .p256(made)
        }
    }

    func verifies(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
        switch self {
        case .rsa(let key): return RSAKey.verifies(signature, of: bytes, key)
        case .p256(let key):
            guard signature.count == 64,
                let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: bytes)
        }
    }
}
