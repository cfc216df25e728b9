import Access
import AccessServer
import Kernel
import People
import Storage
import Web

/// What people have to say in their own words, and what a child keeps from their parents.
enum OwnWordsRoutes {
    static let all: [Route] = [
        .get("/people/{person}/words", may: .act(PeopleActions.readWords, on: "person")) { visit in
            try await page(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/people/{person}/words", may: .act(PeopleActions.writeWords, on: "person"), add),
        .post("/people/{person}/words/{entry}", may: .act(PeopleActions.writeWords, on: "person"), change),
        .post("/people/{person}/understanding", may: .act(PeopleActions.recordUnderstanding, on: "person"), understand),
    ]

    static let limit = 4000

    private static func page(_ visit: Visit, _ form: Form) async throws -> Page? {
        guard let id = visit.id("person", of: Person.self) else { return nil }
        let (policy, scope, today) = (try visit.live(policyInForce), visit.scope, visit.today)
        return try await visit.look { tx -> (Page?, [Event]) in
            let store = OwnWordsStore(tx: tx, scope: scope, policy: policy)
            let people = PeopleStore(tx: tx, scope: scope, policy: policy)
            guard let person = try people.person(id), try people.may(.see, .ownWords, of: id) else { return (nil, []) }
            let entries = try store.entries(id)
            let authored = try entries.map { entry in
                (entry, entry.author == scope.actor.id ? "you" : try Looks.who(entry.author, in: tx))
            }
            let shown = OwnWordsPages.Shown(
                person: person, entries: authored,
                reader: scope.actor.id, mayWrite: try people.may(.change, .ownWords, of: id),
                mayKeep: try store.mayKeep(id), mayKeepNow: try OwnWords.mayKeep(id, on: today, in: tx),
                mayRecord: try people.may(.change, .identity, of: id), judge: try store.judge(id))
            // The family reads who looked: no word there tells that something is kept.
            let seen = [Event(PeopleEvents.seen, subject: id.text, detail: "classes=identity,own-words")]
            let kept = entries.contains(where: \.isKept) ? [Event("own-words.kept-seen", subject: id.text)] : []
            return (OwnWordsPages.page(shown, form), seen + kept)
        }
    }

    /// What the form says under these names; nil where something is wrong, which the form then says.
    private static func read(
        _ form: inout Form, _ suffix: String, _ id: ID<Person>, _ visit: Visit
    ) async throws -> (words: String, isKept: Bool, withheld: Set<Sector>)? {
        let words = form.text("words" + suffix, orSay: "Write what there is to say", limit: limit)
        let (policy, scope, today) = (try visit.live(policyInForce), visit.scope, visit.today)
        let wanted = form["kept" + suffix] == "yes"
        let (isTheirs, isAllowed) = try await visit.read { tx in
            (
                try OwnWordsStore(tx: tx, scope: scope, policy: policy).mayKeep(id),
                try OwnWords.mayKeep(id, on: today, in: tx)
            )
        }
        if wanted, isTheirs, !isAllowed { form.refuse("kept" + suffix, OwnWordsPages.notYet) }
        guard form.errors.isEmpty, let words else { return nil }
        let withheld = Set(form.fields.all("withheld" + suffix).compactMap { Sector(rawValue: $0) })
        return (words, wanted && isTheirs, withheld)
    }

    private static func add(_ visit: Visit) async throws -> Reply {
        guard let id = visit.id("person", of: Person.self) else { return .notFound }
        var form = visit.form
        guard let (words, isKept, withheld) = try await read(&form, "", id, visit) else {
            return try await again(visit, form)
        }
        let author = visit.scope.actor.id
        return try await visit.writeOnce { tx, newID in
            try OwnWords.add(ID(newID), of: id, by: author, words, isKept: isKept, withheld: withheld, in: tx)
            return "/people/\(id.text)/words"
        }
    }

    private static func change(_ visit: Visit) async throws -> Reply {
        guard let id = visit.id("person", of: Person.self), let entry = visit.id("entry", of: OwnEntry.self) else {
            return .notFound
        }
        var form = visit.form
        let author = visit.scope.actor.id
        guard try await visit.read({ try OwnWords.entry(entry, of: id, by: author, in: $0) }) != nil else {
            return .notFound
        }
        guard let (words, isKept, withheld) = try await read(&form, "-\(entry.text)", id, visit) else {
            return try await again(visit, form)
        }
        return try await visit.writeOnce { tx, _ in
            guard let held = try OwnWords.entry(entry, of: id, by: author, in: tx) else {
                throw VersionConflict.changedSince
            }
            try visit.expect(version: held.version)
            try OwnWords.change(held, of: id, to: words, isKept: isKept, withheld: withheld, in: tx)
            return "/people/\(id.text)/words"
        }
    }

    private static func understand(_ visit: Visit) async throws -> Reply {
        guard let id = visit.id("person", of: Person.self) else { return .notFound }
        var form = visit.form
        guard let judge = form.text("judge", orSay: "Write who judged it, when, and on what", limit: 500) else {
            return try await again(visit, form)
        }
        let recorder = visit.scope.actor.id
        return try await visit.writeOnce { tx, _ in
            try OwnWords.note(judge: judge, of: id, by: recorder, in: tx)
            return "/people/\(id.text)/words"
        }
    }

    private static func again(_ visit: Visit, _ form: Form) async throws -> Reply {
        try await page(visit, form).map { .unprocessable($0) } ?? .notFound
    }
}
