/// A record as it is held elsewhere: what an index is given in place of a row of a file.
public struct LiveRecord: Sendable, Equatable {
    /// Unique over all records of an index.
    public var id: String
    /// The agency that holds it.
    public var source: String
    /// Records of two compartments are never compared; the empty one is a compartment like any other.
    public var compartment: String
    /// What stands in each column, as it was written. Columns that a model does not know are not looked at.
    public var values: [String: String]

    public init(id: String, source: String = "", compartment: String = "", values: [String: String]) {
        self.id = id
        self.source = source
        self.compartment = compartment
        self.values = values
    }
}

/// Records in memory, a column after the other, as the reader of files wants them.
final class RecordTable {
    /// Names that no column of a file can have, for they begin with a blank.
    private static let own = [" id", " source", " compartment"]

    let header: [String]
    private let letters = Buffer<UInt8>(capacity: 1 << 16)
    /// Of each column where its values end.
    private let ends: [Buffer<Int>]
    private let starts: [Buffer<Int>]
    private var rows = 0

    /// - Parameter columns: the columns that are wanted; all that the records have, in the order of the alphabet,
    ///   where none are named.
    init(_ records: some Collection<LiveRecord>, columns: [String]? = nil) {
        let names = columns ?? Set(records.flatMap(\.values.keys)).sorted()
        header = Self.own + names.filter { !Self.own.contains($0) }
        ends = header.map { _ in Buffer() }
        starts = header.map { _ in Buffer() }
        for record in records { add(record) }
    }

    private func add(_ record: LiveRecord) {
        rows += 1
        for (number, name) in header.enumerated() {
            starts[number].append(letters.count)
            switch number {
            case 0: write(record.id)
            case 1: write(record.source)
            case 2: write(record.compartment)
            default: if let value = record.values[name] { write(value) }
            }
            ends[number].append(letters.count)
        }
    }

    private func write(_ text: String) {
        for byte in text.utf8 { letters.append(byte) }
    }

    /// All rows. The part holds on to the letters.
    func part() -> Scan.Part {
        let part = Scan.Part(header.count)
        for (number, column) in part.columns.enumerated() {
            column.reserve(rows)
            for row in 0..<rows {
                let start = starts[number][row]
                column.append(Cell(letters.base + start, ends[number][row] - start))
            }
        }
        part.rows = rows
        part.seen = rows
        part.unescaped = [letters]
        return part
    }

    /// The same reading with the columns as they are called here.
    func reading(_ reading: Reading) -> Reading {
        Reading(
            id: Self.own[0], source: Self.own[1], ignored: reading.ignored, kinds: reading.kinds,
            compartment: Self.own[2])
    }
}
