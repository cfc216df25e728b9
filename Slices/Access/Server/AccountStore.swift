import Cryptography
import Kernel
import Storage

/// Somebody who can sign in. It prints as its identifier.
struct Account: Sendable, CustomStringConvertible {
    let id: String
    /// What is typed to sign in: an e-mail address, or a name that the council gave.
    let login: String
    let name: String
    /// What the account is for, as whoever made it wrote.
    let about: String
    /// The hash of the password; empty where none was chosen yet.
    let password: String
    let ended: Instant?
    let version: Int

    var description: String { id }
}

/// A second thing, besides the password, by which somebody shows who they are.
struct Factor: Sendable {
    enum Kind: String, Sendable, Storable { case totp, code, passkey }
    let id: String
    let kind: Kind
    /// The secret of an authenticator app as base 32, sealed where there is a key for it, the hash of a printed code,
    /// or a passkey as JSON.
    let secret: String
    /// The last step of an authenticator app that was used, or a passkey’s count.
    let last: Int
    let made: Instant
    let used: Instant?
}

/// Accounts and their factors.
enum AccountStore {
    /// What is typed to sign in, as it is compared: without spaces around it, in small letters.
    static func login(_ typed: String) -> String { String(typed.trimmed).lowercased() }

    static func account(login: String, in tx: any Transaction) throws -> Account? {
        try tx.row("SELECT \(columns) FROM account WHERE login = \(Self.login(login))").map(account)
    }

    static func account(_ id: String, in tx: any Transaction) throws -> Account? {
        try tx.row("SELECT \(columns) FROM account WHERE id = \(id)").map(account)
    }

    static func accounts(after login: String, limit: Int, in tx: any Transaction) throws -> [Account] {
        try tx.rows("SELECT \(columns) FROM account WHERE login > \(login) ORDER BY login LIMIT \(limit)").map(account)
    }

    /// Accounts with this in their name or in what they sign in with, by the latter.
    static func accounts(
        matching text: String, after login: String, limit: Int, in tx: any Transaction
    ) throws -> [Account] {
        let wanted =
            "%"
            + text.lowercased().replacing("\\", with: "\\\\").replacing("%", with: "\\%")
            .replacing("_", with: "\\_") + "%"
        return try tx.rows(
            """
            SELECT \(columns) FROM account
            WHERE login > \(login) AND (login LIKE \(wanted) ESCAPE '\\' OR LOWER(name) LIKE \(wanted) ESCAPE '\\')
            ORDER BY login LIMIT \(limit)
            """
        ).map(account)
    }

    /// Adds an account without a password, or gives it another name; by its login it is the same.
    static func keep(
        _ id: String, login: String, name: String, about: String = "", in tx: any WriteTransaction
    ) throws {
        let login = Self.login(login)
        if let held = try account(login: login, in: tx) {
            guard held.name != name || held.about != about else { return }
            try tx.run(
                "UPDATE account SET name = \(name), about = \(about), version = version + 1 WHERE id = \(held.id)")
            return tx.record(Event("account.renamed", subject: held.id))
        }
        try tx.run(
            """
            INSERT INTO account (id, login, name, about, password, made, version)
            VALUES (\(id), \(login), \(name), \(about), '', \(tx.now), 1)
            """)
        tx.record(Event("account.made", subject: id))
    }

    static func setPassword(_ hash: String, of id: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE account SET password = \(hash), version = version + 1 WHERE id = \(id)")
        tx.record(Event("account.password-chosen", subject: id))
    }

    /// Keeps another hash of the very same password, unless it was changed meanwhile.
    static func renewHash(_ hash: String, replacing old: String, of id: String, in tx: any WriteTransaction) throws {
        guard try account(id, in: tx)?.password == old else { return }
        try tx.run("UPDATE account SET password = \(hash) WHERE id = \(id)")
        tx.record(Event("account.password-rehashed", subject: id))
    }

    /// Ends an account, and all its sessions with it.
    static func end(_ id: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE account SET ended = \(tx.now), version = version + 1 WHERE id = \(id) AND ended IS NULL")
        try SessionStore.endAll(of: id, in: tx)
        tx.record(Event("account.ended", subject: id))
    }

