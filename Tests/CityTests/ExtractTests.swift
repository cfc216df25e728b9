import Kernel
import Testing

@testable import City

/// Whether a row has the form that `share/feeds/columns.csv` asks for: enough of what a reader of feeds looks at to
/// tell a sound row from a faulty one.
private struct Form {
    let columns: [(name: String, isNeeded: Bool, kind: String)]
    let ethnicities: Set<String>
    let day: Day

    init(of source: String, on day: Day) throws {
        let rows = try Table(Made.file("feeds/columns.csv")).rows
        columns = try rows.filter { ["*", source].contains(try $0.get("source")) }.map {
            (try $0.get("column"), try $0.get("needed") == "yes", try $0.get("kind"))
        }
        ethnicities = Set(try Table(Made.file("codes/ethnicity.csv")).rows.map { try $0.get("code") })
        self.day = day
    }

    /// The columns in which the row is wrong.
    func faults(_ row: Table.Row) -> [String] {
        columns.filter { column in
            guard let value = row.optional(column.name) else { return column.isNeeded }
            return !isSound(value, column.kind)
        }.map(\.name)
    }

    private func isSound(_ value: String, _ kind: String) -> Bool {
        switch kind {
        case "id": (try? ID<Form>(checking: value)) != nil
        case "name": value.utf8.count <= 60 && value.contains { $0.isLetter }
        case "born":
            if let born = try? Day(iso: value) { born <= day && day.year - born.year <= 26 } else { false }
        case "day": if let day = try? Day(iso: value) { day <= self.day } else { false }
        case "sex": ["F", "M", "U"].contains(value)
        case "postcode": (try? Postcode(value)) != nil
        case "upn": (try? UPN(value))?.authority == "995"
        case "nhs": (try? NHSNumber(value)).map { $0.text.hasPrefix("999") } ?? false
        case "urn": (try? URN(value)).map { $0.number > 990_000 } ?? false
        case "ethnicity": ethnicities.contains(value)
        case "language": value.utf8.count == 3 && value == value.uppercased()
        case "year": (try? YearGroup(code: value)) != nil
        case "sen": ["N", "K", "E"].contains(value)
        case "need": (try? NeedType(code: value)).map { !$0.isHistoric } ?? false
        case "hours": Digits.number(value).map { (1...50).contains($0) } ?? false
        case "phone":
            ["01214960", "07700900"].contains(String(value.filter { $0 != " " }.prefix(8)))
                && value.count(where: \.isNumber) == 11
        case "text": value.utf8.count <= 120
        default: false
        }
    }
}

@Suite struct `What the agencies of the city send` {
    @Test(arguments: City.sources) func `has the columns of the template, in its order`(source: String) throws {
        let table = try Table(Made.small.get().extract(of: source, asOf: Day(iso: Made.day)))
        #expect(table.header == (try Form(of: source, on: Day(iso: Made.day))).columns.map(\.name))
        #expect(table.rows.allSatisfy { $0.fault == nil })
    }

    @Test(arguments: City.sources, [(1, Made.day), (3_000, "2025-09-01"), (24_000, Made.day), (3_000, "2028-08-31")])
    func `is sound in every row but the faulty ones, which are as many as was promised`(
        source: String, made: (size: Int, day: String)
    ) throws {
        let cities = [1: Result { try Made.city(1) }, 3_000: Made.small, 24_000: Made.large]
        let city = try #require(cities[made.size]).get()
        let form = try Form(of: source, on: Day(iso: made.day))
        var ids: Set<String> = []
        var faulty: [String] = []
        for row in try Made.rows(city, source, made.day) {
            let isNew = ids.insert(try row.get("record_id")).inserted
            let faults = form.faults(row) + (isNew ? [] : ["record_id"])
            if !faults.isEmpty { faulty.append(faults[0]) }
        }
        #expect(faulty.count == City.faultyRows, "\(faulty)")
        #expect(faulty.count { $0 == "record_id" } == 1 && faulty.contains("given") && faulty.contains("born"))
        #expect(Set(faulty).count == City.faultyRows)
    }

    @Test func `has a truth for every sound record, and for no other`() throws {
        let city = try Made.small.get()
        let truth = try Table(city.truth(asOf: Day(iso: Made.day))).rows
        let known = Set(try truth.map { try $0.get("source") + $0.get("record_id") })
        #expect(known.count == truth.count)
        var sound = 0
        for source in City.sources {
            let form = try Form(of: source, on: Day(iso: Made.day))
            var seen: Set<String> = []
            for row in try Made.rows(city, source) {
                let id = try row.get("record_id")
                guard seen.insert(id).inserted else { continue }
                let isKnown = known.contains(source + id)
                #expect(isKnown == form.faults(row).isEmpty)
                if isKnown { sound += 1 }
            }
        }
        #expect(sound == known.count)
    }

