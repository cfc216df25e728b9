import Foundation
import Glibc
import Synchronization

/// Threads on which requests may block; work waits for the first that is free.
final class OutboundLane: Sendable {
    private let line: WaitingLine
    private let count: Int

    init(count: Int, mostWaiting: Int) {
        self.count = count
        line = WaitingLine(most: mostWaiting)
        for number in 0..<count {
            let thread = Thread { [line] in
                // Without signals libcurl leaves this one to us: a connection that the other side closed is no crash.
                var signals = sigset_t()
                sigemptyset(&signals)
                sigaddset(&signals, SIGPIPE)
                pthread_sigmask(SIG_BLOCK, &signals, nil)
                while let work = line.next() { work() }
            }
            thread.name = "outbound \(number)"
            thread.start()
        }
    }

    deinit { for _ in 0..<count { line.end() } }

    /// Whether the work will be done; false where too much waits already.
    func start(_ work: @escaping @Sendable () -> Void) -> Bool { line.add(work) }
}

/// Work in the order in which it came; a nil tells one thread to end.
private final class WaitingLine: Sendable {
    private let waiting = Mutex<(work: [(@Sendable () -> Void)?], first: Int)>(([], 0))
    private let count = DispatchSemaphore(value: 0)
    private let most: Int

    init(most: Int) { self.most = most }

    func add(_ work: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = waiting.withLock { line in
            guard line.work.count - line.first < most else { return false }
            line.work.append(work)
            return true
        }
        if isTaken { count.signal() }
        return isTaken
    }

    func end() {
        waiting.withLock { $0.work.append(nil) }
        count.signal()
    }

    func next() -> (@Sendable () -> Void)? {
        count.wait()
        return waiting.withLock { line in
            let work = line.work[line.first]
            // Let go of it, with all that it holds on to.
            line.work[line.first] = nil
            line.first += 1
            if line.first == line.work.count || line.first > most {
                line.work.removeFirst(line.first)
                line.first = 0
            }
            return work
        }
    }
}
