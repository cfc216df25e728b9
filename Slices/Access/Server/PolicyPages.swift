import Access
import Kernel
import Storage
import Web

/// The policy in force, as shipped with this version.
public let policyInForce = Live<Policy>("policy", follows: []) { _, share in
    try Policy(share.bytes("access/policy.csv"))
}

/// “Who can see what”: made from the very rows that decide.
enum PolicyPages {
    static let route = Route.get("/who-can-see-what", may: .anyone) { visit in
        .page(page(try visit.live(policyInForce)), caching: .shared)
    }

    static func page(_ policy: Policy) -> Page {
        func list(_ rows: [Policy.Row]) -> HTML {
            let items = rows.map { row in
                """
                <li id="\(row.id)">\(row.words) <span class="app-source">\(row.id); \(row.source)</span></li>
                """ as HTML
            }
            return "<ul class=\"govuk-list govuk-list--bullet\">\(items)</ul>"
        }
        let classes = DataClass.allCases.map { data -> [HTML] in
            let seen = Set(policy.rows(permitting: true, .see, data).flatMap(\.roles)).sorted().map(\.words)
            return ["\(data.words)", "\(seen.isEmpty ? "nobody" : seen.joined(separator: ", "))"]
        }
        return Page(
            "Who can see what",
            summary: "Who may see which part of a child’s record, made from the rules that the service itself follows.",
            """
            <h1 class="govuk-heading-l">Who can see what</h1>
            <p class="govuk-body">These are the rules that this service itself follows. Nobody sees anything of a \
            record unless one of them says so, and only of somebody whom they have to do with.</p>
            <h2 class="govuk-heading-m">What is allowed</h2>
            \(list(policy.rows.filter(\.permits)))
            <h2 class="govuk-heading-m">What is never allowed, whatever stands above</h2>
            \(list(policy.rows.filter { !$0.permits }))
            \(table("Each part of a record, and who may see it of somebody they have to do with",
                head: ["Part", "Who"], rows: classes))
            """)
    }
}
