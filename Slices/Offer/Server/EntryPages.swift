import Kernel
import Offer
import Web

enum EntryPages {
    /// Everything known of one entry.
    ///
    /// - Parameters:
    ///   - hosted: the bases in this school.
    ///   - host: the school this base is in.
    ///   - successor: what took the place of a closed one: its name and, where it is in the offer, its address.
    static func entry(
        _ facts: EntryFacts, hosted: [Entry], host: Entry?, successor: (name: String, id: ID<Entry>?)?,
        _ frame: ResultFrame
    ) -> Page {
        let entry = facts.entry
        let summary: HTML? = entry.summary.map { "<p class=\"govuk-body-l\">\($0)</p>" }
        return Page(
            entry.name, back: Link("Back to search", to: OfferLinks.search), summary: entry.summary,
            """
            <h1 class="govuk-heading-l">\(entry.name)</h1>
            \(EntryTags.list(entry, facts.index))
            \(standing(entry, successor))\(summary)
            <div class="app-actions">\(frame.actions(entry))
            \(anchor(Link("Something here is wrong", to: OfferLinks.report(about: OfferLinks.entry(entry.id)))))</div>
            \(within(host))\(bases(hosted))
            \(section("Who it is for", facts.forWhom))
            \(section("What it offers and how to get it", facts.offer))
            \(section("Where, when and cost", facts.whereAndWhen))
            \(section("Contact", facts.contact))
            \(section("Pupils and past inspections", facts.school))
            <p class="govuk-body-s">\(anchor(Link("This entry as data (JSON)", to: OfferLinks.json(entry.id))))</p>
            \(frame.forms)
            """)
    }

    private static func section(_ title: String, _ rows: [SummaryRow]) -> HTML? {
        rows.isEmpty ? nil : "<h2 class=\"govuk-heading-m\">\(title)</h2>\n\(summaryList(rows))"
    }

    private static func standing(_ entry: Entry, _ successor: (name: String, id: ID<Entry>?)?) -> HTML? {
        var parts: [HTML] = []
        if entry.isInvented {
            parts.append(warning("Invented for this demonstration: it does not exist. Do not ring or visit."))
        }
        switch entry.standing {
        case .listedIn2012 where entry.isUnconfirmed:
            parts.append(warning("Listed in 2012, not confirmed since. Ask the school before you count on it."))
        case .listed, .listedIn2012: break
        case .proposedToClose:
            parts.append(warning("In June 2024 it was proposed to close this school. Ask the school."))
        case .proposedToOpen:
            parts.append(warning("In June 2024 it was proposed to open this school. Ask the council."))
        case .closed(let noted, _):
            parts.append(warning("Closed: no longer in its source on \(noted.inWords)."))
            if let successor {
                let name: HTML =
                    successor.id.map { anchor(Link(successor.name, to: OfferLinks.entry($0))) } ?? "\(successor.name)"
                parts.append("<p class=\"govuk-body\">What followed it: \(name).</p>")
            }
        }
        return parts.isEmpty ? nil : "\(parts)"
    }

    private static func within(_ host: Entry?) -> HTML? {
        host.map { "<p class=\"govuk-body\">In the school \(anchor(Link($0.name, to: OfferLinks.entry($0.id)))).</p>" }
    }

    private static func bases(_ hosted: [Entry]) -> HTML? {
        guard !hosted.isEmpty else { return nil }
        let items = hosted.map { "<li>\(anchor(Link($0.name, to: OfferLinks.entry($0.id))))</li>" as HTML }
        return """
            <h2 class="govuk-heading-m">In this school in 2012</h2>
            <p class="govuk-body">The city’s strategy of 2012 lists these here. Nothing since confirms them.</p>
            <ul class="govuk-list govuk-list--bullet">\(items)</ul>
            """
    }

    // MARK: - Side by side

    /// How many entries fit beside each other.
    static let mostCompared = 4

    /// Entries beside each other.
    ///
    /// - Parameters:
    ///   - leftOut: how many more were chosen than fit.
    ///   - missing: how many can no longer be found.
    static func compare(_ facts: [EntryFacts], leftOut: Int, missing: Int) -> Page {
        guard !facts.isEmpty else { return emptyComparison }
        let columns = facts.map { facts in
            facts.forWhom + facts.offer + facts.whereAndWhen + facts.contact + facts.school
        }
        var keys: [String] = []
        for key in columns.flatMap({ $0 }).map(\.key) where !keys.contains(key) { keys.append(key) }
        let rows = keys.map { key in
            ["\(key)" as HTML] + columns.map { rows in rows.first { $0.key == key }.map(cell) ?? "–" }
        }
        let kinds =
            ["What it is" as HTML] + facts.map { EntryTags.list($0.entry, $0.index) }
        let side = table(
            "Side by side", head: ["Fact"] + facts.map(\.entry.name), rows: [kinds] + rows, isCaptionShown: false)
        return Page(
            "Compare", back: Link("Back to your shortlist", to: OfferLinks.shortlist), isListed: false,
            """
            <h1 class="govuk-heading-l">Side by side</h1>
            <p class="govuk-body">“Not known” means that the source does not say. It is never a no.</p>
            \(tooMany(leftOut))\(missing > 0 ? inset("\(missing) that you chose can no longer be found.") : nil)
            \(facts.count == 1 && missing == 0 ? inset("Tick another on your shortlist to see it beside this.") : nil)
            <div class="app-compare">\(side)</div>
            \(links(facts))
            """)
    }

    private static func tooMany(_ leftOut: Int) -> HTML? {
        guard leftOut > 0 else { return nil }
        return inset(
            """
            Only \(mostCompared) fit beside each other, so the last \(leftOut) you chose \
            \(leftOut == 1 ? "is" : "are") left out. Go back to your shortlist to choose others.
            """)
    }

    private static func cell(_ row: SummaryRow) -> HTML {
        let note: HTML? = row.note.map { "<div class=\"app-source\">\($0)</div>" }
        return "\(row.value)\(note)"
    }

    private static func links(_ facts: [EntryFacts]) -> HTML {
        let items = facts.map { "<li>\(anchor(Link($0.entry.name, to: OfferLinks.entry($0.entry.id))))</li>" as HTML }
        return "<h2 class=\"govuk-heading-m\">Open one</h2>\n<ul class=\"govuk-list\">\(items)</ul>"
    }

    private static let emptyComparison = Page(
        "Compare", isListed: false,
        """
        <h1 class="govuk-heading-l">Side by side</h1>
        <p class="govuk-body">Choose two to four entries to compare: add them to your shortlist, then tick them \
        there.</p>
        \(buttonLink(Link("Search", to: OfferLinks.search)))
        """)
}
