/// A person's age in whole years and months on some day.
public struct Age: Hashable, Comparable, Sendable {
    public let years: Int
    /// Months beyond the whole years, 0 to 11.
    public let months: Int

    /// The age, on `day`, of someone born on `born`. A child of 29 February is a year older on 1 March.
    ///
    /// - Throws: `Malformed` where the day is before the birth, or more than 120 years after it.
    /// - Law: Family Law Reform Act 1969, section 9: an age is reached at the start of the birthday.
    public init(born: Day, on day: Day) throws(Malformed) {
        let reason = "the day is before the date of birth"
        guard born <= day else { throw Malformed(wanted: "an age", reason: reason) }
        let (fromYear, fromMonth, fromDay) = born.civil
        let (toYear, toMonth, toDay) = day.civil
        let whole = (toYear - fromYear) * 12 + (toMonth - fromMonth) - (toDay < fromDay ? 1 : 0)
        guard whole <= 120 * 12 else { throw Malformed(wanted: "an age", reason: "nobody is older than 120") }
        (years, months) = (whole / 12, whole % 12)
    }

    /// An age in whole years, as people say it.
    ///
    /// - Throws: `Malformed` where it is not 0 to 120.
    public init(years: Int) throws(Malformed) {
        guard (0...120).contains(years) else {
            throw Malformed(wanted: "an age", given: String(years), reason: "an age is 0 to 120 whole years")
        }
        (self.years, months) = (years, 0)
    }

    public static func < (younger: Age, older: Age) -> Bool {
        (younger.years, younger.months) < (older.years, older.months)
    }

    public var inMonths: Int { years * 12 + months }
}

/// A school year: 1 September to 31 August.
///
/// - Law: Education Act 1996, section 579(1): "school year" begins with the first term after July.
public struct AcademicYear: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The calendar year in which it starts.
    public let start: Int

    /// - Throws: `Malformed` where the year is not 1900 to 2200.
    public init(starting start: Int) throws(Malformed) {
        guard (1900...2200).contains(start) else {
            throw Malformed(wanted: "a school year", given: String(start), reason: "it starts in 1900 to 2200")
        }
        self.start = start
    }

    /// The school year that holds this day.
    ///
    /// - Throws: `Malformed` where the day is before September 1900 or after August 2201.
    public init(containing day: Day) throws(Malformed) {
        let (year, month, _) = day.civil
        try self.init(starting: month >= 9 ? year : year - 1)
    }

    /// A school year from text like `2025/26`, `2025-26` or `202526`.
    ///
    /// - Throws: `Malformed` where the text has another form or its halves do not follow each other.
    public init(_ text: some StringProtocol) throws(Malformed) {
        let malformed = Malformed(wanted: "a school year", given: text, reason: "write it as 2025/26")
        let digits = Array(text.utf8.filter { $0 >= 48 && $0 <= 57 })
        let marks = text.utf8.count - digits.count
        let hasMark = text.utf8.dropFirst(4).first.map { $0 == 47 || $0 == 45 } ?? false
        guard digits.count == 6, marks == 0 || (marks == 1 && hasMark), let first = Digits.number(digits[0..<4]),
            let second = Digits.number(digits[4..<6]), (first + 1) % 100 == second
        else { throw malformed }
        try self.init(starting: first)
    }

    public static func < (earlier: AcademicYear, later: AcademicYear) -> Bool { earlier.start < later.start }

    public var first: Day { day(start, 9, 1) }
    public var last: Day { day(start + 1, 8, 31) }
    public func contains(_ day: Day) -> Bool { first <= day && day <= last }

    /// As a person reads it: `2025/26`.
    public var description: String { "\(start)/\(Digits.padded((start + 1) % 100, to: 2))" }

    private func day(_ year: Int, _ month: Int, _ day: Int) -> Day {
        (try? Day(year, month, day)) ?? Day.range.lowerBound
    }
}

/// A National Curriculum year group, with the codes of the school census.
///
/// Source: `share/codes/nc_year.csv`. E1 and E2 are not settled there and are read, never derived.
public enum YearGroup: Hashable, Sendable, CustomStringConvertible {
    case earlyYearsFirst, earlyYearsSecond, nurseryFirst, nurserySecond, reception
    /// Years 1 to 14.
    case year(Int)
    case notFollowed, mixed

    /// A year group from its census code: `E1`, `E2`, `N1`, `N2`, `R`, `1` to `14`, `X`, `M`.
    ///
    /// - Throws: `Malformed` for any other text.
    public init(code: some StringProtocol) throws(Malformed) {
        switch code.uppercased() {
        case "E1": self = .earlyYearsFirst
        case "E2": self = .earlyYearsSecond
        case "N1": self = .nurseryFirst
        case "N2": self = .nurserySecond
        case "R": self = .reception
        case "X": self = .notFollowed
        case "M": self = .mixed
        default:
            guard let number = Digits.number(code), (1...14).contains(number), code.utf8.first != 48 else {
                throw Malformed(
                    wanted: "a year group", given: code, reason: "the codes are E1, E2, N1, N2, R, 1 to 14, X and M")
            }
            self = .year(number)
        }
    }

    /// The year group a child of this date of birth is in by age alone, or nil where they are too young for
    /// nursery or too old for Year 14. Some children are placed out of it: this is only the usual year.
    public static func usual(born: Day, in year: AcademicYear) -> YearGroup? {
        guard let age = try? Age(born: born, on: year.first.previous) else { return nil }
        return switch age.years {
        case 2: .nurseryFirst
        case 3: .nurserySecond
        case 4: .reception
        case 5...18: .year(age.years - 4)
        default: nil
        }
    }

    /// The ages a child in this year group reaches or has, first to last day of it; nil where it has no usual age.
    public var ages: ClosedRange<Int>? {
        switch self {
        case .nurseryFirst: 2...3
        case .nurserySecond: 3...4
        case .reception: 4...5
        case .year(let number): (number + 4)...(number + 5)
        case .earlyYearsFirst, .earlyYearsSecond, .notFollowed, .mixed: nil
        }
    }

    public var code: String {
        switch self {
        case .earlyYearsFirst: "E1"
        case .earlyYearsSecond: "E2"
        case .nurseryFirst: "N1"
        case .nurserySecond: "N2"
        case .reception: "R"
        case .year(let number): String(number)
        case .notFollowed: "X"
        case .mixed: "M"
        }
    }

    /// As a person reads it: `Year 4`.
    public var description: String {
        switch self {
        case .earlyYearsFirst: "Early years, first year"
        case .earlyYearsSecond: "Early years, second year"
        case .nurseryFirst: "Nursery, first year"
        case .nurserySecond: "Nursery, second year"
        case .reception: "Reception"
        case .year(let number): "Year \(number)"
        case .notFollowed: "National Curriculum not followed"
        case .mixed: "Mixed year class"
        }
    }
}
