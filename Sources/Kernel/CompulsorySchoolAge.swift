/// When somebody begins to be of compulsory school age.
public enum CompulsorySchoolAge {
    /// The first day of it: the fifth birthday where that is 31 March, 31 August or 31 December, otherwise the next of
    /// these days. Somebody born on 29 February is five on 1 March.
    ///
    /// - Returns: nil where the calendar does not reach so far.
    /// - Law: Education Act 1996, section 8(2); Education (Start of Compulsory School Age) Order 1998 (SI 1998/1607).
    public static func begins(born: Day) -> Day? {
        let (year, month, day) = born.civil
        guard let fifth = (try? Day(year + 5, month, day)) ?? (try? Day(year + 5, 3, 1)) else { return nil }
        for (month, day) in [(3, 31), (8, 31), (12, 31)] {
            if let prescribed = try? Day(fifth.year, month, day), prescribed >= fifth { return prescribed }
        }
        return nil
    }
}
