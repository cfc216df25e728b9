/// The blocks of one rule, kept while records come and go: from each key to the records that have it.
///
/// A block of more than ``largest`` records is split by a finer key, as the batch splits it: its records have the key
/// of the finer rule in place of their own, and where that is the key of too many as well, that of the next, and then
/// none.
final class LiveBlocks {
    private let rule: Int
    private let width: Int
    private let largest: Int
    /// What the rule and the finer ones take of a record.
    private let steps: [[Keys.Part]]
    private let keys: Buffer<UInt32>
    private let next: Buffer<UInt32>
    private let table = KeyTable()
    /// Of each step the blocks that are too large, and their records.
    private var large: [[UInt32: Set<UInt32>]]

    /// - Parameters:
    ///   - keys: of each record the keys under all rules, one after the other.
    ///   - next: of each record the one after it in its block, under all rules; one more than its number, 0 for none.
    init(
        _ number: Int, _ rule: Rule, _ records: Records, _ keys: Buffer<UInt32>, _ next: Buffer<UInt32>, width: Int,
        largest: Int
    ) {
        (self.rule, self.width, self.largest) = (number, width, largest)
        (self.keys, self.next) = (keys, next)
        steps = [Keys.parts(rule, records)] + rule.finer(records).map { Keys.parts($0, records) }
        large = steps.map { _ in [:] }
    }

    /// Takes up the records that the batch has given keys to.
    func load(_ records: Records, large: [Set<UInt32>]) {
        table.reserve(records.count)
        for record in 0..<records.count where keys.base[record * width + rule] != 0 { link(UInt32(record)) }
        guard let first = large.first, !first.isEmpty else { return }
        for record in 0..<records.count {
            var step = 0
            while step < steps.count, step < large.count {
                let key = Keys.key(records.line(UInt32(record)), by: steps[step], step: step)
                guard large[step].contains(key) else { break }
                self.large[step][key, default: []].insert(UInt32(record))
                step += 1
            }
        }
    }

    /// The records in the block of one, itself among them.
    @inline(__always)
    func each(_ record: UInt32, _ take: (UInt32) -> Void) {
        let key = keys.base[Int(record) * width + rule]
        guard key != 0 else { return }
        var at = table.head(key)
        while at != 0 {
            take(at - 1)
            at = next.base[Int(at - 1) * width + rule]
        }
    }

    /// Puts a record into its block.
    ///
    /// - Returns: the records whose block has become too large by it.
    func enter(_ record: UInt32, _ line: (UInt32) -> UnsafePointer<UInt32>) -> Set<UInt32> {
        enter(record, from: 0, line)
    }

    private func enter(
        _ record: UInt32, from first: Int, _ line: (UInt32) -> UnsafePointer<UInt32>
    ) -> Set<UInt32> {
        let place = keys.base + Int(record) * width + rule
        place.pointee = 0
        for step in first..<max(first, steps.count) {
            let key = Keys.key(line(record), by: steps[step], step: step)
            guard key != 0 else { return [] }
            if large[step][key] != nil {
                large[step][key]?.insert(record)
                continue
            }
            place.pointee = key
            link(record)
            var count = 0
            each(record) { _ in count += 1 }
            return count > largest ? split(record, key, step, line) : []
        }
        return []
    }

    private func split(
        _ record: UInt32, _ key: UInt32, _ step: Int, _ line: (UInt32) -> UnsafePointer<UInt32>
    ) -> Set<UInt32> {
        var members: Set<UInt32> = []
        each(record) { members.insert($0) }
        table.set(key, 0)
        large[step][key] = members
        var moved = members
        for member in members { moved.formUnion(enter(member, from: step + 1, line)) }
        return moved
    }

    /// Takes a record out of its block, while its line still says what it did.
    ///
    /// - Returns: the records whose block is no longer too large.
    func leave(_ record: UInt32, _ line: (UInt32) -> UnsafePointer<UInt32>) -> Set<UInt32> {
        leave(record, from: 0, line)
    }

    private func leave(
        _ record: UInt32, from first: Int, _ line: (UInt32) -> UnsafePointer<UInt32>
    ) -> Set<UInt32> {
        let place = keys.base + Int(record) * width + rule
        if large[0].isEmpty {
            if place.pointee != 0 { unlink(record) }
            place.pointee = 0
            return []
        }
        var left: [(step: Int, key: UInt32)] = []
        for step in first..<max(first, steps.count) {
            let key = Keys.key(line(record), by: steps[step], step: step)
            guard key != 0, large[step][key] != nil else { break }
            large[step][key]?.remove(record)
            left.append((step, key))
        }
        if place.pointee != 0 { unlink(record) }
        place.pointee = 0
        var moved: Set<UInt32> = []
        for (step, key) in left {
            guard let members = large[step][key], members.count <= largest else { continue }
            for member in members { moved.formUnion(leave(member, from: step + 1, line)) }
            large[step][key] = nil
            for member in members {
                keys.base[Int(member) * width + rule] = key
                link(member)
            }
            moved.formUnion(members)
        }
        return moved
    }

    private func link(_ record: UInt32) {
        let key = keys.base[Int(record) * width + rule]
        next.base[Int(record) * width + rule] = table.exchange(key, record + 1)
    }

    private func unlink(_ record: UInt32) {
        let key = keys.base[Int(record) * width + rule]
        var at = table.head(key)
        let after = next.base[Int(record) * width + rule]
        if at == record + 1 { return table.set(key, after) }
        while at != 0 {
            let place = next.base + Int(at - 1) * width + rule
            if place.pointee == record + 1 {
                place.pointee = after
                return
            }
            at = place.pointee
        }
    }
}

/// From a key to a number, 0 for none.
private final class KeyTable {
    private struct Slot: BitwiseCopyable {
        var key: UInt32
        var head: UInt32
    }

    private var slots = Buffer(repeating: Slot(key: 0, head: 0), count: 1 << 10)
    private var mask = 1 << 10 - 1
    private var used = 0

    func reserve(_ count: Int) {
        var size = slots.count
        while size * 2 < count * 3 { size *= 2 }
        if size > slots.count { resize(to: size) }
    }

    @inline(__always) private func place(_ key: UInt32) -> Int {
        var at = Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while slots.base[at].key != 0, slots.base[at].key != key { at = (at + 1) & mask }
        return at
    }

    @inline(__always) func head(_ key: UInt32) -> UInt32 { slots.base[place(key)].head }

    func set(_ key: UInt32, _ head: UInt32) { slots.base[place(key)].head = head }

    /// Puts a number in the place of the one before, which it returns.
    func exchange(_ key: UInt32, _ head: UInt32) -> UInt32 {
        var at = place(key)
        if slots.base[at].key == 0 {
            if (used + 1) * 4 > slots.count * 3 {
                // Keys that nobody has any longer go, and if that is not enough, the table grows.
                let held = slots.elements.count { $0.head != 0 }
                resize(to: held * 2 > slots.count ? slots.count * 2 : slots.count)
                at = place(key)
            }
            slots.base[at].key = key
            used += 1
        }
        let before = slots.base[at].head
        slots.base[at].head = head
        return before
    }

    private func resize(to size: Int) {
        let old = slots
        slots = Buffer(repeating: Slot(key: 0, head: 0), count: size)
        (mask, used) = (size - 1, 0)
        for slot in old.elements where slot.head != 0 {
            slots.base[place(slot.key)] = slot
            used += 1
        }
    }
}
