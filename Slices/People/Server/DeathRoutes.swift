import Access
import AccessServer
import Kernel
import People
import Storage
import Web

/// A death, from its entry on: what stops, who sees the record, and how an error is undone.
enum DeathRoutes {
    static let all: [Route] = [
        .get("/people/closed", may: .signedIn, closed),
        .get("/people/{person}/death/new", may: .act(PeopleActions.keepDeath, on: "person")) { visit in
            try await page(visit, visit.form, DeathPages.enter).map { .page($0) } ?? .notFound
        },
        .post("/people/{person}/death", may: .act(PeopleActions.keepDeath, on: "person"), enter),
        .get("/people/{person}/death/withdrawal", may: .act(PeopleActions.keepDeath, on: "person")) { visit in
            try await page(visit, visit.form, DeathPages.undo).map { .page($0) } ?? .notFound
        },
        .post("/people/{person}/death/withdrawal", may: .act(PeopleActions.keepDeath, on: "person"), undo),
        .get("/deaths/new", may: .office(PeopleActions.enterDeath)) { visit in
            .page(DeathPages.enterByReference(visit.form))
        },
        .post("/deaths", may: .office(PeopleActions.enterDeath), enterByReference),
    ]

    private static func closed(_ visit: Visit) async throws -> Reply {
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        let found = try await visit.look { tx in
            let closed = try PeopleStore(tx: tx, scope: scope, policy: policy).closed(limit: PeopleRoutes.most)
            let seen = closed.map {
                Event(PeopleEvents.listed, subject: $0.person.id.text, detail: "classes=identity")
            }
            return (closed, seen)
        }
        return .page(DeathPages.closed(found))
    }

    private static func page(
        _ visit: Visit, _ form: Form, _ draw: @escaping @Sendable (Person, Death?, Form) -> Page
    ) async throws -> Page? {
        guard let id = visit.id("person", of: Person.self) else { return nil }
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        return try await visit.look { tx -> (Page?, [Event]) in
            guard let person = try PeopleStore(tx: tx, scope: scope, policy: policy).person(id) else {
                return (nil, [])
            }
            let death = try People.death(of: id.text, in: tx)
            return (
                draw(person, death, form),
                [Event(PeopleEvents.seen, subject: id.text, detail: "classes=identity,third-party")]
            )
        }
    }

    /// The fields of an entry; nil where something is wrong, which the form then says.
    private static func read(
        _ form: inout Form, born: Day?, _ visit: Visit
    ) -> (day: Day, source: Death.Source, confirmer: String)? {
        let day = form.day("day", orSay: "Write the day on which they died")
        if let day, let born, let fault = Death.fault(of: day, born: born, today: visit.today) {
            form.refuse("day", fault)
        }
        let source = Death.Source(rawValue: form["source"])
        if source == nil { form.refuse("source", "Choose how it was confirmed") }
        let confirmer = form.text("confirmer", orSay: "Write who confirmed it", limit: 300)
        guard form.errors.isEmpty, let day, let source, let confirmer else { return nil }
        return (day, source, confirmer)
    }

    private static func enter(_ visit: Visit) async throws -> Reply {
        let (id, recorder) = (visit.parameter("person"), visit.scope.actor.id)
        var form = visit.form
        let born = try await visit.read { try People.born(id, in: $0) }
        guard let read = read(&form, born: born, visit) else {
            return try await page(visit, form, DeathPages.enter).map { .unprocessable($0) } ?? .notFound
        }
        return try await visit.writeOnce { tx, newID in
            let death = Death(
                id: ID(newID), day: read.day, source: read.source, confirmer: read.confirmer, made: tx.now,
                recorder: recorder)
            try Deaths.record(death, of: id, in: tx)
            return "/people/closed"
        }
    }

    /// By reference alone, for those who learn of it and have nothing to do with the person: they see no record.
    private static func enterByReference(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (reference, recorder) = (form["person"], visit.scope.actor.id)
        let born = try await visit.read { try People.birthday(of: reference, in: $0) }
        if born == nil { form.refuse("person", "There is nobody by this reference. Check it") }
        guard let read = read(&form, born: born, visit) else {
            return .unprocessable(DeathPages.enterByReference(form))
        }
        return try await visit.writeOnce { tx, newID in
            let death = Death(
                id: ID(newID), day: read.day, source: read.source, confirmer: read.confirmer, made: tx.now,
                recorder: recorder)
            try Deaths.record(death, of: reference, in: tx)
            return "/deaths/new"
        }
    }

    private static func undo(_ visit: Visit) async throws -> Reply {
        let (id, undoer) = (visit.parameter("person"), visit.scope.actor.id)
        var form = visit.form
        let reason = form.text("reason", orSay: "Write how the error came about")
        if let reason, reason.count < Emergency.leastReason {
            form.refuse("reason", "Write at least \(Emergency.leastReason) characters: others rely on them")
        }
        guard form.errors.isEmpty, let reason else {
            return try await page(visit, form, DeathPages.undo).map { .unprocessable($0) } ?? .notFound
        }
        return try await visit.writeOnce { tx, _ in
            guard let death = try People.death(of: id, in: tx) else {
                tx.record(.housekeeping)
                return "/people/\(id)"
            }
            try Deaths.undo(death, of: id, by: undoer, because: reason, in: tx)
            return "/people/\(id)"
        }
    }
}
