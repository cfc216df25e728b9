import Access
import AccessServer
import Kernel
import SingleView
import Storage
import Web

/// The pages of sealed sets. They name nobody: a set is a reference, its ground and its day.
enum SealingPages {
    static func all(_ waiting: [SealingRequest], _ sets: [SealedSet], _ visit: Visit) -> Page {
        let mayAsk = !SealingActions.ask.roles.isDisjoint(with: visit.scope.roles)
        let requests = waiting.map { request -> HTML in
            let what = request.kind == .seal ? "Seal what is held of" : "Open for good the set"
            return """
                <section class="app-decision">
                <h2 class="govuk-heading-m">\(request.kind == .seal ? "Seal what went before" : "Unseal a set")</h2>
                \(summaryList([
                    SummaryRow("Asked by", "\(request.name), \(request.asked.inWords)"),
                    SummaryRow("\(what)", "\(request.kind == .seal ? request.person : request.set ?? "")"),
                    SummaryRow("Ground", "\(request.ground.words)"), SummaryRow("Why", "\(request.reason)"),
                ]))
                \(decision(request, visit))
                </section>
                """
        }
        let rows = sets.map { set -> [HTML] in
            let state: HTML =
                set.ended.map { "Opened on \($0.dayInEngland.inWords)" }
                ?? (mayAsk ? anchor(Link("Ask to unseal it", to: "/sealed-sets/\(set.id)/unsealing")) : "Sealed")
            return ["\(set.id)", "\(set.ground.words)", "\(set.made.dayInEngland.inWords)", state]
        }
        let list: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">Nothing is sealed.</p>"
            : table("Sealed sets", head: ["Reference of the set", "Ground", "Sealed on", ""], rows: rows)
        let ask: HTML? = mayAsk ? buttonLink(Link("Ask to seal what went before", to: "/sealed-sets/new")) : nil
        return Page(
            "Sealed sets", isListed: false,
            """
            <h1 class="govuk-heading-l">Sealed sets</h1>
            <p class="govuk-body">After an adoption, or where somebody must live under a new identity, what was known \
            before is sealed by two people. Nothing links to it again, by itself or by hand. Two people open such a \
            record for an hour by \(anchor(Link("asking for it", to: "/administration/approvals/new"))), or unseal it \
            for good here.</p>
            \(ask)
            \(requests)
            \(list)
            """)
    }

    private static func decision(_ request: SealingRequest, _ visit: Visit) -> HTML {
        if request.asker == visit.scope.actor.id {
            return inset("You asked for this, so somebody else decides, until \(request.ends.inWords).")
        }
        return visit.form.posting(
            to: "/sealed-sets/requests/\(request.id)",
            """
            \(button("Approve", name: "verdict", value: "approved"))
            \(button("Refuse", look: .secondary, name: "verdict", value: "refused"))
            """)
    }

    static func ask(_ form: Form) -> Page {
        let grounds = [Choice("", "Choose")] + Sealing.Ground.allCases.map { Choice($0.rawValue, $0.words) }
        return page(
            "Ask to seal what went before", form, to: "/sealed-sets",
            """
            \(warning("Write nothing here of the new name, the new family or where they live."))
            <p class="govuk-body">Somebody else decides within seven days. Then everything that is held of this person \
            is closed to everybody at once, whoever they are, and every message about them stops. Whoever begins anew \
            is added \(anchor(Link("on another page", to: "/sealed-sets/beginnings/new"))), best on another day and by \
            somebody else: nothing kept here then leads from one to the other.</p>
            """,
            """
            \(textInput("person", label: "Reference of the person as known until now", value: form["person"],
                hint: "It stands on the page of who has to do with them.", error: form.error(of: "person"),
                autocomplete: "off"))
            \(select("ground", label: "On what ground?", choices: grounds, chosen: form["ground"],
                error: form.error(of: "ground")))
            \(textArea("reason", label: "Why?", value: form["reason"],
                hint: "The order or decision, its day and who made it.", error: form.error(of: "reason")))
            \(button("Ask"))
            """)
    }

    static func unseal(_ set: SealedSet, _ form: Form) -> Page {
        page(
            "Ask to unseal a set", form, to: "/sealed-sets/\(set.id)/unsealing",
            """
            \(warning("Unsealed, these records can be found and linked again. What was then seen stays seen."))
            <p class="govuk-body">The set \(set.id), sealed on \(set.made.dayInEngland.inWords). Somebody else decides \
            within seven days.</p>
            """,
            """
            \(textArea("reason", label: "Why?", value: form["reason"], error: form.error(of: "reason")))
            \(button("Ask"))
            """)
    }

    static func begin(_ form: Form) -> Page {
        let labels = [
            Choice("", "Choose"), Choice(Label.adoption.rawValue, "Adopted: what came before leads nowhere"),
            Choice(Label.protected.rawValue, "Protected: where they are must not be found out"),
        ]
        return page(
            "Begin a record anew", form, to: "/sealed-sets/beginnings",
            """
            <p class="govuk-body">For somebody adopted, or who lives under a new identity. The record holds what you \
            write and nothing else. The program links nothing to it by itself: what agencies send of this person is \
            joined by people. Give new numbers only, never one from before.</p>
            """,
            """
            \(textInput("given", label: "First name", value: form["given"], error: form.error(of: "given"),
                autocomplete: "off"))
            \(textInput("family", label: "Family name", value: form["family"], error: form.error(of: "family"),
                autocomplete: "off"))
            \(textInput("born", label: "Day of birth", value: form["born"], hint: "As 31/8/2019",
                error: form.error(of: "born"), width: "govuk-input--width-10", autocomplete: "off"))
            \(select("label", label: "What closes the record?", choices: labels, chosen: form["label"],
                error: form.error(of: "label")))
            \(textInput("until", label: "Until when is the case yours?", value: form["until"], hint: "As 31/8/2027",
                error: form.error(of: "until"), width: "govuk-input--width-10", autocomplete: "off"))
            \(button("Begin the record"))
            """)
    }

    private static func page(_ title: String, _ form: Form, to address: String, _ before: HTML, _ fields: HTML) -> Page
    {
        Page(
            form.errors.isEmpty ? title : "Error: \(title)", isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            \(before)
            \(form.posting(to: address, fields))
            """)
    }
}
