import Casework
import Kernel
import Web

/// The documents that are bound into a bundle, and why others are not.
struct BoundDocuments: Sendable {
    /// Of each its bytes, in the order of their numbers.
    private(set) var bytes: [[UInt8]] = []
    private var numbers: [String: Int] = [:]
    private var reasons: [String: String] = [:]

    static let none = BoundDocuments()

    /// As much as `bin/print-pages.py` takes.
    private static let most = 100 << 20

    private init() {}

    init(_ items: [BundleItem], of bundle: OpenBundle, from desk: DocumentDesk?) {
        let documents = bundle.given.values.flatMap(\.documents)
        var size = 0
        for item in items where item.sort == .document {
            guard let document = documents.first(where: { $0.id == item.id }), let desk,
                let read = try? desk.bytes(document.hash)
            else {
                reasons[item.id] = Self.missing
                continue
            }
            guard size + read.count <= Self.most else {
                reasons[item.id] = Self.tooLarge
                continue
            }
            size += read.count
            bytes.append(read)
            numbers[item.id] = bytes.count
        }
    }

    /// From 1.
    func number(of id: String) -> Int? { numbers[id] }

    /// Why it is not in the bundle, as was seen before anything was printed.
    func reason(of id: String) -> String? { reasons[id] }

    private static let missing = """
        Not in this bundle: the file that we kept is missing or was changed. Ask the officer of the case, or whoever \
        gave the advice, for it
        """
    private static let tooLarge = """
        Not in this bundle, which would be larger than 100 MB. The page “Advice” of the case hands it out
        """
    /// What is said where it shows in printing.
    static let unread = """
        Not in this bundle: it is damaged, has a password, or has something filled in or hidden that would not be \
        shown as it is; or the documents have more than 2,000 pages. The page “Advice” of the case hands it out
        """
}

/// The bundle on paper.
struct BundlePaper: Sendable {
    private let bundle: OpenBundle
    private let items: [BundleItem]
    private let bound: BoundDocuments
    private var record: CaseRecord { bundle.record }

    init(_ bundle: OpenBundle, _ items: [BundleItem], _ bound: BoundDocuments = .none) {
        (self.bundle, self.items, self.bound) = (bundle, items, bound)
    }

    var paper: Paper {
        let count = items.count == 1 ? "1 document" : "\(Digits.grouped(items.count)) documents"
        return Paper(
            "Bundle of documents: \(record.name)", foot: "Bundle, our number: \(record.id)", look: bundle.look,
            bound: bound.bytes,
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
                <tr><td>\(item.day.inWords)</td><td><a href="\(place)">\(offset + 1). \(item.title)</a>\
                \(leftOut(item))</td>\
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
        if item.sort == .document { return document(item, number: number) }
        return """
            <section class="part"><h2 id="document-\(number)">\(number). \(item.title)</h2>
            <p>\(item.day.inWords)</p>
            \(content(item))</section>
            """
    }

    private func content(_ item: BundleItem) -> HTML {
        switch item.sort {
        case .history: history
        case .letter: bundle.letters[item.id]?.printed(under: 3) ?? ""
        case .document: ""
        case .advice, .writing: writing(item.id)
        }
    }

    /// Its pages, each on a sheet with the number that the sheet has in the bundle. Whether they can be read shows
    /// where it is printed, so both are there, as `bin/print-pages.py` wants them.
    private func document(_ item: BundleItem, number: Int) -> HTML {
        let sheets: HTML? = bound.number(of: item.id).map { number in
            """
            <!--bound \(number)--><!--each--><p class="caption" id="<!--place-->">\(item.day.inWords), its own page \
            <!--n--> of <!--count--></p><!--each end--><!--unbound--><p>\(BoundDocuments.unread)</p><!--end-->
            """
        }
        return """
            <section class="part bound"><h2 id="document-\(number)">\(number). \(item.title)</h2>
            \(sheets)\(bound.reason(of: item.id).map { "<p>\($0)</p>" as HTML })</section>
            """
    }

    /// What the index says of a document that is not there.
    private func leftOut(_ item: BundleItem) -> HTML? {
        bound.number(of: item.id).map { "<!--bound \($0)--><!--unbound-->. \(BoundDocuments.unread)<!--end-->" }
            ?? bound.reason(of: item.id).map { ". \($0)" }
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

    /// What advice says, part by part, and which documents came with it.
    private func advice(_ event: String) -> HTML? {
        guard let given = bundle.given[event], let kind = record.file.standing(for: event)?.adviceKind else {
            return nil
        }
        let parts = AdvicePart.asked(of: kind).compactMap { part -> HTML? in
            given.parts[part].map { "<h3>\(part.title(of: kind))</h3><p class=\"said\">\($0)</p>" }
        }
        let chosen = Set(items.map(\.id))
        let (within, apart) = (
            given.documents.filter { chosen.contains($0.id) }, given.documents.filter { !chosen.contains($0.id) }
        )
        let follows: HTML? =
            within.isEmpty
            ? nil
            : "<p>With it came \(LimitWords.plural(within.count, "document")), listed in the index after it.</p>"
        let names = apart.map { "\($0.type.uppercased()) \($0.hash.prefix(12))" }
        let documents: HTML? =
            apart.isEmpty
            ? nil
            : """
            <p>With it came \(LimitWords.plural(apart.count, "document")) not in this bundle, each a file of its own, \
            which the page “Advice” of the case hands out: \(names.joined(separator: ", "))</p>
            """
        return "\(parts)\(follows)\(documents)"
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
