import Access
import Kernel
import SingleView
import Storage
import SingleViewServer
import TestKit
import Testing

/// Whether an extract can be read, value by value (INF-4).
struct ExtractTests {
    static let book = try? FeedBook(TestApp.share)

    private func read(
        _ text: String, of source: String = "early-years", asOf: Day = "2026-11-01", isDemonstration: Bool = true
    ) throws -> ExtractReading {
        let book = try #require(Self.book)
        let check = CellCheck(asOf: asOf, isDemonstration: isDemonstration, ethnicities: book.ethnicities.keys)
        return try ExtractReading(Array(text.utf8), book.columns(of: source), check)
    }

    private func faults(_ reading: ExtractReading) -> [String] {
        reading.refused.flatMap { row in row.faults.map { "\(row.line) \($0.column): \($0.words)" } }
    }

    @Test("Days are read in three ways, and each is kept in one")
    func days() throws {
        let reading = try read(
            """
            record_id,given,family,born
            1,A,B,2023-04-17
            2,A,B,17/04/2023
            3,A,B,17 Apr 2023
            4,A,B,17-April-2023
            5,A,B,2023-04-17T00:00:00

            """)
        #expect(reading.refused.isEmpty)
        #expect(Set(reading.records.map { $0.cells[3] }) == ["2023-04-17"])
    }

