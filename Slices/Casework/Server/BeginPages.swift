import Casework
import Kernel
import Web

/// The form by which staff enter what begins a case.
enum BeginPages {
    struct Shown: Sendable {
        let person, name: String
        /// The day on which an attached early notice told the council of the child.
        let brought: Day?
        let notices: [(id: String, body: String, attention: Day)]
        let open: String?
    }

    static func page(_ shown: Shown, _ form: Form) -> Page {
        let title = "What came in about \(shown.name)"
        let joined: HTML? = shown.open.map { id in
            inset(
                """
                <p class="govuk-body">\(anchor(Link("A case is open", to: "/cases/\(id)"))). What you enter is joined \
                to it, and the earliest day governs.</p>
                """)
        }
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)",
            back: Link("Assessments of \(shown.name)", to: "/people/\(shown.person)/cases"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            \(joined)
            \(form.posting(to: "/people/\(shown.person)/cases", fields(shown, form)))
            """)
    }

    private static func fields(_ shown: Shown, _ form: Form) -> HTML {
        let known = shown.brought != nil || !shown.notices.isEmpty
        let notice = known ? [Choice(BeginForm.notice, "An early notice of a health body told us")] : []
        let choices =
            Requester.allCases.map { Choice($0.rawValue, "Asked by \($0.words)") } + [
                Choice(Reasker.commissioner.rawValue, "Asked by the health commissioner, for a reassessment alone")
            ] + notice + [Choice(BeginForm.approach, "Somebody else told us, who may not request")]
        let what = [
            Choice("", "An assessment, or we were only told of the child"),
            Choice(BeginForm.reassessment, "A reassessment: there is an EHC plan (section 44(2))"),
        ]
        return """
            \(radios("about", legend: "What was asked for?", choices: what, chosen: form["about"],
                error: form.error(of: "about")))
            \(radios("source", legend: "Who asked, or told the council?", choices: choices, chosen: form["source"],
                error: form.error(of: "source")))
            \(known ? noticeField(shown, form) : nil)
            \(textInput("day", label: "On which day did it first arrive, anywhere in the council?", value: form["day"],
                hint: "For example 31/8/2027. The time of law runs from here. Of an early notice it is known",
                error: form.error(of: "day"), width: "govuk-input--width-10", autocomplete: "off"))
            \(textInput("teller", label: "Their name and, for a setting, its name", value: form["teller"],
                hint: "The family is not shown it", error: form.error(of: "teller"), autocomplete: "off"))
            \(textArea("words", label: "What they asked or said", value: form["words"],
                hint: "What a parent or young person wrote is kept as their own words",
                error: form.error(of: "words"), rows: 6))
            \(checkboxes("known", legend: "Where somebody else told us", choices: [
                Choice("yes", "The council was responsible for the child already: it promises the same time")
            ], chosen: [form["known"]]))
            \(textInput("assessed", label: "For a reassessment: when was the last assessment made, if you know?",
                value: form["assessed"], hint: "For example 31/8/2027. The six months of regulation 24 count from it",
                error: form.error(of: "assessed"), width: "govuk-input--width-10", autocomplete: "off"))
            \(button("Enter it"))
            """
    }

    private static func noticeField(_ shown: Shown, _ form: Form) -> HTML {
        let held =
            shown.brought.map { [Choice("", "The one attached already, of \($0.inWords)")] } ?? [
                Choice("", "None")
            ]
        return select(
            "notice", label: "Which early notice",
            choices: held + shown.notices.map { Choice($0.id, "\($0.body), \($0.attention.inWords)") },
            chosen: form["notice"],
            hint: "Those that say the child’s day of birth. Check on its page that it is theirs",
            error: form.error(of: "notice"))
    }
}
