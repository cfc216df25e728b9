import Foundation
import Kernel
import Testing

@testable import City

/// The shipped data and the cities that the tests look at, made once.
enum Made {
    static let day = "2026-11-28"
    static let root =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/share/"

    static func file(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: root + name))) }

    static let data = Result { try CityData(file: file) }
    static let small = Result { try city(3_000) }
    static let large = Result { try city(24_000) }

    static func city(_ size: Int, seed: UInt64 = 2012, day: String = day) throws -> City {
        try City(size: size, seed: seed, today: Day(iso: day), data: data.get())
    }

    /// The rows of a source as a table.
    static func rows(_ city: City, _ source: String, _ on: String = day, after: String? = nil) throws -> [Table.Row] {
        let earlier = try after.map { try Day(iso: $0) }
        return try Table(city.extract(of: source, asOf: Day(iso: on), after: earlier)).rows
    }
}

@Suite struct `A city of children who do not exist` {
    @Test func `is the same for the same seed, byte for byte, and another for another`() throws {
        let (one, same) = (try Made.city(600), try Made.city(600))
        let (other, larger) = (try Made.city(600, seed: 7), try Made.city(700))
        let day = try Day(iso: Made.day)
        for source in City.sources {
            let bytes = try one.extract(of: source, asOf: day)
            #expect(try same.extract(of: source, asOf: day) == bytes)
            #expect(try other.extract(of: source, asOf: day) != bytes)
            #expect(try larger.extract(of: source, asOf: day) != bytes)
        }
        #expect(try same.truth(asOf: day) == one.truth(asOf: day))
    }

    @Test func `is the same on whatever day of a school year it is made`() throws {
        let (autumn, summer) = (try Made.city(300), try Made.city(300, day: "2027-07-01"))
        let day = try Day(iso: "2027-02-01")
        #expect(try autumn.extract(of: "school-census", asOf: day) == summer.extract(of: "school-census", asOf: day))
    }

    @Test func `goes on over the summer: pupils move up a year, some leave school, others begin`() throws {
        let city = try Made.small.get()
        for (july, september) in [("2026-07-10", "2026-09-10"), ("2027-07-10", "2027-09-10")] {
            let years = { (day: String) throws in
                Dictionary(
                    try Made.rows(city, "school-census", day).map {
                        (try $0.get("record_id"), try $0.get("year_group"))
                    },
                    uniquingKeysWith: { first, _ in first })
            }
            let (before, after) = (try years(july), try years(september))
            let both = before.keys.filter { after[$0] != nil }
            #expect(both.count > 2_400)
            let risen = both.count { key in
                let (old, new) = (before[key] ?? "", after[key] ?? "")
                return old == "R" ? new == "1" : (Int(old) ?? 99) + 1 == Int(new)
            }
            #expect(risen > both.count - 2 * City.faultyRows)
            #expect(after.keys.count { before[$0] == nil && after[$0] == "R" } > 150)
            #expect(before.keys.count { after[$0] == nil && before[$0] == "11" } > 80)
            #expect(abs(before.count - after.count) < 150)
        }
    }

    @Test(arguments: [1, 2, 50, 3_000, 24_000])
    func `has as many pupils as were asked for when the school year begins`(size: Int) throws {
        let city = try size == 24_000 ? Made.large.get() : Made.city(size)
        let first = city.year.first
        let here = city.children.count { city.isPupil($0, on: first) }
        // Kieran of the cast is one of them.
        #expect(here + 1 == size)
    }

