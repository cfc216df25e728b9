import Access
import AccessServer
import Casework
import Kernel
import Storage
import Web

/// What officers note of a disagreement. Each is an event more; none waits for another that the law does not ask for.
enum DisputeRoutes {
    static let all: [Route] = [
        .get("/cases/{case}/disagreement/new", may: .act(CaseActions.work, on: "case")) { visit in
            guard let step = visit.query["step"].flatMap(DisputeStep.init(rawValue:)) else {
                return .redirect("/cases/\(visit.parameter("case"))/events/new")
            }
            return try await page(visit, step, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/cases/{case}/disagreement", may: .act(CaseActions.work, on: "case"), note),
    ]

    private static func page(_ visit: Visit, _ step: DisputeStep, _ form: Form) async throws -> Page? {
        let (policy, scope, id) = (try visit.live(policyInForce), visit.scope, visit.parameter("case"))
        let today = visit.today
        return try await visit.look { tx -> (Page?, [Event]) in
            guard let record = try CaseStore(tx: tx, scope: scope, policy: policy).record(id) else { return (nil, []) }
            return (DisputePages.form(step, record, today: today, form), record.look)
        }
    }

    private static func note(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let id = visit.parameter("case")
        guard let step = DisputeStep(rawValue: form["step"]) else { return .notFound }
        let file = try await visit.read { try Cases.file(id, in: $0) }
        let (law, post) = (try visit.live(statute), try CasePost(visit))
        guard let entry = EventForm(file: file, law: law, today: visit.today).read(step, &form) else {
            return try await page(visit, step, form).map { .unprocessable($0) } ?? .notFound
        }
        return try await EventRoutes.write(entry, to: file, visit, post)
    }
}
