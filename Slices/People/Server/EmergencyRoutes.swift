import Access
import AccessServer
import Kernel
import People
import Storage
import Web

/// Opening a record in an emergency, and adding a person: both begin without any relationship to them.
enum EmergencyRoutes {
    static let all: [Route] = [
        .get("/people/emergency", may: .office(PeopleActions.openInEmergency)) { visit in
            .page(EmergencyPages.open(visit.form))
        },
        .post("/people/emergency", may: .office(PeopleActions.openInEmergency), open),
        .get("/people/new", may: .office(PeopleActions.add)) { visit in .page(EmergencyPages.add(visit.form)) },
        .post("/people", may: .office(PeopleActions.add), add),
    ]

    private static func open(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let given = form.text("given", orSay: "Write the first name", limit: 100)
        let family = form.text("family", orSay: "Write the family name", limit: 100)
        let born = form.day("born", orSay: "Write the day of birth")
        let reason = form.text("reason", orSay: "Write why it cannot wait", limit: 1000)
        if let reason, reason.count < Emergency.leastReason {
            form.refuse("reason", "Write at least \(Emergency.leastReason) characters: somebody else reviews them")
        }
        guard form.errors.isEmpty, let given, let family, let born, let reason else {
            return .unprocessable(EmergencyPages.open(form))
        }
        let (account, due) = (
            visit.scope.actor.id, try Emergency.reviewDue(opened: visit.today, visit.live(workingDays))
        )
        let newID = visit.mint()
        let opened: String? = try await visit.database.write(for: visit.scope) { tx in
            guard let person = try People.person(given: given, family: family, born: born, in: tx),
                try Openings.open(person, by: account, reason: reason, reviewDue: due, id: newID, in: tx)
            else {
                tx.record(Event("access.opening-failed"))
                return nil
            }
            return person
        }
        if let opened { return .redirect("/people/\(opened)") }
        // The same whether there is nobody of this name, or their record is not to be opened by one person alone.
        form.refuse(
            "family", "No record is opened by this name and day of birth. Check both, or telephone the duty manager")
        return .unprocessable(EmergencyPages.open(form))
    }

    private static func add(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let given = form.text("given", orSay: "Write the first name", limit: 100)
        let family = form.text("family", orSay: "Write the family name", limit: 100)
        let born = form.day("born", orSay: "Write the day of birth")
        if let born, born > visit.today || born < visit.today - .days(120 * 365) {
            form.refuse("born", "Nobody was born then whom the service knows: check the year")
        }
        let ends = form.day("until", orSay: "Write until when the case is yours")
        if let ends, ends <= visit.today { form.refuse("until", "Choose a day after today") }
        guard form.errors.isEmpty, let given, let family, let born, let ends else {
            return .unprocessable(EmergencyPages.add(form))
        }
        let account = visit.scope.actor.id
        return try await visit.writeOnce { tx, id in
            let person = Person(id: ID(id), given: given, family: family, born: born, version: 1)
            try People.keep(person, nil, in: tx)
            try AccessStore.relate(
                account, to: id, as: .caseTeam, until: Instant(startOf: ends.next), evidence: "added the person",
                in: tx)
            return "/people/\(id)"
        }
    }
}

/// The forms that begin without any relationship to a person.
enum EmergencyPages {
    static func open(_ form: Form) -> Page {
        Page(
            form.errors.isEmpty ? "Open a record in an emergency" : "Error: open a record in an emergency",
            back: Link("People", to: "/people"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Open a record in an emergency</h1>
            <p class="govuk-body">For when somebody may come to harm and nobody of the case can be reached. The record \
            is open to you for an hour. The managers are told at once, the family sees that it was opened, and \
            somebody else reviews why.</p>
            \(form.posting(
                to: "/people/emergency", repeatable: true,
                """
                \(name(form))
                \(textArea("reason", label: "Why can it not wait?", value: form["reason"],
                    hint: "At least \(Emergency.leastReason) characters.", error: form.error(of: "reason")))
                \(button("Open the record for an hour"))
                """))
            """)
    }

    static func add(_ form: Form) -> Page {
        Page(
            form.errors.isEmpty ? "Add a person" : "Error: add a person", back: Link("People", to: "/people"),
            isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Add a person</h1>
            <p class="govuk-body">Their case is yours then: you say who else has to do with them.</p>
            \(form.posting(
                to: "/people",
                """
                \(name(form))
                \(textInput("until", label: "Until when is the case yours?", value: form["until"],
                    hint: "As 31/8/2027", error: form.error(of: "until"), width: "govuk-input--width-10",
                    autocomplete: "off"))
                \(button("Add the person"))
                """))
            """)
    }

    private static func name(_ form: Form) -> HTML {
        """
        \(textInput("given", label: "First name", value: form["given"], error: form.error(of: "given"),
            autocomplete: "off"))
        \(textInput("family", label: "Family name", value: form["family"], error: form.error(of: "family"),
            autocomplete: "off"))
        \(textInput("born", label: "Day of birth", value: form["born"], hint: "As 31/8/2019",
            error: form.error(of: "born"), width: "govuk-input--width-10", autocomplete: "off"))
        """
    }
}
