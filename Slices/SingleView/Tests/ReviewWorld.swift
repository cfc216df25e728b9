import Access
@testable import AccessServer
import Kernel
import LinksServer
import People
import PeopleServer
import SingleView
@testable import SingleViewServer
import Storage
import TestKit
import Web

/// A city with persons, records and doubts that a test puts there, and people who keep records.
struct ReviewWorld: Sendable {
    static let others = [access, links(for: []), people, singleView]
    static let slices = others + [reviewSlice(hanging: others.flatMap(\.hanging))]
    static let hanging = others.flatMap(\.hanging) + JoiningStore.hanging

    let app: TestApp
    private let tokens: [String: String]
    let book: FeedBook
    var database: any Database { app.database }

    /// - Parameter roles: the accounts there are.
    init(
        _ engine: Engine = .sqlite,
        roles: [String: Role] = ["ruth": .recordKeeper, "rose": .recordKeeper, "priya": .caseOfficer]
    ) async throws {
        let database = try await engine.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + ReviewWorld.slices.flatMap(\.migrations))
        tokens = try await database.write(for: .operation) { tx in
            var tokens: [String: String] = [:]
            for (name, role) in roles {
                try AccountStore.keep(name, login: "\(name)@example.org", name: name, in: tx)
                try AccessStore.grant(role, to: name, in: tx)
                tokens[name] = try SessionStore.begin(.whole, for: name, device: "a test", replacing: nil, in: tx)
            }
            return tokens
        }
        let policy = try Policy(TestApp.share.bytes("access/policy.csv"))
        app = try await TestApp(ReviewWorld.slices, on: database, gate: AccessGate(database, policy: policy))
        book = try FeedBook(TestApp.share)
    }

    // MARK: - What is there

    /// A record, linked to this person from the start.
    func record(
        _ number: Int, of person: String?, source: String = "school-census", given: String = "Amina",
        family: String = "Rahman", born: Day = "2016-03-02", more: [(String, String)] = [], compartment: String = ""
    ) async throws {
        try await write { tx in
            var adding = FeedStore.Adding(delivery: "d", asOf: "2026-11-01")
            try adding.add(number, source, .education, ref: "r\(number)", digest: "x", person: nil, in: tx)
            let cells = [("given", given), ("family", family), ("born", born.iso)] + more
            try adding.add(part: .identity, of: number, version: 1, Cells.text(cells), in: tx)
            try adding.finish(in: tx)
            if let person {
                try LinkStore.link([(number, person)], cause: "model", in: tx)
            } else {
                tx.record(Event("test"))
            }
            try tx.run("UPDATE held_record SET compartment = \(compartment) WHERE number = \(number)")
        }
    }

    func person(_ id: String, given: String = "Amina", family: String = "Rahman", isMade: Bool = true) async throws {
        try await write { tx in
            let person = Person(id: ID(id), given: given, family: family, born: "2016-03-02", version: 1)
            try People.keep(person, nil, in: tx)
            if isMade { try LinkStore.noteMade([id], in: tx) }
        }
    }

    /// Two persons with a record each, of whom somebody has to say whether they are one.
    func twoPersons(_ names: (String, String) = ("p1", "p2"), first: Int = 1, chance: Double = 0.5) async throws {
        for (index, name) in [names.0, names.1].enumerated() {
            try await person(name)
            try await record(first + index, of: name, source: index == 0 ? "school-census" : "camhs")
        }
        try await doubt(first, first + 1, .join, chance)
    }

    func doubt(_ one: Int, _ other: Int, _ kind: Doubt.Kind, _ chance: Double = 0.5) async throws {
        try await write { tx in
            tx.record(Event("test"))
            let worth = Worth.of(chance, isPart: kind == .part)
            try LinkStore.keep(
                [Doubt(one: one, other: other, kind: kind, chance: chance, worth: worth)], model: "m1", in: tx)
        }
    }

    func doubtID(_ one: Int, _ other: Int) async throws -> String {
        try await database.read { tx in
            try tx.row("SELECT id FROM doubt WHERE one = \(one) AND other = \(other)")?.get("id") ?? ""
        }
    }

    func write(_ body: @escaping @Sendable (any WriteTransaction) throws -> Void) async throws {
        try await database.write(for: .operation, body)
    }

    func owner(_ record: Int) async throws -> String? {
        try await database.read { tx in
            try tx.row("SELECT person FROM held_record WHERE number = \(record)")?.optional("person")
        }
    }

    /// Who compared this person’s records, as somebody who may see everything of them is shown it.
    func looks(at person: String) async throws -> [Look] {
        try await database.read { tx in
            try Looks.looks([ReviewEvents.compared], at: person, seeing: Set(DataClass.allCases), in: tx)
        }
    }

    /// Runs this with a store that joins and parts.
    func joining(_ body: @escaping @Sendable (JoiningStore) throws -> Void) async throws {
        let book = book
        try await write { tx in try body(JoiningStore(tx: tx, hanging: ReviewWorld.hanging, book: book)) }
    }

    // MARK: - By the site

    func cookies(_ name: String) -> [String: String] { [Reply.sessionCookie: tokens[name] ?? ""] }

    func get(_ address: String, as name: String) async throws -> Answer {
        try await app.get(address, cookies: cookies(name))
    }

    /// The next pair as this keeper gets it.
    func next(as name: String, _ way: String = "/review/next") async throws -> (address: String, page: Answer) {
        let address = try await get(way, as: name).header("Location") ?? ""
        return (address, try await get(address, as: name))
    }

    func say(
        _ verdict: String, reason: String = "", at pair: (address: String, page: Answer), as name: String
    ) async throws -> Answer {
        let path = pair.address.split(separator: "?")[0]
        let fields = ["verdict": verdict, "reason": reason]
        return try await app.post("\(path)/answers", fields, from: pair.page, cookies: cookies(name))
    }

    /// Takes back what the page offers to.
    func takeBack(on page: Answer, as name: String) async throws -> Answer {
        let path = page.text.components(between: "action=\"/review/answers/", and: "\"").first ?? "none"
        return try await app.post("/review/answers/\(path)", [:], from: page, cookies: cookies(name))
    }

    /// Every row of every table but the history, the versions and the journal.
    func dump() async throws -> [String] {
        let history: Set<String> = [
            "journal", "journal_before_chain", "membership", "person_change", "moved_row", "joined_subject",
            "migration",
            "receipt", "review_lease", "opinion", "link_decision", "decision_effect", "session", "setting", "job",
        ]
        var lines: [String] = []
        for table in try await database.tables() where !history.contains(table.name) {
            let columns = table.columns.filter { $0 != "version" }.sorted()
            let found = try await database.read { tx in
                let names = SQL.joined(columns.map { SQL(stringLiteral: $0) }, by: ", ")
                return try tx.rows("SELECT \(names) FROM \(SQL(stringLiteral: table.name))").map { row in
                    try columns.indices.map { "\(try row.value(at: $0))" }.joined(separator: "|")
                }
            }
            lines += found.map { "\(table.name): \($0)" }
        }
        return lines.sorted()
    }
}
