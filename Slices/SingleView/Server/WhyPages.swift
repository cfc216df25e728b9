import Kernel
import People
import SingleView
import Web

/// Why these records are one child’s, a paragraph for each that the reader may see.
enum WhyPages {
    static func page(_ held: Held) -> Page {
        let person = held.person
        let address = "/people/\(person.id.text)"
        let list: HTML =
            held.reasons.isEmpty
            ? "<p class=\"govuk-body\">No record of an agency is shown here.</p>"
            : "<ul class=\"app-results\">\(held.reasons.map { item($0, held) })</ul>"
        return Page(
            "Why these records are one child’s", back: Link(person.name, to: address), isListed: false,
            """
            <h1 class="govuk-heading-l">Why these records are one child’s</h1>
            <p class="govuk-body">Agencies do not share one number for each child. A program compares names, \
            birthdays, numbers and addresses, and reckons how likely it is that two records are of one child. Where it \
            is in doubt, a person decides. Each record is explained by the one of the others shown here to which it is \
            closest.</p>
            \(list)
            <p class="app-source">The comparison is rule \(Agreement.id), which anybody can do again by hand. How sure \
            the program is comes of its model, which weighs besides how rare each value is.</p>
            """)
    }

    private static func item(_ reason: LinkReason, _ held: Held) -> HTML {
        let (words, record) = (held.seen.words, reason.record)
        let name = words.source(record.source)
        let wrong: HTML? =
            record.source == LinkStore.council
            ? nil
            : """
            <p>\(anchor(Link("This is not my child’s record", to: HeldPages.ask(held, "\(record.number)-record"))))\
            <span class="govuk-visually-hidden"> (\(name))</span></p>
            """
        return """
            <li class="app-result"><h2>\(name)</h2>
            \(HeldPages.markLine(record, held))
            \(sentences(reason, words).map { "<p>\($0)</p>" as HTML })
            \(wrong)</li>
            """
    }

    /// The explanation, sentence by sentence; also for the file of everything.
    static func sentences(_ reason: LinkReason, _ words: FactWords) -> [String] {
        guard let other = reason.other else {
            return ["This is the record. No other is shown with which it could be compared."]
        }
        let (mine, theirs) = (inside(words, reason.record.source), inside(words, other.source))
        func name(_ one: Agreement) -> String {
            one.fact == "nhs-number" ? "NHS number" : FactWords.name(of: one.fact).lowercased()
        }
        func value(_ one: Agreement, _ text: String) -> String { words.value(one.fact, text) }
        func list(_ verdict: (Agreement) -> String?) -> String? {
            let some = reason.agreements.compactMap(verdict)
            return some.isEmpty ? nil : some.joined(separator: "; ")
        }
        let same = list { $0.verdict == .same ? "\(name($0)) (\(value($0, $0.one)))" : nil }
        let nearly = list { one in
            guard case .nearly(let how) = one.verdict else { return nil }
            return "\(name(one)): “\(value(one, one.one))” and “\(value(one, one.other))”, \(how.words)"
        }
        let different = list {
            $0.verdict == .different ? "\(name($0)): “\(value($0, $0.one))” and “\(value($0, $0.other))”" : nil
        }
        let notMine = list { $0.verdict == .notKnownToOne ? name($0) : nil }
        let notTheirs = list { $0.verdict == .notKnownToOther ? name($0) : nil }
        return [
            "Compared with: \(theirs).", same.map { "The same: \($0)." }, nearly.map { "Nearly the same: \($0)." },
            different.map { "Different: \($0)." }, notMine.map { "Not told by \(mine): \($0)." },
            notTheirs.map { "Not told by \(theirs): \($0)." }, howSure(reason),
        ].compactMap { $0 }
    }

    /// What a source is called within a sentence.
    private static func inside(_ words: FactWords, _ source: String) -> String {
        source == LinkStore.council ? "the council’s own record" : words.source(source)
    }

    private static func howSure(_ reason: LinkReason) -> String {
        if let decided = reason.decided {
            return "\(decided.who.capitalisedFirst) looked at both and decided on \(decided.at.dayInEngland.inWords) "
                + "that they are of one child."
        }
        if let figure = reason.figure {
            return "Of 1,000 pairs that compare like these two, \(SureInWords.words(figure.chance)) are of one child, "
                + "by the model \(figure.model) on \(figure.made.dayInEngland.inWords)."
        }
        switch reason.place?.cause {
        case "own-record": return "This is what the council itself wrote down about the child."
        case "model", nil: return "No figure was kept for these two."
        default: return "Somebody at the council looked at the record and decided that it belongs here."
        }
    }
}
