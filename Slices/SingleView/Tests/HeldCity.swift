import Access
@testable import AccessServer
import DemoCity
import Kernel
import LinksServer
import People
@testable import PeopleServer
import SingleView
@testable import SingleViewServer
import Storage
import TestKit
import Web

/// The cast with records of agencies, each with a word of its own in what somebody may not see.
struct HeldCity: Sendable {
    let app: TestApp
    private let tokens: [String: String]
    static let slices = [access, links(for: [detailsStillRight]), peopleSlice(panels: [recordPanels]), singleView]
    static let today: Day = "2026-11-24"

    /// Words that stand in what is about where Amina is.
    static let places = ["Wherever", "B11 9ZZ", "Invented Row", "Marigold", "0121", "Hiddenclinic", "ZREF"]
    /// Words that stand in Kieran’s record of youth justice alone.
    static let justice = ["Secretorder", "Youth offending", "youth-offending", "youth justice", "Quietworker"]

    init(_ engine: Engine = .sqlite, today: Day = HeldCity.today) async throws {
        let database = try await engine.database(.stopped(on: today))
        try await database.migrate(StorageSchema.migrations + Self.slices.flatMap(\.migrations))
        let cast = try Cast(TestApp.share)
        try await database.write(for: .operation) { tx in
            try cast.prepare(in: tx)
            try Settings.set(Settings.demonstration, to: "a test", in: tx)
            try AccessStore.keepAccount(
                "kit", login: "kit@continuum.invalid", name: "Kit Keeper", about: "made for a test", in: tx)
            try AccessStore.grant(.recordKeeper, to: "kit", in: tx)
            _ = try LinkStore.keepCouncilRecords(in: tx)
        }
        try await Self.takeIn(database)
        try await Self.link(database)
        tokens = try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            var tokens: [String: String] = [:]
            for account in try AccountStore.accounts(after: "", limit: 100, in: tx) {
                tokens[account.id] = try SessionStore.begin(
                    .whole, for: account.id, device: "a test", replacing: nil, in: tx)
            }
            return tokens
        }
        let policy = try Policy(TestApp.share.bytes("access/policy.csv"))
        app = try await TestApp(Self.slices, on: database, today: today, gate: AccessGate(database, policy: policy))
    }

    private static let extracts = [
        (
            "early-years_2026-10-01.csv",
            """
            record_id,given,family,born,postcode,address,setting,need_1,since
            ZREF-1,Ameena,Rahman,2023-04-17,B11 9ZZ,7 Wherever Row,Marigold Nursery,SLCN,2025-09-01
            ZREF-2,Yusuf,Otherchild,2023-04-17,B11 9ZZ,7 Wherever Row,Marigold Nursery,,2025-09-01
            """
        ),
        (
            "primary-care_2026-10-02.csv",
            """
            record_id,given,family,born,postcode,practice,need_1,noticed
            ZREF-3,Amina,Rahman,2023-04-17,B11 9ZZ,Hiddenclinic,ASD,2026-01-08
            """
        ),
        (
            "school-census_2026-10-01.csv",
            """
            record_id,given,family,born,postcode,setting,sen_provision,need_1
            ZREF-4,Kieran,Doyle,2010-09-12,B44 9ZZ,Northgate Academy,E,SEMH
            """
        ),
        (
            "youth-offending_2026-10-03.csv",
            """
            record_id,given,family,born,postcode,status,opened,lead
            ZREF-5,Kieron,Doyle,2010-09-12,B44 9ZZ,Secretorder,2026-02-02,Quietworker
            """
        ),
    ]

    private static func takeIn(_ database: any Database) async throws {
        let intake = try Intake(database, share: TestApp.share, today: "2026-11-24")
        for (name, text) in extracts { _ = try await intake.take(Array((text + "\n").utf8), name: name) }
    }

    /// Links by hand: a handful of records is nothing to learn a model from.
    private static func link(_ database: any Database) async throws {
        try await database.write(for: .operation) { tx in
            let number = try numbers(in: tx)
            func of(_ ref: String) -> Int { number[ref] ?? 0 }
            try LinkStore.link(
                [
                    (of("ZREF-1"), "amina"), (of("ZREF-3"), "amina"), (of("ZREF-2"), "yusuf"),
                    (of("ZREF-4"), "kieran-doyle"), (of("ZREF-5"), "kieran-doyle"),
                ], cause: "model", in: tx)
            try LinkStore.keep(
                best: [
                    (of("ZREF-1"), of("ZREF-3"), 0.9981), (of("ZREF-3"), of("ZREF-1"), 0.9981),
                    (of("ZREF-4"), of("ZREF-5"), 0.777), (of("ZREF-5"), of("ZREF-4"), 0.777),
                ], model: "model-of-a-test", in: tx)
        }
    }

    static func numbers(in tx: any Transaction) throws -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: try tx.rows("SELECT ref, number FROM held_record").map {
                (try $0.get("ref"), try $0.get("number"))
            })
    }

    func number(_ ref: String) async throws -> Int {
        try await app.database.read { try Self.numbers(in: $0)[ref] ?? 0 }
    }

    func get(_ address: String, as name: String) async throws -> Answer {
        try await app.get(address, cookies: [Reply.sessionCookie: tokens[name] ?? ""])
    }

    func post(_ address: String, _ fields: [String: String], from page: Answer, as name: String) async throws -> Answer
    {
        try await app.post(address, fields, from: page, cookies: [Reply.sessionCookie: tokens[name] ?? ""])
    }

    /// Says that something is wrong, as a form does.
    func ask(_ person: String, _ fields: [String: String], as name: String) async throws -> Answer {
        let page = try await get("/people/\(person)/corrections/new", as: name)
        return try await post("/people/\(person)/corrections", fields, from: page, as: name)
    }

    /// Every page and file in which something of a person could show.
    func everything(of person: String, as name: String) async throws -> [(address: String, answer: Answer)] {
        var all: [(String, Answer)] = []
        for end in ["", "/held", "/held/everything", "/held.json", "/links", "/corrections/new", "/looks"] {
            let address = "/people/\(person)\(end)"
            all.append((address, try await get(address, as: name)))
        }
        return all
    }

    func write(_ body: @escaping @Sendable (any WriteTransaction) throws -> Void) async throws {
        try await app.database.write(for: .operation, body)
    }

    func journal(_ kind: String) async throws -> [JournalEntry] {
        try await app.database.read { try Journal.entries(after: 0, limit: 5000, in: $0) }.filter { $0.kind == kind }
    }
}
