import Kernel
import Logging
import Operations
import ServiceLifecycle
import Storage
import Web

/// Runs the slices’ jobs, each at its own pace, and each once more when the server stops.
struct JobRunner: Service {
    let jobs: [Job]
    let database: any Database
    let tally: Tally
    let logger: Logger

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for job in jobs { group.addTask { await keepRunning(job) } }
        }
    }

    private func keepRunning(_ job: Job) async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(job.every))
                if !Task.isCancelled { await run(job) }
            }
        }
        await run(job)
    }

    private func run(_ job: Job) async {
        do { try await job.run(database, tally) } catch {
            logger.error("job failed", metadata: ["job": "\(job.name)", "type": "\(type(of: error))"])
        }
    }
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
                do { try await shelf.follow(database, share) } catch {
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
