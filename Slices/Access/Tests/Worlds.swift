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

/// A few accounts and persons with whatever may be between them, put down by chance: times just before, at and after
/// the moment of the question too.
struct World {
    static let now = Instant(milliseconds: 1_795_000_000_000)
    static let accounts = ["ann", "ben", "cas"]
    static let persons = ["one", "two", "three", "four"]

    let roles: [String: Set<Role>]

    /// - Parameter tx: where it is put; what was there before is taken away.
    init(by dice: inout Dice, in tx: any WriteTransaction) throws {
        tx.record(.housekeeping)
        for table in ["relationship", "restriction", "subject_label", "access_subject", "capacity_decision"] as [SQL] {
            try tx.run("DELETE FROM \(table)")
        }
        var roles: [String: Set<Role>] = [:]
        for account in World.accounts {
            roles[account] = Set(
                (0..<Int.random(in: 0...2, using: &dice)).compactMap { _ in
                    Role.allCases.randomElement(using: &dice)
                })
            for person in World.persons {
                for _ in 0..<Int.random(in: 0...2, using: &dice) {
                    guard let kind = RelationshipKind.allCases.randomElement(using: &dice) else { continue }
                    let (starts, ends) = World.times(&dice)
                    try tx.run(
                        """
                        INSERT INTO relationship (id, account, subject, kind, starts, ends, evidence, version)
                        VALUES (
                            \(String(dice.next())), \(account), \(person), \(kind), \(starts), \(ends), 'made up', 1)
                        """)
                }
                for _ in 0..<Int.random(in: 0...1, using: &dice) {
                    try World.represent(account, person, &dice, tx)
                }
                let extent = Extent.allCases.randomElement(using: &dice)
                if Int.random(in: 0..<5, using: &dice) == 0, let extent {
                    let (starts, ends) = World.times(&dice)
                    try tx.run(
                        """
                        INSERT INTO restriction (
                            id, account, subject, extent, ground, decider, evidence, decided, review, ended)
                        VALUES (
                            \(String(dice.next())), \(account), \(person), \(extent), 'order', 'a court', 'made up',
                            \(starts), '2027-01-01', \(ends))
                        """)
                }
            }
        }
        self.roles = roles
        for person in World.persons { try World.describe(person, &dice, tx) }
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
