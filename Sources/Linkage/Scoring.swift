/// How right the links are, where the truth is known.
public struct Score: Sendable, Equatable {
    public let truePairs: Int
    /// Of the pairs that are taken at a probability, how many are right; and of the true ones, how many are taken.
    public struct At: Sendable, Equatable {
        public let threshold: Double
        public let precision: Double
        public let recall: Double

        public var f1: Double { precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0 }
    }

    public let half: At
    public let best: At
    /// The same of all pairs within the clusters.
    public let clusters: At
}

extension Linker {
    /// The score, where a truth column was named. Nothing before this has looked into it.
    public var score: Score? {
        guard let truth = loaded.truth else { return nil }
        var right: [Float: (hits: Int, all: Int)] = [:]
        var place = 0
        func note(_ weight: Float, _ one: UInt32, _ other: UInt32) {
            guard probability(weight) >= Self.least else { return }
            let isRight = truth.base[Int(one)] != 0 && truth.base[Int(one)] == truth.base[Int(other)]
            right[weight, default: (0, 0)].all += 1
            if isRight { right[weight]!.hits += 1 }
        }
        for part in found {
            for pair in part.pairs.elements {
                note(odds[Int(pair.pattern)] + clustering.context.base[place], pair.one, pair.other)
                place += 1
            }
        }
        for pair in implied { note(pair.weight + pair.context, pair.one, pair.other) }
        let total = truePairs(truth)
        func at(_ threshold: Double, _ hits: Int, _ all: Int) -> Score.At {
            .init(
                threshold: threshold, precision: all == 0 ? 1 : Double(hits) / Double(all),
                recall: total == 0 ? 1 : Double(hits) / Double(total))
        }
        var (hits, all, half, best) = (0, 0, at(0.5, 0, 0), at(1, 0, 0))
        for (weight, counts) in right.sorted(by: { $0.key > $1.key }) {
            hits += counts.hits
            all += counts.all
            if weight >= 0 { half = at(0.5, hits, all) }
            let here = at(probability(weight), hits, all)
            if here.f1 > best.f1 { best = here }
        }
        let (clusterHits, clusterAll) = clusterPairs(truth)
        return Score(truePairs: total, half: half, best: best, clusters: at(0, clusterHits, clusterAll))
    }

    private func choose(_ count: Int) -> Int { count * (count - 1) / 2 }

    private func truePairs(_ truth: Buffer<UInt32>) -> Int {
        struct Group: Hashable {
            let (child, compartment, source): (UInt32, UInt32, UInt16)
        }
        var (all, within): ([UInt64: Int], [Group: Int]) = ([:], [:])
        for record in 0..<records.count where truth[record] != 0 {
            let compartment = records.compartments?[record] ?? 0
            all[UInt64(truth[record]) << 32 | UInt64(compartment), default: 0] += 1
            guard blocks.onlyBetween else { continue }
            let group = Group(child: truth[record], compartment: compartment, source: records.sources[record])
            within[group, default: 0] += 1
        }
        return all.values.reduce(0) { $0 + choose($1) } - within.values.reduce(0) { $0 + choose($1) }
    }

    private func clusterPairs(_ truth: Buffer<UInt32>) -> (hits: Int, all: Int) {
        var members: [UInt32: [Int]] = [:]
        for record in 0..<records.count where clustering.cluster[record] != UInt32(record) {
            members[clustering.cluster[record], default: [Int(clustering.cluster[record])]].append(record)
        }
        var (hits, all) = (0, 0)
        for own in members.values {
            for (number, one) in own.enumerated() {
                for other in own[..<number] where !blocks.onlyBetween || records.sources[one] != records.sources[other]
                {
                    all += 1
                    if truth[one] != 0, truth[one] == truth[other] { hits += 1 }
                }
            }
        }
        return (hits, all)
    }
}
