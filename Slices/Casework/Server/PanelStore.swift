import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
import Storage

/// A meeting of the panel.
struct PanelMeeting: Sendable {
    let id, name: String
    let day: Day
    let version: Int
}

/// One case on an agenda.
struct PanelItem: Sendable {
    struct View: Sendable {
        let view: PanelView
        let words, who: String
        let isOwn: Bool
    }

    let id, person, name: String
    let question: PanelQuestion
    let file: Case
    let views: [View]
}

/// Meetings, agendas and what members think. A case is on an agenda for whoever may see the case alone.
struct PanelStore {
    static let migration = Migration(
        "2026-11-29 panels",
        """
        CREATE TABLE panel_meeting (
            id      TEXT PRIMARY KEY,
            day     TEXT NOT NULL,
            name    TEXT NOT NULL CHECK (name <> ''),
            version BIGINT NOT NULL CHECK (version >= 1)
        )
        """,
        """
        CREATE TABLE panel_member (
            meeting TEXT NOT NULL REFERENCES panel_meeting (id),
            account TEXT NOT NULL CHECK (account <> ''),
            PRIMARY KEY (meeting, account)
        )
        """,
        "CREATE INDEX panel_member_account ON panel_member (account)",
        """
        CREATE TABLE panel_item (
            id       TEXT PRIMARY KEY,
            meeting  TEXT NOT NULL REFERENCES panel_meeting (id),
            ehc_case TEXT NOT NULL REFERENCES ehc_case (id),
            question TEXT NOT NULL CHECK (question IN ('assess', 'plan')),
            added    TEXT NOT NULL,
            removed  TEXT
        )
        """,
        "CREATE INDEX panel_item_meeting ON panel_item (meeting)",
        "CREATE INDEX panel_item_case ON panel_item (ehc_case)",
        // Class case-words: why a member thinks so.
        """
        CREATE TABLE panel_view (
            item    TEXT NOT NULL REFERENCES panel_item (id),
            account TEXT NOT NULL CHECK (account <> ''),
            at      TEXT NOT NULL,
            view    TEXT NOT NULL CHECK (view IN ('yes', 'no', 'more')),
            words   TEXT NOT NULL CHECK (words <> ''),
            PRIMARY KEY (item, account)
        )
        """)

    /// How long after a meeting its members still see the papers.
    static let daysAfter = 28

    let tx: any Transaction
    let scope: Scope
    let policy: Policy

    // MARK: - Reading

    /// The meetings that the actor sits in; all of them for those who keep them. The newest first.
    func meetings(keeps: Bool) throws -> [(meeting: PanelMeeting, members: Int, items: Int)] {
        let mine: SQL =
            keeps
            ? "1 = 1"
            : """
            EXISTS (SELECT 1 FROM panel_member own
                WHERE own.meeting = panel_meeting.id AND own.account = \(scope.actor.id))
            """
        return try tx.rows(
            """
            SELECT id, day, name, version,
                (SELECT COUNT(*) FROM panel_member WHERE panel_member.meeting = panel_meeting.id) AS members,
                (SELECT COUNT(*) FROM panel_item JOIN ehc_case ON ehc_case.id = panel_item.ehc_case
                    WHERE panel_item.meeting = panel_meeting.id AND removed IS NULL AND \(seen)) AS items
            FROM panel_meeting WHERE \(mine) ORDER BY day DESC, id LIMIT 100
            """
        ).map { (try Self.meeting($0), try $0.get("members"), try $0.get("items")) }
    }

    /// The meeting, for a member of it or whoever keeps it.
    func meeting(_ id: String, keeps: Bool) throws -> PanelMeeting? {
        guard let row = try tx.row("SELECT id, day, name, version FROM panel_meeting WHERE id = \(id)") else {
            return nil
        }
        return try keeps || sits(in: id) ? Self.meeting(row) : nil
    }

    func sits(in meeting: String) throws -> Bool {
        try tx.row(
            "SELECT account FROM panel_member WHERE meeting = \(meeting) AND account = \(scope.actor.id)") != nil
    }

    /// The names of the members.
    func members(of meeting: String) throws -> [String] {
        try tx.rows(
            """
            SELECT account.name FROM panel_member JOIN account ON account.id = panel_member.account
            WHERE meeting = \(meeting) ORDER BY account.name
            """
        ).map { try $0.get("name") }
    }

