import Access
import AccessServer
import Kernel
import SingleView
import Storage

/// What is kept of why records stand on one page, read for records that the actor may see: whatever else a record was
/// linked with is not read.
struct ExplainStore {
    let tx: any Transaction
    let scope: Scope
    let policy: Policy

    /// How sure a model was of two records.
    struct Figure: Hashable, Sendable {
        let chance: Double
        let model: String
        let made: Instant
    }

    /// A decision of a person about two records.
    struct Decided: Hashable, Sendable {
        /// What they are, never their name.
        let who: String
        let at: Instant
    }

    /// Why a record stands on its page, and since when.
    struct Place: Hashable, Sendable {
        let cause: String
        let since: Instant
    }

    /// The figures of pairs of which both are among these.
    func figures(among numbers: [Int]) throws -> [PairOfRecords: Figure] {
        var found: [PairOfRecords: Figure] = [:]
        func take(_ row: Storage.Row, _ number: String) throws {
            let pair = PairOfRecords(try row.get(number), try row.get("other"))
            found[pair] = Figure(chance: try row.get("chance"), model: try row.get("model"), made: try row.get("made"))
        }
        try tx.each(
            """
            SELECT record, other, chance, model, made FROM record_link
            WHERE record IN \(numbers) AND other IN \(numbers) ORDER BY record
            """
        ) { try take($0, "record") }
        try tx.each(
            """
            SELECT one, other, chance, model, made FROM record_pair
            WHERE one IN \(numbers) AND other IN \(numbers) ORDER BY one, other
            """
        ) { try take($0, "one") }
        return found
    }

    /// What people decided of pairs of which both are among these: that they are of one child.
    func decisions(among numbers: [Int]) throws -> [PairOfRecords: Decided] {
        var found: [PairOfRecords: Decided] = [:]
        let rows = try tx.rows(
            """
            SELECT one, other, decider, at FROM link_decision
            WHERE verdict = 'same' AND undone IS NULL AND one IN \(numbers) AND other IN \(numbers) ORDER BY at, id
            """)
        for row in rows {
            found[PairOfRecords(try row.get("one"), try row.get("other"))] = Decided(
                who: try Looks.who(try row.get("decider"), in: tx), at: try row.get("at"))
        }
        return found
    }

    func places(of numbers: [Int]) throws -> [Int: Place] {
        var found: [Int: Place] = [:]
        try tx.each("SELECT record, cause, since FROM membership WHERE until IS NULL AND record IN \(numbers)") { row in
            found[try row.get("record")] = Place(cause: try row.get("cause"), since: try row.get("since"))
        }
        return found
    }

    /// The sources’ own numbers of these records, for whoever may know where the person is: a number can tell which
    /// setting gave it.
    func refs(of numbers: [Int]) throws -> [Int: String] {
        var found: [Int: String] = [:]
        try tx.each(
            """
            SELECT number, ref FROM held_record
            WHERE number IN \(numbers) AND source <> \(LinkStore.council)
                AND \(policy.people(.see, .location, for: scope, column: "held_record.person"))
            """
        ) { found[try $0.get("number")] = try $0.get("ref") }
        return found
    }

    /// Keeps how sure the model was of pairs of one child.
    static func keep(
        _ pairs: [(one: Int, other: Int, chance: Double)], model: String, in tx: any WriteTransaction
    ) throws {
        for found in pairs {
            let pair = PairOfRecords(found.one, found.other)
            try tx.run(
                """
                INSERT INTO record_pair (one, other, chance, model, made)
                VALUES (\(pair.one), \(pair.other), \(found.chance), \(model), \(tx.now))
                ON CONFLICT (one, other) DO UPDATE SET chance = excluded.chance, model = excluded.model,
                    made = excluded.made
                """)
        }
    }
}
