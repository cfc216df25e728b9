import Access
import AccessServer
import Kernel
import Linkage
import SingleView
import Storage
import Web

/// The models by which records are linked: which is in use, what another would change, taking one up, going back.
enum ModelRoutes {
    static let all: [Route] = [
        .get("/review/models", may: .office(ReviewActions.quality), list),
        .post("/review/models", may: .office(ModelActions.use), learn),
        .post("/review/models/{version}/uses", may: .office(ModelActions.use), use),
    ]

    static let job = Job("learn a model", every: nil) { run in
        let progress = run.progress
        var learning = ModelLearning(run.database, index: run.live(linkIndex) ?? LinkIndex(run.share))
        learning.progress = { _, done, total in progress(done, total) }
        _ = try await learning.run()
    }

    private static func list(_ visit: Visit) async throws -> Reply {
        .page(try await page(visit, visit.form))
    }

    private static func page(_ visit: Visit, _ form: Form) async throws -> Page {
        let (models, uses, records, who) = try await visit.read { tx in
            let store = ModelStore(tx: tx)
            let uses = try store.uses()
            let who = try Dictionary(
                uniqueKeysWithValues: Set(uses.map(\.who)).map {
                    ($0, $0 == "system" ? "the program" : try Looks.who($0, in: tx))
                })
            return (try store.all(), uses, try LinkStore(tx: tx, scope: .system).count(), who)
        }
        let mayUse = !ModelActions.use.roles.isDisjoint(with: visit.visitor.roles)
        return ModelPages.list(
            models, uses, who, records: records, mayUse: mayUse, said: visit.query["said"], form)
    }

    private static func learn(_ visit: Visit) async throws -> Reply {
        try await visit.writeOnce { tx, id in
            tx.record(Event("model.asked-for", subject: id))
            try Work.add(job.name, about: id, due: tx.now, in: tx)
            return "/review/models?said=learning"
        }
    }

    private static func use(_ visit: Visit) async throws -> Reply {
        let (version, account) = (visit.parameter("version"), visit.scope.actor.id)
        var form = visit.form
        let reason = form["reason-\(version)"].trimmed
        if reason.isEmpty { form.refuse("reason-\(version)", "Say why, for whoever asks later") }
        if reason.count > 500 { form.refuse("reason-\(version)", "Write at most 500 characters") }
        guard form.errors.isEmpty else { return .unprocessable(try await page(visit, form)) }
        guard try await visit.read({ try ModelStore(tx: $0).file(of: version) }) != nil else { return .notFound }
        return try await visit.writeOnce { tx, id in
            tx.record(.housekeeping)
            if try ModelStore.use(version, by: account, reason: reason, in: tx) {
                try Work.add(SingleViewJobs.link, about: id, due: tx.now, in: tx)
            }
            return "/review/models?said=used"
        }
    }
}

enum ModelActions {
    static let use = Action("models.use", .change, roles: SingleViewActions.codes([.recordKeeper]))
    static let all = [use]
}

/// Learns a model from this city’s own records, compares it with the one in use, and keeps it. It is not taken up: that
/// is for a person.
struct ModelLearning: Sendable {
    let database: any Database
    let index: LinkIndex
    var progress: @Sendable (String, Int, Int) -> Void = { _, _, _ in }

    /// With fewer records there is too little to learn from: twins and strangers look alike.
    static let fewest = 2000

    init(_ database: any Database, index: LinkIndex) { (self.database, self.index) = (database, index) }

    /// - Returns: what was learnt and what it would change; nil where there is too little to learn from.
    func run() async throws -> (model: Model, change: ModelChange)? {
        let now = try await index.follow(database)
        guard now.count >= Self.fewest else { return nil }
        let (bytes, _, _) = try await LinkIndex.records(of: database)
        let files = [FileBytes(name: "records", bytes: bytes)]
        let learnt = try Linker(files, LinkOptions(reading: LinkIndex.reading), progress: progress).model
        let change = ModelChange(from: now, to: try LiveIndex(learnt, files: files, LinkIndex.reading), examples: 0)
        let count = now.count
        try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            try ModelStore.keep(learnt, .learnt, records: count, compared: ModelComparison(change), in: tx)
        }
        return (learnt, change)
    }
}
