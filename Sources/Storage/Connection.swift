import Kernel
import Synchronization

/// One open connection to an engine: the little that both drivers must be able to do.
protocol Connection: AnyObject {
    func each(_ sql: SQL, _ body: (Row) throws -> Void) throws
    func stream(_ sql: SQL, _ body: (Row) throws -> Void) throws
    func run(_ sql: SQL) throws
    /// Runs one or more statements that hold no values.
    func execute(_ text: String) throws
    /// Whether the connection stands inside a transaction. An engine may end one by itself on a grave fault.
    var isInTransaction: Bool { get }
}

extension Connection {
    func row(_ sql: SQL) throws -> Row? {
        var first: Row?
        try each(sql) { if first == nil { first = $0 } }
        return first
    }
}

/// A transaction on either engine.
final class EngineTransaction: WriteTransaction {
    private let connection: any Connection
    private let moment: Instant?
    private(set) var events: [Event] = []
    private var changed = false

    init(_ connection: any Connection, at moment: Instant?) { (self.connection, self.moment) = (connection, moment) }

    var now: Instant { moment ?? Instant(milliseconds: 0) }

    func each(_ sql: SQL, _ body: (Row) throws -> Void) throws { try connection.each(sql, body) }

    func stream(_ sql: SQL, _ body: (Row) throws -> Void) throws { try connection.stream(sql, body) }

    func run(_ sql: SQL) throws {
        changed = true
        try connection.run(sql)
    }

    func record(_ event: Event) { events.append(event) }

    /// - Throws: `StorageFault` where rows were changed and nothing recorded, or an event is not fit for the journal.
    func check() throws {
        if changed, events.isEmpty { throw StorageFault.silentWrite }
        if let unfit = events.first(where: { !$0.isFitForJournal }) { throw StorageFault.notForJournal(unfit.kind) }
    }
}

extension Event {
    /// For the program's own bookkeeping, leases and progress, which nobody would ask about: it is not written down.
    package static let housekeeping = Event("housekeeping")
}

// MARK: - Writes that share a commit

/// Writes that arrive while the disk is busy share the next transaction, its part of the journal's chain and its one
/// wait for the disk. The same on both engines.
final class GroupCommit: Sendable {
    private let waiting = Mutex<[any PendingWrite]>([])
    private let clock: WallClock

    init(clock: WallClock) { self.clock = clock }

    func add(_ write: any PendingWrite) { waiting.withLock { $0.append(write) } }

    /// Takes what is waiting, oldest first: at most 256, so that none waits for a very long transaction.
    func take() -> [any PendingWrite] {
        waiting.withLock { all in
            let taken = Array(all.prefix(256))
            all.removeFirst(taken.count)
            return taken
        }
    }

    /// Does every write of the batch inside the transaction that is open, and appends their entries to the journal. A
    /// write that throws is undone alone.
    ///
    /// - Returns: the head the journal will have once this is committed.
    /// - Throws: what befell the connection: then nothing of the batch stands.
    func attempt(_ batch: [any PendingWrite], on connection: any Connection) throws -> JournalHead {
        let now = clock.now()
        var entries: [(event: Event, scope: Scope)] = []
        for write in batch {
            try connection.execute("SAVEPOINT one")
            let tx = EngineTransaction(connection, at: now)
            let stands = write.attempt(tx)
            // A full disk is not this write’s own fault: room may be made, and then all of them are done again.
            if !stands, case StorageFault.full? = write.failure { throw StorageFault.full }
            if stands {
                try connection.execute("RELEASE SAVEPOINT one")
                for event in tx.events where event != .housekeeping { entries.append((event, write.scope)) }
            } else {
                guard connection.isInTransaction else { throw write.failure ?? StorageFault.engine("rolled back") }
                try connection.execute("ROLLBACK TO SAVEPOINT one")
                try connection.execute("RELEASE SAVEPOINT one")
            }
        }
        return try Journal.append(entries, at: now, on: connection)
    }
}

/// A write that waits its turn.
protocol PendingWrite: AnyObject, Sendable {
    var scope: Scope { get }
    /// Runs the body and keeps its outcome: whether it may stand.
    func attempt(_ tx: EngineTransaction) -> Bool
    /// Why the last attempt may not stand.
    var failure: (any Error)? { get }
    /// Tells the waiting task the outcome of the last attempt.
    func finish()
    func fail(_ error: any Error)
}

final class Write<T: Sendable>: PendingWrite {
    let scope: Scope
    private let body: @Sendable (any WriteTransaction) throws -> T
    private let continuation: CheckedContinuation<T, any Error>
    private let outcome = Mutex<Result<T, any Error>?>(nil)

    init(
        scope: Scope, body: @escaping @Sendable (any WriteTransaction) throws -> T,
        continuation: CheckedContinuation<T, any Error>
    ) {
        (self.scope, self.body, self.continuation) = (scope, body, continuation)
    }

    func attempt(_ tx: EngineTransaction) -> Bool {
        let result = Result {
            let value = try body(tx)
            try tx.check()
            return value
        }
        outcome.withLock { $0 = result }
        if case .success = result { return true }
        return false
    }

    var failure: (any Error)? {
        if case .failure(let error) = outcome.withLock({ $0 }) { return error }
        return nil
    }

    func finish() {
        guard let result = outcome.withLock({ $0 }) else { return fail(StorageFault.unavailable) }
        continuation.resume(with: result)
    }

    func fail(_ error: any Error) { continuation.resume(throwing: error) }
}
