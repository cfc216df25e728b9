/// The pairs that were compared, and the clusters of records, kept while records come and go.
///
/// Clusters are those of the batch: within each group of records that are connected by pairs above the threshold they
/// are found anew when one of its pairs changes, by the same ``Joining``.
final class LiveGroups {
    private struct Edge: BitwiseCopyable {
        var other: UInt32
        var weight: Float
        var next: UInt32
    }

    private let edges = Buffer<Edge>()
    private var free: UInt32 = 0
    private let heads = Buffer<UInt32>()
    /// Of each record the next of its cluster, in a ring.
    private let ring = Buffer<UInt32>()
    private let places = Buffer<Int32>()
    private let joining = Joining()
    /// The pairs in use.
    private(set) var count = 0

    func reserve(_ records: Int, _ pairs: Int) {
        heads.reserve(records)
        ring.reserve(records)
        places.reserve(records)
        edges.reserve(pairs * 2)
    }

    /// Makes room for one record more, alone.
    func add() {
        ring.append(UInt32(ring.count))
        heads.append(0)
        places.append(-1)
    }

    func connect(_ one: UInt32, _ other: UInt32, _ weight: Float) {
        hang(one, other, weight)
        hang(other, one, weight)
        count += 1
    }

    private func hang(_ one: UInt32, _ other: UInt32, _ weight: Float) {
        let edge = Edge(other: other, weight: weight, next: heads.base[Int(one)])
        if free != 0 {
            heads.base[Int(one)] = free
            let place = edges.base + Int(free - 1)
            free = place.pointee.next
            place.pointee = edge
        } else {
            edges.append(edge)
            heads.base[Int(one)] = UInt32(edges.count)
        }
    }

    @inline(__always)
    func each(_ record: UInt32, _ take: (UInt32, Float) -> Void) {
        var at = heads.base[Int(record)]
        while at != 0 {
            let edge = edges.base[Int(at - 1)]
            take(edge.other, edge.weight)
            at = edge.next
        }
    }

    /// Takes away all pairs of a record.
    ///
    /// - Returns: the records that it was strongly connected with.
    func disconnect(_ record: UInt32) -> [UInt32] {
        var strong: [UInt32] = []
        var at = heads.base[Int(record)]
        heads.base[Int(record)] = 0
        while at != 0 {
            let edge = edges.base[Int(at - 1)]
            if edge.weight >= Clustering.threshold { strong.append(edge.other) }
            cut(edge.other, from: record)
            edges.base[Int(at - 1)].next = free
            free = at
            at = edge.next
            count -= 1
        }
        return strong
    }

    private func cut(_ record: UInt32, from other: UInt32) {
        var before: UInt32 = 0
        var at = heads.base[Int(record)]
        while at != 0, edges.base[Int(at - 1)].other != other { (before, at) = (at, edges.base[Int(at - 1)].next) }
        guard at != 0 else { return }
        let after = edges.base[Int(at - 1)].next
        if before == 0 { heads.base[Int(record)] = after } else { edges.base[Int(before - 1)].next = after }
        edges.base[Int(at - 1)].next = free
        free = at
    }

    /// The records of one’s cluster, itself first.
    func cluster(_ record: UInt32) -> [UInt32] {
        var (members, at) = ([record], ring.base[Int(record)])
        while at != record {
            members.append(at)
            at = ring.base[Int(at)]
        }
        return members
    }

    /// Makes a ring of a cluster.
    func setCluster(_ members: [UInt32]) {
        guard var before = members.last else { return }
        for member in members {
            ring.base[Int(before)] = member
            before = member
        }
    }

    /// The records that are connected with one by strong pairs, itself among them, in the one order.
    func group(_ record: UInt32, _ order: Buffer<UInt64>) -> [UInt32] {
        var members = [record]
        places.base[Int(record)] = 0
        var at = 0
        while at < members.count {
            each(members[at]) { other, weight in
                guard weight >= Clustering.threshold, places.base[Int(other)] < 0 else { return }
                places.base[Int(other)] = 0
                members.append(other)
            }
            at += 1
        }
        for member in members { places.base[Int(member)] = -1 }
        if members.count > 1 { members.sort { order.base[Int($0)] < order.base[Int($1)] } }
        return members
    }

    /// The clusters of a group.
    func clusters(_ group: [UInt32]) -> [[UInt32]] {
        if group.count <= 2 { return [group] }
        if group.count <= Joining.densest {
            join(group)
            var clusters: [[UInt32]] = []
            for one in group.indices where !(0..<one).contains(where: { joining.areTogether($0, one) }) {
                clusters.append((one..<group.count).filter { joining.areTogether(one, $0) }.map { group[$0] })
            }
            return clusters
        }
        var links: [(one: Int, other: Int, weight: Float)] = []
        within(group) { links.append(($0, $1, $2)) }
        let joined = Joining.large(group.count, links)
        let taken = Set(joined.joined())
        return joined.map { $0.map { group[$0] } } + group.indices.filter { !taken.contains($0) }.map { [group[$0]] }
    }

    private func join(_ group: [UInt32]) {
        joining.begin(group.count)
        within(group) { joining.add($0, $1, $2) }
        joining.join()
    }

    /// Each pair within a group once, by places.
    private func within(_ group: [UInt32], _ take: (Int, Int, Float) -> Void) {
        for (place, member) in group.enumerated() { places.base[Int(member)] = Int32(place) }
        for (place, member) in group.enumerated() {
            each(member) { other, weight in
                let own = Int(places.base[Int(other)])
                if own > place { take(place, own, weight) }
            }
        }
        for member in group { places.base[Int(member)] = -1 }
    }

    /// What the others of a group add to the pairs of one of its records: for each other record what they say, whether
    /// they were compared, and whether they are in one cluster. Nothing where nobody else is heard.
    func context(_ record: UInt32, _ group: [UInt32], _ take: (UInt32, Float, Bool) -> Void) {
        guard group.count > 2, group.count <= Joining.densest, let own = group.firstIndex(of: record) else { return }
        join(group)
        for (place, member) in group.enumerated() where place != own {
            take(member, joining.context(own, place), joining.areTogether(own, place))
        }
    }
}
