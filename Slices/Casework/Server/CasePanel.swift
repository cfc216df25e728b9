import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
import Web

/// The way from a person’s page to their assessments, with how the newest stands.
public let casePanel = PersonPanel { visit, policy in
    let (scope, today, law) = (visit.scope, visit.today, try visit.live(statute))
    return { tx, id in
        let store = CaseStore(tx: tx, scope: scope, policy: policy)
        guard try store.may(.see, .casework, of: id.text) else { return nil }
        let newest = try store.lines(of: id.text).first
        let outlook = newest.map { Outlook($0.file, law.times(of: $0.file, on: today, explained: false)) }
        let next: HTML? = outlook?.next.map {
            "<p class=\"govuk-body\">Next: \($0.says) \(LimitWords.tagged($0))</p>"
        }
        return PersonPanel.Shown(
            """
            <h2 class="govuk-heading-m">Assessment and plan</h2>
            <p class="govuk-body">\(newest?.file.words ?? "No assessment has been asked for yet")</p>
            \(next)
            <p class="govuk-body">\(anchor(Link("Assessments: dates, letters, what happened",
                to: "/people/\(id.text)/cases")))</p>
            """, classes: newest == nil ? [] : [.casework])
    }
}
