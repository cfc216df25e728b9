import Access
import Kernel
import SingleView
import Web

enum FeedPages {
    /// A source with how it stands.
    struct Line: Sendable {
        let source: FeedSource
        let newest: Delivery?
        let reach: (held: Int, linked: Int, shared: Int)
        /// When the last record came of a source that sends no extracts.
        var lastRecord: Day?

        /// Days since the day of which the newest extract tells.
        func age(on today: Day) -> Int? { newest.map { today.number - $0.asOf.number } }
        func isLate(on today: Day) -> Bool {
            source.extract == .notices ? false : age(on: today).map { $0 > source.lateAfter } ?? true
        }
    }

    static func list(_ lines: [Line], today: Day, mayTakeIn: Bool) -> Page {
        let rows = lines.map { line -> [HTML] in
            [
                anchor(Link(line.source.name, to: "/feeds/\(line.source.code)")), freshness(line, today),
                "\(Digits.grouped(line.reach.held))", share(line.reach.shared, of: line.reach.held),
                refusedCell(line.newest),
            ]
        }
        let late = lines.filter { $0.isLate(on: today) }
        let warned: HTML? =
            late.isEmpty
            ? nil
            : inset(
                """
                <p class="govuk-body">\(late.count == 1 ? "One source is" : "\(late.count) sources are") late or was \
                never sent. What is shown of a child is only as new as what agencies send.</p>
                """)
        let next: HTML? =
            mayTakeIn
            ? """
            <p class="govuk-body">\(anchor(Link("Take in an extract", to: "/feeds/take-in")))</p>
            """ : nil
        return Page(
            "Sources", isListed: false,
            """
            <h1 class="govuk-heading-l">Where the Single View comes from</h1>
            <p class="govuk-body">Each agency sends the list of the children it knows. Records of one child are \
            linked; what an agency says is kept as it said it.</p>
            \(warned)
            \(next)
            \(table("Sources", head: ["Source", "Newest extract", "Records", "Known elsewhere too", "Refused rows"],
                rows: rows, isCaptionShown: false))
            """)
    }

    private static func freshness(_ line: Line, _ today: Day) -> HTML {
        if line.source.extract == .notices {
            return line.lastRecord.map { "As they come; the last on \($0.inWords)" } ?? "As they come; none yet"
        }
        guard let newest = line.newest, let age = line.age(on: today) else {
            return "\(tag("Never sent", .grey))"
        }
        let days = age == 0 ? "today" : age == 1 ? "yesterday" : "\(age) days ago"
        let mark: HTML? = line.isLate(on: today) ? tag("Late", .yellow) : nil
        return "\(newest.asOf.inWords), \(days) \(mark)"
    }

    private static func share(_ part: Int, of whole: Int) -> HTML {
        whole == 0 ? "–" : "\(part * 100 / max(whole, 1)) %"
    }

    private static func refusedCell(_ newest: Delivery?) -> HTML {
        guard let newest else { return "–" }
        return newest.refused == 0 ? "None" : "\(newest.refused)"
    }

    static func source(
        _ line: Line, _ deliveries: [Delivery], _ faults: [FaultCount], _ columns: [FeedColumn], said: String?,
        today: Day, mayTakeIn: Bool
    ) -> Page {
        let source = line.source
        let holds =
            switch source.extract {
            case .whole: "everybody: whoever is no longer in it has left"
            case .additions: "what is new: nobody leaves by not being in it"
            case .notices: "there are none: each notice comes by itself"
            }
        let sends = source.extract != .notices
        let take: HTML? =
            mayTakeIn && sends
            ? """
            <p class="govuk-body">\(anchor(Link("Take in an extract", to: "/feeds/take-in?source=\(source.code)")))</p>
            """ : nil
        return Page(
            source.name, back: Link("Sources", to: "/feeds"), isListed: false,
            """
            \(done(said, line.newest))
            <h1 class="govuk-heading-l">\(source.name)</h1>
            <p class="govuk-body">\(source.words).</p>
            \(summaryList([
                SummaryRow("Agency", "\(source.agency)"),
                SummaryRow("Newest extract", freshness(line, today)),
                SummaryRow("Each extract holds", "\(holds)"),
                SummaryRow("Records now", "\(Digits.grouped(line.reach.held))"),
                SummaryRow("Linked to a child", "\(Digits.grouped(line.reach.linked))"),
                SummaryRow("Of children other sources know too", "\(Digits.grouped(line.reach.shared))"),
                SummaryRow("Refused rows are put right by", "\(source.fixer)"),
            ]))
            \(take)
            \(sends ? faultTable(faults, source, line.newest) : nil)
            \(completeness(line.newest, columns))
            \(history(deliveries))
            \(sends ? details("The template of this source", templateTable(source, columns)) : nil)
            """)
    }

    /// What an upload did, for whoever sent it.
    private static func done(_ said: String?, _ newest: Delivery?) -> HTML? {
        guard let newest, said == "taken" || said == "before" else { return nil }
        if said == "before" {
            return notice(
                "Nothing to do",
                "<p class=\"govuk-body\">This very file was the last to be taken in, so nothing was changed.</p>")
        }
        let refused = newest.refused == 0 ? "No row was refused." : "\(newest.refused) rows were refused: see below."
        return notice(
            "Taken in",
            """
            <p class="govuk-body">The extract of \(newest.asOf.inWords): \(Digits.grouped(newest.added)) new, \
            \(Digits.grouped(newest.changed)) changed, \(Digits.grouped(newest.unchanged)) as they were, \
            \(Digits.grouped(newest.gone)) left. \(refused) Its records are linked within a minute.</p>
            """)
    }

