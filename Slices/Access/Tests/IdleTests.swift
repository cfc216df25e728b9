import Access
@testable import AccessServer
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `A session that nobody uses` {
    private let now = WallClock.stopped(on: "2026-11-24").now()

    @Test func `ends after half an hour for an office or a profession, after an hour for a family (INF-5)`() {
        for role in Role.allCases {
            let minutes = SessionLimits.idleMinutes([role.rawValue])
            #expect(minutes == ([.family, .youngPerson].contains(role) ? 60 : 30), "\(role)")
        }
        #expect(SessionLimits.idleMinutes(["family", "senco"]) == 30, "a mother who teaches")
        #expect(SessionLimits.idleMinutes(["family", "something-new"]) == 30)
        #expect(SessionLimits.idleMinutes([]) == 60)
    }

    @Test func `holds to the last moment and not longer, and no more than twelve hours`() {
        func holds(_ seconds: Int, _ role: Role, ends: Int = 12 * 3600) -> Bool {
            SessionLimits.holds(
                seen: now, ends: now.adding(milliseconds: ends * 1000), roles: [role.rawValue],
                at: now.adding(milliseconds: seconds * 1000))
        }
        #expect(holds(1799, .senco) && !holds(1800, .senco))
        #expect(holds(3599, .family) && !holds(3600, .family))
        #expect(!holds(60, .family, ends: 60))
    }

    @Test(arguments: Engine.allCases)
    func `is refused at the gate and not listed any more`(engine: Engine) async throws {
        let database = try await engine.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + access.migrations)
        let seen = now.adding(milliseconds: -45 * 60_000)
        let tokens = try await database.write(for: .operation) { tx in
            try [("nadia", Role.family), ("helen", .senco)].map { id, role in
                try AccountStore.keep(id, login: id, name: id, in: tx)
                try AccessStore.grant(role, to: id, in: tx)
                let token = try SessionStore.begin(.whole, for: id, device: "a test", replacing: nil, in: tx)
                try tx.run("UPDATE session SET seen = \(seen)")
                return token
            }
        }
        let app = try await TestApp([access], on: database, gate: AccessGate(database, policy: shippedPolicy()))
        let answers = try await (
            app.get("/account", cookies: [Reply.sessionCookie: tokens[0]]).status,
            app.get("/account", cookies: [Reply.sessionCookie: tokens[1]]).status
        )
        #expect(answers == (200, 303))
        let listed = try await database.read { [now] in try SessionStore.sessions(of: "helen", at: now, in: $0).count }
        #expect(listed == 0)
    }
}
