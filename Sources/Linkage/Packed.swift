/// Numbers that stand for one person, packed into 64 bits so that comparing them needs no text.
///
/// The first and the last sign take six bits each, the digits between them 51 behind a leading one; what has letters
/// inside is written in base 37 where it is short enough; what is longer is its hash, and can only be equal or not. 0
/// is missing.
enum Packed {
    private static let inBase37: UInt64 = 1 << 63
    private static let hashed: UInt64 = 1 << 62 | 1 << 63

    /// The digits of a value without what stands between them, and how many they are; nothing where there are other
    /// signs.
    @inline(__always)
    static func digits(_ cell: Cell) -> (value: UInt64, count: Int)? {
        var (value, count): (UInt64, Int) = (0, 0)
        let bytes = cell.start
        for index in 0..<cell.length {
            let byte = bytes[index]
            if byte &- 48 < 10 {
                guard count < 18 else { return nil }
                value = value &* 10 &+ UInt64(byte &- 48)
                count += 1
            } else if byte != 32 && byte != 45 {
                return nil
            }
        }
        return count > 0 ? (value, count) : nil
    }

    /// The check digit of an NHS number: modulus 11 over nine digits. (NHS Data Model and Dictionary, “NHS NUMBER”.)
    @inline(__always)
    static func isNHS(_ value: UInt64) -> Bool {
        var (rest, sum): (UInt64, UInt64) = (value / 10, 0)
        for weight in 2...10 {
            sum += rest % 10 * UInt64(weight)
            rest /= 10
        }
        let check = (11 - sum % 11) % 11
        return rest == 0 && check < 10 && check == value % 10
    }

    static func looksLikeUPN(_ cell: Cell) -> Bool {
        guard cell.length == 13 else { return false }
        let bytes = cell.bytes
        return bytes[0] >= 65 && bytes[0] <= 90 && (1..<12).allSatisfy { bytes[$0] &- 48 < 10 }
    }

    /// Numbers that are written for “none” or for trying out: all of one digit, or counting up.
    @inline(__always)
    static func isPlaceholder(_ value: UInt64, _ count: Int) -> Bool {
        if value < 10 { return true }
        if value == 1_234_567_890 || value == 123_456_789 || value == 9_876_543_210 { return true }
        let digit = value % 10
        var (rest, left) = (value, count)
        while left > 0 {
            if rest % 10 != digit { return false }
            rest /= 10
            left -= 1
        }
        return true
    }

    @inline(__always)
    static func identifier(_ cell: Cell) -> UInt64 {
        if let (value, count) = digits(cell) {
            if isPlaceholder(value, count) { return 0 }
            if count >= 3, count <= 16 {
                return framed(sign(value / power(count - 1)), value % power(count - 1), count - 1)
            }
        }
        return withLetters(cell)
    }

    /// A telephone number: its digits, with the country’s code of the United Kingdom made the nought that is dialled
    /// within it.
    @inline(__always)
    static func phone(_ cell: Cell) -> UInt64 {
        var (value, count): (UInt64, Int) = (0, 0)
        let bytes = cell.start
        for index in 0..<cell.length where bytes[index] &- 48 < 10 && count < 18 {
            value = value &* 10 &+ UInt64(bytes[index] &- 48)
            count += 1
        }
        guard count >= 6 else { return 0 }
        if count == 14, value / 10_000_000_000 == 44 { (value, count) = (value % 10_000_000_000, 11) }
        if count == 12, value / 10_000_000_000 == 44 { (value, count) = (value % 10_000_000_000, 11) }
        guard !isPlaceholder(value, count), count <= 16 else { return 0 }
        return framed(sign(value / power(count - 1)), value % power(count - 1), count - 1)
    }

    /// `first`, then `count` digits, the last of which is kept apart.
    @inline(__always)
    private static func framed(_ first: UInt64, _ digits: UInt64, _ count: Int) -> UInt64 {
        first << 57 | (digits % 10 + 1) << 51 | (power(count - 1) + digits / 10)
    }

    @inline(__always) private static func sign(_ digit: UInt64) -> UInt64 { digit + 1 }

    @inline(__always)
    private static func power(_ exponent: Int) -> UInt64 {
        var result: UInt64 = 1
        for _ in 0..<exponent { result &*= 10 }
        return result
    }

