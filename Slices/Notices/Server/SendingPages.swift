import Kernel
import Notices
import Web

/// What somebody of a health body sees: the form, and what became of what they sent.
enum SendingPages {
    static func list(_ sent: [NoticeReceipt]) -> Page {
        let rows = sent.map { receipt -> [HTML] in
            [
                "\(anchor(Link(receipt.reference ?? receipt.id, to: "/notices/sent/\(receipt.id)")))",
                "\(receipt.attention.inWords)",
                receipt.missing.isEmpty ? tag("Complete", .green) : tag("Incomplete", .red),
                "\(receipt.pickedUp.map { "Picked up on \($0.inWords)" } ?? "Received")",
            ]
        }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">You have not given any notice here yet.</p>"
            : table("The notices you gave", head: ["Reference", "Received", "Complete", "State"], rows: rows)
        return Page(
            "Early notices you gave", isListed: false,
            """
            <h1 class="govuk-heading-l">Early notices you gave</h1>
            <p class="govuk-body">Where your body thinks that a child under compulsory school age has, or probably \
            has, special educational needs or a disability, it tells the parent, offers to discuss it, names a \
            voluntary body that may help, and brings the child to the council’s attention.</p>
            <p class="app-source">Children and Families Act 2014, section 23</p>
            \(buttonLink(Link("Give notice of a child", to: "/notices/new")))
            \(shown)
            """)
    }

    static func sent(_ receipt: NoticeReceipt, _ record: NoticeRecord) -> Page {
        let missing: HTML? =
            receipt.missing.isEmpty
            ? nil
            : inset(
                """
                <p class="govuk-body">It is accepted, and incomplete. Please tell us today:</p>
                <ul class="govuk-list govuk-list--bullet">\(receipt.missing.map { "<li>\($0.words)</li>" as HTML })</ul>
                <p class="govuk-body">\(NoticeWords.lead(from: receipt.leadFrom))</p>
                """)
        let state: HTML =
            record.mayWork
            ? NoticePages.standing(record.line)
            : "\(receipt.pickedUp == nil ? "Received" : "Received and picked up")"
        var rows = [
            SummaryRow("Your reference", "\(receipt.reference ?? "None")"), SummaryRow("Our number", "\(receipt.id)"),
            SummaryRow("From", "\(record.line.body)"), SummaryRow("Received", "\(receipt.attention.inWords)"),
            SummaryRow("State", state),
        ]
        rows += record.mayWork ? record.steps.map { SummaryRow($0.step.words, "\($0.day.inWords)") } : []
        let closed: HTML? =
            record.mayWork
            ? nil
            : inset(
                """
                <p class="govuk-body">What it says, and what was done since, is part of the child’s record by now. It \
                is seen by those who work with the child.</p>
                """)
        return Page(
            "The notice you gave", back: Link("Early notices you gave", to: "/notices/sent"), isListed: false,
            """
            <h1 class="govuk-heading-l">The notice you gave</h1>
            \(missing)
            \(summaryList(rows))
            <p class="govuk-body">\(NoticeWords.attention(receipt.attention))</p>
            <p class="govuk-body">\(NoticeWords.next)</p>
            <p class="govuk-body app-actions">\(anchor(Link("Put it right, or add what was missing",
                to: "/notices/new?again=\(receipt.id)")))</p>
            \(closed)
            \(record.content.classes.isEmpty ? nil : "<h2 class=\"govuk-heading-m\">What you sent</h2>" as HTML?)
            \(summaryList(NoticeFacts.rows(record)))
            """)
    }

