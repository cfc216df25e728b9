import Access
import AccessServer
import Kernel
import People
import PeopleServer
import SingleView
import Storage

/// One person joined to another, or records parted from one.
struct PersonChange: Hashable, Sendable {
    enum Kind: String, Sendable, Storable { case join, part }

    let id: String
    let kind: Kind
    /// Whose record grew by a joining, or shrank by a parting.
    let kept: String
    /// Who was joined to them, or was made of what left.
    let other: String
    let at: Instant
    let decider: String
    let reason: String
    let undone: Instant?

    /// Where what was moved came from, and where it went.
    var source: String { kind == .join ? other : kept }
    var target: String { kind == .join ? kept : other }
}

/// Joins and parts persons, and undoes each: all that hangs on a record follows, and everything is noted.
struct JoiningStore {
    let tx: any WriteTransaction
    let hanging: [Hanging]
    let book: FeedBook

    /// What of the Single View hangs on a person.
    static let hanging: [Hanging] = [
        Hanging("held_record", "person", key: ["number"]),
        .staying("membership", "person", because: "which record was whose, since when: the history itself"),
        .staying("linked_person", "person", because: "whom the links made"),
        .staying("sealed_set", "person", because: "nobody who has one is joined or parted here"),
        .staying("fresh_start", "person", because: "nobody who begins anew is joined or parted here"),
        .staying("sealing", "person", because: "who asked to seal whom, and what was decided: the history itself"),
        .staying("silence", "subject", because: "nobody of whom nothing may be said is joined or parted here"),
        Hanging("correction", "person", key: ["id"]), Hanging("lead_step", "person", key: ["id"]),
        .staying("person_change", "kept", because: "the history of joining itself"),
        .staying("person_change", "other", because: "the history of joining itself"),
    ]

    private var moving: [Hanging] {
        hanging.filter { if case .stays = $0.rule { false } else { true } }
    }

    // MARK: - Joining

    /// Of two persons the one who is kept: who was here before any link, then who has more records, then the older.
    func keptOf(_ one: String, _ other: String) throws -> (kept: String, other: String) {
        func rank(_ person: String) throws -> (Int, Int, String) {
            let made = try tx.row("SELECT person FROM linked_person WHERE person = \(person)") != nil
            let count = try tx.row("SELECT COUNT(*) AS n FROM held_record WHERE person = \(person)")?
                .get("n", as: Int.self)
            return (made ? 1 : 0, -(count ?? 0), person)
        }
        return try rank(one) < rank(other) ? (one, other) : (other, one)
    }

    /// Joins one person to another.
    ///
    /// - Throws: `JoinRefusal`.
    func join(_ other: String, to kept: String, by decider: String, reason: String, id: String) throws {
        guard other != kept, try isThere(other), try isThere(kept) else { throw JoinRefusal.notThere }
        try refuseClosed([other, kept])
        try note(
            PersonChange(
                id: id, kind: .join, kept: kept, other: other, at: tx.now, decider: decider, reason: reason, undone: nil
            ))
        for restriction in try JoinedPersons.restrictions(about: kept, at: tx.now, in: tx) {
            try note(id, Self.before, restriction)
        }
        for place in moving { try move(place, from: other, to: kept, change: id) }
        try JoinedPersons.join(other, to: kept, in: tx)
        tx.record(Event(ReviewEvents.joined, subject: kept, detail: "other=\(other);change=\(id)"))
        tx.record(Event(ReviewEvents.joined, subject: other, detail: "kept=\(kept);change=\(id)"))
    }

    // MARK: - Parting

