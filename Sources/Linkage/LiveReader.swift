/// Reads records as a model reads the columns of a file; values that were never seen are given numbers of their own.
final class LiveReader {
    private struct Column {
        let column: Model.Column
        let slot: Int
        let values: Values?
    }

    private let columns: [Column]
    private let records: Records
    private let fields: [(field: Field, common: [UInt64: UInt8])]
    private let texts: [Values]
    private var sources: [String: UInt16] = [:]
    private let letters = Buffer<UInt8>()

    init(_ model: Model, _ records: Records, _ comparer: Comparer) {
        self.records = records
        columns = zip(model.columns, records.columns).map { Column(column: $0, slot: $1.slot, values: $1.values) }
        fields = zip(comparer.fields, model.common).map { ($0, $1) }
        texts = records.columns.compactMap(\.values)
        for values in texts { values.admit() }
        for (number, name) in records.sourceNames.enumerated() { sources[name] = UInt16(truncatingIfNeeded: number) }
    }

    /// How many values each column has.
    var mark: [Int] { texts.map(\.count) }

    /// Forgets the values that came after a mark.
    func forget(to mark: [Int]) {
        for (values, count) in zip(texts, mark) where values.count > count { values.forget(to: count) }
        for (field, _) in fields {
            if let values = field.values, field.bands.count > values.count { field.bands.removeLast(to: values.count) }
            if let values = field.second, let sectors = field.sectors, sectors.count > values.count {
                sectors.removeLast(to: values.count)
            }
        }
    }

    func read(_ record: LiveRecord) throws -> (words: [UInt32], source: UInt16, compartment: UInt32) {
        var words = [UInt32](repeating: 0, count: records.stride)
        for column in columns {
            let cell = cell(column.column.from, record)
            switch column.column.kind {
            case .birth:
                words[column.slot] = UInt32(
                    truncatingIfNeeded: Dates.parse(cell, monthFirst: column.column.monthFirst))
            case .phone, .nhs, .upn, .identifier:
                guard cell.length > 0 else { continue }
                let packed = column.column.kind == .phone ? Packed.phone(cell) : Packed.identifier(cell)
                words[column.slot] = UInt32(truncatingIfNeeded: packed)
                words[column.slot + 1] = UInt32(truncatingIfNeeded: packed >> 32)
            default: words[column.slot] = column.values?.code(cell) ?? 0
            }
        }
        extendFields()
        let compartment = compartment(record.compartment)
        if let slot = records.compartmentSlot { words[slot] = records.apart?.number(compartment) ?? 0 }
        return (words, try source(record.source), compartment)
    }

    /// The cells of several columns are one, with a blank between them.
    private func cell(_ names: [String], _ record: LiveRecord) -> Cell {
        letters.removeLast(to: 0)
        for name in names {
            guard let text = record.values[name], !text.isEmpty else { continue }
            if letters.count > 0 { letters.append(32) }
            write(text)
        }
        return Cell(letters.base, letters.count)
    }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            if let base = bytes.baseAddress { letters.append(base, count: bytes.count) }
        }
    }

    private func compartment(_ name: String) -> UInt32 {
        letters.removeLast(to: 0)
        write(name)
        return records.apart?.code(Cell(letters.base, letters.count)) ?? 0
    }

    private func source(_ name: String) throws -> UInt16 {
        if let known = sources[name] { return known }
        guard let next = UInt16(exactly: (sources.values.max().map(Int.init) ?? -1) + 1) else {
            throw LinkageError.configuration("a record is of the 65,536th source, and there can be no more")
        }
        sources[name] = next
        return next
    }

    /// What the fields know of each value, for those that have just come.
    private func extendFields() {
        for (field, common) in fields {
            if let values = field.values {
                while field.bands.count < values.count {
                    field.bands.append(common[values.hashed(UInt32(field.bands.count))] ?? 0)
                }
            }
            if let values = field.second, let sectors = field.sectors {
                while sectors.count < values.count { sectors.append(values.sector(UInt32(sectors.count))) }
            }
        }
    }
}
