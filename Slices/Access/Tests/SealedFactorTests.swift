@testable import AccessServer
import Credentials
import Cryptography
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `The secret of an authenticator app` {
    private static let now = WallClock.stopped(on: "2026-11-24").now()
    private static let key = Sealer(key: Array(repeating: 7, count: 32))
    private static let secret = TOTP.secret()

    /// Somebody half way through signing in, whose secret lies in the database like this.
    private func signing(in kept: String, of account: String = "nadia") async throws -> (SigningIn, Session) {
        let database = try await Engine.sqlite.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + access.migrations)
        let token = try await database.write(for: .operation) { tx in
            try AccountStore.keep(account, login: account, name: account, in: tx)
            try AccountStore.addFactor(.totp, secret: kept, to: account, in: tx)
            return try SessionStore.begin(.password, for: account, device: "a test", replacing: nil, in: tx)
        }
        let steps = SigningIn(database: database, now: Self.now, client: "here", device: "a test")
        return (steps, try #require(try await steps.pending(token)))
    }

    private func held(_ steps: SigningIn, of account: String = "nadia") async throws -> String {
        try await steps.database.read { try AccountStore.factors(of: account, in: $0).first?.secret ?? "" }
    }

    private var code: String { TOTP(secret: Self.secret)?.code(at: Self.now) ?? "" }

    @Test func `that is sealed lets its owner in, and nobody without the key (INF-5)`() async throws {
        let sealed = try #require(Self.key).seal(Base32.text(Self.secret), for: "nadia")
        let (steps, pending) = try await signing(in: sealed)
        #expect(try await steps.code(code, in: pending) == nil, "there is no key")
        #expect(try await steps.code(code, in: pending, Sealer(key: Array(repeating: 8, count: 32))) == nil)
        #expect(try await steps.code(code, in: pending, Self.key) != nil)
        #expect(try await held(steps) == sealed)
    }

    @Test func `that was moved to another account lets nobody in`() async throws {
        let sealed = try #require(Self.key).seal(Base32.text(Self.secret), for: "imran")
        let (steps, pending) = try await signing(in: sealed)
        #expect(try await steps.code(code, in: pending, Self.key) == nil)
    }

    @Test func `that lay readable is sealed when it is used next`() async throws {
        let (steps, pending) = try await signing(in: Base32.text(Self.secret))
        #expect(try await steps.code("000000", in: pending, Self.key) == nil)
        #expect(try await !Sealer.isSealed(held(steps)))
        #expect(try await steps.code(code, in: pending, Self.key) != nil)
        let kept = try await held(steps)
        #expect(Self.key?.open(kept, for: "nadia") == Base32.text(Self.secret))
    }

    @Test func `is sealed from the first where there is a key`() async throws {
        let database = try await Engine.sqlite.database(.stopped(on: "2026-11-24"))
        let slice = accessSlice(Doors(sealer: Self.key))
        try await database.migrate(StorageSchema.migrations + slice.migrations)
        let paper = try #require(PrintedCodes.mint(1).first)
        try await database.write(for: .operation) { tx in
            try AccountStore.keep("nadia", login: "nadia", name: "Nadia", in: tx)
            try AccountStore.invite("nadia", code: PrintedCodes.hash(paper) ?? "", in: tx)
        }
        let app = try await TestApp([slice], on: database, gate: AccessGate(database, policy: shippedPolicy()))
        let words = "seven green umbrellas"
        let joined = try await app.post(
            "/join", ["code": paper, "password": words, "again": words], from: app.get("/join"))
        #expect(joined.status == 200)
        let kept = try await database.read { tx in
            try AccountStore.factors(of: "nadia", in: tx).first { $0.kind == .totp }?.secret ?? ""
        }
        #expect(Sealer.isSealed(kept) && joined.text.contains(Self.key?.open(kept, for: "nadia") ?? "nothing"))
        let cookies = [
            Reply.sessionCookie: joined.header("Set-Cookie")?.components(between: "=", and: ";").first ?? ""
        ]
        let page = try await app.get("/account/app", cookies: cookies)
        let shown = page.text.components(between: "name=\"secret\" value=\"", and: "\"").first ?? ""
        let new = try #require(Base32.bytes(shown).flatMap { TOTP(secret: $0) })
        _ = try await app.post("/account/app", ["code": new.code(at: Self.now)], from: page, cookies: cookies)
        let later = try await database.read { tx in
            try AccountStore.factors(of: "nadia", in: tx).first { $0.kind == .totp }?.secret ?? ""
        }
        #expect(Self.key?.open(later, for: "nadia") == shown)
    }
}
