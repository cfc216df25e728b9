import Access
import AccessServer
import Kernel
import SingleView
import Web

enum ReviewPages {
    // MARK: - The queue

    static func home(
        _ standing: ReviewStore.Standing, _ last: (id: String, verdict: Verdict)?, said: String?, _ form: Form,
        today: Day
    ) -> Page {
        let begin: HTML =
            standing.waiting == 0
            ? """
            <p class="govuk-body">Nothing waits to be decided. New pairs come when an agency’s list is taken in \
            and the model is unsure of two records.</p>
            """
            : """
            <p class="govuk-body-l">\(count(standing.waiting, "pair waits", "pairs wait")), the one whose \
            answer is worth most first.</p>
            \(buttonLink(Link("Begin", to: "/review/next")))
            """
        return Page(
            "Review of records", scripts: ["keys"], isListed: false,
            """
            \(done(said, last, form))
            <h1 class="govuk-heading-l">Are these two one child?</h1>
            \(begin)
            \(standing.waiting == 0 ? nil : facts(standing, today))
            <h2 class="govuk-heading-m">Sample for the quality of links</h2>
            <p class="govuk-body">\(sample(standing))</p>
            \(progress(standing))
            <p class="govuk-body">\(anchor(Link("Joined and parted so far", to: "/review/changes"))); \
            \(anchor(Link("how good the links are", to: "/review/quality"))); \
            \(anchor(Link("the models of linking", to: "/review/models"))); \
            \(anchor(Link("whether a child is known already", to: "/review/find"))).</p>
            <p class="app-source">Order of the pairs: rule \(Worth.id). Pairs of children whose record is \
            protected, and of children you have to do with or are kept from, are not shown to you.</p>
            """)
    }

    private static func facts(_ standing: ReviewStore.Standing, _ today: Day) -> HTML {
        let oldest = standing.oldest.map { oldest -> String in
            let days = max(0, today.days(since: oldest.dayInEngland))
            return days == 0 ? "today" : "\(days) \(days == 1 ? "day" : "days") ago"
        }
        return summaryList([
            SummaryRow("May be one child", "\(count(standing.toJoin, "pair", "pairs"))", note: "on two pages now"),
            SummaryRow("May be two children", "\(count(standing.toPart, "pair", "pairs"))", note: "on one page now"),
            SummaryRow("Asked for a second opinion", "\(standing.seconds)"),
            SummaryRow(
                "Worth of the answer", "\(standing.much) much, \(standing.some) some, \(standing.little) little"),
            SummaryRow("Oldest", "\(oldest ?? "none")"),
        ])
    }

    private static func sample(_ standing: ReviewStore.Standing) -> HTML {
        guard standing.samples > 0 else { return "No sample is drawn yet: it is drawn when records are linked." }
        let left = standing.samples - standing.sampled
        let rest: HTML =
            left > 0
            ? anchor(Link("look at the next without the model’s word", to: "/review/samples/next")) : "all done"
        return "\(standing.sampled) of \(standing.samples) pairs looked at: \(rest)"
    }

    private static func progress(_ standing: ReviewStore.Standing) -> HTML? {
        guard !standing.days.isEmpty else { return nil }
        let rows = standing.days.map { day -> [HTML] in
            ["\((try? Day(iso: day.day))?.inWords ?? day.day)", "\(day.all)", "\(day.mine)"]
        }
        return table("Decided each day", head: ["Day", "By all", "By you"], rows: rows)
    }

