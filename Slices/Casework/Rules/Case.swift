import Kernel

/// How far a case has come.
public enum CaseState: String, CaseIterable, Sendable {
    case considering, assessing, issuing
    case notNecessary = "not-necessary"
    case refused
    case notIssued = "not-issued"
    case withdrawn

    /// Whether something is still owed in it here.
    public var isOpen: Bool { self == .considering || self == .assessing || self == .issuing }

    public var words: String {
        switch self {
        case .considering: "Deciding whether to assess"
        case .assessing: "Assessing"
        case .issuing: "A plan is being made"
        case .notNecessary: "Closed: a plan is not necessary"
        case .refused: "Closed: no assessment"
        case .notIssued: "Closed: no plan"
        case .withdrawn: "Closed: withdrawn"
        }
    }
}

/// One request for advice, and what became of it.
public struct Advice: Hashable, Sendable {
    /// The event that asked for it, or by which earlier advice was agreed to be enough.
    public let id: String
    public let kind: AdviceKind
    /// Whether the body is one of section 31, which the six weeks bind.
    public let isBound: Bool
    public let asked: Day
    /// When the body had the request: its time runs from then.
    public fileprivate(set) var reached: Day?
    public fileprivate(set) var came: Day?
    public let isReused: Bool
}

/// A request, or a child of whom the council was told, from the first day to the decision whether to make a plan.
///
/// It is a list of events; everything else follows from them.
public struct Case: Hashable, Sendable {
    public let id: String
    /// All that was ever recorded, in that order.
    public let events: [CaseEvent]
    /// What stands after corrections: each in the place of what it puts right.
    public let standing: [CaseEvent]

    public init(_ id: String, _ events: [CaseEvent]) {
        (self.id, self.events, standing) = (id, events, Self.standing(events))
    }

    private static func standing(_ events: [CaseEvent]) -> [CaseEvent] {
        var order: [CaseEvent] = []
        for event in events {
            guard let correction = event.correction else {
                order.append(event)
                continue
            }
            guard let at = order.firstIndex(where: { $0.id == correction.of }) else { continue }
            if correction.isAnnulled { order.remove(at: at) } else { order[at] = event }
        }
        return order
    }

    /// The original of an event: what others are about stays so when it is put right.
    public func root(of id: String) -> String {
        var at = id
        while let correction = events.first(where: { $0.id == at })?.correction { at = correction.of }
        return at
    }

    // MARK: - What follows from the events

    public func first(_ kinds: CaseEvent.Kind...) -> CaseEvent? { standing.first { kinds.contains($0.kind) } }

    /// The event from which the case counts: the earliest of those that open it.
    public var opening: CaseEvent? {
        let all = standing.filter(\.kind.opens)
        let byLaw = all.filter { $0.kind != .approached }
        return (byLaw.isEmpty ? all : byLaw).min { $0.day < $1.day }
    }

    /// The first day of all.
    public var opened: Day? { standing.filter(\.kind.opens).map(\.day).min() }

    /// Whether the time in which it is answered is the council’s own promise and not law.
    public var isByService: Bool { opening?.kind == .approached }

    public var state: CaseState { ending?.state ?? (assessingSince == nil ? .considering : .assessing) }

    /// Since when it is assessed: by a decision, or by what the Tribunal ordered or the council agreed to.
    var assessingSince: Day? {
        standing.last { event in
            switch event.kind {
            case .decided, .reassessDecided: event.outcome == CaseEvent.assess
            default: event.reopens == .assessing
            }
        }?.day
    }

    /// What ended it, or led to a plan, and when.
    public var ending: (state: CaseState, day: Day)? {
        for event in standing.reversed() {
            switch event.kind {
            case .withdrawn: return (.withdrawn, event.day)
            case .notIssued: return (.notIssued, event.day)
            case .issueDecided: return (.issuing, event.day)
            case .notNecessary: return (.notNecessary, event.day)
            case .decided where event.outcome == CaseEvent.refuse: return (.refused, event.day)
            case .reassessDecided where event.outcome == CaseEvent.refuse: return (.refused, event.day)
            default:
                guard let reopened = event.reopens else { continue }
                return reopened == .assessing ? nil : (reopened, event.day)
            }
        }
        return nil
    }

    public var advice: [Advice] {
        var all: [Advice] = []
        for event in standing {
            switch event.kind {
            case .adviceSent, .adviceReused:
                guard let kind = event.adviceKind else { continue }
                let isReused = event.kind == .adviceReused
                all.append(
                    Advice(
                        id: root(of: event.id), kind: kind, isBound: event.outcome == CaseEvent.byLaw, asked: event.day,
                        reached: nil, came: isReused ? event.day : nil, isReused: isReused))
            case .adviceReachedBody, .adviceCame:
                guard let at = all.firstIndex(where: { $0.id == event.about }) else { continue }
                if event.kind == .adviceCame { all[at].came = event.day } else { all[at].reached = event.day }
            default: continue
            }
        }
        return all
    }

