import Access
import AccessServer
import Kernel
import People
import Web

enum PeoplePages {
    /// - Parameter hasClosed: whether there is anybody who has died and whose record the reader may see.
    static func list(_ people: [Person], hasClosed: Bool, roles: Set<String>) -> Page {
        let closed: HTML? =
            hasClosed
            ? "<p class=\"govuk-body\">\(anchor(Link("Records closed after a death", to: "/people/closed")))</p>" : nil
        let nobody: HTML? =
            hasClosed
            ? nil
            : """
            <p class="govuk-body">There is nobody here whose record you may see. If there should be, ask the council: \
            somebody has to note who they are to you.</p>
            """
        let items = people.map { person in
            """
            <li>\(anchor(Link(person.name, to: "/people/\(person.id.text)"))), born \(person.born.inWords)</li>
            """ as HTML
        }
        let list: HTML? = people.isEmpty ? nobody : "<ul class=\"govuk-list app-people\">\(items)</ul>"
        let more: HTML? =
            people.count < PeopleRoutes.most
            ? nil : "<p class=\"govuk-body\">The first \(PeopleRoutes.most) are shown, by family name.</p>"
        let doors = [
            (PeopleActions.add, Link("Add a person", to: "/people/new")),
            (PeopleActions.openInEmergency, Link("Open a record in an emergency", to: "/people/emergency")),
            (PeopleActions.enterDeath, Link("Enter that somebody has died", to: "/deaths/new")),
        ].filter { !$0.0.roles.isDisjoint(with: roles) }.map { "<p class=\"govuk-body\">\(anchor($0.1))</p>" as HTML }
        return Page(
            "People", isListed: false, "<h1 class=\"govuk-heading-l\">People</h1>\n\(list)\(more)\(closed)\(doors)")
    }

    /// What of somebody may be seen.
    struct Seen: Sendable {
        let person: Person
        let whereabouts: Whereabouts?
        let mayMove: Bool
        let maySeeLooks: Bool
        let maySeeAccess: Bool
        let maySeeHiddenLooks: Bool
        let mayReadWords: Bool
        let today: Day
        let death: Death?
        let panels: [HTML]
    }

    /// From ninety days before their rights pass: when, and what changes.
    private static func rights(of person: Person, on today: Day) -> HTML? {
        guard let day = RightsPass.day(born: person.born), let warning = RightsPass.warning(born: person.born),
            today >= warning
        else { return nil }
        let begins =
            today < day ? "From \(day.inWords) these rights are" : "Since \(day.inWords) these rights have been"
        return inset(
            """
            <p class="govuk-body">\(begins) \(person.given)’s own: to decide, to be asked, to appeal, and to see this \
            record. A parent or carer sees it where \(person.given) lets them, or where it is recorded that they act \
            in a kind of decision that \(person.given) cannot make.</p>
            <p class="app-source">Children and Families Act 2014, section 83; SEND Regulations 2014, regulations 64 \
            and 65</p>
            """)
    }

    static func record(_ seen: Seen) -> Page {
        let (person, whereabouts) = (seen.person, seen.whereabouts)
        let place: HTML? = whereabouts.map { held in
            """
            <h2 class="govuk-heading-m">Where they live, learn and can be reached</h2>
            \(summaryList([
                SummaryRow("Address", "\(held.address)"), SummaryRow("Postcode", "\(held.postcode)"),
                SummaryRow("Telephone", "\(held.telephone.isEmpty ? "Not known" : held.telephone)"),
                SummaryRow("Nursery, school or college", "\(held.setting.isEmpty ? "Not known" : held.setting)"),
            ]))
            """
        }
        let change: HTML? =
            seen.mayMove
            ? """
            <p class="govuk-body">\(anchor(Link("Change this", to: "/people/\(person.id.text)/whereabouts"))) or \
            \(anchor(Link("ask somebody whether it is right", to: "/people/\(person.id.text)/tasks")))</p>
            """ : nil
        let address = "/people/\(person.id.text)"
        let links = [
            (seen.mayReadWords, Link("In their own words", to: address + "/words")),
            (seen.maySeeLooks, Link("Who has looked at this record", to: address + "/looks")),
            (seen.maySeeAccess, Link("Who has to do with \(person.name)", to: address + "/access")),
            (
                seen.maySeeAccess && seen.death == nil,
                Link("Enter that \(person.given) has died", to: address + "/death/new")
            ),
            (seen.maySeeHiddenLooks, Link("Looks that the family does not see", to: address + "/hidden-looks")),
        ].filter(\.0).map { "<p class=\"govuk-body\">\(anchor($0.1))</p>" as HTML }
        return Page(
            person.name, back: Link("People", to: "/people"), isListed: false,
            """
            <h1 class="govuk-heading-l">\(person.name)</h1>
            \(body(seen, place: place, change: change))
            \(links)
            """)
    }

