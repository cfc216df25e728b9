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
    private let orders: Buffer<UInt64>?
    /// The logarithm of the odds from which a pair may begin to join two records.
    static let threshold: Float = -2

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
    ///   - orders: numbers that put records in one order, whatever that of their rows.
    init(
        _ count: Int, _ pairs: [Buffer<Pair>], odds: [Float], threshold: Float = Clustering.threshold,
        sources: Buffer<UInt16>? = nil, orders: Buffer<UInt64>? = nil
    ) {
        self.sources = sources
        self.orders = orders
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
        for component in large { join(component) }
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
            if sizes.base[record] > Joining.densest {
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
                if size > Joining.densest {
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

    private func order(_ record: UInt32) -> UInt64 {
        orders.map { $0.base[Int(record)] } ?? UInt64(record)
    }

    /// Joins within small components.
    private final class Work {
        let owner: Clustering
        var implied: [(one: UInt32, other: UInt32, context: Float)] = []
        private let joining = Joining()
        private let records = Buffer<UInt32>(repeating: 0, count: Joining.densest)
        private let orders = Buffer<UInt64>(repeating: 0, count: Joining.densest)

        init(_ owner: Clustering) { self.owner = owner }

        func join(_ edges: UnsafeMutablePointer<Edge>, _ count: Int) {
            var size = 0
            for index in 0..<count {
                for record in [edges[index].one, edges[index].other] where place(record, size) < 0 {
                    records.base[size] = record
                    size += 1
                }
            }
            sort(size)
            joining.begin(size)
            for index in 0..<count {
                joining.add(place(edges[index].one, size), place(edges[index].other, size), edges[index].weight)
            }
            joining.join()
            for index in 0..<size {
                var first = records.base[index]
                for other in 0..<size where joining.areTogether(index, other) {
                    first = min(first, records.base[other])
                }
                owner.cluster.base[Int(records.base[index])] = first
            }
            for index in 0..<count {
                owner.context.base[Int(edges[index].place)] = joining.context(
                    place(edges[index].one, size), place(edges[index].other, size))
            }
            joining.imply { one, other, context in
                let (left, right) = (records.base[one], records.base[other])
                if let sources = owner.sources, sources[Int(left)] == sources[Int(right)] { return }
                implied.append((min(left, right), max(left, right), context))
            }
        }

        @inline(__always)
        private func place(_ record: UInt32, _ size: Int) -> Int {
            for index in 0..<size where records.base[index] == record { return index }
            return -1
        }

        /// Few records: each is put where it belongs among those before it.
        private func sort(_ size: Int) {
            for index in 0..<size {
                let (record, own) = (records.base[index], owner.order(records.base[index]))
                var at = index
                while at > 0, orders.base[at - 1] > own {
                    (records.base[at], orders.base[at]) = (records.base[at - 1], orders.base[at - 1])
                    at -= 1
                }
                (records.base[at], orders.base[at]) = (record, own)
            }
        }
    }

    /// Joins within a large component.
    private func join(_ edges: [Edge]) {
        let records = Set(edges.flatMap { [$0.one, $0.other] }).sorted { order($0) < order($1) }
        let places = Dictionary(uniqueKeysWithValues: zip(records, records.indices))
        let links = edges.compactMap { edge in
            places[edge.one].flatMap { one in places[edge.other].map { (one, $0, edge.weight) } }
        }
        for group in Joining.large(records.count, links) {
            let own = group.map { records[$0] }
            guard let first = own.min() else { continue }
            for record in own { cluster.base[Int(record)] = first }
        }
    }
}
