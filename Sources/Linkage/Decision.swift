/// What a person decided of two records: it stands above whatever a model says, also of a later one.
public struct Decision: Sendable, Hashable {
    public enum Verdict: String, Sendable, CaseIterable { case same, different }

    public var one: String
    public var other: String
    public var verdict: Verdict

    public init(_ one: String, _ other: String, _ verdict: Verdict) {
        self.one = one
        self.other = other
        self.verdict = verdict
    }

    /// Reads `record_id_l,record_id_r,decision`, where the decision is `same` or `different`.
    ///
    /// - Returns: the decisions, and the rows that are none, with why.
    /// - Throws: ``LinkageError`` for a file that cannot be read, or has other columns.
    public static func read(_ file: FileBytes) throws -> (decisions: [Decision], refused: [RefusedRow]) {
        let scan = try Scan(file)
        let names = ["record_id_l", "record_id_r", "decision"]
        let places = try names.map { name in
            guard let place = scan.header.firstIndex(of: name) else {
                throw LinkageError.noColumn(file.name, name, has: scan.header)
            }
            return place
        }
        var (decisions, refused, before): ([Decision], [RefusedRow], Int) = ([], [], 0)
        var known: [Set<String>: Verdict] = [:]
        func refuse(_ row: Int, _ why: String) { refused.append(RefusedRow(file: file.name, row: row, why: why)) }
        while true {
            let parts = try scan.next(Array(scan.header.indices))
            if parts.isEmpty { return (decisions, refused.sorted { $0.row < $1.row }) }
            for part in parts {
                for fault in part.faults {
                    refuse(
                        before + fault.row,
                        "it has \(fault.cells) values; the header names \(scan.header.count) columns")
                }
                let faults = Set(part.faults.map(\.row))
                let numbers = (1..<part.seen + 1).filter { !faults.contains($0) }
                for (row, number) in zip(0..<part.rows, numbers) {
                    let cells = places.map { part.columns[$0][row].text }
                    guard let verdict = Verdict(rawValue: cells[2]) else {
                        refuse(before + number, "its decision is “\(cells[2])”; allowed are same and different")
                        continue
                    }
                    guard cells[0] != cells[1], !cells[0].isEmpty, !cells[1].isEmpty else {
                        refuse(before + number, "it does not name two records")
                        continue
                    }
                    if let earlier = known[[cells[0], cells[1]]] {
                        if earlier != verdict { refuse(before + number, "a row before says the contrary of these two") }
                        continue
                    }
                    known[[cells[0], cells[1]]] = verdict
                    decisions.append(Decision(cells[0], cells[1], verdict))
                }
                before += part.seen
            }
        }
    }
}

/// Ids as the numbers that they are told apart by.
enum Digested {
    static func id(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { bytes in
            guard let base = bytes.baseAddress, !bytes.isEmpty else { return 0 }
            return hash(base, min(bytes.count, 65_535))
        }
    }
}
