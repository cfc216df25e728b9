import Access
@testable import AccessServer
import Foundation
import Kernel
@_spi(Gate) import Storage
import TestKit
import Testing
import Web

@Suite struct `The policy in the database` {
    /// 10,000 worlds on SQLite and 1,000 on PostgreSQL, a hundred at once; `CONTINUUM_WORLDS` asks for more.
    @Test(arguments: Engine.allCases)
    func `finds exactly the persons that the policy in memory would, whatever the world`(engine: Engine) async throws {
        let asked = ProcessInfo.processInfo.environment["CONTINUUM_WORLDS"].flatMap(Int.init)
        let count = asked ?? (engine == .sqlite ? 10_000 : 1000)
        let seed = ProcessInfo.processInfo.environment["CONTINUUM_SEED"].flatMap(UInt64.init) ?? .random(in: 1...9999)
        let policy = try shippedPolicy()
        let database = try await Self.database(on: engine)
        for turn in 0..<(count + 99) / 100 {
            let worlds = try await database.write(for: .operation) { tx in
                var dice = Dice(seed: seed &+ UInt64(turn))
                return try Worlds(100, by: &dice, in: tx)
            }
            let wrong = try await database.read { tx in try differences(worlds, policy, tx) }
            #expect(wrong.isEmpty, "seed \(seed), turn \(turn): \(wrong.first ?? "")")
            if !wrong.isEmpty { return }
        }
    }

    private static func database(on engine: Engine) async throws -> any Database {
        let database = try await engine.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + access.migrations + [Worlds.migration])
        return database
    }

    private func differences(_ worlds: Worlds, _ policy: Policy, _ tx: any Transaction) throws -> [String] {
        var wrong: [String] = []
        for account in Worlds.accounts {
            let roles = Set((worlds.roles[account] ?? []).map(\.rawValue))
            let scope = Scope(actor: Actor(account), purpose: .operation, roles: roles, at: Worlds.now)
            let decisions = try worlds.persons.map { person in
                (person, try AccessStore.facts(of: account, roles: roles, about: person, at: Worlds.now, in: tx))
            }
            for verb in Verb.allCases {
                for data in DataClass.allCases {
                    let expected = Set(
                        decisions.filter { policy.decide(verb, $0.1).permitted[data] != nil }.map(\.0))
                    let found = try Self.people(policy, verb, data, scope, tx)
                    if found != expected {
                        wrong.append("\(account) \(roles) \(verb) \(data): \(found), not \(expected)")
                    }
                }
            }
        }
        return wrong
    }

    private static func people(
        _ policy: Policy, _ verb: Verb, _ data: DataClass, _ scope: Scope, _ tx: any Transaction
    ) throws -> Set<String> {
        let filter = policy.people(verb, data, for: scope, column: "person.id")
        return Set(
            try tx.rows("SELECT person.id FROM somebody person WHERE \(filter)").map { try $0.get("id") as String })
    }

    @Test(arguments: Engine.allCases)
    func `finds nobody for those who stand for nobody in particular`(engine: Engine) async throws {
        let database = try await Self.database(on: engine)
        let policy = try shippedPolicy()
        let worlds = try await database.write(for: .operation) { tx in
            var dice = Dice(seed: 1)
            return try Worlds(1, by: &dice, in: tx)
        }
        #expect(!worlds.roles.isEmpty)
        let found = try await database.read { tx in
            try [Scope.anyone, .operation, .system].flatMap { scope in
                try DataClass.allCases.flatMap { try Self.people(policy, .see, $0, scope, tx) }
            }
        }
        #expect(found.isEmpty)
    }
}