    /// Parts records from a person: they become a new person’s, kept from whoever was kept from this one.
    ///
    /// - Parameters:
    ///   - id: of the change.
    ///   - new: the identifier of the person who is made.
    /// - Throws: `JoinRefusal`.
    func part(
        _ records: Set<Int>, from person: String, to new: String, by decider: String, reason: String, id: String
    ) throws {
        guard try isThere(person) else { throw JoinRefusal.notThere }
        try refuseClosed([person])
        let all = Set(try self.records(of: person))
        guard !records.isEmpty, records.isStrictSubset(of: all) else { throw JoinRefusal.notTheirs }
        try note(
            PersonChange(
                id: id, kind: .part, kept: person, other: new, at: tx.now, decider: decider, reason: reason, undone: nil
            ))
        for number in records.sorted() {
            try give(.integer(number), to: new)
            try note(id, "held_record.person", RowKey.text([.integer(number)]))
        }
        guard let name = try name(of: new) else { throw JoinRefusal.nameless }
        try People.keep(name, nil, in: tx)
        try LinkStore.noteMade([new], in: tx)
        try NoticeRecords.follow(records.sorted(), in: tx)
        let restrictions = try JoinedPersons.restrictions(about: person, at: tx.now, in: tx)
        for copy in try JoinedPersons.copy(restrictions, to: new, in: tx) { try note(id, Self.copied, copy) }
        tx.record(
            Event(ReviewEvents.parted, subject: person, detail: "new=\(new);records=\(records.count);change=\(id)"))
        tx.record(Event(ReviewEvents.parted, subject: new, detail: "from=\(person);change=\(id)"))
    }

    /// The name that the records of a person settle on.
    private func name(of person: String) throws -> Person? {
        let said = try LinkStore(tx: tx, scope: .system).statements(of: [person], book)[person] ?? []
        let settled = Dictionary(
            book.settle(said).map { ($0.fact, $0.chosen.value) }, uniquingKeysWith: { first, _ in first })
        guard let given = settled["given"], let family = settled["family"],
            let born = settled["born"].flatMap({ try? Day(iso: $0) })
        else { return nil }
        return Person(id: ID(person), given: given, family: family, born: born, version: 1)
    }

    // MARK: - Undoing

    /// Undoes a change: what it moved goes back, and what was decided meanwhile to protect one holds for both.
    ///
    /// - Throws: `JoinRefusal`.
    func undo(_ id: String, by undoer: String) throws {
        guard let change = try change(id) else { throw JoinRefusal.notThere }
        guard change.undone == nil else { throw JoinRefusal.undone }
        guard try isThere(change.target), try change.kind == .join || isThere(change.source) else {
            throw JoinRefusal.later
        }
        try refuseClosed([change.source, change.target])
        for row in try moved(by: id) {
            guard let place = moving.first(where: { $0.place == row.place }) else { continue }
            try back(place, RowKey.read(row.key), change)
        }
        switch change.kind {
        case .join: try leaveProtected(change)
        case .part: try takeAway(change)
        }
        try tx.run("UPDATE person_change SET undone = \(tx.now), undoer = \(undoer) WHERE id = \(id)")
        for person in [change.kept, change.other] {
            tx.record(Event(ReviewEvents.undone, subject: person, detail: "change=\(id)"))
        }
    }

    private func back(_ place: Hanging, _ key: [SQLValue], _ change: PersonChange) throws {
        let (table, column) = (try Hanging.name(place.table), try Hanging.name(place.column))
        let which = try Self.condition(place, key)
        let holders = try tx.rows("SELECT \(column) AS holder FROM \(table) WHERE \(which)").map {
            try $0.optional("holder", as: String.self)
        }
        // A row of its own key that somebody else has by now was moved on by a later change.
        if !key.isEmpty, !holders.isEmpty, !holders.contains(change.target) { throw JoinRefusal.later }
        if case .movesWhereFree = place.rule, holders.contains(change.source) { return }
        if place.table == "held_record", let number = key.first {
            if holders.contains(change.target) { try give(number, to: change.source) }
            return
        }
        try tx.run(
            "UPDATE \(table) SET \(column) = \(change.source) WHERE \(column) = \(change.target) AND \(which)")
    }

