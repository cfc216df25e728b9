import Kernel
import Offer
import Web

enum SearchPages {
    /// The page of results, or of the empty form where nothing has been asked yet.
    static func results(_ answer: SearchAnswer, _ index: OfferIndex, _ query: Query, _ frame: ResultFrame) -> Page {
        let isAsked = !query.pairs.isEmpty
        let title = isAsked ? heading(answer) : "Find help"
        return Page(
            answer.errors.isEmpty ? title : "Error: \(title)", scripts: answer.request.isMap ? ["leaflet", "map"] : [],
            styles: answer.request.isMap ? ["leaflet"] : [], summary: "Search the Local Offer.",
            isListed: !isAsked,
            """
            \(answer.plan.isUrgent ? UrgentHelp.box : nil)\(errorSummary(answer.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            <form method="get" action="\(OfferLinks.search)" class="app-search" role="search">
            \(searchRow(answer))
            <div class="app-columns">
            <div class="app-filters">\(filters(answer, index))</div>
            <div>
            \(isAsked ? nil : prompt)\(notices(answer))\(understood(answer, index))
            \(toolbar(answer, query))
            \(map(answer, frame))
            \(list(answer, frame))
            \(beyond(answer, query))
            \(pagination(page: answer.request.page + 1, pages: answer.pages) { page in
                query.setting("page", to: page == 1 ? nil : String(page)).address(OfferLinks.search)
            })
            \(nearMisses(answer, frame))
            \(nothing(answer, query))
            </div>
            </div>
            </form>
            \(frame.forms)
            """)
    }

    private static func heading(_ answer: SearchAnswer) -> String {
        let finding = answer.finding
        if answer.plan.isUrgent { return "Places that may help" }
        if finding.total == 0 { return "Nothing fits all of that" }
        guard answer.question.isSuitabilityAsked else {
            return finding.total == 1 ? "1 result" : "\(Digits.grouped(finding.total)) results"
        }
        let might = "\(Digits.grouped(finding.possible)) might"
        if finding.fitting == 0 { return "Nothing is known to fit all of that; \(might)" }
        let fit = finding.fitting == 1 ? "1 fits" : "\(Digits.grouped(finding.fitting)) fit"
        let what = answer.plan.dropped.isEmpty ? "what you asked" : "the rest of what you asked"
        return finding.possible == 0 ? "\(fit) \(what)" : "\(fit) \(what); \(might)"
    }

    private static let prompt: HTML = """
        <p class="govuk-body">Everything in the directory is listed here, by name. Write above what you need, and what \
        fits comes first.</p>
        """

    /// Where a page was asked for that there is not.
    private static func beyond(_ answer: SearchAnswer, _ query: Query) -> HTML? {
        guard answer.results.isEmpty, answer.finding.total > 0 else { return nil }
        let last = query.setting("page", to: String(answer.pages)).address(OfferLinks.search)
        return inset(
            """
            There \(answer.pages == 1 ? "is one page" : "are \(answer.pages) pages") of results; this would be page \
            \(answer.request.page + 1). \(anchor(Link("Go to the last page", to: last))).
            """)
    }

    // MARK: - The form

    static func searchRow(_ answer: SearchAnswer?) -> HTML {
        let request = answer?.request ?? SearchRequest()
        func error(_ field: String) -> String? { answer?.errors.first { $0.field == field }?.message }
        let age = request.ages.map { String($0.lowerBound) } ?? ""
        let words = textInput(
            "q", label: "What do you need?", value: request.words, hint: "For example: speech therapy, age 3",
            error: error("q"))
        let near = textInput(
            "near", label: "Where?", value: request.near ?? "", hint: "Postcode, its first half, or a ward",
            error: error("near"), autocomplete: "postal-code")
        let years = textInput(
            "age", label: "Age", value: age, hint: "In years", error: error("age"), width: "govuk-input--width-3",
            mode: "numeric")
        return """
            <div class="app-search__row">
            \(words)
            \(near)
            <div class="app-narrow">\(years)</div>
            \(button("Search"))
            </div>
            <p class="govuk-body app-js-only"><button type="button" class="app-link-button" data-my-place="near">\
            Use where I am now</button></p>
            """
    }

