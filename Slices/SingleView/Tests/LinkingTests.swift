import Access
import AccessServer
import City
import Kernel
import Linkage
import LinksServer
import Notices
@testable import NoticesServer
import PeopleServer
import SingleView
@testable import SingleViewServer
import Storage
import TestKit
import Testing
import Web

/// Linking as a whole (INF-3, INF-4): by the model that ships, as records come.
@Suite("Linking the records of a city (INF-4)")
struct LinkingTests {
    private static let today: Day = "2026-11-24"

    private func database(_ engine: Engine = .sqlite) async throws -> any Database {
        let slices = ReviewWorld.slices + [notices(received: [NoticeRecords.listener])]
        let database = try await engine.database(.stopped(on: Self.today))
        try await database.migrate(StorageSchema.migrations + slices.flatMap(\.migrations))
        try await database.write(for: .operation) { try Settings.set(Settings.demonstration, to: "a test", in: $0) }
        return database
    }

    private func city(_ pupils: Int) throws -> City {
        let share = TestApp.share
        return try City(size: pupils, seed: 77, today: Self.today, data: CityData { try share.bytes($0) })
    }

    private func take(_ sources: [String], of city: City, into database: any Database) async throws {
        let intake = try Intake(database, share: TestApp.share, today: Self.today)
        for source in sources {
            let bytes = try city.extract(of: source, asOf: Self.today)
            guard bytes.count(where: { $0 == 10 }) > 1 else { continue }
            _ = try await intake.take(bytes, name: "\(source)_\(Self.today.iso).csv")
        }
    }

    /// Whose each record is, by its source and the source’s number.
    private func owners(_ database: any Database) async throws -> [String: String?] {
        try await database.read { tx in
            var owners: [String: String?] = [:]
            try tx.each("SELECT source, ref, person FROM held_record") { row in
                let name = "\(try row.get("source", as: String.self)) \(try row.get("ref", as: String.self))"
                owners.updateValue(try row.optional("person"), forKey: name)
            }
            return owners
        }
    }

    private func doubts(_ database: any Database) async throws -> Int {
        try await database.read { try $0.row("SELECT COUNT(*) AS n FROM doubt WHERE closed IS NULL")?.get("n") ?? 0 }
    }

    private static let notice = EarlyNotice(
        child: NoticedChild(
            given: "Amina", family: "Rahman", born: "2023-04-17", sex: .female, nhsNumber: try? NHSNumber("9999994199"),
            address: "7 Invented Row, Sparkbrook, Birmingham", postcode: try? Postcode("B11 9ZZ")),
        givenBy: "the child development centre", needs: [.slcn, .asd])

