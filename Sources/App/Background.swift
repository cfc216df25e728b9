import Kernel
import Logging
import Operations
import ServiceLifecycle
import Storage
import Synchronization
import Web

/// Writes down what this process keeps in memory, each thing at its own pace, and once more when the server stops.
struct FlushRunner: Service {
    let flushes: [Flush]
    let database: any Database
    let tally: Tally
    let logger: Logger

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for flush in flushes { group.addTask { await keepRunning(flush) } }
        }
    }

    private func keepRunning(_ flush: Flush) async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(flush.every))
                if !Task.isCancelled { await run(flush) }
            }
        }
        await run(flush)
    }

    private func run(_ flush: Flush) async {
        do { try await flush.run(database, tally) } catch {
            logger.error("flush failed", metadata: ["flush": "\(flush.name)", "type": "\(type(of: error))"])
        }
    }
}

/// Takes work that is due, one piece at a time, and does it. Several processes may each have one.
struct JobRunner: Service {
    let jobs: [Job]
    let database: any Database
    let clock: WallClock
    let share: Share
    let shelf: Shelf
    let logger: Logger
    /// This process, told from every other.
    let holder: String

    /// Seconds for which taken work is held without a word; a process that dies is taken over after them.
    static let lease = 30

    func run() async throws {
        try? await Work.keep(jobs.compactMap { job in job.every.map { (job.name, $0) } }, in: database)
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    if try await doNext() { continue }
                } catch {
                    logger.error("taking work failed", metadata: ["type": "\(type(of: error))"])
                }
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }

    /// - Returns: whether there was any.
    private func doNext() async throws -> Bool {
        let kinds = jobs.map(\.name)
        guard
            let item = try await Work.take(kinds, by: holder, seconds: JobRunner.lease, at: clock.now(), in: database),
            let job = jobs.first(where: { $0.name == item.kind })
        else { return false }
        let told = Told()
        let run = Job.Run(database: database, subject: item.subject, now: clock.now(), share: share, shelf: shelf) {
            told.set($0, $1)
        }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await job.run(run) }
                group.addTask {
                    while true {
                        try await Task.sleep(for: .seconds(JobRunner.lease / 3))
                        let (done, total) = told.get()
                        let isHeld = try await Work.hold(
                            item, by: holder, seconds: JobRunner.lease, done: done, total: total, in: database)
                        if !isHeld { throw CancellationError() }
                    }
                }
                try await group.next()
                group.cancelAll()
            }
            try await Work.finish(item, by: holder, in: database)
        } catch {
            // Stopped in the middle: whoever runs next takes it over when the lease is out.
            if Task.isCancelled { return false }
            logger.error("job failed", metadata: ["job": "\(item.kind)", "type": "\(type(of: error))"])
            try await Work.fail(item, by: holder, "\(type(of: error))", in: database)
        }
        return true
    }
}

/// How far a job has said that it has come.
private final class Told: Sendable {
    private let progress = Mutex<(done: Int?, total: Int?)>((nil, nil))
    func set(_ done: Int, _ total: Int) { progress.withLock { $0 = (done, total) } }
    func get() -> (done: Int?, total: Int?) { progress.withLock { $0 } }
}

/// Brings what is kept in memory up to the journal, so that an import shows within a second or two.
struct Follower: Service {
    let shelf: Shelf
    let database: any Database
    let share: Share
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                if Task.isCancelled { return }
                do { try await shelf.follow(database, share) } catch is CancellationError {
                    return
                } catch {
                    logger.error("following the journal failed", metadata: ["type": "\(type(of: error))"])
                }
            }
        }
    }
}

/// Signs the head of the journal every minute, or every thousand entries, and once more when the server stops.
struct Signer: Service {
    let file: CheckpointFile
    let database: any Database
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var (signed, seconds) = (0, 0)
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                seconds += 1
                let head = (try? await Journal.head(of: database)) ?? signed
                guard head > signed, seconds >= 60 || head - signed >= 1000 || signed == 0 else { continue }
                await sign()
                (signed, seconds) = (head, 0)
            }
        }
        await sign()
    }

    private func sign() async {
        do { try await file.sign(database) } catch {
            logger.error("checkpoint not written", metadata: ["type": "\(type(of: error))"])
        }
    }
}

/// Sends what the outbox holds, a few seconds at most after it was put there.
struct OutboxRunner: Service {
    let sender: Sender
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    if try await sender.sendDue() > 0 { continue }
                } catch {
                    logger.error("sending failed", metadata: ["type": "\(type(of: error))"])
                }
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }
}
