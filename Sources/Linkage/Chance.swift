/// How often records of different people agree by chance, in each field.
///
/// Nobody needs to be told which pairs are one child for this: of all pairs there are, nearly all are of two. Without
/// it, records among which nobody stands twice would be joined by whatever they happen to share.
struct Chance {
    private let records: Records
    private let comparer: Comparer
    private let sample: [UInt32]

    /// Records that are looked at for equal values: their pairs are some thirty million.
    private static let wanted = 8_000
    /// Pairs that are compared for all that lies between equal and different.
    private static let pairs = 20_000

    /// How many pairs the guess counts for.
    private static let guessed = 5_000.0

    init(_ records: Records, _ comparer: Comparer) {
        self.records = records
        self.comparer = comparer
        let step = Double(records.count) / Double(min(records.count, Self.wanted))
        sample = (0..<min(records.count, Self.wanted)).map { UInt32(Double($0) * step) }
    }

    /// For each field how often each level is there by chance, where nothing is missing.
    ///
    /// Counted twice: a pair that is likely of one child, as far as the first count and what was learnt can tell,
    /// counts for little in the second.
    ///
    /// - Parameters:
    ///   - same: how records of one child agree, as far as is known.
    ///   - count: how many such pairs there are.
    func levels(same: [[Double]], count: Double, all: Double) -> [[Double]] {
        let random = randomLevels()
        let patterns = mapped(comparer.fields.count) { equalPatterns($0) }
        func shares(_ weight: (UInt64) -> Double) -> [[Double]] {
            comparer.fields.indices.map { number in
                let field = comparer.fields[number]
                var equal = [Double](repeating: 0, count: field.count)
                for (pattern, pairs) in patterns[number].pairs {
                    equal[comparer.level(pattern, number)] += pairs * weight(pattern)
                }
                return levels(field, equal, patterns[number].known, random[number])
            }
        }
        let first = shares { _ in 1 }
        return shares { pattern in
            var (one, two) = (count, all)
            for field in comparer.fields.indices {
                let level = comparer.level(pattern, field)
                if level != 0 { (one, two) = (one * same[field][level], two * first[field][level]) }
            }
            return two / (one + two)
        }
    }

    private func levels(_ field: Field, _ equal: [Double], _ known: Double, _ loose: [Double]) -> [Double] {
        let all = max(loose.dropFirst().reduce(0, +), 1)
        var levels = [Double](repeating: 0, count: field.count)
        for level in 1..<field.count {
            levels[level] =
                field.equalLevels.contains(level)
                ? max(equal[level], 0.05) / max(known, 1) : max(loose[level], 0.1) / all
        }
        // Few records say little of how people are called elsewhere: a guess counts as much as some thousand pairs.
        let guess = field.chanceElsewhere
        let weight = Self.guessed / (Self.guessed + known)
        let sum = levels.reduce(0, +)
        return levels.indices.map { levels[$0] / sum * (1 - weight) + guess[$0] * weight }
    }

    /// Levels of pairs taken at random: enough for all but what is rare.
    private func randomLevels() -> [[Double]] {
        let kernel = Kernel(comparer)
        var counts = comparer.fields.map { [Double](repeating: 0, count: $0.count) }
        for number in 0..<Self.pairs {
            let one = UInt32(truncatingIfNeeded: spread(UInt64(number) * 2) % UInt64(records.count))
            let other = UInt32(truncatingIfNeeded: spread(UInt64(number) * 2 + 1) % UInt64(records.count))
            guard one != other, !records.areApart(one, other) else { continue }
            let pattern = kernel.pattern(records.line(one), records.line(other))
            for field in comparer.fields.indices { counts[field][comparer.level(pattern, field)] += 1 }
        }
        return counts
    }

