import Kernel
import Notices
import Storage

/// What is done with notices after they are received, and what other slices may ask of them.
public enum Notices {
    /// Takes a notice to be about this person: from then on the policy decides, for that person, who sees what it says.
    /// Whoever calls it has found out that it is, and may.
    ///
    /// - Returns: false where there is no such notice, or it is attached to this very person already.
    @discardableResult
    public static func attach(_ notice: String, to person: String, in tx: any WriteTransaction) throws -> Bool {
        try set(notice, person, Event("notice.attached", subject: person, detail: "notice=\(notice)"), in: tx)
    }

    /// Takes it to be about nobody known, where it was attached wrongly.
    @discardableResult
    public static func detach(_ notice: String, in tx: any WriteTransaction) throws -> Bool {
        try set(notice, nil, Event("notice.detached", subject: notice), in: tx)
    }

    private static func set(
        _ notice: String, _ person: String?, _ event: Event, in tx: any WriteTransaction
    ) throws -> Bool {
        tx.record(.housekeeping)
        guard let held = try tx.row("SELECT person FROM notice WHERE id = \(notice)"),
            try held.optional("person", as: String.self) != person
        else { return false }
        try tx.run("UPDATE notice SET person = \(person), version = version + 1 WHERE id = \(notice)")
        tx.record(event)
        return true
    }

    /// The day on which a notice first brought this person to the authority’s attention; nil where none did. Casework
    /// counts from it.
    ///
    /// - Law: Children and Families Act 2014, section 24(1)(b); SEND Regulations 2014, regulation 5(1).
    public static func broughtToAttention(_ person: String, in tx: any Transaction) throws -> Day? {
        try tx.row("SELECT MIN(attention) AS day FROM notice WHERE person = \(person)")?.optional("day")
    }

    /// The same day for each of these people to whom a notice is attached.
    ///
    /// - Parameter people: a query of one column with their identifiers.
    public static func broughtToAttention(
        among people: SQL, in tx: any Transaction
    ) throws -> [(person: String, day: Day)] {
        try tx.rows(
            """
            SELECT person, MIN(attention) AS day FROM notice WHERE person IN (\(people))
            GROUP BY person ORDER BY day, person
            """
        ).map { (try $0.get("person"), try $0.get("day")) }
    }

    /// What the notices about this person say of needs, the newest first. Whoever calls it may see health of them.
    public static func opinions(
        of person: String, in tx: any Transaction
    ) throws -> [(body: String, day: Day, needs: String, opinion: String)] {
        try tx.rows(
            """
            SELECT notice_body.name AS body_name, attention, needs, opinion
            FROM notice JOIN notice_content ON notice_content.notice = notice.id AND number = latest
                JOIN notice_body ON notice_body.id = notice.body
            WHERE person = \(person) ORDER BY attention DESC, notice.id LIMIT 10
            """
        ).map { row in
            let codes: String = try row.get("needs")
            let needs = codes.split(separator: " ").compactMap { NeedType(rawValue: String($0))?.name }
            return (
                try row.get("body_name"), try row.get("attention"), needs.joined(separator: "; "),
                try row.get("opinion")
            )
        }
    }

    /// Notices that are attached to nobody and say this day of birth: for the office that handles notices.
    public static func unattached(
        born: Day, in tx: any Transaction
    ) throws -> [(id: String, body: String, attention: Day)] {
        try tx.rows(
            """
            SELECT notice.id, notice_body.name AS body_name, attention
            FROM notice JOIN notice_content ON notice_content.notice = notice.id AND number = latest
                JOIN notice_body ON notice_body.id = notice.body
            WHERE person IS NULL AND born = \(born) ORDER BY attention, notice.id LIMIT 20
            """
        ).map { (try $0.get("id"), try $0.get("body_name"), try $0.get("attention")) }
    }

    /// The version of a notice, which goes up with each change; nil where there is none.
    static func version(of notice: String, in tx: any Transaction) throws -> Int? {
        try tx.row("SELECT version FROM notice WHERE id = \(notice)").map { try $0.get("version") }
    }

    /// Notes a step that was checked.
    static func note(
        _ step: NoticeStep, of notice: String, on day: Day, by actor: String, _ words: String,
        in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO notice_step (notice, step, day, at, who, words)
            VALUES (\(notice), \(step), \(day), \(tx.now), \(actor), \(words))
            """)
        try tx.run("UPDATE notice SET version = version + 1 WHERE id = \(notice)")
        tx.record(Event("notice.\(step.rawValue)", subject: notice, detail: "day=\(day.iso)"))
    }

    /// Keeps how the lead decided that the family is contacted; earlier decisions stay.
    static func decide(
        _ way: ContactWay, because reason: String, of notice: String, by actor: String, in tx: any WriteTransaction
    ) throws {
        let held: Int = try tx.row("SELECT COUNT(*) AS n FROM notice_decision WHERE notice = \(notice)")?.get("n") ?? 0
        try tx.run(
            """
            INSERT INTO notice_decision (notice, number, way, reason, at, who)
            VALUES (\(notice), \(held + 1), \(way), \(reason), \(tx.now), \(actor))
            """)
        try tx.run("UPDATE notice SET version = version + 1 WHERE id = \(notice)")
        tx.record(Event("notice.contact-decided", subject: notice, detail: "way=\(way.rawValue)"))
    }
}
