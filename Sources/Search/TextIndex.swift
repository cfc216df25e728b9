import Kernel

/// An index of words over numbered documents, held in memory, the same on any database engine.
///
/// Documents are numbered from 0 in the order they were added. Scores follow BM25F: a word in a heavier field
/// counts for more, a word that few documents hold counts for more, and repeating it counts for less each time.
public struct TextIndex: Sendable {
    public let documentCount: Int
    private let terms: [String: Int32]
    /// Every term in order, for finding those that begin alike.
    private let sorted: [(term: String, number: Int32)]
    private let offsets: [Int32]
    /// For each term its documents: 24 bits of number, one of “in the first field”, seven of weight.
    private let postings: [UInt32]
    private let rarity: [Float]

    /// One thing asked for: any of these stems will do. Each carries how well it stands for what was asked, 0 to 1.
    public struct Clause: Sendable {
        public let stems: [(stem: String, factor: Float)]
        public let role: Role

        public init(_ stems: [(stem: String, factor: Float)], _ role: Role) { (self.stems, self.role) = (stems, role) }
    }

    /// What a clause is for. Every clause adds to the score.
    public enum Role: Hashable, Sendable {
        /// A document must hold some of these.
        case required
        /// May be part of a name: a word of a place.
        case name
        /// A word that named a kind of help, which may also be part of a name.
        case kind
        /// Nothing more.
        case boost
    }

    /// A document that holds at least one thing asked for.
    public struct Match: Sendable {
        public let document: Int
        public let score: Float
        /// How much of the required clauses it holds, 0 to 1, rarer words counting for more.
        public let coverage: Float
        /// Every clause but boosts stands in its first field, the name.
        public let isNamed: Bool
        /// It holds every clause that named a kind.
        public let holdsKinds: Bool
    }

    /// Gathers documents, then makes the index.
    public struct Builder {
        private let stemmer: Stemmer
        private var stems: [String: Int32] = [:]
        private var numbers: [String: Int32] = [:]
        private var names: [String] = []
        private var lists: [[UInt32]] = []
        private var count = 0
        /// Each word as written with how often it stands in the texts.
        public private(set) var vocabulary: [String: Int] = [:]

        public init(stemmer: Stemmer) { self.stemmer = stemmer }

        /// Adds the next document: its fields, the name first, each with its weight.
        public mutating func add(_ fields: [(text: String, weight: Float)]) {
            var weights: [Int32: (weight: Float, inName: Bool)] = [:]
            for (index, field) in fields.enumerated() where !field.text.isEmpty {
                for word in Words.of(field.text) {
                    weights[number(of: word), default: (0, false)].weight += field.weight
                    if index == 0 { weights[number(of: word), default: (0, false)].inName = true }
                }
            }
            for (term, held) in weights {
                let strength = UInt32(max(1, min(127, held.weight / (held.weight + 4) * 127)))
                lists[Int(term)].append(UInt32(count) << 8 | (held.inName ? 128 : 0) | strength)
            }
            count += 1
        }

        private mutating func number(of word: String) -> Int32 {
            vocabulary[word, default: 0] += 1
            if let known = stems[word] { return known }
            let stem = stemmer.stem(word)
            let number = numbers[stem] ?? Int32(names.count)
            if numbers[stem] == nil {
                numbers[stem] = number
                names.append(stem)
                lists.append([])
            }
            stems[word] = number
            return number
        }

        public func build() -> TextIndex {
            TextIndex(terms: numbers, names: names, lists: lists, documentCount: count)
        }
    }

    private init(terms: [String: Int32], names: [String], lists: [[UInt32]], documentCount: Int) {
        self.terms = terms
        self.documentCount = documentCount
        sorted = names.enumerated().map { ($0.element, Int32($0.offset)) }.sorted { $0.0 < $1.0 }
        var offsets: [Int32] = [0]
        var postings: [UInt32] = []
        postings.reserveCapacity(lists.reduce(0) { $0 + $1.count })
        for list in lists {
            postings += list
            offsets.append(Int32(postings.count))
        }
        self.offsets = offsets
        self.postings = postings
        rarity = lists.map { list in
            let held = Double(list.count)
            return Float(Maths.logarithm(1 + (Double(documentCount) - held + 0.5) / (held + 0.5)))
        }
    }

