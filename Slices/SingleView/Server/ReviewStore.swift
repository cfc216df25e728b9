import Access
import AccessServer
import Kernel
import PeopleServer
import SingleView
import Storage

/// What somebody says of two records.
enum Verdict: String, CaseIterable, Sendable, Storable {
    case same, different, unsure

    var words: String {
        switch self {
        case .same: "Same child"
        case .different: "Different children"
        case .unsure: "Cannot tell"
        }
    }
}

/// Two records as they are compared.
struct ComparedPair: Sendable {
    struct Record: Sendable {
        let number: Int
        let source: String
        let person: String
        let firstDay, asOf: Day
        let gone: Day?
        let cells: [String: String]
        /// The sources of the other records of the same person.
        let others: [String]
    }

    /// A doubt, or a pair of the sample.
    let id: String
    let isSample: Bool
    let kind: Doubt.Kind
    let chance: Double
    let model: String
    let made: Instant
    let closed: Bool
    let one, other: Record
    /// Whether somebody said something already, and a second is asked.
    var isSecond = false
    /// Whether an answer “same child” waits for a second person.
    var takesTwo = false
    /// How many records would leave where they are different children, and the sources of these.
    var leaving: [String] = []
}

/// The queue of pairs, as far as one keeper may see it: never a pair of somebody protected, nor of somebody they are
/// kept from or have to do with.
struct ReviewStore {
    let tx: any Transaction
    let account: String
    let now: Instant

    static let leaseMinutes = 5

    /// That this keeper may see both records of the pair.
    private var mayBeSeen: SQL {
        """
        one.compartment = '' AND two.compartment = '' AND one.person IS NOT NULL AND two.person IS NOT NULL
            AND \(JoinedPersons.mayBeCompared(by: account, at: now, column: "one.person"))
            AND \(JoinedPersons.mayBeCompared(by: account, at: now, column: "two.person"))
            AND NOT EXISTS (SELECT 1 FROM sealed_set WHERE sealed_set.person IN (one.person, two.person))
            AND NOT EXISTS (SELECT 1 FROM fresh_start WHERE fresh_start.person IN (one.person, two.person))
            AND \(People.living("one.person")) AND \(People.living("two.person"))
        """
    }

    /// That this keeper may see the record and whose it is.
    var mayBeFound: SQL {
        """
        one.compartment = '' AND \(JoinedPersons.mayBeCompared(by: account, at: now, column: "one.person"))
            AND NOT EXISTS (SELECT 1 FROM sealed_set WHERE sealed_set.person = one.person)
            AND NOT EXISTS (SELECT 1 FROM fresh_start WHERE fresh_start.person = one.person)
            AND \(People.living("one.person"))
        """
    }

    private var isOpen: SQL {
        """
        doubt.closed IS NULL AND \(mayBeSeen)
            AND ((doubt.kind = 'join' AND one.person <> two.person)
                OR (doubt.kind = 'part' AND one.person = two.person))
            AND NOT EXISTS (SELECT 1 FROM opinion WHERE opinion.doubt = doubt.id AND opinion.decider = \(account)
                AND opinion.undone IS NULL)
        """
    }

    private func isFree(_ item: SQL) -> SQL {
        """
        NOT EXISTS (SELECT 1 FROM review_lease WHERE review_lease.item = \(item) AND review_lease.holder <> \(account)
            AND review_lease.until > \(now))
        """
    }

    private let doubts: SQL = """
        doubt JOIN held_record one ON one.number = doubt.one JOIN held_record two ON two.number = doubt.other
        """
    private let samples: SQL = """
        sample_pair JOIN held_record one ON one.number = sample_pair.one
            JOIN held_record two ON two.number = sample_pair.other
        """

    // MARK: - The queue

    /// The pair whose answer is worth most and that nobody else has before them.
    func next() throws -> String? {
        try tx.row(
            """
            SELECT doubt.id FROM \(doubts) WHERE \(isOpen) AND \(isFree("doubt.id"))
            ORDER BY doubt.worth DESC, doubt.id LIMIT 1
            """)?.get("id")
    }

    /// The next pair of the newest sample, in the order in which it was drawn.
    func nextSample() throws -> String? {
        try tx.row(
            """
            SELECT sample_pair.id FROM \(samples)
            WHERE sample_pair.verdict IS NULL AND sample_pair.run = (\(QualityStore.newestRun)) AND \(mayBeSeen)
                AND \(isFree("sample_pair.id"))
            ORDER BY sample_pair.place, sample_pair.id LIMIT 1
            """)?.get("id")
    }

