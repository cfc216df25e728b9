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
    /// The pairs that each rule found, in the order of the rules.
    private(set) var found: [Found] = []
    private(set) var classes: [Model.Class] = []
    /// Of each pattern the logarithm, to base e, of the odds that it is of one child.
    private(set) var odds: [Float] = []
    private(set) var clustering: Clustering!
    /// Pairs that only other records brought together, their own weight, and what those say.
    private(set) var implied: [(one: UInt32, other: UInt32, weight: Float, context: Float)] = []
    /// Seconds that each part of the work took.
    public private(set) var seconds: [(what: String, seconds: Double)] = []

    var records: Records { loaded.records }
    var comparer: Comparer { blocks.comparer }

    /// - Throws: ``LinkageError`` where a file cannot be read, or nothing in it can be compared.
    public init(_ files: [FileBytes], _ options: LinkOptions, progress: @escaping Progress = { _, _, _ in }) throws {
        var clock = Stopwatch()
        self.options = options
        loaded = try Loader.load(files, options.reading, progress)
        if options.isStrict, let first = loaded.refused.first {
            throw LinkageError.refused(loaded.refused.count, first)
        }
        let records = loaded.records
        let comparer = Comparer(Field.fitting(Field.fields(records)))
        clock.lap("reading")
        let own = try options.rules.map { try Rule(texts: $0, records) }
        let (close, wide) = own.isEmpty ? Rule.all(records) : (own, [])
        blocks = Blocks(records, comparer, rules: close.count, onlyBetween: options.onlyBetween)
        progress("comparing", 0, 3)
        found = try blocks.add(close, patterns, most: options.mostPairs ?? max(20_000_000, 20 * records.count))
        progress("comparing", 1, 3)
        clock.lap("comparing")
        learn()
        clock.lap("learning")
        let chosen = try worthwhile(wide)
        if !chosen.isEmpty {
            found += try blocks.add(chosen, patterns, most: max(0, mostPairs - pairCount))
            progress("comparing", 2, 3)
            clock.lap("comparing wider")
            learn()
            clock.lap("learning again")
        } else {
            clock.lap("looking for wider rules")
        }
        clustering = Clustering(
            records.count, found.map(\.pairs), odds: odds, threshold: -2,
            sources: options.onlyBetween ? records.sources : nil)
        implied = compareImplied()
        progress("comparing", 3, 3)
        clock.lap("joining")
        seconds = clock.laps
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

    private func learn() {
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

    /// What was learnt.
    public var model: Model {
        Model(
            fields: comparer.fields.map(\.name), levelNames: comparer.fields.map(\.levels), classes: classes,
            rules: blocks.rules.map(\.text))
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
