import Casework
import Kernel
import Web

/// A disagreement about a decision: what the family can do and by when, and the forms by which officers note it.
enum DisputePages {
    // MARK: - For everybody who sees the case

    /// What the family can do about the last decision, in plain words; nil where there is nothing to disagree with.
    static func rights(_ record: CaseRecord, _ times: CaseTimes) -> HTML? {
        guard let dispute = record.file.dispute, !times.limits.filter({ $0.dispute == dispute.id }).isEmpty else {
            return nil
        }
        let own = times.limits.filter { $0.dispute == dispute.id && $0.actor == .family }
        let items = [
            "You can talk with us first, or at any point: ask for a meeting with the officer and the head.",
            sentence(
                own, "E-MED-CONTACT", "You can talk with a mediation adviser, who is independent of the council, until",
                "You talked with a mediation adviser on", "The time to go to a mediation adviser ended on"),
            dispute.appeal == nil
                ? "Mediation is your choice. If you do not want it, the adviser still gives you the certificate." : nil,
            sentence(
                own, "T-APPEAL", "You can appeal to the Tribunal. It must have your appeal by 5 pm on",
                "The Tribunal received your appeal on", "The time to appeal ended on"),
            certificate(dispute),
        ].compactMap { $0 }
        let hint: HTML? =
            dispute.lacksCertificate && record.mayWork
            ? inset(
                """
                <p class="govuk-body">No mediation certificate is noted. Section 55 asks for one before an appeal, but \
                not where the setting alone is appealed. The Tribunal judges that: the appeal is here, and every \
                time limit runs.</p>
                """) : nil
        return """
            <h2 class="govuk-heading-m" id="rights">\(record.speaksAsFamily
                ? "Your rights about this decision" : "The family’s rights about this decision")</h2>
            \(record.speaksAsFamily ? nil : ofFamily)
            <p class="govuk-body">\(dispute.decision.words), \(dispute.decision.day.inWords). \
            \(dispute.end?.words ?? dispute.stage.words).</p>
            <ul class="govuk-list govuk-list--bullet">\(items.map { "<li>\($0)</li>" as HTML })</ul>
            \(asIfOrdered(dispute, times))
            \(hint)
            """
    }

    private static let ofFamily: HTML = """
        <p class="govuk-body">What follows is said to the parent or young person. Nobody else has these rights \
        (section 51).</p>
        """

    private static func sentence(
        _ limits: [CaseLimit], _ rule: String, _ running: String, _ done: String, _ ended: String
    ) -> String? {
        guard let limit = limits.first(where: { $0.rule == rule }), let due = limit.due else { return nil }
        switch limit.standing {
        case .kept(let day), .late(let day, _): return "\(done) \(day.inWords) (the time was to \(due.inWords))."
        case .running: return "\(running) \(due.inWords)."
        case .lapsed: return "\(ended) \(due.inWords)."
        default: return nil
        }
    }

    private static func certificate(_ dispute: Dispute) -> String? {
        if let held = dispute.certificate {
            return "The adviser’s certificate is of \(held.day.inWords)."
        }
        if dispute.appeal != nil { return nil }
        return
            "An appeal needs the adviser’s certificate, but not where you appeal about the setting alone (section 55)."
    }

    /// What an order of the same kind would give, where mediation agreed on what could have been appealed.
    private static func asIfOrdered(_ dispute: Dispute, _ times: CaseTimes) -> HTML? {
        guard dispute.isAgreementOpen, let order = dispute.agreement.flatMap({ TribunalOrder(rawValue: $0.outcome) })
        else { return nil }
        return inset(
            """
            <p class="govuk-body">The council agreed \(order.words). It does so within the time that an order of the \
            Tribunal would give, counted from the agreement, unless you both agreed another in writing (regulation \
            42(2)).</p>
            """)
    }

    /// How a disagreement stands, for the top of the page; nil where nothing is going on.
    static func standing(_ file: Case) -> SummaryRow? {
        guard let dispute = file.dispute, dispute.isLive else { return nil }
        return SummaryRow("Disagreement", "\(dispute.stage.words)")
    }

    /// What stands where no date of the council is next.
    static func nothingNext(_ file: Case) -> String {
        if file.isLive { return "No date of law runs for the council now." }
        let again = file.isReassessment ? "a reassessment again" : "an assessment"
        return "Nothing is owed in this case. You can ask for \(again) at any time."
    }

    // MARK: - For officers

    static func menu(_ record: CaseRecord, today: Day) -> HTML? {
        let steps = DisputeStep.allCases.filter { $0.isOffered(in: record.file, today: today) }
        guard !steps.isEmpty, let dispute = record.file.dispute else { return nil }
        let items = steps.map { step in
            "<li>\(anchor(Link(step.title, to: "/cases/\(record.id)/disagreement/new?step=\(step.rawValue)")))</li>"
                as HTML
        }
        return """
            <h2 class="govuk-heading-m">Disagreement, mediation and appeal</h2>
            <p class="govuk-body">About: \(dispute.decision.words), \(dispute.decision.day.inWords)</p>
            <ul class="govuk-list">\(items)</ul>
            """
    }

