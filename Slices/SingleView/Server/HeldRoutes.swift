import Access
import AccessServer
import Kernel
import People
import PeopleServer
import SingleView
import Storage
import Web

/// What is held of a person, for whoever may see it; and why the records are one child’s.
enum HeldRoutes {
    static let all: [Route] = [
        .get("/people/{person}/held", may: .act(HeldActions.held, on: "person")) { visit in
            try await reply(visit, PeopleEvents.seen, looksLimit: Looks.most) { .page(HeldPages.page($0, visit.today)) }
        },
        .get("/people/{person}/held/everything", may: .act(HeldActions.held, on: "person")) { visit in
            try await reply(visit, PeopleEvents.downloaded, looksLimit: mostLooks) { held in
                .page(EverythingPages.page(held, visit.today))
            }
        },
        .get("/people/{person}/held.json", may: .act(HeldActions.held, on: "person")) { visit in
            try await reply(visit, PeopleEvents.downloaded, looksLimit: mostLooks) { held in
                var reply = Reply.json(HeldFile.json(held, at: visit.now))
                reply.headers.append(
                    ("Content-Disposition", "attachment; filename=\"held-\(visit.today.iso).json\""))
                return reply
            }
        },
        .get("/people/{person}/links", may: .act(HeldActions.held, on: "person")) { visit in
            try await reply(visit, PeopleEvents.seen, looksLimit: 0) { .page(WhyPages.page($0)) }
        },
    ]

    /// The most looks that a file of everything holds.
    static let mostLooks = 100_000

    /// Reads everything by one look, noted with its classes.
    private static func reply(
        _ visit: Visit, _ kind: String, looksLimit: Int, _ answer: (Held) -> Reply
    ) async throws -> Reply {
        try await held(visit, kind, looksLimit: looksLimit).map(answer) ?? .notFound
    }

    static func held(_ visit: Visit, _ kind: String, looksLimit: Int = 0) async throws -> Held? {
        guard let id = visit.id("person", of: Person.self) else { return nil }
        let (book, policy) = (try visit.live(feedBook), try visit.live(policyInForce))
        let (scope, today) = (visit.scope, visit.today)
        return try await visit.look { tx in
            let held = try Held.read(id, book, policy, scope, today: today, looksLimit: looksLimit, in: tx)
            return (held, held.map { [Event(kind, subject: id.text, detail: "classes=\($0.classes)")] } ?? [])
        }
    }
}

/// What may be done with what is held, and with what is said to be wrong.
enum HeldActions {
    /// Each part of it is read by its own class.
    static let held = Action("held.see", .see, classes: ["identity"], path: path)
    /// Whoever may see a fact may say that it is wrong, even who may not write own words: which fact is checked.
    static let ask = Action("correction.ask", .see, classes: ["identity"], path: path)
    static let seeCorrections = Action(
        "corrections.see", .see, roles: SingleViewActions.codes([.recordKeeper]))
    static let answer = Action("corrections.answer", .change, roles: SingleViewActions.codes([.recordKeeper]))
    static let all = [held, ask, seeCorrections, answer]

    private static let path = PersonPath { AccessStore.person($0) }
}
