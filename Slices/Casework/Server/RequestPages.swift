import Casework
import Kernel
import Web

/// Asking for an assessment online, and what officers see of it.
enum RequestPages {
    static func new(_ form: Form) -> Page {
        let title = "Ask for an EHC needs assessment"
        let choices = [
            Choice(Requester.parent.rawValue, "I am a parent, or care for the child"),
            Choice(Requester.youngPerson.rawValue, "I am the young person, and over compulsory school age"),
            Choice(Requester.school.rawValue, "I ask for their school"),
            Choice(Requester.post16.rawValue, "I ask for their college or other post-16 institution"),
            Choice(Teller.approach.rawValue, "None of these: I want the council to know of them"),
        ]
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)",
            summary: "How a parent, a young person, a school or a college asks the council for an assessment.",
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            <p class="govuk-body">You need no account and no diagnosis, and nobody has to agree first. The law gives \
            the council six weeks from today to answer (Children and Families Act 2014, section 36). We write to you \
            at once with the dates.</p>
            <p class="govuk-body">Anybody else may tell us of a child or young person who has or may have special \
            educational needs: we look into it in the same time, and tell the family.</p>
            \(form.posting(to: "/requests", fields(choices, form)))
            \(details("Free advice before you ask", """
                <p class="govuk-body">SENDIASS gives free, confidential and impartial advice: \
                \(anchor(Link("find it in the Local Offer", to: "/search?q=SENDIASS"))).</p>
                """))
            """)
    }

    private static func fields(_ choices: [Choice], _ form: Form) -> HTML {
        func line(
            _ name: String, _ label: String, hint: String? = nil, width: String = "", fill: String = "off"
        ) -> HTML {
            textInput(
                name, label: label, value: form[name], hint: hint, error: form.error(of: name), width: width,
                autocomplete: fill)
        }
        return """
            \(radios("source", legend: "Who are you?", choices: choices, chosen: form["source"],
                error: form.error(of: "source")))
            \(checkboxes("reassesses", legend: "Is there an EHC plan already?", choices: [
                Choice("yes", "Yes: I ask the council to assess again. It must answer in 15 days")
            ], chosen: [form["reassesses"]]))
            \(line("sender", "Your name", fill: "name"))
            \(line("contact", "Your address for e-mail", hint: "We answer there. The answer names no child",
                fill: "email"))
            <h2 class="govuk-heading-m">The child or young person</h2>
            \(line("given", "Given name"))
            \(line("family", "Family name"))
            \(line("born", "Date of birth", hint: "For example 31/8/2023", width: "govuk-input--width-10"))
            \(line("setting", "Nursery, school or college, if any"))
            \(textArea("words", label: "What makes you ask?", value: form["words"],
                hint: "In your own words. You can send more later", error: form.error(of: "words"), rows: 8))
            \(button("Send"))
            """
    }

    static let thanks = Page(
        "We have it", isListed: false,
        """
        <h1 class="govuk-heading-l">We have what you sent</h1>
        <p class="govuk-body">We have written to you, with a number for it and what happens next. If nothing has come \
        in an hour, look among unwanted mail, then tell us.</p>
        <p class="govuk-body">An officer reads it. Today is the day that counts.</p>
        """)

    static let done = Page(
        "Dealt with", back: Link("Requests", to: "/requests"), isListed: false,
        """
        <h1 class="govuk-heading-l">This was dealt with</h1>
        <p class="govuk-body">What it said is part of a case by now, or it was set aside. Whoever works on the case \
        finds it there.</p>
        """)

    // MARK: - In the office

    static func list(_ waiting: [(OnlineRequest, Day?)], today: Day) -> Page {
        let rows = waiting.map { request, due -> [HTML] in
            [
                anchor(Link(request.name, to: "/requests/\(request.id)")),
                "\(from(request))\(request.reassesses ? ", for a reassessment" : "")", "\(request.day.inWords)",
                due.map { day -> HTML in
                    day < today ? "\(day.inWords) \(tag("Late", .red))" : "\(day.inWords)"
                } ?? "",
            ]
        }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">Nothing waits. What is sent online appears here.</p>"
            : table(
                "Waiting: \(rows.count)", head: ["About", "From", "Arrived", "To be answered by"], rows: rows)
        return Page(
            "Requests", isListed: false,
            """
            <h1 class="govuk-heading-l">Requests that came in online</h1>
            <p class="govuk-body">Find out whom each is about, and attach it: the time of law runs since it arrived.</p>
            \(shown)
            """)
    }

    private static func from(_ request: OnlineRequest) -> String {
        request.requester?.words ?? "somebody who may not request"
    }

    static func request(_ request: OnlineRequest, _ people: [(id: String, name: String)], _ form: Form) -> Page {
        let title = "Request about \(request.name)"
        let nobody: HTML? =
            people.isEmpty
            ? inset(
                """
                <p class="govuk-body">You work with nobody born on \(request.born.inWords). \
                \(anchor(Link("Add them", to: "/people/new"))), or have their case given to you.</p>
                """) : nil
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)", back: Link("Requests", to: "/requests"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            \(summaryList([
                SummaryRow("Arrived", "\(request.day.inWords)", note: "The day from which the time of law runs"),
                SummaryRow("From", "\(from(request))"), SummaryRow("Their name", "\(request.sender)"),
                SummaryRow("E-mail", "\(request.contact)"), SummaryRow("About", "\(request.name)"),
                SummaryRow("Born", "\(request.born.inWords)"),
                SummaryRow("Setting", "\(request.setting.isEmpty ? "Not said" : request.setting)"),
                SummaryRow("What they wrote", "\(request.words)"),
            ]))
            <h2 class="govuk-heading-m">Whom it is about</h2>
            \(nobody)
            \(people.isEmpty ? nil : form.posting(
                to: "/requests/\(request.id)/attachments", version: request.version, """
                \(radios("person", legend: "Of those with this birthday whose case you may begin",
                    choices: people.map { Choice($0.id, $0.name) }, chosen: form["person"],
                    error: form.error(of: "person")))
                \(radios("about", legend: "What was asked for", choices: [
                    Choice("assessment", "An assessment"),
                    Choice(BeginForm.reassessment, "A reassessment: there is an EHC plan"),
                ], chosen: request.reassesses ? BeginForm.reassessment : "assessment"))
                \(button("Attach it, and begin or join their case"))
                """))
            <h2 class="govuk-heading-m">Nothing can be done with it</h2>
            \(form.posting(to: "/requests/\(request.id)/refusals", version: request.version, """
                \(textInput("why", label: "Why", value: form["why"], error: form.error(of: "why"), autocomplete: "off"))
                \(button("Set it aside", look: .secondary))
                """))
            """)
    }
}
