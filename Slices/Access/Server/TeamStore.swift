import Access
import Cryptography
import Kernel
import Storage

/// A team of an agency: where somebody works.
public struct Team: Sendable {
    public let id: String
    public let agency: String
    public let name: String
    public let ended: Instant?

    /// `Children’s Trust: Assessment North`.
    public var words: String { "\(agency): \(name)" }
}

/// A role that an account holds or held, and in which team.
struct Grant: Sendable {
    let id: String
    let role: Role
    /// The team’s agency and name; empty where none was said.
    let team: String
    let starts: Instant
    let ends: Instant?
}

/// Agencies and their teams, and the roles that accounts hold in them.
enum TeamStore {
    /// All teams, by agency and name; those that ended come last.
    static func teams(in tx: any Transaction) throws -> [Team] {
        try tx.rows(
            """
            SELECT team.id, agency.name AS agency, team.name, team.ended
            FROM team JOIN agency ON agency.id = team.agency
            ORDER BY CASE WHEN team.ended IS NULL THEN 0 ELSE 1 END, agency.name, team.name, team.id
            """
        ).map { row in
            Team(
                id: try row.get("id"), agency: try row.get("agency"), name: try row.get("name"),
                ended: try row.optional("ended"))
        }
    }

    /// Adds a team, and its agency where there is none of that name; a team that had ended begins again.
    static func add(_ name: String, of agency: String, in tx: any WriteTransaction) throws {
        let held = try tx.row("SELECT id FROM agency WHERE name = \(agency)")
        let agencyID = try held?.get("id") ?? newID
        if held == nil { try tx.run("INSERT INTO agency (id, name) VALUES (\(agencyID), \(agency))") }
        let id = newID
        try tx.run(
            """
            INSERT INTO team (id, agency, name) VALUES (\(id), \(agencyID), \(name))
            ON CONFLICT (agency, name) DO UPDATE SET ended = NULL
            """)
        tx.record(Event("team.added", subject: id))
    }

    /// Ends a team, and every role that somebody holds in it.
    static func end(_ id: String, in tx: any WriteTransaction) throws {
        guard try tx.row("SELECT id FROM team WHERE id = \(id)") != nil else { return tx.record(.housekeeping) }
        try tx.run("UPDATE team SET ended = \(tx.now) WHERE id = \(id) AND ended IS NULL")
        try tx.run("UPDATE role_grant SET ends = \(tx.now) WHERE team = \(id) AND (ends IS NULL OR ends > \(tx.now))")
        tx.record(Event("team.ended", subject: id))
    }

    /// The roles that an account holds or held, those that hold first.
    static func grants(of account: String, at now: Instant, in tx: any Transaction) throws -> [Grant] {
        try tx.rows(
            """
            SELECT role_grant.id, role, COALESCE(agency.name || ': ' || team.name, '') AS team, starts, ends
            FROM role_grant LEFT JOIN team ON team.id = role_grant.team LEFT JOIN agency ON agency.id = team.agency
            WHERE account = \(account)
            ORDER BY CASE WHEN ends IS NULL OR ends > \(now) THEN 0 ELSE 1 END, starts DESC, role_grant.id
            """
        ).map { row in
            Grant(
                id: try row.get("id"), role: try row.get("role"), team: try row.get("team"),
                starts: try row.get("starts"), ends: try row.optional("ends"))
        }
    }

    /// Takes one role of an account away, at once.
    static func revoke(grant id: String, of account: String, in tx: any WriteTransaction) throws {
        guard try tx.row("SELECT id FROM role_grant WHERE id = \(id) AND account = \(account)") != nil else {
            return tx.record(.housekeeping)
        }
        try tx.run(
            """
            UPDATE role_grant SET ends = \(tx.now)
            WHERE id = \(id) AND account = \(account) AND (ends IS NULL OR ends > \(tx.now))
            """)
        tx.record(Event("role.revoked", subject: account, detail: "grant=\(id)"))
    }

    private static var newID: String { Sodium.hex(Sodium.random(16)) }
}
