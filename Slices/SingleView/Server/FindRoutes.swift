import Access
import AccessServer
import Kernel
import Linkage
import People
import PeopleServer
import SingleView
import Storage
import Web

/// Is a child known already? One record, typed in, is compared with the whole city and kept nowhere.
enum FindRoutes {
    static let all: [Route] = [
        .get("/review/find", may: .office(ReviewActions.review)) { visit in
            .page(FindPages.form(visit.form, nil, FactWords(book: try visit.live(feedBook))))
        },
        .post("/review/find", may: .office(ReviewActions.review), find),
    ]

    /// The most children that an answer shows.
    static let most = 10
    /// Less likely ones are not shown.
    static let least = 0.01

    private static func find(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let words = FactWords(book: try visit.live(feedBook))
        let cells = cells(&form)
        guard form.errors.isEmpty else { return .unprocessable(FindPages.form(form, nil, words)) }
        let live = try await visit.live(linkIndex).follow(visit.database)
        let pairs = try live.link(LiveRecord(id: "asked", values: cells))
        let chances = Dictionary(
            pairs.filter { $0.probability >= least }.compactMap { pair in
                Int(pair.one == "asked" ? pair.other : pair.one).map { ($0, pair.probability) }
            }, uniquingKeysWith: max)
        let (account, now) = (visit.scope.actor.id, visit.now)
        let found = try await visit.look { tx -> ([FoundChild], [Event]) in
            let store = ReviewStore(tx: tx, account: account, now: now)
            let children = try store.children(of: chances, most: most)
            return (
                children,
                children.map {
                    Event(ReviewEvents.compared, subject: $0.person, detail: "classes=identity")
                }
            )
        }
        let compared = found.map { child in
            (child, Agreement.of(Self.facts(cells), Self.facts(child.cells), areForms: NameForms.areOfOneName))
        }
        return .page(FindPages.form(form, FindPages.Answer(children: compared, model: live.version), words))
    }

    /// What was typed, as records have it.
    private static func cells(_ form: inout Form) -> [String: String] {
        var cells: [String: String] = [:]
        func take(_ name: String, _ read: (String) throws -> String) {
            let text = form[name].trimmed
            guard !text.isEmpty else { return }
            do { cells[name] = try read(text) } catch {
                form.refuse(name, "\(error)")
            }
        }
        for name in ["given", "family", "address"] {
            take(name) { text in
                guard text.count <= 200 else { throw Malformed(wanted: name, reason: "it is at most 200 letters long") }
                return text
            }
        }
        take("born") { text in
            if let day = try? Day(iso: text) { return day.iso }
            return try Day(dayFirst: text).iso
        }
        take("postcode") { try Postcode($0).text }
        take("nhs_number") { text in
            let figures = text.filter { $0 != " " }
            guard figures.count == 10, figures.allSatisfy({ $0.isASCII && $0.isNumber }) else {
                throw Malformed(wanted: "an NHS number", reason: "it has ten figures")
            }
            return figures
        }
        take("upn") { try UPN($0.uppercased()).text }
        if form.errors.isEmpty, cells.count < 2 {
            form.refuse("given", "Write at least two of these: one alone fits too many children")
        }
        return cells
    }

    private static func facts(_ cells: [String: String]) -> [String: String] {
        Dictionary(
            cells.map { ($0.key == "nhs_number" ? "nhs-number" : $0.key, $0.value) },
            uniquingKeysWith: { first, _ in first })
    }
}
