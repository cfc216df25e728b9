/// A pair of records, and the number of its pattern of agreement.
struct Pair: BitwiseCopyable {
    var one: UInt32
    var other: UInt32
    var pattern: UInt32
}

/// The patterns that were seen, and how often.
final class Patterns: @unchecked Sendable {
    private var slots: Buffer<UInt32>
    private var mask: Int
    let keys = Buffer<UInt64>()
    let counts = Buffer<Int>()

    init() {
        slots = Buffer(repeating: 0, count: 1 << 12)
        mask = 1 << 12 - 1
    }

    var count: Int { keys.count }

    @inline(__always)
    func note(_ key: UInt64) -> UInt32 {
        var at = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while true {
            let number = slots.base[at]
            if number == 0 { return add(key, at) }
            if keys.base[Int(number) - 1] == key {
                counts.base[Int(number) - 1] += 1
                return number - 1
            }
            at = (at + 1) & mask
        }
    }

    @inline(never)
    private func add(_ key: UInt64, _ at: Int) -> UInt32 {
        keys.append(key)
        counts.append(1)
        slots[at] = UInt32(keys.count)
        if keys.count * 2 > mask {
            mask = (mask + 1) * 4 - 1
            slots = Buffer(repeating: 0, count: mask + 1)
            for number in 0..<keys.count {
                var at = Int(truncatingIfNeeded: (keys[number] &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
                while slots[at] != 0 { at = (at + 1) & mask }
                slots[at] = UInt32(number + 1)
            }
        }
        return UInt32(keys.count - 1)
    }
}

/// The fields by which records are compared, and how their levels make one number.
struct Comparer: Sendable {
    let fields: [Field]
    let radix: [UInt64]

    init(_ fields: [Field]) {
        // The given name first, so that names that are exchanged are known before the family name.
        self.fields = fields.sorted { one, other in one.isGiven && !other.isGiven }
        var radix: [UInt64] = [1]
        for field in self.fields {
            radix.append(radix.last!.multipliedReportingOverflow(by: UInt64(field.count)).partialValue)
        }
        self.radix = radix
    }

    func level(_ pattern: UInt64, _ field: Int) -> Int {
        Int(pattern / radix[field] % UInt64(fields[field].count))
    }
}

/// What one rule gave: its pairs that no rule before it found, and how many of its blocks were too large to be compared
/// whole.
struct Found: Sendable {
    let pairs: Buffer<Pair>
    let large: Int
    /// Whether its pairs would have been more than allowed; then it brings none.
    var isLeftOut = false

    var count: Int { pairs.count }
}

extension Records {
    /// Whether two records lie in two compartments, so that nothing may be done with both.
    @inline(__always) func areApart(_ one: UInt32, _ other: UInt32) -> Bool {
        compartments.map { $0.base[Int(one)] != $0.base[Int(other)] } ?? false
    }
}

/// Finds the pairs that agree under some rule and compares them, each once.
final class Blocks: @unchecked Sendable {
    let records: Records
    let comparer: Comparer
    private(set) var rules: [Rule] = []
    /// Of each record the keys under all rules, one after the other.
    private(set) var keys: Buffer<UInt32>
    private(set) var width: Int
    let onlyBetween: Bool
    /// Blocks of more records than this are not compared whole.
    let largest: Int
    /// Of each rule, and of the finer ones after it, the keys of blocks that are too large.
    private(set) var large: [[Set<UInt32>]] = []

    init(
        _ records: Records, _ comparer: Comparer, rules width: Int, onlyBetween: Bool, largest: Int = 1_500
    ) {
        self.records = records
        self.comparer = comparer
        self.width = Self.padded(width)
        self.onlyBetween = onlyBetween
        self.largest = largest
        keys = Buffer(repeating: 0, count: records.count * Self.padded(width))
    }

    /// Takes up further rules and compares what they find that no rule before them found.
    ///
    /// - Parameter most: how many pairs these rules may bring. One that would bring more than is left brings none.
    func add(_ more: [Rule], _ patterns: Patterns, most: Int = .max) throws -> [Found] {
        let first = rules.count
        if first + more.count > width { widen(to: Self.padded(first + more.count)) }
        rules += more
        let writers = try more.map { try Keys($0, records) }
        let finer = try more.map { rule in
            try rule.finer(records).enumerated().map { try Keys($0.element, records, step: $0.offset + 1) }
        }
        write(writers, first)
        large += mapped(more.count) { self.split(first + $0, finer[$0]) }
        let parts = within(most, first, mapped(more.count) { self.pairs(first + $0, most) })
        // The patterns are numbered in the order of the rules, whoever was first.
        return parts.enumerated().map { number, part in
            let large = large[first + number][0].count
            guard let (pairs, own) = part else { return Found(pairs: Buffer(), large: large, isLeftOut: true) }
            let numbers = Buffer<UInt32>(repeating: 0, count: own.count)
            for index in 0..<own.count {
                let number = patterns.note(own.keys[index])
                patterns.counts[Int(number)] += own.counts[index] - 1
                numbers[index] = number
            }
            for index in 0..<pairs.count { pairs.base[index].pattern = numbers.base[Int(pairs.base[index].pattern)] }
            return Found(pairs: pairs, large: large)
        }
    }

    /// Leaves out the rules whose pairs are more than is left. What one of them found first is for the rules after it
    /// to find, so these are joined again.
    private func within(
        _ most: Int, _ first: Int, _ parts: [(Buffer<Pair>, Patterns)]
    ) -> [(Buffer<Pair>, Patterns)?] {
        var (parts, left): ([(Buffer<Pair>, Patterns)?], Int) = (parts, most)
        for number in parts.indices {
            let count = parts[number]?.0.count ?? 0
            guard count > left else {
                left -= count
                continue
            }
            parts[number] = nil
            for row in 0..<records.count { keys.base[row * width + first + number] = 0 }
            let later = parts.count - number - 1
            parts.replaceSubrange((number + 1)..., with: mapped(later) { self.pairs(first + number + 1 + $0, most) })
        }
        return parts
    }

    /// Whole lines of the processor’s cache, of sixteen keys each.
    private static func padded(_ width: Int) -> Int { (width + 15) / 16 * 16 }

    private func widen(to wanted: Int) {
        let wider = Buffer<UInt32>(repeating: 0, count: records.count * wanted)
        for row in 0..<records.count {
            (wider.base + row * wanted).update(from: keys.base + row * width, count: rules.count)
        }
        keys = wider
        width = wanted
    }

    /// Whether a rule that is already used finds a pair.
    @inline(__always)
    func isFound(_ one: UInt32, _ other: UInt32, before rule: Int) -> Bool {
        let (left, right) = (keys.base + Int(one) * width, keys.base + Int(other) * width)
        for before in 0..<rule where left[before] == right[before] && left[before] != 0 { return true }
        return false
    }

    private func write(_ writers: [Keys], _ first: Int) {
        let (all, width, table) = (records, width, keys)
        inParallel(16) { piece in
            for row in all.count * piece / 16..<all.count * (piece + 1) / 16 {
                let line = all.line(UInt32(row))
                let place = table.base + row * width + first
                for number in 0..<writers.count { place[number] = writers[number].key(line) }
            }
        }
    }

    /// Gives the records of blocks that are too large a finer key, those of finer ones that still are a finer one, and
    /// then none.
    ///
    /// - Returns: the keys of the blocks that were too large, for the rule and each finer one.
    private func split(_ rule: Int, _ finer: [Keys]) -> [Set<UInt32>] {
        let all = [largeKeys(rule)]
        guard !all[0].isEmpty else { return all }
        let moved = Buffer<UInt32>()
        for row in 0..<records.count where all[0].contains(keys.base[row * width + rule]) {
            moved.append(UInt32(row))
        }
        return all + split(rule, finer, moved)
    }

    private func split(_ rule: Int, _ finer: [Keys], _ rows: Buffer<UInt32>) -> [Set<UInt32>] {
        var (rows, all): (Buffer<UInt32>, [Set<UInt32>]) = (rows, [])
        for writer in finer {
            var counts: [UInt32: Int] = [:]
            for row in rows.elements {
                let key = writer.key(records.line(row))
                keys.base[Int(row) * width + rule] = key
                if key != 0 { counts[key, default: 0] += 1 }
            }
            let large = Set(counts.filter { $0.value > largest }.keys)
            all.append(large)
            let still = Buffer<UInt32>()
            for row in rows.elements where large.contains(keys.base[Int(row) * width + rule]) { still.append(row) }
            rows = still
            if rows.count == 0 { return all }
        }
        for row in rows.elements { keys.base[Int(row) * width + rule] = 0 }
        return all
    }

    /// The keys that more records have than may be compared whole. A first count by part of the key rules most out.
    private func largeKeys(_ rule: Int) -> Set<UInt32> {
        let counts = Buffer<UInt32>(repeating: 0, count: 1 << 16)
        let column = keys.base + rule
        var isLarge = false
        for row in 0..<records.count {
            let key = column[row * width]
            guard key != 0 else { continue }
            let place = Int(key & 0xFFFF)
            counts.base[place] += 1
            if counts.base[place] > UInt32(largest) { isLarge = true }
        }
        guard isLarge else { return [] }
        var exact: [UInt32: Int] = [:]
        for row in 0..<records.count {
            let key = column[row * width]
            if key != 0, counts.base[Int(key & 0xFFFF)] > UInt32(largest) { exact[key, default: 0] += 1 }
        }
        return Set(exact.filter { $0.value > largest }.keys)
    }

    /// The pairs of one rule: records spread over parts that fit the processor’s memory, and joined there.
    private func pairs(_ rule: Int, _ most: Int) -> (Buffer<Pair>, Patterns) {
        let join = Join(self, rule, most)
        join.run()
        return (join.found, join.patterns)
    }
}

/// Joins the records of one rule.
private final class Join {
    private let rule: Int
    private let keys: UnsafeMutablePointer<UInt32>
    private let width: Int
    private let count: Int
    private let lines: UnsafePointer<UInt32>
    private let stride: Int
    private let sources: UnsafePointer<UInt16>
    private let onlyBetween: Bool
    private let compartments: UnsafePointer<UInt32>?
    /// One pair more than this is enough to know that there are too many.
    private let most: Int
    let found = Buffer<Pair>()
    let patterns = Patterns()
    private let kernel: Kernel
    private let slots = Buffer<UInt32>(repeating: 0, count: 1 << 12)
    private let previous = Buffer<UInt32>(repeating: 0, count: 1 << 12)

    init(_ blocks: Blocks, _ rule: Int, _ most: Int) {
        self.rule = rule
        self.most = most
        (keys, width, count) = (blocks.keys.base, blocks.width, blocks.records.count)
        (lines, stride) = (UnsafePointer(blocks.records.lines.base), blocks.records.stride)
        (sources, onlyBetween) = (UnsafePointer(blocks.records.sources.base), blocks.onlyBetween)
        compartments = blocks.records.compartments.map { UnsafePointer($0.base) }
        kernel = Kernel(blocks.comparer)
    }

    func run() {
        var bits = 0
        while count >> bits > 600 { bits += 1 }
        let (own, width) = (keys + rule, self.width)
        let starts = Buffer<Int>(repeating: 0, count: 1 << bits + 1)
        let shift = UInt32(32 - bits)
        @inline(__always) func part(_ key: UInt32) -> Int { bits == 0 ? 0 : Int(key >> shift) }
        for row in 0..<count {
            let key = own[row * width]
            if key != 0 { starts.base[part(key) + 1] += 1 }
        }
        for index in 1...1 << bits { starts.base[index] += starts.base[index - 1] }
        let places = Buffer<Int>(repeating: 0, count: 1 << bits)
        for index in 0..<1 << bits { places[index] = starts[index] }
        let sorted = Buffer<UInt64>(repeating: 0, count: starts[1 << bits])
        for row in 0..<count {
            let key = own[row * width]
            guard key != 0 else { continue }
            let place = part(key)
            sorted.base[places.base[place]] = UInt64(key) << 32 | UInt64(row)
            places.base[place] += 1
        }
        for index in 0..<1 << bits where found.count <= most {
            join(sorted.base + starts[index], starts[index + 1] - starts[index])
        }
    }

    /// Joins one part: a small table from a key to the last record with it, and from each record to the one before.
    private func join(_ entries: UnsafeMutablePointer<UInt64>, _ count: Int) {
        guard count > 1 else { return }
        var size = 64
        while size < count * 2 { size *= 2 }
        if size > slots.count {
            slots.reserve(size - slots.count)
            slots.wrote(size - slots.count)
            previous.reserve(size)
            previous.wrote(size - previous.count)
        }
        let (table, chain) = (slots.base, previous.base)
        table.update(repeating: 0, count: size)
        for index in 0..<count {
            let key = UInt32(truncatingIfNeeded: entries[index] >> 32)
            var at = Int(key &* 0x9E37_79B9) & (size - 1)
            while table[at] != 0, UInt32(truncatingIfNeeded: entries[Int(table[at]) - 1] >> 32) != key {
                at = (at + 1) & (size - 1)
            }
            chain[index] = table[at]
            table[at] = UInt32(index + 1)
            var other = chain[index]
            while other != 0 {
                emit(UInt32(truncatingIfNeeded: entries[Int(other) - 1]), UInt32(truncatingIfNeeded: entries[index]))
                other = chain[Int(other) - 1]
            }
        }
    }

    @inline(__always)
    private func emit(_ one: UInt32, _ other: UInt32) {
        if onlyBetween, sources[Int(one)] == sources[Int(other)] { return }
        if let compartments, compartments[Int(one)] != compartments[Int(other)] { return }
        let (left, right) = (keys + Int(one) * width, keys + Int(other) * width)
        for before in 0..<rule where left[before] == right[before] && left[before] != 0 { return }
        let pattern = kernel.pattern(lines + Int(one) * stride, lines + Int(other) * stride)
        found.append(Pair(one: one, other: other, pattern: patterns.note(pattern)))
    }
}
