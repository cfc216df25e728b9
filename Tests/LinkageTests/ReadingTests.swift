import Testing

@testable import Linkage

private func load(_ texts: String..., id: String = "id", source: String? = nil, ignored: Set<String> = []) throws
    -> Loaded
{
    let files = texts.enumerated().map { FileBytes(name: "file \($0.offset + 1)", text: $0.element) }
    return try Loader.load(files, Reading(id: id, source: source, ignored: ignored)) { _, _, _ in }
}

@Suite struct `Reading files of records` {
    @Test(arguments: [
        ("forename", ColumnKind.given), ("First Name", .given), ("GivenName", .given), ("surname", .family),
        ("last_name", .family), ("DOB", .birth), ("date_of_birth", .birth), ("birth_place", .place),
        ("NHSNumber", .nhs),
        ("nhs no", .nhs), ("UPN", .upn), ("gender", .sex), ("mobile", .phone), ("Post Code", .postcode),
        ("zip", .postcode),
        ("address_1", .address), ("address_2", .place), ("street_number", .house), ("email", .email),
        ("full_name", .fullName),
        ("first_and_surname", .fullName), ("cluster", .ignored), ("notes", .ignored), ("source", .ignored),
        ("soc_sec_id", .identifier),
    ])
    func `columns are understood by their names`(name: String, kind: ColumnKind) {
        #expect(Columns.byName(name)?.kind == kind)
    }

    @Test func `and where a name says nothing, by what stands in them`() throws {
        let rows = (0..<200).map { number -> String in
            let nhs = ["9434765919", "4505577104", "9434765870"][number % 3]
            let post = "B\(1 + number % 40) \(number % 9 + 1)AA"
            let day = "201\(number % 9)-0\(number % 9 + 1)-1\(number % 9)"
            return "\(number),\(nhs),\(post),\(day),\(number + 5),,x"
        }
        let loaded = try load("id,a,b,c,d,e,f\n" + rows.joined(separator: "\n"))
        let kinds = Dictionary(uniqueKeysWithValues: loaded.uses.map { ($0.name, $0.kind) })
        #expect(kinds["a"] == .nhs && kinds["b"] == .postcode && kinds["c"] == .birth)
        #expect(kinds["d"] == .ignored && kinds["e"] == .ignored && kinds["f"] == .ignored)
        #expect(loaded.uses.allSatisfy { !$0.why.isEmpty })
    }

    @Test func `a row that cannot be taken is refused with its number and why, and the rest goes in`() throws {
        let loaded = try load(
            "id,given,family\n1,Ann,Smith\n1,Bob,Jones\n,Cat,Low\n3,Dan\n4,Eve,Smith,x\n5,Ann,Smith\n")
        #expect(loaded.records.count == 2)
        #expect(loaded.refused.map(\.row).sorted() == [2, 3, 4, 5])
        #expect(loaded.refused.contains { $0.row == 2 && $0.why.contains("stands in a row before") })
        #expect(loaded.refused.contains { $0.row == 4 && $0.why.contains("2 values; the header names 3") })
    }

    @Test(arguments: [
        ("", "empty"), ("id,given\n1,\"Ann\n2,Bob\n", "never closed"), ("id,id\n1,2\n", "two columns called"),
        ("1,Ann\n2,Bob\n", "no column “id”"), ("id\n1\n2\n", "no column tells"),
        ("id,given\n1,Ann\n", "fewer than two"),
        (",\n1,2\n", "no header"),
    ])
    func `a file that cannot be used is refused whole, in words`(text: String, words: String) {
        let error = #expect(throws: LinkageError.self) {
            if text.isEmpty { _ = try FileBytes(path: "/dev/null") } else { _ = try load(text) }
        }
        #expect(text.isEmpty || error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test func `bytes that are not UTF-8 are told by their line`() throws {
        let error = #expect(throws: LinkageError.self) {
            _ = try Scan(FileBytes(name: "latin", bytes: Array("id,given\n1,Ann\n2,Zo".utf8) + [0xEB, 10]))
        }
        #expect(error == .encoding("latin", line: 3))
    }

    @Test func `quotes, commas, line ends within values, other separators and the mark of UTF-8 are read`() throws {
        let loaded = try load(
            "\u{FEFF}id,given,family\r\n\"1,a\",\"Ann \"\"Annie\"\"\",\"Smith\nJones\"\r\n2,Ann,Smith\r\n\r\n")
        #expect(loaded.records.count == 2 && loaded.records.id(0) == "1,a")
        #expect(loaded.records.columns(.family)[0].values?.text(1) == "SMITH JONES")
        #expect(try load("id;given\n1;Ann\n2;Ann").records.count == 2)
    }

    @Test func `several files are one source each, with columns of their own`() throws {
        let loaded = try load(
            "id,given,dob\n1,Ann,2015-01-02\n2,Bob,2015-01-03\n", "id,given,phone\n3,Ann,0121 496 0000\n")
        #expect(loaded.records.count == 3 && loaded.records.sources.elements.map { $0 } == [0, 0, 1])
        #expect(loaded.records.columns(.phone).count == 1)
        #expect(loaded.records.line(2)[loaded.records.columns(.birth)[0].slot] == 0)
    }

    @Test func `however a file is cut, nothing traps`() throws {
        let whole = Array(
            "id,given,family,dob,nhs_number\n1,\"An,n\",Smith,2015-01-02,9434765919\n2,Zoë,Łuk,1/2/15,x\n".utf8)
        var dice = Dice(seed: 5)
        for length in 0..<whole.count {
            var bytes = Array(whole[..<length])
            if !bytes.isEmpty, dice.chance(0.5) { bytes[dice.below(bytes.count)] = UInt8(dice.below(256)) }
            _ = try? Loader.load([FileBytes(name: "cut", bytes: bytes)], Reading(id: "id")) { _, _, _ in }
        }
    }
}
