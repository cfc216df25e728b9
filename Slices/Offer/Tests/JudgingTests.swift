import Kernel
import Offer
import Storage
import TestKit
import Testing

@Suite struct `Whether an entry fits` {
    let helpKinds: HelpKinds
    init() throws { helpKinds = try HelpKinds(TestApp.share.bytes("offer/help.csv")) }

    /// The order in which these entries answer a question, and whether each fits.
    private func ask(_ entries: [Entry], _ ask: (inout Question) -> Void) -> [(id: String, fits: Bool?)] {
        var builder = Catalogue.Builder(helpKinds)
        for entry in entries { _ = builder.add(entry, fresh: nil) }
        let catalogue = builder.build()
        var question = Question()
        ask(&question)
        let finding = catalogue.find(question)
        return (finding.page + finding.nearMisses).map { (catalogue.ids[$0.index].text, $0.judgement.fits) }
    }

    private func school(_ id: String, _ change: (inout Entry) -> Void = { _ in }) -> Entry {
        var entry = Entry(id: ID(id), kind: .school, sector: .education, name: id, standing: .listed)
        change(&entry)
        return entry
    }

    @Test func `is yes, no or not known, and never guessed (OFF-5)`() throws {
        let ages = try AgeRange(4, 11)
        let found = ask([
            school("silent"), school("autism") { ($0.needs, $0.ages) = (.listed([.asd]), ages) },
            school("deaf") { ($0.needs, $0.ages) = (.listed([.hi]), ages) },
            school("all") { ($0.needs, $0.ages) = (.every, ages) },
            school("autism, ages unknown") { $0.needs = .listed([.asd]) },
        ]) { ($0.needs, $0.ages) = ([.asd], 7...7) }
        #expect(found.map(\.id) == ["autism", "all", "autism, ages unknown", "silent"])
        #expect(found.map(\.fits) == [true, true, nil, nil])
    }

    @Test func `is not known where nothing was asked`() {
        #expect(ask([school("a")]) { _ in }.map(\.fits) == [nil])
    }

    @Test func `never calls a base of 2012 suitable, nor puts it above a confirmed school that fits as well`() {
        let base = { (entry: inout Entry) in
            entry.kind = .resourceBase
            entry.standing = .listedIn2012
            entry.needs = .listedIn2012([.asd])
        }
        let found = ask([
            school("a base of 2012", base), school("b silent"), school("c autism") { $0.needs = .listed([.asd]) },
        ]) {
            $0.needs = [.asd]
        }
        #expect(found.map(\.id) == ["c autism", "b silent", "a base of 2012"])
        #expect(found.map(\.fits) == [true, nil, nil])
        let ages = try? AgeRange(4, 11)
        let byAgeAndKind = ask(
            [school("a base", base)].map { entry in
                var entry = entry
                (entry.ages, entry.help) = (ages, [HelpCode("resource-base")])
                return entry
            }
        ) { ($0.ages, $0.help) = (7...7, [[HelpCode("resource-base")]]) }
        #expect(byAgeAndKind.map(\.fits) == [nil])
    }

    @Test func `offers bases of the BESD era to SEMH without calling them the same`() {
        let besd = school("besd") {
            $0.standing = .listedIn2012
            $0.needs = .listedIn2012([.besd])
        }
        #expect(ask([besd]) { $0.needs = [.semh] }.map(\.fits) == [nil])
        #expect(ask([school("besd") { $0.needs = .listed([.besd]) }]) { $0.needs = [.semh] }.map(\.fits) == [false])
    }

    @Test func `an invented entry never outranks an equal real one, however near`() throws {
        let here = try Point(latitude: 52.45, longitude: -1.86)
        let far = try Point(latitude: 52.60, longitude: -1.70)
        let found = ask([
            school("invented") {
                $0.isInvented = true
                $0.needs = .listed([.asd])
                $0.address.point = here
            },
            school("real") {
                $0.needs = .listed([.asd])
                $0.address.point = far
            },
        ]) {
            $0.needs = [.asd]
            $0.place = AskedPlace(name: "B11", point: here, ward: nil, isApproximate: true, isInCity: true)
        }
        #expect(found.map(\.id) == ["real", "invented"])
    }

    @Test func `suitable comes before near, and near before far (DEM-6)`() throws {
        func at(_ latitude: Double, _ needs: NeedsServed) -> (inout Entry) -> Void {
            { entry in
                entry.needs = needs
                entry.address.point = try? Point(latitude: latitude, longitude: -1.86)
            }
        }
        let found = ask([
            school("near, silent", at(52.451, .unknown)), school("far, autism", at(52.60, .listed([.asd]))),
            school("nearer, autism", at(52.50, .listed([.asd]))),
            school("nowhere, autism") { $0.needs = .listed([.asd]) },
        ]) {
            $0.needs = [.asd]
            $0.place = try? AskedPlace(
                name: "B11", point: Point(latitude: 52.45, longitude: -1.86), ward: nil, isApproximate: true,
                isInCity: true)
        }
        #expect(found.map(\.id) == ["nearer, autism", "far, autism", "nowhere, autism", "near, silent"])
    }

