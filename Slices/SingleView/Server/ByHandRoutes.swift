import Access
import AccessServer
import Kernel
import Linkage
import SingleView
import Storage
import Web

/// Parting records by hand, and putting two children before review whom the program did not doubt.
struct ByHandRoutes: Sendable {
    /// What hangs on a person, of every slice.
    let hanging: [Hanging]

    var all: [Route] {
        [
            .get("/review/children/{person}", may: .office(ReviewActions.review)) { visit in
                try await page(visit, visit.form).map { .page($0) } ?? .notFound
            },
            .post("/review/children/{person}/parts", may: .office(ReviewActions.review), part),
            .post("/review/children/{person}/comparisons", may: .office(ReviewActions.review), compare),
        ]
    }

    private func page(_ visit: Visit, _ form: Form) async throws -> Page? {
        let (person, account, now) = (visit.parameter("person"), visit.scope.actor.id, visit.now)
        let live = try await visit.live(linkIndex).follow(visit.database)
        let words = FactWords(book: try visit.live(feedBook))
        return try await visit.look { tx -> (Page?, [Event]) in
            let store = ReviewStore(tx: tx, account: account, now: now)
            guard let child = try store.child(person) else { return (nil, []) }
            let near = try store.children(of: Self.near(child, live), most: 6).filter { $0.person != person }
            let seen = [person] + near.map(\.person)
            return (
                ByHandPages.child(child, near, words, form),
                seen.map { Event(ReviewEvents.compared, subject: $0, detail: "classes=identity") }
            )
        }
    }

    /// Records of others that are like a record of this child, and how likely they are of one.
    private static func near(_ child: ReviewedChild, _ live: LiveIndex) throws -> [Int: Double] {
        let own = Set(child.records.map(\.number))
        var near: [Int: Double] = [:]
        for number in own {
            for pair in (try? live.pairs(of: String(number))) ?? [] {
                guard let one = Int(pair.one), let two = Int(pair.other) else { continue }
                let other = one == number ? two : one
                if !own.contains(other) { near[other] = max(near[other] ?? 0, pair.probability) }
            }
        }
        return near
    }

    private func part(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (person, account, now) = (visit.parameter("person"), visit.scope.actor.id, visit.now)
        let chosen = Set(form.fields.all("record").compactMap { Digits.number($0) })
        guard
            let child = try await visit.read({ tx in
                try ReviewStore(tx: tx, account: account, now: now).child(person)
            })
        else { return .notFound }
        let reason = form.text("reason", orSay: "Write why they are another child’s", limit: 2000)
        if chosen.isEmpty {
            form.refuse("record", "Choose the records that are another child’s")
        } else if chosen.count == child.records.count {
            form.refuse("record", "Leave at least one record: all together they are one child as it is")
        }
        guard form.errors.isEmpty, let reason else {
            return try await page(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let (hanging, book, new) = (hanging, try visit.live(feedBook), visit.mint())
        do {
            return try await visit.writeOnce { tx, id in
                let joining = JoiningStore(tx: tx, hanging: hanging, book: book)
                try joining.part(chosen, from: person, to: new, by: account, reason: reason, id: id)
                return "/review/changes"
            }
        } catch let refusal as JoinRefusal {
            return .page(ReviewPages.refused(refusal))
        }
    }

    /// Puts a record of this child and one of another before review, as a pair like any other.
    private func compare(_ visit: Visit) async throws -> Reply {
        let (person, account, now) = (visit.parameter("person"), visit.scope.actor.id, visit.now)
        let other = visit.form["other"]
        let live = try await visit.live(linkIndex).follow(visit.database)
        let model = live.version
        let pair = try await visit.read { tx -> (one: Int, other: Int, chance: Double)? in
            let store = ReviewStore(tx: tx, account: account, now: now)
            guard other != person, let child = try store.child(person), let second = try store.child(other) else {
                return nil
            }
            let theirs = Set(second.records.map(\.number))
            let near = try Self.near(child, live).filter { theirs.contains($0.key) }
            let best = near.max { ($0.value, $1.key) < ($1.value, $0.key) }
            guard let number = best?.key ?? theirs.min() else { return nil }
            let own = child.records.map(\.number)
            let mine = own.max { one, two in
                let pairs = (try? live.pairs(of: String(number))) ?? []
                func chance(_ one: Int) -> Double {
                    pairs.first { $0.one == String(one) || $0.other == String(one) }?.probability ?? 0
                }
                return chance(one) < chance(two)
            }
            return mine.map { ($0, number, best?.value ?? 0) }
        }
        guard let pair else { return .notFound }
        return try await visit.writeOnce { tx, _ in
            tx.record(Event(ReviewEvents.asked, subject: person, detail: "other=\(other)"))
            let worth = Worth.of(0.5, isPart: false)
            try LinkStore.keep(
                [Doubt(one: pair.one, other: pair.other, kind: .join, chance: pair.chance, worth: worth)],
                model: model, in: tx)
            let id = try LinkStore.reopen(PairOfRecords(pair.one, pair.other), in: tx)
            return id.map { "/review/\($0)" } ?? "/review"
        }
    }
}

/// A child as whoever keeps the records sees them: the records and what identifies in each.
struct ReviewedChild: Sendable {
    struct Record: Sendable {
        let number: Int
        let source: String
        let firstDay: Day
        let cells: [String: String]
    }

    let person: String
    let name: String
    let born: Day
    let records: [Record]
}
