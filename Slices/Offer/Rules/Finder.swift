import Kernel

/// An entry that the index of words found: its place in the catalogue and how well it holds the words.
public struct WordMatch: Sendable {
    public let index: Int
    public let score: Float
    /// How much of what was asked in words it holds, 0 to 1, rarer words counting for more.
    public let coverage: Float
    /// Every word asked for stands in its name.
    public let isNamed: Bool
    /// It holds the very words that named the kind of help: `football`, where sport was understood.
    public let holdsKinds: Bool

    public init(index: Int, score: Float, coverage: Float, isNamed: Bool, holdsKinds: Bool) {
        (self.index, self.score, self.coverage) = (index, score, coverage)
        (self.isNamed, self.holdsKinds) = (isNamed, holdsKinds)
    }
}

/// One entry in the answer to a question.
public struct Found: Hashable, Sendable {
    /// Its place in the catalogue.
    public let index: Int
    public let judgement: Judgement
    /// In a straight line, in metres; nil where no place was asked for or its place is not known.
    public let metres: Int?
}

/// What was found, in order, with how many each further choice would leave.
public struct Finding: Sendable {
    /// The entries of the page asked for: those that fit, then those that might.
    public let page: [Found]
    /// How many meet everything asked.
    public let fitting: Int
    /// How many might: nothing is against them, but their source does not say it all.
    public let possible: Int
    /// Where nothing fits: those that miss by least.
    public let nearMisses: [Found]
    public let counts: Counts

    public var total: Int { fitting + possible }

    /// How many of the entries found say so of themselves.
    public struct Counts: Sendable {
        public let needs: [NeedType: Int]
        public let help: [HelpCode: Int]
        public let kinds: [Entry.Kind: Int]
        public let sectors: [Entry.Sector: Int]
        public let days: [Weekday: Int]
        public let access: [AccessFeature: Int]
        public let free: Int
    }
}

/// How results are ordered.
public enum Order: String, CaseIterable, Hashable, Sendable {
    /// Suitable first, then near.
    case best
    case distance, name, freshness

    public var label: String {
        switch self {
        case .best: "Most suitable"
        case .distance: "Nearest"
        case .name: "Name"
        case .freshness: "Most recently checked"
        }
    }
}

extension Catalogue {
    /// The entries that answer a question, suitable before near.
    ///
    /// Those that hold more of what was asked for come first; among them those that meet everything asked, then
    /// those whose source does not say; real before invented; what is confirmed before what only the strategy of 2012
    /// lists; those for few needs before those for many, where a need was asked; then the nearer, or where no place
    /// was asked the better match of words. What is known not to fit is left out, or offered as a near miss.
    ///
    /// - Parameters:
    ///   - words: what the index of words found, in order of index.
    ///   - asksWords: whether an entry must hold some of the words, or they only help to order.
    ///   - page: which page, from 0, of `size` entries.
    public func find(
        _ question: Question, words: [WordMatch] = [], asksWords: Bool = false, order: Order = .best, page: Int = 0,
        size: Int = 20
    ) -> Finding {
        let finder = Finder(self, question, words, asksWords: asksWords, order: order)
        var sieve = Sieve(size: (max(0, page) + 1) * size)
        // Only what is a kind of help asked for, or holds a word asked for, can be an answer; without either, anything.
        let isOpen = finder.wanted.anyHelp == 0 && !asksWords
        if !isOpen, let entries = entries(ofHelp: finder.wanted.anyHelp) {
            finder.considerTogether(entries, words, &sieve)
        } else {
            var next = 0
            for index in cards.indices {
                let isMatch = next < words.count && words[next].index == index
                finder.consider(index, isMatch ? words[next] : nil, &sieve)
                if isMatch { next += 1 }
            }
        }
        return sieve.finding(page: max(0, page), size: size, helpKinds: helpKinds)
    }

