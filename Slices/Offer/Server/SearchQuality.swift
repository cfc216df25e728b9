import ArgumentParser
import Console
import Kernel
import Offer
import Storage

/// How well the search answers a set of searches that people judged beforehand.
public struct SearchQuality: Sendable {
    /// One judged search: its words, and which entries should come first, graded 3 (just right) to 1 (of some use).
    struct Judged: Sendable {
        let number, half, words: String
        let judgements: [(selector: [Selector], grade: Int)]
    }

    /// One thing said of the entries meant: all of a judgement’s must hold.
    enum Selector: Sendable {
        case service(String), urn(String), name(String), help(HelpCode), kind(Entry.Kind), need(NeedType)
        case listedIn2012(NeedType), age(Int), day(Weekday), access(AccessFeature), free, real
        /// Within so many kilometres of the place in the words.
        case near(Int)
    }

    /// How one search was answered.
    public struct Score: Sendable {
        public let number, half, words: String
        /// Normalised discounted cumulative gain of the first ten, 0 to 1.
        public let ndcg: Double
        public let isEmpty: Bool
        /// The names of the first ten with their grades.
        public let shown: [(name: String, grade: Int)]
    }

    private let searches: [Judged]

    /// - Throws: `TableFault` or `Malformed` where the file is wrong.
    public init(_ file: [UInt8]) throws {
        searches = try Table(file, required: ["number", "half", "words", "should_come_first"]).rows.map { row in
            Judged(
                number: try row.get("number"), half: try row.get("half"), words: try row.get("words"),
                judgements: try row.get("should_come_first").split(separator: ";").map {
                    try Self.judgement($0.trimmed)
                })
        }
    }

    /// Runs every search and scores it.
    public func scores(_ database: any Database, _ index: OfferIndex) async throws -> [Score] {
        try await database.read { tx in
            var all: [Entry] = []
            try EntryStore(tx: tx, scope: .operation).eachOpen { entry, _ in all.append(entry) }
            return try searches.map { try score($0, all, index, tx) }
        }
    }

    private func score(_ judged: Judged, _ all: [Entry], _ index: OfferIndex, _ tx: any Transaction) throws -> Score {
        var request = SearchRequest()
        request.read(words: judged.words, near: nil)
        request.size = 10
        let answer = try index.answer(request, in: tx)
        let place = answer.question.place?.point
        func grade(_ entry: Entry) -> Int {
            judged.judgements.filter { $0.selector.allSatisfy { holds($0, of: entry, place) } }.map(\.grade).max() ?? 0
        }
        let shown = answer.inOrderOfThePage.prefix(10).map { ($0.entry.name, grade($0.entry)) }
        let ideal = all.map(grade).sorted(by: >).prefix(10)
        let best = Self.gain(Array(ideal))
        return Score(
            number: judged.number, half: judged.half, words: judged.words,
            ndcg: best > 0 ? Self.gain(shown.map(\.1)) / best : 0, isEmpty: answer.finding.total == 0, shown: shown)
    }

    private static func gain(_ grades: [Int]) -> Double {
        grades.enumerated().reduce(0) { sum, graded in
            let worth = Double((1 << graded.element) - 1)
            return sum + worth * Maths.logarithm(2) / Maths.logarithm(Double(graded.offset) + 2)
        }
    }

    private func holds(_ selector: Selector, of entry: Entry, _ place: Point?) -> Bool {
        switch selector {
        case .service(let slug):
            let id = entry.id.text
            return id == "demo-\(slug)"
                || (id.hasPrefix("demo-\(slug)-") && Digits.number(id.dropFirst(slug.count + 6)) != nil)
        case .urn(let urn): return entry.kind == .school && entry.urn?.description == urn
        case .name(let text): return entry.name.lowercased().contains(text)
        case .help(let code): return entry.help.contains(code)
        case .kind(let kind): return entry.kind == kind
        case .need(let need):
            if case .listed(let needs) = entry.needs { return needs.contains(need) }
            return false
        case .listedIn2012(let need):
            if case .listedIn2012(let needs) = entry.needs { return needs.contains(need) }
            return false
        case .age(let age): return entry.ages.map { ($0.low...$0.high).contains(age) } ?? false
        case .day(let day): return entry.sessions.contains { $0.day == day }
        case .access(let feature): return entry.access?.contains(feature) ?? false
        case .free: return entry.cost == .free
        case .real: return !entry.isInvented
        case .near(let kilometres):
            guard let place, let point = entry.address.point else { return false }
            return point.metres(to: place) <= kilometres * 1000
        }
    }

