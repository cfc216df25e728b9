import Access
import Credentials
import Cryptography
import Kernel
import Storage
import Web

/// Signing in by a council’s identity provider, and connecting an account with it.
///
/// OpenID Connect Core 1.0, section 3.1, with PKCE (RFC 7636). Accounts are found by issuer and subject alone; an
/// e-mail address in a token is not even looked at.
enum ProviderRoutes {
    /// What only the browser that began holds: gone after ten minutes.
    static let cookie = "__Host-provider"

    /// Every address, whether a provider is configured or not: without one they answer like what is not there.
    static func all(_ doors: Doors) -> [Route] {
        [
            .post("/sign-in/provider", may: .anyone) { visit in
                guard let provider = doors.provider else { return .notFound }
                return try await leave(for: provider, nil, next: visit.form["next"].asNextPage, visit, doors)
            },
            .get("/sign-in/provider/return", may: .anyone) { visit in
                guard let provider = doors.provider else { return .notFound }
                return try await comeBack(from: provider, visit)
            },
            .post("/account/provider", may: .signedIn) { visit in
                guard let provider = doors.provider else { return .notFound }
                guard try await visit.isFresh() else { return .tooLate("/account#provider") }
                let owner = ProviderRequest.Owner(account: visit.scope.actor.id, session: visit.visitor.session)
                return try await leave(for: provider, owner, next: "/account", visit, doors)
            },
            .post("/account/provider-ends", may: .signedIn) { visit in
                guard doors.provider != nil else { return .notFound }
                guard try await visit.isFresh() else { return .tooLate("/account#provider") }
                let account = visit.scope.actor.id
                try await visit.database.write(for: visit.scope) { tx in
                    tx.record(.housekeeping)
                    guard try ProviderStore.disconnect(account, in: tx),
                        let held = try AccountStore.account(account, in: tx)
                    else { return }
                    try Notices.changed(.providerDisconnected, of: held, in: tx)
                }
                return .redirect("/account#provider")
            },
        ]
    }

    /// What the page of one’s own account says of the provider; nil where there is none.
    static func panel(_ visit: Visit, _ doors: Doors) async throws -> HTML? {
        guard let provider = doors.provider else { return nil }
        let (account, issuer) = (visit.scope.actor.id, provider.settings.issuer)
        let since = try await visit.read { try ProviderStore.connected(account, issuer: issuer, in: $0) }
        return ProviderPages.panel(visit.form, provider.name, connected: since)
    }

    // MARK: - Going

    /// Keeps what is begun, and sends the browser to the provider.
    ///
    /// By a page that leads on by itself and not by a redirect: the policy that forms go nowhere else stays as it is,
    /// wherever the provider sends the browser on to.
    private static func leave(
        for provider: IdentityProvider, _ owner: ProviderRequest.Owner?, next: String, _ visit: Visit, _ doors: Doors
    ) async throws -> Reply {
        do {
            guard let site = doors.site ?? (visit.isOnLoopback ? "http://" + visit.host : nil) else {
                throw ProviderFault.noAddress
            }
            let metadata = try await provider.metadata(at: visit.now)
            guard let pkce = PKCE(verifier: RandomText.make()) else { throw ProviderFault.unreachable }
            let (token, state) = (Sodium.hex(Sodium.random(32)), RandomText.make())
            let request = ProviderRequest(
                nonce: RandomText.make(), verifier: pkce.verifier, back: site + "/sign-in/provider/return", next: next,
                owner: owner)
            let isKept = try await visit.database.write(for: visit.scope) { tx in
                tx.record(.housekeeping)
                return try ProviderStore.begin(request, token: token, state: state, from: visit.client, in: tx)
            }
            guard isKept else { throw ProviderFault.tooMany }
            let address = provider.address(
                metadata, back: request.back, state: state, nonce: request.nonce, challenge: pkce.challenge)
            var reply = Reply.page(ProviderPages.leaving(provider.name, address))
            reply.headers.append(("Refresh", "0; url=\(address)"))
            return reply.keepingProviderRequest(token)
        } catch let fault as ProviderFault {
            if owner == nil { provider.tell(fault) }
            return try await refuse(fault, provider, visit, owner, isBegun: owner != nil)
        }
    }

    // MARK: - Coming back

    private static func comeBack(from provider: IdentityProvider, _ visit: Visit) async throws -> Reply {
        let request = try await begun(visit)
        do {
            // Where the visitor pressed “cancel”, some providers leave the state out: there is nothing to protect.
            if let error = visit.query["error"] {
                throw error == "access_denied" ? ProviderFault.cancelled : ProviderFault.said
            }
            guard let request else { throw ProviderFault.notBegun }
            let code = try await code(visit, from: provider)
            let token = try await provider.person(code: code, of: request, at: visit.now)
            if let owner = request.owner { return try await connect(owner, token, visit) }
            return try await signIn(token, request, provider, visit)
        } catch let fault as ProviderFault {
            let reply = try await refuse(fault, provider, visit, request?.owner, isBegun: request != nil)
            // What this browser began and did not come back from, it may still come back from.
            return request == nil ? reply : reply.keepingProviderRequest(nil)
        }
    }

