import Kernel

/// What was answered to each form, by the key it was sent with.
public enum Receipts {
    /// The answer given before to a form of this key, or nil.
    public static func answer(to key: String, in tx: any Transaction) throws -> String? {
        try tx.row("SELECT answer FROM receipt WHERE key = \(key)").map { try $0.get("answer") }
    }

    public static func keep(_ answer: String, for key: String, in tx: any WriteTransaction) throws {
        try tx.run("INSERT INTO receipt (key, at, answer) VALUES (\(key), \(tx.now), \(answer))")
    }

    /// How long a form sent twice is known again, in days; a browser keeps no page that long.
    public static let days = 30

    /// Forgets the receipts that were given before this moment.
    public static func forget(before moment: Instant, in database: any Database) async throws {
        try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            try tx.run("DELETE FROM receipt WHERE at < \(moment)")
        }
    }
}
