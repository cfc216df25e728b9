import Access
import AccessServer
import Kernel
import Linkage
import People
import PeopleServer
import SingleView
import Storage

/// Everything held of a person, as far as the actor may see it: one reading for the page, the file and the print.
struct Held: Sendable {
    let council: HeldByCouncil
    let seen: SeenRecords
    /// The sources’ own numbers of records.
    let refs: [Int: String]
    let corrections: [SeenCorrection]
    /// Why the records are one child’s, in the order of the records.
    let reasons: [LinkReason]
    /// What stands now, the council’s own words as they are today among them.
    let current: [Statement]

    var person: Person { council.person }
    /// The records of agencies, without the council’s own.
    var agencies: [SeenRecord] { seen.records.filter { $0.source != LinkStore.council } }

    static func read(
        _ id: ID<Person>, _ book: FeedBook, _ policy: Policy, _ scope: Scope, today: Day, looksLimit: Int,
        in tx: any Transaction
    ) throws -> Held? {
        guard let council = try HeldByCouncil.read(id, policy, scope, looksLimit: looksLimit, in: tx) else {
            return nil
        }
        let seen = try SeenRecords.read(id.text, book, policy, scope, in: tx)
        let numbers = seen.records.map(\.number)
        let explain = ExplainStore(tx: tx, scope: scope, policy: policy)
        let current =
            seen.current.filter { $0.source != LinkStore.council }
            + statements(of: council, seen.records.first { $0.source == LinkStore.council }, today)
        return Held(
            council: council, seen: seen, refs: try explain.refs(of: numbers),
            corrections: try CorrectionStore(tx: tx, scope: scope, policy: policy).corrections(about: id.text),
            reasons: LinkReason.all(
                seen.records, current, try explain.figures(among: numbers), try explain.decisions(among: numbers),
                try explain.places(of: numbers)),
            current: current)
    }

    /// What the council itself wrote down, as it is today.
    private static func statements(
        of council: HeldByCouncil, _ record: SeenRecord?, _ today: Day
    ) -> [Statement] {
        let person = council.person
        var facts: [(String, String, DataClass)] = [
            ("given", person.given, .identity), ("family", person.family, .identity),
            ("born", person.born.iso, .identity),
        ]
        if let place = council.whereabouts {
            facts += [
                ("address", place.address, .location), ("postcode", place.postcode, .location),
                ("phone", place.telephone, .location), ("setting", place.setting, .location),
            ]
        }
        return facts.filter { !$0.1.isEmpty }.map { fact, value, data in
            Statement(
                fact: fact, value: value, source: LinkStore.council, asOf: record?.asOf ?? today,
                record: record?.number ?? 0, data: data)
        }
    }

    /// The classes of what is shown: they are noted with the look.
    var classes: String {
        var classes = council.classes.union(seen.classes)
        if !corrections.isEmpty { classes.insert(.ownWords) }
        return classes.sorted().map(\.rawValue).joined(separator: ",")
    }

    /// Each fact of which a child has one, settled by the order of trust.
    var settled: [Settled] {
        seen.words.book.settle(current).sorted { FactOrder.of($0.fact) < FactOrder.of($1.fact) }
    }

    /// What the council itself had written before.
    var councilBefore: [Said] { seen.said.filter { $0.statement.source == LinkStore.council && $0.until != nil } }

    // MARK: - What may be said to be wrong

    /// One thing that somebody may say is wrong.
    struct Choosable: Sendable {
        let key: String
        let label: String
        let target: Correction.Target
    }

    var choosable: [Choosable] {
        agencies.flatMap(choosable(of:)) + choosable(LinkStore.council, nil, "The council’s own record", .identity)
    }

    private func choosable(of record: SeenRecord) -> [Choosable] {
        let data = seen.words.book.source(record.source)?.data ?? .identity
        let name = seen.words.source(record.source)
        let whole = Choosable(
            key: "\(record.number)-record", label: "\(name): this record is not this child’s",
            target: Correction.Target(
                kind: .wrongRecord, record: record.number, source: record.source, sourceData: data, fact: "",
                data: data, held: ""))
        return choosable(record.source, record.number, name, data) + [whole]
    }

