import Access
import Kernel
import Linkage
import People
import PeopleServer
import SingleView
import Storage

/// What a run of linking did.
public struct LinkingReport: Hashable, Sendable {
    /// Records that may be linked.
    public var records = 0
    /// Records that were linked for the first time.
    public var linked = 0
    /// Persons who were not known before.
    public var made = 0
    /// Pairs of which somebody has to say.
    public var doubts = 0
    public var model = ""
}

/// Links every record that may be linked, and makes a person of each child that is new. Records already linked are
/// never moved by it; where it would say otherwise, the pair is put before a person.
///
/// It looks at what is new or otherwise since it last looked through its index, and at the whole city where that was
/// made anew: the answer is the same.
public struct Linking: Sendable {
    let database: any Database
    let book: FeedBook
    let index: LinkIndex
    public var progress: @Sendable (String, Int, Int) -> Void = { _, _, _ in }

    public init(_ database: any Database, share: Share) throws {
        try self.init(database, share: share, index: LinkIndex(share))
    }

    init(_ database: any Database, share: Share, index: LinkIndex) throws {
        (self.database, self.index) = (database, index)
        book = try FeedBook(share)
    }

    /// Two persons with a pair so likely are a question, however sure the model is: it was not joined by itself.
    static let doubtful = 0.05
    /// What the program joins by itself is at least so likely.
    static let sure = 0.9
    /// A pair that is less likely is no pair.
    static let least = 0.01
    /// How many children are made in one transaction, so that others need not wait long.
    static let together = 500
    /// What is compared, and what each column is.
    static let columns: [(name: String, kind: ColumnKind)] = [
        ("given", .given), ("middle", .middle), ("family", .family), ("born", .birth), ("sex", .sex),
        ("nhs_number", .nhs), ("upn", .upn), ("postcode", .postcode), ("address", .address), ("phone", .phone),
    ]

