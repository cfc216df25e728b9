import Access
import AccessServer
import Casework
import Kernel
import NoticesServer
import Storage

/// Writing cases: every change is an event more.
enum Cases {
    static let columns: SQL = """
        id, ehc_case, number, kind, day, source, outcome, about, fact, corrects, annuls, at, who
        """

    /// An event from a row that begins with `columns`: by their places, since an officer’s day reads thousands.
    static func event(_ row: Row) throws -> CaseEvent {
        func text(_ place: Int) throws -> String { try String.reading(row.value(at: place)) }
        let corrects = try String?.reading(row.value(at: 9))
        let isAnnulled = try Bool.reading(row.value(at: 10))
        return CaseEvent(
            try text(0), try CaseEvent.Kind.reading(row.value(at: 3)), on: try Day.reading(row.value(at: 4)),
            source: try text(5), outcome: try text(6), about: try text(7), fact: try text(8),
            correcting: corrects.map { CaseEvent.Correction(of: $0, isAnnulled: isAnnulled) })
    }

    /// An event with what is written with it.
    struct Entry: Sendable {
        let event: CaseEvent
        let texts: [TextPart: String]
    }

    /// A case whole, whoever asks: for rules, inside a write that was allowed.
    static func file(_ id: String, in tx: any Transaction) throws -> Case {
        Case(
            id,
            try tx.rows("SELECT \(columns) FROM case_event WHERE ehc_case = \(id) ORDER BY number").map(event))
    }

    /// The name and birthday of the child or young person, for whoever was found to be allowed to know.
    static func child(_ person: String, in tx: any Transaction) throws -> (name: String, born: Day)? {
        try tx.row("SELECT given, family, born FROM person WHERE id = \(person)").map { row in
            (
                "\(try row.get("given", as: String.self)) \(try row.get("family", as: String.self))",
                try row.get("born")
            )
        }
    }

    static func person(of id: String, in tx: any Transaction) throws -> String? {
        try tx.row("SELECT person FROM ehc_case WHERE id = \(id)").map { try $0.get("person") }
    }

    static func version(of id: String, in tx: any Transaction) throws -> Int? {
        try tx.row("SELECT version FROM ehc_case WHERE id = \(id)").map { try $0.get("version") }
    }

    /// The case of a person to which another request is joined: the one that is open.
    static func open(of person: String, in tx: any Transaction) throws -> String? {
        let open = CaseState.allCases.filter(\.isOpen)
        return try tx.row(
            """
            SELECT id FROM ehc_case WHERE person = \(person) AND state IN \(open) ORDER BY opened, id LIMIT 1
            """
        )?.get("id")
    }

    /// The same, of assessments alone or of reassessments alone.
    static func open(of person: String, reassessing: Bool, in tx: any Transaction) throws -> String? {
        let (open, kind) = (CaseState.allCases.filter(\.isOpen), CaseEvent.Kind.reassessRequested)
        let asked: SQL = "SELECT 1 FROM case_event step WHERE step.ehc_case = held.id AND step.kind = \(kind)"
        let which: SQL = reassessing ? "EXISTS (\(asked))" : "NOT EXISTS (\(asked))"
        return try tx.row(
            """
            SELECT held.id FROM ehc_case held
            WHERE held.person = \(person) AND held.state IN \(open) AND \(which)
            ORDER BY held.opened, held.id LIMIT 1
            """
        )?.get("id")
    }

    /// The case to which something that came in is joined; nil where it begins one.
    ///
    /// - Throws: `CaseRefusal`, where what is open is of the other kind.
    private static func joined(_ opening: Opening, of person: String, in tx: any Transaction) throws -> String? {
        var reassesses = false
        if case .reassessment = opening.by { reassesses = true }
        if let held = try open(of: person, reassessing: reassesses, in: tx) { return held }
        guard let other = try open(of: person, reassessing: !reassesses, in: tx) else { return nil }
        if !reassesses { throw CaseRefusal.dispute(.reassessmentOpen) }
        // Where a plan is being made it may be there by now; before that there is none.
        if try file(other, in: tx).state != .issuing { throw CaseRefusal.dispute(.assessmentOpen) }
        return nil
    }

    /// The identifier of the event that a case would have next.
    static func nextID(_ file: Case) -> String { "\(file.id)-\(file.events.count + 1)" }

    /// Adds an event that was checked, with its letter where one goes with it, and tells the family.
    static func add(_ entry: Entry, to file: Case, of person: String, _ post: CasePost, in tx: any WriteTransaction)
        throws
    {
        try add(entry, to: file, of: person, by: post.actor, in: tx)
        let event = entry.event
        if event.correction?.isAnnulled != true, let letter = LetterKind.with(event) {
            try post.write(letter, for: event, number: file.events.count + 1, of: file.id, person, in: tx)
        }
    }

