import Access
import Credentials
import Cryptography
import Kernel
import Storage
import Web

/// Passkeys as a second factor: adding one, removing one, and signing in by one after the password.
enum PasskeyRoutes {
    static func all(_ doors: Doors) -> [Route] {
        [
            .get("/account/passkeys/new", may: .signedIn) { try await draw($0, doors) },
            .post("/account/passkeys", may: .signedIn) { try await add($0, doors) },
            .get("/account/passkeys/{passkey}/removal", may: .signedIn) { try await confirm($0, doors) },
            .post("/account/passkeys/{passkey}/removal", may: .signedIn) { try await remove($0, doors) },
            .post("/sign-in/passkey", may: .anyone) { try await signIn($0, doors) },
        ]
    }

    /// The most passkeys that one account may have.
    static let most = 20
    /// The most characters in the name of one.
    static let longestName = 60

    // MARK: - Adding

    private static func draw(_ visit: Visit, _ doors: Doors) async throws -> Reply {
        guard let service = doors.relyingParty(for: visit) else { return .page(PasskeyPages.noAddress) }
        guard try await visit.isFresh() else { return .page(FreshPages.signInAgain("/account/passkeys/new")) }
        return .page(PasskeyPages.new(visit.form, name: visit.device, options: try await options(visit, service)))
    }

    /// What the browser is to ask its passkeys. The question is kept with the session, for one answer.
    private static func options(_ visit: Visit, _ service: RelyingParty) async throws -> String {
        let (session, id) = (visit.visitor.session, visit.scope.actor.id)
        let challenge = RelyingParty.challenge()
        let (user, held) = try await visit.database.write(for: visit.scope) { tx in
            tx.record(.housekeeping)
            try SessionStore.ask(Sodium.hex(challenge), of: session, in: tx)
            let (login, name) = try AccountStore.account(id, in: tx).map { ($0.login, $0.name) } ?? ("", "")
            let handle = try PasskeyStore.ensureHandle(of: id, in: tx)
            return (
                PasskeyUser(handle: handle, name: login, displayName: name),
                try PasskeyStore.passkeys(of: id, in: tx).filter { $0.domain == service.id }.map(\.passkey)
            )
        }
        guard let user else { return "" }
        return service.creationOptions(challenge: challenge, user: user, excluding: held)
    }

    private static func add(_ visit: Visit, _ doors: Doors) async throws -> Reply {
        guard let service = doors.relyingParty(for: visit) else {
            return .unprocessable(PasskeyPages.noAddress)
        }
        guard try await visit.isFresh() else { return .tooLate("/account/passkeys/new") }
        var form = visit.form
        let typed = form["name"].isEmpty ? visit.device : form["name"]
        let name = String(typed.prefix(longestName))
        switch try await kept(form["answer"], named: name, visit, service) {
        case .kept: return .redirect("/account#passkeys")
        case .noAnswer: form.refuse("passkey", PasskeyPages.need)
        case .notTaken: form.refuse("passkey", "That passkey could not be added. Try again, or go on with your codes")
        case .tooMany: form.refuse("passkey", "You have \(most) passkeys, the most there can be. Remove one first")
        }
        return .unprocessable(PasskeyPages.new(form, name: name, options: try await options(visit, service)))
    }

    private enum Outcome { case kept, noAnswer, notTaken, tooMany }

    /// Keeps a new passkey where it answers the question that was asked of this browser. The question serves once.
    private static func kept(
        _ answer: String, named name: String, _ visit: Visit, _ service: RelyingParty
    ) async throws -> Outcome {
        guard !answer.isEmpty else { return .noAnswer }
        let response = try? RegistrationResponse(json: Array(answer.utf8))
        let (session, account) = (visit.visitor.session, visit.scope.actor.id)
        return try await visit.database.write(for: visit.scope) { tx in
            let challenge = try SessionStore.takeQuestion(of: session, step: .whole, in: tx)
            guard let challenge, let response,
                let passkey = try? service.register(response, challenge: challenge),
                try PasskeyStore.passkey(credential: passkey.id, in: tx) == nil,
                try PasskeyStore.handle(of: account, in: tx) != nil
            else {
                tx.record(Event("account.passkey-refused", subject: account))
                return .notTaken
            }
            guard try PasskeyStore.passkeys(of: account, in: tx).count < most else {
                tx.record(Event("account.passkey-refused", subject: account))
                return .tooMany
            }
            try PasskeyStore.add(passkey, named: name, domain: service.id, to: account, in: tx)
            return .kept
        }
    }

