import Kernel
import Offer
import Storage

/// What an import did, row by row counted.
public struct ImportReport: Sendable {
    public var added = 0
    public var changed = 0
    public var unchanged = 0
    /// Gone from the file: kept, and marked closed.
    public var removed = 0
    /// Gone from the file, but left open: a row could not be read, and may be theirs.
    public var withheld = 0
    public var refusals: [Refusal] = []

    public init() {}
}

/// Some rows were refused and the import was asked to be strict: nothing was changed.
public struct StrictRefusal: Error {
    public let report: ImportReport
}

/// Why a file that can be read is still refused.
public enum ImportFault: SaidPlainly, Hashable {
    case noRows
    case wouldClose(Int, of: Int)

    public var description: String {
        switch self {
        case .noRows: "The file names its columns and has no rows. Nothing was changed."
        case .wouldClose(let gone, let all):
            "\(gone) of the \(all) entries held are not in this file, and would be marked closed. That is more than a "
                + "year’s changes: is the file whole? Nothing was changed. If it is right, give --allow-closures."
        }
    }
}

/// Takes files into the offer. Each import is one transaction: all that can be read goes in, or nothing does.
public struct Importer: Sendable {
    let database: any Database
    let share: Share
    let today: Day
    /// Refuse the file where any row is refused.
    let isStrict: Bool
    /// Let a file close more than one entry in twenty.
    let mayCloseMany: Bool
    /// Told how far it has come.
    let progress: @Sendable (String, Int, Int) -> Void