    /// What stands between name and links. After a death nothing is said as if the person lived: the record is there as
    /// it stood, for whoever opens it.
    private static func body(_ seen: Seen, place: HTML?, change: HTML?) -> HTML {
        let born = SummaryRow("Born", "\(seen.person.born.inWords)")
        guard let death = seen.death else {
            return """
                \(summaryList([born]))
                \(rights(of: seen.person, on: seen.today))
                \(place)
                \(change)
                \(seen.panels)
                """
        }
        return """
            \(DeathPages.first(seen.person, death, isOfficer: seen.maySeeAccess))
            \(summaryList([born, SummaryRow("Died", "\(death.day.inWords)")]))
            \(details("The record as it stood on \(death.day.inWords)", "\(place)\(seen.panels)"))
            """
    }

    static func looks(_ person: Person, _ looks: [Look]) -> Page {
        let rows = looks.map { look -> [HTML] in ["\(look.at)", "\(look.who), \(look.why): \(look.what)"] }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">Nobody has looked yet.</p>"
            : table("Looks, the newest first", head: ["When", "Who, why, and at what"], rows: rows)
        return Page(
            "Who has looked", back: Link(person.name, to: "/people/\(person.id.text)"), isListed: false,
            """
            <h1 class="govuk-heading-l">Who has looked at the record of \(person.name)</h1>
            <p class="govuk-body">Everybody who opened it, by what they are. The newest \(Looks.most) are shown. If \
            somebody had no reason to, tell the council.</p>
            \(shown)
            """)
    }

    static func edit(
        _ person: Person, _ fields: WhereaboutsFields, _ answers: [DetailsAnswer], _ form: Form
    ) -> Page {
        let rows = answers.map { answer -> [HTML] in
            ["\(answer.at.dayInEngland.inWords)", "\(answer.isRight ? "All of it was right." : answer.words)"]
        }
        let said: HTML? = rows.isEmpty ? nil : table("What the family said", head: ["When", "What"], rows: rows)
        return Page(
            form.errors.isEmpty ? "Where \(person.name) lives" : "Error: where \(person.name) lives",
            back: Link(person.name, to: "/people/\(person.id.text)"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Where \(person.name) lives, learns and can be reached</h1>
            \(said)
            \(form.posting(
                to: "/people/\(person.id.text)/whereabouts", version: form.version ?? person.version,
                """
                \(textInput("address", label: "Address", value: fields.address, error: form.error(of: "address"),
                    autocomplete: "off"))
                \(textInput("postcode", label: "Postcode", value: fields.postcode,
                    error: form.error(of: "postcode"), width: "govuk-input--width-10", autocomplete: "off"))
                \(textInput("telephone", label: "Telephone", value: fields.telephone,
                    error: form.error(of: "telephone"), width: "govuk-input--width-20", autocomplete: "off",
                    mode: "tel"))
                \(textInput("setting", label: "Nursery, school or college", value: fields.setting,
                    error: form.error(of: "setting"), autocomplete: "off"))
                \(button("Save"))
                """))
            """)
    }
}
