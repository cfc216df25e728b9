/// A column that names a person: what of it hangs on that person, and so follows where two records of one child are
/// joined, or one of two children is parted. Every slice declares its own; a test walks the schema and finds the rest.
public struct Hanging: Hashable, Sendable {
    public enum Rule: Hashable, Sendable {
        /// The row goes to the person who is kept.
        case moves
        /// There is at most one such row for a person (and key): it goes where there is none yet, and stays else.
        case movesWhereFree
        /// The row stays with the identifier that it names, for this reason.
        case stays(String)
    }

    public let table: String
    public let column: String
    /// The columns that tell the rows of one person apart, in order.
    public let key: [String]
    public let rule: Rule

    public init(_ table: String, _ column: String, key: [String], _ rule: Rule = .moves) {
        (self.table, self.column, self.key, self.rule) = (table, column, key, rule)
    }

    /// A column whose rows stay as they are.
    public static func staying(_ table: String, _ column: String, because why: String) -> Hanging {
        Hanging(table, column, key: [], .stays(why))
    }

    public var place: String { "\(table).\(column)" }

    /// A name as part of a statement.
    ///
    /// - Throws: `StorageFault.noColumn` for whatever is not a plain name.
    public static func name(_ text: String) throws -> SQL {
        guard !text.isEmpty, text.utf8.allSatisfy({ (97...122).contains($0) || $0 == 95 }) else {
            throw StorageFault.noColumn(text)
        }
        return SQL(stringLiteral: text)
    }
}
