import Kernel
import TestKit
import Testing

@Suite struct `A table` {
    private func table(_ text: String, required: [String] = []) throws(TableFault) -> Table {
        try Table(Array(text.utf8), required: required)
    }

    @Test func `is read with its quotation marks, line ends and line numbers`() throws {
        let table = try table("\u{FEFF}a,b\r\n1,\"x, \"\"y\"\"\nz\"\n\n3,4", required: ["a", "b"])
        #expect(table.rows.map(\.line) == [2, 5])
        #expect(try table.rows[0].get("b") == "x, \"y\"\nz")
        #expect(try table.rows[1].get("a") == "3")
    }

    @Test func `keeps a cut row, with its fault`() throws {
        let table = try table("a,b,c\n1,2\n1,2,3,4\n1,2,3\n")
        #expect(table.rows[0].fault?.contains("cut short") == true)
        #expect(table.rows[1].fault?.contains("4 values") == true)
        #expect(table.rows[2].fault == nil)
    }

    @Test(
        arguments: [
            ([UInt8](), "empty"), (Array("a,b\n1,\"2\n".utf8), "never closed"), (Array("a;b\n1;2".utf8), "semicolons"),
            (Array("a\tb\n1\t2".utf8), "tabs"), ([0xFF, 0xFE, 0x61, 0], "UTF-16"),
            ([0x61, 0x2C, 0x62, 10, 0xE9, 10], "Line 2"),
            (Array("a,b\n1,2".utf8) + [0], "zero byte"), (Array("a,a\n1,2".utf8), "twice"),
            (Array("x,y\n1,2".utf8), "no column"),
            ([0x61, 0, 0x2C, 0, 0x62, 0, 10, 0, 0x31, 0, 0x2C, 0, 0x32, 0, 10, 0, 0x31, 0, 0x32, 0], "UTF-16"),
        ] as [([UInt8], String)])
    func `is refused whole where its bytes are no table, and says why`(bytes: [UInt8], why: String) {
        let fault = #expect(throws: TableFault.self) { try Table(bytes, required: ["a", "b"]) }
        #expect(fault?.description.contains(why) == true, "\(fault?.description ?? "")")
    }

    @Test func `comes back as it was written, whatever the text`() throws {
        var seed: UInt64 = 20_121_114
        let letters = Array("ab,\"\n\r é£🙂;'01")
        for _ in 0..<300 {
            let values = (0..<4).map { _ in
                String(
                    (0..<6).map { _ in
                        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                        return letters[Int(seed >> 33) % letters.count]
                    })
            }
            // A leading line end is led by an apostrophe, since spreadsheets run what follows it.
            if values.contains(where: { $0.utf8.first == 13 }) { continue }
            let text = "a,b,c,d\n" + TableWriter.line(values)
            let row = try #require(try table(text).rows.first, "seed \(seed)")
            #expect(row.values == values, "seed \(seed)")
        }
    }

    @Test func `is written so that no spreadsheet runs it`() {
        #expect(TableWriter.line(["=1+1", "@x", "-5", "+44"]) == "'=1+1,'@x,-5,'+44\n")
    }

    @Test func `never traps on any bytes`() {
        var seed: UInt64 = 7
        for _ in 0..<2000 {
            let bytes = (0..<Int(seed % 60)).map { _ in
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return [10, 13, 34, 44, 97, 0xC3, 0xA9, 0xFF][Int(seed >> 40) % 8] as UInt8
            }
            seed &+= 1
            if let table = try? Table(bytes) { #expect(table.header.isEmpty == false) }
        }
    }
}

@Suite struct `A table in pieces` {
    /// The values of a text read in pieces of so many bytes, with the lines they start on.
    private func rows(_ text: [UInt8], piece: Int) throws(TableFault) -> [(line: Int, values: [String])] {
        var (stream, rows, left) = (TableStream(), [(line: Int, values: [String])](), text[...])
        while true {
            let chunk = left.prefix(piece)
            left = left.dropFirst(piece)
            if chunk.isEmpty { stream.finish() } else { stream.add(chunk) }
            while try stream.next() {
                rows.append((stream.line, stream.fields.map { String(decoding: stream.bytes[$0], as: UTF8.self) }))
            }
            if chunk.isEmpty { return rows }
        }
    }

    @Test func `reads what a table reads, whatever the pieces`() throws {
        let parts = ["a", ",", "\"", "\n", "\r\n", "\r", "é", " ", "\"\"", "\"x,\"\"y\n\"", "\"z\"w"]
        var state: UInt64 = 7
        func roll(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        for _ in 0..<30_000 {
            let text = Array(("h,i\n" + (0..<roll(9)).map { _ in parts[roll(parts.count)] }.joined()).utf8)
            let whole = try? Table(text).rows
            for piece in [1, 2, 5, 1000] {
                let read = try? rows(text, piece: piece).dropFirst()
                #expect(
                    read?.map(\.values) == whole?.map(\.values),
                    "\(String(decoding: text, as: UTF8.self).debugDescription)")
                #expect(read?.map(\.line) == whole?.map(\.line))
            }
        }
    }

    @Test func `refuses what is no text, with its line`() {
        #expect(throws: TableFault.notUTF8(line: 2)) { try rows([97, 10, 0xFF, 10], piece: 3) }
        #expect(throws: TableFault.binary(line: 2)) { try rows([97, 10, 0, 10], piece: 3) }
        #expect(throws: TableFault.wideCharacters) { try rows([0xFF, 0xFE, 97, 0], piece: 3) }
        #expect(throws: TableFault.unclosedQuote(line: 1)) {
            try rows([34] + [UInt8](repeating: 97, count: TableStream.longest + 2), piece: 65_536)
        }
    }
}
