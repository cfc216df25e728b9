import Kernel

/// Why an extract is refused whole: nothing was changed.
public enum ExtractFault: SaidPlainly, Hashable {
    case noSuchSource(String, known: [String])
    case badName(String)
    case tooLarge(megabytes: Int)
    case tooManyRows(Int)
    case noRows
    case monthFirst(column: String, line: Int)
    case older(than: Day, given: Day)
    case future(Day)
    case wouldRemove(Int, of: Int)
    case unknownColumns([String], allowed: [String])
    case comesByNotice

    public var description: String {
        switch self {
        case .noSuchSource(let code, let known):
            "There is no source “\(code)”. The sources are \(known.joined(separator: ", "))."
        case .badName(let name):
            "“\(name)” does not say which source it is of and of which day. Name it like school-census_2026-10-01.csv, "
                + "or give --source and --as-of."
        case .tooLarge(let limit):
            "The file is larger than \(limit) MB. A whole city’s census is about 30 MB: is it the right file?"
        case .tooManyRows(let limit):
            "The file has more than \(limit) rows, which is more children than a city has: is it the right file?"
        case .noRows: "The file names its columns and has no rows."
        case .monthFirst(let column, let line):
            "Line \(line) writes the month first in the column “\(column)”, so 04/05/2016 could be two days. "
                + "Write days as 2016-05-04."
        case .older(let held, let given):
            "This extract is of \(given.inWords); one of \(held.inWords) was taken in before. Older news does not "
                + "replace newer."
        case .comesByNotice:
            "Early notices come one by one, by the form or the interface for programs, so that each has its day and is "
                + "acknowledged; no file of them is taken in."
        case .future(let day): "The extract is of \(day.inWords), which is yet to come."
        case .wouldRemove(let gone, let all):
            "\(gone) of the \(all) records held are not in this file, and would be marked as gone. That is more than "
                + "leave at once: is the file whole? If it is right, give --allow-removals."
        case .unknownColumns(let names, let allowed):
            "The file has columns that the template of this source does not know: \(names.joined(separator: ", ")). "
                + "The template has \(allowed.joined(separator: ", "))."
        }
    }
}

/// A row that can be kept.
public struct CheckedRecord: Hashable, Sendable {
    public let line: Int
    /// The source’s own number for it.
    public let ref: String
    /// In the order of the template’s columns; empty where there is none.
    public let cells: [String]
}

/// A row that was refused.
public struct RefusedRow: Hashable, Sendable {
    public let line: Int
    /// The source’s own number for it, where the row tells it.
    public let ref: String?
    public let faults: [CellFault]
    /// What stood in the row, by column.
    public let written: [String: String]
    /// Whether it runs over several lines and may have swallowed others.
    public let isLong: Bool

    public init(line: Int, ref: String?, faults: [CellFault], written: [String: String], isLong: Bool) {
        (self.line, self.ref, self.faults, self.written, self.isLong) = (line, ref, faults, written, isLong)
    }
}

/// An extract, row by row checked.
public struct ExtractReading: Sendable {
    public private(set) var records: [CheckedRecord] = []
    public private(set) var refused: [RefusedRow] = []
    /// Columns of the template that the file does not have.
    public private(set) var absent: [String] = []
    /// In how many rows that can be kept each column is filled.
    public private(set) var filled: [String: Int] = [:]
    public let rows: Int

    /// The most that is read of one file.
    public static let mostMegabytes = 256, mostRows = 1_000_000

