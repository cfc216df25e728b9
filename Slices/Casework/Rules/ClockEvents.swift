import Clock
import Kernel

/// Who has to act by a limit.
public enum CaseActor: String, Sendable {
    case council, family, adviser, commissioner, body

    init(_ actor: String) {
        self =
            switch actor {
            case "parent/YP": .family
            case "mediation adviser": .adviser
            case "ICB": .commissioner
            default: actor.hasPrefix("LA") ? .council : .body
            }
    }

    public var words: String {
        switch self {
        case .council: "the council"
        case .family: "the family, if it wants to"
        case .adviser: "the mediation adviser"
        case .commissioner: "the health commissioner"
        case .body: "whoever was asked"
        }
    }
}

extension Case {
    /// To which matter of the clock something about a decision belongs: each decision has its own.
    static func matter(of dispute: String) -> String { "dispute:" + dispute }

    /// The decision that a matter of the clock is about; nil where it is the case itself, or advice.
    static func dispute(of matter: String) -> String? {
        matter.hasPrefix("dispute:") ? String(matter.dropFirst("dispute:".count)) : nil
    }

    /// Its events as the law’s files know them. A decision that can be appealed is also the day on which it was sent,
    /// and what an adviser wrote or heard shows that the family was in touch: nobody notes that twice.
    var clockEvents: [Event] {
        // What only the council’s promise begins is counted as the law would, and said to be a promise.
        let promise = isByService
        return events.flatMap { event -> [Event] in
            var made = [clockEvent(event, promise)]
            if !matters(of: event).isEmpty, event.kind != .issueDecided {
                made.append(more(event, "notified", "decision.notified", Self.matter(of: root(of: event.id))))
            }
            if event.kind == .agreed, TribunalOrder(rawValue: event.outcome) != nil {
                // What mediation agreed is done as if it had been ordered (regulation 42(2)).
                made.append(more(event, Self.asOrdered, "order.\(event.outcome)", id))
            }
            if event.kind == .certified || event.kind == .mediationDeclined || event.kind == .mediationWanted {
                let contact = CaseEvent.Kind.adviserContacted.rawValue
                made.append(more(event, "contact", contact, Self.matter(of: event.about)))
            }
            return made
        }
    }

    /// What the clock’s event of an agreement is called that counts as an order.
    static let asOrdered = "as-ordered"

    private func clockEvent(_ event: CaseEvent, _ promise: Bool) -> Event {
        let correction = event.correction.map { Correction(of: $0.of, because: "put right", isAnnulled: $0.isAnnulled) }
        var (day, sentAndMade) = (event.day, Day?.none)
        // The law counts back from the meeting; the Tribunal’s order has two days.
        if event.kind == .mediationFixed { day = (try? Day(iso: event.fact)) ?? day }
        if event.kind == .ordered { sentAndMade = try? Day(iso: event.fact) }
        return Event(
            event.id, code(event, promise), on: day, matter: matter(event), made: sentAndMade, correcting: correction)
    }

    /// Another event of the law’s files that follows from one of the case.
    private func more(_ event: CaseEvent, _ name: String, _ code: String, _ matter: String) -> Event {
        let correction = event.correction.map {
            Correction(of: "\($0.of)/\(name)", because: "put right", isAnnulled: $0.isAnnulled)
        }
        return Event("\(event.id)/\(name)", code, on: event.day, matter: matter, correcting: correction)
    }

    private func code(_ event: CaseEvent, _ promise: Bool) -> String {
        switch event.kind {
        case .approached where promise: CaseEvent.Kind.told.rawValue
        case .ordered: "order.\(event.outcome)"
        case .conceded: "conceded.\(event.outcome)"
        // That it will assess after all is the same notice, whether it is ordered or decided.
        case .followed: CaseEvent.Kind.decided.rawValue
        case .agreed where event.outcome == OtherAgreement.matter: "mediation.agreed-other"
        case .agreed where event.outcome == OtherAgreement.health: "mediation.agreed-health"
        default: event.kind.rawValue
        }
    }

    private func matter(_ event: CaseEvent) -> String {
        switch event.kind {
        case .adviceReachedBody, .adviceCame: event.about
        // What the Tribunal orders is done in the case, and what it recommends answered there.
        case .ordered, .conceded, .followed, .recommended, .recommendationAnswered: id
        default: event.kind.isOfDispute ? Self.matter(of: event.about) : id
        }
    }
}

extension Statute {
    /// How events of the law’s files begin that come from the Tribunal.
    private static let ofTribunal = ["order.", "conceded.", "recommendation."]

    /// Whether a limit that nobody has met is still owed, as the case stands.
    func isOwed(_ entry: Timetable.Entry, _ rule: Rule, _ facts: Facts) -> Bool {
        let (file, state) = (facts.file, facts.state)
        if let id = Case.dispute(of: entry.matter) {
            guard let dispute = file.disputes.first(where: { $0.id == id }) else { return false }
            return dispute.isOwed(entry, rule)
        }
        let code = rule.triggers.first ?? ""
        if Self.ofTribunal.contains(where: code.hasPrefix) {
            // A notice that there will be no plan is not owed where there will be one.
            let isNoPlan = rule.metBy.first == CaseEvent.Kind.notIssued.rawValue
            return state != .withdrawn && !(isNoPlan && state == .issuing)
        }
        guard state.isOpen else { return false }
        if state == .issuing, rule.metBy.first == CaseEvent.Kind.notIssued.rawValue { return false }
        // What ran when the case was closed, and was opened again by an order, has that order’s limits from then on.
        guard let reopening = facts.reopening,
            let then = file.standing.firstIndex(where: { $0.id == reopening.id }),
            let began = file.standing.firstIndex(where: { $0.id == entry.limit.event })
        else { return true }
        return began > then
    }

    /// Whether a limit says anything here: not where the refusal to reassess is what it would count from, and of
    /// several requests the earliest governs.
    func counts(_ entry: Timetable.Entry, _ rule: Rule, _ file: Case) -> Bool {
        guard let event = file.standing.first(where: { $0.id == entry.limit.event }) else { return true }
        switch event.kind {
        case .reassessDecided: return event.outcome == CaseEvent.assess
        case .reassessRequested: return event.id == file.opening?.id
        default: return true
        }
    }

    /// What was done before the day from which a rule counts back.
    func doneBefore(_ entry: Timetable.Entry, _ rule: Rule, _ file: Case) -> Day? {
        guard case .length(_, _, .atLeastBefore)? = rule.period, let id = Case.dispute(of: entry.matter),
            let dispute = file.disputes.first(where: { $0.id == id }),
            let from = dispute.events.firstIndex(where: { $0.id == entry.limit.event })
        else { return nil }
        return dispute.events[from...].first { rule.metBy.contains($0.kind.rawValue) }?.day
    }
}

extension Dispute {
    func isOwed(_ entry: Timetable.Entry, _ rule: Rule) -> Bool {
        switch CaseActor(rule.actor) {
        case .family, .adviser: return appeal == nil && agreement == nil
        case .commissioner: return isAgreementOpen
        default: break
        }
        if rule.metBy.contains(CaseEvent.Kind.agreementDone.rawValue) { return isAgreementOpen }
        if rule.metBy.contains(CaseEvent.Kind.appealAnswered.rawValue) { return isBeforeTribunal }
        if rule.metBy.contains(CaseEvent.Kind.mediationNoticed.rawValue) {
            return isMediating && last(.mediationFixed)?.id == entry.limit.event
        }
        return isMediating || rule.metBy.contains(CaseEvent.Kind.commissionerTold.rawValue)
    }
}
