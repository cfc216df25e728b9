import Foundation

/// Joins records into clusters, one a child, so that no chain of doubtful links joins strangers; and weighs each pair
/// again by what the other records say.
///
/// Two clusters are joined only while all that is known of the pairs between them, taken together, speaks for one
/// child: each compared pair gives its weight, bounded either way, and a pair that no rule brought together speaks a
/// little against. The strongest first, until nothing is left that speaks for joining (average linkage).
final class Clustering: @unchecked Sendable {
    /// The smallest number of each record’s cluster.
    let cluster: Buffer<UInt32>
    /// Of each pair what the other records add to its weight, in the order of the pairs.
    let context: Buffer<Float>
    /// Pairs that no rule found, though they are in one cluster, and what the other records say of them.
    private(set) var implied: [(one: UInt32, other: UInt32, context: Float)] = []

    private let sources: Buffer<UInt16>?

    /// Weights count no more than this either way: one certain pair shall not outweigh several that say no.
    static let bound: Float = 8
    static let unknown: Float = -1
    /// Larger components are joined pair by pair and not weighed again.
    static let densest = 96

    /// A pair within a component, and its place among all pairs.
    private struct Edge: BitwiseCopyable {
        var one: UInt32
        var other: UInt32
        var weight: Float
        var place: UInt32
    }

    /// - Parameters:
    ///   - odds: of each pattern the logarithm of the odds that it is of one child.
    ///   - threshold: how large these must be that a pair may begin to join two records.
    ///   - sources: the source of each record, where no pair within one is wanted.
    init(_ count: Int, _ pairs: [Buffer<Pair>], odds: [Float], threshold: Float, sources: Buffer<UInt16>? = nil) {
        self.sources = sources
        cluster = Buffer(repeating: 0, count: count)
        let total = pairs.reduce(0) { $0 + $1.count }
        context = Buffer(repeating: 0, count: total)
        for record in 0..<count { cluster.base[record] = UInt32(record) }
        let component = Self.components(count, pairs, odds, threshold)
        let (starts, edges, large) = grouped(count, pairs, odds, component)
        // Edges of one component stand together; the work is cut between components.
        let pieces = 16
        let bounds = (0...pieces).map { starts.count <= 1 ? 0 : (starts.count - 1) * $0 / pieces }
        let found = mapped(pieces) { piece -> [(one: UInt32, other: UInt32, context: Float)] in
            let work = Work(self)
            for number in bounds[piece]..<bounds[piece + 1] {
                work.join(edges.base + starts[number], starts[number + 1] - starts[number])
            }
            return work.implied
        }
        implied = found.flatMap { $0 }
        for component in large { agglomerate(component) }
    }

    /// The edges within each component of three and more records, one component after the other; pairs alone are joined
    /// at once.
    private func grouped(
        _ count: Int, _ pairs: [Buffer<Pair>], _ odds: [Float], _ component: Buffer<UInt32>
    ) -> (Buffer<Int>, Buffer<Edge>, [[Edge]]) {
        let sizes = Buffer<UInt32>(repeating: 0, count: count)
        for record in 0..<count { sizes.base[Int(component.base[record])] += 1 }
        let counts = Buffer<UInt32>(repeating: 0, count: count)
        for part in pairs {
            for pair in part.elements {
                let own = component.base[Int(pair.one)]
                if own == component.base[Int(pair.other)] { counts.base[Int(own)] += 1 }
            }
        }
        let starts = Buffer<Int>()
        let places = Buffer<UInt32>(repeating: 0, count: count)
        var (at, largest): (Int, [UInt32: Int]) = (0, [:])
        for record in 0..<count where counts.base[record] > 0 && sizes.base[record] > 2 {
            if sizes.base[record] > Self.densest {
                largest[UInt32(record)] = largest.count
                continue
            }
            starts.append(at)
            places.base[record] = UInt32(at)
            at += Int(counts.base[record])
        }
        starts.append(at)
        let edges = Buffer<Edge>(repeating: Edge(one: 0, other: 0, weight: 0, place: 0), count: at)
        var (place, large): (UInt32, [[Edge]]) = (0, Array(repeating: [], count: largest.count))
        for part in pairs {
            for pair in part.elements {
                defer { place += 1 }
                let own = component.base[Int(pair.one)]
                guard own == component.base[Int(pair.other)] else { continue }
                let size = sizes.base[Int(own)]
                if size == 2 {
                    cluster.base[Int(max(pair.one, pair.other))] = min(pair.one, pair.other)
                    continue
                }
                let edge = Edge(one: pair.one, other: pair.other, weight: odds[Int(pair.pattern)], place: place)
                if size > Self.densest {
                    large[largest[own]!].append(edge)
                } else {
                    edges.base[Int(places.base[Int(own)])] = edge
                    places.base[Int(own)] += 1
                }
            }
        }
        return (starts, edges, large)
    }

