import Clock
import Foundation
import Kernel
import Testing

@Suite struct `A random history` {
    let law = Shipped.law

    /// Some of a child’s events, a few of them put right, in one matter or two.
    private func history(_ dice: inout Dice) -> [Event] {
        let early = Int.random(in: 0..<5, using: &dice) == 0
        let (first, last): (Day, Day) = early ? ("2001-11-01", "2018-05-01") : ("2014-08-01", "2035-12-31")
        let start = Day(number: Int.random(in: first.number...last.number, using: &dice)) ?? first
        let kinds = law.events.map(\.code).filter { code in
            let isOld = code.hasPrefix("s3") || code.hasPrefix("statement")
            return isOld == early || Int.random(in: 0..<20, using: &dice) == 0
        }
        var events: [Event] = []
        for number in 0..<Int.random(in: 1...10, using: &dice) {
            let gap =
                Bool.random(using: &dice) ? Int.random(in: 0...40, using: &dice) : Int.random(in: 0...400, using: &dice)
            let matter = Int.random(in: 0..<3, using: &dice) == 0 ? "b" : "a"
            let day = start + .days(gap)
            let standing = events.filter { one in !events.contains { $0.correction?.of == one.id } }
                .filter { $0.correction?.isAnnulled != true }
            if Int.random(in: 0..<6, using: &dice) == 0, let old = standing.randomElement(using: &dice) {
                let correction = Correction(
                    of: old.id, because: "it was read wrongly", isAnnulled: Int.random(in: 0..<3, using: &dice) == 0)
                events.append(Event("\(number)", old.kind, on: day, matter: old.matter, correcting: correction))
            } else {
                events.append(Event("\(number)", kinds.randomElement(using: &dice) ?? "", on: day, matter: matter))
            }
        }
        return events
    }

    private func told(_ table: Timetable) -> Set<SecondReading.Answer> {
        let said = table.entries.map { entry in
            SecondReading.Answer(
                rule: law.rules[entry.limit.rule].id, event: entry.limit.event, due: entry.limit.due?.iso ?? "none",
                done: entry.done?.day.iso ?? "")
        }
        let unsaid = table.unanswered.map {
            SecondReading.Answer(rule: $0.rule, event: $0.event, due: "cannot say", done: "")
        }
        return Set(said + unsaid)
    }

    /// A slice of them here; bin/prove sets CONTINUUM_HISTORIES to 100,000.
    @Test func `has the same limits by a second reading that walks a calendar a day at a time`() throws {
        let count = ProcessInfo.processInfo.environment["CONTINUUM_HISTORIES"].flatMap { Int($0) } ?? 5000
        let seed: UInt64 = 20_261_129
        var (dice, wrongs, seen, unsaid, corrected) = (Dice(seed), Wrongs(), Set<String>(), 0, 0)
        let second = try SecondReading(rules: Shipped.files.rules, holidays: Shipped.holidays)
        for number in 0..<count {
            let events = history(&dice)
            let table = law.timetable(events)
            let (one, other) = (told(table), second.answers(events))
            let differing = one.symmetricDifference(other).map { "\($0)" }.sorted()
            wrongs.expect(one == other, "seed \(seed), history \(number): \(events) gave \(differing)")
            wrongs.expect(table.refused.isEmpty, "seed \(seed), history \(number): \(table.refused)")
            seen.formUnion(one.filter { $0.due != "cannot say" }.map(\.rule))
            unsaid += one.count { $0.due == "cannot say" }
            corrected += events.contains { $0.correction != nil } ? 1 : 0
        }
        #expect(wrongs.all == [])
        #expect(seen.count > 75 && unsaid > count / 20 && corrected > count / 5, "\(seen.count) \(unsaid) \(corrected)")
    }
}
