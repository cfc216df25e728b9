/// A passkey as it is kept: nothing here is secret.
public struct Passkey: Hashable, Sendable {
    /// 1 to 1023 bytes that the authenticator chose; unique over the service.
    public let id: [UInt8]
    /// The COSE key (RFC 9052, section 7), as the authenticator wrote it.
    public let publicKey: [UInt8]
    /// The signatures it said to have made; 0 for ever on those that do not count.
    public var signCount: UInt32
    /// 16 bytes for the make of the authenticator, self-declared; zeros where it does not say.
    public let aaguid: [UInt8]
    /// Whether it may be carried to other devices; never changes.
    public let isBackupEligible: Bool
    /// Whether it has been.
    public var isBackedUp: Bool
    /// Whether the person was checked by fingerprint, face or PIN when it was made.
    public let isVerified: Bool
    /// How the browser reaches it, to be given back with requests: `internal`, `usb`, `hybrid`.
    public let transports: [String]

    public init(
        id: [UInt8], publicKey: [UInt8], signCount: UInt32, aaguid: [UInt8], isBackupEligible: Bool,
        isBackedUp: Bool, isVerified: Bool, transports: [String]
    ) {
        (self.id, self.publicKey, self.signCount, self.aaguid) = (id, publicKey, signCount, aaguid)
        (self.isBackupEligible, self.isBackedUp) = (isBackupEligible, isBackedUp)
        (self.isVerified, self.transports) = (isVerified, transports)
    }
}

/// Whom a new passkey is for.
public struct PasskeyUser: Hashable, Sendable {
    /// 1 to 64 bytes, random and the account's own; never a name or an address (WebAuthn level 3, section 14.6.1).
    public let handle: [UInt8]
    /// What tells the person's accounts apart: an e-mail address.
    public let name: String
    /// How the person is called.
    public let displayName: String

    /// - Returns: nil where the handle is empty or longer than 64 bytes.
    public init?(handle: [UInt8], name: String, displayName: String) {
        guard (1...64).contains(handle.count) else { return nil }
        (self.handle, self.name, self.displayName) = (handle, name, displayName)
    }
}

/// What a browser answers to `navigator.credentials.create`.
public struct RegistrationResponse: Hashable, Sendable {
    public let id: [UInt8]
    public let clientData: [UInt8]
    public let attestationObject: [UInt8]
    public let transports: [String]

    public init(id: [UInt8], clientData: [UInt8], attestationObject: [UInt8], transports: [String] = []) {
        (self.id, self.clientData) = (id, clientData)
        (self.attestationObject, self.transports) = (attestationObject, transports)
    }

    /// The answer as `PublicKeyCredential.toJSON()` writes it (WebAuthn level 3, section 5.1), at most 128 KiB.
    ///
    /// - Throws: `malformed`, saying which part.
    public init(json bytes: [UInt8]) throws(WebAuthnFault) {
        let answer = try ResponseJSON(bytes)
        id = answer.id
        clientData = try answer.bytes("clientDataJSON")
        attestationObject = try answer.bytes("attestationObject")
        let named = answer.response["transports"]?.texts ?? []
        transports = named.filter { name in
            (1...32).contains(name.utf8.count) && name.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 }
        }.prefix(8).map { $0 }
    }
}

/// What a browser answers to `navigator.credentials.get`.
public struct AssertionResponse: Hashable, Sendable {
    /// The passkey that answered: look it up by this.
    public let id: [UInt8]
    public let clientData: [UInt8]
    public let authenticatorData: [UInt8]
    public let signature: [UInt8]
    /// The account the passkey was made for, where it says so.
    public let userHandle: [UInt8]?

    public init(
        id: [UInt8], clientData: [UInt8], authenticatorData: [UInt8], signature: [UInt8], userHandle: [UInt8]? = nil
    ) {
        (self.id, self.clientData, self.authenticatorData) = (id, clientData, authenticatorData)
        (self.signature, self.userHandle) = (signature, userHandle)
    }

    /// The answer as `PublicKeyCredential.toJSON()` writes it (WebAuthn level 3, section 5.1), at most 128 KiB.
    ///
    /// - Throws: `malformed`, saying which part.
    public init(json bytes: [UInt8]) throws(WebAuthnFault) {
        let answer = try ResponseJSON(bytes)
        id = answer.id
        clientData = try answer.bytes("clientDataJSON")
        authenticatorData = try answer.bytes("authenticatorData")
        signature = try answer.bytes("signature")
        switch answer.response["userHandle"] {
        case nil, .null?: userHandle = nil
        default: userHandle = try answer.bytes("userHandle")
        }
    }
}

/// The parts that both answers have.
private struct ResponseJSON {
    let id: [UInt8]
    let response: StrictJSON

    init(_ bytes: [UInt8]) throws(WebAuthnFault) {
        guard bytes.count <= 131_072, let json = StrictJSON.read(bytes), let response = json["response"],
            json["type"]?.text == "public-key"
        else { throw .malformed("answer") }
        guard let id = (json["rawId"] ?? json["id"])?.text.flatMap({ Base64URL.bytes($0) }) else {
            throw .malformed("id")
        }
        (self.id, self.response) = (id, response)
    }

    func bytes(_ name: String) throws(WebAuthnFault) -> [UInt8] {
        guard let bytes = response[name]?.text.flatMap({ Base64URL.bytes($0) }) else { throw .malformed(name) }
        return bytes
    }
}
