import Kernel
import Storage

/// Who may be the second of two persons: nobody whom the first let in, or who let the first in, for a month. Whoever
/// makes accounts and hands out their codes would else be both.
public enum SecondPerson {
    public static let days = 30

    /// Whether these two are two, by what the journal says of who gave whom a role or a way in.
    public static func isApart(
        _ first: String, from second: String, in tx: any Transaction, at now: Instant
    ) throws -> Bool {
        guard first != second else { return false }
        let since = now.adding(milliseconds: -days * 86_400_000)
        return try tx.row(
            """
            SELECT seq FROM journal
            WHERE ((subject = \(first) AND actor = \(second)) OR (subject = \(second) AND actor = \(first)))
                AND kind IN \(["role.granted", "account.invited"]) AND at >= \(since)
            LIMIT 1
            """) == nil
    }
}
