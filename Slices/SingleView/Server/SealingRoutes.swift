import Access
import AccessServer
import Kernel
import People
import SingleView
import Storage
import Web

/// Sealing what went before an adoption or a new identity, opening it again, and beginning anew.
enum SealingRoutes {
    static let all: [Route] = [
        .get("/sealed-sets", may: .office(SealingActions.see)) { visit in
            let now = visit.now
            let (waiting, sets) = try await visit.read { tx in
                (try Sealings.waiting(at: now, in: tx), try Sealings.sets(limit: most, in: tx))
            }
            return .page(SealingPages.all(waiting, sets, visit))
        },
        .get("/sealed-sets/new", may: .office(SealingActions.ask)) { visit in .page(SealingPages.ask(visit.form)) },
        .post("/sealed-sets", may: .office(SealingActions.ask), ask),
        .get("/sealed-sets/{set}/unsealing", may: .office(SealingActions.ask)) { visit in
            try await unsealing(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/sealed-sets/{set}/unsealing", may: .office(SealingActions.ask), askToUnseal),
        .post("/sealed-sets/requests/{request}", may: .office(SealingActions.decide), decide),
        .get("/sealed-sets/beginnings/new", may: .office(SealingActions.begin)) { visit in
            .page(SealingPages.begin(visit.form))
        },
        .post("/sealed-sets/beginnings", may: .office(SealingActions.begin), begin),
    ]

    /// The most that a list shows.
    private static let most = 200

    private static func reason(_ form: inout Form) -> String? {
        guard let reason = form.text("reason", orSay: "Write why") else { return nil }
        guard reason.count >= Emergency.leastReason else {
            form.refuse("reason", "Write at least \(Emergency.leastReason) characters: another person decides by them")
            return nil
        }
        return reason
    }

    private static func ask(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let person = form.text("person", orSay: "Write the reference of the person", limit: 64)
        let ground = Sealing.Ground(rawValue: form["ground"])
        if ground == nil { form.refuse("ground", "Choose the ground") }
        let reason = reason(&form)
        guard form.errors.isEmpty, let person, let ground, let reason else {
            return .unprocessable(SealingPages.ask(form))
        }
        let asker = visit.scope.actor.id
        // The same whether there is nobody, or they are sealed already.
        let isThere = try await visit.read { try Sealings.mayBeSealed(person, in: $0) }
        guard isThere else {
            form.refuse("person", "There is nobody by this reference whose record could be sealed. Check it")
            return .unprocessable(SealingPages.ask(form))
        }
        return try await visit.writeOnce { tx, id in
            _ = try Sealings.askToSeal(person, ground, by: asker, reason: reason, id: id, in: tx)
            return "/sealed-sets"
        }
    }

    private static func unsealing(_ visit: Visit, _ form: Form) async throws -> Page? {
        let id = visit.parameter("set")
        let set = try await visit.read { try Sealings.set(id, in: $0) }
        return set.map { SealingPages.unseal($0, form) }
    }

    private static func askToUnseal(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        guard let reason = reason(&form) else {
            return try await unsealing(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let (set, asker) = (visit.parameter("set"), visit.scope.actor.id)
        return try await visit.writeOnce { tx, id in
            _ = try Sealings.askToUnseal(set, by: asker, reason: reason, id: id, in: tx)
            return "/sealed-sets"
        }
    }

    private static func decide(_ visit: Visit) async throws -> Reply {
        let (id, decider) = (visit.parameter("request"), visit.scope.actor.id)
        guard let verdict = Sealing.Verdict(rawValue: visit.form["verdict"]) else { return .redirect("/sealed-sets") }
        return try await visit.writeOnce { tx, _ in
            _ = try Sealings.decide(id, by: decider, verdict, in: tx)
            return "/sealed-sets"
        }
    }

    private static func begin(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let given = form.text("given", orSay: "Write the first name", limit: 100)
        let family = form.text("family", orSay: "Write the family name", limit: 100)
        let born = form.day("born", orSay: "Write the day of birth")
        if let born, born > visit.today || born < visit.today - .days(26 * 366) {
            form.refuse("born", "This service is for people up to 25: check the year")
        }
        let label = [Label.adoption, .protected].first { $0.rawValue == form["label"] }
        if label == nil { form.refuse("label", "Choose what closes the record") }
        let ends = form.day("until", orSay: "Write until when the case is yours")
        if let ends, ends <= visit.today { form.refuse("until", "Choose a day after today") }
        guard form.errors.isEmpty, let given, let family, let born, let label, let ends else {
            return .unprocessable(SealingPages.begin(form))
        }
        let account = visit.scope.actor.id
        return try await visit.writeOnce { tx, id in
            let person = Person(id: ID(id), given: given, family: family, born: born, version: 1)
            try Sealings.begin(person, label, by: account, until: Instant(startOf: ends.next), in: tx)
            return "/people/\(id)"
        }
    }
}

/// What may be done with sealed sets, and by whom.
enum SealingActions {
    static let ask = Action("sealed-sets.ask", .change, roles: SingleViewActions.codes([.safeguardingLead]))
    static let decide = Action("sealed-sets.decide", .change, roles: SingleViewActions.codes(Sealings.deciders))
    static let see = Action("sealed-sets.see", .see, roles: SingleViewActions.codes(Sealings.deciders))
    static let begin = Action(
        "sealed-sets.begin", .change,
        roles: SingleViewActions.codes([.caseOfficer, .teamManager, .safeguardingLead]))
    static let all = [ask, decide, see, begin]
}
