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
