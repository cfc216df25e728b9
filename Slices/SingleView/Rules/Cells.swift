/// Names and values as one text, a line each: how the parts of a record are kept.
public enum Cells {
    /// A value’s line ends become spaces.
    public static func text(_ pairs: [(String, String)]) -> String {
        pairs.map { "\($0.0)=\(clean($0.1))" }.joined(separator: "\n")
    }

    public static func read(_ text: String) -> [(String, String)] {
        text.utf8.split(separator: 10).compactMap { line in
            guard let mark = line.firstIndex(of: 61) else { return nil }
            let value = line[mark...].dropFirst()
            return (String(Substring(line[..<mark])), String(Substring(value)))
        }
    }

    private static func clean(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 10 || $0 == 13 }) else { return value }
        return value.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
