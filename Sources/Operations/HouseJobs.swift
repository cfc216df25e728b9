import Console
import Foundation
import Kernel
import Storage
import Web

/// What the house does by itself, besides what the slices do.
public enum HouseJobs {
    /// - Parameter folder: the data folder.
    public static func slice(folder: String, migrations: [Migration], clock: WallClock) -> Slice {
        Slice(
            "House jobs", migrations: [], routes: [],
            jobs: [
                Job("forget sent messages", every: 86_400) { run in
                    // What was sent has done its work after a month; that it was sent stays in the journal.
                    let month = run.now.adding(milliseconds: -30 * 86_400_000)
                    try await Outbox.forget(before: month, in: run.database)
                },
                Job("forget old receipts", every: 86_400) { run in
                    let last = run.now.adding(milliseconds: -Receipts.days * 86_400_000)
                    try await Receipts.forget(before: last, in: run.database)
                },
                Job("watch the database", every: 3600) { run in
                    Reserve(path: folder + "/reserve").hold()
                    guard let database = run.database as? SQLite else { return }
                    try await database.checkpoint()
                    let wrong = try await database.check()
                    if let first = wrong.first { throw DamagedDatabase(first: first) }
                },
                Job("read documents again", every: 7 * 86_400) { run in
                    let documents = DocumentFolder(run.database, folder: folder)
                    let found = try await documents.scrub(now: run.now) { run.progress($0, $1) }
                    if !found.damaged.isEmpty { throw DamagedDocuments(count: found.damaged.count) }
                },
                Job("restore drill", every: 86_400) { run in
                    let backup = Backup(run.database, folder: folder, migrations: migrations, clock: clock)
                    try await backup.drill { run.progress($0, $1) }
                },
            ])
    }

    /// Some documents are missing or were changed: see continuum documents list.
    struct DamagedDocuments: Error { let count: Int }

    /// The engine’s own check found something: restore from a backup.
    struct DamagedDatabase: Error { let first: String }
}
