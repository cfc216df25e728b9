import Kernel
import Logging
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
