import Kernel

/// What goes wrong when somebody writes down what they were told.
enum Slips {
    private static let rows = [Array("qwertyuiop".utf8), Array("asdfghjkl".utf8), Array("zxcvbnm".utf8)]
    /// Sounds that are written in two ways.
    private static let sounds = [
        ("ee", "i"), ("oo", "u"), ("ph", "f"), ("ck", "k"), ("ai", "ay"), ("ou", "u"), ("y", "i"), ("ie", "y"),
        ("c", "k"), ("z", "s"), ("ah", "a"), ("nn", "n"), ("ll", "l"), ("ss", "s"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    /// The name with one slip of the keyboard: letters exchanged, lost, doubled, or a neighbour struck.
    static func typed(_ name: [UInt8], _ draw: inout Draw) -> [UInt8] {
        guard name.count > 3 else { return name }
        var name = name
        let at = 1 + draw.below(name.count - 2)
        guard isLetter(name[at]), isLetter(name[at + 1]) else { return name }
        switch draw.below(4) {
        case 0: name.swapAt(at, at + 1)
        case 1: name.remove(at: at)
        case 2: name.insert(name[at], at: at)
        default: name[at] = neighbour(of: name[at], &draw)
        }
        return name
    }

    /// The name written by its sound.
    static func heard(_ name: [UInt8], _ draw: inout Draw) -> [UInt8] {
        let start = draw.below(sounds.count)
        for offset in sounds.indices {
            let (one, other) = sounds[(start + offset) % sounds.count]
            guard name.count > one.count + 1 else { continue }
            for at in 1...(name.count - one.count) where Array(name[at..<(at + one.count)]) == one {
                return Array(name[..<at]) + other + Array(name[(at + one.count)...])
            }
        }
        return name
    }

    /// A birthday wrongly written, which is a day all the same: month and day exchanged, the day or the year next to
    /// it, or the first of January, which stands for “not known”.
    static func birthday(_ born: Int32, _ draw: inout Draw) -> Int32 {
        let (year, month, date) = (Day(number: Int(born)) ?? Day.range.lowerBound).civil
        let wrong: Day?
        switch draw.below(10) {
        case 0..<4: wrong = try? Day(year, date, month)
        case 4..<7: wrong = Day(number: Int(born) + (draw.chance(5_000) ? 1 : -1))
        case 7, 8: wrong = try? Day(year + (draw.chance(5_000) ? 1 : -1), month, date)
        default: wrong = try? Day(year, 1, 1)
        }
        return wrong.map { Int32($0.number) } ?? born
    }

    static func capitals(_ name: [UInt8]) -> [UInt8] { name.map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 } }

    private static func isLetter(_ byte: UInt8) -> Bool { byte >= 97 && byte <= 122 }

    private static func neighbour(of letter: UInt8, _ draw: inout Draw) -> UInt8 {
        for row in rows {
            guard let at = row.firstIndex(of: letter) else { continue }
            let to = at == 0 ? 1 : (at == row.count - 1 ? at - 1 : at + (draw.chance(5_000) ? 1 : -1))
            return row[to]
        }
        return letter
    }
}
