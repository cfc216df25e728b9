import Access
import Kernel
import Notices
import Web

/// The list of notices.
enum NoticePages {
    struct Listed: Sendable {
        let filter: NoticeFilter
        let lines: [NoticeLine]
        let count, page: Int
        let today: Day
        let hasLead, isLead: Bool
    }

    static func list(_ listed: Listed) -> Page {
        let rows = listed.lines.map { row($0, listed.today) }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">\(empty(listed))</p>"
            : table(
                "\(listed.filter.words): \(Digits.grouped(listed.count))",
                head: ["Child", "From", "Open", "How it stands", "What it lacks"], rows: rows)
        let size = NoticeRoutes.size
        let pages = (listed.count + size - 1) / size
        let lead: HTML? =
            listed.hasLead
            ? nil : inset("<p class=\"govuk-body\">No lead is named, so a team manager decides in their place.</p>")
        return Page(
            "Early notices", isListed: false,
            """
            <h1 class="govuk-heading-l">Early notices</h1>
            <p class="govuk-body">From health bodies, of children under compulsory school age who have or probably \
            have special educational needs or a disability. Those that are incomplete come first, then those that have \
            been open longest.</p>
            \(lead)
            \(filters(listed.filter))
            \(shown)
            \(pagination(page: listed.page, pages: pages) { "/notices?show=\(listed.filter.rawValue)&page=\($0)" })
            """)
    }

    private static func filters(_ chosen: NoticeFilter) -> HTML {
        let items = NoticeFilter.allCases.map { filter -> HTML in
            filter == chosen
                ? "<li><strong aria-current=\"true\">\(filter.words)</strong></li>"
                : "<li>\(anchor(Link(filter.words, to: "/notices?show=\(filter.rawValue)")))</li>"
        }
        return """
            <nav class="app-filters" aria-label="Which notices"><ul class="govuk-list">\(items)</ul></nav>
            """
    }

    private static func empty(_ listed: Listed) -> String {
        switch listed.filter {
        case .all: "No notice has come in yet. Health bodies send them by a form, or from their own systems."
        case .open: "Every notice that came in has led to support. New ones appear here."
        case .lead: "Nothing waits for the named lead."
        default: "There is no notice of this kind."
        }
    }

    private static func row(_ line: NoticeLine, _ today: Day) -> [HTML] {
        let progress = line.progress
        let days = progress.daysOpen(on: today)
        let born: HTML? = line.born.map { "<div class=\"app-source\">born \($0.inWords)</div>" }
        let reference: HTML? = line.reference.map { "<div class=\"app-source\">\($0)</div>" }
        return [
            "\(anchor(Link(line.name ?? "Part of a record", to: "/notices/\(line.id)")))\(born)",
            "\(line.body)\(reference)",
            "\(count(days, "day"))<div class=\"app-source\">since \(progress.attention.inWords)</div>",
            standing(line),
            "\(progress.missing.isEmpty ? "Nothing" : progress.missing.map(\.short).joined(separator: "; "))",
        ]
    }

    static func standing(_ line: NoticeLine) -> HTML {
        let lead: HTML? = line.isWithLead ? " \(tag("For the named lead", .red))" : nil
        let state = line.progress.state
        let colour: TagColour =
            switch state {
            case nil: .blue
            case .pickedUp: .yellow
            case .contacted: .teal
            case .supported: .green
            }
        return "\(tag(state?.words ?? "Received", colour))\(lead)"
    }

    static func count(_ number: Int, _ thing: String) -> String {
        "\(Digits.grouped(number)) \(thing)\(number == 1 ? "" : "s")"
    }
}

