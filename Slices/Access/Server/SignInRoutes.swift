import Access
import Credentials
import Cryptography
import Kernel
import Storage
import Web

/// Signing in, joining and signing out.
enum SignInRoutes {
    static func all(_ doors: Doors) -> [Route] {
        [
            .get("/sign-in", may: .anyone) { visit in
                let isDemonstration = try await demonstrationIsOpen(to: visit)
                let next = visit.nextPage
                let other = ProviderPages.way(visit.form, doors.provider, next: next)
                return .page(SignInPages.password(visit.form, next: next, isDemonstration: isDemonstration, other))
            },
            .post("/sign-in", may: .anyone) { try await password($0, doors) },
            .get("/sign-in/second", may: .anyone) { visit in
                guard let pending = try await visit.signingIn.pending(visit.token) else { return .redirect("/sign-in") }
                let passkey = try await PasskeyRoutes.offer(visit, pending, doors)
                return .page(SignInPages.second(visit.form, next: visit.nextPage, passkey: passkey))
            },
            .post("/sign-in/second", may: .anyone) { try await second($0, doors) },
            .post("/join", may: .anyone) { try await join($0, doors) },
        ] + others
    }

    private static let others: [Route] = [
        .get("/join", may: .anyone) { visit in .page(SignInPages.join(visit.form)) },
        .post("/sign-out", may: .signedIn) { visit in
            let (session, account) = (visit.visitor.session, visit.scope.actor.id)
            _ = try await visit.database.write(for: visit.scope) { tx in
                try SessionStore.end(session, of: account, in: tx)
            }
            return .redirect("/").keepingSession(nil)
        },
        .get("/demo/people", may: .anyone) { visit in
            guard try await demonstrationIsOpen(to: visit) else { return .notFound }
            let accounts = try await visit.read { try AccountStore.accounts(after: "", limit: 100, in: $0) }
            return .page(SignInPages.people(accounts, visit.form))
        },
        .post("/demo/sign-ins", may: .anyone, signInToDemonstration),
    ]

    private static func password(_ visit: Visit, _ doors: Doors) async throws -> Reply {
        var form = visit.form
        let next = visit.nextPage
        let login = form.text("login", orSay: "Write your e-mail address or the name you were given", limit: 254)
        let password = form.secret("password", orSay: "Write your password", limit: 1024)
        if let login, let password {
            do {
                switch try await visit.signingIn.password(password, for: login, replacing: visit.heldSession) {
                case .right(let token):
                    return .redirect("/sign-in/second?next=" + Query.encoded(next)).keepingSession(token)
                case .wait(let seconds):
                    return .waiting(seconds, SignInPages.wait(seconds: seconds))
                case .wrong:
                    form.refuse("login", "The name or the password is not right. Check both and try again")
                }
            } catch is PasswordLane.Busy {
                return .busy
            }
        }
        let isDemonstration = try await demonstrationIsOpen(to: visit)
        let other = ProviderPages.way(form, doors.provider, next: next)
        return .unprocessable(SignInPages.password(form, next: next, isDemonstration: isDemonstration, other))
    }

    private static func second(_ visit: Visit, _ doors: Doors) async throws -> Reply {
        guard let pending = try await visit.signingIn.pending(visit.token) else { return .redirect("/sign-in") }
        var form = visit.form
        let next = visit.nextPage
        if let code = form.text("code", orSay: "Write the code", limit: 40) {
            do {
                if let token = try await visit.signingIn.code(code, in: pending, doors.sealer) {
                    return .redirect(next).keepingSession(token)
                }
            } catch let refusal as SigningIn.TooManyCodes {
                return .waiting(refusal.seconds, SignInPages.waitForCodes(seconds: refusal.seconds))
            }
            form.refuse("code", "That code is not right, or was used before. Wait for the next one, or use another")
        }
        guard let still = try await visit.signingIn.pending(visit.token) else { return .redirect("/sign-in") }
        let passkey = try await PasskeyRoutes.offer(visit, still, doors)
        return .unprocessable(SignInPages.second(form, next: next, passkey: passkey))
    }

