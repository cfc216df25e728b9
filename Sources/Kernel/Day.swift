/// A calendar day in England, with no time of day and no time zone.
///
/// Every deadline, age and academic year is worked out in days. Nothing in a rule reads the clock: the day it
/// is "today" always arrives as an argument.
public struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Days since 1 January 1970.
    public let number: Int

    /// The days a `Day` can be: 1 January 1800 to 31 December 2999.
    public static let range = Day(unchecked: -62_091)...Day(unchecked: 376_199)

    /// A day from its count since 1 January 1970, or nil outside `Day.range`.
    public init?(number: Int) {
        guard (Day.range.lowerBound.number...Day.range.upperBound.number).contains(number) else { return nil }
        self.number = number
    }

    private init(unchecked number: Int) { self.number = number }

    /// A day from its civil date.
    ///
    /// - Throws: `Malformed` where there is no such date, or its year is not 1800 to 2999.
    public init(_ year: Int, _ month: Int, _ day: Int) throws(Malformed) {
        func refused(_ why: String) -> Malformed {
            Malformed(wanted: "a date", given: "\(year)-\(month)-\(day)", reason: why)
        }
        guard (1800...2999).contains(year) else { throw refused("the year is 1800 to 2999") }
        guard (1...12).contains(month) else { throw refused("the month is 1 to 12") }
        let last = Day.daysInMonth(month, of: year)
        guard (1...last).contains(day) else { throw refused("that month has \(last) days") }
        self.number = Day.count(year, month, day)
    }

    /// A day from text like `2026-03-02`, and nothing looser.
    ///
    /// - Throws: `Malformed` where the text has another form or there is no such date.
    public init(iso text: some StringProtocol) throws(Malformed) { try self.init(isoBytes: Array(text.utf8)[...]) }

    /// A day from the bytes of text like `2026-03-02`, and nothing looser.
    ///
    /// - Throws: `Malformed` where the text has another form or there is no such date.
    public init(isoBytes bytes: ArraySlice<UInt8>) throws(Malformed) {
        let at = bytes.startIndex
        var text: String { String(decoding: bytes, as: UTF8.self) }
        guard bytes.count == 10, bytes[at + 4] == 45, bytes[at + 7] == 45,
            let year = Day.number(bytes, at, 4), let month = Day.number(bytes, at + 5, 2),
            let day = Day.number(bytes, at + 8, 2)
        else { throw Malformed(wanted: "a date", given: text, reason: "write it as 2026-03-02") }
        do { try self.init(year, month, day) } catch {
            throw Malformed(wanted: "a date", given: text, reason: error.reason)
        }
    }

    /// The number that these digits spell; a loop of its own, since files hold millions of dates.
    private static func number(_ bytes: ArraySlice<UInt8>, _ start: Int, _ count: Int) -> Int? {
        var sum = 0
        for at in start..<start + count {
            guard bytes[at] >= 48, bytes[at] <= 57 else { return nil }
            sum = sum * 10 + Int(bytes[at] - 48)
        }
        return sum
    }

    /// A day from text like `31-12-2011`: how the register of schools writes one.
    ///
    /// - Throws: `Malformed` where the text has another form or there is no such date.
    public init(dayFirst text: some StringProtocol) throws(Malformed) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[2] == bytes[5], bytes[2] == 45 || bytes[2] == 47,
            let day = Digits.number(bytes[0..<2]),
            let month = Digits.number(bytes[3..<5]),
            let year = Digits.number(bytes[6..<10])
        else { throw Malformed(wanted: "a date", given: text, reason: "write it as 31-12-2011") }
        do { try self.init(year, month, day) } catch {
            throw Malformed(wanted: "a date", given: text, reason: error.reason)
        }
    }

    public static func < (earlier: Day, later: Day) -> Bool { earlier.number < later.number }

    /// The civil date: year, month 1 to 12, day 1 to 31.
    public var civil: (year: Int, month: Int, day: Int) {
        let z = number + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    public var year: Int { civil.year }

    /// The day as `2026-03-02`: how it is stored, sorted and sent.
    public var iso: String {
        let (year, month, day) = civil
        // Figure by figure, since files and tables hold millions of days.
        func figure(_ number: Int) -> UInt8 { UInt8(truncatingIfNeeded: 48 + number % 10) }
        let bytes = [
            figure(year / 1000), figure(year / 100), figure(year / 10), figure(year), 45,
            figure(month / 10), figure(month), 45, figure(day / 10), figure(day),
        ]
        return String(decoding: bytes, as: UTF8.self)
    }

    public var description: String { iso }

    /// The day as a person reads it: `2 March 2026`.
    public var inWords: String {
        let (year, month, day) = civil
        return "\(day) \(Day.months[month - 1]) \(year)"
    }

    /// The month as a person reads it: `March 2026`.
    public var monthInWords: String {
        let (year, month, _) = civil
        return "\(Day.months[month - 1]) \(year)"
    }

    public var weekday: Weekday {
        // 1 January 1970 was a Thursday.
        let index = ((number + 3) % 7 + 7) % 7
        return Weekday.allCases[index]
    }

    /// The day `count` days later (earlier when negative), held inside `Day.range`.
    public func adding(_ span: Days) -> Day {
        let (sum, overflow) = number.addingReportingOverflow(span.count)
        if overflow { return span.count < 0 ? Day.range.lowerBound : Day.range.upperBound }
        return Day(number: sum) ?? (span.count < 0 ? Day.range.lowerBound : Day.range.upperBound)
    }

    public static func + (day: Day, span: Days) -> Day { day.adding(span) }
    public static func - (day: Day, span: Days) -> Day { day.adding(Days(count: 0 - span.count)) }

    public var next: Day { adding(.days(1)) }
    public var previous: Day { adding(.days(-1)) }

    /// The day of the same number `count` months later (earlier when negative), and whether that month has such a
    /// day; where it has none, its last day. Nil outside `Day.range`.
    ///
    /// - Law: Dodds v Walker [1981] 1 WLR 1027: a month ends on the corresponding date, or on the month’s last day.
    public func adding(months count: Int) -> (day: Day, isCorresponding: Bool)? {
        let (year, month, day) = civil
        guard abs(count) < 100_000 else { return nil }
        let months = year * 12 + month - 1 + count
        let (newYear, newMonth) = (months / 12, months % 12 + 1)
        guard (1800...2999).contains(newYear) else { return nil }
        let last = Day.daysInMonth(newMonth, of: newYear)
        return (Day(unchecked: Day.count(newYear, newMonth, min(day, last))), day <= last)
    }

    /// The whole days from `earlier` to this day; negative where this day is the earlier.
    public func days(since earlier: Day) -> Int { number - earlier.number }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]

    private static func daysInMonth(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func count(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

/// A day of the week, Monday first.
public enum Weekday: String, CaseIterable, Hashable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// As a person reads it: `Monday`.
    public var name: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
    public var isWeekend: Bool { self == .saturday || self == .sunday }
}

/// A length of time in whole days.
public struct Days: Hashable, Sendable {
    public let count: Int
    public init(count: Int) { self.count = count }
    public static func days(_ count: Int) -> Days { Days(count: count) }
    /// Weeks of seven days; more than a million is held at a million.
    public static func weeks(_ count: Int) -> Days { Days(count: max(-1_000_000, min(1_000_000, count)) * 7) }
}
