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
        .post("/cases/{case}/events", may: .act(CaseActions.work, on: "case"), note).taking(megabytes: 25),
    ]

    /// The form of one step, or the list of all that can be noted.
    private static func page(_ visit: Visit, _ step: CaseStep?, _ form: Form) async throws -> Page? {
        let (policy, scope, today) = (try visit.live(policyInForce), visit.scope, visit.today)
        let (law, id) = (try visit.live(statute), visit.parameter("case"))
        return try await visit.look { tx -> (Page?, [Event]) in
            guard let record = try CaseStore(tx: tx, scope: scope, policy: policy).record(id) else { return (nil, []) }
            let times = law.times(of: record.file, on: today)
            let hearings =
                step == .panel || step == .decision
                ? try PanelStore(tx: tx, scope: scope, policy: policy).hearings(of: id) : []
            let page =
                step.map {
                    EventPages.form(
                        $0, record, times, until: law.refusable(record.file), PanelPages.hearings(hearings), form)
                }
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
        let entry = EventForm(file: file, law: law, today: visit.today).read(step, &form)
        let recipient =
            step == .advice ? try await AdviceRoutes.recipient(visit, &form, isNeeded: false) : nil
        let documents =
            step == .arrival && form.errors.isEmpty
            ? try await visit.keep(&form, field: "files", most: AdviceTaskKinds.mostFiles) : []
        guard form.errors.isEmpty, let entry else {
            return try await page(visit, step, form).map { .unprocessable($0) } ?? .notFound
        }
        let asking = try AdviceAsking(visit)
        do {
            return try await write(entry, to: file, visit, post) { tx, held, newID in
                if step == .arrival {
                    try AdviceStore.keep([:], documents, with: entry.event.id, in: tx)
                    try AdviceStore.close(of: entry.event.about, as: nil, in: tx)
                }
                guard let recipient, let advice = held.advice.last else { return "/cases/\(id)" }
                try asking.send(advice, of: held, to: recipient, as: "task-\(newID)", in: tx)
                return "/cases/\(id)/advice#\(advice.id)"
            }
        } catch let refusal as CaseRefusal {
            form.refuse("address", refusal.words)
            return try await page(visit, step, form).map { .unprocessable($0) } ?? .notFound
        }
    }

    /// Adds an entry to the case that was read for its form, and does what goes with it.
    static func write(
        _ entry: Cases.Entry, to file: Case, _ visit: Visit, _ post: CasePost,
        _ also: @escaping @Sendable (any WriteTransaction, Case, String) throws -> String = { _, file, _ in
            "/cases/\(file.id)"
        }
    ) async throws -> Reply {
        let id = file.id
        return try await visit.writeOnce { tx, newID in
            guard let version = try Cases.version(of: id, in: tx), let person = try Cases.person(of: id, in: tx) else {
                throw VersionConflict.changedSince
            }
            // Nothing changed since the form was drawn, so what was checked for it still holds.
            try visit.expect(version: version)
            let held = try Cases.file(id, in: tx)
            guard held == file else { throw VersionConflict.changedSince }
            try Cases.add(entry, to: held, of: person, post, in: tx)
            return try also(tx, try Cases.file(id, in: tx), newID)
        }
    }
}