    static func form(_ draft: NoticeDraft, body: String, _ bodies: [NoticeBody], _ form: Form) -> Page {
        let title = "Give early notice of a child"
        let field = Fields(draft: draft, form: form)
        let none: HTML? =
            bodies.isEmpty ? warning("No health body is noted here yet. Ask the council to add yours.") : nil
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)",
            back: Link("Early notices you gave", to: "/notices/sent"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            <p class="govuk-body">Of a child under compulsory school age. What you do not know yet can be left empty: \
            the notice is accepted, and we ask you for it.</p>
            \(none)
            \(form.posting(to: "/notices", content(field, body, bodies, form)))
            """)
    }

    private static func content(_ field: Fields, _ body: String, _ bodies: [NoticeBody], _ form: Form) -> HTML {
        """
        \(heading("Who gives notice"))
        \(select("body", label: "Health body", choices: [Choice("", "Choose")]
            + bodies.map { Choice($0.id, "\($0.name), \($0.kind.words)") }, chosen: body,
            error: form.error(of: "body")))
        \(field.line(.givenBy, "Your name and post"))
        \(field.line(.reference, "Your own reference",
            hint: "Not the child’s name: it stands in mails. To put a notice right, use the same one again",
            width: "20"))
        \(heading("The child"))
        \(field.line(.given, "Given name"))
        \(field.line(.family, "Family name"))
        \(field.day(.born, "Date of birth"))
        \(select(NoticeForm.name(.sex), label: "Sex",
            choices: [Choice("", "Not said")] + WrittenSex.allCases.map { Choice($0.rawValue, $0.words) },
            chosen: field.draft[.sex], error: field.error(.sex)))
        \(field.line(.nhsNumber, "NHS number", hint: "Ten figures, where you know it", width: "20"))
        \(field.area(.address, "Address", rows: 3))
        \(field.line(.postcode, "Postcode", width: "10"))
        \(field.line(.telephone, "Telephone", width: "20"))
        \(field.line(.parentName, "Parent’s name"))
        \(field.area(.parentContact, "How the parent is best reached", rows: 2))
        \(heading("What you think"))
        \(needs(field))
        \(field.area(.opinion, "Your opinion in words", rows: 4))
        \(field.area(.report, "What your report says", rows: 8,
            hint: "In words. Documents cannot be attached here yet"))
        \(heading("What you did before this notice"))
        \(field.day(.told, "The day you told the parent what you think (section 23(2))"))
        \(radios(NoticeForm.name(.offered), legend: "Did you offer to discuss it with them (section 23(3))?",
            choices: [Choice("yes", "Yes"), Choice("no", "Not yet")], chosen: field.draft[.offered],
            error: field.error(.offered)))
        \(field.line(.voluntaryBody, "The voluntary body that you named to them (section 23(4))"))
        \(checkboxes(NoticeForm.name(.noVoluntaryBody), legend: "Or",
            choices: [Choice("yes", "We think that none is likely to be able to help")],
            chosen: [field.draft[.noVoluntaryBody]]))
        \(button("Send the notice"))
        """
    }

    private static func heading(_ text: String) -> HTML { "<h2 class=\"govuk-heading-m\">\(text)</h2>" }

    private static func needs(_ field: Fields) -> HTML {
        let chosen = Set(field.draft[.needs].split(separator: " ").map { $0.uppercased() })
        let error: HTML? = field.error(.needs).map {
            "<p class=\"govuk-error-message\"><span class=\"govuk-visually-hidden\">Error:</span> \($0)</p>"
        }
        return """
            \(error)\(checkboxes(
                NoticeForm.name(.needs), legend: "Types of need that the child has, or probably has",
                choices: NeedType.sen2.map { Choice($0.code, $0.name) }, chosen: chosen))
            """
    }

    /// The fields of the form with what was written and what is wrong.
    private struct Fields {
        let draft: NoticeDraft
        let form: Form

        func error(_ field: NoticeField) -> String? { form.error(of: NoticeForm.name(field)) }

        func line(_ field: NoticeField, _ label: String, hint: String? = nil, width: String? = nil) -> HTML {
            textInput(
                NoticeForm.name(field), label: label, value: draft[field], hint: hint, error: error(field),
                width: width.map { "govuk-input--width-\($0)" } ?? "", autocomplete: "off")
        }

        func day(_ field: NoticeField, _ label: String) -> HTML {
            line(field, label, hint: "For example 31/8/2023", width: "10")
        }

        func area(_ field: NoticeField, _ label: String, rows: Int, hint: String? = nil) -> HTML {
            textArea(
                NoticeForm.name(field), label: label, value: draft[field], hint: hint, error: error(field), rows: rows)
        }
    }
}
