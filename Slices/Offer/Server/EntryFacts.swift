import Kernel
import Offer
import Web

/// The facts of an entry in words, each with where it comes from; what is not known says so and whom to ask.
struct EntryFacts {
    let entry: Entry
    let index: OfferIndex
    let today: Day
    /// Groups of wards: localities and areas.
    var groups: [WardGroup] = []

    /// Who it is for.
    var forWhom: [SummaryRow] {
        [
            row("Ages", .ages, entry.ages.map { "\($0.inWords)" }), row("Needs", .needs, needs),
            row("Level of support", .levels, entry.levels.isEmpty ? nil : "\(levels)"),
            row("How specialised", .specialism, entry.specialism.map { "\($0.label)" }),
            row("Area served", .area, area),
        ]
    }

    /// What it offers and how to get it.
    var offer: [SummaryRow] {
        let kinds = entry.help.sorted().compactMap { index.catalogue.helpKinds[$0]?.label }
        var rows = [row("Kind of help", .kind, kinds.isEmpty ? nil : "\(kinds.joined(separator: ", "))")]
        rows.append(row("Who can use it", .eligibility, entry.eligibility.map { "\($0)" }))
        rows.append(row("How to get it", .referral, entry.referral.map { "\($0)" }))
        rows.append(row("Places", .places, entry.places.map { "\($0)" }))
        rows.append(row("Has room now", .room, entry.hasRoom.map { $0 ? "Yes" : "No" }))
        return rows
    }

    /// Where, when and what it costs.
    var whereAndWhen: [SummaryRow] {
        [
            row("Address", .address, entry.address.line.map { "\($0)" }), row("Ward", .point, ward),
            row("Days and times", .sessions, entry.sessions.isEmpty ? entry.when.map { "\($0)" } : times),
            row("Cost", .cost, cost), row("Access", .access, access),
        ]
    }

    var contact: [SummaryRow] {
        if entry.phone == nil, entry.email == nil, entry.website == nil, let urn = entry.urn {
            // The national register knows them, and ours does not: a link is more use than three times “not known”.
            let register =
                "https://www.get-information-schools.service.gov.uk/Establishments/Establishment/Details/\(urn)"
            let link = outsideLink(register, "Look it up in the national register of schools")
            return [SummaryRow("Telephone, e-mail, website", "Not in our sources. \(link)")]
        }
        return [
            row("Telephone", .contact, entry.phone.map { "\($0)" }),
            row("E-mail", .contact, entry.email.map { "\($0)" }),
            row("Website", .contact, entry.website.map { entry.isInvented ? "\($0)" : outsideLink($0) }),
        ]
    }

    /// Pupils and past inspections, for schools.
    var school: [SummaryRow] {
        guard entry.kind == .school else { return [] }
        let census = entry.census
        func count(_ number: Int?) -> HTML? { number.map { "\(Digits.grouped($0))" } }
        var rows = [
            row("Pupils", .census, count(census?.pupils)), row("With an EHC plan", .census, count(census?.withPlan)),
            row("On SEN support", .census, count(census?.onSupport)),
        ]
        if let inspection = entry.inspection {
            rows.append(
                row(
                    "An old inspection", .inspection,
                    """
                    “\(inspection.grade)” on \(inspection.on.inWords). It says how the school was then, not how it \
                    is now: \
                    look for its latest report from Ofsted.
                    """))
        }
        return rows
    }

    // MARK: - Facts in words

    /// One fact, with its source and date; where there is none, whom to ask.
    private func row(_ key: String, _ field: Field, _ value: HTML?) -> SummaryRow {
        guard let value else { return SummaryRow(key, "<span class=\"app-count\">Not known: \(entry.ask)</span>") }
        return SummaryRow(key, value, note: entry.facts[field].map(source))
    }

    /// `School census 2024/25, January 2025`, and a warning where that is long ago.
    func source(_ fact: Provenance) -> String {
        let source = index.words.source(fact.source)
        let title = source?.title ?? fact.source
        // A law does not grow old: it stands until it is changed.
        if source?.publisher == "UK Parliament" { return title }
        let age = today.days(since: fact.asOf) / 365
        let old = age >= 3 ? ": \(age) years old, so check" : ""
        return "\(title), \(fact.asOf.monthInWords)\(old)"
    }

    private var needs: HTML? {
        switch entry.needs {
        case .unknown: nil
        case .every: "Any need"
        case .listed(let needs): list(needs)
        case .listedIn2012(let needs): "Listed in 2012, not confirmed since: \(list(needs))"
        }
    }

    private func list(_ needs: Set<NeedType>) -> HTML {
        "<ul class=\"govuk-list\">\(needs.sorted().map { "<li>\($0.plainTitle)</li>" as HTML })</ul>"
    }

    private var levels: String {
        let names = entry.levels.sorted().map(\.plainName)
        let text = Listing.and(names)
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    private var area: HTML? {
        switch entry.area {
        case .unknown: return nil
        case .cityWide: return "The whole city"
        case .wards(let codes):
            let names = codes.map { index.wardNames[$0] ?? $0 }.sorted()
            return details("\(names.count) wards", "<p>\(names.joined(separator: ", "))</p>")
        }
    }

    private var ward: HTML? {
        guard let code = entry.address.ward else { return nil }
        let named = groups.filter { $0.ward == code }.map { "\($0.level == .area ? "Area" : "Locality"): \($0.name)" }
        return "\(([index.wardNames[code] ?? code] + named).joined(separator: ". "))"
    }

    private var times: HTML? {
        let lines = entry.sessions.map { "<li>\($0.day.name) \($0.from) to \($0.to)</li>" as HTML }
        return "<ul class=\"govuk-list\">\(lines)</ul>"
    }

    private var cost: HTML? {
        entry.cost.map { cost in
            let words: HTML? = entry.costInWords.map { ". \($0)" }
            return "\(cost.label)\(words)"
        }
    }

    private var access: HTML? {
        entry.access.map { features in
            let names = AccessFeature.allCases.filter(features.contains).map(\.label)
            return "<ul class=\"govuk-list\">\(names.map { "<li>\($0)</li>" as HTML })</ul>"
        }
    }
}