    public init(
        _ database: any Database, share: Share, today: Day, isStrict: Bool = false, mayCloseMany: Bool = false,
        progress: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in }
    ) {
        (self.database, self.share, self.today) = (database, share, today)
        (self.isStrict, self.mayCloseMany, self.progress) = (isStrict, mayCloseMany, progress)
    }

    /// The schools of the register. One that is gone from the file is marked closed, with its successor where the
    /// links name one; it is never deleted. A refused row leaves its school as it was; one that does not say which
    /// school it is leaves every school open.
    ///
    /// - Throws: `TableFault` or `ImportFault` where the file is refused whole; `StrictRefusal`; a fault of the
    ///   database.
    public func schools(_ bytes: [UInt8]) async throws -> ImportReport {
        let reading = try SchoolFile.read(bytes)
        let known = reading.refusals.compactMap { refusal in refusal.subject.flatMap { try? URN($0) } }
        let isSure = known.count == reading.refusals.count && !reading.refusals.contains(where: \.isLong)
        let gone = Gone(
            spared: Set(known.map { "school-\($0)" }), on: today, isSure: isSure, mayBeMany: mayCloseMany)
        return try await write(reading) { [share] tx, report in
            try tx.replaceSchools(reading.items, gone, &report, progress)
            try tx.followStrategy(share)
        }
    }

    /// All establishments with their status.
    ///
    /// - Throws: as `schools`.
    public func schoolStatus(_ bytes: [UInt8]) async throws -> ImportReport {
        let reading = try StatusFile.read(bytes)
        return try await write(reading) { [share] tx, report in
            let held = try RegisterStore(tx: tx, scope: .operation).establishments()
            try tx.merge(reading.items, over: held, by: \.urn, "Statuses", &report, progress) { try tx.save($0) }
            try tx.followStrategy(share)
        }
    }

    /// Predecessors and successors. Schools marked closed before are given the successor that is now known.
    ///
    /// - Throws: as `schools`.
    public func schoolLinks(_ bytes: [UInt8]) async throws -> ImportReport {
        let reading = try LinkFile.read(bytes)
        return try await write(reading) { [share] tx, report in
            let held = try RegisterStore(tx: tx, scope: .operation).links()
            let key: (SchoolLink) -> String = { "\($0.urn) \($0.other) \($0.kind)" }
            try tx.merge(reading.items, over: held, by: key, "Links", &report, progress) { try tx.save($0) }
            try tx.nameSuccessors()
            try tx.followStrategy(share)
        }
    }

    /// Postcodes with their places. Those not in the file stay: a city’s postcodes come in several files.
    ///
    /// - Throws: as `schools`.
    public func postcodes(_ bytes: [UInt8]) async throws -> ImportReport {
        let reading = try PostcodeFile.read(bytes)
        return try await write(reading) { tx, report in
            let held = try PlaceStore(tx: tx, scope: .operation).postcodes()
            try tx.merge(reading.items, over: held, by: \.postcode, "Postcodes", &report, progress) { try tx.save($0) }
            if report.added + report.changed > 0 { tx.record(Event(OfferEvents.placesChanged, subject: "postcodes")) }
        }
    }

    /// Wards, from GeoJSON with their boundaries or from a table of codes and names. A table changes names only.
    ///
    /// - Throws: as `schools`; `Malformed` where the GeoJSON is none.
    public func areas(_ bytes: [UInt8]) async throws -> ImportReport {
        let isJSON = bytes.first { $0 > 32 && $0 < 127 } == 123
        let reading = try isJSON ? WardGeoJSON.read(bytes) : AreaFile.read(bytes)
        return try await write(reading) { tx, report in
            let held = try PlaceStore(tx: tx, scope: .operation).wardAreas()
            let known = Dictionary(uniqueKeysWithValues: held.map { ($0.code, $0) })
            let wards = reading.items.map { ward in
                guard ward.rings.isEmpty, let earlier = known[ward.code] else { return ward }
                return WardArea(code: ward.code, name: ward.name, point: earlier.point, rings: earlier.rings)
            }
            try tx.merge(wards, over: held, by: \.code, "Wards", &report, progress) { try tx.save($0) }
            if report.added + report.changed > 0 { tx.record(Event(OfferEvents.placesChanged, subject: "wards")) }
        }
    }

    /// The resource bases and fully accessible schools that the strategy of 2012 lists, followed to today’s register.
    ///
    /// - Throws: as `schools`.
    public func listedIn2012(_ bytes: [UInt8]) async throws -> ImportReport {
        let reading = try ListedIn2012.read(bytes)
        return try await write(reading) { tx, report in
            // Kept as it came, so that later imports of the register follow this list and no other.
            try Settings.set(ListedIn2012.setting, to: String(decoding: bytes, as: UTF8.self), in: tx)
            try tx.follow(reading, &report)
        }
    }

    /// Localities and areas as groups of wards: the file says all there are.
    ///
    /// - Throws: as `schools`.
    public func wardGroups(_ bytes: [UInt8]) async throws -> ImportReport {
        let reading = try WardGroupFile.read(bytes)
        return try await write(reading) { tx, report in
            let known = Set(try PlaceStore(tx: tx, scope: .operation).wardNames().keys)
            try tx.replaceWardGroups(reading.items, knownWards: known, &report)
        }
    }

    /// Entries made elsewhere, such as the demonstration’s; the list says all there are of this origin.
    public func entries(_ entries: [Entry], from origin: String) async throws -> ImportReport {
        var reading = FileReading<Entry>()
        reading.items = entries
        return try await write(reading) { [today] tx, report in
            let gone = Gone(on: today, mayBeMany: true)
            try tx.replace(entries, from: origin, gone, successors: nil, &report, progress)
        }
    }

    /// Notes that a school or service has said that its entry is right.
    ///
    /// - Returns: the entry’s name.
    /// - Throws: `ConfirmationRefusal`; a fault of the database.
    public func confirm(_ id: ID<Entry>, on day: Day) async throws -> String {
        try await database.write(for: .operation) { [today] tx in
            let store = EntryStore(tx: tx, scope: .operation)
            guard let entry = try store.entry(id), let origin = try store.origin(of: id) else {
                throw ConfirmationRefusal.noSuchEntry
            }
            let confirmed = try entry.confirmed(on: day, today: today)
            try tx.save(confirmed, from: origin)
            tx.record(Event(OfferEvents.entryConfirmed, subject: id.text))
            return confirmed.name
        }
    }

    private func write<Item>(
        _ reading: FileReading<Item>,
        _ body: @escaping @Sendable (any WriteTransaction, inout ImportReport) throws -> Void
    ) async throws -> ImportReport {
        guard !reading.items.isEmpty || !reading.refusals.isEmpty else { throw ImportFault.noRows }
        var start = ImportReport()
        start.refusals = reading.refusals
        let begun = start
        if isStrict, !begun.refusals.isEmpty { throw StrictRefusal(report: begun) }
        return try await database.write(for: .operation) { [isStrict] tx in
            var report = begun
            try body(tx, &report)
            if isStrict, !report.refusals.isEmpty { throw StrictRefusal(report: report) }
            return report
        }
    }
}

/// What becomes of entries that are gone from a file.
private struct Gone {
    /// Ids of those whose rows were there and could not be read.
    var spared: Set<String> = []
    /// The day to note.
    let on: Day
    /// Whether it is certain which are gone: every row that was refused says whose it is.
    var isSure = true
    /// Whether more than one in twenty may go at once.
    let mayBeMany: Bool
}

// MARK: - Inside the transaction

