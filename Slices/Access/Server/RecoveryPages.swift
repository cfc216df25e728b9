import Access
import Kernel
import Storage
import Web

/// The pages of new ways into accounts.
enum RecoveryPages {
    /// On the page of an account: which of the two ways applies and why, before anything is pressed.
    static func way(_ grounds: [Recovery.Ground], _ form: Form, _ address: String) -> HTML {
        guard grounds.isEmpty else {
            return """
                <h2 class="govuk-heading-m">A new way in</h2>
                <p class="govuk-body">You cannot give it alone: two managers of access decide together.</p>
                \(reasons(grounds))
                \(buttonLink(Link("See what is needed", to: address + "/recovery"), look: .secondary))
                """
        }
        return """
            <h2 class="govuk-heading-m">A code on paper</h2>
            <p class="govuk-body">You can give it alone (rule R-one-manager): this account leads to no hidden address. \
            With it they choose a password. It ends every session, and whatever they signed in with before serves no \
            more. Where they sign in with an e-mail address, a mail there says that you made it.</p>
            \(form.posting(to: address + "/invitations", repeatable: true, button("Make a code", look: .secondary)))
            """
    }

    private static func reasons(_ grounds: [Recovery.Ground]) -> HTML {
        let items = grounds.map { "<li>\($0.words) (rule \($0.rawValue))</li>" as HTML }
        return "<ul class=\"govuk-list govuk-list--bullet\">\(items)</ul>"
    }

    /// What is known of an account and of the newest request for it.
    struct Shown: Sendable {
        let account: Account
        let grounds: [Recovery.Ground]
        /// Whether a mail reaches its owner.
        let isReachable: Bool
        let newest: RecoveryRequest?
        /// Whether somebody could come in by a code on paper, now or later.
        let isOpen: Bool
    }

