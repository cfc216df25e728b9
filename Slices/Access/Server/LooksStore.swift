import Access
import Kernel
import Storage
import Web

/// One look at a person’s record, as the family reads it: by what somebody is, never by name.
public struct Look: Hashable, Sendable {
    public let at: String
    public let who: String
    public let why: String
    public let what: String
}

/// Who looked at whom: the journal, as the person concerned may read it.
///
/// Looks to keep a child safe leave no trace here, nor a gap, until a named officer releases them; the journal keeps
/// all.
public enum Looks {
    public static let most = 200

    /// What never shows: it could warn somebody from whom a child is to be kept safe.
    private static let hidden: [Scope.Purpose] = [.init(Purpose.safeguarding.rawValue)]

    /// Whoever works to keep children safe, or did: even their lists leave no trace.
    private static let hiddenActors: SQL = """
        SELECT account FROM role_grant
        WHERE role IN \([Role.safeguardingLead, .police, .protectiveSupport].map(\.rawValue))
        """

    /// Whoever works in youth justice, or did: that they looked tells that there is such a record.
    private static let justiceActors: SQL = """
        SELECT account FROM role_grant WHERE role = \(Role.youthJusticeWorker.rawValue)
        """

    /// The looks that the reader may know of, the newest first. A class of data that the reader may not see is not
    /// named among what was looked at, and who works in youth justice is named to those alone who may see that.
    ///
    /// - Parameter classes: the classes of this person’s data that the reader may see.
    public static func looks(
        _ kinds: [String], at subject: String, seeing classes: Set<DataClass>, limit: Int = most,
        in tx: any Transaction
    ) throws -> [Look] {
        let never = classes.contains(.youthJustice) ? nil : justiceActors
        return try looks(
            entries(kinds, at: subject, shown: true, never: never, limit: limit, in: tx), seeing: classes, in: tx)
    }

    /// The looks to keep somebody safe that nobody has released, the newest first.
    public static func hiddenLooks(_ kinds: [String], at subject: String, in tx: any Transaction) throws -> [Look] {
        try looks(
            entries(kinds, at: subject, shown: false, never: nil, limit: most, in: tx), seeing: Set(DataClass.allCases),
            in: tx)
    }

    /// Looks at this person, under every reference that leads to them; each is released by what was released of it.
    private static func entries(
        _ kinds: [String], at subject: String, shown: Bool, never: SQL?, limit: Int, in tx: any Transaction
    ) throws -> [JournalEntry] {
        let all = try JoinedPersons.references(to: subject, in: tx).flatMap { id, span in
            let hiding = Journal.Hiding(
                purposes: hidden, actors: hiddenActors, releasedUntil: try released(of: id, in: tx), never: never)
            let found = try Journal.looks(kinds, at: id, hiding: hiding, shown: shown, limit: limit, in: tx)
            return found.filter { span?.contains($0) ?? true }
        }
        return Array(all.sorted { $0.seq > $1.seq }.prefix(limit))
    }

    /// Until when hidden looks at a person were released.
    private static func released(of subject: String, in tx: any Transaction) throws -> Instant? {
        try tx.row("SELECT MAX(until) AS until FROM look_release WHERE subject = \(subject)")?.optional("until")
    }

    /// Lets the person concerned know of all looks until now, those to keep somebody safe too.
    public static func release(
        of subject: String, by officer: String, reason: String, id: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO look_release (id, subject, officer, reason, until)
            VALUES (\(id), \(subject), \(officer), \(reason), \(tx.now))
            """)
        tx.record(Event("access.looks-released", subject: subject, detail: "release=\(id)"))
    }

    private static func looks(
        _ entries: [JournalEntry], seeing seen: Set<DataClass>, in tx: any Transaction
    ) throws -> [Look] {
        var people: [String: String] = [:]
        return try entries.map { entry in
            let who = try people[entry.actor] ?? self.who(entry.actor, in: tx)
            people[entry.actor] = who
            let classes = entry.detail.split(separator: "=").last?.split(separator: ",") ?? []
            let at = (try? Instant(iso: entry.at))?.inWords ?? entry.at
            return Look(
                at: at, who: isTask(entry) ? "somebody with a link for one task" : who,
                why: why(entry),
                what: classes.compactMap { DataClass(rawValue: String($0)) }.filter(seen.contains).map(\.words).joined(
                    separator: "; ")
                    + (entry.kind.hasSuffix(".downloaded") ? ", taken away as a file or to print" : ""))
        }
    }

    private static func why(_ entry: JournalEntry) -> String {
        if isTask(entry) { return "to do what they were asked" }
        if entry.purpose == Scope.Purpose.operation.rawValue { return "in the work of their office" }
        return Purpose(rawValue: entry.purpose)?.words ?? entry.purpose
    }

    private static func isTask(_ entry: JournalEntry) -> Bool { entry.purpose == Scope.Purpose.task.rawValue }

    /// What an account is, by the roles that it ever held, each with its team: never a name.
    ///
    /// - Parameter namesTeams: false where the name of a team could tell where somebody is.
    public static func who(
        _ account: String, namesTeams: Bool = true, in tx: any Transaction
    ) throws -> String {
        let roles = try tx.rows(
            """
            SELECT DISTINCT role, COALESCE(agency.name || ': ' || team.name, '') AS team
            FROM role_grant LEFT JOIN team ON team.id = role_grant.team LEFT JOIN agency ON agency.id = team.agency
            WHERE account = \(account) ORDER BY role, team
            """
        ).compactMap { row -> String? in
            guard let words = Role(rawValue: try row.get("role"))?.words else { return nil }
            let team: String = try row.get("team")
            return team.isEmpty || !namesTeams ? words : "\(words) of \(team)"
        }
        var shown: [String] = []
        for role in roles where !shown.contains(role) { shown.append(role) }
        return shown.isEmpty ? "somebody" : shown.joined(separator: ", ")
    }
}

extension Purpose {
    /// The purpose as a parent would say it.
    public var words: String {
        switch self {
        case .education: "for the child’s learning"
        case .finance: "to reckon the money"
        case .safeguarding: "to keep somebody safe"
        case .own: "in a list of their own"
        case .statutorySEND: "for the assessment or the plan"
        case .directCare: "to care for the child"
        case .ownFamily: "as family, or on its behalf"
        case .breakGlass: "in an emergency, which is reviewed"
        }
    }
}
