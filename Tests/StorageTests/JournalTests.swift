import Cryptography
import Foundation
import Kernel
@_spi(Gate) import Storage
import TestKit
import Testing

/// A journal with some entries, and the hands of whoever may write to its database directly.
private struct Vandal {
    let database: any Database
    let mark: String
    let original: [JournalEntry]

    init(_ engine: Engine, entries: Int = 40) async throws {
        let database = try await engine.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations)
        for number in 1..<entries {
            try await database.write(for: .operation) { tx in
                tx.record(Event("note.added", subject: "s\(number)", detail: "n=\(number)"))
            }
        }
        self.database = database
        mark = try await database.read { try Journal.database(in: $0) } ?? ""
        original = try await database.read { try Journal.entries(after: 0, limit: 1000, in: $0) }
        try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            guard engine == .sqlite else { return try tx.run("ALTER TABLE journal DISABLE TRIGGER ALL") }
            try tx.run("DROP TRIGGER journal_no_update")
            try tx.run("DROP TRIGGER journal_no_delete")
        }
    }

    /// Makes the journal hold these, whatever it held.
    func put(_ entries: [JournalEntry]) async throws {
        try await database.write(for: .system) { tx in
            tx.record(.housekeeping)
            try tx.run("DELETE FROM journal")
            for entry in entries {
                try tx.run(
                    """
                    INSERT INTO journal (seq, at, kind, actor, purpose, subject, detail, hash)
                    VALUES (\(entry.seq), \(entry.at), \(entry.kind), \(entry.actor), \(entry.purpose),
                        \(entry.subject), \(entry.detail), \(entry.hash))
                    """)
            }
        }
    }

    func verify(_ checkpoints: [Checkpoint] = []) async throws -> JournalVerification {
        try await Journal.verify(database, against: checkpoints)
    }

    /// The entries from this place on with every hash made anew, as a thorough forger would.
    func chainedAnew(_ entries: [JournalEntry], from place: Int) -> [JournalEntry] {
        var made = Array(entries[..<place])
        for entry in entries[place...] {
            let hash = Journal.expectedHash(of: entry, after: made.last, database: mark) ?? ""
            made.append(entry.with(hash: hash))
        }
        return made
    }
}

extension JournalEntry {
    fileprivate func with(
        seq: Int? = nil, kind: String? = nil, actor: String? = nil, subject: String? = nil, at: String? = nil,
        purpose: String? = nil, detail: String? = nil, hash: String? = nil
    ) -> JournalEntry {
        JournalEntry(
            seq: seq ?? self.seq, at: at ?? self.at, kind: kind ?? self.kind, actor: actor ?? self.actor,
            purpose: purpose ?? self.purpose, subject: subject ?? self.subject, detail: detail ?? self.detail,
            hash: hash ?? self.hash)
    }
}

@Suite struct `The journal` {
    private let key = SigningKey(seed: [UInt8](repeating: 7, count: 32))

