import Access
@testable import AccessServer
import Kernel
import PeopleServer
import SingleView
@testable import SingleViewServer
import Storage
import TestKit
import Testing
import Web

@Suite struct `Clerical review (INF-4)` {
    private func city(_ engine: Engine = .sqlite) async throws -> ReviewWorld {
        let world = try await ReviewWorld(engine)
        try await world.twoPersons()
        return world
    }

    // MARK: - The queue

    @Test(arguments: Engine.allCases)
    func `shows the pair whose answer is worth most, and the next with the answer`(engine: Engine) async throws {
        let world = try await city(engine)
        try await world.twoPersons(("p3", "p4"), first: 3, chance: 0.9)
        let first = try await world.next(as: "ruth")
        let id = try await world.doubtID(1, 2)
        #expect(first.page.status == 200 && first.address == "/review/\(id)")
        for words in ["Given name", "the same", "School census", "50 in 100", "Same child (S)"] {
            #expect(first.page.words.contains(words), "\(words)")
        }
        let answer = try await world.say("different", at: first, as: "ruth")
        let other = try await world.doubtID(3, 4)
        #expect(answer.header("Location") == "/review/\(other)?said=saved")
        let last = try await world.say(
            "unsure", at: ("/review/\(other)", world.get("/review/\(other)", as: "ruth")), as: "ruth")
        #expect(last.header("Location") == "/review?said=saved")
        #expect(try await world.get("/review", as: "ruth").words.contains("Nothing waits to be decided"))
        let decided = try await world.database.read { try LinkStore(tx: $0, scope: .system).decisions() }
        #expect(decided == [PairOfRecords(1, 2): "different", PairOfRecords(3, 4): "unsure"])
        #expect(try await world.owner(2) == "p2")
    }

    @Test(arguments: Engine.allCases)
    func `joins two persons at an answer, and takes it back with all it did`(engine: Engine) async throws {
        let world = try await city(engine)
        let before = try await world.dump()
        let pair = try await world.next(as: "ruth")
        let answer = try await world.say("same", at: pair, as: "ruth")
        #expect(try await world.owner(2) == "p1")
        let home = try await world.get(answer.header("Location") ?? "", as: "ruth")
        #expect(home.words.contains("Saved: same child."))
        #expect(try await world.takeBack(on: home, as: "ruth").header("Location") == "/review?said=taken-back")
        #expect(try await world.dump() == before)
        #expect(try await world.next(as: "ruth").address == pair.address)
        #expect(try await world.app.events().contains("review.decided"))
    }

    @Test func `parts the record linked later, with what belongs to it, never the council’s own`() async throws {
        let world = try await ReviewWorld()
        try await world.person("p1", isMade: false)
        try await world.record(1, of: "p1", source: "school-census")
        try await world.record(2, of: "p1", source: "council")
        try await world.record(3, of: "p1", source: "cdc")
        try await world.write { tx in
            tx.record(Event("test"))
            try LinkStore.keep(best: [(3, 1, 0.99)], model: "m1", in: tx)
        }
        try await world.doubt(1, 2, .part)
        let pair = try await world.next(as: "ruth")
        #expect(pair.page.words.contains("2 records (Child development centres, School census)"), "\(pair.page.words)")
        _ = try await world.say("different", at: pair, as: "ruth")
        let new = try await world.owner(1)
        #expect(new != "p1" && new != nil)
        #expect(try await world.owner(3) == new)
        #expect(try await world.owner(2) == "p1")
    }

    // MARK: - Who may

    @Test func `is for whoever keeps records, and for nobody else`() async throws {
        let world = try await city()
        let id = try await world.doubtID(1, 2)
        for address in ["/review", "/review/next", "/review/\(id)", "/review/changes", "/review/quality"] {
            #expect(try await world.get(address, as: "priya").status == 404, "\(address)")
            #expect(try await world.get(address, as: "nobody").status == 303, "\(address)")
        }
        let page = try await world.get("/review/\(id)", as: "ruth")
        let forged = try await world.app.post(
            "/review/\(id)/answers", ["verdict": "same"], from: page, cookies: world.cookies("priya"))
        #expect(forged.status == 404)
        #expect(try await world.owner(2) == "p2")
    }

