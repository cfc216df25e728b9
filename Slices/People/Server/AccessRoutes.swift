import Access
import AccessServer
import Kernel
import People
import Storage
import Web

/// Who has to do with a person: written by the officer or team of the case.
enum PersonAccess {
    static let routes: [Route] = [
        .get("/people/{person}/access", may: .act(PeopleActions.access, on: "person"), show),
        .get("/people/{person}/relationships/new", may: .act(PeopleActions.keepAccess, on: "person")) { visit in
            try await form(visit, PersonAccessPages.relate)
        },
        .post("/people/{person}/relationships", may: .act(PeopleActions.keepAccess, on: "person"), relate),
        .post("/people/{person}/relationship-ends", may: .act(PeopleActions.keepAccess, on: "person"), end),
        .get("/people/{person}/invitations/new", may: .act(PeopleActions.keepAccess, on: "person")) { visit in
            try await form(visit, PersonAccessPages.invite)
        },
        .post("/people/{person}/invitations", may: .act(PeopleActions.keepAccess, on: "person"), invite),
        .get("/people/{person}/restrictions/new", may: .act(PeopleActions.keepAccess, on: "person")) { visit in
            try await form(visit, PersonAccessPages.restrict)
        },
        .post("/people/{person}/restrictions", may: .act(PeopleActions.keepAccess, on: "person"), restrict),
        .get("/people/{person}/labels/new", may: .act(PeopleActions.keepAccess, on: "person")) { visit in
            try await form(visit, PersonAccessPages.label)
        },
        .post("/people/{person}/labels", may: .act(PeopleActions.keepAccess, on: "person"), label),
        .get("/people/{person}/hidden-looks", may: .act(PeopleActions.hiddenLooks, on: "person")) { visit in
            try await hiddenLooks(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/people/{person}/look-releases", may: .act(PeopleActions.releaseLooks, on: "person"), release),
    ]

    /// What somebody may be made to a person by hand; the rest comes of openings and tasks.
    static let kinds = RelationshipKind.allCases.filter { ![.breakGlass, .sealedOpening, .self_].contains($0) }

    /// Whom a key worker invites, and as what they sign in.
    static let invited: [(kind: RelationshipKind, role: Role)] = [
        (.parent, .family), (.carer, .family), (.self_, .youngPerson), (.authority, .adviser),
    ]

    private static func show(_ visit: Visit) async throws -> Reply {
        guard let id = visit.id("person", of: Person.self) else { return .notFound }
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        let found = try await visit.look { tx -> (PersonAccessPages.Shown?, [Event]) in
            let store = PeopleStore(tx: tx, scope: scope, policy: policy)
            guard let person = try store.person(id) else { return (nil, []) }
            let relationships = try AccessStore.relationships(to: id.text, in: tx).map {
                ($0, name: try AccountNames.name(of: $0.account, in: tx))
            }
            let shown = PersonAccessPages.Shown(
                person: person, relationships: relationships,
                restrictions: try AccessStore.restrictions(about: id.text, in: tx),
                labels: try AccessStore.labels(of: id.text, in: tx),
                mayChange: try store.may(.change, .thirdParty, of: id))
            return (shown, [Event(PeopleEvents.seen, subject: id.text, detail: "classes=identity,third-party")])
        }
        return found.map { .page(PersonAccessPages.access($0, visit.form, now: visit.now)) } ?? .notFound
    }

    /// An empty form about a person.
    private static func form(_ visit: Visit, _ page: (Person, Form) -> Page) async throws -> Reply {
        try await person(visit).map { .page(page($0, visit.form)) } ?? .notFound
    }

    private static func refused(_ visit: Visit, _ form: Form, _ page: (Person, Form) -> Page) async throws -> Reply {
        try await person(visit).map { .unprocessable(page($0, form)) } ?? .notFound
    }

    private static func person(_ visit: Visit) async throws -> Person? {
        guard let id = visit.id("person", of: Person.self) else { return nil }
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        return try await visit.look { tx in
            let found = try PeopleStore(tx: tx, scope: scope, policy: policy).person(id)
            return (found, found == nil ? [] : [Event(PeopleEvents.seen, subject: id.text, detail: "classes=identity")])
        }
    }

    /// The account that signs in by what was written in a field.
    private static func account(_ visit: Visit, _ field: String, _ form: inout Form) async throws -> String? {
        guard let login = form.text(field, orSay: "Write what they sign in with", limit: 254) else { return nil }
        let found = try await visit.read { try AccountNames.account(login: login, in: $0)?.id }
        if found == nil {
            form.refuse(field, "Nobody signs in with this. A manager of access adds accounts; you can invite families")
        }
        return found
    }

    /// Until when, by a form; nil where nothing was written and the kind needs no end.
    private static func until(_ kind: RelationshipKind?, _ visit: Visit, _ form: inout Form) -> Instant? {
        if form["until"].isEmpty, let kind, [.parent, .self_].contains(kind) { return nil }
        guard let day = form.day("until", orSay: "Write the day on which it ends") else { return nil }
        if day < visit.today { form.refuse("until", "The day has passed: choose one from today on") }
        return Instant(startOf: day.next)
    }

    private static func relate(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let account = try await account(visit, "login", &form)
        let kind = kinds.first { $0.rawValue == form["kind"] }
        if kind == nil { form.refuse("kind", "Choose what the person is to them") }
        let namer = form["named"].isEmpty ? nil : try await self.account(visit, "named", &form)
        if kind == .delegate, form["named"].isEmpty { form.refuse("named", "Write for whom they act") }
        let ends = until(kind, visit, &form)
        let evidence = form.text("evidence", orSay: "Write what shows it", limit: 300)
        guard form.errors.isEmpty, let account, let kind, let evidence else {
            return try await refused(visit, form, PersonAccessPages.relate)
        }
        let subject = visit.parameter("person")
        return try await visit.writeOnce { tx, _ in
            tx.record(.housekeeping)
            try AccessStore.relate(
                account, to: subject, as: kind, until: ends, namedBy: namer, evidence: evidence, in: tx)
            return "/people/\(subject)/access"
        }
    }

    private static func end(_ visit: Visit) async throws -> Reply {
        let (subject, wanted) = (visit.parameter("person"), visit.form["relationship"])
        return try await visit.writeOnce { tx, _ in
            // The address decides whose it is, whatever the form says.
            if let held = try AccessStore.relationship(wanted, in: tx), held.subject == subject {
                try AccessStore.end(held, in: tx)
            } else {
                tx.record(.housekeeping)
            }
            return "/people/\(subject)/access"
        }
    }

    private static func invite(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let name = form.text("name", orSay: "Write their name", limit: 200)
        let (subject, login) = (visit.parameter("person"), form["login"])
        if !login.isEmpty, !login.isMailAddress { form.refuse("login", "This is no e-mail address; leave it empty") }
        let chosen = invited.first { $0.kind.rawValue == form["kind"] }
        if chosen == nil { form.refuse("kind", "Choose what the person is to them") }
        let ends = until(chosen?.kind, visit, &form)
        let evidence = form.text("evidence", orSay: "Write what shows it", limit: 300)
        guard form.errors.isEmpty, let name, let chosen, let evidence else {
            return try await refused(visit, form, PersonAccessPages.invite)
        }
        let newID = visit.mint()
        let made: (account: String, login: String, code: String?)
        do {
            made = try await visit.database.write(for: visit.scope) { tx in
                let made = try Invitations.invite(
                    login: login.isEmpty ? nil : login, name: name, as: chosen.role, id: newID, in: tx)
                try AccessStore.relate(
                    made.account, to: subject, as: chosen.kind, until: ends, evidence: evidence, in: tx)
                return made
            }
        } catch is Invitations.SomebodyElse {
            form.refuse("login", Invitations.SomebodyElse.words)
            return try await refused(visit, form, PersonAccessPages.invite)
        }
        let address = "/people/\(subject)/access"
        guard let code = made.code else { return .redirect(address) }
        return .page(
            InvitationPages.code(
                code, login: made.login, name: name, back: Link("Who has to do with them", to: address)))
    }

    private static func restrict(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let account = try await account(visit, "login", &form)
        let (extent, ground) = (Extent(rawValue: form["extent"]), AccessStore.Ground(rawValue: form["ground"]))
        if extent == nil { form.refuse("extent", "Choose from what they are kept") }
        if ground == nil { form.refuse("ground", "Choose the ground") }
        let decider = form.text("decider", orSay: "Write who decided", limit: 300)
        let evidence = form.text("evidence", orSay: "Write what shows it", limit: 300)
        let review = form.day("review", orSay: "Write the day on which somebody looks at it again")
        if let review, review <= visit.today { form.refuse("review", "The day of review is after today") }
        guard form.errors.isEmpty, let account, let extent, let ground, let decider, let evidence, let review else {
            return try await refused(visit, form, PersonAccessPages.restrict)
        }
        let subject = visit.parameter("person")
        return try await visit.writeOnce { tx, _ in
            tx.record(.housekeeping)
            try AccessStore.restrict(
                account, from: subject, extent, ground: ground, decider: decider, evidence: evidence, decided: tx.now,
                review: review, in: tx)
            return "/people/\(subject)/access"
        }
    }

    private static func label(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        guard let label = Label.decided.first(where: { $0.rawValue == form["label"] }) else {
            form.refuse("label", "Choose a label")
            return try await refused(visit, form, PersonAccessPages.label)
        }
        let subject = visit.parameter("person")
        return try await visit.writeOnce { tx, _ in
            try AccessStore.label(subject, label, in: tx)
            return "/people"
        }
    }

    // MARK: - Hidden looks

    private static func hiddenLooks(_ visit: Visit, _ form: Form) async throws -> Page? {
        guard let id = visit.id("person", of: Person.self) else { return nil }
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        let found = try await visit.look { tx -> ((Person, [Look])?, [Event]) in
            let store = PeopleStore(tx: tx, scope: scope, policy: policy)
            guard let person = try store.person(id) else { return (nil, []) }
            let looks = try Looks.hiddenLooks(PeopleEvents.looks, at: id.text, in: tx)
            return ((person, looks), [Event(PeopleEvents.looksSeen, subject: id.text, detail: "classes=hidden-looks")])
        }
        return found.map { PersonAccessPages.hiddenLooks($0.0, $0.1, form) }
    }

    private static func release(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        guard let reason = form.text("reason", orSay: "Write why it is safe now") else {
            return try await hiddenLooks(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let (subject, officer) = (visit.parameter("person"), visit.scope.actor.id)
        return try await visit.writeOnce { tx, id in
            try Looks.release(of: subject, by: officer, reason: reason, id: id, in: tx)
            return "/people/\(subject)/hidden-looks"
        }
    }
}
