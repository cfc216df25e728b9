/// What an index holds. One thread at a time.
final class LiveState {
    private let model: Model
    let records: Records
    private let comparer: Comparer
    private let kernel: Kernel
    private let logs: [(prior: Double, levels: [[Double]])]
    private var odds: [UInt64: Float] = [:]
    let groups = LiveGroups()
    private var blocks: [LiveBlocks] = []
    private let keys: Buffer<UInt32>
    private let next: Buffer<UInt32>
    private let width: Int
    private let reader: LiveReader
    private let compartments: Buffer<UInt32>
    private var ids: [String]
    private var slots: [UInt64: UInt32] = [:]
    private var free: [UInt32] = []
    private let seen: Buffer<UInt32>
    private var look: UInt32 = 0
    private var decisions: [UInt64: [UInt64: Decision.Verdict]] = [:]

    var count: Int { slots.count }

    init(_ model: Model, _ loaded: Loaded) throws {
        self.model = model
        records = loaded.records
        let batch = try model.blocks(loaded.records)
        comparer = batch.comparer
        logs = Learning.logarithms(model.classes)
        let patterns = Patterns()
        let found = try batch.add(model.blocking, patterns, most: max(50_000_000, 50 * records.count))
        if let number = found.firstIndex(where: \.isLeftOut) {
            throw LinkageError.model(
                "among these records its rule “\(model.rules[number])” brings too many pairs together")
        }
        (keys, width) = (batch.keys, batch.width)
        next = Buffer(repeating: 0, count: records.count * batch.width)
        guard let compartments = records.compartments else {
            throw LinkageError.model("the records were read without their compartments")
        }
        self.compartments = compartments
        seen = Buffer(repeating: 0, count: records.count)
        ids = (0..<records.count).map { loaded.records.id(UInt32($0)) }
        slots.reserveCapacity(records.count * 5 / 4)
        for record in 0..<records.count { slots[records.orders.base[record]] = UInt32(record) }
        reader = LiveReader(model, loaded.records, comparer)
        kernel = Kernel(comparer, isLive: true)
        let (width, keys, next) = (self.width, self.keys, self.next)
        blocks = model.blocking.enumerated().map { number, rule in
            LiveBlocks(number, rule, loaded.records, keys, next, width: width, largest: model.largest)
        }
        for (number, block) in blocks.enumerated() { block.load(records, large: batch.large[number]) }
        takeUp(found, Learning(comparer, patterns).odds(model.classes), patterns)
        makeRoom(records.count / 8 + 4_096)
    }

    /// Memory for records to come, so that the first of them does not wait until all is copied.
    private func makeRoom(_ more: Int) {
        records.lines.reserve(more * records.stride)
        keys.reserve(more * width)
        next.reserve(more * width)
        records.orders.reserve(more)
        records.sources.reserve(more)
        compartments.reserve(more)
        seen.reserve(more)
        ids.reserveCapacity(ids.count + more)
        groups.reserve(more, groups.count / 8 + 4_096)
    }

    /// Takes up the pairs of the batch and joins them.
    private func takeUp(_ found: [Found], _ odds: [Float], _ patterns: Patterns) {
        for pattern in 0..<patterns.count { self.odds[patterns.keys[pattern]] = odds[pattern] }
        groups.reserve(records.count, found.reduce(0) { $0 + $1.count })
        for _ in 0..<records.count { groups.add() }
        for part in found {
            for pair in part.pairs.elements { groups.connect(pair.one, pair.other, odds[Int(pair.pattern)]) }
        }
        let clustering = Clustering(
            records.count, found.map(\.pairs), odds: odds, sources: model.onlyBetween ? records.sources : nil,
            orders: records.orders)
        var members: [UInt32: [UInt32]] = [:]
        for record in 0..<UInt32(records.count) where clustering.cluster.base[Int(record)] != record {
            members[clustering.cluster.base[Int(record)], default: [clustering.cluster.base[Int(record)]]].append(
                record)
        }
        for cluster in members.values { groups.setCluster(cluster) }
    }

