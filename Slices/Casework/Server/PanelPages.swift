import Casework
import Kernel
import Web

enum PanelPages {
    static func list(
        _ meetings: [(meeting: PanelMeeting, members: Int, items: Int)], keeps: Bool, today: Day
    ) -> Page {
        let rows = meetings.map { line -> [HTML] in
            let when: HTML = line.meeting.day < today ? tag("Past", .grey) : tag("To come", .blue)
            return [
                anchor(Link(line.meeting.name, to: "/panels/\(line.meeting.id)")),
                "\(line.meeting.day.inWords) \(when)",
                "\(line.items)", "\(line.members)",
            ]
        }
        let body: HTML =
            rows.isEmpty
            ? """
            <p class="govuk-body">\(keeps
                ? "No panel has been called yet." : "You sit in no panel yet. You are told by mail when you do.")</p>
            """ : table("Panels", head: ["Panel", "Day", "Cases for you to see", "Members"], rows: rows)
        let new: HTML? =
            keeps ? "<p class=\"govuk-body app-actions\">\(anchor(Link("Call a panel", to: "/panels/new")))</p>" : nil
        return Page(
            "Panels", isListed: false,
            """
            <h1 class="govuk-heading-l">Panels</h1>
            <p class="govuk-body">A panel advises. The council decides, gives its reasons, and keeps the days of law \
            whether a panel meets or not.</p>
            \(new)
            \(body)
            """)
    }

    static func new(_ people: [(id: String, name: String)], _ form: Form) -> Page {
        let members: HTML =
            people.isEmpty
            ? warning("Nobody has the role of a member of a panel. A manager of access gives it.")
            : checkboxes(
                "members", legend: "Who sits in it", choices: people.map { Choice($0.id, $0.name) },
                chosen: Set(form.fields.all("members")))
        let error: HTML? = form.error(of: "members").map { "<p class=\"govuk-error-message\" id=\"members\">\($0)</p>" }
        return Page(
            form.errors.isEmpty ? "Call a panel" : "Error: Call a panel", back: Link("Panels", to: "/panels"),
            isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Call a panel</h1>
            \(form.posting(
                to: "/panels",
                """
                \(textInput("name", label: "What it is called", value: form["name"],
                    hint: "For example Moderation panel", error: form.error(of: "name"), autocomplete: "off"))
                \(textInput("day", label: "On which day it meets", value: form["day"], hint: "For example 31/8/2027",
                    error: form.error(of: "day"), width: "govuk-input--width-10", autocomplete: "off"))
                \(error)\(members)
                \(button("Call it"))
                """))
            """)
    }

    struct Agenda: Sendable {
        let meeting: PanelMeeting
        let members: [String]
        let items: [(item: PanelItem, times: CaseTimes)]
        let keeps, sits: Bool
        let candidates: [(id: String, name: String)]
        let today: Day
    }

    static func agenda(_ agenda: Agenda, _ form: Form) -> Page {
        let meeting = agenda.meeting
        let items = agenda.items.map { item($0.item, $0.times, agenda, form) }
        let body: HTML =
            items.isEmpty
            ? "<p class=\"govuk-body\">Nothing is on this agenda that you may see.</p>" : "\(items)"
        return Page(
            "\(meeting.name), \(meeting.day.inWords)", back: Link("Panels", to: "/panels"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(meeting.name), \(meeting.day.inWords)</h1>
            <p class="govuk-body">Members: \(agenda.members.joined(separator: ", ")).</p>
            \(body)
            \(agenda.keeps ? keeping(agenda, form) : nil)
            """)
    }

