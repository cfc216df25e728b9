import Clock
import Kernel
import Testing

@Suite struct `A sheet of cases` {
    private func answers(_ text: String, piece: Int = 7) throws -> (rows: [[String]], sheet: Sheet) {
        var (stream, sheet, out) = (TableStream(), Sheet(Shipped.law, today: "2026-11-28"), Array(Sheet.header.utf8))
        var (left, hasBegun) = (Array(text.utf8)[...], false)
        while true {
            let chunk = left.prefix(piece)
            left = left.dropFirst(piece)
            if chunk.isEmpty { stream.finish() } else { stream.add(chunk) }
            while try stream.next() {
                if hasBegun { sheet.answer(stream, into: &out) } else { try sheet.begin(stream) }
                hasBegun = true
            }
            if chunk.isEmpty { break }
        }
        return (try Table(out, required: ["case_id"]).rows.map(\.values), sheet)
    }

    @Test func `is answered row for row, in order`() throws {
        let (rows, sheet) = try answers(
            """
            facts,case_id,trigger_date,more,rule_id
            ,a,2026-03-16,x,E-FINAL
            waiting_list,"b, \"\"the second\"\"\",2026-03-16,,E-FINAL\r
            ,a,2026-03-16,,E-FINAL
            ,,2026-03-16,,E-FINAL
            ,c,2026-02-30,,E-FINAL
            ,d,2026-03-16,,E-LAST
            ,e,2013-03-16,,E-FINAL
            ,f
            ,=g,2026-03-16,,E-ACK
            flood,h,2026-03-16,,E-FINAL
            """)
        #expect(rows.map { $0[0] } == ["a", "b, \"the second\"", "a", "", "c", "d", "e", "f", "'=g", "h"])
        #expect(rows.map { $0[1] } == ["2026-08-03", "2026-08-03"] + Array(repeating: "", count: 8))
        #expect(rows.map { $0[2] } == ["n/a", "no"] + Array(repeating: "n/a", count: 8))
        #expect(rows[0][3] == rows[1][3] && rows[0][3].hasPrefix("2014-09-01-"))
        for (row, word) in [
            (2, "earlier line"), (3, "“case_id” is empty"), (4, "28 days"), (5, "not a rule"),
            (6, "1 September 2014 on"),
            (7, "2 values"), (8, "sets no period"), (9, "no kind of fact"),
        ] { #expect(rows[row][4].contains(word), "\(rows[row])") }
        #expect(sheet.answered == 3 && sheet.refused == 7)
    }

    @Test func `is the same whatever the pieces it comes in`() throws {
        let text =
            "case_id,rule_id,trigger_date,facts\n\"a\n,\"\"b\"\"\",E-FINAL,2026-03-16,\r\n"
            + "c,\"E-DECIDE\",2026-03-16,waiting_list"
        let whole = try answers(text, piece: 10_000).rows
        for piece in 1...40 { #expect(try answers(text, piece: piece).rows == whole) }
        #expect(whole.map { $0[1] } == ["2026-08-03", "2026-04-27"])
    }

    @Test func `is refused whole where it is no such file`() {
        for text in [
            "case_id;rule_id\n", "case_id,rule_id,trigger_date\n", "case_id,case_id,rule_id,trigger_date,facts\n",
        ] {
            #expect(throws: TableFault.self) { try answers(text) }
        }
        #expect(throws: TableFault.unclosedQuote(line: 2)) {
            try answers("case_id,rule_id,trigger_date,facts\na,\"E,,\n")
        }
    }

    @Test func `of any bytes at all is answered or refused, and never ends the program`() throws {
        var dice = Dice(20_261_128)
        let parts = [
            "a", ",", "\n", "\"", "E-FINAL", "T-APPEAL", "2026-03-16", "2035-12-30", "|", ":", ";", "=", "..",
            "school_closed",
            "first_closed=2026-07-25", "mediation_certificate:issued=", "absent_from_area:from=2026-01-01;to=", "\r",
            "’", "\u{0}",
            "9999-99-99", "E-MOVE-REVIEW", "last_review:date=1800-01-01", "E-AR-NOTICE", "1800-01-01", "2999-12-31",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...14, using: &dice)).map { _ in
                parts[Int.random(in: 0..<parts.count, using: &dice)]
            }
            _ = try? answers("case_id,rule_id,trigger_date,facts\n" + text.joined(), piece: 64)
        }
    }
}
