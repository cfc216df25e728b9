import Kernel
import Storage
import TestKit
import Testing

@Suite struct `A pupil’s number` {
    @Test func `passes and fails as the shipped vectors say`() throws {
        let table = try Table(TestApp.share.bytes("codes/upn_test_vectors.csv"), required: ["upn", "expected", "why"])
        #expect(table.rows.count >= 20)
        for row in table.rows {
            let (isValid, why) = ((try? UPN(row.get("upn"))) != nil, try row.get("why"))
            #expect(isValid == (try row.get("expected") == "valid"), "\(why)")
        }
    }

    @Test func `shows itself to nobody`() throws {
        let number = try UPN("B801200005001")
        #expect("\(number)" == "UPN")
        let refusal = #expect(throws: Malformed.self) { try UPN("A801200005001") }
        #expect(refusal.map { "\($0)".contains("801200005001") } == false)
    }

    @Test func `says whether it is temporary and who gave it out`() throws {
        #expect(try UPN("A80120000501A").isTemporary)
        #expect(try UPN("B801200005001").authority == "801")
    }
}

@Suite struct `An NHS number` {
    @Test func `passes and fails as the shipped vectors say`() throws {
        let table = try Table(
            TestApp.share.bytes("codes/nhs_number_test_vectors.csv"), required: ["nhs_number", "expected", "why"])
        for row in table.rows {
            let (isValid, why) = ((try? NHSNumber(row.get("nhs_number"))) != nil, try row.get("why"))
            #expect(isValid == (try row.get("expected").hasPrefix("valid")), "\(why)")
        }
        #expect(throws: Malformed.self) { try NHSNumber("0000000000") }
        #expect(throws: Malformed.self) { try NHSNumber("९४३४७६५८७०") }
    }

    @Test func `is found wrong when any one figure is changed`() throws {
        let figures = Array("9434765870".utf8)
        for place in figures.indices {
            for other in UInt8(48)...57 where other != figures[place] {
                var changed = figures
                changed[place] = other
                #expect(throws: Malformed.self) { try NHSNumber(String(decoding: changed, as: UTF8.self)) }
            }
        }
    }
}

@Suite struct `The numbers of schools and authorities` {
    @Test func `have their forms`() throws {
        #expect(try URN("103600").number == 103_600)
        #expect(try AuthorityNumber("330").description == "330")
        #expect(try EstablishmentNumber("1001").description == "1001")
        for text in ["", "12", "0123456", "10360a", "99999999", "１０３６００"] {
            #expect(throws: Malformed.self) { try URN(text) }
        }
        for text in ["33", "3300", "000", "-33", "abc"] {
            #expect(throws: Malformed.self) { try AuthorityNumber(text) }
        }
        for text in ["100", "10011", "0000", "1.01"] {
            #expect(throws: Malformed.self) { try EstablishmentNumber(text) }
        }
    }

    @Test func `an identifier from outside is checked`() throws {
        #expect(try ID<Int>(checking: "school-103600").text == "school-103600")
        for text in ["", "a b", "a/b", "é", String(repeating: "x", count: 81), "<script>"] {
            #expect(throws: Malformed.self) { try ID<Int>(checking: text) }
        }
    }
}

@Suite struct `Money` {
    @Test func `is read and shown to the penny`() throws {
        #expect(try Pence("£1,234.50") == Pence(123_450))
        #expect(try Pence("12") == Pence(1200))
        #expect(try Pence("-0.05") == Pence(-5))
        #expect("\(Pence(123_450))" == "£1,234.50")
        #expect("\(Pence(-5))" == "-£0.05")
        for text in ["", "1.234", "1.2.3", "abc", "£", "1e5", "٣", "12.", "999999999999"] {
            #expect(throws: Malformed.self) { try Pence(text) }
        }
    }

    @Test func `is shared half up and never overflows`() {
        #expect(Pence(100).share(1, of: 3) == Pence(33))
        #expect(Pence(101).share(1, of: 2) == Pence(51))
        #expect(Pence(.max).share(.max, of: 1) == Pence(.max))
        #expect(Pence(.max) + Pence(.max) == Pence(.max))
        #expect(Pence(.max) * .max == Pence(.max))
        #expect(Pence(.max) * -2 == Pence(-.max))
    }

    @Test func `splits into shares that differ from the whole by less than a penny a share`() {
        for amount in stride(from: 0, to: 100_000, by: 777) {
            for parts in 1...12 {
                let sum = (0..<parts).reduce(0) { total, _ in total + Pence(amount).share(1, of: parts).count }
                #expect(abs(sum - amount) <= parts)
            }
        }
    }
}

@Suite struct `Plain digits` {
    @Test func `are read plainly or not at all`() {
        #expect(Digits.number("007") == 7)
        for text in ["", "-1", "1.5", "٣", "1234567890123456789", " 1", "+1"] { #expect(Digits.number(text) == nil) }
        #expect(Digits.fraction("-1.88842") == -1.88842)
        for text in ["", ".", "1e9", "nan", "inf", "1.2.3", "--1", "0x1p3"] { #expect(Digits.fraction(text) == nil) }
    }

    @Test func `are grouped and pointed for people`() {
        #expect(Digits.grouped(1_234_567) == "1,234,567")
        #expect(Digits.grouped(-1000) == "-1,000")
        #expect(Digits.fixed(4, places: 1) == "0.4")
        #expect(Digits.fixed(-1234, places: 3) == "-1.234")
    }
}
