import Kernel
import Storage
import Synchronization
import TestKit
import Testing

@testable import Web

/// A clock that a test moves.
private final class Hand: Sendable {
    private let held = Mutex(0.0)
    var milliseconds: Double { held.withLock { $0 } }
    func pass(seconds: Double) { held.withLock { $0 += seconds * 1000 } }
}

@Suite struct `How often one may ask` {
    private let hand = Hand()
    private var rates: Rates {
        let hand = hand
        return Rates { hand.milliseconds }
    }

    private func asked(_ rates: Rates, _ pace: Pace, times: Int, session: String = "", client: String = "a") -> Int {
        (0..<times).count { _ in
            rates.ask(pace, session: session, account: "of \(session)", client: client) == nil
        }
    }

    @Test(arguments: Pace.allCases) func `is so many at once, and then one after another`(_ pace: Pace) {
        let (rates, allowance) = (rates, pace.allowance)
        #expect(asked(rates, pace, times: allowance.atOnce + 50) == allowance.atOnce)
        hand.pass(seconds: allowance.each / 1000 * 10)
        #expect(asked(rates, pace, times: 50) == 10)
    }

    @Test func `says how long to wait, and after that lets one pass`() throws {
        let rates = rates
        _ = asked(rates, .records, times: Pace.records.allowance.atOnce)
        let refused = try #require(rates.ask(.records, session: "", account: "", client: "a"))
        #expect(refused == Rates.TooMany(seconds: 1, isFirst: true))
        #expect(rates.ask(.records, session: "", account: "", client: "a")?.isFirst == false)
        hand.pass(seconds: Double(refused.seconds))
        #expect(rates.ask(.records, session: "", account: "", client: "a") == nil)
        #expect(rates.ask(.records, session: "", account: "", client: "a")?.isFirst == false, "it goes on asking")
        hand.pass(seconds: 3600)
        #expect(asked(rates, .records, times: 1000) == Pace.records.allowance.atOnce)
        hand.pass(seconds: 3600)
        _ = asked(rates, .records, times: Pace.records.allowance.atOnce)
        #expect(rates.ask(.records, session: "", account: "", client: "a")?.isFirst == true, "an hour later it is new")
    }

    @Test func `is counted for each session alone, whatever address they share, and for each kind alone`() {
        let rates = rates
        let most = Pace.changes.allowance.atOnce
        #expect(asked(rates, .changes, times: most + 1, session: "Ann") == most)
        #expect(asked(rates, .changes, times: most + 1, session: "Ben") == most)
        #expect(asked(rates, .records, times: 1, session: "Ann") == 1)
        #expect(asked(rates, .strangers, times: 1, client: "a") == 1)
    }

    @Test func `is bounded for a day too, so that records are not carried off slowly, in many sessions`() {
        let rates = rates
        var passed = 0
        // A minute’s allowance, every minute of a working day, in a new session each hour.
        for minute in 0..<600 {
            for _ in 0..<60
            where rates.ask(.records, session: "session \(minute / 60)", account: "Ann", client: "a") == nil {
                passed += 1
            }
            hand.pass(seconds: 60)
        }
        #expect((3000...4300).contains(passed))
    }

    @Test func `never lets more pass than the allowance, however requests are strewn over time`() {
        var numbers = SeededNumbers(seed: 28)
        for _ in 0..<200 {
            let (hand, allowance) = (Hand(), Pace.strangers.allowance)
            let rates = Rates { hand.milliseconds }
            var passed = 0
            for _ in 0..<400 {
                if rates.ask(.strangers, session: "", account: "", client: "a") == nil { passed += 1 }
                let most = Double(allowance.atOnce) + hand.milliseconds / allowance.each + 1
                #expect(Double(passed) <= most)
                hand.pass(seconds: Double(numbers.next() % 1200) / 1000)
            }
        }
    }

    @Test func `is forgotten of those who have all of it again, so that made-up addresses fill nothing`() {
        let rates = rates
        for number in 0..<Rates.most + 10 { _ = rates.ask(.pages, session: "", account: "", client: "\(number)") }
        #expect(rates.count <= Rates.most)
        hand.pass(seconds: 60)
        for number in 0..<Rates.most { _ = rates.ask(.pages, session: "", account: "", client: "b\(number)") }
        #expect(rates.count <= Rates.most)
    }
}

/// The same numbers for the same seed.
private struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 16
    }
}

@Suite struct `Whoever asks too often` {
    private func app() async throws -> TestApp {
        let slices = [`A route that is not for anyone`.wishes]
        let database = try await Engine.sqlite.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + slices.flatMap(\.migrations))
        return try await TestApp(slices, on: database, gate: WishGate(), rates: Rates { 0 })
    }

    @Test func `is told to wait, how long, and that what was sent was not saved`() async throws {
        let app = try await app()
        var last = try await app.get("/")
        for _ in 0..<Pace.pages.allowance.atOnce { last = try await app.get("/") }
        #expect(last.status == 429 && last.header("Retry-After") == "1" && last.cacheControl == "no-store")
        #expect(last.words.contains("Wait 1 second, then load this page again"))
        let ann = [Reply.sessionCookie: "Ann"]
        #expect(try await app.get("/wishes/pony", cookies: ann).status == 200)
        let page = try await app.get("/wishes/pony", cookies: ann)
        var answer = try await app.post("/wishes/pony", [:], from: page, cookies: ann)
        #expect(answer.status == 303)
        for _ in 0..<Pace.changes.allowance.atOnce {
            answer = try await app.post("/wishes/pony", [:], from: page, cookies: ann)
        }
        #expect(answer.status == 429 && answer.words.contains("What you sent was not saved"))
    }

    @Test func `is told the same of what is there and what is not`() async throws {
        let app = try await app()
        let ben = [Reply.sessionCookie: "Ben"]
        for _ in 0..<Pace.records.allowance.atOnce { _ = try await app.get("/wishes/none", cookies: ben) }
        let (hidden, absent) = (
            try await app.get("/wishes/pony", cookies: ben), try await app.get("/wishes/none", cookies: ben)
        )
        #expect(hidden.status == 429 && absent.status == 429 && hidden.words == absent.words)
    }
}
