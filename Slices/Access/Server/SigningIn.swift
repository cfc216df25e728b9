import Access
import Credentials
import Cryptography
import Kernel
import Storage

/// The steps by which somebody shows who they are: a password, then a second factor. There is no way past the second.
struct SigningIn: Sendable {
    let database: any Database
    let now: Instant
    /// The address that the request comes from.
    let client: String
    let device: String
    var lane = PasswordLane.shared

    enum PasswordAnswer: Sendable {
        /// The token of a session that waits for the second factor.
        case right(token: String)
        /// The same for a wrong password, an unknown name and an account that ended.
        case wrong
        case wait(seconds: Int)
    }

    /// - Throws: `PasswordLane.Busy`; a fault of the database.
    func password(_ password: String, for login: String, replacing old: String?) async throws -> PasswordAnswer {
        let (mine, address) = (
            SessionStore.delayID(login: login, client: client), SessionStore.delayID(login: "", client: client)
        )
        let (wait, account) = try await database.read { [now] tx in
            (
                try SessionStore.delayed([mine, address], at: now, in: tx),
                try AccountStore.account(login: login, in: tx)
            )
        }
        if let wait { return .wait(seconds: wait) }
        let isUsable = account.map { $0.ended == nil && !$0.password.isEmpty } ?? false
        let isRight = try await lane.isRight(password, for: isUsable ? account?.password : nil)
        guard isRight, let account else {
            try await database.write(for: .anyone) { tx in
                try SessionStore.noteFailure(mine, delay: SessionLimits.delay(afterFailures:), in: tx)
                try SessionStore.noteFailure(address, delay: SessionLimits.delayOfAddress(afterFailures:), in: tx)
                tx.record(Event("sign-in.wrong-password", subject: account?.id ?? ""))
            }
            return .wrong
        }
        let renewed = await lane.renewed(password, for: account.password)
        let token: String? = try await database.write(for: .anyone) { [device] tx in
            // While the password was checked it may have been changed, or the account ended.
            guard let now = try AccountStore.account(account.id, in: tx), now.password == account.password,
                now.ended == nil
            else {
                tx.record(.housekeeping)
                return nil
            }
            try SessionStore.forgetFailures(mine, in: tx)
            if let renewed { try AccountStore.renewHash(renewed, replacing: account.password, of: account.id, in: tx) }
            return try SessionStore.begin(.password, for: account.id, device: device, replacing: old, in: tx)
        }
        return token.map { .right(token: $0) } ?? .wrong
    }

    /// The session of a token whose password was right and whose second factor is to come.
    func pending(_ token: String?) async throws -> Session? {
        guard let token else { return nil }
        let found = try await database.read { [now] tx in
            try SessionStore.session(SessionStore.id(of: token), at: now, in: tx)
        }
        return found?.step == .password ? found : nil
    }

    /// The token of the whole session where the code is right: of an authenticator app, or a printed one.
    ///
    /// Each works once: that it was used and that the session begins is one write.
    /// The secret of an app that lay readable in the database is sealed when it is used.
    ///
    /// - Parameter sealer: what opens those that are sealed; without it they serve for nothing.
    /// - Throws: `TooManyCodes`; a fault of the database.
    func code(_ typed: String, in pending: Session, _ sealer: Sealer? = nil) async throws -> String? {
        let counted = SessionStore.codeDelayID(pending.account)
        return try await database.write(for: .anyone) { [now, device] tx in
            // Of codes that are sent at once each is judged by what the one before left.
            if let wait = try SessionStore.delayed([counted], at: now, in: tx) { throw TooManyCodes(seconds: wait) }
            guard let held = try SessionStore.session(pending.id, at: now, in: tx), held.step == .password else {
                tx.record(.housekeeping)
                return nil
            }
            for factor in try AccountStore.factors(of: pending.account, in: tx) {
                guard let opened = factor.opened(by: sealer, for: pending.account),
                    let last = SigningIn.use(of: typed, opened, at: now)
                else { continue }
                let sealed = factor.sealed(by: sealer, for: pending.account)
                guard try AccountStore.use(factor, last: last, secret: sealed, in: tx) else { continue }
                try SessionStore.forgetFailures(counted, in: tx)
                return try SessionStore.begin(
                    .whole, for: pending.account, device: device, replacing: pending.id, in: tx)
            }
            try SessionStore.noteWrongCode(pending, in: tx)
            return nil
        }
    }

    /// Wrong codes were written for this account again and again: whoever does it knows the password.
    struct TooManyCodes: Error { let seconds: Int }

    /// The step or count by which a code would use this factor, or nil where it is not of it.
    static func use(of typed: String, _ factor: Factor, at now: Instant) -> Int? {
        switch factor.kind {
        case .totp:
            guard let secret = Base32.bytes(factor.secret), let app = TOTP(secret: secret) else { return nil }
            return app.accept(typed, at: now, lastStep: factor.last < 0 ? nil : factor.last)
        case .code:
            guard factor.used == nil, let hash = PrintedCodes.hash(typed) else { return nil }
            return RandomText.isSame(hash, factor.secret) ? 0 : nil
        case .passkey: return nil
        }
    }
}

extension String {
    /// This address, if it is one of this site; otherwise the visitor’s own page.
    var asNextPage: String {
        let isOurs = hasPrefix("/") && !hasPrefix("//") && !hasPrefix("/\\") && utf8.allSatisfy { $0 > 32 && $0 < 127 }
        return isOurs && utf8.count <= 500 ? self : "/account"
    }

    /// The kind of browser and system that a `User-Agent` header names, as its owner would know it again.
    var asDevice: String {
        let browsers = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
        let systems = [
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Macintosh", "Mac"), ("Linux", "Linux"),
        ]
        let browser = browsers.first { contains($0.0) }?.1 ?? "A browser"
        return systems.first { contains($0.0) }.map { "\(browser) on \($0.1)" } ?? browser
    }
}
