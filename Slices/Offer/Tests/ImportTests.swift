import Kernel
import Offer
import OfferServer
import Storage
import TestKit
import Testing
import Web

/// The real files, taken into a database in memory.
struct City {
    let database: any Database
    let importer: Importer

    init(
        today: Day = "2026-11-24", engine: Engine = .sqlite, isStrict: Bool = false, mayCloseMany: Bool = false
    ) async throws {
        database = try await engine.database(.stopped(on: today))
        try await database.migrate(StorageSchema.migrations + offer.migrations)
        importer = Importer(
            database, share: TestApp.share, today: today, isStrict: isStrict, mayCloseMany: mayCloseMany)
    }

    static func file(_ name: String) throws -> [UInt8] { try TestApp.share.bytes(name) }
    static func schools() throws -> [UInt8] { try file("schools/birmingham_schools_2025.csv") }

    /// The schools’ file with its lines changed.
    static func schools(_ change: (inout [String]) -> Void) throws -> [UInt8] {
        var lines = String(decoding: try schools(), as: UTF8.self).split(separator: "\n").map(String.init)
        change(&lines)
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    func value(_ sql: SQL) async throws -> Int {
        try await database.read { try $0.row(sql)?.get("n") ?? -1 }
    }

    func text(_ sql: SQL) async throws -> String? {
        try await database.read { tx in try tx.row(sql).flatMap { try $0.optional("t") } }
    }
}

@Suite struct `Taking in the register` {
    @Test(arguments: Engine.allCases) func `takes every real school, as many as the file has lines (OFF-5)`(
        engine: Engine
    ) async throws {
        let city = try await City(engine: engine)
        let lines = String(decoding: try City.schools(), as: UTF8.self).split(separator: "\n").count
        let report = try await city.importer.schools(City.schools())
        #expect(report.added == lines - 1 && report.refusals.isEmpty)
        #expect(try await city.value("SELECT COUNT(*) AS n FROM entry") == 499)
        #expect(try await city.value("SELECT COUNT(*) AS n FROM entry WHERE lat IS NULL") == 26)
        #expect(try await city.value("SELECT COUNT(*) AS n FROM entry WHERE needs_basis = 'listed'") == 10)
        #expect(try await city.value("SELECT COUNT(*) AS n FROM entry WHERE invented = 1") == 0)
    }

    @Test(arguments: Engine.allCases) func `changes nothing when it is done again`(engine: Engine) async throws {
        let city = try await City(engine: engine)
        _ = try await city.importer.schools(City.schools())
        let head = try await Journal.head(of: city.database)
        let again = try await city.importer.schools(City.schools())
        #expect((again.added, again.changed, again.removed, again.unchanged) == (0, 0, 0, 499))
        #expect(try await Journal.head(of: city.database) == head)
    }

    @Test(arguments: Engine.allCases) func `takes the other real files whole`(engine: Engine) async throws {
        let city = try await City(engine: engine)
        for (name, rows) in [
            ("postcodes/birmingham_postcodes.csv", 35_068),
            ("postcodes/b_area_outside_birmingham_postcodes.csv", 27_695),
        ] {
            let report = try await city.importer.postcodes(City.file(name))
            #expect(report.added == rows && report.refusals.isEmpty)
        }
        #expect(try await city.importer.areas(City.file("boundaries/birmingham_wards_2018.geojson")).added == 69)
        let names = try await city.importer.areas(City.file("boundaries/birmingham_wards.csv"))
        #expect((names.unchanged, names.changed) == (69, 0))
        let statuses = try await city.importer.schoolStatus(
            City.file("schools/birmingham_all_establishments_2024_status.csv"))
        #expect(statuses.added == 955)
        let links = try await city.importer.schoolLinks(City.file("schools/birmingham_establishment_links_2025.csv"))
        #expect(links.added == 694)
        #expect(
            try await city.importer.schoolLinks(City.file("schools/birmingham_establishment_links_2025.csv")).unchanged
                == 694)
    }

    @Test(arguments: Engine.allCases) func `gives each fact its source and its year`(engine: Engine) async throws {
        let city = try await City(engine: engine)
        _ = try await city.importer.schools(City.schools())
        #expect(
            try await city.text("SELECT as_of AS t FROM entry_fact WHERE entry = 'school-103600' AND field = 'ages'")
                == "2018-06-30")
        #expect(
            try await city.text("SELECT source AS t FROM entry_fact WHERE entry = 'school-103600' AND field = 'needs'")
                == "dfe-sen-2025")
        #expect(
            try await city.text("SELECT source AS t FROM entry_fact WHERE entry = 'school-103120' AND field = 'ages'")
                == nil)
    }

    @Test(arguments: Engine.allCases)
    func `marks a school that is gone as closed with its successor, and opens it again when it is back`(engine: Engine)
        async throws
    {
        let city = try await City(engine: engine)
        _ = try await city.importer.schoolLinks(City.file("schools/birmingham_establishment_links_2025.csv"))
        _ = try await city.importer.schools(City.schools())
        let without = try await city.importer.schools(City.schools { $0.removeAll { $0.hasPrefix("103200,") } })
        #expect((without.removed, without.unchanged) == (1, 498))
        #expect(try await city.text("SELECT standing AS t FROM entry WHERE id = 'school-103200'") == "closed")
        #expect(try await city.value("SELECT successor AS n FROM entry WHERE id = 'school-103200'") == 150_731)
        let back = try await city.importer.schools(City.schools())
        #expect((back.changed, back.removed) == (1, 0))
        #expect(
            try await city.text("SELECT standing AS t FROM entry WHERE id = 'school-103200'") == "proposed-to-close")
    }
}

