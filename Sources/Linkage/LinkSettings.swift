import Foundation

/// A small file that says what a data set needs said: what columns are, how to block, how much to compare. All of it is
/// optional.
///
///     {"columns": {"kin": "family", "seen": "ignored"},
///      "rules": [["birth", "kin"], ["kin:3", "postcode:sector"]],
///      "most_pairs": 450000, "least_yield": 0.02}
public struct LinkSettings: Sendable, Equatable {
    public var columns: [String: ColumnKind] = [:]
    public var rules: [[String]] = []
    public var mostPairs: Int?
    public var leastYield: Double?

    /// - Parameter bytes: JSON whose names stand once each; see `JSONGate`.
    /// - Throws: ``LinkageError/configuration(_:)``, naming the entry, what is wrong and what is allowed.
    public init(_ bytes: [UInt8]) throws {
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
            throw LinkageError.configuration("it is not a JSON object")
        }
        for (name, value) in object {
            switch name {
            case "columns": columns = try Self.columns(value)
            case "rules":
                guard let rules = value as? [[String]], !rules.contains(where: \.isEmpty) else {
                    throw LinkageError.configuration(
                        "“rules” is a list of lists of columns, as in [[\"birth\", \"surname\"]]")
                }
                self.rules = rules
            case "most_pairs":
                guard let most = value as? Int, most > 0 else {
                    throw LinkageError.configuration("“most_pairs” is a whole number above nought")
                }
                mostPairs = most
            case "least_yield":
                guard let least = (value as? NSNumber)?.doubleValue, least >= 0, least <= 1 else {
                    throw LinkageError.configuration("“least_yield” is a share between 0 and 1")
                }
                leastYield = least
            default:
                throw LinkageError.configuration(
                    "it says “\(name)”; allowed are columns, rules, most_pairs and least_yield")
            }
        }
    }

    private static func columns(_ value: Any) throws -> [String: ColumnKind] {
        guard let names = value as? [String: String] else {
            throw LinkageError.configuration("“columns” gives each column a kind, as in {\"kin\": \"family\"}")
        }
        return try names.mapValues { text in
            guard let kind = ColumnKind(rawValue: text) else {
                let allowed = ColumnKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw LinkageError.configuration("“\(text)” is no kind of column; allowed are \(allowed)")
            }
            return kind
        }
    }

    public func apply(to options: inout LinkOptions) {
        options.reading.kinds = columns
        options.rules = rules
        options.mostPairs = mostPairs ?? options.mostPairs
        options.leastYield = leastYield ?? options.leastYield
    }
}
