import Foundation
import Kernel
import Storage

/// Measures what durability costs: bench-durable FOLDER [postgres://…]. See bench/RESULTS.md.

let clock = WallClock { Instant(milliseconds: Int(Date.now.timeIntervalSince1970 * 1000)) }

func seconds(_ body: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await body()
    return (ContinuousClock.now - start) / .seconds(1)
}

/// Audited writes, one row and one journal entry each, by so many clients at once, for so long.
func writes(_ database: any Database, clients: Int, for limit: Double) async throws {
    let start = ContinuousClock.now
    let times = await withTaskGroup(of: [Double].self) { group in
        for client in 0..<clients {
            group.addTask {
                var mine: [Double] = []
                while (ContinuousClock.now - start) / .seconds(1) < limit {
                    let begun = ContinuousClock.now
                    let key = "\(client)-\(mine.count)-\(UInt64.random(in: 0...UInt64.max))"
                    do {
                        try await database.write(for: .operation) { tx in
                            try tx.run("INSERT INTO receipt (key, at, answer) VALUES (\(key), \(tx.now), 'x')")
                            tx.record(Event("bench.written", subject: key))
                        }
                    } catch { FileHandle.standardError.write(Data("\(error)\n".utf8)) }
                    mine.append((ContinuousClock.now - begun) / .milliseconds(1))
                }
                return mine
            }
        }
        return await group.reduce(into: []) { $0 += $1 }.sorted()
    }
    let rate = Double(times.count) / ((ContinuousClock.now - start) / .seconds(1))
    let p50 = times[times.count / 2]
    let p99 = times[times.count * 99 / 100]
    print(
        "\(database.engine)\twrites, \(clients) clients\t\(Int(rate))/s\tp50 \(p50.rounded(to: 2)) ms\t"
            + "p99 \(p99.rounded(to: 2)) ms")
}

/// Reads that are journalled first, beside the same reads that are not.
func looks(_ database: any Database) async throws {
    func median(_ body: () async throws -> Void) async rethrows -> Double {
        var times: [Double] = []
        for _ in 0..<500 { times.append(try await seconds(body) * 1000) }
        return times.sorted()[250]
    }
    let plain = try await median { _ = try await database.read { try $0.row("SELECT key FROM receipt LIMIT 1") } }
    let looked = try await median {
        _ = try await database.look(for: .operation) { tx in
            (try tx.row("SELECT key FROM receipt LIMIT 1"), [Event("record.seen", subject: "p1")])
        }
    }
    print(
        "\(database.engine)\ta read, p50\t\(plain.rounded(to: 3)) ms\tjournalled \(looked.rounded(to: 3)) ms\t"
            + "more \((looked - plain).rounded(to: 3)) ms")
}

func verification(_ database: any Database, entries: Int) async throws {
    for _ in 0..<(entries / 500) {
        try await database.write(for: .operation) { tx in
            for number in 0..<500 {
                tx.record(Event("record.seen", subject: "person-\(number)", detail: "class=health"))
            }
        }
    }
    var count = 0
    let time = try await seconds { count = try await Journal.verify(database).entries }
    print("\(database.engine)\tverification\t\(count) entries\t\(Int(Double(count) / time))/s")
}

extension Double {
    func rounded(to places: Int) -> Double {
        let scale = places == 2 ? 100.0 : 1000.0
        return (self * scale).rounded() / scale
    }
}

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
    print("bench-durable FOLDER [postgres://…]")
    exit(64)
}
var databases: [any Database] = [try SQLite(path: arguments[1] + "/bench.sqlite", clock: clock)]
if arguments.count > 2 { databases.append(try await Postgres(address: arguments[2], clock: clock)) }
for database in databases {
    try await database.migrate(StorageSchema.migrations)
    for clients in [1, 8, 64] { try await writes(database, clients: clients, for: 8) }
    try await looks(database)
    try await verification(database, entries: 300_000)
}
