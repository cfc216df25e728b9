import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
import Printing
import Storage
import Web

/// A bundle of documents of a case as one file, paged through, as an appeal wants it.
enum BundleRoutes {
    static let all: [Route] = [
        .get("/cases/{case}/bundle", may: .act(CaseActions.bundle, on: "case"), choose),
        .get("/cases/{case}/bundle/pdf", may: .act(CaseActions.bundle, on: "case"), pdf),
    ]

    private static func choose(_ visit: Visit) async throws -> Reply {
        let found = try await read(visit, as: PersonLooks.seen)
        return found.map { .page(BundlePages.choose($0, chosen: nil, error: nil)) } ?? .notFound
    }

    /// Of nothing chosen in the form nothing is made; without a form it is all.
    private static func pdf(_ visit: Visit) async throws -> Reply {
        guard let found = try await read(visit, as: PeopleEvents.downloaded) else { return .notFound }
        let wanted = Set(visit.query.all("document"))
        let isForm = visit.query["chosen"] == "yes"
        let items = found.items.filter { !isForm || wanted.contains($0.id) }
        guard !items.isEmpty else {
            return .unprocessable(BundlePages.choose(found, chosen: wanted, error: "Choose at least one document"))
        }
        let (name, file) = ("bundle-\(visit.today.iso).pdf", Link("The case", to: "/cases/\(found.record.id)"))
        guard items.contains(where: { $0.sort == .document }) else {
            return await BundlePaper(found, items).paper.reply(named: name, otherwise: file)
        }
        guard await lane.enter() else { return PaperPages.reply(.busy, otherwise: file) }
        let bound = BoundDocuments(items, of: found, from: visit.documents)
        let reply = await BundlePaper(found, items, bound).paper.reply(named: name, otherwise: file)
        await lane.leave()
        return reply
    }

    /// One bundle with documents at a time: others wait with nothing in memory yet.
    private static let lane = PrintLane(most: 1, mostWaiting: 30)

    /// What there is for whoever asks: of what they may not see nothing is read.
    private static func read(_ visit: Visit, as look: String) async throws -> OpenBundle? {
        let (policy, scope, id) = (try visit.live(policyInForce), visit.scope, visit.parameter("case"))
        let (law, today) = (try visit.live(statute), visit.today)
        return try await visit.look { tx -> (OpenBundle?, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            guard let record = try store.record(id), record.classes.contains(.caseWords) else { return (nil, []) }
            let advice = try store.advice(of: record)
            // By the entry with which it came first: a bundle has it there, however often that was put right.
            let given = Dictionary(
                advice.given.map { (record.file.root(of: $0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
            var letters: [String: LetterTemplate] = [:]
            for letter in record.letters {
                let isHeld = try Releases.isHeld(letter.id, about: record.person, at: scope.at, in: tx)
                guard !isHeld || record.mayWork, let written = try LetterStore.letter(letter.id, in: tx) else {
                    continue
                }
                letters[letter.id] = try LetterTemplate(written.text).filled(LetterValues.of(written, record, law))
            }
            let own = record.family.first { $0.isOwn }
            let codes = record.classes.union(advice.classes).sorted().map(\.rawValue).joined(separator: ",")
            return (
                OpenBundle(
                    record: record, letters: letters, given: given,
                    items: OpenBundle.items(record, letters, given), today: today,
                    look: own?.wish.forms.contains(.largePrint) == true ? .large : .usual),
                [Event(look, subject: record.person, detail: "case=\(record.id);classes=\(codes)")]
            )
        }
    }
}

/// What a bundle of a case can be made of, for whoever asks.
struct OpenBundle: Sendable {
    let record: CaseRecord
    let letters: [String: LetterTemplate]
    /// Advice, by the event with which it came.
    let given: [String: GivenAdvice]
    let items: [BundleItem]
    let today: Day
    let look: Paper.Look

    static func items(
        _ record: CaseRecord, _ letters: [String: LetterTemplate], _ given: [String: GivenAdvice]
    ) -> [BundleItem] {
        record.file.bundle(
            letters: record.letters.compactMap { letter in
                letters[letter.id].map { (letter.id, letter.event, letter.at.dayInEngland, $0.title) }
            },
            written: Set(record.texts.keys.filter { !written($0, record).isEmpty }).union(given.keys),
            documents: given.flatMap { event, given in
                given.documents.filter { $0.type == bindable }.map { ($0.id, event) }
            }.sorted { $0.0 < $1.0 })
    }

    /// The type of documents whose pages can stand in a bundle.
    private static let bindable = "pdf"

    /// What is written with an event and stands nowhere else in a bundle: a letter has the reasons, and the history has
    /// who was asked.
    static func written(_ event: String, _ record: CaseRecord) -> [TextPart: String] {
        let texts = record.texts[event] ?? [:]
        let hasLetter = record.letters.contains { $0.event == event }
        let inLetter: Set<TextPart> = hasLetter ? [.reasons, .help, .needs, .plan] : []
        let own = texts.filter { !inLetter.contains($0.key) }
        return own.keys.allSatisfy { $0 == .body } ? [:] : own
    }
}

enum BundlePages {
    /// - Parameter chosen: nil for all.
    static func choose(_ bundle: OpenBundle, chosen: Set<String>?, error: String?) -> Page {
        let record = bundle.record
        let groups = BundleItem.Sort.allCases.map { sort -> HTML in
            let items = bundle.items.filter { $0.sort == sort }
            guard !items.isEmpty else { return "" }
            return checkboxes(
                "document", legend: sort.words,
                choices: items.map { Choice($0.id, "\($0.day.inWords): \($0.title)") },
                chosen: chosen ?? Set(items.map(\.id)))
        }
        let title = "Bundle of documents"
        return Page(
            error == nil ? title : "Error: \(title)", back: Link("The case", to: "/cases/\(record.id)"),
            isListed: false,
            """
            \(error.map { errorSummary([FieldError("document", $0)]) } ?? nil)
            <h1 class="govuk-heading-l">Bundle of documents in the case of \(record.name)</h1>
            <p class="govuk-body">One PDF: an index, then what you choose, by date, with the number of the page on \
            every page. It holds what you may see yourself, and takes some seconds to make. PDF documents that came \
            with advice go in page by page; Word files and pictures are only named. Keep it where you keep what is \
            private.</p>
            <form method="get" action="/cases/\(record.id)/bundle/pdf">
            <input type="hidden" name="chosen" value="yes">
            \(groups)
            \(button("Make the bundle"))
            </form>
            """)
    }

    /// The way there from the page of a case.
    static func link(_ record: CaseRecord) -> HTML? {
        guard record.classes.contains(.caseWords) else { return nil }
        return """
            <p class="govuk-body app-actions">\(anchor(Link("Bundle of documents, for a meeting or an appeal",
                to: "/cases/\(record.id)/bundle")))</p>
            """
    }
}
