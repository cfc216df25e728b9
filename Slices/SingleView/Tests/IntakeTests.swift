import Access
import AccessServer
import DemoCity
import Kernel
import LinksServer
import People
import PeopleServer
import SingleView
@testable import SingleViewServer
import Storage
import TestKit
import Testing
import Web

/// Taking extracts in (INF-4): once, whole, in order, nothing lost.
struct IntakeTests {
    private static let slices = [access, links(for: []), peopleSlice(panels: [recordPanels]), singleView]

    private func database(_ engine: Engine, today: Day = "2026-11-24") async throws -> any Database {
        let database = try await engine.database(.stopped(on: today))
        try await database.migrate(StorageSchema.migrations + Self.slices.flatMap(\.migrations))
        try await database.write(for: .operation) { try Settings.set(Settings.demonstration, to: "a test", in: $0) }
        return database
    }

    private func take(
        _ rows: [String], _ day: String, into database: any Database, strict: Bool = false, removals: Bool = false,
        source: String = "early-years"
    ) async throws -> IntakeReport {
        var intake = try Intake(database, share: TestApp.share, today: "2026-11-24")
        (intake.isStrict, intake.mayRemoveMany) = (strict, removals)
        let text = "record_id,given,family,born,sex,postcode,address\n" + rows.map { $0 + "\n" }.joined()
        return try await intake.take(Array(text.utf8), name: "\(source)_\(day).csv")
    }

    /// Everything that is held, without moments.
    private func dump(_ database: any Database) async throws -> [String] {
        try await database.read { tx in
            try tx.rows(
                """
                SELECT source, ref, held_record.class, gone, version, cells, until
                FROM held_record JOIN held_part ON record = number ORDER BY source, ref, held_part.class, version
                """
            ).map { row in
                let gone = try row.optional("gone", as: String.self) ?? "-"
                let until = try row.optional("until", as: String.self) ?? "-"
                return "\(try row.get("ref", as: String.self)) \(gone) \(try row.get("version", as: Int.self)) "
                    + "\(try row.get("cells", as: String.self)) \(until)"
            }
        }
    }

    private static let amina = "EY1,Ameena,Rahman,2023-04-17,F,B11 9ZZ,7 Invented Row"
    private static let yusuf = "EY2,Yusuf,Rahman,2023-04-17,M,B11 9ZZ,7 Invented Row"

    @Test("The same extract twice is one", arguments: Engine.allCases)
    func twice(_ engine: Engine) async throws {
        let database = try await database(engine)
        let first = try await take([Self.amina, Self.yusuf], "2026-11-01", into: database)
        #expect(first.added == 2 && !first.wasHeld)
        let before = try await dump(database)
        let again = try await take([Self.amina, Self.yusuf], "2026-11-01", into: database)
        #expect(again.wasHeld && again.added == 0)
        #expect(try await dump(database) == before)
    }

    @Test("A changed fact is added and the old one kept with its days", arguments: Engine.allCases)
    func changes(_ engine: Engine) async throws {
        let database = try await database(engine)
        _ = try await take([Self.amina, Self.yusuf], "2026-10-01", into: database)
        let moved = Self.amina.split(separator: "B").joined(separator: "B").replacingPostcode()
        let report = try await take([moved, Self.yusuf], "2026-11-01", into: database)
        #expect(report.changed == 1 && report.unchanged == 1)
        let held = try await dump(database).filter { $0.hasPrefix("EY1") && $0.contains("postcode") }
        #expect(held.count == 2)
        #expect(held[0].hasSuffix("2026-11-01") && held[1].contains("B44 9ZZ") && held[1].hasSuffix(" -"))
    }

