import Kernel
import Storage
import Synchronization
import TestKit
import Testing

/// A clock that moves when it is told to.
final class HandClock: Sendable {
    private let moment = Mutex(Instant(milliseconds: 1_790_000_000_000))
    var clock: WallClock { WallClock { self.moment.withLock { $0 } } }
    func pass(_ seconds: Int) { moment.withLock { $0 = $0.adding(milliseconds: seconds * 1000) } }
}

@Suite struct `Due work` {
    private let hand = HandClock()

    private func new(_ engine: Engine) async throws -> any Database {
        let database = try await engine.database(hand.clock)
        try await database.migrate(StorageSchema.migrations)
        return database
    }

    private func add(_ kind: String, about subject: String, in database: any Database) async throws {
        let due = hand.clock.now()
        try await database.write(for: .operation) { tx in
            try Work.add(kind, about: subject, due: due, in: tx)
            tx.record(Event("note.added", subject: subject))
        }
    }

    @Test(arguments: Engine.allCases) func `is taken by one process only, however many ask`(engine: Engine) async throws
    {
        let address = engine == .postgres ? try Engine.newSchema() : ""
        let first: any Database =
            engine == .sqlite
            ? try SQLite(inMemory: hand.clock) : try await Postgres(address: address, clock: hand.clock, readers: 2)
        let second = engine == .sqlite ? first : try await Postgres(address: address, clock: hand.clock, readers: 2)
        try await first.migrate(StorageSchema.migrations)
        for number in 0..<12 { try await add("letter", about: "s\(number)", in: first) }
        let taken = try await withThrowingTaskGroup(of: [String].self) { group in
            for process in 0..<4 {
                group.addTask {
                    var mine: [String] = []
                    let database = process % 2 == 0 ? first : second
                    while let item = try await Work.take(
                        ["letter"], by: "p\(process)", seconds: 30, at: hand.clock.now(), in: database)
                    {
                        mine.append(item.subject)
                    }
                    return mine
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.count == 12 && Set(taken).count == 12)
    }

    @Test(arguments: Engine.allCases) func `is taken over when its holder falls silent`(engine: Engine) async throws {
        let database = try await new(engine)
        try await add("letter", about: "s1", in: database)
        let item = try #require(
            try await Work.take(["letter"], by: "one", seconds: 30, at: hand.clock.now(), in: database))
        #expect(try await Work.take(["letter"], by: "two", seconds: 30, at: hand.clock.now(), in: database) == nil)
        hand.pass(25)
        #expect(try await Work.hold(item, by: "one", seconds: 30, done: 3, total: 9, in: database))
        hand.pass(25)
        #expect(try await Work.take(["letter"], by: "two", seconds: 30, at: hand.clock.now(), in: database) == nil)
        #expect(try await database.read { try Work.all(in: $0) }.first?.done == 3)
        hand.pass(10)
        let again = try #require(
            try await Work.take(["letter"], by: "two", seconds: 30, at: hand.clock.now(), in: database))
        #expect(again.id == item.id)
        // The one that was thought dead comes back: it can no longer say anything of this work.
        #expect(try await !Work.hold(item, by: "one", seconds: 30, done: 9, total: 9, in: database))
        try await Work.finish(item, by: "one", in: database)
        #expect(try await database.read { try Work.all(in: $0) }.count == 1)
        try await Work.finish(again, by: "two", in: database)
        #expect(try await database.read { try Work.all(in: $0) }.isEmpty)
    }

    @Test(arguments: Engine.allCases) func `is tried again after a failure, later each time`(engine: Engine)
        async throws
    {
        let database = try await new(engine)
        try await Work.keep([("count", 600)], in: database)
        var waits: [Int] = []
        for turn in 0..<5 {
            let item = try #require(
                try await Work.take(["count"], by: "one", seconds: 30, at: hand.clock.now(), in: database))
            #expect(item.attempts == turn)
            try await Work.fail(item, by: "one", "Malformed", in: database)
            let after = try #require(try await database.read { try Work.all(in: $0) }.first)
            #expect(after.failure == "Malformed")
            waits.append((after.due.milliseconds - hand.clock.now().milliseconds) / 1000)
            hand.pass(waits[turn] + 1)
        }
        #expect(waits == waits.sorted() && waits[0] <= 6 && waits[4] >= 60)
        #expect(try await database.read { try Work.all(in: $0) }[0].needsLook)
        let item = try #require(
            try await Work.take(["count"], by: "one", seconds: 30, at: hand.clock.now(), in: database))
        try await Work.finish(item, by: "one", in: database)
        let after = try await database.read { try Work.all(in: $0) }[0]
        #expect(after.attempts == 0 && after.failure == nil)
        #expect(after.due == hand.clock.now().adding(milliseconds: 600_000))
    }

    @Test(arguments: Engine.allCases) func `is not added where what gave rise to it was undone`(engine: Engine)
        async throws
    {
        let database = try await new(engine)
        let due = hand.clock.now()
        await #expect(throws: StorageFault.silentWrite) {
            try await database.write(for: .operation) { try Work.add("letter", about: "s1", due: due, in: $0) }
        }
        #expect(try await database.read { try Work.all(in: $0) }.isEmpty)
        #expect(try await database.read { try Work.lastLook(in: $0) } == nil)
        _ = try await Work.take(["letter"], by: "one", seconds: 30, at: hand.clock.now(), in: database)
        #expect(try await database.read { try Work.lastLook(in: $0) } == due)
    }

    @Test(arguments: Engine.allCases) func `leaves no trace in the journal by its bookkeeping`(engine: Engine)
        async throws
    {
        let database = try await new(engine)
        try await Work.keep([("count", 60)], in: database)
        let item = try #require(
            try await Work.take(["count"], by: "one", seconds: 30, at: hand.clock.now(), in: database))
        try await Work.finish(item, by: "one", in: database)
        #expect(try await Journal.head(of: database) == 1)
    }
}

