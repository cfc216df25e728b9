import Access
@testable import AccessServer
import Kernel
import PeopleServer
import SingleView
@testable import SingleViewServer
import Storage
import TestKit
import Testing

@Suite struct `Joining and parting persons (INF-4)` {
    /// Two persons, each with a record; the second with all that can hang on a person.
    private func world(_ engine: Engine) async throws -> ReviewWorld {
        let world = try await ReviewWorld(engine)
        try await world.twoPersons()
        try await world.write { tx in
            try AccessStore.relate("mother", to: "p2", as: .parent, evidence: "seen", in: tx)
            try AccessStore.restrict(
                "father", from: "p2", .location, ground: .order, decider: "a court", evidence: "seen", decided: tx.now,
                review: "2027-11-24", in: tx)
            try tx.run(
                """
                INSERT INTO whereabouts (person, address, postcode, telephone, setting)
                VALUES ('p2', '1 Row', 'B11 9ZZ', '', '')
                """)
            try tx.run(
                """
                INSERT INTO own_entry (id, person, author, words, kept, made, version)
                VALUES ('w', 'p2', 'mother', 'words', 0, \(tx.now), 1)
                """)
        }
        return world
    }

    private func count(_ sql: SQL, in world: ReviewWorld) async throws -> Int {
        try await world.database.read { try $0.row(sql)?.get("n") ?? -1 }
    }

