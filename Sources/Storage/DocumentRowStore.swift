import Kernel

/// What is known of a document that is kept: never its name, which may hold a child’s.
public struct DocumentRow: Hashable, Sendable {
    /// SHA-256 of its bytes, as 64 hex figures: its name on the disk too.
    public let hash: String
    public let type: String
    public let bytes: Int
    public let added: Instant
    /// When its file was last read again and found as it was.
    public let scrubbed: Instant?
    /// Whether the file was found missing or changed.
    public let isDamaged: Bool
}

/// The rows of kept documents.
public enum DocumentRows {
    /// Notes a document whose file is on the disk already.
    ///
    /// - Returns: false where it was known.
    public static func add(_ hash: String, type: String, bytes: Int, in tx: any WriteTransaction) throws -> Bool {
        guard try tx.row("SELECT hash FROM document WHERE hash = \(hash)") == nil else { return false }
        try tx.run(
            """
            INSERT INTO document (hash, type, bytes, added, damaged) VALUES (\(hash), \(type), \(bytes), \(tx.now), 0)
            """)
        tx.record(Event("document.added", subject: hash))
        return true
    }

    public static func row(_ hash: String, in tx: any Transaction) throws -> DocumentRow? {
        try tx.row("SELECT \(columns) FROM document WHERE hash = \(hash)").map(document)
    }

    /// Up to so many after this hash, in their order.
    public static func rows(after hash: String, limit: Int, in tx: any Transaction) throws -> [DocumentRow] {
        try tx.rows("SELECT \(columns) FROM document WHERE hash > \(hash) ORDER BY hash LIMIT \(limit)").map(document)
    }

    /// Notes what reading a file again found.
    public static func mark(_ hash: String, isDamaged: Bool, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE document SET scrubbed = \(tx.now), damaged = \(isDamaged) WHERE hash = \(hash)")
        tx.record(isDamaged ? Event("document.damaged", subject: hash) : .housekeeping)
    }

    private static let columns: SQL = "hash, type, bytes, added, scrubbed, damaged"

    private static func document(_ row: Row) throws -> DocumentRow {
        DocumentRow(
            hash: try row.get("hash"), type: try row.get("type"), bytes: try row.get("bytes"),
            added: try row.get("added"), scrubbed: try row.optional("scrubbed"), isDamaged: try row.get("damaged"))
    }
}