    private func choosable(_ source: String, _ number: Int?, _ name: String, _ data: DataClass) -> [Choosable] {
        let said = current.filter { $0.source == source && (number == nil || $0.record == number) }
        var places: [String: Int] = [:]
        let facts = said.sorted { (FactOrder.of($0.fact), $0.value) < (FactOrder.of($1.fact), $1.value) }.map { one in
            places[one.fact, default: 0] += 1
            let value = seen.words.value(one.fact, one.value)
            return Choosable(
                key: "\(number ?? 0)-\(one.fact)-\(places[one.fact] ?? 1)",
                label: "\(name): \(FactWords.name(of: one.fact)) – \(value)",
                target: Correction.Target(
                    kind: .wrongFact, record: number, source: source, sourceData: data, fact: one.fact,
                    data: one.data, held: one.value))
        }
        let missing = Choosable(
            key: "\(number ?? 0)-missing", label: "\(name): something is missing",
            target: Correction.Target(
                kind: .missing, record: number, source: source, sourceData: data, fact: "", data: data, held: ""))
        return facts + [missing]
    }
}

extension SeenRecords {
    /// Whether somebody has said that this is wrong.
    func isCalledWrong(_ said: Statement) -> Bool {
        let number = said.source == LinkStore.council ? nil : said.record
        return wrong.contains(WrongMark(record: number, fact: said.fact, held: said.value))
    }

    /// Whether somebody has said that the record is another child’s.
    func isCalledWrong(_ record: SeenRecord) -> Bool {
        wrong.contains(WrongMark(record: record.number, fact: "", held: ""))
    }
}

/// The order in which facts are told.
enum FactOrder {
    static func of(_ fact: String) -> Int { order[fact] ?? 99 }

    private static let order: [String: Int] = {
        let facts = [
            "given", "middle", "family", "born", "sex", "ethnicity", "language", "nhs-number", "upn", "service",
            "status", "activity", "year-group", "sen-provision", "need", "hours", "since", "lead", "setting",
            "address", "postcode", "phone",
        ]
        return Dictionary(uniqueKeysWithValues: facts.enumerated().map { ($0.element, $0.offset) })
    }()
}

/// Why a record stands on a page: compared with the one of the other visible records that it is closest to.
struct LinkReason: Sendable {
    let record: SeenRecord
    /// Nil where no other record is visible.
    let other: SeenRecord?
    let agreements: [Agreement]
    let figure: ExplainStore.Figure?
    let decided: ExplainStore.Decided?
    let place: ExplainStore.Place?

    static func all(
        _ records: [SeenRecord], _ current: [Statement], _ figures: [PairOfRecords: ExplainStore.Figure],
        _ decisions: [PairOfRecords: ExplainStore.Decided], _ places: [Int: ExplainStore.Place]
    ) -> [LinkReason] {
        var said: [Int: [String: String]] = [:]
        for one in current { said[one.record, default: [:]][one.fact] = one.value }
        return records.map { record in
            let others = records.filter { $0.number != record.number }.map { other -> LinkReason in
                let pair = PairOfRecords(record.number, other.number)
                return LinkReason(
                    record: record, other: other,
                    agreements: Agreement.of(
                        said[record.number] ?? [:], said[other.number] ?? [:], areForms: NameForms.areOfOneName),
                    figure: figures[pair], decided: decisions[pair], place: places[record.number])
            }
            // A person’s decision first, then the surest figure, then what agrees most; then whichever came first.
            return others.max { $0.strength < $1.strength }
                ?? LinkReason(
                    record: record, other: nil, agreements: [], figure: nil, decided: nil,
                    place: places[record.number])
        }
    }

    private struct Strength: Comparable {
        let isDecided: Int
        let chance: Double
        let same: Int
        let order: Int

        static func < (one: Strength, other: Strength) -> Bool {
            (one.isDecided, one.chance, one.same, one.order) < (other.isDecided, other.chance, other.same, other.order)
        }
    }

    private var strength: Strength {
        Strength(
            isDecided: decided == nil ? 0 : 1, chance: figure?.chance ?? -1,
            same: agreements.count { $0.verdict == .same }, order: -(other?.number ?? 0))
    }
}
