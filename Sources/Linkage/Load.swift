/// What to read of the files, and how.
public struct Reading: Sendable {
    public var id: String
    public var source: String?
    public var truth: String?
    public var ignored: Set<String>
    public var kinds: [String: ColumnKind]
    /// The column that names each record’s compartment; empty is one too. Records of two compartments are never
    /// compared, and it says nothing of who a child is.
    public var compartment: String?

    public init(
        id: String, source: String? = nil, truth: String? = nil, ignored: Set<String> = [],
        kinds: [String: ColumnKind] = [:], compartment: String? = nil
    ) {
        self.compartment = compartment
        self.id = id
        self.source = source
        self.truth = truth
        self.ignored = ignored
        self.kinds = kinds
    }
}

/// What came of reading.
final class Loaded: @unchecked Sendable {
    let records: Records
    let uses: [ColumnUse]
    let refused: [RefusedRow]
    /// The answers of the truth column by number, 0 where there is none: nothing that links ever sees them.
    let truth: Buffer<UInt32>?
    /// How each column of the records was read, so that others can be read in the same way.
    let columns: [Model.Column]
    fileprivate let scans: [Scan]
    fileprivate let parts: [Scan.Part]

    fileprivate init(
        _ records: Records, _ uses: [ColumnUse], _ refused: [RefusedRow], _ truth: Buffer<UInt32>?,
        _ columns: [Model.Column], _ scans: [Scan], _ parts: [Scan.Part]
    ) {
        self.columns = columns
        self.records = records
        self.uses = uses
        self.refused = refused
        self.truth = truth
        self.scans = scans
        self.parts = parts
    }
}

/// Reads files of records: columns understood, rows checked, values written in one way.
final class Loader {
    private let reading: Reading
    private let scans: [Scan]
    private var readers: [ColumnReader] = []
    private var ignored: [ColumnUse] = []
    private var refused: [RefusedRow] = []
    private let ids = Buffer<Cell>()
    private let orders = Buffer<UInt64>()
    private let compartments: Compartments?
    /// The columns that a model wants, where they are not to be understood anew.
    private let wantedColumns: [Model.Column]?
    private let idSet = Distinct()
    private let sourceSet = Distinct()
    private let sources = Buffer<UInt16>()
    private let truthSet = Distinct()
    private let truth: Buffer<UInt32>?
    private var kept: [Scan.Part] = []
    /// Fewer rows than this are nothing to compare.
    private var fewest = 2

    /// - Parameter columns: how a model reads records; without it the columns are understood anew.
    static func load(
        _ files: [FileBytes], _ reading: Reading, columns: [Model.Column]? = nil, fewest: Int = 2,
        hasCompartments: Bool = false, _ progress: Linker.Progress
    ) throws -> Loaded {
        let loader = try Loader(files.map(Scan.init), reading, columns, hasCompartments)
        loader.fewest = fewest
        return try loader.load(progress)
    }

    /// Records that are in no file.
    static func load(
        _ table: RecordTable, _ reading: Reading, columns: [Model.Column]? = nil, fewest: Int = 2
    ) throws -> Loaded {
        let loader = try Loader([Scan(table)], table.reading(reading), columns, true)
        loader.fewest = fewest
        return try loader.load { _, _, _ in }
    }

    private init(
        _ scans: [Scan], _ reading: Reading, _ columns: [Model.Column]?, _ hasCompartments: Bool
    ) throws {
        self.reading = reading
        self.scans = scans
        wantedColumns = columns
        compartments = reading.compartment == nil && !hasCompartments ? nil : Compartments()
        for scan in scans {
            for column in [reading.id, reading.source, reading.compartment].compactMap({ $0 })
            where !scan.header.contains(column) {
                throw LinkageError.noColumn(scan.file.name, column, has: scan.header)
            }
            if let columns, !columns.contains(where: { $0.from.contains(where: scan.header.contains) }) {
                throw LinkageError.model("\(scan.file.name) has none of the columns that it compares")
            }
        }
        if let name = reading.truth, !scans.contains(where: { $0.header.contains(name) }) {
            throw LinkageError.noColumn(scans[0].file.name, name, has: scans[0].header)
        }
        truth = reading.truth == nil ? nil : Buffer()
    }

