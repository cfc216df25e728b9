import Access
import AccessServer
import Kernel
import SingleView
import Storage

/// What became of an answer.
enum AnswerOutcome: Hashable, Sendable {
    case decided
    /// A second person is asked too.
    case waits
    /// The two said different things: nothing was changed.
    case disagreed
    /// Somebody decided meanwhile, or it is no question any more.
    case over
    /// Whoever answers is no second person beside the first.
    case notSecond
    case needsReason
    case refused(JoinRefusal)
}

/// Answers of keepers: what they do to persons, and taking them back.
struct AnswerStore {
    let tx: any WriteTransaction
    let account: String
    let joining: JoiningStore

    private var review: ReviewStore { ReviewStore(tx: tx, account: account, now: tx.now) }

    /// Keeps an answer and does what follows from it.
    ///
    /// - Parameter newID: from which the identifiers of all that is made are taken.
    func answer(_ id: String, _ verdict: Verdict, reason: String, newID: String) throws -> AnswerOutcome {
        tx.record(.housekeeping)
        guard let pair = try review.pair(id), !pair.closed, try !review.isHeldByAnother(id) else { return .over }
        if pair.isSample { return try sampled(pair, verdict) }
        guard (pair.kind == .join) == (pair.one.person != pair.other.person) else { return .over }
        guard !(pair.takesTwo && verdict == .same) || !reason.isEmpty else { return .needsReason }
        let first = try opinion(on: id)
        if let first {
            guard try SecondPerson.isApart(first.decider, from: account, in: tx, at: tx.now) else { return .notSecond }
            let agree = first.verdict == verdict
            return try decide(pair, agree ? verdict : .unsure, reason, newID, first: first.id, isAgreed: agree)
        }
        if pair.takesTwo, verdict == .same {
            try tx.run(
                """
                INSERT INTO opinion (id, doubt, decider, verdict, reason, at)
                VALUES (\(newID), \(id), \(account), \(verdict), \(reason), \(tx.now))
                """)
            note(ReviewEvents.opinion, pair, "doubt=\(id);verdict=\(verdict.rawValue)")
            try release(id)
            return .waits
        }
        return try decide(pair, verdict, reason, newID, first: nil, isAgreed: true)
    }

    private func decide(
        _ pair: ComparedPair, _ verdict: Verdict, _ reason: String, _ id: String, first: String?, isAgreed: Bool
    ) throws -> AnswerOutcome {
        var change: String?
        let why = reason.isEmpty ? "By comparing the two records." : reason
        do {
            switch (pair.kind, verdict) {
            case (.join, .same):
                let (kept, other) = try joining.keptOf(pair.one.person, pair.other.person)
                change = id + "-c"
                try joining.join(other, to: kept, by: account, reason: why, id: id + "-c")
            case (.part, .different):
                change = id + "-c"
                try joining.part(
                    review.leaving(pair).leaving, from: pair.one.person, to: id + "-p", by: account, reason: why,
                    id: id + "-c")
            default: break
            }
        } catch let refusal as JoinRefusal where refusal == .notThere || refusal == .closed || refusal == .notTheirs {
            // Each of these is refused before anything is written.
            return .refused(refusal)
        }
        try tx.run(
            """
            INSERT INTO link_decision (id, one, other, verdict, decider, at, reason)
            VALUES (\(id), \(pair.one.number), \(pair.other.number), \(verdict), \(account), \(tx.now), \(reason))
            """)
        try tx.run(
            "INSERT INTO decision_effect (decision, doubt, change) VALUES (\(id), \(pair.id), \(change))")
        if let first { try tx.run("UPDATE opinion SET decision = \(id) WHERE id = \(first)") }
        try tx.run("UPDATE doubt SET closed = \(tx.now) WHERE id = \(pair.id)")
        try release(pair.id)
        note(ReviewEvents.decided, pair, "decision=\(id);verdict=\(verdict.rawValue)")
        return isAgreed ? .decided : .disagreed
    }