    /// Of all pairs of the sample those that are equal in a field, and how many pairs each stands for; and how many
    /// have a value on both sides.
    private func equalPatterns(_ number: Int) -> (pairs: [(UInt64, Double)], known: Double) {
        let field = comparer.fields[number]
        guard !field.equalLevels.isEmpty else { return ([], Double(Self.pairs)) }
        var keyed: [(key: UInt64, record: UInt32)] = []
        var sizes: [UInt32: Double] = [:]
        keyed.reserveCapacity(sample.count)
        for record in sample {
            let key = field.key(records.line(record))
            guard key != 0 else { continue }
            let group = records.compartments?[Int(record)] ?? 0
            // Records of two compartments have nothing in common.
            keyed.append((group == 0 ? key : spread(key ^ spread(UInt64(group))), record))
            sizes[group, default: 0] += 1
        }
        keyed.sort { $0.key != $1.key ? $0.key < $1.key : $0.record < $1.record }
        let kernel = Kernel(comparer)
        var found: [(UInt64, Double)] = []
        var start = 0
        while start < keyed.count {
            var end = start + 1
            while end < keyed.count, keyed[end].key == keyed[start].key { end += 1 }
            let size = end - start
            if size > 1 {
                // Equal keys mean one level, but for addresses within one postcode; of many, some are enough.
                let all = size * (size - 1) / 2
                let tries = min(all, 60)
                for step in 0..<tries {
                    let places = Blocks.pair(
                        tries == all ? step : Int(truncatingIfNeeded: spread(UInt64(start + step)) >> 1) % all)
                    let (one, other) = (keyed[start + places.0].record, keyed[start + places.1].record)
                    if records.areApart(one, other) { continue }
                    let pattern = kernel.pattern(records.line(one), records.line(other))
                    found.append((pattern, Double(all) / Double(tries)))
                }
            }
            start = end
        }
        return (found, sizes.values.map { $0 * ($0 - 1) / 2 }.sorted().reduce(0, +))
    }

    /// How many pairs there are at all.
    func allPairs(onlyBetween: Bool) -> Double {
        func choose(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
        func within(_ group: (Int) -> UInt64) -> Double {
            var sizes: [UInt64: Int] = [:]
            for record in 0..<records.count { sizes[group(record), default: 0] += 1 }
            return sizes.sorted { $0.key < $1.key }.reduce(0) { $0 + choose($1.value) }
        }
        let apart = records.compartments
        let all = apart.map { codes in within { UInt64(codes[$0]) } } ?? choose(records.count)
        guard onlyBetween else { return all }
        return all - within { UInt64(apart?[$0] ?? 0) << 16 | UInt64(records.sources[$0]) }
    }
}

extension Field {
    /// The levels that say “equal”, which are rare by chance.
    var equalLevels: Set<Int> {
        switch shape {
        case .identifier, .phone, .birth, .mail: [1]
        case .given, .name: [1, 2, 3, 4]
        case .word: [1, 2]
        case .home: second == nil ? [1] : [1, 2, 3]
        case .sex: []
        }
    }

    /// How often people of a city agree by chance, roughly: what is thought of a level before any record is seen.
    var chanceElsewhere: [Double] {
        let most: [Double]
        switch shape {
        case .identifier: most = [1e-7, 1e-5]
        case .phone: most = [1e-6, 1e-5]
        case .given, .name: most = [0.001, 0.001, 0.001, 0.001, 0.003, 0.002, 0.005, 0.03]
        case .birth: most = [0.0002, 0.00005, 0.01, 0.06]
        case .sex: most = [0.5]
        case .home: most = [0.00001, 0.00001, 0.0001, 0.00001, 0.003]
        case .mail: most = [1e-7, 1e-6]
        case .word: most = [0.01, 0.05, 0.01]
        }
        var levels = [0] + most + Array(repeating: 1e-4, count: max(0, count - 1 - most.count))
        // The last of the levels is “different”, but for a given name, where “exchanged” follows it.
        let different = isGiven && count > Field.exchanged ? Field.exchanged - 1 : count - 1
        levels[different] += 1 - levels.reduce(0, +)
        return levels
    }

    /// What is the same where the level says “equal”; 0 where it is missing.
    func key(_ line: UnsafePointer<UInt32>) -> UInt64 {
        switch shape {
        case .identifier(let slot, _), .phone(let slot): packed(line, slot)
        case .given(let slot, _), .name(let slot), .birth(let slot), .sex(let slot), .mail(let slot), .word(let slot):
            UInt64(line[slot])
        case .home(let address, let postcode): UInt64(line[postcode >= 0 ? postcode : address])
        }
    }
}