    // MARK: - Factors

    static func factors(of account: String, in tx: any Transaction) throws -> [Factor] {
        try tx.rows(
            "SELECT id, kind, secret, last, made, used FROM factor WHERE account = \(account) ORDER BY made, id"
        ).map { row in
            Factor(
                id: try row.get("id"), kind: try row.get("kind"), secret: try row.get("secret"),
                last: try row.get("last"), made: try row.get("made"), used: try row.optional("used"))
        }
    }

    static func addFactor(
        _ kind: Factor.Kind, secret: String, last: Int = -1, to account: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO factor (id, account, kind, secret, last, made)
            VALUES (\(Sodium.hex(Sodium.random(16))), \(account), \(kind), \(secret), \(last), \(tx.now))
            """)
        tx.record(Event("account.factor-added", subject: account, detail: "kind=\(kind.rawValue)"))
    }

    /// Notes that a factor was used, at this step or count; false where another was quicker.
    static func use(_ factor: Factor, last: Int, secret: String? = nil, in tx: any WriteTransaction) throws -> Bool {
        let held = try tx.row("SELECT last, used FROM factor WHERE id = \(factor.id)")
        guard let held, try held.get("last", as: Int.self) == factor.last else { return false }
        if factor.kind == .code, try held.optional("used", as: Instant.self) != nil { return false }
        try tx.run(
            """
            UPDATE factor SET last = \(last), used = \(tx.now), secret = \(secret ?? factor.secret)
            WHERE id = \(factor.id)
            """)
        return true
    }

    static func removeFactors(_ kind: Factor.Kind, of account: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM factor WHERE account = \(account) AND kind = \(kind)")
        tx.record(Event("account.factors-removed", subject: account, detail: "kind=\(kind.rawValue)"))
    }

    // MARK: - Invitations

    /// Seconds for which an invitation can be taken up.
    static let invitationSeconds = 7 * 86_400

    /// Keeps a code on paper for an account, in place of the one before.
    ///
    /// - Parameters:
    ///   - starts: from when it works; nil for now.
    ///   - ends: until when; nil for seven days from now.
    static func invite(
        _ account: String, code hash: String, from starts: Instant? = nil, until ends: Instant? = nil,
        in tx: any WriteTransaction
    ) throws {
        try tx.run("DELETE FROM invitation WHERE account = \(account)")
        let ends = ends ?? tx.now.adding(milliseconds: invitationSeconds * 1000)
        try tx.run(
            "INSERT INTO invitation (id, account, ends, starts) VALUES (\(hash), \(account), \(ends), \(starts))")
        tx.record(Event("account.invited", subject: account))
    }

    /// The account that a code invites, while it holds.
    static func invited(by hash: String, at now: Instant, in tx: any Transaction) throws -> Account? {
        let row = try tx.row(
            """
            SELECT account FROM invitation
            WHERE id = \(hash) AND used IS NULL AND ends > \(now) AND (starts IS NULL OR starts <= \(now))
            """)
        guard let id = try row?.get("account", as: String.self), let found = try account(id, in: tx) else { return nil }
        return found.ended == nil ? found : nil
    }

    /// From when a code works that does not yet; nil for any other.
    static func starts(invitation hash: String, after now: Instant, in tx: any Transaction) throws -> Instant? {
        try tx.row("SELECT starts FROM invitation WHERE id = \(hash) AND used IS NULL AND starts > \(now)")?
            .get("starts")
    }

    static func takeUp(invitation hash: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE invitation SET used = \(tx.now) WHERE id = \(hash)")
        try tx.run("UPDATE recovery SET used = \(tx.now) WHERE code = \(hash)")
    }

    private static let columns: SQL = "id, login, name, about, password, ended, version"

    private static func account(_ row: Row) throws -> Account {
        Account(
            id: try row.get("id"), login: try row.get("login"), name: try row.get("name"), about: try row.get("about"),
            password: try row.get("password"), ended: try row.optional("ended"), version: try row.get("version"))
    }
}
