import Kernel
import Linkage
import SingleView
import Storage

/// The records of the city as the engine holds them: made once, then kept up with the journal, so that one record is
/// compared with all others in about a millisecond.
///
/// It never holds a record of a sealed set, nor one of a person who began anew.
actor LinkIndex {
    /// What linking has still to look at.
    enum Change: Sendable {
        /// It was made anew: everything may be otherwise.
        case all
        case some(Set<Int>)
    }

    private let share: Share
    private var live: LiveIndex?
    private var head = 0
    private var digests: [Int: String] = [:]
    private var pending = Change.some([])

    /// Events after which it is looked up anew which records may be linked; of an extract only what it brought.
    private static let whole: Set<String> = [SingleViewEvents.ownRecords, SealingEvents.sealed, SealingEvents.unsealed]
    private static let parts: Set<String> = [SingleViewEvents.taken, SingleViewEvents.noticed]

    /// What is compared, and how the records are read.
    static let reading = Reading(
        id: "id", source: "source",
        kinds: Dictionary(uniqueKeysWithValues: Linking.columns.map { ($0.name, $0.kind) }))

    /// - Parameter share: has the model that ships.
    init(_ share: Share) { self.share = share }

    /// What is otherwise since linking last asked; from now on it counts as looked at.
    func takePending() -> Change {
        defer { pending = .some([]) }
        return pending
    }

    /// Puts back what was to be looked at, where that failed.
    func putBack(_ change: Change) {
        switch (change, pending) {
        case (.some(let numbers), .some(let more)): pending = .some(numbers.union(more))
        default: pending = .all
        }
    }

    /// The index, brought up to the database as it stands, by the model in use.
    ///
    /// While one caller waits for the database another may come in: what both find is put twice, which is putting it
    /// once, and whoever finds that the index was made anew meanwhile notes nothing of the old one.
    func follow(_ database: any Database) async throws -> LiveIndex {
        let (now, version) = try await database.read { tx in
            (try Journal.head(in: tx)?.seq ?? 0, try ModelStore(tx: tx).versionInUse())
        }
        guard let live, live.version == version, now >= head else {
            return try await make(database, ModelStore.inUse(database, share))
        }
        if now == head { return live }
        let since = head
        let (events, reached) = try await database.read { tx in
            let events = try Journal.entries(of: Self.whole.union(Self.parts).sorted(), after: since, in: tx)
            return (events, try Journal.head(in: tx)?.seq ?? since)
        }
        let isWhole = events.contains { Self.whole.contains($0.kind) }
        let changed =
            isWhole
            ? try await compareAll(live, database) : try await take(events.map(\.subject), into: live, database)
        if self.live === live {
            putBack(.some(changed))
            head = max(head, reached)
        }
        return live
    }

    private func make(_ database: any Database, _ model: Model) async throws -> LiveIndex {
        let (bytes, digests, reached) = try await Self.records(of: database)
        let file = FileBytes(name: "records", bytes: bytes)
        let made = try digests.isEmpty ? LiveIndex(model) : LiveIndex(model, files: [file], Self.reading)
        (live, self.digests, head, pending) = (made, digests, reached, .all)
        return made
    }

    /// Looks at every record: which are new, which are otherwise, which may no longer be linked.
    private func compareAll(_ live: LiveIndex, _ database: any Database) async throws -> Set<Int> {
        let now = try await database.read { try LinkStore(tx: $0, scope: .system).digests() }
        for number in digests.keys where now[number] == nil {
            live.remove(String(number))
            if self.live === live { digests[number] = nil }
        }
        return try await put(now.filter { digests[$0.key] != $0.value }.map(\.key), into: live, database)
    }

    private func take(_ deliveries: [String], into live: LiveIndex, _ database: any Database) async throws -> Set<Int> {
        let deliveries = Array(Set(deliveries))
        let now = try await database.read { try LinkStore(tx: $0, scope: .system).digests(of: deliveries) }
        return try await put(now.filter { digests[$0.key] != $0.value }.map(\.key), into: live, database)
    }

    private func put(_ numbers: [Int], into live: LiveIndex, _ database: any Database) async throws -> Set<Int> {
        let numbers = numbers.sorted()
        for start in stride(from: 0, to: numbers.count, by: 500) {
            let some = Array(numbers[start..<min(start + 500, numbers.count)])
            for record in try await database.read({ try LinkStore(tx: $0, scope: .system).linkable(some) }) {
                try live.put(LiveRecord(id: String(record.number), source: record.source, values: record.cells))
                if self.live === live { digests[record.number] = record.digest }
            }
        }
        return Set(numbers)
    }

    // MARK: - The records as a file

    /// Every record that may be linked, as a file, with the digest of each, and how far the journal was then.
    static func records(of database: any Database) async throws -> (bytes: [UInt8], digests: [Int: String], head: Int) {
        try await database.read { tx in
            var bytes = header
            var digests: [Int: String] = [:]
            try LinkStore(tx: tx, scope: .system).each { record in
                write(record, to: &bytes)
                digests[record.number] = record.digest
            }
            return (bytes, digests, try Journal.head(in: tx)?.seq ?? 0)
        }
    }

    private static let header = Array(("id,source," + Linking.columns.map(\.name).joined(separator: ",") + "\n").utf8)

    private static func write(_ record: LinkStore.Linkable, to bytes: inout [UInt8]) {
        bytes += Array("\(record.number),\(record.source)".utf8)
        for (name, _) in Linking.columns {
            bytes.append(44)
            if let value = record.cells[name] { bytes += quoted(value) }
        }
        bytes.append(10)
    }

    private static func quoted(_ value: String) -> [UInt8] {
        guard value.utf8.contains(where: { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 }) else {
            return Array(value.utf8)
        }
        return [34] + value.utf8.flatMap { $0 == 34 ? [34, 34] : [$0] } + [34]
    }
}