    private static func join(_ visit: Visit, _ doors: Doors) async throws -> Reply {
        var form = visit.form
        let now = visit.now
        let hash = form.text("code", orSay: "Write the code that you were given", limit: 60).flatMap(PrintedCodes.hash)
        let account = try await visit.read { tx in
            try hash.flatMap { try AccountStore.invited(by: $0, at: now, in: tx) }
        }
        if form.errors.isEmpty, account == nil {
            let later = try await visit.read { tx in
                try hash.flatMap { try AccountStore.starts(invitation: $0, after: now, in: tx) }
            }
            if let later { form.refuse("code", "This code works from \(later.inWords). Keep it until then") }
        }
        if form.errors.isEmpty, account == nil {
            form.refuse("code", "That code is not right, was used, or is older than seven days. Ask for a new one")
        }
        let password = form.secret("password", orSay: "Choose a password", limit: 1024)
        if let password {
            if let refusal = PasswordRule(service: "Continuum").refusal(of: password, email: account?.login) {
                form.refuse("password", "\(refusal)")
            } else if form.fields.exact("again") != password {
                form.refuse("again", "The two are not the same")
            }
        }
        guard form.errors.isEmpty, let account, let hash, let password else {
            return .unprocessable(SignInPages.join(form))
        }
        let kept: String
        do { kept = try await PasswordLane.shared.hash(password) } catch is PasswordLane.Busy {
            return .busy
        }
        let (secret, codes) = (TOTP.secret(), PrintedCodes.mint())
        let hashes = codes.compactMap(PrintedCodes.hash)
        let (device, held) = (visit.device, visit.heldSession)
        let token: String? = try await visit.database.write(for: visit.scope) { tx in
            guard try AccountStore.invited(by: hash, at: now, in: tx)?.id == account.id else {
                tx.record(.housekeeping)
                return nil
            }
            try AccountStore.takeUp(invitation: hash, in: tx)
            try SessionStore.endAll(of: account.id, in: tx)
            try ProviderStore.disconnect(account.id, in: tx)
            try AccountStore.setPassword(kept, of: account.id, in: tx)
            for kind in [Factor.Kind.totp, .code] { try AccountStore.removeFactors(kind, of: account.id, in: tx) }
            try PasskeyStore.removeAll(of: account.id, in: tx)
            try AccountStore.addFactor(
                .totp, secret: doors.kept(Base32.text(secret), of: account.id), to: account.id, in: tx)
            for hash in hashes { try AccountStore.addFactor(.code, secret: hash, to: account.id, in: tx) }
            return try SessionStore.begin(.whole, for: account.id, device: device, replacing: held, in: tx)
        }
        guard let token, let app = TOTP(secret: secret) else { return .redirect("/join") }
        let uri = app.uri(issuer: "Continuum", account: account.login)
        return .page(SignInPages.joined(secret: Base32.text(secret), uri: uri, codes: codes)).keepingSession(token)
    }

    // MARK: - The demonstration

    /// One click signs in as one of the cast: only in a database that `demo` made, and only on this very computer.
    private static func demonstrationIsOpen(to visit: Visit) async throws -> Bool {
        guard visit.isOnLoopback else { return false }
        return try await visit.read { try Settings.value(Settings.demonstration, in: $0) } != nil
    }

    private static func signInToDemonstration(_ visit: Visit) async throws -> Reply {
        guard try await demonstrationIsOpen(to: visit) else { return .notFound }
        let (wanted, device, held) = (visit.form["account"], visit.device, visit.heldSession)
        let token: String? = try await visit.database.write(for: visit.scope) { tx in
            guard let account = try AccountStore.account(wanted, in: tx), account.ended == nil else {
                tx.record(.housekeeping)
                return nil
            }
            return try SessionStore.begin(.whole, for: account.id, device: device, replacing: held, in: tx)
        }
        guard let token else { return .redirect("/demo/people") }
        return .redirect("/account").keepingSession(token)
    }
}

extension Reply {
    /// Nothing is looked at for so many seconds.
    static func waiting(_ seconds: Int, _ page: Page) -> Reply {
        Reply(status: 429, body: .page(page), headers: [("Retry-After", String(seconds))])
    }

    /// Too many passwords are being looked at.
    static let busy = Reply(status: 503, body: .page(SignInPages.busy), headers: [("Retry-After", "10")])
}

extension Visit {
    /// What the browser shows as its session, if anything.
    var token: String? { cookies[Reply.sessionCookie] }

    /// The name of that session in the database. Whoever signs in anew has one session in this browser, not two.
    var heldSession: String? { token.map { SessionStore.id(of: $0) } }

    var signingIn: SigningIn { SigningIn(database: database, now: now, client: client, device: device) }

    var device: String { agent.asDevice }
}
