import Access
import Credentials
import Kernel
import Synchronization
import Web

/// A council’s identity provider, by which those who work there may sign in (OpenID Connect Core 1.0, section 3.1).
public struct IdentityProvider: Sendable {
    public struct Settings: Sendable, CustomStringConvertible {
        /// The provider, exactly as it writes itself.
        public let issuer: String
        /// This service’s name there.
        public let client: String
        /// What shows the provider that it is this service; nil for a service without one.
        public let secret: String?
        /// What people call it: `Birmingham City Council`.
        public let name: String
        public let algorithm: IDTokenAlgorithm
        /// The values of `acr` and `amr` by which the provider says that it asked for a second factor.
        public let assurance: Set<String>

        public init(
            issuer: String, client: String, secret: String?, name: String, algorithm: IDTokenAlgorithm,
            assurance: Set<String> = []
        ) {
            (self.issuer, self.client, self.secret) = (issuer, client, secret)
            (self.name, self.algorithm, self.assurance) = (name, algorithm, assurance)
        }

        public var description: String { "the identity provider \(issuer)" }
    }

    /// A request to the provider: a form to post, or nil to get.
    public struct Call: Sendable {
        public let address: String
        public let form: [UInt8]?
        public let headers: [(name: String, value: String)]
    }

    public struct Response: Sendable {
        public let status: Int
        public let body: [UInt8]
        public init(status: Int, body: [UInt8]) { (self.status, self.body) = (status, body) }
    }

    /// Asks the provider.
    ///
    /// - Throws: `ProviderFault` where no answer came.
    public typealias Fetch = @Sendable (Call) async throws -> Response

    public let settings: Settings
    private let fetch: Fetch
    private let note: @Sendable (String) -> Void
    private let memory = ProviderMemory()

    /// - Parameter note: told of each fault by its kind alone, for the log.
    public init(_ settings: Settings, note: @escaping @Sendable (String) -> Void = { _ in }, fetch: @escaping Fetch) {
        (self.settings, self.note, self.fetch) = (settings, note, fetch)
    }

    var name: String { settings.name }

    func tell(_ fault: ProviderFault) { note(fault.kind) }

    /// What the provider publishes of itself, asked for at most once an hour.
    public func metadata(at now: Instant) async throws(ProviderFault) -> ProviderMetadata {
        if let held = memory.metadata(at: now) { return held }
        let base = settings.issuer.hasSuffix("/") ? String(settings.issuer.dropLast()) : settings.issuer
        let body = try await get(base + "/.well-known/openid-configuration")
        do {
            let read = try ProviderMetadata(
                body, issuer: settings.issuer, algorithm: settings.algorithm, hasSecret: settings.secret != nil)
            memory.keep(read, at: now)
            return read
        } catch { throw .metadata(error) }
    }

    /// Where the browser goes to sign in.
    func address(
        _ metadata: ProviderMetadata, back: String, state: String, nonce: String, challenge: String
    ) -> String {
        let query = Query([
            ("response_type", "code"), ("client_id", settings.client), ("redirect_uri", back), ("scope", "openid"),
            ("state", state), ("nonce", nonce), ("code_challenge", challenge), ("code_challenge_method", "S256"),
            ("max_age", String(SessionLimits.freshMinutes * 60)),
        ])
        return metadata.authorization + (metadata.authorization.contains("?") ? "&" : "?") + query.text
    }

    /// Who signed in there: the code is handed in, and the token checked.
    ///
    /// Keys are asked for once an hour, and once more where a token names one that is not known: at most each minute.
    func person(code: String, of request: ProviderRequest, at now: Instant) async throws(ProviderFault) -> IDToken {
        let metadata = try await metadata(at: now)
        let answer = try await exchange(code, for: request, metadata)
        let rule = IDTokenRule(
            issuer: settings.issuer, clientID: settings.client, algorithm: settings.algorithm)
        do {
            return try rule.verify(
                answer.idToken, keys: await keys(metadata, at: now), nonce: request.nonce, at: now)
        } catch let fault as IDTokenFault where fault == .unknownKey && memory.mayAskAgain(at: now) {
            let keys = try await fetchKeys(metadata, at: now)
            do { return try rule.verify(answer.idToken, keys: keys, nonce: request.nonce, at: now) } catch {
                throw .token(error)
            }
        } catch let fault as IDTokenFault {
            throw .token(fault)
        } catch let fault as ProviderFault {
            throw fault
        } catch { throw .unreachable }
    }

