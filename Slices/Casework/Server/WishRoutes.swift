import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
import Storage
import Web

/// Somebody of a family, with what they want, as the actor may see it.
struct FamilyWish: Sendable {
    struct Said: Sendable {
        let at: Instant
        let who: String
    }

    let id, name: String
    let wish: ContactWish
    let said: Said?
    let version: Int
    /// Whether it is the actor.
    let isOwn: Bool
    /// Whether they have no account.
    let isNamed: Bool
    /// Whether a decision keeps them away.
    let isKeptAway: Bool
}

extension CaseStore {
    /// The family of somebody whose own words the actor may see: all of it where they may know who has to do with the
    /// person, and otherwise the actor alone.
    func family(of person: String) throws -> [FamilyWish] {
        let seesAll = try may(.see, .thirdParty, of: person)
        let actor = scope.actor.id
        let members = try AccessStore.family(of: person, at: scope.at, in: tx).filter { seesAll || $0.account == actor }
        if members.isEmpty, !seesAll { return [] }
        let wishes = try Wishes.all(of: person, in: tx)
        func shown(_ id: String, _ name: String, isNamed: Bool, isKeptAway: Bool) throws -> FamilyWish {
            let kept = wishes[id]
            return FamilyWish(
                id: id, name: name, wish: kept?.wish ?? .usual,
                said: try kept.map { FamilyWish.Said(at: $0.at, who: try Looks.who($0.who, in: tx)) },
                version: kept?.version ?? 0, isOwn: id == actor, isNamed: isNamed, isKeptAway: isKeptAway)
        }
        let named = seesAll ? wishes.values.filter { !$0.name.isEmpty }.sorted { $0.name < $1.name } : []
        return try members.map { try shown($0.account, $0.name, isNamed: false, isKeptAway: $0.isKept) }
            + named.map { try shown($0.recipient, $0.name, isNamed: true, isKeptAway: false) }
    }
}

/// How people want to be written to: said by them, or by the officer for them.
enum WishRoutes {
    static let all: [Route] = [
        .get("/people/{person}/wishes", may: .act(CaseActions.wishes, on: "person")) { visit in
            try await page(visit, visit.query["of"], visit.form, nil).map { .page($0) } ?? .notFound
        },
        .post("/people/{person}/wishes", may: .act(CaseActions.keepWishes, on: "person"), keep),
    ]

    /// The list, or the form of one of them.
    private static func page(
        _ visit: Visit, _ recipient: String?, _ form: Form, _ fields: WishFields?
    ) async throws -> Page? {
        let (policy, scope, person) = (try visit.live(policyInForce), visit.scope, visit.parameter("person"))
        return try await visit.look { tx -> (Page?, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            guard let name = try store.name(person) else { return (nil, []) }
            let seesAll = try store.may(.see, .thirdParty, of: person)
            let shown = WishPages.Shown(
                person: person, name: name, family: try store.family(of: person),
                mayChange: try store.may(.change, .ownWords, of: person), seesAll: seesAll)
            let codes = seesAll ? "identity,own-words,third-party" : "identity,own-words"
            let seen = [Event(PersonLooks.seen, subject: person, detail: "classes=\(codes)")]
            guard let recipient else { return (WishPages.list(shown), seen) }
            let member = shown.family.first { $0.id == recipient }
            let isNew = recipient == WishPages.new && seesAll
            guard shown.mayChange, isNew || member != nil else { return (nil, []) }
            let held = fields ?? WishFields(member?.wish ?? .usual)
            return (WishPages.form(member, shown, held, form), seen)
        }
    }

    private static func keep(_ visit: Visit) async throws -> Reply {
        let (policy, scope, person) = (try visit.live(policyInForce), visit.scope, visit.parameter("person"))
        var form = visit.form
        let (recipient, fields) = (form["recipient"], WishFields(form))
        let known = try await visit.read { tx -> Bool in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            if recipient == WishPages.new { return try store.may(.see, .thirdParty, of: person) }
            return try store.family(of: person).contains { $0.id == recipient }
        }
        guard known else { return .notFound }
        let isNew = recipient == WishPages.new
        var name = ""
        if isNew {
            name = form.text("name", orSay: "Write their name", limit: 200) ?? ""
            if !["parent", "self"].contains(fields.kin) { form.refuse("kin", "Choose who they are") }
            if fields.way == ContactWish.Way.online.rawValue {
                form.refuse("way", "Without an account nothing can be read here: choose post or telephone")
            }
        }
        guard let wish = fields.read(&form) else {
            return try await page(visit, recipient, form, fields).map { .unprocessable($0) } ?? .notFound
        }
        let (newName, actor) = (name, scope.actor.id)
        return try await visit.writeOnce { tx, newID in
            if isNew {
                try Wishes.keep(
                    wish, of: "recipient-\(newID)", named: newName, isSelf: fields.kin == "self", about: person,
                    by: actor, in: tx)
            } else {
                try visit.expect(version: try Wishes.version(recipient, of: person, in: tx) ?? 0)
                if fields.ends == "yes" {
                    try Wishes.end(recipient, about: person, in: tx)
                } else {
                    try Wishes.keep(wish, of: recipient, about: person, by: actor, in: tx)
                }
            }
            return "/people/\(person)/wishes"
        }
    }
}
