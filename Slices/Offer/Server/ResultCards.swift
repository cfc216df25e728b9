import Kernel
import Offer
import Web

/// One entry in a list of results, on the search page, the shortlist and in near misses.
struct ResultCard {
    let shown: ShownEntry
    let reasons: [Reason]
    let fits: Bool?
    let isJudged: Bool
    /// Its number on the map, where there is one.
    var number: Int?
    /// What may be done with it.
    var actions: HTML?

    var html: HTML {
        let point = shown.entry.address.point
        let place: HTML? = number.flatMap { number in
            point.map {
                " data-number=\"\(number)\" data-lat=\"\("\($0.latitude)")\" data-lon=\"\("\($0.longitude)")\""
            }
        }
        let badge: HTML? = number.map { "<span class=\"app-result--number\" aria-hidden=\"true\">\($0)</span>" }
        let actions: HTML? = actions.map { "<div class=\"app-actions\">\($0)</div>" }
        return """
            <li class="app-result"\(place) id="on-\(shown.entry.id.text)" tabindex="-1">
            \(badge)\(shown.heading)
            <ul class="app-tags">\(isJudged ? EntryTags.fit(fits) : nil)\(shown.tags)</ul>
            \(shown.summary)\(reasonList)\(actions)
            </li>

            """
    }

    private var reasonList: HTML? {
        guard !reasons.isEmpty else { return nil }
        return "<ul class=\"app-reasons\">\(reasons.map(ResultCard.line))</ul>"
    }

    /// A reason with its mark, and the mark in words for those who hear the page.
    static func line(_ reason: Reason) -> HTML {
        guard reason.criterion != nil else { return "<li class=\"app-note\">\(reason.text)</li>" }
        switch reason.verdict {
        case .yes: return "<li class=\"app-yes\"><span class=\"govuk-visually-hidden\">Yes: </span>\(reason.text)</li>"
        case .no: return "<li class=\"app-no\"><span class=\"govuk-visually-hidden\">No: </span>\(reason.text)</li>"
        case .unknown:
            return
                "<li class=\"app-unknown\"><span class=\"govuk-visually-hidden\">Not known: </span>\(reason.text)</li>"
        }
    }
}

/// The marks on an entry: what it is, whether it fits, and how far it can be trusted.
enum EntryTags {
    /// What it is, as marks of a list.
    static func what(_ entry: Entry, _ index: OfferIndex) -> HTML {
        let kinds = entry.help.sorted().compactMap { index.catalogue.helpKinds[$0] }
        let settings = kinds.filter { $0.group == "Schools and colleges" }.map(\.label)
        var tags = [tag(settings.first ?? entry.kind.label, .teal)]
        if entry.sector != .education { tags.append(tag(entry.sector.label, .teal)) }
        switch entry.standing {
        case .listedIn2012 where entry.isUnconfirmed: tags.append(tag("Listed in 2012, not confirmed since", .yellow))
        case .proposedToClose: tags.append(tag("Proposed to close", .yellow))
        case .proposedToOpen: tags.append(tag("Proposed to open", .yellow))
        case .closed: tags.append(tag("Closed", .red))
        case .listed, .listedIn2012: break
        }
        if entry.isInvented { tags.append(tag("Invented", .purple)) }
        return "\(tags.map { "<li>\($0)</li>" as HTML })"
    }

    /// Whether it fits, as a mark of a list.
    static func fit(_ fits: Bool?) -> HTML {
        switch fits {
        case true: fitsTag
        case nil: mayFitTag
        default: missesTag
        }
    }

    /// What it is, as a list of its own.
    static func list(_ entry: Entry, _ index: OfferIndex) -> HTML {
        "<ul class=\"app-tags\">\(what(entry, index))</ul>"
    }

    private static let fitsTag: HTML = "<li>\(tag("Fits what you asked", .green))</li>"
    private static let mayFitTag: HTML = "<li>\(tag("May fit: ask", .yellow))</li>"
    private static let missesTag: HTML = "<li>\(tag("Near miss", .grey))</li>"
}
