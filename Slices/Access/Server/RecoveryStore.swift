import Access
import Kernel
import Storage

/// A request that two managers decide on: a new way into an account that leads to a hidden address.
struct RecoveryRequest: Sendable, CustomStringConvertible {
    let id: String
    let account: String
    let asker: String
    /// The name of whoever asks.
    let name: String
    let reason: String
    let asked: Instant
    /// Who told the owner in person, and when; empty where a mail did.
    let told: String
    let times: Recovery.Times

    var description: String { id }

    func standing(at now: Instant) -> Recovery.Standing { Recovery.standing(times, at: now) }
}

/// New ways into accounts whose owners have lost theirs.
enum RecoveryStore {
    // MARK: - What applies

    /// What the rules ask of an account.
    static func facts(of account: Account, at now: Instant, in tx: any Transaction) throws -> Recovery.Facts {
        let since = now.adding(milliseconds: -Recovery.lookBackDays * 86_400_000)
        let ways = try tx.rows(
            """
            SELECT DISTINCT way.kind FROM relationship way
            WHERE way.account = \(account.id) AND (way.ends IS NULL OR way.ends > \(since))
                AND (EXISTS (SELECT 1 FROM restriction kept
                        WHERE kept.subject = way.subject AND (kept.ended IS NULL OR kept.ended > \(now)))
                    OR EXISTS (SELECT 1 FROM subject_label mark
                        WHERE mark.subject = way.subject AND (mark.ended IS NULL OR mark.ended > \(now))))
            """
        ).map { try $0.get("kind", as: RelationshipKind.self) }
        let roles = try tx.rows(
            "SELECT DISTINCT role FROM role_grant WHERE account = \(account.id) AND (ends IS NULL OR ends > \(since))"
        ).compactMap { Role(rawValue: try $0.get("role")) }
        return Recovery.Facts(
            hasBegun: !account.password.isEmpty, hidesOwnAddress: ways.contains(.self_),
            isConnected: ways.contains { $0 != .self_ }, roles: Set(roles))
    }

    /// A manager as the rules see one: what they hold now, and whether they are kept from anybody the account leads to.
    static func manager(
        _ manager: String, of account: String, at now: Instant, in tx: any Transaction
    ) throws -> Recovery.Manager {
        let holds = try AccountStore.account(manager, in: tx).map { $0.ended == nil } ?? false
        let roles = holds ? try VisitorStore.roles(of: manager, at: now, in: tx) : []
        let kept = try tx.row(
            """
            SELECT kept.id FROM restriction kept JOIN relationship way ON way.subject = kept.subject
            WHERE kept.account = \(manager) AND way.account = \(account)
                AND (kept.ended IS NULL OR kept.ended > \(now)) LIMIT 1
            """)
        return Recovery.Manager(manager, roles: Set(roles.compactMap(Role.init(rawValue:))), isKept: kept != nil)
    }

    // MARK: - Requests

    /// The newest request for an account.
    static func newest(for account: String, in tx: any Transaction) throws -> RecoveryRequest? {
        try tx.row("\(requests) WHERE recovery.account = \(account) ORDER BY asked DESC, recovery.id LIMIT 1")
            .map(request)
    }

    static func request(_ id: String, in tx: any Transaction) throws -> RecoveryRequest? {
        try tx.row("\(requests) WHERE recovery.id = \(id)").map(request)
    }

    /// Whether a mail to what an account signs in with is sent: it is an address, and mail does not merely wait.
    static func isReachable(_ account: Account, in tx: any Transaction) throws -> Bool {
        guard account.login.isMailAddress else { return false }
        return try Settings.value(Settings.mailWaits, in: tx) != "yes"
    }

    /// Asks for a new way into an account, and tells its owner.
    ///
    /// - Throws: `Recovery.Refusal`.
    static func ask(
        for account: Account, by asker: String, reason: String, told: String, id: String, in tx: any WriteTransaction
    ) throws {
        let refusal = Recovery.refusalToAsk(
            try manager(asker, of: account.id, at: tx.now, in: tx), for: account.id,
            isOpen: try newest(for: account.id, in: tx)?.standing(at: tx.now).isOpen ?? false,
            canBeWrittenTo: try isReachable(account, in: tx), told: told)
        if let refusal { throw refusal }
        try Approvals.ask(.recovery, account.id, of: account.id, by: asker, reason: reason, id: id, in: tx)
        try tx.run("INSERT INTO recovery (id, account, told) VALUES (\(id), \(account.id), \(told))")
        let isMailed = try Notices.recoveryAsked(of: account, in: tx)
        tx.record(Event("recovery.asked", subject: account.id, detail: "recovery=\(id);mail=\(isMailed ? 1 : 0)"))
    }

