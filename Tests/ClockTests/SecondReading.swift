import Clock
import Kernel

/// The law read a second time, apart from the clock: rows as they stand in the files, days walked one at a time.
struct SecondReading {
    /// What became of one rule under one event.
    struct Answer: Hashable {
        let rule: String
        let event: String
        /// The last day, `none` where the law sets no period, or `cannot say`.
        let due: String
        let done: String
    }

    struct NotHeld: Error {}

    private struct Row {
        let id: String
        let triggers: Set<String>
        let metBy: Set<String>
        let isEarliest: Bool
        let isOfChild: Bool
        let from: Day
        let to: Day?
        let quantities: [String]
        let unit: String
        let count: String
        let isTribunal: Bool
        let starts: [String]
    }

    private let rows: [Row]
    private let holidays: Set<Day>

    init(rules: [UInt8], holidays: [Day]) throws {
        self.holidays = Set(holidays)
        rows = try Table(rules, required: ["rule_id"]).rows.map { row in
            func words(_ column: String) -> [String] {
                (row.optional(column) ?? "").split(separator: " ").map(String.init)
            }
            return Row(
                id: try row.get("rule_id"), triggers: Set(words("trigger")), metBy: Set(words("met_by")),
                isEarliest: row.optional("once") == "earliest", isOfChild: row.optional("scope") == "child",
                from: try Day(iso: try row.get("valid_from")),
                to: try row.optional("valid_to").map { try Day(iso: $0) },
                quantities: (row.optional("quantity") ?? "").split(separator: "|").map(String.init),
                unit: row.optional("unit") ?? "", count: row.optional("count") ?? "",
                isTribunal: row.optional("roll") == "tribunal",
                starts: words("from").isEmpty ? ["trigger"] : words("from"))
        }
    }

    /// Every limit of a child, from all that happened, in the order in which it was recorded.
    func answers(_ all: [Event]) -> Set<Answer> {
        var standing: [Event] = []
        for event in all {
            if let correction = event.correction { standing.removeAll { $0.id == correction.of } }
            if event.correction?.isAnnulled != true { standing.append(event) }
        }
        var answers = Set<Answer>()
        for (place, event) in standing.enumerated() {
            for row in rows where row.triggers.contains(event.kind) {
                if event.day < row.from || row.to.map({ event.day > $0 }) == true {
                    answers.insert(Answer(rule: row.id, event: event.id, due: "cannot say", done: ""))
                    continue
                }
                let isLater = standing.enumerated().contains { other, one in
                    one.matter == event.matter && row.triggers.contains(one.kind)
                        && (one.day < event.day || one.day == event.day && other < place)
                }
                if row.isEarliest, isLater { continue }
                answers.insert(answer(row, event, standing))
            }
        }
        return answers
    }

    private func answer(_ row: Row, _ event: Event, _ standing: [Event]) -> Answer {
        do {
            let due = try due(row, event, standing)
            let done = standing.filter { other in
                row.metBy.contains(other.kind) && other.id != event.id && other.day >= event.day
                    && (row.isOfChild || other.matter == event.matter)
            }.map(\.day).min()
            return Answer(rule: row.id, event: event.id, due: due?.iso ?? "none", done: done?.iso ?? "")
        } catch { return Answer(rule: row.id, event: event.id, due: "cannot say", done: "") }
    }

    private func due(_ row: Row, _ event: Event, _ standing: [Event]) throws -> Day? {
        if row.quantities.isEmpty { return nil }
        if row.unit == "date_in_transfer_year" {
            var day = event.day
            while !day.iso.hasSuffix("-01-01") { day = day.previous }
            while !day.iso.hasSuffix(row.quantities[0]) { day = day.next }
            return row.count == "before" ? day.previous : day
        }
        var latest: Day?
        for (quantity, start) in zip(row.quantities, row.starts) {
            guard let number = Int(quantity), let from = try self.start(start, event, standing) else { continue }
            let last = try last(number, row, from)
            latest = max(latest ?? last, last)
        }
        guard row.isTribunal, var last = latest else { return latest }
        while try !isCounted(last) { last = last.next }
        return last
    }

    private func start(_ text: String, _ event: Event, _ standing: [Event]) throws -> Day? {
        switch text {
        case "trigger": return event.day
        case "last_review.date":
            let reviews = standing.filter { ["plan.finalised", "review.decided"].contains($0.kind) }
            guard let last = reviews.map(\.day).filter({ $0 <= event.day }).max() else { throw NotHeld() }
            return last
        case "mediation_certificate.issued?":
            let certificates = standing.filter { $0.kind == "mediation.certified" && $0.matter == event.matter }
            return certificates.map(\.day).filter { $0 >= event.day }.min()
        default: throw NotHeld()
        }
    }

    private func last(_ number: Int, _ row: Row, _ from: Day) throws -> Day {
        let isBack = row.count == "at_least_before"
        switch row.unit {
        case "day", "week":
            let length = number * (row.unit == "week" ? 7 : 1) - (row.count == "beginning_with" ? 1 : 0)
            return walk(from, length, isBack) { _ in true }
        case "month":
            var (at, left) = (from, number)
            while left > 0 {
                let month = at.civil.month
                at = isBack ? at.previous : at.next
                if at.civil.month != month { left -= 1 }
            }
            while at.civil.day != 1 { at = at.previous }
            while at.civil.day < from.civil.day, at.next.civil.month == at.civil.month { at = at.next }
            return row.count == "beginning_with" && at.civil.day == from.civil.day ? at.previous : at
        default:
            var (day, left) = (from, number)
            if row.count == "beginning_with" {
                while try !isWorking(day) { day = day.next }
                left -= 1
            }
            return try walk(day, left, isBack) { try row.isTribunal ? isCounted($0) : isWorking($0) }
        }
    }

    private func walk(_ from: Day, _ count: Int, _ isBack: Bool, _ counts: (Day) throws -> Bool) rethrows -> Day {
        var (day, left) = (from, count)
        while left > 0 {
            day = isBack ? day.previous : day.next
            if try counts(day) { left -= 1 }
        }
        return day
    }

    private func isWorking(_ day: Day) throws -> Bool {
        guard (2001...2035).contains(day.year) else { throw NotHeld() }
        return !day.weekday.isWeekend && !holidays.contains(day)
    }

    private func isCounted(_ day: Day) throws -> Bool {
        let (_, month, number) = day.civil
        return try isWorking(day) && month != 8 && !(month == 12 && number > 24) && !(month == 1 && number == 1)
    }
}
