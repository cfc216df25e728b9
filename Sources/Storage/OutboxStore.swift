import Cryptography
import Kernel

/// A message that leaves only after the change it speaks of is on the disk.
public struct Message: Hashable, Sendable {
    /// By which way it goes.
    public enum Channel: String, CaseIterable, Hashable, Sendable, Storable {
        /// To a person, at an address for mail.
        case mail
        /// To another system, at an https address: the body is JSON.
        case system
    }

    public enum State: String, Hashable, Sendable, Storable {
        /// To be sent, now or after a failure.
        case waiting
        case sent
        /// Given up: somebody has to look.
        case dead
        /// Not to be sent, by a decision about whom it speaks of.
        case stopped
    }

    /// The same however often it is sent, so that its receiver can tell a second copy.
    public let id: String
    public let at: Instant
    public let channel: Channel
    public let recipient: String
    public let title: String
    public let body: String
    /// Which role looks after it where it cannot be delivered: a code, such as `operator`.
    public let owner: String
    public let state: State
    public let attempts: Int
    public let due: Instant
    public let sent: Instant?
    /// The kind of the last failure.
    public let failure: String?
}

/// Messages to people and other systems, written in the transaction of what they tell of and sent by a job: at least
/// once, again after a failure, and kept where they cannot be delivered.
public enum Outbox {
    /// Puts a message with the change it speaks of. About somebody of whom nothing may be said it puts nothing.
    ///
    /// - Parameters:
    ///   - owner: the role that looks after it where it cannot be delivered.
    ///   - person: whom it is about; nil where it is about nobody, as a notice to those who watch over access is.
    ///   - last: the last day on which it is worth sending.
    ///   - isSecret: whether it holds what lets somebody in: then its text is emptied as soon as it is sent. A
    ///     demonstration, from which nothing leaves, keeps it for its mailbox.
    public static func post(
        _ channel: Message.Channel, to recipient: String, title: String, body: String, owner: String,
        about person: String? = nil, goodUntil last: Day? = nil, isSecret: Bool = false, in tx: any WriteTransaction
    ) throws {
        if let person, try Silence.holds(about: person, in: tx) { return }
        try tx.run(
            """
            INSERT INTO outbox
                (id, at, channel, recipient, title, body, owner, state, attempts, due, secret, about, good_until)
            VALUES (
                \(Sodium.hex(Sodium.random(16))), \(tx.now), \(channel), \(recipient), \(title), \(body), \(owner),
                \(Message.State.waiting), 0, \(tx.now), \(isSecret), \(person), \(last))
            """)
    }

    /// How often a message is tried before it is given up: for about two days.
    public static let mostAttempts = 12

