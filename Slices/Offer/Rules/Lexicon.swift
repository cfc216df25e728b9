import Kernel

/// What the field's words mean: names of needs, kinds of help, ages, days; with abbreviations and everyday words.
///
/// The data is `share/offer/lexicon.csv`: a phrase, what kind of meaning it has, and the value.
public struct Lexicon: Sendable {
    public enum Meaning: Hashable, Sendable {
        case need(NeedType)
        /// Any of these kinds of help.
        case help(Set<HelpCode>)
        case ages(ClosedRange<Int>)
        case days(Set<Weekday>)
        case free
        case access(AccessFeature)
        case level(SENLevel)
        case sector(Entry.Sector)
        /// “Near me”: somewhere, but where is not said.
        case nearMe
        /// Words of somebody who may be in danger: help by telephone is shown first.
        case urgent
        /// Small words that ask for nothing.
        case nothing
    }

    /// By the stems of the phrase, joined by spaces.
    private let phrases: [String: [Meaning]]
    /// The number of words in the longest phrase.
    let longest: Int
    /// Every word of every phrase, as written.
    public let words: Set<String>
    private let nothings: Set<String>
    /// The phrases of one word, in order.
    private let single: [String]

    /// - Parameters:
    ///   - split: splits text into words as the index does.
    ///   - stem: brings a word to its stem as the index does.
    /// - Throws: `TableFault` where the file is no table with `phrase`, `meaning` and `value`; `Malformed` with the
    ///   line of the first row that means nothing.
    public init(
        _ file: [UInt8], helpKinds: HelpKinds, split: (String) -> [String], stem: (String) -> String
    ) throws {
        let table = try Table(file, required: ["phrase", "meaning", "value"])
        var (phrases, words, nothings, longest) = ([String: [Meaning]](), Set<String>(), Set<String>(), 1)
        for row in table.rows {
            let phrase = split(try row.get("phrase"))
            guard !phrase.isEmpty else { throw Malformed(wanted: "a phrase", reason: "line \(row.line) has none") }
            let meaning = try Lexicon.meaning(row, helpKinds)
            if meaning == .nothing { nothings.formUnion(phrase) }
            words.formUnion(phrase)
            longest = max(longest, phrase.count)
            phrases[phrase.map(stem).joined(separator: " "), default: []].append(meaning)
        }
        (self.phrases, self.words, self.nothings, self.longest) = (phrases, words, nothings, longest)
        single = phrases.keys.filter { !$0.contains(" ") }.sorted()
    }

    func meanings(of stems: some Sequence<String>) -> [Meaning]? { phrases[stems.joined(separator: " ")] }

    /// The one whole phrase of a single word that begins with this, where there is one meaning only.
    func completion(of beginning: String) -> String? {
        guard beginning.utf8.count >= 4 else { return nil }
        var (low, high) = (0, single.count)
        while low < high {
            let middle = (low + high) / 2
            if single[middle] < beginning { low = middle + 1 } else { high = middle }
        }
        let begun = single[low...].prefix { $0.hasPrefix(beginning) }
        return Set(begun.compactMap { phrases[$0] }).count == 1 ? begun.first : nil
    }

    func isNothing(_ word: String) -> Bool { nothings.contains(word) }

    private static func meaning(_ row: Table.Row, _ helpKinds: HelpKinds) throws -> Meaning {
        let value = try row.get("value")
        func refused(_ allowed: String) -> Malformed {
            Malformed(wanted: "a meaning on line \(row.line)", given: value, reason: allowed)
        }
        switch try row.get("meaning") {
        case "need": return .need(try NeedType(code: value))
        case "help":
            let codes = Set(value.split(separator: "|").map { HelpCode(String($0)) })
            guard codes.allSatisfy({ helpKinds[$0] != nil }) else { throw refused("the codes are those of help.csv") }
            return .help(codes)
        case "age":
            let ends = value.split(separator: "-").compactMap { Digits.number($0) }
            guard ends.count == 2, ends[0] <= ends[1] else { throw refused("ages look like 4-11") }
            return .ages(ends[0]...ends[1])
        case "day":
            let days = value.split(separator: "|").compactMap { Weekday(rawValue: String($0)) }
            guard !days.isEmpty else { throw refused("days look like saturday|sunday") }
            return .days(Set(days))
        case "cost": return .free
        case "access":
            guard let feature = AccessFeature(rawValue: value) else { throw refused("it is a feature of access") }
            return .access(feature)
        case "level": return .level(try SENLevel(code: value))
        case "sector":
            guard let sector = Entry.Sector(rawValue: value) else { throw refused("it is a part of the offer") }
            return .sector(sector)
        case "near": return .nearMe
        case "urgent": return .urgent
        case "nothing": return .nothing
        default: throw refused("the meanings are need, help, age, day, cost, access, level, sector, near, nothing")
        }
    }
}
