import Kernel

/// What a rule or a page may do with the database inside one transaction.
///
/// A transaction never leaves the closure it was handed to, and no closure suspends.
public protocol Transaction {
    /// Hands each row to `body` in turn, holding one at a time.
    func each(_ sql: SQL, _ body: (Row) throws -> Void) throws

    /// The same for answers of any length, of which a few thousand rows at most are in memory at once. Nothing else may
    /// be asked until it has come to its end.
    func stream(_ sql: SQL, _ body: (Row) throws -> Void) throws
}

extension Transaction {
    /// Every row of the answer.
    public func rows(_ sql: SQL) throws -> [Row] {
        var all: [Row] = []
        try each(sql) { all.append($0) }
        return all
    }

    /// The only row of the answer, or nil.
    public func row(_ sql: SQL) throws -> Row? { try rows(sql).first }
}

/// A transaction that changes things, on behalf of someone.
public protocol WriteTransaction: Transaction {
    /// The moment of the write, the same for all of it.
    var now: Instant { get }
    func run(_ sql: SQL) throws
    /// Notes what happened, for the journal. A write that changes rows and notes nothing does not commit.
    func record(_ event: Event)
}

/// A database: SQLite by default, PostgreSQL where several processes serve.
public protocol Database: Sendable {
    /// The engine's name in words: `SQLite` or `PostgreSQL`.
    var engine: String { get }

    /// Runs `body` on one unchanging view of the data. It may be run again where a server was lost meanwhile.
    ///
    /// - Parameter freshness: whether a copy that is a little behind will do.
    func read<T: Sendable>(
        _ freshness: Freshness, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T

    /// Runs `body` and commits it to disk, or throws and changes nothing. When this returns, the change, its journal
    /// entries and its outgoing messages are durable. `body` may be run again where a server was lost before the
    /// commit, so it does nothing but use the transaction.
    ///
    /// - Throws: `StorageFault.silentWrite` where `body` changed rows and recorded no event; `StorageFault.full` where
    ///   the disk is full; `StorageFault.unavailable` where no server answers; `StorageFault.unknownOutcome` where the
    ///   server was lost while it committed and cannot be asked.
    func write<T: Sendable>(
        for scope: Scope, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T

    /// Applies, in the order given, every migration not applied yet, each in a transaction of its own.
    ///
    /// - Throws: `StorageFault.editedMigration` where one applied before has since been changed.
    ///
    /// - Parameter beginsJournal: false where the journal is to come from elsewhere, with everything else.
    func migrate(_ migrations: [Migration], beginsJournal: Bool) async throws

    /// Every table with its columns and key, in order of name.
    func tables() async throws -> [TableShape]
}

/// A table as the engine describes it.
public struct TableShape: Hashable, Sendable {
    public let name: String
    public let columns: [String]
    /// The columns of its primary key, in their order.
    public let key: [String]

    public init(name: String, columns: [String], key: [String]) {
        (self.name, self.columns, self.key) = (name, columns, key)
    }
}

/// How new what is read must be.
public enum Freshness: Sendable {
    /// Everything acknowledged so far.
    case latest
    /// A standby server's copy will do, which may be some seconds behind.
    case mayLag
}

extension Database {
    /// Applies every migration not applied yet, and begins the journal where there is none.
    public func migrate(_ migrations: [Migration]) async throws { try await migrate(migrations, beginsJournal: true) }

    /// Reads everything acknowledged so far.
    public func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await read(.latest, body)
    }

    /// Reads something about a person, and notes in the journal who looked before the answer is handed over: no
    /// entry, no answer.
    ///
    /// - Parameter body: gives the answer, and one event for each person it is about.
    public func look<T: Sendable>(
        for scope: Scope, _ body: @escaping @Sendable (any Transaction) throws -> (answer: T, seen: [Event])
    ) async throws -> T {
        let (answer, seen) = try await read { tx -> (T, [Event]) in
            let found = try body(tx)
            return (found.answer, found.seen)
        }
        guard !seen.isEmpty else { return answer }
        try await write(for: scope) { tx in for event in seen { tx.record(event) } }
        return answer
    }
}

/// Who is asking. An identifier, never a name.
public struct Actor: Hashable, Sendable {
    public let id: String
    public init(_ id: String) { self.id = id }

    /// A member of the public who has not signed in.
    public static let anyone = Actor("anyone")
    /// The person at the command line of the server itself.
    public static let operator_ = Actor("operator")
    /// The program, on its own timetable.
    public static let system = Actor("system")
}

/// For whom a store reads, and why. Every store is made from one, so no list can be asked for without it.
///
/// Only the gate makes one for a person, after it has decided: files that may are listed in `TidyTests`. The three
/// below stand for nobody in particular, and lead to no person’s record.
public struct Scope: Hashable, Sendable {
    public let actor: Actor
    public let purpose: Purpose
    /// The roles that the actor held when it was decided, by their codes.
    public let roles: Set<String>
    /// When it was decided: what ended before then counts no more.
    public let at: Instant

