import Access
import Kernel
import Storage

/// Somebody of a person’s family who has an account: the young person, a parent or a carer.
public struct FamilyMember: Hashable, Sendable {
    public let account: String
    public let name: String
    /// Where they get mail, if they get any.
    public let mail: String?
    /// Whether it is the young person’s own account.
    public let isSelf: Bool
    /// Whether a recorded decision keeps them from the person, or from where they are: people give them what is theirs.
    public let isKept: Bool
}

extension AccessStore {
    /// The family of a person as it is at this moment, those whom a decision keeps away among them. What each may see
    /// is to be asked besides.
    public static func family(
        of subject: String, at now: Instant, in tx: any Transaction
    ) throws -> [FamilyMember] {
        let kinds = [RelationshipKind.self_, .parent, .carer]
        return try tx.rows(
            """
            SELECT account.id, account.login, account.name,
                MAX(CASE WHEN way.kind = \(RelationshipKind.self_) THEN 1 ELSE 0 END) AS own,
                MAX(CASE WHEN EXISTS (SELECT 1 FROM restriction kept
                    WHERE kept.account = way.account AND kept.subject = way.subject AND kept.decided <= \(now)
                        AND (kept.ended IS NULL OR kept.ended > \(now))) THEN 1 ELSE 0 END) AS kept
            FROM relationship way JOIN account ON account.id = way.account
            WHERE way.subject = \(subject) AND way.kind IN \(kinds.map(\.rawValue)) AND way.starts <= \(now)
                AND (way.ends IS NULL OR way.ends > \(now)) AND (account.ended IS NULL OR account.ended > \(now))
            GROUP BY account.id, account.login, account.name ORDER BY account.login
            """
        ).map { row in
            let login: String = try row.get("login")
            return FamilyMember(
                account: try row.get("id"), name: try row.get("name"), mail: login.isMailAddress ? login : nil,
                isSelf: try row.get("own", as: Int.self) == 1, isKept: try row.get("kept", as: Int.self) == 1)
        }
    }

    /// Whether the account may be shown these classes of a person now, where no label closes the record.
    public static func maySee(
        _ classes: [DataClass], of subject: String, as account: String, _ policy: Policy, _ now: Instant,
        in tx: any Transaction
    ) throws -> Bool {
        let roles = Set(try VisitorStore.roles(of: account, at: now, in: tx))
        let facts = try facts(of: account, roles: roles, about: subject, at: now, in: tx)
        return facts.labels.isEmpty && policy.decide(.see, facts).permits(classes)
    }

    /// Whether the rights of a person are their own at this moment; nil where that is not known, or a label closes the
    /// record.
    public static func haveRightsPassed(
        of subject: String, at now: Instant, in tx: any Transaction
    ) throws -> Bool? {
        let facts = try facts(of: "", roles: [], about: subject, at: now, in: tx)
        return facts.labels.isEmpty ? facts.haveRightsPassed : nil
    }
}