    private func load(_ progress: Linker.Progress) throws -> Loaded {
        let bytes = scans.reduce(0) { $0 + $1.file.count }
        var bytesBefore = 0
        for (number, scan) in scans.enumerated() {
            var rowsBefore = 0
            while true {
                let parts = try scan.next(wanted(scan))
                if parts.isEmpty { break }
                if number == 0, rowsBefore == 0 {
                    understand(scan, parts)
                    makeRoom(Double(bytes) / Double(max(scan.at, 1)) * Double(parts.reduce(0) { $0 + $1.rows }))
                }
                if number > 0, rowsBefore == 0 { understandFurther(scan, parts) }
                for part in parts {
                    for fault in part.faults {
                        refused.append(
                            RefusedRow(
                                file: scan.file.name, row: rowsBefore + fault.row,
                                why: "it has \(fault.cells) values; the header names \(scan.header.count) columns"))
                    }
                    checkIDs(scan, part, number, rowsBefore)
                    rowsBefore += part.seen
                    if !part.unescaped.isEmpty { kept.append(part) }
                }
                read(scan, parts)
                progress("reading", min(bytesBefore + scan.at, bytes), bytes)
            }
            bytesBefore += scan.file.count
        }
        return try finished()
    }

    /// Memory for as many rows as there seem to be, so that it need not grow and be copied.
    private func makeRoom(_ rows: Double) {
        let rows = Int(min(rows * 1.05, 1e9))
        ids.reserve(rows)
        orders.reserve(rows)
        sources.reserve(rows)
        truth?.reserve(rows)
        for reader in readers { reader.makeRoom(rows) }
    }

    /// Where the cells of each column of a file go.
    private func wanted(_ scan: Scan) -> [Int?] {
        let unread = Set(
            ignored.filter { use in
                use.name != reading.source && use.name != reading.compartment
                    && !readers.contains { $0.joined.contains(use.name) }
            }.map(\.name))
        return scan.header.indices.map { unread.contains(scan.header[$0]) ? nil : $0 }
    }

    private func understand(_ scan: Scan, _ parts: [Scan.Part]) {
        if let wantedColumns { return take(wantedColumns, scan) }
        add(scan.header, scan, parts)
        // A whole name says again what its two parts say.
        if readers.contains(where: { $0.use.kind == .given }), readers.contains(where: { $0.use.kind == .family }) {
            for reader in readers where reader.use.kind == .fullName {
                drop(reader, "it says again what the given and the family name say")
            }
        }
        for kind in [ColumnKind.given, .family, .birth, .sex, .postcode, .address, .house, .phone] {
            for reader in readers.filter({ $0.use.kind == kind }).dropFirst() {
                reader.use.kind = kind == .birth ? .ignored : .category
                if kind == .birth { drop(reader, "another column is the day of birth") }
            }
        }
        if let house = readers.first(where: { $0.use.kind == .house }) {
            if let address = readers.first(where: { $0.use.kind == .address }) {
                address.joined = [house.name, address.name]
                address.use.why += ", read together with “\(house.name)”"
                drop(house, "it is read together with “\(address.name)”")
            } else {
                house.use.kind = .address
            }
        }
    }

    /// Reads columns as a model does, whatever stands in them now.
    private func take(_ columns: [Model.Column], _ scan: Scan) {
        for column in columns where column.part != .family {
            let reader = ColumnReader(
                ColumnUse(
                    name: column.name, kind: column.part == nil ? column.kind : .fullName, why: "the model says so"))
            reader.joined = column.from
            reader.monthFirst = column.monthFirst
            readers.append(reader)
        }
        ignoreOthers(scan)
    }

