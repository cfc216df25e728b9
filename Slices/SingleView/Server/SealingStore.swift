import Access
import AccessServer
import Cryptography
import Kernel
import People
import PeopleServer
import SingleView
import Storage

/// A request that a second person decides.
struct SealingRequest: Sendable, CustomStringConvertible {
    let id: String
    let kind: Sealing.Kind
    let person: String
    let set: String?
    let ground: Sealing.Ground
    let reason: String
    let asker: String
    /// The name of whoever asks.
    let name: String
    let asked: Instant
    let ends: Instant

    var description: String { id }
}

/// A sealed set, as those who keep it see it: neither whose it is nor what is in it.
struct SealedSet: Sendable {
    let id: String
    let ground: Sealing.Ground
    let made: Instant
    let ended: Instant?
}

/// Sealing what went before, and opening it again: two people each time.
enum Sealings {
    /// Why nothing may be said about whoever is sealed, as it stands with the silence.
    static let cause = "sealed"

    // MARK: - Reading

    static func waiting(at now: Instant, in tx: any Transaction) throws -> [SealingRequest] {
        try tx.rows("SELECT \(columns) WHERE verdict IS NULL AND sealing.ends > \(now) ORDER BY asked, sealing.id")
            .map(request)
    }

    static func sets(limit: Int, in tx: any Transaction) throws -> [SealedSet] {
        try tx.rows("SELECT id, ground, made, ended FROM sealed_set ORDER BY made DESC, id LIMIT \(limit)").map(set)
    }

    /// A set that is not opened; nil where there is none.
    static func set(_ id: String, in tx: any Transaction) throws -> SealedSet? {
        try tx.row("SELECT id, ground, made, ended FROM sealed_set WHERE id = \(id) AND ended IS NULL").map(set)
    }

    private static func request(_ id: String, in tx: any Transaction) throws -> SealingRequest? {
        try tx.row("SELECT \(columns) WHERE sealing.id = \(id) AND verdict IS NULL").map(request)
    }

    /// Whether there is somebody by this reference who is not sealed already.
    static func mayBeSealed(_ person: String, in tx: any Transaction) throws -> Bool {
        try tx.row("SELECT id FROM person WHERE id = \(person) AND \(AccessStore.unsealed("person.id"))") != nil
    }

    // MARK: - Asking

    /// Asks a second person to seal what is held of a person.
    ///
    /// - Returns: false where there is nobody by this reference who is not sealed already.
    static func askToSeal(
        _ person: String, _ ground: Sealing.Ground, by asker: String, reason: String, id: String,
        in tx: any WriteTransaction
    ) throws -> Bool {
        guard try mayBeSealed(person, in: tx) else {
            tx.record(.housekeeping)
            return false
        }
        try ask(.seal, person, nil, ground, by: asker, reason, id, in: tx)
        return true
    }

    /// Asks a second person to open a set for good.
    static func askToUnseal(
        _ set: String, by asker: String, reason: String, id: String, in tx: any WriteTransaction
    ) throws -> Bool {
        let held = try tx.row("SELECT person, ground FROM sealed_set WHERE id = \(set) AND ended IS NULL")
        guard let held else {
            tx.record(.housekeeping)
            return false
        }
        try ask(.unseal, held.get("person"), set, held.get("ground"), by: asker, reason, id, in: tx)
        return true
    }

    private static func ask(
        _ kind: Sealing.Kind, _ person: String, _ set: String?, _ ground: Sealing.Ground, by asker: String,
        _ reason: String, _ id: String, in tx: any WriteTransaction
    ) throws {
        let ends = tx.now.adding(milliseconds: Emergency.approvalDays * 86_400_000)
        try tx.run(
            """
            INSERT INTO sealing (id, kind, person, sealed_set, ground, reason, asker, asked, ends)
            VALUES (\(id), \(kind), \(person), \(set), \(ground), \(reason), \(asker), \(tx.now), \(ends))
            """)
        // The request is what is noted, never the person: the journal leads nowhere.
        tx.record(Event("sealing.asked", subject: id, detail: "kind=\(kind.rawValue)"))
        try Reviewers.tell(
            "Somebody asks for your approval", "Two people decide on it together: /sealed-sets", to: deciders, in: tx)
    }

    static let deciders: [Role] = [.safeguardingLead, .dataProtectionOfficer, .teamManager]

    // MARK: - Deciding

    /// Decides on a request, and does it where it is approved of.
    ///
    /// - Returns: false where it is over, was decided, or the two are not two.
    static func decide(
        _ id: String, by decider: String, _ verdict: Sealing.Verdict, in tx: any WriteTransaction
    ) throws -> Bool {
        guard let held = try request(id, in: tx), held.ends > tx.now,
            try SecondPerson.isApart(held.asker, from: decider, in: tx, at: tx.now)
        else {
            tx.record(.housekeeping)
            return false
        }
        try tx.run(
            "UPDATE sealing SET decider = \(decider), decided = \(tx.now), verdict = \(verdict) WHERE id = \(id)")
        tx.record(Event("sealing.\(verdict.rawValue)", subject: id, detail: "kind=\(held.kind.rawValue)"))
        guard verdict == .approved else { return true }
        switch (held.kind, held.set) {
        case (.seal, _): try seal(held.person, held.ground, by: held.asker, in: tx)
        case (.unseal, let set?): try unseal(set, in: tx)
        case (.unseal, nil): break
        }
        return true
    }

