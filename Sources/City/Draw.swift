/// Numbers that look random and are the same for the same seed (SplitMix64).
///
/// Each family, child and record has a draw of its own, begun from its number, so that what is drawn for one does not
/// hang on how much was drawn for those before it.
struct Draw {
    private var state: UInt64

    init(_ seed: UInt64, _ one: Int, _ two: Int = 0) {
        state = Draw.mixed(seed ^ Draw.mixed(UInt64(truncatingIfNeeded: one) &* 0x9E37_79B9_7F4A_7C15))
        state ^= Draw.mixed(UInt64(truncatingIfNeeded: two) &+ 0xD1B5_4A32_D192_ED03)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Draw.mixed(state)
    }

    /// One of 0, 1, … up to and without `limit`.
    mutating func below(_ limit: Int) -> Int { Int(next() >> 1) % max(1, limit) }

    /// True so many times in ten thousand.
    mutating func chance(_ inTenThousand: Int) -> Bool { below(10_000) < inTenThousand }

    static func mixed(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Things to choose among, each with its weight.
struct Wheel<Value: Sendable>: Sendable {
    let values: [Value]
    private let ends: [Int]

    /// Weights below nought count as nought, those above a thousand million as that.
    init(_ weighted: [(Value, Int)]) {
        var end = 0
        var ends: [Int] = []
        for (_, weight) in weighted {
            end += max(0, min(1_000_000_000, weight))
            ends.append(end)
        }
        values = weighted.map(\.0)
        self.ends = ends
    }

    /// One of the values, or nil where there is none.
    func pick(_ draw: inout Draw) -> Value? {
        guard let total = ends.last, total > 0 else { return nil }
        let at = draw.below(total)
        var (low, high) = (0, ends.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > at { high = middle } else { low = middle + 1 }
        }
        return values[low]
    }
}