    /// The agenda, as far as the actor may see the cases on it.
    ///
    /// - Parameter file: of which case alone; nil for all.
    func items(of meeting: String, only file: String? = nil) throws -> [PanelItem] {
        let which: SQL = file.map { "ehc_case.id = \($0)" } ?? "1 = 1"
        return try tx.rows(
            """
            SELECT panel_item.id, ehc_case, question, ehc_case.person AS subject, given, family
            FROM panel_item JOIN ehc_case ON ehc_case.id = panel_item.ehc_case
                JOIN person ON person.id = ehc_case.person
            WHERE meeting = \(meeting) AND \(which) AND removed IS NULL AND \(seen) ORDER BY added, panel_item.id
            """
        ).map { row in
            let (id, person): (String, String) = (try row.get("id"), try row.get("subject"))
            let words = try CaseStore(tx: tx, scope: scope, policy: policy).may(.see, .caseWords, of: person)
            return PanelItem(
                id: id, person: person,
                name: "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))",
                question: try row.get("question"), file: try Cases.file(try row.get("ehc_case"), in: tx),
                views: words ? try views(of: id) : [])
        }
    }

    private func views(of item: String) throws -> [PanelItem.View] {
        try tx.rows(
            """
            SELECT panel_view.account, view, words, name
            FROM panel_view JOIN account ON account.id = panel_view.account
            WHERE item = \(item) ORDER BY at, panel_view.account
            """
        ).map { row in
            PanelItem.View(
                view: try row.get("view"), words: try row.get("words"), who: try row.get("name"),
                isOwn: try row.get("account", as: String.self) == scope.actor.id)
        }
    }

    /// Where a case is or was on an agenda, with what members thought: for its page and its decision.
    func hearings(of file: String) throws -> [(meeting: PanelMeeting, item: PanelItem)] {
        try tx.rows(
            """
            SELECT panel_meeting.id, day, panel_meeting.name, panel_meeting.version
            FROM panel_item JOIN panel_meeting ON panel_meeting.id = panel_item.meeting
            WHERE ehc_case = \(file) AND removed IS NULL ORDER BY day, panel_meeting.id
            """
        ).flatMap { row in
            let meeting = try Self.meeting(row)
            return try items(of: meeting.id, only: file).map { (meeting, $0) }
        }
    }

    /// Open cases of the actor that can be put on this agenda: in a state that asks for a panel, and not on it.
    func candidates(for meeting: String) throws -> [(id: String, name: String)] {
        let states = [CaseState.considering, .assessing]
        return try tx.rows(
            """
            SELECT ehc_case.id, given, family FROM ehc_case JOIN person ON person.id = ehc_case.person
            WHERE state IN \(states) AND \(changed) AND \(seen) AND \(People.living("ehc_case.person"))
                AND ehc_case.person IN (\(Policy.related(to: scope)))
                AND NOT EXISTS (SELECT 1 FROM panel_item held WHERE held.ehc_case = ehc_case.id
                    AND held.meeting = \(meeting) AND held.removed IS NULL)
            ORDER BY family, given, ehc_case.id LIMIT 500
            """
        ).map { (try $0.get("id"), "\(try $0.get("given", as: String.self)) \(try $0.get("family", as: String.self))") }
    }

    private var seen: SQL {
        """
        \(policy.people(.see, .casework, for: scope, column: "ehc_case.person"))
            AND \(policy.people(.see, .identity, for: scope, column: "ehc_case.person"))
        """
    }

    private var changed: SQL { policy.people(.change, .casework, for: scope, column: "ehc_case.person") }

    private static func meeting(_ row: Row) throws -> PanelMeeting {
        PanelMeeting(
            id: try row.get("id"), name: try row.get("name"), day: try row.get("day"), version: try row.get("version"))
    }
}

