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
        SELECT account FROM role_grant WHERE role = \(Role.safeguardingLead)
        """

    public static func looks(_ kinds: [String], at subject: String, in tx: any Transaction) throws -> [Look] {
        let entries = try Journal.looks(kinds, at: subject, without: hidden, by: hiddenActors, limit: most, in: tx)
        var people: [String: String] = [:]
        return try entries.map { entry in
            let who = try people[entry.actor] ?? self.who(entry.actor, in: tx)
            people[entry.actor] = who
            let classes = entry.detail.split(separator: "=").last?.split(separator: ",") ?? []
            let at = (try? Instant(iso: entry.at))?.inWords ?? entry.at
            return Look(
                at: at, who: isTask(entry) ? "somebody with a link for one task" : who,
                why: isTask(entry)
                    ? "to do what they were asked" : Purpose(rawValue: entry.purpose)?.words ?? entry.purpose,
                what: classes.compactMap { DataClass(rawValue: String($0))?.words }.joined(separator: "; "))
        }
    }

    private static func isTask(_ entry: JournalEntry) -> Bool { entry.purpose == Scope.Purpose.task.rawValue }

    /// What an account is, by the roles that it ever held: never a name.
    public static func who(_ account: String, in tx: any Transaction) throws -> String {
        let roles = try tx.rows("SELECT DISTINCT role FROM role_grant WHERE account = \(account) ORDER BY role")
            .compactMap { Role(rawValue: try $0.get("role"))?.words }
        return roles.isEmpty ? "somebody" : roles.joined(separator: ", ")
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
