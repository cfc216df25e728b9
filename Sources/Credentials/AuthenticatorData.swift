/// What an authenticator says of itself and signs.
///
/// WebAuthn level 3, section 6.1: the hash of the service's name, flags, a count, and for a new passkey its key.
struct AuthenticatorData {
    let relyingPartyHash: [UInt8]
    let flags: UInt8
    let signCount: UInt32
    /// The new passkey, on registering.
    let credential: Credential?

    struct Credential {
        let aaguid: [UInt8]
        let id: [UInt8]
        /// The COSE key as it was written.
        let key: [UInt8]
    }

    var isPresent: Bool { flags & 0x01 != 0 }
    var isVerified: Bool { flags & 0x04 != 0 }
    var isBackupEligible: Bool { flags & 0x08 != 0 }
    var isBackedUp: Bool { flags & 0x10 != 0 }

    /// - Throws: `malformed` where the bytes end early or go on; `badCredentialID` for a name of 0 or over 1023 bytes.
    init(_ bytes: [UInt8]) throws(WebAuthnFault) {
        guard bytes.count >= 37 else { throw .malformed("authenticator data") }
        relyingPartyHash = Array(bytes[..<32])
        flags = bytes[32]
        signCount = bytes[33..<37].reduce(0) { $0 << 8 | UInt32($1) }
        var place = 37
        credential = flags & 0x40 == 0 ? nil : try Self.credential(bytes, &place)
        if flags & 0x80 != 0 {
            guard let extensions = CBOR.read(bytes, from: place), case .map = extensions.value else {
                throw .malformed("extensions")
            }
            place = extensions.end
        }
        guard place == bytes.count else { throw .malformed("authenticator data") }
    }

    /// Section 6.5.1.
    private static func credential(_ bytes: [UInt8], _ place: inout Int) throws(WebAuthnFault) -> Credential {
        guard bytes.count >= place + 18 else { throw .malformed("new passkey") }
        let aaguid = Array(bytes[place..<place + 16])
        let length = Int(bytes[place + 16]) << 8 | Int(bytes[place + 17])
        guard (1...1023).contains(length) else { throw .badCredentialID }
        let (start, end) = (place + 18, place + 18 + length)
        guard bytes.count > end, let key = CBOR.read(bytes, from: end) else { throw .malformed("new passkey") }
        place = key.end
        return Credential(aaguid: aaguid, id: Array(bytes[start..<end]), key: Array(bytes[end..<key.end]))
    }
}

/// What the browser says it was asked, signed along with the rest.
///
/// WebAuthn level 3, section 5.8.1.
struct ClientData {
    let type: String
    let challenge: [UInt8]
    let origin: String
    let isCrossOrigin: Bool

    init(_ bytes: [UInt8]) throws(WebAuthnFault) {
        guard bytes.count <= 16_384, let json = StrictJSON.read(bytes), let type = json["type"]?.text,
            let challenge = json["challenge"]?.text.flatMap({ Base64URL.bytes($0) }), let origin = json["origin"]?.text
        else { throw .malformed("client data") }
        let cross = json["crossOrigin"]
        guard cross == nil || cross?.bool != nil else { throw .malformed("client data") }
        (self.type, self.challenge, self.origin) = (type, challenge, origin)
        isCrossOrigin = cross?.bool == true || json["topOrigin"] != nil
    }
}
