import Access
import Kernel
import Storage
import Web

/// Emergencies, two-person rules and restrictions, as those see them who watch over access.
enum DecisionRoutes {
    static let all: [Route] = [
        .get("/administration/openings", may: .office(AccessActions.openings)) { visit in
            let openings = try await visit.read { try Openings.all(limit: most, in: $0) }
            return .page(DecisionPages.openings(openings, today: visit.today))
        },
        .get("/administration/openings/{opening}", may: .office(AccessActions.openings), opening),
        .post("/administration/openings/{opening}", may: .office(AccessActions.openings), review),
        .get("/administration/approvals", may: .office(AccessActions.approve)) { visit in
            let approvals = try await visit.read { try Approvals.all(limit: most, in: $0) }
            return .page(DecisionPages.approvals(approvals, visit))
        },
        .get("/administration/approvals/new", may: .office(AccessActions.ask)) { visit in
            .page(DecisionPages.ask(visit.form, AskFields(visit.query)))
        },
        .post("/administration/approvals", may: .office(AccessActions.ask), ask),
        .post("/administration/approvals/{approval}", may: .office(AccessActions.approve), decide),
        .get("/administration/restrictions", may: .office(AccessActions.restrictions)) { visit in
            let day = visit.today + .days(365)
            let due = try await visit.read { try AccessStore.restrictions(toReviewBy: day, limit: most, in: $0) }
            return .page(DecisionPages.restrictions(due, today: visit.today))
        },
        .get("/administration/restrictions/{restriction}", may: .office(AccessActions.restrictions)) { visit in
            let id = visit.parameter("restriction")
            let held = try await visit.read { try AccessStore.restriction(id, in: $0) }
            return held.map { .page(DecisionPages.restriction($0, visit.form)) } ?? .notFound
        },
        .post("/administration/restrictions/{restriction}", may: .office(AccessActions.restrictions), reviewed),
        .get("/administration/refusals", may: .office(AccessActions.restrictions)) { visit in
            let since = visit.today - .days(30)
            let often = try await visit.read { try Refusals.often(since: since, limit: most, in: $0) }
            return .page(DecisionPages.refusals(often))
        },
    ]

    /// The most that a list shows.
    private static let most = 200

    // MARK: - Openings

    private static func opening(_ visit: Visit) async throws -> Reply {
        try await shown(visit, visit.form).map { .page($0) } ?? .notFound
    }

    private static func shown(_ visit: Visit, _ form: Form) async throws -> Page? {
        let id = visit.parameter("opening")
        let found = try await visit.read { tx in
            try Openings.opening(id, in: tx).map { ($0, try Openings.looks(through: $0, in: tx)) }
        }
        return found.map { DecisionPages.opening($0, looks: $1, form, isOwn: $0.account == visit.scope.actor.id) }
    }

    private static func review(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let id = visit.parameter("opening")
        guard let held = try await visit.read({ try Openings.opening(id, in: $0) }) else { return .notFound }
        let verdict = Opening.Verdict(rawValue: form["verdict"])
        if verdict == nil { form.refuse("verdict", "Say whether it was right to open the record") }
        let note = form.text("note", orSay: "Write what you looked at and why you decide so")
        guard let verdict, let note else {
            return try await shown(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let reviewer = visit.scope.actor.id
        return try await visit.writeOnce { tx, _ in
            let isDone = try Openings.review(held, by: reviewer, verdict, note: note, in: tx)
            return isDone ? "/administration/openings" : "/administration/openings/\(id)"
        }
    }

    // MARK: - Approvals

    private static func ask(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let fields = AskFields(form.fields)
        let kind = Approval.Kind(rawValue: fields.kind).flatMap { Approval.Kind.askable.contains($0) ? $0 : nil }
        if kind == nil { form.refuse("kind", "Choose what is to be done") }
        let reason = form.text("reason", orSay: "Write why")
        if let reason, reason.count < Emergency.leastReason {
            form.refuse("reason", "Write at least \(Emergency.leastReason) characters: another person decides by them")
        }
        guard form.errors.isEmpty, let kind, let reason else {
            return .unprocessable(DecisionPages.ask(form, fields))
        }
        let asker = visit.scope.actor.id
        do {
            return try await visit.writeOnce { tx, id in
                try Approvals.ask(kind, fields.target, of: fields.person, by: asker, reason: reason, id: id, in: tx)
                return "/administration"
            }
        } catch is Malformed {
            form.refuse("person", "There is nothing by this reference that could be ended or opened. Check it")
            return .unprocessable(DecisionPages.ask(form, fields))
        }
    }

    private static func decide(_ visit: Visit) async throws -> Reply {
        let (id, decider) = (visit.parameter("approval"), visit.scope.actor.id)
        guard let verdict = Approval.Verdict(rawValue: visit.form["verdict"]) else {
            return .redirect("/administration/approvals")
        }
        return try await visit.writeOnce { tx, _ in
            _ = try Approvals.decide(id, by: decider, verdict, in: tx)
            return "/administration/approvals"
        }
    }

    // MARK: - Restrictions

    private static func reviewed(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let id = visit.parameter("restriction")
        guard let held = try await visit.read({ try AccessStore.restriction(id, in: $0) }), held.ended == nil else {
            return .notFound
        }
        let next = form.day("next", orSay: "Write the day of the next review")
        if let next, !(visit.today.next...visit.today + .days(2 * 365)).contains(next) {
            form.refuse("next", "The next review is after today, and within two years")
        }
        let note = form.text("note", orSay: "Write what shows that it is still needed")
        guard form.errors.isEmpty, let next, let note else {
            return .unprocessable(DecisionPages.restriction(held, form))
        }
        let reviewer = visit.scope.actor.id
        return try await visit.writeOnce { tx, _ in
            try AccessStore.review(held, by: reviewer, note: note, next: next, in: tx)
            return "/administration/restrictions"
        }
    }
}

/// What is asked for, as it was written.
struct AskFields {
    let kind, person, target: String

    init(_ query: Query) {
        (kind, person, target) = (query["kind"] ?? "", query["person"] ?? "", query["target"] ?? "")
    }
}
