import Kernel

/// What one event opens, and what hangs on steps that are still to come: a timetable before anything else has happened.
public struct Prospect: Hashable, Sendable {
    /// Limits that run from the event itself, by their days; those without a period stand last.
    public internal(set) var limits: [Limit] = []
    /// Rules that the event opens and whose limit cannot be said, with why.
    public internal(set) var unanswered: [Unanswered] = []
    /// Limits that a later step opens.
    public internal(set) var later: [Later] = []

    public struct Unanswered: Hashable, Sendable {
        public let rule: String
        public let why: CannotSay
    }

    /// A limit of a step that has not happened. It has no statutory day yet.
    public struct Later: Hashable, Sendable {
        /// The place of the rule’s version in `Law.rules`.
        public let rule: Int
        /// The code of the step that opens it.
        public let step: String
        /// The day of that step if it, and each before it, is taken on its last day; nil where the law sets none.
        public let lastDay: Day?
        /// Where the limit would then lie.
        public let due: Day?
    }

    /// What follows on an event besides what does a duty: by the codes of events.
    public struct Following: Sendable {
        /// Steps of the same day, as the notice of a decision is.
        public let with: [String: [String]]
        /// Steps of any later day.
        public let then: [String: [String]]

        public init(with: [String: [String]], then: [String: [String]]) { (self.with, self.then) = (with, then) }
    }
}

extension Law {
    /// The limits that an event of this kind opens, and those that hang on later steps.
    ///
    /// - Parameter facts: days that a rule counts from besides the event’s.
    /// - Returns: nil where no rule is opened by such an event.
    public func prospect(
        of event: String, on day: Day, facts: [Fact] = [], following: Prospect.Following
    ) -> Prospect? {
        guard let kind = eventPlaces[event], !opened[kind].isEmpty else { return nil }
        var prospect = Prospect()
        var last = ""
        for place in opened[kind] {
            let rule = rules[place]
            if rule.id == last { continue }
            last = rule.id
            do {
                prospect.limits.append(try limit(version(of: rule.id, on: day), from: day, event: "", facts: facts))
            } catch { prospect.unanswered.append(.init(rule: rule.id, why: error)) }
        }
        prospect.limits.sort { one, other in
            let far = Day.range.upperBound
            return (one.due ?? far, rules[one.rule].id) < (other.due ?? far, rules[other.rule].id)
        }
        var walk = Walk(law: self, following: following, picked: day, event: event, limits: prospect.limits)
        prospect.later = walk.later()
        return prospect
    }

    /// The grounds that may disapply a limit: those that held at some time of its period.
    public func grounds(of limit: Limit) -> [Ground] {
        let rule = rules[limit.rule]
        guard let span = span(rule, limit.start, limit.due) else { return [] }
        return rule.grounds.filter { ground in
            guard case .span(let first, let last)? = ground.test else { return true }
            return span.daysShared(first, last) > 0
        }
    }

    /// The steps that may not be taken before the days of this limit have passed.
    public func stepsHeldBack(by limit: Limit) -> [Minimum] {
        let id = rules[limit.rule].id
        return minimums.filter { $0.after == id && $0.validity.contains(limit.trigger) }
    }
}

/// Goes from step to step, each taken on its last day.
private struct Walk {
    let law: Law
    let following: Prospect.Following
    let picked: Day
    var steps: Set<String>
    var known: Set<String>
    var limits: [Limit]

    init(law: Law, following: Prospect.Following, picked: Day, event: String, limits: [Limit]) {
        (self.law, self.following, self.picked, self.limits) = (law, following, picked, limits)
        steps = [event]
        known = Set(limits.map { law.rules[$0.rule].id })
    }

    mutating func later() -> [Prospect.Later] {
        var (found, isFirst) = ([Prospect.Later](), true)
        var front = done(limits).map { (code: $0.code, day: $0.day) }
        // Nothing does the duty of some events’ limits; what follows on the event is then all there is to tell.
        var beside = beside(steps.map { (code: $0, day: picked) })
        while !front.isEmpty {
            limits = []
            for (code, day) in front where steps.insert(code).inserted { found += open(code, day) }
            if isFirst { beside += self.beside(front) }
            isFirst = false
            front = done(limits)
        }
        for (code, days) in merged(beside) where steps.insert(code).inserted { found += open(code, days) }
        return found
    }

    /// The events that do the duties of these limits, each with its last day: that of the latest limit that it meets.
    private func done(_ limits: [Limit]) -> [(code: String, day: Day?)] {
        var (order, days) = ([String](), [String: Day]())
        for limit in limits {
            for code in law.rules[limit.rule].metBy {
                if !order.contains(code) { order.append(code) }
                if let due = limit.due { days[code] = max(days[code] ?? due, due) }
            }
        }
        return order.map { ($0, days[$0]) }
    }

    private func beside(_ front: [(code: String, day: Day?)]) -> [(code: String, day: Day?)] {
        front.flatMap { step in
            (following.with[step.code] ?? []).map { ($0, step.day) }
                + (following.then[step.code] ?? []).map { ($0, nil) }
        }
    }

    /// Each event once; its day only where all ways to it agree.
    private func merged(_ all: [(code: String, day: Day?)]) -> [(code: String, day: Day?)] {
        var order: [String] = []
        for step in all where !order.contains(step.code) { order.append(step.code) }
        return order.map { code in
            let days = Set(all.filter { $0.code == code }.map(\.day))
            return (code, days.count == 1 ? days.first ?? nil : nil)
        }
    }

    /// What a step opens that is not told of yet.
    private mutating func open(_ code: String, _ day: Day?) -> [Prospect.Later] {
        guard let kind = law.eventPlaces[code] else { return [] }
        var found: [Prospect.Later] = []
        for place in law.opened[kind] {
            let id = law.rules[place].id
            guard known.insert(id).inserted else { continue }
            let version = (try? law.version(of: id, on: day ?? picked)) ?? place
            let limit = day.flatMap { day in
                law.rules[version].validity.contains(day)
                    ? try? law.limit(version, from: day, event: "", facts: []) : nil
            }
            if let limit { limits.append(limit) }
            found.append(.init(rule: version, step: code, lastDay: limit == nil ? nil : day, due: limit?.due))
        }
        return found
    }
}
