import Access
import AccessServer
import Kernel
import Notices
import Storage

/// Which notices a list shows.
enum NoticeFilter: String, CaseIterable, Sendable {
    case open, incomplete, lead, received
    case pickedUp = "picked-up"
    case contacted = "family-contacted"
    case supported = "first-support"
    case all

    var words: String {
        switch self {
        case .open: "Without first support yet"
        case .incomplete: "Incomplete"
        case .lead: "For the named lead"
        case .received: "Received, not picked up"
        case .pickedUp: "Picked up"
        case .contacted: "Family contacted"
        case .supported: "First support began"
        case .all: "All"
        }
    }
}

/// One line of the list.
struct NoticeLine: Sendable {
    let id: String
    let body: String
    let reference: String?
    /// Nil where the actor may not know whom it is about.
    let name: String?
    let born: Day?
    let person: String?
    let isWithLead: Bool
    let progress: NoticeProgress
}

/// What a notice says, as far as the actor may see it: what they may not is not read.
struct NoticeContent: Sendable {
    let classes: [DataClass]
    let given, family: String?
    let born: Day?
    let sex: WrittenSex?
    let nhsNumber, needs, opinion, report: String?
    let address, postcode, telephone, parentContact: String?
    let parentName, givenBy: String?
    let told: Day?
    let isOffered: Bool
    /// An empty text where none is likely to help.
    let voluntaryBody: String?

    func sees(_ data: DataClass) -> Bool { classes.contains(data) }
}

/// A notice, and what was done.
struct NoticeRecord: Sendable {
    struct Step: Sendable {
        let step: NoticeStep
        let day: Day
        let at: Instant
        let who, words: String
    }
    struct Version: Sendable {
        let number: Int
        let at: Instant
        let sender: String
    }
    struct Decision: Sendable {
        let way: ContactWay
        let reason, who: String
        let at: Instant
    }
    let line: NoticeLine
    let kind: BodyKind
    let version: Int
    let leadFrom: Day
    let content: NoticeContent
    let steps: [Step]
    let versions: [Version]
    let decisions: [Decision]

    /// Whether whoever sees it may go on with it: nobody can who does not know whom it is about.
    var mayWork: Bool { content.sees(.identity) && content.sees(.health) }
}

/// Notices as the scope’s actor may see them. One that is attached to nobody is for whoever handles notices by office;
/// from then on the policy decides for that person, class by class.
struct NoticeStore {
    let tx: any Transaction
    let scope: Scope
    let policy: Policy

    /// The classes that a notice holds something of.
    static let classes: [DataClass] = [.identity, .health, .location, .thirdParty]

    /// How many there are, and a page of them: incomplete ones first, then the longest open.
    func list(_ filter: NoticeFilter, page: Int, size: Int) throws -> (count: Int, lines: [NoticeLine]) {
        let from: SQL = """
            FROM notice
                JOIN notice_body ON notice_body.id = notice.body
                LEFT JOIN notice_step picked ON picked.notice = notice.id AND picked.step = \(NoticeStep.pickedUp)
                LEFT JOIN notice_step called ON called.notice = notice.id AND called.step = \(NoticeStep.contacted)
                LEFT JOIN notice_step helped ON helped.notice = notice.id AND helped.step = \(NoticeStep.supported)
                LEFT JOIN notice_decision decided ON decided.notice = notice.id AND decided.number = (
                    SELECT MAX(number) FROM notice_decision newest WHERE newest.notice = notice.id)
            WHERE \(Self.condition(filter))
            """
        let count: Int = try tx.row("SELECT COUNT(*) AS n \(from)")?.get("n") ?? 0
        let lines = try tx.rows(
            """
            SELECT shown.id, shown.body_name, shown.reference, shown.person, shown.attention, shown.missing,
                shown.lead_told, shown.picked, shown.called, shown.helped, shown.way, notice_content.given,
                notice_content.family, notice_content.born
            FROM (
                SELECT notice.id, notice_body.name AS body_name, reference, person, attention, missing, lead_told,
                    latest, picked.day AS picked, called.day AS called, helped.day AS helped, decided.way AS way,
                    CASE WHEN missing <> '' AND helped.day IS NULL THEN 0 ELSE 1 END AS place,
                    CASE WHEN \(isSeen(.identity)) THEN 1 ELSE 0 END AS is_seen
                \(from)
                ORDER BY place, attention, notice.id LIMIT \(size) OFFSET \(page * size)
            ) shown
                LEFT JOIN notice_content ON notice_content.notice = shown.id AND notice_content.number = shown.latest
                    AND shown.is_seen = 1
            ORDER BY shown.place, shown.attention, shown.id
            """
        ).map(Self.line)
        return (count, lines)
    }

    /// A notice, or nil where there is none of this identifier.
    func record(_ id: String) throws -> NoticeRecord? {
        guard
            let row = try tx.row(
                """
                SELECT notice.id, notice_body.name AS body_name, kind, reference, person, lead_told, lead_from, latest,
                    version
                FROM notice JOIN notice_body ON notice_body.id = notice.body WHERE notice.id = \(id)
                """), let progress = try NoticeProgress.of(id, in: tx)
        else { return nil }
        let content = try content(id)
        let (given, family) = (content.given, content.family)
        let line = NoticeLine(
            id: id, body: try row.get("body_name"),
            reference: content.sees(.identity) ? try row.optional("reference") : nil,
            name: given.map { "\($0) \(family ?? "")" }, born: content.born, person: try row.optional("person"),
            isWithLead: try row.optional("lead_told", as: Instant.self) != nil && progress.wantsDecision,
            progress: progress)
        return NoticeRecord(
            line: line, kind: try row.get("kind"), version: try row.get("version"), leadFrom: try row.get("lead_from"),
            content: content, steps: try steps(id), versions: try versions(id), decisions: try decisions(id))
    }

