import Cryptography
import Testing

@testable import Credentials

@Suite struct `Passkeys` {
    let challenge = [UInt8](repeating: 7, count: 32)

    @Test(arguments: PasskeyAlgorithm.allCases)
    func `are registered and sign in, whichever way they sign`(algorithm: PasskeyAlgorithm) throws {
        let key = try Authenticator(algorithm)
        let passkey = try Ceremony(flags: 0x0D).register(key)
        let written = Write.key(try key.members())
        #expect(passkey.id == key.id && passkey.publicKey == written)
        #expect(passkey.aaguid == [UInt8](repeating: 9, count: 16) && passkey.transports == ["internal"])
        #expect(passkey.isBackupEligible && !passkey.isBackedUp && passkey.isVerified)
        let used = try Ceremony(flags: 0x1D, count: 5).assert(key, passkey)
        #expect(used.signCount == 5 && used.isBackedUp && used.id == passkey.id)
        #expect(throws: WebAuthnFault.countDidNotRise) { try Ceremony(flags: 0x1D, count: 5).assert(key, used) }
    }

    /// What is spoiled, and why it is refused, on registering and on signing in alike.
    static let spoiled: [(Ceremony, WebAuthnFault)] = [
        (Ceremony(challenge: [UInt8](repeating: 8, count: 32)), .wrongChallenge),
        (Ceremony(challenge: []), .wrongChallenge),
        (Ceremony(type: "webauthn.other"), .wrongType), (Ceremony(type: "payment.get"), .wrongType),
        (Ceremony(origin: "https://continuum.example.org/"), .wrongOrigin),
        (Ceremony(origin: "https://continuum.example.org:443"), .wrongOrigin),
        (Ceremony(origin: "http://continuum.example.org"), .wrongOrigin),
        (Ceremony(origin: "https://evil.continuum.example.org"), .wrongOrigin),
        (Ceremony(origin: "https://Continuum.example.org"), .wrongOrigin),
        (Ceremony(origin: ""), .wrongOrigin), (Ceremony(origin: "null"), .wrongOrigin),
        (Ceremony(more: #","crossOrigin":true"#), .crossOrigin),
        (Ceremony(more: #","crossOrigin":false,"topOrigin":"https://evil.example""#), .crossOrigin),
        (Ceremony(more: #","crossOrigin":"false""#), .malformed("client data")),
        (Ceremony(more: #","origin":"https://continuum.example.org""#), .malformed("client data")),
        (Ceremony(more: #","challenge":"BwcHBw""#), .malformed("client data")),
        (Ceremony(more: #","x":1,"x":2"#), .malformed("client data")), (Ceremony(more: "}"), .malformed("client data")),
        (Ceremony(more: #","x":""# + String(repeating: "x", count: 16_384) + "\""), .malformed("client data")),
        (Ceremony(relyingParty: "example.org"), .wrongRelyingParty),
        (Ceremony(flags: 0x04), .notPresent), (Ceremony(flags: 0x01), .notVerified), (Ceremony(flags: 0), .notPresent),
        (Ceremony(flags: 0x15), .badBackupState), (Ceremony(tail: [0]), .malformed("authenticator data")),
        (Ceremony(flags: 0x85), .malformed("extensions")), (Ceremony(flags: 0x85, tail: [1]), .malformed("extensions")),
        (Ceremony(flags: 0x85, tail: [0xA0, 0]), .malformed("authenticator data")),
    ]

    @Test(arguments: spoiled)
    func `are not registered when anything is amiss`(ceremony: Ceremony, fault: WebAuthnFault) throws {
        let key = try Authenticator(.es256)
        #expect(throws: fault) { try ceremony.register(key) }
        #expect(!fault.description.isEmpty)
    }

    @Test(arguments: spoiled)
    func `do not sign in when anything is amiss`(ceremony: Ceremony, fault: WebAuthnFault) throws {
        let key = try Authenticator(.es256)
        let passkey = try Ceremony().register(key)
        #expect(throws: fault) { try ceremony.assert(key, passkey) }
    }

    @Test func `answer the question they were asked`() throws {
        let key = try Authenticator(.edDSA)
        #expect(throws: WebAuthnFault.wrongType) { try Ceremony(type: "webauthn.get").register(key) }
        let passkey = try Ceremony().register(key)
        #expect(throws: WebAuthnFault.wrongType) { try Ceremony(type: "webauthn.create").assert(key, passkey) }
        let answer = try Ceremony(challenge: [1, 2, 3]).registration(key)
        #expect(throws: WebAuthnFault.wrongChallenge) {
            try Ceremony.service.register(answer, challenge: [1, 2, 3])
        }
    }

    @Test func `may carry extensions and serve at each address listed`() throws {
        let key = try Authenticator(.edDSA)
        let more = Write.map([(Write.text("credProtect"), Write.number(2))])
        let passkey = try Ceremony(origin: "http://localhost:8080", flags: 0x85, tail: more).register(key)
        try Ceremony(more: "", flags: 0x85, tail: more).assert(key, passkey)
    }

    @Test(arguments: [PasskeyAlgorithm.es256, .edDSA])
    func `sign with their own key`(algorithm: PasskeyAlgorithm) throws {
        let (key, other) = (try Authenticator(algorithm), try Authenticator(algorithm))
        let passkey = try Ceremony().register(key)
        let answer = try Ceremony().assertion(other)
        for id in [key.id, other.id] {
            let forged = AssertionResponse(
                id: id, clientData: answer.clientData, authenticatorData: answer.authenticatorData,
                signature: answer.signature, userHandle: Ceremony.owner)
            #expect(throws: id == key.id ? WebAuthnFault.badSignature : .wrongCredential) {
                try Ceremony.service.assert(
                    forged, by: passkey, of: Ceremony.owner, isOwnerNamed: true, challenge: challenge)
            }
        }
    }

    @Test(arguments: [[], [0], [UInt8](repeating: 0, count: 64), [UInt8](repeating: 0xFF, count: 3000)])
    func `sign with a signature`(signature: [UInt8]) throws {
        for algorithm in PasskeyAlgorithm.allCases {
            let key = try Authenticator(algorithm)
            let passkey = try Ceremony().register(key)
            let answer = try Ceremony().assertion(key)
            let forged = AssertionResponse(
                id: key.id, clientData: answer.clientData, authenticatorData: answer.authenticatorData,
                signature: signature)
            #expect(throws: WebAuthnFault.badSignature) {
                try Ceremony.service.assert(
                    forged, by: passkey, of: Ceremony.owner, isOwnerNamed: true, challenge: challenge)
            }
        }
    }

    @Test(arguments: [(0, 0, true), (0, 1, true), (1, 0, false), (5, 5, false), (5, 4, false), (5, 6, true)])
    func `count upwards, or not at all`(kept: UInt32, said: UInt32, isTaken: Bool) throws {
        let key = try Authenticator(.edDSA)
        let passkey = try Ceremony(count: kept).register(key)
        #expect(passkey.signCount == kept)
        if isTaken {
            #expect(try Ceremony(count: said).assert(key, passkey).signCount == said)
        } else {
            #expect(throws: WebAuthnFault.countDidNotRise) { try Ceremony(count: said).assert(key, passkey) }
        }
    }

    @Test func `speak for their owner alone`() throws {
        let key = try Authenticator(.edDSA)
        let passkey = try Ceremony().register(key)
        #expect(throws: WebAuthnFault.wrongUser) {
            try Ceremony(userHandle: Array("account-2".utf8)).assert(key, passkey)
        }
        #expect(throws: WebAuthnFault.wrongUser) { try Ceremony(userHandle: []).assert(key, passkey) }
        try Ceremony(userHandle: nil).assert(key, passkey)
        #expect(throws: WebAuthnFault.wrongUser) {
            try Ceremony(userHandle: nil).assert(key, passkey, isOwnerNamed: false)
        }
        try Ceremony().assert(key, passkey, isOwnerNamed: false)
    }

    @Test func `never change whether they can be backed up`() throws {
        let key = try Authenticator(.edDSA)
        let passkey = try Ceremony(flags: 0x05).register(key)
        #expect(throws: WebAuthnFault.badBackupState) { try Ceremony(flags: 0x0D).assert(key, passkey) }
    }

    @Test func `need no check of the person where the service asks for none`() throws {
        let key = try Authenticator(.edDSA)
        let service = RelyingParty(
            id: "continuum.example.org", name: "Continuum", origins: Ceremony.service.origins,
            requiresVerification: false)
        let passkey = try service.register(Ceremony(flags: 0x01).registration(key), challenge: challenge)
        #expect(!passkey.isVerified)
    }
}