    /// Whose advice has been neither asked for nor agreed to be there.
    public var adviceNotSought: [AdviceKind] {
        let sought = Set(advice.map(\.kind))
        return AdviceKind.required.filter { !sought.contains($0) }
    }

    /// Whether somebody of the family asked, so that its views are in the request.
    public var isAskedByFamily: Bool {
        standing.contains {
            $0.kind == .requested && Requester(rawValue: $0.source)?.isFamily == true
                || $0.kind == .reassessRequested && Reasker(rawValue: $0.source)?.isFamily == true
        }
    }

    // MARK: - What may happen next

    /// Makes sure that this can have happened, by what stands.
    ///
    /// - Throws: `CaseRefusal` with the provision that forbids it.
    public func check(_ new: CaseEvent, today: Day) throws(CaseRefusal) {
        if new.day > today { throw .inFuture(new.day) }
        if new.kind.opens {
            if let ending, ending.state != .issuing { throw .closed(ending.state, ending.day) }
            let isOther = isReassessment != (new.kind == .reassessRequested)
            if !standing.isEmpty, isOther { throw .dispute(.otherKind) }
            return
        }
        guard let opened else { throw .notOpened }
        if new.kind != .assessed, new.day < opened { throw .beforeOpening(opened) }
        switch new.kind {
        case .requested, .told, .approached, .reassessRequested, .acknowledged, .claimed, .targeted: return
        case .consulted:
            try wait(for: .considering)
        case .notNecessary, .decided:
            try wait(for: .considering)
            if isReassessment { throw .dispute(.otherKind) }
            try checkConsulted(new)
        case .adviceSent, .adviceReachedBody, .adviceCame, .adviceReused:
            try checkAdvice(new)
        case .issueDecided, .notIssued:
            try checkAssessing(new)
            if !adviceNotSought.isEmpty { throw .adviceNotSought(adviceNotSought) }
        case .withdrawn:
            if let ending { throw .closed(ending.state, ending.day) }
            guard first(.requested, .reassessRequested) != nil, first(.told) == nil else { throw .nothingToWithdraw }
        case .assessed, .reassessDecided: try checkReassessment(new)
        default: try checkDispute(new)
        }
    }

    private func wait(for wanted: CaseState) throws(CaseRefusal) {
        if let ending { throw .closed(ending.state, ending.day) }
        if state != wanted, let day = assessingSince { throw .decidedBefore(day) }
    }

    private func checkConsulted(_ new: CaseEvent) throws(CaseRefusal) {
        if new.kind == .decided, new.outcome == CaseEvent.assess, isAskedByFamily { return }
        guard let consulted = standing.filter({ $0.kind == .consulted }).map(\.day).min() else { throw .notConsulted }
        if consulted > new.day { throw .consultedLater(consulted) }
    }

    private func checkAssessing(_ new: CaseEvent) throws(CaseRefusal) {
        if let ending { throw .closed(ending.state, ending.day) }
        guard let decided = assessingSince else { throw .notAssessing }
        if new.day < decided { throw .beforeAssessment(decided) }
    }

    private func checkAdvice(_ new: CaseEvent) throws(CaseRefusal) {
        // Advice may still come when its time, or the decision, has passed.
        if new.kind == .adviceSent || new.kind == .adviceReused { return try checkAssessing(new) }
        guard let asked = advice.first(where: { $0.id == new.about }), !asked.isReused else { throw .noSuchAdvice }
        if let came = asked.came { throw .adviceCameBefore(came) }
        if new.kind == .adviceReachedBody, let reached = asked.reached { throw .adviceReachedBefore(reached) }
        let from = asked.reached ?? asked.asked
        if new.day < from { throw .beforeAsking(from) }
    }

    /// What the case would be with one event put right, or taken to have never been.
    ///
    /// - Parameter correction: of the same kind as what it puts right.
    /// - Throws: `CaseRefusal`, where there is no such event, or what stands behind it could then not have happened.
    public func correcting(_ correction: CaseEvent, today: Day) throws(CaseRefusal) -> Case {
        guard let link = correction.correction,
            let held = standing.first(where: { $0.id == link.of }), held.kind == correction.kind
        else { throw .nothingToCorrect }
        let whole = Case(id, events + [correction])
        guard whole.opening != nil else { throw .lastOpening }
        // Corrected events are still known by the identifiers that others are about.
        for (at, event) in whole.standing.enumerated() {
            let ids = Set(whole.standing[..<at].map(\.id))
            let before = Case(id, whole.events.filter { whole.isOf($0, ids) })
            if event.kind.opens, before.standing.isEmpty {
                if event.day > today { throw .inFuture(event.day) }
                continue
            }
            try before.check(event, today: today)
        }
        return whole
    }

    /// Whether an event is one of those that stand, or was put right by one of them.
    private func isOf(_ event: CaseEvent, _ ids: Set<String>) -> Bool {
        var at = event.id
        if ids.contains(at) { return true }
        while let next = events.first(where: { $0.correction?.of == at })?.id {
            at = next
            if ids.contains(at) { return true }
        }
        return false
    }
}
