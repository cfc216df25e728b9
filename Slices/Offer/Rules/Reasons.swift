import Kernel

/// One reason why an entry is in the answer, in words a parent can read.
public struct Reason: Hashable, Sendable {
    /// Which thing asked it speaks of, or nil for what was not asked.
    public let criterion: Criterion?
    public let verdict: Verdict
    public let text: String

    public init(_ criterion: Criterion?, _ verdict: Verdict, _ text: String) {
        (self.criterion, self.verdict, self.text) = (criterion, verdict, text)
    }
}

extension Entry {
    /// Why this entry is in the answer to a question: each thing asked with its answer, then how far it is, then
    /// what is worth knowing unasked.
    ///
    /// - Parameter helpMet: the names of the kinds of help asked for that it is.
    public func reasons(
        _ question: Question, _ judgement: Judgement, metres: Int?, helpMet: [String] = []
    ) -> [Reason] {
        var reasons: [Reason] = []
        for criterion in Criterion.allCases {
            guard let verdict = judgement.verdict(on: criterion) else { continue }
            guard let text = sentence(criterion, verdict, question, metres, helpMet) else { continue }
            reasons.append(Reason(criterion, verdict, text))
        }
        if judgement.verdict(on: .distance) == nil, let place = question.place {
            let verdict: Verdict = metres == nil ? .unknown : .yes
            reasons.append(Reason(.distance, verdict, distance(metres, place)))
        }
        if isUnconfirmed, question.needs.isEmpty {
            reasons.append(Reason(nil, .unknown, "Listed in 2012, not confirmed since: \(ask)"))
        }
        if levels == [.plan], question.level == nil {
            reasons.append(Reason(nil, .unknown, "For children with an EHC plan, with few exceptions"))
        }
        if standing == .proposedToClose { reasons.append(Reason(nil, .unknown, "Proposed to close: \(ask)")) }
        if standing == .proposedToOpen { reasons.append(Reason(nil, .unknown, "Proposed to open: \(ask)")) }
        if isInvented { reasons.append(Reason(nil, .no, "Invented for this demonstration: it does not exist")) }
        return reasons
    }

    /// Whom to ask for what is not known.
    public var ask: String {
        switch kind {
        case .school, .resourceBase, .accessibleSchool: "ask the school"
        case .service, .group: "ask them"
        }
    }

    private func sentence(
        _ criterion: Criterion, _ verdict: Verdict, _ question: Question, _ metres: Int?, _ helpMet: [String]
    ) -> String? {
        switch criterion {
        case .help: helpMet.isEmpty ? nil : Listing.and(helpMet)
        case .need: need(verdict, question.needs)
        case .age: age(verdict, question.ages)
        case .level: level(verdict, question.level)
        case .area: area(verdict)
        case .distance: question.place.map { distance(metres, $0) }
        case .day: days(verdict, question.days)
        case .cost: cost(verdict)
        case .access: access(verdict, question.access)
        }
    }

    private func need(_ verdict: Verdict, _ asked: [NeedType]) -> String {
        let wanted = Listing.or(asked.map(\.plainName))
        switch (needs, verdict) {
        case (.listed(let served), .yes):
            let met = asked.filter(served.contains)
            return "For \(Listing.and(met.map(\.plainName)))"
        case (.every, _): return "For any need"
        case (.listed(let served), _): return "For \(Listing.and(served.sorted().map(\.plainName))), not \(wanted)"
        case (.listedIn2012(let served), .unknown):
            let listed = Listing.and(served.sorted().map(\.plainName))
            return "Listed in 2012 for \(listed), not confirmed since: \(ask)"
        case (.listedIn2012(let served), _):
            return "Listed in 2012 for \(Listing.and(served.sorted().map(\.plainName)))"
        case (.unknown, _): return "Whether it is for \(wanted) is not known: \(ask)"
        }
    }

    private func age(_ verdict: Verdict, _ asked: ClosedRange<Int>?) -> String {
        guard let ages else { return "The ages it takes are not known: \(ask)" }
        let old = facts[.ages].map { " (as listed in \($0.asOf.year))" } ?? ""
        switch verdict {
        case .yes: return "For ages \(ages.inWords)\(kind == .school ? old : "")"
        case .no: return "For ages \(ages.inWords), not \(asked?.ageInWords ?? "the age asked for")"
        case .unknown where kind == .school && ages.low == 5:
            return "Listed from age 5; Reception starts the September after a child is 4: \(ask)"
        case .unknown: return "For ages \(ages.inWords), so only part of \(asked?.ageInWords ?? "the ages asked for")"
        }
    }

    private func level(_ verdict: Verdict, _ asked: SENLevel?) -> String {
        let served = Listing.and(levels.sorted().map(\.plainName))
        switch verdict {
        case .yes: return "For \(served)"
        case .no: return "For \(served)"
        case .unknown: return "Whether it is for \(asked?.plainName ?? "that level of support") is not known: \(ask)"
        }
    }

    private func area(_ verdict: Verdict) -> String {
        switch (area, verdict) {
        case (.cityWide, .yes): "Serves the whole city, with your place in it"
        case (.cityWide, .no): "Serves the city only, and your place is outside it"
        case (.wards, .yes): "Serves your ward"
        case (.wards, .no): "Serves other wards than yours"
        case (.unknown, _): "Which area it serves is not known: \(ask)"
        case (.cityWide, .unknown): "Serves the whole city"
        case (.wards, .unknown): "Serves some wards only: give a whole postcode to see whether yours is one"
        }
    }

    private func distance(_ metres: Int?, _ place: AskedPlace) -> String {
        guard let metres else { return "How far it is is not known: its place is not in the source" }
        let far = Distance.inWords(metres: metres)
        return place.isApproximate
            ? "About \(far) from the middle of \(place.name)"
            : "\(far) from \(place.name)"
                .capitalisedFirst
    }

    private func days(_ verdict: Verdict, _ asked: Set<Weekday>) -> String {
        let held = Set(sessions.map(\.day))
        let names = Weekday.allCases.filter(held.contains).map(\.name)
        switch verdict {
        case .yes: return "Open on \(Listing.and(names))"
        case .no:
            return
                "Open on \(Listing.and(names)), not \(Listing.or(Weekday.allCases.filter(asked.contains).map(\.name)))"
        case .unknown: return "Its days are not known: \(ask)"
        }
    }

    private func cost(_ verdict: Verdict) -> String {
        switch verdict {
        case .yes: "Free"
        case .no: costInWords.map { "Not free: \($0)" } ?? "Not free"
        case .unknown: "What it costs is not known: \(ask)"
        }
    }

    private func access(_ verdict: Verdict, _ asked: Set<AccessFeature>) -> String {
        let names = Listing.and(AccessFeature.allCases.filter(asked.contains).map { $0.label.lowercased() })
        return verdict == .yes ? "Has \(names)" : "Whether it has \(names) is not known: \(ask)"
    }
}

extension String {
    fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension NeedType: Comparable {
    /// The order of the national list.
    public static func < (a: NeedType, b: NeedType) -> Bool { a.bit < b.bit }
}

extension SENLevel: Comparable {
    public static func < (a: SENLevel, b: SENLevel) -> Bool { Card.bit(of: a) < Card.bit(of: b) }
}
