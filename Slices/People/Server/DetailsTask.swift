import Access
import Kernel
import LinksServer
import People
import Storage
import Web

/// “Are these details still right?”: the family reads what is held and says. Nothing is overwritten by the answer; it
/// is kept for whoever keeps the record.
public let detailsStillRight = TaskKind(
    code: "details-still-right", title: "Are these details still right?",
    asks: "check whether some details are still right", isAboutChild: true, shows: [.identity, .location],
    look: PeopleEvents.seen,
    facts: { task, tx in try DetailsTask.facts(of: task, in: tx) },
    fields: { DetailsTask.fields($0) },
    check: { DetailsTask.check(&$0) },
    keep: { form, task, tx in
        try People.keep(
            DetailsAnswer(at: tx.now, isRight: form["right"] == "yes", words: form["words"]), to: task, in: tx)
    })

enum DetailsTask {
    static let wordsLimit = 2000

    static func facts(of task: OpenTask, in tx: any Transaction) throws -> HTML? {
        guard let (name, held) = try People.details(for: task, in: tx) else { return nil }
        return """
            <p class="govuk-body">This is what the council holds. Is it still right?</p>
            \(summaryList([
                SummaryRow("Name", "\(name)"),
                SummaryRow("Address", "\(held.map { "\($0.address), \($0.postcode)" } ?? "Not known")"),
                SummaryRow("Nursery, school or college", "\(known(held?.setting))"),
            ]))
            """
    }

    private static func known(_ text: String?) -> String { text.flatMap { $0.isEmpty ? nil : $0 } ?? "Not known" }

    static func fields(_ form: Form) -> HTML {
        """
        \(radios("right", legend: "Is all of it still right?",
            choices: [Choice("yes", "Yes, all of it"), Choice("no", "No, something is wrong or missing")],
            chosen: form["right"], error: form.error(of: "right")))
        \(textArea("words", label: "What is wrong, and what would be right? (only if something is)",
            value: form["words"], error: form.error(of: "words")))
        """
    }

    static func check(_ form: inout Form) {
        switch form["right"] {
        case "yes":
            if !form["words"].isEmpty {
                form.refuse("right", "Choose No if something is wrong, or empty the box below")
            }
        case "no": _ = form.text("words", orSay: "Write what is wrong", limit: wordsLimit)
        default: form.refuse("right", "Choose Yes or No")
        }
    }
}