    /// Whether this person may approve of it now.
    static func mayApprove(_ id: String, by approver: String, in tx: any Transaction, at now: Instant) throws -> Bool {
        guard let held = try request(id, in: tx), held.standing(at: now) == .asked else { return false }
        return Recovery.mayApprove(
            try manager(approver, of: held.account, at: now, in: tx),
            of: try manager(held.asker, of: held.account, at: now, in: tx), for: held.account)
    }

    /// Tells the owner that a second manager approved, and from when the code works.
    static func approved(_ id: String, in tx: any WriteTransaction) throws {
        guard let held = try request(id, in: tx), let account = try AccountStore.account(held.account, in: tx) else {
            return
        }
        let works = Recovery.works(approved: tx.now)
        try Notices.recoveryApproved(of: account, from: works, in: tx)
        tx.record(Event("recovery.approved", subject: account.id, detail: "recovery=\(id)"))
    }

    /// Makes the code of an approved request; one made before for it serves no more.
    ///
    /// - Returns: false where the request has not been approved, or is over.
    static func makeCode(_ request: RecoveryRequest, hash: String, in tx: any WriteTransaction) throws -> Bool {
        let held = try self.request(request.id, in: tx)
        guard let held, let approved = held.times.approved, held.standing(at: tx.now).isOpen else {
            tx.record(.housekeeping)
            return false
        }
        let works = Recovery.works(approved: approved)
        let ends = works.adding(milliseconds: Recovery.codeDays * 86_400_000)
        try AccountStore.invite(held.account, code: hash, from: works, until: ends, in: tx)
        try tx.run("UPDATE recovery SET code = \(hash) WHERE id = \(held.id)")
        return true
    }

    // MARK: - Stopping

    /// Whether somebody could come into this account by a code on paper, now or later.
    static func isOpen(for account: String, at now: Instant, in tx: any Transaction) throws -> Bool {
        if try newest(for: account, in: tx)?.standing(at: now).isOpen ?? false { return true }
        return try tx.row(
            "SELECT id FROM invitation WHERE account = \(account) AND used IS NULL AND ends > \(now)") != nil
    }

    /// Stops every new way into an account that is asked for or handed out. It takes one person: its owner, or a
    /// manager whom the owner telephoned.
    ///
    /// - Returns: false where there was none.
    static func stop(_ account: String, by stopper: String, in tx: any WriteTransaction) throws -> Bool {
        guard try isOpen(for: account, at: tx.now, in: tx) else {
            tx.record(.housekeeping)
            return false
        }
        if let held = try newest(for: account, in: tx), held.standing(at: tx.now).isOpen {
            try tx.run("UPDATE recovery SET stopped = \(tx.now), stopper = \(stopper) WHERE id = \(held.id)")
            // Nobody can approve of it any more. Whoever asked decides on nothing of their own, this neither.
            try tx.run(
                """
                UPDATE approval SET verdict = \(Approval.Verdict.refused), decided = \(tx.now),
                    decider = CASE WHEN asker = \(stopper) THEN NULL ELSE \(stopper) END
                WHERE id = \(held.id) AND verdict IS NULL
                """)
        }
        try tx.run("DELETE FROM invitation WHERE account = \(account) AND used IS NULL")
        tx.record(Event("recovery.stopped", subject: account, detail: "by=\(stopper)"))
        try Reviewers.tell(
            "A new way into an account was stopped",
            "Somebody said that it was not the owner who asked. Talk to the owner in person before anybody asks again.",
            in: tx)
        return true
    }

    private static let requests: SQL = """
        SELECT recovery.id, recovery.account, asker, COALESCE(who.name, asker) AS name, reason, asked, told,
            approval.ends AS decide_by, decided, verdict, stopped, recovery.used
        FROM recovery JOIN approval ON approval.id = recovery.id LEFT JOIN account who ON who.id = asker
        """

    private static func request(_ row: Row) throws -> RecoveryRequest {
        let verdict: Approval.Verdict? = try row.optional("verdict")
        let decided: Instant? = try row.optional("decided")
        return RecoveryRequest(
            id: try row.get("id"), account: try row.get("account"), asker: try row.get("asker"),
            name: try row.get("name"), reason: try row.get("reason"), asked: try row.get("asked"),
            told: try row.get("told"),
            times: Recovery.Times(
                decideBy: try row.get("decide_by"), approved: verdict == .approved ? decided : nil,
                refused: verdict == .refused ? decided : nil, stopped: try row.optional("stopped"),
                used: try row.optional("used")))
    }
}