    @Test func `holds the cast, whatever the seed`() throws {
        for city in [try Made.city(1), try Made.city(500, seed: 99)] {
            let nursery = try Made.rows(city, "early-years").filter { try $0.get("born") == "2023-04-17" }
            let spelt = try nursery.filter { try $0.get("postcode") == "B11 9ZZ" }.map { try $0.get("given") }
            #expect(spelt == ["Ameena", "Yusuf"])
            let notices = try Made.rows(city, "primary-care").filter { try $0.get("postcode") == "B11 9ZZ" }
            #expect(try notices.map { try $0.get("given") } == ["Amina", "Yusuf"])
            #expect(notices.first?.optional("nhs_number") == nil)
            #expect(try NHSNumber(try #require(notices.last?.optional("nhs_number"))).text.hasPrefix("999"))
            for source in City.sources {
                let doyle = try Made.rows(city, source).filter { try $0.get("postcode") == "B44 9ZZ" }
                let holds = ["school-census", "careers", "camhs", "youth-offending"].contains(source)
                #expect(doyle.count == (holds ? 1 : 0), "\(source)")
                #expect(try doyle.allSatisfy { try $0.get("born") == "2010-09-12" })
            }
            let amina = try Made.rows(city, "cdc").filter { try $0.get("postcode") == "B11 9ZZ" }
            #expect(amina.isEmpty, "the development centre’s record comes by a notice")
        }
        let truth = String(decoding: try Made.city(1).truth(asOf: Day(iso: Made.day)), as: UTF8.self)
        #expect(truth.contains("early-years,EY-A000001,amina,rahman,rahman-twins,cast\n"))
        #expect(truth.contains("early-years,EY-A000002,yusuf,rahman,rahman-twins,cast\n"))
    }

    @Test func `writes of the cast what their records say`() throws {
        let people = try Table(Made.file("demo/cast-people.csv")).rows
        let city = try Made.city(1)
        for (person, source, given) in [
            ("amina", "primary-care", "Amina"), ("yusuf", "early-years", "Yusuf"),
            ("kieran-doyle", "careers", "Kieran"),
        ] {
            let told = try #require(people.first { $0.optional("id") == person })
            let row = try #require(Made.rows(city, source).first { $0.optional("given") == given })
            for column in ["family", "born", "address", "postcode"] {
                #expect(try row.get(column) == told.get(column))
            }
            #expect(try row.get("phone") == told.get("telephone"))
        }
    }

    @Test func `changes from month to month: children come, go and move, and mistakes are put right`() throws {
        let city = try Made.large.get()
        func held(_ day: String) throws -> [String: Table.Row] {
            Dictionary(
                try Made.rows(city, "school-census", day).map { (try $0.get("record_id"), $0) },
                uniquingKeysWith: { first, _ in first })
        }
        let (october, november) = (try held("2026-10-28"), try held("2026-11-28"))
        #expect(Set(november.keys).subtracting(october.keys).count > 20)
        #expect(Set(october.keys).subtracting(november.keys).count > 20)
        let both = october.keys.filter { november[$0] != nil }
        let changed = { (column: String) in
            both.count { october[$0]?.optional(column) != november[$0]?.optional(column) }
        }
        #expect(changed("postcode") > 50)
        #expect(changed("family") > 5)
        #expect(changed("sen_provision") > 5)
        // The rest is as it was.
        #expect(changed("postcode") < both.count / 20 && changed("family") < both.count / 100)
        #expect(changed("ethnicity") == 0 && changed("upn") == 0)
    }

    @Test func `sends notices once`() throws {
        let city = try Made.large.get()
        let all = try Made.rows(city, "primary-care")
        let new = try Made.rows(city, "primary-care", after: "2026-10-28")
        #expect(new.count > 10 && new.count < all.count / 5)
        let dates = try new.map { try $0.get("noticed") }.filter { $0 > "2026-10-28" && $0 <= Made.day }
        // The faulty rows come again each time; they are of no day.
        #expect(dates.count == new.count - City.faultyRows)
    }

    @Test func `spells a child in several ways, holds few children twice, and knows few numbers outside health`() throws
    {
        let city = try Made.large.get()
        let truth = try Table(city.truth(asOf: Day(iso: Made.day))).rows
        let child = Dictionary(
            try truth.map { (try $0.get("record_id"), try $0.get("child")) }, uniquingKeysWith: { first, _ in first })
        var spellings: [String: Set<String>] = [:]
        for source in City.sources {
            let rows = try Made.rows(city, source)
            for row in rows {
                guard let child = child[try row.get("record_id")] else { continue }
                spellings[child, default: []].insert((try row.get("given") + " " + row.get("family")).lowercased())
            }
            let children = Set(try rows.compactMap { child[try $0.get("record_id")] })
            let twice = Double(rows.count - City.faultyRows - children.count) / Double(max(1, children.count))
            #expect(twice < 0.05, "\(source)")
        }
        let records = Dictionary(grouping: child.values, by: \.self).filter { $0.value.count > 1 }
        let differing = records.keys.count { (spellings[$0]?.count ?? 0) > 1 }
        let share = Double(differing) / Double(max(1, records.count))
        #expect((0.1...0.5).contains(share), "\(share)")
    }

    @Test func `keeps social care and youth offending rare`() throws {
        let city = try Made.large.get()
        let children = Double(city.children.count)
        #expect(try Double(Made.rows(city, "social-care").count) < 0.03 * children)
        #expect(try Double(Made.rows(city, "youth-offending").count) < 0.004 * children)
        #expect(try Made.rows(city, "youth-offending").count > 20)
    }

    @Test func `gives every child one NHS number and one pupil number, with their check characters`() throws {
        let city = try Made.large.get()
        let numbers = Set(city.children.map { String(decoding: Numbers.nhs($0.nhs), as: UTF8.self) })
        #expect(numbers.count == city.children.count)
        #expect(numbers.allSatisfy { (try? NHSNumber($0)) != nil && $0.hasPrefix("999") })
        let pupils = Set(
            city.children.map { String(decoding: Numbers.upn(Int($0.number) * 2, year: 2020), as: UTF8.self) })
        #expect(pupils.count == city.children.count && pupils.allSatisfy { (try? UPN($0)) != nil })
        let authorities = try Table(Made.file("codes/la_codes.csv")).rows.map { try $0.get("dfe_la_code") }
        #expect(authorities.count > 100 && !authorities.contains("995"))
    }
}
