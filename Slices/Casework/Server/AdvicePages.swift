import Casework
import Kernel
import LinksServer
import Web

/// The papers of a case, and the tasks of those who are asked.
enum AdvicePages {
    struct Papers: Sendable {
        let record: CaseRecord
        let times: CaseTimes
        /// By the event with which it came.
        let given: [String: GivenAdvice]
        /// Advice that came and is not for whoever reads.
        let withheld: Set<String>
        let chased: [String: [Chased]]
        let tasks: [String: [TaskLinks.Standing]]
    }

    static func papers(_ papers: Papers, _ form: Form) -> Page {
        let record = papers.record
        let all = record.file.advice.map { section($0, papers, form) }
        let body: HTML =
            all.isEmpty
            ? """
            <p class="govuk-body">No advice has been asked for. It is asked for when the council decides to assess.</p>
            """ : "\(all)"
        return Page(
            "Advice for \(record.name)", back: Link("The case", to: "/cases/\(record.id)"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Advice for \(record.name)</h1>
            <p class="govuk-body">\(record.file.state.words). What each was asked for, and what they wrote. It is \
            shown to you as far as it is yours to read.</p>
            \(body)
            """)
    }

    private static func section(_ advice: Advice, _ papers: Papers, _ form: Form) -> HTML {
        let limit = papers.times.limits.first { $0.advice == advice.id }
        let event = papers.record.file.standing.first { $0.kind == .adviceCame && $0.about == advice.id }
        var rows = [
            SummaryRow("Asked", "\(advice.asked.inWords)", note: advice.kind.provision),
            SummaryRow("They had the request", "\(advice.reached?.inWords ?? "Not noted yet")"),
        ]
        if let body = papers.record.body(of: advice) { rows.insert(SummaryRow("Of whom", "\(body)"), at: 0) }
        if let limit { rows.append(SummaryRow("Due", "\(limit.due?.inWords ?? "") \(LimitWords.tagged(limit))")) }
        if let day = advice.came, !advice.isReused { rows.append(SummaryRow("Came", "\(came(day, limit))")) }
        if let chased = papers.chased[advice.id], !chased.isEmpty {
            rows.append(SummaryRow("Asked again", "\(chased.map(\.words).joined(separator: "; "))"))
        }
        return """
            <section id="\(advice.id)">
            <h2 class="govuk-heading-m">\(advice.kind.words)</h2>
            \(summaryList(rows))
            \(event.map { content($0.id, advice.kind, papers) })
            \(links(advice, papers, form))
            </section>
            """
    }

    private static func came(_ day: Day, _ limit: CaseLimit?) -> String {
        guard case .late(_, let days)? = limit?.standing else { return day.inWords }
        return "\(day.inWords), \(LimitWords.plural(days, "day")) after its day"
    }

    private static func content(_ event: String, _ kind: AdviceKind, _ papers: Papers) -> HTML {
        if papers.withheld.contains(event) {
            return inset("<p class=\"govuk-body\">What it says is not shown to you here.</p>")
        }
        guard let given = papers.given[event] else {
            return "<p class=\"govuk-body\">It came on paper or by another way; its text is not kept here.</p>"
        }
        let parts = AdvicePart.asked(of: kind).compactMap { part -> HTML? in
            given.parts[part].map {
                """
                <h3 class="govuk-heading-s">\(part.title(of: kind))</h3><p class="govuk-body app-letter">\($0)</p>
                """
            }
        }
        let documents = given.documents.enumerated().map { number, document -> HTML in
            let size = max(1, document.bytes / 1024)
            return """
                <li>\(anchor(Link("Document \(number + 1) (\(document.type.uppercased()), \(Digits.grouped(size)) KB)",
                    to: "/advice-documents/\(document.id)")))</li>
                """
        }
        let list: HTML? = documents.isEmpty ? nil : "<ul class=\"govuk-list\">\(documents)</ul>"
        return "\(parts)\(list)"
    }

    // MARK: - Links

    private static func links(_ advice: Advice, _ papers: Papers, _ form: Form) -> HTML? {
        guard papers.record.mayWork, papers.record.file.state == .assessing, advice.came == nil else { return nil }
        let sent = (papers.tasks[advice.id] ?? []).map { task -> HTML in
            let standing = task.isAnswered ? "answered" : task.isOpen ? "not answered yet" : "ended"
            return "<li>\(task.name), \(task.address): \(standing)</li>"
        }
        let list: HTML? =
            sent.isEmpty
            ? nil
            : """
            <h3 class="govuk-heading-s">Asked by a link</h3>
            <ul class="govuk-list govuk-list--bullet">\(sent)</ul>
            <p class="govuk-body">Whoever has no account needs a code, told by telephone: \
            \(anchor(Link("codes, and taking a link back",
                to: "/people/\(papers.record.person)/tasks"))).</p>
            """
        let path = "/cases/\(papers.record.id)/advice/\(advice.id)/links"
        let isThis = form.fields["advice"] == advice.id
        let own = isThis ? form : nil
        return """
            \(list)
            \(details(
                sent.isEmpty ? "Send a link to whoever is asked" : "Send another link",
                isOpen: isThis && !form.errors.isEmpty,
                form.posting(
                    to: path,
                    """
                    <input type="hidden" name="advice" value="\(advice.id)">
                    \(textInput("name", label: "Who is asked",
                        value: own?["name"] ?? papers.record.body(of: advice) ?? "", error: own?.error(of: "name"),
                        autocomplete: "off"))
                    \(textInput("address", label: "Their e-mail address", value: own?["address"] ?? "",
                        hint: linkHint, error: own?.error(of: "address"), autocomplete: "off", mode: "email"))
                    \(button("Send the link", look: .secondary))
                    """)))
            """
    }

    static let linkHint = """
        Whoever has an account with this address finds the task there. Others get a link, and need a code besides that \
        you tell them by telephone
        """

    // MARK: - For whoever is asked

    struct Line: Sendable {
        let task: AdviceTask
        let name: String
        let limit: CaseLimit?
    }

    static func own(_ lines: [Line], _ form: Form) -> Page {
        let rows = lines.map { line -> [HTML] in
            [
                anchor(Link(line.name, to: "/advice-asked/\(line.task.task)")), "\(line.task.advice.kind.words)",
                line.limit.map { "\($0.due?.inWords ?? "") \(LimitWords.tagged($0))" } ?? received(line, form),
            ]
        }
        let body: HTML =
            rows.isEmpty
            ? """
            <p class="govuk-body">Nothing is asked of you now. When the council asks for your advice, you find it here \
            and are told by mail.</p>
            """ : table("Advice that is asked of you", head: ["About", "What", "By when"], rows: rows)
        return Page(
            "Advice asked of you", isListed: false,
            """
            <h1 class="govuk-heading-l">Advice asked of you</h1>
            \(body)
            """)
    }

    /// Nobody has noted yet that they have the request: their six weeks run from the day on which they say so.
    private static func received(_ line: Line, _ form: Form) -> HTML {
        """
        Six weeks from the day on which you have it\(form.posting(
            to: "/advice-asked/\(line.task.task)/receipts", repeatable: true,
            button("I have it from today", look: .quiet)))
        """
    }

    static func form(_ task: AdviceTask, _ facts: HTML, _ form: Form) -> Page {
        let title = task.advice.kind == .family ? "Your views for an assessment" : "Advice for an EHC needs assessment"
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)", back: Link("Advice asked of you", to: "/advice-asked"),
            isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            \(facts)
            \(form.posting(
                to: "/advice-asked/\(task.task)", files: true,
                "\(AdviceForm.fields(task.advice.kind, form))\(button("Send"))"))
            """)
    }
}
