import Kernel

/// How two records compare in one fact: what a parent is told of why they are one child’s.
///
/// Rule `agreement/1`: simple, exact comparisons, which anybody can do again by hand. They explain the linking and do
/// not decide it: the model weighs how rare each value is besides.
public struct Agreement: Hashable, Sendable {
    public enum Verdict: Hashable, Sendable {
        case same
        case nearly(Nearness)
        case different
        /// One of the two does not tell it.
        case notKnownToOne, notKnownToOther
    }

    /// In what way two values are nearly the same.
    public enum Nearness: String, CaseIterable, Hashable, Sendable {
        case oneLetter, otherForm, dayAndMonth, oneFigure, sameArea

        /// In words for a parent.
        public var words: String {
            switch self {
            case .oneLetter: "one letter apart"
            case .otherForm: "another spelling or short form of the same name"
            case .dayAndMonth: "day and month the other way round"
            case .oneFigure: "one figure apart"
            case .sameArea: "the first half of the postcode is the same"
            }
        }
    }

    public static let id = "agreement/1"
    /// The facts that are compared, in the order in which they are told.
    public static let facts = [
        "given", "middle", "family", "born", "sex", "nhs-number", "upn", "postcode", "address", "phone",
    ]

    public let fact: String
    /// What each says; empty where it says nothing.
    public let one, other: String
    public let verdict: Verdict

    /// Compares two records, fact by fact; what neither tells is left out.
    ///
    /// - Parameters:
    ///   - one: what the first says, by fact, as far as the reader may see it.
    ///   - areForms: whether two names are forms of one.
    public static func of(
        _ one: [String: String], _ other: [String: String], areForms: (String, String) -> Bool
    ) -> [Agreement] {
        facts.compactMap { fact in
            let (mine, theirs) = (one[fact] ?? "", other[fact] ?? "")
            guard !mine.isEmpty || !theirs.isEmpty else { return nil }
            let verdict: Verdict =
                if mine.isEmpty { .notKnownToOne } else if theirs.isEmpty { .notKnownToOther } else {
                    compare(fact, mine, theirs, areForms)
                }
            return Agreement(fact: fact, one: mine, other: theirs, verdict: verdict)
        }
    }

    private static func compare(
        _ fact: String, _ one: String, _ other: String, _ areForms: (String, String) -> Bool
    ) -> Verdict {
        let (mine, theirs) = fact == "phone" ? (number(one), number(other)) : (folded(one), folded(other))
        if mine == theirs { return .same }
        switch fact {
        case "given", "middle", "family":
            if areForms(mine, theirs) { return .nearly(.otherForm) }
            return isOneEditApart(mine, theirs) ? .nearly(.oneLetter) : .different
        case "born":
            if isTurnedRound(one, other) { return .nearly(.dayAndMonth) }
            return isOneFigureApart(mine, theirs) ? .nearly(.oneFigure) : .different
        case "nhs-number", "upn", "phone":
            return isOneFigureApart(mine, theirs) ? .nearly(.oneFigure) : .different
        case "postcode": return outward(one) == outward(other) ? .nearly(.sameArea) : .different
        case "address": return isOneEditApart(mine, theirs) ? .nearly(.oneLetter) : .different
        default: return .different
        }
    }

    // MARK: - Comparing

    /// Letters and figures alone, small and without accents.
    static func folded(_ text: String) -> String {
        var folded = ""
        for scalar in text.lowercased().unicodeScalars {
            if let plain = bases[scalar] {
                folded += plain
            } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                folded.unicodeScalars.append(scalar)
            }
        }
        // What has neither letter nor figure is compared as it stands.
        return folded.isEmpty ? text : folded
    }

    private static let bases: [Unicode.Scalar: String] = {
        let groups = [
            ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"),
            ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņň"), ("o", "òóôõöøōŏő"), ("r", "ŕŗř"),
            ("s", "śŝşšș"), ("t", "ţťŧț"), ("u", "ùúûüũūŭůűų"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"), ("ae", "æ"),
            ("oe", "œ"), ("ss", "ß"), ("th", "þ"),
        ]
        var bases: [Unicode.Scalar: String] = [:]
        for (plain, accented) in groups { for scalar in accented.unicodeScalars { bases[scalar] = plain } }
        return bases
    }()

    /// The figures of a telephone number as one dials it within the country.
    private static func number(_ text: String) -> String {
        let figures = String(text.unicodeScalars.filter { (48...57).contains($0.value) }.map(Character.init))
        return figures.hasPrefix("44") ? "0" + figures.dropFirst(2) : figures
    }

    /// One letter put in, left out or changed, in what is long enough for that to mean anything.
    static func isOneEditApart(_ one: String, _ other: String) -> Bool {
        let (short, long) = one.count <= other.count ? (Array(one), Array(other)) : (Array(other), Array(one))
        guard long.count - short.count <= 1, short != long, long.count > 2 else { return false }
        let start = zip(short, long).prefix { $0 == $1 }.count
        return short.count == long.count
            ? short.dropFirst(start + 1) == long.dropFirst(start + 1)
            : short.dropFirst(start) == long.dropFirst(start + 1)
    }

    private static func isOneFigureApart(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && zip(one.utf8, other.utf8).count { $0 != $1 } == 1
    }

    private static func isTurnedRound(_ one: String, _ other: String) -> Bool {
        guard let one = (try? Day(iso: one))?.civil, let other = (try? Day(iso: other))?.civil else { return false }
        return one.year == other.year && one.month == other.day && one.day == other.month
    }

    private static func outward(_ postcode: String) -> String {
        let folded = folded(postcode)
        return folded.count > 3 ? String(folded.dropLast(3)) : folded
    }
}

/// How sure a model was, as people say it.
public enum SureInWords {
    /// Of a thousand pairs like this, about how many are of one child.
    public static func words(_ chance: Double) -> String {
        guard chance.isFinite else { return "an unknown number" }
        let count = Int((min(max(chance, 0), 1) * 1000).rounded(.down))
        return count >= 999 ? "more than 998" : count == 0 ? "fewer than 1" : "about \(count)"
    }
}