    func slot(_ id: String) throws -> UInt32 {
        guard let slot = slots[Digested.id(id)] else { throw LinkageError.noRecord(id) }
        return slot
    }

    func named(_ members: [UInt32]) -> [String] { members.map { ids[Int($0)] }.sorted() }

    func clusters() -> [[String]] {
        slots.values.filter { slot in groups.cluster(slot).allSatisfy { $0 >= slot } }.map { named(groups.cluster($0)) }
            .sorted { ($0.first ?? "") < ($1.first ?? "") }
    }

    var partition: [Membership] {
        slots.map { order, slot in
            Membership(order: order, id: ids[Int(slot)], cluster: groups.cluster(slot).min() ?? slot)
        }.sorted { $0.order < $1.order }
    }

    // MARK: - Records

    func put(_ record: LiveRecord) throws -> LiveIndex.Change {
        let (own, line) = try read(record)
        if let slot = slots[own], isSame(slot, line) {
            return LiveIndex.Change(pairs: answer(slot), before: [], after: [])
        }
        return place(record.id, own, line)
    }

    func link(_ record: LiveRecord) throws -> [LiveIndex.Pair] {
        let mark = reader.mark
        defer { reader.forget(to: mark) }
        let (own, line) = try read(record)
        guard let slot = slots[own] else {
            let change = place(record.id, own, line)
            _ = takeOut(own)
            return change.pairs
        }
        if isSame(slot, line) { return answer(slot) }
        let (id, before) = (ids[Int(slot)], held(slot))
        let change = place(record.id, own, line)
        _ = place(id, own, before)
        return change.pairs
    }

    func remove(_ id: String) -> LiveIndex.Change? {
        slots[Digested.id(id)].map { _ in takeOut(Digested.id(id)) }
    }

    /// A record as it is compared: its words, its source and its compartment.
    private typealias Line = (words: [UInt32], source: UInt16, compartment: UInt32)

    private func read(_ record: LiveRecord) throws -> (UInt64, Line) {
        guard !record.id.isEmpty else { throw LinkageError.configuration("a record has no id") }
        let own = Digested.id(record.id)
        if let slot = slots[own], ids[Int(slot)] != record.id {
            throw LinkageError.configuration("“\(record.id)” cannot be told from another id; give the record another")
        }
        let before = reader.mark
        let line = try reader.read(record)
        if reader.mark != before { kernel.refresh() }
        return (own, line)
    }

    private func held(_ slot: UInt32) -> Line {
        let words = UnsafeBufferPointer(start: records.line(slot), count: records.stride)
        return (Array(words), records.sources.base[Int(slot)], compartments.base[Int(slot)])
    }

    private func isSame(_ slot: UInt32, _ line: Line) -> Bool { held(slot) == line }

    private func place(_ id: String, _ own: UInt64, _ line: Line) -> LiveIndex.Change {
        kernel.refresh()
        let old = slots[own]
        var report = Report()
        if let old { detach(old, &report) } else { report.came = id }
        let slot = old ?? room()
        ids[Int(slot)] = id
        slots[own] = slot
        records.orders.base[Int(slot)] = own
        records.sources.base[Int(slot)] = line.source
        compartments.base[Int(slot)] = line.compartment
        (records.lines.base + Int(slot) * records.stride).update(from: line.words, count: records.stride)
        report.touched.insert(slot)
        for block in blocks { move(block.enter(slot, records.line), &report) }
        if report.moved.isEmpty { connect(slot) } else { connectAnew(report.moved.union([slot]), &report) }
        regroup(&report)
        return LiveIndex.Change(pairs: answer(slot), before: report.before, after: report.after)
    }

    private func takeOut(_ own: UInt64) -> LiveIndex.Change {
        guard let slot = slots[own] else { return LiveIndex.Change(pairs: [], before: [], after: []) }
        var report = Report()
        kernel.refresh()
        detach(slot, &report)
        slots[own] = nil
        if !report.moved.isEmpty { connectAnew(report.moved.subtracting([slot]), &report) }
        report.went = slot
        regroup(&report)
        ids[Int(slot)] = ""
        free.append(slot)
        return LiveIndex.Change(pairs: [], before: report.before, after: report.after)
    }

