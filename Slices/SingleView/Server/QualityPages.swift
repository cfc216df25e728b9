import Access
import AccessServer
import Kernel
import SingleView
import Storage
import Web

enum QualityRoutes {
    static let all: [Route] = [
        .get("/review/quality", may: .office(ReviewActions.quality)) { visit in
            let (book, groups) = (try visit.live(feedBook), try visit.live(ethnicGroups))
            let words = FactWords(book: book)
            let quality = try await visit.read { tx in
                try QualityStore(tx: tx).quality(source: words.source, groups: groups)
            }
            return .page(QualityPages.page(quality))
        }
    ]
}

enum QualityPages {
    static func page(_ quality: Quality?) -> Page {
        let body: HTML =
            if let quality { shown(quality) } else {
                """
                <p class="govuk-body">No sample was drawn yet. It is drawn when records are linked; then people \
                look at its pairs, without the model’s word.</p>
                """
            }
        return Page(
            "How good the links are", isListed: false,
            "<h1 class=\"govuk-heading-l\">How good the links are</h1>\n\(body)")
    }

    private static func shown(_ quality: Quality) -> HTML {
        let worse = warnings(quality)
        return """
            <p class="govuk-body">Model \(quality.model), sample drawn on \(quality.made.dayInEngland.inWords). People \
            looked at \(quality.reviewed) of \(quality.sample) pairs without the model’s word, and could not tell of \
            \(quality.unsure) more.</p>
            \(worse)
            \(section("Right links", "Of linked pairs, those that are one child (precision).", quality, \.precision))
            \(section("Links found", "Of the pairs of one child, those that are linked (recall).", quality, \.recall))
            <h2 class="govuk-heading-m">All figures</h2>
            \(figures("All pairs", [quality.all]))
            \(figures("By sources", quality.bySource))
            \(figures("By ethnicity, as the school census has it", quality.byGroup))
            \(method(quality))
            """
    }

    /// Groups that are linked worse than all, beyond what chance explains.
    private static func warnings(_ quality: Quality) -> [HTML] {
        (quality.bySource + quality.byGroup).flatMap { line -> [HTML] in
            let right =
                isWorse(line.precision, quality.all.precision)
                ? [warning("\(line.name): links are wrong more often than among all pairs.")] : []
            let found =
                isWorse(line.recall, quality.all.recall)
                ? [warning("\(line.name): links are missed more often than among all pairs.")] : []
            return right + found
        }
    }

    static func isWorse(_ group: Proportion?, _ all: Proportion?) -> Bool {
        guard let group, let all else { return false }
        return QualityRule.isWorse(group, than: all)
    }

    // MARK: - The picture

    private static func section(
        _ title: String, _ words: String, _ quality: Quality, _ which: (Quality.Line) -> Proportion?
    ) -> HTML? {
        let lines = ([quality.all] + quality.bySource + quality.byGroup).compactMap { line in
            which(line).map { (name: line.name, share: $0) }
        }
        guard let lowest = lines.map(\.share.low).min() else {
            return """
                <h2 class="govuk-heading-m">\(title)</h2>
                <p class="govuk-body">\(words) Too few pairs were looked at to tell.</p>
                """
        }
        let start = max(0, Int(lowest * 10)) * 10
        let all = which(quality.all)?.value
        return """
            <h2 class="govuk-heading-m">\(title)</h2>
            <p class="govuk-body">\(words) Each bar runs from \(start)% at the left to 100% at the right; the \
            mark is the estimate, the line where it lies with 95% certainty, the dashes mark all pairs.</p>
            <ul class="app-interval">\(lines.map { line in
                """
                <li>\(line.name): <strong>\(percent(line.share.value))</strong> (\(percent(line.share.low)) to \
                \(percent(line.share.high)))\(bar(line.share, all, from: start))</li>
                """ as HTML
            })</ul>
            """
    }

    /// A bar without letters, as wide as the page: the words stand above it.
    private static func bar(_ share: Proportion, _ all: Double?, from start: Int) -> HTML {
        let width = Double(max(1, 100 - start))
        func place(_ value: Double) -> Int { Int(((value * 100 - Double(start)) / width * 980).rounded()) + 10 }
        let mark: HTML? = all.map { all in
            """
            <line x1="\(place(all))" x2="\(place(all))" y1="0" y2="16" stroke="#4d5356" stroke-width="2" \
            stroke-dasharray="3 2" vector-effect="non-scaling-stroke"/>
            """
        }
        let middle = place(share.value)
        return """
            <svg viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true" focusable="false">\
            <line x1="10" x2="990" y1="8" y2="8" stroke="#d8dcde" stroke-width="2" vector-effect="non-scaling-stroke"/>\
            \(mark)<line x1="\(place(share.low))" x2="\(place(share.high))" y1="8" y2="8" stroke="#0b4f5c" \
            stroke-width="5" vector-effect="non-scaling-stroke"/>\
            <line x1="\(middle)" x2="\(middle)" y1="1" y2="15" stroke="#0b0c0c" stroke-width="5" \
            vector-effect="non-scaling-stroke"/></svg>
            """
    }

    // MARK: - The figures

    private static func figures(_ caption: String, _ lines: [Quality.Line]) -> HTML? {
        guard !lines.isEmpty else { return nil }
        let rows = lines.map { line -> [HTML] in
            let isTold = line.precision != nil || line.recall != nil
            return [
                "\(line.name)", "\(isTold || line.reviewed >= QualityRule.least ? "\(line.reviewed)" : fewer)",
                "\(words(line.precision))", "\(words(line.recall))",
            ]
        }
        return table(caption, head: ["Pairs", "Looked at", "Right links", "Links found"], rows: rows)
    }

    static let fewer = "fewer than \(QualityRule.least)"

    static func words(_ share: Proportion?) -> String {
        guard let share else { return "too few to tell" }
        return "\(percent(share.value)) (\(percent(share.low)) to \(percent(share.high)))"
    }

    static func percent(_ share: Double) -> String {
        Digits.fixed(Int((min(max(share, 0), 1) * 1000).rounded()), places: 1) + "%"
    }

    private static func method(_ quality: Quality) -> HTML {
        details(
            "How this is reckoned",
            """
            <p class="govuk-body">At each linking, pairs that the model compared are put into layers by whether \
            they are linked, by chance and by their sources, and up to \(Sampling.most) of each layer are drawn (rule \
            \(Sampling.id), seed \(Int(Sampling.seed))). Each layer counts by how many pairs it has (rule \
            \(QualityRule.id)). The intervals are Wilson’s, for the number of pairs that a plain sample would \
            need to be as sure. Layers of which nobody looked at any pair are left out: those looked at hold \
            \(percent(quality.coverage)) of the pairs.</p>
            <p class="govuk-body">Pairs that the model gives less than one chance in a hundred, and pairs it \
            never compared, are not in it: links missed among these are not counted. Protected children’s \
            records are left out. A group is told of where \(QualityRule.least) pairs or more were looked at; \
            where several groups are told of, one may look worse by chance alone.</p>
            """)
    }
}
