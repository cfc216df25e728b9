import Access
import AccessServer
import Kernel
import SingleView
import Storage
import Web

/// The Single View of the Child: what agencies hold, linked, explained and reversible.
public let singleView = Slice(
    "SingleView", migrations: SingleViewSchema.all,
    actions: SingleViewActions.all + HeldActions.all + SealingActions.all + LeadActions.all,
    routes: FeedRoutes.all + HeldRoutes.all + CorrectionRoutes.all + SealingRoutes.all + LeadRoutes.all,
    lives: [feedBook, linkIndex],
    jobs: [
        WatchedFolder.job,
        Job(SingleViewJobs.link, every: nil) { run in
            var linking = try Linking(
                run.database, share: run.share, index: run.live(linkIndex) ?? LinkIndex(run.share))
            let progress = run.progress
            linking.progress = { _, done, total in progress(done, total) }
            _ = try await linking.run()
        },
    ],
    navigation: [
        NavigationItem("Sources", "/feeds", for: .roles(SingleViewActions.seeSources.roles)),
        NavigationItem("Corrections", "/corrections", for: .roles(HeldActions.seeCorrections.roles)),
        NavigationItem("Key workers", "/leads", for: .roles(LeadActions.list.roles)),
        NavigationItem("Sealed sets", "/sealed-sets", for: .roles(SealingActions.ask.roles)),
    ])

/// The templates of the sources, as they ship.
let feedBook = Live("templates of sources", follows: []) { _, share in try FeedBook(share) }

/// The records of the city in memory, for linking: each server has its own, made when it is first asked.
let linkIndex = Live("index of records", follows: []) { _, share in LinkIndex(share) }

enum SingleViewJobs {
    static let link = "link records"
}

/// What may be done with sources, links and reviews.
enum SingleViewActions {
    static let seeSources = Action(
        "sources.see", .see,
        roles: codes([
            .caseOfficer, .teamManager, .recordKeeper, .dataProtectionOfficer, .commissioner, .auditor,
        ]))
    static let takeIn = Action("sources.take-in", .change, roles: codes([.recordKeeper]))
    static let seeRefused = Action("sources.see-refused", .see, roles: codes([.recordKeeper]))
    static let all = [seeSources, takeIn, seeRefused]

    static func codes(_ roles: [Role]) -> Set<String> { Set(roles.map(\.rawValue)) }
}

/// What is noted in the journal.
enum SingleViewEvents {
    static let taken = "extract.taken-in"
    static let changed = "record.changed"
    static let gone = "record.gone"
    static let linked = "record.linked"
    static let refusedSeen = "extract.refused-rows-seen"
    static let ran = "linking.done"
    /// A health body’s notice became a record, or changed one.
    static let noticed = "record.noticed"
    static let modelKept = "model.kept"
    static let modelUsed = "model.taken-up"
    static let ownRecords = "record.own-noted"
}
