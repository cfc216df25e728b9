import AccessServer
import Kernel
import Web

/// The page of models, for whoever looks after the links.
enum ModelPages {
    static func list(
        _ models: [ModelStore.Kept], _ uses: [ModelStore.Use], _ who: [String: String], records: Int, mayUse: Bool,
        said: String?, _ form: Form
    ) -> Page {
        let inUse = uses.first?.version
        let items = models.map { model -> HTML in item(model, isUsed: model.version == inUse, mayUse, form) }
        let none: HTML? =
            models.isEmpty
            ? "<p class=\"govuk-body\">Nothing has been linked yet. The first time is by the model that ships.</p>"
            : nil
        return Page(
            "Models of linking", back: Link("Review", to: "/review"), isListed: false,
            """
            \(errorSummary(form.errors))
            \(done(said))
            <h1 class="govuk-heading-l">Models of linking</h1>
            <p class="govuk-body">A model says what it is worth that two records agree or differ in a name, a \
            birthday, a number or an address. It is learnt from how records agree, without anybody telling it who is \
            who. New records are linked by the model in use; whatever is linked already stays, and where a new model \
            sees it otherwise, the pair is put before a person.</p>
            \(none)
            \(items)
            \(mayUse ? learning(records, form) : nil)
            \(history(uses, who))
            """)
    }

    private static func item(_ model: ModelStore.Kept, isUsed: Bool, _ mayUse: Bool, _ form: Form) -> HTML {
        let mark: HTML? = isUsed ? tag("In use", .green) : nil
        let origin =
            switch model.origin {
            case .shipped: "It ships with the program, learnt from an invented city of Birmingham’s size"
            case .learnt:
                "Learnt from \(Digits.grouped(model.records)) records of this city on \(model.made.inWords)"
            }
        let field = "reason-\(model.version)"
        let use: HTML? =
            mayUse && !isUsed
            ? form.posting(
                to: "/review/models/\(model.version)/uses",
                """
                \(textInput(field, label: "Why it is to be used", value: form[field], error: form.error(of: field)))
                \(button("Use this model", look: .secondary))
                """) : nil
        return """
            <section class="app-decision">
            <h2 class="govuk-heading-m">Model \(model.version) \(mark)</h2>
            <p class="govuk-body">\(origin).</p>
            \(model.compared.map(comparison))
            \(use)
            </section>
            """
    }

    private static func comparison(_ compared: ModelComparison) -> HTML {
        let rows: [SummaryRow] = [
            SummaryRow("Compared with", "Model \(compared.from)"),
            SummaryRow("Records that both looked at", "\(Digits.grouped(compared.records))"),
            SummaryRow("Pairs it would join, and the other would not", "\(Digits.grouped(compared.joined))"),
            SummaryRow("Pairs it would part, and the other would not", "\(Digits.grouped(compared.parted))"),
            SummaryRow(
                "Children whose records would be put together otherwise",
                "\(Digits.grouped(compared.changed)) of \(Digits.grouped(compared.clusters))"),
        ]
        return """
            <h3 class="govuk-heading-s">What would be otherwise</h3>
            \(summaryList(rows))
            """
    }

    private static func learning(_ records: Int, _ form: Form) -> HTML {
        guard records >= ModelLearning.fewest else {
            return inset(
                """
                A model is learnt from \(Digits.grouped(ModelLearning.fewest)) records or more; there are \
                \(Digits.grouped(records)). Until then the model that ships is the better one.
                """)
        }
        return form.posting(
            to: "/review/models",
            """
            <p class="govuk-body">A model can be learnt from the records that are here now. That takes seconds to \
            minutes and changes nothing: it is compared with the one in use, and somebody decides.</p>
            \(button("Learn a model from these records"))
            """)
    }

    private static func history(_ uses: [ModelStore.Use], _ who: [String: String]) -> HTML? {
        guard !uses.isEmpty else { return nil }
        let rows = uses.map { use -> [HTML] in
            ["\(use.since.inWords)", "\(use.version)", "\(who[use.who] ?? "somebody")", "\(use.reason)"]
        }
        return """
            <h2 class="govuk-heading-m">Which was in use when</h2>
            \(table("Models in use", head: ["Since", "Model", "Taken up by", "Why"], rows: rows, isCaptionShown: false))
            """
    }

    private static func done(_ said: String?) -> HTML? {
        switch said {
        case "learning":
            notice(
                "A model is being learnt",
                "<p class=\"govuk-body\">It stands here when that is done. Load the page again in a minute.</p>")
        case "used":
            notice(
                "The model is in use",
                """
                <p class="govuk-body">Doubts are weighed anew by it within a minute. To go back, use the one before.</p>
                """)
        default: nil
        }
    }
}
