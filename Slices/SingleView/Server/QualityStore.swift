import Cryptography
import Kernel
import SingleView
import Storage
import Web

/// How good the links are, as people found who looked at a sample.
struct Quality: Sendable {
    struct Line: Hashable, Sendable {
        let name: String
        let reviewed: Int
        /// Nil where too few were looked at to tell.
        let precision, recall: Proportion?
    }

    let model: String
    let made: Instant
    let sample, reviewed, unsure: Int
    /// How much of all compared pairs lies in layers of which somebody looked at a pair.
    let coverage: Double
    let all: Line
    let bySource: [Line]
    let byGroup: [Line]
}

/// The sample of pairs, and what people said of it.
struct QualityStore {
    let tx: any Transaction

    static let newestRun: SQL = "SELECT id FROM sample_run ORDER BY made DESC, id DESC LIMIT 1"

    /// A pair of the sample, with what was said of it.
    private struct Reviewed {
        let key: Sampling.Key
        let persons: [String]
        let verdict: Verdict?
    }

    /// What the newest sample tells; nil where none was drawn.
    ///
    /// - Parameters:
    ///   - source: what a source is called.
    ///   - groups: which group of ethnicity each code is of.
    func quality(source: (String) -> String, groups: [String: String]) throws -> Quality? {
        guard let run = try tx.row("SELECT id, model, made FROM sample_run ORDER BY made DESC, id DESC LIMIT 1") else {
            return nil
        }
        let id = try run.get("id", as: String.self)
        let pairs = try reviewed(id)
        var counts: [Sampling.Key: (reviewed: Int, same: Int)] = [:]
        for pair in pairs where pair.verdict == .same || pair.verdict == .different {
            counts[pair.key, default: (0, 0)].reviewed += 1
            if pair.verdict == .same { counts[pair.key, default: (0, 0)].same += 1 }
        }
        var layers: [(key: Sampling.Key, layer: Layer)] = []
        try tx.each("SELECT linked, band, sources, pairs FROM sample_layer WHERE run = \(id)") { row in
            let key = Sampling.Key(
                isLinked: try row.get("linked"), band: try row.get("band"), sources: try row.get("sources"))
            let (reviewed, same) = counts[key] ?? (0, 0)
            layers.append(
                (key, Layer(isLinked: key.isLinked, pairs: try row.get("pairs"), reviewed: reviewed, same: same)))
        }
        let all = layers.map(\.layer)
        let named = Dictionary(grouping: layers, by: \.key.sources)
        return Quality(
            model: try run.get("model"), made: try run.get("made"), sample: pairs.count,
            reviewed: counts.values.reduce(0) { $0 + $1.reviewed },
            unsure: pairs.filter { $0.verdict == .unsure }.count, coverage: QualityRule.coverage(all),
            all: line("All pairs", all, least: 1),
            bySource: named.keys.sorted().map { sources in
                let words = sources.split(separator: " ").map { source(String($0)) }.joined(separator: " and ")
                return line(words, named[sources]?.map(\.layer) ?? [], least: QualityRule.least)
            },
            byGroup: try byGroup(pairs, layers, groups))
    }

    private func line(_ name: String, _ layers: [Layer], least: Int) -> Quality.Line {
        let linked = layers.filter(\.isLinked).reduce(0) { $0 + $1.reviewed }
        let all = layers.reduce(0) { $0 + $1.reviewed }
        return Quality.Line(
            name: name, reviewed: all, precision: linked < least ? nil : QualityRule.precision(layers),
            recall: all < least ? nil : QualityRule.recall(layers))
    }

    private func byGroup(
        _ pairs: [Reviewed], _ layers: [(key: Sampling.Key, layer: Layer)], _ groups: [String: String]
    ) throws -> [Quality.Line] {
        let weights = Dictionary(
            layers.map { ($0.key, Double($0.layer.pairs) / Double(max(1, $0.layer.reviewed))) },
            uniquingKeysWith: { first, _ in first })
        let said = pairs.filter { $0.verdict == .same || $0.verdict == .different }
        let codes = try ethnicities(of: Array(Set(said.flatMap(\.persons))))
        var linked: [String: [(isHit: Bool, weight: Double)]] = [:]
        var same: [String: [(isHit: Bool, weight: Double)]] = [:]
        var counts: [String: Int] = [:]
        for pair in said {
            let told = Set(pair.persons.compactMap { codes[$0].flatMap { groups[$0] } })
            for group in told.isEmpty ? [Self.notTold] : told {
                let weight = weights[pair.key] ?? 0
                counts[group, default: 0] += 1
                if pair.key.isLinked { linked[group, default: []].append((pair.verdict == .same, weight)) }
                if pair.verdict == .same { same[group, default: []].append((pair.key.isLinked, weight)) }
            }
        }
        return counts.keys.sorted { ($0 == Self.notTold ? 1 : 0, $0) < ($1 == Self.notTold ? 1 : 0, $1) }.map { group in
            Quality.Line(
                name: group, reviewed: counts[group] ?? 0, precision: QualityRule.group(linked[group] ?? []),
                recall: QualityRule.group(same[group] ?? []))
        }
    }

    static let notTold = "Not told by the school census"