    @Test func `the area served is apart from the distance`() throws {
        let here = try Point(latitude: 52.45, longitude: -1.86)
        func serving(_ area: AreaServed) -> (inout Entry) -> Void {
            { entry in
                (entry.area, entry.needs, entry.address.point) = (area, .every, here)
            }
        }
        let entries = [
            school("city", serving(.cityWide)), school("mine", serving(.wards(["E05000001"]))),
            school("other", serving(.wards(["E05000009"]))), school("silent", serving(.unknown)),
        ]
        func fits(ward: String?, isInCity: Bool?) -> [String: Bool?] {
            let found = ask(entries) {
                $0.needs = [.asd]
                $0.place = AskedPlace(name: "x", point: here, ward: ward, isApproximate: false, isInCity: isInCity)
            }
            return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.fits) })
        }
        #expect(fits(ward: "E05000001", isInCity: true) == ["city": true, "mine": true, "silent": true])
        #expect(fits(ward: nil, isInCity: false) == ["silent": true])
        // Of a place wider than a ward, whether a list of wards holds it cannot be told.
        #expect(fits(ward: nil, isInCity: true) == ["city": true, "mine": nil, "other": nil, "silent": true])
    }

    @Test(
        arguments: [(5...5, true), (4...4, nil), (3...3, false), (11...11, true), (12...12, false)]
            as [(ClosedRange<Int>, Bool?)])
    func `a school listed from five may take a child of four into Reception`(asked: ClosedRange<Int>, fits: Bool?)
        throws
    {
        let ages = try AgeRange(5, 11)
        #expect(ask([school("s") { $0.ages = ages }]) { $0.ages = asked }.map(\.fits) == [fits])
    }

    @Test func `half of a span of ages must be taken for a yes`() throws {
        let (some, most) = (try AgeRange(3, 18), try AgeRange(2, 5))
        let found = ask([school("some") { $0.ages = some }, school("most") { $0.ages = most }]) { $0.ages = 1...3 }
        #expect(found.map(\.id) == ["most", "some"])
        #expect(found.map(\.fits) == [true, nil])
    }

    @Test func `a list of features does not deny what it leaves out`() {
        let found = ask([
            school("hoist") { $0.access = [.hoist, .stepFree] }, school("ramp") { $0.access = [.stepFree] },
            school("silent"),
        ]) { $0.access = [.hoist] }
        #expect(found.map(\.fits) == [true, nil, nil])
    }

    @Test func `near misses are offered where nothing fits, the need given up last`() throws {
        let weekday = Session(.tuesday, from: "10:00", to: "12:00")
        let found = ask([
            school("wrong day") {
                $0.needs = .listed([.asd])
                $0.sessions = [weekday]
            },
            school("wrong need") {
                $0.needs = .listed([.hi])
                $0.sessions = [Session(.saturday, from: "10:00", to: "12:00")]
            },
        ]) { ($0.needs, $0.days) = ([.asd], [.saturday]) }
        #expect(found.map(\.id) == ["wrong day", "wrong need"])
        #expect(found.map(\.fits) == [false, false])
    }

    @Test func `closed entries are not found`() {
        #expect(ask([school("gone") { $0.standing = .closed(noted: "2026-01-01", successor: nil) }]) { _ in }.isEmpty)
    }
}

@Suite struct `Reasons` {
    @Test func `say what is known, what is not, and whom to ask`() throws {
        let kinds = try HelpKinds(TestApp.share.bytes("offer/help.csv"))
        var entry = Entry(id: ID("s"), kind: .school, sector: .education, name: "S", standing: .listed)
        var builder = Catalogue.Builder(kinds)
        _ = builder.add(entry, fresh: nil)
        var question = Question()
        question.needs = [.asd]
        let found = try #require(builder.build().find(question).page.first)
        let silent = entry.reasons(question, found.judgement, metres: nil)
        #expect(silent.map(\.text) == ["Whether it is for autism is not known: ask the school"])
        #expect(silent.map(\.verdict) == [.unknown])
        entry.isInvented = true
        #expect(entry.reasons(question, found.judgement, metres: nil).last?.text.contains("Invented") == true)
    }

    @Test func `join words as English does`() {
        #expect(Listing.and([]) == "")
        #expect(Listing.and(["a"]) == "a")
        #expect(Listing.or(["a", "b", "c"]) == "a, b or c")
        #expect((0...4).ageInWords == "under 5")
        #expect((16...25).ageInWords == "16 and over")
    }
}

@Suite struct `Finding at any size` {
    @Test func `pages hold every entry once, in the order of the whole`() throws {
        let kinds = try HelpKinds(TestApp.share.bytes("offer/help.csv"))
        var builder = Catalogue.Builder(kinds)
        var seed: UInt64 = 1
        for number in 0..<500 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var entry = Entry(
                id: ID("e\(number)"), kind: .service, sector: .health, name: "E\(seed % 97)", standing: .listed)
            entry.needs = [.unknown, .every, .listed([.asd]), .listed([.hi])][Int(seed >> 40) % 4]
            entry.isInvented = seed >> 50 & 1 == 0
            _ = builder.add(entry, fresh: nil)
        }
        let catalogue = builder.build()
        var question = Question()
        question.needs = [.asd]
        for order in Order.allCases {
            let whole = catalogue.find(question, order: order, size: 1000).page.map(\.index)
            var paged: [Int] = []
            for page in 0..<50 {
                paged += catalogue.find(question, order: order, page: page, size: 10).page.map(\.index)
            }
            #expect(paged == whole)
            #expect(Set(whole).count == whole.count)
        }
        #expect(catalogue.find(question, page: 9999, size: 10).page.isEmpty)
    }
}
