import Kernel
import Offer
import Web

enum ShortlistPages {
    /// The visitor's list, or one that somebody gave them.
    ///
    /// - Parameter isShared: the list is in the address, so it is not (yet) the visitor's own.
    static func shortlist(
        _ entries: [Entry], missing: Int, isShared: Bool, _ index: OfferIndex, _ frame: ResultFrame
    ) -> Page {
        guard !entries.isEmpty else { return isShared ? emptyShared : empty }
        let cards = entries.map { entry in
            ResultCard(
                shown: ShownEntry(entry, index), reasons: [], fits: nil, isJudged: false,
                actions: "\(tick(entry))\(frame.actions(entry))"
            ).html
        }
        let gone: HTML? = missing == 0 ? nil : inset("\(missing) on this list can no longer be found.")
        return Page(
            "Shortlist", isListed: false,
            """
            <h1 class="govuk-heading-l">\(isShared ? "A shortlist you were given" : "Your shortlist")</h1>
            \(intro(isShared, frame))\(gone)
            <form method="get" action="\(OfferLinks.compare)">
            <h2 class="govuk-visually-hidden">What is on it</h2>
            <ol class="app-results">\(cards)</ol>
            \(button("Compare those ticked", look: .secondary))
            <p class="govuk-body app-js-only"><button type="button" class="app-link-button" data-print>Print this list\
            </button></p>
            </form>
            \(contacts(entries))
            \(frame.forms)
            """)
    }

    private static func intro(_ isShared: Bool, _ frame: ResultFrame) -> HTML {
        if isShared {
            return """
                <p class="govuk-body">It holds only what is listed here: nothing about who made it or who opens it. \
                Add what \
                you like to your own.</p>
                """
        }
        return """
            <p class="govuk-body">Kept in this browser only, for \(Shortlist.days) days. To give it to someone, or \
            open it \
            on another device, use \(anchor(Link("this link", to: frame.shortlist.address))).</p>
            """
    }

    private static func tick(_ entry: Entry) -> HTML {
        """
        <span class="govuk-checkboxes govuk-checkboxes--small"><span class="govuk-checkboxes__item">\
        <input class="govuk-checkboxes__input" type="checkbox" name="entry" value="\(entry.id.text)" \
        id="pick-\(entry.id.text)"><label class="govuk-label govuk-checkboxes__label" \
        for="pick-\(entry.id.text)">Compare\
        <span class="govuk-visually-hidden"> \(entry.name)</span></label></span></span>
        """
    }

    /// Addresses and telephone numbers together: the part worth printing.
    private static func contacts(_ entries: [Entry]) -> HTML {
        let rows = entries.map { entry in
            SummaryRow(
                "\(entry.name)\(entry.isInvented ? " (invented)" : "")",
                "\(entry.address.line ?? "Address not known")<br>Telephone: \(entry.phone ?? "not known")")
        }
        return "<h2 class=\"govuk-heading-m\">Addresses and telephone numbers</h2>\n\(summaryList(rows))"
    }

    private static let empty = Page(
        "Shortlist", isListed: false,
        """
        <h1 class="govuk-heading-l">Your shortlist is empty</h1>
        <p class="govuk-body">Wherever you see “Add to shortlist”, you can keep an entry here, to compare, print or \
        give to \
        someone. You need no account.</p>
        \(buttonLink(Link("Search", to: OfferLinks.search)))
        """)

    private static let emptyShared = Page(
        "Shortlist", isListed: false,
        """
        <h1 class="govuk-heading-l">There is nothing on this list</h1>
        <p class="govuk-body">The link may have been cut short. Ask whoever gave it to you to send it again.</p>
        \(buttonLink(Link("Search", to: OfferLinks.search)))
        """)
}
