import Access
import Kernel
import Web

/// The pages of accounts, roles and teams.
enum AccountsPages {
    private static let home = Link("Administration", to: "/administration")
    private static let accounts = Link("Accounts and roles", to: "/administration/accounts")

    static func list(_ found: [Account], asked: String, hasMore: Bool) -> Page {
        let rows = found.map { account -> [HTML] in
            [
                anchor(Link(account.name, to: "/administration/accounts/\(account.id)")), "\(account.login)",
                account.ended == nil ? "\(account.about)" : tag("Ended", .grey),
            ]
        }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">No account has this in its name.</p>"
            : table("Accounts, by what they sign in with", head: ["Name", "Signs in with", "For"], rows: rows)
        let query = Query([("q", asked), ("after", found.last?.login ?? "")])
        let more: HTML? =
            hasMore
            ? "<p class=\"govuk-body\">\(anchor(Link("More", to: query.address("/administration/accounts"))))</p>" : nil
        return Page(
            "Accounts and roles", back: home, isListed: false,
            """
            <h1 class="govuk-heading-l">Accounts and roles</h1>
            <form method="get" action="/administration/accounts">
            \(textInput("q", label: "Name, or what they sign in with", value: asked, autocomplete: "off"))
            \(button("Search", look: .secondary))
            </form>
            \(shown)\(more)
            \(buttonLink(Link("Add an account", to: "/administration/accounts/new")))
            """)
    }

    static func new(_ form: Form, _ teams: [Team]) -> Page {
        Page(
            form.errors.isEmpty ? "Add an account" : "Error: add an account", back: accounts, isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Add an account</h1>
            \(form.posting(
                to: "/administration/accounts",
                """
                \(textInput("name", label: "Name", value: form["name"], error: form.error(of: "name"),
                    autocomplete: "off"))
                \(textInput("login", label: "E-mail address, or a name to sign in with", value: form["login"],
                    error: form.error(of: "login"), autocomplete: "off"))
                \(textInput("about", label: "What it is for", value: form["about"], autocomplete: "off"))
                \(roleFields(form, teams.filter { $0.ended == nil }))
                \(button("Add the account"))
                """))
            """)
    }

    private static func roleFields(_ form: Form, _ teams: [Team]) -> HTML {
        let roles = Role.allCases.sorted { $0.words < $1.words }.map { Choice($0.rawValue, $0.words) }
        let places = teams.map { Choice($0.id, $0.words) }
        return """
            \(select("role", label: "Role", choices: [Choice("", "Choose")] + roles, chosen: form["role"],
                error: form.error(of: "role")))
            \(select("team", label: "Team", choices: [Choice("", "None")] + places, chosen: form["team"],
                error: form.error(of: "team")))
            \(textInput("until", label: "Until, where it ends", value: form["until"], hint: "As 31/8/2027",
                error: form.error(of: "until"), width: "govuk-input--width-10", autocomplete: "off"))
            """
    }

    /// What is known of an account.
    struct Shown: Sendable {
        let account: Account
        let grants: [Grant]
        let factors, sessions: Int
        let teams: [Team]
        /// Why one manager alone gives no new way in; empty where one may.
        let grounds: [Recovery.Ground]
    }

    static func account(_ shown: Shown, _ form: Form, now: Instant, isOwn: Bool) -> Page {
        let account = shown.account
        let address = "/administration/accounts/\(account.id)"
        let rows = shown.grants.map { grant -> [HTML] in
            let holds = grant.ends.map { $0 > now } ?? true
            let end: HTML =
                holds
                ? form.posting(
                    to: address + "/role-ends", repeatable: true,
                    """
                    <input type="hidden" name="grant" value="\(grant.id)">
                    \(button("End it", look: .quiet))
                    """) : "Ended"
            let until = grant.ends.map { $0.lastDayInWords } ?? "No end"
            return ["\(grant.role.words)", "\(grant.team)", "\(grant.starts.inWords)", "\(until)", end]
        }
        let places = shown.sessions == 0 ? "No" : "Yes, in \(shown.sessions) browser\(shown.sessions == 1 ? "" : "s")"
        let keys = shown.factors == 0 ? "Not yet" : "Yes, with \(shown.factors) ways to show it"
        return Page(
            form.errors.isEmpty ? account.name : "Error: \(account.name)", back: accounts, isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(account.name)</h1>
            \(summaryList([
                SummaryRow("Signs in with", "\(account.login)"), SummaryRow("For", "\(account.about)"),
                SummaryRow("Has begun", "\(keys)"), SummaryRow("Signed in now", "\(places)"),
            ]))
            \(table("Roles", head: ["Role", "Team", "From", "Until", "End it"], rows: rows))
            \(account.ended.map { inset("This account ended on \($0.inWords).") } ?? doing(shown, form, address, isOwn))
            """)
    }

