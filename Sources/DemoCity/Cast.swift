import Access
import AccessServer
import Kernel
import People
import PeopleServer
import Storage

/// The invented people of the demonstration, who are also the cast of the tests: accounts without passwords, persons,
/// and how they stand to each other.
public struct Cast: Sendable {
    private let accounts, people, relationships, restrictions: Table

    /// - Throws: a fault of the shipped files.
    public init(_ share: Share) throws {
        accounts = try Table(
            share.bytes("demo/cast-accounts.csv"), required: ["id", "login", "name", "roles", "about"])
        people = try Table(
            share.bytes("demo/cast-people.csv"),
            required: ["id", "given", "family", "born", "address", "postcode", "telephone", "setting"])
        relationships = try Table(
            share.bytes("demo/cast-relationships.csv"),
            required: ["account", "person", "kind", "from", "to", "evidence"])
        restrictions = try Table(
            share.bytes("demo/cast-restrictions.csv"),
            required: ["account", "person", "extent", "ground", "decider", "evidence", "decided", "review"])
    }

    /// Puts them in the database; what is there already is left alone.
    ///
    /// - Throws: `Malformed` where a code of the shipped files is not known; a fault of the database.
    public func prepare(in tx: any WriteTransaction) throws {
        for row in accounts.rows {
            let id = try row.get("id")
            try AccessStore.keepAccount(
                id, login: row.get("login"), name: row.get("name"), about: row.get("about"), in: tx)
            for code in try row.get("roles").split(separator: " ") {
                try AccessStore.grant(Cast.code(code, Role.self), to: id, in: tx)
            }
        }
        for row in people.rows {
            let person = Person(
                id: ID(try row.get("id")), given: try row.get("given"), family: try row.get("family"),
                born: try Day(iso: row.get("born")), version: 1)
            let whereabouts = Whereabouts(
                address: try row.get("address"), postcode: try row.get("postcode"),
                telephone: try row.get("telephone"), setting: try row.get("setting"))
            try People.keep(person, whereabouts, in: tx)
        }
        for row in relationships.rows {
            let kind = try Cast.code(row.get("kind"), RelationshipKind.self)
            try AccessStore.relate(
                row.get("account"), to: row.get("person"), as: kind, from: Cast.moment(row.get("from")),
                until: Cast.end(row, kind, made: tx.now), evidence: row.get("evidence"), in: tx)
        }
        for row in restrictions.rows {
            try AccessStore.restrict(
                row.get("account"), from: row.get("person"), Cast.code(row.get("extent"), Extent.self),
                ground: Cast.code(row.get("ground"), AccessStore.Ground.self), decider: row.get("decider"),
                evidence: row.get("evidence"), decided: Cast.moment(row.get("decided")),
                review: Day(iso: row.get("review")), in: tx)
        }
    }

    /// When a relationship ends: a demonstration made later than its story lasts a year all the same, but for what ends
    /// by law, with a carer’s order.
    private static func end(_ row: Table.Row, _ kind: RelationshipKind, made: Instant) throws -> Instant? {
        guard let written = row.optional("to") else { return nil }
        let end = try moment(written)
        return kind == .carer ? end : max(end, made.adding(milliseconds: 366 * 86_400_000))
    }

    private static func moment(_ day: String) throws -> Instant { try Instant(iso: day + "T00:00:00.000Z") }

    private static func code<Code: RawRepresentable<String>>(
        _ text: some StringProtocol, _ kind: Code.Type
    ) throws -> Code {
        guard let code = Code(rawValue: String(text)) else {
            throw Malformed(wanted: "a code of \(kind)", given: text, reason: "it is not known")
        }
        return code
    }
}
