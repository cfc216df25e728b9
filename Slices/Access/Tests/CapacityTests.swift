import Access
@testable import AccessServer
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `A decision that a young person lacks capacity` {
    private func database(_ engine: Engine) async throws -> any Database {
        let database = try await engine.database(.stopped(on: "2027-07-01"))
        try await database.migrate(StorageSchema.migrations + access.migrations)
        try await database.write(for: .operation) { tx in
            try AccessStore.keep(subject: "kieran", born: "2010-09-12", in: tx)
            try AccessStore.relate("maureen", to: "kieran", as: .parent, evidence: "made up", in: tx)
        }
        return database
    }

    private func record(
        _ database: any Database, review: Day = "2028-01-01", evidence: String = "assessment of 2 May 2027"
    ) async throws {
        try await database.write(for: .operation) { tx in
            try AccessStore.recordLackOfCapacity(
                of: "kieran", for: .health, acting: "maureen", decider: "Dr Siddiqui", evidence: evidence,
                review: review, in: tx)
        }
    }

    private func seen(_ database: any Database, by account: String = "maureen", on day: Day) async throws
        -> Set<DataClass>
    {
        let policy = try shippedPolicy()
        let now = WallClock.stopped(on: day).now()
        return try await database.read { tx in
            let facts = try AccessStore.facts(of: account, roles: ["family"], about: "kieran", at: now, in: tx)
            return Set(policy.decide(.see, facts).permitted.keys)
        }
    }

    @Test(arguments: Engine.allCases)
    func `lets whoever is named act in that matter until its day of review, or until it is ended (PER-9)`(
        engine: Engine
    ) async throws {
        let database = try await database(engine)
        #expect(try await seen(database, on: "2027-07-01").isEmpty)
        for _ in 0..<2 { try await record(database) }
        #expect(try await seen(database, on: "2027-07-01") == [.identity, .health])
        #expect(try await seen(database, on: "2028-01-01") == [.identity, .health])
        #expect(try await seen(database, on: "2028-01-02").isEmpty)
        #expect(try await seen(database, by: "somebody-else", on: "2027-07-01").isEmpty)
        let held = try await database.read { try AccessStore.capacityDecisions(on: "kieran", in: $0) }
        #expect(held.count == 1 && held.first?.decider == "Dr Siddiqui" && held.first?.evidence.isEmpty == false)
        try await database.write(for: .operation) { tx in for one in held { try AccessStore.end(one, in: tx) } }
        #expect(try await seen(database, on: "2027-07-01").isEmpty)
        let kinds = try await Journal.kinds(in: database)
        #expect(kinds.filter { $0 == "capacity.lack-recorded" }.count == 1)
        #expect(kinds.last == "capacity.decision-ended")
    }

    @Test(arguments: Engine.allCases)
    func `is not taken without evidence, nor with a review that is past or more than a year away`(
        engine: Engine
    ) async throws {
        let database = try await database(engine)
        await #expect(throws: StorageFault.self) { try await record(database, evidence: "") }
        for review in ["2027-06-30", "2028-07-03"] as [Day] {
            await #expect(throws: Malformed.self) { try await record(database, review: review) }
        }
        #expect(try await database.read { try AccessStore.capacityDecisions(on: "kieran", in: $0) }.isEmpty)
    }
}
