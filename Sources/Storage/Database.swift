import Kernel

/// What a rule or a page may do with the database inside one transaction.
///
/// A transaction never leaves the closure it was handed to, and no closure suspends.
public protocol Transaction {
    /// Hands each row to `body` in turn, holding one at a time.
    func each(_ sql: SQL, _ body: (Row) throws -> Void) throws
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

/// A database: SQLite by default.
public protocol Database: Sendable {
    /// Runs `body` on one unchanging view of the data.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T

    /// Runs `body` and commits it to disk, or throws and changes nothing. When this returns, the change is durable.
    ///
    /// - Throws: `StorageFault.silentWrite` where `body` changed rows and recorded no event.
    func write<T: Sendable>(
        as actor: Actor, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) async throws -> T

    /// Applies, in order of name, every migration not applied yet, each in a transaction of its own.
    ///
    /// - Throws: `StorageFault.editedMigration` where one applied before has since been changed.
    func migrate(_ migrations: [Migration]) async throws
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
public struct Scope: Hashable, Sendable {
    public let actor: Actor
    public let purpose: Purpose

    public init(actor: Actor, purpose: Purpose) { (self.actor, self.purpose) = (actor, purpose) }

    public enum Purpose: String, Hashable, Sendable {
        /// What anybody may read: the published Local Offer.
        case publicInformation = "public-information"
        /// Running the service: imports, counts, repairs.
        case operation
    }

    public static let anyone = Scope(actor: .anyone, purpose: .publicInformation)
    public static let operation = Scope(actor: .operator_, purpose: .operation)
}

/// Something that happened, kept for ever: its kind and the identifier of what it happened to.
///
/// It holds no name and no free text; words live on the row they belong to. Who and when are added on commit.
public struct Event: Hashable, Sendable {
    /// `thing.happened`, in the words of its slice.
    public let kind: String
    /// An opaque identifier, or empty where there is no one thing.
    public let subject: String

    public init(_ kind: String, subject: String = "") { (self.kind, self.subject) = (kind, subject) }
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
    case unsafeSetting(String)
    case editedMigration(String)
    /// The data folder was written by a newer version of the program.
    case newerSchema(String)

    public var description: String {
        switch self {
        case .noColumn(let name): "no column \(name)"
        case .badValue(_, let wanted): "a column does not hold \(wanted)"
        case .silentWrite: "a write changed rows and recorded no event"
        case .unsafeSetting(let name): "the database will not keep \(name), so it is not safe to write to"
        case .editedMigration(let name): "migration “\(name)” was changed after it was applied"
        case .newerSchema(let name):
            "the data folder was made by a newer version (it has “\(name)”); update this program"
        }
    }
}