    private static func doing(_ shown: Shown, _ form: Form, _ address: String, _ isOwn: Bool) -> HTML {
        let ways: HTML =
            isOwn
            ? inset("This is your own account: another manager of access invites you anew, or ends it.")
            : """
            \(RecoveryPages.way(shown.grounds, form, address))
            <h2 class="govuk-heading-m">End this account</h2>
            <p class="govuk-body">Nobody signs in with it any more. What they wrote and looked at stays noted.</p>
            \(form.posting(to: address + "/end", button("End this account", look: .secondary)))
            """
        let away: HTML? =
            shown.sessions == 0
            ? nil
            : """
            <h2 class="govuk-heading-m">Sign them out</h2>
            <p class="govuk-body">In every browser, at once: for a phone that was lost, say. They can sign in again.</p>
            \(form.posting(to: address + "/sign-outs", button("Sign them out everywhere", look: .secondary)))
            """
        return """
            <h2 class="govuk-heading-m">Add a role</h2>
            \(form.posting(to: address + "/roles", "\(roleFields(form, shown.teams))\(button("Add the role"))"))
            \(away)
            \(ways)
            """
    }

    static func teams(_ teams: [Team], _ form: Form) -> Page {
        let rows = teams.map { team -> [HTML] in
            let end: HTML =
                team.ended == nil
                ? form.posting(
                    to: "/administration/team-ends", repeatable: true,
                    """
                    <input type="hidden" name="team" value="\(team.id)">
                    \(button("End it, and the roles in it", look: .quiet))
                    """) : "Ended"
            return ["\(team.name)", "\(team.agency)", end]
        }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">There are no teams yet.</p>"
            : table("Teams", head: ["Team", "Agency", "End it"], rows: rows)
        return Page(
            form.errors.isEmpty ? "Agencies and teams" : "Error: agencies and teams", back: home, isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Agencies and teams</h1>
            \(shown)
            <h2 class="govuk-heading-m">Add a team</h2>
            \(form.posting(
                to: "/administration/teams",
                """
                \(textInput("agency", label: "Agency", value: form["agency"], error: form.error(of: "agency"),
                    autocomplete: "off"))
                \(textInput("name", label: "Team", value: form["name"], error: form.error(of: "name"),
                    autocomplete: "off"))
                \(button("Add the team"))
                """))
            """)
    }
}

/// A code on paper, shown once.
public enum InvitationPages {
    public static func code(_ code: String, login: String, name: String, back: Link) -> Page {
        Page(
            "A code for \(name)", back: back, isListed: false,
            """
            <h1 class="govuk-heading-l">A code for \(name)</h1>
            <p class="govuk-body">Print this page and hand it over yourself. The code works once, within seven days, \
            and <strong>is not shown again</strong>.</p>
            \(summaryList([
                SummaryRow("Go to", "the page “Begin with your code” of this site: /join"),
                SummaryRow("Code", "<code>\(code)</code>"),
                SummaryRow("Afterwards sign in with", "\(login)"),
            ]))
            <p class="govuk-body"><button type="button" class="govuk-button govuk-button--secondary" data-print>Print \
            this page</button></p>
            """)
    }
}
