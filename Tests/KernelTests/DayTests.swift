import Kernel
import TestKit
import Testing

@Suite struct `A day` {
    @Test(arguments: [
        ("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-24", 20_781), ("1969-12-31", -1), ("1800-01-01", -62_091),
        ("2999-12-31", 376_199),
    ])
    func `has a number and comes back from it`(text: String, number: Int) throws {
        let day = try Day(iso: text)
        #expect(day.number == number)
        #expect(Day(number: number)?.iso == text)
    }

    @Test func `is the same day after any round trip, for every day there is`() throws {
        for number in Day.range.lowerBound.number...Day.range.upperBound.number {
            let day = try #require(Day(number: number))
            let (year, month, date) = day.civil
            #expect(try Day(year, month, date) == day)
        }
        #expect(Day(number: Day.range.upperBound.number + 1) == nil)
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "1799-12-31", "3000-01-01", "2026-1-1", "26-01-01", "",
        "2026/01/01", "２０２６-01-01", "2026-01-01 ", "🙂", "2026-0１-1",
    ])
    func `refuses what is none, and says what is wrong`(text: String) {
        let refusal = #expect(throws: Malformed.self) { try Day(iso: text) }
        #expect(refusal?.reason.isEmpty == false)
    }

    @Test func `is read the other way round too`() throws {
        #expect(try Day(dayFirst: "31-12-2011") == "2011-12-31")
        #expect(try Day(dayFirst: "01/04/2013") == "2013-04-01")
        #expect(throws: Malformed.self) { try Day(dayFirst: "2011-12-31") }
        #expect(throws: Malformed.self) { try Day(dayFirst: "31-02-2011") }
    }

    @Test func `knows its weekday`() {
        #expect(("2026-11-24" as Day).weekday == .tuesday)
        #expect(("1970-01-01" as Day).weekday == .thursday)
        #expect(("1900-01-01" as Day).weekday == .monday)
    }

    @Test func `reads as people write it`() {
        #expect(("2026-03-02" as Day).inWords == "2 March 2026")
        #expect(("2026-03-02" as Day).monthInWords == "March 2026")
    }

    @Test func `stays within its range however far it is moved`() {
        #expect(("2026-01-01" as Day).adding(.days(.max)) == Day.range.upperBound)
        #expect(("2026-01-01" as Day).adding(.days(.min)) == Day.range.lowerBound)
        #expect(("2026-01-12" as Day) + .weeks(20) == "2026-06-01")
    }
}

@Suite struct `A moment` {
    @Test(
        arguments: [
            ("2026-03-29T00:59:59Z", "2026-03-29"), ("2026-03-28T23:30:00Z", "2026-03-28"),
            ("2026-06-30T23:00:00Z", "2026-07-01"),
            ("2026-10-25T00:30:00Z", "2026-10-25"), ("2026-10-24T23:00:00Z", "2026-10-25"),
            ("2026-12-31T23:59:59Z", "2026-12-31"),
        ] as [(String, Day)])
    func `is a day in England by its summer time`(text: String, day: Day) throws {
        #expect(try Instant(iso: text).dayInEngland == day)
    }

    @Test func `writes itself as it was read`() throws {
        for text in ["2026-03-02T09:30:00.125Z", "1969-12-31T23:59:59.999Z", "2024-02-29T00:00:00.000Z"] {
            #expect(try Instant(iso: text).iso == text)
        }
        #expect(try Instant(iso: "2026-06-01T08:05:00Z").timeInEngland == (9, 5))
    }

    @Test(arguments: ["2026-03-02", "2026-03-02T24:00:00Z", "2026-03-02T09:60:00Z", "2026-03-02 09:30:00Z", "", "now"])
    func `refuses what is none`(text: String) {
        #expect(throws: Malformed.self) { try Instant(iso: text) }
    }

    @Test func `never traps at the ends of time`() {
        #expect(Instant(milliseconds: .max).dayInEngland == Day.range.upperBound)
        #expect(Instant(milliseconds: .min).dayInEngland == Day.range.lowerBound)
        #expect(Instant(milliseconds: 0).adding(milliseconds: .max).dayInEngland == Day.range.upperBound)
    }

    @Test func `comes from a clock that a test can stop`() {
        #expect(WallClock.stopped(on: "2026-11-24").today == "2026-11-24")
    }
}
