/// A share with the interval in which it lies, as far as the pairs that people looked at tell.
public struct Proportion: Hashable, Sendable {
    /// Between 0 and 1, as are both ends of the interval, which holds with 95 %.
    public let value, low, high: Double
    /// How many pairs were looked at.
    public let reviewed: Int

    public init(value: Double, low: Double, high: Double, reviewed: Int) {
        (self.value, self.low, self.high, self.reviewed) = (value, low, high, reviewed)
    }

    /// The 97.5th percentile of the normal distribution.
    static let z = 1.959963984540054

    /// Wilson’s interval (1927) for a share of so many; the number may be a fraction, where it is an effective one.
    public static func wilson(share: Double, of count: Double) -> (low: Double, high: Double) {
        guard count > 0 else { return (0, 1) }
        let share = min(max(share, 0), 1)
        let zz = z * z
        let middle = (share + zz / (2 * count)) / (1 + zz / count)
        let spread =
            z * (share * (1 - share) / count + zz / (4 * count * count)).squareRoot() / (1 + zz / count)
        return (max(0, min(share, middle - spread)), min(1, max(share, middle + spread)))
    }

    /// The share of so many out of so many.
    public init(_ hits: Int, of count: Int) {
        let share = count > 0 ? Double(hits) / Double(count) : 0
        let (low, high) = Proportion.wilson(share: share, of: Double(count))
        self.init(value: share, low: low, high: high, reviewed: count)
    }
}

/// One layer of the sample: pairs of one band of chance between two sources, linked or not.
public struct Layer: Hashable, Sendable {
    /// Whether its pairs stand with one person.
    public let isLinked: Bool
    /// How many pairs it has; how many of them were looked at, and how many of those are one child.
    public let pairs, reviewed, same: Int

    public init(isLinked: Bool, pairs: Int, reviewed: Int, same: Int) {
        (self.isLinked, self.pairs, self.reviewed, self.same) = (isLinked, pairs, reviewed, same)
    }

    /// The share of one child, drawn a little to the middle, so that few pairs alike are not taken for certainty.
    fileprivate var smoothed: Double { (Double(same) + 1) / (Double(reviewed) + 2) }
    /// How unsure the number of pairs of one child is: nothing where all were looked at.
    fileprivate var variance: Double {
        let count = Double(pairs)
        let left = max(0, 1 - Double(reviewed) / count)
        return count * count * smoothed * (1 - smoothed) / Double(reviewed) * left
    }
    fileprivate var total: Double { Double(pairs) * Double(same) / Double(reviewed) }
    fileprivate var smoothedTotal: Double { Double(pairs) * smoothed }
}

/// How good the links are, by layers that people looked at.
///
/// Rule `quality/1`. Each layer’s share counts by how many pairs the layer has. The interval is Wilson’s for the
/// effective number of pairs: the number that a plain sample would need to be as sure (Korn and Graubard 1998). A
/// layer of which nobody looked at any pair is left out, and it is said how much of all pairs that is.
public enum QualityRule {
    public static let id = "quality/1"
    /// Fewer pairs than this tell nothing of a group, and could tell of a child.
    public static let least = 10

    /// Of the linked pairs, those that are one child. Nil where nobody looked at any.
    public static func precision(_ layers: [Layer]) -> Proportion? {
        let seen = layers.filter { $0.isLinked && $0.reviewed > 0 && $0.pairs > 0 }
        let all = seen.reduce(0.0) { $0 + Double($1.pairs) }
        guard all > 0 else { return nil }
        let value = seen.reduce(0) { $0 + $1.total } / all
        let middle = seen.reduce(0) { $0 + $1.smoothedTotal } / all
        return proportion(value, middle, seen.reduce(0) { $0 + $1.variance } / (all * all), seen)
    }

    /// Of the pairs that are one child, those that are linked, among the pairs that the model compared and gave a
    /// chance of at least one in a hundred. Nil where nobody looked at any linked one, or where none is one child.
    public static func recall(_ layers: [Layer]) -> Proportion? {
        let seen = layers.filter { $0.reviewed > 0 && $0.pairs > 0 }
        let linked = seen.filter(\.isLinked), apart = seen.filter { !$0.isLinked }
        let found = linked.reduce(0) { $0 + $1.total }
        let missed = apart.reduce(0) { $0 + $1.total }
        guard !linked.isEmpty, found + missed > 0 else { return nil }
        // Where every pair is linked, nothing can have been missed among them; else somebody has to have looked.
        guard !apart.isEmpty || !layers.contains(where: { !$0.isLinked && $0.pairs > 0 }) else { return nil }
        let (a, b) = (linked.reduce(0) { $0 + $1.smoothedTotal }, apart.reduce(0) { $0 + $1.smoothedTotal })
        let (va, vb) = (linked.reduce(0) { $0 + $1.variance }, apart.reduce(0) { $0 + $1.variance })
        let sum = a + b
        let variance = (b * b * va + a * a * vb) / (sum * sum * sum * sum)
        return proportion(found / (found + missed), a / sum, variance, seen)
    }

    /// A share among pairs of one group, each counting for as many as it stands for. Nil where they are too few to
    /// tell.
    public static func group(_ pairs: [(isHit: Bool, weight: Double)]) -> Proportion? {
        let weights = pairs.reduce(0) { $0 + $1.weight }
        guard pairs.count >= least, weights > 0 else { return nil }
        let value = pairs.reduce(0) { $0 + ($1.isHit ? $1.weight : 0) } / weights
        let effective = weights * weights / pairs.reduce(0) { $0 + $1.weight * $1.weight }
        let (low, high) = Proportion.wilson(share: value, of: effective)
        return Proportion(value: value, low: low, high: high, reviewed: pairs.count)
    }

    /// Whether a group is linked worse, beyond what chance would explain.
    public static func isWorse(_ group: Proportion, than all: Proportion) -> Bool { group.high < all.value }

    /// How much of all pairs lies in layers of which somebody looked at a pair, between 0 and 1.
    public static func coverage(_ layers: [Layer]) -> Double {
        let all = layers.reduce(0.0) { $0 + Double($1.pairs) }
        return all > 0 ? layers.reduce(0.0) { $0 + ($1.reviewed > 0 ? Double($1.pairs) : 0) } / all : 0
    }

    private static func proportion(_ value: Double, _ middle: Double, _ variance: Double, _ seen: [Layer]) -> Proportion
    {
        let reviewed = seen.reduce(0) { $0 + $1.reviewed }
        guard variance > 0 else { return Proportion(value: value, low: value, high: value, reviewed: reviewed) }
        let (low, high) = Proportion.wilson(share: value, of: middle * (1 - middle) / variance)
        return Proportion(value: value, low: low, high: high, reviewed: reviewed)
    }
}
