import Kernel

/// What is done after a notice is received, in this order.
public enum NoticeStep: String, CaseIterable, Sendable {
    case pickedUp = "picked-up"
    case contacted = "family-contacted"
    case supported = "first-support"

    public var words: String {
        switch self {
        case .pickedUp: "Picked up"
        case .contacted: "Family contacted"
        case .supported: "First support began"
        }
    }

    /// The step before; nil for the first.
    public var before: NoticeStep? {
        switch self {
        case .pickedUp: nil
        case .contacted: .pickedUp
        case .supported: .contacted
        }
    }
}

/// How a family is contacted where it is not known whether the body told it.
public enum ContactWay: String, CaseIterable, Sendable {
    case withTheBody = "with-the-body"
    case byTheCouncil = "by-the-council"
    case bySomebodyKnown = "by-somebody-known"
    case notNow = "not-now"

    public var words: String {
        switch self {
        case .withTheBody: "Together with the health body, once it has told the parent"
        case .byTheCouncil: "By us, saying ourselves that we had a notice"
        case .bySomebodyKnown: "Through somebody whom the family knows, such as their health visitor"
        case .notNow: "Not now: it would put somebody in danger, or does not serve the child"
        }
    }

    /// Whether the family may be contacted once this is decided.
    public var letsContact: Bool { self != .notNow }
}

/// Why a step cannot be noted.
public enum StepRefusal: Error, Hashable, Sendable {
    case alreadyDone
    case stepBeforeIsMissing(NoticeStep)
    case before(Day)
    case inFuture
    /// Whoever leads has to decide first how the family is contacted.
    case wantsDecision
    /// Whoever leads decided that the family is not contacted for now.
    case notNow

    public var words: String {
        switch self {
        case .alreadyDone: "This was noted already"
        case .stepBeforeIsMissing(let step): "First note: \(step.words)"
        case .before(let day): "The step before was on \(day.inWords): this cannot be earlier"
        case .inFuture: "This day has not come yet"
        case .wantsDecision:
            """
            The notice does not say that the parent was told, was offered to discuss it, and which voluntary body was \
            named. The named lead decides first how the family is contacted
            """
        case .notNow: "The named lead decided that the family is not contacted for now"
        }
    }
}

/// How far a notice has come on its way to the first support.
public struct NoticeProgress: Hashable, Sendable {
    /// The day on which the child was brought to the authority’s attention: the day the notice was first received.
    /// Nothing moves it, neither a correction nor that the notice is incomplete.
    ///
    /// - Law: Children and Families Act 2014, section 24(1)(b): the authority is responsible from then on.
    public let attention: Day
    public var done: [NoticeStep: Day]
    public var missing: [Missing]
    public var decision: ContactWay?

    public init(attention: Day, done: [NoticeStep: Day] = [:], missing: [Missing], decision: ContactWay? = nil) {
        (self.attention, self.done, self.missing, self.decision) = (attention, done, missing, decision)
    }

    /// The last step that was done; nil where it was only received.
    public var state: NoticeStep? { NoticeStep.allCases.last { done[$0] != nil } }

    /// The next step; nil where the first support began.
    public var next: NoticeStep? { NoticeStep.allCases.first { done[$0] == nil } }

    /// Days from the notice to the first support, or to today where it has not begun.
    public func daysOpen(on today: Day) -> Int { max(0, (done[.supported] ?? today).days(since: attention)) }

    /// Whether the named lead has to decide how the family is contacted, once the body has had its time to answer.
    public var wantsDecision: Bool { !missing.isEmpty && decision == nil && done[.contacted] == nil }

    /// Whether this step can be noted for this day.
    public func check(_ step: NoticeStep, on day: Day, today: Day) throws(StepRefusal) {
        if done[step] != nil { throw .alreadyDone }
        if day > today { throw .inFuture }
        if let before = step.before {
            guard let earlier = done[before] else { throw .stepBeforeIsMissing(before) }
            if step == .contacted, !missing.isEmpty {
                guard let decision else { throw .wantsDecision }
                if !decision.letsContact { throw .notNow }
            }
            if day < earlier { throw .before(earlier) }
        } else if day < attention {
            throw .before(attention)
        }
    }
}

/// How long a health body has to say what its notice lacks, before the named lead decides without it.
public enum Chase {
    public static let workingDays = 3

    /// The first day on which the body has had all of its working days: the lead decides from then on. The day of the
    /// notice is not counted.
    ///
    /// Where the bank holidays are not known, Mondays to Fridays are counted: sooner is safe for the family.
    public static func leadDecides(from attention: Day, in calendar: WorkingDays) -> Day {
        if let last = try? calendar.adding(workingDays, to: attention) { return last.next }
        var (left, at) = (workingDays, attention)
        while left > 0 {
            at = at.next
            if !at.weekday.isWeekend { left -= 1 }
        }
        return at.next
    }
}
