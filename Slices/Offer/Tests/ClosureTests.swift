import Kernel
import Offer
import OfferServer
import Storage
import TestKit
import Testing

@Suite struct `A school is never closed by mistake` {
    private func filled(_ engine: Engine, mayCloseMany: Bool = false) async throws -> City {
        let city = try await City(engine: engine, mayCloseMany: mayCloseMany)
        _ = try await city.importer.schools(City.schools())
        return city
    }

    private func closed(_ city: City) async throws -> Int {
        try await city.value("SELECT COUNT(*) AS n FROM entry WHERE standing = 'closed'")
    }

    @Test(arguments: [
        "10360O,", " ,", "\"103600\n103605\",", "103600 and 103605,",
    ])
    func `where a row that cannot be read may be its own`(beginning: String) async throws {
        let city = try await filled(.sqlite)
        let report = try await city.importer.schools(
            City.schools { lines in
                guard let place = lines.firstIndex(where: { $0.hasPrefix("103600,") }) else { return }
                lines[place] = beginning + lines[place].dropFirst("103600,".count)
            })
        #expect(report.refusals.count == 1 && report.removed == 0)
        #expect(report.withheld == 1)
        #expect(try await closed(city) == 0)
    }

    @Test(arguments: Engine.allCases) func `where a quotation mark swallows the lines after it`(engine: Engine)
        async throws
    {
        let city = try await filled(engine)
        let report = try await city.importer.schools(
            City.schools { lines in
                lines[50] = lines[50].replacing(",", with: ",\"", maxReplacements: 1)
                lines[60] += "\""
            })
        #expect(report.refusals.count == 1 && report.removed == 0 && report.withheld >= 10)
        #expect(try await closed(city) == 0)
    }

    @Test(arguments: Engine.allCases) func `where its row stands in another order of columns, or with spaces`(
        engine: Engine
    ) async throws {
        let city = try await filled(engine)
        let report = try await city.importer.schools(
            City.schools { lines in
                for index in lines.indices {
                    var values = lines[index].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                    guard values.count == 28 else { continue }
                    values.append(values.removeFirst())
                    lines[index] = values.joined(separator: ",")
                }
                guard let place = lines.firstIndex(where: { $0.hasSuffix(",103600") }) else { return }
                lines[place] = "999" + lines[place].dropFirst(3)
                lines[place] = lines[place].replacing(",103600", with: ", 103600 ").replacing("999,", with: "99x,")
            })
        #expect(report.refusals.contains { $0.subject == "103600" })
        #expect(try await city.text("SELECT standing AS t FROM entry WHERE id = 'school-103600'") == "listed")
    }

