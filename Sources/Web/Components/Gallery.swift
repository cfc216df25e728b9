/// Every component with examples of its use: they feed the page `/components` and the accessibility tests.
public enum Gallery {
    public static let examples: [(name: String, html: HTML)] = [
        ("Text input", textInput("example-name", label: "Your name", value: "", hint: "As you like to be called")),
        (
            "Text input with an error",
            textInput(
                "example-age", label: "Age", value: "-3", error: "Enter an age from 0 to 25",
                width: "govuk-input--width-3")
        ),
        (
            "Text area",
            textArea("example-words", label: "What is wrong?", value: "It has moved", hint: "No names, please")
        ),
        (
            "File",
            fileInput(
                "example-file", label: "The agency’s extract", hint: "A CSV file of at most 64 MB",
                accept: ".csv,text/csv")
        ),
        (
            "File with an error",
            fileInput("example-report", label: "The report", error: "Choose the report", accept: ".pdf,.docx")
        ),
        (
            "Select",
            select(
                "example-order", label: "Order", choices: [Choice("best", "Most suitable"), Choice("name", "Name")],
                chosen: "name")
        ),
        (
            "Select under headings",
            select(
                "example-event", label: "What happened?",
                groups: [
                    ("", [Choice("", "Pick one")]), ("Asking", [Choice("request", "A request arrived")]),
                    ("Reviews", [Choice("review", "The review was held")]),
                ], chosen: "request")
        ),
        (
            "Checkboxes",
            checkboxes(
                "example-days", legend: "Open on",
                choices: [Choice("sat", "Saturday", count: 12), Choice("sun", "Sunday")],
                chosen: ["sat"])
        ),
        (
            "Radio buttons",
            radios(
                "example-right", legend: "Is it right?", choices: [Choice("yes", "Yes"), Choice("no", "No")],
                chosen: "yes")
        ),
        ("Error summary", errorSummary([FieldError("example-age", "Enter an age from 0 to 25")]) ?? .empty),
        ("Button", "\(button("Search")) \(button("Clear", look: .secondary)) \(button("Remove", look: .quiet))"),
        ("Button link", buttonLink(Link("Start", to: "#"))),
        (
            "Summary list",
            summaryList([SummaryRow("Ages", "4 to 11", note: "From a 2018 source"), SummaryRow("Cost", "Not known")])
        ),
        ("Tags", "\(tag("Invented", .purple)) \(tag("Fits", .green)) \(tag("Not confirmed", .yellow))"),
        ("Details", details("More choices", "<p class=\"govuk-body\">What is folded away.</p>")),
        ("Inset", inset("Listed in 2012, not confirmed since.")),
        ("Warning", warning("This school has closed.")),
        ("Notice", notice("Thank you", "<p class=\"govuk-notification-banner__heading\">We have your note.</p>")),
        ("Table", table("Pupils", head: ["School", "Pupils"], rows: [["Hall Lane School", "120"]])),
        ("Pagination", pagination(page: 3, pages: 9) { "#\($0)" } ?? .empty),
    ]

    public static let page = Page(
        "Components", isListed: false,
        """
        <h1 class="govuk-heading-l">Components</h1>
        <p class="govuk-body">The pieces that every page is made of, as they look and as they are tested.</p>
        \(examples.map { name, html in
            "<section class=\"app-example\"><h2 class=\"govuk-heading-m\">\(name)</h2>\(html)</section>" as HTML
        })
        """)
}