    /// True where some document holds a word of this stem.
    public func holds(_ stem: String) -> Bool { terms[stem] != nil }

    /// True where so many documents hold a word of this stem that holding it tells nothing: over a thousand, and over
    /// one in twenty.
    public func isCommon(_ stem: String) -> Bool {
        guard let term = terms[stem].map(Int.init) else { return false }
        return offsets[term + 1] - offsets[term] > max(1000, documentCount / 20)
    }

    /// Up to `limit` stems in the index that begin with this text, in order.
    public func stems(beginning text: String, limit: Int) -> [String] {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].term < text { low = middle + 1 } else { high = middle }
        }
        return sorted[low...].prefix(limit).prefix { $0.term.hasPrefix(text) }.map(\.term)
    }

    /// Every document that holds at least one of the clauses, in order of number. At most 60 clauses are read.
    public func matches(_ clauses: [Clause]) -> [Match] {
        var board = Scoreboard(documentCount)
        for clause in clauses.prefix(60) { score(clause, on: &board) }
        return board.matches()
    }

    private func score(_ clause: Clause, on board: inout Scoreboard) {
        let known = clause.stems.compactMap { stem, factor in terms[stem].map { (term: Int($0), factor: factor) } }
        board.begin(clause.role, weight: known.map { rarity[$0.term] }.max() ?? 0)
        for (term, factor) in known {
            let weight = rarity[term] * factor / 127
            for place in Int(offsets[term])..<Int(offsets[term + 1]) {
                let posting = postings[place]
                board.note(Int(posting >> 8), Float(posting & 127) * weight, inName: posting & 128 != 0)
            }
        }
    }
}

/// Adds up the scores of documents, clause by clause.
private struct Scoreboard {
    private struct Line {
        var score: Float = 0
        /// The best score in the clause that is being read.
        var best: Float = 0
        var covered: Float = 0
        var names: UInt8 = 0
        var kinds: UInt8 = 0
        /// The last clause it was noted in, and the last in which its name was.
        var turn: UInt8 = 0
        var nameTurn: UInt8 = 0
    }
    private var lines: [Line]
    /// The documents noted, each once.
    private var touched: [Int32] = []
    private var turn: UInt8 = 0
    private var role = TextIndex.Role.boost
    private var weight: Float = 0
    private var total: Float = 0
    private var namesAsked: UInt8 = 0
    private var kindsAsked: UInt8 = 0

    init(_ count: Int) { lines = [Line](repeating: Line(), count: count) }

    /// Starts the next clause; a document's score in it is that of its best stem.
    mutating func begin(_ role: TextIndex.Role, weight: Float) {
        turn += 1
        self.role = role
        self.weight = role == .required ? weight : 0
        total += self.weight
        if role != .boost { namesAsked += 1 }
        if role == .kind { kindsAsked += 1 }
    }

    mutating func note(_ document: Int, _ score: Float, inName: Bool) {
        var line = lines[document]
        if line.turn != turn {
            if line.turn == 0 { touched.append(Int32(document)) }
            line.turn = turn
            line.best = score
            line.score += score
            line.covered += weight
            if role == .kind { line.kinds += 1 }
        } else if score > line.best {
            line.score += score - line.best
            line.best = score
        }
        if inName, role != .boost, line.nameTurn != turn {
            line.nameTurn = turn
            line.names += 1
        }
        lines[document] = line
    }

    /// What was noted, in order of document.
    mutating func matches() -> [TextIndex.Match] {
        touched.sort()
        return touched.map { document in
            let line = lines[Int(document)]
            return TextIndex.Match(
                document: Int(document), score: line.score, coverage: total > 0 ? line.covered / total : 0,
                isNamed: line.names == namesAsked && namesAsked > 0, holdsKinds: line.kinds == kindsAsked)
        }
    }
}