    /// An answer of the sample changes no link; where it contradicts one, the pair is put before somebody who sees all.
    private func sampled(_ pair: ComparedPair, _ verdict: Verdict) throws -> AnswerOutcome {
        try tx.run(
            "UPDATE sample_pair SET verdict = \(verdict), decider = \(account), at = \(tx.now) WHERE id = \(pair.id)")
        try release(pair.id)
        let contradicts =
            (pair.kind == .part && verdict == .different) || (pair.kind == .join && verdict == .same)
        if contradicts {
            try LinkStore.keep(
                [
                    Doubt(
                        one: pair.one.number, other: pair.other.number, kind: pair.kind, chance: pair.chance,
                        worth: Worth.of(0.5, isPart: pair.kind == .part))
                ], model: pair.model, in: tx)
        }
        note(ReviewEvents.sampled, pair, "sample=\(pair.id)")
        return .decided
    }

    // MARK: - Taking back

    /// Takes an answer back, with all that it did.
    ///
    /// - Returns: false where there is none that this keeper may take back.
    /// - Throws: `JoinRefusal` where a later change rests on it.
    func takeBack(_ id: String) throws -> Bool {
        tx.record(.housekeeping)
        if let row = try tx.row(
            """
            SELECT decision_effect.doubt, decision_effect.change
            FROM link_decision JOIN decision_effect ON decision_effect.decision = link_decision.id
            WHERE link_decision.id = \(id) AND link_decision.undone IS NULL
            """)
        {
            let doubt = try row.get("doubt", as: String.self)
            guard let pair = try review.pair(doubt) else { return false }
            if let change = try row.optional("change", as: String.self) { try joining.undo(change, by: account) }
            try tx.run("UPDATE link_decision SET undone = \(tx.now), undoer = \(account) WHERE id = \(id)")
            try tx.run("UPDATE opinion SET undone = \(tx.now) WHERE decision = \(id)")
            try tx.run("UPDATE doubt SET closed = NULL WHERE id = \(doubt)")
            note(ReviewEvents.takenBack, pair, "decision=\(id)")
            return true
        }
        if let row = try tx.row(
            """
            SELECT doubt FROM opinion
            WHERE id = \(id) AND decider = \(account) AND undone IS NULL AND decision IS NULL
            """)
        {
            guard let pair = try review.pair(try row.get("doubt")) else { return false }
            try tx.run("UPDATE opinion SET undone = \(tx.now) WHERE id = \(id)")
            note(ReviewEvents.takenBack, pair, "opinion=\(id)")
            return true
        }
        guard let pair = try review.pair(id), pair.isSample,
            try tx.row("SELECT id FROM sample_pair WHERE id = \(id) AND decider = \(account)") != nil
        else { return false }
        try tx.run("UPDATE sample_pair SET verdict = NULL, decider = NULL, at = NULL WHERE id = \(id)")
        note(ReviewEvents.takenBack, pair, "sample=\(id)")
        return true
    }

    /// Undoes a change, by the decision that made it where there is one.
    func undo(change: String) throws -> Bool {
        tx.record(.housekeeping)
        let decision = try tx.row(
            """
            SELECT decision_effect.decision FROM decision_effect
                JOIN link_decision ON link_decision.id = decision_effect.decision
            WHERE decision_effect.change = \(change) AND link_decision.undone IS NULL
            """)
        if let decision { return try takeBack(try decision.get("decision")) }
        let mine = try JoiningStore.changes(by: account, at: tx.now, limit: 1000, in: tx)
        guard mine.contains(where: { $0.id == change }) else { return false }
        try joining.undo(change, by: account)
        return true
    }

    private func opinion(on doubt: String) throws -> (id: String, decider: String, verdict: Verdict)? {
        try tx.row(
            """
            SELECT id, decider, verdict FROM opinion WHERE doubt = \(doubt) AND undone IS NULL AND decision IS NULL
            ORDER BY at LIMIT 1
            """
        ).map { (try $0.get("id"), try $0.get("decider"), try $0.get("verdict")) }
    }

    private func release(_ item: String) throws { try tx.run("DELETE FROM review_lease WHERE item = \(item)") }

    private func note(_ kind: String, _ pair: ComparedPair, _ detail: String) {
        for person in Set([pair.one.person, pair.other.person]).sorted() {
            tx.record(Event(kind, subject: person, detail: detail))
        }
    }
}
