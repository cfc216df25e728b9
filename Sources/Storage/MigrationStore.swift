import Cryptography
import Kernel

/// Brings a schema up to date, the same on both engines.
struct Migrator {
    let connection: any Connection
    let now: Instant
    /// A statement in portable types, as this engine wants it.
    let dialect: (String) -> String

    /// - Parameter begin: opens a transaction that keeps every other writer out.
    /// - Throws: `StorageFault` where a migration was edited or is unknown.
    func migrate(_ migrations: [Migration], begin: String, beginsJournal: Bool) throws {
        try connection.execute(begin)
        do {
            try connection.execute(
                dialect(
                    """
                    CREATE TABLE IF NOT EXISTS migration (
                        name TEXT PRIMARY KEY, text TEXT NOT NULL, applied TEXT NOT NULL
                    )
                    """))
            let done = try applied(migrations)
            try connection.execute("COMMIT")
            for migration in migrations where !done.contains(migration.name) { try apply(migration, begin: begin) }
            guard beginsJournal, migrations.contains(where: { $0.name == StorageSchema.chained }) else { return }
            try connection.execute(begin)
            try Journal.begin(on: connection, at: now)
            try connection.execute("COMMIT")
        } catch {
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
    }

    private func applied(_ migrations: [Migration]) throws -> Set<String> {
        let known = Dictionary(migrations.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var done = Set<String>()
        try connection.each("SELECT name, text FROM migration ORDER BY name") { row in
            let name = try row.get("name", as: String.self)
            guard let migration = known[name] else { throw StorageFault.newerSchema(name) }
            guard try migration.text == row.get("text") else { throw StorageFault.editedMigration(name) }
            done.insert(name)
        }
        return done
    }

    private func apply(_ migration: Migration, begin: String) throws {
        try connection.execute(begin)
        // Another process may have been faster.
        let isDone = try connection.row("SELECT name FROM migration WHERE name = \(migration.name)") != nil
        if !isDone {
            for step in migration.steps { try connection.execute(dialect(step.text)) }
            try connection.run(
                "INSERT INTO migration (name, text, applied) VALUES (\(migration.name), \(migration.text), \(now))")
        }
        try connection.execute("COMMIT")
    }
}

extension Migration {
    var text: String { steps.map(\.text).joined(separator: ";\n") }
}

extension SQL {
    /// The text with `?` where a value is bound.
    var text: String {
        if parts.count == 1, case .text(let only) = parts[0] { return only }
        var text = ""
        for part in parts { if case .text(let piece) = part { text += piece } else { text += "?" } }
        return text
    }

    /// The values, in order.
    ///
    /// - Throws: `StorageFault.nulCharacter` where a text holds one: PostgreSQL cannot keep it, so nor do we.
    func values() throws -> [SQLValue] {
        var all: [SQLValue] = []
        all.reserveCapacity(parts.count / 2)
        for case .value(let value) in parts {
            if case .text(let text) = value, text.utf8.contains(0) { throw StorageFault.nulCharacter }
            all.append(value)
        }
        return all
    }
}
