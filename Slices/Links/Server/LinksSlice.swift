import AccessServer
import Storage
import Web

/// One thing asked of somebody without an account, by a link that opens that one form.
///
/// - Parameter kinds: what can be asked for, each declared by the slice that it belongs to.
public func links(for kinds: [TaskKind]) -> Slice {
    let known = Dictionary(kinds.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    return Slice(
        "Links", migrations: [LinksSchema.migration], actions: LinkActions.all,
        routes: LinkRoutes(kinds: known).all + AskRoutes(kinds: kinds).all,
        hanging: [Hanging("task_link", "person", key: ["id"])])
}

/// What may be done with links about a person.
enum LinkActions {
    /// A recipient’s address may tell where the child is, and is somebody else’s.
    static let ask = Action(
        "task.ask", .change, classes: ["identity", "location", "third-party"],
        path: PersonPath { AccessStore.person($0) })
    static let all = [ask]
}

/// What is noted of links and may be read by the family.
public enum LinkEvents {
    /// Somebody saw what was asked about a person, and of whom.
    public static let listed = "task.listed"
}
