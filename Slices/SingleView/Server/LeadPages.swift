import Access
import AccessServer
import Kernel
import PeopleServer
import SingleView
import Storage
import Web

/// Who the key worker is, on the person’s page.
public let keyWorkerPanel = PersonPanel { visit, policy in
    let scope = visit.scope
    return { tx, id in
        guard let (step, mayReach) = try LeadStore.standing(of: id.text, policy, scope, in: tx) else { return nil }
        return LeadPages.panel(step, mayReach: mayReach).map {
            PersonPanel.Shown($0, classes: mayReach ? [.education, .location] : [.education])
        }
    }
}

enum LeadPages {
    // MARK: - The rule

    static func rule(_ counted: [(agency: String, sources: [String])]) -> Page {
        Page(
            "Known to several, led by nobody", isListed: true,
            """
            <h1 class="govuk-heading-l">Known to several, led by nobody</h1>
            <p class="govuk-body">Some children are helped by several agencies, and nobody holds the threads together. \
            Families then tell their story again and again. By this rule the council finds them, and offers a key \
            worker: one person whom the family can call.</p>
            <h2 class="govuk-heading-m">The rule</h2>
            <ol class="govuk-list govuk-list--number">
            <li>Two or more of these agencies hold a record of the child now: \
            \(counted.map(\.agency).joined(separator: ", ")).</li>
            <li>None of them names a lead for the child.</li>
            <li>The child or young person is under 26, and no key worker is named.</li>
            </ol>
            <p class="govuk-body">Then a team manager opens each case and looks. The manager decides that a key worker \
            is offered, that none is needed, or that somebody leads already, and writes why. The family is asked, and \
            may say no. Whoever was looked at is not shown again unless another agency has come to know the child \
            since.</p>
            <h2 class="govuk-heading-m">What it never uses</h2>
            <ul class="govuk-list govuk-list--bullet">
            <li>No score, no forecast and no guess about a child or a family: it counts agencies, and nothing else.</li>
            <li>Neither where a family lives, nor its origin, language, income or needs.</li>
            <li>Nothing of youth justice, of safeguarding or of the police.</li>
            <li>Nobody whose record is closed for their protection.</li>
            </ul>
            <p class="app-source">Rule \(LeadRule.id). Children and Families Act 2014, section 25: education, health \
            and social care work together. Birmingham SEND strategy, OFF-13.</p>
            """)
    }

    // MARK: - The list

    struct Listed: Sendable {
        let some: [FoundLead]
        let count: Int
        let page: Int
        let filter: LeadFilter
        let today: Day
    }

    static let ages: [(code: String, words: String, range: ClosedRange<Int>)] = [
        ("all", "Any age", 0...25), ("0-4", "0 to 4", 0...4), ("5-10", "5 to 10", 5...10),
        ("11-15", "11 to 15", 11...15),
        ("16-25", "16 to 25", 16...25),
    ]

    static func filter(_ query: Query) -> LeadFilter {
        var filter = LeadFilter()
        if let range = ages.first(where: { $0.code == query["age"] })?.range { filter.ages = range }
        if let least = query["agencies"].flatMap({ Digits.number($0) }), (2...9).contains(least) {
            filter.leastAgencies = least
        }
        return filter
    }

    static func list(_ listed: Listed) -> Page {
        let age = ages.first { $0.range == listed.filter.ages }?.code ?? "all"
        func address(_ page: Int) -> String {
            "/leads?age=\(age)&agencies=\(listed.filter.leastAgencies)&page=\(page)"
        }
        let rows = listed.some.map { lead -> [HTML] in
            [
                anchor(Link("Look at this case", to: "/leads/\(lead.person)")),
                "\((try? Age(born: lead.born, on: listed.today).years).map(String.init) ?? "")", "\(lead.agencies)",
                "\(lead.since.inWords)",
            ]
        }
        let pages = max(1, (listed.count + LeadRoutes.together - 1) / LeadRoutes.together)
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">The rule finds nobody now.</p>"
            : table(
                "\(Digits.grouped(listed.count)) to look at", head: ["Case", "Age", "Agencies", "Known since"],
                rows: rows)
        return Page(
            "Known to several, led by nobody", isListed: false,
            """
            <h1 class="govuk-heading-l">Known to several, led by nobody</h1>
            <p class="govuk-body">Two or more agencies know these children and none names a lead. \
            \(anchor(Link("How they are found", to: "/how-we-find/known-to-several"))). It is no ranking: those whom \
            more agencies know come first, the youngest before. Whoever opens a case is noted.</p>
            <form action="/leads" method="get">
            \(select("age", label: "Age", choices: ages.map { Choice($0.code, $0.words) }, chosen: age))
            \(select("agencies", label: "At least so many agencies", choices: [2, 3, 4, 5].map {
                Choice("\($0)", "\($0)")
            }, chosen: "\(listed.filter.leastAgencies)"))
            \(button("Show", look: .secondary))
            </form>
            \(shown)
            \(pagination(page: listed.page, pages: pages, address: address))
            """)
    }

