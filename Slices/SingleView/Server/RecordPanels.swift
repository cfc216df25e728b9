import Access
import AccessServer
import Kernel
import People
import PeopleServer
import SingleView
import Storage
import Web

/// What of the Single View the actor may see of a person.
struct SeenRecords: Sendable {
    let person: String
    let records: [SeenRecord]
    let said: [Said]
    let words: FactWords
    /// What somebody has said is wrong.
    let wrong: Set<WrongMark>

    /// Statements that stand now.
    var current: [Statement] { said.filter { $0.until == nil }.map(\.statement) }

    /// Reads it, in the transaction of the page.
    static func read(
        _ person: String, _ book: FeedBook, _ policy: Policy, _ scope: Scope, in tx: any Transaction
    ) throws -> SeenRecords {
        let store = RecordStore(tx: tx, scope: scope, policy: policy)
        let records = try store.records(of: person)
        let said = try store.statements(of: person, in: records, book, withHistory: true)
        let wrong = try CorrectionStore(tx: tx, scope: scope, policy: policy).marks(about: person)
        return SeenRecords(
            person: person, records: records, said: said, words: FactWords(book: book), wrong: wrong)
    }

    /// The classes of what is shown: they are noted with the look.
    var classes: Set<DataClass> {
        var classes = Set(said.map(\.statement.data))
        for record in records { if let data = words.book.source(record.source)?.data { classes.insert(data) } }
        return classes
    }
}

/// The parts of a person’s page that come from agencies’ records: who holds what, each fact with its source and day.
public let recordPanels = PersonPanel { visit, policy in
    let book = try visit.live(feedBook)
    let (scope, today) = (visit.scope, visit.today)
    return { tx, id in
        let seen = try SeenRecords.read(id.text, book, policy, scope, in: tx)
        guard !seen.records.isEmpty else { return PersonPanel.Shown(RecordPanels.doors(seen), classes: []) }
        return PersonPanel.Shown(RecordPanels.all(seen, today: today), classes: seen.classes)
    }
}

enum RecordPanels {
    static func all(_ seen: SeenRecords, today: Day) -> HTML {
        """
        \(holders(seen))
        \(facts(seen))
        \(needs(seen))
        \(services(seen))
        \(places(seen))
        \(timeline(seen))
        \(doors(seen))
        """
    }

    /// The ways to what is held and why, the same whether or not there is anything.
    static func doors(_ seen: SeenRecords) -> HTML {
        """
        <p class="govuk-body">\(anchor(Link("Everything that is held", to: "/people/\(seen.person)/held"))): who holds \
        what, who looked, what to do if something is wrong</p>
        <p class="govuk-body">\(anchor(
            Link("Why these records are one child’s", to: "/people/\(seen.person)/links")))</p>
        """
    }

    /// Who holds a record, of what kind, since when.
    static func holders(_ seen: SeenRecords) -> HTML {
        let rows = seen.records.map { record -> [HTML] in
            [
                "\(seen.words.source(record.source))", kinds(record, seen), "\(record.firstDay.inWords)",
                state(of: record),
            ]
        }
        return """
            <h2 class="govuk-heading-m" id="holders">Who holds a record</h2>
            \(table("Who holds a record", head: ["Held by", "What it tells", "Since", "Newest word"], rows: rows,
                isCaptionShown: false))
            """
    }

    private static func state(of record: SeenRecord) -> HTML {
        if let gone = record.gone { return "\(tag("No longer there", .grey)) since \(gone.inWords)" }
        return "\(record.asOf.inWords)"
    }

    /// The kinds of facts in a record, in words.
    private static func kinds(_ record: SeenRecord, _ seen: SeenRecords) -> HTML {
        let classes = Set(seen.current.filter { $0.record == record.number }.map(\.data)).sorted()
        return "\(classes.isEmpty ? "a name" : classes.map(\.words).joined(separator: "; "))"
    }

    /// Facts of which there is one, settled; disagreement is shown beside.
    static func facts(_ seen: SeenRecords) -> HTML? {
        let settled = seen.words.book.settle(seen.current).filter { !placeFacts.contains($0.fact) }
        guard !settled.isEmpty else { return nil }
        let inOrder = settled.sorted { order(of: $0.fact) < order(of: $1.fact) }
        return """
            <h2 class="govuk-heading-m" id="facts">What is known</h2>
            \(factTable("What is known", inOrder, seen))
            """
    }

    private static let placeFacts: Set<String> = ["address", "postcode", "phone", "setting"]

    private static func order(of fact: String) -> Int {
        [
            "given", "middle", "family", "born", "sex", "ethnicity", "language", "nhs-number", "upn", "year-group",
            "sen-provision", "activity", "setting", "address", "postcode", "phone",
        ].firstIndex(of: fact) ?? 99
    }

    private static func factTable(_ caption: String, _ settled: [Settled], _ seen: SeenRecords) -> HTML {
        let words = seen.words
        let rows = settled.map { fact -> [HTML] in
            [
                "\(FactWords.name(of: fact.fact))",
                "\(words.value(fact.fact, fact.chosen.value)) \(HeldPages.mark(fact.chosen, seen))",
                """
                \(words.source(fact.chosen.source)), \(fact.chosen.asOf.inWords)\(disagreement(fact, words))
                """,
            ]
        }
        return table(caption, head: ["Fact", "What is shown", "Who says so"], rows: rows, isCaptionShown: false)
    }