    @Test(arguments: Engine.allCases)
    func `shows nobody a child they are kept from, have to do with, or who is protected`(engine: Engine) async throws {
        typealias Change = @Sendable (any WriteTransaction) throws -> Void
        let changes: [(String, Change)] = [
            (
                "restricted",
                { tx in
                    try AccessStore.restrict(
                        "ruth", from: "p2", .location, ground: .order, decider: "court", evidence: "seen",
                        decided: tx.now,
                        review: "2027-11-24", in: tx)
                }
            ),
            ("related", { try AccessStore.relate("ruth", to: "p1", as: .parent, evidence: "seen", in: $0) }),
            ("labelled", { try AccessStore.label("p2", .protected, in: $0) }),
            ("adopted", { try AccessStore.label("p1", .adoption, in: $0) }),
            (
                "sealed",
                { tx in
                    tx.record(Event("test"))
                    try tx.run("UPDATE held_record SET compartment = 'x' WHERE number = 2")
                }
            ),
        ]
        for (name, change) in changes {
            let world = try await city(engine)
            let before = try await world.next(as: "ruth")
            try await world.write(change)
            #expect(try await world.next(as: "ruth").address == "/review", "\(name)")
            #expect(try await world.get(before.address, as: "ruth").status == 404, "\(name)")
            _ = try await world.say("same", at: before, as: "ruth")
            #expect(try await world.owner(2) == "p2", "\(name)")
            let isOthers = ["restricted", "related"].contains(name)
            try await world.write { tx in
                tx.record(Event("test"))
                try tx.run("DELETE FROM review_lease")
            }
            #expect(try await world.next(as: "rose").address == (isOthers ? before.address : "/review"), "\(name)")
        }
    }

    @Test func `notes each look for both, where the family finds it`() async throws {
        let world = try await city()
        _ = try await world.next(as: "ruth")
        for person in ["p1", "p2"] {
            let looks = try await world.looks(at: person)
            #expect(looks.map(\.who) == ["a record keeper"] && looks.first?.why == "in the work of their office")
        }
        _ = try await world.say("same", at: world.next(as: "ruth"), as: "ruth")
        let both = try await world.looks(at: "p1")
        #expect(both.count == 4)
    }

    @Test func `leads from the old page to the one that was kept, for whoever may see it`() async throws {
        let world = try await city()
        try await world.write { tx in
            try AccessStore.relate(
                "priya", to: "p2", as: .caseTeam, until: tx.now.adding(milliseconds: 86_400_000), evidence: "seen",
                in: tx)
        }
        _ = try await world.say("same", at: world.next(as: "ruth"), as: "ruth")
        #expect(try await world.get("/people/p2", as: "priya").header("Location") == "/people/p1")
        #expect(try await world.get("/people/p1", as: "priya").status == 200)
        #expect(try await world.get("/people/p2", as: "ruth").status == 404)
    }

    // MARK: - Two at once, twice, and two persons

    @Test(arguments: Engine.allCases)
    func `gives two keepers two pairs`(engine: Engine) async throws {
        let world = try await city(engine)
        let mine = try await world.next(as: "ruth")
        #expect(try await world.next(as: "rose").address == "/review")
        let held = try await world.get(mine.address, as: "rose")
        #expect(held.words.contains("Somebody else has this pair") && !held.text.contains("Rahman"))
        try await world.twoPersons(("p3", "p4"), first: 3)
        let other = try await world.doubtID(3, 4)
        #expect(try await world.next(as: "rose").address == "/review/\(other)")
    }

