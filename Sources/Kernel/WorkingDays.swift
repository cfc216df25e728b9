/// Which days are working days in England: not a Saturday, a Sunday or a bank holiday.
///
/// A year whose bank holidays are not held is refused, never guessed.
public struct WorkingDays: Sendable {
    /// What each day is, from the first of January of the first year that is held.
    private let kinds: [Kind]
    /// The number of the first of those days.
    private let first: Int
    /// The years whose bank holidays are held.
    public let years: Set<Int>

    private enum Kind: UInt8 { case unknown, working, free }

    /// A calendar over these holidays. A year is held when at least six of its holidays are.
    public init(holidays: some Sequence<Day>) {
        var counts: [Int: Int] = [:]
        let holidays = Set(holidays)
        for day in holidays { counts[day.year, default: 0] += 1 }
        let years = Set(counts.filter { $0.value >= 6 }.keys)
        self.years = years
        guard let low = years.min(), let high = years.max(), let start = try? Day(low, 1, 1),
            let end = try? Day(high, 12, 31)
        else {
            (kinds, first) = ([], 0)
            return
        }
        first = start.number
        kinds = (start.number...end.number).map { number in
            guard let day = Day(number: number), years.contains(day.year) else { return .unknown }
            return day.weekday.isWeekend || holidays.contains(day) ? .free : .working
        }
    }

    /// A calendar over every holiday in these files, each with a `date` column.
    ///
    /// - Throws: `TableFault` where a file is no table or lacks the column; `Malformed` with the first bad date.
    public init(files: [[UInt8]]) throws {
        var all: [Day] = []
        for file in files {
            let table = try Table(file, required: ["date"])
            for row in table.rows { all.append(try Day(iso: try row.get("date"))) }
        }
        self.init(holidays: all)
    }

    /// - Throws: `Malformed` where the bank holidays of the day’s year are not held.
    public func isWorking(_ day: Day) throws(Malformed) -> Bool {
        let at = day.number - first
        guard at >= 0, at < kinds.count, kinds[at] != .unknown else { throw notHeld(day) }
        return kinds[at] == .working
    }

    private func notHeld(_ day: Day) -> Malformed {
        let held = years.min().flatMap { first in years.max().map { "\(first) to \($0)" } } ?? "no year"
        let reason = "the bank holidays of \(day.year) are not held, only those of \(held)"
        return Malformed(wanted: "a day this calendar can judge", given: day.iso, reason: reason)
    }

    /// The day that is `count` working days after `day`, which is not itself counted; before it when negative.
    ///
    /// - Throws: `Malformed` where a year on the way is not held.
    public func adding(_ count: Int, to day: Day) throws(Malformed) -> Day {
        var (left, at) = (count.magnitude, day)
        while left > 0 {
            at = count < 0 ? at.previous : at.next
            if try isWorking(at) { left -= 1 }
        }
        return at
    }

    /// The day itself where it is a working day, otherwise the next one that is.
    ///
    /// - Throws: `Malformed` where a year on the way is not held.
    public func onOrAfter(_ day: Day) throws(Malformed) -> Day {
        var at = day
        while try !isWorking(at) { at = at.next }
        return at
    }

    /// The working days after `first` up to and with `last`; none where `last` is not later.
    ///
    /// - Throws: `Malformed` where a year on the way is not held.
    public func count(after first: Day, through last: Day) throws(Malformed) -> Int {
        var (found, at) = (0, first)
        while at < last {
            at = at.next
            if try isWorking(at) { found += 1 }
        }
        return found
    }
}
