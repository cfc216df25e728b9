/// How two records say one thing, field by field, in words.
///
/// Rule `compare/1`: letters and spaces do not count. Alike are texts of which one holds the other or that differ in at
/// most two signs (and a third of the shorter), and days that share two of their three parts or have day and month
/// exchanged.
public enum Comparing {
    public enum Mark: String, CaseIterable, Sendable {
        case same, alike, different
        /// One of the two says nothing of it.
        case one

        public var words: String {
            switch self {
            case .same: "the same"
            case .alike: "alike"
            case .different: "different"
            case .one: "only one tells"
            }
        }
    }

    public static func mark(_ one: String?, _ other: String?) -> Mark? {
        let (one, other) = (plain(one ?? ""), plain(other ?? ""))
        if one.isEmpty, other.isEmpty { return nil }
        if one.isEmpty || other.isEmpty { return .one }
        if one == other { return .same }
        if let mine = parts(one), let theirs = parts(other) { return areAlike(mine, theirs) ? .alike : .different }
        let least = min(one.count, other.count)
        if least >= 3, contains(one, other) || contains(other, one) { return .alike }
        return distance(one, other, most: 2) <= min(2, least / 3) ? .alike : .different
    }

    /// Small letters and figures.
    private static func plain(_ text: String) -> [Character] {
        Array(text.lowercased()).filter { $0.isLetter || $0.isNumber || $0 == "-" }
    }

    /// The parts of a day written `2015-03-02`.
    private static func parts(_ text: [Character]) -> [[Character]]? {
        guard text.count == 10, text[4] == "-", text[7] == "-" else { return nil }
        let parts = text.split(separator: "-").map(Array.init)
        return parts.count == 3 && parts.joined().allSatisfy(\.isNumber) ? parts : nil
    }

    private static func areAlike(_ one: [[Character]], _ other: [[Character]]) -> Bool {
        let shared = zip(one, other).filter { $0 == $1 }.count
        return shared == 2 || (one[0] == other[0] && one[1] == other[2] && one[2] == other[1])
    }

    private static func contains(_ whole: [Character], _ part: [Character]) -> Bool {
        guard !part.isEmpty, part.count <= whole.count else { return false }
        return (0...(whole.count - part.count)).contains { start in
            whole[start..<(start + part.count)].elementsEqual(part)
        }
    }

    /// How many signs have to be put in, taken out or changed; more than the most is told as one more than it.
    static func distance(_ one: [Character], _ other: [Character], most: Int) -> Int {
        guard one.count <= 200, other.count <= 200, abs(one.count - other.count) <= most else { return most + 1 }
        var row = Array(0...other.count)
        for (i, sign) in one.enumerated() {
            var last = row[0]
            row[0] = i + 1
            for (j, theirs) in other.enumerated() {
                let changed = last + (sign == theirs ? 0 : 1)
                last = row[j + 1]
                row[j + 1] = min(changed, last + 1, row[j] + 1)
            }
        }
        return min(row[other.count], most + 1)
    }

    /// The model’s chance as a person says it.
    public static func words(_ chance: Double) -> String {
        let hundredths = Int((min(max(chance, 0), 1) * 100).rounded())
        let reading =
            switch chance {
            case ..<0.2: "it leans strongly to different children"
            case ..<0.45: "it leans to different children"
            case ..<0.55: "it cannot tell"
            case ..<0.8: "it leans to the same child"
            default: "it leans strongly to the same child"
            }
        return "\(hundredths) in 100 that they are one child: \(reading)"
    }
}
