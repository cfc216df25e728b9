import Access
@testable import AccessServer
import Kernel
import People
import PeopleServer
import SingleView
@testable import SingleViewServer
import Storage
import TestKit
import Testing
import Web

/// Children whom several agencies know and nobody leads for (OFF-13): found by a published rule, looked at by a person.
@Suite("Children known to several and led for by nobody (OFF-13)")
struct LeadTests {
    private func world(_ engine: Engine = .sqlite) async throws -> ReviewWorld {
        let world = try await ReviewWorld(engine, roles: ["grace": .teamManager, "priya": .caseOfficer])
        try await world.person("p1")
        try await world.record(1, of: "p1")
        try await world.record(2, of: "p1", source: "camhs")
        return world
    }

    private func found(_ world: ReviewWorld, _ query: String = "") async throws -> Set<String> {
        let page = try await world.get("/leads\(query)", as: "grace")
        return Set(page.text.components(between: "href=\"/leads/", and: "\"").map { String($0) })
    }

    private func say(_ lead: String, of number: Int, in world: ReviewWorld) async throws {
        try await world.write { tx in
            tx.record(Event("test"))
            var adding = FeedStore.Adding(delivery: "d", asOf: "2026-11-01")
            try adding.add(
                part: .health, of: number, version: 1, Cells.text([("need_1", "SEMH"), ("lead", lead)]), in: tx)
            try adding.finish(in: tx)
        }
    }

    private func step(
        _ fields: [String: String], in world: ReviewWorld, person: String = "p1"
    ) async throws -> Answer {
        let page = try await world.get("/leads/\(person)", as: "grace")
        return try await world.app.post(
            "/leads/\(person)/steps", ["day": "24/11/2026"].merging(fields) { $1 }, from: page,
            cookies: world.cookies("grace"))
    }

    @Test("are those with records of two agencies, none of which names a lead", arguments: Engine.allCases)
    func rule(_ engine: Engine) async throws {
        let world = try await world(engine)
        try await world.person("p2")
        try await world.record(3, of: "p2")
        try await world.person("p3")
        try await world.record(4, of: "p3")
        try await world.record(5, of: "p3", source: "social-care")
        try await say("Dr Dove", of: 5, in: world)
        #expect(try await found(world) == ["p1"])
        #expect(try await found(world, "?agencies=3") == [])
        #expect(try await found(world, "?age=5-10") == ["p1"])
        #expect(try await found(world, "?age=16-25") == [])
    }

    @Test func `are not found by youth justice, by an early notice, or by what an agency no longer holds`() async throws
    {
        let world = try await ReviewWorld(roles: ["grace": .teamManager])
        for (person, source) in [("p1", "youth-offending"), ("p2", "notices"), ("p3", "camhs")] {
            let number = (Int(person.dropFirst()) ?? 0) * 10
            try await world.person(person)
            try await world.record(number, of: person)
            try await world.record(number + 1, of: person, source: source)
        }
        try await world.write { tx in
            tx.record(Event("test"))
            try tx.run("UPDATE held_record SET gone = '2026-11-20' WHERE number = 31")
        }
        #expect(try await found(world) == [])
    }

    @Test func `leave the list when they die, when a label closes their record, and from whoever is kept from them`()
        async throws
    {
        let changes: [(String, @Sendable (any WriteTransaction) throws -> Void)] = [
            ("death", { try AccessStore.label("p1", .died, in: $0) }),
            ("protected", { try AccessStore.label("p1", .protected, in: $0) }),
            ("adopted", { try AccessStore.label("p1", .adoption, in: $0) }),
            (
                "kept away",
                {
                    try AccessStore.restrict(
                        "grace", from: "p1", .all, ground: .order, decider: "a judge", evidence: "the order",
                        decided: Instant(startOf: "2026-11-01"), review: "2027-11-01", in: $0)
                }
            ),
        ]
        for (name, change) in changes {
            let world = try await world()
            try await world.write { tx in
                tx.record(Event("test"))
                try change(tx)
            }
            #expect(try await found(world) == [], "\(name)")
            #expect(try await world.get("/leads/p1", as: "grace").status == 404, "\(name)")
        }
    }

    @Test func `are looked at, offered a key worker, and leave the list until another agency comes to know them`()
        async throws
    {
        let world = try await world()
        let offered = try await step(
            ["state": "offered", "name": "Hana Dole", "words": "Somebody who speaks to all of them for you"], in: world)
        #expect(offered.status == 303)
        #expect(try await found(world) == [])
        try await world.record(6, of: "p1", source: "social-care")
        #expect(try await found(world) == ["p1"])
        let named = ["state": "named", "name": "Hana Dole", "role": "family worker", "telephone": "0121 496 0001"]
        #expect(try await step(named, in: world).status == 303)
        try await world.record(7, of: "p1", source: "early-years")
        #expect(try await found(world) == [])
        let page = try await world.get("/leads/p1", as: "grace")
        #expect(page.words.contains("A key worker is named") && page.words.contains("Hana Dole"))
    }

    @Test func `have a decision only with what it needs, said at the field`() async throws {
        let world = try await world()
        for (fields, words) in [
            (["state": "accepted"], "Choose what was decided"), (["state": "offered", "words": "x"], "who offers it"),
            (["state": "not-needed"], "why none is needed"), (["state": "led"], "who leads already"),
            (["state": "named", "name": "H", "role": "r"], "how the family reaches them"),
            (["state": "led", "name": "H", "day": "24/11/2030"], "yet to come"),
            (["state": "led", "name": "H", "day": "31/2/2026"], "31/8/2027"),
            (["state": "led", "name": String(repeating: "x", count: 101)], "100 characters"),
        ] {
            let answer = try await step(fields, in: world)
            #expect(answer.status == 422 && answer.words.contains(words), "\(fields)")
        }
        #expect(try await found(world) == ["p1"])
    }

    @Test func `have their newest decision taken back, and an old page changes nothing`() async throws {
        let world = try await world()
        let old = try await world.get("/leads/p1", as: "grace")
        #expect(try await step(["state": "not-needed", "words": "The family said so"], in: world).status == 303)
        let late = try await world.app.post(
            "/leads/p1/steps", ["state": "led", "name": "Hana", "day": "24/11/2026"], from: old,
            cookies: world.cookies("grace"))
        #expect(late.status == 412 || late.status == 409 || late.status == 422)
        let page = try await world.get("/leads/p1", as: "grace")
        let undone = try await world.app.post(
            "/leads/p1/withdrawals", [:], from: page, cookies: world.cookies("grace"))
        #expect(undone.status == 303)
        #expect(try await found(world) == ["p1"])
    }

    @Test func `are for the manager alone, whose look is noted; the rule is for everybody`() async throws {
        let world = try await world()
        #expect(try await world.get("/leads", as: "priya").status == 404)
        #expect(try await world.get("/leads/p1", as: "priya").status == 404)
        let rule = try await world.app.get("/how-we-find/known-to-several")
        #expect(rule.status == 200 && rule.words.contains("Two or more of these agencies"))
        #expect(!rule.words.contains("Youth") && !rule.words.contains("Early notices"))
        _ = try await world.get("/leads/p1", as: "grace")
        let looks = try await world.database.read { try Journal.entries(about: "p1", limit: 20, in: $0) }
        #expect(looks.contains { $0.actor == "grace" && $0.detail.contains("classes=education,health,identity") })
    }
}
