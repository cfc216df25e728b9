import Foundation

/// What is known of how records of one child, and of different children, agree: for each class of pairs how frequent it
/// is among the pairs that were compared, and how often each field has each level.
///
/// Fellegi and Sunter (1969) with more than two classes: twins and siblings agree together in family name, home and
/// telephone, and a model of two classes takes them for one child.
public struct Model: Sendable, Equatable {
    public struct Class: Codable, Sendable, Equatable {
        public var name: String
        public var prior: Double
        /// By field and level; level 0, missing, counts for nothing.
        public var levels: [[Double]]
    }

    /// A column as the model reads it.
    public struct Column: Codable, Sendable, Equatable {
        public var name: String
        public var kind: ColumnKind
        /// The columns of a file that are read as this one.
        public var from: [String]
        /// Of a whole name the part that it is.
        public var part: NamePart?
        /// Whether “3/4/2015” is the fourth of March.
        public var monthFirst: Bool
    }

    /// The fields that are compared, and the words for their levels of agreement.
    public var fields: [String]
    public var levelNames: [[String]]
    public var classes: [Class]
    /// The rules that bring records together, in words.
    public var rules: [String]
    public var columns: [Column]
    /// The rules as they are carried out, in the same order.
    var blocking: [Rule]
    /// Of each field the values that are not rare, as hashes, and how common each is. No value can be read from it.
    var common: [[UInt64: UInt8]]
    /// Whether only pairs of two sources are sought.
    public var onlyBetween: Bool
    /// Groups of more records than this are compared only where they agree in more.
    public var largest: Int

