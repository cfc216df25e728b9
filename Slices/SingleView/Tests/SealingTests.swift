import Access
@testable import AccessServer
import Kernel
import Linkage
import People
import PeopleServer
import SingleView
@testable import SingleViewServer
import Storage
import TestKit
import Testing
import Web

/// What was sealed leads nowhere: not by batch, live index, review, explanation, extract or question (INF-4, SAF-2).
@Suite("A sealed set (SAF-2)")
struct SealingTests {
    /// A word that stands in what is sealed and nowhere else.
    private static let canary = "Zzcanary"
    private static let reason = "The order of the family court of 3 November 2026, made by the judge"
    private static let roles: [String: Role] = [
        "sue": .safeguardingLead, "dan": .dataProtectionOfficer, "ruth": .recordKeeper, "rose": .recordKeeper,
        "grace": .teamManager, "clara": .commissioner, "priya": .caseOfficer,
    ]

    /// Somebody with two records whom nothing may lead to, and somebody else who looks like them.
    private func world(_ engine: Engine = .sqlite) async throws -> ReviewWorld {
        let world = try await ReviewWorld(engine, roles: Self.roles)
        try await world.person("p1", given: Self.canary, family: "Before")
        try await world.record(
            1, of: "p1", given: Self.canary, family: "Before",
            more: [("upn", "H801200001001"), ("postcode", "B11 9ZZ")])
        try await world.record(
            2, of: "p1", source: "camhs", given: Self.canary, family: "Before", more: [("nhs_number", "9999994199")])
        try await world.person("p2", given: "Zora", family: "Before")
        try await world.record(3, of: "p2", source: "social-care", given: "Zora", family: "Before")
        try await world.doubt(2, 3, .join)
        return world
    }

    private func seal(_ world: ReviewWorld, _ person: String = "p1") async throws {
        let page = try await world.get("/sealed-sets/new", as: "sue")
        let asked = try await world.app.post(
            "/sealed-sets", ["person": person, "ground": "adoption", "reason": Self.reason], from: page,
            cookies: world.cookies("sue"))
        #expect(asked.status == 303)
        #expect(try await decide("approved", world, as: "dan") == 303)
    }

    private func decide(_ verdict: String, _ world: ReviewWorld, as name: String) async throws -> Int {
        let page = try await world.get("/sealed-sets", as: name)
        let path = page.text.components(between: "action=\"/sealed-sets/requests/", and: "\"").first ?? "none"
        return try await world.app.post(
            "/sealed-sets/requests/\(path)", ["verdict": verdict], from: page, cookies: world.cookies(name)
        ).status
    }

    private func compartments(_ world: ReviewWorld) async throws -> [String] {
        try await world.database.read { tx in
            try tx.rows("SELECT compartment FROM held_record ORDER BY number").map { try $0.get("compartment") }
        }
    }

    @Test("takes two people, and neither alone", arguments: Engine.allCases)
    func two(_ engine: Engine) async throws {
        let world = try await world(engine)
        let page = try await world.get("/sealed-sets/new", as: "sue")
        _ = try await world.app.post(
            "/sealed-sets", ["person": "p1", "ground": "adoption", "reason": Self.reason], from: page,
            cookies: world.cookies("sue"))
        let own = try await world.get("/sealed-sets", as: "sue")
        #expect(own.words.contains("You asked for this, so somebody else decides"))
        let request = try await world.database.read { try $0.row("SELECT id FROM sealing")?.get("id", as: String.self) }
        try await world.write { tx in
            let alone = try Sealings.decide(request ?? "", by: "sue", .approved, in: tx)
            #expect(!alone)
        }
        #expect(try await compartments(world).allSatisfy(\.isEmpty))
        #expect(try await decide("approved", world, as: "dan") == 303)
        let sealed = try await compartments(world)
        #expect(!sealed[0].isEmpty && sealed[0] == sealed[1] && sealed[2].isEmpty)
    }