    @Test("Yesterday’s after today’s is refused whole", arguments: Engine.allCases)
    func older(_ engine: Engine) async throws {
        let database = try await database(engine)
        _ = try await take([Self.amina], "2026-11-02", into: database)
        let before = try await dump(database)
        await #expect(throws: ExtractFault.older(than: "2026-11-02", given: "2026-11-01")) {
            try await take([Self.yusuf], "2026-11-01", into: database)
        }
        await #expect(throws: ExtractFault.future("2026-12-01")) {
            try await take([Self.yusuf], "2026-12-01", into: database)
        }
        #expect(try await dump(database) == before)
    }

    @Test("Whoever is no longer in a whole extract has left, and comes back when they are", arguments: Engine.allCases)
    func leaves(_ engine: Engine) async throws {
        let database = try await database(engine)
        _ = try await take([Self.amina, Self.yusuf], "2026-10-01", into: database)
        let left = try await take([Self.amina], "2026-10-15", into: database)
        #expect(left.gone == 1)
        #expect(try await dump(database).contains { $0.hasPrefix("EY2 2026-10-15") })
        let back = try await take([Self.amina, Self.yusuf], "2026-11-01", into: database)
        #expect(back.changed == 1 && back.unchanged == 1)
        #expect(try await dump(database).contains { $0.hasPrefix("EY2 - 1") })
    }

    @Test(
        "Nobody leaves where a refused row may be theirs, nor by an extract of what is new", arguments: Engine.allCases)
    func stays(_ engine: Engine) async throws {
        let database = try await database(engine)
        _ = try await take([Self.amina, Self.yusuf], "2026-10-01", into: database)
        let doubtful = try await take([Self.amina, ",Yusuf,Rahman,2023-04-17,M,,"], "2026-10-15", into: database)
        #expect(doubtful.gone == 0 && doubtful.withheld == 1 && doubtful.refused.count == 1)
        let known = try await take([Self.amina, "EY2,Yusuf,,2023-04-17,M,,"], "2026-10-16", into: database)
        #expect(known.gone == 0 && known.withheld == 0 && known.refused.count == 1)
        _ = try await take([Self.amina, Self.yusuf], "2026-10-01", into: database, source: "primary-care")
        let added = try await take([Self.amina], "2026-10-15", into: database, source: "primary-care")
        #expect(added.gone == 0)
    }

    @Test("An extract that would empty a source is refused, unless it is meant", arguments: Engine.allCases)
    func empties(_ engine: Engine) async throws {
        let database = try await database(engine)
        let many = (0..<40).map { "N\($0),A,B,2020-01-\($0 % 28 < 9 ? "0" : "")\($0 % 28 + 1),F,," }
        _ = try await take(many, "2026-10-01", into: database)
        await #expect(throws: ExtractFault.wouldRemove(20, of: 40)) {
            try await take(Array(many.prefix(20)), "2026-10-02", into: database)
        }
        let meant = try await take(Array(many.prefix(20)), "2026-10-02", into: database, removals: true)
        #expect(meant.gone == 20)
    }

    @Test("Strict refuses the file for one row and changes nothing", arguments: Engine.allCases)
    func strict(_ engine: Engine) async throws {
        let database = try await database(engine)
        await #expect(throws: StrictIntake.self) {
            try await take([Self.amina, "EY9,,B,2023-04-17,F,,"], "2026-10-01", into: database, strict: true)
        }
        #expect(try await dump(database).isEmpty)
    }

    @Test("A refused row leaves what was held of the child, and is kept with its reasons", arguments: Engine.allCases)
    func quarantine(_ engine: Engine) async throws {
        let database = try await database(engine)
        _ = try await take([Self.amina], "2026-10-01", into: database)
        _ = try await take(["EY1,Ameena,Rahman,2023-04-17,F,NONSENSE,"], "2026-11-01", into: database)
        #expect(try await dump(database).contains { $0.contains("B11 9ZZ") && $0.hasSuffix(" -") })
        let rows = try await database.read { tx -> [RefusedRow] in
            let store = FeedStore(tx: tx, scope: .operation)
            guard let newest = try store.newest(of: "early-years") else { return [] }
            return try store.refused(in: newest.id, limit: 10)
        }
        #expect(rows.map(\.ref) == ["EY1"])
        #expect(rows.first?.faults == [CellFault("postcode", "a postcode looks like B11 4EX")])
        #expect(rows.first?.written["postcode"] == "NONSENSE")
    }

    @Test("No name, number or address of a child is in the journal", arguments: Engine.allCases)
    func journal(_ engine: Engine) async throws {
        let database = try await database(engine)
        _ = try await take([Self.amina, "EY9,,Zebedee,2023-04-17,F,,"], "2026-10-01", into: database)
        let entries = try await database.read { try Journal.entries(after: 0, limit: 1000, in: $0) }
        let text = entries.map { "\($0)" }.joined(separator: "\n")
        for word in ["Ameena", "Rahman", "B11", "Zebedee", "2023-04-17", "EY9"] {
            #expect(!text.contains(word), "\(word)")
        }
        #expect(text.contains("extract.taken-in"))
    }
}

extension String {
    fileprivate func replacingPostcode() -> String {
        components(between: "F,", and: ",").first.map { old in
            split(separator: old, omittingEmptySubsequences: false).joined(separator: "B44 9ZZ")
        } ?? self
    }
}