    /// Seals all that is held of a person, and of those whose records were joined to theirs.
    static func seal(
        _ person: String, _ ground: Sealing.Ground, by maker: String, in tx: any WriteTransaction
    ) throws {
        let set = Sodium.hex(Sodium.random(12))
        try tx.run(
            """
            INSERT INTO sealed_set (id, person, ground, made, maker)
            VALUES (\(set), \(person), \(ground), \(tx.now), \(maker))
            """)
        for one in try joined(to: person, in: tx) {
            try tx.run("UPDATE held_record SET compartment = \(set) WHERE person = \(one) AND compartment = ''")
            try tx.run(
                "INSERT INTO put_aside (sealed_set, place, row_key, cells) VALUES (\(set), 'person', \(one), '')")
            try AccessStore.label(one, .sealed, in: tx)
            try Silence.begin(about: one, because: cause, in: tx)
        }
        try putAside(set, in: tx)
        // What waits for an answer names children: inside a set there are no questions.
        try tx.run("DELETE FROM doubt WHERE \(touches("one", set)) OR \(touches("other", set))")
        try tx.run(
            """
            UPDATE refused_row SET ref = NULL, written = ''
            WHERE EXISTS (SELECT 1 FROM held_record
                JOIN delivery ON delivery.source = held_record.source AND delivery.id = refused_row.delivery
                WHERE held_record.compartment = \(set) AND held_record.ref = refused_row.ref)
            """)
        tx.record(Event(SealingEvents.sealed, subject: set, detail: "ground=\(ground.rawValue)"))
    }

    /// Opens a set for good: its records can be linked again, and whoever was kept out sees what the rules say.
    private static func unseal(_ set: String, in tx: any WriteTransaction) throws {
        guard try self.set(set, in: tx) != nil else { return }
        try tx.run("UPDATE sealed_set SET ended = \(tx.now) WHERE id = \(set)")
        try tx.run("UPDATE held_record SET compartment = '' WHERE compartment = \(set)")
        for row in try tx.rows("SELECT row_key FROM put_aside WHERE sealed_set = \(set) AND place = 'person'") {
            let one: String = try row.get("row_key")
            try AccessStore.remove(.sealed, of: one, in: tx)
            try Silence.end(about: one, because: cause, in: tx)
        }
        try putBack(set, in: tx)
        tx.record(Event(SealingEvents.unsealed, subject: set))
        try Work.add(SingleViewJobs.link, about: set, due: tx.now, in: tx)
    }

    /// A person with those whose records were joined to theirs, however far back.
    private static func joined(to person: String, in tx: any Transaction) throws -> [String] {
        var all = [person]
        var place = 0
        while place < all.count {
            let others = try tx.rows(
                """
                SELECT other FROM person_change WHERE kept = \(all[place]) AND kind = 'join' AND undone IS NULL
                ORDER BY other
                """
            ).map { try $0.get("other", as: String.self) }
            all += others.filter { !all.contains($0) }
            place += 1
        }
        return all
    }

    private static func touches(_ column: SQL, _ set: String) -> SQL {
        "\(column) IN (SELECT number FROM held_record WHERE compartment = \(set))"
    }

    /// The name of a new person who begins anew: typed in now, led to by nothing. It is noted as every other is.
    static func begin(
        _ person: Person, _ label: Label, by account: String, until ends: Instant, in tx: any WriteTransaction
    ) throws {
        try People.keep(person, nil, in: tx)
        try AccessStore.relate(
            account, to: person.id.text, as: .caseTeam, until: ends, evidence: "added the person", in: tx)
        try AccessStore.label(person.id.text, label, in: tx)
        try tx.run("INSERT INTO fresh_start (person) VALUES (\(person.id.text))")
    }

    private static let columns: SQL = """
        sealing.id, kind, person, sealed_set, ground, reason, asker, COALESCE(account.name, asker) AS name, asked,
            sealing.ends
        FROM sealing LEFT JOIN account ON account.id = asker
        """

    private static func request(_ row: Storage.Row) throws -> SealingRequest {
        SealingRequest(
            id: try row.get("id"), kind: try row.get("kind"), person: try row.get("person"),
            set: try row.optional("sealed_set"), ground: try row.get("ground"), reason: try row.get("reason"),
            asker: try row.get("asker"), name: try row.get("name"), asked: try row.get("asked"),
            ends: try row.get("ends"))
    }

    private static func set(_ row: Storage.Row) throws -> SealedSet {
        SealedSet(
            id: try row.get("id"), ground: try row.get("ground"), made: try row.get("made"),
            ended: try row.optional("ended"))
    }
}

