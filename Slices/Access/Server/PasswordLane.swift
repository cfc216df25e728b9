import Cryptography
import Foundation
import Synchronization

/// Checks and makes hashes of passwords, which cost much time and memory by design: a few at once, on threads of their
/// own, so that a storm of them holds nothing else up.
final class PasswordLane: Sendable {
    private struct State {
        var running = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())
    private let most: Int
    private let mostWaiting: Int

    static let shared = PasswordLane(most: 2, mostWaiting: 64)

    init(most: Int, mostWaiting: Int) { (self.most, self.mostWaiting) = (most, mostWaiting) }

    /// Too many passwords are being checked already: try again in a few seconds.
    struct Busy: Error {}

    /// Whether a password is the one of this hash. Where there is no hash it costs the same, and is false.
    ///
    /// - Throws: `Busy`; `Password.Fault`.
    func isRight(_ password: String, for hash: String?) async throws -> Bool {
        try await run {
            let held = try hash ?? Self.decoy.get()
            return Password.isRight(password, for: held) && hash != nil
        }
    }

    /// - Throws: `Busy`; `Password.Fault`.
    func hash(_ password: String) async throws -> String { try await run { try Password.hash(password) } }

    /// The hash of a right password at today’s cost, where the kept one was made at another; nil where it is as it
    /// should be, or where there is too much to do now: then the next time serves.
    func renewed(_ password: String, for hash: String) async -> String? {
        guard Password.needsRehash(hash) else { return nil }
        return try? await self.hash(password)
    }

    private static let decoy = Result { try Password.decoy() }

    private func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        guard state.withLock({ $0.waiting.count < mostWaiting }) else { throw Busy() }
        await enter()
        defer { leave() }
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }

    private func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.running < most {
                    state.running += 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    /// Hands the place to whoever waits longest.
    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
