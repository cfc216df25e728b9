/// A moment, in milliseconds since 1 January 1970 UTC.
public struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let milliseconds: Int

    /// Moments outside `Day.range` are held at its ends.
    public init(milliseconds: Int) {
        let low = Day.range.lowerBound.number * 86_400_000
        let high = Day.range.upperBound.number * 86_400_000 + 86_399_999
        self.milliseconds = min(max(milliseconds, low), high)
    }

    /// A moment from text like `2026-03-02T09:30:00Z` or `2026-03-02T09:30:00.125Z`.
    ///
    /// - Throws: `Malformed` where the text has another form or there is no such moment.
    public init(iso text: some StringProtocol) throws(Malformed) {
        let bytes = Array(text.utf8)
        let malformed = Malformed(wanted: "a moment", given: text, reason: "write it as 2026-03-02T09:30:00Z")
        guard bytes.count == 20 || bytes.count == 24, bytes.last == 90, bytes[10] == 84, bytes[13] == 58,
            bytes[16] == 58, let hour = Digits.number(bytes[11..<13]), let minute = Digits.number(bytes[14..<16]),
            let second = Digits.number(bytes[17..<19]), hour < 24, minute < 60, second < 60
        else { throw malformed }
        var thousandths = 0
        if bytes.count == 24 {
            guard bytes[19] == 46, let read = Digits.number(bytes[20..<23]) else { throw malformed }
            thousandths = read
        }
        let day = try Day(iso: String(decoding: bytes[0..<10], as: UTF8.self))
        self.init(milliseconds: ((day.number * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + thousandths)
    }

    /// Midnight in England, at which this day begins.
    public init(startOf day: Day) {
        let midnight = Instant(milliseconds: day.number * 86_400_000)
        self = midnight.isSummerTime ? midnight.adding(milliseconds: -3_600_000) : midnight
    }

    public static func < (earlier: Instant, later: Instant) -> Bool { earlier.milliseconds < later.milliseconds }

    /// The moment as `2026-03-02T09:30:00.125Z`: how it is stored, sorted and sent.
    public var iso: String {
        let (day, rest) = split(milliseconds)
        let time = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { Digits.padded($0, to: 2) }
        return "\(day.iso)T\(time.joined(separator: ":")).\(Digits.padded(rest % 1000, to: 3))Z"
    }

    public var description: String { iso }

    public func adding(milliseconds more: Int) -> Instant {
        let (sum, overflow) = milliseconds.addingReportingOverflow(more)
        return Instant(milliseconds: overflow ? (more < 0 ? .min : .max) : sum)
    }

    /// The civil day in England at this moment.
    ///
    /// Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October.
    ///
    /// - Law: Summer Time Order 2002 (SI 2002/262).
    public var dayInEngland: Day { split(milliseconds + (isSummerTime ? 3_600_000 : 0)).day }

    /// The hour and minute in England at this moment.
    public var timeInEngland: (hour: Int, minute: Int) {
        let rest = split(milliseconds + (isSummerTime ? 3_600_000 : 0)).rest
        return (rest / 3_600_000, rest / 60_000 % 60)
    }

    private var isSummerTime: Bool {
        let year = split(milliseconds).day.year
        return milliseconds >= change(in: year, month: 3) && milliseconds < change(in: year, month: 10)
    }

    /// 01:00 UTC on the last Sunday of a month of 31 days.
    private func change(in year: Int, month: Int) -> Int {
        guard var day = try? Day(year, month, 31) else { return 0 }
        while day.weekday != .sunday { day = day.previous }
        return day.number * 86_400_000 + 3_600_000
    }

    private func split(_ count: Int) -> (day: Day, rest: Int) {
        let number = count >= 0 ? count / 86_400_000 : (count - 86_399_999) / 86_400_000
        let day = Day(number: number) ?? (number < 0 ? Day.range.lowerBound : Day.range.upperBound)
        return (day, min(max(0, count - number * 86_400_000), 86_399_999))
    }
}

/// Where "now" comes from. The application reads the machine's clock; tests set their own.
public struct WallClock: Sendable {
    public let now: @Sendable () -> Instant

    public init(now: @escaping @Sendable () -> Instant) { self.now = now }

    /// A clock that stands still at nine in the morning UTC of this day.
    public static func stopped(on day: Day) -> WallClock {
        let moment = Instant(milliseconds: day.number * 86_400_000 + 9 * 3_600_000)
        return WallClock { moment }
    }

    /// The civil day in England.
    public var today: Day { now().dayInEngland }
}
