import Kernel

/// Who may ask for an assessment.
///
/// - Law: Children and Families Act 2014, section 36(1): a parent, the young person, a school or a post-16 institution.
public enum Requester: String, CaseIterable, Sendable {
    case parent
    case youngPerson = "young-person"
    case school
    case post16 = "post-16"

    public var words: String {
        switch self {
        case .parent: "a parent"
        case .youngPerson: "the young person"
        case .school: "the school"
        case .post16: "the college or other post-16 institution"
        }
    }

    /// Whether the views of the family are in the request itself.
    public var isFamily: Bool { self == .parent || self == .youngPerson }
}

/// By what the council was told of a child, where nobody asked who may.
public enum Teller: String, CaseIterable, Sendable {
    /// An early notice of a health body (section 23).
    case notice
    /// An approach by anybody who may not request: a nursery, a doctor, a neighbour.
    case approach

    public var words: String { self == .notice ? "an early notice of a health body" : "somebody who told the council" }
}

/// Whose advice an assessment needs.
///
/// - Law: SEND Regulations 2014, regulation 6(1).
public enum AdviceKind: String, CaseIterable, Sendable {
    case family, education, medical, psychological
    case socialCare = "social-care"
    case therapy
    case adulthood
    case wished
    case other

    public var words: String {
        switch self {
        case .family: "Views of the parent or young person"
        case .education: "Education: the head of the setting"
        case .medical: "Medical advice"
        case .psychological: "Psychological advice"
        case .socialCare: "Social care"
        case .therapy: "Therapy"
        case .adulthood: "Preparing for adulthood"
        case .wished: "Somebody whom the family wants asked"
        case .other: "Somebody else"
        }
    }

    public var provision: String {
        switch self {
        case .family: "reg 6(1)(a)"
        case .education: "reg 6(1)(b)"
        case .medical: "reg 6(1)(c)"
        case .psychological: "reg 6(1)(d)"
        case .socialCare: "reg 6(1)(e)"
        case .therapy, .other: "reg 6(1)(f)"
        case .adulthood: "reg 6(1)(g)"
        case .wished: "reg 6(1)(h)"
        }
    }

    /// Those without whom no assessment is one.
    public static let required: [AdviceKind] = [.family, .education, .medical, .psychological, .socialCare]
}

/// Something that happened in a case, in codes and days. Nothing is written over: another puts right what was wrong.
public struct CaseEvent: Hashable, Sendable {
    /// Where the law’s files know the event, the code is theirs.
    public enum Kind: String, CaseIterable, Sendable {
        case requested = "request.received"
        case told = "responsibility.assumed"
        /// The council was told of a child for whom it was responsible already: no limit of law begins, and the answer
        /// comes in the same time.
        case approached = "approach.received"
        case acknowledged = "consideration.noticed"
        case consulted = "family.consulted"
        case notNecessary = "necessity.decided"
        case decided = "assess.decided"
        case adviceSent = "advice.sent"
        case adviceReachedBody = "advice.requested"
        case adviceCame = "advice.received"
        case adviceReused = "advice.reused"
        case issueDecided = "issue.decided"
        case notIssued = "noplan.notified"
        case withdrawn = "request.withdrawn"
        case claimed = "exception.claimed"
        case targeted = "target.set"
        // Assessing again (`Reassessment.swift`).
        case reassessRequested = "reassess.requested"
        case assessed = "assessment.made"
        case reassessDecided = "reassess.decided"
        // Disagreeing with a decision, which they are about (`Dispute.swift`).
        case adviserContacted = "mediation.contacted"
        case mediationDeclined = "mediation.declined"
        case mediationWanted = "mediation.wanted"
        case healthRaised = "mediation.health"
        case commissionerTold = "mediation.icb-told"
        case mediationFixed = "mediation.fixed"
        case mediationNoticed = "mediation.noticed"
        case mediationHeld = "mediation.held"
        case mediationImpossible = "mediation.impossible"
        case certified = "mediation.certified"
        case agreed = "mediation.agreed"
        case agreementDone = "mediation.done"
        case appealed = "appeal.received"
        case appealReachedUs = "appeal.sent-to-council"
        case appealAnswered = "appeal.answered"
        case hearingFixed = "hearing.fixed"
        case heard = "hearing.held"
        case conceded = "appeal.conceded"
        case ordered = "order.sent"
        case appealWithdrawn = "appeal.withdrawn"
        /// The council said that it assesses, as ordered, conceded or agreed.
        case followed = "order.followed"
        case recommended = "recommendation.made"
        case recommendationAnswered = "recommendation.answered"

