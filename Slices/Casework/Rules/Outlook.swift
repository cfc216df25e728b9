import Kernel

/// What puts a case at risk of missing its next limit.
public enum CaseRisk: Hashable, Sendable {
    case fewDays(Int)
    case notConsulted
    case adviceNotAsked([AdviceKind])
    case adviceLate(AdviceKind, days: Int)
    /// The advice will be due when little or no time is left for what comes after it.
    case adviceNotReached(AdviceKind)

    public var words: String {
        switch self {
        case .fewDays(let days): days == 0 ? "it is due today" : "\(days) day\(days == 1 ? "" : "s") left"
        case .notConsulted: "the family has not been consulted yet"
        case .adviceNotAsked(let kinds): "advice not asked for yet: \(kinds.map(\.words).joined(separator: "; "))"
        case .adviceLate(let kind, let days):
            "advice is \(days) day\(days == 1 ? "" : "s") late: \(kind.words)"
        case .adviceNotReached(let kind): "nobody has noted when they had the request: \(kind.words)"
        }
    }
}

/// On whom a case waits.
public enum CaseWait: Hashable, Sendable {
    case council(String)
    case advice([AdviceKind])
    case tribunal
    case nobody

    public var words: String {
        switch self {
        case .council(let what): "The council: \(what)"
        case .advice(let kinds): "Advice: \(kinds.map(\.words).joined(separator: "; "))"
        case .tribunal: "The Tribunal"
        case .nobody: "Nobody"
        }
    }
}

/// How a case stands on a day: what is next, what puts it at risk, on whom it waits.
public struct Outlook: Hashable, Sendable {
    /// How many days before a limit are few.
    public static let few = 10

    public let next: CaseLimit?
    public let risks: [CaseRisk]
    public let wait: CaseWait

    public init(_ file: Case, _ times: CaseTimes) {
        next = times.next
        let open = file.advice.filter { $0.came == nil }
        (risks, wait) = (Self.risks(file, times, open), Self.wait(file, open))
    }

    public var isOverdue: Bool { next?.daysOverdue != nil }

    private static func risks(_ file: Case, _ times: CaseTimes, _ open: [Advice]) -> [CaseRisk] {
        var risks: [CaseRisk] = []
        if case .running(let days)? = times.next?.standing, days <= few { risks.append(.fewDays(days)) }
        let isToConsult = file.state == .considering && !file.isReassessment && !file.isAskedByFamily
        if isToConsult, file.first(.consulted) == nil {
            risks.append(.notConsulted)
        }
        guard file.state == .assessing else { return risks }
        if !file.adviceNotSought.isEmpty { risks.append(.adviceNotAsked(file.adviceNotSought)) }
        for advice in open {
            let limit = times.limits.first { $0.advice == advice.id }
            if let days = limit?.daysOverdue { risks.append(.adviceLate(advice.kind, days: days)) }
            if advice.reached == nil { risks.append(.adviceNotReached(advice.kind)) }
        }
        return risks
    }

    private static func wait(_ file: Case, _ open: [Advice]) -> CaseWait {
        switch file.state {
        case .considering: .council(file.isReassessment ? "whether to reassess" : "whether to assess")
        case .assessing where !open.isEmpty: .advice(open.map(\.kind))
        case .assessing where !file.adviceNotSought.isEmpty: .council("asking for advice")
        case .assessing: .council(file.isReassessment ? "whether to change the plan" : "whether to make a plan")
        case .issuing: .council(file.isReassessment ? "the changed plan" : "the draft plan")
        default: file.disputes.last(where: \.isLive)?.wait ?? .nobody
        }
    }
}

extension Dispute {
    /// On whom a disagreement waits.
    var wait: CaseWait? {
        if isBeforeTribunal { return stage == .appealed ? .council("the response to the Tribunal") : .tribunal }
        if isMediating { return .council("mediation") }
        if isAgreementOpen { return .council("what mediation agreed") }
        return isRecommendationOpen ? .council("the answer to the Tribunal’s recommendation") : nil
    }
}
