import Cryptography
import Foundation
import Testing

@testable import Credentials

@Suite struct `The form of a passkey` {
    let challenge = [UInt8](repeating: 7, count: 32)

    @Test(arguments: [(0, false), (1, true), (1023, true), (1024, false), (40_000, false)])
    func `has a name of 1 to 1023 bytes`(length: Int, isTaken: Bool) throws {
        let key = try Authenticator(.edDSA)
        let answer = try Ceremony().registration(key, id: [UInt8](repeating: 1, count: length))
        if isTaken {
            #expect(try Ceremony.service.register(answer, challenge: challenge).id.count == length)
        } else {
            #expect(throws: WebAuthnFault.badCredentialID) {
                try Ceremony.service.register(answer, challenge: challenge)
            }
        }
    }

    @Test func `names itself alike inside and out, and holds a key`() throws {
        let key = try Authenticator(.edDSA)
        let answer = try Ceremony().registration(key)
        let other = RegistrationResponse(
            id: [1], clientData: answer.clientData, attestationObject: answer.attestationObject)
        #expect(throws: WebAuthnFault.wrongCredential) {
            try Ceremony.service.register(other, challenge: challenge)
        }
        let empty = RegistrationResponse(
            id: key.id, clientData: answer.clientData, attestationObject: Write.attestation(Ceremony().data()))
        #expect(throws: WebAuthnFault.noCredential) { try Ceremony.service.register(empty, challenge: challenge) }
    }

    @Test func `is taken with any statement on its make, unread, and with none only empty`() throws {
        let key = try Authenticator(.edDSA)
        let answer = try Ceremony().registration(key)
        let data = try #require(CBOR.read(answer.attestationObject)?["authData"]?.bytes)
        let statement = Write.map([(Write.text("sig"), Write.bytes([1, 2, 3]))])
        func register(_ object: [UInt8]) throws -> Passkey {
            let answer = RegistrationResponse(id: key.id, clientData: answer.clientData, attestationObject: object)
            return try Ceremony.service.register(answer, challenge: challenge)
        }
        for format in ["packed", "tpm", "android-key", "fido-u2f", "apple", "unheard-of"] {
            #expect(try register(Write.attestation(data, format: format, statement: statement)).id == key.id)
        }
        let spoiled = [
            Write.attestation(data, statement: statement), Write.attestation(data, statement: Write.number(1)),
            Write.attestation(data) + [0], [], Write.map([]), Write.text("none"),
            Write.map([(Write.text("authData"), Write.bytes(data))]), [UInt8](repeating: 0, count: 70_000),
        ]
        for object in spoiled {
            #expect(throws: WebAuthnFault.malformed("attestation")) { try register(object) }
        }
    }

    @Test(arguments: [-35, -36, -37, -65_535, -9, 5, 0])
    func `signs in one of three ways`(algorithm: Int) throws {
        let key = try Authenticator(.es256)
        var members = try key.members()
        members[1].1 = Write.number(algorithm)
        let answer = try Ceremony().registration(key, key: Write.key(members))
        #expect(throws: WebAuthnFault.unsupportedAlgorithm(algorithm)) {
            try Ceremony.service.register(answer, challenge: challenge)
        }
    }

    @Test(arguments: PasskeyAlgorithm.allCases)
    func `holds a key of its own kind, whole`(algorithm: PasskeyAlgorithm) throws {
        let key = try Authenticator(algorithm)
        let members = try key.members()
        var spoiled = members.indices.map { gone in members.indices.filter { $0 != gone }.map { members[$0] } }
        for (place, kind) in [(0, 1), (0, 2), (0, 3), (0, 4), (1, -7), (1, -8), (1, -257), (2, 1), (2, 2), (2, 7)] {
            var changed = members
            changed[place].1 = Write.number(kind)
            if changed[place].1 != members[place].1 { spoiled.append(changed) }
        }
        for place in 2..<members.count {
            for bytes in [[], [0], [UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xFF, count: 32)] {
                var changed = members
                changed[place].1 = Write.bytes(bytes)
                if algorithm != .edDSA || place == 2 || bytes.count != 32 { spoiled.append(changed) }
            }
        }
        for members in spoiled {
            #expect(throws: WebAuthnFault.badKey) { try PasskeyKey(cose: Write.key(members)) }
        }
        #expect(throws: WebAuthnFault.badKey) { try PasskeyKey(cose: Write.key(members) + [0]) }
        #expect(throws: WebAuthnFault.badKey) { try PasskeyKey(cose: Write.key(members + [members[1]])) }
        #expect(try PasskeyKey(cose: Write.key(members)).algorithm == algorithm)
    }

    @Test(arguments: [(128, 65_537), (255, 65_537), (1025, 65_537), (256, 3), (256, 1), (256, 0), (256, 65_538)])
    func `holds no RSA key that is short, huge or of a weak exponent`(length: Int, exponent: Int) {
        let modulus = [UInt8](repeating: 0xFF, count: length)
        let e = [16, 8, 0].map { UInt8(truncatingIfNeeded: exponent >> $0) }
        let key = Write.key([
            (1, Write.number(3)), (3, Write.number(-257)), (-1, Write.bytes(modulus)), (-2, Write.bytes(e)),
        ])
        #expect(throws: WebAuthnFault.badKey) { try PasskeyKey(cose: key) }
    }

    @Test func `is asked for in words the browser knows`() throws {
        let user = try #require(
            PasskeyUser(handle: [1, 2, 3], name: "a@example.org", displayName: "Amina </script>\u{2028}"))
        let passkey = try Ceremony().register(Authenticator(.edDSA))
        let text = Ceremony.service.creationOptions(challenge: challenge, user: user, excluding: [passkey])
        #expect(!text.contains("<") && !text.contains("\u{2028}"))
        let json = try #require(StrictJSON.read(Array(text.utf8)))
        #expect(json["challenge"]?.text == Base64URL.text(challenge))
        #expect(json["user"]?["displayName"]?.text == user.displayName && json["user"]?["id"]?.text == "AQID")
        #expect(json["rp"]?["id"]?.text == "continuum.example.org" && json["attestation"]?.text == "none")
        #expect(json["excludeCredentials"]?.list?.first?["id"]?.text == Base64URL.text(passkey.id))
        #expect(json["authenticatorSelection"]?["userVerification"]?.text == "required")
        let algorithms = json["pubKeyCredParams"]?.list?.map { $0["alg"] }
        #expect(algorithms == [.number("-7"), .number("-8"), .number("-257")])
        let request = Ceremony.service.requestOptions(challenge: challenge, allowing: [passkey])
        let asked = try #require(StrictJSON.read(Array(request.utf8)))
        #expect(asked["rpId"]?.text == "continuum.example.org")
        #expect(asked["allowCredentials"]?.list?.first?["transports"]?.texts == ["internal"])
        #expect(RelyingParty.challenge().count == 32 && RelyingParty.challenge() != RelyingParty.challenge())
        #expect(PasskeyUser(handle: [], name: "", displayName: "") == nil)
        #expect(PasskeyUser(handle: [UInt8](repeating: 1, count: 65), name: "", displayName: "") == nil)
    }

    @Test func `is read from what the browser writes`() throws {
        let made = #"{"clientDataJSON":"AQ","attestationObject":"Ag","transports":["usb","no way","hybrid"]}"#
        let new = try RegistrationResponse(
            json: Array(
                #"{"id":"AQID","rawId":"AQID","type":"public-key","response":\#(made)}"#.utf8))
        #expect(
            new
                == RegistrationResponse(
                    id: [1, 2, 3], clientData: [1], attestationObject: [2], transports: ["usb", "hybrid"]))
        let said = #"{"clientDataJSON":"AQ","authenticatorData":"Ag","signature":"Aw","userHandle":null}"#
        let used = try AssertionResponse(json: Array(#"{"id":"AQID","type":"public-key","response":\#(said)}"#.utf8))
        #expect(used == AssertionResponse(id: [1, 2, 3], clientData: [1], authenticatorData: [2], signature: [3]))
    }

    @Test(arguments: [
        ("", "answer"), ("[]", "answer"), (#"{"type":"public-key"}"#, "answer"),
        (#"{"id":"AQID","type":"other","response":{}}"#, "answer"),
        (#"{"id":"AQI=","type":"public-key","response":{}}"#, "id"),
        (#"{"id":"AQID","type":"public-key","response":{}}"#, "clientDataJSON"),
        (#"{"id":"AQID","id":"AQID","type":"public-key","response":{}}"#, "answer"),
        (#"{"id":"AQID","type":"public-key","response":{"clientDataJSON":1}}"#, "clientDataJSON"),
    ])
    func `is not read from anything else`(text: String, part: String) {
        #expect(throws: WebAuthnFault.malformed(part)) { try RegistrationResponse(json: Array(text.utf8)) }
        #expect(throws: WebAuthnFault.malformed(part)) { try AssertionResponse(json: Array(text.utf8)) }
    }
}
