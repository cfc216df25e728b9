import Access
import Cryptography
import Kernel
import Storage

/// Somebody’s relationship to a person, as it is recorded.
public struct Relationship: Hashable, Sendable {
    public let id: String
    public let account: String
    public let subject: String
    public let kind: RelationshipKind
    public let starts: Instant
    public let ends: Instant?
    /// What shows it: an order, a register, a signed form.
    public let evidence: String
    /// Who lets them act, for a delegate.
    public let namer: String?
    public let version: Int
}

/// Writes and reads what decides who may do what. The pages of other slices write it through here.
public enum AccessStore {
    // MARK: - Facts

    /// What is known now of an account and a person.
    static func facts(
        of account: String, roles: Set<String>, about subject: String, at now: Instant, in tx: any Transaction
    )
        throws -> Facts
    {
        var facts = Facts(roles: Set(roles.compactMap(Role.init(rawValue:))))
        try tx.each(
            """
            SELECT kind, starts FROM relationship
            WHERE account = \(account) AND subject = \(subject) AND starts <= \(now) AND (ends IS NULL OR ends > \(now))
            """
        ) { row in
            if let kind = RelationshipKind(rawValue: try row.get("kind")) {
                facts.relationships.insert(.init(kind, starts: try row.get("starts")))
            }
        }
        try tx.each(
            """
            SELECT extent FROM restriction
            WHERE (account = \(account) OR account IN (\(namers(of: "\(account)", to: "\(subject)", at: now))))
                AND subject = \(subject) AND decided <= \(now) AND (ended IS NULL OR ended > \(now))
            """
        ) { row in if let extent = Extent(rawValue: try row.get("extent")) { facts.restrictions.insert(extent) } }
        try tx.each(
            """
            SELECT label, decided FROM subject_label
            WHERE subject = \(subject) AND decided <= \(now) AND (ended IS NULL OR ended > \(now))
            """
        ) { row in if let label = Label(rawValue: try row.get("label")) { facts.labels[label] = try row.get("decided") }
        }
        if let row = try tx.row("SELECT rights_pass FROM access_subject WHERE id = \(subject)") {
            facts.haveRightsPassed = try row.get("rights_pass", as: Day.self) <= now.dayInEngland
        }
        try tx.each("\(represents(by: account, at: now)) AND acts.subject = \(subject)") { row in
            if let matter = Matter(rawValue: try row.get("matter")) { facts.represents.insert(matter) }
        }
        return facts
    }

    /// Whoever let this account act for them: what keeps them away keeps it away too.
    static func namers(of account: SQL, to subject: SQL, at now: Instant) -> SQL {
        """
        SELECT named_by FROM relationship
        WHERE account = \(account) AND subject = \(subject) AND starts <= \(now) AND (ends IS NULL OR ends > \(now))
            AND named_by IS NOT NULL
        """
    }

    // MARK: - Changes

    /// Makes a person known to the policy, or notes that their birthday was put right.
    ///
    /// - Throws: `Malformed` where a day of birth cannot be that of anybody with rights to pass.
    public static func keep(subject: String, born: Day, in tx: any WriteTransaction) throws {
        guard let day = RightsPass.day(born: born) else {
            throw Malformed(wanted: "a day of birth", reason: "it lies too far away")
        }
        try tx.run(
            """
            INSERT INTO access_subject (id, rights_pass) VALUES (\(subject), \(day))
            ON CONFLICT (id) DO UPDATE SET rights_pass = CASE
                WHEN access_subject.rights_pass = \(never) AND EXISTS (SELECT 1 FROM subject_label mark
                    WHERE mark.subject = access_subject.id AND mark.label = \(Label.died) AND mark.ended IS NULL)
                THEN access_subject.rights_pass ELSE excluded.rights_pass END
            """)
        tx.record(Event("access.subject-kept", subject: subject))
    }

    /// Forgets a person of whom nothing is left.
    public static func forget(subject: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM access_subject WHERE id = \(subject)")
    }

    /// Adds an account without a password, or gives it another name; by its login it is the same.
    ///
    /// - Parameter about: what the account is for, in a few words.
    public static func keepAccount(
        _ id: String, login: String, name: String, about: String, in tx: any WriteTransaction
    ) throws {
        try AccountStore.keep(id, login: login, name: name, about: about, in: tx)
    }

