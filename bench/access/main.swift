import Access
import AccessServer
import DemoCity
import Foundation
import Kernel
import PeopleServer
import Storage
import TestKit
import Web

/// Measures what deciding on access costs: bench-access FOLDER [postgres://…]. See bench/RESULTS.md.

let clock = WallClock { Instant(milliseconds: Int(Date.now.timeIntervalSince1970 * 1000)) }

func milliseconds(_ body: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await body()
    return (ContinuousClock.now - start) / .milliseconds(1)
}

/// The median and the 99th in a hundred of so many tries, in milliseconds.
func spread(_ count: Int, _ body: () async throws -> Void) async rethrows -> (p50: Double, p99: Double) {
    var times: [Double] = []
    for _ in 0..<count { times.append(try await milliseconds(body)) }
    times.sort()
    return (times[count / 2], times[count * 99 / 100])
}

func shown(_ figure: Double) -> String { String(format: "%.3f", figure) }

/// Decisions in memory: every class of one person each, for facts put down by chance.
func decisions(_ policy: Policy) {
    let facts = (0..<1000).map { _ in
        Facts(
            roles: [Role.allCases.randomElement() ?? .family],
            relationships: [.init(RelationshipKind.allCases.randomElement() ?? .parent, starts: clock.now())],
            restrictions: Int.random(in: 0..<5) == 0 ? [.location] : [], haveRightsPassed: Bool.random())
    }
    let start = ContinuousClock.now
    var permitted = 0
    for turn in 0..<100_000 { permitted += policy.decide(.see, facts[turn % 1000]).permitted.count }
    let rate = 100_000 / ((ContinuousClock.now - start) / .seconds(1))
    print("decisions in memory, \(DataClass.allCases.count) classes each\t\(Int(rate))/s\t(\(permitted) permitted)")
}

/// The same page of a person, with the policy and the journal and without either; and how many persons the filter lets
/// through in a second.
func pages(_ policy: Policy) -> Slice {
    @Sendable func page(_ row: Row?) throws -> Reply {
        guard let row else { return .notFound }
        let (name, place): (String, String) = (try row.get("given"), try row.get("address"))
        return .page(Page(name, "<h1>\(name)</h1><p>\(place)</p>"))
    }
    let see = Action(
        "bench.see", .see, classes: ["identity", "location"],
        path: PersonPath { "SELECT id AS person FROM person WHERE id = \($0)" })
    return Slice(
        "Bench", migrations: [], actions: [see],
        routes: [
            .get("/bench/plain/{person}", may: .anyone) { visit in
                let id = visit.parameter("person")
                return try page(
                    await visit.read { tx in
                        try tx.row(
                            """
                            SELECT given, address FROM person JOIN whereabouts ON person = person.id
                            WHERE person.id = \(id)
                            """)
                    })
            },
            .get("/bench/policed/{person}", may: .act(see, on: "person")) { visit in
                let (id, scope) = (visit.parameter("person"), visit.scope)
                return try page(
                    await visit.look { tx in
                        let row = try tx.row(
                            """
                            SELECT given, address FROM person JOIN whereabouts ON person = person.id
                            WHERE person.id = \(id) AND \(policy.people(.see, .identity, for: scope, column: "person.id"))
                                AND \(policy.people(.see, .location, for: scope, column: "person.id"))
                            """)
                        return (row, [Event("person.seen", subject: id, detail: "classes=identity,location")])
                    })
            },
            .get("/bench/count", may: .signedIn) { visit in
                let scope = visit.scope
                let count: Int = try await visit.read { tx in
                    try tx.row(
                        """
                        SELECT COUNT(*) AS n FROM (\(Policy.related(to: scope))) near
                        JOIN person ON person.id = near.subject
                        WHERE \(policy.people(.see, .education, for: scope, column: "person.id"))
                        """)?.get("n") ?? 0
                }
                return .page(Page("Count", "<p id=\"n\">\(count)</p>"))
            },
        ])
}

/// Fills up to so many relationships, four to a person; 20 of the persons are Helen’s, and a tenth are Tom’s.
func grow(_ database: any Database, to relationships: Int) async throws {
    let persons = relationships / 4
    let (began, today) = (clock.now(), clock.today)
    try await database.write(for: .operation) { tx in
        tx.record(.housekeeping)
        let numbers: SQL = """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(persons))
            """
        for (table, column) in [
            ("relationship", "subject"), ("whereabouts", "person"), ("access_subject", "id"), ("person", "id"),
        ] as [(SQL, SQL)] { try tx.run("DELETE FROM \(table) WHERE \(column) LIKE 'grown-%'") }
        try tx.run(
            """
            INSERT INTO person (id, given, family, born, version)
            \(numbers) SELECT 'grown-' || i, 'Grown', 'Person ' || i, '2016-01-01', 1 FROM n
            """)
        try tx.run("INSERT INTO access_subject (id, rights_pass) \(numbers) SELECT 'grown-' || i, '2032-06-26' FROM n")
        try tx.run(
            """
            INSERT INTO whereabouts (person, address, postcode, telephone, setting)
            \(numbers) SELECT 'grown-' || i, i || ' Invented Row', 'B11 9ZZ', '', '' FROM n
            """)
        for kind in 0..<4 {
            let (account, relation): (SQL, RelationshipKind) =
                switch kind {
                case 0: ("CASE WHEN i <= 20 THEN 'helen' ELSE 'school-' || (i % 500) END", .onRoll)
                case 1: ("CASE WHEN i % 10 = 0 THEN 'tom' ELSE 'staff-' || (i % 900) END", .onRoll)
                case 2: ("'officer-' || (i % 60)", .caseTeam)
                default: ("'parent-' || i", .parent)
                }
            try tx.run(
                """
                INSERT INTO relationship (id, account, subject, kind, starts, ends, evidence, version)
                \(numbers) SELECT 'r\(SQL(stringLiteral: String(kind)))-' || i, \(account), 'grown-' || i,
                    \(relation.rawValue), \(began.adding(milliseconds: -1000)),
                    \(Instant(startOf: today + .days(300))), 'made for a measurement', 1 FROM n
                """)
        }
    }
    if database.engine == "postgres" {
        try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            try tx.run("ANALYZE")
        }
    }
}

