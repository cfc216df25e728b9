import Kernel
import Storage
import Synchronization
import Web

extension Day: ExpressibleByStringLiteral {
    /// A day in a test, written as people write it: `"2026-03-02"`.
    public init(stringLiteral text: String) {
        guard let day = try? Day(iso: text) else { preconditionFailure("not a day: \(text)") }
        self = day
    }
}

/// The site with a database in memory and a day that does not pass.
public struct TestApp: Sendable {
    public let database: any Database
    public let share: Share
    public let tally = Tally()
    private let shelf: Shelf
    private let site: Site

    /// - Parameter given: what is in the database before the test begins.
    public init(
        _ slices: [Slice], today: Day = "2026-11-24", engine: Engine = .sqlite, share: Share = TestApp.share,
        gate: any Gate = PublicGate(), given: (any Database) async throws -> Void = { _ in }
    ) async throws {
        let database = try await engine.database(.stopped(on: today))
        try await database.migrate(StorageSchema.migrations + slices.flatMap(\.migrations))
        try await given(database)
        try await self.init(slices, on: database, today: today, share: share, gate: gate)
    }

    /// - Parameters:
    ///   - database: as it is, with everything in it that the test needs.
    ///   - clock: nil for one that stands still on this day.
    public init(
        _ slices: [Slice], on database: any Database, today: Day = "2026-11-24", share: Share = TestApp.share,
        gate: any Gate = PublicGate(), rates: Rates? = nil, clock: WallClock? = nil, documents: DocumentDesk? = nil
    ) async throws {
        let clock = clock ?? .stopped(on: today)
        (self.database, self.share) = (database, share)
        shelf = Shelf(slices.flatMap(\.lives))
        try await shelf.prepare(database, share)
        let numbers = Counter()
        let house = House(
            database: database, shelf: shelf, tally: tally, clock: clock, sign: { "signed" + String($0.utf8.count) },
            mint: { "key-\(numbers.next())" }, assets: .none, gate: gate,
            rates: rates, documents: documents)
        site = try Site(slices, house: house) { _, _ in }
    }

    /// The data that ships, found beside this source.
    public static let share = Share(root: root + "/share")

    /// The folder of the package.
    public static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    public func get(_ address: String, cookies: [String: String] = [:]) async throws -> Answer {
        try await shelf.follow(database, share)
        let halves = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let query = halves.count > 1 ? halves[1] : ""
        return await site.answer(Request(method: "GET", path: halves[0], query: query, cookies: cookies))
    }

    /// Sends the form that stands on `page` and posts to `address`, with its hidden values, as a browser would.
    public func post(
        _ address: String, _ fields: [String: String], from page: Answer, cookies: [String: String] = [:]
    ) async throws -> Answer {
        await send(address, fieldsSent(to: address, fields, from: page), cookies: cookies)
    }

    /// These fields, and those that the form on the page hides.
    func fieldsSent(to address: String, _ fields: [String: String], from page: Answer) -> [(String, String)] {
        let form = page.text.components(between: "action=\"\(address)\"", and: "</form>").first ?? ""
        var pairs = fields.map { ($0.key, $0.value) }
        for field in form.components(between: "<input type=\"hidden\" ", and: ">") {
            let name = field.components(between: "name=\"", and: "\"").first ?? ""
            if fields[name] == nil {
                pairs.append((name, field.components(between: "value=\"", and: "\"").first ?? ""))
            }
        }
        return pairs
    }

    /// Posts these fields and nothing else.
    public func send(
        _ address: String, _ pairs: [(String, String)], cookies: [String: String] = [:],
        secFetchSite: String? = "same-origin"
    ) async -> Answer {
        let body = Query(pairs.map { (name: $0.0, value: $0.1) }).text
        return await site.answer(
            Request(
                method: "POST", path: address, contentType: "application/x-www-form-urlencoded",
                secFetchSite: secFetchSite, cookies: cookies, body: Array(body.utf8)))
    }

    /// Sends a request as it is.
    public func send(_ request: Request) async -> Answer { await site.answer(request) }

    /// Sends a request of which the site has the body read, or not.
    public func send(_ head: Request, body: UnreadBody) async -> Answer { await site.answer(head, body: body) }

    /// The kinds of everything in the journal since the database was made, oldest first.
    public func events() async throws -> [String] { Array(try await Journal.kinds(in: database).dropFirst()) }
}

extension Answer {
    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The words of a page, without its markup.
    public var words: String {
        var words = ""
        var isMarkup = false
        for character in text {
            if character == "<" { isMarkup = true }
            if !isMarkup { words.append(character) }
            if character == ">" { isMarkup = false }
        }
        return words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension String {
    /// Every text between these two marks, in order.
    public func components(between start: String, and end: String) -> [String] {
        split(separator: start, omittingEmptySubsequences: false).dropFirst().compactMap { part in
            part.split(separator: end, omittingEmptySubsequences: false).first.map(String.init)
        }
    }
}

/// Counts up; safe from several tasks.

final class Counter: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock { count in
            count += 1
            return count
        }
    }
}
