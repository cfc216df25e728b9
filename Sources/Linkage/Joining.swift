/// Joins the records of one connected group into clusters, and weighs its pairs again: the same whether the group comes
/// from files or from an index, for it knows records only by their places in one order.
///
/// A weight of plus infinity is a person’s word that two records are of one child, minus infinity that they are of two.
/// The first are joined before all others; clusters between which stands one of the second are never joined, not even
/// for the first.
final class Joining {
    /// Weights count no more than this either way: one certain pair shall not outweigh several that say no.
    static let bound: Float = 8
    /// What a pair that no rule brought together says.
    static let unknown: Float = -1
    /// Larger groups are joined pair by pair and not weighed again.
    static let densest = 96

    private let all = Buffer<Float>(repeating: 0, count: densest * densest)
    private let totals = Buffer<Float>(repeating: 0, count: densest * densest)
    private let counts = Buffer<Float>(repeating: 0, count: densest)
    private let groups = Buffer<Int>(repeating: 0, count: densest)
    private var decided: [(one: Int, other: Int)] = []
    private(set) var size = 0

    /// Begins a group of so many records, ``densest`` at most.
    func begin(_ size: Int) {
        self.size = size
        all.base.update(repeating: .nan, count: size * size)
        totals.base.update(repeating: Self.unknown, count: size * size)
        for index in 0..<size {
            counts.base[index] = 1
            groups.base[index] = index
        }
        if !decided.isEmpty { decided.removeAll() }
    }

    @inline(__always)
    func add(_ one: Int, _ other: Int, _ weight: Float) {
        let bounded = min(max(weight, -Self.bound), Self.bound)
        let sum = weight == -.infinity ? weight : bounded
        let (there, back) = (one * size + other, other * size + one)
        all.base[there] = bounded
        all.base[back] = bounded
        totals.base[there] = sum
        totals.base[back] = sum
        if weight == .infinity { decided.append((min(one, other), max(one, other))) }
    }

    func join() {
        let (sums, sizes) = (totals.base, counts.base)
        for pair in decided.sorted(by: { $0 < $1 }) {
            let (one, other) = (groups.base[pair.one], groups.base[pair.other])
            if one != other, sums[one * size + other] != -.infinity { merge(min(one, other), max(one, other)) }
        }
        while true {
            var (best, left, right): (Float, Int, Int) = (0, -1, -1)
            for one in 0..<size where sizes[one] > 0 {
                for other in one + 1..<max(size, one + 1) where sizes[other] > 0 {
                    let mean = sums[one * size + other] / (sizes[one] * sizes[other])
                    if mean > best { (best, left, right) = (mean, one, other) }
                }
            }
            guard left >= 0 else { return }
            merge(left, right)
        }
    }

    @inline(__always)
    private func merge(_ left: Int, _ right: Int) {
        let (sums, sizes, group) = (totals.base, counts.base, groups.base)
        for other in 0..<size where other != left && other != right {
            sums[left * size + other] += sums[right * size + other]
            sums[other * size + left] = sums[left * size + other]
        }
        sizes[left] += sizes[right]
        sizes[right] = 0
        for index in 0..<size where group[index] == right { group[index] = left }
    }

    @inline(__always) func areTogether(_ one: Int, _ other: Int) -> Bool { groups.base[one] == groups.base[other] }

    /// What the other records say of two: in one cluster, the strongest that is like both; in two, the strongest that
    /// is like one and unlike the other.
    func context(_ one: Int, _ other: Int) -> Float {
        let (weights, group) = (all.base, groups.base)
        var best: Float = 0
        let isTogether = group[one] == group[other]
        for third in 0..<size where third != one && third != other {
            let (left, right) = (weights[one * size + third], weights[other * size + third])
            let (a, b) = (left.isNaN ? Self.unknown : left, right.isNaN ? Self.unknown : right)
            if isTogether {
                if group[third] == group[one] { best = max(best, min(a, b)) }
            } else if group[third] == group[one] {
                best = max(best, min(a, -b))
            } else if group[third] == group[other] {
                best = max(best, min(-a, b))
            }
        }
        return isTogether ? best : -best
    }

