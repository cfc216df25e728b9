import Storage
import Web

/// The Local Offer: the public directory of everything there is for children and young people with SEND.
public let offer = Slice(
    "Offer", migrations: OfferSchema.migrations, actions: [keepSources], routes: OfferRoutes.all + ShortlistRoutes.all,
    lives: [offerIndex, cityMap],
    flushes: [
        Flush("count searches that found nothing", every: 60) { database, tally in
            try await writeEmptySearches(database, tally)
        }
    ],
    navigation: [
        NavigationItem("Search", "/search"), NavigationItem("Words explained", "/words"),
        NavigationItem("Shortlist", "/shortlist", count: { Shortlist($0).ids.count }),
    ])

/// The tables of what is published: nothing of them is about anybody.
public let publicTables: Set = [
    "entry", "entry_item", "entry_fact", "establishment", "school_link", "postcode", "ward", "ward_group",
    "ward_group_member",
]

/// After which events what is published may be another.
public let publicChanges = [
    OfferEvents.entriesChanged, OfferEvents.entryConfirmed, OfferEvents.placesChanged, "setting.changed",
]

/// The offer where nothing can be written: what is wrong is told elsewhere.
///
/// - Parameter main: the address of the site that takes it; nil where nobody said.
public func readOnlyOffer(main: String?) -> Slice {
    let elsewhere = Page(
        "Something here is wrong", isListed: false,
        """
        <h1 class="govuk-heading-l">Something here is wrong</h1>
        <p class="govuk-body">These pages can only be read. \(main.map { address -> HTML in
            "Tell us \(outsideLink(address + "/reports/new", "on our main site"))."
        } ?? "Tell the council, by telephone or in writing: its address stands on its own site.")</p>
        """)
    return Slice(
        "Offer", migrations: offer.migrations, actions: offer.actions,
        routes: offer.routes.filter { !$0.path.hasPrefix("/reports") && !$0.path.hasPrefix("/administration") } + [
            .get("/reports/new", may: .anyone) { _ in .page(elsewhere, caching: .shared) }
        ], lives: offer.lives, navigation: offer.navigation)
}

/// Keeping the sources of the offer up to date.
let keepSources = Action("offer.sources", .see, roles: ["local-offer-editor", "operator", "access-manager"])

/// Writes down the searches that found nothing since the last time; where that fails they are kept for the next.
private func writeEmptySearches(_ database: any Database, _ tally: Tally) async throws {
    let counts = tally.take(SearchAnswer.emptySearches)
    guard !counts.isEmpty else { return }
    do {
        try await database.write(for: .system) { tx in
            for (key, searches) in counts where key.count == 4 {
                try tx.addEmptySearches(month: key[0], need: key[1], ageBand: key[2], ward: key[3], searches)
            }
            tx.record(Event(OfferEvents.emptySearchesCounted))
        }
    } catch {
        tally.restore(SearchAnswer.emptySearches, counts)
        throw error
    }
}