    @Test("A file whose days can only be month first is refused whole, since the others would be doubtful")
    func monthFirst() {
        #expect(throws: ExtractFault.monthFirst(column: "born", line: 3)) {
            try read("record_id,given,family,born\n1,A,B,04/05/2023\n2,A,B,04/17/2023\n")
        }
    }

    @Test("One slip of day and month refuses its row alone")
    func oneSlip() throws {
        let reading = try read("record_id,given,family,born\n1,A,B,17/04/2023\n2,A,B,04/17/2023\n3,A,B,18/04/2023\n")
        #expect(reading.records.map(\.ref) == ["1", "3"])
        #expect(faults(reading) == ["3 born: it is a day that there was, as 2016-04-17, 17/04/2016 or 17 Apr 2016"])
    }

    @Test("Every fault of a row is told at once, by its column, and without the numbers that identify a child")
    func everyFault() throws {
        let reading = try read(
            """
            record_id,given,family,born,sex,postcode,nhs_number,need_1,lead
            T1,,Rahman,2027-01-01,X,B11,9434765918,BESD,

            """, of: "community-trust")
        #expect(
            faults(reading) == [
                "2 given: it is empty, and every row needs it",
                "2 born: it lies after 1 November 2026, the day of the extract",
                "2 sex: it is F, M, or U where it is not known",
                "2 postcode: a postcode looks like B11 4EX",
                "2 nhs_number: its last figure does not fit the rest",
                "2 need_1: BESD ended in August 2014 and is not the same as SEMH: the source says what the need is "
                    + "today",
            ])
        #expect(!faults(reading).joined().contains("9434765918"))
    }

    @Test("An NHS number kept for testing stands for a child in a demonstration alone")
    func testNumbers() throws {
        let text = "record_id,given,family,born,nhs_number\n1,A,B,2023-04-17,9990000026\n"
        let number = try NHSNumber("999 000 0026")
        #expect(number.text == "9990000026")
        #expect(try read(text, of: "cdc").refused.isEmpty)
        let real = try read(text, of: "cdc", isDemonstration: false)
        #expect(faults(real) == ["2 nhs_number: numbers that begin with 999 are kept for testing: no child has one"])
    }

    @Test("A number that stands twice in one extract is refused the second time")
    func twice() throws {
        let reading = try read("record_id,given,family,born\n1,A,B,2023-04-17\n1,A,C,2023-04-17\n")
        #expect(reading.records.count == 1)
        #expect(faults(reading) == ["3 record_id: the same number stands in line 2: each record is sent once"])
    }

    @Test("Somebody over 25, and somebody yet to be born, are refused")
    func ages() throws {
        let reading = try read("record_id,given,family,born\n1,A,B,2000-10-31\n2,A,B,2026-11-02\n3,A,B,2000-11-02\n")
        #expect(reading.records.map(\.ref) == ["3"])
    }

    @Test(
        "A file that is none is refused with what to do",
        arguments: [
            ("", "empty"), ("record_id,given,family\n1,A,B\n", "born"), ("record_id;given;family;born\n", "semicolons"),
            ("record_id,given,family,born,shoe_size\n1,A,B,2023-04-17,9\n", "shoe_size"),
            ("record_id,given,family,born\n", "no rows"), ("record_id,given,given,family,born\n", "twice"),
            ("record_id,given,family,born\n1,\"A,B,2023-04-17\n", "quotation"),
        ])
    func noFile(_ text: String, _ word: String) {
        do {
            _ = try read(text)
            Issue.record("it was read: \(word)")
        } catch { #expect("\(error)".lowercased().contains(word.lowercased()), "\(error)") }
    }

    @Test("A file in another encoding, or with more rows than a city has children, is refused")
    func strangeFiles() throws {
        #expect(try read("record_id,given,family,born\n1,Jos\u{FFFD},B,2023-04-17\n").refused.count == 1)
        var wide: [UInt8] = [0xFF, 0xFE]
        for unit in "record_id,given".utf16 { wide += [UInt8(unit & 255), UInt8(unit >> 8)] }
        let columns = Self.book?.columns(of: "cdc") ?? []
        let check = CellCheck(asOf: "2026-11-01", isDemonstration: true, ethnicities: [])
        #expect(throws: TableFault.wideCharacters) { try ExtractReading(wide, columns, check) }
        let many =
            Array("record_id,given,family,born\n".utf8) + [UInt8](repeating: 10, count: ExtractReading.mostRows + 5)
        #expect(throws: ExtractFault.tooManyRows(ExtractReading.mostRows)) { try ExtractReading(many, columns, check) }
    }

    @Test("Spoilt extracts are refused or read, and never stop the program")
    func spoilt() throws {
        let good = Array(
            """
            record_id,given,family,born,sex,postcode,address,phone,setting,hours,sen_provision,need_1,need_2,since
            EY1,"Ameena, A.",O’Neill,2023-04-17,F,B11 9ZZ,7 Invented Row,0121 496 0107,Marigold,15,K,SLCN,ASD,2025-09-01
            EY2,Yusuf,Rahman,17/04/2023,M,B11 9ZZ,"7 Invented\nRow",0121 496 0107,Marigold,30,N,,,2025-09-01

            """.utf8)
        let book = try #require(Self.book)
        let check = CellCheck(asOf: "2026-11-01", isDemonstration: true, ethnicities: book.ethnicities.keys)
        var state: UInt64 = 2012
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        var (read, refused) = (0, 0)
        for _ in 0..<3000 {
            var bytes = good
            for _ in 0...next(6) {
                switch next(4) {
                case 0: bytes[next(bytes.count)] = UInt8(next(256))
                case 1: bytes.remove(at: next(bytes.count))
                case 2: bytes.insert(UInt8([34, 44, 10, 13, 0, 255, 61][next(7)]), at: next(bytes.count))
                default: bytes.removeSubrange(next(bytes.count)...)
                }
                if bytes.isEmpty { bytes = [10] }
            }
            do {
                _ = try ExtractReading(bytes, book.columns(of: "early-years"), check)
                read += 1
            } catch { refused += 1 }
        }
        #expect(read > 300 && refused > 300, "\(read) read, \(refused) refused")
    }

    @Test("The name of a file says its source and day")
    func names() throws {
        let name = try ExtractName.read("school-census_2026-10-01.csv")
        #expect(name.source == "school-census" && name.asOf == "2026-10-01")
        for wrong in ["census.csv", "school-census_2026-13-01.csv", "school-census_2026-10-01.xlsx", ""] {
            #expect(throws: ExtractFault.self) { try ExtractName.read(wrong) }
        }
    }

    @Test("The shipped templates name every source, class and kind that the program knows")
    func templates() throws {
        let book = try #require(Self.book)
        #expect(book.sources.count == 10)
        for source in book.sources {
            #expect(book.columns(of: source.code).first?.name == "record_id")
            #expect(!book.template(of: source.code).isEmpty)
        }
    }
}

