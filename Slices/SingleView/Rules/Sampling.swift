/// Which pairs people look at without the model’s word, to find out how good the links are.
///
/// Rule `sample/1`: pairs are put into layers by whether they are linked, by how likely the model holds them, and by
/// their two sources. Each pair has a number made from a seed and its two records alone; a layer’s sample are the
/// pairs with the smallest. So it is drawn by chance, anybody can draw it again, and a pair that was looked at once
/// stays in it.
public struct Sampling: Sendable {
    public static let id = "sample/1"
    public static let seed: UInt64 = 20_261_128
    /// The most pairs of one layer, and of all.
    public static let most = 12, mostInAll = 1200

    public struct Key: Hashable, Comparable, Sendable {
        public let isLinked: Bool
        public let band: String
        /// The two sources in order of their codes, with a space between.
        public let sources: String

        public init(isLinked: Bool, band: String, sources: String) {
            (self.isLinked, self.band, self.sources) = (isLinked, band, sources)
        }

        public static func < (one: Key, other: Key) -> Bool {
            (one.isLinked ? 0 : 1, one.band, one.sources) < (other.isLinked ? 0 : 1, other.band, other.sources)
        }
    }

    public struct Pair: Hashable, Sendable {
        public let one, other: Int
        public let chance: Double
        public let key: Key
        /// Its place in the order of chance: the smaller, the sooner it is drawn.
        public let place: Int
    }

    private var counts: [Key: Int] = [:]
    private var drawn: [Key: [Pair]] = [:]

    public init() {}

    /// The bands of the model’s chance.
    public static func band(_ chance: Double) -> String {
        switch chance {
        case ..<0.05: "0.01 to 0.05"
        case ..<0.5: "0.05 to 0.5"
        case ..<0.95: "0.5 to 0.95"
        case ..<0.999: "0.95 to 0.999"
        default: "0.999 to 1"
        }
    }

    /// Puts a pair into its layer.
    public mutating func add(_ one: Int, _ other: Int, chance: Double, isLinked: Bool, sources: (String, String)) {
        let (low, high) = (min(one, other), max(one, other))
        let named = sources.0 < sources.1 ? "\(sources.0) \(sources.1)" : "\(sources.1) \(sources.0)"
        let key = Key(isLinked: isLinked, band: Sampling.band(chance), sources: named)
        counts[key, default: 0] += 1
        let pair = Pair(one: low, other: high, chance: chance, key: key, place: Sampling.place(low, high))
        var held = drawn[key] ?? []
        if held.count == Sampling.most, let last = held.last, pair.place >= last.place { return }
        let index = held.firstIndex { pair.place < $0.place } ?? held.count
        held.insert(pair, at: index)
        if held.count > Sampling.most { held.removeLast() }
        drawn[key] = held
    }

    public var layers: [(key: Key, pairs: Int)] {
        counts.sorted { $0.key < $1.key }.map { (key: $0.key, pairs: $0.value) }
    }

    /// The sample: the first of each layer before the second of any, up to the most.
    public var pairs: [Pair] {
        var all: [Pair] = []
        let inOrder = drawn.sorted { $0.key < $1.key }.map(\.value)
        for rank in 0..<Sampling.most {
            for layer in inOrder where rank < layer.count && all.count < Sampling.mostInAll { all.append(layer[rank]) }
        }
        return all
    }

    /// A number from the seed and the two records (SplitMix64), not below 0.
    static func place(_ one: Int, _ other: Int) -> Int {
        var state = seed
        for part in [UInt64(bitPattern: Int64(one)), UInt64(bitPattern: Int64(other))] {
            state = (state ^ part) &+ 0x9E37_79B9_7F4A_7C15
            state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
            state ^= state >> 31
        }
        return Int(state >> 2)
    }
}