    /// Gives an account a role, from now on; once, however often it is said.
    public static func grant(
        _ role: Role, to account: String, team: String = "", until ends: Instant? = nil, in tx: any WriteTransaction
    ) throws {
        let held = try tx.row(
            """
            SELECT id FROM role_grant WHERE account = \(account) AND role = \(role) AND team = \(team)
                AND (ends IS NULL OR ends > \(tx.now))
            """)
        guard held == nil else { return }
        try tx.run(
            """
            INSERT INTO role_grant (id, account, role, team, starts, ends)
            VALUES (\(newID), \(account), \(role), \(team), \(tx.now), \(ends))
            """)
        tx.record(Event("role.granted", subject: account, detail: "role=\(role.rawValue)"))
    }

    /// Takes a role away, at once.
    public static func revoke(_ role: Role, from account: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE role_grant SET ends = \(tx.now)
            WHERE account = \(account) AND role = \(role) AND (ends IS NULL OR ends > \(tx.now))
            """)
        tx.record(Event("role.revoked", subject: account, detail: "role=\(role.rawValue)"))
    }

    /// Notes a relationship; once, however often it is said.
    ///
    /// - Parameters:
    ///   - starts: nil for now.
    ///   - ends: nil for parents and for oneself alone: whatever else is between people ends some day, so that nobody
    ///     keeps what was forgotten to be taken away.
    ///   - namer: who lets them act, for a delegate: whatever keeps that account away keeps this one away.
    /// - Throws: `Malformed` where an end is missing.
    public static func relate(
        _ account: String, to subject: String, as kind: RelationshipKind, from starts: Instant? = nil,
        until ends: Instant? = nil, namedBy namer: String? = nil, evidence: String, in tx: any WriteTransaction
    ) throws {
        if ends == nil, ![.parent, .self_].contains(kind) {
            throw Malformed(wanted: "the day on which it ends", reason: "only a parent’s and one’s own have none")
        }
        let held = try tx.row(
            """
            SELECT id FROM relationship WHERE account = \(account) AND subject = \(subject) AND kind = \(kind)
                AND (ends IS NULL OR ends > \(tx.now) OR starts = \(starts ?? tx.now))
            """)
        guard held == nil else { return }
        try tx.run(
            """
            INSERT INTO relationship (id, account, subject, kind, starts, ends, named_by, evidence, version)
            VALUES (
                \(newID), \(account), \(subject), \(kind), \(starts ?? tx.now), \(ends), \(namer), \(evidence), 1)
            """)
        tx.record(Event("relationship.added", subject: subject, detail: "kind=\(kind.rawValue);account=\(account)"))
    }

    /// Ends a relationship, at once.
    public static func end(_ relationship: Relationship, in tx: any WriteTransaction) throws {
        try tx.run(
            "UPDATE relationship SET ends = \(tx.now), version = version + 1 WHERE id = \(relationship.id)")
        tx.record(
            Event(
                "relationship.ended", subject: relationship.subject,
                detail: "kind=\(relationship.kind.rawValue);account=\(relationship.account)"))
    }

    /// Lets a relationship last until then, longer or shorter than it did.
    public static func last(
        _ relationship: Relationship, until ends: Instant, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            "UPDATE relationship SET ends = \(ends), version = version + 1 WHERE id = \(relationship.id)")
        tx.record(
            Event(
                "relationship.lasts", subject: relationship.subject,
                detail: "kind=\(relationship.kind.rawValue);account=\(relationship.account);until=\(ends.iso)"))
    }

    public static func relationship(_ id: String, in tx: any Transaction) throws -> Relationship? {
        try tx.row("SELECT \(columns) FROM relationship WHERE id = \(id)").map(relationship)
    }

    /// The relationships to a person, past ones too, the newest first.
    public static func relationships(to subject: String, in tx: any Transaction) throws -> [Relationship] {
        try tx.rows("SELECT \(columns) FROM relationship WHERE subject = \(subject) ORDER BY starts DESC, id")
            .map(relationship)
    }

    /// Why somebody is kept from a record.
    public enum Ground: String, CaseIterable, Sendable, Storable {
        case order, refuge, police, socialWork = "social-work"
    }

    /// Keeps a named person from what could tell where somebody is, or from all of it.
    public static func restrict(
        _ account: String, from subject: String, _ extent: Extent, ground: Ground, decider: String, evidence: String,
        decided: Instant, review: Day, in tx: any WriteTransaction
    ) throws {
        let held = try tx.row(
            """
            SELECT id FROM restriction WHERE account = \(account) AND subject = \(subject) AND extent = \(extent)
                AND ended IS NULL
            """)
        guard held == nil else { return }
        try tx.run(
            """
            INSERT INTO restriction (id, account, subject, extent, ground, decider, evidence, decided, review)
            VALUES (
                \(newID), \(account), \(subject), \(extent), \(ground), \(decider), \(evidence), \(decided), \(review))
            """)
        tx.record(Event("restriction.added", subject: subject, detail: "extent=\(extent.rawValue);account=\(account)"))
    }

    public static func label(_ subject: String, _ label: Label, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO subject_label (subject, label, decided) VALUES (\(subject), \(label), \(tx.now))
            ON CONFLICT (subject, label) DO UPDATE SET decided = excluded.decided, ended = NULL
            """)
        tx.record(Event("label.set", subject: subject, detail: "label=\(label.rawValue)"))
    }

    public static func remove(_ label: Label, of subject: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE subject_label SET ended = \(tx.now) WHERE subject = \(subject) AND label = \(label)")
        tx.record(Event("label.ended", subject: subject, detail: "label=\(label.rawValue)"))
    }

    /// Whether what is sent about somebody has to be read by a second person first: they are adopted or protected.
    public static func needsSecondPerson(_ subject: String, at now: Instant, in tx: any Transaction) throws -> Bool {
        let labels = try facts(of: "", roles: [], about: subject, at: now, in: tx).labels
        return labels[.adoption] != nil || labels[.protected] != nil
    }

    // MARK: - Links

    /// Leads an identifier to the person it is, where there is such a person.
    public static func person(_ subject: String) -> SQL {
        "SELECT id AS person FROM access_subject WHERE id = \(subject)"
    }

    /// Whether whoever reads the mail of this address may be shown these classes of a person without signing in: not
    /// where the record is closed by a label, nor, where an account has this address, what that would not be shown.
    public static func mayBeTold(
        _ classes: [DataClass], of subject: String, at address: String, _ policy: Policy, _ now: Instant,
        in tx: any Transaction
    ) throws -> Bool {
        guard let account = try AccountStore.account(login: address, in: tx) else {
            return try facts(of: "", roles: [], about: subject, at: now, in: tx).labels.isEmpty
        }
        let roles = Set(try VisitorStore.roles(of: account.id, at: now, in: tx))
        let facts = try facts(of: account.id, roles: roles, about: subject, at: now, in: tx)
        return facts.labels.isEmpty && policy.decide(.see, facts).permits(classes)
    }

    /// Whether a recorded decision keeps anybody from a person, or from where they are.
    public static func isSomebodyKept(from subject: String, at now: Instant, in tx: any Transaction) throws -> Bool {
        try tx.row(
            """
            SELECT id FROM restriction
            WHERE subject = \(subject) AND decided <= \(now) AND (ended IS NULL OR ended > \(now)) LIMIT 1
            """) != nil
    }

    static var newID: String { Sodium.hex(Sodium.random(16)) }
    private static let columns: SQL = "id, account, subject, kind, starts, ends, evidence, named_by, version"

    private static func relationship(_ row: Storage.Row) throws -> Relationship {
        Relationship(
            id: try row.get("id"), account: try row.get("account"), subject: try row.get("subject"),
            kind: try row.get("kind"), starts: try row.get("starts"), ends: try row.optional("ends"),
            evidence: try row.get("evidence"), namer: try row.optional("named_by"), version: try row.get("version"))
    }
}

extension Role: Storable {}
extension RelationshipKind: Storable {}
extension Extent: Storable {}
extension Label: Storable {}