    struct Standing: Sendable {
        var toJoin = 0, toPart = 0, seconds = 0, samples = 0, sampled = 0
        var oldest: Instant?
        /// How many are worth much, some and little.
        var much = 0, some = 0, little = 0
        /// How many were decided on each day, the newest first, and how many of these by this keeper.
        var days: [(day: String, all: Int, mine: Int)] = []
        var waiting: Int { toJoin + toPart }
    }

    func standing() throws -> Standing {
        var found = Standing()
        try tx.each(
            """
            SELECT doubt.kind, doubt.worth, doubt.made,
                CASE WHEN EXISTS (SELECT 1 FROM opinion WHERE opinion.doubt = doubt.id AND opinion.undone IS NULL)
                    THEN 1 ELSE 0 END AS seconds
            FROM \(doubts) WHERE \(isOpen)
            """
        ) { row in
            if try row.get("kind", as: String.self) == Doubt.Kind.join.rawValue {
                found.toJoin += 1
            } else {
                found.toPart += 1
            }
            found.seconds += try row.get("seconds", as: Int.self)
            let (worth, made) = (try row.get("worth", as: Double.self), try row.get("made", as: Instant.self))
            if worth >= 1.5 { found.much += 1 } else if worth >= 0.75 { found.some += 1 } else { found.little += 1 }
            found.oldest = min(found.oldest ?? made, made)
        }
        for row in try tx.rows(
            """
            SELECT SUBSTR(at, 1, 10) AS day, COUNT(*) AS n,
                SUM(CASE WHEN decider = \(account) THEN 1 ELSE 0 END) AS mine
            FROM link_decision WHERE undone IS NULL GROUP BY SUBSTR(at, 1, 10) ORDER BY day DESC LIMIT 7
            """)
        {
            found.days.append((try row.get("day"), try row.get("n"), try row.get("mine")))
        }
        let sample = try tx.row(
            """
            SELECT COUNT(*) AS n, COUNT(sample_pair.verdict) AS done FROM \(samples)
            WHERE sample_pair.run = (\(QualityStore.newestRun)) AND (sample_pair.verdict IS NOT NULL OR \(mayBeSeen))
            """)
        found.samples = try sample?.get("n") ?? 0
        found.sampled = try sample?.get("done") ?? 0
        return found
    }

    // MARK: - One pair

    /// A doubt, or a pair of the sample; nil where there is none that this keeper may see, or it is no question any
    /// more.
    func pair(_ id: String) throws -> ComparedPair? {
        let columns: SQL = """
            one.number AS one, one.source AS one_source, one.person AS one_person, one.first_day AS one_first,
            one.as_of AS one_as_of, one.gone AS one_gone, two.number AS two, two.source AS two_source,
            two.person AS two_person, two.first_day AS two_first, two.as_of AS two_as_of, two.gone AS two_gone
            """
        if let row = try tx.row(
            """
            SELECT doubt.id, doubt.kind, doubt.chance, doubt.model, doubt.made, doubt.closed, \(columns)
            FROM \(doubts) WHERE doubt.id = \(id) AND \(mayBeSeen)
            """)
        {
            return try completed(pair(row, isSample: false, kind: row.get("kind"), model: row.get("model")))
        }
        return try tx.row(
            """
            SELECT sample_pair.id, sample_pair.chance, sample_run.made, sample_pair.at AS closed,
                CASE WHEN one.person = two.person THEN 'part' ELSE 'join' END AS kind, sample_run.model, \(columns)
            FROM \(samples) JOIN sample_run ON sample_run.id = sample_pair.run
            WHERE sample_pair.id = \(id) AND \(mayBeSeen)
            """
        ).map { try pair($0, isSample: true, kind: $0.get("kind"), model: $0.get("model")) }
    }

    private func pair(_ row: Row, isSample: Bool, kind: Doubt.Kind, model: String) throws -> ComparedPair {
        func record(_ side: String) throws -> ComparedPair.Record {
            let number = try row.get(side, as: Int.self)
            let person = try row.get("\(side)_person", as: String.self)
            let others = try tx.rows(
                """
                SELECT source FROM held_record WHERE person = \(person) AND number <> \(number)
                    AND compartment = '' ORDER BY source, number LIMIT 50
                """
            ).map { try $0.get("source", as: String.self) }
            return ComparedPair.Record(
                number: number, source: try row.get("\(side)_source"), person: person,
                firstDay: try row.get("\(side)_first"), asOf: try row.get("\(side)_as_of"),
                gone: try row.optional("\(side)_gone"), cells: try cells(of: number), others: others)
        }
        return ComparedPair(
            id: try row.get("id"), isSample: isSample, kind: kind, chance: try row.get("chance"), model: model,
            made: try row.get("made"), closed: try row.optional("closed", as: String.self) != nil,
            one: try record("one"), other: try record("two"))
    }