    /// The answer to a question that nothing here can answer.
    public var nothing: Finding { Sieve(size: 1).finding(page: 0, size: 1, helpKinds: helpKinds) }
}

/// Goes through cards for one question.
private struct Finder {
    let cards: [Card]
    let wards: [Set<String>]
    let nameOrder: [Int32]
    let wanted: Wanted
    /// One bit a kind, and one a part of the offer; 0 where any will do.
    let kinds: UInt8
    let sectors: UInt8
    let asksWords: Bool
    /// Some entry holds the words that named the kind of help.
    let knowsKinds: Bool
    let order: Order
    let ruler: Ruler?

    init(_ catalogue: Catalogue, _ question: Question, _ words: [WordMatch], asksWords: Bool, order: Order) {
        knowsKinds = words.contains(where: \.holdsKinds)
        (cards, wards, nameOrder) = (catalogue.cards, catalogue.wards, catalogue.nameOrder)
        wanted = Wanted(question, catalogue.helpKinds)
        kinds = Finder.mask(of: question.kinds)
        sectors = Finder.mask(of: question.sectors)
        (self.asksWords, self.order) = (asksWords, order)
        ruler = wanted.place.map { Ruler($0) }
    }

    private static func mask<Value: CaseIterable & Hashable>(of values: Set<Value>) -> UInt8 {
        Value.allCases.enumerated().reduce(0) { $0 | (values.contains($1.element) ? 1 << UInt8($1.offset) : 0) }
    }

    /// Considers the entries of either list, both in order of index, each once.
    func considerTogether(_ entries: [Int32], _ words: [WordMatch], _ sieve: inout Sieve) {
        var (entry, word) = (0, 0)
        while entry < entries.count || word < words.count {
            let index = entry < entries.count ? Int(entries[entry]) : .max
            let matched = word < words.count ? words[word].index : .max
            if index <= matched {
                consider(index, index == matched ? words[word] : nil, &sieve)
                entry += 1
                if index == matched { word += 1 }
            } else {
                if asksWords { consider(matched, words[word], &sieve) }
                word += 1
            }
        }
    }

    func consider(_ index: Int, _ match: WordMatch?, _ sieve: inout Sieve) {
        let card = cards[index]
        if kinds != 0, kinds & 1 << card.kindNumber == 0 { return }
        if sectors != 0, sectors & 1 << card.sectorNumber == 0 { return }
        let coverage = coverage(of: card, match)
        guard coverage > 0 else { return }
        let metres = ruler?.metres(to: card) ?? .infinity
        let judgement = card.judged(by: wanted, metres: metres, wards: wards)
        // Half a band down where other entries hold the very words and this one does not.
        let isLess = knowsKinds && !wanted.help.isEmpty && match?.holdsKinds != true
        let band: UInt64 = (coverage >= 0.85 ? 0 : coverage >= 0.5 ? 2 : 4) + (isLess ? 1 : 0)
        let misses = judgement.failures
        if misses == 0 {
            let key = key(index, card, match, band, judgement, metres)
            sieve.take(Candidate(index: Int32(index), judgement: judgement, metres: metres, key: key, band: band), card)
        } else if misses <= 2, band < 4 {
            let key = missKey(index, card, match, band, judgement, metres)
            sieve.takeMiss(Candidate(index: Int32(index), judgement: judgement, metres: metres, key: key, band: band))
        }
    }

    /// How much of what was asked for in words and kinds of help this card holds: 0 none, 1 all.
    private func coverage(of card: Card, _ match: WordMatch?) -> Float {
        if !asksWords, wanted.anyHelp == 0 { return 1 }
        let met = (match?.coverage ?? 0) + Float(card.kindsMet(wanted))
        return met / Float(wanted.help.count + (asksWords ? 1 : 0))
    }

