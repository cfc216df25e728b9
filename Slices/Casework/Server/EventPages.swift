import Casework
import Kernel
import Web

/// The forms by which officers note what happened in a case.
enum EventPages {
    static func menu(_ record: CaseRecord, _ times: CaseTimes, today: Day) -> Page {
        let outlook = Outlook(record.file, times)
        let items = CaseStep.allCases.filter { $0.isOffered(in: record.file) }.map { step in
            """
            <li>\(anchor(Link(step.title, to: "/cases/\(record.id)/events/new?step=\(step.rawValue)")))</li>
            """ as HTML
        }
        let risks: HTML? =
            outlook.risks.isEmpty
            ? nil : inset("<p class=\"govuk-body\">At risk: \(outlook.risks.map(\.words).joined(separator: "; ")).</p>")
        let next: HTML? = outlook.next.map { next in
            """
            <p class="govuk-body">Next: \(next.says) \(LimitWords.tagged(next))</p>
            """
        }
        return Page(
            "Work on the case of \(record.name)", back: Link("The case", to: "/cases/\(record.id)"), isListed: false,
            """
            <h1 class="govuk-heading-l">Work on the case of \(record.name)</h1>
            <p class="govuk-body">\(record.file.words). Waits for: \(outlook.wait.words).</p>
            \(next)
            \(risks)
            <h2 class="govuk-heading-m">Note what happened</h2>
            <ul class="govuk-list">\(items)</ul>
            \(DisputePages.menu(record, today: today))
            <p class="govuk-body">Another request is entered from \
            \(anchor(Link("the child’s assessments", to: "/people/\(record.person)/cases"))), and joined.</p>
            """)
    }

