import Credentials
import Crypto
import Cryptography
import TestKit
import Web

/// A device with one passkey in it, which answers what stands on a page as a browser would hand it on.
struct SoftKey: Sendable {
    let key = P256.Signing.PrivateKey()
    let id: [UInt8] = Sodium.random(32)
    var origin = "https://send.example.gov.uk"
    var domain = "send.example.gov.uk"
    /// The signatures it says to have made.
    var count: UInt32 = 0
    /// The account that it names; nil to name none.
    var handle: [UInt8]?

    /// Asked for a new passkey by this page: what a script puts into the form.
    func made(for page: Answer) -> String {
        let point = Array(key.publicKey.rawRepresentation)
        let cose: [UInt8] =
            [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20] + point[..<32] + [0x22, 0x58, 0x20]
            + point[32...]
        let data = data(flags: 0x45) + [UInt8](repeating: 0, count: 16) + [0, 32] + id + cose
        let object: [UInt8] =
            [0xA3, 0x63] + Array("fmt".utf8) + [0x64] + Array("none".utf8) + [0x67] + Array("attStmt".utf8) + [0xA0]
            + [0x68] + Array("authData".utf8) + [0x58, UInt8(data.count)] + data
        return answer([
            ("clientDataJSON", client("webauthn.create", page)), ("attestationObject", object),
        ])
    }

    /// Asked by this page to show that it is there.
    func signed(for page: Answer) throws -> String {
        let (client, data) = (client("webauthn.get", page), data(flags: 0x05))
        let signature = Array(try key.signature(for: data + Sodium.digest(client)).derRepresentation)
        var parts = [("clientDataJSON", client), ("authenticatorData", data), ("signature", signature)]
        if let handle { parts.append(("userHandle", handle)) }
        return answer(parts)
    }

    private func data(flags: UInt8) -> [UInt8] {
        let number = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) }
        return Sodium.digest(Array(domain.utf8)) + [flags] + number
    }

    private func client(_ type: String, _ page: Answer) -> [UInt8] {
        let challenge = page.question(of: "challenge")
        return Array(
            #"{"type":"\#(type)","challenge":"\#(challenge)","origin":"\#(origin)","crossOrigin":false}"#.utf8)
    }

    private func answer(_ parts: [(name: String, bytes: [UInt8])]) -> String {
        let response = parts.map { "\"\($0.name)\":\"\(Base64URL.text($0.bytes))\"" }.joined(separator: ",")
        let name = Base64URL.text(id)
        return #"{"id":"\#(name)","rawId":"\#(name)","type":"public-key","response":{\#(response)}}"#
    }
}

extension Answer {
    /// The first text of this name in what the page asks of passkeys; empty where it asks nothing.
    func question(of name: String) -> String {
        let options = text.components(between: "data-options=\"", and: "\"").first?.replacing("&quot;", with: "\"")
        return options?.components(between: "\"\(name)\":\"", and: "\"").first ?? ""
    }
}