extension WriteTransaction {
    /// Saves what is new or different, leaves what is not in the list, and counts.
    fileprivate func merge<Item: Hashable, Key: Hashable>(
        _ items: [Item], over held: [Item], by key: (Item) -> Key, _ label: String, _ report: inout ImportReport,
        _ progress: (String, Int, Int) -> Void, _ save: (Item) throws -> Void
    ) throws {
        let known = Dictionary(held.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
        for (index, item) in items.enumerated() {
            switch known[key(item)] {
            case nil:
                report.added += 1
                try save(item)
            case item: report.unchanged += 1
            default:
                report.changed += 1
                try save(item)
            }
            if index % 1000 == 999 || index + 1 == items.count { progress(label, index + 1, items.count) }
        }
        if report.added + report.changed > 0 { record(Event("offer.register-changed", subject: label.lowercased())) }
    }

    fileprivate func replaceSchools(
        _ schools: [Entry], _ gone: Gone, _ report: inout ImportReport, _ progress: (String, Int, Int) -> Void
    ) throws {
        let successors = Successions(try RegisterStore(tx: self, scope: .operation).links())
        let schools = schools.map { school in
            guard case .closed(let noted, nil) = school.standing, let urn = school.urn else { return school }
            var school = school
            school.standing = .closed(noted: noted, successor: successors.last(after: urn))
            return school
        }
        try replace(schools, from: "schools", gone, successors: successors, &report, progress)
    }

    /// Makes the entries of an origin these, keeping those that are gone as closed.
    fileprivate func replace(
        _ entries: [Entry], from origin: String, _ gone: Gone, successors: Successions?,
        _ report: inout ImportReport, _ progress: (String, Int, Int) -> Void
    ) throws {
        let held = try EntryStore(tx: self, scope: .operation).entries(from: origin)
        let known = Dictionary(uniqueKeysWithValues: held.map { ($0.id, $0) })
        for (index, entry) in entries.enumerated() {
            let earlier = known[entry.id]
            let entry = entry.keepingConfirmation(of: earlier)
            if earlier == entry {
                report.unchanged += 1
            } else {
                report.changed += earlier == nil ? 0 : 1
                report.added += earlier == nil ? 1 : 0
                try save(entry, from: origin)
            }
            if index % 50 == 49 || index + 1 == entries.count { progress("Entries", index + 1, entries.count) }
        }
        let kept = Set(entries.map(\.id))
        let open = held.filter { !$0.standing.isClosed }
        let missing = open.filter { !kept.contains($0.id) && !gone.spared.contains($0.id.text) }
        guard gone.isSure else {
            report.withheld = missing.count
            return noteEntries(of: origin, report)
        }
        guard gone.mayBeMany || missing.count <= max(10, open.count / 20) else {
            throw ImportFault.wouldClose(missing.count, of: open.count)
        }
        for var entry in missing {
            entry.standing = .closed(noted: gone.on, successor: entry.urn.flatMap { successors?.last(after: $0) })
            try save(entry, from: origin)
            report.removed += 1
        }
        noteEntries(of: origin, report)
    }

    private func noteEntries(of origin: String, _ report: ImportReport) {
        if report.added + report.changed + report.removed > 0 {
            record(Event(OfferEvents.entriesChanged, subject: origin))
        }
    }

    /// Gives closed schools the successor that the links now name.
    fileprivate func nameSuccessors() throws {
        let successions = Successions(try RegisterStore(tx: self, scope: .operation).links())
        var changed = false
        for var school in try EntryStore(tx: self, scope: .operation).entries(from: "schools") {
            guard case .closed(let noted, let known) = school.standing, let urn = school.urn else { continue }
            let successor = successions.last(after: urn)
            guard successor != known else { continue }
            school.standing = .closed(noted: noted, successor: successor)
            try save(school, from: "schools")
            changed = true
        }
        if changed { record(Event(OfferEvents.entriesChanged, subject: "schools")) }
    }

    /// Makes the entries of the 2012 list anew from today’s register, where the list has been taken in before.
    fileprivate func followStrategy(_ share: Share) throws {
        var report = ImportReport()
        if let text = try Settings.value(ListedIn2012.setting, in: self) {
            return try follow(ListedIn2012.read(Array(text.utf8)), &report)
        }
        // A folder from before the list was kept followed the one that ships.
        let held = try EntryStore(tx: self, scope: .operation).entries(from: "strategy-2012")
        if !held.isEmpty { try follow(ListedIn2012.read(share.bytes("offer/strategy-2012.csv")), &report) }
    }

    fileprivate func follow(_ reading: FileReading<ListedIn2012>, _ report: inout ImportReport) throws {
        let register = RegisterStore(tx: self, scope: .operation)
        let successions = Successions(try register.links())
        let names = Dictionary(uniqueKeysWithValues: try register.establishments().map { ($0.urn, $0) })
        let open = try EntryStore(tx: self, scope: .operation).entries(from: "schools").filter { !$0.standing.isClosed }
        let schools = Dictionary(
            open.compactMap { school in school.urn.map { ($0, school) } }, uniquingKeysWith: { a, _ in a })
        let entries = reading.items.map { line in
            let chain = successions.chain(from: line.urn)
            return line.entry(in: chain.last.flatMap { schools[$0] }, chain: chain.compactMap { names[$0] })
        }
        let gone = Gone(on: now.dayInEngland, isSure: reading.refusals.isEmpty, mayBeMany: true)
        try replace(entries, from: "strategy-2012", gone, successors: nil, &report) { _, _, _ in }
    }
}

extension Entry {
    /// This entry from its file, with what it has said of itself since, where it has.
    fileprivate func keepingConfirmation(of earlier: Entry?) -> Entry {
        guard let earlier, let day = earlier.confirmed else { return self }
        var entry = self
        entry.confirmed = day
        entry.facts[.status] = earlier.facts[.status]
        if case .listedIn2012 = needs {
            entry.needs = earlier.needs
            entry.facts[.needs] = earlier.facts[.needs]
        }
        return entry
    }
}
