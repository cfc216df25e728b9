import Access
@testable import AccessServer
import DemoCity
import Kernel
import LinksServer
import PeopleServer
import Storage
import TestKit
import Web

/// The cast in a database of its own, each signed in by a session of theirs.
struct City: Sendable {
    /// The moment at which its clock stands, unless another day is said.
    static let now = WallClock.stopped(on: "2026-11-24").now()
    let app: TestApp
    private let tokens: [String: String]
    static let slices = [access, links(for: [detailsStillRight]), people]

    init(_ engine: Engine = .sqlite, today: Day = "2026-11-24", slices: [Slice] = City.slices) async throws {
        let database = try await engine.database(.stopped(on: today))
        try await database.migrate(StorageSchema.migrations + slices.flatMap(\.migrations))
        let cast = try Cast(TestApp.share)
        tokens = try await database.write(for: .operation) { tx in
            try cast.prepare(in: tx)
            try Settings.set(Settings.siteAddress, to: "https://send.example", in: tx)
            var tokens: [String: String] = [:]
            for account in try AccountStore.accounts(after: "", limit: 100, in: tx) {
                tokens[account.id] = try SessionStore.begin(
                    .whole, for: account.id, device: "a test", replacing: nil, in: tx)
            }
            return tokens
        }
        let policy = try Policy(TestApp.share.bytes("access/policy.csv"))
        app = try await TestApp(slices, on: database, today: today, gate: AccessGate(database, policy: policy))
    }

    func cookies(_ name: String) -> [String: String] { [Reply.sessionCookie: tokens[name] ?? ""] }

    func get(_ address: String, as name: String) async throws -> Answer {
        try await app.get(address, cookies: cookies(name))
    }

    func post(
        _ address: String, _ fields: [String: String], from page: Answer, as name: String
    ) async throws -> Answer {
        try await app.post(address, fields, from: page, cookies: cookies(name))
    }

    func write(_ body: @escaping @Sendable (any WriteTransaction) throws -> Void) async throws {
        try await app.database.write(for: .operation, body)
    }
}