// MARK: - What led into a set

extension Sealings {
    /// Puts aside what led into the set from outside, or tells of it: likeliest partners, and what people decided.
    private static func putAside(_ set: String, in tx: any WriteTransaction) throws {
        let links = try tx.rows(
            """
            SELECT record, other, chance, model, made FROM record_link
            WHERE \(touches("record", set)) OR \(touches("other", set))
            """)
        for row in links {
            let cells = Cells.text([
                ("record", "\(try row.get("record", as: Int.self))"),
                ("other", "\(try row.get("other", as: Int.self))"),
                ("chance", "\(try row.get("chance", as: Double.self))"), ("model", try row.get("model")),
                ("made", try row.get("made")),
            ])
            try keep(set, "record_link", "\(try row.get("record", as: Int.self))", cells, in: tx)
        }
        try tx.run("DELETE FROM record_link WHERE \(touches("record", set)) OR \(touches("other", set))")
        let decisions = try tx.rows(
            """
            SELECT id, one, other, verdict, decider, at, reason, undone, undoer FROM link_decision
            WHERE \(touches("one", set)) OR \(touches("other", set))
            """)
        for row in decisions {
            let cells = Cells.text([
                ("one", "\(try row.get("one", as: Int.self))"), ("other", "\(try row.get("other", as: Int.self))"),
                ("verdict", try row.get("verdict")), ("decider", try row.get("decider")), ("at", try row.get("at")),
                ("reason", try row.get("reason")), ("undone", try row.optional("undone") ?? ""),
                ("undoer", try row.optional("undoer") ?? ""),
            ])
            try keep(set, "link_decision", row.get("id"), cells, in: tx)
        }
        try tx.run("DELETE FROM link_decision WHERE \(touches("one", set)) OR \(touches("other", set))")
    }

    private static func keep(
        _ set: String, _ place: String, _ key: String, _ cells: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO put_aside (sealed_set, place, row_key, cells) VALUES (\(set), \(place), \(key), \(cells))
            """)
    }

    private static func putBack(_ set: String, in tx: any WriteTransaction) throws {
        let rows = try tx.rows(
            """
            SELECT place, row_key, cells FROM put_aside WHERE sealed_set = \(set) AND place <> 'person'
            ORDER BY row_key
            """
        )
        for row in rows {
            let cells = Dictionary(
                Cells.read(try row.get("cells")).map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
            func text(_ name: String) -> String { cells[name] ?? "" }
            func optional(_ name: String) -> String? { cells[name].flatMap { $0.isEmpty ? nil : $0 } }
            if try row.get("place") == "record_link" {
                guard let record = Int(text("record")), let other = Int(text("other")),
                    let chance = Double(text("chance"))
                else { continue }
                try tx.run(
                    """
                    INSERT INTO record_link (record, other, chance, model, made)
                    VALUES (\(record), \(other), \(chance), \(text("model")), \(text("made")))
                    ON CONFLICT (record) DO NOTHING
                    """)
            } else if let one = Int(text("one")), let other = Int(text("other")) {
                try tx.run(
                    """
                    INSERT INTO link_decision (id, one, other, verdict, decider, at, reason, undone, undoer)
                    VALUES (\(try row.get("row_key", as: String.self)), \(one), \(other), \(text("verdict")),
                        \(text("decider")), \(text("at")), \(text("reason")), \(optional("undone")),
                        \(optional("undoer")))
                    ON CONFLICT (id) DO NOTHING
                    """)
            }
        }
        try tx.run("DELETE FROM put_aside WHERE sealed_set = \(set)")
    }
}

extension Sealing.Ground: Storable {}
extension Sealing.Kind: Storable {}
extension Sealing.Verdict: Storable {}

/// What is noted of sealed sets.
enum SealingEvents {
    static let sealed = "set.sealed"
    static let unsealed = "set.unsealed"
}

// MARK: - What stays out of sight

extension LinkStore {
    /// True for a record that linking, and every index made from it, may read: of no sealed set, and of nobody who
    /// began anew. To those the program links nothing by itself; people join what agencies send.
    static let mayBeLinked: SQL = """
        held_record.compartment = ''
            AND NOT EXISTS (SELECT 1 FROM fresh_start WHERE fresh_start.person = held_record.person)
        """
}

extension Sealings {
    /// The sealed records of the source of a delivery, by the source’s own numbers.
    static func refs(of delivery: String, in tx: any Transaction) throws -> Set<String> {
        Set(
            try tx.rows(
                """
                SELECT held_record.ref FROM held_record JOIN delivery ON delivery.source = held_record.source
                WHERE delivery.id = \(delivery) AND held_record.compartment <> ''
                """
            ).map { try $0.get("ref", as: String.self) })
    }
}

extension RefusedRow {
    /// The row without what stood in it: it is of a sealed set.
    var emptied: RefusedRow { RefusedRow(line: line, ref: nil, faults: faults, written: [:], isLong: isLong) }
}
