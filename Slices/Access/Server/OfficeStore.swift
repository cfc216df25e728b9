import Kernel
import Storage

/// Accounts by what they are in the service, for slices in which something is one named person’s to decide.
public enum Offices {
    /// The account that signs in with this and holds one of these roles now; nil where there is none.
    public static func holder(
        login: String, of roles: Set<String>, at now: Instant, in tx: any Transaction
    ) throws -> String? {
        guard let account = try AccountStore.account(login: login, in: tx) else { return nil }
        return try holds(account.id, oneOf: roles, at: now, in: tx) ? account.id : nil
    }

    /// Whether an account has not ended and holds one of these roles now.
    public static func holds(
        _ account: String, oneOf roles: Set<String>, at now: Instant, in tx: any Transaction
    ) throws -> Bool {
        guard let held = try AccountStore.account(account, in: tx), held.ended == nil else { return false }
        return try !roles.isDisjoint(with: VisitorStore.roles(of: account, at: now, in: tx))
    }

    /// The accounts that hold one of these roles now, by name.
    public static func holders(
        of roles: Set<String>, at now: Instant, in tx: any Transaction
    ) throws -> [(id: String, name: String)] {
        try tx.rows(
            """
            SELECT DISTINCT account.id, account.name FROM account JOIN role_grant ON role_grant.account = account.id
            WHERE role IN \(roles.sorted()) AND starts <= \(now)
                AND (role_grant.ends IS NULL OR role_grant.ends > \(now))
                AND (account.ended IS NULL OR account.ended > \(now))
            ORDER BY account.name, account.id LIMIT 500
            """
        ).map { (try $0.get("id"), try $0.get("name")) }
    }

    /// The address for mail of an account; nil where it signs in by something else.
    public static func mailAddress(of account: String, in tx: any Transaction) throws -> String? {
        guard let held = try AccountStore.account(account, in: tx), held.ended == nil else { return nil }
        return held.login.isMailAddress ? held.login : nil
    }
}
