import Kernel
import Offer
import Storage
import Web

/// The addresses of the Local Offer. All of it is published, so all of it is for anyone.
enum OfferRoutes {
    static let all: [Route] = [
        .get("/", may: .anyone) { visit in .page(AboutPages.home(try visit.live(offerIndex)), caching: .shared) },
        .get("/search", may: .anyone, search),
        .get("/search.json", may: .anyone, searchJSON),
        .get("/entries/{entry}", may: .anyone, entry),
        .get("/entries/{entry}.json", may: .anyone, entryJSON),
        .get("/compare", may: .anyone, compare),
        .get("/map/wards.svg", may: .anyone) { visit in
            Reply(body: .bytes(try visit.live(cityMap).svg, type: "image/svg+xml"), caching: .shared)
        },
        .get("/map/wards.json", may: .anyone) { visit in
            Reply(body: .bytes(try visit.live(cityMap).geoJSON, type: "application/geo+json"), caching: .shared)
        },
        .get("/words", may: .anyone) { visit in
            .page(AboutPages.glossary(try visit.live(offerIndex).words.glossary), caching: .shared)
        },
        .get("/administration/sources", may: .office(keepSources)) { visit in
            let sources = try visit.live(offerIndex).words.sources
            let changed = try await visit.read { try Journal.last([OfferEvents.entriesChanged], in: $0) }
            return .page(AboutPages.freshness(sources, changed: changed, today: visit.today))
        },
        .get("/sources", may: .anyone) { visit in
            let index = try visit.live(offerIndex)
            return .page(AboutPages.sources(index.words.sources, index), caching: .shared)
        },
        .get("/privacy", may: .anyone) { _ in .page(AboutPages.privacy, caching: .shared) },
        .get("/accessibility", may: .anyone) { _ in .page(AboutPages.accessibility, caching: .shared) },
    ]

    // MARK: - Search

    private static func search(_ visit: Visit) async throws -> Reply {
        let (index, map) = (try visit.live(offerIndex), try visit.live(cityMap))
        let request = SearchRequest(visit.query, helpKinds: index.catalogue.helpKinds)
        let answer = try await index.answer(request, visit)
        answer.countIfEmpty(visit)
        let frame = ResultFrame(
            map: map, form: visit.form, shortlist: Shortlist(visit.cookies),
            address: visit.query.address(OfferLinks.search))
        let page = SearchPages.results(answer, index, visit.query, frame)
        return request.errors.isEmpty ? .page(page, caching: .shared) : .badRequest(page)
    }

    private static func searchJSON(_ visit: Visit) async throws -> Reply {
        let index = try visit.live(offerIndex)
        let request = SearchRequest(visit.query, helpKinds: index.catalogue.helpKinds)
        guard request.errors.isEmpty else {
            return .json(.object([("errors", OfferJSON.errors(request))]), status: 400).open
        }
        let answer = try await index.answer(request, visit)
        answer.countIfEmpty(visit)
        return .json(OfferJSON.answer(answer), caching: .shared).open
    }

    // MARK: - Entries

    private static func entry(_ visit: Visit) async throws -> Reply {
        guard let id = visit.id("entry", of: Entry.self) else { return .notFound }
        let (index, map) = (try visit.live(offerIndex), try visit.live(cityMap))
        let found = try await visit.read { [scope = visit.scope] tx in try EntryView(id, tx, scope) }
        guard let found else { return .notFound }
        let frame = ResultFrame(
            map: map, form: visit.form, shortlist: Shortlist(visit.cookies), address: OfferLinks.entry(id))
        let facts = EntryFacts(entry: found.entry, index: index, today: visit.today, groups: found.groups)
        let page = EntryPages.entry(
            facts, hosted: found.hosted, host: found.host, successor: found.successor, frame)
        return .page(page, caching: .shared)
    }

    private static func entryJSON(_ visit: Visit) async throws -> Reply {
        let missing = Reply.json(.object([("error", "There is no entry of this id.")]), status: 404).open
        guard let id = visit.id("entry", of: Entry.self) else { return missing }
        let index = try visit.live(offerIndex)
        let entry = try await visit.read { [scope = visit.scope] tx in try EntryStore(tx: tx, scope: scope).entry(id) }
        guard let entry else { return missing }
        return .json(OfferJSON.entry(entry, index), caching: .shared).open
    }

    private static func compare(_ visit: Visit) async throws -> Reply {
        let index = try visit.live(offerIndex)
        let asked = Shortlist(text: visit.query.all("entry").joined(separator: "~")).ids
        let entries = try await visit.read { [scope = visit.scope] tx in
            try EntryStore(tx: tx, scope: scope).entries(Array(asked.prefix(EntryPages.mostCompared)))
        }
        let facts = entries.map { [today = visit.today] in EntryFacts(entry: $0, index: index, today: today) }
        let leftOut = asked.count - min(asked.count, EntryPages.mostCompared)
        let missing = min(asked.count, EntryPages.mostCompared) - entries.count
        return .page(EntryPages.compare(facts, leftOut: leftOut, missing: missing), caching: .shared)
    }
}

/// One entry with what belongs beside it.
private struct EntryView: Sendable {
    let entry: Entry
    let hosted: [Entry]
    let host: Entry?
    let successor: (name: String, id: ID<Entry>?)?
    let groups: [WardGroup]

    init?(_ id: ID<Entry>, _ tx: any Transaction, _ scope: Scope) throws {
        let store = EntryStore(tx: tx, scope: scope)
        guard let entry = try store.entry(id) else { return nil }
        self.entry = entry
        hosted = try store.hosted(by: id)
        host = try entry.host.flatMap { try store.entry($0) }
        groups = try PlaceStore(tx: tx, scope: scope).wardGroups()
        guard case .closed(_, let urn?) = entry.standing else {
            successor = nil
            return
        }
        let school = try store.entry(ID("school-\(urn)"))
        let register = try RegisterStore(tx: tx, scope: scope).establishment(urn)
        successor = (school?.name ?? register?.name ?? "the school with URN \(urn)", school?.id)
    }
}

extension Reply {
    /// For programs of any site: published data.
    fileprivate var open: Reply {
        var reply = self
        reply.headers.append(("Access-Control-Allow-Origin", "*"))
        return reply
    }
}

extension SearchAnswer {
    /// The name of the count of searches that found nothing.
    static let emptySearches = "offer.empty-searches"

    /// Counts a search that found nothing, by month, need, age band and ward: never its words, nor who asked.
    func countIfEmpty(_ visit: Visit) {
        guard finding.total == 0, request.page == 0, !request.words.isEmpty || question.isSuitabilityAsked else {
            return
        }
        let month = String(visit.today.iso.prefix(7))
        let need = question.needs.first?.code ?? ""
        visit.count(SearchAnswer.emptySearches, [month, need, ageBand, question.place?.ward ?? ""])
    }

    private var ageBand: String {
        guard let age = question.ages?.lowerBound else { return "" }
        let bands = [0...4, 5...10, 11...15, 16...18, 19...25]
        return bands.first { $0.contains(age) }.map { "\($0.lowerBound)-\($0.upperBound)" } ?? ""
    }
}
