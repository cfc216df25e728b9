import Kernel

/// What a panel is asked of one case. It advises: the council decides, and its officer writes the decision with the
/// reasons.
public enum PanelQuestion: String, CaseIterable, Sendable {
    case assess, plan

    public var words: String {
        switch self {
        case .assess: "Should the council assess?"
        case .plan: "Should the council make a plan?"
        }
    }

    /// What is asked of a case that stands so; nil where there is nothing to ask.
    public init?(of state: CaseState) {
        switch state {
        case .considering: self = .assess
        case .assessing: self = .plan
        default: return nil
        }
    }
}

/// What one member of a panel thinks.
public enum PanelView: String, CaseIterable, Sendable {
    case yes, no
    /// Something has to be known first. It moves no date of law.
    case more

    public var words: String {
        switch self {
        case .yes: "Yes"
        case .no: "No"
        case .more: "More has to be known first (no date of law moves for it)"
        }
    }
}

/// Whether a case comes before a panel in time.
public enum PanelTiming {
    /// What is wrong with a meeting on this day for a case with this next limit; nil where nothing is.
    ///
    /// - Law: a panel is the council’s own way of working; the limits of the SEND Regulations 2014 do not wait for it.
    public static func fault(meeting: Day, due: Day?) -> String? {
        guard let due, meeting > due else { return nil }
        return "The panel meets after \(due.inWords), the day by which the council must decide: decide without it"
    }
}
