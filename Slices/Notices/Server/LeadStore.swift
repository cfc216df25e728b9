import AccessServer
import Kernel
import Notices
import Storage
import Web

/// The named lead, who decides how a family is contacted where the health body did not say what the law wants.
public enum NoticeLead {
    /// The setting that holds the lead’s account.
    static let setting = "notices.lead"
    /// The kind of the work that is due when the body has had its days.
    static let job = "notices without an answer"

    /// The lead’s account; nil where none is named, or whoever was holds no office for it any more.
    static func account(at now: Instant, in tx: any Transaction) throws -> String? {
        guard let named = try Settings.value(setting, in: tx), !named.isEmpty,
            try Offices.holds(named, oneOf: NoticeActions.handle.roles, at: now, in: tx)
        else { return nil }
        return named
    }

    /// Names the lead, by what they sign in with.
    ///
    /// - Returns: false where nobody who handles notices signs in with it.
    @discardableResult
    public static func name(login: String, in tx: any WriteTransaction) throws -> Bool {
        tx.record(.housekeeping)
        guard
            let account = try Offices.holder(login: login, of: NoticeActions.handle.roles, at: tx.now, in: tx)
        else { return false }
        try Settings.set(setting, to: account, in: tx)
        return true
    }

    /// Whether this actor decides: the lead, or any team manager where there is none.
    static func decides(_ scope: Scope, lead: String?) -> Bool {
        guard let lead else { return scope.roles.contains(NoticeActions.managing) }
        return scope.actor.id == lead
    }

    /// Puts a notice on the lead’s list where the body has not answered by then, once.
    static func putOnList(_ id: String, in tx: any WriteTransaction) throws {
        tx.record(.housekeeping)
        guard let row = try tx.row("SELECT missing, lead_from, lead_told FROM notice WHERE id = \(id)"),
            try row.get("missing", as: String.self) != "", try row.optional("lead_told", as: Instant.self) == nil,
            try row.get("lead_from") <= tx.now.dayInEngland,
            let record = try NoticeProgress.of(id, in: tx), record.wantsDecision
        else { return }
        try tx.run("UPDATE notice SET lead_told = \(tx.now), version = version + 1 WHERE id = \(id)")
        tx.record(Event("notice.lead-due", subject: id))
        guard let lead = try account(at: tx.now, in: tx), let address = try Offices.mailAddress(of: lead, in: tx)
        else { return }
        try NoticeMails.tellLead(id, to: address, in: tx)
    }
}

extension NoticeProgress {
    /// How far a notice has come; nil where there is none of this identifier.
    static func of(_ id: String, in tx: any Transaction) throws -> NoticeProgress? {
        guard let row = try tx.row("SELECT attention, missing FROM notice WHERE id = \(id)") else { return nil }
        var done: [NoticeStep: Day] = [:]
        try tx.each("SELECT step, day FROM notice_step WHERE notice = \(id)") { row in
            done[try row.get("step")] = try row.get("day")
        }
        let way = try tx.row(
            "SELECT way FROM notice_decision WHERE notice = \(id) ORDER BY number DESC LIMIT 1"
        ).map { try $0.get("way", as: ContactWay.self) }
        return NoticeProgress(
            attention: try row.get("attention"), done: done, missing: Missing.reading(try row.get("missing")),
            decision: way)
    }
}
