import Access
import AccessServer
import Kernel
import People
import PeopleServer
import SingleView
import Web

/// “What is held”: one page in plain words for a parent on a telephone.
enum HeldPages {
    /// Said on every such page, whether or not anything is withheld.
    static let withheld = """
        Some things may lawfully be withheld: what could put somebody at risk of serious harm, what is about somebody \
        else, lawyers’ advice, and what the police or a court ask to be kept back (Data Protection Act 2018, schedules \
        2, 3 and 4). This sentence stands on every such page, whether anything is withheld or not.
        """
    static let law = """
        You have the right to know what is held and to have a copy, free of charge and within one month (UK GDPR, \
        article 15; Data Protection Act 2018). This page is that copy, as it stands today.
        """
    static let complaint = """
        You may complain to the Information Commissioner’s Office (ico.org.uk, telephone 0303 123 1113), or go to a \
        court.
        """

    static func page(_ held: Held, _ today: Day) -> Page {
        let person = held.person
        let address = "/people/\(person.id.text)"
        return Page(
            "What is held about \(person.name)", back: Link(person.name, to: address), isListed: false,
            """
            <h1 class="govuk-heading-l">What is held about \(person.given)</h1>
            <p class="govuk-body">Who has a record, what it says, who looked, and what you can do.</p>
            <ul class="govuk-list">\(contents(held))</ul>
            \(holders(held))
            \(council(held))
            \(words(held))
            \(looked(held))
            \(corrections(held, today))
            \(wrong(address))
            \(everything(address))
            """)
    }

    private static func contents(_ held: Held) -> [HTML] {
        [
            ("#holders", "Services that hold a record", true), ("#looked", "Who has looked", held.council.maySeeLooks),
            ("#wrong", "Say that something is wrong", true), ("#everything", "Get everything", true),
        ].filter(\.2).map { address, text, _ in "<li>\(anchor(Link(text, to: address)))</li>" }
    }

    /// A mark that somebody has said this is wrong: never who, or why.
    static func mark(_ said: Statement, _ seen: SeenRecords) -> HTML? { mark(seen.isCalledWrong(said)) }

    static func mark(_ isWrong: Bool) -> HTML? {
        isWrong ? tag("Somebody has said that this is wrong", .yellow) : nil
    }

    /// The same on a line of its own, where it is the record as a whole.
    static func markLine(_ record: SeenRecord, _ held: Held) -> HTML? {
        mark(held.seen.isCalledWrong(record)).map { "<p class=\"govuk-body\">\($0)</p>" }
    }

    // MARK: - Who holds what

    private static func holders(_ held: Held) -> HTML {
        let list: HTML =
            held.agencies.isEmpty
            ? "<p class=\"govuk-body\">No service holds a record besides the council.</p>"
            : "<ul class=\"app-results\">\(held.agencies.map { holder($0, held) })</ul>"
        let why = Link("Why these records are one child’s", to: "/people/\(held.person.id.text)/links")
        return """
            <h2 class="govuk-heading-m" id="holders">Services that hold a record</h2>
            \(list)
            <p class="govuk-body">\(anchor(why))</p>
            """
    }

    private static func holder(_ record: SeenRecord, _ held: Held) -> HTML {
        let source = held.seen.words.book.source(record.source)
        let said = held.current.filter { $0.record == record.number }
        let kinds = Set(said.map(\.data)).sorted().map(\.words)
        let what = kinds.isEmpty ? "holds a record" : "tells of \(kinds.joined(separator: "; "))"
        let now =
            record.gone.map { "It has no longer been in its list since \($0.inWords)." }
            ?? "Its newest word is of \(record.asOf.inWords)."
        return """
            <li class="app-result"><h3>\(held.seen.words.source(record.source))</h3>
            <p>\(source.map { "\($0.agency). \($0.words)." } ?? "")</p>
            <p>It \(what). Held since \(record.firstDay.inWords). \(now)</p>
            \(markLine(record, held))
            \(details("What it says", factTable(said, held)))
            <p>\(anchor(Link("Something here is wrong", to: ask(held, "\(record.number)-"))))\
            <span class="govuk-visually-hidden"> (\(held.seen.words.source(record.source)))</span></p></li>
            """
    }

    static func ask(_ held: Held, _ key: String) -> String {
        Query([("about", key)]).address("/people/\(held.person.id.text)/corrections/new")
    }

    private static func factTable(_ said: [Statement], _ held: Held) -> HTML {
        let rows = said.sorted { (FactOrder.of($0.fact), $0.value) < (FactOrder.of($1.fact), $1.value) }.map {
            one -> SummaryRow in
            SummaryRow(
                FactWords.name(of: one.fact),
                "\(held.seen.words.value(one.fact, one.value)) \(mark(one, held.seen))")
        }
        return summaryList(rows)
    }

    private static func council(_ held: Held) -> HTML {
        """
        <h2 class="govuk-heading-m" id="council">What the council itself wrote down</h2>
        \(factTable(held.current.filter { $0.source == LinkStore.council }, held))
        <p class="govuk-body">\(anchor(Link("Something here is wrong", to: ask(held, "0-"))))\
        <span class="govuk-visually-hidden"> (the council’s own record)</span></p>
        """
    }

