import Kernel
import Storage
import TestKit
import Testing

@Suite struct `An age` {
    @Test(
        arguments: [
            ("2023-04-17", "2026-04-16", 2, 11), ("2023-04-17", "2026-04-17", 3, 0),
            ("2024-02-29", "2025-02-28", 0, 11),
            ("2024-02-29", "2025-03-01", 1, 0), ("2010-09-12", "2026-11-24", 16, 2), ("2026-11-24", "2026-11-24", 0, 0),
        ] as [(Day, Day, Int, Int)])
    func `is counted in whole years and months`(born: Day, on: Day, years: Int, months: Int) throws {
        let age = try Age(born: born, on: on)
        #expect((age.years, age.months) == (years, months))
    }

    @Test func `is refused before birth, beyond 120 and below nought`() {
        #expect(throws: Malformed.self) { try Age(born: "2026-01-02", on: "2026-01-01") }
        #expect(throws: Malformed.self) { try Age(born: "1880-01-01", on: "2026-01-01") }
        #expect(throws: Malformed.self) { try Age(years: -1) }
        #expect(throws: Malformed.self) { try Age(years: 121) }
    }

    @Test func `grows by a day at a time and never shrinks`() throws {
        let born: Day = "2020-01-31"
        var last = 0
        for step in 0..<3000 {
            let months = try Age(born: born, on: born + .days(step)).inMonths
            #expect(months == last || months == last + 1)
            last = months
        }
    }
}

@Suite struct `A school year` {
    @Test func `starts on 1 September`() throws {
        #expect(try AcademicYear(containing: "2026-08-31").description == "2025/26")
        #expect(try AcademicYear(containing: "2026-09-01").description == "2026/27")
        #expect(try AcademicYear(starting: 2025).last == "2026-08-31")
        #expect(try AcademicYear(starting: 2099).description == "2099/00")
    }

    @Test func `is read in its usual forms`() throws {
        for text in ["2025/26", "2025-26", "202526"] { #expect(try AcademicYear(text).start == 2025) }
        for text in ["2025/27", "2025", "25/26", "2025/2026", "", "2025//26", "x2025/26"] {
            #expect(throws: Malformed.self) { try AcademicYear(text) }
        }
        #expect(throws: Malformed.self) { try AcademicYear(starting: 1899) }
    }
}

@Suite struct `A year group` {
    @Test(
        arguments: [
            ("2023-04-17", 2026, "N2"), ("2023-04-17", 2027, "R"), ("2010-09-12", 2026, "11"),
            ("2010-08-31", 2026, "12"),
            ("2021-08-31", 2025, "R"), ("2021-09-01", 2025, "N2"),
        ] as [(Day, Int, String)])
    func `follows from the age at the end of August`(born: Day, start: Int, code: String) throws {
        #expect(try YearGroup.usual(born: born, in: AcademicYear(starting: start))?.code == code)
    }

    @Test func `has the codes of the shipped list, and no others`() throws {
        let table = try Table(
            TestApp.share.bytes("codes/nc_year.csv"), required: ["code", "age_on_31_august_before_year_nominal"])
        for row in table.rows {
            let group = try YearGroup(code: try row.get("code"))
            if let age = row.optional("age_on_31_august_before_year_nominal").flatMap({ Digits.number($0) }) {
                #expect(group.ages?.lowerBound == age)
            }
        }
        for code in ["0", "15", "01", "Z", "", "-1", "R2"] {
            #expect(throws: Malformed.self) { try YearGroup(code: code) }
        }
    }

    @Test func `is none for those too young or too old`() throws {
        #expect(try YearGroup.usual(born: "2026-01-01", in: AcademicYear(starting: 2026)) == nil)
        #expect(try YearGroup.usual(born: "2000-01-01", in: AcademicYear(starting: 2026)) == nil)
    }
}

@Suite struct `The national codes` {
    @Test func `are those of the shipped lists`() throws {
        let needs = try Table(
            TestApp.share.bytes("codes/sen_type.csv"), required: ["code", "description", "in_sen2_2025"])
        #expect(try Set(needs.rows.map { try $0.get("code") }) == Set(NeedType.allCases.map(\.code)))
        for row in needs.rows {
            let need = try NeedType(code: try row.get("code"))
            #expect(need.name == (try row.get("description")))
            #expect(need.isInSEN2 == (try row.get("in_sen2_2025") == "Y"))
        }
        let levels = try Table(TestApp.share.bytes("codes/sen_provision.csv"), required: ["code", "status"])
        #expect(try Set(levels.rows.map { try $0.get("code") }) == Set(SENLevel.allCases.map(\.code)))
        for row in levels.rows {
            let isHistoric = try row.get("status") == "historic"
            #expect(try SENLevel(code: row.get("code")).isHistoric == isHistoric)
        }
        let phases = try Table(TestApp.share.bytes("codes/school_phase.csv"), required: ["gias_code", "name"])
        for row in phases.rows {
            let code = try row.get("gias_code")
            #expect(try String(Phase(name: row.get("name")).rawValue) == code)
        }
        #expect(phases.rows.count == Phase.allCases.count)
    }

    @Test func `count thirteen needs in the return, and BESD is not among them nor turned into SEMH`() throws {
        #expect(NeedType.sen2.count == 13)
        #expect(try NeedType(code: "besd") == .besd)
        #expect(NeedType.besd.isHistoric && !NeedType.besd.isInSEN2)
        #expect(try NeedType(code: "BESD") != .semh)
    }

    @Test func `refuse other text and say what is allowed`() {
        let refusal = #expect(throws: Malformed.self) { try NeedType(code: "ADHD") }
        #expect(refusal?.description.contains("SEMH") == true)
        #expect(throws: Malformed.self) { try SENLevel(code: "X") }
        #expect(throws: Malformed.self) { try Phase(name: "Kindergarten") }
    }
}
