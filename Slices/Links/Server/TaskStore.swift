import Access
import AccessServer
import Credentials
import Cryptography
import Kernel
import Links
import Storage
import Web

/// One thing asked of one person without an account. It prints as its identifier.
struct LinkTask: Sendable, CustomStringConvertible {
    let id, kind, person: String
    /// What the recipient is called, and their address for mail.
    let name, address: String
    let made: Instant
    let lastDay: Day
    let state: TaskLink.State
    let closed: Instant?
    let wrong: Int
    /// Hashes, of the code that was made and not used, and of what the known browser holds.
    let code, browser: String?

    var description: String { id }

    func link(needsCode: Bool) -> TaskLink {
        TaskLink(state: state, lastDay: lastDay, needsCode: needsCode, hasCode: code != nil, wrong: wrong)
    }
}

extension TaskLink.State: Storable {}

/// Tasks and their links. The secrets of link, code and browser leave here once, and are kept as hashes.
enum TaskStore {
    static let path = LinkPath("task by its link") { secret in
        "SELECT id AS task FROM task_link WHERE link = \(hash("link", secret))"
    }

    static func task(_ id: String, in tx: any Transaction) throws -> LinkTask? {
        try tx.row("SELECT \(columns) FROM task_link WHERE id = \(id)").map(task)
    }

    /// What was asked about a person, the newest first.
    static func tasks(about person: String, in tx: any Transaction) throws -> [LinkTask] {
        try tx.rows("SELECT \(columns) FROM task_link WHERE person = \(person) ORDER BY made DESC, id LIMIT 100")
            .map(task)
    }

    /// A task to be put down, with the secret of its link.
    struct New: Sendable {
        let id: String
        let kind: TaskKind
        let person, name, address: String
        let lastDay: Day
    }

    /// Puts a task down.
    ///
    /// - Returns: the secret of its link: 256 random bits.
    static func ask(_ new: New, by asker: String, in tx: any WriteTransaction) throws -> String {
        let secret = RandomText.make()
        try tx.run(
            """
            INSERT INTO task_link (
                id, kind, person, name, address, asker, made, last_day, link, wrong, state)
            VALUES (
                \(new.id), \(new.kind.code), \(new.person), \(new.name), \(new.address), \(asker), \(tx.now),
                \(new.lastDay), \(hash("link", secret)), 0, \(TaskLink.State.open))
            """)
        tx.record(Event("task.asked", subject: new.person, detail: "task=\(new.id);kind=\(new.kind.code)"))
        return secret
    }

    /// Makes a new code, in place of any before it; wrong ones are counted anew.
    ///
    /// - Returns: the code, of 60 random bits.
    static func newCode(for task: LinkTask, in tx: any WriteTransaction) throws -> String {
        let code = PrintedCodes.mint(1).joined()
        try tx.run("UPDATE task_link SET code = \(PrintedCodes.hash(code)), wrong = 0 WHERE id = \(task.id)")
        tx.record(Event("task.code-made", subject: task.person, detail: "task=\(task.id)"))
        return code
    }

    /// Uses the code up where it is right, or counts a wrong one.
    ///
    /// - Parameter secret: what the browser in which it was given is to hold.
    /// - Returns: whether it was right.
    static func take(code typed: String, for task: LinkTask, browser secret: String, in tx: any WriteTransaction)
        throws -> Bool
    {
        guard let held = task.code, let hash = PrintedCodes.hash(typed), RandomText.isSame(hash, held) else {
            try tx.run("UPDATE task_link SET wrong = wrong + 1 WHERE id = \(task.id)")
            tx.record(Event("task.code-wrong", subject: task.person, detail: "task=\(task.id)"))
            return false
        }
        try tx.run(
            "UPDATE task_link SET code = NULL, browser = \(Self.hash("browser", secret)) WHERE id = \(task.id)")
        tx.record(Event("task.code-right", subject: task.person, detail: "task=\(task.id)"))
        return true
    }

    /// What a browser holds after a code was given on a form of this key: 128 bits of the key and 60 of the code, which
    /// nobody else has both. The same form sent twice gives the same, so that a code pressed twice locks nobody out.
    static func browserSecret(code: String, key: String) -> String {
        hash("code", "\(PrintedCodes.normalised(code) ?? "")\n\(key)")
    }

    static func isKnown(browser secret: String?, of task: LinkTask) -> Bool {
        guard let secret, let held = task.browser else { return false }
        return RandomText.isSame(hash("browser", secret), held)
    }

    /// Closes a task: what could still let somebody in is forgotten with it.
    static func close(_ task: LinkTask, as state: TaskLink.State, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE task_link SET state = \(state), closed = \(tx.now), code = NULL, browser = NULL
            WHERE id = \(task.id) AND state = \(TaskLink.State.open)
            """)
        let name = state == .done ? "answered" : "withdrawn"
        tx.record(Event("task.\(name)", subject: task.person, detail: "task=\(task.id)"))
    }

    /// Whether the actor may see all that a form shows of the person: nobody sends on what is not theirs to see.
    static func maySee(_ kind: TaskKind, of person: String, _ policy: Policy, _ scope: Scope, _ tx: any Transaction)
        throws -> Bool
    {
        let filters = kind.shows.map { policy.people(.see, $0, for: scope, column: "about.id") }
        return try tx.row(
            """
            SELECT about.id FROM (SELECT \(person) AS id) about WHERE \(SQL.joined(filters, by: " AND "))
            """) != nil
    }

    private static func hash(_ what: String, _ secret: String) -> String {
        Sodium.sha256(Array("task \(what) \(secret)".utf8))
    }

    private static let columns: SQL =
        "id, kind, person, name, address, made, last_day, state, closed, wrong, code, browser"

    private static func task(_ row: Row) throws -> LinkTask {
        LinkTask(
            id: try row.get("id"), kind: try row.get("kind"), person: try row.get("person"),
            name: try row.get("name"), address: try row.get("address"), made: try row.get("made"),
            lastDay: try row.get("last_day"), state: try row.get("state"), closed: try row.optional("closed"),
            wrong: try row.get("wrong"), code: try row.optional("code"), browser: try row.optional("browser"))
    }
}
