import Access
import Cryptography
import Kernel
import Storage

/// One browser that signed in, known by the hash of what only it holds.
struct Session: Sendable {
    enum Step: String, Sendable, Storable {
        /// The password was right; the second factor is to come.
        case password
        case whole
    }
    let id: String
    let account: String
    let step: Step
    let made: Instant
    let seen: Instant
    let ends: Instant
    /// The kind of browser and system, as its owner would know it again.
    let device: String
    let wrong: Int
    /// What a passkey is to sign, as hex figures; empty where nothing was asked.
    let challenge: String

    /// - Parameter roles: the codes of the roles that its owner holds now.
    func holds(_ roles: [String], at now: Instant) -> Bool {
        SessionLimits.holds(seen: seen, ends: ends, roles: roles, at: now)
    }
}

enum SessionStore {
    /// The name under which a token is kept: nobody who reads the database can sign in by it.
    static func id(of token: String) -> String { Sodium.sha256(Array("session \(token)".utf8)) }

    static func session(_ id: String, at now: Instant, in tx: any Transaction) throws -> Session? {
        try held(id, at: now, in: tx)?.session
    }

    /// A session that holds now, and the roles that its owner has, by which it does.
    static func held(
        _ id: String, at now: Instant, in tx: any Transaction
    ) throws -> (session: Session, roles: [String])? {
        guard let found = try tx.row("SELECT \(columns) FROM session WHERE id = \(id)").map(session) else { return nil }
        let roles = try VisitorStore.roles(of: found.account, at: now, in: tx)
        return found.holds(roles, at: now) ? (found, roles) : nil
    }

    /// The sessions of an account that hold now, the newest first.
    static func sessions(of account: String, at now: Instant, in tx: any Transaction) throws -> [Session] {
        let roles = try VisitorStore.roles(of: account, at: now, in: tx)
        return try tx.rows("SELECT \(columns) FROM session WHERE account = \(account) ORDER BY seen DESC, id")
            .map(session).filter { $0.holds(roles, at: now) && $0.step == .whole }
    }

    /// Begins a session, in place of the one before it, whose token is worth nothing from now on.
    ///
    /// - Parameter first: what the journal says of the first step, where it was no password.
    /// - Returns: the token for the browser.
    static func begin(
        _ step: Session.Step, for account: String, device: String, replacing old: String?,
        after first: Event? = nil, in tx: any WriteTransaction
    ) throws -> String {
        if let old { try tx.run("DELETE FROM session WHERE id = \(old)") }
        let token = Sodium.hex(Sodium.random(32))
        let minutes = step == .whole ? SessionLimits.hours * 60 : SessionLimits.secondStepMinutes
        try tx.run(
            """
            INSERT INTO session (id, account, step, made, seen, ends, device, wrong, challenge)
            VALUES (
                \(id(of: token)), \(account), \(step), \(tx.now), \(tx.now),
                \(tx.now.adding(milliseconds: minutes * 60_000)), \(device), 0, '')
            """)
        if step == .whole { try tx.run("UPDATE account SET used = \(tx.now) WHERE id = \(account)") }
        let begun = step == .whole ? nil : first ?? Event("sign-in.password", subject: account)
        tx.record(begun ?? Event("sign-in.whole", subject: account))
        return token
    }

    /// Notes that it is in use.
    static func touch(_ id: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE session SET seen = \(tx.now) WHERE id = \(id)")
    }

    static func ask(_ challenge: String, of id: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE session SET challenge = \(challenge) WHERE id = \(id)")
    }

    /// Notes a wrong code; after some, signing in begins again.
    static func noteWrongCode(_ session: Session, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE session SET wrong = wrong + 1 WHERE id = \(session.id)")
        try tx.run("DELETE FROM session WHERE id = \(session.id) AND wrong >= \(SessionLimits.mostWrongCodes)")
        tx.record(Event("sign-in.wrong-code", subject: session.account))
        let counted = codeDelayID(session.account)
        let failures = try noteFailure(counted, delay: SessionLimits.delayOfCodes(afterFailures:), in: tx)
        guard failures == SessionLimits.wrongCodesToTell else { return }
        if let account = try AccountStore.account(session.account, in: tx) { try Notices.guessed(of: account, in: tx) }
    }

