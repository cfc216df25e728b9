import Testing

@testable import Linkage

/// A cell of its own bytes.
func cell(_ text: String) -> (Cell, Buffer<UInt8>) {
    let own = Buffer<UInt8>()
    for byte in text.utf8 { own.append(byte) }
    return (Cell(own.base, own.count), own)
}

private func packed(_ text: String) -> UInt64 {
    let (cell, own) = cell(text)
    return withExtendedLifetime(own) { Packed.identifier(cell) }
}

private func day(_ text: String, monthFirst: Bool = false) -> String {
    let (cell, own) = cell(text)
    return withExtendedLifetime(own) { Dates.text(Dates.parse(cell, monthFirst: monthFirst)) }
}

@Suite struct `Numbers of one person` {
    @Test(arguments: ["943 476 5919", "943-476-5919", "9434765919"])
    func `are the same however they are written`(text: String) {
        #expect(packed(text) == packed("9434765919"))
        #expect(Packed.text(packed(text)) == "9434765919")
    }

    /// 943 476 5919 and 987 654 4321 are the examples of the NHS Data Dictionary and of common teaching.
    @Test func `pass their check digit or do not`() {
        #expect(Packed.hasRightCheck(packed("9434765919")))
        #expect(Packed.hasRightCheck(packed("4505577104")))
        #expect(!Packed.hasRightCheck(packed("9434765918")))
        #expect(!Packed.hasRightCheck(packed("94347659")))
    }

    @Test(arguments: ["0000000000", "9999999999", "1234567890", "", "N/A", "unknown", "-"])
    func `that stand for none are missing`(text: String) { #expect(packed(text) == 0) }

    @Test func `are told from those one slip away`() {
        #expect(Packed.isOneSlip(packed("9434765919"), packed("9434765819")))
        #expect(Packed.isOneSlip(packed("9434765919"), packed("9434756919")))
        #expect(!Packed.isOneSlip(packed("9434765919"), packed("9434765828")))
        #expect(!Packed.isOneSlip(packed("9434765919"), packed("943476591")))
        #expect(Packed.isOneSlip(packed("A123456789012"), packed("A123456789021")))
        #expect(Packed.isOneSlip(packed("AB12CD"), packed("AB13CD")))
    }

    @Test func `keep every digit and letter`() {
        var dice = Dice(seed: 3)
        for _ in 0..<5_000 {
            let text = String(1_000 + dice.below(8_999)) + String(dice.below(1_000_000_000))
            guard packed(text) != 0 else { continue }
            #expect(Packed.text(packed(text)) == text)
        }
        for text in ["A823432019001", "QQ123456C", "X1Y2Z3", "12A"] { #expect(Packed.text(packed(text)) == text) }
    }
}

@Suite struct `Days of birth` {
    @Test(arguments: [
        "2015-03-14", "14/03/2015", "14.3.2015", "14 March 2015", "14-Mar-2015", "20150314", "14032015",
        "2015-03-14T09:30:00", "March 14, 2015", "14/03/15",
    ])
    func `are read as people write them`(text: String) { #expect(day(text) == "2015-03-14") }

    @Test func `put the month first where a column does`() {
        #expect(day("03/04/2015", monthFirst: true) == "2015-03-04")
        #expect(day("03/04/2015") == "2015-04-03")
        let cells = ["12/25/2014", "03/04/2015", "07/31/2011"].map(cell)
        #expect(Dates.monthFirst(cells.map(\.0)))
        #expect(!Dates.monthFirst([cell("25/12/2014")].map(\.0)))
    }

    @Test(arguments: ["", "soon", "2015", "99", "31/31", "-", "12345678901234567890"])
    func `that are none stop nothing`(text: String) { _ = day(text) }

    @Test func `that cannot be are kept, for a slip makes them`() { #expect(day("19151131") == "1915-11-31") }
}

@Suite struct `Values as they are written` {
    private func written(_ kind: ColumnKind, _ text: String) -> String {
        let (cell, own) = cell(text)
        let into = Buffer<UInt8>()
        withExtendedLifetime(own) { Text.write(kind, cell, into) }
        return String(decoding: into.elements, as: UTF8.self)
    }

    @Test(arguments: [
        ("O'Brien-Smith", "OBRIEN SMITH"), ("  zoë ", "ZOE"), ("Łukasz", "LUKASZ"), ("Jürgen", "JURGEN"),
        ("Baby", ""), ("Twin 2", ""), ("Infant of Ann", ""), ("Baby Girl", ""), ("xx", ""), ("Mr John", "JOHN"),
        ("Unknown", ""),
        ("Tomas", "TOMAS"),
    ])
    func `names lose their marks, and what is none is missing`(text: String, expected: String) {
        #expect(written(.given, text) == expected)
    }

    @Test(arguments: [
        ("Flat 3 12 High Rd", "3 12 HIGH ROAD"), ("3/12 High Road", "3 12 HIGH ROAD"),
        ("12 St Johns St", "12 STREET JOHNS STREET"), ("No Fixed Abode", ""), ("St Anne's Close", "ST ANNES CLOSE"),
    ])
    func `addresses are written out`(text: String, expected: String) { #expect(written(.address, text) == expected) }

    @Test func `postcodes lose their blanks, and ZZ99 is none`() {
        #expect(written(.postcode, "b11 1aa") == "B111AA")
        #expect(written(.postcode, "ZZ99 3VZ") == "")
    }

    @Test(arguments: [("Male", "M"), ("f", "F"), ("2", "F"), ("1", "M"), ("boy", "M"), ("not stated", ""), ("9", "")])
    func `sex is one of two or missing`(text: String, expected: String) { #expect(written(.sex, text) == expected) }
}
