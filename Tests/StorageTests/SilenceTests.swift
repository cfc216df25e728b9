import Kernel
import Storage
import TestKit
import Testing

@Suite struct `Silence about somebody` {
    private let hand = HandClock()

    private func new(_ engine: Engine) async throws -> any Database {
        let database = try await engine.database(hand.clock)
        try await database.migrate(StorageSchema.migrations)
        return database
    }

    private func post(_ title: String, about person: String?, until last: Day? = nil, in database: any Database)
        async throws
    {
        try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            try Outbox.post(
                .mail, to: "a@example.org", title: title, body: "Words", owner: "postmaster", about: person,
                goodUntil: last, in: tx)
        }
    }

    private func silence(_ person: String, _ cause: String, in database: any Database) async throws -> Int {
        try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            return try Silence.begin(about: person, because: cause, in: tx)
        }
    }

    private func end(_ person: String, _ cause: String, in database: any Database) async throws -> Int {
        try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            return try Silence.end(about: person, because: cause, in: tx)
        }
    }

    private func states(_ database: any Database) async throws -> [String: Message.State] {
        Dictionary(
            try await database.read { try Outbox.messages(limit: 50, in: $0) }.map { ($0.title, $0.state) },
            uniquingKeysWith: { first, _ in first })
    }

    @Test(arguments: Engine.allCases)
    func `stops what waits and what was given up, lets through what is about others, and puts nothing new`(
        engine: Engine
    ) async throws {
        let database = try await new(engine)
        try await post("waits", about: "ann", in: database)
        try await post("other", about: "ben", in: database)
        try await post("nobody", about: nil, in: database)
        #expect(try await silence("ann", "death", in: database) == 1)
        try await post("late", about: "ann", in: database)
        #expect(try await states(database) == ["waits": .stopped, "other": .waiting, "nobody": .waiting])
        let taken = try await Outbox.take(9, of: .mail, by: "one", seconds: 60, in: database)
        #expect(Set(taken.map(\.title)) == ["other", "nobody"])
        let stopped = try #require(
            try await database.read { try Outbox.messages(.stopped, limit: 9, in: $0) }.first)
        let isRetried = try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            return try Outbox.retry(stopped.id, in: tx)
        }
        #expect(!isRetried, "an operator sends it again")
        let standing = try await database.read { try Outbox.standing(in: $0) }
        #expect(standing.dead == 0 && standing.waiting == 2)
    }

    @Test(arguments: Engine.allCases)
    func `holds back a message that a sender had taken already, and tells the truth of one that had just left`(
        engine: Engine
    ) async throws {
        let database = try await new(engine)
        try await post("taken", about: "ann", in: database)
        let taken = try #require(try await Outbox.take(9, of: .mail, by: "one", seconds: 60, in: database).first)
        #expect(try await Outbox.mayLeave(taken, in: database))
        _ = try await silence("ann", "death", in: database)
        #expect(try await !Outbox.mayLeave(taken, in: database))
        try await Outbox.markFailed(taken, "sendmail-75", isFinal: false, in: database)
        #expect(try await states(database) == ["taken": .stopped])
        // It left in the very instant: that is what is noted, and it is not sent again.
        try await Outbox.markSent(taken, in: database)
        #expect(try await states(database) == ["taken": .sent])
        #expect(try await end("ann", "death", in: database) == 0)
    }

    @Test(arguments: Engine.allCases)
    func `ends with all that it stopped, but for what its day has passed of, once every cause is over`(
        engine: Engine
    ) async throws {
        let database = try await new(engine)
        let today = hand.clock.now().dayInEngland
        try await post("a letter", about: "ann", in: database)
        try await post("over soon", about: "ann", until: today, in: database)
        try await post("good for long", about: "ann", until: today + .days(30), in: database)
        _ = try await silence("ann", "death", in: database)
        _ = try await silence("ann", "sealed", in: database)
        hand.pass(3 * 86_400)
        #expect(try await end("ann", "death", in: database) == 0)
        #expect(Set(try await states(database).values) == [.stopped])
        #expect(try await end("ann", "sealed", in: database) == 2)
        #expect(
            try await states(database)
                == ["a letter": .waiting, "over soon": .stopped, "good for long": .waiting])
        try await post("anew", about: "ann", in: database)
        #expect(try await states(database)["anew"] == .waiting)
    }

    @Test(arguments: Engine.allCases)
    func `leaves work about them untaken until it ends`(engine: Engine) async throws {
        let (database, now) = (try await new(engine), hand.clock.now())
        try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            try Work.add("letter", about: "ann", due: now, in: tx)
        }
        _ = try await silence("ann", "death", in: database)
        #expect(try await Work.take(["letter"], by: "p", seconds: 30, at: now, in: database) == nil)
        _ = try await end("ann", "death", in: database)
        #expect(try await Work.take(["letter"], by: "p", seconds: 30, at: now, in: database)?.subject == "ann")
    }
}
