/// Reads that answer nil outside the bytes, so that no file can make them trap.
extension [UInt8] {
    /// The byte at this place, or nil where there is none.
    func byte(_ at: Int) -> UInt8? { at >= 0 && at < count ? self[at] : nil }

    /// The number in two bytes, the low one first.
    func little16(_ at: Int) -> Int? {
        guard let low = byte(at), let high = byte(after(at, 1)) else { return nil }
        return Int(low) | Int(high) << 8
    }

    /// The number in four bytes, the low one first.
    func little32(_ at: Int) -> Int? {
        guard let low = little16(at), let high = little16(after(at, 2)) else { return nil }
        return Int(exactly: UInt32(truncatingIfNeeded: low) | UInt32(truncatingIfNeeded: high) << 16)
    }

    /// The number in two bytes, the high one first.
    func big16(_ at: Int) -> Int? {
        guard let high = byte(at), let low = byte(after(at, 1)) else { return nil }
        return Int(high) << 8 | Int(low)
    }

    /// The number in four bytes, the high one first.
    func big32(_ at: Int) -> Int? {
        guard let high = big16(at), let low = big16(after(at, 2)) else { return nil }
        return Int(exactly: UInt32(truncatingIfNeeded: high) << 16 | UInt32(truncatingIfNeeded: low))
    }

    /// The number in eight bytes, the high one first, or nil where it is more than an `Int` can be.
    func big64(_ at: Int) -> Int? {
        guard let high = big32(at), let low = big32(after(at, 4)) else { return nil }
        return Int(exactly: UInt64(high) << 32 | UInt64(low))
    }

    /// True where these characters stand at this place.
    func has(_ ascii: String, at place: Int) -> Bool {
        guard place >= 0, place <= count, count - place >= ascii.utf8.count else { return false }
        return self[place...].starts(with: ascii.utf8)
    }

    /// The bytes from `start` up to `end`, or nil where they are not all there.
    func slice(_ start: Int, _ end: Int) -> ArraySlice<UInt8>? {
        start >= 0 && start <= end && end <= count ? self[start..<end] : nil
    }

    /// True where these characters stand anywhere from `start` on.
    func contains(_ ascii: String, from start: Int = 0) -> Bool {
        let wanted = Array(ascii.utf8)
        guard let first = wanted.first, start >= 0, count >= wanted.count else { return false }
        var at = start
        while at <= count - wanted.count {
            if self[at] == first, has(wanted, at: at) { return true }
            at += 1
        }
        return false
    }

    private func has(_ wanted: [UInt8], at place: Int) -> Bool {
        for (index, byte) in wanted.enumerated() where self[place + index] != byte { return false }
        return true
    }
}

/// The sum of places and lengths read from a file; `Int.max`, where nothing stands, when it is more than that.
func after(_ place: Int, _ more: Int...) -> Int {
    var sum = place
    for length in more {
        let (next, over) = sum.addingReportingOverflow(length)
        if over { return .max }
        sum = next
    }
    return sum
}
