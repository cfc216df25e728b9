import Access
import AccessServer
import Kernel
import People
import Storage
import Web

/// Who has to do with a person, who is kept away and why: as the officer or team of the case keeps it.
enum PersonAccessPages {
    /// All that decides who sees a person’s record.
    struct Shown: Sendable {
        let person: Person
        let relationships: [(Relationship, name: String)]
        let restrictions: [Restriction]
        let labels: [(label: Label, decided: Instant)]
        let mayChange: Bool
    }

    static func access(_ shown: Shown, _ form: Form, now: Instant) -> Page {
        let person = shown.person
        let address = "/people/\(person.id.text)"
        let doing: HTML? =
            shown.mayChange
            ? """
            <p class="govuk-body">\(anchor(Link("Add somebody", to: address + "/relationships/new"))) · \
            \(anchor(Link("Invite a parent, carer or adviser", to: address + "/invitations/new"))) · \
            \(anchor(Link("Keep somebody away", to: address + "/restrictions/new"))) · \
            \(anchor(Link("Close the record by a label", to: address + "/labels/new")))</p>
            """ : nil
        return Page(
            "Who has to do with \(person.name)", back: Link(person.name, to: address), isListed: false,
            """
            <h1 class="govuk-heading-l">Who has to do with \(person.name)</h1>
            <p class="govuk-body">Nobody else sees anything of this record. Reference: \
            <code>\(person.id.text)</code></p>
            \(doing)
            \(relationships(shown, form, now))
            \(restrictions(shown))
            \(labels(shown))
            """)
    }

    private static func relationships(_ shown: Shown, _ form: Form, _ now: Instant) -> HTML {
        let rows = shown.relationships.map { held, name -> [HTML] in
            let holds = held.ends.map { $0 > now } ?? true
            let end: HTML? =
                holds && shown.mayChange
                ? form.posting(
                    to: "/people/\(shown.person.id.text)/relationship-ends", repeatable: true,
                    """
                    <input type="hidden" name="relationship" value="\(held.id)">
                    \(button("End it", look: .quiet))
                    """) : nil
            let isBrief = [.breakGlass, .sealedOpening].contains(held.kind)
            let until = held.ends.map { isBrief ? $0.inWords : $0.lastDayInWords } ?? "No end"
            return [
                "\(name)", "\(held.kind.words)", "\(held.starts.dayInEngland.inWords)", "\(until)", "\(held.evidence)",
                end ?? (holds ? "" : tag("Ended", .grey)),
            ]
        }
        return rows.isEmpty
            ? "<p class=\"govuk-body\">Nobody yet.</p>"
            : table(
                "Relationships, the newest first",
                head: ["Who", "To them it is", "From", "Until", "What shows it", "End it"], rows: rows)
    }

    private static func restrictions(_ shown: Shown) -> HTML? {
        guard !shown.restrictions.isEmpty else { return nil }
        let rows = shown.restrictions.map { held -> [HTML] in
            let end = Link(
                "Ask for it to end",
                to: "/administration/approvals/new?kind=restriction-end&person="
                    + "\(Query.encoded(held.subject))&target=\(held.id)")
            return [
                "\(held.name)", "\(held.extent.words)", "\(held.ground.words), by \(held.decider); \(held.evidence)",
                "\(held.review.inWords)", held.ended == nil ? anchor(end) : tag("Ended", .grey),
            ]
        }
        return table(
            "Who is kept away", head: ["Who", "From what", "Why", "Review by", "End it"], rows: rows)
    }

    private static func labels(_ shown: Shown) -> HTML? {
        guard !shown.labels.isEmpty else { return nil }
        let rows = shown.labels.map { label, decided -> [HTML] in
            let end = Link(
                "Ask for it to be taken away",
                to: "/administration/approvals/new?kind=label-end&person="
                    + "\(Query.encoded(shown.person.id.text))&target=\(label.rawValue)")
            return ["\(label.words)", "\(decided.inWords)", label == .died ? "" : anchor(end)]
        }
        return table("What closes the record", head: ["Label", "Since", "End it"], rows: rows)
    }

    // MARK: - Forms

    static func relate(_ person: Person, _ form: Form) -> Page {
        let kinds = PersonAccess.kinds.map { Choice($0.rawValue, $0.words) }
        return page(
            "Add somebody to \(person.name)", person, form, to: "/relationships",
            """
            \(textInput("login", label: "What they sign in with", value: form["login"],
                hint: "Their e-mail address, or the name that they were given.", error: form.error(of: "login"),
                autocomplete: "off"))
            \(select("kind", label: "\(person.name) is to them", choices: [Choice("", "Choose")] + kinds,
                chosen: form["kind"], error: form.error(of: "kind")))
            \(textInput("named", label: "For somebody who acts for another: what that other signs in with",
                value: form["named"], hint: "Whatever keeps that person away keeps this one away.",
                error: form.error(of: "named"), autocomplete: "off"))
            \(ending(form))
            \(button("Add them"))
            """)
    }

