import Kernel
import Links
import Web

/// What was asked of people without an account, for those who ask.
enum AskPages {
    struct Asked: Sendable {
        let person: String
        let tasks: [LinkTask]
        let kinds: [TaskKind]
        let today: Day
        /// Whether a recorded decision keeps somebody from where this person is.
        let isSomebodyKept: Bool
    }

    static func page(_ asked: Asked, _ form: Form) -> Page {
        let kept: HTML? =
            asked.isSomebodyKept
            ? warning(
                """
                Somebody is kept from where this person is. Make sure that the address is not theirs, and that they \
                cannot read its mail.
                """) : nil
        let list: HTML =
            asked.tasks.isEmpty
            ? "<p class=\"govuk-body\">Nobody has been asked yet.</p>"
            : table(
                "Asked so far", head: ["Who", "What", "How it stands", "Do"],
                rows: asked.tasks.map { row($0, asked, form) })
        return Page(
            form.errors.isEmpty ? "Ask somebody without an account" : "Error: Ask somebody without an account",
            back: Link("The record", to: "/people/\(asked.person)"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Ask somebody without an account</h1>
            <p class="govuk-body">They get a mail with a link that opens this one form until it is answered. The mail \
            names no child. Where the form is about a child, make a code, and tell it to them by telephone, in a \
            letter or in person: never by the same mail.</p>
            \(kept)
            \(list)
            <h2 class="govuk-heading-m">Ask</h2>
            \(question(asked, form))
            """)
    }

    private static func row(_ task: LinkTask, _ asked: Asked, _ form: Form) -> [HTML] {
        let kind = asked.kinds.first { $0.code == task.kind }
        let path = "/people/\(asked.person)/tasks/\(task.id)"
        let isOpen = task.state == .open && asked.today <= task.lastDay
        let code: HTML? =
            kind?.isAboutChild == true
            ? form.posting(to: path + "/codes", repeatable: true, button("Make a code", look: .quiet)) : nil
        let end = form.posting(to: path + "/withdrawal", repeatable: true, button("Take back", look: .quiet))
        return [
            "\(task.name), \(task.address)", "\(kind?.title ?? task.kind)", "\(standing(task, asked.today))",
            isOpen ? "\(code)\(end)" : "",
        ]
    }

    private static func standing(_ task: LinkTask, _ today: Day) -> String {
        let closed = task.closed.map { " on \($0.dayInEngland.inWords)" } ?? ""
        switch task.state {
        case .done: return "Answered\(closed)"
        case .withdrawn: return "Taken back\(closed)"
        case .open where today > task.lastDay: return "Not answered; it ended on \(task.lastDay.inWords)"
        case .open:
            let tries = task.wrong >= TaskLink.mostWrong ? "; too many wrong codes: make a new one" : ""
            return "Asked on \(task.made.dayInEngland.inWords), until \(task.lastDay.inWords)\(tries)"
        }
    }

    private static func question(_ asked: Asked, _ form: Form) -> HTML {
        form.posting(
            to: "/people/\(asked.person)/tasks",
            """
            \(select("kind", label: "What to ask",
                choices: asked.kinds.filter(\.isAskedFromRecord).map { Choice($0.code, $0.title) },
                chosen: form["kind"], error: form.error(of: "kind")))
            \(textInput("name", label: "Who is asked", value: form["name"], error: form.error(of: "name"),
                autocomplete: "off"))
            \(textInput("address", label: "Their e-mail address", value: form["address"],
                hint: "Nobody else may read what arrives there", error: form.error(of: "address"),
                autocomplete: "off", mode: "email"))
            \(select("days", label: "How long they have",
                choices: TaskLink.days.map { Choice(String($0), "\($0) days") },
                chosen: form["days"].isEmpty ? "14" : form["days"], error: form.error(of: "days")))
            \(button("Send the link"))
            """)
    }

    static func made(_ code: String, for task: LinkTask) -> Page {
        Page(
            "The code", back: Link("What was asked", to: "/people/\(task.person)/tasks"), isListed: false,
            """
            <h1 class="govuk-heading-l">The code for \(task.name)</h1>
            \(inset("<p class=\"govuk-body-l\"><strong>\(code)</strong></p>"))
            <p class="govuk-body">It is shown this once. Tell it by telephone to a number that you know to be theirs, \
            or send it by letter: never by the mail that the link went to. It works once, and codes made before \
            it work no more.</p>
            """)
    }

    /// The mail with the link. It names neither the child nor what is held.
    static func mail(_ kind: TaskKind, _ address: String, until lastDay: Day) -> String {
        let code =
            kind.isAboutChild
            ? "You will be asked for a code. You get it apart from this mail, by telephone or letter.\n\n" : ""
        return """
            The council asks you to \(kind.asks). You need no account.

            Open this link, until \(lastDay.inWords):
            \(address)

            \(code)The link is for you alone. Please do not pass it on. It works until you have answered.

            If you did not expect this, do not open the link, and ask the person at the council whom you know. We \
            never ask for a password.
            """
    }
}
