import Kernel
import People
import Web

enum OwnWordsPages {
    struct Shown: Sendable {
        let person: Person
        /// Each with who wrote it, by what they are.
        let entries: [(entry: OwnEntry, who: String)]
        /// The account that reads.
        let reader: String
        let mayWrite: Bool
        /// Whether the reader is the person themselves.
        let mayKeep: Bool
        /// Whether the person is sixteen, or was judged to understand.
        let mayKeepNow: Bool
        let mayRecord: Bool
        let judge: String?
    }

    static let notYet = """
        Somebody who works with you first has to note that you understand what this means. Nothing was saved. Ask \
        them, or write it without keeping it
        """

    static func page(_ shown: Shown, _ form: Form) -> Page {
        let person = shown.person
        let list: HTML =
            shown.entries.isEmpty
            ? "<p class=\"govuk-body\">Nothing has been written yet.</p>"
            : "<ul class=\"app-results\">\(shown.entries.map { item($0.entry, $0.who, shown, form) })</ul>"
        let new: HTML? =
            shown.mayWrite
            ? """
            <h2 class="govuk-heading-m">Write something</h2>
            \(form.posting(
                to: "/people/\(person.id.text)/words", fields("", words: form["words"], form, shown, nil)))
            """ : nil
        return Page(
            form.errors.isEmpty ? "In their own words" : "Error: In their own words",
            back: Link(person.name, to: "/people/\(person.id.text)"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(person.name): in their own words</h1>
            \(list)
            \(new)
            \(understanding(shown, form))
            """)
    }

    private static func item(_ entry: OwnEntry, _ who: String, _ shown: Shown, _ form: Form) -> HTML {
        let kept: HTML? = entry.isKept ? "<p>\(tag("Kept from parents", .purple))</p>" : nil
        let suffix = "-\(entry.id.text)"
        let isRefused = form.errors.contains { $0.field.hasSuffix(suffix) }
        let change: HTML? =
            entry.author == shown.reader && shown.mayWrite
            ? details(
                "Change this", isOpen: isRefused,
                form.posting(
                    to: "/people/\(shown.person.id.text)/words/\(entry.id.text)",
                    version: isRefused ? form.version : entry.version,
                    fields(
                        suffix, words: isRefused ? form["words" + suffix] : entry.words, form, shown,
                        isRefused ? nil : entry)))
            : nil
        return """
            <li class="app-result"><p>\(entry.made.dayInEngland.inWords), written by \(who)</p>
            \(kept)\(withheld(entry, shown))<p class="app-letter">\(entry.words)</p>\(change)</li>
            """
    }

    /// To whom it is not shown: for the family and the officer alone.
    private static func withheld(_ entry: OwnEntry, _ shown: Shown) -> HTML? {
        guard !entry.withheld.isEmpty, shown.mayWrite || shown.mayRecord else { return nil }
        let names = entry.withheld.sorted().map(\.short).joined(separator: ", ")
        return "<p>\(tag("Not shown to \(names)", .purple))</p>"
    }

    /// The fields of one entry; on a page of several each has names of its own.
    private static func fields(
        _ suffix: String, words: String, _ form: Form, _ shown: Shown, _ entry: OwnEntry?
    ) -> HTML {
        let isKept = entry?.isKept ?? false
        let withheld = entry.map { Set($0.withheld.map(\.rawValue)) } ?? Set(form.fields.all("withheld" + suffix))
        let hint =
            shown.mayKeepNow
            ? "The people who work with you can read it. If somebody is in danger, they must act on it"
            : "Only after somebody who works with you has noted that you understand what this means"
        let keep: HTML? =
            shown.mayKeep
            ? checkboxes(
                "kept" + suffix, legend: "Who may read it?",
                choices: [Choice("yes", "Keep this from my parents and carers")],
                chosen: isKept || form["kept" + suffix] == "yes" ? ["yes"] : [], hint: hint) : nil
        return """
            \(textArea("words" + suffix, label: "What there is to say", value: words,
                error: form.error(of: "words" + suffix)))
            \(keep)
            \(checkboxes("withheld" + suffix, legend: "Do not show it to", choices: Sector.allCases.map {
                Choice($0.rawValue, $0.words)
            }, chosen: withheld, hint: """
                Without a tick, those of them who work with this child may read it. The council’s special educational \
                needs team reads it in any case: it decides by it
                """))
            \(button("Save"))
            """
    }

    /// Who judged that a child understands: for the officer to note.
    private static func understanding(_ shown: Shown, _ form: Form) -> HTML? {
        guard shown.mayRecord else { return nil }
        let held: HTML? = shown.judge.map { "<p class=\"govuk-body\">Noted: \($0)</p>" }
        return details(
            "Whether they understand what it means to keep something from their parents", isOpen: shown.judge != nil,
            """
            \(held)
            <p class="govuk-body">From sixteen they are taken to. Before, somebody who knows them judges it: whether \
            this child understands what it means, and what may follow.</p>
            \(form.posting(
                to: "/people/\(shown.person.id.text)/understanding",
                """
                \(textInput("judge", label: "Who judged that they understand, when, and on what",
                    value: form["judge"], error: form.error(of: "judge"), autocomplete: "off"))
                \(button("Note it", look: .secondary))
                """))
            """)
    }
}
