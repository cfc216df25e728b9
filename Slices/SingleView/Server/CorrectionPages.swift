import Access
import Kernel
import People
import SingleView
import Web

enum CorrectionPages {
    /// What a request is about, in words.
    static func title(_ asked: Correction, _ words: FactWords) -> String {
        let source = words.source(asked.target.source)
        return switch asked.target.kind {
        case .wrongFact: "\(source): \(FactWords.name(of: asked.target.fact))"
        case .missing: "\(source): something is missing"
        case .wrongRecord: "\(source): the record is not this child’s"
        }
    }

    static func ask(_ held: Held, _ form: Form, chosen: String, due: Day) -> Page {
        let address = "/people/\(held.person.id.text)"
        // A link beside a record ends in a hyphen: then its own facts alone are to be chosen from.
        let near = chosen.hasSuffix("-") ? held.choosable.filter { $0.key.hasPrefix(chosen) } : []
        let choices = [Choice("", "Choose")] + (near.isEmpty ? held.choosable : near).map { Choice($0.key, $0.label) }
        return Page(
            form.errors.isEmpty ? "Say that something is wrong" : "Error: Say that something is wrong",
            back: Link("What is held about \(held.person.name)", to: address + "/held"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Say that something is wrong</h1>
            <p class="govuk-body">Nothing is changed by this form. The agency that wrote it looks at it, and you get \
            an answer by \(due.inWords).</p>
            \(form.posting(
                to: address + "/corrections",
                """
                \(select("about", label: "What is wrong?", choices: choices, chosen: chosen,
                    error: form.error(of: "about")))
                \(textInput("wanted", label: "What would be right?", value: form["wanted"],
                    hint: "If one fact is wrong. A name, a day, an address.", error: form.error(of: "wanted"),
                    autocomplete: "off"))
                \(textArea("words", label: "What else should we know?", value: form["words"],
                    hint: "If something is missing, or the record is not this child’s, say so here.",
                    error: form.error(of: "words")))
                \(button("Send"))
                """))
            <p class="govuk-body">Your words are read by those who answer, and by those who keep the case. No other \
            parent or carer reads them; whoever sees the fact sees that somebody has said it is wrong, not who.</p>
            """)
    }

    // MARK: - The office

    static func list(
        _ open: [OfficeCorrection], _ answered: [OfficeCorrection], _ words: FactWords, today: Day
    ) -> Page {
        let late = open.count { $0.correction.isLate(on: today) }
        let shown: HTML =
            open.isEmpty
            ? "<p class=\"govuk-body\">There is nothing to answer.</p>"
            : table(
                "Open, those due first before the others", head: ["What", "Due", "Put right by"],
                rows: open.map { row($0, words, today) })
        let warned: HTML? =
            late == 0 ? nil : warning(late == 1 ? "One answer is late." : "\(late) answers are late.")
        let past: HTML? =
            answered.isEmpty
            ? nil
            : details(
                "Answered last",
                table(
                    "Answered last", head: ["What", "Answered", "How"],
                    rows: answered.map { pastRow($0, words) }, isCaptionShown: false))
        return Page(
            "Corrections", isListed: false,
            """
            <h1 class="govuk-heading-l">What people say is wrong</h1>
            <p class="govuk-body">Each is answered within one month of the day on which it came (UK GDPR, article \
            12(3)). The agency that holds the record puts it right; here it is said that it did, or why not.</p>
            \(warned)
            \(shown)
            \(past)
            """)
    }

    private static func row(_ office: OfficeCorrection, _ words: FactWords, _ today: Day) -> [HTML] {
        let asked = office.correction
        return [
            anchor(Link(title(asked, words), to: "/corrections/\(asked.id)")),
            "\(asked.due.inWords) \(late(asked, today))",
            "\(fixer(asked, words))",
        ]
    }

    private static func late(_ asked: Correction, _ today: Day) -> HTML? {
        asked.isLate(on: today) ? tag("Late", .red) : nil
    }

    private static func pastRow(_ office: OfficeCorrection, _ words: FactWords) -> [HTML] {
        let asked = office.correction
        return [
            anchor(Link(title(asked, words), to: "/corrections/\(asked.id)")),
            "\(asked.answer?.at.dayInEngland.inWords ?? "")",
            "\(asked.answer.map { Self.words(of: $0.outcome) } ?? "")",
        ]
    }

    private static func words(of outcome: Correction.Outcome) -> String {
        outcome == .putRight ? "Put right" : "Not changed"
    }

    /// Who at the agency puts it right.
    private static func fixer(_ asked: Correction, _ words: FactWords) -> String {
        words.book.source(asked.target.source)?.fixer ?? "the officer of the case"
    }

    static func one(_ office: OfficeCorrection, _ words: FactWords, _ form: Form, today: Day) -> Page {
        let asked = office.correction
        let said: HTML =
            office.isKeptWithCase
            ? inset(
                """
                <p class="govuk-body">What was said stays with the case. Ask the officer of the case, who reads it on \
                the person’s page, and speak with them before you answer.</p>
                """)
            : summaryList(saidRows(office, words))
        return Page(
            form.errors.isEmpty ? title(asked, words) : "Error: \(title(asked, words))",
            back: Link("Corrections", to: "/corrections"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title(asked, words))</h1>
            \(summaryList([
                SummaryRow("Came on", "\(asked.received.dayInEngland.inWords)"),
                SummaryRow("Answer due by", "\(asked.due.inWords) \(late(asked, today))"),
                SummaryRow("Put right by", "\(fixer(asked, words))"),
            ]))
            \(said)
            \(asked.answer.map { answered($0) } ?? answering(asked, form, today))
            """)
    }

    private static func saidRows(_ office: OfficeCorrection, _ words: FactWords) -> [SummaryRow] {
        let asked = office.correction
        let number = asked.target.record == nil ? asked.person : office.ref
        return [
            number.map { SummaryRow("Number of the record at the source", "\($0)") },
            asked.target.kind == .wrongFact
                ? SummaryRow("It said", "\(words.value(asked.target.fact, asked.target.held))") : nil,
            asked.wanted.isEmpty ? nil : SummaryRow("Right would be", "\(asked.wanted)"),
            asked.words.isEmpty ? nil : SummaryRow("In their words", "\(asked.words)"),
            asked.extensionReason.map { SummaryRow("Takes longer because", "\($0)") },
        ].compactMap { $0 }
    }

    private static func answered(_ answer: Correction.Answer) -> HTML {
        inset(
            """
            <p class="govuk-body">\(words(of: answer.outcome)), \(answer.at.dayInEngland.inWords): \
            \(answer.words)</p>
            """)
    }

    private static let care = """
        Whoever asked reads your words. They may not know where the child is: name no place and no person, and tell of \
        no other record.
        """

    private static func answering(_ asked: Correction, _ form: Form, _ today: Day) -> HTML {
        let address = "/corrections/\(asked.id)"
        let isLongRefused = form.error(of: "reason") != nil
        let longer: HTML? =
            asked.extensionReason == nil && AnswerBy.mayExtend(received: asked.received.dayInEngland, on: today)
                || isLongRefused
            ? details(
                "It takes longer than a month", isOpen: isLongRefused,
                """
                <p class="govuk-body">Two further months, once, where it is complex or there are many (UK GDPR, \
                article 12(3)). Whoever asked is told the reason.</p>
                \(form.posting(to: address + "/extensions", version: form.version ?? asked.version, """
                    \(textArea("reason", label: "Why does it take longer?", value: form["reason"],
                        error: form.error(of: "reason")))
                    \(button("Take two further months", look: .secondary))
                    """))
                """) : nil
        let outcomes = [
            Choice("put-right", "The agency put it right"),
            Choice("not-changed", "It is not changed, for the reason below"),
        ]
        return """
            <h2 class="govuk-heading-m">Answer</h2>
            \(warning(care))
            \(form.posting(to: address + "/answers", version: form.version ?? asked.version, """
                \(radios("outcome", legend: "What became of it?", choices: outcomes, chosen: form["outcome"],
                    error: form.error(of: "outcome")))
                \(textArea("answer", label: "What was done, or why it is not changed", value: form["answer"],
                    hint: "Where it is not changed, their right to complain is told beside it.",
                    error: form.error(of: "answer")))
                \(button("Answer"))
                """))
            \(longer)
            """
    }
}