    /// The pairs that no rule brought together, though they are in one cluster, and what the others say of them.
    func imply(_ take: (Int, Int, Float) -> Void) {
        for one in 0..<size {
            for other in one + 1..<max(size, one + 1)
            where areTogether(one, other) && all.base[one * size + other].isNaN {
                take(one, other, context(one, other))
            }
        }
    }
}

extension Joining {
    /// Joins a group of any size, pair by pair.
    ///
    /// - Parameter edges: places and weights; each pair once.
    /// - Returns: the clusters of two and more.
    static func large(_ size: Int, _ edges: [(one: Int, other: Int, weight: Float)]) -> [[Int]] {
        var work = Large(size)
        for edge in edges { work.add(edge) }
        work.join()
        return work.members.filter { $0.count > 1 }
    }

    private struct Large {
        var members: [[Int]]
        private var links: [[Int: (sum: Float, known: Int)]]
        private var home: [Int]
        private var decided: [(Int, Int)] = []
        private var heap = Heap()

        init(_ size: Int) {
            members = (0..<size).map { [$0] }
            links = Array(repeating: [:], count: size)
            home = Array(0..<size)
        }

        mutating func add(_ edge: (one: Int, other: Int, weight: Float)) {
            let bounded = edge.weight == -.infinity ? edge.weight : min(max(edge.weight, -bound), bound)
            links[edge.one][edge.other] = (bounded, 1)
            links[edge.other][edge.one] = (bounded, 1)
            if edge.weight == .infinity { decided.append((min(edge.one, edge.other), max(edge.one, edge.other))) }
        }

        private func mean(_ one: Int, _ other: Int, _ link: (sum: Float, known: Int)) -> Float {
            let all = members[one].count * members[other].count
            return (link.sum + unknown * Float(all - link.known)) / Float(all)
        }

        mutating func join() {
            for pair in decided.sorted(by: { $0 < $1 }) {
                let (one, other) = (home[pair.0], home[pair.1])
                if one != other, links[one][other]?.sum != -.infinity { merge(min(one, other), max(one, other)) }
            }
            for one in links.indices {
                for (other, link) in links[one] where one < other { heap.push(mean(one, other, link), one, other) }
            }
            while let (value, one, other) = heap.pop() {
                guard let link = links[one][other], mean(one, other, link) == value else { continue }
                let kept = merge(one, other)
                for (neighbour, link) in links[kept] {
                    heap.push(mean(kept, neighbour, link), min(kept, neighbour), max(kept, neighbour))
                }
            }
        }

        @discardableResult
        private mutating func merge(_ one: Int, _ other: Int) -> Int {
            let (kept, gone) = members[one].count >= members[other].count ? (one, other) : (other, one)
            links[kept][gone] = nil
            for (neighbour, link) in links[gone] where neighbour != kept {
                links[neighbour][gone] = nil
                let old = links[kept][neighbour] ?? (0, 0)
                let new = (old.sum + link.sum, old.known + link.known)
                links[kept][neighbour] = new
                links[neighbour][kept] = new
            }
            links[gone] = [:]
            for member in members[gone] { home[member] = kept }
            members[kept] += members[gone]
            members[gone] = []
            return kept
        }
    }
}

/// The greatest value first; of equal ones the smaller numbers, so that the order is always the same.
private struct Heap {
    private var entries: [(Float, Int, Int)] = []

    private static func isBefore(_ one: (Float, Int, Int), _ other: (Float, Int, Int)) -> Bool {
        one.0 != other.0 ? one.0 > other.0 : (one.1, one.2) < (other.1, other.2)
    }

    mutating func push(_ value: Float, _ one: Int, _ other: Int) {
        guard value > 0 else { return }
        entries.append((value, one, other))
        var at = entries.count - 1
        while at > 0, Self.isBefore(entries[at], entries[(at - 1) / 2]) {
            entries.swapAt(at, (at - 1) / 2)
            at = (at - 1) / 2
        }
    }

    mutating func pop() -> (Float, Int, Int)? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var at = 0
        while true {
            var best = at
            for child in [2 * at + 1, 2 * at + 2]
            where child < entries.count && Self.isBefore(entries[child], entries[best]) { best = child }
            if best == at { return first }
            entries.swapAt(at, best)
            at = best
        }
    }
}
