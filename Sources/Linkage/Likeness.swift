/// How alike two words are: Jaro and Winkler’s measure (Winkler 1990), from 0 for nothing in common to 1 for equal.
///
/// Letters agree where they stand within half the longer word’s length of each other; each pair of agreeing letters out
/// of order costs half; up to four equal letters at the beginning raise what is above 0.7. Of longer words the first 64
/// letters count.
public enum Likeness {
    /// The measure of two texts of capitals, for tests and explanations.
    public static func jaroWinkler(_ one: String, _ other: String) -> Double {
        var (left, right) = (Array(one.utf8), Array(other.utf8))
        return left.withUnsafeMutableBufferPointer { left in
            right.withUnsafeMutableBufferPointer { right in
                Double(jaroWinkler(UnsafeBufferPointer(left), UnsafeBufferPointer(right)))
            }
        }
    }

    @inline(__always)
    static func jaroWinkler(_ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>) -> Double {
        // Of two of one length the first in the alphabet is taken first, so that the measure is the same both ways.
        let inOrder = one.count != other.count ? one.count < other.count : !other.lexicographicallyPrecedes(one)
        let (short, long) = inOrder ? (one, other) : (other, one)
        let (shorter, longer) = (min(short.count, 64), min(long.count, 64))
        if shorter == 0 { return longer == 0 ? 1 : 0 }
        let (left, right) = (short.baseAddress!, long.baseAddress!)
        let reach = max(longer / 2 - 1, 0)
        var (takenLeft, takenRight): (UInt64, UInt64) = (0, 0)
        for index in 0..<shorter {
            let letter = left[index]
            let end = min(index + reach, longer - 1)
            var at = max(index - reach, 0)
            while at <= end {
                if right[at] == letter, takenRight >> UInt64(at) & 1 == 0 {
                    takenRight |= 1 << UInt64(at)
                    takenLeft |= 1 << UInt64(index)
                    break
                }
                at += 1
            }
        }
        let agreeing = takenLeft.nonzeroBitCount
        if agreeing == 0 { return 0 }
        var (restLeft, restRight, exchanged) = (takenLeft, takenRight, 0)
        while restLeft != 0 {
            if left[restLeft.trailingZeroBitCount] != right[restRight.trailingZeroBitCount] { exchanged += 1 }
            restLeft &= restLeft - 1
            restRight &= restRight - 1
        }
        let number = Double(agreeing)
        let jaro = (number / Double(shorter) + number / Double(longer) + (number - Double(exchanged / 2)) / number) / 3
        guard jaro > 0.7 else { return jaro }
        var same = 0
        while same < min(4, shorter), left[same] == right[same] { same += 1 }
        return jaro + Double(same) * 0.1 * (1 - jaro)
    }
}