    /// Ends a session of this account.
    ///
    /// - Returns: false where it has none of this name.
    static func end(_ id: String, of account: String, in tx: any WriteTransaction) throws -> Bool {
        guard try tx.row("SELECT id FROM session WHERE id = \(id) AND account = \(account)") != nil else {
            return false
        }
        try tx.run("DELETE FROM session WHERE id = \(id)")
        tx.record(Event("session.ended", subject: account))
        return true
    }

    /// Ends every session of an account, wherever it is: whoever had taken one over is out.
    static func endAll(of account: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM session WHERE account = \(account)")
    }

    /// Ends every session of an account but this one.
    static func endOthers(of account: String, than kept: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM session WHERE account = \(account) AND id <> \(kept)")
        tx.record(Event("session.others-ended", subject: account))
    }

    /// Forgets sessions and delays that are over.
    static func forgetOver(at now: Instant, in tx: any WriteTransaction) throws {
        let idle = now.adding(milliseconds: -SessionLimits.idleMinutesOfFamilies * 60_000)
        try tx.run("DELETE FROM session WHERE ends < \(now) OR seen < \(idle)")
        let last = now.adding(milliseconds: -SessionLimits.forgottenAfterSeconds * 1000)
        try tx.run("DELETE FROM sign_in_delay WHERE seen < \(last)")
    }

    // MARK: - Delays

    /// The name under which wrong passwords are counted: neither the login nor the address can be read from it.
    static func delayID(login: String, client: String) -> String {
        Sodium.sha256(Array("delay \(AccountStore.login(login))\n\(client)".utf8))
    }

    /// The name under which wrong codes of an account are counted, wherever they come from.
    static func codeDelayID(_ account: String) -> String { Sodium.sha256(Array("codes of \(account)".utf8)) }

    /// The seconds for which nothing is looked at, if any of these has been tried too often.
    static func delayed(_ ids: [String], at now: Instant, in tx: any Transaction) throws -> Int? {
        let untils = try ids.compactMap { id in
            try tx.row("SELECT until FROM sign_in_delay WHERE id = \(id)").map { try $0.get("until", as: Instant.self) }
        }
        return untils.max().flatMap { $0 > now ? ($0.milliseconds - now.milliseconds + 999) / 1000 : nil }
    }

    /// - Returns: how many there are now.
    @discardableResult
    static func noteFailure(_ id: String, delay: (Int) -> Int, in tx: any WriteTransaction) throws -> Int {
        let held = try tx.row("SELECT failures, seen FROM sign_in_delay WHERE id = \(id)")
        let seen = try held?.get("seen", as: Instant.self)
        let isOld = seen.map { tx.now > $0.adding(milliseconds: SessionLimits.forgottenAfterSeconds * 1000) } ?? true
        let failures = isOld ? 1 : (try held?.get("failures", as: Int.self) ?? 0) + 1
        let until = tx.now.adding(milliseconds: delay(failures) * 1000)
        try tx.run(
            """
            INSERT INTO sign_in_delay (id, failures, until, seen) VALUES (\(id), \(failures), \(until), \(tx.now))
            ON CONFLICT (id) DO UPDATE SET failures = excluded.failures, until = excluded.until, seen = excluded.seen
            """)
        return failures
    }

    static func forgetFailures(_ id: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM sign_in_delay WHERE id = \(id)")
    }

    private static let columns: SQL = "id, account, step, made, seen, ends, device, wrong, challenge"

    private static func session(_ row: Row) throws -> Session {
        Session(
            id: try row.get("id"), account: try row.get("account"), step: try row.get("step"),
            made: try row.get("made"), seen: try row.get("seen"), ends: try row.get("ends"),
            device: try row.get("device"), wrong: try row.get("wrong"), challenge: try row.get("challenge"))
    }
}
