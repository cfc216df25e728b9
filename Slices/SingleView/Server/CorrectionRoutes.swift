import Access
import AccessServer
import Kernel
import People
import PeopleServer
import SingleView
import Storage
import Web

/// What somebody says is wrong, and the office’s answers.
enum CorrectionRoutes {
    static let all: [Route] = [
        .get("/people/{person}/corrections/new", may: .act(HeldActions.ask, on: "person")) { visit in
            try await form(visit, visit.form, chosen: visit.query["about"] ?? "").map { .page($0) } ?? .notFound
        },
        .post("/people/{person}/corrections", may: .act(HeldActions.ask, on: "person"), ask),
        .get("/corrections", may: .office(HeldActions.seeCorrections), list),
        .get("/corrections/{correction}", may: .office(HeldActions.seeCorrections)) { visit in
            try await one(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/corrections/{correction}/answers", may: .office(HeldActions.answer), answer),
        .post("/corrections/{correction}/extensions", may: .office(HeldActions.answer), extend),
    ]

    static let limit = 2000

    private static func form(_ visit: Visit, _ form: Form, chosen: String) async throws -> Page? {
        try await HeldRoutes.held(visit, PeopleEvents.seen).map { held in
            CorrectionPages.ask(held, form, chosen: chosen, due: AnswerBy.day(received: visit.today))
        }
    }

    private static func ask(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        // Read by a look: the answer tells which facts there are.
        guard let held = try await HeldRoutes.held(visit, PeopleEvents.seen) else { return .notFound }
        let chosen = held.choosable.first { $0.key == form["about"] }
        if chosen == nil { form.refuse("about", "Choose what is wrong") }
        let isFact = chosen?.target.kind == .wrongFact
        let words = isFact ? form["words"] : form.text("words", orSay: "Write what is wrong", limit: limit)
        let wanted = isFact ? form.text("wanted", orSay: "Write what would be right", limit: 300) : form["wanted"]
        if isFact, form["words"].count > limit { _ = form.text("words", orSay: "", limit: limit) }
        if !isFact, form["wanted"].count > 300 { _ = form.text("wanted", orSay: "", limit: 300) }
        guard form.errors.isEmpty, let chosen, let words, let wanted else {
            let page = CorrectionPages.ask(
                held, form, chosen: form["about"], due: AnswerBy.day(received: visit.today))
            return .unprocessable(page)
        }
        let (author, person) = (visit.scope.actor.id, held.person.id.text)
        return try await visit.writeOnce { tx, id in
            let received = tx.now
            try Corrections.add(
                Correction(
                    id: id, person: person, target: chosen.target, wanted: wanted, words: words, author: author,
                    received: received, due: AnswerBy.day(received: received.dayInEngland), extensionReason: nil,
                    answer: nil, version: 1), in: tx)
            return "/people/\(person)/held#corrections"
        }
    }

    // MARK: - The office

    /// A look at what was said about each of these. Of one whose words stay with the case the family’s page “who has
    /// looked” says nothing, for it could betray that there is such a record.
    private static func looks(_ some: [OfficeCorrection]) -> [Event] {
        let kept = Set(some.filter(\.isKeptWithCase).map(\.correction.person)).sorted()
        let classes = Dictionary(grouping: some.filter { !$0.isKeptWithCase }, by: \.correction.person)
            .mapValues { requests in Set(requests.map(\.correction.target.data)).union([.ownWords]) }
        return kept.map { Event(HeldEvents.closedListed, subject: $0) }
            + classes.sorted { $0.key < $1.key }.map { person, classes in
                Event(
                    PeopleEvents.seen, subject: person,
                    detail: "classes=\(classes.sorted().map(\.rawValue).joined(separator: ","))")
            }
    }

    private static func list(_ visit: Visit) async throws -> Reply {
        let words = FactWords(book: try visit.live(feedBook))
        let (open, answered) = try await visit.look { tx in
            let (open, answered) = (try Corrections.open(in: tx), try Corrections.answered(in: tx))
            return ((open, answered), looks(open + answered))
        }
        return .page(CorrectionPages.list(open, answered, words, today: visit.today))
    }

    private static func one(_ visit: Visit, _ form: Form) async throws -> Page? {
        let words = FactWords(book: try visit.live(feedBook))
        let id = visit.parameter("correction")
        let found = try await visit.look { tx in
            let found = try Corrections.correction(id, in: tx)
            return (found, found.map { looks([$0]) } ?? [])
        }
        return found.map { CorrectionPages.one($0, words, form, today: visit.today) }
    }

    private static func answer(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let outcome = Correction.Outcome(rawValue: form["outcome"])
        if outcome == nil { form.refuse("outcome", "Choose how it was answered") }
        let words = form.text("answer", orSay: "Write what was done, or why nothing was", limit: limit)
        guard form.errors.isEmpty, let outcome, let words else {
            return try await one(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let (id, answerer) = (visit.parameter("correction"), visit.scope.actor.id)
        let policy = try visit.live(policyInForce)
        guard try await visit.read({ try Corrections.correction(id, in: $0) }) != nil else { return .notFound }
        return try await visit.writeOnce { tx, _ in
            let held = try open(id, visit, in: tx)
            try Corrections.answer(held, outcome, words, by: answerer, in: tx)
            try Corrections.tell(held, isAnswer: true, policy, in: tx)
            return "/corrections"
        }
    }

    private static func extend(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let id = visit.parameter("correction")
        guard let found = try await visit.read({ try Corrections.correction(id, in: $0) })?.correction else {
            return .notFound
        }
        let received = found.received.dayInEngland
        if found.extensionReason != nil { form.refuse("reason", "The time was extended already, and can be once") }
        if !AnswerBy.mayExtend(received: received, on: visit.today) {
            form.refuse("reason", "The first month is over: the time can no longer be extended")
        }
        let reason = form.text("reason", orSay: "Write why it takes longer: whoever asked is told", limit: limit)
        guard form.errors.isEmpty, let reason else {
            return try await one(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let policy = try visit.live(policyInForce)
        return try await visit.writeOnce { tx, _ in
            let held = try open(id, visit, in: tx)
            try Corrections.extend(held, until: AnswerBy.extendedDay(received: received), reason, in: tx)
            try Corrections.tell(held, isAnswer: false, policy, in: tx)
            return "/corrections/\(id)"
        }
    }

    /// The request, if it is as the form was drawn from and nobody has answered it.
    private static func open(_ id: String, _ visit: Visit, in tx: any WriteTransaction) throws -> Correction {
        guard let held = try Corrections.correction(id, in: tx)?.correction, held.answer == nil else {
            throw VersionConflict.changedSince
        }
        try visit.expect(version: held.version)
        return held
    }
}
