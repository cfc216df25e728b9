import Kernel

/// The standing of one link that was sent to one person for one task.
public struct TaskLink: Hashable, Sendable {
    public enum State: String, CaseIterable, Sendable { case open, done, withdrawn }

    /// What it opens for whoever comes with it.
    public enum Opens: Hashable, Sendable {
        /// Nothing: it ended or was taken back. It answers as a link that never was.
        case nothing
        /// A word of thanks: what was asked was answered.
        case thanks
        /// The question for the code that was sent apart.
        case code
        /// The advice to ask for a new code: the last was used, or tried wrongly too often, or none was made.
        case newCode
        /// The one form that it is for.
        case form
    }

    public var state: State
    /// The last day on which it opens anything.
    public var lastDay: Day
    /// Whether it is about a child, and so asks for a code.
    public var needsCode: Bool
    /// Whether a code was made that nobody used yet.
    public var hasCode: Bool
    /// Wrong codes since the last one was made.
    public var wrong: Int

    /// Wrong codes after which only a new one is taken.
    public static let mostWrong = 5
    /// The days for which a task may be open.
    public static let days = [7, 14, 28]

    public init(state: State, lastDay: Day, needsCode: Bool, hasCode: Bool, wrong: Int) {
        (self.state, self.lastDay, self.needsCode) = (state, lastDay, needsCode)
        (self.hasCode, self.wrong) = (hasCode, wrong)
    }

    /// - Parameter isKnownBrowser: whether it comes from the browser in which the code was given. In another, to which
    ///   the link was passed on, it asks for a code again; and each code serves once.
    public func opens(on today: Day, isKnownBrowser: Bool) -> Opens {
        switch state {
        case .done: return .thanks
        case .withdrawn: return .nothing
        case .open:
            if today > lastDay { return .nothing }
            if !needsCode || isKnownBrowser { return .form }
            return hasCode && wrong < TaskLink.mostWrong ? .code : .newCode
        }
    }
}
