import Access
import AccessServer
import PeopleServer
import Storage
import Web

/// Early notices of health bodies, by a form and by JSON, and the path from each to the first support.
///
/// - Parameter listeners: what other slices do when a notice is received, in the same transaction.
public func notices(received listeners: [NoticeListener] = []) -> Slice {
    Slice(
        "Notices", migrations: [NoticesSchema.migration], actions: NoticeActions.all,
        routes: NoticeRoutes.all + SendingRoutes(listeners: listeners).all + NoticeInterface(listeners: listeners).all,
        jobs: [
            Job(NoticeLead.job, every: nil) { run in
                try await run.database.write(for: .system) { try NoticeLead.putOnList(run.subject, in: $0) }
            }
        ],
        navigation: [
            NavigationItem("Early notices", "/notices", for: .roles(NoticeActions.handle.roles)),
            NavigationItem("Give early notice", "/notices/sent", for: .roles(NoticeActions.send.roles)),
        ], hanging: [Hanging("notice", "person", key: ["id"])])
}

/// What may be done with notices, by office: while a notice is attached to nobody, no row of the policy is about it.
enum NoticeActions {
    /// What the early years team does: officers of cases and their managers.
    static let handle = Action("notice.handle", .change, roles: [Role.caseOfficer.rawValue, managing])
    static let send = Action("notice.send", .change, roles: [Role.healthProfessional.rawValue])
    static let all = [handle, send]

    static let managing = Role.teamManager.rawValue
}

/// What is noted of notices.
enum NoticeEvents {
    static let listed = "notice.listed"
    static let seen = "notice.seen"

    /// Who looked at a notice, and, where it is attached to somebody, at whom: then the family sees it too.
    static func look(_ kind: String, at notice: String, of person: String?, _ classes: [DataClass]) -> [Event] {
        guard !classes.isEmpty else { return [] }
        let detail = "classes=\(classes.map(\.rawValue).joined(separator: ","))"
        let own = Event(kind, subject: notice, detail: detail)
        guard let person else { return [own] }
        return [own, Event(kind == listed ? PeopleEvents.listed : PeopleEvents.seen, subject: person, detail: detail)]
    }
}
