import Access
import Credentials
import Cryptography
import Kernel
import Storage

/// A passkey of an account, as its owner knows it. Nothing of it is secret.
struct OwnPasskey: Sendable {
    let id: String
    let account: String
    /// What its owner calls it.
    let name: String
    /// The domain that it was made for: it answers on no other.
    let domain: String
    let passkey: Passkey
    let made: Instant
    let used: Instant?
}

/// Passkeys, each kept under its account.
enum PasskeyStore {
    static let migration = Migration(
        "2026-11-28 passkeys",
        """
        CREATE TABLE passkey_owner (
            account TEXT PRIMARY KEY REFERENCES account (id),
            handle  TEXT NOT NULL UNIQUE CHECK (LENGTH(handle) = 64)
        )
        """,
        """
        CREATE TABLE passkey (
            id         TEXT PRIMARY KEY,
            account    TEXT NOT NULL REFERENCES passkey_owner (account),
            name       TEXT NOT NULL CHECK (name <> ''),
            domain     TEXT NOT NULL CHECK (domain <> ''),
            credential TEXT NOT NULL UNIQUE,
            public_key TEXT NOT NULL,
            sign_count BIGINT NOT NULL,
            make       TEXT NOT NULL,
            eligible   BIGINT NOT NULL CHECK (eligible IN (0, 1)),
            backed_up  BIGINT NOT NULL CHECK (backed_up IN (0, 1)),
            verified   BIGINT NOT NULL CHECK (verified IN (0, 1)),
            transports TEXT NOT NULL,
            made       TEXT NOT NULL,
            used       TEXT
        )
        """,
        "CREATE INDEX passkey_account ON passkey (account)")

    /// The passkeys of one account, the oldest first.
    static func passkeys(of account: String, in tx: any Transaction) throws -> [OwnPasskey] {
        try tx.rows("SELECT \(columns) FROM passkey WHERE account = \(account) ORDER BY made, id").map(own)
    }

    static func passkey(_ id: String, of account: String, in tx: any Transaction) throws -> OwnPasskey? {
        try tx.row("SELECT \(columns) FROM passkey WHERE id = \(id) AND account = \(account)").map(own)
    }

    /// The passkey that an authenticator knows by this name, whoever has it.
    static func passkey(credential: [UInt8], in tx: any Transaction) throws -> OwnPasskey? {
        try tx.row("SELECT \(columns) FROM passkey WHERE credential = \(Base64URL.text(credential))").map(own)
    }

    /// The name by which authenticators know an account; nil where it was never asked for a passkey.
    static func handle(of account: String, in tx: any Transaction) throws -> [UInt8]? {
        try tx.row("SELECT handle FROM passkey_owner WHERE account = \(account)").flatMap {
            Sodium.bytes(hex: try $0.get("handle"))
        }
    }

    /// The same, made up where there is none: 32 random bytes, which tell nothing of the account.
    static func ensureHandle(of account: String, in tx: any WriteTransaction) throws -> [UInt8] {
        if let held = try handle(of: account, in: tx) { return held }
        let made = Sodium.random(32)
        try tx.run("INSERT INTO passkey_owner (account, handle) VALUES (\(account), \(Sodium.hex(made)))")
        return made
    }

    static func add(
        _ passkey: Passkey, named name: String, domain: String, to account: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO passkey (
                id, account, name, domain, credential, public_key, sign_count, make, eligible, backed_up, verified,
                transports, made)
            VALUES (
                \(Sodium.hex(Sodium.random(16))), \(account), \(name), \(domain), \(Base64URL.text(passkey.id)),
                \(Base64URL.text(passkey.publicKey)), \(Int(passkey.signCount)), \(Sodium.hex(passkey.aaguid)),
                \(passkey.isBackupEligible), \(passkey.isBackedUp), \(passkey.isVerified),
                \(passkey.transports.joined(separator: " ")), \(tx.now))
            """)
        tx.record(Event("account.factor-added", subject: account, detail: "kind=passkey"))
        try tell(.passkeyAdded, account, in: tx)
    }

    /// Notes that a passkey was used, with its new count: in the write that read it.
    static func use(_ own: OwnPasskey, now used: Passkey, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE passkey SET sign_count = \(Int(used.signCount)), backed_up = \(used.isBackedUp), used = \(tx.now)
            WHERE id = \(own.id)
            """)
    }

    /// Removes a passkey, where something is left by which its owner can take the second step on this domain.
    ///
    /// - Returns: false where nothing would be left; then nothing is changed.
    static func remove(_ own: OwnPasskey, domain: String?, in tx: any WriteTransaction) throws -> Bool {
        guard try !isLast(own, domain: domain, in: tx) else { return false }
        try tx.run("DELETE FROM passkey WHERE id = \(own.id) AND account = \(own.account)")
        tx.record(Event("account.factors-removed", subject: own.account, detail: "kind=passkey"))
        try tell(.passkeyRemoved, own.account, in: tx)
        return true
    }

    /// Removes all that an account has: for whoever begins anew by an invitation, so that nobody else’s device stays.
    static func removeAll(of account: String, in tx: any WriteTransaction) throws {
        guard try !passkeys(of: account, in: tx).isEmpty else { return }
        try tx.run("DELETE FROM passkey WHERE account = \(account)")
        tx.record(Event("account.factors-removed", subject: account, detail: "kind=passkey"))
        try tell(.passkeyRemoved, account, in: tx)
    }

    private static func tell(_ change: Notices.Change, _ account: String, in tx: any WriteTransaction) throws {
        if let held = try AccountStore.account(account, in: tx) { try Notices.changed(change, of: held, in: tx) }
    }

    /// Whether its owner could not take the second step without it.
    static func isLast(_ own: OwnPasskey, domain: String?, in tx: any Transaction) throws -> Bool {
        let codes = try AccountStore.factors(of: own.account, in: tx).contains { factor in
            switch factor.kind {
            case .totp: true
            case .code: factor.used == nil
            case .passkey: false
            }
        }
        return try !codes
            && !passkeys(of: own.account, in: tx).contains { $0.id != own.id && $0.domain == (domain ?? own.domain) }
    }

    private static let columns: SQL =
        """
        id, account, name, domain, credential, public_key, sign_count, make, eligible, backed_up, verified, transports,
        made, used
        """

    private static func own(_ row: Row) throws -> OwnPasskey {
        let transports: String = try row.get("transports")
        let passkey = Passkey(
            id: try bytes("credential", row), publicKey: try bytes("public_key", row),
            signCount: UInt32(clamping: try row.get("sign_count", as: Int.self)),
            aaguid: Sodium.bytes(hex: try row.get("make")) ?? [], isBackupEligible: try row.get("eligible"),
            isBackedUp: try row.get("backed_up"), isVerified: try row.get("verified"),
            transports: transports.split(separator: " ").map(String.init))
        return OwnPasskey(
            id: try row.get("id"), account: try row.get("account"), name: try row.get("name"),
            domain: try row.get("domain"), passkey: passkey, made: try row.get("made"),
            used: try row.optional("used"))
    }

    /// - Throws: `StorageFault.badValue` where the column does not hold bytes as text.
    private static func bytes(_ column: String, _ row: Row) throws -> [UInt8] {
        let text: String = try row.get(column)
        guard let bytes = Base64URL.bytes(text) else {
            throw StorageFault.badValue(.text(column), wanted: "bytes in base 64")
        }
        return bytes
    }
}
