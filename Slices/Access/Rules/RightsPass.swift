import Kernel

/// When the rights of a parent become those of the young person.
public enum RightsPass {
    /// The first day on which the rights are the young person’s: the day after compulsory school age ends.
    ///
    /// Compulsory school age ends on the last Friday in June of the school year, 1 September to 31 August, in which the
    /// sixteenth birthday falls. Somebody born on 29 February reaches sixteen, a leap year later, on that day.
    ///
    /// - Law: Children and Families Act 2014, section 83(2): a young person is over compulsory school age.
    /// - Law: Education Act 1996, section 8, with the School Leaving Date Order 1997 (SI 1997/1970).
    public static func day(born: Day) -> Day? {
        let (year, month, _) = born.civil
        let june = year + 16 + (month >= 9 ? 1 : 0)
        guard let last = try? Day(iso: "\(Digits.padded(june, to: 4))-06-30") else { return nil }
        let friday = (0..<7).map { last.adding(.days(-$0)) }.first { $0.weekday == .friday }
        return friday?.adding(.days(1))
    }

    /// The day on which everybody concerned is told that it comes: ninety days before.
    public static func warning(born: Day) -> Day? { day(born: born)?.adding(.days(-warningDays)) }

    /// How many days before.
    public static let warningDays = 90
}
