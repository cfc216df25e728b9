/// The compartments of records, by number.
final class Compartments: @unchecked Sendable {
    let codes = Buffer<UInt32>()
    private let names = Distinct()
    private var numbers: [UInt32] = [0]

    /// The number of a compartment; 0 for none.
    func code(_ name: Cell) -> UInt32 {
        guard name.length > 0 else { return 0 }
        let own = hash(name.start, name.length)
        let code = names.code(name, own)
        if Int(code) == numbers.count { numbers.append(UInt32(truncatingIfNeeded: own) | 1) }
        return code
    }

    /// What keys are told apart by: the same in every file.
    func number(_ code: UInt32) -> UInt32 { numbers[Int(code)] }
}

/// All records, each a line of 32-bit words that the comparison reads: one fetch from memory, however many columns.
final class Records: @unchecked Sendable {
    struct Column {
        let name: String
        let kind: ColumnKind
        /// The first of its words in a record’s line; a packed number takes two.
        let slot: Int
        let values: Values?
    }

    let count: Int
    let stride: Int
    let lines: Buffer<UInt32>
    var columns: [Column]
    /// The source of each record, from 0.
    let sources: Buffer<UInt16>
    let sourceNames: [String]
    let ids: Buffer<Cell>
    /// Of each record a number of its id that is the same in every file: records are put in one order by it where
    /// there is nothing else to choose by.
    let orders: Buffer<UInt64>
    /// The compartment of each record by number, 0 for none; no two records of two are ever compared. Nothing where no
    /// compartments were named.
    let compartments: Buffer<UInt32>?
    /// The same with what tells their names.
    let apart: Compartments?
    /// Where in its line a number of its compartment stands.
    let compartmentSlot: Int?
    /// Short ids once more, each with its length before it, in places of one size: one fetch from memory where many are
    /// written.
    let shortIDs: Buffer<UInt8>?
    let shortID: Int
    let longestID: Int

    init(
        count: Int, columns: [(ColumnUse, Values?, Buffer<UInt32>?, Buffer<UInt64>?)], sources: Buffer<UInt16>,
        names: [String], ids: Buffer<Cell>, orders: Buffer<UInt64>, compartments: Compartments? = nil
    ) {
        self.count = count
        self.sources = sources
        sourceNames = names
        self.ids = ids
        self.orders = orders
        self.compartments = compartments?.codes
        apart = compartments
        (shortIDs, shortID) = Self.short(ids)
        longestID = ids.elements.reduce(0) { max($0, $1.length) }
        var at = 0
        var made: [Column] = []
        for (use, values, _, packed) in columns {
            made.append(Column(name: use.name, kind: use.kind, slot: at, values: values))
            at += packed == nil || use.kind == .birth ? 1 : 2
        }
        compartmentSlot = compartments.map { _ in at }
        if compartments != nil { at += 1 }
        stride = at <= 4 ? 4 : at <= 8 ? 8 : (at + 15) / 16 * 16
        self.columns = made
        lines = Buffer(repeating: 0, count: count * stride)
        let (all, width, pieces, last) = (lines, stride, 16, at - 1)
        let parts = zip(made, columns).map { ($0.slot, $0.kind, $1.2, $1.3) }
        inParallel(pieces) { piece in
            let (from, to, target) = (count * piece / pieces, count * (piece + 1) / pieces, all.base)
            for (slot, kind, codes, packed) in parts {
                if let codes {
                    for row in from..<to { target[row * width + slot] = codes.base[row] }
                } else if let packed, kind == .birth {
                    for row in from..<to { target[row * width + slot] = UInt32(truncatingIfNeeded: packed.base[row]) }
                } else if let packed {
                    for row in from..<to {
                        target[row * width + slot] = UInt32(truncatingIfNeeded: packed.base[row])
                        target[row * width + slot + 1] = UInt32(truncatingIfNeeded: packed.base[row] >> 32)
                    }
                }
            }
            if let compartments {
                for row in from..<to { target[row * width + last] = compartments.number(compartments.codes.base[row]) }
            }
        }
    }

    @inline(__always) func line(_ record: UInt32) -> UnsafePointer<UInt32> {
        UnsafePointer(lines.base + Int(record) * stride)
    }

    private static func short(_ ids: Buffer<Cell>) -> (Buffer<UInt8>?, Int) {
        let size = (ids.elements.reduce(0) { max($0, $1.length) } + 4) / 4 * 4
        guard size <= 24, !ids.elements.contains(where: { $0.bytes.contains { $0 == 44 || $0 == 34 || $0 == 10 } })
        else { return (nil, 0) }
        let short = Buffer<UInt8>(repeating: 0, count: size * ids.count)
        for (number, id) in ids.elements.enumerated() {
            short.base[number * size] = UInt8(id.length)
            (short.base + number * size + 1).update(from: id.start, count: id.length)
        }
        return (short, size)
    }

    func id(_ record: UInt32) -> String { ids[Int(record)].text }

    func columns(_ kinds: ColumnKind...) -> [Column] { columns.filter { kinds.contains($0.kind) } }
}

@inline(__always) func packed(_ line: UnsafePointer<UInt32>, _ slot: Int) -> UInt64 {
    UInt64(line[slot]) | UInt64(line[slot + 1]) << 32
}
