import Kernel
import Storage
import Synchronization

/// Something made from the database and kept in memory, made anew when the journal notes a change it follows.
public struct Live<Value: Sendable>: LiveMaker {
    public let name: String
    public let follows: Set<String>
    private let make: @Sendable (any Database, Share) async throws -> Value

    /// - Parameters:
    ///   - follows: the kinds of event after which it is made anew.
    ///   - make: makes it from the database as it stands, and the shipped data.
    public init(
        _ name: String, follows: Set<String>, make: @escaping @Sendable (any Database, Share) async throws -> Value
    ) {
        (self.name, self.follows, self.make) = (name, follows, make)
    }

    public func makeAny(_ database: any Database, _ share: Share) async throws -> any Sendable {
        try await make(database, share)
    }
}

public protocol LiveMaker: Sendable {
    var name: String { get }
    var follows: Set<String> { get }
    func makeAny(_ database: any Database, _ share: Share) async throws -> any Sendable
}

/// Keeps every slice's live values, and brings them up to the journal.
public final class Shelf: Sendable {
    private struct State {
        var values: [String: any Sendable] = [:]
        var head = 0
    }
    private let makers: [any LiveMaker]
    private let state = Mutex(State())

    public init(_ makers: [any LiveMaker]) { self.makers = makers }

    /// Makes everything for the first time.
    public func prepare(_ database: any Database, _ share: Share) async throws {
        let head = try await Journal.head(of: database)
        for maker in makers { try await remake(maker, database, share) }
        state.withLock { $0.head = head }
    }

    /// Makes anew whatever follows an event noted since the last time. One caller at a time.
    public func follow(_ database: any Database, _ share: Share) async throws {
        let since = state.withLock { $0.head }
        let (head, kinds) = try await Journal.kinds(after: since, in: database)
        guard head != since else { return }
        for maker in makers where !maker.follows.isDisjoint(with: kinds) { try await remake(maker, database, share) }
        state.withLock { $0.head = head }
    }

    func value<Value: Sendable>(of live: Live<Value>) throws -> Value {
        guard let value = state.withLock({ $0.values[live.name] }) as? Value else { throw ShelfFault.absent(live.name) }
        return value
    }

    private func remake(_ maker: any LiveMaker, _ database: any Database, _ share: Share) async throws {
        let value = try await maker.makeAny(database, share)
        state.withLock { $0.values[maker.name] = value }
    }
}

public enum ShelfFault: Error, Hashable { case absent(String) }