    /// What a notice says now, each column read only where its class may be seen.
    func content(_ id: String) throws -> NoticeContent {
        let seen = try tx.row(
            """
            SELECT \(SQL.joined(Self.classes.map { "CASE WHEN \(isSeen($0)) THEN 1 ELSE 0 END AS \(Self.name($0))" },
                by: ", "))
            FROM notice WHERE id = \(id)
            """)
        let classes = try Self.classes.filter { try seen?.get(Self.code($0), as: Bool.self) ?? false }
        let columns = Self.columns.map { data, names -> SQL in
            SQL.joined(names.map { classes.contains(data) ? $0 : "NULL AS \($0)" }, by: ", ")
        }
        let row = try tx.row(
            """
            SELECT \(SQL.joined(columns, by: ", "))
            FROM notice JOIN notice_content ON notice_content.notice = notice.id AND number = latest
            WHERE notice.id = \(id)
            """)
        guard let row else { throw StorageFault.noColumn("notice") }
        return NoticeContent(
            classes: classes, given: try row.optional("given"), family: try row.optional("family"),
            born: try row.optional("born"), sex: try row.optional("sex"), nhsNumber: try row.optional("nhs_number"),
            needs: try row.optional("needs"), opinion: try row.optional("opinion"),
            report: try row.optional("report"), address: try row.optional("address"),
            postcode: try row.optional("postcode"), telephone: try row.optional("telephone"),
            parentContact: try row.optional("parent_contact"), parentName: try row.optional("parent_name"),
            givenBy: try row.optional("given_by"), told: try row.optional("told"),
            isOffered: try row.optional("offered", as: Bool.self) ?? false,
            voluntaryBody: try row.optional("voluntary_body"))
    }

    /// Each column with the class that it is of.
    private static let columns: [(DataClass, [SQL])] = [
        (.identity, ["given", "family", "born", "sex", "nhs_number"]),
        (.health, ["needs", "opinion", "report", "told", "offered", "voluntary_body"]),
        (.location, ["address", "postcode", "telephone", "parent_contact"]),
        (.thirdParty, ["parent_name", "given_by"]),
    ]

    private static func code(_ data: DataClass) -> String { data == .thirdParty ? "third_party" : data.rawValue }

    private static func name(_ data: DataClass) -> SQL {
        switch data {
        case .identity: "identity"
        case .health: "health"
        case .location: "location"
        default: "third_party"
        }
    }

    private func isSeen(_ data: DataClass) -> SQL {
        "(notice.person IS NULL OR \(policy.people(.see, data, for: scope, column: "notice.person")))"
    }

    private static func condition(_ filter: NoticeFilter) -> SQL {
        switch filter {
        case .open: "helped.day IS NULL"
        case .incomplete: "missing <> '' AND helped.day IS NULL"
        case .lead: "missing <> '' AND lead_told IS NOT NULL AND decided.way IS NULL AND called.day IS NULL"
        case .received: "picked.day IS NULL"
        case .pickedUp: "picked.day IS NOT NULL AND called.day IS NULL"
        case .contacted: "called.day IS NOT NULL AND helped.day IS NULL"
        case .supported: "helped.day IS NOT NULL"
        case .all: "1 = 1"
        }
    }

    private static func line(_ row: Row) throws -> NoticeLine {
        var done: [NoticeStep: Day] = [:]
        for (step, column) in [(NoticeStep.pickedUp, "picked"), (.contacted, "called"), (.supported, "helped")] {
            done[step] = try row.optional(column)
        }
        let progress = NoticeProgress(
            attention: try row.get("attention"), done: done, missing: Missing.reading(try row.get("missing")),
            decision: try row.optional("way"))
        let given: String? = try row.optional("given")
        let family: String? = try row.optional("family")
        return NoticeLine(
            id: try row.get("id"), body: try row.get("body_name"),
            reference: given == nil ? nil : try row.optional("reference"),
            name: given.map { "\($0) \(family ?? "")" }, born: try row.optional("born"),
            person: try row.optional("person"),
            isWithLead: try row.optional("lead_told", as: Instant.self) != nil && progress.wantsDecision,
            progress: progress)
    }

    private func steps(_ id: String) throws -> [NoticeRecord.Step] {
        try tx.rows("SELECT step, day, at, who, words FROM notice_step WHERE notice = \(id) ORDER BY at").map { row in
            NoticeRecord.Step(
                step: try row.get("step"), day: try row.get("day"), at: try row.get("at"),
                who: try Looks.who(try row.get("who"), in: tx), words: try row.get("words"))
        }
    }

    private func versions(_ id: String) throws -> [NoticeRecord.Version] {
        try tx.rows(
            """
            SELECT number, notice_content.at, COALESCE(notice_key.id, '') AS key, sender
            FROM notice_content LEFT JOIN notice_key ON notice_key.id = notice_content.sender
            WHERE notice = \(id) ORDER BY number
            """
        ).map { row in
            let isProgram = try row.get("key", as: String.self) != ""
            return NoticeRecord.Version(
                number: try row.get("number"), at: try row.get("at"),
                sender: isProgram ? "a program of the body" : try Looks.who(try row.get("sender"), in: tx))
        }
    }

    private func decisions(_ id: String) throws -> [NoticeRecord.Decision] {
        try tx.rows(
            "SELECT way, reason, at, who FROM notice_decision WHERE notice = \(id) ORDER BY number"
        ).map { row in
            NoticeRecord.Decision(
                way: try row.get("way"), reason: try row.get("reason"),
                who: try Looks.who(try row.get("who"), in: tx), at: try row.get("at"))
        }
    }
}