@Suite struct `A broken file` {
    @Test(arguments: [
        ("urn", "no column “urn”"), ("ward_code", "no column “ward_code”"), ("sen_provision_types_2025", "no column"),
    ])
    func `is refused whole where a column is missing`(column: String, why: String) async throws {
        let city = try await City()
        let bytes = try City.schools { lines in
            lines[0] = lines[0].split(separator: ",").map { $0 == column ? "other" : String($0) }.joined(separator: ",")
        }
        let fault = await #expect(throws: TableFault.self) { try await city.importer.schools(bytes) }
        #expect(fault?.description.contains(why) == true)
        #expect(try await city.value("SELECT COUNT(*) AS n FROM entry") == 0)
    }

    @Test(arguments: Engine.allCases) func `is refused whole in another encoding`(engine: Engine) async throws {
        let city = try await City(engine: engine)
        let text = String(decoding: try City.schools(), as: UTF8.self)
        let wide: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        await #expect(throws: TableFault.wideCharacters) { try await city.importer.schools(wide) }
        let latin = Array(text.utf8) + [0x31, 0x2C, 0xE9, 10]
        await #expect(throws: TableFault.notUTF8(line: 501)) { try await city.importer.schools(latin) }
        #expect(try await city.value("SELECT COUNT(*) AS n FROM entry") == 0)
    }

    @Test(arguments: Engine.allCases) func `loses only the rows that are wrong, each with its line and reason`(
        engine: Engine
    ) async throws {
        let city = try await City(engine: engine)
        let bytes = try City.schools { lines in
            lines.append(lines[1])
            lines.append("103999,330,Birmingham")
            lines.append(
                lines[2].split(separator: ",", omittingEmptySubsequences: false).enumerated().map {
                    $0.offset == 0 ? "abc" : String($0.element)
                }.joined(separator: ","))
        }
        let report = try await city.importer.schools(bytes)
        #expect(report.added == 499)
        #expect(report.refusals.map(\.line) == [501, 502, 503])
        #expect(report.refusals[0].reason.contains("line 2"))
        #expect(report.refusals[1].reason.contains("cut short"))
        #expect(report.refusals[2].reason.contains("URN"))
    }

    @Test(arguments: [
        (5, "Space station", "type of school"), (6, "Kindergarten", "phase"), (8, "Haunted", "status"),
        (9, "B11", "postcode"), (10, "91", "British Isles"), (11, "", "missing"), (12, "-5", "count"),
        (13, "999", "on roll"),
        (19, "26", "age"), (20, "2", "lower age"), (23, "31/12/2017", "date"), (25, "W05", "ward"),
        (27, "ADHD", "type of need"),
        (1, "33", "authority"), (3, "12", "establishment"), (4, "", "text"),
    ])
    func `says which field is wrong and what is allowed`(column: Int, value: String, why: String) async throws {
        let city = try await City()
        var line =
            "103628,330,Birmingham,7063,Oscott Manor School,State-funded special school,Secondary,Mixed,Open,B23 6DE,"
            + "52.52,-1.87,181,100,0,1%,5,Old Oscott Hill,Birmingham,11,19,Does not apply,Good,20180131,Special School,"
            + "E05011118,E01008881,ASD"
        // Columns as the header counts them, from 0; the name stands in column 4.
        var values = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        values[column] = value
        line = values.joined(separator: ",")
        let bytes = try City.schools { $0 = [$0[0], line] }
        let report = try await city.importer.schools(bytes)
        #expect(report.refusals.first?.reason.contains(why) == true, "\(report.refusals)")
    }

    @Test(arguments: Engine.allCases) func `leaves the school of a refused row as it was`(engine: Engine) async throws {
        let city = try await City(engine: engine)
        _ = try await city.importer.schools(City.schools())
        let bytes = try City.schools { lines in
            let place = lines.firstIndex { $0.hasPrefix("103600,") } ?? 0
            lines[place] = "103600,330"
        }
        let report = try await city.importer.schools(bytes)
        #expect((report.removed, report.refusals.count) == (0, 1))
        #expect(try await city.text("SELECT standing AS t FROM entry WHERE id = 'school-103600'") == "listed")
    }