    static func invite(_ person: Person, _ form: Form) -> Page {
        let kinds = PersonAccess.invited.map { Choice($0.kind.rawValue, $0.kind.words) }
        return page(
            "Invite somebody for \(person.name)", person, form, to: "/invitations",
            """
            <p class="govuk-body">You get a code to print and to hand over. No e-mail address is needed.</p>
            \(textInput("name", label: "Their name", value: form["name"], error: form.error(of: "name"),
                autocomplete: "off"))
            \(textInput("login", label: "Their e-mail address, if they have one", value: form["login"],
                error: form.error(of: "login"), autocomplete: "off"))
            \(select("kind", label: "\(person.name) is to them", choices: [Choice("", "Choose")] + kinds,
                chosen: form["kind"], error: form.error(of: "kind")))
            \(ending(form))
            \(button("Make the code"))
            """)
    }

    private static func ending(_ form: Form) -> HTML {
        """
        \(textInput("until", label: "Until", value: form["until"],
            hint: "As 31/8/2027. Only a parent’s and one’s own have no end.", error: form.error(of: "until"),
            width: "govuk-input--width-10", autocomplete: "off"))
        \(textInput("evidence", label: "What shows it", value: form["evidence"],
            hint: "An order, a register, a signed form.", error: form.error(of: "evidence"), autocomplete: "off"))
        """
    }

    static func restrict(_ person: Person, _ form: Form) -> Page {
        let extents = Extent.allCases.map { Choice($0.rawValue, $0.words) }
        let grounds = AccessStore.Ground.allCases.map { Choice($0.rawValue, $0.words) }
        return page(
            "Keep somebody away from \(person.name)", person, form, to: "/restrictions",
            """
            <p class="govuk-body">It counts at once, in every role that they have. Parents living apart is no ground. \
            Two people end it.</p>
            \(textInput("login", label: "What they sign in with", value: form["login"], error: form.error(of: "login"),
                autocomplete: "off"))
            \(select("extent", label: "From what?", choices: [Choice("", "Choose")] + extents, chosen: form["extent"],
                error: form.error(of: "extent")))
            \(select("ground", label: "On what ground?", choices: [Choice("", "Choose")] + grounds,
                chosen: form["ground"], error: form.error(of: "ground")))
            \(textInput("decider", label: "Who decided", value: form["decider"], error: form.error(of: "decider"),
                autocomplete: "off"))
            \(textInput("evidence", label: "What shows it", value: form["evidence"],
                error: form.error(of: "evidence"), autocomplete: "off"))
            \(textInput("review", label: "Day of review", value: form["review"], hint: "As 31/8/2027",
                error: form.error(of: "review"), width: "govuk-input--width-10", autocomplete: "off"))
            \(button("Keep them away"))
            """)
    }

    static func label(_ person: Person, _ form: Form) -> Page {
        let labels = Label.decided.map { Choice($0.rawValue, $0.words) }
        return page(
            "Close the record of \(person.name)", person, form, to: "/labels",
            """
            \(warning("It counts at once. You may lose sight of the record yourself, and two people take it away."))
            \(select("label", label: "By which label?", choices: [Choice("", "Choose")] + labels, chosen: form["label"],
                error: form.error(of: "label")))
            \(button("Close the record"))
            """)
    }

    private static func page(
        _ title: String, _ person: Person, _ form: Form, to path: String, _ content: HTML
    ) -> Page {
        let address = "/people/\(person.id.text)"
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)",
            back: Link("Who has to do with \(person.name)", to: address + "/access"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            \(form.posting(to: address + path, content))
            """)
    }

    // MARK: - Hidden looks

    static func hiddenLooks(_ person: Person, _ looks: [Look], _ form: Form) -> Page {
        let rows = looks.map { look -> [HTML] in ["\(look.at)", "\(look.who), \(look.why): \(look.what)"] }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">There are none.</p>"
            : table("Hidden looks, the newest first", head: ["When", "Who, why, and at what"], rows: rows)
        let release: HTML? =
            rows.isEmpty
            ? nil
            : form.posting(
                to: "/people/\(person.id.text)/look-releases",
                """
                \(textArea("reason", label: "Why is it safe now that the family knows?", value: form["reason"],
                    error: form.error(of: "reason")))
                \(button("Release all of them"))
                """)
        return Page(
            form.errors.isEmpty ? "Hidden looks" : "Error: hidden looks",
            back: Link(person.name, to: "/people/\(person.id.text)"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Looks that the family of \(person.name) does not see</h1>
            <p class="govuk-body">They were made to keep somebody safe. Released, they stand on the family’s page with \
            all others; it cannot be undone.</p>
            \(shown)
            \(release)
            """)
    }
}

extension Label {
    var words: String {
        switch self {
        case .adoption: "Adopted: what came before leads nowhere"
        case .protected: "Protected: where they are must not be found out"
        case .sealed: "Sealed: opened by two people together alone"
        case .died: "Has died: closed to all but the officer of the case and the parents"
        }
    }
}
