import Access
import Kernel
import Storage

/// A recorded decision that a young person lacks capacity for one kind of decision, and who acts for them in it.
public struct CapacityDecision: Hashable, Sendable {
    public let id: String
    public let subject: String
    /// Who acts: their relationship goes on opening what this matter opens.
    public let account: String
    public let matter: Matter
    /// Who found that capacity is lacking, and on what: an assessment, an order of the Court of Protection.
    public let decider: String
    public let evidence: String
    public let decided: Instant
    /// The last day on which it holds, unless it is decided anew: capacity may come back.
    public let review: Day
    public let ended: Instant?
}

extension AccessStore {
    /// Notes that a young person lacks capacity for a kind of decision, and who acts; once, however often it is said.
    ///
    /// - Parameters:
    ///   - account: whose relationship goes on opening what it opened before rights passed, for this matter alone. By
    ///     itself it opens nothing: without a relationship it is worth nothing.
    ///   - review: the last day on which it holds.
    /// - Throws: `Malformed` where the review lies in the past, or more than a year ahead.
    public static func recordLackOfCapacity(
        of subject: String, for matter: Matter, acting account: String, decider: String, evidence: String,
        review: Day, in tx: any WriteTransaction
    ) throws {
        let today = tx.now.dayInEngland
        guard review >= today, review <= today + .days(366) else {
            throw Malformed(wanted: "a day of review", given: review.iso, reason: "it is within a year from today")
        }
        let held = try tx.row(
            """
            SELECT id FROM capacity_decision WHERE subject = \(subject) AND account = \(account)
                AND matter = \(matter) AND review = \(review) AND ended IS NULL
            """)
        guard held == nil else { return }
        try tx.run(
            """
            INSERT INTO capacity_decision (id, subject, account, matter, decider, evidence, decided, review)
            VALUES (
                \(newID), \(subject), \(account), \(matter), \(decider), \(evidence), \(tx.now), \(review))
            """)
        tx.record(Event("capacity.lack-recorded", subject: subject, detail: detail(matter, account)))
    }

    /// Ends it at once: the young person can make these decisions, or somebody else acts.
    public static func end(_ decision: CapacityDecision, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE capacity_decision SET ended = \(tx.now) WHERE id = \(decision.id) AND ended IS NULL")
        let detail = detail(decision.matter, decision.account)
        tx.record(Event("capacity.decision-ended", subject: decision.subject, detail: detail))
    }

    /// The decisions on somebody's capacity, past ones too, the newest first.
    public static func capacityDecisions(on subject: String, in tx: any Transaction) throws -> [CapacityDecision] {
        try tx.rows(
            """
            SELECT id, subject, account, matter, decider, evidence, decided, review, ended FROM capacity_decision
            WHERE subject = \(subject) ORDER BY decided DESC, id
            """
        ).map { row in
            CapacityDecision(
                id: try row.get("id"), subject: try row.get("subject"), account: try row.get("account"),
                matter: try row.get("matter"), decider: try row.get("decider"), evidence: try row.get("evidence"),
                decided: try row.get("decided"), review: try row.get("review"), ended: try row.optional("ended"))
        }
    }

    /// The decisions by which an account acts for young persons at a moment: a query of `acts`, to which a condition on
    /// `acts.subject` is to be added.
    static func represents(by account: String, at now: Instant) -> SQL {
        """
        SELECT acts.matter FROM capacity_decision acts
        WHERE acts.account = \(account) AND acts.decided <= \(now) AND acts.review >= \(now.dayInEngland)
            AND (acts.ended IS NULL OR acts.ended > \(now))
        """
    }

    private static func detail(_ matter: Matter, _ account: String) -> String {
        "matter=\(matter.rawValue);account=\(account)"
    }
}

extension Matter: Storable {}