    private static func faultTable(_ faults: [FaultCount], _ source: FeedSource, _ newest: Delivery?) -> HTML? {
        guard let newest else {
            return "<p class=\"govuk-body\">No extract of this source has been taken in.</p>"
        }
        guard newest.refused > 0 else {
            return "<p class=\"govuk-body\">Every row of the newest extract could be read.</p>"
        }
        let rows = faults.map { fault -> [HTML] in
            ["\(fault.column.isEmpty ? "the whole row" : fault.column)", "\(fault.words)", "\(fault.count)"]
        }
        return """
            <h2 class="govuk-heading-m">What is refused, and why</h2>
            <p class="govuk-body">\(newest.refused) of \(Digits.grouped(newest.lines)) rows. They are kept apart until \
            \(source.fixer) sends them right; what was held of these children before is as it was.</p>
            \(table("Reasons", head: ["Column", "Reason", "Rows"], rows: rows, isCaptionShown: false))
            <p class="govuk-body">\(anchor(Link("See the refused rows", to: "/feeds/\(source.code)/refused")))</p>
            """
    }

    /// How many rows have each column, as bars that need no picture.
    private static func completeness(_ newest: Delivery?, _ columns: [FeedColumn]) -> HTML? {
        guard let newest, newest.lines > newest.refused else { return nil }
        let kept = newest.lines - newest.refused
        let rows = columns.filter { $0.kind != .id }.map { column -> [HTML] in
            let filled = newest.filled[column.name] ?? 0
            let percent = filled * 100 / max(kept, 1)
            return [
                "\(column.name)",
                "<meter min=\"0\" max=\"100\" value=\"\(percent)\">\(percent) %</meter> \(percent) %",
                "\(newest.absent.contains(column.name) ? "the extract has no such column" : "")",
            ]
        }
        return """
            <h2 class="govuk-heading-m">How complete it is</h2>
            \(table("Filled columns", head: ["Column", "Filled", "Note"], rows: rows, isCaptionShown: false))
            """
    }

    private static func history(_ deliveries: [Delivery]) -> HTML? {
        guard !deliveries.isEmpty else { return nil }
        let rows = deliveries.map { delivery -> [HTML] in
            [
                "\(delivery.asOf.inWords)", "\(delivery.received.dayInEngland.inWords)", "\(delivery.added)",
                "\(delivery.changed)",
                "\(delivery.gone)\(delivery.withheld > 0 ? " (\(delivery.withheld) left open)" : "")",
                "\(delivery.refused)",
            ]
        }
        return """
            <h2 class="govuk-heading-m">Extracts taken in</h2>
            \(table("Extracts", head: ["Of", "Taken in", "New", "Changed", "Left", "Refused"], rows: rows,
                isCaptionShown: false))
            """
    }

    private static func templateTable(_ source: FeedSource, _ columns: [FeedColumn]) -> HTML {
        let rows = columns.map { column -> [HTML] in
            ["<code>\(column.name)</code>", "\(column.words)", "\(column.isNeeded ? "every row" : "where known")"]
        }
        return """
            <p class="govuk-body">A file of comma-separated values, UTF-8, its first line naming the columns, called \
            <code>\(source.code)_2026-10-01.csv</code> by the day of which it tells. \
            \(anchor(Link("An empty file to begin with", to: "/feeds/\(source.code)/template.csv"))).</p>
            \(table("Columns", head: ["Column", "What stands there", "Needed"], rows: rows, isCaptionShown: false))
            """
    }

    static func refused(_ source: FeedSource, _ newest: Delivery?, _ rows: [RefusedRow]) -> Page {
        let shown = rows.map { row -> [HTML] in
            let reasons = row.faults.map { fault -> HTML in
                "<li>\(fault.column.isEmpty ? "" : "\(fault.column): ")\(fault.words)</li>"
            }
            let written = row.written.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            return [
                "\(row.line)", "\(row.ref ?? "not told")", "<ul class=\"govuk-list\">\(reasons)</ul>",
                details("What stood there", "<p class=\"govuk-body-s\">\(written.joined(separator: "; "))</p>"),
            ]
        }
        let first = rows.count == FeedRoutes.most ? " The first \(FeedRoutes.most) are shown." : ""
        let body: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">No row of the newest extract was refused.</p>"
            : """
            <p class="govuk-body">The extract of \(newest.map { $0.asOf.inWords } ?? ""). \
            \(source.fixer.capitalisedFirst) puts them right at the source and sends the extract again.\(first)</p>
            \(table("Refused rows", head: ["Line", "Number", "Why", "Row"], rows: shown, isCaptionShown: false))
            """
        return Page(
            "Refused rows", back: Link(source.name, to: "/feeds/\(source.code)"), isListed: false,
            "<h1 class=\"govuk-heading-l\">\(source.name): refused rows</h1>\n\(body)")
    }
}

/// How often a reason stands among the refused rows.
struct FaultCount: Hashable, Sendable {
    let column: String
    let words: String
    let count: Int
}

extension String {
    /// The same with a capital at the beginning.
    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