        public var opens: Bool {
            switch self {
            case .requested, .told, .approached, .reassessRequested: true
            default: false
            }
        }
    }

    public let id: String
    public let kind: Kind
    /// When it happened.
    public let day: Day
    /// Who asked or told, or whose advice; empty for others.
    public let source: String
    /// `assess` or `refuse`; of a request for advice `law` or `service`; of a target, the rule.
    public let outcome: String
    /// The request for advice, or the decision, that it is about.
    public let about: String
    /// A claim’s fact as the law’s files state facts; a target’s day; that of a mediation or hearing to come; of an
    /// order, the day on which it was made.
    public let fact: String
    public let correction: Correction?

    /// Which event it puts right.
    public struct Correction: Hashable, Sendable {
        public let of: String
        /// Whether it did not happen at all.
        public let isAnnulled: Bool

        public init(of id: String, isAnnulled: Bool) { (of, self.isAnnulled) = (id, isAnnulled) }
    }

    public init(
        _ id: String, _ kind: Kind, on day: Day, source: String = "", outcome: String = "", about: String = "",
        fact: String = "", correcting: Correction? = nil
    ) {
        (self.id, self.kind, self.day, self.source, self.outcome) = (id, kind, day, source, outcome)
        (self.about, self.fact, correction) = (about, fact, correcting)
    }

    public var adviceKind: AdviceKind? { AdviceKind(rawValue: source) }

    /// What happened, for whoever may see that it did.
    public var words: String {
        switch kind {
        case .requested: "An assessment was asked for by \(Requester(rawValue: source)?.words ?? "somebody")"
        case .told: "The council was told of the child by \(Teller(rawValue: source)?.words ?? "somebody")"
        case .approached: "The council was told of the child again by \(Teller(rawValue: source)?.words ?? "somebody")"
        case .acknowledged: "The council said that it is considering whether an assessment may be necessary"
        case .consulted: "The family was consulted"
        case .notNecessary: "The council decided that a plan is not necessary"
        case .decided where outcome == Self.assess: "The council decided to assess"
        case .decided: "The council decided not to assess"
        case .adviceSent: "Advice was asked for: \(adviceKind?.words ?? source)"
        case .adviceReachedBody: "The request for advice arrived: \(adviceKind?.words ?? source)"
        case .adviceCame: "Advice came: \(adviceKind?.words ?? source)"
        case .adviceReused: "Earlier advice was agreed to be enough: \(adviceKind?.words ?? source)"
        case .issueDecided where outcome == Self.changed: "The council decided to change the plan"
        case .issueDecided: "The council decided to make a plan"
        case .notIssued where outcome == Self.unchanged: "The council decided to leave the plan as it is"
        case .notIssued: "The council decided not to make a plan"
        case .withdrawn: "The request was withdrawn"
        case .claimed: "The council claimed an exception"
        case .targeted: "The council said when it now aims to be done"
        default: disputeWords
        }
    }

    public static let assess = "assess"
    public static let refuse = "refuse"
    /// Of a decision on a plan after a reassessment.
    public static let changed = "changed"
    public static let unchanged = "unchanged"
    public static let byLaw = "law"
    public static let byService = "service"
}

/// A part of what is written with an event, by who may have a reason to see it.
public enum TextPart: String, CaseIterable, Sendable {
    /// Why it was decided so.
    case reasons
    /// What help starts now, whatever is decided.
    case help
    /// How each part of the test of section 36(8) was answered.
    case needs = "test-needs"
    case plan = "test-plan"
    /// How the family was consulted, and what earlier advice is.
    case how
    /// Why an event was put right, or an exception is claimed, with its evidence.
    case because
    /// What the family wrote, in its own words.
    case own = "own-words"
    /// Who asked or told, by name.
    case teller
    /// What a school or college wrote when it asked.
    case asked
    /// What somebody who may not request wrote when they told the council.
    case told
    /// Who was asked for advice, by name.
    case body
    /// The number of a certificate or an appeal, or who gave it.
    case reference
}
