import Kernel
import Links
import Web

/// What whoever has a link sees. Only the form itself names anybody.
enum LinkPages {
    /// The same, with the same status, for a link that ended, was taken back, or never was.
    static let nothing = Reply(
        status: 404,
        body: .page(
            Page(
                "This link opens nothing", isListed: false,
                """
                <h1 class="govuk-heading-l">This link opens nothing</h1>
                <p class="govuk-body">It may have ended, been taken back, or been cut short on its way. If it came in \
                a mail, open it from there again.</p>
                <p class="govuk-body">If it still opens nothing, ask the person at the council who sent it to you. \
                They can send a new one, or take your answer by telephone.</p>
                """)))

    /// What was asked is wanted no more: the words are given back, so that nothing is lost.
    static func notTaken(_ form: Form) -> Reply {
        let written = form.fields.pairs.filter { !$0.name.hasPrefix("form-") && !$0.value.isEmpty }
        return Reply(
            status: 409,
            body: .page(
                Page(
                    "This is not asked for any more", isListed: false,
                    """
                    <h1 class="govuk-heading-l">This is not asked for any more</h1>
                    <p class="govuk-body">What you sent was not taken. Here is what you wrote, so that you can keep \
                    it. If it should still be read, send it to the person at the council who asked you.</p>
                    \(written.map { "<p class=\"govuk-body app-letter\">\($0.value)</p>" as HTML })
                    """)))
    }

    static let thanks = Page(
        "Thank you: this was answered", isListed: false,
        """
        <h1 class="govuk-heading-l">Thank you: this was answered</h1>
        <p class="govuk-body">We have the answer. The link opens nothing more, and you can close this page.</p>
        <p class="govuk-body">If something has changed since, or it was not you who answered, tell the person at the \
        council who sent you the link.</p>
        """)

    static let newCode = Page(
        "You need a new code", isListed: false,
        """
        <h1 class="govuk-heading-l">You need a new code</h1>
        <p class="govuk-body">Each code works once, in one browser, and after \(TaskLink.mostWrong) wrong tries it \
        works no more.</p>
        <p class="govuk-body">Ask the person at the council who sent you the link for a new code. Then open the link \
        again.</p>
        """)

    static func code(_ link: String, _ form: Form) -> Page {
        Page(
            form.errors.isEmpty ? "Write the code" : "Error: Write the code", isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Write the code that was given to you</h1>
            <p class="govuk-body">It keeps what is behind this link from anybody else who may come by it. You were \
            told it by telephone, or it is in a letter.</p>
            \(form.posting(
                to: "/tasks/\(link)/codes",
                """
                \(textInput("code", label: "Code", value: "", hint: "Twelve letters and figures, like K7MQ-4XPT-9WRC",
                    error: form.error(of: "code"), width: "govuk-input--width-20", autocomplete: "one-time-code"))
                \(button("Continue"))
                """))
            """)
    }

    /// A form with what stands above it.
    struct Shown: Sendable {
        let kind: TaskKind
        let heading: String
        let lastDay: Day
        let facts: HTML
    }

    static func form(_ shown: Shown, _ link: String, _ form: Form) -> Page {
        Page(
            form.errors.isEmpty ? shown.kind.title : "Error: \(shown.kind.title)", isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(shown.heading)</h1>
            \(shown.facts)
            \(form.posting(
                to: "/tasks/\(link)/answers", files: shown.kind.files > 0,
                """
                \(shown.kind.fields(form))
                <p class="govuk-body">You can answer once, until \(shown.lastDay.inWords).</p>
                \(button("Send"))
                """))
            """)
    }

    static func reply(_ page: Page, _ form: Form) -> Reply { form.errors.isEmpty ? .page(page) : .unprocessable(page) }
}
