import Access
import Casework
import Kernel
import Storage

/// A request as it came in online: nobody has found out yet whom it is about.
struct OnlineRequest: Sendable {
    let id: String
    let at: Instant
    let day: Day
    /// A requester’s code, or `approach`.
    let source: String
    let sender, contact, given, family: String
    let born: Day
    let setting, words: String
    /// Whether they wrote that there is a plan, and ask to have it looked at again.
    let reassesses: Bool
    let isDone: Bool
    let version: Int

    var name: String { "\(given) \(family)" }
    var requester: Requester? { Requester(rawValue: source) }
}

/// What strangers send, until an officer attaches it to a case or sets it aside with a reason.
enum OnlineRequests {
    static let most = 200
    static let migration = Migration(
        "2026-11-29 requests to reassess", "ALTER TABLE case_request ADD COLUMN reassesses BIGINT NOT NULL DEFAULT 0")

    static func waiting(in tx: any Transaction) throws -> [OnlineRequest] {
        try tx.rows(
            """
            SELECT \(columns) FROM case_request WHERE ehc_case IS NULL AND aside IS NULL ORDER BY at, id LIMIT \(most)
            """
        ).map(request)
    }

    static func request(_ id: String, in tx: any Transaction) throws -> OnlineRequest? {
        try tx.row("SELECT \(columns) FROM case_request WHERE id = \(id)").map(request)
    }

    /// Keeps what a stranger sent, and acknowledges it. The day is that of its arrival.
    static func add(_ new: OnlineRequest, mail: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO case_request (
                id, at, day, source, sender, contact, given, family, born, setting, words, reassesses, version)
            VALUES (
                \(new.id), \(tx.now), \(new.day), \(new.source), \(new.sender), \(new.contact), \(new.given),
                \(new.family), \(new.born), \(new.setting), \(new.words), \(new.reassesses), 1)
            """)
        tx.record(Event("request.came-in", subject: new.id, detail: "source=\(new.source)"))
        try Outbox.post(
            .mail, to: new.contact, title: "We have what you sent us: \(new.id)", body: mail,
            owner: Role.caseOfficer.rawValue, in: tx)
    }

    /// It is about this case: from now on what it says is read there alone.
    static func attach(_ request: OnlineRequest, to file: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE case_request SET ehc_case = \(file), version = version + 1 WHERE id = \(request.id)")
        tx.record(Event("request.attached", subject: request.id, detail: "case=\(file)"))
    }

    /// It is about nobody for whom the council could do anything, or was sent in jest.
    static func setAside(_ request: OnlineRequest, because why: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE case_request SET aside = \(why), version = version + 1 WHERE id = \(request.id)")
        tx.record(Event("request.set-aside", subject: request.id))
    }

    /// A request as its sender may follow it.
    struct Sent: Sendable {
        let id, standing: String
        let day: Day
    }

    /// What was sent from this address by those who may ask: whoever told the council of a child is told no more.
    ///
    /// - Parameter seen: which cases the account may know of: of others it is not told that there is one.
    static func sent(from address: String, seen: SQL, in tx: any Transaction) throws -> [Sent] {
        try tx.rows(
            """
            SELECT id, day, CASE
                WHEN EXISTS (SELECT 1 FROM ehc_case WHERE ehc_case.id = case_request.ehc_case AND \(seen))
                    THEN 'attached'
                WHEN aside IS NOT NULL THEN 'aside' ELSE 'waiting' END AS standing
            FROM case_request WHERE LOWER(contact) = \(address.lowercased()) AND source <> \(Teller.approach.rawValue)
            ORDER BY at DESC, id LIMIT 50
            """
        ).map { row in
            let words =
                switch try row.get("standing", as: String.self) {
                case "attached": "An officer has it, and the case it belongs to counts from it"
                case "aside": "An officer read it and closed it. Ask us why, if nobody wrote to you"
                default: "An officer has it. The days of law run from its arrival"
                }
            return Sent(id: try row.get("id"), standing: words, day: try row.get("day"))
        }
    }

    private static let columns: SQL = """
        id, at, day, source, sender, contact, given, family, born, setting, words, reassesses,
        CASE WHEN ehc_case IS NULL AND aside IS NULL THEN 0 ELSE 1 END AS is_done, version
        """

    private static func request(_ row: Row) throws -> OnlineRequest {
        OnlineRequest(
            id: try row.get("id"), at: try row.get("at"), day: try row.get("day"), source: try row.get("source"),
            sender: try row.get("sender"), contact: try row.get("contact"), given: try row.get("given"),
            family: try row.get("family"), born: try row.get("born"), setting: try row.get("setting"),
            words: try row.get("words"), reassesses: try row.get("reassesses"), isDone: try row.get("is_done"),
            version: try row.get("version"))
    }
}

extension CaseMails {
    /// To whoever asked online that somebody with a plan is assessed again.
    static func reassessment(_ id: String, on day: Day, decide: Day?) -> String {
        """
        We have your request to reassess somebody who has an EHC plan. It arrived on \(day.inWords). Our number for \
        it: \(id)

        By \(decide?.inWords ?? "a day that we tell you") the council must say whether it will reassess (SEND \
        Regulations 2014, regulation 25). The plan goes on meanwhile. If somebody asked before you, the earlier day \
        counts.

        An officer reads what you sent and may have to ask who you are. Whoever has rights in the case can follow it \
        here with an account. SENDIASS gives free, impartial advice: search for it in the Local Offer.

        """
    }
}