func measure(_ database: any Database) async throws {
    try await database.migrate(StorageSchema.migrations + access.migrations + people.migrations)
    let cast = try Cast(TestApp.share)
    try await database.write(for: .operation) { tx in
        try cast.prepare(in: tx)
        try Settings.set(Settings.demonstration, to: "Birmingham", in: tx)
    }
    let policy = try Policy(TestApp.share.bytes("access/policy.csv"))
    let app = try await TestApp(
        [access, people, pages(policy)], on: database, gate: AccessGate(database, policy: policy), clock: clock)
    func signedIn(_ name: String) async throws -> [String: String] {
        let page = await app.send(Request(method: "GET", path: "/demo/people", client: "127.0.0.1"))
        let token = page.text.components(between: "name=\"form-token\" value=\"", and: "\"").first ?? ""
        let body = Query([("form-token", token), ("account", name)]).text
        let answer = await app.send(
            Request(
                method: "POST", path: "/demo/sign-ins", contentType: "application/x-www-form-urlencoded",
                client: "127.0.0.1", body: Array(body.utf8)))
        let cookie = answer.header("Set-Cookie")?.components(between: "=", and: ";").first ?? ""
        return [Reply.sessionCookie: cookie]
    }
    let (helen, tom, nadia) = (try await signedIn("helen"), try await signedIn("tom"), try await signedIn("nadia"))
    func page(_ address: String, _ cookies: [String: String], tries: Int) async throws -> (Double, Double, Answer) {
        let last = try await app.get(address, cookies: cookies)
        guard last.status == 200 else { throw BadAnswer(address: address, status: last.status) }
        let times = try await spread(tries) { _ = try await app.get(address, cookies: cookies) }
        return (times.p50, times.p99, last)
    }
    for count in [1000, 100_000, 1_000_000] {
        try await grow(database, to: count)
        let list = try await page("/people", helen, tries: 200)
        let all = try await page("/bench/count", tom, tries: 5)
        let found = Double(all.2.text.components(between: "<p id=\"n\">", and: "<").first ?? "") ?? 0
        // A list without its persons, or a filter that lets nobody through, is no measurement.
        let listed = list.2.text.components(between: "href=\"/people/", and: "\"").count
        guard listed >= 22, found > 0 else { throw BadAnswer(address: "/people of \(listed), \(found)", status: 200) }
        print(
            "\(database.engine)\t\(count) relationships\tlist of 22: p50 \(shown(list.0)) ms, p99 \(shown(list.1)) ms\t"
                + "filter: \(Int(found)) persons, \(Int(found / (all.0 / 1000)))/s")
    }
    try await tell(database, app, tom)
    let plain = try await page("/bench/plain/amina", [:], tries: 1000)
    let policed = try await page("/bench/policed/amina", nadia, tries: 1000)
    print(
        "\(database.engine)\ta page of a person\tplain p50 \(shown(plain.0)) ms\twith policy and journal "
            + "\(shown(policed.0)) ms\tmore \(shown(policed.0 - plain.0)) ms")
}

/// Whether the time of “not found” tells what is hidden from what is not there: one after the other, in turns.
func tell(_ database: any Database, _ app: TestApp, _ cookies: [String: String]) async throws {
    var (hidden, absent): ([Double], [Double]) = ([], [])
    for turn in 0..<2000 {
        for isHidden in turn % 2 == 0 ? [true, false] : [false, true] {
            let address = isHidden ? "/people/amina" : "/people/nobody-at-all"
            let time = try await milliseconds {
                let answer = try await app.get(address, cookies: cookies)
                guard answer.status == 404 else { throw BadAnswer(address: address, status: answer.status) }
            }
            if isHidden { hidden.append(time) } else { absent.append(time) }
        }
    }
    hidden.sort()
    absent.sort()
    // Of all pairs, in how many the hidden one took longer: a half where nothing can be told.
    var longer = 0.0
    var at = 0
    for time in hidden {
        while at < absent.count, absent[at] < time { at += 1 }
        longer += Double(at)
    }
    let share = longer / Double(hidden.count * absent.count)
    print(
        "\(database.engine)\tnot found\thidden p50 \(shown(hidden[1000])) ms\tabsent p50 \(shown(absent[1000])) ms\t"
            + "hidden took longer in \(shown(share * 100)) % of pairs")
}

struct BadAnswer: Error {
    let address: String
    let status: Int
}

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
    print("bench-access FOLDER [postgres://…]")
    exit(64)
}
decisions(try Policy(TestApp.share.bytes("access/policy.csv")))
try await measure(try SQLite(path: arguments[1] + "/bench.sqlite", clock: clock))
if arguments.count > 2 { try await measure(try await Postgres(address: arguments[2], clock: clock)) }
