import Kernel

/// Persons about whom nothing leaves and nothing is done by itself: somebody who has died, or whose record is sealed.
///
/// It stands in one place, so that no sender, job or page can forget it. Each cause begins and ends by itself; while
/// one holds there is silence.
public enum Silence {
    /// Stops what waits to be sent about somebody, and whatever would be sent from now on.
    ///
    /// - Returns: how many messages were stopped.
    @discardableResult
    public static func begin(about subject: String, because cause: String, in tx: any WriteTransaction) throws -> Int {
        try tx.run(
            """
            INSERT INTO silence (subject, cause, since) VALUES (\(subject), \(cause), \(tx.now))
            ON CONFLICT (subject, cause) DO NOTHING
            """)
        let open = [Message.State.waiting, .dead]
        let stopped =
            try tx.row("SELECT COUNT(*) AS n FROM outbox WHERE about = \(subject) AND state IN \(open)")?.get(
                "n", as: Int.self) ?? 0
        try tx.run(
            """
            UPDATE outbox SET state = \(Message.State.stopped), holder = NULL, held_until = NULL
            WHERE about = \(subject) AND state IN \(open)
            """)
        return stopped
    }

    /// Ends a cause. Where no other holds, what was stopped waits to be sent again, but for what its day has passed of
    /// and what was emptied since.
    ///
    /// - Returns: how many messages wait again.
    @discardableResult
    public static func end(about subject: String, because cause: String, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM silence WHERE subject = \(subject) AND cause = \(cause)")
        guard try !holds(about: subject, in: tx) else { return 0 }
        let again: SQL = """
            about = \(subject) AND state = \(Message.State.stopped) AND body <> ''
                AND (good_until IS NULL OR good_until >= \(tx.now.dayInEngland))
            """
        let count = try tx.row("SELECT COUNT(*) AS n FROM outbox WHERE \(again)")?.get("n", as: Int.self) ?? 0
        try tx.run(
            """
            UPDATE outbox SET state = \(Message.State.waiting), attempts = 0, due = \(tx.now), failure = NULL
            WHERE \(again)
            """)
        return count
    }

    /// Whether nothing may leave about somebody now.
    public static func holds(about subject: String, in tx: any Transaction) throws -> Bool {
        try tx.row("SELECT subject FROM silence WHERE subject = \(subject) LIMIT 1") != nil
    }

    /// True where nothing may leave about the person in this column: for a query that finds work to do.
    public static func holds(about column: SQL) -> SQL {
        "EXISTS (SELECT 1 FROM silence WHERE silence.subject = \(column))"
    }
}

extension Message.State {
    /// The state in a word.
    public var words: String {
        switch self {
        case .waiting: "waiting"
        case .sent: "sent"
        case .dead: "given up"
        case .stopped: "stopped"
        }
    }
}

extension Outbox {
    /// Whether a message that was taken may still leave: it may have been stopped since.
    public static func mayLeave(_ message: Message, in database: any Database) async throws -> Bool {
        try await database.read { tx in
            try tx.row("SELECT id FROM outbox WHERE id = \(message.id) AND state = \(Message.State.waiting)") != nil
        }
    }

    /// How many messages were stopped.
    public static func stopped(in tx: any Transaction) throws -> Int {
        try tx.row("SELECT COUNT(*) AS n FROM outbox WHERE state = \(Message.State.stopped)")?.get("n") ?? 0
    }
}
