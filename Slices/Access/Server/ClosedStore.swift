import Access
import Kernel
import Storage

/// What closes a record, as conditions that another slice’s query joins, and what a death changes here.
extension AccessStore {
    // MARK: - Conditions

    /// True for a person whose record no label closes at this moment.
    public static func unlabelled(_ column: SQL, at now: Instant) -> SQL {
        """
        NOT EXISTS (SELECT 1 FROM subject_label closed
            WHERE closed.subject = \(column) AND closed.decided <= \(now)
                AND (closed.ended IS NULL OR closed.ended > \(now)))
        """
    }

    /// True for a person whose record is not sealed.
    public static func unsealed(_ column: SQL) -> SQL {
        """
        NOT EXISTS (SELECT 1 FROM subject_label closed
            WHERE closed.subject = \(column) AND closed.label = \(Label.sealed) AND closed.ended IS NULL)
        """
    }

    /// True for a person from whom no recorded decision keeps the scope’s actor, neither wholly nor in part.
    public static func unrestricted(_ column: SQL, for scope: Scope) -> SQL {
        """
        NOT EXISTS (SELECT 1 FROM restriction kept
            WHERE kept.subject = \(column) AND kept.decided <= \(scope.at)
                AND (kept.ended IS NULL OR kept.ended > \(scope.at))
                AND (kept.account = \(scope.actor.id)
                    OR kept.account IN (\(namers(of: "\(scope.actor.id)", to: column, at: scope.at)))))
        """
    }

    /// True for a person whose sealed record the scope’s actor opened with a second person, within the hour.
    public static func isOpenedTogether(_ column: SQL, for scope: Scope) -> SQL {
        """
        EXISTS (SELECT 1 FROM relationship together
            WHERE together.account = \(scope.actor.id) AND together.subject = \(column)
                AND together.kind = \(RelationshipKind.sealedOpening) AND together.starts <= \(scope.at)
                AND together.ends > \(scope.at))
        """
    }

    // MARK: - After a death

    /// The addresses for mail of the officers whose case this is, and of safeguarding leads on it.
    public static func officersToTell(of subject: String, in tx: any WriteTransaction) throws -> [String] {
        let roles = [Role.caseOfficer, .teamManager, .safeguardingLead].map(\.rawValue)
        return try tx.rows(
            """
            SELECT DISTINCT account.login FROM relationship way
                JOIN account ON account.id = way.account
                JOIN role_grant ON role_grant.account = account.id
            WHERE way.subject = \(subject) AND way.kind = \(RelationshipKind.caseTeam) AND way.starts <= \(tx.now)
                AND (way.ends IS NULL OR way.ends > \(tx.now)) AND account.ended IS NULL
                AND role_grant.role IN \(roles) AND role_grant.starts <= \(tx.now)
                AND (role_grant.ends IS NULL OR role_grant.ends > \(tx.now))
            ORDER BY account.login
            """
        ).map { try $0.get("login") }.filter(\.isMailAddress)
    }

    /// Keeps the rights of somebody who died where they are: on a day that would have been theirs, a parent who may see
    /// the record does not lose it.
    public static func holdRights(of subject: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE access_subject SET rights_pass = \(never)
            WHERE id = \(subject) AND rights_pass > \(tx.now.dayInEngland)
            """)
    }

    /// A day that does not come.
    static let never = Day.range.upperBound
}
