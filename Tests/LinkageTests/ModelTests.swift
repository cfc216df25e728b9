import Foundation
import Testing

@testable import Linkage

private func linked(
    _ city: City, using model: Model? = nil, decisions: [Decision] = [], truth: String? = nil
) throws -> Linker {
    let options = LinkOptions(reading: Reading(id: "id", source: "source", truth: truth, ignored: ["child"]))
    return try Linker([FileBytes(name: "city", text: city.text())], options, using: model, decisions: decisions)
}

@Suite struct `A model that is kept (INF-3)` {
    private let city = City(households: 300, seed: 61)

    @Test func `is read again as it was written, and links as it did`() throws {
        let linker = try linked(city)
        let bytes = try linker.model.bytes
        let read = try Model(bytes)
        #expect(read == linker.model && read.version == linker.model.version)
        #expect(try read.bytes == bytes)
        let again = try linked(city, using: read)
        #expect(again.pairs == linker.pairs && again.clusters == linker.clusters)
        #expect(again.model == linker.model)
    }

    @Test func `is learnt from records in memory as from their file`() throws {
        let columns = City.header.split(separator: ",").map(String.init).dropFirst(2).dropLast()
        let named = city.records.map { record in
            LiveRecord(id: record.id, source: record.source, values: record.values.filter { columns.contains($0.key) })
        }
        var options = LinkOptions(reading: Reading(id: ""))
        options.leastYield = 0.02
        let linker = try Linker(named, options)
        #expect(linker.pairs.count > 500 && linker.model.sourceColumns.count == columns.count)
    }

    @Test func `holds no value of any record`() throws {
        let text = String(decoding: try linked(city).model.bytes, as: UTF8.self)
        for child in city.children.prefix(200) {
            for word in [child.given, child.family, child.nhs, child.upn] {
                #expect(!text.uppercased().contains("\"\(word.uppercased())\""), "\(word)")
            }
        }
    }

    @Test func `is refused where it was changed, is of another form, or is none`() throws {
        let text = String(decoding: try linked(city).model.bytes, as: UTF8.self)
        func error(_ text: String) -> String {
            do {
                _ = try Model(Array(text.utf8))
                return "taken"
            } catch { return "\(error)" }
        }
        #expect(error(text.replacing("\"largest\" : 1500", with: "\"largest\" : 1501")).contains("was changed"))
        #expect(error(text.replacing("\"format\" : 2", with: "\"format\" : 1")).contains("learn it again"))
        #expect(error(text.replacing("\"blocking\"", with: "\"blocked\"")).contains("no “blocking”"))
        #expect(error("[]").contains("cannot be used") && error("{").contains("not the JSON"))
        // Whatever is done to it, it is refused in words, or it is what it was.
        var dice = Dice(seed: 62)
        let bytes = Array(text.utf8)
        for _ in 0..<200 {
            var spoilt = bytes
            for _ in 0..<1 + dice.below(3) { spoilt[dice.below(spoilt.count)] = UInt8(32 + dice.below(90)) }
            do {
                let read = try Model(spoilt)
                #expect(read.version == (try linked(city).model.version))
            } catch is LinkageError {}
        }
    }