    /// Takes up to so many messages of a channel that are due, for so many seconds.
    public static func take(
        _ count: Int, of channel: Message.Channel, by holder: String, seconds: Int, in database: any Database
    ) async throws -> [Message] {
        let someAreDue = try await database.read { tx in
            try tx.row(
                """
                SELECT id FROM outbox WHERE state = \(Message.State.waiting) AND channel = \(channel) LIMIT 1
                """) != nil
        }
        guard someAreDue else { return [] }
        return try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            let due = try tx.rows(
                """
                SELECT \(columns) FROM outbox
                WHERE state = \(Message.State.waiting) AND channel = \(channel) AND due <= \(tx.now)
                    AND (held_until IS NULL OR held_until < \(tx.now))
                ORDER BY due, id LIMIT \(count)
                """
            ).map(message)
            let until = tx.now.adding(milliseconds: seconds * 1000)
            for message in due {
                try tx.run("UPDATE outbox SET holder = \(holder), held_until = \(until) WHERE id = \(message.id)")
            }
            return due
        }
    }

    /// Notes that it was handed over.
    public static func markSent(_ message: Message, in database: any Database) async throws {
        try await database.write(for: .system) { tx in
            try tx.run(
                """
                UPDATE outbox SET state = \(Message.State.sent), sent = \(tx.now), holder = NULL, held_until = NULL,
                    failure = NULL, attempts = attempts + 1
                WHERE id = \(message.id) AND state IN \([Message.State.waiting, .stopped])
                """)
            if try Settings.value(Settings.demonstration, in: tx) == nil {
                try tx.run("UPDATE outbox SET body = '' WHERE id = \(message.id) AND secret = 1")
            }
            tx.record(Event("message.sent", subject: message.id))
        }
    }

    /// Notes that it could not be handed over: it is tried again after half a minute, then twice as long each time, six
    /// hours at most; after twelve times, or where trying again cannot help, it is given up.
    public static func markFailed(
        _ message: Message, _ failure: String, isFinal: Bool, in database: any Database
    ) async throws {
        try await database.write(for: .system) { tx in
            let isDead = isFinal || message.attempts + 1 >= mostAttempts
            let wait = Backoff.seconds(after: message.attempts, first: 30, most: 6 * 3600)
            try tx.run(
                """
                UPDATE outbox SET state = \(isDead ? Message.State.dead : .waiting), attempts = attempts + 1,
                    failure = \(failure), due = \(tx.now.adding(milliseconds: wait * 1000)),
                    holder = NULL, held_until = NULL
                WHERE id = \(message.id) AND state = \(Message.State.waiting)
                """)
            tx.record(isDead ? Event("message.given-up", subject: message.id) : .housekeeping)
        }
    }

    /// Sends a message that was given up, or that waits, again as soon as may be.
    ///
    /// - Returns: false where there is no such message, or it has been sent or stopped.
    public static func retry(_ id: String, in tx: any WriteTransaction) throws -> Bool {
        let open = [Message.State.waiting, .dead]
        guard try tx.row("SELECT id FROM outbox WHERE id = \(id) AND state IN \(open)") != nil else {
            return false
        }
        try tx.run(
            """
            UPDATE outbox SET state = \(Message.State.waiting), attempts = 0, due = \(tx.now), holder = NULL,
                held_until = NULL
            WHERE id = \(id)
            """)
        tx.record(Event("message.retried", subject: id))
        return true
    }

    /// Empties the texts of messages sent before this moment, or stopped and as old: they have done their work.
    public static func forget(before moment: Instant, in database: any Database) async throws {
        try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            try tx.run(
                "UPDATE outbox SET body = '', title = '' WHERE state = \(Message.State.sent) AND sent < \(moment)")
            try tx.run("UPDATE outbox SET body = '' WHERE state = \(Message.State.stopped) AND at < \(moment)")
        }
    }

    /// The newest messages in this state; nil asks for all.
    public static func messages(_ state: Message.State? = nil, limit: Int, in tx: any Transaction) throws -> [Message] {
        let condition: SQL = state.map { "WHERE state = \($0)" } ?? ""
        return try tx.rows("SELECT \(columns) FROM outbox \(condition) ORDER BY at DESC, id LIMIT \(limit)").map(
            message)
    }

    /// What of the outbox somebody may have to look at.
    public struct Standing: Sendable {
        public var waiting = 0
        public var dead = 0
        /// Since when the oldest that waits has waited.
        public var oldestWaiting: Instant?
        /// Those given up: how many for each owner, and since when the oldest.
        public var owners: [(owner: String, count: Int, oldest: Instant)] = []
    }

    /// How many wait, and how many were given up, by who looks after them.
    public static func standing(in tx: any Transaction) throws -> Standing {
        var standing = Standing()
        try tx.each(
            """
            SELECT state, owner, COUNT(*) AS n, MIN(at) AS oldest FROM outbox
            WHERE state IN \([Message.State.waiting, .dead])
            GROUP BY state, owner ORDER BY owner
            """
        ) { row in
            let (count, oldest): (Int, Instant) = (try row.get("n"), try row.get("oldest"))
            if try row.get("state") == Message.State.waiting {
                standing.waiting += count
                standing.oldestWaiting = min(standing.oldestWaiting ?? oldest, oldest)
            } else {
                standing.dead += count
                standing.owners.append((try row.get("owner"), count, oldest))
            }
        }
        return standing
    }

    private static let columns: SQL =
        "id, at, channel, recipient, title, body, owner, state, attempts, due, sent, failure"

    private static func message(_ row: Row) throws -> Message {
        Message(
            id: try row.get("id"), at: try row.get("at"), channel: try row.get("channel"),
            recipient: try row.get("recipient"), title: try row.get("title"), body: try row.get("body"),
            owner: try row.get("owner"), state: try row.get("state"), attempts: try row.get("attempts"),
            due: try row.get("due"),
            sent: try row.optional("sent"), failure: try row.optional("failure"))
    }
}