    /// Whether the provider says that it asked for a second factor, in the words that are configured.
    ///
    /// What was shown there long ago shows nothing of who sits before the browser now.
    func isAssured(_ token: IDToken, at now: Instant) -> Bool {
        guard let shown = token.authenticated, SessionLimits.isFresh(began: shown, at: now) else { return false }
        let said = (token.texts("amr") ?? []) + [token.text("acr")].compactMap(\.self)
        return said.contains { settings.assurance.contains($0) }
    }

    private func exchange(
        _ code: String, for request: ProviderRequest, _ metadata: ProviderMetadata
    ) async throws(ProviderFault) -> TokenAnswer {
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", request.back),
            ("code_verifier", request.verifier),
        ]
        var headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
        if let secret = settings.secret {
            // RFC 6749, section 2.3.1: each half is written as in a form, then both in base 64.
            let pair = Query.encoded(settings.client) + ":" + Query.encoded(secret)
            headers.append(("Authorization", "Basic " + Self.base64(pair)))
        } else {
            fields.append(("client_id", settings.client))
        }
        let form = Query(fields.map { (name: $0.0, value: $0.1) }).text
        let call = Call(
            address: metadata.token, form: Array(form.utf8), headers: headers.map { (name: $0.0, value: $0.1) })
        let response = try await answer(to: call)
        guard response.status == 200 else { throw .refusedCode }
        guard let read = TokenAnswer(response.body) else { throw .noToken }
        return read
    }

    /// Base 64 as in RFC 4648, section 4: with `+`, `/` and padding.
    private static func base64(_ text: String) -> String {
        let figures = Base64URL.text(Array(text.utf8)).replacing("-", with: "+").replacing("_", with: "/")
        return figures + String(repeating: "=", count: (4 - figures.utf8.count % 4) % 4)
    }

    private func keys(_ metadata: ProviderMetadata, at now: Instant) async throws(ProviderFault) -> KeySet {
        if let held = memory.keys(at: now) { return held }
        return try await fetchKeys(metadata, at: now)
    }

    private func fetchKeys(_ metadata: ProviderMetadata, at now: Instant) async throws(ProviderFault) -> KeySet {
        let body = try await get(metadata.keys)
        do {
            let keys = try KeySet(body)
            memory.keep(keys, at: now)
            return keys
        } catch { throw .token(error) }
    }

    private func get(_ address: String) async throws(ProviderFault) -> [UInt8] {
        let response = try await answer(
            to: Call(address: address, form: nil, headers: [(name: "Accept", value: "application/json")]))
        guard response.status == 200 else { throw .wrongStatus }
        return response.body
    }

    private func answer(to call: Call) async throws(ProviderFault) -> Response {
        do { return try await fetch(call) } catch let fault as ProviderFault { throw fault } catch {
            throw .unreachable
        }
    }
}

/// What a provider published, kept for an hour.
private final class ProviderMemory: Sendable {
    private struct State {
        var metadata: (value: ProviderMetadata, since: Instant)?
        var keys: (value: KeySet, since: Instant)?
        var askedAgain: Instant?
    }
    private let state = Mutex(State())

    private static func holds(_ since: Instant, at now: Instant, minutes: Int) -> Bool {
        now >= since && now < since.adding(milliseconds: minutes * 60_000)
    }

    func metadata(at now: Instant) -> ProviderMetadata? {
        state.withLock { state in
            state.metadata.flatMap { Self.holds($0.since, at: now, minutes: 60) ? $0.value : nil }
        }
    }

    func keys(at now: Instant) -> KeySet? {
        state.withLock { state in state.keys.flatMap { Self.holds($0.since, at: now, minutes: 60) ? $0.value : nil } }
    }

    func keep(_ metadata: ProviderMetadata, at now: Instant) { state.withLock { $0.metadata = (metadata, now) } }

    func keep(_ keys: KeySet, at now: Instant) { state.withLock { $0.keys = (keys, now) } }

    /// Whether keys may be asked for before their hour is over; whoever asks is let so once a minute.
    func mayAskAgain(at now: Instant) -> Bool {
        state.withLock { state in
            if let last = state.askedAgain, Self.holds(last, at: now, minutes: 1) { return false }
            state.askedAgain = now
            return true
        }
    }
}