    @Test(arguments: Engine.allCases) func `by a file that is cut short, unless that is asked for`(engine: Engine)
        async throws
    {
        let city = try await filled(engine)
        let half = try City.schools { $0 = Array($0.prefix(250)) }
        await #expect(throws: ImportFault.wouldClose(250, of: 499)) { try await city.importer.schools(half) }
        await #expect(throws: ImportFault.noRows) {
            try await city.importer.schools(City.schools { $0 = Array($0.prefix(1)) })
        }
        #expect(try await closed(city) == 0)
        let willing = try await filled(engine, mayCloseMany: true)
        #expect(try await willing.importer.schools(half).removed == 250)
    }

    @Test(arguments: Engine.allCases)
    func `and keeps what it confirmed through closing, opening and a proposal to close`(engine: Engine) async throws {
        let city = try await filled(engine)
        _ = try await city.importer.confirm(ID("school-103600"), on: "2026-11-24")
        _ = try await city.importer.schools(City.schools { $0.removeAll { $0.hasPrefix("103600,") } })
        #expect(try await closed(city) == 1)
        let proposed = try City.schools { lines in
            guard let place = lines.firstIndex(where: { $0.hasPrefix("103600,") }) else { return }
            lines[place] = lines[place].replacing(",Open,", with: ",\"Open, but proposed to close\",")
        }
        _ = try await city.importer.schools(proposed)
        let held = try await city.text("SELECT standing AS t FROM entry WHERE id = 'school-103600'")
        #expect(held == "proposed-to-close")
        let confirmed = try await city.text("SELECT confirmed AS t FROM entry WHERE id = 'school-103600'")
        #expect(confirmed == "2026-11-24")
    }

    @Test(arguments: Engine.allCases) func `and its successor is not forgotten by the next import of the register`(
        engine: Engine
    ) async throws {
        let city = try await City(engine: engine)
        _ = try await city.importer.schoolLinks(City.file("schools/birmingham_establishment_links_2025.csv"))
        let marked = try City.schools { lines in
            guard let place = lines.firstIndex(where: { $0.hasPrefix("103200,") }) else { return }
            for status in [",Open,", ",\"Open, but proposed to close\","] {
                lines[place] = lines[place].replacing(status, with: ",Closed,")
            }
        }
        _ = try await city.importer.schools(marked)
        #expect(try await city.value("SELECT successor AS n FROM entry WHERE id = 'school-103200'") == 150_731)
        #expect(try await city.importer.schools(marked).unchanged == 499)
    }

    @Test(arguments: Engine.allCases) func `and a list of 2012 is followed as it was taken in, not as it ships`(
        engine: Engine
    ) async throws {
        let city = try await filled(engine)
        var lines = String(decoding: try City.file("offer/strategy-2012.csv"), as: UTF8.self).split(separator: "\n")
        let all = try await city.importer.listedIn2012(try City.file("offer/strategy-2012.csv"))
        lines.removeLast()
        let report = try await city.importer.listedIn2012(Array((lines.joined(separator: "\n") + "\n").utf8))
        #expect(report.removed == 1 && report.unchanged == all.added - 1)
        let listed: SQL = "SELECT COUNT(*) AS n FROM entry WHERE standing = 'listed-in-2012'"
        let before = try await city.value(listed)
        _ = try await city.importer.schools(City.schools())
        #expect(try await city.value(listed) == before)
        lines[1] = "x,Unknown heading" + lines[1].dropFirst(lines[1].split(separator: ",")[0].count)
        let broken = try await city.importer.listedIn2012(Array((lines.joined(separator: "\n") + "\n").utf8))
        #expect(broken.removed == 0 && broken.withheld == 1)
    }

    @Test(arguments: Engine.allCases) func `and a group of wards keeps what a refused row held`(engine: Engine)
        async throws
    {
        let city = try await City(engine: engine)
        _ = try await city.importer.areas(City.file("boundaries/birmingham_wards_2018.geojson"))
        let groups = "level,name,ward_code,invented\nlocality,North,E05011118,yes\nlocality,North,E05011119,yes\n"
        #expect(try await city.importer.wardGroups(Array(groups.utf8)).added == 2)
        let broken = groups.replacing("locality,North,E05011119", with: "localty,North,E05011119")
        let report = try await city.importer.wardGroups(Array(broken.utf8))
        #expect(report.refusals.count == 1 && report.removed == 0)
        #expect(try await city.value("SELECT COUNT(*) AS n FROM ward_group_member") == 2)
        await #expect(throws: ImportFault.noRows) {
            try await city.importer.wardGroups(Array("level,name,ward_code,invented\n".utf8))
        }
    }

    @Test(arguments: Engine.allCases) func `and a ward beside the meridian can be read back`(engine: Engine)
        async throws
    {
        let city = try await City(engine: engine)
        let ring = "[[0.00005,51.5],[0.00006,51.51],[-0.00004,51.51],[0.00005,51.5]]"
        let ward = "{\"ward_code\":\"E05000001\",\"ward_name\":\"Greenwich\"}"
        let json =
            "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":\(ward),"
            + "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[\(ring)]}}]}"
        #expect(try await city.importer.areas(Array(json.utf8)).added == 1)
        #expect(try await city.importer.areas(Array(json.utf8)).unchanged == 1)
    }
}
