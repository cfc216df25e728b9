import Access
import Casework
import Kernel
import Web

/// The cases of a child, and one of them from its first day: for the family, and for everybody else who may see it.
enum TimelinePages {
    /// How whoever reads may ask for an assessment from here.
    enum Asking: Sendable {
        case asOfficer, asFamily, asSetting, no

        func link(_ person: String, _ name: String) -> Link? {
            switch self {
            case .asOfficer: Link("Enter a request, or that we were told of \(name)", to: "/people/\(person)/cases/new")
            case .asFamily: Link("Ask for an assessment of \(name)", to: "/people/\(person)/request")
            case .asSetting: Link("Ask for an assessment of \(name)", to: "/people/\(person)/request-as-setting")
            case .no: nil
            }
        }
    }

    static func list(_ person: String, _ name: String, _ lines: [DayPages.Line], _ asking: Asking) -> Page {
        let rows = lines.map { line -> [HTML] in
            [
                anchor(
                    Link(
                        "\(line.line.file.isReassessment ? "Reassessment, since" : "Since") "
                            + "\(line.line.file.opened?.inWords ?? "")", to: "/cases/\(line.line.file.id)")),
                "\(line.line.file.words)",
                line.outlook.next.map { "\($0.due?.inWords ?? "") \(LimitWords.tagged($0))" } ?? "Nothing is owed",
            ]
        }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">No assessment has been asked for yet. A parent, the young person, the school or "
                + "the college can ask, at any time: \(anchor(Link("ask for an assessment", to: "/requests/new"))).</p>"
            : table("Assessments of \(name)", head: ["Case", "How it stands", "Next date"], rows: rows)
        let begin: HTML? = asking.link(person, name).map {
            "<p class=\"govuk-body app-actions\">\(anchor($0))</p>"
        }
        return Page(
            "Assessments of \(name)", back: Link(name, to: "/people/\(person)"), isListed: false,
            """
            <h1 class="govuk-heading-l">Assessments of \(name)</h1>
            \(shown)
            \(begin)
            """)
    }

    /// What stands on the page of a case besides the case: the key worker, what panels said.
    struct Beside: Sendable {
        let panels: [HTML]
        let hearings: HTML?
    }

