import Access
import AccessServer
import Kernel
import LinksServer
import People
import Storage
import Web

enum PeopleRoutes {
    static func all(_ panels: [PersonPanel]) -> [Route] {
        [
            .get("/people", may: .signedIn, list),
            .get("/people/{person}", may: .act(PeopleActions.see, on: "person")) { try await show($0, panels) },
            .get("/people/{person}/looks", may: .act(PeopleActions.looks, on: "person"), looks),
            .get("/people/{person}/whereabouts", may: .act(PeopleActions.move, on: "person"), edit),
            .post("/people/{person}/whereabouts", may: .act(PeopleActions.move, on: "person"), move),
        ]
    }

    /// The most that a list shows; who has more searches (with the Single View).
    static let most = 200

    private static func list(_ visit: Visit) async throws -> Reply {
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        let found = try await visit.look { tx in
            let store = PeopleStore(tx: tx, scope: scope, policy: policy)
            let people = try store.people(limit: most)
            return (
                (people, try !store.closed(limit: 1).isEmpty),
                people.map { Event(PeopleEvents.listed, subject: $0.id.text, detail: "classes=identity") }
            )
        }
        return .page(PeoplePages.list(found.0, hasClosed: found.1, roles: scope.roles))
    }

    private static func show(_ visit: Visit, _ panels: [PersonPanel]) async throws -> Reply {
        guard let id = visit.id("person", of: Person.self) else { return .notFound }
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        let readers = try panels.map { try $0.prepare(visit, policy) }
        // Where two records were joined, the old address leads to the person who was kept.
        let kept = try await visit.read { try JoinedPersons.kept(id.text, in: $0) }
        guard kept == id.text else { return .redirect("/people/\(kept)") }
        let found = try await visit.look { tx -> (PeoplePages.Seen?, [Event]) in
            let store = PeopleStore(tx: tx, scope: scope, policy: policy)
            guard let person = try store.person(id) else { return (nil, []) }
            let whereabouts = try store.whereabouts(id)
            let shown = try readers.compactMap { try $0(tx, id) }
            let own: Set<DataClass> = whereabouts == nil ? [.identity] : [.identity, .location]
            let classes = shown.reduce(own) { $0.union($1.classes) }.sorted().map(\.rawValue).joined(separator: ",")
            let seen = PeoplePages.Seen(
                person: person, whereabouts: whereabouts, mayMove: try store.may(.change, .location, of: id),
                maySeeLooks: try store.may(.see, .looks, of: id),
                maySeeAccess: try store.may(.see, .thirdParty, of: id),
                maySeeHiddenLooks: try store.may(.see, .hiddenLooks, of: id),
                mayReadWords: try store.may(.see, .ownWords, of: id), today: visit.today,
                death: try People.death(of: id.text, in: tx),
                panels: shown.map(\.html))
            return (seen, [Event(PeopleEvents.seen, subject: id.text, detail: "classes=\(classes)")])
        }
        return found.map { .page(PeoplePages.record($0)) } ?? .notFound
    }

    private static func looks(_ visit: Visit) async throws -> Reply {
        guard let id = visit.id("person", of: Person.self) else { return .notFound }
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        let found = try await visit.look { tx -> ((Person, [Look])?, [Event]) in
            let store = PeopleStore(tx: tx, scope: scope, policy: policy)
            guard let person = try store.person(id) else { return (nil, []) }
            let looks = try Looks.looks(
                PeopleEvents.looks, at: id.text, seeing: try store.classes(of: id), in: tx)
            return ((person, looks), [Event(PeopleEvents.looksSeen, subject: id.text, detail: "classes=looks")])
        }
        return found.map { .page(PeoplePages.looks($0.0, $0.1)) } ?? .notFound
    }

    private static func edit(_ visit: Visit) async throws -> Reply {
        guard let page = try await editing(visit, visit.form, nil) else { return .notFound }
        return .page(page)
    }

    /// The form, with what the family said beside it.
    ///
    /// - Parameter fields: what was written; nil for what is held.
    private static func editing(_ visit: Visit, _ form: Form, _ fields: WhereaboutsFields?) async throws -> Page? {
        guard let id = visit.id("person", of: Person.self) else { return nil }
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        return try await visit.look { tx -> (Page?, [Event]) in
            let store = PeopleStore(tx: tx, scope: scope, policy: policy)
            guard let person = try store.person(id) else { return (nil, []) }
            let answers = try store.answers(id)
            let classes = answers.isEmpty ? "identity,location" : "identity,location,own-words"
            let shown = try fields ?? WhereaboutsFields(store.whereabouts(id))
            return (
                PeoplePages.edit(person, shown, answers, form),
                [Event(PeopleEvents.seen, subject: id.text, detail: "classes=\(classes)")]
            )
        }
    }

    private static func move(_ visit: Visit) async throws -> Reply {
        guard let id = visit.id("person", of: Person.self) else { return .notFound }
        var form = visit.form
        let fields = WhereaboutsFields(form)
        guard let new = fields.read(&form) else {
            return try await editing(visit, form, fields).map { .unprocessable($0) } ?? .notFound
        }
        return try await visit.writeOnce { tx, _ in
            guard let version = try People.version(of: id, in: tx) else { throw VersionConflict.changedSince }
            try visit.expect(version: version)
            try People.put(new, of: id, in: tx)
            return "/people/\(id.text)"
        }
    }
}

/// What is noted when a page of another slice shows a person, so that the family can read of it.
public enum PersonLooks {
    public static let seen = PeopleEvents.seen
    public static let listed = PeopleEvents.listed
}

/// What is noted when somebody looks at a person.
public enum PeopleEvents {
    public static let seen = "person.seen"
    /// Everything held was taken away, as a file or to print.
    public static let downloaded = "person.downloaded"
    public static let listed = "person.listed"
    static let looksSeen = "person.looks-seen"
    /// By whoever says of two records whether they are of one child.
    static let compared = "person.compared"
    static let looks = [seen, downloaded, listed, looksSeen, compared, LinkEvents.listed]
}

/// The fields of the form, as they were written.
struct WhereaboutsFields {
    let address, postcode, telephone, setting: String

    init(_ form: Form) {
        (address, postcode) = (form["address"], form["postcode"])
        (telephone, setting) = (form["telephone"], form["setting"])
    }

    init(_ held: Whereabouts?) {
        (address, postcode) = (held?.address ?? "", held?.postcode ?? "")
        (telephone, setting) = (held?.telephone ?? "", held?.setting ?? "")
    }

    /// Nil where something is wrong, which the form then says.
    func read(_ form: inout Form) -> Whereabouts? {
        let address = form.text("address", orSay: "Write the address", limit: 300)
        var postcode: Postcode?
        do { postcode = try Postcode(form["postcode"]) } catch { form.refuse("postcode", "\(error)") }
        for name in ["telephone", "setting"] where form[name].count > 200 {
            form.refuse(name, "Write at most 200 characters")
        }
        guard form.errors.isEmpty, let address, let postcode else { return nil }
        return Whereabouts(
            address: address, postcode: postcode.text, telephone: form["telephone"], setting: form["setting"])
    }
}
