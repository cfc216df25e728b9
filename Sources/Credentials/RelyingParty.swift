import Cryptography

/// This service as passkeys know it: what to ask of a browser, and how to judge the answer.
///
/// Web Authentication level 3, sections 7.1 and 7.2. Challenges are kept by the caller, each for one use and a few
/// minutes. An attestation statement is not looked at, whatever its format: the make of the authenticator is what it
/// says of itself, and nothing may rest on it.
public struct RelyingParty: Sendable {
    /// The domain: `continuum.example.org`.
    public let id: String
    /// What people call the service.
    public let name: String
    /// The addresses where it may be used, each with scheme and, where unusual, port: `https://continuum.example.org`.
    public let origins: [String]
    /// Whether the passkey must check fingerprint, face or PIN, so that it is two factors in one.
    public let requiresVerification: Bool

    public init(id: String, name: String, origins: [String], requiresVerification: Bool = true) {
        (self.id, self.name, self.origins) = (id, name, origins)
        self.requiresVerification = requiresVerification
    }

    /// 32 bytes that nobody can guess; 16 are the least (section 13.4.3).
    public static func challenge() -> [UInt8] { Sodium.random(32) }

    /// What `PublicKeyCredential.parseCreationOptionsFromJSON` takes, as JSON that is safe inside HTML.
    ///
    /// `excluding` names the person's passkeys, so that no authenticator holds two. The browser waits five minutes.
    public func creationOptions(challenge: [UInt8], user: PasskeyUser, excluding: [Passkey] = []) -> String {
        let algorithms = PasskeyAlgorithm.preferred.map { #"{"type":"public-key","alg":\#($0.rawValue)}"# }
        let account =
            #"{"id":\#(base64(user.handle)),"name":\#(quoted(user.name)),"displayName":\#(quoted(user.displayName))}"#
        let choice =
            #"{"residentKey":"preferred","requireResidentKey":false,"userVerification":\#(quoted(verification))}"#
        return object([
            ("rp", #"{"id":\#(quoted(id)),"name":\#(quoted(name))}"#), ("user", account),
            ("challenge", base64(challenge)), ("pubKeyCredParams", list(algorithms)), ("timeout", "300000"),
            ("excludeCredentials", list(excluding.map(descriptor))), ("authenticatorSelection", choice),
            ("attestation", quoted("none")),
        ])
    }

    /// What `PublicKeyCredential.parseRequestOptionsFromJSON` takes, as JSON that is safe inside HTML.
    ///
    /// An empty `allowing` lets the person choose among all passkeys of this service.
    public func requestOptions(challenge: [UInt8], allowing: [Passkey] = []) -> String {
        object([
            ("challenge", base64(challenge)), ("timeout", "300000"), ("rpId", quoted(id)),
            ("allowCredentials", list(allowing.map(descriptor))), ("userVerification", quoted(verification)),
        ])
    }

    /// The new passkey (section 7.1). The caller refuses one whose `id` is already kept for anybody (step 26).
    public func register(
        _ response: RegistrationResponse, challenge: [UInt8]
    ) throws(WebAuthnFault) -> Passkey {
        try check(response.clientData, type: "webauthn.create", challenge: challenge)
        guard response.attestationObject.count <= 65_536, let object = CBOR.read(response.attestationObject),
            let format = object["fmt"]?.text, let data = object["authData"]?.bytes,
            case .map(let statement)? = object["attStmt"], format != "none" || statement.isEmpty
        else { throw .malformed("attestation") }
        let said = try AuthenticatorData(data)
        try check(said)
        guard let credential = said.credential else { throw .noCredential }
        guard credential.id == response.id else { throw .wrongCredential }
        _ = try PasskeyKey(cose: credential.key)
        return Passkey(
            id: credential.id, publicKey: credential.key, signCount: said.signCount, aaguid: credential.aaguid,
            isBackupEligible: said.isBackupEligible, isBackedUp: said.isBackedUp, isVerified: said.isVerified,
            transports: response.transports)
    }

    /// The passkey with its new count and backup state, where it answered rightly (section 7.2). Keep what is returned.
    ///
    /// - Parameters:
    ///   - passkey: the one kept under the answer's `id`.
    ///   - owner: the handle of the account that passkey is kept for.
    ///   - isOwnerNamed: whether that account was known before the passkey was asked, by its e-mail address say. The
    ///     answer may then leave the account out; otherwise it must name it (step 6).
    public func assert(
        _ response: AssertionResponse, by passkey: Passkey, of owner: [UInt8], isOwnerNamed: Bool, challenge: [UInt8]
    ) throws(WebAuthnFault) -> Passkey {
        guard response.id == passkey.id else { throw .wrongCredential }
        guard response.userHandle == owner || (response.userHandle == nil && isOwnerNamed) else { throw .wrongUser }
        try check(response.clientData, type: "webauthn.get", challenge: challenge)
        guard response.authenticatorData.count <= 65_536 else { throw .malformed("authenticator data") }
        let said = try AuthenticatorData(response.authenticatorData)
        try check(said)
        guard said.isBackupEligible == passkey.isBackupEligible else { throw .badBackupState }
        let signed = response.authenticatorData + Sodium.digest(response.clientData)
        guard response.signature.count <= 2048,
            try PasskeyKey(cose: passkey.publicKey).verifies(response.signature, of: signed)
        else { throw .badSignature }
        let isCounting = said.signCount != 0 || passkey.signCount != 0
        guard !isCounting || said.signCount > passkey.signCount else { throw .countDidNotRise }
        var passkey = passkey
        (passkey.signCount, passkey.isBackedUp) = (said.signCount, said.isBackedUp)
        return passkey
    }

    private func check(_ bytes: [UInt8], type: String, challenge: [UInt8]) throws(WebAuthnFault) {
        let client = try ClientData(bytes)
        guard client.type.utf8.elementsEqual(type.utf8) else { throw .wrongType }
        guard challenge.count >= 16, Sodium.areEqual(client.challenge, challenge) else { throw .wrongChallenge }
        guard origins.contains(where: { $0.utf8.elementsEqual(client.origin.utf8) }) else { throw .wrongOrigin }
        guard !client.isCrossOrigin else { throw .crossOrigin }
    }

    private func check(_ said: AuthenticatorData) throws(WebAuthnFault) {
        guard said.relyingPartyHash == Sodium.digest(Array(id.utf8)) else { throw .wrongRelyingParty }
        guard said.isPresent else { throw .notPresent }
        guard said.isVerified || !requiresVerification else { throw .notVerified }
        guard said.isBackupEligible || !said.isBackedUp else { throw .badBackupState }
    }

    private var verification: String { requiresVerification ? "required" : "preferred" }

    private func descriptor(_ passkey: Passkey) -> String {
        let transports = list(passkey.transports.map(quoted))
        return #"{"type":"public-key","id":\#(base64(passkey.id)),"transports":\#(transports)}"#
    }

    private func base64(_ bytes: [UInt8]) -> String { quoted(Base64URL.text(bytes)) }
    private func quoted(_ text: String) -> String { StrictJSON.quoted(text) }
    private func list(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

    private func object(_ members: [(name: String, value: String)]) -> String {
        "{" + members.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",") + "}"
    }
}

extension PasskeyAlgorithm {
    /// In the order they are asked for.
    static let preferred: [PasskeyAlgorithm] = [.es256, .edDSA, .rs256]
}