    static func page(_ record: CaseRecord, _ times: CaseTimes, _ beside: Beside, _ form: Form, today: Day) -> Page {
        let outlook = Outlook(record.file, times)
        let work: HTML? =
            record.mayWork
            ? """
            <p class="govuk-body app-actions">\(anchor(Link("Work on this case",
                to: "/cases/\(record.id)/events/new")))</p>
            """
            : nil
        return Page(
            "\(record.file.name) of \(record.name)",
            back: Link("Assessments of \(record.name)", to: "/people/\(record.person)/cases"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(record.file.name) of \(record.name)</h1>
            \(now(record, outlook))
            \(late(times))
            \(keyWorker(beside, record))
            \(DisputePages.rights(record, times))
            \(WorryPages.section(record, form))
            \(MeetingPages.section(record, form))
            \(work)
            \(WishPages.onCase(record))
            \(letters(record))
            \(BundlePages.link(record))
            \(dates(times))
            \(advice(record, times))
            \(beside.hearings)
            \(history(record, times))
            \(help)
            """)
    }

    /// Who the key worker is; where nobody is, the family is offered one.
    private static func keyWorker(_ beside: Beside, _ record: CaseRecord) -> HTML? {
        if !beside.panels.isEmpty { return "\(beside.panels)" }
        guard record.isFamilys, record.file.state.isOpen else { return nil }
        return """
            <h2 class="govuk-heading-m" id="key-worker">Key worker</h2>
            <p class="govuk-body">You can have a key worker: one person whom you can call, who knows your story and \
            holds the threads together. Nobody is named yet. If you want one, write it below under “Worries and \
            answers”.</p>
            """
    }

    // MARK: - Now and next

    private static func now(_ record: CaseRecord, _ outlook: Outlook) -> HTML {
        let next: [SummaryRow] =
            outlook.next.map { limit in
                [
                    SummaryRow("What is next", "\(limit.says)", note: "\(limit.basis.words): \(limit.provision)"),
                    SummaryRow("How it stands", LimitWords.tagged(limit)),
                ]
            } ?? [
                SummaryRow("What is next", "\(DisputePages.nothingNext(record.file))")
            ]
        let rows =
            [SummaryRow("Now", "\(record.file.words)")] + [DisputePages.standing(record.file)].compactMap { $0 }
            + next + [
                SummaryRow("Who has it", "\(outlook.wait.words)")
            ]
        return summaryList(rows)
    }

    private static func late(_ times: CaseTimes) -> HTML? {
        let late = times.limits.filter {
            $0.daysOverdue != nil && $0.basis != .guidance && ($0.actor == .council || !$0.advice.isEmpty)
        }
        guard !late.isEmpty else { return nil }
        let warnings = late.map { limit -> HTML in
            let days = limit.daysOverdue ?? 0
            let excuse =
                limit.isExcused
                ? " An exception was claimed with its facts; the date of law stays." : " No exception excuses it."
            let target = limit.target.map { " The council now aims at \($0.inWords). That is no date of law." } ?? ""
            return warning("\(limit.says) That was \(LimitWords.plural(days, "day")) ago.\(excuse)\(target)")
        }
        return "\(warnings)"
    }

    private static func letters(_ record: CaseRecord) -> HTML? {
        guard record.classes.contains(.caseWords) else {
            return inset(
                """
                <p class="govuk-body">Letters and reasons are given to you by people. Ask the council for them.</p>
                """)
        }
        let items = record.letters.map { letter in
            """
            <li>\(anchor(Link(letter.kind.title, to: "/letters/\(letter.id)"))), \(letter.at.dayInEngland.inWords)\
            \(ErrandPages.marks(of: letter.id, record))</li>
            """ as HTML
        }
        guard !items.isEmpty else { return nil }
        return """
            <h2 class="govuk-heading-m">Letters</h2>
            <ul class="govuk-list govuk-list--bullet">\(items)</ul>
            """
    }

    // MARK: - Dates

    private static func dates(_ times: CaseTimes) -> HTML {
        let own = times.limits.filter(\.advice.isEmpty)
        let rows = own.map { limit -> [HTML] in
            [
                "\(limit.says)\(explained(limit, times))",
                "\(day(limit))<div class=\"app-source\">who acts: \(limit.actor.words)</div>", LimitWords.tagged(limit),
            ]
        }
        let unanswered: HTML? =
            times.unanswered.isEmpty
            ? nil : inset("<p class=\"govuk-body\">Could not be said: \(times.unanswered.joined(separator: "; "))</p>")
        return """
            \(table("Dates", head: ["What", "By when", "How it stands"], rows: rows))
            \(unanswered)
            """
    }

    private static func day(_ limit: CaseLimit) -> HTML {
        let act: HTML? = limit.actBy.map { "<div class=\"app-source\">no working day: done by \($0.inWords)</div>" }
        let target: HTML? = limit.target.map {
            "<div class=\"app-source\">the council aims at \($0.inWords), which is no date of law</div>"
        }
        return """
            \(limit.due?.inWords ?? "No day")<div class="app-source">\(limit.basis.words)</div>\(act)\(target)
            """
    }

    /// Why a date is what it is.
    private static func explained(_ limit: CaseLimit, _ times: CaseTimes) -> HTML {
        let changes = times.changes.filter { $0.rule == limit.rule }.map { change in
            """
            <p class="govuk-body">It was put right: before \(change.was?.inWords ?? "no day"), now \
            \(change.now?.inWords ?? "no day").</p>
            """ as HTML
        }
        return details(
            "Why this day",
            """
            <p class="govuk-body">\(limit.sentence)</p>
            \(changes)
            <p class="app-source">\(limit.provision) (\(limit.regime)); rule \(limit.rule), version \(limit.version); \
            counted from \(limit.trigger.inWords)</p>
            """)
    }

    private static func advice(_ record: CaseRecord, _ times: CaseTimes) -> HTML? {
        let all = record.file.advice
        guard !all.isEmpty else { return nil }
        let rows = all.map { advice -> [HTML] in
            let limit = times.limits.first { $0.advice == advice.id }
            let who: HTML? = record.body(of: advice).map { "<div class=\"app-source\">\($0)</div>" }
            return [
                "\(advice.kind.words)\(who)<div class=\"app-source\">\(advice.kind.provision)</div>",
                "\(advice.isReused ? "Earlier advice, agreed \(advice.asked.inWords)" : advice.asked.inWords)",
                "\(advice.isReused ? "Not needed" : advice.reached?.inWords ?? "Not noted yet")",
                limit.map { "\(day($0))\(explained($0, times))" } ?? "",
                adviceStanding(advice, limit),
            ]
        }
        return """
            \(table("Advice", head: ["Whose", "Asked", "They had the request", "Due", "How it stands"], rows: rows))
            <p class="govuk-body">\(anchor(Link("What each was asked, and what they wrote",
                to: "/cases/\(record.id)/advice")))</p>
            """
    }

    private static func adviceStanding(_ advice: Advice, _ limit: CaseLimit?) -> HTML {
        if advice.isReused { return tag("Not asked again (reg 6(4))", .green) }
        if let limit { return LimitWords.tagged(limit) }
        return advice.came.map { tag("Came \($0.inWords)", .green) } ?? tag("Waiting", .blue)
    }

    // MARK: - What happened

    private static func history(_ record: CaseRecord, _ times: CaseTimes) -> HTML {
        let replaced = Dictionary(
            record.file.events.compactMap { event in event.correction.map { ($0.of, event) } },
            uniquingKeysWith: { first, _ in first })
        let events = record.file.events.enumerated().sorted {
            ($0.element.day, $0.offset) < ($1.element.day, $1.offset)
        }
        let rows = events.map { _, event -> [HTML] in
            let noted = record.noted[event.id]
            return [
                "\(event.day.inWords)",
                "\(record.file.words(of: event))\(mark(event, replaced[event.id]))\(texts(event, record))",
                """
                \(noted?.who ?? "")<div class="app-source">noted \
                \(noted?.at.dayInEngland.inWords ?? "")</div>
                """,
            ]
        }
        return table("What happened", head: ["Day", "What", "Who noted it"], rows: rows)
    }

    private static func mark(_ event: CaseEvent, _ by: CaseEvent?) -> HTML? {
        if let by {
            return " \(tag(by.correction?.isAnnulled == true ? "Did not happen" : "Put right below", .grey))"
        }
        guard let correction = event.correction else { return nil }
        return " \(tag(correction.isAnnulled ? "Says that an entry was wrong" : "Puts an entry right", .yellow))"
    }

    private static func texts(_ event: CaseEvent, _ record: CaseRecord) -> HTML? {
        let parts: [(TextPart, String)] = [
            (.own, "In their own words"), (.asked, "What they wrote"), (.told, "What was said"), (.teller, "By"),
            (.how, "How"), (.reference, "Its number, or by whom"),
            (.reasons, "Reasons"), (.needs, AssessmentTest.needsWords), (.plan, AssessmentTest.planWords),
            (.help, "Help that starts now, or goes on"), (.because, "Why"),
        ]
        let shown = parts.compactMap { part, title -> HTML? in
            record.text(part, of: event.id).map { "<div class=\"app-source\">\(title): \($0)</div>" }
        }
        return shown.isEmpty ? nil : "\(shown)"
    }

    private static let help = details(
        "Help, advice, and if you do not agree",
        """
        <p class="govuk-body">SENDIASS gives free, confidential and impartial advice: \
        \(anchor(Link("find it in the Local Offer", to: "/search?q=SENDIASS"))). It sees this case if you let it.</p>
        <p class="govuk-body">You can ask for an assessment at any time, talk with the officer of the case, go to \
        mediation, and appeal to the Tribunal. Mediation is your choice and never stands in the way of an appeal.</p>
        """)
}
