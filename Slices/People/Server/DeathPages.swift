import Kernel
import People
import Web

/// The pages about somebody who has died. They are read by people who grieve, and by those who have to act: each is
/// told what has stopped, and no sentence speaks as if the person lived.
enum DeathPages {
    /// What stands first of all on the page of somebody who has died.
    ///
    /// - Parameter isOfficer: whether the reader keeps the record; the others read it as family.
    static func first(_ person: Person, _ death: Death, isOfficer: Bool) -> HTML {
        guard isOfficer else {
            return inset(
                """
                <p class="govuk-body">\(person.given) died on \(death.day.inWords). We are so sorry.</p>
                <p class="govuk-body">This record stays open to you, as it was on that day. Nothing is sent any more, \
                and nothing is asked of you. Whenever you want to speak to somebody, or want a copy of anything here, \
                telephone the person at the council whom you know. If this is wrong, tell them at once, and they put \
                it right.</p>
                """)
        }
        return inset(
            """
            <p class="govuk-body">\(person.given) died on \(death.day.inWords).</p>
            <p class="govuk-body">Confirmed by \(death.source.words): \(death.confirmer). Entered on \
            \(death.made.dayInEngland.inWords). All messages about \(person.given) have stopped, and the record is \
            closed but for you and the parents; nothing in it can be changed.</p>
            <p class="govuk-body">Was it entered in error? \(anchor(Link("Undo the entry",
                to: "/people/\(person.id.text)/death/withdrawal"))).</p>
            """)
    }

    static func closed(_ closed: [(person: Person, died: Day)]) -> Page {
        let items = closed.map { person, died in
            """
            <li>\(anchor(Link(person.name, to: "/people/\(person.id.text)"))), \(person.born.inWords) to \
            \(died.inWords)</li>
            """ as HTML
        }
        let list: HTML =
            items.isEmpty
            ? "<p class=\"govuk-body\">There is none that you may see.</p>"
            : "<ul class=\"govuk-list app-people\">\(items)</ul>"
        return Page(
            "Records closed after a death", back: Link("People", to: "/people"), isListed: false,
            """
            <h1 class="govuk-heading-l">Records closed after a death</h1>
            \(list)
            """)
    }

    static func enter(_ person: Person, _ death: Death?, _ form: Form) -> Page {
        let title = "Enter that \(person.given) has died"
        let back = Link(person.name, to: "/people/\(person.id.text)")
        if death != nil {
            return Page(
                title, back: back, isListed: false,
                """
                <h1 class="govuk-heading-l">\(title)</h1>
                <p class="govuk-body">It is entered already. Nothing more is to be done here.</p>
                """)
        }
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)", back: back, isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            \(whatHappens)
            \(form.posting(to: "/people/\(person.id.text)/death", "\(fields(form))\(button("Enter the death"))"))
            """)
    }

    static func enterByReference(_ form: Form) -> Page {
        Page(
            form.errors.isEmpty ? "Enter that somebody has died" : "Error: enter that somebody has died",
            isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Enter that somebody has died</h1>
            <p class="govuk-body">For when you learn of a death and the record is not yours to see. The officer of the \
            case is told, sees what you enter, and can undo it.</p>
            \(whatHappens)
            \(form.posting(
                to: "/deaths",
                """
                \(textInput("person", label: "Reference of the person", value: form["person"],
                    error: form.error(of: "person"), autocomplete: "off"))
                \(fields(form))
                \(button("Enter the death"))
                """))
            """)
    }

    private static let whatHappens: HTML = """
        <p class="govuk-body">Only once it is confirmed. At that moment every letter, reminder and link about this \
        person stops, also those that are about to leave; they leave all lists and counts; and the record is closed to \
        everybody but the officer of the case and the parents. The officer is told by a mail without a name. An entry \
        in error is undone with all that it stopped.</p>
        """

    private static func fields(_ form: Form) -> HTML {
        let sources = [Choice("", "Choose")] + Death.Source.allCases.map { Choice($0.rawValue, $0.words) }
        return """
            \(textInput("day", label: "Day of death", value: form["day"], hint: "As 31/8/2026",
                error: form.error(of: "day"), width: "govuk-input--width-10", autocomplete: "off"))
            \(select("source", label: "Confirmed by", choices: sources, chosen: form["source"],
                error: form.error(of: "source")))
            \(textInput("confirmer", label: "Who confirmed it, and how can they be reached?", value: form["confirmer"],
                error: form.error(of: "confirmer"), autocomplete: "off"))
            """
    }

    static func undo(_ person: Person, _ death: Death?, _ form: Form) -> Page {
        let title = "Undo the entry of a death"
        let back = Link(person.name, to: "/people/\(person.id.text)")
        guard let death else {
            return Page(
                title, back: back, isListed: false,
                """
                <h1 class="govuk-heading-l">\(title)</h1>
                <p class="govuk-body">No death is entered in this record.</p>
                """)
        }
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)", back: back, isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            <p class="govuk-body">It was entered that \(person.name) died on \(death.day.inWords). Undone, the record \
            opens as before and what waited is sent. What its day has passed of is not: a link that is over, a warning \
            about a day gone by. Whoever’s relationship ended meanwhile is not let in again.</p>
            \(form.posting(
                to: "/people/\(person.id.text)/death/withdrawal",
                """
                \(textArea("reason", label: "How did the error come about?", value: form["reason"],
                    error: form.error(of: "reason")))
                \(button("Undo the entry"))
                """))
            """)
    }
}
