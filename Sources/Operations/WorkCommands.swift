import ArgumentParser
import Console
import Foundation
import Kernel
import Storage
import Web

/// `continuum jobs`: the work that the program does by itself.
public struct JobsCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Show the work that is due, being done, or failing.",
        discussion: """
            Exit status 2: some work fails again and again, or nothing has looked for work in the last two minutes, so \
            no server is running, or it is stuck.
            """)

    @Flag(help: "Print JSON, alone, on standard output.") var json = false
    @OptionGroup var data: DataOptions

    public init() {}

    public func run() async throws {
        try await Console.run {
            let database = try await data.open()
            let (work, seen) = try await database.read { (try Work.all(in: $0), try Work.lastLook(in: $0)) }
            let now = Installation.current.clock.now()
            let isAlive = seen.map { now.milliseconds - $0.milliseconds < 120_000 } ?? false
            if json {
                let rows = work.map { JobsCommand.json($0, now) }
                let all: JSON = .object([
                    ("last_look", .text(seen?.iso)), ("alive", .bool(isAlive)), ("jobs", .array(rows)),
                ])
                Console.print(all.pretty)
            } else {
                for item in work { Console.print(JobsCommand.line(item, now)) }
            }
            if !isAlive {
                let when = seen.map { "since \($0.iso)" } ?? "yet"
                Console.tell("Nothing has looked for work \(when): is a server running?")
            }
            if !isAlive || work.contains(where: \.needsLook) { throw Console.partly }
        }
    }

    private static func state(_ item: WorkItem, _ now: Instant) -> String {
        if let until = item.heldUntil, until >= now { return "running" }
        if item.needsLook { return "failing" }
        return item.due <= now ? "due" : "waiting"
    }

    private static func line(_ item: WorkItem, _ now: Instant) -> String {
        let progress = item.total.map { " \(item.done ?? 0) of \($0)" } ?? ""
        let failure = item.failure.map { "\tlast failure \($0), \(item.attempts) in a row" } ?? ""
        return "\(item.kind)\t\(state(item, now))\(progress)\tdue \(item.due.iso)\(failure)"
    }

    private static func json(_ item: WorkItem, _ now: Instant) -> JSON {
        .object([
            ("kind", .text(item.kind)), ("subject", .text(item.subject)), ("state", .text(state(item, now))),
            ("due", .text(item.due.iso)), ("every_seconds", .int(item.every)), ("attempts", .int(item.attempts)),
            ("failure", .text(item.failure)), ("started", .text(item.started?.iso)),
            ("finished", .text(item.finished?.iso)), ("done", .int(item.done)), ("total", .int(item.total)),
        ])
    }
}

/// `continuum outbox`: messages that wait, were sent, or could not be delivered.
public struct OutboxCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Show messages that wait or were given up, and send them again.",
        subcommands: [List.self, Retry.self], defaultSubcommand: List.self)

    public init() {}

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the newest messages, without their words.",
            discussion: "Exit status 2: some were given up, and somebody has to look.")
        @Flag(help: "Only those that were given up.") var dead = false
        @Option(parsing: .unconditional, help: "At most this many, 1 to 10000.") var limit = 100
        @OptionGroup var data: DataOptions

        func validate() throws {
            guard (1...10_000).contains(limit) else {
                throw ValidationError("--limit is 1 to 10000; this is \(limit).")
            }
        }

        func run() async throws {
            try await Console.run {
                let database = try await data.open()
                let (messages, standing) = try await database.read { [dead, limit] tx in
                    (try Outbox.messages(dead ? .dead : nil, limit: limit, in: tx), try Outbox.standing(in: tx))
                }
                for message in messages {
                    let failure = message.failure.map { "\t\($0)" } ?? ""
                    Console.print(
                        "\(message.id)\t\(message.at.iso)\t\(message.channel.rawValue)\t\(message.state.rawValue)\t"
                            + "tried \(message.attempts)\tlooked after by \(message.owner)\(failure)")
                }
                Console.tell("\(standing.waiting) waiting, \(standing.dead) given up.")
                for (owner, count, oldest) in standing.owners {
                    Console.tell("\(count) given up for \(owner) to look at, the oldest of \(oldest.iso).")
                }
                if standing.dead > 0 { throw Console.partly }
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send a message again that was given up, or waits.")
        @Argument(help: "The id of the message.") var id: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let database = try await data.open()
                let isThere = try await database.write(for: .operation) { [id] tx in
                    // Nothing is changed where there is none, so there is nothing to note.
                    try Outbox.retry(id, in: tx)
                }
                guard isThere else { throw Failure("There is no message “\(id)” that waits or was given up.") }
                Console.print("\(id)\twaiting")
            }
        }
    }
}

/// The mailbox of the demonstration: what would have been sent, to be read.
public enum MailboxPage {
    /// - Parameter holds: whether this copy is a demonstration; otherwise there is no such page.
    public static let slice = Slice(
        "Mailbox", migrations: [],
        routes: [
            .get("/demo/mailbox", may: .anyone) { visit in
                guard visit.isOnLoopback else { return .notFound }
                let messages = try await visit.read { tx -> [Message]? in
                    guard try Settings.value(Settings.demonstration, in: tx) != nil else { return nil }
                    return try Outbox.messages(limit: 100, in: tx)
                }
                guard let messages else { return .notFound }
                return .page(page(messages))
            }
        ])

    static func page(_ messages: [Message]) -> Page {
        let items = messages.map { message in
            """
            <li class="app-result"><h2>\(message.title)</h2>
            <p>To \(message.recipient), \(message.at.dayInEngland.inWords): \
            \(message.state.words)</p>
            <p class="app-letter">\(message.body)</p></li>
            """ as HTML
        }
        let list: HTML =
            items.isEmpty
            ? "<p class=\"govuk-body\">Nothing has been sent yet. Say that something is wrong, and it shows here.</p>"
            : "<ul class=\"app-results\">\(items)</ul>"
        return Page(
            "Demonstration mailbox", isListed: false,
            """
            <h1 class="govuk-heading-l">Demonstration mailbox</h1>
            <p class="govuk-body">Messages that Continuum would have sent. None leaves a \
            demonstration.</p>
            \(list)
            """)
    }
}