    private static func filters(_ answer: SearchAnswer, _ index: OfferIndex) -> HTML {
        let (request, counts) = (answer.request, answer.finding.counts)
        let needs = NeedType.sen2.map { Choice($0.code, $0.plainTitle, count: counts.needs[$0] ?? 0) }
        let days = Weekday.allCases.map { Choice($0.rawValue, $0.name, count: counts.days[$0] ?? 0) }
        let access = AccessFeature.allCases.map { Choice($0.rawValue, $0.label, count: counts.access[$0] ?? 0) }
        let kinds = Entry.Kind.allCases.map { Choice($0.rawValue, $0.label, count: counts.kinds[$0] ?? 0) }
        let help =
            [Choice("", "Any kind of help")]
            + index.catalogue.helpKinds.all.filter { (counts.help[$0.code] ?? 0) > 0 || request.help.contains($0.code) }
            .map { Choice($0.code.text, $0.label, count: counts.help[$0.code] ?? 0) }
        let within =
            [Choice("", "Any distance")]
            + SearchRequest.distances.map { Choice(String($0), "Within \($0) \($0 == 1 ? "mile" : "miles")") }
        return details(
            "More choices",
            """
            <h2 class="govuk-visually-hidden">More choices</h2>
            \(select("help", label: "Kind of help", choices: help, chosen: request.help.first?.text))
            \(select("within", label: "How far", choices: within, chosen: request.withinMiles.map(String.init)))
            \(select("order", label: "Order", choices: Order.allCases.map { Choice($0.rawValue, $0.label) },
                chosen: request.order.rawValue))
            \(checkboxes("need", legend: "Need", choices: needs, chosen: Set(request.needs.map(\.code)),
                hint: "How many of these results say so"))
            \(checkboxes("kind", legend: "Kind of place", choices: kinds, chosen: Set(request.kinds.map(\.rawValue))))
            \(checkboxes("day", legend: "Open on", choices: days, chosen: Set(request.days.map(\.rawValue))))
            \(checkboxes("free", legend: "Cost", choices: [Choice("yes", "Free", count: counts.free)],
                chosen: request.isFree ? ["yes"] : []))
            \(checkboxes("access", legend: "Access", choices: access, chosen: Set(request.access.map(\.rawValue))))
            \(button("Search again", look: .secondary)) \(anchor(Link("Clear all", to: OfferLinks.search)))
            """)
    }

    // MARK: - What was understood

