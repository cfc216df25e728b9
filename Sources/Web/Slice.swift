import Kernel
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
    /// What each process keeps in memory and writes down now and then.
    public let flushes: [Flush]
    /// Its places in the navigation of every page.
    public let navigation: [NavigationItem]
    /// What of its tables hangs on a person, and follows where two persons are found to be one.
    public let hanging: [Hanging]

    public init(
        _ name: String, migrations: [Migration], actions: [Action] = [], routes: [Route], lives: [any LiveMaker] = [],
        jobs: [Job] = [], flushes: [Flush] = [], navigation: [NavigationItem] = [], hanging: [Hanging] = []
    ) {
        self.hanging = hanging
        (self.name, self.migrations, self.actions, self.routes) = (name, migrations, actions, routes)
        (self.lives, self.jobs, self.flushes, self.navigation) = (lives, jobs, flushes, navigation)
    }
}

/// A link in the navigation at the top of every page.
public struct NavigationItem: Sendable {
    public let text: String
    public let address: String
    /// A number to show beside it, from the visitor's cookies.
    public let count: (@Sendable ([String: String]) -> Int)?
    /// Who is shown it.
    public let audience: Audience

    public enum Audience: Hashable, Sendable {
        case anyone, signedIn
        case roles(Set<String>)
    }

    public init(
        _ text: String, _ address: String, for audience: Audience = .anyone,
        count: (@Sendable ([String: String]) -> Int)? = nil
    ) {
        (self.text, self.address, self.audience, self.count) = (text, address, audience, count)
    }
}

/// Work that the program does by itself: recurring, or added as a row by `Work.add`. One process at a time does it, and
/// another takes it over when that one dies, so doing it twice must be doing it once.
public struct Job: Sendable {
    /// What a run is given.
    public struct Run: Sendable {
        public let database: any Database
        /// What it is about: an identifier, or empty for recurring work.
        public let subject: String
        public let now: Instant
        /// The data that ships.
        public let share: Share
        /// Tells how far it has come, and of how much.
        public let progress: @Sendable (Int, Int) -> Void

        private let shelf: Shelf?

        public init(
            database: any Database, subject: String, now: Instant, share: Share, shelf: Shelf? = nil,
            progress: @escaping @Sendable (Int, Int) -> Void
        ) {
            (self.database, self.subject, self.now, self.share) = (database, subject, now, share)
            (self.shelf, self.progress) = (shelf, progress)
        }

        /// The value that the server keeps in memory for this key; nil where the work is done outside of one.
        public func live<Value: Sendable>(_ live: Live<Value>) -> Value? { try? shelf?.value(of: live) }
    }

    public let name: String
    /// Seconds from the end of one run to the start of the next; nil where each run is asked for.
    public let every: Int?
    public let run: @Sendable (Run) async throws -> Void

    public init(_ name: String, every: Int?, _ run: @escaping @Sendable (Run) async throws -> Void) {
        (self.name, self.every, self.run) = (name, every, run)
    }
}

/// Writes down what a process keeps in memory, now and then, and once more before it stops.
public struct Flush: Sendable {
    public let name: String
    /// Seconds from the end of one run to the start of the next.
    public let every: Int
    public let run: @Sendable (any Database, Tally) async throws -> Void

    public init(_ name: String, every: Int, _ run: @escaping @Sendable (any Database, Tally) async throws -> Void) {
        (self.name, self.every, self.run) = (name, every, run)
    }
}
