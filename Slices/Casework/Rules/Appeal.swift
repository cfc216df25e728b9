import Kernel

/// What an appeal is about.
///
/// - Law: Children and Families Act 2014, section 51(2): what can be appealed.
public enum AppealMatter: String, CaseIterable, Sendable {
    case assess, make, contents, placement, reassess, change, cease

    public var words: String {
        switch self {
        case .assess: "Not to assess"
        case .make: "Not to make a plan"
        case .contents: "What the plan says: needs, provision, and the setting too"
        case .placement: "The setting that the plan names, and nothing else"
        case .reassess: "Not to reassess"
        case .change: "Not to change the plan after a reassessment"
        case .cease: "To end the plan"
        }
    }

    public var provision: String {
        switch self {
        case .assess: "section 51(2)(a)"
        case .make: "section 51(2)(b)"
        case .contents: "section 51(2)(c)"
        case .placement: "section 51(2)(c)(iii) and (iv)"
        case .reassess: "section 51(2)(d)"
        case .change: "section 51(2)(e)"
        case .cease: "section 51(2)(f)"
        }
    }

    /// Whether section 55 asks for a certificate of a mediation adviser first.
    ///
    /// - Law: Children and Families Act 2014, section 55(3): none where the setting alone is appealed.
    public var needsCertificate: Bool { self != .placement }

    /// How the Tribunal may decide it.
    ///
    /// - Law: SEND Regulations 2014, regulation 43(2): each order belongs to its appeals.
    public var orders: [TribunalOrder] {
        switch self {
        case .assess, .reassess: [.assess, .dismissed]
        case .make: [.make, .reconsider, .dismissed]
        case .contents, .change: [.amend, .name, .dismissed]
        case .placement: [.name, .dismissed]
        case .cease: [.keep, .mayCease]
        }
    }

    /// What the council may agree to, before it sends its response or in mediation.
    public var concessions: [TribunalOrder] {
        orders.filter { [.assess, .make, .amend, .name].contains($0) }
    }
}

/// What the Tribunal decided; also what the council conceded or agreed to, as if it had been ordered.
public enum TribunalOrder: String, CaseIterable, Sendable {
    case assess, make, reconsider, amend, name
    case keep = "continue"
    case mayCease = "may-cease"
    case dismissed

    public var words: String {
        switch self {
        case .assess: "to assess, or to reassess"
        case .make: "to make and keep a plan"
        case .reconsider: "to think again whether to make a plan"
        case .amend: "to change what the plan says of needs or provision"
        case .name: "to change the setting that the plan names"
        case .keep: "to keep the plan going"
        case .mayCease: "that the plan may end: the appeal is dismissed"
        case .dismissed: "that the decision stands: the appeal is dismissed"
        }
    }

    /// Where the case goes on because of it; nil where it stays as it is.
    public var reopens: CaseState? {
        switch self {
        case .assess, .reconsider: .assessing
        case .make, .amend, .name: .issuing
        case .keep, .mayCease, .dismissed: nil
        }
    }
}

/// What mediation agreed on that nobody could have appealed.
public enum OtherAgreement {
    public static let matter = "other"
    public static let health = "health"
}

/// How far a disagreement has come.
public enum DisputeStage: String, CaseIterable, Sendable {
    case open, advised, mediating, agreed, appealed, answered, heard, ended

    public var words: String {
        switch self {
        case .open: "The family can go to mediation or appeal"
        case .advised: "The family has talked with a mediation adviser"
        case .mediating: "Mediation is being arranged"
        case .agreed: "Mediation reached an agreement"
        case .appealed: "An appeal is with the Tribunal"
        case .answered: "An appeal is with the Tribunal, and the council has answered it"
        case .heard: "The Tribunal has heard the appeal"
        case .ended: "The appeal is over"
        }
    }
}

extension CaseEvent {
    /// Where the case goes on because the Tribunal ordered it, or the council conceded or agreed to it.
    public var reopens: CaseState? {
        switch kind {
        case .ordered, .conceded, .agreed: TribunalOrder(rawValue: outcome)?.reopens
        default: nil
        }
    }
}