    /// What was decided to protect the joined person holds for both when they are two again.
    private func leaveProtected(_ change: PersonChange) throws {
        let before = Set(try moved(by: change.id).filter { $0.place == Self.before }.map(\.key))
        let since = try JoinedPersons.restrictions(about: change.kept, at: tx.now, in: tx)
            .filter { !before.contains($0) }
        _ = try JoinedPersons.copy(since, to: change.other, in: tx)
        try JoinedPersons.part(change.other, from: change.kept, in: tx)
    }

    /// The person whom a parting made goes, where nothing else has come to hang on them.
    private func takeAway(_ change: PersonChange) throws {
        let copies = Set(try moved(by: change.id).filter { $0.place == Self.copied }.map(\.key))
        let since = try JoinedPersons.restrictions(about: change.other, at: tx.now, in: tx)
            .filter { !copies.contains($0) }
        _ = try JoinedPersons.copy(since, to: change.kept, in: tx)
        for copy in copies.sorted() { try JoinedPersons.dropCopy(copy, of: change.other, in: tx) }
        for place in moving {
            let (table, column) = (try Hanging.name(place.table), try Hanging.name(place.column))
            guard try tx.row("SELECT 1 AS one FROM \(table) WHERE \(column) = \(change.other) LIMIT 1") == nil else {
                return
            }
        }
        try tx.run("DELETE FROM linked_person WHERE person = \(change.other)")
        try People.forget(change.other, in: tx)
        try JoinedPersons.join(change.other, to: change.kept, in: tx)
    }

    // MARK: - Rows

    private func move(_ place: Hanging, from source: String, to target: String, change: String) throws {
        let (table, column) = (try Hanging.name(place.table), try Hanging.name(place.column))
        if case .movesWhereFree = place.rule, place.key.isEmpty,
            try tx.row("SELECT 1 AS one FROM \(table) WHERE \(column) = \(target)") != nil
        {
            return
        }
        let names = try place.key.map(Hanging.name)
        let columns: SQL = names.isEmpty ? "1 AS one" : .joined(names, by: ", ")
        let keys = try tx.rows("SELECT \(columns) FROM \(table) WHERE \(column) = \(source) ORDER BY 1").map { row in
            try names.indices.map { try row.value(at: $0) }
        }
        for key in keys {
            try note(change, place.place, RowKey.text(key))
            if place.table == "held_record", let number = key.first {
                try give(number, to: target)
            } else {
                let which = try Self.condition(place, key)
                try tx.run("UPDATE \(table) SET \(column) = \(target) WHERE \(column) = \(source) AND \(which)")
            }
        }
    }

    /// Gives a record to a person; whose it was before is kept.
    private func give(_ record: SQLValue, to person: String) throws {
        guard case .integer(let number) = record else { return }
        let last = try tx.row("SELECT MAX(since) AS last FROM membership WHERE record = \(number)")?
            .optional("last", as: Instant.self)
        let since = last.map { max(tx.now, $0.adding(milliseconds: 1)) } ?? tx.now
        try tx.run("UPDATE membership SET until = \(since) WHERE record = \(number) AND until IS NULL")
        try tx.run(
            """
            INSERT INTO membership (record, person, since, cause, until)
            VALUES (\(number), \(person), \(since), 'person', NULL)
            """)
        try tx.run("UPDATE held_record SET person = \(person) WHERE number = \(number)")
        try NoticeRecords.follow([Int(number)], in: tx)
    }

    private static func condition(_ place: Hanging, _ key: [SQLValue]) throws -> SQL {
        let parts = try zip(place.key, key).map { name, value -> SQL in
            switch value {
            case .integer(let number): "\(try Hanging.name(name)) = \(number)"
            case .text(let text): "\(try Hanging.name(name)) = \(text)"
            case .real(let number): "\(try Hanging.name(name)) = \(number)"
            case .null: "\(try Hanging.name(name)) IS NULL"
            }
        }
        return parts.isEmpty ? "1 = 1" : .joined(parts, by: " AND ")
    }
}

