import Storage

/// Everything a capability brings to the application.
public struct Slice: Sendable {
    public let name: String
    public let migrations: [Migration]
    /// What may be done here, for routes to name.
    public let actions: [Action]
    public let routes: [Route]
    public let lives: [any LiveMaker]
    public let jobs: [Job]
    /// Its places in the navigation of every page.
    public let navigation: [NavigationItem]

    public init(
        _ name: String, migrations: [Migration], actions: [Action] = [], routes: [Route], lives: [any LiveMaker] = [],
        jobs: [Job] = [], navigation: [NavigationItem] = []
    ) {
        (self.name, self.migrations, self.actions, self.routes) = (name, migrations, actions, routes)
        (self.lives, self.jobs, self.navigation) = (lives, jobs, navigation)
    }
}

/// A link in the navigation at the top of every page.
public struct NavigationItem: Sendable {
    public let text: String
    public let address: String
    /// A number to show beside it, from the visitor's cookies.
    public let count: (@Sendable ([String: String]) -> Int)?

    public init(_ text: String, _ address: String, count: (@Sendable ([String: String]) -> Int)? = nil) {
        (self.text, self.address, self.count) = (text, address, count)
    }
}

/// Work that the program does by itself, now and then, and once more before it stops.
public struct Job: Sendable {
    public let name: String
    /// Seconds from the end of one run to the start of the next.
    public let every: Int
    public let run: @Sendable (any Database, Tally) async throws -> Void

    public init(_ name: String, every: Int, _ run: @escaping @Sendable (any Database, Tally) async throws -> Void) {
        (self.name, self.every, self.run) = (name, every, run)
    }
}