    /// The smallest record of each connected component of the pairs above the threshold.
    private static func components(_ count: Int, _ pairs: [Buffer<Pair>], _ odds: [Float], _ threshold: Float)
        -> Buffer<UInt32>
    {
        let parent = Buffer<UInt32>(repeating: 0, count: count)
        let base = parent.base
        for record in 0..<count { base[record] = UInt32(record) }
        @inline(__always) func root(_ record: UInt32) -> UInt32 {
            var at = record
            while base[Int(at)] != at {
                base[Int(at)] = base[Int(base[Int(at)])]
                at = base[Int(at)]
            }
            return at
        }
        odds.withUnsafeBufferPointer { odds in
            for part in pairs {
                for pair in part.elements where odds[Int(pair.pattern)] >= threshold {
                    let (one, other) = (root(pair.one), root(pair.other))
                    if one != other { base[Int(max(one, other))] = min(one, other) }
                }
            }
        }
        for record in 0..<count { base[record] = root(UInt32(record)) }
        return parent
    }

    /// Joins within small components, whose pairs fit a square.
    private final class Work {
        let owner: Clustering
        var implied: [(one: UInt32, other: UInt32, context: Float)] = []
        private let weights = Buffer<Float>(repeating: 0, count: densest * densest)
        private let sums = Buffer<Float>(repeating: 0, count: densest * densest)
        private let sizes = Buffer<Float>(repeating: 0, count: densest)
        private let group = Buffer<Int>(repeating: 0, count: densest)
        private var records: [UInt32] = []

        init(_ owner: Clustering) { self.owner = owner }

        func join(_ edges: UnsafeMutablePointer<Edge>, _ count: Int) {
            records.removeAll(keepingCapacity: true)
            for index in 0..<count {
                for record in [edges[index].one, edges[index].other] where !records.contains(record) {
                    records.append(record)
                }
            }
            records.sort()
            let size = records.count
            let (weights, sums) = (self.weights.base, self.sums.base)
            weights.update(repeating: .nan, count: size * size)
            sums.update(repeating: unknown, count: size * size)
            for index in 0..<count {
                let (one, other) = (place(edges[index].one), place(edges[index].other))
                let bounded = min(max(edges[index].weight, -bound), bound)
                weights[one * size + other] = bounded
                weights[other * size + one] = bounded
                sums[one * size + other] = bounded
                sums[other * size + one] = bounded
            }
            agglomerate(size)
            for index in 0..<size { owner.cluster.base[Int(records[index])] = records[group[index]] }
            for index in 0..<count {
                owner.context.base[Int(edges[index].place)] = context(
                    place(edges[index].one), place(edges[index].other), size)
            }
            imply(size)
        }

        private func place(_ record: UInt32) -> Int { records.firstIndex(of: record)! }

        private func agglomerate(_ size: Int) {
            let (sums, sizes, group) = (self.sums.base, self.sizes.base, self.group.base)
            for index in 0..<size {
                sizes[index] = 1
                group[index] = index
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
                for other in 0..<size where other != left && other != right {
                    sums[left * size + other] += sums[right * size + other]
                    sums[other * size + left] = sums[left * size + other]
                }
                sizes[left] += sizes[right]
                sizes[right] = 0
                for index in 0..<size where group[index] == right { group[index] = left }
            }
        }

        /// What the other records say of two: in one cluster, the strongest that is like both; in two, the strongest
        /// that is like one and unlike the other.
        private func context(_ one: Int, _ other: Int, _ size: Int) -> Float {
            let weights = self.weights.base
            var best: Float = 0
            let isTogether = group[one] == group[other]
            for third in 0..<size where third != one && third != other {
                let (left, right) = (weights[one * size + third], weights[other * size + third])
                let (a, b) = (left.isNaN ? unknown : left, right.isNaN ? unknown : right)
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

        private func imply(_ size: Int) {
            for one in 0..<size {
                for other in one + 1..<max(size, one + 1)
                where group[one] == group[other] && weights[one * size + other].isNaN {
                    if let sources = owner.sources, sources[Int(records[one])] == sources[Int(records[other])] {
                        continue
                    }
                    implied.append((records[one], records[other], context(one, other, size)))
                }
            }
        }
    }

    /// Joins within a large component.
    private func agglomerate(_ edges: [Edge]) {
        var numbers: [UInt32: Int] = [:]
        var members: [[UInt32]] = []
        func number(_ record: UInt32) -> Int {
            if let number = numbers[record] { return number }
            numbers[record] = members.count
            members.append([record])
            return members.count - 1
        }
        var links: [[Int: (sum: Float, known: Int)]] = []
        for edge in edges {
            let (left, right) = (number(edge.one), number(edge.other))
            while links.count < members.count { links.append([:]) }
            let bounded = min(max(edge.weight, -Self.bound), Self.bound)
            links[left][right] = (bounded, 1)
            links[right][left] = (bounded, 1)
        }
        func mean(_ one: Int, _ other: Int, _ link: (sum: Float, known: Int)) -> Float {
            let all = members[one].count * members[other].count
            return (link.sum + Self.unknown * Float(all - link.known)) / Float(all)
        }
        var heap = Heap()
        for one in links.indices {
            for (other, link) in links[one] where one < other { heap.push(mean(one, other, link), one, other) }
        }
        while let (value, one, other) = heap.pop() {
            guard let link = links[one][other], mean(one, other, link) == value else { continue }
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
            members[kept] += members[gone]
            members[gone] = []
            for (neighbour, link) in links[kept] {
                heap.push(mean(kept, neighbour, link), min(kept, neighbour), max(kept, neighbour))
            }
        }
        for group in members where group.count > 1 {
            let low = group.min()!
            for record in group { cluster.base[Int(record)] = low }
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
