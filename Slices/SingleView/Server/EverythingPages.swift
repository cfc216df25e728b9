import Access
import AccessServer
import Kernel
import People
import PeopleServer
import SingleView
import Web

/// Everything that is held and may be seen, with what stood before, on one page to print or keep: nothing folded away.
enum EverythingPages {
    static func page(_ held: Held, _ today: Day) -> Page {
        let person = held.person
        return Page(
            "Everything held about \(person.name)",
            back: Link("What is held about \(person.name)", to: "/people/\(person.id.text)/held"), isListed: false,
            """
            <h1 class="govuk-heading-l">Everything held about \(person.name)</h1>
            <p class="govuk-body">As it stands on \(today.inWords), with what stood before. To keep it, print this \
            page or save it as PDF.</p>
            \(HeldPages.rights)
            \(settled(held))
            \(held.agencies.map { record($0, held) })
            \(council(held))
            \(reasons(held))
            \(words(held))
            \(answers(held))
            \(corrections(held, today))
            \(looks(held))
            """)
    }

    /// Each fact as it is shown, with the rule that chose it and who says otherwise.
    private static func settled(_ held: Held) -> HTML {
        let words = held.seen.words
        let rows = held.settled.map { fact -> [HTML] in
            let others = fact.otherwise.map { other -> HTML in
                """
                <br>Otherwise: \(words.source(other.source)), \(other.asOf.inWords): \
                \(words.value(other.fact, other.value)) \(HeldPages.mark(other, held.seen))
                """
            }
            return [
                "\(FactWords.name(of: fact.fact))",
                "\(words.value(fact.fact, fact.chosen.value)) \(HeldPages.mark(fact.chosen, held.seen))",
                "\(words.source(fact.chosen.source)), \(fact.chosen.asOf.inWords)\(others)",
                "\(fact.why) (rule \(fact.rule))",
            ]
        }
        return """
            <h2 class="govuk-heading-m">Facts as they are shown</h2>
            \(table("Facts", head: ["Fact", "What is shown", "Who says so", "Why this one"], rows: rows,
                isCaptionShown: false))
            """
    }

    private static func record(_ record: SeenRecord, _ held: Held) -> HTML {
        let source = held.seen.words.book.source(record.source)
        let number: HTML? = held.refs[record.number].map { SummaryRow("Its number for the record", "\($0)") }
            .map { summaryList([$0]) }
        let gone = record.gone.map { " It has no longer been in its list since \($0.inWords)." } ?? ""
        let said = held.seen.said.filter { $0.statement.record == record.number }
        return """
            <h2 class="govuk-heading-m">\(held.seen.words.source(record.source))</h2>
            <p class="govuk-body">\(source.map { "\($0.agency). \($0.words)." } ?? "") Held since \
            \(record.firstDay.inWords); newest word \(record.asOf.inWords).\(gone)</p>
            \(HeldPages.markLine(record, held))
            \(number)
            \(factTable("\(held.seen.words.source(record.source)) \(Self.number(record, held))", said, held))
            """
    }

    /// Which of several records of one source it is, so that no two tables are called the same.
    private static func number(_ record: SeenRecord, _ held: Held) -> String {
        let same = held.agencies.filter { $0.source == record.source }
        guard same.count > 1, let place = same.firstIndex(of: record) else { return "says and said before" }
        return "says and said before, record \(place + 1)"
    }

    private static func factTable(_ caption: String, _ said: [Said], _ held: Held) -> HTML {
        let rows = said.sorted { order($0) < order($1) }.map { one -> [HTML] in
            [
                "\(FactWords.name(of: one.statement.fact))",
                """
                \(held.seen.words.value(one.statement.fact, one.statement.value)) \
                \(HeldPages.mark(one.statement, held.seen))
                """,
                "\(one.from.inWords)", "\(one.until?.inWords ?? "still so")", "\(one.statement.data.words)",
            ]
        }
        return table(caption, head: ["Fact", "Value", "From", "Until", "Kind"], rows: rows, isCaptionShown: false)
    }

    private static func order(_ one: Said) -> (Int, Int, String) {
        (FactOrder.of(one.statement.fact), -one.from.number, one.statement.value)
    }

    private static func council(_ held: Held) -> HTML {
        let rows = held.current.filter { $0.source == LinkStore.council }.map { one in
            SummaryRow(
                FactWords.name(of: one.fact),
                "\(held.seen.words.value(one.fact, one.value)) \(HeldPages.mark(one, held.seen))")
        }
        let before = held.councilBefore
        let earlier: HTML? = before.isEmpty ? nil : factTable("What the council had written before", before, held)
        let judge: HTML? = held.council.judge.map { judge in
            """
            <p class="govuk-body">Who judged that \(held.person.given) understands what it means to keep something \
            from parents: \(judge)</p>
            """
        }
        return """
            <h2 class="govuk-heading-m">What the council itself wrote down</h2>
            \(summaryList(rows))
            \(earlier)
            \(judge)
            """
    }

    private static func reasons(_ held: Held) -> HTML? {
        guard !held.reasons.isEmpty else { return nil }
        let list = held.reasons.map { reason -> HTML in
            """
            <h3 class="govuk-heading-s">\(held.seen.words.source(reason.record.source))</h3>
            <p class="govuk-body">\(WhyPages.sentences(reason, held.seen.words).joined(separator: " "))</p>
            """
        }
        return "<h2 class=\"govuk-heading-m\">Why these records are one child’s</h2>\(list)"
    }

    private static func words(_ held: Held) -> HTML? {
        guard !held.council.words.isEmpty else { return nil }
        let list = held.council.words.map { entry, who -> HTML in
            let kept: HTML? = entry.isKept ? tag("Kept from parents", .purple) : nil
            return """
                <li class="app-result"><p>\(entry.words)</p>
                <p class="app-source">\(who), \(entry.made.inWords) \(kept)</p></li>
                """
        }
        return """
            <h2 class="govuk-heading-m">In their own words</h2>
            <ul class="app-results">\(list)</ul>
            """
    }

    private static func answers(_ held: Held) -> HTML? {
        guard !held.council.answers.isEmpty else { return nil }
        let rows = held.council.answers.map { answer -> [HTML] in
            ["\(answer.at.dayInEngland.inWords)", "\(answer.isRight ? "All of it was right." : answer.words)"]
        }
        return table("What the family said of the details held", head: ["When", "What"], rows: rows)
    }

    private static func corrections(_ held: Held, _ today: Day) -> HTML? {
        guard !held.corrections.isEmpty else { return nil }
        return """
            <h2 class="govuk-heading-m">What has been said to be wrong</h2>
            <ul class="app-results">\(held.corrections.map { HeldPages.item($0, held.seen.words, today) })</ul>
            """
    }

    private static func looks(_ held: Held) -> HTML? {
        guard held.council.maySeeLooks else { return nil }
        let rows = held.council.looks.map { look -> [HTML] in
            ["\(look.at)", "\(look.who), \(look.why)", "\(look.what)"]
        }
        return rows.isEmpty
            ? "<p class=\"govuk-body\">Nobody has looked yet.</p>"
            : table("Who has looked, the newest first", head: ["When", "Who, and why", "At what"], rows: rows)
    }
}