    static func page(_ shown: Shown, _ form: Form, now: Instant) -> Page {
        let account = shown.account
        let address = "/administration/accounts/\(account.id)"
        let standing = shown.newest?.standing(at: now)
        let isAsked = standing?.isOpen ?? false
        let stop: HTML? =
            shown.isOpen
            ? """
            <h2 class="govuk-heading-m">They say that it was not them</h2>
            <p class="govuk-body">Stop it at once, and find out afterwards: it takes one person.</p>
            \(form.posting(
                to: address + "/recovery-stops", repeatable: true, button("Stop it", look: .secondary)))
            """ : nil
        let request = shown.newest.map { held($0, standing ?? .over, address, form) }
        let title = "A new way in for \(account.name)"
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)", back: Link(account.name, to: address), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            \(explanation(shown.grounds))
            \(request)
            \(isAsked ? nil : asking(shown, form, address))
            \(stop)
            """)
    }

    private static func explanation(_ grounds: [Recovery.Ground]) -> HTML {
        if grounds.isEmpty {
            return """
                <p class="govuk-body">This account leads to no hidden address (rule R-one-manager): a code is made on \
                the page of the account, by one manager.</p>
                """
        }
        return """
            <p class="govuk-body">Two managers of access decide on this together, because:</p>
            \(reasons(grounds))
            <p class="govuk-body">One asks, and another approves, within seven days. The owner is told the way they \
            were reached before. The code works only \(Recovery.waitHours) hours after the approval; until then the \
            owner, or any manager, can stop it. Somebody who says that it is urgent is a reason to look closely.</p>
            """
    }

    private static func asking(_ shown: Shown, _ form: Form, _ address: String) -> HTML? {
        guard !shown.grounds.isEmpty else { return nil }
        let told: HTML =
            shown.isReachable
            ? "<p class=\"govuk-body\">A mail goes to the address that they sign in with. Do not change it first.</p>"
            : textArea(
                "told", label: "Who told the owner in person, and when?", value: form["told"],
                hint: "No mail reaches them from here. The key worker tells them, face to face, that this was asked.",
                error: form.error(of: "told"), rows: 3)
        return """
            <h2 class="govuk-heading-m">Ask for it</h2>
            \(form.posting(
                to: address + "/recovery",
                """
                \(textArea("reason", label: "How do you know that it is the owner who asks?", value: form["reason"],
                    hint: "Whom you met or called back, on a number known before, and what showed who they are.",
                    error: form.error(of: "reason")))
                \(told)
                \(button("Ask a second manager"))
                """))
            """
    }

    private static func held(
        _ request: RecoveryRequest, _ standing: Recovery.Standing, _ address: String, _ form: Form
    ) -> HTML {
        let told = request.told.isEmpty ? "By mail, to what they sign in with" : request.told
        let make: HTML? =
            switch standing {
            case .waiting, .working:
                form.posting(
                    to: address + "/recovery-codes", repeatable: true, button("Make the code", look: .secondary))
            default: nil
            }
        return """
            <h2 class="govuk-heading-m">What was asked</h2>
            \(summaryList([
                SummaryRow("Asked by", "\(request.name), \(request.asked.inWords)"),
                SummaryRow("Why", "\(request.reason)"), SummaryRow("The owner was told", "\(told)"),
                SummaryRow("Where it stands", words(standing)),
            ]))
            \(make)
            """
    }

    private static func words(_ standing: Recovery.Standing) -> HTML {
        switch standing {
        case .asked: tag("Waits for a second manager", .yellow)
        case .waiting(let until): "Approved. The code works from \(until.inWords)."
        case .working(let until): "Approved. The code works until \(until.inWords)."
        case .refused: tag("Refused", .grey)
        case .stopped: tag("Stopped: somebody said that it was not the owner", .red)
        case .used: tag("Used", .green)
        case .over: tag("Over: nobody decided or used it in time", .grey)
        }
    }

    /// On the page of approvals: what a manager other than who asked may do.
    static func decision(_ approval: Approval, _ visit: Visit) -> HTML {
        guard visit.scope.roles.contains(Role.accessManager.rawValue) else {
            return inset("Another manager of access decides on this.")
        }
        let look = anchor(Link("See the request", to: "/administration/accounts/\(approval.target)/recovery"))
        if approval.asker == visit.scope.actor.id {
            return inset("You asked for this, so somebody else decides, until \(approval.ends.inWords). \(look)")
        }
        return """
            <p class="govuk-body">\(look) before you decide. The code works only \(Recovery.waitHours) hours after you \
            approve.</p>
            \(visit.form.posting(
                to: "/administration/approvals/\(approval.id)",
                """
                \(button("Approve", name: "verdict", value: "approved"))
                \(button("Refuse", look: .secondary, name: "verdict", value: "refused"))
                """))
            """
    }

    static func code(_ code: String, of account: Account, from works: Instant, back: Link) -> Page {
        Page(
            "A code for \(account.name)", back: back, isListed: false,
            """
            <h1 class="govuk-heading-l">A code for \(account.name)</h1>
            <p class="govuk-body">Print this page and hand it over yourself, to the owner alone. The code works once, \
            from \(works.inWords), and <strong>is not shown again</strong>.</p>
            \(summaryList([
                SummaryRow("Go to", "the page “Begin with your code” of this site: /join"),
                SummaryRow("Code", "<code>\(code)</code>"),
                SummaryRow("Works from", "\(works.inWords), for seven days"),
                SummaryRow("Afterwards sign in with", "\(account.login)"),
            ]))
            <p class="govuk-body"><button type="button" class="govuk-button govuk-button--secondary" data-print>Print \
            this page</button></p>
            """)
    }

    // MARK: - The owner

    /// On one’s own account, while somebody could come in by a code on paper.
    static func stop(_ form: Form) -> HTML {
        notice(
            "Important",
            """
            <p class="govuk-body"><strong>Somebody asked for a new way into your account.</strong> If it was you, \
            there is nothing to do. If it was not you, say so here: then nobody comes in by it.</p>
            \(form.posting(
                to: "/account/recovery-stops", repeatable: true, button("It was not me. Stop it", look: .secondary)))
            """)
    }

    static let stopped = Page(
        "It is stopped", isListed: false,
        """
        <h1 class="govuk-heading-l">It is stopped</h1>
        <p class="govuk-body">Nobody comes into your account by what was asked for. The council’s managers of access \
        were told, and will talk to you. You do not have to wait for them: telephone the council if you are worried.</p>
        <p class="govuk-body">If somebody may know your password, \
        \(anchor(Link("change it now", to: "/account/password"))).</p>
        \(buttonLink(Link("Continue", to: "/account")))
        """)
}