    @Test func `is asked for with a ground and a reason that another can decide by`() async throws {
        let world = try await world()
        let page = try await world.get("/sealed-sets/new", as: "sue")
        for fields in [
            ["person": "nobody", "ground": "adoption", "reason": Self.reason],
            ["person": "p1", "ground": "whim", "reason": Self.reason],
            ["person": "p1", "ground": "adoption", "reason": "short"],
        ] {
            let answer = try await world.app.post("/sealed-sets", fields, from: page, cookies: world.cookies("sue"))
            #expect(answer.status == 422 && answer.words.contains("There is a problem"))
        }
        #expect(try await world.get("/sealed-sets", as: "ruth").status == 404)
        #expect(try await world.get("/sealed-sets/new", as: "dan").status == 404)
    }

    @Test("shows on no page and in no count of those who keep the records", arguments: Engine.allCases)
    func canary(_ engine: Engine) async throws {
        let world = try await world(engine)
        let before = try await world.get("/review", as: "ruth")
        #expect(before.words.contains("1 pair waits"))
        try await seal(world)
        let pages = [
            (
                "ruth",
                ["/review", "/review/next", "/review/changes", "/review/quality", "/review/models", "/review/find"]
            ),
            ("ruth", ["/feeds", "/feeds/school-census", "/feeds/camhs", "/feeds/camhs/refused", "/people/p1/links"]),
            ("grace", ["/leads", "/leads/p1", "/people", "/people/p1", "/people/p1/held", "/sealed-sets"]),
            ("dan", ["/sealed-sets", "/people", "/people/p1", "/people/p1/held.json"]),
            ("priya", ["/people", "/people/p1", "/people/p1/held", "/people/p1/links", "/feeds"]),
            ("clara", ["/review/quality", "/feeds"]),
        ]
        for (name, paths) in pages {
            for path in paths {
                let page = try await world.get(path, as: name)
                #expect(!page.text.contains(Self.canary), "\(path) as \(name)")
            }
        }
        #expect(try await world.get("/review", as: "ruth").words.contains("Nothing waits to be decided"))
        let left = try await world.database.read { tx in
            try tx.row("SELECT COUNT(*) AS n FROM doubt")?.get("n", as: Int.self)
        }
        #expect(left == 0)
    }

    @Test func `is found by no question, however well one knows what was`() async throws {
        let world = try await world()
        let asked = ["given": Self.canary, "family": "Before", "upn": "H801200001001", "nhs_number": "9999994199"]
        func ask() async throws -> String {
            let page = try await world.get("/review/find", as: "ruth")
            return try await world.app.post("/review/find", asked, from: page, cookies: world.cookies("ruth")).words
        }
        #expect(try await ask().contains("\(Self.canary) Before, born"))
        try await seal(world)
        let after = try await ask()
        #expect(after.contains("Nobody is found") || !after.contains("\(Self.canary) Before, born"))
        #expect(!after.contains("1 child") && !after.contains("One child"))
    }

    @Test("leaves the index of a server that runs, and comes back to it", arguments: Engine.allCases)
    func index(_ engine: Engine) async throws {
        let world = try await world(engine)
        let index = LinkIndex(TestApp.share)
        #expect(try await index.follow(world.database).count == 3)
        try await seal(world)
        #expect(try await index.follow(world.database).count == 1)
        let set = try #require(try await compartments(world).first)
        let page = try await world.get("/sealed-sets/\(set)/unsealing", as: "sue")
        _ = try await world.app.post(
            "/sealed-sets/\(set)/unsealing", ["reason": Self.reason], from: page, cookies: world.cookies("sue"))
        #expect(try await decide("approved", world, as: "dan") == 303)
        #expect(try await index.follow(world.database).count == 3)
    }

    @Test func `is not joined by what an agency sends anew of the old name, nor by the old numbers`() async throws {
        let world = try await world()
        try await seal(world)
        try await world.record(
            9, of: nil, source: "community-trust", given: Self.canary, family: "After",
            more: [("nhs_number", "9999994199"), ("postcode", "B11 9ZZ")])
        _ = try await Linking(world.database, share: TestApp.share).run()
        let owner = try #require(try await world.owner(9))
        #expect(owner != "p1" && owner != "p2")
        let doubts = try await world.database.read { tx in
            try tx.row("SELECT COUNT(*) AS n FROM doubt WHERE one IN (1, 2) OR other IN (1, 2)")?.get("n", as: Int.self)
        }
        #expect(doubts == 0)
    }

