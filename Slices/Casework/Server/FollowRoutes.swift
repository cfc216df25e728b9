import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
import Storage
import Web

/// For those who follow cases and do not work on them: the family, the SENCO, the adviser.
enum FollowRoutes {
    static let all: [Route] = [
        .get("/assessments", may: .office(CaseActions.follow), list),
        .get("/worried", may: .office(CaseActions.beWorried), worried),
    ]

    private static func read(_ visit: Visit) async throws -> FollowPages.Followed {
        let (policy, scope, today) = (try visit.live(policyInForce), visit.scope, visit.today)
        let law = try visit.live(statute)
        return try await visit.look { tx -> (FollowPages.Followed, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            let lines = try store.followed().map {
                DayPages.Line(line: $0, outlook: Outlook($0.file, law.times(of: $0.file, on: today, explained: false)))
            }
            let address = try Offices.mailAddress(of: scope.actor.id, in: tx)
            let followed = FollowPages.Followed(
                lines: lines,
                sent: try address.map { try OnlineRequests.sent(from: $0, seen: store.seen(.casework), in: tx) } ?? [],
                tasks: try OwnTasks.open(for: scope, on: today, in: tx).count)
            let seen = Set(lines.map(\.line.person)).sorted().map {
                Event(PersonLooks.listed, subject: $0, detail: "classes=identity,casework")
            }
            return (followed, seen)
        }
    }

    private static func list(_ visit: Visit) async throws -> Reply {
        .page(FollowPages.list(try await read(visit)))
    }

    /// Straight to the place where the family writes, where there is but one case.
    private static func worried(_ visit: Visit) async throws -> Reply {
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        let children = try await visit.read { tx in
            try CaseStore(tx: tx, scope: scope, policy: policy).speaksFor()
        }
        let open = try await read(visit).lines.filter { line in
            line.line.file.state.isOpen && children.contains { $0.person == line.line.person }
        }
        let others = children.filter { child in !open.contains { $0.line.person == child.person } }
        if others.isEmpty, open.count == 1 { return .redirect("/cases/\(open[0].line.file.id)#worries") }
        if open.isEmpty, others.count == 1 { return .redirect("/people/\(others[0].person)/worries") }
        return .page(FollowPages.worried(open, others))
    }
}

enum FollowPages {
    struct Followed: Sendable {
        let lines: [DayPages.Line]
        /// Requests that were sent online with this account’s address.
        let sent: [OnlineRequests.Sent]
        let tasks: Int
    }

    static func list(_ followed: Followed) -> Page {
        let rows = followed.lines.map { line -> [HTML] in
            let file = line.line.file
            return [
                anchor(Link(line.line.name, to: "/cases/\(file.id)")), "\(file.opened?.inWords ?? "")",
                "\(file.state.words)",
                line.outlook.next.map { "\($0.due?.inWords ?? "") \(LimitWords.tagged($0))" } ?? "Nothing is owed",
                "\(line.outlook.wait.words)",
            ]
        }
        let cases: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">There is no assessment that you can see.</p>"
            : table(
                "Assessments that you can see", head: ["Of whom", "Since", "How it stands", "Next date", "Waits for"],
                rows: rows)
        let tasks: HTML? =
            followed.tasks == 0
            ? nil
            : inset(
                """
                <p class="govuk-body">\(anchor(Link("Advice is asked of you: \(followed.tasks)",
                    to: "/advice-asked")))</p>
                """)
        return Page(
            "Assessments", isListed: false,
            """
            <h1 class="govuk-heading-l">Assessments</h1>
            \(tasks)
            \(cases)
            \(sent(followed.sent))
            <p class="govuk-body app-actions">\(anchor(Link("Ask for an assessment", to: "/requests/new")))</p>
            """)
    }

    private static func sent(_ sent: [OnlineRequests.Sent]) -> HTML? {
        guard !sent.isEmpty else { return nil }
        let rows = sent.map { request -> [HTML] in
            ["\(request.day.inWords)", "\(request.id)", "\(request.standing)"]
        }
        return table("Requests that you sent", head: ["Arrived", "Our number", "How it stands"], rows: rows)
    }

    static func worried(_ open: [DayPages.Line], _ others: [(person: String, name: String)]) -> Page {
        let items =
            open.map { line -> HTML in
                """
                <li>\(anchor(Link("The assessment of \(line.line.name)",
                    to: "/cases/\(line.line.file.id)#worries")))</li>
                """
            }
            + others.map { child in
                "<li>\(anchor(Link(child.name, to: "/people/\(child.person)/worries")))</li>"
            }
        let body: HTML =
            items.isEmpty
            ? """
            <p class="govuk-body">You cannot write it here. Tell the council, the school or SENDIASS by telephone what \
            worries you.</p>
            """
            : """
            <p class="govuk-body">What is it about? Somebody of the council’s team is told at once, and answers \
            there. No plan or assessment is needed.</p>
            <ul class="govuk-list govuk-list--bullet">\(items)</ul>
            """
        return Page(
            "I’m worried", isListed: false,
            """
            <h1 class="govuk-heading-l">I’m worried</h1>
            \(body)
            <p class="govuk-body">SENDIASS gives free, confidential and impartial advice: \
            \(anchor(Link("find it in the Local Offer", to: "/search?q=SENDIASS"))).</p>
            \(warning("If somebody is in danger now, call 999."))
            """)
    }
}
