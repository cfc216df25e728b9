import Clock
import Kernel

/// One time limit of a case, explained, with how it stands on a day.
public struct CaseLimit: Hashable, Sendable {
    /// On what it rests.
    public enum Basis: String, Sendable {
        case law, guidance
        /// What the council promises of itself.
        case service

        public var words: String {
            switch self {
            case .law: "by law"
            case .guidance: "by guidance"
            case .service: "by our own promise"
            }
        }
    }

    public enum Standing: Hashable, Sendable {
        case running(daysLeft: Int), overdue(days: Int), kept(Day), late(Day, days: Int)
        /// The time of somebody who may act, and need not, is over.
        case lapsed
        /// What ended or turned the case made it pointless.
        case notNeeded
        case withoutPeriod
    }

    public let rule, version, provision, regime: String
    /// What has to be done and by when, in one sentence for a parent.
    public let says: String
    /// The whole explanation: counting, excuses, open points of law, source.
    public let sentence: String
    /// The duty in the law’s words, for officers.
    public let duty: String
    /// The last safe day. Nothing moves it.
    public let due: Day?
    /// The last working day on or before it, where it is none itself.
    public let actBy: Day?
    /// The event that began it.
    public let event: String
    public let trigger: Day
    public let basis: Basis
    public let standing: Standing
    public let isExcused: Bool
    public let lateClaims: Int
    /// When the council aims to be done; it is not statutory.
    public let target: Day?
    /// The request for advice that it is of; empty for others.
    public let advice: String
    /// The decision about which somebody disagrees, where it is of that.
    public let dispute: String
    /// Who has to act, or may.
    public let actor: CaseActor
}

/// What a correction changed in one limit.
public struct CaseChange: Hashable, Sendable {
    public let correction, rule: String
    public let was, now: Day?
}

/// All limits of a case, and what corrections changed.
public struct CaseTimes: Hashable, Sendable {
    public let limits: [CaseLimit]
    public let changes: [CaseChange]
    /// Limits that could not be said, with why.
    public let unanswered: [String]

    /// The next limit that is owed: of the council’s own, what is late by law or promise first; then the first by day,
    /// what is law before what is not.
    public var next: CaseLimit? {
        func order(_ limit: CaseLimit) -> (Int, Day, Int) {
            (limit.isLateBeyondGuidance ? 0 : 1, limit.due ?? .far, limit.basis == .law ? 0 : 1)
        }
        return limits.filter { $0.advice.isEmpty && $0.actor == .council && $0.isOwed }.min { order($0) < order($1) }
    }
}

extension CaseLimit {
    public var isOwed: Bool {
        switch standing {
        case .running, .overdue: true
        default: false
        }
    }

    /// Whether it is late, and rests on more than guidance.
    public var isLateBeyondGuidance: Bool { daysOverdue != nil && basis != .guidance }

    public var daysOverdue: Int? { if case .overdue(let days) = standing { days } else { nil } }
}

extension Day {
    fileprivate static var far: Day { range.upperBound }
}

/// The law of time limits as cases use it.
public struct Statute: Sendable {
    let law: Law
    /// What the law’s files know of what can happen.
    private let known: Set<String>

    public init(_ law: Law) { (self.law, known) = (law, Set(law.events.map(\.code))) }

    /// Every limit that the events of a case open, made anew from all of them.
    ///
    /// - Parameter explained: whether each limit is to have its sentence, which lists of many cases do not show.
    /// - Law: Children and Families Act 2014, section 36; SEND Regulations 2014, regulations 5, 8, 10 and 13.
    public func times(of file: Case, on today: Day, explained: Bool = true) -> CaseTimes {
        let table = law.timetable(events(of: file), claims: claims(of: file))
        let facts = Facts(
            file: file, state: file.state, reopening: file.reopening, isByService: file.isByService,
            bound: Set(file.advice.filter(\.isBound).map(\.id)),
            targets: targets(of: file), today: today, isExplained: explained)
        // A ground to refuse is no limit: it is shown to whoever decides.
        let counted = table.entries.filter { entry in
            law.rules[entry.limit.rule].kind != "discretion" && counts(entry, law.rules[entry.limit.rule], file)
        }
        let far = Day.far
        let limits = counted.sorted { one, other in
            let (one, other) = (one.limit, other.limit)
            return (one.due ?? far, law.rules[one.rule].id) < (other.due ?? far, law.rules[other.rule].id)
        }.map { limit($0, facts) }
        let changes = table.changes.filter { !$0.correction.isEmpty }.map {
            CaseChange(correction: $0.correction, rule: $0.rule, was: $0.was?.due, now: $0.now?.due)
        }
        return CaseTimes(
            limits: limits, changes: changes,
            unanswered: table.unanswered.map { "\($0.rule): \($0.why)" })
    }

    private func events(of file: Case) -> [Event] {
        file.clockEvents.filter { known.contains($0.kind) }
    }

