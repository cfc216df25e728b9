import Foundation
import Linkage

// Measures the live index of the linker: one new or changed record against all that it holds.
//
//     python3 bench/linkage/make_city.py --records 1000000 --out city.csv --truth-out truth.csv
//     .build/release/bench-live city.csv [how many]
//
// Learns a model from the file, loads all of its records but every fiftieth into an index, and then, timing each: puts
// new records that were held back, changes records that are there (another agency’s spelling of a field, or another
// address), asks without putting, and takes out. At the end a few thousand are checked against the batch.

private func tell(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

private func memory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1024
}

private func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try work()
    let passed = start.duration(to: .now).components
    return Double(passed.seconds) + Double(passed.attoseconds) / 1e18
}

private func told(_ what: String, _ times: [Double]) {
    let sorted = times.sorted()
    guard let last = sorted.last else { return }
    let of = { (share: Double) in Int(sorted[Int(Double(sorted.count - 1) * share)] * 1e6) }
    tell(
        "\(what)\t\(times.count)\tmedian \(of(0.5)) µs\tp99 \(of(0.99)) µs\tp99.9 \(of(0.999)) µs\tmost \(Int(last * 1e6)) µs"
    )
}

guard CommandLine.arguments.count > 1 else {
    tell("bench-live FILE.csv [how many]")
    exit(64)
}
let path = CommandLine.arguments[1]
let wanted = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 5_000 : 5_000
let text = try String(contentsOfFile: path, encoding: .utf8)
let lines = text.split(separator: "\n")
let names = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)

private func record(_ line: Substring) -> LiveRecord {
    let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let values = Dictionary(zip(names, cells), uniquingKeysWith: { one, _ in one })
    return LiveRecord(id: values["record_id"] ?? "", source: values["source"] ?? "", values: values)
}

let step = max(2, (lines.count - 1) / max(wanted, 1))
let fresh = lines.dropFirst().enumerated().filter { $0.offset % step == 1 }.map { record($0.element) }
let kept = [lines[0]] + lines.dropFirst().enumerated().filter { $0.offset % step != 1 }.map(\.element)
let file = FileBytes(name: "held", bytes: Array((kept.joined(separator: "\n") + "\n").utf8))
let reading = Reading(id: "record_id", source: "source", ignored: ["cluster"])
var model: Model?
let learning = try seconds { model = try Linker([file], LinkOptions(reading: reading)).model }
guard let model else { exit(1) }
tell("records held\t\(kept.count - 1)\tlearning \(learning) s\tmodel \(model.version)")
let before = memory()
var made: LiveIndex?
let loading = try seconds { made = try LiveIndex(model, files: [file], reading) }
guard let index = made else { exit(1) }
tell("loading\t\(loading) s\t\(index.pairCount) pairs\t\(memory() - before) MiB more, \(memory()) MiB in all")

told("link, a new record", try fresh.map { one in try seconds { _ = try index.link(one) } })
told("put, a new record", try fresh.map { one in try seconds { try index.put(one) } })
var changed = fresh.enumerated().map { number, one in
    var other = one
    if number % 2 == 0 {
        other.values["address_line"] = "\(number % 97 + 1) Nowhere Gardens"
        other.values["postcode"] = fresh[(number + 1) % fresh.count].values["postcode"] ?? ""
    } else {
        other.values["given_name"] = String((one.values["given_name"] ?? "").dropLast())
    }
    return other
}
told("put, a changed record", try changed.map { one in try seconds { try index.put(one) } })
told(
    "explain the first pair",
    try changed.compactMap { one in
        guard let pair = try index.pairs(of: one.id).first else { return nil }
        return try seconds { _ = try index.explain(pair.one, pair.other) }
    })
told("take out", changed.map { one in seconds { index.remove(one.id) } })
for one in fresh { try index.put(one) }
let batch = try Linker(
    [FileBytes(name: "all", bytes: Array(text.utf8))], LinkOptions(reading: reading), using: model)
let same = index.clusters() == batch.clusters
tell("clusters after all of it are those of the batch: \(same)\t\(memory()) MiB in all")
exit(same ? 0 : 1)
