import Kernel
import Storage
import Web

/// Who a session belongs to, asked at every request.
enum VisitorStore {
    /// The visitor of a whole session that holds, and when it was last noted to be in use.
    static func visitor(session id: String, at now: Instant, in tx: any Transaction) throws -> (Visitor, Instant)? {
        guard let (session, roles) = try SessionStore.held(id, at: now, in: tx), session.step == .whole,
            let account = try AccountStore.account(session.account, in: tx), account.ended == nil
        else { return nil }
        let visitor = Visitor(actor: Actor(account.id), session: id, roles: Set(roles), name: account.name)
        return (visitor, session.seen)
    }

    /// The codes of the roles that an account holds now.
    static func roles(of account: String, at now: Instant, in tx: any Transaction) throws -> [String] {
        try tx.rows(
            """
            SELECT DISTINCT role FROM role_grant
            WHERE account = \(account) AND starts <= \(now) AND (ends IS NULL OR ends > \(now)) ORDER BY role
            """
        ).map { try $0.get("role") }
    }

    /// The person that a thing belongs to.
    static func person(of subject: String, by path: PersonPath, in tx: any Transaction) throws -> String? {
        try tx.row(path.person(subject)).flatMap { try $0.optional("person") }
    }
}
