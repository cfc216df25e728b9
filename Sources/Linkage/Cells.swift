/// One value of a table, as it stands in the file: where its bytes begin, and how many there are (65,535 at most).
struct Cell: BitwiseCopyable {
    private let bits: UInt64

    static let empty = Cell(bits: 0)

    private init(bits: UInt64) { self.bits = bits }

    init(_ start: UnsafePointer<UInt8>, _ length: Int) {
        bits = UInt64(UInt(bitPattern: start)) << 16 | UInt64(min(length, 65_535))
    }

    var length: Int { Int(bits & 0xFFFF) }

    /// Never read where ``length`` is nought.
    var start: UnsafePointer<UInt8> {
        UnsafePointer(bitPattern: UInt(bits >> 16)) ?? UnsafePointer(bitPattern: 1)!
    }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: length) }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Numbers the distinct values of a column, from 1 in the order in which they first stand; 0 is “missing”.
final class Distinct: @unchecked Sendable {
    private struct Slot: BitwiseCopyable {
        var hash: UInt64
        var code: UInt32
    }

    private var slots: Buffer<Slot>
    private var mask: Int
    private(set) var values = Buffer<Cell>()

    init() {
        slots = Buffer(repeating: Slot(hash: 0, code: 0), count: 1 << 10)
        mask = (1 << 10) - 1
        values.append(.empty)
    }

    /// How many there are, with the missing one.
    var count: Int { values.count }

    @inline(__always) func code(_ cell: Cell) -> UInt32 {
        code(cell, hash(cell.start, cell.length))
    }

    @inline(__always) func code(_ cell: Cell, _ hash: UInt64) -> UInt32 {
        var at = Int(truncatingIfNeeded: hash) & mask
        let table = slots.base
        while true {
            let slot = table[at]
            if slot.code == 0 { return add(cell, hash, at) }
            if slot.hash == hash { return slot.code }
            at = (at + 1) & mask
        }
    }

    @inline(never) private func add(_ cell: Cell, _ hash: UInt64, _ at: Int) -> UInt32 {
        let code = UInt32(values.count)
        values.append(cell)
        slots[at] = Slot(hash: hash, code: code)
        if values.count * 2 > mask { grow() }
        return code
    }

    /// Takes out the value that came last, by its hash.
    func removeLast(_ hash: UInt64) {
        let last = UInt32(values.count - 1)
        var at = Int(truncatingIfNeeded: hash) & mask
        while slots[at].code != 0, slots[at].code != last { at = (at + 1) & mask }
        guard slots[at].code == last else { return }
        // What was placed behind it because its place was taken moves up, so that it is found again.
        var next = (at + 1) & mask
        while slots[next].code != 0 {
            let home = Int(truncatingIfNeeded: slots[next].hash) & mask
            if (next &- home) & mask >= (next &- at) & mask {
                slots[at] = slots[next]
                at = next
            }
            next = (next + 1) & mask
        }
        slots[at] = Slot(hash: 0, code: 0)
        values.removeLast(to: values.count - 1)
    }

    /// The number of a value that may not be there.
    func find(_ cell: Cell) -> UInt32? {
        let hash = hash(cell.start, cell.length)
        var at = Int(truncatingIfNeeded: hash) & mask
        while slots[at].code != 0 {
            if slots[at].hash == hash { return slots[at].code }
            at = (at + 1) & mask
        }
        return nil
    }

    private func grow() {
        let old = slots
        mask = (mask + 1) * 4 - 1
        slots = Buffer(repeating: Slot(hash: 0, code: 0), count: mask + 1)
        for slot in old.elements where slot.code != 0 {
            var at = Int(truncatingIfNeeded: slot.hash) & mask
            while slots[at].code != 0 { at = (at + 1) & mask }
            slots[at] = slot
        }
    }
}