    public func run() async throws -> LinkingReport {
        _ = try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            return try LinkStore.keepCouncilRecords(in: tx)
        }
        progress("Comparing", 0, 1)
        let live = try await index.follow(database)
        let pending = await index.takePending()
        do {
            let (waiting, decided) = try await database.read { tx in
                let store = LinkStore(tx: tx, scope: .system)
                return (try store.waiting(), try store.decisions())
            }
            let view = try LinkView(live, pending, waiting, Array(decided.keys))
            progress("Comparing", 1, 1)
            var report = LinkingReport()
            (report.records, report.model) = (live.count, live.version)
            return try await assign(view, decided, report)
        } catch {
            await index.putBack(pending)
            throw error
        }
    }

    /// A pair of records and how likely it is that they are of one child.
    typealias Pair = (one: Int, other: Int, chance: Double)

    // MARK: - Persons

    private func assign(
        _ view: LinkView, _ decided: [PairOfRecords: String], _ start: LinkingReport
    ) async throws -> LinkingReport {
        var report = start
        let (model, pairs) = (report.model, view.pairs)
        let owners = try await database.read { try LinkStore(tx: $0, scope: .system).persons(of: view.numbers) }
        let members = view.clusters.map { $0.map { Assigning.Member($0, owners[$0]) } }
        let contradicted = try await contradictions(in: view.clusters).filter { decided[$0] != Verdict.same.rawValue }
        let clusters = Self.keeping(
            to: decided.merging(contradicted.map { ($0, Verdict.different.rawValue) }) { mine, _ in mine }, members)
        let plans = clusters.map(Assigning.init)
        let work = plans.filter { !$0.linked.isEmpty }
        let (best, ids) = (Self.best(pairs), Self.identifiers(of: work))
        for start in stride(from: 0, to: work.count, by: Self.together) {
            let part = start..<min(start + Self.together, work.count)
            let (linked, made) = try await write(Array(work[part]), Array(ids[part]), best, model)
            report.linked += linked
            report.made += made
            progress("Linking", min(start + Self.together, work.count), work.count)
        }
        try await keepFigures(clusters, pairs, model)
        let doubts = try await doubts(plans, clusters, pairs, decided, Set(contradicted))
        report.doubts = doubts.count
        let looked = view.isWhole ? nil : view.numbers
        try await database.write(for: .system) { tx in
            tx.record(Event(SingleViewEvents.ran, subject: model, detail: "doubts=\(doubts.count)"))
            try LinkStore.keep(doubts, model: model, in: tx)
            try LinkStore.dropDoubts(except: Set(doubts.map { PairOfRecords($0.one, $0.other) }), of: looked, in: tx)
        }
        // What one record changes is too little to draw the city’s sample from.
        if view.isWhole { try await keepSample(pairs, model: model) }
        return report
    }

    /// Pairs within a cluster that contradict each other by rule ``Contradiction/id``.
    private func contradictions(in clusters: [[Int]]) async throws -> [PairOfRecords] {
        let several = clusters.filter { $0.count > 1 }
        var found: [PairOfRecords] = []
        for start in stride(from: 0, to: several.count, by: 200) {
            let some = Array(several[start..<min(start + 200, several.count)])
            let cells = try await database.read { tx in
                try LinkStore(tx: tx, scope: .system).linkable(some.flatMap { $0 })
            }.reduce(into: [:]) { $0[$1.number] = $1.cells }
            for cluster in some {
                for (place, one) in cluster.enumerated() {
                    for other in cluster[(place + 1)...]
                    where Contradiction.between(cells[one] ?? [:], cells[other] ?? [:]) != nil {
                        found.append(PairOfRecords(one, other))
                    }
                }
            }
        }
        return found
    }

    /// Keeps how sure the model is of each pair within a cluster of which a record is new, for explanations.
    private func keepFigures(
        _ clusters: [[Assigning.Member]], _ pairs: [Pair], _ model: String
    ) async throws {
        var place: [Int: Int] = [:]
        for (number, members) in clusters.enumerated() where members.contains(where: { $0.person == nil }) {
            for member in members { place[member.number] = number }
        }
        let within = pairs.filter { pair in place[pair.one].map { $0 == place[pair.other] } ?? false }
        for start in stride(from: 0, to: within.count, by: Self.together) {
            let some = Array(within[start..<min(start + Self.together, within.count)])
            try await database.write(for: .system) { tx in
                tx.record(.housekeeping)
                try ExplainStore.keep(some, model: model, in: tx)
            }
        }
    }

    /// The likeliest partner of each record.
    private static func best(_ pairs: [Pair]) -> [Int: (Int, Double)] {
        var best: [Int: (Int, Double)] = [:]
        for pair in pairs {
            if pair.chance > best[pair.one]?.1 ?? 0 { best[pair.one] = (pair.other, pair.chance) }
            if pair.chance > best[pair.other]?.1 ?? 0 { best[pair.other] = (pair.one, pair.chance) }
        }
        return best
    }

    /// Whose the records of each plan will be: new persons get identifiers that nobody chose, minted before any
    /// transaction, which may be run again.
    ///
    /// They are given out in their order: so a batch of new persons stands side by side in each table. Where each went
    /// to a place of its own, most pages of a city’s tables were written anew for every batch.
    private static func identifiers(of plans: [Assigning]) -> [String] {
        var new = plans.filter { $0.person == nil }.map { _ in FeedStore.newID }.sorted().makeIterator()
        return plans.map { $0.person ?? new.next() ?? FeedStore.newID }
    }

    private func write(
        _ plans: [Assigning], _ ids: [String], _ best: [Int: (Int, Double)], _ model: String
    ) async throws -> (linked: Int, made: Int) {
        let book = book
        return try await database.write(for: .system) { tx in
            let store = LinkStore(tx: tx, scope: .system)
            let numbers = plans.flatMap(\.linked)
            // Somebody else may have linked or sealed some meanwhile: those are left alone.
            let taken = try store.persons(of: numbers)
            let open = try store.open(numbers)
            var links: [(number: Int, person: String)] = []
            var made: [String] = []
            for (plan, person) in zip(plans, ids) {
                let free = plan.linked.filter { taken[$0] == nil && open.contains($0) }
                guard !free.isEmpty else { continue }
                links += free.map { ($0, person) }
                if plan.isNew { made.append(person) }
            }
            tx.record(.housekeeping)
            try LinkStore.link(links, cause: "model", in: tx)
            try LinkStore.noteMade(made, in: tx)
            let mine = try store.isLinkedPerson(Array(Set(links.map(\.person))))
            try name(mine.sorted(), book, in: tx)
            try NoticeRecords.follow(links.map(\.number), in: tx)
            try LinkStore.keep(
                best: links.compactMap { link in best[link.number].map { (link.number, $0.0, $0.1) } }, model: model,
                in: tx)
            return (links.count, made.count)
        }
    }

    /// Gives persons whom the links made the name and birthday that are settled.
    private func name(_ persons: [String], _ book: FeedBook, in tx: any WriteTransaction) throws {
        let said = try LinkStore(tx: tx, scope: .system).statements(of: persons, book)
        for id in persons {
            let settled = Dictionary(
                book.settle(said[id] ?? []).map { ($0.fact, $0.chosen.value) }, uniquingKeysWith: { first, _ in first })
            guard let given = settled["given"], let family = settled["family"],
                let born = settled["born"].flatMap({ try? Day(iso: $0) })
            else { continue }
            try People.keep(Person(id: ID(id), given: given, family: family, born: born, version: 1), nil, in: tx)
        }
    }

    // MARK: - Doubts

    private func doubts(
        _ plans: [Assigning], _ clusters: [[Assigning.Member]], _ pairs: [Pair],
        _ decided: [PairOfRecords: String], _ contradicted: Set<PairOfRecords>
    ) async throws -> [Doubt] {
        var cluster: [Int: Int] = [:]
        for (place, members) in clusters.enumerated() { for member in members { cluster[member.number] = place } }
        let numbers = Set(cluster.keys).union(pairs.map(\.one)).union(pairs.map(\.other))
        let persons = try await database.read { try LinkStore(tx: $0, scope: .system).persons(of: numbers) }
        let apart = Self.apart(decided, persons)
        var doubts: [PairOfRecords: Doubt] = [:]
        func put(_ one: Int, _ other: Int, _ kind: Doubt.Kind, _ chance: Double) {
            let pair = PairOfRecords(one, other)
            guard decided[pair] == nil, !apart.contains([persons[one] ?? "", persons[other] ?? ""].sorted()) else {
                return
            }
            let doubt = Doubt(
                one: one, other: other, kind: kind, chance: chance, worth: Worth.of(chance, isPart: kind == .part))
            if doubt.worth > doubts[pair]?.worth ?? -1 { doubts[pair] = doubt }
        }
        for pair in pairs {
            guard let one = persons[pair.one], let other = persons[pair.other] else { continue }
            let areTogether = cluster[pair.one] == cluster[pair.other]
            let isContradicted = contradicted.contains(PairOfRecords(pair.one, pair.other))
            if one != other, pair.chance >= Self.doubtful || areTogether || isContradicted {
                put(pair.one, pair.other, .join, pair.chance)
            } else if one == other, !areTogether && pair.chance < Self.sure || pair.chance < 0.5 || isContradicted {
                put(pair.one, pair.other, .part, pair.chance)
            }
        }
        for plan in plans {
            for pair in plan.toJoin where persons[pair.one] != persons[pair.other] {
                put(pair.one, pair.other, .join, 0.95)
            }
        }
        return onePerPersons(
            doubts.values.sorted { ($1.worth, $0.one, $0.other) < ($0.worth, $1.one, $1.other) }, persons)
    }

    /// Of the pairs between the same two persons, the one whose answer is worth most: one answer settles them.
    private func onePerPersons(_ doubts: [Doubt], _ persons: [Int: String]) -> [Doubt] {
        var seen: Set<[String]> = []
        return doubts.filter { doubt in
            let both = [persons[doubt.one] ?? "", persons[doubt.other] ?? ""].sorted()
            return doubt.kind == .part || seen.insert(both).inserted
        }
    }
}
