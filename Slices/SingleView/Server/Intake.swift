import Access
import Cryptography
import Kernel
import SingleView
import Storage

/// What taking in an extract did.
public struct IntakeReport: Sendable {
    public var source = ""
    public var asOf: Day
    public var rows = 0
    public var added = 0
    public var changed = 0
    public var unchanged = 0
    /// No longer in the extract.
    public var gone = 0
    /// No longer in it, but a refused row may be theirs.
    public var withheld = 0
    public var refused: [RefusedRow] = []
    public var absent: [String] = []
    /// The same file was the last to be taken in: nothing was to be done.
    public var wasHeld = false
}

/// Some rows were refused and the intake was asked to be strict: nothing was changed.
public struct StrictIntake: Error { public let report: IntakeReport }

/// Takes an agency’s extract in: all that can be read by one transaction, or nothing.
public struct Intake: Sendable {
    let database: any Database
    let book: FeedBook
    let today: Day
    public var isStrict = false
    public var mayRemoveMany = false
    public var progress: @Sendable (String, Int, Int) -> Void = { _, _, _ in }

    public init(_ database: any Database, share: Share, today: Day) throws {
        self.init(database, book: try FeedBook(share), today: today)
    }

    init(_ database: any Database, book: FeedBook, today: Day) {
        (self.database, self.book, self.today) = (database, book, today)
    }

    /// - Parameters:
    ///   - name: what the file is called.
    ///   - source: its source; nil where the name says it.
    ///   - asOf: the day of which it tells; nil where the name says it.
    /// - Throws: `TableFault`, `ExtractFault` where the file is refused; `StrictIntake`; a fault of the database.
    public func take(
        _ bytes: [UInt8], name: String, source given: String? = nil, asOf day: Day? = nil, for scope: Scope = .operation
    ) async throws -> IntakeReport {
        let (code, asOf) = try place(name, given, day)
        guard let source = book.source(code) else {
            throw ExtractFault.noSuchSource(code, known: book.sources.map(\.code))
        }
        guard source.extract != .notices else { throw ExtractFault.comesByNotice }
        guard asOf <= today else { throw ExtractFault.future(asOf) }
        let isDemonstration = try await database.read { try Settings.value(Settings.demonstration, in: $0) != nil }
        let columns = book.columns(of: code)
        let check = CellCheck(asOf: asOf, isDemonstration: isDemonstration, ethnicities: book.ethnicities.keys)
        progress("Checking", 0, 2)
        let reading = try ExtractReading(bytes, columns, check)
        progress("Checking", 1, 2)
        let digest = Sodium.sha256(bytes)
        let layout = Prepared.layout(columns)
        let prepared = reading.records.map { Prepared($0, layout) }
        progress("Checking", 2, 2)
        let id = FeedStore.newID
        return try await database.write(for: scope) { tx in
            var report = IntakeReport(asOf: asOf)
            (report.source, report.rows, report.absent) = (code, reading.rows, reading.absent)
            report.refused = reading.refused
            let store = FeedStore(tx: tx, scope: scope)
            if try store.digest(ofNewest: code) == digest, try store.newest(of: code)?.asOf == asOf {
                report.wasHeld = true
                report.unchanged = reading.records.count
                return report
            }
            if let newest = try store.newest(of: code), newest.asOf > asOf {
                throw ExtractFault.older(than: newest.asOf, given: asOf)
            }
            if isStrict, !reading.refused.isEmpty { throw StrictIntake(report: report) }
            try write(prepared, source, id, &report, in: tx)
            try FeedStore.keep(
                Delivery(
                    id: id, source: code, name: String(name.prefix(120)), asOf: asOf, received: tx.now,
                    receiver: scope.actor.id, lines: report.rows, added: report.added, changed: report.changed,
                    unchanged: report.unchanged, gone: report.gone, withheld: report.withheld,
                    refused: report.refused.count, absent: report.absent,
                    filled: reading.filled),
                digest: digest, in: tx)
            try FeedStore.keep(report.refused, of: id, in: tx)
            tx.record(
                Event(
                    SingleViewEvents.taken, subject: id,
                    detail: "source=\(code);added=\(report.added);changed=\(report.changed);gone=\(report.gone);"
                        + "refused=\(report.refused.count);sha256=\(digest)"))
            try Work.add(SingleViewJobs.link, about: id, due: tx.now, in: tx)
            return report
        }
    }

    /// The day of which the newest extract of a source tells.
    public static func newest(of source: String, in tx: any Transaction) throws -> Day? {
        try FeedStore(tx: tx, scope: .operation).newest(of: source)?.asOf
    }

    private func place(_ name: String, _ source: String?, _ day: Day?) throws(ExtractFault) -> (String, Day) {
        if let source, let day { return (source, day) }
        let read = try ExtractName.read(name)
        return (source ?? read.source, day ?? read.asOf)
    }

    /// A record as it will be kept.
    private struct Prepared: Sendable {
        let ref: String
        let digest: String
        let parts: [(DataClass, String)]

