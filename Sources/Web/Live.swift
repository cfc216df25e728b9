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
        /// How far each has followed the journal: one that cannot be made does not make the others anew for ever.
        var heads: [String: Int] = [:]
    }
    private let makers: [any LiveMaker]
    private let state = Mutex(State())

    public init(_ makers: [any LiveMaker]) { self.makers = makers }

    /// Makes everything for the first time.
    public func prepare(_ database: any Database, _ share: Share) async throws {
        let head = try await Journal.head(of: database)
        for maker in makers { try await remake(maker, database, share, at: head) }
    }

    /// Makes anew whatever follows an event noted since the last time. One caller at a time.
    ///
    /// - Throws: what befell the first that could not be made; the others are made all the same.
    public func follow(_ database: any Database, _ share: Share) async throws {
        var failure: (any Error)?
        for maker in makers {
            let since = state.withLock { $0.heads[maker.name] ?? 0 }
            do {
                let (head, kinds) = try await Journal.kinds(after: since, in: database)
                guard head != since else { continue }
                if maker.follows.isDisjoint(with: kinds) {
                    state.withLock { $0.heads[maker.name] = head }
                } else {
                    try await remake(maker, database, share, at: head)
                }
            } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    func value<Value: Sendable>(of live: Live<Value>) throws -> Value {
        guard let value = state.withLock({ $0.values[live.name] }) as? Value else { throw ShelfFault.absent(live.name) }
        return value
    }

    private func remake(
        _ maker: any LiveMaker, _ database: any Database, _ share: Share, at head: Int
    ) async throws {
        let value = try await maker.makeAny(database, share)
        state.withLock {
            $0.values[maker.name] = value
            $0.heads[maker.name] = head
        }
    }
}

public enum ShelfFault: Error, Hashable { case absent(String) }