    @Test func `is compared with another before it is taken up`() throws {
        let records = city.records
        var options = LinkOptions(reading: Reading(id: ""))
        let one = try Linker(records, options).model
        options.reading.ignored = ["nhs_number", "upn", "address_line"]
        let other = try Linker(records, options).model
        let (before, after) = (try LiveIndex(one, records), try LiveIndex(other, records))
        let change = ModelChange(from: before, to: after)
        func together(_ index: LiveIndex) -> Set<[String]> {
            Set(
                index.clusters().flatMap { ids in
                    ids.indices.flatMap { one in ids[..<one].map { [$0, ids[one]] } }
                })
        }
        #expect(change.joined == together(after).subtracting(together(before)).count)
        #expect(change.parted == together(before).subtracting(together(after)).count)
        #expect(change.joined + change.parted > 0 && change.records == records.count)
        #expect(change.clustersChanged == Set(after.clusters()).subtracting(before.clusters()).count)
        #expect(change.from == one.version && change.to == other.version)
        for pair in change.parting { #expect(before.cluster(of: pair.one).contains(pair.other)) }
        for pair in change.joining { #expect(after.cluster(of: pair.one).contains(pair.other)) }
        let none = ModelChange(from: before, to: before)
        #expect(none.joined == 0 && none.parted == 0 && none.clustersChanged == 0 && none.joining.isEmpty)
        let batch = ModelChange(
            from: try Linker(records, LinkOptions(reading: Reading(id: "")), using: one),
            to: try Linker(records, LinkOptions(reading: Reading(id: "")), using: other))
        #expect(batch.joined == change.joined && batch.parted == change.parted && batch.joining == change.joining)
    }
}

@Suite struct `What people decided (INF-3)` {
    private let city = City(households: 200, seed: 63)

    @Test func `stands, whatever the model says, and the others hear it`() throws {
        let plain = try linked(city)
        let joined = try #require(plain.clusters.first { $0.count == 2 })
        let apart = plain.clusters.filter { $0.count == 1 }.prefix(2).map { $0[0] }
        let decisions = [Decision(joined[0], joined[1], .different), Decision(apart[0], apart[1], .same)]
        let linker = try linked(city, using: plain.model, decisions: decisions)
        #expect(linker.clusters.contains([joined[0]]) && linker.clusters.contains(apart.sorted()))
        #expect(try linker.explain(joined[0], joined[1]).chance == 0)
        let why = try linker.explain(apart[0], apart[1])
        #expect(why.chance == 1 && why.areTogether && why.paragraph.contains("A person decided"))
        let pair = try #require(linker.pairs.first { Set([$0.one, $0.other]) == Set(apart) })
        #expect(pair.probability == 1 && pair.decision == .same)
        #expect(!linker.pairs.contains { Set([$0.one, $0.other]) == Set(joined) })
    }

    @Test func `“different” is kept where decisions contradict each other`() throws {
        let plain = try linked(city)
        let ids = plain.clusters.filter { $0.count == 1 }.prefix(3).map { $0[0] }
        let decisions = [
            Decision(ids[0], ids[1], .same), Decision(ids[1], ids[2], .same), Decision(ids[0], ids[2], .different),
        ]
        let clusters = try linked(city, using: plain.model, decisions: decisions).clusters
        #expect(!clusters.contains { $0.contains(ids[0]) && $0.contains(ids[2]) })
        #expect(clusters.contains { $0.contains(ids[1]) && $0.count == 2 })
    }

    @Test(arguments: [71, 72] as [UInt64])
    func `are the same in an index, made and withdrawn in any order`(seed: UInt64) throws {
        let records = city.records
        let model = try Linker(records, LinkOptions(reading: Reading(id: ""))).model
        let index = try LiveIndex(model, records)
        var (dice, standing): (Dice, [[String]: Decision]) = (Dice(seed: seed), [:])
        for _ in 0..<250 {
            let one = dice.pick(records).id
            let near = try index.pairs(of: one).map { $0.one == one ? $0.other : $0.one }
            let other = near.isEmpty || dice.chance(0.3) ? dice.pick(records).id : dice.pick(near)
            guard one != other else { continue }
            if dice.chance(0.2) {
                index.withdraw(one, other)
                standing[[one, other].sorted()] = nil
            } else {
                let decision = Decision(one, other, dice.chance(0.5) ? .same : .different)
                index.decide(decision)
                standing[[one, other].sorted()] = decision
            }
            if dice.chance(0.2) {
                let gone = dice.pick(records)
                index.remove(gone.id)
                try index.put(gone)
            }
        }
        let decisions = standing.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
        let batch = try Linker(records, LinkOptions(reading: Reading(id: "")), using: model, decisions: decisions)
        #expect(index.clusters() == batch.clusters)
        let wanted = Dictionary(grouping: batch.pairs) { Set([$0.one, $0.other]) }.mapValues { $0[0].probability }
        for record in records {
            let found = try index.pairs(of: record.id)
            #expect(found.count == batch.pairs.count { $0.one == record.id || $0.other == record.id })
            for pair in found { #expect(wanted[[pair.one, pair.other]] == pair.probability, "\(pair)") }
        }
        let whole = try LiveIndex(model, records, decisions: decisions)
        #expect(whole.clusters() == index.clusters())
    }

    @Test func `are read from a file, and a row that is none is refused with why`() throws {
        let text = "record_id_l,record_id_r,decision\n1,2,same\n1,3,maybe\n4\n5,5,same\n2,1,different\n3,4,different\n"
        let (decisions, refused) = try Decision.read(FileBytes(name: "decisions", text: text))
        #expect(decisions == [Decision("1", "2", .same), Decision("3", "4", .different)])
        #expect(refused.map(\.row) == [2, 3, 4, 5])
        #expect(refused[0].why.contains("allowed are same and different"))
        #expect(throws: LinkageError.self) { try Decision.read(FileBytes(name: "x", text: "a,b\n1,2\n")) }
    }
}

@Suite struct `Compartments (INF-3)` {
    /// Half of the records of each child lie in a compartment, as after an adoption.
    private let city = City(households: 250, seed: 81)
    private var records: [LiveRecord] { city.rows.indices.map { city.record($0, compartment: $0 % 2 == 0 ? "" : "P") } }

    private func side(_ id: String) -> Int { (Int(id.dropFirst()) ?? 0) % 2 }

    @Test func `no pair lies in two, and nothing of one is learnt from the other`() throws {
        let options = LinkOptions(reading: Reading(id: ""))
        let linker = try Linker(records, options)
        #expect(linker.pairs.count > 100)
        for part in linker.found {
            for pair in part.pairs.elements { #expect(!linker.records.areApart(pair.one, pair.other)) }
        }
        for pair in linker.pairs { #expect(side(pair.one) == side(pair.other)) }
        for cluster in linker.clusters { #expect(Set(cluster.map(side)).count == 1) }
        #expect(throws: LinkageError.apart("R1", "R2")) { _ = try linker.explain("R1", "R2") }
        // Each half is answered as if the other were not there.
        let half = records.filter { $0.compartment == "P" }
        let alone = try Linker(half, options, using: linker.model)
        let ids = Set(half.map(\.id))
        #expect(alone.clusters == linker.clusters.filter { ids.contains($0[0]) })
        #expect(Set(alone.pairs.map(\.probability)).isSubset(of: linker.pairs.map(\.probability)))
    }

    @Test func `an index keeps them apart, also against a person’s word`() throws {
        let model = try Linker(records, LinkOptions(reading: Reading(id: ""))).model
        let index = try LiveIndex(model, records, decisions: [Decision("R1", "R2", .same)])
        for cluster in index.clusters() { #expect(Set(cluster.map(side)).count == 1) }
        #expect(throws: LinkageError.apart("R1", "R2")) { _ = try index.explain("R1", "R2") }
        // A record that is moved into another compartment leaves its cluster.
        let cluster = try #require(index.clusters().first { $0.count > 2 })
        let at = try #require(city.rows.firstIndex { $0.id == cluster[0] })
        let change = try index.put(city.record(at, compartment: "Q"))
        #expect(change.pairs.isEmpty && change.before == [cluster] && index.cluster(of: cluster[0]) == [cluster[0]])
    }

    @Test func `a column names them, and is never compared`() throws {
        let text =
            "id,given,family,dob,kept\n1,Ann,Smith,2015-03-14,\n2,Ann,Smith,2015-03-14,P\n"
            + "3,Ann,Smith,2015-03-14,P\n4,Ann,Smith,2015-03-14,\n5,Bob,Jones,2011-01-05,\n"
        let reading = Reading(id: "id", compartment: "kept")
        let linker = try Linker([FileBytes(name: "five", text: text)], LinkOptions(reading: reading))
        #expect(linker.clusters == [["1", "4"], ["2", "3"], ["5"]])
        #expect(!linker.model.sourceColumns.contains("kept"))
        let decisions = [Decision("1", "2", .same), Decision("1", "9", .same)]
        let decided = try Linker(
            [FileBytes(name: "five", text: text)], LinkOptions(reading: reading), decisions: decisions)
        #expect(decided.clusters == linker.clusters && decided.refusedDecisions.count == 2)
    }
}

@Suite struct `What two children would be to each other` {
    @Test func `an explanation says twins, or brothers or sisters`() throws {
        let city = City(households: 700, seed: 91)
        let linker = try linked(city)
        let gp = city.rows.filter { $0.source == "gp" }
        var twins = 0
        for (number, one) in gp.enumerated() {
            for other in gp[(number + 1)...].prefix(6) where other.child != one.child {
                let (left, right) = (city.children[one.child], city.children[other.child])
                guard left.household == right.household else { continue }
                let why = try linker.explain(one.id, other.id)
                if left.birth == right.birth, why.paragraph.contains("most likely twins") { twins += 1 }
                let nearest = why.classes.dropFirst().max { $0.chance < $1.chance }?.name
                for (name, words) in [("twin", "twins"), ("sibling", "brothers or sisters")] {
                    let isSaid = why.paragraph.contains("these are most likely \(words)")
                    #expect(isSaid == (nearest == name && why.chance < 0.95))
                }
            }
        }
        #expect(twins > 20, "\(twins)")
    }
}
