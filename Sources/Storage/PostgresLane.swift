import Foundation
import Synchronization

/// Threads that each hold one connection of one kind; work waits for the first that is free.
///
/// A connection never leaves its thread, so nothing of it is shared.
final class Lane: Sendable {
    private let line = Line()
    private let count: Int

    init(_ address: String, target: String, count: Int) {
        self.count = count
        for number in 0..<count {
            let thread = Thread { [line] in
                let holder = Holder(address, target: target)
                while let work = line.next() { work(holder) }
            }
            thread.name = "postgres \(target) \(number)"
            thread.start()
        }
    }

    deinit { for _ in 0..<count { line.add(nil) } }

    func start(_ work: @escaping @Sendable (Holder) -> Void) { line.add(work) }

    /// - Throws: what the body throws; `StorageFault.unavailable` where the server was lost.
    func run<T: Sendable>(_ body: @escaping @Sendable (Holder) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            start { holder in
                do { continuation.resume(returning: try body(holder)) } catch is PostgresConnection.Lost {
                    continuation.resume(throwing: StorageFault.unavailable)
                } catch { continuation.resume(throwing: error) }
            }
        }
    }
}

/// Work in the order in which it came; a nil tells one thread to end.
private final class Line: Sendable {
    private let waiting = Mutex<(work: [(@Sendable (Holder) -> Void)?], first: Int)>(([], 0))
    private let count = DispatchSemaphore(value: 0)

    func add(_ work: (@Sendable (Holder) -> Void)?) {
        waiting.withLock { $0.work.append(work) }
        count.signal()
    }

    func next() -> (@Sendable (Holder) -> Void)? {
        count.wait()
        return waiting.withLock { line in
            defer {
                line.first += 1
                if line.first == line.work.count { line = ([], 0) }
            }
            return line.work[line.first]
        }
    }
}

/// Holds one connection for its thread, and makes it anew when it was lost.
final class Holder {
    private let address: String
    private let target: String
    private var connection: PostgresConnection?

    init(_ address: String, target: String) { (self.address, self.target) = (address, target) }

    /// - Throws: `PostgresConnection.Lost` where no server answers; `StorageFault` where it is not safe to write to.
    func connected() throws -> PostgresConnection {
        if let connection, !connection.isLost { return connection }
        connection = nil
        let made = try PostgresConnection(address, target: target, patience: 65)
        if target == "read-write" { try Postgres.verify(made) }
        connection = made
        return made
    }

    /// Runs the body, and again where the server was lost, for so many seconds.
    ///
    /// - Throws: `PostgresConnection.Lost` where none came back in time; what the body throws otherwise.
    func persistently<T>(for patience: Double, _ body: (PostgresConnection) throws -> T) throws -> T {
        let start = DispatchTime.now()
        var pause = 0.02
        while true {
            do { return try body(try connected()) } catch let lost as PostgresConnection.Lost {
                connection = nil
                let waited = Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9
                guard waited + pause < patience else { throw lost }
                Thread.sleep(forTimeInterval: pause)
                pause = min(pause * 2, 0.5)
            }
        }
    }
}
