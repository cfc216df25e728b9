import Kernel
import SingleView
import Web

enum ByHandPages {
    static func child(_ child: ReviewedChild, _ near: [FoundChild], _ words: FactWords, _ form: Form) -> Page {
        let title = "The records of \(child.name)"
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)",
            back: Link("Is a child known already?", to: "/review/find"),
            isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            <p class="govuk-body">Born \(child.born.inWords). Whoever is shown here is told that you looked.</p>
            \(records(child, words))
            \(parting(child, words, form))
            \(others(child, near, words, form))
            """)
    }

    private static func records(_ child: ReviewedChild, _ words: FactWords) -> HTML {
        let rows = child.records.map { record -> [HTML] in
            let told = shown.compactMap { name, fact in
                record.cells[name].map { "\(FactWords.name(of: fact)): \(words.value(fact, $0))" }
            }
            return [
                "\(words.source(record.source))", "\(told.joined(separator: "; "))", "\(record.firstDay.inWords)",
            ]
        }
        return table("Records on this page", head: ["Source", "What it says", "Since"], rows: rows)
    }

    /// What identifies a child, and nothing of where they live: whoever looks up a child by name needs no more.
    private static let shown = [
        ("given", "given"), ("middle", "middle"), ("family", "family"), ("born", "born"), ("sex", "sex"),
        ("nhs_number", "nhs-number"), ("upn", "upn"),
    ]

    private static func parting(_ child: ReviewedChild, _ words: FactWords, _ form: Form) -> HTML {
        guard child.records.count > 1 else {
            return "<p class=\"govuk-body\">There is one record, so nothing can be parted from it.</p>"
        }
        let choices = child.records.map { record in
            let name = "\(record.cells["given"] ?? "") \(record.cells["family"] ?? "")"
            return Choice(String(record.number), "\(words.source(record.source)): \(name)")
        }
        let error: HTML? = form.error(of: "record").map {
            "<p class=\"govuk-error-message\" id=\"record-error\">\($0)</p>"
        }
        return """
            <h2 class="govuk-heading-m">Some of these are another child’s</h2>
            <p class="govuk-body">They get a page of their own. Whoever is kept from this child is kept from that one \
            too. It can be undone.</p>
            \(form.posting(
                to: "/review/children/\(child.person)/parts",
                """
                \(error)
                \(checkboxes("record", legend: "Which are another child’s?", choices: choices,
                    chosen: Set(form.fields.all("record"))))
                \(textArea("reason", label: "Why?", value: form["reason"], error: form.error(of: "reason")))
                \(button("Part them", look: .secondary))
                """))
            """
    }

    private static func others(
        _ child: ReviewedChild, _ near: [FoundChild], _ words: FactWords, _ form: Form
    ) -> HTML {
        guard !near.isEmpty else {
            return "<p class=\"govuk-body\">No other child whom you may be shown has a record like one of these.</p>"
        }
        let items = near.map { other -> HTML in
            """
            <li class="app-result"><h3>\(other.name), born \(other.born.inWords)</h3>
            <p>Of 1,000 pairs that compare like the nearest two records, \(SureInWords.words(other.chance)) are of one \
            child. Theirs: \(words.source(other.source)).</p>
            \(form.posting(
                to: "/review/children/\(child.person)/comparisons",
                """
                <input type="hidden" name="other" value="\(other.person)">
                \(button("Compare side by side", look: .quiet))
                """))
            </li>
            """
        }
        return """
            <h2 class="govuk-heading-m">Others who look like this child</h2>
            <ul class="app-results">\(items)</ul>
            """
    }
}
