/// Days of birth as a number of eight digits, year, month and day, whether there is such a day or not: typing slips
/// make some that are not, and two of those can still be compared. 0 is missing; a month or day of 0 is not known.
enum Dates {
    static func pack(_ year: Int, _ month: Int, _ day: Int) -> UInt64 {
        guard year > 1000, year < 2200, month <= 31, day <= 31 else { return 0 }
        return UInt64(year * 10_000 + month * 100 + day)
    }

    /// - Parameter monthFirst: whether “3/4/2015” is the fourth of March.
    @inline(__always)
    static func parse(_ cell: Cell, monthFirst: Bool) -> UInt64 {
        let (bytes, length) = (cell.start, cell.length)
        if length == 10, bytes[4] == 45, bytes[7] == 45 {  // By far the most frequent: 2015-04-03.
            @inline(__always) func digit(_ index: Int) -> Int { Int(bytes[index] &- 48) }
            let year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3)
            return pack(year, digit(5) * 10 + digit(6), digit(8) * 10 + digit(9))
        }
        return slowly(cell, monthFirst)
    }

    private static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]

    @inline(never)
    static func slowly(_ cell: Cell, _ monthFirst: Bool) -> UInt64 {
        var parts: [(value: Int, digits: Int)] = []
        var (month, word): (Int?, String) = (nil, "")
        var inNumber = false
        for byte in cell.bytes {
            if byte &- 48 < 10 {
                if !inNumber { parts.append((0, 0)) }
                guard parts[parts.count - 1].digits < 9 else { return 0 }
                parts[parts.count - 1] = (parts.last!.value * 10 + Int(byte) - 48, parts.last!.digits + 1)
                inNumber = true
            } else {
                inNumber = false
                if byte & 0xDF &- 65 < 26, month == nil {
                    word.append(Character(UnicodeScalar(byte & 0xDF)))
                    if let index = months.firstIndex(of: word) { month = index + 1 }
                } else if byte & 0xDF &- 65 >= 26 {
                    word = ""
                    if parts.count == 3 { break }  // A time of day behind it.
                }
            }
        }
        return whole(parts, month, monthFirst)
    }

    private static func whole(_ parts: [(value: Int, digits: Int)], _ month: Int?, _ monthFirst: Bool) -> UInt64 {
        func year(_ part: (value: Int, digits: Int)) -> Int {
            part.digits > 2 ? part.value : part.value + (part.value <= 30 ? 2000 : 1900)
        }
        if let month, parts.count >= 2 {
            return parts[0].digits == 4
                ? pack(parts[0].value, month, parts[1].value) : pack(year(parts[1]), month, parts[0].value)
        }
        if parts.count >= 3 {
            if parts[0].digits == 4 { return pack(parts[0].value, parts[1].value, parts[2].value) }
            let isMonthFirst = monthFirst ? parts[0].value <= 12 : parts[1].value > 12 && parts[0].value <= 12
            return isMonthFirst
                ? pack(year(parts[2]), parts[0].value, parts[1].value)
                : pack(year(parts[2]), parts[1].value, parts[0].value)
        }
        guard parts.count == 1 else { return 0 }
        let value = parts[0].value
        if parts[0].digits == 4 { return pack(value, 0, 0) }
        guard parts[0].digits == 8 else { return 0 }
        if value / 10_000 >= 1500, value / 10_000 < 2200 { return pack(value / 10_000, value / 100 % 100, value % 100) }
        return pack(value % 10_000, value / 10_000 % 100, value / 1_000_000)
    }

    static func looksLikeDate(_ cell: Cell) -> Bool {
        guard cell.length >= 8, cell.length <= 25 else { return false }
        let packed = slowly(cell, false)
        return packed % 100 >= 1 && packed / 100 % 100 >= 1 && packed / 100 % 100 <= 12 && packed / 10_000 > 1850
    }

    /// Whether a column puts the month first: some of its dates can be read only so, and none only the other way.
    static func monthFirst(_ sample: [Cell]) -> Bool {
        var (us, others) = (0, 0)
        for cell in sample {
            let bytes = Array(cell.bytes)
            guard bytes.count >= 6, let first = bytes.firstIndex(where: { $0 == 47 || $0 == 45 || $0 == 46 }),
                first <= 2
            else { continue }
            let rest = bytes[(first + 1)...].prefix { $0 &- 48 < 10 }
            guard let one = Int(String(decoding: bytes[..<first], as: UTF8.self)),
                let two = Int(String(decoding: rest, as: UTF8.self))
            else { continue }
            if one > 12 { others += 1 }
            if two > 12 { us += 1 }
        }
        return us > 0 && us > 10 * others
    }

    /// The same for both orders of day and month.
    @inline(__always)
    static func unordered(_ date: UInt64) -> UInt64 {
        let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100)
        return year * 10_000 + min(month, day) * 100 + max(month, day)
    }

    static func text(_ date: UInt64) -> String {
        func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(date / 10_000)-\(two(date / 100 % 100))-\(two(date % 100))"
    }
}
