import Access
@testable import AccessServer
import Foundation
import Kernel
@_spi(Gate) import Storage
import TestKit

/// The policy that ships.
func shippedPolicy() throws -> Policy { try Policy(TestApp.share.bytes("access/policy.csv")) }

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

/// Three accounts and many persons with whatever may be between them, put down by chance: times just before, at and
/// after the moment of the question too. Four persons are a world; worlds put down together share the accounts' roles.
struct Worlds {
    static let now = Instant(milliseconds: 1_795_000_000_000)
    static let accounts = ["ann", "ben", "cas"]
    static let migration = Migration(
        "persons of a test", SQL("CREATE TABLE somebody (id TEXT NOT NULL PRIMARY KEY)"))

    let roles: [String: Set<Role>]
    let persons: [String]

    /// - Parameters:
    ///   - count: how many worlds.
    ///   - tx: where they are put; what was there before is taken away.
    init(_ count: Int, by dice: inout Dice, in tx: any WriteTransaction) throws {
        tx.record(.housekeeping)
        let tables: [SQL] = [
            "relationship", "restriction", "subject_label", "access_subject", "capacity_decision", "somebody",
        ]
        for table in tables {
            try tx.run("DELETE FROM \(table)")
        }
        persons = (0..<4 * count).map { "person-\($0)" }
        var roles: [String: Set<Role>] = [:]
        for account in Worlds.accounts {
            roles[account] = Set(
                (0..<Int.random(in: 0...2, using: &dice)).compactMap { _ in
                    Role.allCases.randomElement(using: &dice)
                })
        }
        self.roles = roles
        for person in persons {
            try tx.run("INSERT INTO somebody (id) VALUES (\(person))")
            for account in Worlds.accounts { try Worlds.relate(account, to: person, &dice, tx) }
            try Worlds.describe(person, &dice, tx)
        }
    }

    private static func relate(
        _ account: String, to person: String, _ dice: inout Dice, _ tx: any WriteTransaction
    ) throws {
        for _ in 0..<Int.random(in: 0...2, using: &dice) {
            guard let kind = RelationshipKind.allCases.randomElement(using: &dice) else { continue }
            let (starts, ends) = times(&dice)
            let namer = kind == .delegate && Bool.random(using: &dice) ? accounts.randomElement(using: &dice) : nil
            try tx.run(
                """
                INSERT INTO relationship (id, account, subject, kind, starts, ends, named_by, evidence, version)
                VALUES (
                    \(String(dice.next())), \(account), \(person), \(kind), \(starts), \(ends), \(namer), 'made up', 1)
                """)
        }
        if Bool.random(using: &dice) { try represent(account, person, &dice, tx) }
        guard Int.random(in: 0..<5, using: &dice) == 0, let extent = Extent.allCases.randomElement(using: &dice) else {
            return
        }
        let (starts, ends) = times(&dice)
        try tx.run(
            """
            INSERT INTO restriction (
                id, account, subject, extent, ground, decider, evidence, decided, review, ended)
            VALUES (
                \(String(dice.next())), \(account), \(person), \(extent), 'order', 'a court', 'made up',
                \(starts), '2027-01-01', \(ends))
            """)
    }

    /// A decision on capacity, in force or not, for one matter.
    private static func represent(
        _ account: String, _ person: String, _ dice: inout Dice, _ tx: any WriteTransaction
    ) throws {
        guard let matter = Matter.allCases.randomElement(using: &dice) else { return }
        let (starts, ends) = times(&dice)
        let review = now.dayInEngland.adding(.days(Int.random(in: -1...1, using: &dice)))
        try tx.run(
            """
            INSERT INTO capacity_decision (id, subject, account, matter, decider, evidence, decided, review, ended)
            VALUES (
                \(String(dice.next())), \(person), \(account), \(matter), 'somebody', 'made up', \(starts),
                \(review), \(ends))
            """)
    }

    private static func describe(_ person: String, _ dice: inout Dice, _ tx: any WriteTransaction) throws {
        for label in Label.allCases where Int.random(in: 0..<6, using: &dice) == 0 {
            let (starts, ends) = times(&dice)
            try tx.run(
                """
                INSERT INTO subject_label (subject, label, decided, ended)
                VALUES (\(person), \(label), \(starts), \(ends))
                """)
        }
        guard Int.random(in: 0..<8, using: &dice) > 0 else { return }
        let day = now.dayInEngland.adding(.days(Int.random(in: -1...1, using: &dice)))
        try tx.run("INSERT INTO access_subject (id, rights_pass) VALUES (\(person), \(day))")
    }

    /// A beginning and perhaps an end: past, a moment ago, now, a moment ahead.
    private static func times(_ dice: inout Dice) -> (starts: Instant, ends: Instant?) {
        let near = [-86_400_000, -86_400_000, -1, 0, 1]
        let starts = now.adding(milliseconds: near.randomElement(using: &dice) ?? 0)
        guard Bool.random(using: &dice) else { return (starts, nil) }
        let ends = now.adding(milliseconds: near.randomElement(using: &dice) ?? 0)
        return (starts, max(starts, ends))
    }
}