    @Test(arguments: Engine.allCases) func `changes nothing at all where it was asked to be strict`(engine: Engine)
        async throws
    {
        let city = try await City(engine: engine, isStrict: true)
        let bytes = try City.schools { $0.append("103999,330") }
        let refusal = await #expect(throws: StrictRefusal.self) { try await city.importer.schools(bytes) }
        #expect(refusal?.report.refusals.count == 1)
        #expect(try await city.value("SELECT COUNT(*) AS n FROM entry") == 0)
        #expect(try await city.value("SELECT COUNT(*) AS n FROM journal WHERE seq > 1") == 0)
    }

    @Test(arguments: Engine.allCases) func `of places says what is wrong with each`(engine: Engine) async throws {
        let city = try await City(engine: engine)
        let postcodes = try await city.importer.postcodes(
            Array("lat,lon,postcode\n52.4,-1.8,B11 4EX\n52.4,-1.8,B11\n1,1,B1 1AA\n52.4,-1.8,b114ex\n".utf8))
        #expect((postcodes.added, postcodes.refusals.map(\.line)) == (1, [3, 4, 5]))
        await #expect(throws: TableFault.self) {
            try await city.importer.postcodes(Array("postcode,lat\nB1 1AA,52\n".utf8))
        }
        await #expect(throws: Malformed.self) { try await city.importer.areas(Array("{\"type\":\"Feature\"}".utf8)) }
        let areas = try await city.importer.areas(
            Array(
                """
                {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"ward_code":"E05"},\
                "geometry":{"type":"Point","coordinates":[1,2]}}]}
                """.utf8))
        #expect((areas.added, areas.refusals.count) == (0, 1))
        let groups = try await city.importer.wardGroups(
            Array("level,name,ward_code,invented\nlocality,North,E05011118,yes\nregion,N,E05011118,\n".utf8))
        #expect(groups.refusals.count == 2)
    }
}

@Suite struct `The list of 2012` {
    private func city(_ engine: Engine) async throws -> City {
        let city = try await City(engine: engine)
        _ = try await city.importer.schoolStatus(City.file("schools/birmingham_all_establishments_2024_status.csv"))
        _ = try await city.importer.schoolLinks(City.file("schools/birmingham_establishment_links_2025.csv"))
        _ = try await city.importer.schools(City.schools())
        _ = try await city.importer.listedIn2012(City.file("offer/strategy-2012.csv"))
        return city
    }

    @Test(arguments: Engine.allCases) func `follows every line to today’s register, and says how (RBS-1)`(
        engine: Engine
    ) async throws {
        let city = try await city(engine)
        #expect(try await city.value("SELECT COUNT(*) AS n FROM entry WHERE origin = 'strategy-2012'") == 36)
        #expect(try await city.value("SELECT COUNT(*) AS n FROM entry WHERE standing = 'listed-in-2012'") == 36)
        #expect(try await city.value("SELECT COUNT(*) AS n FROM entry WHERE kind = 'fully-accessible-school'") == 8)
        let castleVale = try await city.text("SELECT summary AS t FROM entry WHERE id LIKE 'listed-2012-103506-%'")
        #expect(castleVale?.contains("“Castle Vale”") == true)
        #expect(castleVale?.contains("Greenwood Academy") == true)
    }

    @Test(arguments: Engine.allCases) func `is historic where the school is gone`(engine: Engine) async throws {
        let city = try await city(engine)
        _ = try await city.importer.schools(City.schools { $0.removeAll { $0.hasPrefix("103384,") } })
        #expect(try await city.text("SELECT standing AS t FROM entry WHERE id LIKE 'listed-2012-103384-%'") == "closed")
        _ = try await city.importer.schools(City.schools())
        #expect(
            try await city.text("SELECT standing AS t FROM entry WHERE id LIKE 'listed-2012-103384-%'")
                == "listed-in-2012")
    }

    @Test(arguments: Engine.allCases) func `names only establishments of the register`(engine: Engine) async throws {
        let reading = try ListedIn2012.read(City.file("offer/strategy-2012.csv"))
        #expect(reading.refusals.isEmpty)
        let known = Set(
            try StatusFile.read(City.file("schools/birmingham_all_establishments_2024_status.csv")).items.map(\.urn))
        for line in reading.items { #expect(known.contains(line.urn), "\(line.listedAs)") }
    }

    @Test func `has its links followed once round, never for ever`() throws {
        let (one, two) = (try URN("100001"), try URN("100002"))
        let round = [(one, two), (two, one)].map {
            SchoolLink(urn: $0.0, other: $0.1, otherName: "x", kind: "Successor", since: nil)
        }
        #expect(Successions(round).chain(from: one) == [one, two])
    }
}
