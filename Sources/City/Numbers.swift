import Kernel

/// Numbers with their check characters: in form as real ones, in ranges in which there are none.
enum Numbers {
    /// The check figure of 999 and these six figures, or nil where no number can end so.
    static func nhsCheck(_ six: Int) -> Int? {
        var (sum, rest) = (9 * (10 + 9 + 8), six)
        for place in 2...7 {
            sum += rest % 10 * place
            rest /= 10
        }
        let check = (11 - sum % 11) % 11
        return check < 10 ? check : nil
    }

    /// The NHS number with these six figures. Numbers that begin with 999 are kept for tests and given to nobody.
    static func nhs(_ six: Int32) -> [UInt8] {
        let check = nhsCheck(Int(six)) ?? 0
        return Array("999".utf8) + padded(Int(six), 6) + [48 + UInt8(check)]
    }

    /// A pupil number of authority 995, which is none: the school, the year of entry, and a serial number.
    ///
    /// The number of the child is in it, so that each is given once: 0 to 7,999,999.
    static func upn(_ child: Int, year: Int) -> [UInt8] {
        let number = 2_000_000 + max(0, min(7_999_999, child))
        let figures = Array("995".utf8) + padded(number / 1_000, 4) + padded(year % 100, 2) + padded(number % 1_000, 3)
        var sum = 0
        for (index, figure) in figures.enumerated() { sum += Int(figure - 48) * (index + 2) }
        return [letters[sum % 23]] + figures
    }

    /// Ofcom keeps 0121 496 0000 to 0999, and 07700 900000 to 900999, for drama: they ring nobody.
    static func phone(_ number: UInt16) -> [UInt8] {
        let last = padded(Int(number % 1_000), 3)
        return Array((number < 1_000 ? "0121 496 0" : "07700 900").utf8) + last
    }

    static func padded(_ number: Int, _ width: Int) -> [UInt8] {
        var figures = [UInt8](repeating: 48, count: width)
        var rest = max(0, number)
        for place in (0..<width).reversed() {
            figures[place] = 48 + UInt8(rest % 10)
            rest /= 10
        }
        return figures
    }

    static func iso(_ day: Int32) -> [UInt8] {
        let (year, month, date) = (Day(number: Int(day)) ?? Day.range.lowerBound).civil
        return padded(year, 4) + [45] + padded(month, 2) + [45] + padded(date, 2)
    }

    fileprivate static let letters = Array("ABCDEFGHJKLMNPQRTUVWXYZ".utf8)
}

extension Numbers {
    /// The pupil number with these twelve figures.
    static func upn(figures: String) -> [UInt8] {
        let figures = Array(figures.utf8)
        var sum = 0
        for (index, figure) in figures.enumerated() { sum += (Int(figure) - 48) * (index + 2) }
        return [letters[((sum % 23) + 23) % 23]] + figures
    }
}