        /// The classes in order, each with the places of its columns and how their lines begin.
        typealias Layout = [(data: DataClass, columns: [(place: Int, head: String)])]

        static func layout(_ columns: [FeedColumn]) -> Layout {
            let all = columns.enumerated().filter { $0.element.kind != .id }
            return Dictionary(grouping: all, by: \.element.data).sorted { $0.key < $1.key }.map { data, own in
                (data, own.map { ($0.offset, $0.element.name + "=") })
            }
        }

        init(_ record: CheckedRecord, _ layout: Layout) {
            ref = record.ref
            var parts: [(DataClass, String)] = []
            parts.reserveCapacity(layout.count)
            var all: [UInt8] = []
            for (data, columns) in layout {
                var text = ""
                for (place, head) in columns where !record.cells[place].isEmpty {
                    text += head
                    text += record.cells[place]
                    text += "\n"
                }
                if text.isEmpty { continue }
                parts.append((data, text))
                all += data.rawValue.utf8
                all.append(10)
                all += text.utf8
            }
            self.parts = parts
            digest = String(Sodium.sha256(all).prefix(32))
        }
    }

    private func write(
        _ records: [Prepared], _ source: FeedSource, _ id: String, _ report: inout IntakeReport,
        in tx: any WriteTransaction
    ) throws {
        let store = FeedStore(tx: tx, scope: .operation)
        let held = try store.held(of: source.code)
        var number = try store.lastNumber()
        var adding = FeedStore.Adding(delivery: id, asOf: report.asOf)
        for (index, record) in records.enumerated() {
            if index % 2000 == 0 { progress("Taking in", index, records.count) }
            guard let known = held[record.ref] else {
                report.added += 1
                number += 1
                try adding.add(
                    number, source.code, source.data, ref: record.ref, digest: record.digest, person: nil, in: tx)
                for (data, cells) in record.parts { try adding.add(part: data, of: number, version: 1, cells, in: tx) }
                continue
            }
            if known.digest == record.digest, !known.isGone {
                report.unchanged += 1
                continue
            }
            report.changed += 1
            try change(known, record, id, report.asOf, &adding, in: tx)
        }
        try adding.finish(in: tx)
        progress("Taking in", records.count, records.count)
        if source.extract == .whole { try leave(records, held, id, &report, in: tx) }
    }

    private func change(
        _ known: HeldRecord, _ record: Prepared, _ id: String, _ asOf: Day, _ adding: inout FeedStore.Adding,
        in tx: any WriteTransaction
    ) throws {
        let earlier = try FeedStore(tx: tx, scope: .operation).parts(of: known.number)
        for (data, cells) in record.parts where earlier[data.rawValue]?.cells != cells {
            let before = earlier[data.rawValue]
            if let before {
                try FeedStore.close(part: data.rawValue, of: known.number, version: before.version, on: asOf, in: tx)
            }
            let last = try before?.version ?? RecordStore.lastVersion(of: known.number, data, in: tx)
            try adding.add(part: data, of: known.number, version: last + 1, cells, in: tx)
        }
        let present = Set(record.parts.map(\.0.rawValue))
        for (data, before) in earlier where !present.contains(data) {
            try FeedStore.close(part: data, of: known.number, version: before.version, on: asOf, in: tx)
        }
        try FeedStore.change(known.number, digest: record.digest, asOf: asOf, delivery: id, in: tx)
        if let person = known.person {
            tx.record(Event(SingleViewEvents.changed, subject: person, detail: "record=\(known.number);delivery=\(id)"))
        }
    }

    /// Those who are no longer in the extract.
    private func leave(
        _ records: [Prepared], _ held: [String: HeldRecord], _ id: String, _ report: inout IntakeReport,
        in tx: any WriteTransaction
    ) throws {
        var kept = Set(records.map(\.ref))
        var isSure = true
        for row in report.refused {
            if let ref = row.ref { kept.insert(ref) }
            if row.ref == nil || row.isLong { isSure = false }
        }
        let here = held.filter { !$0.value.isGone }
        let missing = here.filter { !kept.contains($0.key) }.map(\.value).sorted { $0.number < $1.number }
        guard isSure else {
            report.withheld = missing.count
            return
        }
        guard mayRemoveMany || missing.count <= max(10, here.count / 5) else {
            throw ExtractFault.wouldRemove(missing.count, of: here.count)
        }
        try FeedStore.leave(missing.map(\.number), on: report.asOf, delivery: id, in: tx)
        for record in missing {
            if let person = record.person {
                tx.record(
                    Event(SingleViewEvents.gone, subject: person, detail: "record=\(record.number);delivery=\(id)"))
            }
        }
        report.gone = missing.count
    }
}

extension FeedBook {
    /// The templates that ship.
    ///
    /// - Throws: a fault of the shipped files.
    public init(_ share: Share) throws {
        try self.init(
            sources: share.bytes("feeds/sources.csv"), columns: share.bytes("feeds/columns.csv"),
            trust: share.bytes("feeds/trust.csv"), ethnicities: share.bytes("codes/ethnicity.csv"))
    }
}