    // MARK: - Removing

    private static func confirm(_ visit: Visit, _ doors: Doors) async throws -> Reply {
        let (id, account) = (visit.parameter("passkey"), visit.scope.actor.id)
        let domain = doors.relyingParty(for: visit)?.id
        let found = try await visit.read { tx in
            try PasskeyStore.passkey(id, of: account, in: tx).map {
                ($0, try PasskeyStore.isLast($0, domain: domain, in: tx))
            }
        }
        guard let (own, isLast) = found else { return .notFound }
        guard !isLast else { return .page(PasskeyPages.last(own)) }
        guard try await visit.isFresh() else { return .page(FreshPages.signInAgain(PasskeyPages.removal(own))) }
        return .page(PasskeyPages.remove(own, visit.form))
    }

    private static func remove(_ visit: Visit, _ doors: Doors) async throws -> Reply {
        let (id, account) = (visit.parameter("passkey"), visit.scope.actor.id)
        let domain = doors.relyingParty(for: visit)?.id
        guard let own = try await visit.read({ try PasskeyStore.passkey(id, of: account, in: $0) }) else {
            return .notFound
        }
        guard try await visit.isFresh() else { return .tooLate(PasskeyPages.removal(own)) }
        let isRemoved = try await visit.database.write(for: visit.scope) { tx in
            tx.record(.housekeeping)
            return try PasskeyStore.remove(own, domain: domain, in: tx)
        }
        return isRemoved ? .redirect("/account#passkeys") : .unprocessable(PasskeyPages.last(own))
    }

    // MARK: - Signing in

    /// What stands beside the code of the second step: nil where the account has no passkey that answers here.
    static func offer(_ visit: Visit, _ pending: Session, _ doors: Doors) async throws -> HTML? {
        guard let service = doors.relyingParty(for: visit) else { return nil }
        let held = try await visit.read { try PasskeyStore.passkeys(of: pending.account, in: $0) }
        let usable = held.filter { $0.domain == service.id }.map(\.passkey)
        guard !usable.isEmpty else { return nil }
        let challenge: [UInt8]
        if !pending.challenge.isEmpty, let asked = Sodium.bytes(hex: pending.challenge) {
            challenge = asked
        } else {
            challenge = RelyingParty.challenge()
            try await visit.database.write(for: .anyone) { [challenge] tx in
                tx.record(.housekeeping)
                try SessionStore.ask(Sodium.hex(challenge), of: pending.id, in: tx)
            }
        }
        let options = service.requestOptions(challenge: challenge, allowing: usable)
        return PasskeyPages.offer(visit.form, options: options, next: visit.nextPage)
    }

    private static func signIn(_ visit: Visit, _ doors: Doors) async throws -> Reply {
        guard let pending = try await visit.signingIn.pending(visit.token) else { return .redirect("/sign-in") }
        var form = visit.form
        if form["answer"].isEmpty {
            form.refuse("passkey", PasskeyPages.need)
        } else {
            if let service = doors.relyingParty(for: visit),
                let token = try await visit.signingIn.passkey(form["answer"], in: pending, of: service)
            {
                return .redirect(visit.nextPage).keepingSession(token)
            }
            form.refuse("passkey", "The passkey was not taken. Try again, or write a code")
        }
        guard let still = try await visit.signingIn.pending(visit.token) else { return .redirect("/sign-in") }
        let offer = try await offer(visit, still, doors)
        return .unprocessable(SignInPages.second(form, next: visit.nextPage, passkey: offer))
    }
}