    /// Adds an event that was checked, and tells nobody.
    static func add(_ entry: Entry, to file: Case, of person: String, by actor: String, in tx: any WriteTransaction)
        throws
    {
        let (event, number) = (entry.event, file.events.count + 1)
        let whole = Case(file.id, file.events + [event])
        guard let opened = whole.opened else { throw StorageFault.noColumn("opening") }
        try tx.run(
            """
            INSERT INTO ehc_case (id, person, opened, state, version)
            VALUES (\(file.id), \(person), \(opened), \(whole.state), 1)
            ON CONFLICT (id) DO UPDATE SET opened = excluded.opened, state = excluded.state,
                version = ehc_case.version + 1
            """)
        try tx.run(
            """
            INSERT INTO case_event (
                id, ehc_case, number, kind, day, source, outcome, about, fact, corrects, annuls, at, who)
            VALUES (
                \(event.id), \(file.id), \(number), \(event.kind), \(event.day), \(event.source), \(event.outcome),
                \(event.about), \(event.fact), \(event.correction?.of), \(event.correction?.isAnnulled ?? false),
                \(tx.now), \(actor))
            """)
        for (part, words) in entry.texts where !words.isEmpty {
            try tx.run("INSERT INTO case_text (event, part, words) VALUES (\(event.id), \(part), \(words))")
        }
        let kind = event.kind.rawValue.replacing(".", with: "-")
        tx.record(
            Event("case.\(kind)", subject: person, detail: "case=\(file.id);event=\(event.id);day=\(event.day.iso)"))
    }

    /// What begins a case, or is joined to the one that is open.
    struct Opening: Sendable {
        enum By: Sendable {
            case request(Requester)
            /// Somebody who may not request; whether the officer says that the council knew of the child.
            case approach(isKnown: Bool)
            /// An early notice, which is attached to the person with it where it was not.
            case notice(String?)
            /// That somebody with a plan is assessed again, and when the last assessment was, where that is known.
            case reassessment(Reasker, assessed: Day?)
        }
        let by: By
        let day: Day
        let texts: [TextPart: String]
    }

    /// Begins a case, or joins what came to the open one, where the earliest governs; and says that the council is
    /// considering it, where that was not said yet.
    ///
    /// - Returns: the case.
    /// - Throws: `CaseRefusal`.
    /// - Law: Children and Families Act 2014, sections 24, 36(1) and 36(7).
    static func begin(
        _ opening: Opening, of person: String, newID: String, _ post: CasePost, in tx: any WriteTransaction
    ) throws -> String {
        let today = tx.now.dayInEngland
        let held = try joined(opening, of: person, in: tx)
        var file = try held.map { try Cases.file($0, in: tx) } ?? Case("case-\(newID)", [])
        let event = try event(opening, of: person, in: file, tx)
        try file.check(event, today: today)
        try add(Entry(event: event, texts: opening.texts), to: file, of: person, post, in: tx)
        if case .notice(let notice?) = opening.by { try Notices.attach(notice, to: person, in: tx) }
        file = try Cases.file(file.id, in: tx)
        if case .reassessment(_, let assessed?) = opening.by, file.lastAssessed == nil {
            let last = CaseEvent(nextID(file), .assessed, on: assessed)
            try file.check(last, today: today)
            try add(Entry(event: last, texts: [:]), to: file, of: person, post, in: tx)
        }
        if file.first(.acknowledged) == nil, !file.isReassessment {
            let told = CaseEvent(nextID(file), .acknowledged, on: today)
            try file.check(told, today: today)
            try add(Entry(event: told, texts: [:]), to: file, of: person, post, in: tx)
        }
        return file.id
    }

    private static func event(
        _ opening: Opening, of person: String, in file: Case, _ tx: any Transaction
    ) throws -> CaseEvent {
        let id = nextID(file)
        switch opening.by {
        case .request(let requester):
            return CaseEvent(id, .requested, on: opening.day, source: requester.rawValue)
        case .notice:
            return CaseEvent(id, .told, on: opening.day, source: Teller.notice.rawValue)
        case .reassessment(let asker, _):
            return CaseEvent(id, .reassessRequested, on: opening.day, source: asker.rawValue)
        case .approach(let isKnown):
            let isResponsible = try isKnown || isResponsible(for: person, before: opening.day, in: tx)
            return CaseEvent(
                id, isResponsible ? .approached : .told, on: opening.day, source: Teller.approach.rawValue)
        }
    }

    /// Whether the council was responsible for a child before a day: it was told, or somebody asked.
    ///
    /// - Law: Children and Families Act 2014, section 24(1).
    static func isResponsible(for person: String, before day: Day, in tx: any Transaction) throws -> Bool {
        if let told = try Notices.broughtToAttention(person, in: tx), told < day { return true }
        return try tx.row("SELECT id FROM ehc_case WHERE person = \(person) AND opened < \(day) LIMIT 1") != nil
    }
}