    private func room() -> UInt32 {
        if let slot = free.popLast() { return slot }
        let slot = UInt32(ids.count)
        ids.append("")
        records.orders.append(0)
        records.sources.append(0)
        compartments.append(0)
        seen.append(0)
        for _ in 0..<records.stride { records.lines.append(0) }
        for _ in 0..<width {
            keys.append(0)
            next.append(0)
        }
        groups.add()
        return slot
    }

    // MARK: - Pairs

    /// What one change touches.
    private struct Report {
        /// Records whose groups must be joined anew.
        var touched: Set<UInt32> = []
        /// Records whose blocks were split, or are whole again.
        var moved: Set<UInt32> = []
        var went: UInt32?
        var came: String?
        var before: [[String]] = []
        var after: [[String]] = []
    }

    private func detach(_ slot: UInt32, _ report: inout Report) {
        for block in blocks { move(block.leave(slot, records.line), &report) }
        report.touched.formUnion(groups.disconnect(slot))
        report.touched.insert(slot)
    }

    private func move(_ some: Set<UInt32>, _ report: inout Report) {
        if !some.isEmpty { report.moved.formUnion(some) }
    }

    /// Compares a record with all that share a block with it.
    private func connect(_ slot: UInt32, except done: Set<UInt32> = []) {
        look &+= 1
        if look == 0 {
            for index in 0..<seen.count { seen.base[index] = 0 }
            look = 1
        }
        seen.base[Int(slot)] = look
        let decided = decided(slot)
        for (other, verdict) in decided where !done.contains(other) {
            seen.base[Int(other)] = look
            groups.connect(slot, other, verdict == .same ? .infinity : -.infinity)
        }
        let (line, source, compartment) = (
            records.line(slot), records.sources.base[Int(slot)], compartments.base[Int(slot)]
        )
        for block in blocks {
            block.each(slot) { other in
                guard seen.base[Int(other)] != look else { return }
                seen.base[Int(other)] = look
                if compartments.base[Int(other)] != compartment { return }
                if model.onlyBetween, records.sources.base[Int(other)] == source { return }
                if !done.isEmpty, done.contains(other) { return }
                groups.connect(slot, other, weight(kernel.pattern(line, records.line(other))))
            }
        }
    }

    /// Compares records anew whose blocks have changed.
    private func connectAnew(_ some: Set<UInt32>, _ report: inout Report) {
        for record in some { report.touched.formUnion(groups.disconnect(record)) }
        report.touched.formUnion(some)
        var done: Set<UInt32> = []
        for record in some {
            connect(record, except: done)
            done.insert(record)
        }
    }

    private func weight(_ pattern: UInt64) -> Float {
        if let known = odds[pattern] { return known }
        let weight = Learning.odds(comparer.fields.indices.map { comparer.level(pattern, $0) }, logs)
        odds[pattern] = weight
        return weight
    }

    /// Joins anew the groups of what was touched, and says which clusters are others than before.
    private func regroup(_ report: inout Report) {
        var (old, new): ([[UInt32]], [[UInt32]]) = ([], [])
        var (done, listed): (Set<UInt32>, Set<UInt32>) = ([], [])
        for record in report.touched where record != report.went && !done.contains(record) {
            let group = groups.group(record, records.orders)
            done.formUnion(group)
            new += groups.clusters(group)
        }
        for record in done.union(report.went.map { [$0] } ?? []) where !listed.contains(record) {
            let cluster = groups.cluster(record)
            listed.formUnion(cluster)
            old.append(cluster)
        }
        for cluster in new { groups.setCluster(cluster) }
        if let went = report.went { groups.setCluster([went]) }
        let (before, after) = (Set(old.map(Set.init)), Set(new.map(Set.init)))
        func named(_ some: Set<Set<UInt32>>) -> [[String]] {
            some.map { self.named(Array($0)) }.sorted { ($0.first ?? "") < ($1.first ?? "") }
        }
        report.before = named(before.subtracting(after))
        report.after = named(after.subtracting(before))
        guard let came = report.came else { return }
        // A record that was not there was in no cluster, though its place was.
        report.before.removeAll { $0 == [came] }
        if !report.after.contains(where: { $0.contains(came) }) { report.after.append([came]) }
    }

