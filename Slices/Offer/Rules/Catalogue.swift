import Kernel

/// The whole open offer as cards, in a fixed order, ready to be searched.
public struct Catalogue: Sendable {
    public let ids: [ID<Entry>]
    let cards: [Card]
    /// The lists of wards that cards point to.
    let wards: [Set<String>]
    /// Where each entry stands in order of name.
    let nameOrder: [Int32]
    public let helpKinds: HelpKinds
    /// For each kind of help the entries that are it, in order.
    private let helpLists: [[Int32]]

    init(
        ids: [ID<Entry>], cards: [Card], wards: [Set<String>], nameOrder: [Int32], helpKinds: HelpKinds
    ) {
        (self.ids, self.cards, self.wards) = (ids, cards, wards)
        (self.nameOrder, self.helpKinds) = (nameOrder, helpKinds)
        var lists = [[Int32]](repeating: [], count: 128)
        for (index, card) in cards.enumerated() {
            var left = card.help
            while left != 0 {
                lists[left.trailingZeroBitCount].append(Int32(index))
                left &= left - 1
            }
        }
        helpLists = lists
    }

    /// The entries that are any of these kinds of help, in order, each once; nil where they are so many that going
    /// through all entries is as quick.
    func entries(ofHelp mask: UInt128) -> [Int32]? {
        var (found, left) = ([Int32](), mask)
        while left != 0 {
            let list = helpLists[left.trailingZeroBitCount]
            guard found.count + list.count <= cards.count / 4 + 100 else { return nil }
            found += list
            left &= left - 1
        }
        guard mask.nonzeroBitCount > 1 else { return found }
        found.sort()
        var last: Int32 = -1
        found.removeAll { index in
            defer { last = index }
            return index == last
        }
        return found
    }

    public var count: Int { ids.count }

    /// The labels of the kinds of help asked for that this entry is.
    public func helpMet(_ index: Int, _ question: Question) -> [String] {
        question.help.isEmpty
            ? [] : helpKinds.labels(cards[index].help, among: question.help.map { helpKinds.mask(of: $0) })
    }

    /// Gathers entries; closed ones are left out.
    public struct Builder {
        private var ids: [ID<Entry>] = []
        private var cards: [Card] = []
        private var wards: [Set<String>] = []
        private var wardLists: [Set<String>: Int32] = [:]
        private var names: [String] = []
        private let helpKinds: HelpKinds

        public init(_ helpKinds: HelpKinds) { self.helpKinds = helpKinds }

        /// Adds an entry and says whether it was taken.
        ///
        /// - Parameter fresh: the newest day that any of its facts is as of.
        public mutating func add(_ entry: Entry, fresh: Day?) -> Bool {
            guard !entry.standing.isClosed else { return false }
            ids.append(entry.id)
            names.append(entry.name.lowercased())
            cards.append(
                Card(entry, help: helpKinds.mask(of: entry.help), area: area(entry.area), fresh: fresh))
            return true
        }

        private mutating func area(_ area: AreaServed) -> Card.Area {
            switch area {
            case .unknown: return .unknown
            case .cityWide: return .cityWide
            case .wards(let codes):
                if let known = wardLists[codes] { return .wards(known) }
                let index = Int32(wards.count)
                wards.append(codes)
                wardLists[codes] = index
                return .wards(index)
            }
        }

        public func build() -> Catalogue {
            let order = names.indices.sorted { (names[$0], ids[$0]) < (names[$1], ids[$1]) }
            var nameOrder = [Int32](repeating: 0, count: order.count)
            for (rank, index) in order.enumerated() { nameOrder[index] = Int32(rank) }
            return Catalogue(ids: ids, cards: cards, wards: wards, nameOrder: nameOrder, helpKinds: helpKinds)
        }
    }
}

extension Card {
    fileprivate init(_ entry: Entry, help: UInt128, area: Area, fresh: Day?) {
        switch entry.needs {
        case .unknown: (needs, needsBasis) = (0, .unknown)
        case .every: (needs, needsBasis) = (0, .every)
        case .listed(let listed): (needs, needsBasis) = (NeedType.mask(listed), .listed)
        case .listedIn2012(let listed): (needs, needsBasis) = (NeedType.mask(listed), .listedIn2012)
        }
        lowAge = Int8(entry.ages?.low ?? -1)
        highAge = Int8(entry.ages?.high ?? -1)
        levels = entry.levels.reduce(0) { $0 | Card.bit(of: $1) }
        days = Card.mask(of: Set(entry.sessions.map(\.day)))
        access = entry.access.map { Card.mask(of: $0) }
        cost = entry.cost
        (self.help, isInvented, self.area) = (help, entry.isInvented, area)
        kindNumber = UInt8(Entry.Kind.allCases.firstIndex(of: entry.kind) ?? 7)
        sectorNumber = UInt8(Entry.Sector.allCases.firstIndex(of: entry.sector) ?? 7)
        isUnconfirmed = entry.isUnconfirmed
        latitude = entry.address.point.map { Float($0.latitude) } ?? .nan
        longitude = entry.address.point.map { Float($0.longitude) } ?? .nan
        freshness = Int32(fresh?.number ?? 0)
    }
}

/// The kinds of help an entry can be: a list of at most 128, from `share/offer/help.csv`.
public struct HelpKinds: Sendable {
    public struct Kind: Hashable, Sendable {
        public let code: HelpCode
        /// As a person reads it: `Speech and language therapy`.
        public let label: String
        /// The heading it stands under.
        public let group: String
    }

    public let all: [Kind]
    private let places: [HelpCode: Int]

    /// - Throws: `TableFault` where the file is no table with `code`, `label` and `group`; `Malformed` where a code
    ///   stands twice or there are more than 64.
    public init(_ file: [UInt8]) throws {
        let table = try Table(file, required: ["code", "label", "group"])
        all = try table.rows.map { row in
            Kind(code: HelpCode(try row.get("code")), label: try row.get("label"), group: try row.get("group"))
        }
        guard all.count <= 128 else {
            throw Malformed(wanted: "a list of kinds of help", reason: "it has at most 128; this has \(all.count)")
        }
        var places: [HelpCode: Int] = [:]
        for (index, kind) in all.enumerated() {
            guard places.updateValue(index, forKey: kind.code) == nil else {
                throw Malformed(wanted: "a list of kinds of help", given: kind.code.text, reason: "it stands twice")
            }
        }
        self.places = places
    }

    /// The labels of those kinds of these masks that an entry is, in the order of the list.
    func labels(_ held: UInt128, among asked: [UInt128]) -> [String] {
        var left = asked.reduce(0) { $0 | $1 } & held
        var labels: [String] = []
        while left != 0 {
            labels.append(all[left.trailingZeroBitCount].label)
            left &= left - 1
        }
        return labels
    }

    public subscript(code: HelpCode) -> Kind? { places[code].map { all[$0] } }

    /// One bit for each kind; a code not in the list has none.
    func mask(of codes: Set<HelpCode>) -> UInt128 {
        codes.reduce(0) { mask, code in places[code].map { mask | 1 << UInt128($0) } ?? mask }
    }
}
