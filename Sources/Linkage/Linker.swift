import Foundation

/// How to link.
public struct LinkOptions: Sendable {
    public var reading: Reading
    /// Whether only pairs of two sources are sought.
    public var onlyBetween = false
    /// The most pairs that are compared; without it 2.4 million, or three for each record where that is more.
    public var mostPairs: Int?
    /// The rules of blocking, in place of those that are chosen by what they cost and bring.
    public var rules: [[String]] = []
    /// Whether one refused row refuses everything.
    public var isStrict = false
    /// A wide rule is used where at least this share of its pairs are of one child.
    public var leastYield = 0.02

    public init(reading: Reading) { self.reading = reading }
}

/// Links records of the same child: reads them, finds the pairs that are worth comparing, compares them, learns from
/// how they agree what agreement is worth, and weighs each pair, alone and among the others.
///
/// The result is the same whatever the number of processors.
public final class Linker: @unchecked Sendable {
    /// How far the work has come: what is done, and how much of how much.
    public typealias Progress = @Sendable (String, Int, Int) -> Void

    let loaded: Loaded
    let options: LinkOptions
    let blocks: Blocks
    let patterns = Patterns()
    /// The pairs that each rule found, in the order of the rules; last, where there are any, those of people alone.
    private(set) var found: [Found] = []
    private(set) var classes: [Model.Class] = []
    /// Of each pattern the logarithm, to base e, of the odds that it is of one child.
    private(set) var odds: [Float] = []
    private(set) var clustering: Clustering!
    /// Pairs that only other records brought together, their own weight, and what those say.
    private(set) var implied: [(one: UInt32, other: UInt32, weight: Float, context: Float)] = []
    /// What people decided, by the places of the records, the smaller first.
    private(set) var decided: [UInt64: Decision.Verdict] = [:]
    /// Decisions that could not be taken, and why.
    public private(set) var refusedDecisions: [(decision: Decision, why: String)] = []
    /// Seconds that each part of the work took.
    public private(set) var seconds: [(what: String, seconds: Double)] = []
    private var clock = Stopwatch()

    var records: Records { loaded.records }
    var comparer: Comparer { blocks.comparer }

    /// Links the records of files: by a model that is given, or by one that is learnt from them.
    ///
    /// - Parameter decisions: what people decided of pairs of records; it stands whatever the model says.
    /// - Throws: ``LinkageError`` where a file cannot be read, or nothing in it can be compared.
    public convenience init(
        _ files: [FileBytes], _ options: LinkOptions, using model: Model? = nil, decisions: [Decision] = [],
        progress: @escaping Progress = { _, _, _ in }
    ) throws {
        let clock = Stopwatch()
        let loaded = try Loader.load(files, options.reading, columns: model?.columns, progress)
        try self.init(loaded, options, model, decisions, clock, progress)
    }

    /// Links records that are in no file; of the options’ reading only what is ignored and the kinds of columns count.
    public convenience init(
        _ records: some Collection<LiveRecord>, _ options: LinkOptions, using model: Model? = nil,
        decisions: [Decision] = []
    ) throws {
        let (clock, table) = (Stopwatch(), RecordTable(records, columns: model?.sourceColumns))
        let loaded = try Loader.load(table, options.reading, columns: model?.columns)
        try self.init(loaded, options, model, decisions, clock) { _, _, _ in }
    }

    private init(
        _ loaded: Loaded, _ options: LinkOptions, _ model: Model?, _ decisions: [Decision], _ clock: Stopwatch,
        _ progress: @escaping Progress
    ) throws {
        self.clock = clock
        self.loaded = loaded
        self.options = options
        if options.isStrict, let first = loaded.refused.first {
            throw LinkageError.refused(loaded.refused.count, first)
        }
        if let model {
            blocks = try model.blocks(loaded.records)
        } else {
            blocks = Blocks(
                loaded.records, Comparer(Field.fitting(Field.fields(loaded.records))),
                rules: Rule.all(loaded.records).close.count, onlyBetween: options.onlyBetween)
        }
        self.clock.lap("reading")
        progress("comparing", 0, 3)
        if let model { try take(model) } else { try learn(progress) }
        take(decisions)
        clustering = Clustering(
            records.count, found.map(\.pairs), odds: odds, sources: blocks.onlyBetween ? records.sources : nil,
            orders: records.orders)
        implied = compareImplied()
        progress("comparing", 3, 3)
        self.clock.lap("joining")
        seconds = self.clock.laps
    }

