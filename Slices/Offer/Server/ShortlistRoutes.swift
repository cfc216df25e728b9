import Kernel
import Offer
import Storage
import Web

/// The shortlist and what is wrong with an entry: the two things a visitor may send.
enum ShortlistRoutes {
    static let all: [Route] = [
        .get("/shortlist", may: .anyone, show),
        .post("/shortlist/entries", may: .anyone) { visit in change(visit) { $0.add($1) } },
        .post("/shortlist/removals", may: .anyone) { visit in change(visit) { $0.remove($1) } },
        .get("/reports/new", may: .anyone) { visit in
            .page(ReportPages.new(visit.form, about: page(visit.query["about"])))
        },
        .post("/reports", may: .anyone, report),
        .get("/reports/thanks", may: .anyone) { _ in .page(ReportPages.thanks, caching: .shared) },
    ]

    private static func show(_ visit: Visit) async throws -> Reply {
        let (index, map) = (try visit.live(offerIndex), try visit.live(cityMap))
        let shared = visit.query["list"].map { Shortlist(text: $0) }
        let own = Shortlist(visit.cookies)
        let shown = shared ?? own
        let entries = try await visit.read { [scope = visit.scope] tx in
            try EntryStore(tx: tx, scope: scope).entries(shown.ids)
        }
        let address = shared?.address ?? OfferLinks.shortlist
        let frame = ResultFrame(map: map, form: visit.form, shortlist: own, address: address)
        let page = ShortlistPages.shortlist(
            entries, missing: shown.ids.count - entries.count, isShared: shared != nil, index, frame)
        return .page(page)
    }

    /// Adds or removes one entry, and goes back to the page it was asked on.
    private static func change(_ visit: Visit, _ change: (inout Shortlist, ID<Entry>) -> Void) -> Reply {
        var list = Shortlist(visit.cookies)
        var back = subject(visit.form["back"], orElse: OfferLinks.shortlist)
        if let id = try? ID<Entry>(checking: visit.form["entry"]) {
            change(&list, id)
            // Back to where the visitor was, not to the top of a long page.
            if !back.contains("#") { back += "#on-\(id.text)" }
        }
        return .redirect(back)
            .keeping(Shortlist.cookie, list.text, days: list.ids.isEmpty ? nil : Shortlist.days)
    }

    private static func report(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let words = form.text("words", orSay: "Write what is wrong", limit: ReportPages.wordsLimit)
        if form["contact"].count > 200 { form.refuse("contact", "Write at most 200 characters") }
        let about = page(form["about"])
        guard let words, form.errors.isEmpty else { return .unprocessable(ReportPages.new(form, about: about)) }
        let contact = form["contact"].isEmpty ? nil : form["contact"]
        return try await visit.writeOnce { tx, id in
            try tx.addReport(id: id, about: about, words: words, contact: contact)
            return "/reports/thanks"
        }
    }

    /// The page that something is said about, without what was searched for on it.
    private static func page(_ text: String?) -> String {
        subject(text).split(separator: "?").first.map(String.init) ?? ""
    }

    /// A path of this site, or what is said instead: never an address elsewhere.
    private static func subject(_ text: String?, orElse other: String = "") -> String {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), !text.contains("\\"), text.count <= 500,
            text.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else { return other }
        return text
    }
}
