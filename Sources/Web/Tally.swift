import Synchronization

/// Counts kept in memory until a job writes them down. A count holds no text that a visitor wrote.
public final class Tally: Sendable {
    private let counts = Mutex<[String: [[String]: Int]]>([:])

    public init() {}

    /// Adds one. A name holds at most 10,000 keys; further ones are left out until the next job has run.
    public func add(_ name: String, _ key: [String]) {
        counts.withLock { all in
            guard all[name]?[key] != nil || (all[name]?.count ?? 0) < 10_000 else { return }
            all[name, default: [:]][key, default: 0] += 1
        }
    }

    /// Takes the counts of this name, leaving none.
    public func take(_ name: String) -> [[String]: Int] { counts.withLock { $0.removeValue(forKey: name) ?? [:] } }

    /// Puts back counts that could not be written.
    public func restore(_ name: String, _ taken: [[String]: Int]) {
        counts.withLock { all in for (key, count) in taken { all[name, default: [:]][key, default: 0] += count } }
    }
}
