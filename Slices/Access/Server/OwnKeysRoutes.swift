import Access
import Credentials
import Cryptography
import Kernel
import Storage
import Web

/// How somebody changes by what they sign in: their password, their codes on paper, their authenticator app.
///
/// All of it asks that they signed in within the last ten minutes, and tells them by mail afterwards.
enum OwnKeysRoutes {
    static func all(_ doors: Doors) -> [Route] {
        others + [.post("/account/app", may: .signedIn) { try await app($0, doors) }]
    }

    private static let others: [Route] = [
        .get("/account/password", may: .signedIn) { visit in
            guard try await visit.isFresh() else { return .page(FreshPages.signInAgain("/account/password")) }
            return .page(OwnKeysPages.password(visit.form))
        },
        .post("/account/password", may: .signedIn, password),
        .get("/account/codes", may: .signedIn) { visit in
            guard try await visit.isFresh() else { return .page(FreshPages.signInAgain("/account/codes")) }
            return .page(OwnKeysPages.codes(visit.form))
        },
        .post("/account/codes", may: .signedIn, codes),
        .get("/account/app", may: .signedIn) { visit in
            guard try await visit.isFresh() else { return .page(FreshPages.signInAgain("/account/app")) }
            let account = visit.scope.actor.id
            let login = try await visit.read { try AccountStore.account(account, in: $0)?.login ?? "" }
            return TOTP(secret: TOTP.secret()).map { .page(OwnKeysPages.app(visit.form, $0, login: login)) }
                ?? .notFound
        },
    ]

    // MARK: - Password

    private static func password(_ visit: Visit) async throws -> Reply {
        guard try await visit.isFresh() else { return .tooLate("/account/password") }
        var form = visit.form
        let (id, session) = (visit.scope.actor.id, visit.visitor.session)
        guard let held = try await visit.read({ try AccountStore.account(id, in: $0) }) else { return .notFound }
        let old = form.secret("old", orSay: "Write the password that you have now", limit: 1024)
        let new = form.secret("password", orSay: "Choose a new password", limit: 1024)
        if let new { refuse(new, replacing: old, of: held, &form) }
        guard form.errors.isEmpty, let old, let new else { return .unprocessable(OwnKeysPages.password(form)) }
        do {
            switch try await visit.signingIn.check(old, of: held) {
            case .right: break
            case .wrong:
                form.refuse("old", "That is not the password you have now. Check it and try again")
                return .unprocessable(OwnKeysPages.password(form))
            case .wait(let seconds):
                return .waiting(seconds, SignInPages.wait(seconds: seconds))
            }
            let kept = try await PasswordLane.shared.hash(new)
            let counted = SessionStore.delayID(login: held.login, client: visit.client)
            let isDone = try await visit.database.write(for: visit.scope) { tx in
                // Another browser of theirs was quicker.
                guard try AccountStore.account(id, in: tx)?.password == held.password else {
                    tx.record(.housekeeping)
                    return false
                }
                try AccountStore.setPassword(kept, of: id, in: tx)
                try SessionStore.forgetFailures(counted, in: tx)
                try SessionStore.endOthers(of: id, than: session, in: tx)
                try Notices.changed(.password, of: held, in: tx)
                return true
            }
            return isDone ? .page(OwnKeysPages.passwordChanged) : .redirect("/account/password")
        } catch is PasswordLane.Busy {
            return .busy
        }
    }

    private static func refuse(_ new: String, replacing old: String?, of account: Account, _ form: inout Form) {
        if let refusal = PasswordRule(service: "Continuum").refusal(of: new, email: account.login) {
            form.refuse("password", "\(refusal)")
        } else if new == old {
            form.refuse("password", "This is the password you have now. Choose another")
        } else if form.fields.exact("again") != new {
            form.refuse("again", "The two are not the same")
        }
    }

    // MARK: - Codes and app

    private static func codes(_ visit: Visit) async throws -> Reply {
        guard try await visit.isFresh() else { return .tooLate("/account/codes") }
        let (id, session) = (visit.scope.actor.id, visit.visitor.session)
        let codes = PrintedCodes.mint()
        let hashes = codes.compactMap(PrintedCodes.hash)
        let isDone = try await visit.database.write(for: visit.scope) { tx in
            // The owner may have begun anew meanwhile, and every session ended.
            guard let held = try AccountStore.account(id, in: tx),
                try SessionStore.session(session, at: tx.now, in: tx) != nil
            else {
                tx.record(.housekeeping)
                return false
            }
            try AccountStore.removeFactors(.code, of: id, in: tx)
            for hash in hashes { try AccountStore.addFactor(.code, secret: hash, to: id, in: tx) }
            try Notices.changed(.codes, of: held, in: tx)
            return true
        }
        return isDone ? .page(OwnKeysPages.newCodes(codes)) : .notFound
    }

    /// Takes an authenticator app in place of the one before, once it has shown a right code. Until then the old one
    /// serves: nobody locks themselves out by a picture that did not scan.
    private static func app(_ visit: Visit, _ doors: Doors) async throws -> Reply {
        guard try await visit.isFresh() else { return .tooLate("/account/app") }
        var form = visit.form
        let (id, now, session) = (visit.scope.actor.id, visit.now, visit.visitor.session)
        guard let held = try await visit.read({ try AccountStore.account(id, in: $0) }) else { return .notFound }
        guard let secret = Base32.bytes(form["secret"]), secret.count == TOTP.secret().count,
            let app = TOTP(secret: secret)
        else { return .redirect("/account/app") }
        let typed = form.text("code", orSay: "Write the six figures that the app shows", limit: 40)
        let step = typed.flatMap { app.accept($0, at: now, lastStep: nil) }
        if typed != nil, step == nil {
            form.refuse("code", "That code is not right. Wait for the next one, and check the clock of your phone")
        }
        guard let step else { return .unprocessable(OwnKeysPages.app(form, app, login: held.login)) }
        let isDone = try await visit.database.write(for: visit.scope) { tx in
            guard try SessionStore.session(session, at: tx.now, in: tx) != nil else {
                tx.record(.housekeeping)
                return false
            }
            try AccountStore.removeFactors(.totp, of: id, in: tx)
            let kept = doors.kept(Base32.text(secret), of: id)
            try AccountStore.addFactor(.totp, secret: kept, last: step, to: id, in: tx)
            try Notices.changed(.app, of: held, in: tx)
            return true
        }
        return isDone ? .page(OwnKeysPages.appChanged) : .tooLate("/account/app")
    }
}

extension SigningIn {
    enum OldPassword: Sendable { case right, wrong, wait(seconds: Int) }

    /// Whether this is the password of an account whose owner is signed in. Wrong ones bring the same delays as at the
    /// door: a browser left open is no place to guess it.
    ///
    /// - Throws: `PasswordLane.Busy`; a fault of the database.
    func check(_ password: String, of account: Account) async throws -> OldPassword {
        let mine = SessionStore.delayID(login: account.login, client: client)
        let wait = try await database.read { [now] tx in try SessionStore.delayed([mine], at: now, in: tx) }
        if let wait { return .wait(seconds: wait) }
        let hash = account.password.isEmpty ? nil : account.password
        if try await lane.isRight(password, for: hash) { return .right }
        try await database.write(for: .anyone) { tx in
            try SessionStore.noteFailure(mine, delay: SessionLimits.delay(afterFailures:), in: tx)
            tx.record(Event("account.wrong-password", subject: account.id))
        }
        return .wrong
    }
}
