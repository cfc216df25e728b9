import Kernel

/// How many decisions of a time could be appealed, and what came of it. Counts, and nothing that anybody could be
/// measured by: an appeal is a right.
public struct AppealCount: Hashable, Sendable {
    /// What became of an appeal.
    public enum Outcome: String, CaseIterable, Sendable {
        case pending, conceded, withdrawn, upheld, dismissed

        public var words: String {
            switch self {
            case .pending: "With the Tribunal"
            case .conceded: "Not opposed by the council"
            case .withdrawn: "Taken back by the family"
            case .upheld: "Decided for the family, in whole or part"
            case .dismissed: "Dismissed"
            }
        }
    }

    /// Of the decisions sent in the time.
    public private(set) var decisions: [AppealMatter: Int] = [:]
    public private(set) var stages: [AppealMatter: [DisputeStage: Int]] = [:]
    /// Of the appeals received in the time.
    public private(set) var appeals: [AppealMatter: Int] = [:]
    public private(set) var outcomes: [AppealMatter: [Outcome: Int]] = [:]

    /// - Parameter days: in which the decision was sent, or the appeal received.
    public init(_ files: [Case], _ days: ClosedRange<Day>) {
        for dispute in files.flatMap(\.disputes) {
            // Of a plan that is being made nothing has been sent yet that could be appealed.
            if let matter = dispute.matters.first, dispute.decision.kind != .issueDecided,
                days.contains(dispute.decision.day)
            {
                decisions[matter, default: 0] += 1
                stages[matter, default: [:]][dispute.stage, default: 0] += 1
            }
            for appeal in dispute.appeals where days.contains(appeal.received) {
                appeals[appeal.matter, default: 0] += 1
                outcomes[appeal.matter, default: [:]][appeal.outcome, default: 0] += 1
            }
        }
    }
}

extension Dispute {
    /// Every appeal about the decision, with what became of each.
    var appeals: [(matter: AppealMatter, received: Day, outcome: AppealCount.Outcome)] {
        var all: [(matter: AppealMatter, received: Day, outcome: AppealCount.Outcome)] = []
        for event in events {
            if event.kind == .appealed, let matter = AppealMatter(rawValue: event.source) {
                all.append((matter, event.day, .pending))
            }
            guard let at = all.indices.last, all[at].outcome == .pending else { continue }
            switch event.kind {
            case .conceded: all[at].outcome = .conceded
            case .appealWithdrawn: all[at].outcome = .withdrawn
            case .ordered:
                let isAgainst = [TribunalOrder.dismissed, .mayCease].map(\.rawValue).contains(event.outcome)
                all[at].outcome = isAgainst ? .dismissed : .upheld
            default: continue
            }
        }
        return all
    }
}
