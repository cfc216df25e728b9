import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
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
        return await BundlePaper(found, items).paper.reply(
            named: "bundle-\(visit.today.iso).pdf", otherwise: Link("The case", to: "/cases/\(found.record.id)"))
    }

    /// What there is for whoever asks: of what they may not see nothing is read.
    private static func read(_ visit: Visit, as look: String) async throws -> OpenBundle? {
        let (policy, scope, id) = (try visit.live(policyInForce), visit.scope, visit.parameter("case"))
        let (law, today) = (try visit.live(statute), visit.today)
        return try await visit.look { tx -> (OpenBundle?, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            guard let record = try store.record(id), record.classes.contains(.caseWords) else { return (nil, []) }
            let advice = try store.advice(of: record)
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
                    record: record, letters: letters, given: advice.given,
                    items: OpenBundle.items(record, letters, advice.given), today: today,
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
            written: Set(record.texts.keys.filter { !written($0, record).isEmpty }).union(given.keys))
    }

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
            every page. It holds what you may see yourself, and takes some seconds to make. Keep it where you keep \
            what is private.</p>
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

/// The bundle on paper.
struct BundlePaper: Sendable {
    private let bundle: OpenBundle
    private let items: [BundleItem]
    private var record: CaseRecord { bundle.record }

    init(_ bundle: OpenBundle, _ items: [BundleItem]) { (self.bundle, self.items) = (bundle, items) }

    var paper: Paper {
        let count = items.count == 1 ? "1 document" : "\(Digits.grouped(items.count)) documents"
        return Paper(
            "Bundle of documents: \(record.name)", foot: "Bundle, our number: \(record.id)", look: bundle.look,
            """
            <h1>Bundle of documents: \(record.name)</h1>
            <div class="facts"><p>Our number: \(record.id)</p><p>Made on \(bundle.today.inWords)</p>\
            <p>\(count)</p></div>
            \(index)
            \(items.enumerated().map { part($0.element, number: $0.offset + 1) })
            """)
    }

    private var index: HTML {
        let rows = items.enumerated().map { offset, item in
            let place = "#document-\(offset + 1)"
            return """
                <tr><td>\(item.day.inWords)</td><td><a href="\(place)">\(offset + 1). \(item.title)</a></td>\
                <td class="number" data-place="\(place)"></td></tr>
                """ as HTML
        }
        return """
            <h2>Index</h2>
            <table><thead><tr><th scope="col">Date</th><th scope="col">Document</th>\
            <th scope="col" class="number">Page</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private func part(_ item: BundleItem, number: Int) -> HTML {
        """
        <section class="part"><h2 id="document-\(number)">\(number). \(item.title)</h2>
        <p>\(item.day.inWords)</p>
        \(content(item))</section>
        """
    }

    private func content(_ item: BundleItem) -> HTML {
        switch item.sort {
        case .history: history
        case .letter: bundle.letters[item.id]?.printed(under: 3) ?? ""
        case .advice, .writing: writing(item.id)
        }
    }

    private func writing(_ event: String) -> HTML {
        let texts = OpenBundle.written(event, record)
        let parts = texts.keys.sorted { $0.order < $1.order }.map { part -> HTML in
            let head: HTML? = texts.count > 1 ? "<h3>\(part.title)</h3>" : nil
            return "\(head)<p class=\"said\">\(texts[part] ?? "")</p>"
        }
        let noted: HTML? = record.noted[event].map { noted in
            "<p>Noted by \(noted.who) on \(noted.at.dayInEngland.inWords)</p>"
        }
        return "\(parts)\(advice(event))\(noted)"
    }

    /// What advice says, part by part. Documents that came with it are files of their own.
    private func advice(_ event: String) -> HTML? {
        guard let given = bundle.given[event],
            let kind = record.file.standing.first(where: { $0.id == event })?.adviceKind
        else { return nil }
        let parts = AdvicePart.asked(of: kind).compactMap { part -> HTML? in
            given.parts[part].map { "<h3>\(part.title(of: kind))</h3><p class=\"said\">\($0)</p>" }
        }
        let names = given.documents.map { "\($0.type.uppercased()) \($0.hash.prefix(12))" }
        let documents: HTML? =
            given.documents.isEmpty
            ? nil
            : """
            <p>With it came \(LimitWords.plural(given.documents.count, "document")), which the page “Advice” of the \
            case hands out: \(names.joined(separator: ", "))</p>
            """
        return "\(parts)\(documents)"
    }

    private var history: HTML {
        let replaced = Dictionary(
            record.file.events.compactMap { event in event.correction.map { ($0.of, $0.isAnnulled) } },
            uniquingKeysWith: { first, _ in first })
        let events = record.file.events.enumerated().sorted {
            ($0.element.day, $0.offset) < ($1.element.day, $1.offset)
        }
        let rows = events.map { _, event -> HTML in
            let mark = replaced[event.id].map { $0 ? " (this did not happen: see below)" : " (put right below)" }
            let why = record.text(.because, of: event.id).map { ". \($0)" }
            let who = record.text(.body, of: event.id).map { ": \($0)" }
            let right: String? = event.correction == nil ? nil : "Put right: "
            return """
                <tr><td>\(event.day.inWords)</td><td>\(right)\(record.file.words(of: event))\(who)\(mark)\(why)</td>\
                <td>\(record.noted[event.id]?.who)</td></tr>
                """
        }
        return """
            <table><thead><tr><th scope="col">Day</th><th scope="col">What</th>\
            <th scope="col" class="who">Who noted it</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }
}

extension TextPart {
    fileprivate static let titles: [TextPart: String] = [
        .own: "In their own words", .asked: "What they wrote", .told: "What was said", .teller: "By", .how: "How",
        .reasons: "Reasons", .needs: AssessmentTest.needsWords, .plan: AssessmentTest.planWords,
        .help: "Help that starts now, or goes on", .because: "Why", .body: "Who was asked",
    ]

    fileprivate var title: String { Self.titles[self] ?? "What was written" }

    /// As the parts are declared.
    fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
}
