import Kernel

/// A decision that can be appealed, and what the family did about it.
///
/// It hangs on the decision and not on the case, so that a later decision of the same case has its own days.
public struct Dispute: Hashable, Sendable {
    /// The decision’s own event, however often it was put right.
    public let id: String
    public let decision: CaseEvent
    public let matters: [AppealMatter]
    /// What happened about it, in the order in which it was noted.
    public let events: [CaseEvent]

    public func first(_ kinds: CaseEvent.Kind...) -> CaseEvent? { events.first { kinds.contains($0.kind) } }
    public func last(_ kinds: CaseEvent.Kind...) -> CaseEvent? { events.last { kinds.contains($0.kind) } }

    public var certificate: CaseEvent? { last(.certified) }

    public var agreement: CaseEvent? { last(.agreed) }

    /// The appeal, the last where one was withdrawn and another made.
    public var appeal: CaseEvent? { last(.appealed) }

    /// What the appeal is about.
    public var matter: AppealMatter? { appeal.flatMap { AppealMatter(rawValue: $0.source) } }

    /// What happened of the last appeal, after it was received.
    var course: [CaseEvent] {
        guard let at = events.lastIndex(where: { $0.kind == .appealed }) else { return [] }
        return Array(events[(at + 1)...])
    }

    /// What ended the appeal: an order, a concession, or that the family took it back.
    public var end: CaseEvent? { course.first { [.ordered, .conceded, .appealWithdrawn].contains($0.kind) } }

    public var isBeforeTribunal: Bool { appeal != nil && end == nil }

    /// What it was mediated for and is not over yet.
    public var isMediating: Bool {
        guard let at = events.lastIndex(where: { $0.kind == .mediationWanted }) else { return false }
        return !events[at...].contains { [.mediationHeld, .mediationImpossible, .mediationDeclined].contains($0.kind) }
    }

    /// What was agreed and is not done yet.
    public var isAgreementOpen: Bool { agreement != nil && last(.agreed, .agreementDone)?.kind == .agreed }

    /// What the Tribunal recommended and nobody has answered.
    public var isRecommendationOpen: Bool {
        last(.recommended, .recommendationAnswered)?.kind == .recommended
    }

    /// Whether the council or the Tribunal has something to do in it.
    public var isLive: Bool { isBeforeTribunal || isMediating || isAgreementOpen || isRecommendationOpen }

    public var stage: DisputeStage {
        if appeal != nil {
            if end != nil { return .ended }
            if course.contains(where: { $0.kind == .heard }) { return .heard }
            return course.contains { $0.kind == .appealAnswered } ? .answered : .appealed
        }
        if agreement != nil { return .agreed }
        if isMediating { return .mediating }
        return events.isEmpty ? .open : .advised
    }

    /// Whether an appeal is noted for which section 55 asks for a certificate, and none is noted. The Tribunal judges
    /// that; the council holds nothing back for it.
    public var lacksCertificate: Bool { isBeforeTribunal && certificate == nil && matter?.needsCertificate == true }
}

extension Case {
    /// The decisions that can be appealed, each with what happened about it, the last one last.
    public var disputes: [Dispute] {
        standing.compactMap { event in
            let matters = matters(of: event)
            if matters.isEmpty { return nil }
            let id = root(of: event.id)
            return Dispute(
                id: id, decision: event, matters: matters,
                events: standing.filter { $0.about == id && $0.kind.isOfDispute })
        }
    }

    public var dispute: Dispute? { disputes.last }

    /// Whether somebody has something to do in it: it is open, or a disagreement is.
    public var isLive: Bool { state.isOpen || disputes.contains(where: \.isLive) }

    /// What can be appealed of an event; nothing of most.
    ///
    /// - Law: Children and Families Act 2014, section 51(2).
    public func matters(of event: CaseEvent) -> [AppealMatter] {
        switch event.kind {
        case .notNecessary: [.assess]
        case .decided where event.outcome == CaseEvent.refuse: [.assess]
        case .reassessDecided where event.outcome == CaseEvent.refuse: [.reassess]
        case .notIssued: isReassessment ? [.change] : [.make]
        // The plan itself, once it is there.
        case .issueDecided: [.contents, .placement, .cease]
        default: []
        }
    }

    /// What the Tribunal, a concession or an agreement opened again, the last of them.
    public var reopening: CaseEvent? { standing.last { $0.reopens != nil } }
}

extension CaseEvent.Kind {
    /// Whether it belongs to a disagreement about one decision.
    public var isOfDispute: Bool { Self.ofDispute.contains(self) }

    private static let ofDispute: Set<Self> = [
        .adviserContacted, .mediationDeclined, .mediationWanted, .healthRaised, .commissionerTold, .mediationFixed,
        .mediationNoticed, .mediationHeld, .mediationImpossible, .certified, .agreed, .agreementDone, .appealed,
        .appealReachedUs, .appealAnswered, .hearingFixed, .heard, .conceded, .ordered, .appealWithdrawn, .followed,
        .recommended, .recommendationAnswered,
    ]
}

extension CaseEvent {
    /// What happened in a reassessment or a disagreement.
    var disputeWords: String {
        switch kind {
        case .reassessRequested: "A reassessment was asked for by \(Reasker(rawValue: source)?.words ?? "somebody")"
        case .assessed: "The last assessment before the request was made"
        case .reassessDecided where outcome == Self.assess: "The council decided to reassess"
        case .reassessDecided: "The council decided not to reassess"
        case .adviserContacted: "The family talked with a mediation adviser"
        case .mediationDeclined: "The family told the adviser that it does not want mediation"
        case .mediationWanted: "The family wants mediation"
        case .healthRaised: "The family raised health matters for mediation"
        case .commissionerTold: "The council told the health commissioner"
        case .mediationFixed: "A day was fixed for mediation: \(factInWords)"
        case .mediationNoticed: "The family was told day and place of the mediation"
        case .mediationHeld: "Mediation was held"
        case .mediationImpossible: "The council said that it cannot arrange mediation in time"
        case .certified: "The mediation adviser gave a certificate"
        case .agreed: "Mediation reached an agreement: \(agreementWords)"
        case .agreementDone: "What was agreed is done"
        default: appealWords
        }
    }

    private var appealWords: String {
        switch kind {
        case .appealed:
            "The Tribunal received an appeal. About: \(AppealMatter(rawValue: source)?.words ?? "the decision")"
        case .appealReachedUs: "The appeal reached the council"
        case .appealAnswered: "The council sent its response to the Tribunal"
        case .hearingFixed: "A day was fixed for the hearing: \(factInWords)"
        case .heard: "The Tribunal heard the appeal"
        case .conceded: "The council told the Tribunal that it will not oppose the appeal"
        case .ordered:
            "The Tribunal sent its order \(TribunalOrder(rawValue: outcome)?.words ?? "")"
                + (fact.isEmpty ? "" : ", made on \(factInWords)")
        case .appealWithdrawn: "The family took the appeal back"
        case .followed: "The council told the family that it assesses, as ordered or agreed"
        case .recommended: "The Tribunal recommended something of health or social care"
        case .recommendationAnswered: "The recommendation was answered"
        default: kind.rawValue
        }
    }

    private var factInWords: String { (try? Day(iso: fact))?.inWords ?? "a day" }

    private var agreementWords: String {
        switch outcome {
        case OtherAgreement.matter: "on something that nobody could have appealed"
        case OtherAgreement.health: "on health alone"
        default: "the council does it as if the Tribunal had ordered \(TribunalOrder(rawValue: outcome)?.words ?? "")"
        }
    }
}
