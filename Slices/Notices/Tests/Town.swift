import Access
@testable import AccessServer
import DemoCity
import Kernel
import LinksServer
import Notices
@testable import NoticesServer
import PeopleServer
import Storage
import TestKit
import Web

/// The cast with one health body, its key, and whoever leads: Grace, the manager of the casework team.
struct Town: Sendable {
    let app: TestApp
    let body: NoticeBody
    let secret: String
    let key: String
    private let tokens: [String: String]

    init(
        _ engine: Engine = .sqlite, today: Day = "2026-01-12", hasLead: Bool = true, rates: Rates? = nil,
        received: [NoticeListener] = []
    ) async throws {
        let slices = [access, links(for: [detailsStillRight]), people, notices(received: received)]
        let database = try await engine.database(.stopped(on: today))
        try await database.migrate(StorageSchema.migrations + slices.flatMap(\.migrations))
        let cast = try Cast(TestApp.share)
        (tokens, body, key, secret) = try await database.write(for: .operation) { tx in
            try cast.prepare(in: tx)
            var tokens: [String: String] = [:]
            for account in try AccountStore.accounts(after: "", limit: 100, in: tx) {
                tokens[account.id] = try SessionStore.begin(
                    .whole, for: account.id, device: "a test", replacing: nil, in: tx)
            }
            try Bodies.keep("Midland Community Trust", .trust, contact: "cdc@trust.invalid", in: tx)
            if hasLead { try NoticeLead.name(login: "grace@continuum.invalid", in: tx) }
            guard let body = try Bodies.body(named: "Midland Community Trust", in: tx) else {
                throw StorageFault.noColumn("body")
            }
            let made = try Bodies.newKey(for: body, in: tx)
            return (tokens, body, made.id, made.secret)
        }
        let policy = try Policy(TestApp.share.bytes("access/policy.csv"))
        app = try await TestApp(
            slices, on: database, today: today, gate: AccessGate(database, policy: policy), rates: rates)
    }

    func get(_ address: String, as name: String) async throws -> Answer {
        try await app.get(address, cookies: cookies(name))
    }

    func post(
        _ address: String, _ fields: [String: String], from page: Answer, as name: String
    ) async throws -> Answer {
        try await app.post(address, fields, from: page, cookies: cookies(name))
    }

    func cookies(_ name: String) -> [String: String] { [Reply.sessionCookie: tokens[name] ?? ""] }

    /// Sends JSON with a key, as a program does.
    func send(
        _ json: String, key: String? = nil, type: String = "application/json", cookies: [String: String] = [:]
    ) async -> Answer {
        await app.send(
            Web.Request(
                method: "POST", path: "/api/notices", contentType: type,
                authorization: "Bearer \(key ?? secret)", cookies: cookies, body: Array(json.utf8)))
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) async throws -> T {
        try await app.database.write(for: .operation, body)
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await app.database.read(body)
    }

    func mails() async throws -> [Message] { try await read { try Outbox.messages(limit: 100, in: $0) } }

    /// The identifiers of all notices, the oldest first.
    func noticeIDs() async throws -> [String] {
        try await read { tx in try tx.rows("SELECT id FROM notice ORDER BY received, id").map { try $0.get("id") } }
    }

    func journal() async throws -> [JournalEntry] {
        try await read { try Journal.entries(after: 0, limit: 2000, in: $0) }
    }

    /// Does the work that is due when a day has begun.
    func work(on day: Day) async throws {
        let due = try await read { try Work.all(in: $0).filter { $0.kind == NoticeLead.job } }
        for item in due where item.due <= Instant(startOf: day) {
            try await app.database.write(for: .system) { try NoticeLead.putOnList(item.subject, in: $0) }
        }
    }
}

/// The notice of the golden thread in JSON.
let wholeJSON = """
    {"reference": "CDC-2026-0117", "body": "Midland Community Trust",
     "child": {"given": "Amina", "family": "Rahman", "born": "2023-04-17", "sex": "female", "nhs_number": null,
               "address": "7 Invented Row, Sparkbrook", "postcode": "B11 9ZZ", "telephone": "0121 496 0107"},
     "parent": {"name": "Nadia Rahman", "contact": "by telephone, after five"},
     "given_by": "Dr Anwar Siddiqui, paediatrician", "needs": ["SLCN", "ASD"], "opinion": "Probable autism",
     "report": "Seen in December", "parent_told_on": "2026-01-09", "offered_to_discuss": true,
     "voluntary_body": "Autism West Midlands"}
    """
let incompleteJSON = """
    {"reference": "CDC-2026-0118", "child": {"given": "Amina", "family": "Rahman", "born": "2023-04-17"},
     "given_by": "Dr Anwar Siddiqui", "needs": ["SLCN"]}
    """