    @_spi(Gate) public init(actor: Actor, purpose: Purpose, roles: Set<String>, at: Instant) {
        (self.actor, self.purpose, self.roles, self.at) = (actor, purpose, roles, at)
    }

    private init(_ actor: Actor, _ purpose: Purpose) {
        (self.actor, self.purpose, roles, at) = (actor, purpose, [], Instant(milliseconds: 0))
    }

    /// Why: one of the codes of the policy, or one of these.
    public struct Purpose: Hashable, Sendable {
        public let rawValue: String
        public init(_ code: String) { rawValue = code }

        /// What anybody may read: the published Local Offer.
        public static let publicInformation = Purpose("public-information")
        /// Running the service: imports, counts, repairs.
        public static let operation = Purpose("operation")
        /// The one thing that somebody without an account was asked for by a link.
        public static let task = Purpose("task")
        /// What another body sends by a key that it was given.
        public static let agency = Purpose("agency")
    }

    public static let anyone = Scope(.anyone, .publicInformation)
    public static let operation = Scope(.operator_, .operation)
    /// The program itself, on its own timetable.
    public static let system = Scope(.system, .operation)
}

/// Something that happened, kept for ever: its kind and the identifier of what it happened to.
///
/// It holds no name and no free text; words live on the row they belong to. Who, why and when are added on commit.
public struct Event: Hashable, Sendable {
    /// `thing.happened`, in the words of its slice.
    public let kind: String
    /// An opaque identifier, or empty where there is no one thing.
    public let subject: String
    /// Codes that say more, such as `fields=health;rule=P-12`; never text that a person wrote.
    public let detail: String

    public init(_ kind: String, subject: String = "", detail: String = "") {
        (self.kind, self.subject, self.detail) = (kind, subject, detail)
    }

    /// Whether each part is made of the characters of codes and identifiers alone: no spaces, so no sentences.
    var isFitForJournal: Bool {
        !kind.isEmpty
            && [kind, subject, detail].allSatisfy { part in
                part.utf8.count <= 400 && part.utf8.allSatisfy { $0 > 32 && $0 < 127 }
            }
    }
}

/// One step of the schema's history: dated, additive, never edited after release.
public struct Migration: Sendable {
    /// `2026-11-24 offer`: the day, then what it brings.
    public let name: String
    public let steps: [SQL]
    public init(_ name: String, _ steps: SQL...) { (self.name, self.steps) = (name, steps) }
}

/// What went wrong below the rules: shown to nobody, logged by kind.
public enum StorageFault: Error, Hashable, Sendable, CustomStringConvertible {
    case noColumn(String)
    case badValue(SQLValue, wanted: String)
    case silentWrite
    /// An event holds text that may not stand in the journal; its kind.
    case notForJournal(String)
    case unsafeSetting(String)
    case editedMigration(String)
    /// The data folder was written by a newer version of the program.
    case newerSchema(String)
    /// A rule of the schema was broken; the engine's code.
    case constraint(String)
    /// The disk is full: reads go on, writes do not.
    case full
    /// No database server answers in time.
    case unavailable
    /// The server was lost while it committed, and cannot be asked whether it did.
    case unknownOutcome
    /// Text that no database can hold: it has the character of number 0.
    case nulCharacter
    /// The file is damaged, or is no database.
    case damaged
    /// Anything else the engine refused; its code.
    case engine(String)

    /// Whether it may well be gone in a minute.
    public var isPassing: Bool { [.full, .unavailable, .unknownOutcome].contains(self) }

    public var description: String {
        switch self {
        case .noColumn(let name): "no column \(name)"
        case .badValue(_, let wanted): "a column does not hold \(wanted)"
        case .silentWrite: "a write changed rows and recorded no event"
        case .notForJournal(let kind): "an event of kind “\(kind)” holds more than codes and identifiers"
        case .unsafeSetting(let name): "the database will not keep \(name), so it is not safe to write to"
        case .editedMigration(let name): "migration “\(name)” was changed after it was applied"
        case .newerSchema(let name):
            "the data folder was made by a newer version (it has “\(name)”); update this program"
        case .constraint(let code): "a rule of the schema was broken (\(code))"
        case .full: "the disk is full"
        case .unavailable: "the database does not answer"
        case .unknownOutcome: "the database was lost while it committed; ask again by the same key"
        case .nulCharacter: "text holds the character of number 0"
        case .damaged: "the file is damaged, or no database at all"
        case .engine(let code): "the database refused (\(code))"
        }
    }
}