    /// What this very browser began with the state that it comes back with; nil where there is none.
    private static func begun(_ visit: Visit) async throws -> ProviderRequest? {
        guard let token = visit.cookies[cookie], token.utf8.count == 64,
            let state = visit.query["state"], state.utf8.count <= 100
        else { return nil }
        // Whoever began nothing takes no turn among the writers.
        guard try await visit.read({ try ProviderStore.isBegun(token: token, in: $0) }) else { return nil }
        return try await visit.database.write(for: visit.scope) { tx in
            tx.record(.housekeeping)
            return try ProviderStore.take(token: token, state: state, in: tx)
        }
    }

    /// The code, from an answer that is this provider’s as far as it says so (RFC 9207).
    private static func code(_ visit: Visit, from provider: IdentityProvider) async throws(ProviderFault) -> String {
        for name in ["code", "state", "iss"] where visit.query.all(name).count > 1 { throw .wrongAnswer }
        let sender = visit.query["iss"]
        guard sender == nil || sender?.utf8.elementsEqual(provider.settings.issuer.utf8) == true else {
            throw .wrongAnswer
        }
        if sender == nil, try await provider.metadata(at: visit.now).namesItself { throw .wrongAnswer }
        guard let code = visit.query["code"], code.utf8.count <= 4096 else { throw .wrongAnswer }
        return code
    }

    /// Begins the session of whoever the token is about. Continuum’s own second factor follows, unless the provider
    /// says, in the words that are configured, that it asked for one.
    private static func signIn(
        _ token: IDToken, _ request: ProviderRequest, _ provider: IdentityProvider, _ visit: Visit
    ) async throws -> Reply {
        let isWhole = provider.isAssured(token, at: visit.now)
        let (device, held) = (visit.device, visit.heldSession)
        let session: String? = try await visit.database.write(for: visit.scope) { tx in
            let known = try ProviderStore.account(issuer: token.issuer, subject: token.subject, in: tx)
            guard let account = known else {
                tx.record(.housekeeping)
                return nil
            }
            let first = Event(
                "sign-in.provider", subject: account.id, detail: "second-factor=\(isWhole ? "there" : "here")")
            if isWhole { tx.record(first) }
            return try SessionStore.begin(
                isWhole ? .whole : .password, for: account.id, device: device, replacing: held,
                after: first, in: tx)
        }
        guard let session else { throw ProviderFault.unknown }
        let next = isWhole ? request.next : "/sign-in/second?next=" + Query.encoded(request.next)
        return .redirect(next).keepingSession(session).keepingProviderRequest(nil)
    }

    /// Connects the account in whose session this was begun, and in no other.
    private static func connect(
        _ owner: ProviderRequest.Owner, _ token: IDToken, _ visit: Visit
    ) async throws -> Reply {
        guard visit.visitor.session == owner.session, visit.scope.actor.id == owner.account else {
            throw ProviderFault.otherSession
        }
        let isConnected = try await visit.database.write(for: visit.scope) { tx in
            tx.record(.housekeeping)
            // While the provider was asked, the owner may have begun anew, and every session ended.
            guard try SessionStore.session(owner.session, at: tx.now, in: tx)?.account == owner.account,
                let held = try AccountStore.account(owner.account, in: tx),
                try ProviderStore.connect(owner.account, issuer: token.issuer, subject: token.subject, in: tx)
            else { return false }
            try Notices.changed(.providerConnected, of: held, in: tx)
            return true
        }
        guard isConnected else { throw ProviderFault.alreadyConnected }
        return .redirect("/account#provider").keepingProviderRequest(nil)
    }

    /// The page for a fault; log and journal have its kind, and nothing of what was sent.
    private static func refuse(
        _ fault: ProviderFault, _ provider: IdentityProvider, _ visit: Visit, _ owner: ProviderRequest.Owner?,
        isBegun: Bool
    ) async throws -> Reply {
        // Whoever has begun nothing here fills no journal.
        if isBegun {
            provider.tell(fault)
            try await visit.database.write(for: visit.scope) { tx in
                tx.record(
                    Event("sign-in.provider-refused", subject: owner?.account ?? "", detail: "fault=\(fault.kind)"))
            }
        }
        let page = ProviderPages.refused(fault, provider.name, isSignedIn: visit.visitor.isSignedIn)
        return Reply(status: fault.status, body: .page(page))
    }
}

extension Reply {
    /// Gives the browser what only it will know of the sign-in that it begins elsewhere, or takes it away.
    ///
    /// `SameSite=Lax`, since the provider’s own page sends the browser back.
    fileprivate func keepingProviderRequest(_ token: String?) -> Reply {
        var reply = self
        let age = token == nil ? 0 : ProviderStore.minutes * 60
        let text =
            "\(ProviderRoutes.cookie)=\(token ?? ""); Path=/; Max-Age=\(age); Secure; HttpOnly; SameSite=Lax"
        reply.headers.append(("Set-Cookie", text))
        return reply
    }
}

extension ProviderFault {
    /// The status of the page that tells of it.
    fileprivate var status: Int {
        switch self {
        case .cancelled: 200
        case .notBegun, .wrongAnswer: 400
        case .unknown, .alreadyConnected, .otherSession: 403
        case .unreachable, .slow, .tooMany: 503
        case .notAllowed, .wrongStatus, .metadata, .refusedCode, .noToken, .token, .said, .noAddress: 502
        }
    }
}
