import Access
import AccessServer
import Kernel
import Links
import Storage
import Web

/// Asking by link from another slice, inside its own write.
public enum TaskLinks {
    /// What is asked, of whom, until when.
    public struct Ask: Sendable {
        public let kind: TaskKind
        public let person, name, address: String
        /// The last day on which the link opens anything.
        public let lastDay: Day

        public init(_ kind: TaskKind, about person: String, of name: String, at address: String, until lastDay: Day) {
            (self.kind, self.person, self.name) = (kind, person, name)
            (self.address, self.lastDay) = (address, lastDay)
        }
    }

    /// One that was asked, as its own slice shows it.
    public struct Standing: Sendable {
        public let id, name, address: String
        public let lastDay: Day
        public let isOpen, isAnswered: Bool
    }

    /// Puts the task down and the mail with its link beside it.
    ///
    /// - Parameters:
    ///   - id: what the task is called from now on; letters, figures and hyphens, beginning with `task-`.
    ///   - site: what links in mails begin with.
    public static func send(_ ask: Ask, as id: String, by asker: String, site: String, in tx: any WriteTransaction)
        throws
    {
        let new = TaskStore.New(
            id: id, kind: ask.kind, person: ask.person, name: ask.name, address: ask.address, lastDay: ask.lastDay)
        let secret = try TaskStore.ask(new, by: asker, in: tx)
        try Outbox.post(
            .mail, to: ask.address, title: "You are asked to \(ask.kind.asks)",
            body: AskPages.mail(ask.kind, "\(site)/tasks/\(secret)", until: ask.lastDay),
            owner: Role.caseOfficer.rawValue, about: ask.person, goodUntil: ask.lastDay, isSecret: true, in: tx)
    }

    /// Whether this may be asked by a link to that address: whoever asks must see what the form shows, and an account
    /// of that address is shown nothing that it would not see after signing in.
    public static func mayBeAsked(_ ask: Ask, _ policy: Policy, by scope: Scope, _ now: Instant, in tx: any Transaction)
        throws -> Bool
    {
        try TaskStore.maySee(ask.kind, of: ask.person, policy, scope, tx)
            && AccessStore.mayBeTold(ask.kind.shows, of: ask.person, at: ask.address, policy, now, in: tx)
    }

    /// What links in messages begin with; a browser on this very computer says it for a copy that was not told. Nil
    /// where neither says.
    public static func site(_ visit: Visit) async throws -> String? {
        let set = try await visit.read { try Settings.value(Settings.siteAddress, in: $0) }
        return set ?? (visit.isOnLoopback ? "http://\(visit.host)" : nil)
    }

    /// Takes an open task back: its link opens nothing more.
    public static func withdraw(_ id: String, in tx: any WriteTransaction) throws {
        guard let task = try TaskStore.task(id, in: tx), task.state == .open else { return }
        try TaskStore.close(task, as: .withdrawn, in: tx)
    }

    /// Closes an open task as answered, where the answer came by another way.
    public static func close(_ id: String, in tx: any WriteTransaction) throws {
        guard let task = try TaskStore.task(id, in: tx), task.state == .open else { return }
        try TaskStore.close(task, as: .done, in: tx)
    }

    public static func standing(_ id: String, on today: Day, in tx: any Transaction) throws -> Standing? {
        try TaskStore.task(id, in: tx).map { task in
            Standing(
                id: task.id, name: task.name, address: task.address, lastDay: task.lastDay,
                isOpen: task.state == .open && today <= task.lastDay, isAnswered: task.state == .done)
        }
    }
}