extension SigningIn {
    /// The token of the whole session where the passkey is one of this account and answers the question asked.
    ///
    /// The question serves once: that it was answered, the passkey’s new count, and that the session begins, or that
    /// the answer was wrong, are one write.
    func passkey(_ answer: String, in pending: Session, of service: RelyingParty) async throws -> String? {
        let response = try? AssertionResponse(json: Array(answer.utf8))
        return try await database.write(for: .anyone) { [device] tx in
            guard let challenge = try SessionStore.takeQuestion(of: pending.id, step: .password, in: tx), let response,
                let own = try PasskeyStore.passkey(credential: response.id, in: tx),
                own.account == pending.account, own.domain == service.id,
                let handle = try PasskeyStore.handle(of: pending.account, in: tx)
            else {
                try SessionStore.noteWrongCode(pending, in: tx)
                return nil
            }
            let used: Passkey
            do throws(WebAuthnFault) {
                used = try service.assert(
                    response, by: own.passkey, of: handle, isOwnerNamed: true, challenge: challenge)
            } catch {
                if error == .countDidNotRise { tx.record(Event("sign-in.passkey-copied", subject: pending.account)) }
                try SessionStore.noteWrongCode(pending, in: tx)
                return nil
            }
            try PasskeyStore.use(own, now: used, in: tx)
            try SessionStore.forgetFailures(SessionStore.codeDelayID(own.account), in: tx)
            return try SessionStore.begin(.whole, for: own.account, device: device, replacing: pending.id, in: tx)
        }
    }
}

extension SessionStore {
    /// Takes back the question that a session’s passkey was asked, so that it is answered once.
    ///
    /// - Returns: nil where nothing was asked, or the session does not hold at this step.
    static func takeQuestion(of id: String, step: Session.Step, in tx: any WriteTransaction) throws -> [UInt8]? {
        guard let held = try session(id, at: tx.now, in: tx), held.step == step, !held.challenge.isEmpty else {
            return nil
        }
        try ask("", of: id, in: tx)
        return Sodium.bytes(hex: held.challenge)
    }
}

extension Doors {
    /// This service as passkeys know it, where a visit comes by an address that they can be bound to.
    func relyingParty(for visit: Visit) -> RelyingParty? {
        site != nil || visit.isOnLoopback ? relyingParty(for: visit.host) : nil
    }

    /// This service as passkeys know it: by the site’s own address, whatever the browser says; without one, `localhost`
    /// alone, as a computer of one’s own is reached. A passkey is of one domain for good, and never of a bare number.
    func relyingParty(for host: String) -> RelyingParty? {
        guard let site else {
            let parts = host.split(separator: ":", omittingEmptySubsequences: false)
            let isPlain = parts.count == 1 || (parts.count == 2 && Digits.number(parts[1]) != nil)
            guard parts.first == "localhost", isPlain else { return nil }
            return RelyingParty(id: "localhost", name: "Continuum", origins: ["http://" + host])
        }
        let address = site.lowercased()
        let scheme = "https://"
        let parts = address.dropFirst(scheme.count).split(separator: ":", omittingEmptySubsequences: false)
        guard address.hasPrefix(scheme), let domain = parts.first, parts.count <= 2,
            domain.contains(where: { ("a"..."z").contains($0) }),
            domain.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46 })
        else { return nil }
        let isUsual = parts.count == 1 || parts[1] == "443"
        guard isUsual || Digits.number(parts[1]) != nil else { return nil }
        let origin = isUsual ? scheme + domain : address
        return RelyingParty(id: String(domain), name: "Continuum", origins: [origin])
    }
}

extension Visit {
    /// Where to go once signed in, as the form says it, or the address.
    var nextPage: String { (form.fields["next"] ?? query["next"] ?? "").asNextPage }
}
