import Crypto
import CryptoExtras
import Cryptography
import Foundation

/// How a passkey signs; the numbers are those of the IANA registry of COSE algorithms.
public enum PasskeyAlgorithm: Int, Hashable, Sendable, CaseIterable {
    /// ECDSA over P-256 with SHA-256.
    case es256 = -7
    /// Ed25519.
    case edDSA = -8
    /// RSA with PKCS #1 version 1.5 and SHA-256, with at least 2048 bits.
    case rs256 = -257
}

/// The public half of a passkey, from its COSE key.
///
/// RFC 9052, section 7; RFC 9053, section 7; RFC 8230, section 4; as WebAuthn level 3, section 5.8.5, narrows them:
/// ES256 on P-256 with both coordinates, EdDSA on Ed25519, RS256 with 2048 to 8192 bits.
struct PasskeyKey: Sendable {
    let algorithm: PasskeyAlgorithm
    private let form: Form

    private enum Form: Sendable {
        case p256(P256.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
        case rsa(_RSA.Signing.PublicKey)
    }

    init(cose bytes: [UInt8]) throws(WebAuthnFault) {
        guard bytes.count <= 4096, let key = CBOR.read(bytes), let kind = key[1]?.number, let number = key[3]?.number
        else { throw .badKey }
        guard let algorithm = PasskeyAlgorithm(rawValue: number) else { throw .unsupportedAlgorithm(number) }
        guard let form = Self.form(key, kind: kind, algorithm: algorithm) else { throw .badKey }
        (self.algorithm, self.form) = (algorithm, form)
    }

    /// Whether this key signed the bytes. ES256 signatures are in ASN.1 (WebAuthn level 3, section 6.5.5).
    func verifies(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
        switch form {
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: bytes)
        case .ed25519(let key): return signature.count == 64 && key.isValidSignature(signature, for: bytes)
        case .rsa(let key): return RSAKey.verifies(signature, of: bytes, key)
        }
    }

    private static func form(_ key: CBOR, kind: Int, algorithm: PasskeyAlgorithm) -> Form? {
        switch algorithm {
        case .es256:
            guard kind == 2, key[-1]?.number == 1, let x = key[-2]?.bytes, let y = key[-3]?.bytes else { return nil }
            return P256Key.make(x: x, y: y).map(Form.p256)
        case .edDSA:
            guard kind == 1, key[-1]?.number == 6, let x = key[-2]?.bytes, x.count == 32 else { return nil }
            return (try? Curve25519.Signing.PublicKey(rawRepresentation: x)).map(Form.ed25519)
        case .rs256:
            guard kind == 3, let n = key[-1]?.bytes, let e = key[-2]?.bytes else { return nil }
            return RSAKey.make(n: n, e: e).map(Form.rsa)
        }
    }
}

enum P256Key {
    /// - Returns: nil where the coordinates are not 32 bytes each, or the point is not on the curve.
    static func make(x: [UInt8], y: [UInt8]) -> P256.Signing.PublicKey? {
        guard x.count == 32, y.count == 32 else { return nil }
        return try? P256.Signing.PublicKey(x963Representation: [4] + x + y)
    }
}

enum RSAKey {
    /// - Returns: nil but for 2048 to 8192 bits and an odd exponent from 65,537 up to 32 bits.
    static func make(n: [UInt8], e: [UInt8]) -> _RSA.Signing.PublicKey? {
        let (n, e) = (Array(n.drop { $0 == 0 }), Array(e.drop { $0 == 0 }))
        guard let top = n.first, let last = n.last, last & 1 == 1, (256...1024).contains(n.count), e.count <= 4 else {
            return nil
        }
        guard n.count * 8 - top.leadingZeroBitCount >= 2048 else { return nil }
        let exponent = e.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard exponent >= 65_537, exponent & 1 == 1 else { return nil }
        return try? _RSA.Signing.PublicKey(n: n, e: e)
    }

    /// PKCS #1 version 1.5 with SHA-256 (RFC 8017, section 8.2).
    static func verifies(_ signature: [UInt8], of bytes: [UInt8], _ key: _RSA.Signing.PublicKey) -> Bool {
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        return key.isValidSignature(signature, for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5)
    }
}
