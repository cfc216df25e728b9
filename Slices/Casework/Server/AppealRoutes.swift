import Access
import AccessServer
import Casework
import Kernel
import Storage
import Web

/// How many appeals there are, and of what. Counts without a name: nobody is on this page.
enum AppealRoutes {
    static let all: [Route] = [.get("/appeals", may: .office(CaseActions.appeals), show)]

    private static func show(_ visit: Visit) async throws -> Reply {
        let (policy, scope, today) = (try visit.live(policyInForce), visit.scope, visit.today)
        var form = Form(visit.query, key: "") { _ in "" }
        let year = today.civil.year
        let (first, last) = (try Day(year, 1, 1), today)
        let from = form["from"].isEmpty ? first : form.day("from", orSay: "Write the first day")
        let to = form["to"].isEmpty ? last : form.day("to", orSay: "Write the last day")
        if let from, let to, from > to { form.refuse("to", "The last day comes before the first") }
        guard form.errors.isEmpty, let from, let to else { return .badRequest(AppealPages.page(nil, form)) }
        let files = try await visit.read { try CaseStore(tx: $0, scope: scope, policy: policy).disputed(to: to) }
        return .page(AppealPages.page((from, to, AppealCount(files, from...to)), form))
    }
}

enum AppealPages {
    static func page(_ counted: (from: Day, to: Day, count: AppealCount)?, _ form: Form) -> Page {
        Page(
            "Appeals", isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Appeals and disagreements, counted</h1>
            <p class="govuk-body">An appeal is a right of families. These are counts of the cases that you may see, \
            for planning and for learning from decisions. There is no target for them, and none will be set.</p>
            <form method="get" action="/appeals">
            \(day("from", "From", form, counted?.from))
            \(day("to", "To", form, counted?.to))
            \(button("Count", look: .secondary))
            </form>
            \(counted.map(tables))
            """)
    }

    private static func day(_ name: String, _ label: String, _ form: Form, _ held: Day?) -> HTML {
        let held = held.map { "\($0.civil.day)/\($0.civil.month)/\($0.civil.year)" } ?? ""
        return textInput(
            name, label: label, value: form[name].isEmpty ? held : form[name], error: form.error(of: name),
            width: "govuk-input--width-10", autocomplete: "off")
    }

    private static func tables(_ from: Day, _ to: Day, _ count: AppealCount) -> HTML {
        let time = "\(from.inWords) to \(to.inWords)"
        let appeals = AppealMatter.allCases.filter { count.appeals[$0] != nil }.map { matter -> [HTML] in
            [words(matter), number(count.appeals[matter])]
                + AppealCount.Outcome.allCases.map { number(count.outcomes[matter]?[$0]) }
        }
        let decided = AppealMatter.allCases.filter { count.decisions[$0] != nil }
        let sent: [HTML] = ["All that were sent"] + decided.map { number(count.decisions[$0]) }
        let stages = DisputeStage.allCases.map { stage -> [HTML] in
            ["\(stage.words)"] + decided.map { number(count.stages[$0]?[stage]) }
        }
        return """
            \(shown("Appeals that the Tribunal received, \(time)", appeals, "No appeal was received in this time.",
                ["About", "Received"] + AppealCount.Outcome.allCases.map(\.words)))
            \(shown("Decisions that can be appealed, \(time)", decided.isEmpty ? [] : [sent] + stages,
                "No decision of this time can be appealed.", ["How far they have come"] + decided.map(\.words)))
            """
    }

    private static func shown(_ caption: String, _ rows: [[HTML]], _ none: String, _ head: [String]) -> HTML {
        rows.isEmpty
            ? "<h2 class=\"govuk-heading-m\">\(caption)</h2><p class=\"govuk-body\">\(none)</p>"
            : table(caption, head: head, rows: rows)
    }

    private static func words(_ matter: AppealMatter) -> HTML {
        "\(matter.words)<div class=\"app-source\">\(matter.provision)</div>"
    }

    private static func number(_ count: Int?) -> HTML { "\(Digits.grouped(count ?? 0))" }
}
