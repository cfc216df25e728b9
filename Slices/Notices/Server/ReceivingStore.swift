import AccessServer
import Cryptography
import Kernel
import Notices
import Storage

/// A notice that was just received, or put right, for slices that do something with it in the same transaction. It
/// prints as its identifier.
public struct ReceivedNotice: Sendable, CustomStringConvertible {
    public let id: String
    public let body: NoticeBody
    /// The day on which the child was brought to the authority’s attention.
    public let attention: Day
    /// 1 for a new notice; more where an earlier one is put right.
    public let number: Int
    public let notice: EarlyNotice

    public var description: String { id }
}

/// What another slice does when a notice is received, in the same transaction: where it throws, nothing is kept.
public typealias NoticeListener = @Sendable (ReceivedNotice, any WriteTransaction) throws -> Void

/// What whoever sent a notice is told of it: nothing that was learnt since.
struct NoticeReceipt: Sendable {
    enum Outcome: String, Sendable {
        case received
        case receivedBefore = "received-before"
        case corrected
    }
    let id: String
    let outcome: Outcome
    let reference: String?
    let number: Int
    let attention: Day
    let missing: [Missing]
    /// The first day on which the named lead decides without the body’s answer.
    let leadFrom: Day
    let pickedUp: Day?
}

/// Notices as they come in.
public struct NoticeReceiving: Sendable {
    let calendar: WorkingDays
    let listeners: [NoticeListener]

    enum Outcome: Sendable {
        case kept(NoticeReceipt)
        case refused([NoticeFault])
    }

    /// What is wrong with a draft from this body today; none where it would be taken.
    func faults(_ draft: NoticeDraft, from body: NoticeBody, today: Day, in tx: any Transaction) throws -> [NoticeFault]
    {
        let earlier = try Self.earlier(draft[.reference], of: body, in: tx)
        return draft.judged(on: today, attention: earlier?.attention).faults
    }

    /// Takes a notice in, once: the same again changes nothing, and the same reference with something else in it puts
    /// the earlier one right, whose day stays.
    func receive(
        _ draft: NoticeDraft, from body: NoticeBody, by sender: String, newID: String, in tx: any WriteTransaction
    ) throws -> Outcome {
        let today = tx.now.dayInEngland
        let earlier = try Self.earlier(draft[.reference], of: body, in: tx)
        let judged = draft.judged(on: today, attention: earlier?.attention)
        tx.record(.housekeeping)
        guard let notice = judged.notice else { return .refused(judged.faults) }
        let fingerprint = Sodium.sha256(Array(notice.content.utf8))
        if let same = try Self.same(fingerprint, of: body, in: tx) {
            return .kept(try Self.receipt(same, .receivedBefore, in: tx))
        }
        if let earlier {
            try correct(earlier, with: notice, fingerprint, of: body, by: sender, in: tx)
            return .kept(try Self.receipt(earlier.id, .corrected, in: tx))
        }
        try add("notice-\(newID)", notice, fingerprint, of: body, by: sender, in: tx)
        return .kept(try Self.receipt("notice-\(newID)", .received, in: tx))
    }

    private func add(
        _ id: String, _ notice: EarlyNotice, _ fingerprint: String, of body: NoticeBody, by sender: String,
        in tx: any WriteTransaction
    ) throws {
        let attention = tx.now.dayInEngland
        let leadFrom = Chase.leadDecides(from: attention, in: calendar)
        let reference = notice.reference.isEmpty ? nil : notice.reference
        try tx.run(
            """
            INSERT INTO notice (
                id, body, reference, received, attention, sender, missing, lead_from, latest, version)
            VALUES (
                \(id), \(body.id), \(reference), \(tx.now), \(attention), \(sender), \(notice.missing.codes),
                \(leadFrom), 1, 1)
            """)
        try put(notice, fingerprint, 1, of: id, body, by: sender, in: tx)
        tx.record(Event("notice.received", subject: id, detail: "body=\(body.id)"))
        try NoticeMails.acknowledge(id, notice, body, on: attention, in: tx)
        if !notice.missing.isEmpty {
            try NoticeMails.chase(id, notice, body, on: attention, until: leadFrom, in: tx)
            tx.record(Event("notice.chased", subject: id, detail: "missing=\(notice.missing.eventCodes)"))
            try Work.add(NoticeLead.job, about: id, due: Instant(startOf: leadFrom), in: tx)
        }
        try tell(id, body, attention, 1, notice, in: tx)
    }

    private func correct(
        _ earlier: Earlier, with notice: EarlyNotice, _ fingerprint: String, of body: NoticeBody, by sender: String,
        in tx: any WriteTransaction
    ) throws {
        let number = earlier.latest + 1
        try put(notice, fingerprint, number, of: earlier.id, body, by: sender, in: tx)
        try tx.run(
            """
            UPDATE notice SET latest = \(number), missing = \(notice.missing.codes), version = version + 1
            WHERE id = \(earlier.id)
            """)
        tx.record(Event("notice.corrected", subject: earlier.id, detail: "number=\(number)"))
        if notice.missing.isEmpty, earlier.isIncomplete {
            tx.record(Event("notice.completed", subject: earlier.id, detail: "number=\(number)"))
        }
        if !notice.missing.isEmpty, !earlier.isIncomplete {
            try Work.add(NoticeLead.job, about: earlier.id, due: Instant(startOf: earlier.leadFrom), in: tx)
        }
        try tell(earlier.id, body, earlier.attention, number, notice, in: tx)
    }

