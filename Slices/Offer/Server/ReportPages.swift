import Kernel
import Web

/// “Something here is wrong”: a way to say so, on every page.
enum ReportPages {
    static let wordsLimit = 2000

    static func new(_ form: Form, about: String) -> Page {
        let about = form["about"].isEmpty ? about : form["about"]
        let subject: HTML? =
            about.isEmpty ? nil : "<p class=\"govuk-body\">About the page \(anchor(Link(about, to: about))).</p>"
        return Page(
            form.errors.isEmpty ? "Something here is wrong" : "Error: Something here is wrong", isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Something here is wrong</h1>
            <p class="govuk-body">Tell us what is wrong, missing or hard to use. Please do not write about a child \
            by name.</p>
            \(subject)
            \(form.posting(
                to: "/reports",
                """
                <input type="hidden" name="about" value="\(about)">
                \(textArea("words", label: "What is wrong?", value: form["words"], error: form.error(of: "words")))
                \(textInput("contact", label: "How can we reach you? (optional)", value: form["contact"],
                    hint: "An e-mail address or telephone number, only if you want an answer",
                    error: form.error(of: "contact"), autocomplete: "email"))
                \(button("Send"))
                """))
            """)
    }

    static let thanks = Page(
        "Thank you", isListed: false,
        """
        <h1 class="govuk-heading-l">Thank you: we have it</h1>
        <p class="govuk-body">Someone who looks after this directory will read it. If you left a way to reach you, \
        they can \
        answer.</p>
        \(buttonLink(Link("Back to search", to: OfferLinks.search)))
        """)
}
