import Kernel

/// Reads the journal.
public enum Journal {
    /// The number of the last entry, 0 where there is none.
    public static func head(of database: any Database) async throws -> Int {
        try await database.read { tx in
            try tx.row("SELECT COALESCE(MAX(seq), 0) AS head FROM journal").map { try $0.get("head") } ?? 0
        }
    }

    /// The number of the last entry, and the kinds of those after this one.
    public static func kinds(after seq: Int, in database: any Database) async throws -> (head: Int, kinds: Set<String>)
    {
        try await database.read { tx in
            var (head, kinds) = (seq, Set<String>())
            try tx.each("SELECT MAX(seq) AS head, kind FROM journal WHERE seq > \(seq) GROUP BY kind") { row in
                head = max(head, try row.get("head"))
                kinds.insert(try row.get("kind"))
            }
            return (head, kinds)
        }
    }

    /// Every entry's kind, oldest first: for tests and checks.
    public static func kinds(in database: any Database) async throws -> [String] {
        try await database.read { try $0.rows("SELECT kind FROM journal ORDER BY seq").map { try $0.get("kind") } }
    }
}
