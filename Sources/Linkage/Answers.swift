/// Two records that were compared, and how likely it is that they are of one child.
public struct LinkedPair: Sendable, Equatable {
    public let one: String
    public let other: String
    /// From 0 to 1.
    public let chance: Double

    public init(one: String, other: String, chance: Double) {
        (self.one, self.other, self.chance) = (one, other, chance)
    }
}

extension Linker {
    /// The pairs that are at least so likely, as they would be written.
    public func pairs(atLeast least: Double = Linker.least) -> [LinkedPair] {
        var pairs: [LinkedPair] = []
        var place = 0
        for part in found {
            for pair in part.pairs.elements {
                let chance = probability(odds[Int(pair.pattern)] + clustering.context[place])
                place += 1
                if chance >= least {
                    pairs.append(LinkedPair(one: name(pair.one), other: name(pair.other), chance: chance))
                }
            }
        }
        for pair in implied {
            let chance = probability(pair.weight + pair.context)
            if chance >= least {
                pairs.append(LinkedPair(one: name(pair.one), other: name(pair.other), chance: chance))
            }
        }
        return pairs
    }

    /// The ids of the records of each child, in the order in which the records were read.
    public func clusters() -> [[String]] {
        var places: [UInt32: Int] = [:]
        var clusters: [[String]] = []
        for record in 0..<records.count {
            let own = clustering.cluster[record]
            if let place = places[own] {
                clusters[place].append(name(UInt32(record)))
            } else {
                places[own] = clusters.count
                clusters.append([name(UInt32(record))])
            }
        }
        return clusters
    }

    private func name(_ record: UInt32) -> String { String(decoding: records.ids[Int(record)].bytes, as: UTF8.self) }
}