    @Test func `does once what is sent twice`() async throws {
        let world = try await city()
        let pair = try await world.next(as: "ruth")
        let answers = [
            try await world.say("same", at: pair, as: "ruth"), try await world.say("same", at: pair, as: "ruth"),
        ]
        #expect(answers[0].header("Location") == answers[1].header("Location"))
        // Another word, after it was decided, changes nothing.
        let late = try await world.say("different", at: pair, as: "ruth")
        #expect(late.header("Location") == "/review?said=over")
        #expect(
            try await world.database.read {
                try JoiningStore.changes(by: "ruth", at: .init(milliseconds: 0), limit: 9, in: $0)
            }.count == 1)
    }

    @Test(arguments: Engine.allCases)
    func `asks a second person where people stand to both`(engine: Engine) async throws {
        let world = try await city(engine)
        try await world.write { tx in
            for person in ["p1", "p2"] {
                try AccessStore.relate("mother", to: person, as: .parent, evidence: "s", in: tx)
            }
        }
        let pair = try await world.next(as: "ruth")
        #expect(try await world.say("same", at: pair, as: "ruth").status == 422)
        let first = try await world.say("same", reason: "one NHS number", at: pair, as: "ruth")
        #expect(first.header("Location") == "/review?said=waits")
        #expect(try await world.owner(2) == "p2")
        // Not by the same person again, in whatever way.
        #expect(try await world.next(as: "ruth").address == "/review")
        let again = try await world.say("same", reason: "again", at: pair, as: "ruth")
        #expect(again.header("Location") == "/review?said=not-second")
        let second = try await world.next(as: "rose")
        #expect(second.page.words.contains("A second opinion is asked") && !second.page.words.contains("in 100"))
        _ = try await world.say("same", reason: "I think so too", at: second, as: "rose")
        #expect(try await world.owner(2) == "p1")
    }

    @Test func `changes nothing where two persons say different things`() async throws {
        let world = try await city()
        try await world.write { tx in
            try AccessStore.restrict(
                "father", from: "p2", .all, ground: .order, decider: "court", evidence: "s", decided: tx.now,
                review: "2027-11-24", in: tx)
        }
        _ = try await world.say("same", reason: "alike", at: world.next(as: "ruth"), as: "ruth")
        let second = try await world.next(as: "rose")
        #expect(try await world.say("different", at: second, as: "rose").header("Location") == "/review?said=disagreed")
        #expect(try await world.owner(2) == "p2")
    }

    @Test func `takes nothing back on which a later change rests`() async throws {
        let world = try await city()
        try await world.person("p0", isMade: false)
        try await world.record(3, of: "p0", source: "cdc")
        _ = try await world.say("same", at: world.next(as: "ruth"), as: "ruth")
        try await world.doubt(1, 3, .join)
        _ = try await world.say("same", at: world.next(as: "rose"), as: "rose")
        #expect(try await world.owner(2) == "p0")
        let refused = try await world.takeBack(on: try await world.get("/review", as: "ruth"), as: "ruth")
        #expect(refused.words.contains("Undo the later one first"))
        let list = try await world.get("/review/changes", as: "ruth")
        #expect(list.words.contains("Two joined") && list.words.contains("By comparing the two records."))
    }

    // MARK: - The sample

    @Test(arguments: Engine.allCases)
    func `looks at the sample without the model’s word, and finds the quality`(engine: Engine) async throws {
        let world = try await ReviewWorld(engine)
        var sampling = Sampling()
        for n in 0..<12 {
            try await world.person("p\(n)")
            let ethnicity = [("ethnicity", n < 11 ? "ABAN" : "WBRI")]
            try await world.record(2 * n + 1, of: "p\(n)", source: "school-census", more: ethnicity)
            try await world.record(2 * n + 2, of: "p\(n)", source: "camhs")
            sampling.add(2 * n + 1, 2 * n + 2, chance: 0.97, isLinked: true, sources: ("school-census", "camhs"))
        }
        let drawn = sampling
        try await world.write { try QualityStore.keep(drawn, model: "m1", in: $0) }
        for n in 0..<12 {
            let pair = try await world.next(as: "ruth", "/review/samples/next")
            #expect(pair.page.status == 200 && !pair.page.words.contains("in 100"))
            _ = try await world.say(n == 0 ? "different" : "same", at: pair, as: "ruth")
        }
        #expect(try await world.next(as: "ruth", "/review/samples/next").address == "/review")
        // One answer contradicts a link: the pair waits for somebody who sees everything.
        #expect(try await world.get("/review", as: "rose").words.contains("1 pair waits"))
        let page = try await world.get("/review/quality", as: "ruth")
        for words in ["91.7%", "Asian or Asian British", "fewer than 10", "too few to tell", "Model m1"] {
            #expect(page.words.contains(words), "\(words)")
        }
        // Drawn again, what was said stays.
        try await world.write { try QualityStore.keep(drawn, model: "m2", in: $0) }
        #expect(try await world.get("/review/quality", as: "ruth").words.contains("looked at 12 of 12 pairs"))
    }
}
