import Kernel
import TestKit
import Testing
import Timetables

@Suite struct `What may be picked` {
    private let events = ["asked": true, "told": false, "made": true]

    private func starts(_ rows: String...) throws -> Starts {
        let text = (["event,name,group,with,then,points"] + rows).joined(separator: "\n") + "\n"
        return try Starts(Array(text.utf8), events: events, points: ["L4"])
    }

    private func why(_ rows: String...) -> String {
        let text = (["event,name,group,with,then,points"] + rows).joined(separator: "\n") + "\n"
        do {
            _ = try Starts(Array(text.utf8), events: events, points: ["L4"])
            return ""
        } catch { return "\(error)" }
    }

    @Test func `is read by name, group and what follows`() throws {
        let starts = try starts("asked,request,Asking,told,,", "made,plan,Plans,,asked told,", "told,,,,made,L4")
        #expect(starts.all.map(\.name) == ["request", "plan"] && starts.groups == ["Asking", "Plans"])
        #expect(starts.start(named: "plan")?.event == "made" && starts.start(of: "told") == nil)
        #expect(starts.with["asked"] == ["told"] && starts.then["made"] == ["asked", "told"])
    }

    @Test func `is refused whole where one row cannot be`() {
        let good = "made,plan,Plans,,,"
        #expect(why("asked,request,Asking,,,", good).isEmpty)
        for (row, words) in [
            ("flown,request,Asking,,,", "not in events.csv"), ("asked,request,Asking,flown,,", "not in events.csv"),
            ("asked,request,,,,", "go together"), ("asked,Request,Asking,,,", "small letters"),
            ("asked,plan,Asking,,,", "the name plan stands twice"),
            ("made,again,Asking,,,", "the event made stands twice"),
            ("told,word,Asking,,,", "opens no limit"), ("told,,,,,L9", "not in settings.csv"),
            ("asked,request,Asking", "cut short"),
            ("told,,,,,", "the event asked opens limits and has no name"),
        ] { #expect(why(good, row).contains(words), "\(row) gave “\(why(good, row))”") }
        #expect(why("asked,request,Plans,,,", "told,,,,,", good).isEmpty)
        #expect(throws: StartsFault.self) { try Starts([], events: [:], points: []) }
    }

    @Test func `has a title for each rule, short and once`() throws {
        func made(_ text: String) throws -> Titles { try Titles(Array(text.utf8), rules: ["A", "B"]) }
        let titles = try made("rule_id,title\nA,First\nB,Second\n")
        #expect(titles["A"] == "First" && titles["C"] == "C")
        for text in [
            "rule_id,title\nA,First\n", "rule_id,title\nA,First\nB,Second\nC,Third\n", "rule_id,title\nA,\nB,Second\n",
            "rule_id,title\nA,First\nA,Second\nB,Third\n", "rule,title\nA,First\nB,Second\n",
            "rule_id,title\nA,First\nB,\(String(repeating: "x", count: 46))\n", "",
        ] { #expect(throws: StartsFault.self, "\(text)") { try made(text) } }
    }
}

@Suite struct `The picture of a timetable` {
    private func marks(_ days: [Day]) -> [Timeline.Mark] {
        days.enumerated().map { Timeline.Mark($1, .limit, ["Limit \($0) with words that need some room"]) }
    }

    @Test func `puts days in order and never lets words cover one another`() throws {
        var state: UInt64 = 20_261_129
        func roll(_ most: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % most
        }
        for _ in 0..<2000 {
            let start = ("2001-01-01" as Day) + .days(roll(12_000))
            let days = (0...roll(9)).map { _ in start + .days(roll(roll(2) == 0 ? 30 : 900)) }
            let line = try #require(Timeline(marks(days)))
            #expect(line.placed.map(\.mark.day) == Set(days).sorted())
            for (one, next) in zip(line.placed, line.placed.dropFirst()) {
                #expect(one.y <= next.y)
                #expect(next.wordsY >= one.wordsY + (one.lines.count + 1) * Timeline.lineHeight)
            }
            for placed in line.placed {
                #expect(line.axis.contains(placed.y) && placed.wordsY >= placed.y)
                #expect(placed.wordsY + placed.lines.count * Timeline.lineHeight <= line.height)
            }
            #expect(line.ticks.allSatisfy { line.axis.contains($0.y) } && line.ticks.count <= 14)
        }
    }

    @Test func `keeps the true distances of days`() throws {
        let line = try #require(Timeline(marks(["2026-03-16", "2026-04-27", "2026-08-03"])))
        let ys = line.placed.map(\.y)
        #expect(
            (ys[1] - ys[0]) * 140 / (ys[2] - ys[0]) == 42 || abs((ys[1] - ys[0]) * 140 - 42 * (ys[2] - ys[0])) < 140)
        #expect(line.ticks.map(\.label) == ["Apr", "May", "Jun", "Jul", "Aug"])
        #expect(Timeline([]) == nil)
        let one = try #require(Timeline(marks(["2026-03-16"])))
        #expect(one.ticks.isEmpty && one.axis.lowerBound == one.axis.upperBound)
        let far = try #require(Timeline(marks(["1801-01-01", "2999-12-31"])))
        #expect(far.ticks.count <= 130)
    }

    @Test func `cuts words between words`() {
        #expect(Timeline.wrapped("one two three", to: 8) == ["one two", "three"])
        #expect(Timeline.wrapped("unreasonably", to: 4) == ["unreasonably"])
        #expect(Timeline.wrapped("", to: 4) == [])
    }
}

@Suite struct `A calendar file` {
    private let made = Instant(startOf: "2026-03-16")

    @Test func `is folded at seventy-five bytes, and comes back as it was`() {
        for line in [
            "", "SUMMARY:short", String(repeating: "x", count: 75), String(repeating: "x", count: 76),
            String(repeating: "é", count: 200), String(repeating: "👪🏽", count: 60), String(repeating: " ", count: 300),
        ] {
            let folded = CalendarFile.folded(line)
            #expect(folded.suffix(2) == [13, 10])
            var (unfolded, width, at) = ([UInt8](), 0, 0)
            while at < folded.count - 2 {
                if folded[at] == 13 {
                    #expect(Array(folded[at..<at + 3]) == [13, 10, 32] && folded[at + 3] & 0xC0 != 0x80)
                    (width, at) = (1, at + 3)
                } else {
                    unfolded.append(folded[at])
                    (width, at) = (width + 1, at + 1)
                }
                #expect(width <= 75)
            }
            #expect(unfolded == Array(line.utf8))
        }
    }

    @Test func `marks what would end a value`() {
        #expect(CalendarFile.escaped("a,b;c\\d") == "a\\,b\\;c\\\\d")
        #expect(CalendarFile.escaped("one\r\ntwo\nthree\rfour") == "one\\ntwo\\nthree\\nfour")
        #expect(CalendarFile.escaped("bell\u{7}\u{0}\u{7F}END:VEVENT") == "bellEND:VEVENT")
    }

    @Test func `cannot be broken out of by what it says`() throws {
        let evil = "x\r\nEND:VEVENT\r\nBEGIN:VALARM;,\\"
        let file = CalendarFile(
            name: evil, made: made,
            entries: [.init(uid: evil, day: "2028-02-29", summary: evil, description: evil)])
        let read = try ReadCalendar(file.bytes)
        #expect(read.entries.count == 1 && read.entries[0].text("SUMMARY") == evil.replacing("\r\n", with: "\n"))
        #expect(read.entries[0].day == "2028-02-29" && read.entries[0].end == "2028-03-01")
    }
}