    private func ignoreOthers(_ scan: Scan) {
        let known = Set(
            readers.flatMap(\.joined) + ignored.map(\.name) + [reading.id] + [reading.truth].compactMap { $0 })
        for name in scan.header where !known.contains(name) {
            ignored.append(ColumnUse(name: name, kind: .ignored, why: "the model does not compare it"))
        }
    }

    private func understandFurther(_ scan: Scan, _ parts: [Scan.Part]) {
        if wantedColumns != nil { return ignoreOthers(scan) }
        let known = Set(readers.flatMap(\.joined) + ignored.map(\.name))
        let before = readers.count
        add(scan.header.filter { !known.contains($0) }, scan, parts)
        for reader in readers[before...] { reader.take([nil], rows: ids.count) }
    }

    private func add(_ names: [String], _ scan: Scan, _ parts: [Scan.Part]) {
        for name in names {
            if name == reading.id || name == reading.truth { continue }
            if name == reading.source {
                ignored.append(ColumnUse(name: name, kind: .ignored, why: "it names the source"))
                continue
            }
            if name == reading.compartment {
                ignored.append(ColumnUse(name: name, kind: .ignored, why: "it names the compartment"))
                continue
            }
            if reading.ignored.contains(name) {
                ignored.append(ColumnUse(name: name, kind: .ignored, why: "you asked for it to be ignored"))
                continue
            }
            let sample = sample(scan, parts, name)
            var use =
                reading.kinds[name].map { ColumnUse(name: name, kind: $0, why: "the configuration says so") }
                ?? Columns.byName(name) ?? Columns.byContent(name, sample)
            if use.kind != .ignored, !sample.contains(where: { !Missing.isMissing($0) }), reading.kinds[name] == nil {
                use.why += "; nothing stands in its first rows"
            }
            guard use.kind != .ignored else {
                ignored.append(use)
                continue
            }
            let reader = ColumnReader(use)
            if use.kind == .birth { reader.monthFirst = Dates.monthFirst(sample) }
            readers.append(reader)
        }
    }

    private func sample(_ scan: Scan, _ parts: [Scan.Part], _ name: String) -> [Cell] {
        guard let place = scan.header.firstIndex(of: name) else { return [] }
        return parts.flatMap { part in
            let cells = part.columns[place]
            return (0..<min(cells.count, 2_000)).map { cells[$0] }
        }
    }

    private func drop(_ reader: ColumnReader, _ why: String) {
        readers.removeAll { $0 === reader }
        ignored.append(ColumnUse(name: reader.name, kind: .ignored, why: why))
    }

    /// Refuses rows without an id, or with one that a row before has; keeps the ids of the others.
    private func checkIDs(_ scan: Scan, _ part: Scan.Part, _ file: Int, _ rowsBefore: Int) {
        let place = scan.header.firstIndex(of: reading.id)!
        let cells = part.columns[place]
        var refusedRows: [Int] = []
        for row in 0..<part.rows {
            let cell = cells[row]
            if cell.length == 0 {
                refusedRows.append(row)
                refuse(scan, part, rowsBefore, row, "its “\(reading.id)” is empty")
                continue
            }
            let (before, own) = (idSet.count, hash(cell.start, cell.length))
            _ = idSet.code(cell, own)
            if idSet.count > before {
                orders.append(own)
            } else {
                refusedRows.append(row)
                refuse(scan, part, rowsBefore, row, "its “\(reading.id)” \(cell.text) stands in a row before")
                continue
            }
        }
        if !refusedRows.isEmpty { remove(refusedRows, part) }
        ids.append(cells.base, count: part.rows)
        let sourceColumn = reading.source.flatMap { scan.header.firstIndex(of: $0) }
        for row in 0..<part.rows {
            sources.append(
                sourceColumn.map { UInt16(truncatingIfNeeded: sourceSet.code(part.columns[$0][row])) } ?? UInt16(file))
        }
        if let compartments {
            let column = reading.compartment.flatMap { scan.header.firstIndex(of: $0) }
            for row in 0..<part.rows {
                compartments.codes.append(column.map { compartments.code(part.columns[$0][row]) } ?? 0)
            }
        }
        if let truth {
            let column = reading.truth.flatMap { scan.header.firstIndex(of: $0) }
            for row in 0..<part.rows { truth.append(column.map { number(part.columns[$0][row]) } ?? 0) }
        }
    }

