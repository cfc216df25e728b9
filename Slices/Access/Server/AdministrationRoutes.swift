import Access
import Kernel
import Storage
import Web

/// What is done by office about access, and by whom.
enum AccessActions {
    static let office = Action("access.office", .see, roles: everybody)
    static let accounts = Action("access.accounts", .change, roles: codes([.accessManager]))
    static let openings = Action("access.openings", .change, roles: codes(Reviewers.roles))
    static let restrictions = Action("access.restrictions", .change, roles: watchers)
    static let ask = Action(
        "access.ask", .change, roles: watchers.union(codes([.caseOfficer, .teamManager, .socialWorker])))
    static let approve = Action("access.approve", .change, roles: watchers.union(codes([.teamManager])))
    static let all = [office, accounts, openings, restrictions, ask, approve]

    private static let watchers = codes([.accessManager, .dataProtectionOfficer, .safeguardingLead])
    /// Those for whom something stands on the page of administration.
    static let everybody = watchers.union(
        codes([
            .teamManager, .caseOfficer, .socialWorker, .operator_, .localOfferEditor,
        ]))

    private static func codes(_ roles: [Role]) -> Set<String> { Set(roles.map(\.rawValue)) }
}

/// The first page of administration: what waits for somebody, and where the rest is.
enum AdministrationRoutes {
    static let home: Route = .get("/administration", may: .office(AccessActions.office)) { visit in
        let today = visit.today
        let now = visit.now
        let standing = try await visit.read { tx in
            let soon = try AccessStore.restrictions(toReviewBy: today + .days(30), limit: 1000, in: tx)
            return Standing(
                openings: try Openings.waiting(on: today, in: tx), approvals: try Approvals.waiting(at: now, in: tx),
                restrictions: soon.count, lateRestrictions: soon.count { $0.review < today },
                refusals: try Refusals.often(since: today - .days(30), limit: 200, in: tx).count,
                outbox: try Outbox.standing(in: tx).dead)
        }
        return .page(page(standing, visit.scope.roles))
    }

    /// What waits for somebody.
    struct Standing: Sendable {
        let openings: (all: Int, late: Int)
        let approvals, restrictions, lateRestrictions, refusals, outbox: Int
    }

    private static func page(_ standing: Standing, _ roles: Set<String>) -> Page {
        let late = standing.openings.late
        let overdue = standing.lateRestrictions
        let upkeep: Set = [Role.operator_.rawValue, Role.accessManager.rawValue]
        let lines: [(Set<String>, Link, String)] = [
            (
                AccessActions.openings.roles, Link("Records opened in an emergency", to: "/administration/openings"),
                "\(standing.openings.all) to review" + (late > 0 ? ", \(late) of them late" : "")
            ),
            (
                AccessActions.approve.roles, Link("What two people decide", to: "/administration/approvals"),
                "\(standing.approvals) waiting for a second person"
            ),
            (
                AccessActions.ask.roles,
                Link("Ask for a second person’s approval", to: "/administration/approvals/new"),
                "to end a protection, or to open a sealed record"
            ),
            (
                AccessActions.restrictions.roles, Link("Restrictions to review", to: "/administration/restrictions"),
                "\(standing.restrictions) within thirty days" + (overdue > 0 ? ", \(overdue) of them late" : "")
            ),
            (
                AccessActions.restrictions.roles,
                Link("Accounts that were refused often", to: "/administration/refusals"),
                "\(standing.refusals) time\(standing.refusals == 1 ? "" : "s") in the last thirty days"
            ),
            (
                AccessActions.accounts.roles, Link("Accounts and roles", to: "/administration/accounts"),
                "who can sign in, and as what"
            ),
            (
                AccessActions.accounts.roles, Link("Agencies and teams", to: "/administration/teams"),
                "where people work"
            ),
            (
                upkeep, Link("Messages and work", to: "/administration/work"),
                "\(standing.outbox) message\(standing.outbox == 1 ? "" : "s") could not be delivered"
            ),
            (
                upkeep.union([Role.localOfferEditor.rawValue]),
                Link("How old the sources are", to: "/administration/sources"), "of the Local Offer"
            ),
        ]
        let items = lines.filter { !$0.0.isDisjoint(with: roles) }.map {
            "<li>\(anchor($0.1)) <span class=\"app-source\">\($0.2)</span></li>" as HTML
        }
        return Page(
            "Administration", isListed: false,
            """
            <h1 class="govuk-heading-l">Administration</h1>
            <ul class="govuk-list app-people">\(items)</ul>
            <p class="govuk-body">Who sees what is decided by \(anchor(Link("the rules of access",
                to: "/who-can-see-what"))). Nobody sees a record by being a manager of access.</p>
            """)
    }
}
