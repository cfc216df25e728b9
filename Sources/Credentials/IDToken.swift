import Kernel

/// What an identity provider says of the person who signed in there.
///
/// Know a person by `issuer` and `subject` together, never by an e-mail address (OpenID Connect Core 1.0, section 5.7).
public struct IDToken: Sendable, CustomStringConvertible {
    public let issuer: String
    /// 1 to 255 characters of ASCII.
    public let subject: String
    public let issued: Instant
    public let expires: Instant
    /// When the person last showed who they are, where the provider says so.
    public let authenticated: Instant?
    let claims: StrictJSON

    /// A claim that is a text: `email`, `acr`, `vot`, `tid`.
    public func text(_ claim: String) -> String? { claims[claim]?.text }

    /// A claim that is a list of texts: `amr`.
    public func texts(_ claim: String) -> [String]? { claims[claim]?.texts }

    /// A claim that is true or false: `email_verified`.
    public func bool(_ claim: String) -> Bool? { claims[claim]?.bool }

    public var description: String { "an ID token" }
}

/// Which ID tokens are taken: those of one provider, for this service, signed in the agreed way.
///
/// OpenID Connect Core 1.0, section 3.1.3.7; RFC 7519; RFC 8725.
public struct IDTokenRule: Sendable {
    /// The provider, exactly as it writes itself in `iss`.
    public let issuer: String
    /// This service's name at the provider.
    public let clientID: String
    public let algorithm: IDTokenAlgorithm

    public init(issuer: String, clientID: String, algorithm: IDTokenAlgorithm) {
        (self.issuer, self.clientID, self.algorithm) = (issuer, clientID, algorithm)
    }

    /// How far the clocks may differ.
    static let leewayInMilliseconds = 60_000
    /// The longest token.
    static let mostBytes = 16_384

    /// What the token says, where every check holds; the signature is checked before any claim is looked at.
    ///
    /// `nonce` is the one sent with this very request; an empty one matches nothing. On `unknownKey` the caller may
    /// fetch the keys anew, but not more often than every few minutes, since anybody can name an unknown key.
    public func verify(
        _ token: String, keys: KeySet, nonce: String, at now: Instant
    ) throws(IDTokenFault) -> IDToken {
        guard token.utf8.count <= Self.mostBytes else { throw .tooLong }
        let bytes = Array(token.utf8)
        let parts = bytes.split(separator: 46, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed("parts") }
        let texts = parts.map { String(decoding: $0, as: UTF8.self) }
        guard let header = Base64URL.bytes(texts[0]).flatMap(StrictJSON.read), case .object = header else {
            throw .malformed("header")
        }
        let key = try keys.key(named: checkedKeyID(header), for: algorithm)
        guard let signature = Base64URL.bytes(texts[2]), !signature.isEmpty else { throw .malformed("signature") }
        let signed = Array(bytes[..<parts[1].endIndex])
        guard key.verifies(signature, of: signed) else { throw .badSignature }
        guard let claims = Base64URL.bytes(texts[1]).flatMap(StrictJSON.read), case .object = claims else {
            throw .malformed("claims")
        }
        return try checked(claims, nonce: nonce, now: now)
    }

    /// The name of the key, from a header that is nothing but what was agreed.
    private func checkedKeyID(_ header: StrictJSON) throws(IDTokenFault) -> String? {
        guard isSame(header["alg"], algorithm.rawValue) else { throw .wrongAlgorithm }
        for name in ["jwk", "jku", "x5u", "crit", "b64", "zip", "enc"] where header[name] != nil {
            throw .forbiddenHeader(name)
        }
        if let type = header["typ"] { guard type.text?.uppercased() == "JWT" else { throw .wrongType } }
        guard let id = header["kid"] else { return nil }
        guard let text = id.text, !text.isEmpty else { throw .malformed("header") }
        return text
    }

    private func checked(_ claims: StrictJSON, nonce: String, now: Instant) throws(IDTokenFault) -> IDToken {
        guard isSame(claims["iss"], issuer) else { throw .wrongIssuer }
        try checkAudience(claims)
        guard let issued = try time("iat", in: claims) else { throw .badTime("iat") }
        guard let expires = try time("exp", in: claims) else { throw .badTime("exp") }
        guard expires >= issued else { throw .badTime("exp") }
        let (early, late) = (
            now.adding(milliseconds: -Self.leewayInMilliseconds), now.adding(milliseconds: Self.leewayInMilliseconds)
        )
        guard expires > early else { throw .expired }
        guard issued <= late else { throw .fromTheFuture }
        if let start = try time("nbf", in: claims), start > late { throw .fromTheFuture }
        guard !nonce.isEmpty, let answered = claims["nonce"]?.text, RandomText.isSame(answered, nonce) else {
            throw .wrongNonce
        }
        guard let subject = claims["sub"]?.text, (1...255).contains(subject.utf8.count),
            subject.utf8.allSatisfy({ (32...126).contains($0) })
        else { throw .badSubject }
        return IDToken(
            issuer: issuer, subject: subject, issued: issued, expires: expires,
            authenticated: try time("auth_time", in: claims), claims: claims)
    }

    /// One audience, ours; or several with ours among them and `azp` saying that the token was given to us.
    private func checkAudience(_ claims: StrictJSON) throws(IDTokenFault) {
        guard let audience = claims["aud"]?.text.map({ [$0] }) ?? claims["aud"]?.texts,
            audience.contains(where: { $0.utf8.elementsEqual(clientID.utf8) }),
            claims["azp"] == nil ? audience.count == 1 : isSame(claims["azp"], clientID)
        else { throw .wrongAudience }
    }

    /// A NumericDate (RFC 7519, section 2), nil where the claim is absent.
    private func time(_ claim: String, in claims: StrictJSON) throws(IDTokenFault) -> Instant? {
        guard let value = claims[claim] else { return nil }
        guard case .number(let text) = value, text.utf8.count <= 32, let seconds = Double(text), seconds.isFinite,
            (0...253_402_300_799).contains(seconds)
        else { throw .badTime(claim) }
        return Instant(milliseconds: Int(seconds * 1000))
    }

    private func isSame(_ value: StrictJSON?, _ text: String) -> Bool {
        value?.text?.utf8.elementsEqual(text.utf8) == true
    }
}
