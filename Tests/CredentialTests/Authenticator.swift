import Crypto
import CryptoExtras
import Cryptography
import Foundation

@testable import Credentials

/// CBOR as an authenticator writes it.
enum Write {
    static func head(_ major: UInt8, _ value: Int) -> [UInt8] {
        switch value {
        case 0..<24: [major << 5 | UInt8(value)]
        case 24..<256: [major << 5 | 24, UInt8(value)]
        default: [major << 5 | 25, UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
        }
    }
    static func number(_ value: Int) -> [UInt8] { value >= 0 ? head(0, value) : head(1, -1 - value) }
    static func bytes(_ bytes: [UInt8]) -> [UInt8] { head(2, bytes.count) + bytes }
    static func text(_ text: String) -> [UInt8] { head(3, text.utf8.count) + Array(text.utf8) }
    static func map(_ members: [([UInt8], [UInt8])]) -> [UInt8] {
        head(5, members.count) + members.flatMap { $0.0 + $0.1 }
    }
    static func key(_ members: [(Int, [UInt8])]) -> [UInt8] { map(members.map { (number($0.0), $0.1) }) }
    static func attestation(_ data: [UInt8], format: String = "none", statement: [UInt8] = map([])) -> [UInt8] {
        map([(text("fmt"), text(format)), (text("attStmt"), statement), (text("authData"), bytes(data))])
    }
}

/// A passkey of one's own, to be used rightly and wrongly.
struct Authenticator: Sendable {
    enum Key: Sendable {
        case p256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    let key: Key
    let id: [UInt8] = Sodium.random(32)

    init(_ algorithm: PasskeyAlgorithm) throws {
        switch algorithm {
        case .es256: key = .p256(P256.Signing.PrivateKey())
        case .edDSA: key = .ed25519(Curve25519.Signing.PrivateKey())
        case .rs256: key = .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
        }
    }

    /// The members of its COSE key.
    func members() throws -> [(Int, [UInt8])] {
        switch key {
        case .p256(let key):
            let point = Array(key.publicKey.rawRepresentation)
            return [
                (1, Write.number(2)), (3, Write.number(-7)), (-1, Write.number(1)),
                (-2, Write.bytes(Array(point[..<32]))), (-3, Write.bytes(Array(point[32...]))),
            ]
        case .ed25519(let key):
            let point = Write.bytes(Array(key.publicKey.rawRepresentation))
            return [(1, Write.number(1)), (3, Write.number(-8)), (-1, Write.number(6)), (-2, point)]
        case .rsa(let key):
            let numbers = try key.publicKey.getKeyPrimitives()
            return [
                (1, Write.number(3)), (3, Write.number(-257)), (-1, Write.bytes(Array(numbers.modulus))),
                (-2, Write.bytes(Array(numbers.publicExponent))),
            ]
        }
    }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        switch key {
        case .p256(let key): return Array(try key.signature(for: bytes).derRepresentation)
        case .ed25519(let key): return Array(try key.signature(for: bytes))
        case .rsa(let key):
            let digest = SHA256.hash(data: bytes)
            return Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
        }
    }
}

/// One question to an authenticator and how it is answered; each test spoils one part.
struct Ceremony: Sendable {
    var challenge = [UInt8](repeating: 7, count: 32)
    var type: String?
    var origin = "https://continuum.example.org"
    /// More members of the client data, as JSON after a comma.
    var more = #","crossOrigin":false"#
    var relyingParty = "continuum.example.org"
    var flags: UInt8 = 0x05
    var count: UInt32 = 0
    var userHandle: [UInt8]? = Ceremony.owner
    /// After the authenticator's data, before it is signed.
    var tail: [UInt8] = []

    static let owner = Array("account-1".utf8)
    static let service = RelyingParty(
        id: "continuum.example.org", name: "Continuum",
        origins: ["https://continuum.example.org", "http://localhost:8080"])

    func clientData(_ usual: String) -> [UInt8] {
        let challenge = Base64URL.text(challenge)
        return Array(#"{"type":"\#(type ?? usual)","challenge":"\#(challenge)","origin":"\#(origin)"\#(more)}"#.utf8)
    }

    func data(adding flag: UInt8 = 0) -> [UInt8] {
        let number = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) }
        return Sodium.digest(Array(relyingParty.utf8)) + [flags | flag] + number
    }

    func registration(
        _ authenticator: Authenticator, id: [UInt8]? = nil, key: [UInt8]? = nil
    ) throws -> RegistrationResponse {
        let id = id ?? authenticator.id
        let length = [UInt8(truncatingIfNeeded: id.count >> 8), UInt8(truncatingIfNeeded: id.count)]
        let key = try key ?? Write.key(authenticator.members())
        let data = data(adding: 0x40) + [UInt8](repeating: 9, count: 16) + length + id + key + tail
        return RegistrationResponse(
            id: id, clientData: clientData("webauthn.create"), attestationObject: Write.attestation(data),
            transports: ["internal"])
    }

    func assertion(_ authenticator: Authenticator) throws -> AssertionResponse {
        let (client, data) = (clientData("webauthn.get"), data() + tail)
        return AssertionResponse(
            id: authenticator.id, clientData: client, authenticatorData: data,
            signature: try authenticator.sign(data + Sodium.digest(client)), userHandle: userHandle)
    }

    func register(_ authenticator: Authenticator) throws -> Passkey {
        try Self.service.register(registration(authenticator), challenge: [UInt8](repeating: 7, count: 32))
    }

    @discardableResult
    func assert(_ authenticator: Authenticator, _ passkey: Passkey, isOwnerNamed: Bool = true) throws -> Passkey {
        try Self.service.assert(
            assertion(authenticator), by: passkey, of: Self.owner, isOwnerNamed: isOwnerNamed,
            challenge: [UInt8](repeating: 7, count: 32))
    }
}