    private static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(Digits.grouped(number)) \(number == 1 ? one : many)"
    }

    // MARK: - What was just done

    static func code(_ outcome: AnswerOutcome) -> String {
        switch outcome {
        case .decided, .needsReason: "saved"
        case .waits: "waits"
        case .disagreed: "disagreed"
        case .over: "over"
        case .notSecond: "not-second"
        case .refused(let why): why == .closed ? "closed" : "over"
        }
    }

    private static let said = [
        "waits": "Saved. A second person is asked before anything is changed.",
        "disagreed": "Saved. You and the first person said different things, so nothing was changed.",
        "over": "That pair was no question any more: nothing was changed.",
        "not-second": "A second person is needed for that pair, apart from the first. Nothing was changed.",
        "closed": "That record is protected by now. Nothing was changed.", "taken-back": "Taken back, with all it did.",
    ]

    private static func done(_ code: String?, _ last: (id: String, verdict: Verdict)?, _ form: Form) -> HTML? {
        let text = code.flatMap { code -> String? in
            if code == "saved", let last { return "Saved: \(last.verdict.words.lowercased())." }
            return said[code]
        }
        let undo: HTML? = last.map { last in
            form.posting(
                to: "/review/answers/\(last.id)/withdrawal",
                button("Take the last back: \(last.verdict.words.lowercased()) (U)", look: .quiet, key: "u"))
        }
        guard text != nil || undo != nil else { return nil }
        let words: HTML? = text.map { "<p class=\"govuk-body govuk-!-margin-bottom-0\" role=\"status\">\($0)</p>" }
        return "<div class=\"app-actions\">\(words)\(undo)</div>"
    }

    // MARK: - Two records

    static func pair(
        _ pair: ComparedPair, _ words: FactWords, _ last: (id: String, verdict: Verdict)?, said: String?, _ form: Form
    ) -> Page {
        let isBlind = pair.isSample || pair.isSecond
        let second: HTML? =
            pair.isSecond
            ? inset("<p class=\"govuk-body\">A second opinion is asked of you. What the first said is not shown.</p>")
            : nil
        let model: HTML? =
            isBlind
            ? nil
            : """
            <p class="govuk-body">The model says: \(Comparing.words(pair.chance)). \
            <span class="app-source">Model \(pair.model), \(pair.made.dayInEngland.inWords)</span></p>
            """
        let told: HTML = "\(comparison(pair, words))\(model)\(isBlind ? nil : effect(pair, words))"
        return Page(
            "Are these two one child?", back: Link("All pairs", to: "/review"), scripts: ["keys"], isListed: false,
            """
            \(errorSummary(form.errors))
            \(done(said, last, form))
            <h1 class="govuk-heading-m">Are these two one child?</h1>
            \(second)\(pair.closed
                ? "\(told)\(inset("<p class=\"govuk-body\">This pair was answered.</p>"))" : answers(pair, told, form))
            """)
    }

    private static let fields: [(name: String, fact: String)] = [
        ("given", "given"), ("middle", "middle"), ("family", "family"), ("born", "born"), ("sex", "sex"),
        ("nhs_number", "nhs-number"), ("upn", "upn"), ("address", "address"), ("postcode", "postcode"),
        ("phone", "phone"),
    ]

    private static func comparison(_ pair: ComparedPair, _ words: FactWords) -> HTML {
        let rows = fields.compactMap { field -> HTML? in
            let (one, other) = (pair.one.cells[field.name], pair.other.cells[field.name])
            guard let mark = Comparing.mark(one, other) else { return nil }
            let look = mark == .different ? "app-differs" : mark == .alike ? "app-alike" : ""
            func shown(_ value: String?) -> HTML { value.map { "\(words.value(field.fact, $0))" } ?? "–" }
            return row(
                FactWords.name(of: field.fact), shown(one), shown(other), look: look,
                mark: "<span class=\"app-mark app-mark--\(mark.rawValue)\">\(mark.words)</span>")
        }
        func standing(_ record: ComparedPair.Record) -> HTML {
            record.gone.map { "until \($0.inWords), no longer there" } ?? "newest word \(record.asOf.inWords)"
        }
        let more = [
            row(
                "Told", "since \(pair.one.firstDay.inWords), \(standing(pair.one))",
                "since \(pair.other.firstDay.inWords), \(standing(pair.other))"),
            row("Other records", others(pair.one, words), others(pair.other, words)),
        ]
        return """
            <table class="govuk-table app-pair">\
            <caption class="govuk-visually-hidden">Two records side by side</caption>
            <thead class="govuk-table__head"><tr class="govuk-table__row"><td class="govuk-table__header"></td>\
            <th scope="col" class="govuk-table__header">\(words.source(pair.one.source))</th>\
            <th scope="col" class="govuk-table__header">\(words.source(pair.other.source))</th></tr></thead>
            <tbody class="govuk-table__body">\(rows + (pair.isSample ? [more[0]] : more))</tbody></table>
            """
    }

    private static func row(
        _ name: String, _ one: HTML, _ other: HTML, look: String = "", mark: HTML? = nil
    ) -> HTML {
        """
        <tr class="govuk-table__row \(look)"><th scope="row" class="govuk-table__header">\(name)\(mark)</th>\
        <td class="govuk-table__cell">\(one)</td><td class="govuk-table__cell">\(other)</td></tr>
        """
    }

    private static func others(_ record: ComparedPair.Record, _ words: FactWords) -> HTML {
        guard !record.others.isEmpty else { return "none" }
        return "\(record.others.count): \(Array(Set(record.others.map(words.source))).sorted().joined(separator: ", "))"
    }

    /// What follows from each answer.
    private static func effect(_ pair: ComparedPair, _ words: FactWords) -> HTML {
        switch pair.kind {
        case .join:
            let two: HTML? =
                pair.takesTwo
                ? " Since people stand to both, or somebody is kept from one, a second person is asked." : nil
            return """
                <p class="govuk-body">They are on two pages. “Same child” joins these, with all that hangs on \
                them; it can be undone.\(two)</p>
                """
        case .part:
            let going = pair.leaving.map(words.source).joined(separator: ", ")
            return """
                <p class="govuk-body">They are on one page. “Different children” makes a page of its own for \
                \(count(pair.leaving.count, "record", "records")) (\(going)); it can be undone.</p>
                """
        }
    }

    /// The form holds the comparison too, so that its answers stay in sight while one reads.
    private static func answers(_ pair: ComparedPair, _ told: HTML, _ form: Form) -> HTML {
        func answer(_ verdict: Verdict, _ key: String, _ look: ButtonLook) -> HTML {
            button(
                "\(verdict.words) (\(key.uppercased()))", look: look, name: "verdict", value: verdict.rawValue, key: key
            )
        }
        let label = pair.takesTwo && pair.kind == .join ? "Why (needed for “same child”)" : "Why (you need not say)"
        let area = textArea("reason", label: label, value: form["reason"], error: form.error(of: "reason"), rows: 2)
        let reason: HTML? =
            pair.isSample ? nil : pair.takesTwo || form.error(of: "reason") != nil ? area : details("Say why", area)
        return form.posting(
            to: "/review/\(pair.id)/answers",
            """
            \(told)\(reason)
            <div class="app-answers">\(answer(.same, "s", .primary))\(answer(.different, "d", .primary))\
            \(answer(.unsure, "c", .secondary))</div>
            """)
    }

    static func held(isSample: Bool) -> Page {
        Page(
            "Somebody else has this pair", back: Link("All pairs", to: "/review"), isListed: false,
            """
            <h1 class="govuk-heading-l">Somebody else has this pair before them</h1>
            <p class="govuk-body">It is theirs for \(ReviewStore.leaseMinutes) minutes from when they opened it.</p>
            \(buttonLink(Link("Another pair", to: isSample ? "/review/samples/next" : "/review/next")))
            """)
    }

    static func refused(_ refusal: JoinRefusal) -> Page {
        Page(
            "Nothing was changed", back: Link("All pairs", to: "/review"), isListed: false,
            """
            <h1 class="govuk-heading-l">Nothing was changed</h1>
            <p class="govuk-body">\(refusal.words)</p>
            <p class="govuk-body">\(anchor(Link("Joined and parted so far", to: "/review/changes")))</p>
            """)
    }

    // MARK: - Changes

    static func changes(_ changes: [(change: PersonChange, decider: String)], _ form: Form) -> Page {
        let rows = changes.map { change, decider -> [HTML] in
            let state: HTML =
                if let undone = change.undone { "undone \(undone.inWords)" } else {
                    form.posting(
                        to: "/review/changes/\(change.id)/withdrawal",
                        button("Undo\(of(change))", look: .quiet))
                }
            return [
                "\(change.at.inWords)", "\(change.kind == .join ? "Two joined" : "Records parted")", "\(decider)",
                "\(change.reason)", state,
            ]
        }
        let list: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">Nobody has joined or parted any records yet.</p>"
            : table(
                "Joined and parted", head: ["When", "What", "By", "Why", "Undo"], rows: rows, isCaptionShown: false)
        return Page(
            "Joined and parted", back: Link("All pairs", to: "/review"), isListed: false,
            "<h1 class=\"govuk-heading-l\">Joined and parted so far</h1>\n\(list)")
    }

    /// For whoever hears the page: each button has its own words.
    private static func of(_ change: PersonChange) -> String {
        change.kind == .join ? " the joining of \(change.at.inWords)" : " the parting of \(change.at.inWords)"
    }
}
