import Kernel

/// Keeps the best of many candidates and counts them all.
struct Sieve {
    private let size: Int
    private var best: [Candidate] = []
    private var misses: [Candidate] = []
    private var fitting = 0
    /// The best band of what fits.
    private var fittingBand = UInt64.max
    private var possible = 0
    private var needs = [Int](repeating: 0, count: 16)
    private var help = [Int](repeating: 0, count: 128)
    private var days = [Int](repeating: 0, count: 8)
    private var access = [Int](repeating: 0, count: 16)
    private var kinds = [Int](repeating: 0, count: 8)
    private var sectors = [Int](repeating: 0, count: 8)
    private var free = 0

    /// A few more are gathered than are shown, since some are left out.
    private static let missLimit = 12
    private static let missesShown = 6

    init(size: Int) {
        self.size = size
        best.reserveCapacity(size + 1)
    }

    mutating func take(_ candidate: Candidate, _ card: Card) {
        if candidate.judgement.fits == true {
            fitting += 1
            fittingBand = min(fittingBand, candidate.band)
        } else {
            possible += 1
        }
        Sieve.keep(candidate, in: &best, limit: size)
        if card.needsBasis == .listed { Sieve.count(card.needs, in: &needs) }
        Sieve.count(card.help, in: &help)
        if card.days != 0 { Sieve.count(card.days, in: &days) }
        if let held = card.access { Sieve.count(held, in: &access) }
        kinds[Int(card.kindNumber)] += 1
        sectors[Int(card.sectorNumber)] += 1
        if card.cost == .free { free += 1 }
    }

    mutating func takeMiss(_ candidate: Candidate) { Sieve.keep(candidate, in: &misses, limit: Sieve.missLimit) }

    func finding(page: Int, size: Int, helpKinds: HelpKinds) -> Finding {
        let ordered = best.sorted { $0.key < $1.key }
        let shown = ordered.dropFirst(page * size).prefix(size)
        let counts = Finding.Counts(
            needs: Sieve.named(NeedType.allCases, needs), help: Sieve.named(helpKinds.all.map(\.code), help),
            kinds: Sieve.named(Entry.Kind.allCases, kinds), sectors: Sieve.named(Entry.Sector.allCases, sectors),
            days: Sieve.named(Weekday.allCases, days),
            access: Sieve.named(AccessFeature.allCases, access), free: free)
        // A near miss is worth showing where nothing fits, or where it holds more of what was asked than all that fit;
        // one that is not for the need, only where there is nothing else at all.
        let isLast = fitting + possible == 0
        let nearMisses = misses.filter { miss in
            miss.band < fittingBand && (isLast || miss.judgement.verdict(on: .need) != .no)
        }.sorted { $0.key < $1.key }.prefix(Sieve.missesShown).map(\.found)
        return Finding(
            page: shown.map(\.found), fitting: fitting, possible: possible, nearMisses: nearMisses, counts: counts)
    }

    /// Adds to a heap that holds at most `limit`, its worst on top.
    private static func keep(_ candidate: Candidate, in heap: inout [Candidate], limit: Int) {
        if heap.count < limit {
            heap.append(candidate)
            var child = heap.count - 1
            while child > 0, heap[(child - 1) / 2].key < heap[child].key {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        } else if let worst = heap.first, candidate.key < worst.key {
            heap[0] = candidate
            var parent = 0
            while true {
                var larger = parent
                for child in [parent * 2 + 1, parent * 2 + 2] where child < heap.count {
                    if heap[child].key > heap[larger].key { larger = child }
                }
                if larger == parent { break }
                heap.swapAt(parent, larger)
                parent = larger
            }
        }
    }

    private static func count(_ mask: some FixedWidthInteger, in counts: inout [Int]) {
        var left = mask
        while left != 0 {
            counts[left.trailingZeroBitCount] += 1
            left &= left - 1
        }
    }

    private static func named<Name: Hashable>(_ names: [Name], _ counts: [Int]) -> [Name: Int] {
        var named: [Name: Int] = [:]
        for (name, count) in zip(names, counts) where count > 0 { named[name] = count }
        return named
    }
}