    private func checkpoint(_ vandal: Vandal, at entry: JournalEntry) throws -> Checkpoint {
        Checkpoint(
            database: vandal.mark, head: JournalHead(seq: entry.seq, hash: entry.hash),
            at: Instant(milliseconds: 1_800_000_000_000), signedBy: try #require(key))
    }

    @Test(arguments: Engine.allCases) func `is good as it was written`(engine: Engine) async throws {
        let vandal = try await Vandal(engine)
        let found = try await vandal.verify([checkpoint(vandal, at: vandal.original[20])])
        #expect(found.exitCode == 0 && found.entries == 40 && found.head?.seq == 40)
        #expect(vandal.original[0].kind == "database.made" && vandal.original[5].purpose == "operation")
    }

    @Test(arguments: Engine.allCases) func `cannot be changed by a statement`(engine: Engine) async throws {
        let database = try await engine.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations)
        for statement: SQL in ["UPDATE journal SET actor = 'x'", "DELETE FROM journal"] {
            await #expect(throws: StorageFault.self) {
                try await database.write(for: .system) { tx in
                    tx.record(.housekeeping)
                    try tx.run(statement)
                }
            }
        }
        #expect(try await Journal.head(of: database) == 1)
    }

    @Test(arguments: Engine.allCases) func `holds codes and identifiers, never words`(engine: Engine) async throws {
        let database = try await engine.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations)
        for event in [
            Event("note.added", subject: "Nadia Khan"), Event("", subject: "x"), Event("a", detail: "she said"),
            Event("a", subject: "né"), Event("a", subject: String(repeating: "x", count: 401)),
        ] {
            await #expect(throws: StorageFault.notForJournal(event.kind)) {
                try await database.write(for: .operation) { $0.record(event) }
            }
        }
        #expect(try await Journal.head(of: database) == 1)
    }

    @Test(arguments: Engine.allCases) func `tells who looked at whom, when and why, before they are told`(
        engine: Engine
    ) async throws {
        let database = try await engine.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations)
        let officer = Scope(actor: Actor("staff-7"), purpose: .operation, roles: [], at: Instant(milliseconds: 0))
        let answer = try await database.look(for: officer) { _ in
            ("a record", [Event("record.seen", subject: "person-1", detail: "class=health")])
        }
        #expect(answer == "a record")
        let looks = try await database.read { try Journal.entries(about: "person-1", limit: 10, in: $0) }
        #expect(looks.map(\.actor) == ["staff-7"] && looks[0].purpose == "operation")
        #expect(looks[0].detail == "class=health" && looks[0].at.hasPrefix("2026-11-24"))
        await #expect(throws: StorageFault.self) {
            _ = try await database.look(for: officer) { _ in ("a record", [Event("not fit", subject: "a b")]) }
        }
    }

    /// A thousand on SQLite; `CONTINUUM_TAMPERINGS` asks for more.
    @Test(arguments: Engine.allCases)
    func `shows every tampering, and names the first entry that is wrong`(engine: Engine) async throws {
        let asked = ProcessInfo.processInfo.environment["CONTINUUM_TAMPERINGS"].flatMap(Int.init) ?? 1000
        let seed = UInt64.random(in: 0...UInt64.max)
        var dice = Dice(seed: seed)
        let vandal = try await Vandal(engine)
        let original = vandal.original
        let checkpoints = [try checkpoint(vandal, at: original[24]), try checkpoint(vandal, at: original[39])]
        for turn in 0..<(engine == .sqlite ? asked : asked / 20) {
            let place = Int.random(in: 1..<39, using: &dice)
            var entries = original
            var (expected, first) = (3, place + 1)
            switch turn % 8 {
            case 0: entries[place] = changed(entries[place], &dice)
            case 1:
                entries.remove(at: place)
                expected = 4
            case 2:
                // Put in, with everything after it moved up.
                entries.insert(entries[place].with(subject: "forged"), at: place)
                for index in (place + 1)..<entries.count { entries[index] = entries[index].with(seq: index + 1) }
            case 3:
                let other = (place + Int.random(in: 1..<(39 - place + 1), using: &dice))
                entries[place] = original[other].with(seq: place + 1)
                entries[other] = original[place].with(seq: other + 1)
            case 4:
                let last = original[39]
                entries.append(last.with(seq: 41, subject: "forged"))
                first = 41
            case 5:
                entries.removeLast(39 - place)
                (expected, first) = (5, place < 24 ? 25 : 40)
            case 6:
                entries[place] = changed(entries[place], &dice, hash: false)
                entries = vandal.chainedAnew(entries, from: place)
                (expected, first) = (5, place <= 24 ? 25 : 40)
            default:
                // A fork: other entries from here on, as long as the true ones.
                for index in place..<40 { entries[index] = entries[index].with(subject: "fork\(index)") }
                entries = vandal.chainedAnew(entries, from: place)
                (expected, first) = (5, place <= 24 ? 25 : 40)
            }
            try await vandal.put(entries)
            let alone = try await vandal.verify()
            let found = try await vandal.verify(checkpoints)
            #expect(found.exitCode == expected, "seed \(seed), turn \(turn), place \(place)")
            #expect(alone.exitCode == (expected == 5 ? 0 : expected), "seed \(seed), turn \(turn)")
            let named = [3: found.broken, 4: found.gap, 5: found.disagreement][expected] ?? nil
            #expect(named == first, "seed \(seed), turn \(turn), place \(place)")
        }
    }

    private func changed(_ entry: JournalEntry, _ dice: inout Dice, hash: Bool = true) -> JournalEntry {
        switch Int.random(in: 0..<(hash ? 7 : 6), using: &dice) {
        case 0: entry.with(kind: entry.kind + "x")
        case 1: entry.with(actor: "someone")
        case 2: entry.with(subject: entry.subject + "0")
        case 3: entry.with(at: "2026-11-23T00:00:00.000Z")
        case 4: entry.with(purpose: "curiosity")
        case 5: entry.with(detail: entry.detail + ";x=1")
        default: entry.with(hash: String(repeating: "a", count: 64))
        }
    }

    @Test func `has checkpoints that cannot be forged, and that say which line is wrong`() async throws {
        let vandal = try await Vandal(.sqlite)
        let good = try checkpoint(vandal, at: vandal.original[10])
        #expect(try Checkpoint(line: good.line) == good)
        for line in [
            good.line.replacing(" 11 ", with: " 12 "), String(good.line.dropLast(3)), "", "x y z",
            good.line.replacing("continuum-checkpoint 1", with: "continuum-checkpoint 2"),
        ] {
            #expect(throws: Malformed.self) { try Checkpoint(line: line) }
        }
        let fault = #expect(throws: Malformed.self) { try Checkpoint.read(good.line + "\n\n" + "nonsense\n") }
        #expect(fault?.description.contains("line 3") == true)
    }

    @Test(arguments: Engine.allCases) func `has one chain however many write at once`(engine: Engine) async throws {
        let clock = WallClock.stopped(on: "2026-11-24")
        let database: any Database
        let other: any Database
        switch engine {
        case .sqlite:
            database = try SQLite(inMemory: clock)
            other = database
        case .postgres:
            // Two processes, as far as the server can tell.
            let address = try Engine.newSchema()
            database = try await Postgres(address: address, clock: clock, readers: 1)
            other = try await Postgres(address: address, clock: clock, readers: 1)
        }
        try await database.migrate(StorageSchema.migrations)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                let writer = number % 2 == 0 ? database : other
                group.addTask {
                    try? await writer.write(for: .operation) { tx in
                        tx.record(Event("note.added", subject: "s\(number)"))
                        if number % 10 == 0 { throw StorageFault.silentWrite }
                    }
                }
            }
        }
        let found = try await Journal.verify(other)
        #expect(found.exitCode == 0 && found.entries == 181)
    }
}

/// A generator of chance that gives the same again for the same seed.
struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
