import Testing

@testable import Linkage

extension City {
    private static let columns = header.split(separator: ",").map(String.init)

    /// A row as a record that is held elsewhere.
    func record(_ at: Int, compartment: String = "") -> LiveRecord {
        let row = rows[at]
        let values = Dictionary(uniqueKeysWithValues: zip(Self.columns.dropFirst(2), row.cells))
        return LiveRecord(id: row.id, source: row.source, compartment: compartment, values: values)
    }

    var records: [LiveRecord] { rows.indices.map { record($0) } }
}

private func options(between: Bool = false) -> LinkOptions {
    var options = LinkOptions(reading: Reading(id: ""))
    options.onlyBetween = between
    return options
}

/// A pair whichever way round.
private struct Ends: Hashable {
    let one: String
    let other: String

    init(_ pair: LiveIndex.Pair) { (one, other) = (min(pair.one, pair.other), max(pair.one, pair.other)) }
}

/// The pairs of an index by what each record is answered; each must be answered from both its ends alike.
private func pairs(_ index: LiveIndex, _ ids: some Sequence<String>) throws -> [Ends: Double] {
    var found: [Ends: Double] = [:]
    var ends = 0
    for id in ids {
        for pair in try index.pairs(of: id) {
            ends += 1
            if let before = found[Ends(pair)] { #expect(before == pair.probability, "\(pair)") }
            found[Ends(pair)] = pair.probability
        }
    }
    #expect(ends == 2 * found.count)
    return found
}

/// Whether an index holds what the batch finds for the same records: the same pairs to the last bit, the same clusters.
private func expectSame(_ index: LiveIndex, _ records: [String: LiveRecord], _ decisions: [Decision] = []) throws {
    let held = records.values.sorted { $0.id < $1.id }
    let batch = try Linker(held, options(), using: index.model, decisions: decisions)
    let wanted = Dictionary(batch.pairs.map { (Ends($0), $0.probability) }, uniquingKeysWith: { $0 + $1 })
    let found = try pairs(index, records.keys)
    #expect(found.count == wanted.count)
    for (ends, chance) in wanted where found[ends] != chance {
        Issue.record("\(ends): \(chance) by the batch, \(String(describing: found[ends])) by the index")
    }
    #expect(index.clusters() == batch.clusters)
    #expect(index.count == records.count)
}

/// Two models: one learnt from a city, and the same with small groups, so that many are split.
private func model(_ city: City, largest: Int? = nil, between: Bool = false) throws -> Model {
    var model = try Linker(city.records, options(between: between)).model
    if let largest { model.largest = largest }
    return model
}

@Suite struct `An index of records that come and go (INF-3)` {
    @Test(arguments: [(1, nil), (2, nil), (3, 8), (4, 8), (5, 3)] as [(UInt64, Int?)])
    func `answers as the batch does, whatever came, changed and went, in whatever order`(
        seed: UInt64, largest: Int?
    ) throws {
        let (city, other) = (City(households: 130, seed: seed), City(households: 130, seed: seed + 50))
        let model = try model(City(households: 400, seed: 90), largest: largest)
        var dice = Dice(seed: seed)
        let begun = city.rows.indices.filter { _ in dice.chance(0.4) }.map { city.record($0) }
        let index = try LiveIndex(model, begun)
        var held = Dictionary(uniqueKeysWithValues: begun.map { ($0.id, $0) })
        for step in 0..<900 {
            let at = dice.below(city.rows.count)
            let record: LiveRecord
            switch dice.below(4) {
            case 0:
                let id = city.rows[at].id
                #expect((index.remove(id) == nil) == (held[id] == nil))
                held[id] = nil
                continue
            case 1:  // Somebody else’s values, under an id that may be there.
                record = LiveRecord(
                    id: city.rows[at].id, source: "gp", values: other.record(dice.below(other.rows.count)).values)
            case 2:
                record = city.record(at, compartment: dice.chance(0.2) ? "apart" : "")
            default: record = city.record(at)
            }
            if dice.chance(0.3) {
                let asked = try index.link(record)
                #expect(asked == (try index.put(record).pairs))
            } else if dice.chance(0.2) {
                _ = try index.link(record)
                continue
            } else {
                try index.put(record)
            }
            held[record.id] = record
            if step % 300 == 299 { try expectSame(index, held) }
        }
        try expectSame(index, held)
    }

    @Test func `is the same by one record at a time as all at once, and by any order`() throws {
        let city = City(households: 150, seed: 8)
        let model = try model(city)
        let records = city.records
        let whole = try LiveIndex(model, records)
        var dice = Dice(seed: 9)
        for _ in 0..<2 {
            let index = try LiveIndex(model)
            for record in records.shuffled(using: &dice) { try index.put(record) }
            #expect(index.clusters() == whole.clusters())
            #expect(try pairs(index, records.map(\.id)) == pairs(whole, records.map(\.id)))
        }
        for record in records { whole.remove(record.id) }
        #expect(whole.count == 0 && whole.clusters().isEmpty && whole.pairCount == 0)
    }

    @Test func `says which clusters a change made and unmade`() throws {
        let city = City(households: 120, seed: 10)
        let index = try LiveIndex(try model(city), city.records)
        var clusters = Set(index.clusters())
        var dice = Dice(seed: 11)
        for _ in 0..<200 {
            let at = dice.below(city.rows.count)
            let change: LiveIndex.Change
            if dice.chance(0.4) {
                guard let gone = index.remove(city.rows[at].id) else { continue }
                change = gone
            } else {
                var record = city.record(at)
                if dice.chance(0.5) { record.values = city.record(dice.below(city.rows.count)).values }
                change = try index.put(record)
            }
            #expect(clusters.isSuperset(of: change.before), "\(change.before)")
            clusters.subtract(change.before)
            clusters.formUnion(change.after)
        }
        #expect(clusters == Set(index.clusters()))
    }

    @Test func `joins a crowd of records of one person as the batch does`() throws {
        let city = City(households: 300, seed: 12)
        let index = try LiveIndex(try model(city))
        var (held, dice): ([String: LiveRecord], Dice) = ([:], Dice(seed: 13))
        for number in 0..<140 {
            var record = city.record(0)
            record.id = "N\(number)"
            if dice.chance(0.3) { record.values["given_name"] = dice.pick(["Amara", "Zainab", "Leo"]) }
            if dice.chance(0.3) { record.values["nhs_number"] = "" }
            held[record.id] = record
            try index.put(record)
        }
        try expectSame(index, held)
        for number in 0..<60 {
            index.remove("N\(number)")
            held["N\(number)"] = nil
        }
        try expectSame(index, held)
    }

    @Test func `seeks pairs between sources only, where the model does`() throws {
        let city = City(households: 200, seed: 14)
        let model = try model(city, between: true)
        #expect(model.onlyBetween)
        let index = try LiveIndex(model)
        for record in city.records { try index.put(record) }
        try expectSame(index, Dictionary(uniqueKeysWithValues: city.records.map { ($0.id, $0) }))
        let sources = Dictionary(uniqueKeysWithValues: city.rows.map { ($0.id, $0.source) })
        for id in sources.keys {
            for pair in try index.pairs(of: id) { #expect(sources[pair.one] != sources[pair.other]) }
        }
    }

    @Test func `explains a pair as the batch does`() throws {
        let city = City(households: 200, seed: 15)
        let model = try model(city)
        let (index, batch) = (try LiveIndex(model, city.records), try Linker(city.records, options(), using: model))
        for pair in batch.pairs.prefix(60) {
            let (one, other) = (try index.explain(pair.one, pair.other), try batch.explain(pair.one, pair.other))
            #expect(one.paragraph == other.paragraph && one.total == other.total && one.rule == other.rule)
            #expect(abs(one.chance - pair.probability) < 1e-4)
        }
        #expect(throws: LinkageError.noRecord("R0")) { _ = try index.explain("R0", "R1") }
    }

    @Test func `refuses a record without an id, and changes nothing`() throws {
        let city = City(households: 60, seed: 16)
        let index = try LiveIndex(try model(city), city.records)
        let before = index.clusters()
        #expect(throws: LinkageError.self) { try index.put(LiveRecord(id: "", values: [:])) }
        #expect(index.clusters() == before)
        // A record that says nothing is like nobody.
        #expect(try index.put(LiveRecord(id: "empty", values: [:])).pairs.isEmpty)
        #expect(index.cluster(of: "empty") == ["empty"] && index.cluster(of: "nobody").isEmpty)
        let twice = try LiveIndex(index.model, [city.record(0), city.record(0)])
        #expect(twice.count == 1 && twice.refused.count == 1)
    }

    @Test func `takes any text as a value`() throws {
        let city = City(households: 60, seed: 17)
        let index = try LiveIndex(try model(city))
        var (dice, held): (Dice, [String: LiveRecord]) = (Dice(seed: 18), [:])
        let odd = [
            "", " ", "\0", "é", "ﷺ", "💚", ",", "\"", "\n", "Baby", "00000000000000000000000", "X", "-1", "31/02/0000",
        ]
        for number in 0..<150 {
            var record = city.record(dice.below(city.rows.count))
            record.id = "\(dice.pick(odd))\(number)"
            for name in record.values.keys.sorted() where dice.chance(0.4) {
                record.values[name] = (0..<dice.below(4)).map { _ in dice.pick(odd) }.joined()
            }
            if dice.chance(0.1) { record.values["given_name"] = String(repeating: "Ann ", count: 30_000) }
            held[record.id] = record
            try index.put(record)
        }
        try expectSame(index, held)
    }
}
