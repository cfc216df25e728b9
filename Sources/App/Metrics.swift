import Console
import Foundation
import Kernel
import Operations
import Storage
import Synchronization
import Web

/// What requests there were, counted by the route’s pattern: never by an address with a value in it.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let route, method, status: String
    }
    private struct Held {
        var counts: [Key: Int] = [:]
        /// How many requests of a route took at most so long, for each of the bounds.
        var buckets: [String: [Int]] = [:]
        var seconds: [String: Double] = [:]
    }
    private let held = Mutex(Held())

    /// Upper bounds of the histogram, in seconds.
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

    /// - Parameter route: the pattern of the route, or `none`.
    func note(route: String, method: String, status: Int, seconds: Double) {
        // The methods that routes know; others are one, so that nobody outside makes up series.
        let method = ["GET", "HEAD", "POST"].contains(method) ? method : "other"
        held.withLock { held in
            held.counts[Key(route: route, method: method, status: "\(status / 100)xx"), default: 0] += 1
            var buckets = held.buckets[route] ?? Array(repeating: 0, count: Self.bounds.count + 1)
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound { buckets[index] += 1 }
            buckets[Self.bounds.count] += 1
            held.buckets[route] = buckets
            held.seconds[route, default: 0] += seconds
        }
    }

    /// In the text form of Prometheus, version 0.0.4.
    var text: String {
        let held = held.withLock { $0 }
        var text = MetricText()
        text.begin("continuum_requests_total", "counter", "Requests answered.")
        for (key, count) in held.counts.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            text.add(count, [("route", key.route), ("method", key.method), ("status", key.status)])
        }
        text.begin("continuum_request_seconds", "histogram", "How long requests took.")
        for (route, buckets) in held.buckets.sorted(by: { $0.key < $1.key }) {
            let bounds = Self.bounds.map { "\($0)" } + ["+Inf"]
            for (bound, count) in zip(bounds, buckets) {
                text.add(count, [("route", route), ("le", bound)], suffix: "_bucket")
            }
            text.add(held.seconds[route] ?? 0, [("route", route)], suffix: "_sum")
            text.add(buckets.last ?? 0, [("route", route)], suffix: "_count")
        }
        return text.text
    }
}

/// Writes figures in the text form of Prometheus: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
struct MetricText {
    private(set) var text = ""
    private var name = ""

    mutating func begin(_ name: String, _ kind: String, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    mutating func add(_ value: some CustomStringConvertible, _ labels: [(String, String)] = [], suffix: String = "") {
        let shown = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        text += "\(name)\(suffix)\(shown.isEmpty ? "" : "{\(shown)}") \(value)\n"
    }

    /// A gauge of one value; nothing where there is none.
    mutating func gauge(_ name: String, _ help: String, _ value: (some CustomStringConvertible)?) {
        guard let value else { return }
        begin(name, "gauge", help)
        add(value)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// `/metrics`: for whatever watches the server on its own computer.
struct MetricsPage: Sendable {
    let database: any Database
    let folder: String
    let checkpoints: String
    let requests: RequestMetrics

    var slice: Slice {
        Slice(
            "Metrics", migrations: [],
            routes: [
                .get("/metrics", may: .anyone) { visit in
                    guard visit.isOnLoopback else { return .notFound }
                    return .text(try await text(now: visit.now), type: "text/plain; version=0.0.4; charset=utf-8")
                }.uncounted
            ])
    }

    private func text(now: Instant) async throws -> String {
        let standing = try await Standing(database, folder: folder, now: now)
        var text = MetricText()
        text.gauge("continuum_journal_entries", "The number of the newest entry.", standing.head)
        text.gauge("continuum_messages_waiting", "Messages to be sent.", standing.letters.waiting)
        text.gauge("continuum_messages_dead", "Messages given up.", standing.letters.dead)
        text.gauge("continuum_jobs_failing", "Work that fails again and again.", standing.failing)
        text.gauge("continuum_jobs_late", "Work that was due more than five minutes ago.", standing.late)
        text.gauge("continuum_work_age_seconds", "Since something looked for work.", standing.age(standing.look))
        text.gauge(
            "continuum_drill_age_seconds", "Since a backup was restored for proof.", standing.age(standing.drill))
        text.gauge("continuum_disk_free_bytes", "Room on the disk of the data folder.", standing.room)
        text.gauge("continuum_checkpoint_age_seconds", "Since the journal’s head was signed.", checkpointAge(now))
        text.gauge("process_resident_memory_bytes", "Memory that the server holds.", Self.memory)
        return requests.text + text.text
    }

    private func checkpointAge(_ now: Instant) -> Int? {
        FileFacts(checkpoints).map { (now.milliseconds - $0.changed) / 1000 }
    }

    /// By `/proc/self/statm`, whose second figure is in pages.
    private static var memory: Int? {
        guard let file = FileManager.default.contents(atPath: "/proc/self/statm") else { return nil }
        let figures = String(decoding: file, as: UTF8.self).split(separator: " ")
        return figures.count > 1 ? Digits.number(figures[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
    }
}