    // MARK: - One child

    struct Child: Sendable {
        let person, name: String
        let born: Day
        let agencies: [(String, Day)]
        let steps: [LeadStep]
        let hasNamedLead: Bool
        let today: Day
    }

    static func child(_ child: Child, _ form: Form) -> Page {
        let rows = child.agencies.map { agency, since -> [HTML] in ["\(agency)", "\(since.inWords)"] }
        let naming: HTML =
            child.hasNamedLead
            ? "An agency names a lead by now." : "None of these names a lead for \(child.name)."
        return Page(
            form.errors.isEmpty ? "Who leads for \(child.name)?" : "Error: who leads for \(child.name)?",
            back: Link("Known to several, led by nobody", to: "/leads"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Who leads for \(child.name)?</h1>
            <p class="govuk-body">Born \(child.born.inWords). \(naming)</p>
            \(table("Agencies that hold a record", head: ["Agency", "Since"], rows: rows))
            <p class="app-source">Found by the rule \(LeadRule.id): \(LeadRule.words)</p>
            \(steps(child, form))
            \(decision(child, form))
            """)
    }

    private static func steps(_ child: Child, _ form: Form) -> HTML? {
        guard let newest = child.steps.first else { return nil }
        let rows = child.steps.map { step -> [HTML] in
            let who = [step.name, step.role, step.telephone].filter { !$0.isEmpty }.joined(separator: ", ")
            return ["\(step.day.inWords)", "\(step.state.words)", "\(who)", "\(step.words)"]
        }
        let undo = form.posting(
            to: "/leads/\(child.person)/withdrawals", repeatable: true,
            """
            <input type="hidden" name="step" value="\(newest.id)">
            \(button("Undo the newest step", look: .quiet))
            """)
        return """
            \(table("What was decided, the newest first", head: ["Day", "What", "Who", "Words"], rows: rows))
            \(undo)
            """
    }

    private static func decision(_ child: Child, _ form: Form) -> HTML {
        let next = KeyWorker.next(after: child.steps.first?.state)
        let day = form["day"].isEmpty ? child.today.iso : form["day"]
        return """
            <h2 class="govuk-heading-m">What is decided, or came of it?</h2>
            \(form.posting(
                to: "/leads/\(child.person)/steps",
                """
                \(radios("state", legend: "What is it?", choices: next.map { Choice($0.rawValue, $0.words) },
                    chosen: form["state"], error: form.error(of: "state")))
                \(textInput("day", label: "On which day?", value: day, hint: "As 31/8/2026",
                    error: form.error(of: "day"), width: "govuk-input--width-10", autocomplete: "off"))
                \(textArea("words", label: "Why, or with which words",
                    value: form["words"], hint: "The family can read this. Leave out what is not theirs to know.",
                    error: form.error(of: "words")))
                \(textInput("name", label: "Who offers it, leads already, or is the key worker", value: form["name"],
                    error: form.error(of: "name"), autocomplete: "off"))
                \(textInput("role", label: "What a key worker is besides", value: form["role"],
                    hint: "For a key worker alone: a health visitor, say.", error: form.error(of: "role"),
                    autocomplete: "off"))
                \(textInput("telephone", label: "The key worker’s telephone", value: form["telephone"],
                    error: form.error(of: "telephone"), width: "govuk-input--width-20", autocomplete: "off",
                    mode: "tel"))
                \(button("Save"))
                """))
            """
    }

    // MARK: - The panel

    /// Nil where there is nothing that helps whoever reads the record.
    static func panel(_ step: LeadStep, mayReach: Bool) -> HTML? {
        let words: HTML
        switch step.state {
        case .named:
            let reach: HTML? = mayReach ? ", telephone \(step.telephone)" : nil
            words = "\(step.name), \(step.role)\(reach). Named on \(step.day.inWords)."
        case .offered: words = "Offered on \(step.day.inWords) by \(step.name): \(step.words)"
        case .accepted: words = "Wanted, said on \(step.day.inWords). Somebody will be named."
        case .declined: words = "Offered, and not wanted, said on \(step.day.inWords). It can be asked for at any time."
        case .led: words = "\(step.name) leads already, as was said on \(step.day.inWords)."
        case .notNeeded: return nil
        }
        return """
            <h2 class="govuk-heading-m" id="key-worker">Key worker</h2>
            <p class="govuk-body">\(words)</p>
            """
    }
}
