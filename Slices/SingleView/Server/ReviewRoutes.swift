import Access
import AccessServer
import Kernel
import SingleView
import Storage
import Web

/// The queue of pairs, one pair after another, and what was done.
struct ReviewRoutes: Sendable {
    /// What hangs on a person, of every slice.
    let hanging: [Hanging]

    var all: [Route] {
        [
            .get("/review", may: .office(ReviewActions.review), home),
            .get("/review/next", may: .office(ReviewActions.review)) { try await next($0, isSample: false) },
            .get("/review/samples/next", may: .office(ReviewActions.review)) { try await next($0, isSample: true) },
            .get("/review/changes", may: .office(ReviewActions.review), changes),
            .get("/review/{pair}", may: .office(ReviewActions.review)) { try await show($0, $0.form) },
            .post("/review/{pair}/answers", may: .office(ReviewActions.review), answer),
            .post("/review/answers/{answer}/withdrawal", may: .office(ReviewActions.review), takeBack),
            .post("/review/changes/{change}/withdrawal", may: .office(ReviewActions.review), undo),
        ]
    }

    private func home(_ visit: Visit) async throws -> Reply {
        let (account, now) = (visit.scope.actor.id, visit.now)
        let (standing, last) = try await visit.read { tx in
            let store = ReviewStore(tx: tx, account: account, now: now)
            return (try store.standing(), try store.last())
        }
        return .page(ReviewPages.home(standing, last, said: visit.query["said"], visit.form, today: visit.today))
    }

    private func next(_ visit: Visit, isSample: Bool) async throws -> Reply {
        let (account, now) = (visit.scope.actor.id, visit.now)
        let found = try await visit.read { tx in
            let store = ReviewStore(tx: tx, account: account, now: now)
            return try isSample ? store.nextSample() : store.next()
        }
        return .redirect(found.map { "/review/\($0)" } ?? "/review")
    }

    // MARK: - One pair

    /// Shows a pair, in one transaction with its lease and the note that it was looked at.
    private func show(_ visit: Visit, _ form: Form) async throws -> Reply {
        let (id, account) = (visit.parameter("pair"), visit.scope.actor.id)
        struct Found: Sendable {
            var pair: ComparedPair?
            var isHeld = false
            var last: (id: String, verdict: Verdict)?
        }
        let found = try await visit.database.write(for: visit.scope) { tx -> Found in
            tx.record(.housekeeping)
            let store = ReviewStore(tx: tx, account: account, now: tx.now)
            guard let pair = try store.pair(id) else { return Found() }
            if try store.isHeldByAnother(id) { return Found(pair: pair, isHeld: true) }
            if !pair.closed { try store.hold(id, in: tx) }
            for person in Set([pair.one.person, pair.other.person]).sorted() {
                tx.record(Event(ReviewEvents.compared, subject: person, detail: "classes=identity,location"))
            }
            return Found(pair: pair, last: try store.last())
        }
        guard let pair = found.pair else { return .notFound }
        if found.isHeld { return .page(ReviewPages.held(isSample: pair.isSample)) }
        let words = FactWords(book: try visit.live(feedBook))
        let page = ReviewPages.pair(pair, words, found.last, said: visit.query["said"], form)
        return form.errors.isEmpty ? .page(page) : .unprocessable(page)
    }

    private func answer(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (id, account, hanging) = (visit.parameter("pair"), visit.scope.actor.id, hanging)
        guard let verdict = Verdict(rawValue: form["verdict"]) else { return .redirect("/review/\(id)") }
        let reason = form["reason"]
        if reason.count > 2000 { form.refuse("reason", "Write at most 2,000 characters") }
        guard form.errors.isEmpty else { return try await show(visit, form) }
        let book = try visit.live(feedBook)
        do {
            return try await visit.writeOnce { tx, newID in
                let store = AnswerStore(
                    tx: tx, account: account, joining: JoiningStore(tx: tx, hanging: hanging, book: book))
                let review = ReviewStore(tx: tx, account: account, now: tx.now)
                let isSample = try review.pair(id)?.isSample ?? false
                let outcome = try store.answer(id, verdict, reason: reason, newID: newID)
                if outcome == .needsReason { throw ReasonWanted() }
                // The next pair is held at once, so that it comes with the answer.
                let next = try isSample ? review.nextSample() : review.next()
                if let next { try review.hold(next, in: tx) }
                return Query([(name: "said", value: ReviewPages.code(outcome))])
                    .address(next.map { "/review/\($0)" } ?? "/review")
            }
        } catch is ReasonWanted {
            form.refuse("reason", "Write why: a second person decides with you")
            return try await show(visit, form)
        } catch let refusal as JoinRefusal {
            return .page(ReviewPages.refused(refusal))
        }
    }

    private struct ReasonWanted: Error {}

    // MARK: - Taking back

    private func takeBack(_ visit: Visit) async throws -> Reply {
        let id = visit.parameter("answer")
        return try await taken(visit) { try $0.takeBack(id) }
    }

    private func undo(_ visit: Visit) async throws -> Reply {
        let id = visit.parameter("change")
        return try await taken(visit) { try $0.undo(change: id) }
    }

    private func taken(
        _ visit: Visit, _ body: @escaping @Sendable (AnswerStore) throws -> Bool
    ) async throws -> Reply {
        let (account, hanging, book) = (visit.scope.actor.id, hanging, try visit.live(feedBook))
        do {
            return try await visit.writeOnce { tx, _ in
                let joining = JoiningStore(tx: tx, hanging: hanging, book: book)
                let isDone = try body(AnswerStore(tx: tx, account: account, joining: joining))
                return isDone ? "/review?said=taken-back" : "/review?said=over"
            }
        } catch let refusal as JoinRefusal {
            return .page(ReviewPages.refused(refusal))
        }
    }

    private func changes(_ visit: Visit) async throws -> Reply {
        let (account, now) = (visit.scope.actor.id, visit.now)
        let lines = try await visit.read { tx in
            try JoiningStore.changes(by: account, at: now, limit: 100, in: tx).map { change in
                (change: change, decider: try AccountNames.name(of: change.decider, in: tx))
            }
        }
        return .page(ReviewPages.changes(lines.map { ($0.change, $0.decider) }, visit.form))
    }
}
