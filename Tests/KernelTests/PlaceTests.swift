import Kernel
import Storage
import TestKit
import Testing

@Suite struct `A postcode` {
    @Test(arguments: [("b114ex", "B11 4EX"), ("B11 4EX", "B11 4EX"), (" sw1a 1aa ", "SW1A 1AA"), ("M1 1AE", "M1 1AE")])
    func `is written one way however it was typed`(typed: String, written: String) throws {
        #expect(try Postcode(typed).text == written)
    }

    @Test(arguments: ["", "B11", "B11 4E", "B11 4EXX", "11 4EX", "B11 CEX", "B11 4CX", "B11-4EX", "🙂", "B11 4EX;DROP"])
    func `is refused where it has not the form`(text: String) {
        let refusal = #expect(throws: Malformed.self) { try Postcode(text) }
        #expect(refusal?.reason.contains("B11 4EX") == true)
    }

    @Test func `has a beginning that stands for a place`() throws {
        #expect(try Postcode("B11 4EX").outward == "B11")
        #expect(try Postcode("B11 4EX").sector == "B11 4")
        #expect(try PartialPostcode("b11").description == "B11")
        #expect(try PartialPostcode("B11 4").description == "B11 4")
        #expect(try PartialPostcode("B114").description == "B11 4")
        #expect(try PartialPostcode("B1 1").description == "B1 1")
        for text in ["", "B", "1", "B11 4E", "B11 44", "ABC1", "B 11"] {
            #expect(throws: Malformed.self) { try PartialPostcode(text) }
        }
    }

    @Test func `is read in every form the shipped files hold`() throws {
        for name in ["postcodes/birmingham_postcodes.csv", "postcodes/b_area_outside_birmingham_postcodes.csv"] {
            for row in try Table(TestApp.share.bytes(name), required: ["postcode"]).rows {
                let text = try row.get("postcode")
                #expect(try Postcode(text).text == text)
            }
        }
    }
}

@Suite struct `A place on the ground` {
    @Test func `is at its distance from another`() throws {
        let newStreet = try Point(latitude: 52.4778, longitude: -1.8989)
        let solihull = try Point(latitude: 52.4144, longitude: -1.7887)
        #expect(abs(newStreet.metres(to: solihull) - 10_280) < 120)
        #expect(newStreet.metres(to: newStreet) == 0)
        #expect(newStreet.metres(to: solihull) == solihull.metres(to: newStreet))
        #expect(Distance.inWords(metres: 1609) == "1.0 mile")
        #expect(Distance.inWords(metres: 40) == "less than 0.1 miles")
        #expect(Distance.inWords(metres: 4000) == "2.5 miles")
    }

    @Test func `is within these islands or refused`() {
        #expect(throws: Malformed.self) { try Point(latitude: 0, longitude: 0) }
        #expect(throws: Malformed.self) { try Point(latitude: .nan, longitude: 0) }
        #expect(throws: Malformed.self) { try Point(latitude: "52.4", longitude: "east") }
    }
}

@Suite struct `The calendar of working days` {
    let calendar: WorkingDays

    init() throws {
        calendar = try WorkingDays(files: [
            TestApp.share.bytes("calendar/bank_holidays_england.csv"),
            TestApp.share.bytes("calendar/england_bank_holidays_2010_2035.csv"),
        ])
    }

    @Test func `holds every year of either file`() {
        #expect(calendar.years == Set(2001...2035))
    }

    @Test(
        arguments: [
            ("2026-12-25", false), ("2026-12-28", false), ("2026-12-24", true), ("2022-09-19", false),
            ("2026-11-21", false),
            ("2026-05-04", false), ("2027-12-27", false),
        ] as [(Day, Bool)])
    func `knows bank holidays, their substitutes and weekends`(day: Day, isWorking: Bool) throws {
        #expect(try calendar.isWorking(day) == isWorking)
    }

    @Test func `counts working days either way`() throws {
        #expect(try calendar.adding(15, to: "2026-03-09") == "2026-03-30")
        #expect(try calendar.adding(5, to: "2026-12-24") == "2027-01-05")
        #expect(try calendar.adding(-1, to: "2026-12-29") == "2026-12-24")
        #expect(try calendar.onOrAfter("2026-12-25") == "2026-12-29")
        #expect(try calendar.count(after: "2026-12-24", through: "2027-01-04") == 4)
    }

    @Test func `adding and counting agree`() throws {
        for step in 0..<400 {
            let day = ("2026-01-01" as Day) + .days(step)
            let later = try calendar.adding(7, to: day)
            #expect(try calendar.count(after: day, through: later) == 7)
            #expect(try calendar.isWorking(later))
        }
    }

    @Test func `refuses a year it does not hold`() {
        let refusal = #expect(throws: Malformed.self) { try calendar.isWorking("2036-01-02") }
        #expect(refusal?.reason.contains("2001 to 2035") == true)
        #expect(throws: Malformed.self) { try calendar.adding(30, to: "2035-12-20") }
    }
}
