import Cryptography
import Kernel

/// One piece of work that is due at a moment, kept as a row: whichever process is free takes it.
public struct WorkItem: Hashable, Sendable {
    public let id: String
    /// Which job does it.
    public let kind: String
    /// What it is about: an identifier, or empty.
    public let subject: String
    public let due: Instant
    /// Seconds from the end of one run to the next; nil for work that is done once.
    public let every: Int?
    /// How often it has failed since it last went well.
    public let attempts: Int
    /// The process that has taken it, and until when it may be taken for alive.
    public let holder: String?
    public let heldUntil: Instant?
    public let started: Instant?
    public let finished: Instant?
    /// The kind of the last failure; nil where the last run went well.
    public let failure: String?
    /// How far it has come; both nil where it does not say.
    public let done: Int?
    public let total: Int?

    /// Whether it fails again and again, so that somebody should look.
    public var needsLook: Bool { attempts >= 5 }
}

/// Due work as rows: taken by one process at a time, taken over when that one dies, and done at least once, so each job
/// must be such that doing it twice is doing it once.
public enum Work {
    /// Adds work to be done once, in the transaction that gives rise to it.
    public static func add(_ kind: String, about subject: String = "", due: Instant, in tx: any WriteTransaction) throws
    {
        try tx.run(
            """
            INSERT INTO job (id, kind, subject, due, attempts)
            VALUES (\(Sodium.hex(Sodium.random(16))), \(kind), \(subject), \(due), 0)
            """)
    }

    /// Makes sure that each recurring job stands in its row, at the pace it now has.
    public static func keep(_ recurring: [(kind: String, every: Int)], in database: any Database) async throws {
        try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            for (kind, every) in recurring {
                try tx.run(
                    """
                    INSERT INTO job (id, kind, subject, due, every, attempts)
                    VALUES (\(kind), \(kind), '', \(tx.now), \(every), 0)
                    ON CONFLICT (id) DO UPDATE SET every = excluded.every
                    """)
            }
        }
    }

    /// Takes the work that has been due longest and that nobody holds, for so many seconds; work about somebody of whom
    /// there is silence waits. Where there is none it only
    /// reads, but for a word every twenty seconds that somebody looks.
    public static func take(
        _ kinds: [String], by holder: String, seconds: Int, at now: Instant, in database: any Database
    ) async throws -> WorkItem? {
        let (isDue, seen) = try await database.read { tx in
            (try ready(kinds, at: now, in: tx) != nil, try lastLook(in: tx))
        }
        let isSilent = seen.map { abs(now.milliseconds - $0.milliseconds) >= 20_000 } ?? true
        guard isDue || isSilent else { return nil }
        return try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            try tx.run(
                """
                INSERT INTO job_runner (id, seen) VALUES ('runner', \(tx.now))
                ON CONFLICT (id) DO UPDATE SET seen = excluded.seen
                """)
            guard let item = try ready(kinds, at: tx.now, in: tx) else { return nil }
            try tx.run(
                """
                UPDATE job SET holder = \(holder), held_until = \(tx.now.adding(milliseconds: seconds * 1000)),
                    started = \(tx.now), done = NULL, total = NULL
                WHERE id = \(item.id)
                """)
            return item
        }
    }

    /// Says that the holder is still at it, and how far it has come.
    ///
    /// - Returns: false where somebody else has taken it over meanwhile.
    public static func hold(
        _ item: WorkItem, by holder: String, seconds: Int, done: Int?, total: Int?, in database: any Database
    ) async throws -> Bool {
        try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            guard try isHeld(item, by: holder, in: tx) else { return false }
            try tx.run(
                """
                UPDATE job SET held_until = \(tx.now.adding(milliseconds: seconds * 1000)), done = \(done),
                    total = \(total)
                WHERE id = \(item.id)
                """)
            return true
        }
    }

    /// Notes that it went well: work done once is gone, the rest is due again.
    public static func finish(_ item: WorkItem, by holder: String, in database: any Database) async throws {
        try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            guard try isHeld(item, by: holder, in: tx) else { return }
            guard let every = item.every else { return try tx.run("DELETE FROM job WHERE id = \(item.id)") }
            try tx.run(
                """
                UPDATE job SET holder = NULL, held_until = NULL, attempts = 0, failure = NULL, finished = \(tx.now),
                    due = \(tx.now.adding(milliseconds: every * 1000)), done = NULL, total = NULL
                WHERE id = \(item.id)
                """)
        }
    }

    /// Notes that it failed: it is tried again after 5 seconds, then twice as long each time, an hour at most.
    public static func fail(_ item: WorkItem, by holder: String, _ failure: String, in database: any Database)
        async throws
    {
        try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            guard try isHeld(item, by: holder, in: tx) else { return }
            let wait = Backoff.seconds(after: item.attempts, first: 5, most: 3600)
            try tx.run(
                """
                UPDATE job SET holder = NULL, held_until = NULL, attempts = attempts + 1, failure = \(failure),
                    finished = \(tx.now), due = \(tx.now.adding(milliseconds: wait * 1000))
                WHERE id = \(item.id)
                """)
        }
    }

    /// All work, the soonest due first.
    public static func all(in tx: any Transaction) throws -> [WorkItem] {
        try tx.rows("SELECT \(columns) FROM job ORDER BY due, id").map(item)
    }

    /// When any process last looked for work; nil where none ever has.
    public static func lastLook(in tx: any Transaction) throws -> Instant? {
        try tx.row("SELECT seen FROM job_runner WHERE id = 'runner'").map { try $0.get("seen") }
    }

    private static func ready(_ kinds: [String], at now: Instant, in tx: any Transaction) throws -> WorkItem? {
        try tx.row(
            """
            SELECT \(columns) FROM job
            WHERE due <= \(now) AND (held_until IS NULL OR held_until < \(now)) AND kind IN \(kinds)
                AND NOT \(Silence.holds(about: "job.subject"))
            ORDER BY due, id LIMIT 1
            """
        ).map(item)
    }

    private static func isHeld(_ item: WorkItem, by holder: String, in tx: any Transaction) throws -> Bool {
        try tx.row("SELECT id FROM job WHERE id = \(item.id) AND holder = \(holder)") != nil
    }

    private static let columns: SQL =
        "id, kind, subject, due, every, attempts, holder, held_until, started, finished, failure, done, total"

    private static func item(_ row: Row) throws -> WorkItem {
        WorkItem(
            id: try row.get("id"), kind: try row.get("kind"), subject: try row.get("subject"), due: try row.get("due"),
            every: try row.optional("every"), attempts: try row.get("attempts"), holder: try row.optional("holder"),
            heldUntil: try row.optional("held_until"), started: try row.optional("started"),
            finished: try row.optional("finished"), failure: try row.optional("failure"),
            done: try row.optional("done"), total: try row.optional("total"))
    }
}

/// How long to wait before trying again.
public enum Backoff {
    /// Twice as long after each failure; a little more or less by chance, so that many do not come back at once.
    public static func seconds(after failures: Int, first: Int, most: Int) -> Int {
        let doubled = first << min(max(failures, 0), 20)
        let wait = min(doubled, most)
        return max(1, wait + Int.random(in: -(wait / 5)...(wait / 5)))
    }
}
