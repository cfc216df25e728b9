import Access
import AccessServer
import Casework
import Kernel
import Storage
import Web

/// What officers note in a case. Each is an event more; nothing is written over.
enum EventRoutes {
    static let all: [Route] = [
        .get("/cases/{case}/events/new", may: .act(CaseActions.work, on: "case")) { visit in
            let step = visit.query["step"].flatMap(CaseStep.init(rawValue:))
            return try await page(visit, step, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/cases/{case}/events", may: .act(CaseActions.work, on: "case"), note),
    ]

    /// The form of one step, or the list of all that can be noted.
    private static func page(_ visit: Visit, _ step: CaseStep?, _ form: Form) async throws -> Page? {
        let (policy, scope, today) = (try visit.live(policyInForce), visit.scope, visit.today)
        let (law, id) = (try visit.live(statute), visit.parameter("case"))
        return try await visit.look { tx -> (Page?, [Event]) in
            guard let record = try CaseStore(tx: tx, scope: scope, policy: policy).record(id) else { return (nil, []) }
            let times = law.times(of: record.file, on: today)
            let page =
                step.map { EventPages.form($0, record, times, until: law.refusable(record.file), form) }
                ?? EventPages.menu(record, times, today: today)
            return (page, record.look)
        }
    }

    private static func note(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let id = visit.parameter("case")
        guard let step = CaseStep(rawValue: form["step"]) else {
            return try await page(visit, nil, form).map { .unprocessable($0) } ?? .notFound
        }
        let file = try await visit.read { try Cases.file(id, in: $0) }
        let (law, post) = (try visit.live(statute), try CasePost(visit))
        guard let entry = EventForm(file: file, law: law, today: visit.today).read(step, &form) else {
            return try await page(visit, step, form).map { .unprocessable($0) } ?? .notFound
        }
        return try await write(entry, to: file, visit, post)
    }

    /// Writes an entry that was checked for the case as it stood.
    static func write(_ entry: Cases.Entry, to file: Case, _ visit: Visit, _ post: CasePost) async throws -> Reply {
        let id = file.id
        return try await visit.writeOnce { tx, _ in
            guard let version = try Cases.version(of: id, in: tx), let person = try Cases.person(of: id, in: tx) else {
                throw VersionConflict.changedSince
            }
            // Nothing changed since the form was drawn, so what was checked for it still holds.
            try visit.expect(version: version)
            let held = try Cases.file(id, in: tx)
            guard held == file else { throw VersionConflict.changedSince }
            try Cases.add(entry, to: held, of: person, post, in: tx)
            return "/cases/\(id)"
        }
    }
}
