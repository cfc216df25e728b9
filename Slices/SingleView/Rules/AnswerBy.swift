import Kernel

/// By when a request about somebody’s own data is answered.
///
/// Rule `answer-by/1`: the day of the next month that has the same number; the last of that month where it has none. It
/// stays on a weekend or holiday: whoever answers by it is never late.
public enum AnswerBy {
    public static let id = "answer-by/1"

    /// The last day for the answer to what came on this day.
    ///
    /// - Law: UK GDPR, article 12(3): without undue delay, and in any event within one month of receipt.
    public static func day(received: Day) -> Day { corresponding(to: received, months: 1) }

    /// The last day where the time was extended by two further months.
    ///
    /// - Law: UK GDPR, article 12(3): two further months where necessary, told with the reasons within one month.
    public static func extendedDay(received: Day) -> Day { corresponding(to: received, months: 3) }

    /// Whether the time may still be extended: only while the first month runs, for the reasons are told within it.
    public static func mayExtend(received: Day, on today: Day) -> Bool { today <= day(received: received) }

    private static func corresponding(to day: Day, months: Int) -> Day {
        let (year, month, number) = day.civil
        let count = month - 1 + months
        for number in stride(from: number, through: 1, by: -1) {
            if let found = try? Day(year + count / 12, count % 12 + 1, number) { return found }
        }
        return Day.range.upperBound
    }
}
