import Access
import AccessServer
import Kernel
import PeopleServer
import SingleView
import Storage
import Web

/// Children known to several agencies and led for by nobody: found by a published rule, looked at by a person.
enum LeadRoutes {
    static let all: [Route] = [
        .get("/how-we-find/known-to-several", may: .anyone) { visit in
            .page(LeadPages.rule(KeyWorker.counted(try visit.live(feedBook).sources)))
        },
        .get("/leads", may: .office(LeadActions.list), list),
        .get("/leads/{person}", may: .office(LeadActions.list)) { visit in
            try await page(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/leads/{person}/steps", may: .office(LeadActions.decide), decide),
        .post("/leads/{person}/withdrawals", may: .office(LeadActions.decide), undo),
    ]

    /// How many stand on one page of the list.
    static let together = 50

    private static func list(_ visit: Visit) async throws -> Reply {
        let (book, scope, today) = (try visit.live(feedBook), visit.scope, visit.today)
        let filter = LeadPages.filter(visit.query)
        let asked = visit.query["page"].flatMap { Digits.number($0) } ?? 1
        let found = try await visit.look { tx in
            let store = LeadStore(tx, scope, book)
            let count = try store.count(filter, on: today)
            let page = min(max(asked, 1), max(1, (count + together - 1) / together))
            let some = try store.found(filter, limit: together, offset: (page - 1) * together, on: today)
            let seen = some.map { Event(PersonLooks.listed, subject: $0.person, detail: "classes=identity") }
            return (LeadPages.Listed(some: some, count: count, page: page, filter: filter, today: today), seen)
        }
        return .page(LeadPages.list(found))
    }

    private static func page(_ visit: Visit, _ form: Form) async throws -> Page? {
        let (book, scope, today) = (try visit.live(feedBook), visit.scope, visit.today)
        let person = visit.parameter("person")
        return try await visit.look { tx -> (Page?, [Event]) in
            let store = LeadStore(tx, scope, book)
            guard let child = try store.child(person, on: today) else { return (nil, []) }
            let shown = LeadPages.Child(
                person: person, name: child.name, born: child.born, agencies: child.agencies,
                steps: try LeadStore.steps(of: person, in: tx), hasNamedLead: try store.hasNamedLead(person),
                today: today)
            let classes = "classes=education,health,identity,social-care"
            return (LeadPages.child(shown, form), [Event(PersonLooks.seen, subject: person, detail: classes)])
        }
    }

    private static func decide(_ visit: Visit) async throws -> Reply {
        let (book, scope, today) = (try visit.live(feedBook), visit.scope, visit.today)
        let person = visit.parameter("person")
        var form = visit.form
        let found = try await visit.read { tx in
            try LeadStore(tx, scope, book).child(person, on: today).map {
                ($0.agencies.map(\.0), try LeadStore.steps(of: person, in: tx).first?.state)
            }
        }
        guard let (agencies, state) = found else { return .notFound }
        guard let fields = LeadFields(&form, after: state, today: today) else {
            return try await page(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let basis = KeyWorker.basis(agencies)
        return try await visit.writeOnce { tx, id in
            // Whoever saw an older page is shown the newer one.
            guard try LeadStore.steps(of: person, in: tx).first?.state == state else {
                throw VersionConflict.changedSince
            }
            try LeadStore.add(fields.step(id), about: person, basis: basis, by: scope.actor.id, in: tx)
            return "/leads/\(person)"
        }
    }

    private static func undo(_ visit: Visit) async throws -> Reply {
        let (book, scope, today) = (try visit.live(feedBook), visit.scope, visit.today)
        let (person, wanted) = (visit.parameter("person"), visit.form["step"])
        guard try await visit.read({ try LeadStore($0, scope, book).child(person, on: today) }) != nil else {
            return .notFound
        }
        return try await visit.writeOnce { tx, _ in
            if try LeadStore.steps(of: person, in: tx).first?.id == wanted {
                try LeadStore.undo(wanted, about: person, by: scope.actor.id, in: tx)
            } else {
                tx.record(.housekeeping)
            }
            return "/leads/\(person)"
        }
    }
}

/// What may be done with what the rule finds.
enum LeadActions {
    static let list = Action("leads.see", .see, roles: SingleViewActions.codes([.teamManager]))
    static let decide = Action("leads.decide", .change, roles: SingleViewActions.codes([.teamManager]))
    static let all = [list, decide]
}

/// A step as it was written, where it can be kept.
struct LeadFields: Sendable {
    let state: KeyWorker.State
    let day: Day
    let words, name, role, telephone: String

    /// Nil where something is wrong, which the form then says.
    init?(_ form: inout Form, after before: KeyWorker.State?, today: Day) {
        let state = KeyWorker.next(after: before).first { $0.rawValue == form["state"] }
        if state == nil { form.refuse("state", "Choose what was decided") }
        let day = form.day("day", orSay: "Write the day")
        if let day, day > today { form.refuse("day", "The day is yet to come") }
        for (name, limit) in [("words", 1000), ("name", 100), ("role", 100), ("telephone", 40)]
        where form[name].count > limit { form.refuse(name, "Write at most \(limit) characters") }
        switch state {
        case .offered?:
            _ = form.text("name", orSay: "Write who offers it to the family", limit: 100)
            _ = form.text("words", orSay: "Write with which words it is offered", limit: 1000)
        case .notNeeded?: _ = form.text("words", orSay: "Write why none is needed", limit: 1000)
        case .led?: _ = form.text("name", orSay: "Write who leads already", limit: 100)
        case .named?:
            _ = form.text("name", orSay: "Write the key worker’s name", limit: 100)
            _ = form.text("role", orSay: "Write what they are", limit: 100)
            _ = form.text("telephone", orSay: "Write how the family reaches them", limit: 40)
        case .accepted?, .declined?, nil: break
        }
        guard form.errors.isEmpty, let state, let day else { return nil }
        (self.state, self.day, words, name) = (state, day, form["words"], form["name"])
        (role, telephone) = (form["role"], form["telephone"])
    }

    func step(_ id: String) -> LeadStep {
        LeadStep(id: id, state: state, day: day, words: words, name: name, role: role, telephone: telephone)
    }
}
