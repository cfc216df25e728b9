import Kernel

/// Decides whether facts that are offered excuse a limit. No date comes out of it, so it can move none.
struct Judging {
    let kinds: [FactKind]

    /// The days that the limit covers: the day of the event is one of them only where it is counted.
    struct Span {
        let first: Day
        let last: Day

        func daysShared(_ from: Day, _ to: Day) -> Int {
            max(0, min(to, last).days(since: max(from, first)) + 1)
        }
    }

    func finding(_ fact: Fact, under rule: Rule, in span: Span?) -> Finding? {
        guard kinds[fact.kind].isExcuse else { return nil }
        var best: Finding.Result?
        if let span {
            for (place, ground) in rule.grounds.enumerated() where ground.factKind == fact.kind {
                let result = result(fact, ground, place, span)
                if result.isExcuse { return Finding(fact: fact.kind, result: result, last: fact.last) }
                best = best ?? result
            }
        }
        if let best { return Finding(fact: fact.kind, result: best, last: fact.last) }
        let isTouched = rule.touchedBy?.factKind == fact.kind
        return Finding(fact: fact.kind, result: isTouched ? .touchedButNotRead : .noGround, last: fact.last)
    }

    private func result(_ fact: Fact, _ ground: Ground, _ place: Int, _ span: Span) -> Finding.Result {
        switch ground.test {
        case .closure(let minDays, let start, let end): closure(fact, place, span, minDays, start, end)
        case .absence(let minDays): absence(fact, place, span, minDays)
        case .day: day(fact, ground, place, span)
        case .span(let first, let last): dates(fact, place, span, first, last)
        case nil: .noGround
        }
    }

    private func closure(
        _ fact: Fact, _ place: Int, _ span: Span, _ minDays: Int, _ start: Int, _ end: Int
    ) -> Finding.Result {
        guard let closed = fact.day(0), let reopens = fact.day(1), let asked = fact.day(2) else { return .noGround }
        let days = reopens.days(since: closed)
        if days < minDays { return .tooShort(days: days, wanted: minDays) }
        let (from, to) = (closed + .days(start), reopens + .days(end))
        if asked < from || asked > to { return .outsideWindow(asked: asked, from: from, to: to) }
        return outside(asked, span) ?? .excuses(ground: place)
    }

    private func absence(_ fact: Fact, _ place: Int, _ span: Span, _ minDays: Int) -> Finding.Result {
        guard let from = fact.day(0), let to = fact.day(1) else { return .noGround }
        let days = span.daysShared(from, to)
        if days == 0 { return from > span.last ? .afterLimit(from) : .beforePeriod(to) }
        return days >= minDays ? .excuses(ground: place) : .tooShort(days: days, wanted: minDays)
    }

    private func day(_ fact: Fact, _ ground: Ground, _ place: Int, _ span: Span) -> Finding.Result {
        guard let day = fact.day(0) else { return .noGround }
        if let outside = outside(day, span) { return outside }
        return ground.needsEvidence && !hasEvidence(fact) ? .noEvidence : .excuses(ground: place)
    }

    private func dates(_ fact: Fact, _ place: Int, _ span: Span, _ first: Day, _ last: Day) -> Finding.Result {
        guard let (from, to) = fact.span(0) else { return .noGround }
        let (low, high) = (max(from, first), min(to, last))
        if low > high || span.daysShared(first, last) == 0 { return .outsideDates(first, last) }
        if span.daysShared(low, high) > 0 { return .excuses(ground: place) }
        return low > span.last ? .afterLimit(low) : .beforePeriod(high)
    }

    private func outside(_ day: Day, _ span: Span) -> Finding.Result? {
        if day > span.last { return .afterLimit(day) }
        return day < span.first ? .beforePeriod(day) : nil
    }

    /// A plain “no” in its place is no evidence.
    private func hasEvidence(_ fact: Fact) -> Bool {
        for (place, key) in kinds[fact.kind].keys.enumerated() where key.type == .evidence {
            guard place < fact.values.count, case .text(let text)? = fact.values[place] else { return false }
            return !["", "no", "none", "false", "0", "-", "n", "n/a"].contains(text.lowercased())
        }
        return false
    }
}
