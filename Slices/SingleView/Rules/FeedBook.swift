import Access
import Kernel

/// An agency’s list of the children it knows, as it is sent again and again.
public struct FeedSource: Hashable, Sendable {
    /// What one extract of the source holds.
    public enum Extract: String, Hashable, Sendable {
        /// Everybody: whoever is no longer in it has left.
        case whole
        /// What is new or changed: nobody leaves by not being in it.
        case additions
        /// There is none: each record comes by itself, by the form or the interface for early notices.
        case notices
    }

    /// A code: it names the extract’s file, `school-census_2026-10-01.csv`.
    public let code: String
    public let name: String
    public let agency: String
    /// The class of the fact that this agency holds a record at all.
    public let data: DataClass
    public let extract: Extract
    /// Who at the agency puts a refused row right.
    public let fixer: String
    /// Days after which the newest extract is late.
    public let lateAfter: Int
    public let words: String
}

/// What a value of a column may look like.
public enum CellKind: String, CaseIterable, Hashable, Sendable {
    case id, name, born, sex, postcode, text, phone, upn, nhs, ethnicity, language, urn, year, sen, need, day, hours
}

/// One column of a source’s template.
public struct FeedColumn: Hashable, Sendable {
    public let name: String
    /// Whether every row has a value here.
    public let isNeeded: Bool
    public let kind: CellKind
    /// Which fact about the child it states, by its code; empty where it states none.
    public let fact: String
    public let data: DataClass
    public let words: String
}

/// Which sources are believed for a fact, the first before the next; with none named, whoever was told last.
public struct Trust: Hashable, Sendable {
    public let fact: String
    public let sources: [String]
    /// Why, in words for a parent.
    public let why: String
}

/// The templates of all sources, and which is trusted for what: data that ships, and can be changed without the
/// program.
public struct FeedBook: Sendable {
    public let sources: [FeedSource]
    public let trust: [String: Trust]
    private let columns: [String: [FeedColumn]]
    /// The codes of ethnicity that are allowed.
    public let ethnicities: [String: String]

    /// - Throws: `Malformed` or `TableFault` where the shipped files contradict themselves.
    public init(sources: [UInt8], columns: [UInt8], trust: [UInt8], ethnicities: [UInt8]) throws {
        let table = try Table(
            sources, required: ["code", "name", "agency", "class", "extract", "fixer", "late_after_days", "words"])
        self.sources = try table.rows.map { row in
            guard let extract = FeedSource.Extract(rawValue: try row.get("extract")) else {
                throw Malformed(
                    wanted: "what an extract holds", given: try row.get("extract"),
                    reason: "it is whole, additions or notices")
            }
            return FeedSource(
                code: try ID<FeedSource>(checking: row.get("code")).text, name: try row.get("name"),
                agency: try row.get("agency"), data: try Self.data(row.get("class")), extract: extract,
                fixer: try row.get("fixer"), lateAfter: Digits.number(try row.get("late_after_days")) ?? 45,
                words: try row.get("words"))
        }
        let codes = Set(self.sources.map(\.code))
        var shared: [FeedColumn] = []
        var own: [String: [FeedColumn]] = [:]
        for row in try Table(columns, required: ["source", "column", "needed", "kind", "fact", "class", "words"]).rows {
            let source = try row.get("source")
            let column = try Self.column(row)
            if source == "*" {
                shared.append(column)
            } else if codes.contains(source) {
                own[source, default: []].append(column)
            } else {
                throw Malformed(wanted: "a source", given: source, reason: "it is not in the list of sources")
            }
        }
        var all: [String: [FeedColumn]] = [:]
        for code in codes { all[code] = shared + (own[code] ?? []) }
        self.columns = all
        var order: [String: Trust] = [:]
        for row in try Table(trust, required: ["fact", "sources", "why"]).rows {
            let fact = try row.get("fact")
            let named = try row.get("sources").split(separator: " ").map(String.init).filter { $0 != "*" }
            order[fact] = Trust(fact: fact, sources: named, why: try row.get("why"))
        }
        self.trust = order
        var names: [String: String] = [:]
        for row in try Table(ethnicities, required: ["code", "description"]).rows {
            names[try row.get("code")] = try row.get("description")
        }
        self.ethnicities = names
    }

    public func source(_ code: String) -> FeedSource? { sources.first { $0.code == code } }

    /// The columns of a source’s template, in their order.
    public func columns(of source: String) -> [FeedColumn] { columns[source] ?? [] }

    /// An empty extract of this source: its first line.
    public func template(of source: String) -> String {
        TableWriter.line(columns(of: source).map(\.name))
    }

    private static func column(_ row: Table.Row) throws -> FeedColumn {
        guard let kind = CellKind(rawValue: try row.get("kind")) else {
            throw Malformed(wanted: "a kind of value", given: try row.get("kind"), reason: "it is not known")
        }
        return FeedColumn(
            name: try row.get("column"), isNeeded: try row.get("needed") == "yes", kind: kind,
            fact: try row.get("fact"),
            data: try data(row.get("class")), words: try row.get("words"))
    }

    private static func data(_ code: String) throws -> DataClass {
        guard let data = DataClass(rawValue: code) else {
            throw Malformed(wanted: "a class of data", given: code, reason: "it is not known")
        }
        return data
    }
}