    /// Reads and checks a whole extract.
    ///
    /// - Throws: `TableFault` or `ExtractFault` where the file is refused whole.
    public init(_ bytes: [UInt8], _ columns: [FeedColumn], _ check: CellCheck) throws {
        guard bytes.count <= Self.mostMegabytes * 1_048_576 else {
            throw ExtractFault.tooLarge(megabytes: Self.mostMegabytes)
        }
        // Lines before rows: a table of ten million of them is not made to be refused.
        guard bytes.lazy.filter({ $0 == 10 }).prefix(Self.mostRows + 2).count <= Self.mostRows + 1 else {
            throw ExtractFault.tooManyRows(Self.mostRows)
        }
        let needed = columns.filter(\.isNeeded).map(\.name)
        let table = try Table(bytes, required: needed)
        let known = Set(columns.map(\.name))
        let strange = table.header.filter { !known.contains($0) }
        guard strange.isEmpty else {
            throw ExtractFault.unknownColumns(strange, allowed: columns.map(\.name))
        }
        guard !table.rows.isEmpty else { throw ExtractFault.noRows }
        rows = table.rows.count
        let places = Dictionary(uniqueKeysWithValues: table.header.enumerated().map { ($0.element, $0.offset) })
        let present = columns.map { places[$0.name] }
        absent = zip(columns, present).filter { $0.1 == nil }.map(\.0.name)
        try Self.refuseMonthFirst(table, columns, present)
        var seen: [String: Int] = [:]
        seen.reserveCapacity(table.rows.count)
        records.reserveCapacity(table.rows.count)
        for row in table.rows { take(row, columns, present, check, &seen) }
        for (place, column) in columns.enumerated() {
            filled[column.name] = records.count { !$0.cells[place].isEmpty }
        }
    }

    private mutating func take(
        _ row: Table.Row, _ columns: [FeedColumn], _ places: [Int?], _ check: CellCheck, _ seen: inout [String: Int]
    ) {
        var faults: [CellFault] = []
        if let fault = row.fault { faults.append(CellFault("", fault)) }
        var cells: [String] = []
        cells.reserveCapacity(columns.count)
        for (column, place) in zip(columns, places) {
            let written = place.map(row.cell) ?? ""
            if written.isEmpty {
                if column.isNeeded { faults.append(CellFault(column.name, "it is empty, and every row needs it")) }
                cells.append("")
                continue
            }
            do { cells.append(try check.value(written, column)) } catch {
                faults.append(error)
                cells.append("")
            }
        }
        let refPlace = columns.firstIndex { $0.kind == .id }
        let ref = refPlace.map { cells[$0] } ?? ""
        if !ref.isEmpty, let first = seen[ref] {
            faults.append(CellFault("record_id", "the same number stands in line \(first): each record is sent once"))
        } else if !ref.isEmpty {
            seen[ref] = row.line
        }
        guard !faults.isEmpty else { return records.append(CheckedRecord(line: row.line, ref: ref, cells: cells)) }
        var written: [String: String] = [:]
        for (column, place) in zip(columns, places) {
            if let place, !row.cell(place).isEmpty { written[column.name] = String(row.cell(place).prefix(300)) }
        }
        refused.append(
            RefusedRow(
                line: row.line, ref: ref.isEmpty ? nil : ref, faults: faults, written: written, isLong: row.isLong))
    }

    /// Where more days of a column can only be month first than can only be day first, all its days are doubtful.
    private static func refuseMonthFirst(_ table: Table, _ columns: [FeedColumn], _ places: [Int?]) throws(ExtractFault)
    {
        for (column, place) in zip(columns, places) where column.kind == .born || column.kind == .day {
            guard let place else { continue }
            var (monthFirst, dayFirst) = (0, 0)
            var line = 0
            for row in table.rows {
                let text = row.cell(place)
                guard text.utf8.contains(47) else { continue }
                let parts = text.split(separator: "/")
                guard parts.count == 3, parts[2].utf8.count == 4, let first = Digits.number(parts[0]),
                    let second = Digits.number(parts[1])
                else { continue }
                if (13...31).contains(second), (1...12).contains(first) {
                    monthFirst += 1
                    if line == 0 { line = row.line }
                } else if (13...31).contains(first), (1...12).contains(second) {
                    dayFirst += 1
                }
            }
            guard monthFirst <= dayFirst else { throw .monthFirst(column: column.name, line: line) }
        }
    }
}

/// The name of an extract’s file: `school-census_2026-10-01.csv`.
public enum ExtractName {
    /// - Throws: `ExtractFault.badName` where it does not say the source and the day.
    public static func read(_ name: String) throws(ExtractFault) -> (source: String, asOf: Day) {
        let parts = name.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, name.lowercased().hasSuffix(".csv"), let day = try? Day(iso: parts[1].dropLast(4))
        else {
            throw .badName(String(name.prefix(120)))
        }
        return (String(parts[0]), day)
    }
}
