import Access
import AccessServer
import Casework
import Kernel
import Storage

extension CaseStore {
    /// The cases with a decision or an appeal up to a day, of persons whose casework the actor may see.
    func disputed(to last: Day) throws -> [Case] {
        let kinds: [CaseEvent.Kind] = [.notNecessary, .decided, .reassessDecided, .notIssued, .appealed]
        var events: [String: [CaseEvent]] = [:]
        try tx.each(
            """
            SELECT \(Cases.columns) FROM case_event
            WHERE ehc_case IN (
                SELECT ehc_case.id FROM ehc_case JOIN case_event step ON step.ehc_case = ehc_case.id
                WHERE step.kind IN \(kinds) AND step.day <= \(last) AND \(seen(.casework)))
            ORDER BY ehc_case, number
            """
        ) { row in events[try row.get("ehc_case"), default: []].append(try Cases.event(row)) }
        return events.keys.sorted().map { Case($0, events[$0] ?? []) }
    }

    /// When the last assessment of a person ended in another case than this: the day of the decision on a plan.
    func assessed(_ person: String, before file: String) throws -> Day? {
        let kinds: [CaseEvent.Kind] = [.issueDecided, .notIssued]
        return try tx.row(
            """
            SELECT MAX(step.day) AS ended FROM case_event step JOIN ehc_case held ON held.id = step.ehc_case
            WHERE held.person = \(person) AND held.id <> \(file) AND step.kind IN \(kinds) AND step.annuls = 0
                AND NOT EXISTS (SELECT 1 FROM case_event later WHERE later.corrects = step.id)
            """
        )?.optional("ended")
    }
}