/// One notice, with what was done and what is next.
enum NoticePage {
    static func page(_ record: NoticeRecord, today: Day, hasLead: Bool, decides: Bool, _ form: Form) -> Page {
        let line = record.line
        let title = line.name ?? "A notice that is part of a record"
        let forms: HTML? =
            record.mayWork
            ? "\(decision(record, hasLead: hasLead, decides: decides, form))\(next(record, today, form))" : nil
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)", back: Link("Early notices", to: "/notices"),
            isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            <p class="govuk-body">\(NoticePages.standing(line)) \
            \(line.progress.missing.isEmpty ? tag("Complete", .green) : tag("Incomplete", .red))</p>
            \(record.mayWork ? nil : closed)
            \(missing(record))
            <h2 class="govuk-heading-m">The notice</h2>
            \(summaryList(times(record, today)))
            \(summaryList(NoticeFacts.rows(record)))
            <div class="app-actions">\(forms)</div>
            \(history(record))
            """)
    }

    private static let closed = inset(
        """
        <p class="govuk-body">Whom it is about is known by now. What it says is part of that person’s record, which is \
        seen by those who have to do with them. Of this notice you see when it came and what was done.</p>
        """)

    private static func missing(_ record: NoticeRecord) -> HTML? {
        let missing = record.line.progress.missing
        guard !missing.isEmpty else { return nil }
        return inset(
            """
            <p class="govuk-body">It does not say: \(missing.map(\.short).joined(separator: "; ")). The health body \
            was asked for it the same day. \(NoticeWords.lead(from: record.leadFrom))</p>
            <p class="app-source">Children and Families Act 2014, section 23(2) to (4)</p>
            """)
    }

    private static func times(_ record: NoticeRecord, _ today: Day) -> [SummaryRow] {
        let progress = record.line.progress
        return [
            SummaryRow("From", "\(record.line.body), \(record.kind.words)"),
            SummaryRow(
                "Brought to attention", "\(progress.attention.inWords)",
                note: "Children and Families Act 2014, section 24(1). This day does not move"),
            SummaryRow(
                progress.state == .supported ? "Days to first support" : "Days open",
                "\(progress.daysOpen(on: today))"),
        ]
    }

    private static func decision(_ record: NoticeRecord, hasLead: Bool, decides: Bool, _ form: Form) -> HTML? {
        let progress = record.line.progress
        guard !progress.missing.isEmpty, progress.done[.contacted] == nil else { return nil }
        guard decides else {
            let who = hasLead ? "the named lead decides" : "a team manager decides, as no lead is named"
            return """
                <h2 class="govuk-heading-m">How the family is contacted</h2>
                <p class="govuk-body">While the notice is incomplete, \(who).</p>
                """
        }
        return """
            <h2 class="govuk-heading-m">Decide how the family is contacted</h2>
            \(form.posting(
                to: "/notices/\(record.line.id)/decisions", version: record.version,
                """
                \(radios("way", legend: "How", choices: ContactWay.allCases.map { Choice($0.rawValue, $0.words) },
                    chosen: form["way"], error: form.error(of: "way")))
                \(textArea("reason", label: "Why", value: form["reason"], error: form.error(of: "reason"), rows: 3))
                \(button("Decide"))
                """))
            """
    }

    /// The form for the next step, where there is one and it may be taken.
    private static func next(_ record: NoticeRecord, _ today: Day, _ form: Form) -> HTML? {
        guard let step = record.line.progress.next else { return nil }
        let address = "/notices/\(record.line.id)/steps"
        let chosen = hidden(step)
        if step == .pickedUp {
            return """
                <h2 class="govuk-heading-m">Pick it up</h2>
                <div id="pick-up">\(form.posting(
                    to: address, version: record.version, "\(chosen)\(button("I have picked this up"))"))</div>
                """
        }
        do { try record.line.progress.check(step, on: today, today: today) } catch {
            return """
                <h2 class="govuk-heading-m">Next: \(step.words)</h2>
                <p class="govuk-body">\(error.words).</p>
                """
        }
        let label = step == .contacted ? "How they were contacted" : "What support began"
        return """
            <h2 class="govuk-heading-m">Next: \(step.words)</h2>
            \(form.posting(
                to: address, version: record.version,
                """
                \(chosen)
                \(textInput("day", label: "On which day", value: form["day"], hint: "For example 31/8/2027",
                    error: form.error(of: "day"), width: "govuk-input--width-10", autocomplete: "off"))
                \(textInput("words", label: label, value: form["words"], error: form.error(of: "words"),
                    autocomplete: "off"))
                \(button("Save"))
                """))
            """
    }

    private static func hidden(_ step: NoticeStep) -> HTML {
        "<input type=\"hidden\" name=\"step\" value=\"\(step.rawValue)\">"
    }

    private static func history(_ record: NoticeRecord) -> HTML {
        let sees = record.mayWork
        var rows = record.versions.map { version -> (String, [HTML]) in
            (
                version.at.iso,
                [
                    "\(version.at.dayInEngland.inWords)",
                    "\(version.number == 1 ? "Received" : "Put right, version \(version.number)")",
                    "\(version.sender)",
                ]
            )
        }
        rows += record.decisions.map { decision in
            let reason: HTML? = sees ? "<div class=\"app-source\">\(decision.reason)</div>" : nil
            return (
                decision.at.iso,
                [
                    "\(decision.at.dayInEngland.inWords)",
                    "How the family is contacted: \(decision.way.words)\(reason)", "\(decision.who)",
                ]
            )
        }
        rows += record.steps.map { step in
            let words: HTML? = sees && !step.words.isEmpty ? "<div class=\"app-source\">\(step.words)</div>" : nil
            return (step.at.iso, ["\(step.day.inWords)", "\(step.step.words)\(words)", "\(step.who)"])
        }
        return table(
            "What was done", head: ["When", "What", "Who"], rows: rows.sorted { $0.0 < $1.0 }.map(\.1))
    }
}

/// What a notice says, as far as it is seen.
enum NoticeFacts {
    static func rows(_ record: NoticeRecord) -> [SummaryRow] {
        let content = record.content
        var rows: [SummaryRow] = []
        func add(_ key: String, _ value: String?) {
            rows.append(SummaryRow(key, "\(value.map { $0.isEmpty ? "Not said" : $0 } ?? "Not said")"))
        }
        if content.sees(.identity) {
            add("Name", "\(content.given ?? "") \(content.family ?? "")")
            add("Born", content.born?.inWords)
            add("Sex", content.sex?.words)
            add("NHS number", content.nhsNumber)
            add("The body’s reference", record.line.reference)
        }
        if content.sees(.location) {
            add(
                "Address",
                [content.address, content.postcode].compactMap { $0 }.filter { !$0.isEmpty }
                    .joined(separator: ", "))
            add("Telephone", content.telephone)
        }
        if content.sees(.thirdParty) { add("Parent", content.parentName) }
        if content.sees(.location) { add("How the parent is reached", content.parentContact) }
        if content.sees(.health) {
            let needs = (content.needs ?? "").split(separator: " ").compactMap { try? NeedType(code: $0).name }
            add("Needs, certain or probable", needs.joined(separator: "; "))
            add("The opinion", content.opinion)
            add("The report", content.report)
            add("The parent was told", content.told?.inWords)
            add("Offered to discuss it", content.isOffered ? "Yes" : nil)
            add(
                "Voluntary body named",
                content.voluntaryBody.map { $0.isEmpty ? "The body thinks that none is likely to help" : $0 })
        }
        if content.sees(.thirdParty) { add("Given by", content.givenBy) }
        return rows
    }
}
