import Access
@testable import AccessServer
import Casework
@testable import CaseworkServer
import DemoCity
import Kernel
import LinksServer
import Notices
@testable import NoticesServer
import PeopleServer
import Storage
import Synchronization
import TestKit
import Web

/// The cast with cases, and a clock that stands where a test puts it.
final class Office: Sendable {
    let app: TestApp
    let secret: String
    private let tokens = Mutex<[String: String]>([:])

    static let slices = [
        access, links(for: [detailsStillRight] + adviceTasks), peopleSlice(panels: [casePanel, wishesPanel]), notices(),
        casework,
    ]

    init(
        _ engine: Engine = .sqlite, on first: Day = "2026-01-13", documents: DocumentDesk? = nil
    ) async throws {
        let day = Standing(first)
        let clock = WallClock { WallClock.stopped(on: day.day.withLock { $0 }).now() }
        let database = try await engine.database(clock)
        try await database.migrate(StorageSchema.migrations + Office.slices.flatMap(\.migrations))
        let cast = try Cast(TestApp.share)
        secret = try await database.write(for: .operation) { tx in
            try cast.prepare(in: tx)
            try Settings.set(Settings.siteAddress, to: "https://send.example", in: tx)
            try Bodies.keep("Midland Community Trust", .trust, contact: "cdc@trust.invalid", in: tx)
            guard let body = try Bodies.body(named: "Midland Community Trust", in: tx) else {
                throw StorageFault.noColumn("body")
            }
            return try Bodies.newKey(for: body, in: tx).secret
        }
        let policy = try Policy(TestApp.share.bytes("access/policy.csv"))
        app = try await TestApp(
            Office.slices, on: database, gate: AccessGate(database, policy: policy), clock: clock,
            documents: documents)
        standing = day
        try await signIn()
    }

    private let standing: Standing

    /// Where the clock stands, shared with the database and the site.
    private final class Standing: Sendable {
        let day: Mutex<Day>
        init(_ day: Day) { self.day = Mutex(day) }
    }

    /// Puts the clock on another day; everybody signs in again.
    func move(to day: Day) async throws {
        standing.day.withLock { $0 = day }
        try await signIn()
    }

    private func signIn() async throws {
        let made = try await app.database.write(for: .operation) { tx in
            var tokens: [String: String] = [:]
            for account in try AccountStore.accounts(after: "", limit: 100, in: tx) {
                tokens[account.id] = try SessionStore.begin(
                    .whole, for: account.id, device: "a test", replacing: nil, in: tx)
            }
            return tokens
        }
        tokens.withLock { $0 = made }
    }

    func cookies(_ name: String) -> [String: String] { [Reply.sessionCookie: tokens.withLock { $0[name] } ?? ""] }

    func get(_ address: String, as name: String) async throws -> Answer {
        try await app.get(address, cookies: cookies(name))
    }

    /// Posts the form that stands on this page; of a name that stands twice, both.
    func post(
        _ address: String, _ fields: [(String, String)], from page: Answer, as name: String?
    ) async throws -> Answer {
        let form = page.text.components(between: "action=\"\(address)\"", and: "</form>").first ?? ""
        var pairs = fields
        for field in form.components(between: "<input type=\"hidden\" ", and: ">") {
            pairs.append(
                (
                    field.components(between: "name=\"", and: "\"").first ?? "",
                    field.components(between: "value=\"", and: "\"").first ?? ""
                ))
        }
        return await app.send(address, pairs, cookies: name.map(cookies) ?? [:])
    }

    /// Enters what began a case, and answers with its identifier.
    func begin(
        _ fields: [(String, String)], of person: String = "amina", as name: String = "priya"
    ) async throws -> (id: String, answer: Answer) {
        let page = try await get("/people/\(person)/cases/new", as: name)
        let answer = try await post("/people/\(person)/cases", fields, from: page, as: name)
        let id = answer.header("Location")?.split(separator: "/").last.map(String.init) ?? ""
        return (id, answer)
    }

    func request(on day: String, by source: String = "parent") async throws -> String {
        try await begin([("source", source), ("day", day), ("words", "She does not speak yet"), ("teller", "")]).id
    }

    /// Notes one step of a case.
    @discardableResult
    func note(
        _ step: String, _ fields: [(String, String)], in id: String, as name: String = "priya"
    ) async throws -> Answer {
        let page = try await get("/cases/\(id)/events/new?step=\(step)", as: name)
        return try await post("/cases/\(id)/events", fields, from: page, as: name)
    }

    func decideToAssess(_ id: String, on day: String) async throws -> Answer {
        try await note(
            "decision",
            [
                ("needs", "yes"), ("needs-because", "Two professionals say so"), ("plan", "yes"),
                ("plan-because", "Help so far was not enough"), ("outcome", "assess"), ("day", day),
            ], in: id)
    }

    /// Asks for advice and answers with the identifier of the request.
    func ask(_ kind: String, of body: String, bound: Bool, in id: String, on day: String) async throws -> String {
        try await note(
            "advice", [("kind", kind), ("body", body), ("day", day)] + (bound ? [("bound", "yes")] : []), in: id)
        let count = try await read { try Cases.file(id, in: $0).events.count }
        return "\(id)-\(count)"
    }

    /// Sends the trust’s early notice of Amina.
    func notice() async throws {
        let json = """
            {"reference": "CDC-2026-0117", "child": {"given": "Amina", "family": "Rahman", "born": "2023-04-17"},
             "given_by": "Dr Anwar Siddiqui", "needs": ["SLCN", "ASD"], "opinion": "Probable autism",
             "parent_told_on": "2026-01-09", "offered_to_discuss": true, "voluntary_body": "Autism West Midlands"}
            """
        _ = await app.send(
            Web.Request(
                method: "POST", path: "/api/notices", contentType: "application/json",
                authorization: "Bearer \(secret)", body: Array(json.utf8)))
    }

    /// Does the hourly work of asking again, on the day on which the office stands.
    func chase() async throws {
        let now = WallClock.stopped(on: standing.day.withLock { $0 }).now()
        try await ChaserStore.job.run(
            Job.Run(database: app.database, subject: "", now: now, share: TestApp.share) { _, _ in })
    }

    /// Posts a form of a page that somebody without an account has open.
    func send(_ address: String, _ fields: [(String, String)], from page: Answer, _ cookies: [String: String])
        async throws
        -> Answer
    {
        try await app.post(address, Dictionary(fields) { first, _ in first }, from: page, cookies: cookies)
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await app.database.read(body)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) async throws -> T {
        try await app.database.write(for: .operation, body)
    }

    func mails() async throws -> [Message] { try await read { try Outbox.messages(limit: 200, in: $0) } }

    func letters(_ id: String) async throws -> [String] {
        try await read { try LetterStore.letters(of: id, in: $0).map(\.id) }
    }
}