    /// The pairs of a record of 0.001 or more, weighed by what others say.
    func answer(_ slot: UInt32) -> [LiveIndex.Pair] {
        var pairs: [LiveIndex.Pair] = []
        weighed(slot) { other, weight, context in
            let chance = probability(weight + context)
            guard chance >= Linker.least else { return }
            pairs.append(
                LiveIndex.Pair(
                    one: ids[Int(slot)], other: ids[Int(other)], probability: chance,
                    decision: weight == .infinity ? .same : nil))
        }
        return pairs.sorted { $0.probability != $1.probability ? $0.probability > $1.probability : $0.other < $1.other }
    }

    /// Each pair of a record with its own weight and what others add: those that were compared, and those that only
    /// others brought into one cluster.
    private func weighed(_ slot: UInt32, _ take: (UInt32, Float, Float) -> Void) {
        var contexts: [UInt32: (context: Float, together: Bool)] = [:]
        groups.context(slot, groups.group(slot, records.orders)) { contexts[$0] = ($1, $2) }
        groups.each(slot) { other, weight in
            take(other, weight, contexts.removeValue(forKey: other)?.context ?? 0)
        }
        for (other, found) in contexts where found.together {
            if model.onlyBetween, records.sources.base[Int(slot)] == records.sources.base[Int(other)] { continue }
            take(other, weight(kernel.pattern(records.line(slot), records.line(other))), found.context)
        }
    }

    // MARK: - Decisions

    private func decided(_ slot: UInt32) -> [(UInt32, Decision.Verdict)] {
        guard !decisions.isEmpty, let own = decisions[records.orders.base[Int(slot)]] else { return [] }
        return own.compactMap { order, verdict in
            slots[order].flatMap { compartments.base[Int($0)] == compartments.base[Int(slot)] ? ($0, verdict) : nil }
        }
    }

    func decide(_ one: String, _ other: String, _ verdict: Decision.Verdict?) -> LiveIndex.Change {
        let (left, right) = (Digested.id(one), Digested.id(other))
        guard left != right, decisions[left]?[right] != verdict else {
            return LiveIndex.Change(pairs: [], before: [], after: [])
        }
        decisions[left, default: [:]][right] = verdict
        decisions[right, default: [:]][left] = verdict
        guard let slot = slots[left], slots[right] != nil else {
            return LiveIndex.Change(pairs: [], before: [], after: [])
        }
        var report = Report()
        kernel.refresh()
        report.touched.formUnion(groups.disconnect(slot))
        report.touched.insert(slot)
        connect(slot)
        regroup(&report)
        return LiveIndex.Change(pairs: answer(slot), before: report.before, after: report.after)
    }

    // MARK: - Explaining

    func explain(_ one: String, _ other: String, _ version: String) throws -> Explanation {
        let (left, right) = (try slot(one), try slot(other))
        guard compartments.base[Int(left)] == compartments.base[Int(right)] else {
            throw LinkageError.apart(one, other)
        }
        kernel.refresh()
        var context: Float?
        weighed(left) { if $0 == right { context = $2 } }
        let (own, others) = (keys.base + Int(left) * width, keys.base + Int(right) * width)
        let isAllowed = !model.onlyBetween || records.sources.base[Int(left)] != records.sources.base[Int(right)]
        let rule = isAllowed ? blocks.indices.first { own[$0] != 0 && own[$0] == others[$0] } : nil
        return Explanation(
            one, other, kernel.pattern(records.line(left), records.line(right)), comparer, model, context: context,
            rule: rule.map { model.rules[$0] }, areTogether: groups.cluster(left).contains(right),
            decision: decisions[Digested.id(one)]?[Digested.id(other)])
    }
}