    static func form(_ step: DisputeStep, _ record: CaseRecord, today: Day, _ form: Form) -> Page? {
        guard let dispute = step.dispute(in: record.file, today: today) else { return nil }
        let choices = step.choices(dispute).map {
            Choice($0.code, $0.words.prefix(1).uppercased() + $0.words.dropFirst())
        }
        let chosen: HTML? =
            choices.isEmpty
            ? nil
            : radios(
                "outcome", legend: legend(step), choices: choices, chosen: form["outcome"],
                error: form.error(of: "outcome"))
        let words: HTML? = step.words.map { words in
            words.part == .reference
                ? textInput(
                    "words", label: words.label, value: form["words"], error: form.error(of: "words"),
                    autocomplete: "off")
                : textArea("words", label: words.label, value: form["words"], error: form.error(of: "words"), rows: 4)
        }
        let hidden: HTML = "<input type=\"hidden\" name=\"step\" value=\"\(step.rawValue)\">"
        return Page(
            form.errors.isEmpty ? step.title : "Error: \(step.title)",
            back: Link("Work on the case", to: "/cases/\(record.id)/events/new"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(step.title)</h1>
            <p class="govuk-body">Case of \(record.name). About: \(dispute.decision.words), \
            \(dispute.decision.day.inWords)</p>
            \(lead(step, dispute))
            \(form.posting(to: "/cases/\(record.id)/disagreement", version: form.version ?? record.version,
                """
                \(hidden)\(chosen)\(day("day", step.dayLabel, form))\(step.other.map { day("other", $0.label, form) })\
                \(words)\(button("Save"))
                """))
            """)
    }

    private static func day(_ name: String, _ label: String, _ form: Form) -> HTML {
        textInput(
            name, label: label, value: form[name], hint: "For example 31/8/2027", error: form.error(of: name),
            width: "govuk-input--width-10", autocomplete: "off")
    }

    private static func legend(_ step: DisputeStep) -> String {
        switch step {
        case .appeal: "What is appealed"
        case .order: "The Tribunal ordered"
        case .concession: "The council agrees"
        default: "What was agreed"
        }
    }

    private static func lead(_ step: DisputeStep, _ dispute: Dispute) -> HTML? {
        switch step {
        case .appeal where dispute.certificate == nil:
            inset(
                """
                <p class="govuk-body">No mediation certificate is noted. Note the appeal all the same: whether one was \
                needed is for the Tribunal (section 55; none where the setting alone is appealed). Mediation never \
                blocks an appeal.</p>
                """)
        case .order:
            inset(
                """
                <p class="govuk-body">The time to do what is ordered runs from the day on which the Tribunal sent it. \
                Exceptions (regulation 44(3)) are claimed as any other, and move no date.</p>
                """)
        case .concession:
            inset(
                """
                <p class="govuk-body">The appeal is then treated as if the family had won it, from the day on which \
                you told the Tribunal (regulation 45). That can be done only before the response is sent.</p>
                """)
        case .impossible:
            inset(
                """
                <p class="govuk-body">The adviser then gives the certificate within three working days, and the family \
                can appeal (regulation 36).</p>
                """)
        default: nil
        }
    }
}

/// The forms of a request to reassess.
enum ReassessmentPages {
    static func decision(_ record: CaseRecord, _ until: Day?, _ form: Form) -> HTML {
        let known: HTML =
            if let assessed = record.file.lastAssessed, let until {
                """
                <p class="govuk-body">The last assessment was of \(assessed.inWords). For that reason alone a request \
                made up to \(until.inWords) can be refused (regulation 24). This request is of \
                \(record.file.opening?.day.inWords ?? "")\(isRecent(record, until) ? "" : ", which is later").</p>
                """
            } else {
                """
                <p class="govuk-body">The day of the last assessment is not noted. Without it the request cannot be \
                refused for having come too soon (regulation 24).</p>
                """
            }
        let grounds = ReassessmentGround.allCases.map { Choice($0.rawValue, $0.words) }
        return """
            \(inset(known))
            \(radios("outcome", legend: "What is decided", choices: [
                Choice(CaseEvent.assess, "We reassess"), Choice(CaseEvent.refuse, "We do not reassess"),
            ], chosen: form["outcome"], error: form.error(of: "outcome")))
            \(radios("ground", legend: "On what ground, where you do not", choices: grounds, chosen: form["ground"],
                error: form.error(of: "ground")))
            \(textInput("day", label: "On which day", value: form["day"], hint: "For example 31/8/2027",
                error: form.error(of: "day"), width: "govuk-input--width-10", autocomplete: "off"))
            \(textArea("reasons", label: "The reasons, as the family will read them", value: form["reasons"],
                error: form.error(of: "reasons"), rows: 4))
            \(textArea("help", label: "What help goes on, or starts now, where you do not reassess",
                value: form["help"], hint: "Who does what, how often, from when", error: form.error(of: "help"),
                rows: 4))
            """
    }

    private static func isRecent(_ record: CaseRecord, _ until: Day) -> Bool {
        record.file.opening.map { $0.day <= until } ?? false
    }

    /// What an earlier assessment means for a new request: nothing that would stand against it.
    static func earlier(_ record: CaseRecord) -> HTML? {
        guard !record.file.isReassessment, let earlier = record.earlier, let asked = record.file.opening?.day,
            earlier <= asked, let end = earlier.adding(months: 6)?.day, asked <= end
        else { return nil }
        return inset(
            """
            <p class="govuk-body">An earlier assessment of \(record.name) ended on \(earlier.inWords), not six months \
            before this request. The law names no time to wait for a new request: the test of section 36(8) is \
            answered afresh, with what that assessment found. The six months of regulation 24 are about \
            reassessing a plan.</p>
            """)
    }
}