    /// Tells one model from another: a hash of all that it is. Two models with one version give the same answers.
    public var version: String {
        let text = String(digest, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}

/// Learns a model from how often each pattern of agreement was seen, without being told which pairs are one child
/// (expectation and maximisation: Dempster, Laird and Rubin 1977). Sums are made in one order, so that it learns the
/// same whoever counts.
struct Learning {
    let fields: [Field]
    /// The levels of each pattern, one pattern after the other.
    let levels: [UInt8]
    let counts: [Double]

    var patternCount: Int { counts.count }

    /// - Parameters:
    ///   - weights: how often each pattern was seen, where it is not the patterns’ own count.
    ///   - isLeftOut: which fields count as missing.
    init(
        _ comparer: Comparer, _ patterns: Patterns, weights: [Double]? = nil,
        isLeftOut: (Field) -> Bool = { _ in false }
    ) {
        fields = comparer.fields
        let out = fields.map(isLeftOut)
        var levels: [UInt8] = []
        levels.reserveCapacity(patterns.count * comparer.fields.count)
        for pattern in 0..<patterns.count {
            var rest = patterns.keys[pattern]
            for (number, field) in comparer.fields.enumerated() {
                levels.append(out[number] ? 0 : UInt8(rest % UInt64(field.count)))
                rest /= UInt64(field.count)
            }
        }
        self.levels = levels
        counts = weights ?? (0..<patterns.count).map { Double(patterns.counts[$0]) }
    }

    private init(fields: [Field], levels: [UInt8], counts: [Double]) {
        self.fields = fields
        self.levels = levels
        self.counts = counts
    }

    /// Only the patterns that a test keeps.
    func only(_ keep: (UnsafeBufferPointer<UInt8>) -> Bool) -> Learning {
        var (kept, weights): ([UInt8], [Double]) = ([], [])
        levels.withUnsafeBufferPointer { all in
            for pattern in 0..<patternCount {
                let own = UnsafeBufferPointer(rebasing: all[pattern * fields.count..<(pattern + 1) * fields.count])
                guard keep(own) else { continue }
                kept.append(contentsOf: own)
                weights.append(counts[pattern])
            }
        }
        return Learning(fields: fields, levels: kept, counts: weights)
    }

    /// Learning ends when all pairs together, or each of them on average, are told better by less than this, as a
    /// logarithm to base e.
    private static let settled = 0.3
    private static let settledEach = 2e-6

    var total: Double { counts.reduce(0, +) }

    /// - Parameters:
    ///   - fixed: the classes whose levels are not learnt, only how frequent they are.
    ///   - frozen: the fields whose levels are not learnt in any class.
    ///   - known: a class of which all is known, and even how many pairs it has: what agrees by chance. It may have
    ///     more than were compared, and comes last.
    func learn(
        _ start: [Model.Class], fixed: Set<Int> = [], frozen: Set<Int> = [], known: Model.Class? = nil, rounds: Int = 80
    ) -> [Model.Class] {
        var classes = start + (known.map { [$0] } ?? [])
        var before = -Double.infinity
        for _ in 0..<rounds {
            let (sums, weights, likelihood) = expect(classes)
            let all = weights.reduce(0, +)
            guard all > 0 else { break }  // Nothing was compared, so nothing is learnt.
            for number in start.indices {
                classes[number].prior = max(weights[number] / all, 1e-9)
                guard !fixed.contains(number) else { continue }
                for field in fields.indices where !frozen.contains(field) {
                    let own = sums[number][field]
                    let whole = own.dropFirst().reduce(0, +)
                    // A little of the start stays, so that what was never seen is unlikely and not impossible.
                    for level in 1..<own.count {
                        classes[number].levels[field][level] =
                            (own[level] + 2 * max(start[number].levels[field][level], 1e-6)) / (whole + 2)
                    }
                }
            }
            if abs(likelihood - before) < min(Self.settled, Self.settledEach * total) { break }
            before = likelihood
        }
        return classes
    }

    private func expect(_ classes: [Model.Class]) -> ([[[Double]]], [Double], Double) {
        let width = fields.map(\.count).max()!
        let (fieldCount, classCount) = (fields.count, classes.count)
        var logs = [Double](repeating: 0, count: classCount * fieldCount * width)
        for (number, one) in classes.enumerated() {
            for (field, levels) in one.levels.enumerated() {
                for level in 1..<levels.count {
                    logs[(number * fieldCount + field) * width + level] = log(max(levels[level], 1e-12))
                }
            }
        }
        let priors = classes.map { log($0.prior) }
        let pieces = 8
        let logarithms = logs
        let parts = mapped(pieces) { piece -> ([Double], [Double], Double) in
            expect(
                patternCount * piece / pieces..<patternCount * (piece + 1) / pieces, logarithms, priors, width,
                classCount)
        }
        var sums = [Double](repeating: 0, count: logs.count)
        var weights = [Double](repeating: 0, count: classCount)
        var likelihood = 0.0
        for (own, share, like) in parts {
            for index in own.indices { sums[index] += own[index] }
            for index in share.indices { weights[index] += share[index] }
            likelihood += like
        }
        let shaped = (0..<classCount).map { number in
            (0..<fieldCount).map { field in
                let start = (number * fieldCount + field) * width
                return Array(sums[start..<start + fields[field].count])
            }
        }
        return (shaped, weights, likelihood)
    }

    private func expect(
        _ range: Range<Int>, _ logs: [Double], _ priors: [Double], _ width: Int, _ classCount: Int
    ) -> ([Double], [Double], Double) {
        let fieldCount = fields.count
        let sums = Buffer<Double>(repeating: 0, count: logs.count)
        let weights = Buffer<Double>(repeating: 0, count: classCount)
        let scores = Buffer<Double>(repeating: 0, count: classCount)
        var likelihood = 0.0
        let (sum, share, score) = (sums.base, weights.base, scores.base)
        let step = fieldCount * width
        levels.withUnsafeBufferPointer { levels in
            logs.withUnsafeBufferPointer { logs in
                for pattern in range {
                    let own = levels.baseAddress! + pattern * fieldCount
                    var best = -Double.infinity
                    for number in 0..<classCount {
                        let table = logs.baseAddress! + number * step
                        var value = priors[number]
                        for field in 0..<fieldCount { value += table[field * width + Int(own[field])] }
                        score[number] = value
                        best = max(best, value)
                    }
                    var all = 0.0
                    for number in 0..<classCount {
                        // What is less than a millionth of a millionth of the best adds nothing.
                        let value = score[number] - best > -28 ? exp(score[number] - best) : 0
                        score[number] = value
                        all += value
                    }
                    let count = counts[pattern]
                    likelihood += count * (best + log(all))
                    for number in 0..<classCount where score[number] > 0 {
                        let weight = count * score[number] / all
                        share[number] += weight
                        let table = sum + number * step
                        for field in 0..<fieldCount { table[field * width + Int(own[field])] += weight }
                    }
                }
            }
        }
        return (Array(sums.elements), Array(weights.elements), likelihood)
    }

    /// Of every pattern the logarithm, to base e, of the odds that it is of one child, against all other classes
    /// together.
    func odds(_ classes: [Model.Class]) -> [Float] {
        let logs = Self.logarithms(classes)
        let pieces = 8
        return mapped(pieces) { piece -> [Float] in
            levels.withUnsafeBufferPointer { levels in
                (patternCount * piece / pieces..<patternCount * (piece + 1) / pieces).map { pattern in
                    let own = levels[pattern * fields.count..<(pattern + 1) * fields.count]
                    return Self.odds(own.map(Int.init), logs)
                }
            }
        }.flatMap { $0 }
    }

    /// Of each class the logarithms of its prior and of its levels.
    static func logarithms(_ classes: [Model.Class]) -> [(prior: Double, levels: [[Double]])] {
        classes.map { one in (log(one.prior), one.levels.map { $0.map { log(max($0, 1e-12)) } }) }
    }

    static func odds(_ levels: [Int], _ classes: [(prior: Double, levels: [[Double]])]) -> Float {
        let scores = classes.map { one in
            levels.indices.reduce(one.prior) { levels[$1] == 0 ? $0 : $0 + one.levels[$1][levels[$1]] }
        }
        let best = scores.dropFirst().max() ?? 0
        return Float(scores[0] - best - log(scores.dropFirst().reduce(0.0) { $0 + exp($1 - best) }))
    }
}
