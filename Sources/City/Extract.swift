import Kernel

extension City {
    /// The extract that a source sends on a day: bytes of a file of comma-separated values, UTF-8, its columns in the
    /// order of `share/feeds/columns.csv`.
    ///
    /// - Parameters:
    ///   - source: the code of the source, as `sources` has it.
    ///   - day: one of the city’s `days`. What came after it is not in the extract.
    ///   - earlier: the day of the extract before. It matters to notices alone, of which only those since then are
    ///     sent; without it those of three years are.
    /// - Throws: `Malformed` where there is no such source, or the city cannot be asked for that day.
    public func extract(of source: String, asOf day: Day, after earlier: Day? = nil) throws(Malformed) -> [UInt8] {
        let source = try Source(code: source)
        let today = try schoolDay(day)
        let columns = data.columns[source] ?? []
        let clerk = Clerk(self, source, today)
        var bytes: [UInt8] = Array(columns.map(\.name).joined(separator: ",").utf8) + [10]
        if size == 0 { return bytes }
        let records = records(of: source, today, after: earlier)
        bytes.reserveCapacity((records.count + 20) * 190)
        for row in CastOfCity.rows(of: source, on: day, after: earlier, in: today.year) {
            City.append(row, columns, to: &bytes)
        }
        var faults = faultyDrafts(of: source, clerk, beside: records)
        faults.sort { $0.id < $1.id }
        var next = 0
        for record in records {
            // A row that bears the number of another stands behind it.
            while next < faults.count, faults[next].id < record.id {
                City.append(faults[next].draft, columns, to: &bytes)
                next += 1
            }
            City.append(clerk.draft(record), columns, to: &bytes)
        }
        for fault in faults[next...] { City.append(fault.draft, columns, to: &bytes) }
        return bytes
    }

    /// - Throws: `Malformed` where the city cannot be asked for that day.
    public func check(_ day: Day) throws(Malformed) {
        guard days.contains(day) else {
            throw Malformed(
                wanted: "a day of the city", given: day.iso,
                reason: "a city of \(year) knows \(days.lowerBound.iso) to \(days.upperBound.iso)")
        }
    }

    private func schoolDay(_ day: Day) throws(Malformed) -> SchoolDay {
        try check(day)
        return try SchoolDay(day, data)
    }

    /// What a source holds on a day, in the order of its own numbers.
    func records(of source: Source, _ today: SchoolDay, after earlier: Day?) -> [Record] {
        let agencies = Agencies(seed: seed, today: today, end: Int32(days.upperBound.number))
        let start = source == .primaryCare ? Int32(earlier?.number ?? today.day.number - 3 * 365) : Int32.min
        var records: [Record] = []
        for place in 0..<childCount {
            let child = people[place]
            guard let since = agencies.since(source, child, families[Int(child.family)]) else { continue }
            if since > start {
                records.append(Record(child: place, slot: 0, since: since, id: id(source, child, 0)))
            }
            var draw = Draw(seed ^ 0x2D0, Int(child.number), source.number)
            guard draw.chance(source.habits.twice) else { continue }
            let again = since + Int32(20 + draw.below(900))
            if again <= today.number, again > start {
                records.append(Record(child: place, slot: 1, since: again, id: id(source, child, 1)))
            }
        }
        records.sort { $0.id < $1.id }
        return records
    }

    /// A number that tells nothing of the child: each is given once in a source.
    func id(_ source: Source, _ child: Child, _ slot: Int) -> Int {
        let prime = 9_999_991
        var draw = Draw(seed ^ 0x1D, source.number)
        let (step, start) = (1 + draw.below(prime - 1), draw.below(prime))
        return ((Int(child.number) * 2 + slot) * step + start) % prime
    }

    /// One line; a value with a comma or a mark is quoted.
    private static func append(_ draft: Draft, _ columns: [Column], to bytes: inout [UInt8]) {
        for (index, column) in columns.enumerated() {
            if index > 0 { bytes.append(44) }
            let value = draft[column]
            guard value.contains(where: { $0 == 44 || $0 == 34 }) else {
                bytes.append(contentsOf: value)
                continue
            }
            bytes.append(34)
            for byte in value {
                if byte == 34 { bytes.append(34) }
                bytes.append(byte)
            }
            bytes.append(34)
        }
        bytes.append(10)
    }

    /// What is true: which child each record of each source is of, as comma-separated values.
    ///
    /// Columns: source, record_id, child, family, birth (of twins and triplets), group (the community whose names the
    /// family bears). Rows that are faulty on purpose are not in it.
    ///
    /// - Throws: `Malformed` where the city cannot be asked for that day.
    public func truth(asOf day: Day, after earlier: Day? = nil) throws(Malformed) -> [UInt8] {
        let today = try schoolDay(day)
        var bytes = Array("source,record_id,child,family,birth,group\n".utf8)
        if size == 0 { return bytes }
        for source in Source.allCases {
            for (id, child, family, birth) in CastOfCity.truth(
                of: source, on: day, after: earlier, in: today.year)
            {
                bytes.append(contentsOf: Array("\(source.rawValue),\(id),\(child),\(family),\(birth),cast\n".utf8))
            }
            for record in records(of: source, today, after: earlier) {
                let child = people[record.child]
                bytes.append(contentsOf: Array("\(source.rawValue),\(source.prefix)-".utf8))
                bytes.append(contentsOf: Numbers.padded(record.id, 7))
                bytes.append(contentsOf: Array(",C".utf8) + Numbers.padded(Int(child.number), 7))
                bytes.append(contentsOf: Array(",F".utf8) + Numbers.padded(Int(child.family), 7) + [44])
                if child.birth > 0 { bytes.append(contentsOf: [66] + Numbers.padded(Int(child.birth), 7)) }
                bytes.append(contentsOf: [44] + Array(data.communities[Int(child.community)].name.utf8) + [10])
            }
        }
        return bytes
    }
}