    private func reviewed(_ run: String) throws -> [Reviewed] {
        try tx.rows(
            """
            SELECT sample_pair.linked, sample_pair.band, sample_pair.sources, sample_pair.verdict,
                one.person AS one_person, two.person AS two_person
            FROM sample_pair JOIN held_record one ON one.number = sample_pair.one
                JOIN held_record two ON two.number = sample_pair.other
            WHERE sample_pair.run = \(run) ORDER BY sample_pair.id
            """
        ).map { row in
            let persons = [
                try row.optional("one_person", as: String.self), try row.optional("two_person", as: String.self),
            ].compactMap { $0 }
            return Reviewed(
                key: Sampling.Key(
                    isLinked: try row.get("linked"), band: try row.get("band"), sources: try row.get("sources")),
                persons: Array(Set(persons)).sorted(), verdict: try row.optional("verdict"))
        }
    }

    /// What the school census says of these persons.
    private func ethnicities(of persons: [String]) throws -> [String: String] {
        var found: [String: String] = [:]
        for start in stride(from: 0, to: persons.count, by: 500) {
            let some = Array(persons[start..<min(start + 500, persons.count)])
            try tx.each(
                """
                SELECT held_record.person, held_part.cells
                FROM held_record JOIN held_part ON held_part.record = held_record.number
                WHERE held_record.person IN \(some) AND held_record.source = 'school-census'
                    AND held_part.class = 'identity' AND held_part.until IS NULL
                """
            ) { row in
                for (name, value) in Cells.read(try row.get("cells")) where name == "ethnicity" && !value.isEmpty {
                    found[try row.get("person")] = value
                }
            }
        }
        return found
    }

    // MARK: - Drawing

    /// Keeps the sample of a run. What was said of a pair before stays with it.
    static func keep(_ sampling: Sampling, model: String, in tx: any WriteTransaction) throws {
        let run = FeedStore.newID
        try tx.run("DELETE FROM sample_layer")
        try tx.run("DELETE FROM sample_run")
        try tx.run("INSERT INTO sample_run (id, model, made) VALUES (\(run), \(model), \(tx.now))")
        for (key, pairs) in sampling.layers {
            try tx.run(
                """
                INSERT INTO sample_layer (run, linked, band, sources, pairs)
                VALUES (\(run), \(key.isLinked), \(key.band), \(key.sources), \(pairs))
                """)
        }
        for pair in sampling.pairs {
            try tx.run(
                """
                INSERT INTO sample_pair (id, one, other, linked, band, sources, chance, place, run)
                VALUES (\(FeedStore.newID), \(pair.one), \(pair.other), \(pair.key.isLinked), \(pair.key.band),
                    \(pair.key.sources), \(pair.chance), \(pair.place), \(run))
                ON CONFLICT (one, other) DO UPDATE SET linked = excluded.linked, band = excluded.band,
                    sources = excluded.sources, chance = excluded.chance, run = excluded.run
                """)
        }
        try tx.run("DELETE FROM sample_pair WHERE run <> \(run) AND verdict IS NULL")
        tx.record(Event(ReviewEvents.drawn, subject: run, detail: "pairs=\(sampling.pairs.count)"))
    }

    /// The sources and persons of records, for the layers.
    static func holders(of records: [Int], in tx: any Transaction) throws -> [Int: (source: String, person: String)] {
        var found: [Int: (source: String, person: String)] = [:]
        for start in stride(from: 0, to: records.count, by: 500) {
            let some = Array(records[start..<min(start + 500, records.count)])
            try tx.each(
                """
                SELECT number, source, person FROM held_record
                WHERE number IN \(some) AND person IS NOT NULL AND compartment = ''
                """
            ) { row in found[try row.get("number")] = (try row.get("source"), try row.get("person")) }
        }
        return found
    }
}

extension Linking {
    /// Draws the sample of what was compared, by which people will say how good the links are.
    func keepSample(_ pairs: [(one: Int, other: Int, chance: Double)], model: String) async throws {
        guard !pairs.isEmpty else { return }
        let numbers = Array(Set(pairs.flatMap { [$0.one, $0.other] })).sorted()
        let holders = try await database.read { try QualityStore.holders(of: numbers, in: $0) }
        var sampling = Sampling()
        for pair in pairs {
            guard let one = holders[pair.one], let other = holders[pair.other] else { continue }
            sampling.add(
                pair.one, pair.other, chance: pair.chance, isLinked: one.person == other.person,
                sources: (one.source, other.source))
        }
        let drawn = sampling
        try await database.write(for: .system) { try QualityStore.keep(drawn, model: model, in: $0) }
    }

    /// The clusters as people’s decisions leave them.
    static func keeping(
        to decided: [PairOfRecords: String], _ clusters: [[Assigning.Member]]
    ) -> [[Assigning.Member]] {
        let inOrder = decided.sorted { ($0.key.one, $0.key.other) < ($1.key.one, $1.key.other) }
        func pairs(_ verdict: Verdict) -> [(Int, Int)] {
            inOrder.filter { $0.value == verdict.rawValue }.map { ($0.key.one, $0.key.other) }
        }
        return Decided.clusters(clusters, same: pairs(.same), different: pairs(.different))
    }

    /// Pairs of persons of whom somebody said that they are two: no other pair of their records is in doubt.
    static func apart(_ decided: [PairOfRecords: String], _ persons: [Int: String]) -> Set<[String]> {
        Set(
            decided.filter { $0.value == Verdict.different.rawValue }.compactMap { pair, _ in
                guard let one = persons[pair.one], let other = persons[pair.other] else { return nil }
                return [one, other].sorted()
            })
    }
}
