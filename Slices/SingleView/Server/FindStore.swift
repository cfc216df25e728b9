import Kernel
import Storage

/// A child whom a record may be of.
struct FoundChild: Sendable {
    let person: String
    let name: String
    let born: Day
    let chance: Double
    let source: String
    let cells: [String: String]
}

extension ReviewStore {
    /// A child with every record that stands on their page; nil where this keeper may not see them.
    func child(_ id: String) throws -> ReviewedChild? {
        let rows = try tx.rows(
            """
            SELECT one.number, one.source, one.first_day, person.given, person.family, person.born
            FROM held_record one JOIN person ON person.id = one.person
            WHERE one.person = \(id) AND \(mayBeFound) ORDER BY one.source, one.number
            """)
        guard let first = rows.first else { return nil }
        return ReviewedChild(
            person: id,
            name: "\(try first.get("given", as: String.self)) \(try first.get("family", as: String.self))",
            born: try first.get("born"),
            records: try rows.map { row in
                let number = try row.get("number", as: Int.self)
                return ReviewedChild.Record(
                    number: number, source: try row.get("source"), firstDay: try row.get("first_day"),
                    cells: try cells(of: number))
            })
    }

    /// The children of these records, the likeliest first, each by the record that is likeliest.
    func children(of chances: [Int: Double], most: Int) throws -> [FoundChild] {
        let numbers = chances.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(200).map(\.key)
        guard !numbers.isEmpty else { return [] }
        var best: [String: (number: Int, source: String, name: String, born: Day)] = [:]
        let rows = try tx.rows(
            """
            SELECT one.number, one.source, one.person, person.given, person.family, person.born
            FROM held_record one JOIN person ON person.id = one.person
            WHERE one.number IN \(numbers) AND \(mayBeFound)
            """)
        for row in rows {
            let (number, person) = (try row.get("number", as: Int.self), try row.get("person", as: String.self))
            if let held = best[person], (chances[held.number] ?? 0, number) >= (chances[number] ?? 0, held.number) {
                continue
            }
            let name = "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))"
            best[person] = (number, try row.get("source"), name, try row.get("born"))
        }
        let inOrder = best.sorted {
            (chances[$1.value.number] ?? 0, $0.key) < (chances[$0.value.number] ?? 0, $1.key)
        }
        return try inOrder.prefix(most).map { person, held in
            FoundChild(
                person: person, name: held.name, born: held.born, chance: chances[held.number] ?? 0,
                source: held.source, cells: try cells(of: held.number))
        }
    }
}
