import Kernel

/// What is wrong with one value of a row.
public struct CellFault: Error, Hashable, Sendable {
    public let column: String
    /// What is wrong and what is allowed, without the value where it identifies a child.
    public let words: String

    public init(_ column: String, _ words: String) { (self.column, self.words) = (column, words) }
}

/// Reads the values of one extract, each to the one way in which it is kept.
public struct CellCheck: Sendable {
    /// The day of which the extract tells.
    let asOf: Day
    /// Numbers kept for testing stand for children in a demonstration alone.
    let isDemonstration: Bool
    let ethnicities: Set<String>

    public init(asOf: Day, isDemonstration: Bool, ethnicities: some Sequence<String>) {
        (self.asOf, self.isDemonstration, self.ethnicities) = (asOf, isDemonstration, Set(ethnicities))
    }

    /// The longest name, and the longest text.
    static let longestName = 100, longestText = 300

    /// The value as it is kept.
    ///
    /// - Parameter written: not empty, without spaces around it.
    /// - Throws: what is wrong, and what is allowed.
    func value(_ written: String, _ column: FeedColumn) throws(CellFault) -> String {
        do { return try kept(written, column.kind) } catch {
            throw CellFault(column.name, error.reason)
        }
    }

    private func kept(_ written: String, _ kind: CellKind) throws(Malformed) -> String {
        switch kind {
        case .id: return try short(written, 64, "the source’s own number")
        case .name: return try name(written)
        case .text: return try short(written, Self.longestText, "text")
        case .born: return try born(written).iso
        case .day: return try past(written).iso
        case .sex: return try sex(written)
        case .postcode: return try Postcode(written).text
        case .phone: return try phone(written)
        case .upn: return try UPN(written.uppercased()).text
        case .nhs: return try nhs(written)
        case .ethnicity:
            guard ethnicities.contains(written.uppercased()) else {
                throw Malformed(
                    wanted: "ethnicity", given: written, reason: "it is a code of the school census, like WBRI")
            }
            return written.uppercased()
        case .language:
            let code = written.uppercased()
            guard code.utf8.count == 3, code.utf8.allSatisfy({ $0 >= 65 && $0 <= 90 }) else {
                throw Malformed(wanted: "a language", given: written, reason: "it is a code of three letters, like ENG")
            }
            return code
        case .urn: return String(try URN(written).number)
        case .year: return try YearGroup(code: written).code
        case .sen: return try sen(written)
        case .need: return try need(written)
        case .hours:
            guard let hours = Digits.fraction(written), hours >= 0, hours <= 60 else {
                throw Malformed(wanted: "hours a week", given: written, reason: "it is a number from 0 to 60")
            }
            return written
        }
    }

    private func short(_ written: String, _ limit: Int, _ wanted: String) throws(Malformed) -> String {
        // No text has more characters than bytes, which are sooner counted.
        guard written.utf8.count <= limit || written.count <= limit else {
            throw Malformed(wanted: wanted, reason: "it is at most \(limit) characters long")
        }
        guard !written.utf8.contains(where: { $0 < 32 || $0 == 127 }) else {
            throw Malformed(wanted: wanted, reason: "it holds a line end or another mark that is no text")
        }
        return written
    }

    private func name(_ written: String) throws(Malformed) -> String {
        let name = try short(written, Self.longestName, "a name")
        guard name.utf8.contains(where: { (97...122).contains($0 | 32) }) || name.contains(where: \.isLetter) else {
            throw Malformed(wanted: "a name", reason: "it has at least one letter")
        }
        guard !name.unicodeScalars.contains("\u{FFFD}") else {
            throw Malformed(
                wanted: "a name", reason: "a letter was lost when the file was made; save it as UTF-8")
        }
        return name
    }

    /// A day in one of the three ways in which extracts write one: `2016-04-17`, `17/04/2016`, `17 Apr 2016`.
    func day(_ written: String) throws(Malformed) -> Day {
        if let day = try? Day(iso: written.prefix(10)), written.utf8.count == 10 || isMidnight(written.dropFirst(10)) {
            return day
        }
        if let day = try? Day(dayFirst: written) { return day }
        if let day = worded(written) { return day }
        throw Malformed(
            wanted: "a day", reason: "it is a day that there was, as 2016-04-17, 17/04/2016 or 17 Apr 2016")
    }

    private func isMidnight(_ rest: Substring) -> Bool {
        guard let first = rest.first, first == "T" || first == " " else { return false }
        return rest.dropFirst().allSatisfy { "0:.Z".contains($0) }
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    private func worded(_ written: String) -> Day? {
        let parts = written.split(whereSeparator: { $0 == " " || $0 == "-" })
        guard parts.count == 3, let day = Digits.number(parts[0]), let year = Digits.number(parts[2]),
            parts[1].count >= 3, let month = Self.months.firstIndex(of: parts[1].prefix(3).lowercased())
        else { return nil }
        return try? Day(year, month + 1, day)
    }

    private func past(_ written: String) throws(Malformed) -> Day {
        let day = try day(written)
        guard day <= asOf else {
            throw Malformed(
                wanted: "a day", reason: "it lies after \(asOf.inWords), the day of the extract")
        }
        return day
    }

    private func born(_ written: String) throws(Malformed) -> Day {
        let day = try past(written)
        let age: Age
        do { age = try Age(born: day, on: asOf) } catch {
            throw Malformed(wanted: "a date of birth", reason: error.reason)
        }
        guard age.years <= 25 else {
            throw Malformed(
                wanted: "a date of birth", reason: "this service is for people up to 25; this one is \(age.years)")
        }
        return day
    }

    private func sex(_ written: String) throws(Malformed) -> String {
        switch written.lowercased() {
        case "f", "female": return "F"
        case "m", "male": return "M"
        case "u", "unknown", "not known": return ""
        default: throw Malformed(wanted: "sex", given: written, reason: "it is F, M, or U where it is not known")
        }
    }

    private func phone(_ written: String) throws(Malformed) -> String {
        let digits = written.utf8.count { $0 >= 48 && $0 <= 57 }
        let isNumber = written.allSatisfy { "0123456789 +()-".contains($0) }
        guard isNumber, (7...15).contains(digits) else {
            throw Malformed(
                wanted: "a telephone number", reason: "it has 7 to 15 figures, with spaces, + and brackets only")
        }
        return written
    }

    private func nhs(_ written: String) throws(Malformed) -> String {
        let number = try NHSNumber(written).text
        guard isDemonstration || !number.hasPrefix("999") else {
            throw Malformed(
                wanted: "an NHS number", given: "",
                reason: "numbers that begin with 999 are kept for testing: no child has one")
        }
        return number
    }

    private func sen(_ written: String) throws(Malformed) -> String {
        let level = try SENLevel(code: written)
        guard !level.isHistoric else {
            throw Malformed(
                wanted: "SEN provision", given: written,
                reason: "it is N, K or E today; \(level.code) (\(level.name)) is of the years before 2018")
        }
        return level.code
    }

    private func need(_ written: String) throws(Malformed) -> String {
        let need = try NeedType(code: written)
        guard !need.isHistoric else {
            throw Malformed(
                wanted: "a type of need", given: written,
                reason: "BESD ended in August 2014 and is not the same as SEMH: the source says what the need is today")
        }
        return need.code
    }
}