    /// The number of an answer; rows without one are of nobody.
    private func number(_ answer: Cell) -> UInt32 { answer.length == 0 ? 0 : truthSet.code(answer) }

    private func refuse(_ scan: Scan, _ part: Scan.Part, _ before: Int, _ row: Int, _ why: String) {
        var number = row + 1
        for fault in part.faults where fault.row <= number { number += 1 }
        refused.append(RefusedRow(file: scan.file.name, row: before + number, why: why))
    }

    private func remove(_ rows: [Int], _ part: Scan.Part) {
        for column in part.columns {
            var (next, to) = (0, 0)
            for row in 0..<column.count {
                if next < rows.count, rows[next] == row {
                    next += 1
                } else {
                    column[to] = column[row]
                    to += 1
                }
            }
            column.removeLast(to: to)
        }
        part.rows -= rows.count
    }

    private func read(_ scan: Scan, _ parts: [Scan.Part]) {
        let readers = self.readers
        let places = readers.map { reader in reader.joined.map { scan.header.firstIndex(of: $0) } }
        inParallel(readers.count) { number in
            for part in parts {
                readers[number].take(places[number].map { $0.map { part.columns[$0] } }, rows: part.rows)
            }
        }
    }

    private func finished() throws -> Loaded {
        guard ids.count >= fewest else { throw LinkageError.nothingToCompare("fewer than two rows could be read.") }
        let jobs = self.jobs
        let made = mapped(jobs.count) { number -> (ColumnUse, Values?, Buffer<UInt32>?, Buffer<UInt64>?) in
            let (reader, use, part) = jobs[number]
            if use.kind.isPacked { return (use, nil, nil, reader.packed) }
            guard let part else { return (use, Values(use.kind, reader.distinct, reader.codes), reader.codes, nil) }
            let codes = Buffer<UInt32>(capacity: reader.codes.count)
            codes.append(reader.codes.base, count: reader.codes.count)
            return (use, Values(use.kind, reader.distinct, codes, part: part.write), codes, nil)
        }
        guard !made.isEmpty else {
            throw LinkageError.nothingToCompare(
                "no column tells who a record is about. See --config to say what the columns are.")
        }
        let names = reading.source == nil ? scans.map(\.file.name) : sourceSet.values.elements.map(\.text)
        let records = Records(
            count: ids.count, columns: made, sources: sources, names: names, ids: ids, orders: orders,
            compartments: compartments)
        for scan in scans { scan.file.letGo() }
        let columns = jobs.map { reader, use, part in
            Model.Column(
                name: use.name, kind: use.kind, from: reader.joined, part: part, monthFirst: reader.monthFirst)
        }
        return Loaded(records, readers.map(\.use) + ignored, refused, truth, columns, scans, kept)
    }

    /// What each reader’s values are: a whole name is a given and a family name.
    private var jobs: [(ColumnReader, ColumnUse, NamePart?)] {
        readers.flatMap { reader -> [(ColumnReader, ColumnUse, NamePart?)] in
            guard reader.use.kind == .fullName else { return [(reader, reader.use, nil)] }
            return [
                (reader, ColumnUse(name: reader.name, kind: .given, why: reader.use.why), .given),
                (reader, ColumnUse(name: reader.name, kind: .family, why: reader.use.why), .family),
            ]
        }
    }
}
