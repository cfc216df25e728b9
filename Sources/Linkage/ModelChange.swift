/// A record’s number in the one order, its id, and the number of its cluster.
struct Membership {
    let order: UInt64
    let id: String
    let cluster: UInt32
}

/// What would be otherwise for the same records if another model were taken up: to look at before it is.
public struct ModelChange: Sendable {
    /// Two records that would be joined or parted, and how likely each model says that they are of one child.
    public struct Example: Sendable, Equatable {
        public let one: String
        public let other: String
        public let before: Double
        public let after: Double
    }

    /// The versions of the two models.
    public let from: String
    public let to: String
    /// How many records both hold; nothing is said of others.
    public let records: Int
    /// Pairs of records that are in one cluster after and not before, and the other way round.
    public let joined: Int
    public let parted: Int
    /// How many clusters there are, and how many of those after are none of those before.
    public let clustersBefore: Int
    public let clustersAfter: Int
    public let clustersChanged: Int
    /// Some of the pairs, one a cluster: the same ones every time.
    public let joining: [Example]
    public let parting: [Example]

    /// What would change for the records of one index if it were replaced by another.
    ///
    /// - Parameter examples: at most so many of each kind.
    public init(from before: LiveIndex, to after: LiveIndex, examples: Int = 10) {
        self.init(before.partition, after.partition, (before.version, after.version), examples) { one, other in
            ((try? before.explain(one, other).chance) ?? 0, (try? after.explain(one, other).chance) ?? 0)
        }
    }

    /// The same for the records of files, linked by two models.
    public init(from before: Linker, to after: Linker, examples: Int = 10) {
        self.init(before.partition, after.partition, (before.model.version, after.model.version), examples) {
            one, other in
            ((try? before.explain(one, other).chance) ?? 0, (try? after.explain(one, other).chance) ?? 0)
        }
    }

    private init(
        _ before: [Membership], _ after: [Membership], _ versions: (String, String), _ examples: Int,
        _ chances: (String, String) -> (Double, Double)
    ) {
        (from, to) = versions
        var both: [(id: String, before: UInt32, after: UInt32)] = []
        var at = 0
        for member in after {
            while at < before.count, before[at].order < member.order { at += 1 }
            if at < before.count, before[at].order == member.order {
                both.append((member.id, before[at].cluster, member.cluster))
            }
        }
        records = both.count
        func sizes<Key: Hashable>(_ key: ((id: String, before: UInt32, after: UInt32)) -> Key) -> [Key: Int] {
            both.reduce(into: [:]) { $0[key($1), default: 0] += 1 }
        }
        func pairs(_ sizes: some Sequence<Int>) -> Int { sizes.reduce(0) { $0 + $1 * ($1 - 1) / 2 } }
        let (old, new) = (sizes { $0.before }, sizes { $0.after })
        let common = sizes { UInt64($0.before) << 32 | UInt64($0.after) }
        joined = pairs(new.values) - pairs(common.values)
        parted = pairs(old.values) - pairs(common.values)
        (clustersBefore, clustersAfter) = (old.count, new.count)
        let same = common.count {
            old[UInt32($0.key >> 32)] == $0.value && new[UInt32(truncatingIfNeeded: $0.key)] == $0.value
        }
        clustersChanged = new.count - same
        func some(_ group: ((id: String, before: UInt32, after: UInt32)) -> (whole: UInt32, part: UInt32)) -> [Example]
        {
            var (first, found): ([UInt32: (id: String, part: UInt32)], [Example]) = ([:], [])
            var used: Set<UInt32> = []
            for member in both where found.count < examples {
                let (whole, part) = group(member)
                guard let other = first[whole] else {
                    first[whole] = (member.id, part)
                    continue
                }
                guard other.part != part, used.insert(whole).inserted else { continue }
                let (one, two) = (min(other.id, member.id), max(other.id, member.id))
                let (before, after) = chances(one, two)
                found.append(Example(one: one, other: two, before: before, after: after))
            }
            return found
        }
        joining = some { ($0.after, $0.before) }
        parting = some { ($0.before, $0.after) }
    }

    /// The change in words, a line each.
    public var summary: [String] {
        var lines = [
            "model before\t\(from)", "model after\t\(to)", "records\t\(records)", "pairs that would join\t\(joined)",
            "pairs that would part\t\(parted)",
            "clusters\t\(clustersBefore) before, \(clustersAfter) after, \(clustersChanged) of these changed",
        ]
        for (what, examples) in [("would join", joining), ("would part", parting)] {
            for one in examples {
                let chances = [one.before, one.after].map { String(Int(($0 * 1000).rounded())) }
                lines.append("\(what)\t\(one.one)\t\(one.other)\t\(chances[0]) in 1,000 before, \(chances[1]) after")
            }
        }
        return lines
    }
}

extension Linker {
    var partition: [Membership] {
        (0..<records.count).map {
            Membership(order: records.orders[$0], id: records.id(UInt32($0)), cluster: clustering.cluster[$0])
        }.sorted { $0.order < $1.order }
    }
}
