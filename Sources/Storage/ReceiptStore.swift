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
}