/// Writing meetings and agendas.
enum Panels {
    static func call(_ meeting: PanelMeeting, _ members: [String], in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO panel_meeting (id, day, name, version)
            VALUES (\(meeting.id), \(meeting.day), \(meeting.name), 1)
            """)
        for member in members {
            try tx.run("INSERT INTO panel_member (meeting, account) VALUES (\(meeting.id), \(member))")
        }
        tx.record(Event("panel.called", subject: meeting.id, detail: "members=\(members.count)"))
    }

    /// Puts a case on an agenda: from then on its members see the case, until some weeks after the meeting.
    static func add(
        _ item: String, _ file: Case, of person: String, to meeting: PanelMeeting, in tx: any WriteTransaction
    ) throws {
        guard let question = PanelQuestion(of: file.state) else { throw CaseRefusal.notForPanel(file.state) }
        let held = try tx.row(
            """
            SELECT id FROM panel_item WHERE meeting = \(meeting.id) AND ehc_case = \(file.id) AND removed IS NULL
            """)
        guard held == nil else { return tx.record(.housekeeping) }
        try tx.run(
            """
            INSERT INTO panel_item (id, meeting, ehc_case, question, added)
            VALUES (\(item), \(meeting.id), \(file.id), \(question), \(tx.now))
            """)
        try settle(person, in: tx)
        tx.record(
            Event("panel.item-added", subject: person, detail: "case=\(file.id);meeting=\(meeting.id);item=\(item)"))
    }

    /// Takes a case off an agenda: its members see it no more, where no other agenda lets them.
    static func remove(_ item: String, from meeting: String, in tx: any WriteTransaction) throws {
        tx.record(.housekeeping)
        guard
            let row = try tx.row(
                """
                SELECT ehc_case.person AS subject FROM panel_item JOIN ehc_case ON ehc_case.id = panel_item.ehc_case
                WHERE panel_item.id = \(item) AND meeting = \(meeting) AND removed IS NULL
                """)
        else { return }
        let person: String = try row.get("subject")
        try tx.run("UPDATE panel_item SET removed = \(tx.now) WHERE id = \(item)")
        try settle(person, in: tx)
        tx.record(Event("panel.item-removed", subject: person, detail: "meeting=\(meeting);item=\(item)"))
    }

    /// Keeps what a member thinks, in the place of what they thought before.
    static func keep(
        _ view: PanelView, _ words: String, on item: String, of person: String, by member: String,
        in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO panel_view (item, account, at, view, words)
            VALUES (\(item), \(member), \(tx.now), \(view), \(words))
            ON CONFLICT (item, account) DO UPDATE SET at = excluded.at, view = excluded.view, words = excluded.words
            """)
        tx.record(Event("panel.view-kept", subject: person, detail: "item=\(item)"))
    }

    /// Tells the members that there is something on the agenda. It names no child.
    static func tell(_ meeting: PanelMeeting, in tx: any WriteTransaction) throws {
        for member in try members(of: meeting.id, in: tx) {
            guard let address = try Offices.mailAddress(of: member, in: tx) else { continue }
            try Outbox.post(
                .mail, to: address, title: "The agenda of \(meeting.day.inWords) is there for you",
                body: """
                    The agenda of the panel on \(meeting.day.inWords) is ready, with the papers of each case. Sign in \
                    and open “Panels”. Write what you think before the meeting, if you can.

                    """,
                owner: Role.teamManager.rawValue, goodUntil: meeting.day, in: tx)
        }
        tx.record(Event("panel.told", subject: meeting.id))
    }

    static func members(of meeting: String, in tx: any Transaction) throws -> [String] {
        try tx.rows("SELECT account FROM panel_member WHERE meeting = \(meeting) ORDER BY account").map {
            try $0.get("account")
        }
    }

    /// Whoever sits in a panel that has a case of this person on its agenda sees it until some weeks after the last of
    /// those meetings; whoever sits in none of them does not.
    private static func settle(_ person: String, in tx: any WriteTransaction) throws {
        var until: [String: Instant] = [:]
        for row in try tx.rows(
            """
            SELECT account, MAX(day) AS last FROM panel_item
                JOIN panel_meeting ON panel_meeting.id = panel_item.meeting
                JOIN panel_member ON panel_member.meeting = panel_meeting.id
                JOIN ehc_case ON ehc_case.id = panel_item.ehc_case
            WHERE ehc_case.person = \(person) AND removed IS NULL GROUP BY account ORDER BY account
            """)
        {
            let days = try row.get("last", as: Day.self).days(since: tx.now.dayInEngland) + PanelStore.daysAfter
            until[try row.get("account")] = tx.now.adding(milliseconds: max(0, days) * 86_400_000)
        }
        let held = try AccessStore.relationships(to: person, in: tx).filter {
            $0.kind == .panel && $0.evidence == evidence
        }
        for relationship in held where relationship.ends.map({ $0 > tx.now }) ?? true {
            if until[relationship.account] == nil { try AccessStore.end(relationship, in: tx) }
        }
        for (account, ends) in until.sorted(by: { $0.key < $1.key }) where ends > tx.now {
            if let relationship = held.first(where: { $0.account == account }) {
                try AccessStore.last(relationship, until: ends, in: tx)
            } else {
                try AccessStore.relate(account, to: person, as: .panel, until: ends, evidence: evidence, in: tx)
            }
        }
    }

    private static let evidence = "agenda of a panel"
}

extension PanelQuestion: Storable {}
extension PanelView: Storable {}