    private static func disagreement(_ fact: Settled, _ words: FactWords) -> HTML? {
        guard !fact.otherwise.isEmpty else { return nil }
        let others = fact.otherwise.map { other -> HTML in
            """
            <li>\(words.source(other.source)), \(other.asOf.inWords): \(words.value(fact.fact, other.value))</li>
            """
        }
        let count = fact.otherwise.count == 1 ? "One source says" : "\(fact.otherwise.count) sources say"
        return details(
            "\(count) otherwise",
            """
            <ul class="govuk-list govuk-list--bullet">\(others)</ul>
            <p class="app-source">Shown by the rule \(fact.rule): \(fact.why).</p>
            """)
    }

    /// Types of need, each with who says so and when.
    static func needs(_ seen: SeenRecords) -> HTML? {
        let said = seen.said.filter { $0.statement.fact == "need" }
        guard !said.isEmpty else { return nil }
        let rows = said.sorted { ($1.from, $0.statement.record) < ($0.from, $1.statement.record) }.map {
            one -> [HTML] in
            [
                "\(seen.words.value("need", one.statement.value))", "\(seen.words.source(one.statement.source))",
                "\(one.from.inWords)", "\(one.until.map { "until \($0.inWords)" } ?? "still so")",
            ]
        }
        return """
            <h2 class="govuk-heading-m" id="needs">Needs, and who said so</h2>
            \(table("Needs", head: ["Need", "Said by", "From", "Until"], rows: rows, isCaptionShown: false))
            """
    }

    /// Services at work, and whom they name as lead.
    static func services(_ seen: SeenRecords) -> HTML? {
        let byRecord = Dictionary(grouping: seen.current, by: \.record)
        let rows = seen.records.filter { $0.gone == nil }.compactMap { record -> [HTML]? in
            let facts = byRecord[record.number] ?? []
            func first(_ fact: String) -> String? { facts.first { $0.fact == fact }?.value }
            guard first("service") != nil || first("status") != nil || first("lead") != nil else { return nil }
            let what = [first("service"), first("status")].compactMap { $0 }.joined(separator: ", ")
            return [
                "\(seen.words.source(record.source))", "\(what.isEmpty ? "Not told" : what)",
                "\(first("since").map { seen.words.value("since", $0) } ?? "Not told")",
                "\(first("lead") ?? "Nobody named")",
            ]
        }
        guard !rows.isEmpty else { return nil }
        return """
            <h2 class="govuk-heading-m" id="services">Services at work</h2>
            \(table("Services", head: ["Source", "Service", "Since", "Lead"], rows: rows, isCaptionShown: false))
            """
    }

    /// Addresses over time, and how the person is reached: only for whoever may know where they are.
    static func places(_ seen: SeenRecords) -> HTML? {
        let settled = seen.words.book.settle(seen.current).filter { placeFacts.contains($0.fact) }
        let addresses = seen.said.filter { ["address", "postcode"].contains($0.statement.fact) }
        guard !settled.isEmpty || !addresses.isEmpty else { return nil }
        let rows = spans(addresses, seen.words)
        let history: HTML? =
            rows.count < 2
            ? nil
            : details(
                "Addresses over time",
                table("Addresses", head: ["Address", "From", "Until", "Said by"], rows: rows, isCaptionShown: false))
        return """
            <h2 class="govuk-heading-m" id="places">Where agencies say they live, learn and can be reached</h2>
            \(factTable("Places", settled.sorted { order(of: $0.fact) < order(of: $1.fact) }, seen))
            \(history)
            """
    }

    private static func spans(_ said: [Said], _ words: FactWords) -> [[HTML]] {
        struct Key: Hashable { let record: Int, from: Day }
        let together = Dictionary(grouping: said) { Key(record: $0.statement.record, from: $0.from) }
        return together.values.sorted { ($1[0].from, $0[0].statement.record) < ($0[0].from, $1[0].statement.record) }
            .map { some in
                let address = some.first { $0.statement.fact == "address" }?.statement.value
                let postcode = some.first { $0.statement.fact == "postcode" }?.statement.value
                return [
                    "\([address, postcode].compactMap { $0 }.joined(separator: ", "))", "\(some[0].from.inWords)",
                    "\(some[0].until?.inWords ?? "still so")", "\(words.source(some[0].statement.source))",
                ]
            }
    }

    /// What happened, the newest first.
    static func timeline(_ seen: SeenRecords) -> HTML? {
        var events: [(day: Day, words: String)] = []
        for record in seen.records {
            let source = seen.words.source(record.source)
            if record.source != LinkStore.council { events.append((record.firstDay, "\(source): first record")) }
            if let gone = record.gone { events.append((gone, "\(source): no longer in its list")) }
        }
        for one in seen.said {
            let (fact, source) = (one.statement.fact, seen.words.source(one.statement.source))
            if fact == "since", let day = try? Day(iso: one.statement.value) {
                events.append((day, "\(source): began"))
            }
            if let until = one.until, one.statement.data != .identity {
                events.append((until, "\(source): \(FactWords.name(of: fact).lowercased()) changed"))
            }
        }
        var seenLines: Set<String> = []
        let lines = events.sorted { ($1.day, $0.words) < ($0.day, $1.words) }
            .filter { seenLines.insert("\($0.day.iso) \($0.words)").inserted }.prefix(60)
        guard !lines.isEmpty else { return nil }
        return """
            <h2 class="govuk-heading-m" id="timeline">What happened when</h2>
            \(table("Timeline", head: ["Day", "What"], rows: lines.map { ["\($0.day.inWords)", "\($0.words)"] },
                isCaptionShown: false))
            """
    }
}