    private func tell(
        _ id: String, _ body: NoticeBody, _ attention: Day, _ number: Int, _ notice: EarlyNotice,
        in tx: any WriteTransaction
    ) throws {
        let received = ReceivedNotice(id: id, body: body, attention: attention, number: number, notice: notice)
        for listener in listeners { try listener(received, tx) }
    }

    private func put(
        _ notice: EarlyNotice, _ fingerprint: String, _ number: Int, of id: String, _ body: NoticeBody,
        by sender: String, in tx: any WriteTransaction
    ) throws {
        let child = notice.child
        let voluntary: String? =
            switch notice.voluntaryBody {
            case .named(let name): name
            case .noneLikelyToHelp: ""
            case nil: nil
            }
        try tx.run(
            """
            INSERT INTO notice_content (
                notice, number, body, fingerprint, at, sender, given, family, born, sex, nhs_number, address, postcode,
                telephone, parent_name, parent_contact, given_by, needs, opinion, report, told, offered,
                voluntary_body)
            VALUES (
                \(id), \(number), \(body.id), \(fingerprint), \(tx.now), \(sender), \(child.given), \(child.family),
                \(child.born), \(child.sex), \(child.nhsNumber?.text), \(child.address), \(child.postcode),
                \(child.telephone), \(notice.parentName), \(notice.parentContact), \(notice.givenBy),
                \(notice.needs.map(\.code).joined(separator: " ")), \(notice.opinion), \(notice.report),
                \(notice.told), \(notice.isOfferedToDiscuss), \(voluntary))
            """)
    }

    // MARK: - What was received before

    struct Earlier: Sendable {
        let id: String
        let attention, leadFrom: Day
        let latest: Int
        let isIncomplete: Bool
    }

    /// The notice of this body that has this reference: its own, or ours.
    static func earlier(_ reference: String, of body: NoticeBody, in tx: any Transaction) throws -> Earlier? {
        if reference.isEmpty { return nil }
        return try tx.row(
            """
            SELECT id, attention, lead_from, latest, missing FROM notice
            WHERE body = \(body.id) AND (reference = \(reference) OR id = \(reference))
            ORDER BY CASE WHEN reference = \(reference) THEN 0 ELSE 1 END LIMIT 1
            """
        ).map { row in
            Earlier(
                id: try row.get("id"), attention: try row.get("attention"), leadFrom: try row.get("lead_from"),
                latest: try row.get("latest"), isIncomplete: try row.get("missing", as: String.self) != "")
        }
    }

    /// The notice of this body that ever said the very same.
    private static func same(_ fingerprint: String, of body: NoticeBody, in tx: any Transaction) throws -> String? {
        try tx.row(
            "SELECT notice FROM notice_content WHERE body = \(body.id) AND fingerprint = \(fingerprint)"
        ).map { try $0.get("notice") }
    }

    /// What the body is told of a notice of its own; nil where it gave none of this identifier.
    static func receipt(_ id: String, for body: NoticeBody, in tx: any Transaction) throws -> NoticeReceipt? {
        guard try tx.row("SELECT id FROM notice WHERE id = \(id) AND body = \(body.id)") != nil else { return nil }
        return try receipt(id, .receivedBefore, in: tx)
    }

    /// What a sender is told of a notice that they sent by the form; nil where they sent none of this identifier.
    static func receipt(_ id: String, sentBy account: String, in tx: any Transaction) throws -> NoticeReceipt? {
        guard try tx.row("SELECT id FROM notice WHERE id = \(id) AND \(wasSent(by: account))") != nil else {
            return nil
        }
        return try receipt(id, .receivedBefore, in: tx)
    }

    /// The newest notices that an account sent or put right by the form.
    static func receipts(sentBy account: String, limit: Int, in tx: any Transaction) throws -> [NoticeReceipt] {
        try tx.rows(
            "SELECT id FROM notice WHERE \(wasSent(by: account)) ORDER BY received DESC, id LIMIT \(limit)"
        ).map { try receipt(try $0.get("id"), .receivedBefore, in: tx) }
    }

    private static func wasSent(by account: String) -> SQL {
        "(sender = \(account) OR id IN (SELECT notice FROM notice_content WHERE sender = \(account)))"
    }

    private static func receipt(
        _ id: String, _ outcome: NoticeReceipt.Outcome, in tx: any Transaction
    ) throws -> NoticeReceipt {
        let found = try tx.row(
            """
            SELECT reference, latest, attention, missing, lead_from, notice_step.day AS picked_up
            FROM notice
                LEFT JOIN notice_step ON notice_step.notice = notice.id
                    AND notice_step.step = \(NoticeStep.pickedUp)
            WHERE notice.id = \(id)
            """)
        guard let row = found else { throw StorageFault.noColumn("notice") }
        return NoticeReceipt(
            id: id, outcome: outcome, reference: try row.optional("reference"), number: try row.get("latest"),
            attention: try row.get("attention"), missing: Missing.reading(try row.get("missing")),
            leadFrom: try row.get("lead_from"), pickedUp: try row.optional("picked_up"))
    }
}

extension NoticeStep: Storable {}
extension ContactWay: Storable {}
extension WrittenSex: Storable {}

extension [Missing] {
    /// As they are kept: with spaces between.
    var codes: String { map(\.rawValue).joined(separator: " ") }
    /// As they stand in an event, where no space may.
    var eventCodes: String { map(\.rawValue).joined(separator: ",") }
}

extension Missing {
    static func reading(_ codes: String) -> [Missing] {
        codes.split(separator: " ").compactMap { Missing(rawValue: String($0)) }
    }
}