extension JoiningStore {
    private static let before = "kept.restriction"
    private static let copied = "copied.restriction"

    private func isThere(_ person: String) throws -> Bool {
        try tx.row(AccessStore.person(person)) != nil && JoinedPersons.kept(person, in: tx) == person
    }

    private func refuseClosed(_ persons: [String]) throws {
        for person in persons {
            let sealed = try tx.row(
                """
                SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM sealed_set WHERE person = \(person))
                    OR EXISTS (SELECT 1 FROM held_record WHERE person = \(person) AND compartment <> '')
                    OR EXISTS (SELECT 1 FROM fresh_start WHERE person = \(person))
                    OR NOT \(People.living("\(person)"))
                """)
            if try sealed != nil || JoinedPersons.isLabelled(person, at: tx.now, in: tx) { throw JoinRefusal.closed }
        }
    }

    func records(of person: String) throws -> [Int] {
        try tx.rows("SELECT number FROM held_record WHERE person = \(person) ORDER BY number").map {
            try $0.get("number")
        }
    }

    private func note(_ change: PersonChange) throws {
        try tx.run(
            """
            INSERT INTO person_change (id, kind, kept, other, at, decider, reason)
            VALUES (\(change.id), \(change.kind), \(change.kept), \(change.other), \(change.at), \(change.decider),
                \(change.reason))
            """)
    }

    private func note(_ change: String, _ place: String, _ key: String) throws {
        try tx.run("INSERT INTO moved_row (change, place, row_key) VALUES (\(change), \(place), \(key))")
    }

    private func moved(by change: String) throws -> [(place: String, key: String)] {
        try tx.rows("SELECT place, row_key FROM moved_row WHERE change = \(change) ORDER BY place, row_key").map {
            (try $0.get("place"), try $0.get("row_key"))
        }
    }

    private func change(_ id: String) throws -> PersonChange? { try Self.change(id, in: tx) }

    static func change(_ id: String, in tx: any Transaction) throws -> PersonChange? {
        try tx.row("SELECT \(columns) FROM person_change WHERE id = \(id)").map(read)
    }

    /// What was joined and parted, the newest first, as far as this keeper may compare both.
    static func changes(by account: String, at now: Instant, limit: Int, in tx: any Transaction) throws
        -> [PersonChange]
    {
        try tx.rows(
            """
            SELECT \(columns) FROM person_change
            WHERE \(JoinedPersons.mayBeCompared(by: account, at: now, column: "person_change.kept"))
                AND \(JoinedPersons.mayBeCompared(by: account, at: now, column: "person_change.other"))
            ORDER BY at DESC, id LIMIT \(limit)
            """
        ).map(read)
    }

    private static let columns: SQL = "id, kind, kept, other, at, decider, reason, undone"

    private static func read(_ row: Storage.Row) throws -> PersonChange {
        PersonChange(
            id: try row.get("id"), kind: try row.get("kind"), kept: try row.get("kept"), other: try row.get("other"),
            at: try row.get("at"), decider: try row.get("decider"), reason: try row.get("reason"),
            undone: try row.optional("undone"))
    }
}

/// The key of a moved row as one text, and back.
enum RowKey {
    static func text(_ values: [SQLValue]) -> String {
        values.map { value in
            switch value {
            case .integer(let number): "i\(number)"
            case .text(let text): "t\(text)"
            case .real(let number): "r\(number)"
            case .null: "n"
            }
        }.joined(separator: "\u{1F}")
    }

    static func read(_ text: String) -> [SQLValue] {
        guard !text.isEmpty else { return [] }
        return text.split(separator: "\u{1F}", omittingEmptySubsequences: false).map { part in
            let rest = String(part.dropFirst())
            return switch part.first {
            case "i": Int(rest).map { .integer($0) } ?? .null
            case "r": Double(rest).map { .real($0) } ?? .null
            case "t": .text(rest)
            default: .null
            }
        }
    }
}