    @Test func `keeps the record of an extract that still has the old row, and says nothing of whose it is`()
        async throws
    {
        let world = try await world()
        try await seal(world)
        let intake = try Intake(world.database, share: TestApp.share, today: "2026-11-24")
        let text =
            "record_id,given,family,born,sex,postcode,address\nr2,\(Self.canary),Changed,2016-03-02,F,B11 9ZZ,1 Row\n"
        let report = try await intake.take(Array(text.utf8), name: "camhs_2026-11-20.csv")
        #expect(report.changed == 1)
        #expect(try await !compartments(world)[1].isEmpty)
        let entries = try await world.database.read { try Journal.entries(about: "p1", limit: 50, in: $0) }
        #expect(!entries.contains { $0.kind == SingleViewEvents.changed })
        _ = try await Linking(world.database, share: TestApp.share).run()
        #expect(try await world.owner(2) == "p1")
        for path in ["/feeds/camhs", "/feeds/camhs/refused", "/review", "/review/next"] {
            #expect(try await !world.get(path, as: "ruth").text.contains(Self.canary), "\(path)")
        }
    }

    @Test("opened for good by two, is what it was before", arguments: Engine.allCases)
    func unsealed(_ engine: Engine) async throws {
        let world = try await world(engine)
        try await world.write { tx in
            tx.record(Event("test"))
            try LinkStore.keep(best: [(1, 2, 0.97), (2, 1, 0.97)], model: "m1", in: tx)
            try tx.run("DELETE FROM doubt")
        }
        let hidden = ["sealing", "sealed_set", "subject_label", "outbox", "job", "silence"]
        func dump() async throws -> [String] {
            try await world.dump().filter { line in !hidden.contains { line.hasPrefix("\($0):") } }
        }
        let before = try await dump()
        try await seal(world)
        #expect(try await dump() != before)
        let set = try #require(try await compartments(world).first)
        let page = try await world.get("/sealed-sets/\(set)/unsealing", as: "sue")
        _ = try await world.app.post(
            "/sealed-sets/\(set)/unsealing", ["reason": Self.reason], from: page, cookies: world.cookies("sue"))
        _ = try await decide("approved", world, as: "dan")
        let after = try await dump().filter { !$0.hasPrefix("put_aside:") }
        #expect(Set(after).symmetricDifference(before) == [])
        let silent = try await world.database.read { try Silence.holds(about: "p1", in: $0) }
        #expect(!silent)
    }

    @Test func `stops every message about the person at once`() async throws {
        let world = try await world()
        try await world.write { tx in
            tx.record(Event("test"))
            try Outbox.post(
                .mail, to: "family@example.org", title: "A letter", body: "words", owner: "operator", about: "p1",
                in: tx)
        }
        try await seal(world)
        let state = try await world.database.read { tx in
            try tx.row("SELECT state FROM outbox WHERE recipient = 'family@example.org'")?.get("state", as: String.self)
        }
        #expect(state == "stopped")
    }

    @Test func `leads nowhere from who begins anew, to whom the program links nothing by itself`() async throws {
        let world = try await world()
        try await seal(world)
        let page = try await world.get("/sealed-sets/beginnings/new", as: "priya")
        let made = try await world.app.post(
            "/sealed-sets/beginnings",
            ["given": "Nora", "family": "After", "born": "2/3/2016", "label": "adoption", "until": "1/3/2027"],
            from: page, cookies: world.cookies("priya"))
        #expect(made.status == 303)
        let anew = String((made.header("Location") ?? "").split(separator: "/").last ?? "")
        try await world.record(
            10, of: nil, source: "early-years", given: "Nora", family: "After", more: [("nhs_number", "9999994199")])
        _ = try await Linking(world.database, share: TestApp.share).run()
        let owner = try #require(try await world.owner(10))
        #expect(owner != anew && owner != "p1")
        let entries = try await world.database.read { tx in
            try tx.rows("SELECT subject, detail FROM journal").map {
                "\(try $0.optional("subject", as: String.self) ?? "") \(try $0.get("detail", as: String.self))"
            }
        }
        #expect(!entries.contains { $0.contains("p1") && $0.contains(anew) })
    }
}