    private static func words(_ held: Held) -> HTML? {
        guard held.council.mayReadWords else { return nil }
        let link = Link("In their own words", to: "/people/\(held.person.id.text)/words")
        return """
            <h2 class="govuk-heading-m" id="words">What the family and \(held.person.given) have to say</h2>
            <p class="govuk-body">It is kept as it was written, and can be changed by whoever wrote it: \
            \(anchor(link)).</p>
            """
    }

    // MARK: - Who looked

    private static func looked(_ held: Held) -> HTML? {
        guard held.council.maySeeLooks else { return nil }
        struct Key: Hashable { let who, why: String }
        var groups: [(key: Key, last: String, count: Int)] = []
        for look in held.council.looks {
            let key = Key(who: look.who, why: look.why)
            if let place = groups.firstIndex(where: { $0.key == key }) {
                groups[place].count += 1
            } else {
                groups.append((key, look.at, 1))
            }
        }
        let rows = groups.prefix(12).map { group -> SummaryRow in
            SummaryRow(
                group.key.who.capitalisedFirst, "\(group.key.why), \(times(group.count))",
                note: "last on \(group.last)")
        }
        let link = Link("Each look, with what was seen", to: "/people/\(held.person.id.text)/looks")
        let list = rows.isEmpty ? "<p class=\"govuk-body\">Nobody has looked yet.</p>" : summaryList(rows)
        return """
            <h2 class="govuk-heading-m" id="looked">Who has looked</h2>
            <p class="govuk-body">By what they are, never by name. Of the newest \(Looks.most) looks:</p>
            \(list)
            <p class="govuk-body">\(anchor(link))</p>
            """
    }

    private static func times(_ count: Int) -> String {
        count == 1 ? "once" : count == 2 ? "twice" : "\(count) times"
    }

    // MARK: - What is wrong

    private static func corrections(_ held: Held, _ today: Day) -> HTML? {
        guard !held.corrections.isEmpty else { return nil }
        return """
            <h2 class="govuk-heading-m" id="corrections">What has been said to be wrong</h2>
            <ul class="app-results">\(held.corrections.map { item($0, held.seen.words, today) })</ul>
            """
    }

    static func item(_ seen: SeenCorrection, _ words: FactWords, _ today: Day) -> HTML {
        let asked = seen.correction
        let said = [
            asked.target.kind == .wrongFact ? "It says “\(words.value(asked.target.fact, asked.target.held))”." : nil,
            asked.wanted.isEmpty ? nil : "Right would be: \(asked.wanted).", asked.words.isEmpty ? nil : asked.words,
        ].compactMap { $0 }.map { "<p>\($0)</p>" as HTML }
        return """
            <li class="app-result"><h3>\(CorrectionPages.title(asked, words))</h3>
            <p>Said by \(seen.who) on \(asked.received.dayInEngland.inWords).</p>
            \(said)
            \(state(asked, today))</li>
            """
    }

    private static func state(_ asked: Correction, _ today: Day) -> HTML {
        guard let answer = asked.answer else {
            let late = asked.isLate(on: today) ? " The day has passed. \(complaint)" : ""
            let longer = asked.extensionReason.map { " It takes longer, because: \($0)" } ?? ""
            return """
                <p>\(tag("Open", .yellow)) An answer is due by \(asked.due.inWords).\(longer)\(late)</p>
                """
        }
        let day = answer.at.dayInEngland.inWords
        switch answer.outcome {
        case .putRight:
            return "<p>\(tag("Put right", .green)) Answered on \(day): \(answer.words)</p>"
        case .notChanged:
            return """
                <p>\(tag("Not changed", .grey)) Answered on \(day): \(answer.words)</p>
                <p>If you do not agree: \(complaint)</p>
                """
        }
    }

    private static func wrong(_ address: String) -> HTML {
        """
        <h2 class="govuk-heading-m" id="wrong">If something is wrong</h2>
        <p class="govuk-body">Say so here: which fact, and what would be right. The agency that wrote it looks at it. \
        You get an answer within one month (UK GDPR, articles 12 and 16). Until then it is shown that somebody has \
        said it is wrong, not who.</p>
        \(buttonLink(Link("Say that something is wrong", to: address + "/corrections/new")))
        """
    }

    private static func everything(_ address: String) -> HTML {
        """
        <h2 class="govuk-heading-m" id="everything">Get everything</h2>
        <ul class="govuk-list">
        <li>\(anchor(Link("Everything on one page, to print or keep", to: address + "/held/everything")))</li>
        <li>\(anchor(Link("Everything as a file for a computer (JSON)", to: address + "/held.json")))</li>
        </ul>
        \(rights)
        """
    }

    /// The law, and that something may be withheld: the same words on every such page.
    static let rights: HTML = """
        <p class="govuk-body">\(law)</p>
        <p class="govuk-body">\(withheld)</p>
        <p class="govuk-body">If you think that something is missing, ask the council’s data protection officer. \
        \(complaint)</p>
        """
}