    private func receive(_ notice: EarlyNotice, number: Int = 1, in database: any Database) async throws {
        try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            let body = NoticeBody(id: "trust", name: "A trust", kind: .trust, contact: "cdc@trust.invalid")
            try NoticeRecords.listener(
                ReceivedNotice(id: "notice-1", body: body, attention: Self.today, number: number, notice: notice), tx)
        }
    }

    @Test("joins Amina’s three records, however spelt, and not her twin", arguments: Engine.allCases)
    func cast(_ engine: Engine) async throws {
        let database = try await database(engine)
        try await take(City.sources, of: city(1), into: database)
        try await receive(Self.notice, in: database)
        let report = try await Linking(database, share: TestApp.share).run()
        #expect(report.records == 9)
        let owners = try await owners(database)
        let amina = try #require(owners["early-years EY-A000001"] ?? nil)
        #expect(owners["primary-care PC-A000001"] == amina && owners["notices notice-1"] == amina)
        let yusuf = try #require(owners["early-years EY-A000002"] ?? nil)
        #expect(yusuf != amina && owners["primary-care PC-A000002"] == yusuf)
        let kieran = owners.filter { $0.key.contains("-A") && !$0.key.contains("EY-") && !$0.key.contains("PC-") }
        #expect(kieran.count == 4 && Set(kieran.values).count == 1)
        #expect(report.made == 3)
    }

    @Test func `keeps how sure it was, and by which model, for every record that it joined`() async throws {
        let database = try await database()
        try await take(City.sources, of: city(1), into: database)
        let report = try await Linking(database, share: TestApp.share).run()
        let figures = try await database.read { tx in
            try tx.rows("SELECT chance, model FROM record_pair").map {
                (try $0.get("chance", as: Double.self), try $0.get("model", as: String.self))
            }
        }
        #expect(figures.count >= 4)
        #expect(figures.allSatisfy { $0.1 == report.model && $0.0 > 0 && $0.0 <= 1 })
    }

    @Test func `is the same in one index that followed every extract as in one made at the end`() async throws {
        let (database, city) = (try await database(), try city(150))
        let following = LinkIndex(TestApp.share)
        for source in City.sources {
            try await take([source], of: city, into: database)
            _ = try await Linking(database, share: TestApp.share, index: following).run()
        }
        let one = try await following.follow(database)
        let other = try await LinkIndex(TestApp.share).follow(database)
        #expect(one.count == other.count && one.count > 200)
        #expect(one.clusters() == other.clusters())
    }

    @Test func `makes the same children of extracts one by one as of all at once, but for what it asks people`()
        async throws
    {
        let city = try city(150)
        let (slow, fast) = (try await database(), try await database())
        let following = LinkIndex(TestApp.share)
        for source in City.sources {
            try await take([source], of: city, into: slow)
            _ = try await Linking(slow, share: TestApp.share, index: following).run()
        }
        try await take(City.sources, of: city, into: fast)
        _ = try await Linking(fast, share: TestApp.share).run()
        func groups(_ owners: [String: String?]) -> Set<Set<String>> {
            Set(Dictionary(grouping: owners.keys) { owners[$0] ?? nil }.values.map(Set.init))
        }
        let (one, other) = (groups(try await owners(slow)), groups(try await owners(fast)))
        let differing = one.symmetricDifference(other).count
        let asked = try await doubts(slow)
        #expect(differing <= 3 * asked, "\(differing) children otherwise, \(asked) doubts")
        #expect(differing * 20 <= one.count)
    }

    @Test func `joins a corrected notice to the same child, as a new version of one record`() async throws {
        let database = try await database()
        try await take(City.sources, of: city(1), into: database)
        try await receive(Self.notice, in: database)
        let index = LinkIndex(TestApp.share)
        _ = try await Linking(database, share: TestApp.share, index: index).run()
        let before = try await owners(database)
        var corrected = Self.notice
        corrected.child.given = "Ameena"
        corrected.told = Self.today
        try await receive(corrected, number: 2, in: database)
        _ = try await Linking(database, share: TestApp.share, index: index).run()
        #expect(try await owners(database) == before)
        let versions = try await database.read { tx in
            try tx.rows(
                """
                SELECT version, until FROM held_part JOIN held_record ON number = record
                WHERE source = 'notices' AND held_part.class = 'identity' ORDER BY version
                """
            ).map { try $0.optional("until", as: String.self) == nil }
        }
        #expect(versions == [false, true])
        let jobs = try await database.read { tx in
            try tx.row("SELECT COUNT(*) AS n FROM job WHERE kind = \(SingleViewJobs.link)")?.get("n", as: Int.self)
        }
        #expect(jobs ?? 0 > 0)
    }

    @Test func `puts a notice on the page of the child whom its record was linked to`() async throws {
        let database = try await database()
        try await take(City.sources, of: city(1), into: database)
        try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            let id = try Bodies.keep("A trust", .trust, contact: "cdc@trust.invalid", in: tx)
            let body = try #require(try Bodies.body(id, in: tx))
            let receiving = NoticeReceiving(
                calendar: WorkingDays(holidays: []), listeners: [NoticeRecords.listener])
            var draft = NoticeDraft()
            for (field, text) in [
                (NoticeField.given, "Amina"), (.family, "Rahman"), (.born, "2023-04-17"), (.postcode, "B11 9ZZ"),
                (.address, "7 Invented Row, Sparkbrook, Birmingham"), (.needs, "SLCN"), (.givenBy, "Dr Dove"),
            ] { draft[field] = text }
            _ = try receiving.receive(draft, from: body, by: "key", newID: "n", in: tx)
        }
        _ = try await Linking(database, share: TestApp.share).run()
        let owner = try #require(try await owners(database)["early-years EY-A000001"] ?? nil)
        let attached = try await database.read {
            try $0.row("SELECT person FROM notice")?.optional("person", as: String.self)
        }
        #expect(attached == owner)
        #expect(try await database.read { try Notices.broughtToAttention(owner, in: $0) } == Self.today)
    }

    @Test func `refuses a file of early notices, which come one by one`() async throws {
        let database = try await database()
        let intake = try Intake(database, share: TestApp.share, today: Self.today)
        await #expect(throws: ExtractFault.comesByNotice) {
            try await intake.take(
                Array("record_id,given,family,born\n1,A,B,2020-01-01\n".utf8), name: "notices_2026-11-01.csv")
        }
    }

    // MARK: - Models

    @Test func `uses the model that ships until somebody takes up another, and goes back to it`() async throws {
        let database = try await database()
        try await take(City.sources, of: city(1), into: database)
        let index = LinkIndex(TestApp.share)
        let first = try await Linking(database, share: TestApp.share, index: index).run()
        var other = try Model(TestApp.share.bytes("linkage/model.json"))
        #expect(first.model == other.version)
        other.classes[0].prior *= 1.01
        let version = other.version
        let learnt = other
        try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            try ModelStore.keep(learnt, .learnt, records: 8, compared: nil, in: tx)
            #expect(try ModelStore.use(version, by: "ruth", reason: "to try it", in: tx))
            #expect(try !ModelStore.use(version, by: "ruth", reason: "again", in: tx))
            #expect(try !ModelStore.use("none", by: "ruth", reason: "there is none", in: tx))
        }
        #expect(try await Linking(database, share: TestApp.share, index: index).run().model == version)
        try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            try ModelStore.use(first.model, by: "ruth", reason: "it was better", in: tx)
        }
        #expect(try await Linking(database, share: TestApp.share, index: index).run().model == first.model)
        let uses = try await database.read { try ModelStore(tx: $0).uses() }
        #expect(uses.map(\.version) == [first.model, version, first.model])
    }

    @Test func `learns no model from a handful of records`() async throws {
        let database = try await database()
        try await take(City.sources, of: city(1), into: database)
        #expect(try await ModelLearning(database, index: LinkIndex(TestApp.share)).run() == nil)
        #expect(try await database.read { try ModelStore(tx: $0).all() }.map(\.origin) == [.shipped])
    }

    @Test func `learns a model from a city, says what it would change, and does not take it up`() async throws {
        let database = try await database()
        try await take(City.sources, of: city(1_400), into: database)
        let index = LinkIndex(TestApp.share)
        let before = try await Linking(database, share: TestApp.share, index: index).run()
        let learnt = try #require(try await ModelLearning(database, index: index).run())
        #expect(learnt.model.version != before.model && learnt.change.records == before.records)
        let (models, inUse) = try await database.read { tx in
            (try ModelStore(tx: tx).all(), try ModelStore(tx: tx).versionInUse())
        }
        let kept = try #require(models.first { $0.origin == .learnt })
        #expect(kept.compared?.from == before.model && kept.compared?.clusters == learnt.change.clustersAfter)
        #expect(inUse == before.model)
    }
}