    /// 1 to 10 for the digits, 11 to 36 for the letters, 0 for what is neither.
    @inline(__always)
    private static func sign(ofByte byte: UInt8) -> UInt64 {
        if byte &- 48 < 10 { return UInt64(byte &- 48) + 1 }
        let letter = byte & 0xDF
        return letter &- 65 < 26 ? UInt64(letter &- 65) + 11 : 0
    }

    @inline(__always)
    private static func withLetters(_ cell: Cell) -> UInt64 {
        let bytes = cell.start
        var (first, last, middle, length): (UInt64, UInt64, UInt64, Int) = (0, 0, 1, 0)
        var (base37, isFramed): (UInt64, Bool) = (0, true)
        for index in 0..<cell.length {
            let value = sign(ofByte: bytes[index])
            if value == 0 { continue }
            if length == 0 {
                first = value
            } else if length > 1 {
                if last > 10 || length > 16 { isFramed = false } else { middle = middle &* 10 &+ (last &- 1) }
                last = value
            } else {
                last = value
            }
            if length < 12 { base37 = base37 &* 37 &+ value }
            length += 1
        }
        if length < 3 { return length == 0 || Missing.isMissing(cell) ? 0 : inBase37 >> 1 | base37 }
        if isFramed && length <= 17 { return first << 57 | last << 51 | middle }
        if Missing.isMissing(cell) { return 0 }
        if length <= 11 { return inBase37 | base37 }
        return hashed | hash(cell.start, cell.length) >> 2
    }

    /// The signs of a packed number, from its end; nought signs for a hash, which has none.
    @inline(__always)
    private static func signs(_ packed: UInt64, _ into: UnsafeMutablePointer<UInt8>) -> Int {
        if packed >> 62 == 3 { return 0 }
        var count = 0
        if packed >> 63 == 1 {
            var rest = packed & ~inBase37
            while rest > 0 {
                into[count] = UInt8(truncatingIfNeeded: rest % 37)
                rest /= 37
                count += 1
            }
            return count
        }
        into[0] = UInt8(truncatingIfNeeded: packed >> 51 & 63)
        count = 1
        var middle = packed & (1 << 51 - 1)
        while middle > 1 {
            into[count] = UInt8(truncatingIfNeeded: middle % 10) + 1
            middle /= 10
            count += 1
        }
        into[count] = UInt8(truncatingIfNeeded: packed >> 57)
        return count + 1
    }

    /// Whether one slip of the keyboard makes one number the other: a sign exchanged, or two neighbours.
    static func isOneSlip(_ one: UInt64, _ other: UInt64) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 40) { room in
            let (left, right) = (room.baseAddress!, room.baseAddress! + 20)
            let count = signs(one, left)
            guard count > 2, signs(other, right) == count else { return false }
            var (first, last, differing) = (-1, -1, 0)
            for index in 0..<count where left[index] != right[index] {
                if first < 0 { first = index }
                last = index
                differing += 1
                if differing > 2 { return false }
            }
            if differing == 1 { return true }
            return differing == 2 && last == first + 1 && left[first] == right[last] && left[last] == right[first]
        }
    }

    /// The number as people write it, for an explanation.
    static func text(_ packed: UInt64) -> String {
        if packed >> 62 == 3 { return "a long number" }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { room in
            let base = room.baseAddress!
            let count = signs(packed, base)
            let letters = (0..<count).reversed().map { base[$0] > 10 ? 54 + base[$0] : 47 + base[$0] }
            return String(decoding: letters, as: UTF8.self)
        }
    }

    /// The NHS number that a packed number is, where its check digit is right.
    @inline(__always)
    static func hasRightCheck(_ packed: UInt64) -> Bool {
        guard packed >> 63 == 0 else { return false }
        let middle = packed & (1 << 51 - 1)
        guard middle >= 100_000_000, middle < 200_000_000 else { return false }
        let (first, last) = (packed >> 57 - 1, (packed >> 51 & 63) - 1)
        guard first < 10, last < 10 else { return false }
        return isNHS(first * 1_000_000_000 + (middle - 100_000_000) * 10 + last)
    }
}
