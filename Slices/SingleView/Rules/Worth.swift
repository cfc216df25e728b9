import Kernel

/// What an answer about two records is worth.
///
/// Rule `worth/1`: how uncertain the model is (the entropy of its chance, at most 1 bit), twice as much where two
/// persons may be one child, since then two agencies may each see half of them, and three times as much where both
/// records stand on one page and may be of two children, since then one family may see another’s record.
public enum Worth {
    public static let id = "worth/1"

    /// - Parameter isPart: whether the two stand on one person’s page now.
    public static func of(_ chance: Double, isPart: Bool) -> Double {
        let chance = min(max(chance, 0.000_001), 0.999_999)
        let nats = chance * Maths.logarithm(chance) + (1 - chance) * Maths.logarithm(1 - chance)
        let bits = -nats / Maths.logarithm(2)
        return (bits + 0.05) * (isPart ? 3 : 2)
    }
}
