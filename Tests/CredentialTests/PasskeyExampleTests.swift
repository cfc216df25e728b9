import Cryptography
import Testing

@testable import Credentials

/// Web Authentication level 3, section 16: the values that the standard gives to try an implementation on.
@Suite struct `The examples of the WebAuthn standard` {
    let service = RelyingParty(
        id: "example.org", name: "Example", origins: ["https://example.org"], requiresVerification: false)

    /// Section 16.2: no attestation, ES256. The person was not checked, as the flags 59 and 19 say.
    @Test func `hold with ES256`() throws {
        let client = try hex(
            "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d5074345578784754"
                + "53746e63647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e223a2268747470733a"
                + "2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c"
                + "69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c64"
                + "7320696e20746865206675747572652c207375636820617320746869733a20426b5165446a646354427258426941774a544c"
                + "453551227d")
        let object = try hex(
            "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8"
                + "edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3f"
                + "b63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb2"
                + "49c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220")
        let id = try hex("f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4")
        let asked = try #require(Base64URL.bytes("AMMPt4UxxGTStncdq417YDwBFi8vpIa-pw8oOuVW4TA"))
        let made = RegistrationResponse(id: id, clientData: client, attestationObject: object)
        let passkey = try service.register(made, challenge: asked)
        #expect(passkey.aaguid == (try hex("8446ccb9ab1db374750b2367ff6f3a1f")))
        #expect(passkey.isBackupEligible && passkey.isBackedUp && !passkey.isVerified)
        let answer = try assertion(
            id, flags: "19", challenge: "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
            signature: "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd38"
                + "0221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87")
        try assert(answer, passkey)
        let strict = RelyingParty(id: "example.org", name: "Example", origins: ["https://example.org"])
        #expect(throws: WebAuthnFault.notVerified) { try strict.register(made, challenge: asked) }
    }

    /// Section 16.4: made inside a page of somebody else, which we refuse.
    @Test func `hold but for what is asked across origins`() throws {
        let id = try hex("6e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f938354d9915db2bd5ce57")
        let key = Write.key([
            (1, Write.number(2)), (3, Write.number(-7)), (-1, Write.number(1)),
            (-2, Write.bytes(try hex("22200a473f90b11078851550d03b4e44a2279f8c4eca27b3153dedfe03e4e97d"))),
            (-3, Write.bytes(try hex("cbd0be95e746ad6f5a8191be11756e4c0420e72f65b466d39bc56b8b123a9c6e"))),
        ])
        let more =
            #","crossOrigin":true,"extraData":"clientDataJSON may be extended with additional fields in the future, "#
            + #"such as this: 92pcTVD0Aby-q4dtmj6efg""#
        let answer = try assertion(
            id, flags: "05", challenge: "876aa517ba83fdee65fcffdbca4c84eeae5d54f8041a1fc85c991e5bbb273137", more: more,
            signature: "3046022100eb12fcf23b12764c0f122e22371fab92e283879fd798f38ee1841c951b6e40e7"
                + "022100c76237ff9db77b3c56f30837cda6a09acfa2e915544e609c0733b1184036d1cf")
        #expect(throws: WebAuthnFault.crossOrigin) { try assert(answer, passkey(id, key)) }
        let signed = answer.authenticatorData + Sodium.digest(answer.clientData)
        #expect(try PasskeyKey(cose: key).verifies(answer.signature, of: signed))
    }

