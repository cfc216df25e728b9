import Linkage

/// What one run of linking looks at: whole clusters, and every pair of a record in them.
struct LinkView: Sendable {
    /// Whether it is the whole city.
    let isWhole: Bool
    let clusters: [[Int]]
    let pairs: [Linking.Pair]
    let numbers: Set<Int>

    /// - Parameters:
    ///   - waiting: records that are linked to nobody yet.
    ///   - decided: pairs of which people said something: their clusters are looked at together.
    init(_ live: LiveIndex, _ pending: LinkIndex.Change, _ waiting: [Int], _ decided: [PairOfRecords]) throws {
        let clusters: [[Int]]
        switch pending {
        case .all:
            isWhole = true
            clusters = live.clusters().map { $0.compactMap { Int($0) } }
        case .some(let changed):
            isWhole = false
            clusters = Self.clusters(live, changed.union(waiting), decided)
        }
        numbers = Set(clusters.joined())
        var pairs: [Linking.Pair] = []
        for number in clusters.joined() {
            for pair in try live.pairs(of: String(number)) where pair.probability >= Linking.least {
                guard let one = Int(pair.one), let two = Int(pair.other) else { continue }
                let other = one == number ? two : one
                // A pair of which both are looked at is met twice.
                if other < number, numbers.contains(other) { continue }
                pairs.append((min(number, other), max(number, other), pair.probability))
            }
        }
        self.pairs = pairs
        self.clusters = Self.sure(clusters, pairs)
    }

    /// The clusters as sure pairs alone hold them together: of the others a person is asked.
    private static func sure(_ clusters: [[Int]], _ pairs: [Linking.Pair]) -> [[Int]] {
        var next: [Int: [Int]] = [:]
        for pair in pairs where pair.chance >= Linking.sure {
            next[pair.one, default: []].append(pair.other)
            next[pair.other, default: []].append(pair.one)
        }
        return clusters.flatMap { cluster -> [[Int]] in
            if cluster.count == 1 { return [cluster] }
            let members = Set(cluster)
            var (seen, parts): (Set<Int>, [[Int]]) = ([], [])
            for first in cluster.sorted() where seen.insert(first).inserted {
                var part = [first]
                var place = 0
                while place < part.count {
                    for other in next[part[place]] ?? [] where members.contains(other) && seen.insert(other).inserted {
                        part.append(other)
                    }
                    place += 1
                }
                parts.append(part)
            }
            return parts
        }
    }

    /// The clusters of these records, and of all that people’s decisions tie to them.
    private static func clusters(_ live: LiveIndex, _ first: Set<Int>, _ decided: [PairOfRecords]) -> [[Int]] {
        var ties: [Int: [Int]] = [:]
        for pair in decided {
            ties[pair.one, default: []].append(pair.other)
            ties[pair.other, default: []].append(pair.one)
        }
        var (seen, open, clusters): (Set<Int>, [Int], [[Int]]) = ([], Array(first), [])
        while let number = open.popLast() {
            guard seen.insert(number).inserted else { continue }
            let cluster = live.cluster(of: String(number)).compactMap { Int($0) }.sorted()
            if cluster.isEmpty { continue }
            seen.formUnion(cluster)
            clusters.append(cluster)
            for member in cluster { open += ties[member] ?? [] }
        }
        return clusters.sorted { $0[0] < $1[0] }
    }
}