    /// What a record says that is compared.
    func cells(of number: Int) throws -> [String: String] {
        var cells: [String: String] = [:]
        try tx.each(
            """
            SELECT cells FROM held_part
            WHERE record = \(number) AND until IS NULL AND class IN ('identity', 'location')
            """
        ) { part in
            for (name, value) in Cells.read(try part.get("cells")) where !value.isEmpty { cells[name] = value }
        }
        return cells
    }

    private func completed(_ given: ComparedPair) throws -> ComparedPair {
        var pair = given
        pair.isSecond =
            try tx.row("SELECT id FROM opinion WHERE doubt = \(pair.id) AND undone IS NULL LIMIT 1") != nil
        switch pair.kind {
        case .join:
            pair.takesTwo = try JoinedPersons.needsTwo(pair.one.person, pair.other.person, at: now, in: tx)
        case .part:
            let going = try leaving(pair).leaving
            pair.leaving = try tx.rows(
                "SELECT source FROM held_record WHERE number IN \(going.sorted()) ORDER BY source"
            )
            .map { try $0.get("source") }
        }
        return pair
    }

    /// Which records leave where two of one person’s are of two children: the one linked later goes, never the
    /// council’s.
    func leaving(_ pair: ComparedPair) throws -> (leaving: Set<Int>, staying: Int) {
        func since(_ record: ComparedPair.Record) throws -> (Int, String, Int) {
            let since = try tx.row("SELECT MIN(since) AS since FROM membership WHERE record = \(record.number)")?
                .optional("since", as: String.self)
            return (record.source == LinkStore.council ? 0 : 1, since ?? "", record.number)
        }
        let isOther = try since(pair.other) > since(pair.one)
        let (going, staying) = isOther ? (pair.other.number, pair.one.number) : (pair.one.number, pair.other.number)
        var (records, best): (Set<Int>, [Int: Int]) = ([], [:])
        try tx.each(
            """
            SELECT held_record.number, held_record.source, record_link.other
            FROM held_record LEFT JOIN record_link ON record_link.record = held_record.number
            WHERE held_record.person = \(pair.one.person)
            """
        ) { row in
            let number = try row.get("number", as: Int.self)
            // The council’s own record is the person’s who was here before.
            guard try row.get("source", as: String.self) != LinkStore.council || number == going else { return }
            records.insert(number)
            best[number] = try row.optional("other")
        }
        let same = try tx.rows(
            """
            SELECT one, other FROM link_decision
            WHERE undone IS NULL AND verdict = \(Verdict.same) AND one IN \(records.sorted())
            """
        ).map { (try $0.get("one", as: Int.self), try $0.get("other", as: Int.self)) }
        return (Decided.leaving(going, from: staying, of: records, same: same, best: best), staying)
    }

    /// What this keeper said last, and may take back.
    func last() throws -> (id: String, verdict: Verdict)? {
        let since = now.adding(milliseconds: -3_600_000)
        return try tx.row(
            """
            SELECT id, verdict FROM (
                SELECT id, verdict, at FROM link_decision WHERE decider = \(account) AND undone IS NULL
                UNION ALL
                SELECT id, verdict, at FROM opinion WHERE decider = \(account) AND undone IS NULL AND decision IS NULL
                UNION ALL
                SELECT id, verdict, at FROM sample_pair WHERE decider = \(account) AND verdict IS NOT NULL
            ) said WHERE at > \(since) ORDER BY at DESC, id DESC LIMIT 1
            """
        ).map { (try $0.get("id"), try $0.get("verdict")) }
    }

    /// Whether somebody else has the pair before them.
    func isHeldByAnother(_ id: String) throws -> Bool {
        try tx.row("SELECT item FROM review_lease WHERE item = \(id) AND holder <> \(account) AND until > \(now)")
            != nil
    }

    func hold(_ id: String, in writing: any WriteTransaction) throws {
        let until = now.adding(milliseconds: Self.leaseMinutes * 60_000)
        try writing.run(
            """
            INSERT INTO review_lease (item, holder, until) VALUES (\(id), \(account), \(until))
            ON CONFLICT (item) DO UPDATE SET holder = excluded.holder, until = excluded.until
            """)
    }
}

extension Doubt.Kind: Storable {}