    private static func judgement(_ text: String) throws -> (selector: [Selector], grade: Int) {
        let halves = text.split(separator: "=")
        guard halves.count == 2, let grade = Digits.number(halves[1].trimmed), (1...3).contains(grade) else {
            throw Malformed(wanted: "a judgement", given: text, reason: "it looks like help:special-school+age:4=3")
        }
        return (try halves[0].split(separator: "+").map { try selector($0.trimmed) }, grade)
    }

    private static func selector(_ text: String) throws -> Selector {
        let halves = text.split(separator: ":", maxSplits: 1).map(String.init)
        let value = halves.count > 1 ? halves[1] : ""
        func refused() -> Malformed { Malformed(wanted: "a selector", given: text, reason: "it looks like need:ASD") }
        switch halves.first ?? "" {
        case "slug": return .service(value)
        case "urn": return .urn(value)
        case "name": return .name(value)
        case "help": return .help(HelpCode(value))
        case "kind": return .kind(try Entry.Kind(rawValue: value).orThrow(refused()))
        case "need": return .need(try NeedType(code: value))
        case "listed": return .listedIn2012(try NeedType(code: value))
        case "age": return .age(try Digits.number(value).orThrow(refused()))
        case "day": return .day(try Weekday(rawValue: value).orThrow(refused()))
        case "access": return .access(try AccessFeature(rawValue: value).orThrow(refused()))
        case "near":
            guard let kilometres = Digits.number(value), kilometres <= 1000 else { throw refused() }
            return .near(kilometres)
        case "free": return .free
        case "real": return .real
        default: throw refused()
        }
    }
}

extension Optional {
    fileprivate func orThrow(_ error: some Error) throws -> Wrapped {
        guard let self else { throw error }
        return self
    }
}

/// `continuum judge-search FILE`: how well the search answers a set of judged searches.
public struct JudgeSearchCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "judge-search", abstract: "Score the search on a set of judged searches.",
        discussion: """
            The file names for each search the entries that should come first, graded 3 to 1. Prints the mean nDCG \
            of the \
            first ten and the share of searches that found nothing, for each half of the set.
            """)

    @Argument(help: "The judged searches (number, half, words, should_come_first).") var file: String
    @Option(help: "Show what was found for searches of this half that score under 0.85.") var explain: String?
    @OptionGroup var data: DataOptions

    public init() {}

    public func run() async throws {
        try await Console.run {
            let quality = try SearchQuality(Files.bytes(file))
            let database = try await data.open()
            let scores = try await quality.scores(database, try await OfferIndex(database, try data.share))
            for half in Set(scores.map(\.half)).sorted() {
                let part = scores.filter { $0.half == half }
                let mean = part.map(\.ndcg).reduce(0, +) / Double(part.count)
                let empty = Double(part.count(where: \.isEmpty)) / Double(part.count) * 100
                Console.print(
                    """
                    \(half)\tsearches \(part.count)\tnDCG@10 \(thousandths(mean))\tfound nothing \(thousandths(empty))%
                    """
                )
            }
            for score in scores where score.half == explain && score.ndcg < 0.85 {
                Console.print("\(score.number)\t\(thousandths(score.ndcg))\t\(score.words)")
                for (name, grade) in score.shown { Console.print("\t\(grade)\t\(name)") }
            }
        }
    }

    private func thousandths(_ number: Double) -> String { Digits.fixed(Int((number * 1000).rounded()), places: 3) }
}
