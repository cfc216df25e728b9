import Console
import Foundation
import Kernel
import Operations
import Storage
import Web

/// How the server stands: what readiness and the metrics both tell.
struct Standing: Sendable {
    let head: Int
    let drill: Instant?
    let look: Instant?
    let newest: Instant?
    let letters: Outbox.Standing
    /// Work that fails again and again, and work that should have been done five minutes ago.
    let failing, late: Int
    /// Bytes free on the disk of the data folder.
    let room: Int?
    let now: Instant

    init(_ database: any Database, folder: String, now: Instant) async throws {
        self.now = now
        head = try await Journal.head(of: database)
        room = try? FileManager.default.attributesOfFileSystem(forPath: folder)[.systemFreeSize] as? Int
        let work: [WorkItem]
        (drill, look, letters, newest, work) = try await database.read { tx in
            (
                try Settings.value(Backup.lastDrill, in: tx).map { try Instant(iso: $0) }, try Work.lastLook(in: tx),
                try Outbox.standing(in: tx), try Journal.newest(in: tx), try Work.all(in: tx)
            )
        }
        failing = work.count(where: \.needsLook)
        late = work.count { $0.due < now.adding(milliseconds: -300_000) && ($0.heldUntil ?? $0.due) < now }
    }

    /// Seconds since a moment; nil where there was none.
    func age(_ moment: Instant?) -> Int? { moment.map { (now.milliseconds - $0.milliseconds) / 1000 } }

    var isRoomy: Bool { room.map { $0 > 100 * 1_048_576 } ?? true }

    /// What somebody should look at, in words.
    var warnings: [String] {
        var warnings: [String] = []
        if age(drill).map({ $0 > 7 * 86_400 }) ?? true { warnings.append("no restore drill for a week") }
        if age(look).map({ $0 > 120 }) ?? true { warnings.append("nothing has looked for work lately") }
        if age(newest).map({ $0 < -60 }) ?? false {
            warnings.append("the clock of this computer is behind the newest entry of the journal")
        }
        for (owner, count, _) in letters.owners {
            warnings.append("\(count) messages were given up: for \(owner) to look at")
        }
        if age(letters.oldestWaiting).map({ $0 > 6 * 3600 }) ?? false {
            warnings.append("a message has waited for more than six hours")
        }
        return warnings
    }
}

/// Whether the server is up, and whether it can do its work: for whatever watches it. What is behind that is told on
/// its own computer alone.
struct Health: Sendable {
    let database: any Database
    let folder: String

    var slice: Slice {
        Slice(
            "Health", migrations: [],
            routes: [
                .get("/health/live", may: .anyone) { _ in .text("live\n", type: "text/plain; charset=utf-8") }
                    .uncounted,
                .get("/health/ready", may: .anyone) { [database, folder] visit in
                    let standing = try await Standing(database, folder: folder, now: Application.clock.now())
                    let status = standing.isRoomy ? 200 : 503
                    guard visit.isOnLoopback else {
                        return .json(.object([("ready", .bool(standing.isRoomy))]), status: status)
                    }
                    return .json(
                        .object([
                            ("ready", .bool(standing.isRoomy)), ("journal_head", .int(standing.head)),
                            ("engine", .text(database.engine)),
                            ("free_megabytes", .int(standing.room.map { $0 / 1_048_576 })),
                            ("drill_age_seconds", .int(standing.age(standing.drill))),
                            ("work_looked_for_seconds_ago", .int(standing.age(standing.look))),
                            ("messages_waiting", .int(standing.letters.waiting)),
                            ("warnings", .texts(standing.warnings)),
                        ]), status: status)
                },
            ])
    }
}
