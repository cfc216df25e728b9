import Console
import Foundation
import Kernel
import Operations
import Storage
import Web

/// Whether the server is up, and whether it can do its work: for whatever watches it.
struct Health: Sendable {
    let database: any Database
    let folder: String

    var slice: Slice {
        Slice(
            "Health", migrations: [],
            routes: [
                .get("/health/live", may: .anyone) { _ in .text("live\n", type: "text/plain; charset=utf-8") },
                .get("/health/ready", may: .anyone) { [database, folder] _ in
                    let head = try await Journal.head(of: database)
                    let room = try? FileManager.default.attributesOfFileSystem(forPath: folder)[.systemFreeSize] as? Int
                    let isRoomy = room.map { $0 > 100 * 1_048_576 } ?? true
                    let now = Application.clock.now()
                    let (drill, look, letters, newest) = try await database.read { tx in
                        let drill = try Settings.value(Backup.lastDrill, in: tx).map { try Instant(iso: $0) }
                        return (
                            drill, try Work.lastLook(in: tx), try Outbox.standing(in: tx), try Journal.newest(in: tx)
                        )
                    }
                    func age(_ moment: Instant?) -> Int? { moment.map { (now.milliseconds - $0.milliseconds) / 1000 } }
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
                    let state: JSON = .object([
                        ("ready", .bool(isRoomy)), ("journal_head", .int(head)), ("engine", .text(database.engine)),
                        ("free_megabytes", .int(room.map { $0 / 1_048_576 })), ("drill_age_seconds", .int(age(drill))),
                        ("work_looked_for_seconds_ago", .int(age(look))), ("messages_waiting", .int(letters.waiting)),
                        ("warnings", .texts(warnings)),
                    ])
                    return .json(state, status: isRoomy ? 200 : 503)
                },
            ])
    }
}