    @Test(arguments: Engine.allCases)
    func `takes everything that hangs on one to the other, and back to the letter`(engine: Engine) async throws {
        let world = try await world(engine)
        let before = try await world.dump()
        try await world.joining { try $0.join("p2", to: "p1", by: "ruth", reason: "one child", id: "c") }
        #expect(try await world.owner(2) == "p1")
        for table in ["relationship", "restriction"] as [SQL] {
            #expect(try await count("SELECT COUNT(*) AS n FROM \(table) WHERE subject = 'p1'", in: world) == 1)
        }
        for table in ["whereabouts", "own_entry"] as [SQL] {
            #expect(try await count("SELECT COUNT(*) AS n FROM \(table) WHERE person = 'p1'", in: world) == 1)
        }
        #expect(
            try await count(
                "SELECT COUNT(*) AS n FROM membership WHERE record = 2 AND person = 'p1' AND until IS NULL", in: world)
                == 1)
        #expect(try await world.database.read { try JoinedPersons.kept("p2", in: $0) } == "p1")
        try await world.joining { try $0.undo("c", by: "rose") }
        #expect(try await world.dump() == before)
        #expect(try await world.database.read { try JoinedPersons.kept("p2", in: $0) } == "p2")
        let kinds = try await world.app.events()
        #expect(kinds.filter { $0 == "person.joined" }.count == 2 && kinds.contains("person.change-undone"))
    }

    @Test(arguments: Engine.allCases)
    func `leaves what was decided meanwhile to protect one in force for both`(engine: Engine) async throws {
        let world = try await world(engine)
        try await world.joining { try $0.join("p2", to: "p1", by: "ruth", reason: "one child", id: "c") }
        try await world.write { tx in
            try AccessStore.restrict(
                "uncle", from: "p1", .all, ground: .police, decider: "the police", evidence: "seen", decided: tx.now,
                review: "2027-11-24", in: tx)
        }
        try await world.joining { try $0.undo("c", by: "ruth") }
        for person in ["p1", "p2"] {
            let kept = try await world.database.read { tx in
                try AccessStore.restrictions(about: person, in: tx).map(\.account)
            }
            #expect(kept.contains("uncle"), "\(person)")
            #expect(kept.contains("father") == (person == "p2"))
        }
    }

    @Test(arguments: Engine.allCases)
    func `parts records into a person from whom the same are kept, and undoes it`(engine: Engine) async throws {
        let world = try await world(engine)
        try await world.record(3, of: "p2", source: "social-care", given: "Yusuf")
        let before = try await world.dump()
        try await world.joining { try $0.part([3], from: "p2", to: "p3", by: "ruth", reason: "two", id: "c") }
        #expect(try await world.owner(3) == "p3")
        let (name, kept) = try await world.database.read { tx in
            (
                try tx.row("SELECT given FROM person WHERE id = 'p3'")?.get("given", as: String.self),
                try AccessStore.restrictions(about: "p3", in: tx).map(\.account)
            )
        }
        #expect(name == "Yusuf" && kept == ["father"])
        try await world.joining { try $0.undo("c", by: "ruth") }
        #expect(try await world.dump() == before)
        #expect(try await world.database.read { try JoinedPersons.kept("p3", in: $0) } == "p2")
    }

    @Test(arguments: Engine.allCases)
    func `leaves protected persons and sealed sets alone`(engine: Engine) async throws {
        for label in Label.allCases {
            let world = try await world(engine)
            try await world.write { try AccessStore.label("p1", label, in: $0) }
            await #expect(throws: JoinRefusal.closed) {
                try await world.joining { try $0.join("p2", to: "p1", by: "ruth", reason: "one", id: "c") }
            }
            if engine == .postgres { break }
        }
        let world = try await world(engine)
        try await world.record(9, of: "p1", source: "cdc", compartment: "set")
        await #expect(throws: JoinRefusal.closed) {
            try await world.joining { try $0.join("p2", to: "p1", by: "ruth", reason: "one", id: "c") }
        }
        await #expect(throws: JoinRefusal.notTheirs) {
            try await world.joining { try $0.part([1], from: "p2", to: "p3", by: "ruth", reason: "two", id: "d") }
        }
    }

    @Test func `undoes no change on which a later one rests`() async throws {
        let world = try await world(.sqlite)
        try await world.person("p4")
        try await world.record(4, of: "p4", source: "cdc")
        try await world.joining { try $0.join("p2", to: "p1", by: "ruth", reason: "one", id: "c1") }
        try await world.joining { try $0.join("p1", to: "p4", by: "ruth", reason: "one", id: "c2") }
        await #expect(throws: JoinRefusal.later) { try await world.joining { try $0.undo("c1", by: "ruth") } }
        #expect(try await world.database.read { try JoinedPersons.kept("p2", in: $0) } == "p4")
        try await world.joining { try $0.undo("c2", by: "ruth") }
        try await world.joining { try $0.undo("c1", by: "ruth") }
        await #expect(throws: JoinRefusal.undone) { try await world.joining { try $0.undo("c1", by: "ruth") } }
    }

    /// Joins and parts at random and undoes at random: once all is undone, all is as it was.
    @Test(arguments: Engine.allCases)
    func `comes back to the letter from any order of joining, parting and undoing`(engine: Engine) async throws {
        for seed in 1...(engine == .sqlite ? 25 : 4) as ClosedRange<UInt64> {
            let world = try await ReviewWorld(engine)
            var dice = Dice(seed)
            let names = (1...5).map { "p\($0)" }
            for (index, name) in names.enumerated() {
                try await world.person(name, isMade: index > 1)
                for k in 0..<3 {
                    try await world.record(index * 3 + k + 1, of: name, source: ["school-census", "camhs", "cdc"][k])
                }
                let (account, isKept) = ("a\(dice.roll(3))", dice.roll(2) == 0)
                try await world.write { tx in
                    try AccessStore.relate(account, to: name, as: .parent, evidence: "seen", in: tx)
                    guard isKept else { return }
                    try AccessStore.restrict(
                        "kept", from: name, .all, ground: .order, decider: "court", evidence: "seen", decided: tx.now,
                        review: "2027-11-24", in: tx)
                }
            }
            let before = try await world.dump()
            var standing: [String] = []
            for step in 0..<14 {
                let id = "c\(seed)-\(step)"
                let (one, other, kind) = (names[dice.roll(5)], names[dice.roll(5)], dice.roll(3))
                do {
                    if kind == 0 {
                        try await world.joining { try $0.join(one, to: other, by: "ruth", reason: "r", id: id) }
                        standing.append(id)
                    } else if kind == 1 {
                        try await world.joining { store in
                            let records = try store.records(of: one)
                            let some = Set(records.prefix(max(1, records.count / 2)))
                            try store.part(some, from: one, to: id + "-p", by: "ruth", reason: "r", id: id)
                        }
                        standing.append(id)
                    } else if let change = standing.isEmpty ? nil : standing[dice.roll(standing.count)] {
                        try await world.joining { try $0.undo(change, by: "rose") }
                        standing.removeAll { $0 == change }
                    }
                } catch is JoinRefusal {}
            }
            // The last first: one that rests on none can always be undone.
            while let change = standing.popLast() { try await world.joining { try $0.undo(change, by: "rose") } }
            #expect(try await world.dump() == before, "seed \(seed)")
        }
    }
}

/// Numbers by chance from a seed.
struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func roll(_ sides: Int) -> Int { Int(next() >> 11) % sides }
    mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