    private static func notices(_ answer: SearchAnswer) -> HTML? {
        let shown = answer.plan.notices.filter { $0 != answer.plan.nearFault && $0 != UrgentHelp.inWords }
        return shown.isEmpty ? nil : inset("\(shown.map { "<p class=\"govuk-body\">\($0)</p>" as HTML })")
    }

    private static func understood(_ answer: SearchAnswer, _ index: OfferIndex) -> HTML? {
        let parts = answer.question.inWords(index.catalogue.helpKinds)
        guard !parts.isEmpty else { return nil }
        return "<p class=\"govuk-body-s\">We understood: \(Listing.and(parts)).</p>"
    }

    private static func toolbar(_ answer: SearchAnswer, _ query: Query) -> HTML? {
        guard answer.finding.total > 0 else { return nil }
        let isMap = answer.request.isMap
        let list = query.setting("view", to: nil).address(OfferLinks.search)
        let map = query.setting("view", to: "map").address(OfferLinks.search)
        let json = query.setting("view", to: nil).address(OfferLinks.search + ".json")
        func link(_ text: String, _ address: String, isHere: Bool) -> HTML {
            let mark: HTML? = isHere ? " aria-current=\"true\"" : nil
            return "<a class=\"govuk-link\" href=\"\(address)\"\(mark)>\(text)</a>"
        }
        return """
            <div class="app-toolbar"><span>Show as</span> \(link("List", list, isHere: !isMap)) \
            \(link("Map", map, isHere: isMap)) \(link("Data (JSON)", json, isHere: false))</div>
            """
    }

    // MARK: - What was found

    private static func map(_ answer: SearchAnswer, _ frame: ResultFrame) -> HTML? {
        guard answer.request.isMap, !answer.results.isEmpty else { return nil }
        return MapDrawing(answer: answer, city: frame.map).html
    }

    private static func list(_ answer: SearchAnswer, _ frame: ResultFrame) -> HTML? {
        guard !answer.results.isEmpty else { return nil }
        let isJudged = answer.question.isSuitabilityAsked
        let cards = answer.results.enumerated().map { place, result in
            ResultCard(
                shown: result.shown, reasons: result.reasons, fits: result.judgement.fits, isJudged: isJudged,
                number: answer.request.isMap ? place + 1 : nil, actions: frame.actions(result.entry)
            ).html
        }
        let title: HTML =
            answer.nearMisses.isEmpty || answer.finding.fitting > 0
            ? "<h2 class=\"govuk-visually-hidden\">Results</h2>"
            : "<h2 class=\"govuk-heading-m\">These might fit: ask</h2>"
        return "\(title)\n<ol class=\"app-results\">\(cards)</ol>"
    }

    private static func nearMisses(_ answer: SearchAnswer, _ frame: ResultFrame) -> HTML? {
        guard !answer.nearMisses.isEmpty, answer.request.page == 0 else { return nil }
        let cards = answer.nearMisses.map { result in
            ResultCard(
                shown: result.shown, reasons: result.reasons, fits: false, isJudged: true,
                actions: frame.actions(result.entry)
            ).html
        }
        return """
            <h2 class="govuk-heading-m">These come close</h2>
            <p class="govuk-body">Each misses something you asked for, marked ✗.</p>
            <ul class="app-results">\(cards)</ul>
            """
    }

    private static func nothing(_ answer: SearchAnswer, _ query: Query) -> HTML? {
        guard answer.finding.total == 0 else { return nil }
        let report = OfferLinks.report(about: OfferLinks.search)
        return """
            <h2 class="govuk-heading-m">What you can do</h2>
            <ul class="govuk-list govuk-list--bullet">
            <li>Ask for fewer things at once, or look farther away.</li>
            <li>Ask someone who is on nobody’s side: \(anchor(Link(
                "impartial SEND advice", to: OfferLinks.search + "?help=send-advice"))).</li>
            <li>Use other words: the \(anchor(Link("words explained", to: "/words"))) may help.</li>
            <li>\(anchor(Link("Tell us what is missing", to: report))): \
            it helps to show what the city needs.</li>
            </ul>
            """
    }
}

/// What a list of results needs besides the answer: the map, and what may be done with each entry.
struct ResultFrame {
    let map: CityMap
    let form: Form
    let shortlist: Shortlist
    /// Where to come back to.
    let address: String

    /// The forms that the buttons of `actions` belong to. They stand at the foot of the page, once, since the results
    /// are inside the form of the search and a form cannot hold another.
    var forms: HTML {
        let back: HTML = "<input type=\"hidden\" name=\"back\" value=\"\(address)\">"
        return """
            \(form.posting(to: "/shortlist/entries", id: "keep", repeatable: true, back))
            \(form.posting(to: "/shortlist/removals", id: "unkeep", repeatable: true, back))
            """
    }

    func actions(_ entry: Entry) -> HTML {
        let isKept = shortlist.holds(entry.id)
        let label: HTML = isKept ? "Remove from shortlist" : "Add to shortlist"
        return """
            <button type="submit" form="\(isKept ? "unkeep" : "keep")" name="entry" value="\(entry.id.text)" \
            class="app-link-button">\(label)<span class="govuk-visually-hidden">: \
            \(entry.name)</span></button>
            """
    }
}