    @Test func `has nobody in it where no size was asked for, and says what sizes there are`() throws {
        let none = try Made.city(0)
        #expect(none.children.isEmpty)
        for source in City.sources { #expect(try Made.rows(none, source).isEmpty) }
        #expect(throws: Malformed.self) { try Made.city(-1) }
        #expect(throws: Malformed.self) { try Made.city(300_001) }
        #expect(throws: Malformed.self) { try Made.city(10, day: "1850-01-01") }
    }

    @Test func `knows no other source, and no day more than a school year away`() throws {
        let city = try Made.small.get()
        #expect(throws: Malformed.self) { try city.extract(of: "probation", asOf: city.year.first) }
        #expect(throws: Malformed.self) { try city.extract(of: "cdc", asOf: city.days.lowerBound.previous) }
        #expect(throws: Malformed.self) { try city.truth(asOf: city.days.upperBound.next) }
        let (first, last) = (try Day(iso: "2025-09-01"), try Day(iso: "2028-08-31"))
        #expect(city.days == first...last)
    }

    @Test func `has under-fives and 16 to 25s about its pupils, as many as the city has`() throws {
        let city = try Made.large.get()
        let day = city.year.first
        let ages = city.children.filter { city.isHere($0, on: day) }.map { try? Age(born: $0.born, on: day) }
        let years = ages.compactMap { $0?.years }
        let (young, pupils) = (years.count { $0 < 4 }, years.count { (4...15).contains($0) })
        let old = years.count { $0 >= 16 }
        // Single years in the table: 4 of under-fives to 12 of school age to 10 above it.
        #expect((0.26...0.34).contains(Double(young) / Double(pupils)))
        #expect((0.70...0.85).contains(Double(old) / Double(pupils)))
    }

    @Test func `has the share of pupils with special educational needs that the strategy counts`() throws {
        let city = try Made.large.get()
        let pupils = city.children.filter { city.isPupil($0, on: city.year.first) }
        let levels = pupils.map { $0.provision(on: city.year.first) }
        let (support, plans) = (levels.count { $0 == .support }, levels.count { $0 == .plan })
        let wanted = 35_417.0 / 141_215.0 * Double(pupils.count)
        #expect(abs(Double(support + plans) - wanted) < wanted / 100)
        #expect((0.15...0.27).contains(Double(plans) / Double(support + plans)))
        // A year on it is still near: some are given support, for some it ends.
        let later = pupils.filter { city.isHere($0, on: city.year.last) }
        let share = Double(later.count { $0.provision(on: city.year.last) != .none }) / Double(later.count)
        #expect(abs(share - 35_417.0 / 141_215.0) < 0.006)
    }

    @Test func `has the needs of each age: speech in the early years, moods and reading later`() throws {
        let city = try Made.large.get()
        let day = city.year.first
        func share(_ need: NeedType, _ ages: ClosedRange<Int>, girls: Bool? = nil) -> Double {
            let needing = city.children.filter { child in
                let age = (try? Age(born: child.born, on: day))?.years ?? -1
                return ages.contains(age) && child.provision(on: day) != .none
                    && (girls ?? child.isGirl) == child.isGirl
            }
            return Double(needing.count { $0.need(on: day) == need }) / Double(max(1, needing.count))
        }
        #expect(share(.slcn, 3...5) > 2 * share(.slcn, 12...15))
        #expect(share(.semh, 12...15) > 1.5 * share(.semh, 3...5))
        #expect(share(.spld, 11...15) > share(.spld, 4...6))
        let boys = city.children.filter { !$0.isGirl && city.isPupil($0, on: day) }
        let girls = city.children.filter { $0.isGirl && city.isPupil($0, on: day) }
        let rate = { (some: [Child]) in
            Double(some.count { $0.provision(on: day) != .none }) / Double(some.count)
        }
        #expect(rate(boys) > 1.4 * rate(girls))
    }

    @Test func `gives younger years of birth more plans than older ones had`() throws {
        let (now, then) = (try Made.city(12_000), try Made.city(12_000, day: "2016-11-28"))
        func plans(_ city: City) -> Double {
            let some = city.children.filter {
                (5..<11).contains((try? Age(born: $0.born, on: city.year.first))?.years ?? 0)
            }
            let planned = some.filter { $0.provision(on: city.year.first) == .plan }
            let supported = some.filter { $0.provision(on: city.year.first) == .support }
            return Double(planned.count) / Double(max(1, supported.count))
        }
        #expect(plans(now) > plans(then))
    }

    @Test func `has the ethnic mix of the city’s schools, other in every ward`() throws {
        let city = try Made.large.get()
        let share = { (name: String) in
            Double(city.children.count { city.community(of: $0) == name }) / Double(city.children.count)
        }
        #expect((0.20...0.33).contains(share("british")))
        #expect((0.17...0.29).contains(share("pakistani")))
        #expect((0.02...0.06).contains(share("somali")))
        let day = city.year.first
        func pakistani(in ward: String) -> Double {
            let there = city.children.filter { city.ward(of: $0, on: day) == ward }
            return Double(there.count { city.community(of: $0) == "pakistani" }) / Double(max(1, there.count))
        }
        // Alum Rock, and Sutton Four Oaks.
        #expect(pakistani(in: "E05011120") > 2 * pakistani(in: "E05011174"))
    }

    @Test func `has twins who share family, birthday and community, and nothing that is one child’s own`() throws {
        let city = try Made.large.get()
        let births = Dictionary(grouping: city.children.filter { $0.birth > 0 }, by: \.birth)
        #expect(births.count > 200)
        for twins in births.values {
            #expect((2...3).contains(twins.count))
            #expect(Set(twins.map(\.family)).count == 1 && Set(twins.map(\.bornNumber)).count == 1)
            #expect(Set(twins.map(\.nhs)).count == twins.count && Set(twins.map(\.given)).count == twins.count)
        }
        let share = Double(births.values.map(\.count).reduce(0, +)) / Double(city.children.count)
        #expect((0.02...0.05).contains(share))
        let families = Dictionary(grouping: city.children, by: \.family).values
        #expect(families.count { $0.count > 1 } > families.count / 4)
        #expect(families.allSatisfy { Set($0.map(\.given)).count == $0.count })
    }

    @Test func `lives at postcodes that do not exist, each in one ward`() throws {
        var real: Set<String> = []
        for name in ["birmingham_postcodes", "b_area_outside_birmingham_postcodes"] {
            let table = try Table(Made.file("postcodes/\(name).csv"))
            for row in table.rows { real.insert(try row.get("postcode")) }
        }
        #expect(real.count > 60_000)
        let wards = Set(try Table(Made.file("boundaries/birmingham_wards.csv")).rows.map { try $0.get("ward_code") })
        for size in [10, 3_000, 300_000] {
            let postcodes = Places(try Made.data.get(), pupils: size).all.map {
                (String(decoding: $0.postcode, as: UTF8.self), $0.ward)
            }
            #expect(Set(postcodes.map(\.0)).count == postcodes.count)
            #expect(!postcodes.contains { real.contains($0.0) })
            #expect(postcodes.allSatisfy { (try? Postcode($0.0))?.text == $0.0 })
        }
        #expect(Set(try Made.small.get().postcodes.map(\.ward)) == wards)
    }

    @Test func `goes to settings that no school of the register is called by`() throws {
        var real: Set<String> = []
        for name in ["birmingham_schools_2025", "birmingham_all_establishments_2024_status"] {
            for row in try Table(Made.file("schools/\(name).csv")).rows {
                real.insert(try row.get("name").lowercased())
            }
        }
        #expect(real.count > 800)
        for name in Settings.names {
            #expect(name.hasSuffix(" (invented)"))
            #expect(!real.contains(name.lowercased()))
            #expect(!real.contains(name.dropLast(" (invented)".count).lowercased()), "\(name)")
        }
    }
}