    private func claims(of file: Case) -> [Claim] {
        file.standing.filter { $0.kind == .claimed }.flatMap { event -> [Claim] in
            // What cannot be read was refused when it was claimed.
            guard let facts = try? law.facts(event.fact) else { return [] }
            return facts.map { Claim(event.id, $0, claimed: event.day, by: "", matter: event.about) }
        }
    }

    private func targets(of file: Case) -> [String: Day] {
        file.standing.filter { $0.kind == .targeted }.reduce(into: [:]) { targets, event in
            targets[event.outcome] = try? Day(iso: event.fact)
        }
    }

    /// What the limits of one case have in common, found once for all of them.
    struct Facts {
        let file: Case
        let state: CaseState
        let reopening: CaseEvent?
        let isByService: Bool
        /// The requests for advice that the law binds.
        let bound: Set<String>
        let targets: [String: Day]
        let today: Day
        let isExplained: Bool
    }

    private func limit(_ entry: Timetable.Entry, _ facts: Facts) -> CaseLimit {
        let (limit, rule) = (entry.limit, law.rules[entry.limit.rule])
        let isOwn = entry.matter == facts.file.id
        let dispute = isOwn ? nil : Case.dispute(of: entry.matter)
        let advice = isOwn || dispute != nil ? "" : entry.matter
        return CaseLimit(
            rule: rule.id, version: rule.version, provision: rule.provision, regime: rule.regime,
            says: law.duty(limit), sentence: facts.isExplained ? sentence(limit, on: facts.today) : "",
            duty: rule.duty, due: limit.due, actBy: law.actBy(limit), event: limit.event, trigger: limit.trigger,
            basis: basis(rule, facts, advice), standing: standing(entry, rule, facts),
            isExcused: limit.excused == .yes, lateClaims: entry.lateClaims.count,
            target: facts.targets[rule.id].flatMap { try? limit.target(set: $0) }, advice: advice,
            dispute: dispute ?? "",
            actor: CaseActor(rule.actor))
    }

    /// The explanation; of an agreement that counts as an order it says so.
    ///
    /// - Law: SEND Regulations 2014, regulation 42(2).
    private func sentence(_ limit: Limit, on today: Day) -> String {
        let words = law.sentence(limit, today: today)
        guard limit.event.hasSuffix("/" + Case.asOrdered) else { return words }
        return words.replacing("the Tribunal sent its order", with: "mediation reached its agreement")
            + " What mediation agreed is done within the time that an order would give (reg 42(2)), unless another was "
            + "agreed in writing."
    }

    private func basis(_ rule: Rule, _ facts: Facts, _ advice: String) -> CaseLimit.Basis {
        if !advice.isEmpty { return facts.bound.contains(advice) ? .law : .service }
        if facts.isByService, rule.triggers.contains(CaseEvent.Kind.told.rawValue) { return .service }
        return rule.kind.hasPrefix("statutory") || rule.kind == "tribunal-rule" ? .law : .guidance
    }

    private func standing(
        _ entry: Timetable.Entry, _ rule: Rule, _ facts: Facts
    ) -> CaseLimit.Standing {
        let today = facts.today
        let done = entry.done?.day ?? doneBefore(entry, rule, facts.file)
        guard let due = entry.limit.due else { return done.map { .kept($0) } ?? .withoutPeriod }
        if let done { return done <= due ? .kept(done) : .late(done, days: done.days(since: due)) }
        if !isOwed(entry, rule, facts) { return .notNeeded }
        if today <= due { return .running(daysLeft: due.days(since: today)) }
        return CaseActor(rule.actor) == .family ? .lapsed : .overdue(days: today.days(since: due))
    }

    // MARK: - For letters, forms and mails

    /// The last safe day that a rule gives from a day; nil where it cannot be said.
    public func day(_ rule: String, from day: Day) -> Day? { (try? law.limit(rule, from: day))?.due }

    /// Whether a claimed fact is one that the law’s files know, with all that it needs.
    public func check(claim fact: String) throws(CaseRefusal) {
        do { _ = try law.facts(fact) } catch { throw .claim("\(error)") }
    }

    /// Whether the council may say that it aims to be done on this day: not before the day of law, and later only where
    /// something excuses it.
    public func check(target day: Day, of rule: String, in file: Case) throws(CaseRefusal) {
        let table = law.timetable(events(of: file), claims: claims(of: file))
        guard let entry = table.entries.first(where: { law.rules[$0.limit.rule].id == rule && $0.matter == file.id })
        else { throw .target("Choose a limit of this case") }
        do { _ = try entry.limit.target(set: day) } catch { throw .target("\(error)") }
    }

    /// The grounds on which an authority need not keep the limits of a case, as facts to be claimed.
    public static let grounds: [(fact: String, words: String, keys: [String])] = [
        ("exceptional_circumstances", "Exceptional personal circumstances", ["date"]),
        ("absent_from_area", "Away from the area: four weeks or more, after an order two", ["from", "to"]),
        (
            "school_closed", "The setting was closed for four weeks or more",
            ["first_closed", "reopens", "advice_requested"]
        ),
    ]
}