    /// A number by which the better entry is the smaller.
    private func key(
        _ index: Int, _ card: Card, _ match: WordMatch?, _ band: UInt64, _ judgement: Judgement, _ metres: Float
    ) -> UInt64 {
        let byName = UInt64(nameOrder[index])
        let distance = UInt64(metres.isFinite ? min(metres, 1_000_000) : 1_000_001)
        switch order {
        case .name: return byName
        case .distance: return distance << 22 | byName
        case .freshness: return UInt64(1 << 20 - Int(max(0, card.freshness))) << 22 | byName
        case .best: break
        }
        var key: UInt64 = match?.isNamed == true ? 0 : 1
        key = key << 3 | band
        key = key << 1 | (judgement.fits == true ? 0 : 1)
        key = key << 1 | (card.isInvented ? 1 : 0)
        key = key << 1 | (card.isUnconfirmed ? 1 : 0)
        key = key << 2 | breadth(of: card)
        return key << 42 | nearness(match, metres) << 22 | byName
    }

    /// Few needs before many, where a need was asked.
    private func breadth(of card: Card) -> UInt64 {
        wanted.needs == 0 || card.breadth <= 2 ? 0 : card.breadth <= 5 ? 1 : 2
    }

    /// For few ages before many, where an age was asked.
    private func ageSpan(of card: Card) -> UInt64 {
        guard wanted.ages != nil, card.lowAge >= 0 else { return 0 }
        let span = card.highAge - card.lowAge
        return span <= 5 ? 0 : span <= 12 ? 1 : 2
    }

    /// How far, in metres; where no place was asked, how well the words match. The nearer or better is the smaller.
    private func nearness(_ match: WordMatch?, _ metres: Float) -> UInt64 {
        if ruler != nil { return UInt64(metres.isFinite ? min(metres, 1_000_000) : 1_000_001) }
        return UInt64(max(0, 100_000 - (match?.score ?? 0) * 1000))
    }

    /// The order of near misses: the need itself last to be given up, fewest things missed, the smallest step away in
    /// age, real before invented, for few needs before many, nearer first.
    private func missKey(
        _ index: Int, _ card: Card, _ match: WordMatch?, _ band: UInt64, _ judgement: Judgement, _ metres: Float
    ) -> UInt64 {
        var gap = 0
        if let ages = wanted.ages, card.lowAge >= 0, judgement.verdict(on: .age) == .no {
            gap = max(Int(card.lowAge) - ages.upperBound, ages.lowerBound - Int(card.highAge), 0)
        }
        var key: UInt64 = judgement.verdict(on: .need) == .no ? 1 : 0
        key = key << 4 | UInt64(judgement.failures)
        key = key << 3 | band
        key = key << 5 | UInt64(min(31, gap))
        key = key << 1 | (card.isInvented ? 1 : 0)
        key = key << 2 | breadth(of: card)
        key = key << 2 | ageSpan(of: card)
        return key << 42 | nearness(match, metres) << 22 | UInt64(nameOrder[index])
    }
}

/// Measures from one place to many, fast: right to within half a per cent over a city and its neighbours.
private struct Ruler {
    let latitude: Float
    let longitude: Float
    let metresInDegreeNorth: Float = 111_195
    let metresInDegreeEast: Float

    init(_ point: Point) {
        (latitude, longitude) = (Float(point.latitude), Float(point.longitude))
        metresInDegreeEast = metresInDegreeNorth * Float(Maths.cosine(point.latitude * .pi / 180))
    }

    /// Infinite where the card's place is not known.
    func metres(to card: Card) -> Float {
        guard card.latitude.isFinite else { return .infinity }
        let north = (card.latitude - latitude) * metresInDegreeNorth
        let east = (card.longitude - longitude) * metresInDegreeEast
        return (north * north + east * east).squareRoot()
    }
}

struct Candidate {
    let index: Int32
    let judgement: Judgement
    let metres: Float
    let key: UInt64
    /// How much of what was asked for it holds: 0 is most.
    let band: UInt64

    var found: Found {
        Found(index: Int(index), judgement: judgement, metres: metres.isFinite ? Int(metres.rounded()) : nil)
    }
}
