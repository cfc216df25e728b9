import Cryptography
import Kernel
import Linkage
import SingleView
import Storage
import Web

/// The models by which records are linked, by version, and which was in use when.
struct ModelStore {
    let tx: any Transaction

    /// Where a model comes from.
    enum Origin: String, Storable, Sendable {
        /// It ships with the program, learnt from an invented city.
        case shipped
        /// It was learnt from the records of this city.
        case learnt
    }

    /// A model without what stands in it.
    struct Kept: Hashable, Sendable {
        let version: String
        let origin: Origin
        /// How many records it was learnt from; 0 where that is not known.
        let records: Int
        let made: Instant
        let compared: ModelComparison?
    }

    /// A time in which a model was in use.
    struct Use: Hashable, Sendable {
        let version: String
        let since: Instant
        let who: String
        let reason: String
    }

    static let migration = Migration(
        "2026-11-29 models of linking",
        """
        CREATE TABLE link_model (
            version  TEXT PRIMARY KEY,
            file     TEXT NOT NULL,
            origin   TEXT NOT NULL CHECK (origin IN ('shipped', 'learnt')),
            records  BIGINT NOT NULL,
            made     TEXT NOT NULL,
            compared TEXT NOT NULL
        )
        """,
        // Which was taken up when, by whom and why; the newest is in use.
        """
        CREATE TABLE model_use (
            number  BIGINT PRIMARY KEY,
            version TEXT NOT NULL REFERENCES link_model (version),
            since   TEXT NOT NULL,
            who     TEXT NOT NULL CHECK (who <> ''),
            reason  TEXT NOT NULL
        )
        """,
        "CREATE INDEX held_record_delivery ON held_record (delivery)")

    /// The version in use; nil before the first linking.
    func versionInUse() throws -> String? {
        try tx.row("SELECT version FROM model_use ORDER BY number DESC LIMIT 1").map { try $0.get("version") }
    }

    func file(of version: String) throws -> [UInt8]? {
        try tx.row("SELECT file FROM link_model WHERE version = \(version)").map {
            Array(try $0.get("file", as: String.self).utf8)
        }
    }

    /// All models, the newest first.
    func all() throws -> [Kept] {
        try tx.rows("SELECT version, origin, records, made, compared FROM link_model ORDER BY made DESC, version").map {
            Kept(
                version: try $0.get("version"), origin: try $0.get("origin"), records: try $0.get("records"),
                made: try $0.get("made"), compared: ModelComparison(try $0.get("compared")))
        }
    }

    /// The times of use, the newest first.
    func uses() throws -> [Use] {
        try tx.rows("SELECT version, since, who, reason FROM model_use ORDER BY number DESC").map {
            Use(
                version: try $0.get("version"), since: try $0.get("since"), who: try $0.get("who"),
                reason: try $0.get("reason"))
        }
    }

    static func keep(
        _ model: Model, _ origin: Origin, records: Int, compared: ModelComparison?, in tx: any WriteTransaction
    ) throws {
        let file = String(decoding: try model.bytes, as: UTF8.self)
        try tx.run(
            """
            INSERT INTO link_model (version, file, origin, records, made, compared)
            VALUES (\(model.version), \(file), \(origin), \(records), \(tx.now), \(compared?.text ?? ""))
            ON CONFLICT (version) DO UPDATE SET compared = excluded.compared
            """)
        tx.record(Event(SingleViewEvents.modelKept, subject: model.version, detail: "origin=\(origin.rawValue)"))
    }

    /// Takes a model up: from now on new records are linked by it, and doubts are weighed anew.
    ///
    /// - Returns: false where there is no such model, or it is in use already.
    @discardableResult
    static func use(_ version: String, by who: String, reason: String, in tx: any WriteTransaction) throws -> Bool {
        let store = ModelStore(tx: tx)
        guard try store.file(of: version) != nil, try store.versionInUse() != version else { return false }
        let last: Int = try tx.row("SELECT COALESCE(MAX(number), 0) AS last FROM model_use")?.get("last") ?? 0
        try tx.run(
            """
            INSERT INTO model_use (number, version, since, who, reason)
            VALUES (\(last + 1), \(version), \(tx.now), \(who), \(reason))
            """)
        tx.record(Event(SingleViewEvents.modelUsed, subject: version))
        return true
    }

    /// The model in use. The first time, that is the one that ships.
    ///
    /// - Throws: a fault of the database or of the shipped file.
    static func inUse(_ database: any Database, _ share: Share) async throws -> Model {
        let held = try await database.read { tx in
            let store = ModelStore(tx: tx)
            return try store.versionInUse().flatMap { try store.file(of: $0) }
        }
        if let held { return try Model(held) }
        let shipped = try Model(share.bytes("linkage/model.json"))
        try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            try keep(shipped, .shipped, records: 0, compared: nil, in: tx)
            try use(shipped.version, by: "system", reason: "The model that ships", in: tx)
        }
        return shipped
    }
}

/// What would be otherwise if a model were taken up in place of another, in figures that name nobody.
struct ModelComparison: Hashable, Sendable {
    let from: String
    let records, joined, parted, clusters, changed: Int

    init(_ change: ModelChange) {
        from = change.from
        (records, joined, parted) = (change.records, change.joined, change.parted)
        (clusters, changed) = (change.clustersAfter, change.clustersChanged)
    }

    init?(_ text: String) {
        let cells = Dictionary(Cells.read(text).map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
        func number(_ name: String) -> Int? { cells[name].flatMap { Digits.number($0) } }
        guard let from = cells["from"], let records = number("records"), let joined = number("joined"),
            let parted = number("parted"), let clusters = number("clusters"), let changed = number("changed")
        else { return nil }
        (self.from, self.records, self.joined, self.parted) = (from, records, joined, parted)
        (self.clusters, self.changed) = (clusters, changed)
    }

    var text: String {
        Cells.text([
            ("from", from), ("records", String(records)), ("joined", String(joined)), ("parted", String(parted)),
            ("clusters", String(clusters)), ("changed", String(changed)),
        ])
    }
}
