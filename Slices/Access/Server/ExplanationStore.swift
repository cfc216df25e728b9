import Access
import Kernel
import Storage

/// What is on record between an account and a person, for whoever asks why something may be seen or may not.
public enum ExplanationStore {
    /// The facts now.
    ///
    /// - Returns: nil where there is no such account, or it was ended, or there is no such person.
    public static func facts(
        of account: String, about subject: String, at now: Instant, in tx: any Transaction
    ) throws -> Facts? {
        let found = try AccountStore.account(account, in: tx) ?? AccountStore.account(login: account, in: tx)
        guard let found, found.ended == nil,
            try tx.row("SELECT id FROM access_subject WHERE id = \(subject)") != nil
        else { return nil }
        let roles = Set(try VisitorStore.roles(of: found.id, at: now, in: tx))
        return try AccessStore.facts(of: found.id, roles: roles, about: subject, at: now, in: tx)
    }
}