@Suite struct `The outbox` {
    private let hand = HandClock()

    private func new(_ engine: Engine) async throws -> any Database {
        let database = try await engine.database(hand.clock)
        try await database.migrate(StorageSchema.migrations)
        try await post(to: database)
        return database
    }

    private func post(to database: any Database) async throws {
        try await database.write(for: .operation) { tx in
            try Outbox.post(.mail, to: "a@example.org", title: "Title", body: "Words", owner: "postmaster", in: tx)
            tx.record(Event("note.added"))
        }
    }

    @Test(arguments: Engine.allCases) func `sends a message once, and remembers that it did`(engine: Engine)
        async throws
    {
        let database = try await new(engine)
        let message = try #require(try await Outbox.take(9, of: .mail, by: "one", seconds: 60, in: database).first)
        #expect(try await Outbox.take(9, of: .mail, by: "two", seconds: 60, in: database).isEmpty)
        try await Outbox.markSent(message, in: database)
        hand.pass(1000)
        #expect(try await Outbox.take(9, of: .mail, by: "two", seconds: 60, in: database).isEmpty)
        #expect(try await Journal.kinds(in: database).last == "message.sent")
        try await Outbox.forget(before: hand.clock.now(), in: database)
        #expect(try await database.read { try Outbox.messages(limit: 9, in: $0) }[0].body == "")
    }

    @Test(arguments: Engine.allCases) func `sends again by the same id where the sender died`(engine: Engine)
        async throws
    {
        let database = try await new(engine)
        let first = try #require(try await Outbox.take(9, of: .mail, by: "one", seconds: 60, in: database).first)
        hand.pass(61)
        let second = try #require(try await Outbox.take(9, of: .mail, by: "two", seconds: 60, in: database).first)
        #expect(first.id == second.id)
    }

    @Test(arguments: Engine.allCases)
    func `gives a message up after twelve tries, shows it, and can be told to try again`(engine: Engine) async throws {
        let database = try await new(engine)
        for _ in 0..<Outbox.mostAttempts {
            let message = try #require(try await Outbox.take(9, of: .mail, by: "one", seconds: 60, in: database).first)
            try await Outbox.markFailed(message, "sendmail-75", isFinal: false, in: database)
            hand.pass(8 * 3600)
        }
        #expect(try await Outbox.take(9, of: .mail, by: "one", seconds: 60, in: database).isEmpty)
        let standing = try await database.read { try Outbox.standing(in: $0) }
        #expect(standing.dead == 1 && standing.waiting == 0)
        #expect(standing.owners.map(\.owner) == ["postmaster"])
        let dead = try #require(try await database.read { try Outbox.messages(.dead, limit: 9, in: $0) }.first)
        #expect(dead.failure == "sendmail-75")
        #expect(try await database.write(for: .operation) { try Outbox.retry(dead.id, in: $0) })
        #expect(try await Outbox.take(9, of: .mail, by: "one", seconds: 60, in: database).count == 1)
        #expect(try await database.write(for: .operation) { try Outbox.retry("no-such", in: $0) } == false)
    }

    @Test(arguments: Engine.allCases) func `gives no message to a sender of another channel`(engine: Engine)
        async throws
    {
        let database = try await new(engine)
        #expect(try await Outbox.take(9, of: .system, by: "one", seconds: 60, in: database).isEmpty)
        #expect(try await Outbox.take(9, of: .mail, by: "one", seconds: 60, in: database).count == 1)
    }

    @Test(arguments: Engine.allCases) func `keeps nothing where the change it speaks of was undone`(engine: Engine)
        async throws
    {
        let database = try await new(engine)
        await #expect(throws: StorageFault.silentWrite) {
            try await database.write(for: .operation) { tx in
                try Outbox.post(.mail, to: "b@example.org", title: "T", body: "W", owner: "postmaster", in: tx)
            }
        }
        #expect(try await database.read { try Outbox.messages(limit: 9, in: $0) }.count == 1)
    }
}

@Suite struct `A message with a secret` {
    @Test(arguments: Engine.allCases)
    func `is emptied when it is sent, but in a demonstration`(engine: Engine) async throws {
        for isDemonstration in [true, false] {
            let database = try await engine.database(.stopped(on: "2026-11-24"))
            try await database.migrate(StorageSchema.migrations)
            try await database.write(for: .operation) { tx in
                if isDemonstration { try Settings.set(Settings.demonstration, to: "Birmingham", in: tx) }
                tx.record(.housekeeping)
                try Outbox.post(
                    .mail, to: "a@example.org", title: "T", body: "open sesame", owner: "operator", isSecret: true,
                    in: tx)
            }
            for message in try await Outbox.take(1, of: .mail, by: "test", seconds: 60, in: database) {
                try await Outbox.markSent(message, in: database)
            }
            let sent = try await database.read { try Outbox.messages(.sent, limit: 9, in: $0) }
            #expect(sent.map(\.body) == [isDemonstration ? "open sesame" : ""])
        }
    }
}