/// Which source is believed for which fact (INF-3).
struct SettlingTests {
    private func said(_ fact: String, _ value: String, _ source: String, _ day: Day) -> Statement {
        Statement(fact: fact, value: value, source: source, asOf: day, record: 1, data: .identity)
    }

    @Test("A birthday is the health service’s, whoever spoke last; an address is whoever’s word is newest")
    func trust() throws {
        let book = try FeedBook(TestApp.share)
        let settled = book.settle([
            said("born", "2023-04-17", "primary-care", "2024-01-01"),
            said("born", "2023-04-18", "school-census", "2026-10-01"),
            said("postcode", "B11 9ZZ", "primary-care", "2024-01-01"),
            said("postcode", "B44 9ZZ", "careers", "2026-10-01"),
        ])
        #expect(settled.map(\.chosen.value) == ["2023-04-17", "B44 9ZZ"])
        #expect(settled[0].otherwise.map(\.value) == ["2023-04-18"])
        #expect(settled[0].rule == "trust/born" && !settled[0].why.isEmpty)
    }

    @Test("What is settled does not depend on the order in which it was said")
    func order() throws {
        let book = try FeedBook(TestApp.share)
        let all = [
            said("given", "Amina", "cdc", "2026-01-12"), said("given", "Ameena", "early-years", "2026-10-01"),
            said("given", "amina", "primary-care", "2025-01-01"),
        ]
        for shift in 0..<3 {
            let turned = Array(all[shift...] + all[..<shift])
            #expect(book.settle(turned).map(\.chosen) == book.settle(all).map(\.chosen))
            #expect(book.settle(turned).first?.agreeing.count == 2)
        }
    }

    @Test("Two agencies and no lead: somebody looks; with a lead or one agency alone nobody does")
    func leads() {
        #expect(LeadRule.needsLead(agencies: ["a", "b"], leads: [], hasKeyWorker: false))
        #expect(!LeadRule.needsLead(agencies: ["a"], leads: [], hasKeyWorker: false))
        #expect(!LeadRule.needsLead(agencies: ["a", "b"], leads: ["Dr C"], hasKeyWorker: false))
        #expect(!LeadRule.needsLead(agencies: ["a", "b"], leads: [], hasKeyWorker: true))
    }
}

/// What becomes of linked and new records (INF-4).
struct AssigningTests {
    @Test("A new record goes to the person of its cluster; linked ones are never moved")
    func assigns() {
        let plan = Assigning([.init(3, nil), .init(1, "a"), .init(2, "a")])
        #expect(plan.linked == [3] && plan.person == "a" && !plan.isNew && plan.toJoin.isEmpty)
    }

    @Test("A cluster of nobody yet is a new person; one of two persons asks whether they are one")
    func newAndBoth() {
        #expect(Assigning([.init(3, nil), .init(4, nil)]).isNew)
        let both = Assigning([.init(5, "b"), .init(1, "a"), .init(2, "a"), .init(9, nil)])
        #expect(both.person == "a" && both.linked == [9])
        #expect(both.toJoin.map(\.one) == [1] && both.toJoin.map(\.other) == [5])
    }

    @Test("What an answer is worth falls on both sides of an even chance, and is more where two share a page")
    func worth() {
        #expect(Worth.of(0.5, isPart: false) > Worth.of(0.9, isPart: false))
        #expect(abs(Worth.of(0.1, isPart: false) - Worth.of(0.9, isPart: false)) < 1e-9)
        #expect(Worth.of(0.5, isPart: true) > Worth.of(0.5, isPart: false))
        #expect(Worth.of(0, isPart: false).isFinite && Worth.of(1, isPart: true).isFinite)
    }
}