    /// - Parameter beside: what is to be read before it is decided: what a panel said.
    static func form(
        _ step: CaseStep, _ record: CaseRecord, _ times: CaseTimes, until: Day? = nil, _ beside: HTML?, _ form: Form
    ) -> Page {
        let hidden: HTML = "<input type=\"hidden\" name=\"step\" value=\"\(step.rawValue)\">"
        return Page(
            form.errors.isEmpty ? step.title : "Error: \(step.title)",
            back: Link("Work on the case", to: "/cases/\(record.id)/events/new"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(step.title)</h1>
            <p class="govuk-body">Case of \(record.name), since \(record.file.opened?.inWords ?? "")</p>
            \(lead(step))
            \(beside)
            \(step == .decision ? ReassessmentPages.earlier(record) : nil)
            \(WishPages.reminder(step, record))
            \(form.posting(to: "/cases/\(record.id)/events", version: form.version ?? record.version,
                files: step == .arrival,
                "\(hidden)\(fields(step, record, times, until, form))\(button("Save"))"))
            """)
    }

    private static func lead(_ step: CaseStep) -> HTML? {
        switch step {
        case .necessity:
            inset(
                """
                <p class="govuk-body">This ends the case without an assessment. The family must have been consulted \
                (section 36(4)) and gets your reasons, what help starts now, and its rights (section 36(5)).</p>
                """)
        case .decision:
            inset(
                """
                <p class="govuk-body">The council must assess if, having had regard to the views and the evidence, it \
                thinks that both parts hold (Children and Families Act 2014, section 36(8)). Both ask what \
                <em>may</em> be: a diagnosis, a number of reports, or money already spent is not asked for.</p>
                """)
        case .advice:
            inset(
                """
                <p class="govuk-body">Health bodies and the others that section 31 lists have six weeks in law from \
                the day they have the request (regulation 8(1)). The rest are asked for the same.</p>
                """)
        case .reuse:
            inset(
                """
                <p class="govuk-body">Advice that is there is not asked for again where its author, the council and \
                the parent or young person are all satisfied that it is enough (regulation 6(4)).</p>
                """)
        case .claim:
            inset(
                """
                <p class="govuk-body">An exception moves no date. It says why the council need not keep it; the family \
                sees it, with the facts. Staff who are short, and waiting lists, are no exception.</p>
                """)
        case .target:
            inset(
                """
                <p class="govuk-body">A day that the council aims at is no date of law. It is later than the date of \
                law only where an exception holds.</p>
                """)
        default: nil
        }
    }

    private static func fields(
        _ step: CaseStep, _ record: CaseRecord, _ times: CaseTimes, _ until: Day?, _ form: Form
    ) -> HTML {
        switch step {
        case .consultation: "\(day(form))\(area("how", "How, and what the family said", form))"
        case .necessity: "\(day(form))\(reasons(form))\(help(form))"
        case .decision: decision(form)
        case .lastAssessment: day(form, "On which day was it made")
        case .reassessment: ReassessmentPages.decision(record, until, form)
        case .advice: advice(form)
        case .reuse: reuse(form)
        case .receipt: "\(about(record, form) { $0.came == nil && $0.reached == nil })\(day(form))"
        case .arrival:
            """
            \(about(record, form) { $0.came == nil })\(day(form))
            \(fileInput("files", label: "The advice, as it came", hint: "PDF, Word or pictures; at most 25 MB in all",
                error: form.error(of: "files"), several: true))
            """
        case .panel:
            """
            \(radios("outcome", legend: "What is decided", choices: panelChoices(record.file), chosen: form["outcome"],
                error: form.error(of: "outcome")))
            \(day(form))\(reasons(form))\(help(form, "What help there is, where no plan is made or changed"))
            """
        case .withdrawal: "\(day(form))\(area("reasons", "Who withdrew it, and why if they said", form))"
        case .claim: claim(form)
        case .target: target(times, form)
        case .correction: correction(record, form)
        }
    }

    private static func panelChoices(_ file: Case) -> [Choice] {
        file.isReassessment
            ? [Choice("issue", "The plan is changed"), Choice("not", "The plan stays as it is")]
            : [Choice("issue", "A plan is made"), Choice("not", "No plan is made")]
    }

    private static func day(_ form: Form, _ label: String = "On which day") -> HTML {
        dayField("day", label, form)
    }

    private static func dayField(_ name: String, _ label: String, _ form: Form) -> HTML {
        textInput(
            name, label: label, value: form[name], hint: "For example 31/8/2027", error: form.error(of: name),
            width: "govuk-input--width-10", autocomplete: "off")
    }

    private static func area(_ name: String, _ label: String, _ form: Form, hint: String? = nil) -> HTML {
        textArea(name, label: label, value: form[name], hint: hint, error: form.error(of: name), rows: 4)
    }

    private static func reasons(_ form: Form) -> HTML {
        area("reasons", "The reasons, as the family will read them", form)
    }

    private static func help(_ form: Form, _ label: String = "What help starts now, or goes on") -> HTML {
        area("help", label, form, hint: "Who does what, how often, from when")
    }

    private static func decision(_ form: Form) -> HTML {
        func part(_ name: String, _ legend: String) -> HTML {
            """
            \(radios(name, legend: legend, choices: [Choice("yes", "Yes"), Choice("no", "No")], chosen: form[name],
                error: form.error(of: name)))
            \(area("\(name)-because", "Why", form))
            """
        }
        return """
            \(part("needs", "\(AssessmentTest.needsWords) (section 36(8)(a))"))
            \(part("plan", "\(AssessmentTest.planWords) (section 36(8)(b))"))
            \(radios("outcome", legend: "What is decided", choices: [
                Choice(CaseEvent.assess, "We assess"), Choice(CaseEvent.refuse, "We do not assess"),
            ], chosen: form["outcome"], error: form.error(of: "outcome")))
            \(day(form))
            \(area("reasons", "The reasons, where you do not assess", form))
            \(help(form, "What help there is, where you do not assess"))
            """
    }

    private static func kind(_ form: Form) -> HTML {
        select(
            "kind", label: "Whose advice",
            choices: [Choice("", "Choose")]
                + AdviceKind.allCases.map { Choice($0.rawValue, "\($0.words) (\($0.provision))") },
            chosen: form["kind"], error: form.error(of: "kind"))
    }

    private static func advice(_ form: Form) -> HTML {
        """
        \(kind(form))
        \(textInput("body", label: "Who is asked", value: form["body"],
            hint: "The body, or what the person is to the child", error: form.error(of: "body"), autocomplete: "off"))
        \(checkboxes("bound", legend: "Is it a body of section 31?", choices: [
            Choice("yes", "Yes: an NHS body, another authority or a youth offending team, which the six weeks bind")
        ], chosen: [form["bound"]]))
        \(day(form, "On which day was it sent"))
        \(textInput("address", label: "Their e-mail address, to ask them by a link", value: form["address"],
            hint: "\(AdvicePages.linkHint). Leave it empty where you ask by letter",
            error: form.error(of: "address"), autocomplete: "off", mode: "email"))
        """
    }

    private static func reuse(_ form: Form) -> HTML {
        """
        \(kind(form))
        \(textInput("body", label: "Whose advice it is", value: form["body"], error: form.error(of: "body"),
            autocomplete: "off"))
        \(area("how", "Which advice, of which day, and how each agreed", form))
        \(form.error(of: "agreed").map { "<p class=\"govuk-error-message\">\($0)</p>" as HTML })\
        \(checkboxes("agreed", legend: "Who is satisfied that it is enough", choices: [
            Choice("author", "Its author"), Choice("council", "The council"),
            Choice("family", "The parent or young person"),
        ], chosen: Set(form.fields.all("agreed"))))
        \(day(form, "On which day did the last of them agree"))
        """
    }

    private static func about(_ record: CaseRecord, _ form: Form, _ filter: (Advice) -> Bool) -> HTML {
        let choices = record.file.advice.filter { !$0.isReused && filter($0) }.map { advice in
            Choice(advice.id, "\(advice.kind.words)\(record.body(of: advice).map { ", \($0)" } ?? "")")
        }
        return select(
            "about", label: "Which advice", choices: [Choice("", "Choose")] + choices, chosen: form["about"],
            error: form.error(of: "about"))
    }

    private static func claim(_ form: Form) -> HTML {
        let days = Statute.grounds.map { ground -> HTML in
            """
            <h2 class="govuk-heading-s">\(ground.words)</h2>
            \(ground.keys.map { dayField("\(ground.fact)-\($0)", keyWords[$0] ?? $0, form) })
            """
        }
        return """
            \(radios("ground", legend: "The ground", choices: Statute.grounds.map { Choice($0.fact, $0.words) },
                chosen: form["ground"], error: form.error(of: "ground")))
            <p class="govuk-body">Write the days of the ground that you chose alone.</p>
            \(days)
            \(area("because", "What happened, and the evidence", form))
            """
    }

    private static let keyWords = [
        "date": "On which day", "from": "The first day away", "to": "The last day away",
        "first_closed": "The first day closed", "reopens": "The first day open again",
        "advice_requested": "The day on which its head was asked for advice",
    ]

    private static func target(_ times: CaseTimes, _ form: Form) -> HTML {
        let own = times.limits.filter { $0.advice.isEmpty && $0.dispute.isEmpty && $0.actor == .council && $0.isOwed }
        let choices = own.map { Choice($0.rule, $0.says) }
        return """
            \(select("rule", label: "Which limit", choices: [Choice("", "Choose")] + choices, chosen: form["rule"],
                error: form.error(of: "rule")))
            \(day(form, "The day that you aim at"))
            \(area("because", "Why, for the family", form))
            """
    }

    private static func correction(_ record: CaseRecord, _ form: Form) -> HTML {
        let choices = record.file.standing.map { Choice($0.id, "\($0.day.inWords): \($0.words)") }
        return """
            \(select("of", label: "Which entry is wrong", choices: [Choice("", "Choose")] + choices, chosen: form["of"],
                error: form.error(of: "of")))
            \(checkboxes("annuls", legend: "What is wrong with it", choices: [
                Choice("yes", "It did not happen at all")
            ], chosen: [form["annuls"]]))
            \(day(form, "Otherwise, the right day"))
            \(area("because", "What was wrong, and how you know", form,
                hint: "Both entries stay, and the family sees the change"))
            """
    }
}
