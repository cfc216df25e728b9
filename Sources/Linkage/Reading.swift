/// Takes in one column, part by part: as packed numbers, or as numbers of distinct values.
class ColumnReader: @unchecked Sendable {
    let name: String
    var use: ColumnUse
    /// The columns of the file that are read as this one, in their order: a house number and its street are one
    /// address.
    var joined: [String]
    let codes = Buffer<UInt32>()
    let packed = Buffer<UInt64>()
    let distinct = Distinct()
    var monthFirst = false
    private var arenas: [Buffer<UInt8>] = []

    init(_ use: ColumnUse) {
        name = use.name
        self.use = use
        joined = [use.name]
    }

    func makeRoom(_ rows: Int) {
        if use.kind.isPacked { packed.reserve(rows) } else { codes.reserve(rows) }
    }

    func take(_ cells: [Buffer<Cell>?], rows: Int) {
        if joined.count > 1 { return takeJoined(cells, rows: rows) }
        guard let cells = cells[0] else { return takeNothing(rows) }
        let (base, count) = (cells.base, cells.count)
        switch use.kind {
        case .birth:
            packed.reserve(count)
            let end = packed.end
            for index in 0..<count { end[index] = Dates.parse(base[index], monthFirst: monthFirst) }
            packed.wrote(count)
        case .phone:
            packed.reserve(count)
            let end = packed.end
            for index in 0..<count { end[index] = base[index].length == 0 ? 0 : Packed.phone(base[index]) }
            packed.wrote(count)
        case .nhs, .upn, .identifier:
            packed.reserve(count)
            let end = packed.end
            for index in 0..<count { end[index] = base[index].length == 0 ? 0 : Packed.identifier(base[index]) }
            packed.wrote(count)
        default:
            codes.reserve(count)
            let end = codes.end
            for index in 0..<count { end[index] = base[index].length == 0 ? 0 : distinct.code(base[index]) }
            codes.wrote(count)
        }
    }

    private func takeNothing(_ rows: Int) {
        for _ in 0..<rows { if use.kind.isPacked { packed.append(0) } else { codes.append(0) } }
    }

    /// Several columns as one value, with a blank between them.
    private func takeJoined(_ columns: [Buffer<Cell>?], rows: Int) {
        var arena = Buffer<UInt8>(capacity: 1 << 20)
        arenas.append(arena)
        for row in 0..<rows {
            let wanted = columns.reduce(0) { $0 + ($1?[row].length ?? 0) + 1 }
            if arena.count + wanted > 1 << 20 {
                arena = Buffer(capacity: max(1 << 20, wanted))
                arenas.append(arena)
            }
            let start = arena.count
            for column in columns {
                guard let cell = column?[row], cell.length > 0 else { continue }
                if arena.count > start { arena.append(32) }
                arena.append(cell.start, count: cell.length)
            }
            let length = arena.count - start
            guard length > 0 else {
                codes.append(0)
                continue
            }
            let before = distinct.count
            codes.append(distinct.code(Cell(arena.base + start, length)))
            if distinct.count == before { arena.removeLast(to: start) }
        }
    }
}
