import Kernel

/// One part of advice, as whoever was asked writes it.
///
/// - Law: SEND Regulations 2014, regulation 6(1): advice on the needs, on the provision that may be required to meet
///   them, and on the outcomes that are intended to be achieved by it.
public enum AdvicePart: String, CaseIterable, Sendable {
    case needs, outcomes, provision
    /// On which days and how they saw the child.
    case seen
    /// What the child and the family said.
    case views

    public static let limit = 12_000

    /// What is asked of whom: the family says what it wishes to be known; others advise.
    public static func asked(of kind: AdviceKind) -> [AdvicePart] {
        kind == .family ? [.views, .outcomes, .provision] : [.needs, .outcomes, .provision, .seen, .views]
    }

    public static func needed(of kind: AdviceKind) -> [AdvicePart] {
        kind == .family ? [.views] : [.needs, .outcomes, .provision]
    }

    public func title(of kind: AdviceKind) -> String {
        switch self {
        case .needs: "What are the child’s or young person’s needs, and what are they good at?"
        case .outcomes:
            kind == .family ? "What do you hope for, in the next years and later?" : "Which outcomes are to be reached?"
        case .provision:
            kind == .family ? "Which help do you think is needed?" : "Which provision is needed to reach them?"
        case .seen: "On which days did you see them, and how did you come to your advice?"
        case .views:
            kind == .family
                ? "What do you want everybody to know: strengths, worries, what helps?"
                : "What did the child or young person and the family say?"
        }
    }

    public func hint(of kind: AdviceKind) -> String? {
        switch self {
        case .outcomes where kind != .family: "What they will be able to do, and by when"
        case .provision where kind != .family:
            "What, how often, how long, and by whom with which training. Not what is at hand: what is needed"
        case .seen: "If you did not see them, say from what you write"
        default: nil
        }
    }

    /// What is wrong with a part; nil where nothing is.
    ///
    /// - Parameter hasFiles: whether documents came with it, which may say the rest.
    public func fault(_ text: String, of kind: AdviceKind, hasFiles: Bool) -> String? {
        if text.count > Self.limit {
            return "Write at most \(Digits.grouped(Self.limit)) characters, or send it as a document"
        }
        guard text.isEmpty, !hasFiles, Self.needed(of: kind).contains(self) else { return nil }
        return kind == .family
            ? "Write what you want us to know, or send it as a document"
            : "Write it, or send your report as a document (SEND Regulations 2014, reg 6(1))"
    }
}