    /// Compares and weighs by what was learnt before.
    private func take(_ model: Model) throws {
        // A model of other records may bring more than memory holds; a part of the pairs would be another answer.
        let most = max(50_000_000, 50 * records.count)
        found = try blocks.add(model.blocking, patterns, most: most)
        if let number = found.firstIndex(where: \.isLeftOut) {
            throw LinkageError.model(
                "among these records its rule “\(model.rules[number])” brings more than \(most) pairs together; "
                    + "learn a model from these")
        }
        clock.lap("comparing")
        classes = model.classes
        odds = Learning(comparer, patterns).odds(classes)
        clock.lap("weighing")
    }

    private func learn(_ progress: Progress) throws {
        let own = try options.rules.map { try Rule(texts: $0, records) }
        let (close, wide) = own.isEmpty ? Rule.all(records) : (own, [])
        found = try blocks.add(close, patterns, most: options.mostPairs ?? max(20_000_000, 20 * records.count))
        progress("comparing", 1, 3)
        clock.lap("comparing")
        learnClasses()
        clock.lap("learning")
        let chosen = try worthwhile(wide)
        guard !chosen.isEmpty else { return clock.lap("looking for wider rules") }
        found += try blocks.add(chosen, patterns, most: max(0, mostPairs - pairCount))
        progress("comparing", 2, 3)
        clock.lap("comparing wider")
        learnClasses()
        clock.lap("learning again")
    }

    /// What people decided takes the place of what the fields say; a pair that no rule found is added.
    private func take(_ decisions: [Decision]) {
        guard !decisions.isEmpty else { return }
        let wanted = Set(decisions.flatMap { [Digested.id($0.one), Digested.id($0.other)] })
        var places: [UInt64: UInt32] = [:]
        for record in 0..<records.count where wanted.contains(records.orders.base[record]) {
            places[records.orders.base[record]] = UInt32(record)
        }
        for decision in decisions {
            guard let one = places[Digested.id(decision.one)], let other = places[Digested.id(decision.other)] else {
                let missing = places[Digested.id(decision.one)] == nil ? decision.one : decision.other
                refusedDecisions.append((decision, LinkageError.noRecord(missing).description))
                continue
            }
            guard one != other, !records.areApart(one, other) else {
                let why =
                    one == other
                    ? "It names one record twice." : LinkageError.apart(decision.one, decision.other).description
                refusedDecisions.append((decision, why))
                continue
            }
            decided[Self.key(one, other)] = decision.verdict
        }
        carryOut()
    }

    private func carryOut() {
        let (same, different) = (UInt32(odds.count), UInt32(odds.count + 1))
        odds += [.infinity, -.infinity]
        var left = decided
        for part in found {
            for index in 0..<part.count {
                let key = Self.key(part.pairs.base[index].one, part.pairs.base[index].other)
                guard let verdict = left.removeValue(forKey: key) else { continue }
                part.pairs.base[index].pattern = verdict == .same ? same : different
            }
        }
        let own = Buffer<Pair>()
        for (key, verdict) in left.sorted(by: { $0.key < $1.key }) {
            own.append(
                Pair(
                    one: UInt32(truncatingIfNeeded: key >> 32), other: UInt32(truncatingIfNeeded: key),
                    pattern: verdict == .same ? same : different))
        }
        if own.count > 0 { found.append(Found(pairs: own, large: 0)) }
    }

    static func key(_ one: UInt32, _ other: UInt32) -> UInt64 {
        UInt64(min(one, other)) << 32 | UInt64(max(one, other))
    }

    /// Pairs that no rule found, but whose other records put them into one cluster: compared after all.
    private func compareImplied() -> [(one: UInt32, other: UInt32, weight: Float, context: Float)] {
        let kernel = Kernel(comparer)
        let logs = Learning.logarithms(classes)
        return clustering.implied.map { one, other, context in
            let pattern = kernel.pattern(records.line(one), records.line(other))
            let levels = comparer.fields.indices.map { comparer.level(pattern, $0) }
            return (one, other, Learning.odds(levels, logs), context)
        }
    }

    private var mostPairs: Int { options.mostPairs ?? max(2_400_000, 3 * records.count) }

    /// How many pairs were compared.
    public var pairCount: Int { found.reduce(0) { $0 + $1.count } }

    private func learnClasses() {
        let learning = Learning(comparer, patterns)
        classes = Training(blocks, learning, chance: classes.last?.levels).classes(before: classes)
        odds = learning.odds(classes)
    }

