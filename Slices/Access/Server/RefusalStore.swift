import Access
import Kernel
import Storage

/// How often an account asked on one day for what is not its to see or do, or for more than anybody needs.
struct Refusals: Hashable, Sendable {
    let account: String
    let name: String
    let day: Day
    let count: Int

    /// So many on one day are no slip: those who watch over access are told.
    static let many = 10

    /// Counts one more of today, and tells those who watch over access when it becomes too many.
    static func note(_ account: String, in tx: any WriteTransaction) throws {
        let day = tx.now.dayInEngland
        try tx.run(
            """
            INSERT INTO refusal (account, day, count) VALUES (\(account), \(day), 1)
            ON CONFLICT (account, day) DO UPDATE SET count = refusal.count + 1
            """)
        let count = try tx.row("SELECT count FROM refusal WHERE account = \(account) AND day = \(day)")?
            .get("count", as: Int.self)
        guard count == many else { return }
        tx.record(Event("access.often-refused", detail: "account=\(account)"))
        try Reviewers.tell(
            "One account was refused often today",
            """
            Somebody asked \(many) times today for what is not theirs to see or do. It may be a mistake of theirs or \
            of ours, or somebody looking for what they must not find.
            """, to: [.accessManager, .dataProtectionOfficer, .safeguardingLead], in: tx)
    }

    /// Accounts that were refused often since this day, the newest first.
    static func often(since day: Day, limit: Int, in tx: any Transaction) throws -> [Refusals] {
        try tx.rows(
            """
            SELECT refusal.account, account.name, refusal.day, refusal.count
            FROM refusal JOIN account ON account.id = refusal.account
            WHERE refusal.day >= \(day) AND refusal.count >= \(many)
            ORDER BY refusal.day DESC, refusal.count DESC, refusal.account LIMIT \(limit)
            """
        ).map { row in
            Refusals(
                account: try row.get("account"), name: try row.get("name"), day: try row.get("day"),
                count: try row.get("count"))
        }
    }

    /// Forgets the counts of days before this one.
    static func forget(before day: Day, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM refusal WHERE day < \(day)")
    }
}
