import Web

/// Where to turn at once, for whoever writes that they are in danger: national lines that answer day and night.
enum UrgentHelp {
    private static let lines: [(who: String, number: String, dial: String)] = [
        ("If a life is at risk, or someone is being hurt now, call", "999", "999"),
        ("For urgent mental health help, call NHS 111 and choose the mental health option:", "111", "111"),
        ("To talk to the Samaritans, free, at any hour:", "116 123", "116123"),
        ("For children and young people: Childline, free, at any hour:", "0800 1111", "08001111"),
    ]

    static let box: HTML = """
        <section class="app-urgent" aria-labelledby="urgent"><h2 class="govuk-heading-m" id="urgent">Help now, by \
        telephone</h2>
        <ul class="govuk-list">
        \(lines.map { line in
            "<li>\(line.who) <a class=\"govuk-link\" href=\"tel:\(line.dial)\"><strong>\(line.number)</strong></a></li>"
                as HTML
        })
        </ul></section>
        """

    static let inWords = lines.map { "\($0.who) \($0.number)." }.joined(separator: " ")
}