    private static func item(_ item: PanelItem, _ times: CaseTimes, _ agenda: Agenda, _ form: Form) -> HTML {
        let outlook = Outlook(item.file, times)
        let next: HTML = outlook.next.map { "\($0.says) \(LimitWords.tagged(outlook))" } ?? "Nothing is owed"
        let views = item.views.map { view -> HTML in
            """
            <li><strong>\(view.view.words)</strong>, \(view.isOwn ? "you" : view.who)\
            <p class="govuk-body app-letter">\(view.words)</p></li>
            """
        }
        let list: HTML? = views.isEmpty ? nil : "<ul class=\"govuk-list\">\(views)</ul>"
        let off: HTML? =
            agenda.keeps
            ? form.posting(
                to: "/panels/\(agenda.meeting.id)/items/\(item.id)/removals", repeatable: true,
                button("Take off the agenda", look: .quiet)) : nil
        return """
            <section id="\(item.id)">
            <h2 class="govuk-heading-m">\(item.name)</h2>
            \(summaryList([
                SummaryRow("Question", "\(item.question.words)"),
                SummaryRow("How it stands", "\(item.file.state.words)"),
                SummaryRow("Next date", next),
                SummaryRow("Papers", """
                    \(anchor(Link("The case", to: "/cases/\(item.file.id)"))), \
                    \(anchor(Link("all advice", to: "/cases/\(item.file.id)/advice")))
                    """),
            ]))
            \(list)
            \(agenda.sits ? think(item, agenda, form) : nil)
            \(off)
            </section>
            """
    }

    private static func think(_ item: PanelItem, _ agenda: Agenda, _ form: Form) -> HTML {
        let (view, words) = ("view-\(item.id)", "words-\(item.id)")
        let own = item.views.first(where: \.isOwn)
        let title = own == nil ? "Say what you think" : "Change what you think"
        return details(
            title, isOpen: form.error(of: view) != nil || form.error(of: words) != nil,
            form.posting(
                to: "/panels/\(agenda.meeting.id)/items/\(item.id)/views",
                """
                \(radios(view, legend: item.question.words,
                    choices: PanelView.allCases.map { Choice($0.rawValue, $0.words) },
                    chosen: form[view].isEmpty ? own?.view.rawValue ?? "" : form[view], error: form.error(of: view)))
                \(textArea(words, label: "Why", value: form[words].isEmpty ? own?.words ?? "" : form[words],
                    hint: "The family may read it when it asks for what is held", error: form.error(of: words),
                    rows: 4))
                \(button("Save", look: .secondary))
                """))
    }

    private static func keeping(_ agenda: Agenda, _ form: Form) -> HTML {
        let path = "/panels/\(agenda.meeting.id)"
        let add: HTML =
            agenda.candidates.isEmpty
            ? "<p class=\"govuk-body\">No case of yours waits for a decision that is not on this agenda.</p>"
            : form.posting(
                to: "\(path)/items",
                """
                \(select("case", label: "Put a case on the agenda",
                    choices: [Choice("", "Choose")] + agenda.candidates.map { Choice($0.id, $0.name) },
                    chosen: form["case"], error: form.error(of: "case")))
                \(button("Put it on the agenda"))
                """)
        let tell: HTML? =
            agenda.items.isEmpty || agenda.meeting.day < agenda.today
            ? nil
            : form.posting(to: "\(path)/mails", button("Tell the members that the agenda is ready", look: .secondary))
        return """
            <h2 class="govuk-heading-m">Keep the agenda</h2>
            <p class="govuk-body">Members see a case from the day on which it is put here until four weeks after the \
            meeting.</p>
            \(add)
            \(tell)
            """
    }

    /// What panels said of a case, for its page and for whoever decides.
    static func hearings(_ hearings: [(meeting: PanelMeeting, item: PanelItem)]) -> HTML? {
        guard !hearings.isEmpty else { return nil }
        let items = hearings.map { hearing -> HTML in
            let views = hearing.item.views.map { view -> HTML in
                "<div class=\"app-source\">\(view.view.words), \(view.who): \(view.words)</div>"
            }
            return """
                <li>\(hearing.meeting.name), \(hearing.meeting.day.inWords): \(hearing.item.question.words)\(views)</li>
                """
        }
        return """
            <h2 class="govuk-heading-m">Panel</h2>
            <ul class="govuk-list govuk-list--bullet">\(items)</ul>
            """
    }
}