extension LinkingReport: CustomStringConvertible {
    public var description: String { "\(records) records, \(linked) linked, \(made) made, \(doubts) doubts" }
}

extension LinkingTests {
    @Test func `asks about a record that is like two which contradict each other, and loses neither question`()
        async throws
    {
        let world = try await ReviewWorld()
        let home = [("postcode", "B11 9ZZ"), ("address", "7 Invented Row"), ("phone", "0121 496 0107")]
        try await world.record(1, of: nil, more: home + [("nhs_number", "9434765919")])
        try await world.record(2, of: nil, source: "camhs", more: home)
        try await world.record(3, of: nil, source: "social-care", more: home + [("nhs_number", "4010232137")])
        let report = try await Linking(world.database, share: TestApp.share).run()
        #expect(report.made == 2 && report.doubts == 1)
        let first = try await world.owner(1)
        #expect(try await world.owner(2) == first)
        #expect(try await world.owner(3) != first)
    }

    @Test func `asks a person about two records of one name and home with two NHS numbers`()
        async throws
    {
        let world = try await ReviewWorld()
        let home = [("postcode", "B11 9ZZ"), ("address", "7 Invented Row"), ("phone", "0121 496 0107")]
        try await world.record(1, of: nil, more: home + [("nhs_number", "9434765919")])
        try await world.record(2, of: nil, source: "camhs", more: home + [("nhs_number", "4010232137")])
        let report = try await Linking(world.database, share: TestApp.share).run()
        #expect(report.made == 2 && report.doubts == 1)
        let pair = try await world.next(as: "ruth")
        _ = try await world.say("same", at: pair, as: "ruth")
        _ = try await Linking(world.database, share: TestApp.share).run()
        let owner = try await world.owner(1)
        #expect(try await world.owner(2) == owner)
        #expect(try await world.get("/review", as: "ruth").words.contains("Nothing waits to be decided"))
    }
}
