/// What linking keeps to of what people decided.
///
/// Rule `decided/1`: two records that somebody said are of one child go together when they are linked for the first
/// time; two of which somebody said that they are not never do. Records that are linked already stay where they are.
public enum Decided {
    public static let id = "decided/1"

    /// The clusters of the model, put together and taken apart by decisions.
    ///
    /// - Parameters:
    ///   - same: pairs that people said are of one child.
    ///   - different: pairs that people said are not.
    public static func clusters(
        _ clusters: [[Assigning.Member]], same: [(Int, Int)], different: [(Int, Int)]
    ) -> [[Assigning.Member]] {
        guard !same.isEmpty || !different.isEmpty else { return clusters }
        var apart: [Int: Set<Int>] = [:]
        for (one, other) in different {
            apart[one, default: []].insert(other)
            apart[other, default: []].insert(one)
        }
        return joined(clusters, same).flatMap { split($0, apart, same) }
    }

    /// Clusters that a decision says have one child between them are one.
    private static func joined(_ clusters: [[Assigning.Member]], _ same: [(Int, Int)]) -> [[Assigning.Member]] {
        var clusters = clusters
        var place: [Int: Int] = [:]
        for (index, members) in clusters.enumerated() { for member in members { place[member.number] = index } }
        for (one, other) in same {
            guard let here = place[one], let there = place[other], here != there else { continue }
            for member in clusters[there] { place[member.number] = here }
            clusters[here] += clusters[there]
            clusters[there] = []
        }
        return clusters.filter { !$0.isEmpty }
    }

    /// A cluster in parts none of which holds two records that were said to be of two children. Those of one person
    /// stay together, whatever was said since: only people part them.
    private static func split(
        _ cluster: [Assigning.Member], _ apart: [Int: Set<Int>], _ same: [(Int, Int)]
    ) -> [[Assigning.Member]] {
        guard cluster.contains(where: { apart[$0.number] != nil }) else { return [cluster] }
        let inOrder = cluster.sorted { ($0.person == nil ? 1 : 0, $0.number) < ($1.person == nil ? 1 : 0, $1.number) }
        var parts: [[Assigning.Member]] = []
        var persons: [String: Int] = [:]
        for member in inOrder {
            if let person = member.person {
                if let index = persons[person] {
                    parts[index].append(member)
                } else if let index = parts.firstIndex(where: { isFree(member, of: $0, apart) }) {
                    // Two persons whom the cluster holds for one stay in one part: somebody is asked about them.
                    persons[person] = index
                    parts[index].append(member)
                } else {
                    persons[person] = parts.count
                    parts.append([member])
                }
                continue
            }
            let partners = same.compactMap { $0.0 == member.number ? $0.1 : $0.1 == member.number ? $0.0 : nil }
            let home = parts.firstIndex { part in
                part.contains { partners.contains($0.number) } && isFree(member, of: part, apart)
            }
            if let index = home ?? parts.firstIndex(where: { isFree(member, of: $0, apart) }) {
                parts[index].append(member)
            } else {
                parts.append([member])
            }
        }
        return parts
    }

    private static func isFree(
        _ member: Assigning.Member, of part: [Assigning.Member], _ apart: [Int: Set<Int>]
    ) -> Bool {
        guard let others = apart[member.number] else { return true }
        return !part.contains { others.contains($0.number) }
    }

    /// Which records of a person leave with the one that is not theirs: those that people said are one child with it,
    /// and those whose likeliest partner leaves. The one that stays never does.
    ///
    /// - Parameter best: the likeliest partner of each record, by the model.
    public static func leaving(
        _ record: Int, from staying: Int, of records: Set<Int>, same: [(Int, Int)], best: [Int: Int]
    ) -> Set<Int> {
        var going: Set<Int> = [record]
        let others = records.subtracting([staying])
        var isGrowing = true
        while isGrowing {
            let before = going.count
            for (one, other) in same where others.contains(one) && others.contains(other) {
                if going.contains(one) || going.contains(other) { going.formUnion([one, other]) }
            }
            for one in others { if let partner = best[one], going.contains(partner) { going.insert(one) } }
            isGrowing = going.count > before
        }
        return going
    }
}