    /// Section 16.10: the product of the Mersenne primes of 1279 and 2203 bits, which is written by its ones.
    @Test func `hold with RS256`() throws {
        let id = try hex("992a18acc83f67533600c1138a4b4c4bd236de13629cf025ed17cb00b00b74df")
        let modulus = try hex(
            "0"
                + "3"
                + String(repeating: "f", count: 319)
                + "7"
                + String(repeating: "f", count: 230)
                + "8"
                + String(repeating: "0", count: 318)
                + "1")
        let key = Write.key([
            (1, Write.number(3)), (3, Write.number(-257)), (-1, Write.bytes(modulus)), (-2, Write.bytes([1, 0, 1])),
        ])
        let answer = try assertion(
            id, flags: "19", challenge: "295f59f5fa8fe62c5aca9e27626c78c8da376ae6d8cd2dd29aebad601e1bc4c5",
            signature:
                "01063d52d7c39b4d432fc7063c5d93e582bdcb16889cd71f888d67d880ea730a428498d3bc8e1ee11f2b1ecbe6c292b118c5"
                + "5ffaaddefa8cad0a54dd137c51f1eec673f1bb6c4d1789d6826a222b22d0f585fc901fdc933212e579d199b89d672aa44891"
                + "333e6a1355536025e82b25590256c3538229b55737083b2f6b9377e49e2472f11952f79fdd0da180b5ffd901b4049a8f081b"
                + "b40711bef76c62aed943571f2d0575304cb549d68d8892f95086a30f93716aee818f8dc06e96c0d5e0ed4cfa9fd8773d9046"
                + "4b68cf140f7986666ff9c9e3302acd0535d60d769f465e2ab57ef8aabc89fccfef7ba32a64154a8b3d26be2298f470b8cc53"
                + "77dbe3dfd4b0b45f8f01e63bde6cfc76b62771f9b70aa27cf40152cad93aa5acd784fd4b90f676e2ea828d0bf2400aebbaae"
                + "4153e5838f537f88b6228346782a93a899be66ec77de45b3efcf311da6321c92e6b0cd11bfe653bf3e98cee8e341f02d67db"
                + "b6f9c98d9e8178090cfb5b70fbc6d541599ac794ae2f1d4de1286ec8de8c2daf7b1d15c8438e90d924df5c19045220a4c843"
                + "8c1b979bbe016cf3d0eeec23c3999d4882cc645b776de930756612cdc6dd398160ff02a6")
        try assert(answer, passkey(id, key, isBackupEligible: true))
    }

    /// Section 16.11.
    @Test func `hold with EdDSA`() throws {
        let id = try hex("ce9f840ed96599580cd140fbc7bb3230633f50f61041aff73308ae71caa8a2bd")
        let point = try hex("44e06ddd331c36a8dc667bab52bcae63486c916aa5e339e6acebaa84934bf832")
        let key = Write.key([
            (1, Write.number(1)), (3, Write.number(-8)), (-1, Write.number(6)), (-2, Write.bytes(point)),
        ])
        let answer = try assertion(
            id, flags: "01", challenge: "895957e01c633a698348a2d8a31a54b7db27e8c1c43b2080d79ae2190267bfd2",
            signature: "f5c59c7e46c34f6f8cc197101ddf9934fa2595f68eb1913a637e8419eb9ba4cf"
                + "dfc48f85393bc0d40b011f0d6fecb097d6607525713223a0dc0d453993dae00b")
        try assert(answer, passkey(id, key))
    }

    private func hex(_ text: String) throws -> [UInt8] { try #require(Sodium.bytes(hex: text)) }

    private func assertion(
        _ id: [UInt8], flags: String, challenge: String, more: String = #","crossOrigin":false"#, signature: String
    ) throws -> AssertionResponse {
        let asked = Base64URL.text(try hex(challenge))
        let client = #"{"type":"webauthn.get","challenge":"\#(asked)","origin":"https://example.org"\#(more)}"#
        return AssertionResponse(
            id: id, clientData: Array(client.utf8),
            authenticatorData: try hex(
                "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5" + flags + "00000000"),
            signature: try hex(signature))
    }

    private func passkey(_ id: [UInt8], _ key: [UInt8], isBackupEligible: Bool = false) -> Passkey {
        Passkey(
            id: id, publicKey: key, signCount: 0, aaguid: [], isBackupEligible: isBackupEligible, isBackedUp: false,
            isVerified: false, transports: [])
    }

    private func assert(_ answer: AssertionResponse, _ passkey: Passkey) throws {
        let client = try ClientData(answer.clientData)
        _ = try service.assert(answer, by: passkey, of: [1], isOwnerNamed: true, challenge: client.challenge)
    }
}