    /// The wide rules that bring enough for what they cost, the best first, as far as the most pairs allow.
    private func worthwhile(_ wide: [Rule]) throws -> [Rule] {
        // Close rules bring few siblings together and may teach nothing of them; wide ones bring many.
        let siblings = Starts.classes(comparer.fields, [.same, .sibling])[1]
        let known = classes.contains { $0.name == siblings.name } ? classes : classes + [siblings]
        // Where the close rules found nothing, nothing is known of what is worth it: the cheapest are taken.
        let isBlind = pairCount == 0
        let least = isBlind ? 0 : options.leastYield
        let (blocks, most) = (self.blocks, Double(mostPairs))
        let surveys = try mapped(wide.count) { number in Result { try blocks.survey(wide[number], beside: [], known) }
        }.map { try $0.get() }
        let inOrder = surveys.sorted { isBlind ? $0.pairs < $1.pairs : $0.yield > $1.yield }
        var (total, chosen, keys): (Double, [Rule], [Keys]) = (Double(pairCount), [], [])
        for first in inOrder where first.yield >= least && total + first.pairs <= most {
            let survey = keys.isEmpty ? first : try blocks.survey(first.rule, beside: keys, known)
            guard survey.yield >= least, survey.pairs > 0, total + survey.pairs <= most else { continue }
            chosen.append(survey.rule)
            keys.append(try Keys(survey.rule, records))
            total += survey.pairs
        }
        return chosen
    }

    /// What was learnt, or given.
    public var model: Model {
        let used = zip(blocks.rules, found).filter { !$0.1.isLeftOut }.map(\.0)
        return Model(
            fields: comparer.fields.map(\.name), levelNames: comparer.fields.map(\.levels), classes: classes,
            rules: used.map(\.text), columns: loaded.columns, blocking: used,
            common: comparer.fields.map(\.common), onlyBetween: blocks.onlyBetween, largest: blocks.largest)
    }
}

extension Linker {
    /// Every pair of 0.001 or more, as ``writePairs(_:)`` writes them.
    public var pairs: [LiveIndex.Pair] {
        var (pairs, place): ([LiveIndex.Pair], Int) = ([], 0)
        func take(_ one: UInt32, _ other: UInt32, _ weight: Float, _ context: Float) {
            let chance = probability(weight + context)
            guard chance >= Self.least else { return }
            pairs.append(
                LiveIndex.Pair(
                    one: records.id(one), other: records.id(other), probability: chance,
                    decision: weight == .infinity ? .same : nil))
        }
        for part in found {
            for pair in part.pairs.elements {
                take(pair.one, pair.other, odds[Int(pair.pattern)], clustering.context.base[place])
                place += 1
            }
        }
        for pair in implied { take(pair.one, pair.other, pair.weight, pair.context) }
        return pairs
    }

    /// All clusters, also of one record alone: the ids of each, and the clusters by their first, in the order of the
    /// alphabet.
    public var clusters: [[String]] {
        Dictionary(grouping: 0..<records.count) { clustering.cluster[$0] }.values
            .map { $0.map { records.id(UInt32($0)) }.sorted() }.sorted { $0[0] < $1[0] }
    }
}

extension Model {
    /// The columns of a record that the model reads.
    public var sourceColumns: [String] {
        var seen: Set<String> = []
        return columns.flatMap(\.from).filter { seen.insert($0).inserted }
    }

    /// The blocks of records that were read as the model reads them.
    ///
    /// - Throws: ``LinkageError/model(_:)`` where its fields are not those that its columns allow.
    func blocks(_ records: Records) throws -> Blocks {
        var fields = Comparer(Field.fitting(Field.fields(records))).fields
        guard fields.map(\.name) == self.fields, fields.map(\.levels) == levelNames else {
            throw LinkageError.model("its fields are not those that this version compares; learn it again")
        }
        for number in fields.indices { try fields[number].freeze(common[number]) }
        return Blocks(
            records, Comparer(fields), rules: blocking.count, onlyBetween: onlyBetween, largest: largest)
    }
}

/// Seconds by parts of the work.
private struct Stopwatch {
    private var last = ContinuousClock.now
    var laps: [(what: String, seconds: Double)] = []

    mutating func lap(_ what: String) {
        let now = ContinuousClock.now
        let passed = last.duration(to: now).components
        laps.append((what, Double(passed.seconds) + Double(passed.attoseconds) / 1e18))
        last = now
    }
}
