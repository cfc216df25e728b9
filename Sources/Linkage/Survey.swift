import Foundation

/// What a further rule would cost and bring, told from a sample of its blocks.
struct Survey: Sendable {
    let rule: Rule
    /// Pairs that no rule found before.
    let pairs: Double
    /// The share of them that are of one child, as far as the model can tell by the fields that the rule does not fix.
    let yield: Double
}

extension Blocks {
    /// Surveys a rule: takes some of its blocks whole, compares up to some thousand of their pairs, and asks the model.
    func survey(_ rule: Rule, beside others: [Keys], _ classes: [Model.Class]) throws -> Survey {
        let fixed = rule.columns
        let free = comparer.fields.indices.filter { number in
            !comparer.fields[number].columns.contains(where: fixed.contains)
        }
        var ratios: [(Double, Double)] = []
        var total = 0.0
        let share = try sample(rule, of: records.count < 60_000 ? 20_000 : 8_000, most: 4_000) {
            one, other, weight, pattern in
            if isFound(one, other, before: rules.count) { return }
            let (lineOne, lineOther) = (records.line(one), records.line(other))
            if others.contains(where: { $0.key(lineOne) == $0.key(lineOther) && $0.key(lineOne) != 0 }) { return }
            total += weight
            ratios.append((weight, ratio(pattern(), free, classes)))
        }
        return Survey(rule: rule, pairs: total * share, yield: Self.prior(ratios, total))
    }

    /// What some of the pairs of a rule look like, with the fields that it fixes left out, whether or not other rules
    /// find them too.
    func training(_ rule: Rule) throws -> Learning {
        let patterns = Patterns()
        var weights: [Double] = []
        _ = try sample(rule, of: 25_000, most: 100_000) { _, _, weight, pattern in
            let number = Int(patterns.note(pattern()))
            if number == weights.count { weights.append(0) }
            weights[number] += weight
        }
        let fixed = rule.columns
        return Learning(comparer, patterns, weights: weights) { field in field.columns.contains(where: fixed.contains) }
    }

    /// Goes through pairs of some of the blocks of a rule, and says by how much there are more than it took.
    ///
    /// - Parameter take: is given two records, how many pairs they stand for, and what compares them.
    private func sample(
        _ rule: Rule, of wanted: Int, most: Int, _ take: (UInt32, UInt32, Double, () -> UInt64) -> Void
    ) throws -> Double {
        let writer = try Keys(rule, records)
        let share = UInt32(max(1, records.count / wanted))
        let entries = Buffer<UInt64>()
        for row in 0..<records.count {
            let key = writer.key(records.line(UInt32(row)))
            if key != 0, (key &* 0x9E37_79B1) >> 8 % share == 0 { entries.append(UInt64(key) << 32 | UInt64(row)) }
        }
        var sortable = UnsafeMutableBufferPointer(start: entries.base, count: entries.count)
        sortable.sort()
        var (taken, start) = (0, 0)
        let kernel = Kernel(comparer)
        while start < entries.count {
            var end = start + 1
            while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
            defer { start = end }
            let size = end - start
            guard size > 1, size <= largest else { continue }
            let all = size * (size - 1) / 2
            let tries = min(all, taken > most ? 2 : 60)
            for step in 0..<tries {
                let number =
                    tries == all ? step : Int(truncatingIfNeeded: spread(entries[start] &+ UInt64(step)) >> 1) % all
                let (one, other) = Self.pair(number)
                let (left, right) = (
                    UInt32(truncatingIfNeeded: entries[start + one]), UInt32(truncatingIfNeeded: entries[start + other])
                )
                if onlyBetween, records.sources[Int(left)] == records.sources[Int(right)] { continue }
                if records.areApart(left, right) { continue }
                taken += 1
                take(left, right, Double(all) / Double(tries)) {
                    kernel.pattern(records.line(left), records.line(right))
                }
            }
        }
        return Double(share)
    }

    /// Two places of a block by the number of their pair.
    static func pair(_ number: Int) -> (Int, Int) {
        var row = Int((1 + sqrt(1 + 8 * Double(number))) / 2)
        while row * (row - 1) / 2 > number { row -= 1 }
        while (row + 1) * row / 2 <= number { row += 1 }
        return (row, number - row * (row - 1) / 2)
    }

    /// How much likelier a pattern is of one child than of two, by some of its fields.
    private func ratio(_ pattern: UInt64, _ free: [Int], _ classes: [Model.Class]) -> Double {
        func likelihood(_ one: Model.Class) -> Double {
            free.reduce(1.0) { result, field in
                let level = comparer.level(pattern, field)
                return level == 0 ? result : result * max(one.levels[field][level], 1e-12)
            }
        }
        let others = classes.dropFirst()
        let whole = others.reduce(0) { $0 + $1.prior }
        return likelihood(classes[0]) / max(others.reduce(0) { $0 + $1.prior / whole * likelihood($1) }, 1e-300)
    }

    /// The share of pairs of one child that makes the ratios likeliest.
    private static func prior(_ ratios: [(Double, Double)], _ total: Double) -> Double {
        guard total > 0 else { return 0 }
        var prior = 0.01
        for _ in 0..<30 {
            let sum = ratios.reduce(0.0) { $0 + $1.0 * (prior * $1.1 / (prior * $1.1 + 1 - prior)) }
            prior = min(max(sum / total, 1e-9), 0.999)
        }
        return prior
    }
}

extension Rule {
    /// The names of the columns that it fixes; “birth” for the day of birth.
    var columns: Set<String> {
        Set(
            atoms.flatMap { atom -> [String] in
                switch atom {
                case .number(let name), .whole(let name), .start(let name, _), .sound(let name), .sector(let name):
                    [name]
                case .birth, .birthUnordered, .birthYear: ["birth"]
                case .bothNames: ["given", "family"]
                }
            })
    }
}

extension Field {
    /// The columns that it compares, as rules name them.
    var columns: [String] {
        switch shape {
        case .birth: ["birth"]
        case .given: [name, "given"]
        case .name: values?.kind == .family ? [name, "family"] : [name]
        case .home: name.components(separatedBy: " and ")
        default: [name]
        }
    }
}
