/// One line of a list of facts: what, what it is, and a word on where it comes from.
public struct SummaryRow: Sendable {
    public let key: String
    public let value: HTML
    public let note: String?
    public init(_ key: String, _ value: HTML, note: String? = nil) {
        (self.key, self.value, self.note) = (key, value, note)
    }
}

/// Facts, one a line.
public func summaryList(_ rows: [SummaryRow]) -> HTML {
    """
    <dl class="govuk-summary-list">\(rows.map { row in
        let note: HTML? = row.note.map { "<div class=\"app-source\">\($0)</div>" }
        return """
            <div class="govuk-summary-list__row">\
            <dt class="govuk-summary-list__key">\(row.key)</dt>\
            <dd class="govuk-summary-list__value">\(row.value)\(note)</dd></div>
            """ as HTML
    })</dl>
    """
}

/// A word or two that mark what kind of thing this is.
public enum TagColour: String, CaseIterable, Sendable {
    case teal = "turquoise", green, yellow, red, grey, purple, blue
}

public func tag(_ text: String, _ colour: TagColour) -> HTML {
    "<strong class=\"govuk-tag govuk-tag--\(colour.rawValue)\">\(text)</strong>"
}

/// More, folded away until it is opened.
public func details(_ summary: String, isOpen: Bool = false, _ content: HTML) -> HTML {
    let open: HTML? = isOpen ? " open" : nil
    return """
        <details class="govuk-details"\(open)>
        <summary class="govuk-details__summary"><span class="govuk-details__summary-text">\(summary)</span></summary>
        <div class="govuk-details__text">\(content)</div>
        </details>
        """
}

/// Something to notice, set apart.
public func inset(_ content: HTML) -> HTML { "<div class=\"govuk-inset-text\">\(content)</div>" }

/// Something that must not be missed.
public func warning(_ text: String) -> HTML {
    """
    <div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>\
    <strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span> \(text)</strong></div>
    """
}

/// What was just done, or what the page is about today.
public func notice(_ title: String, _ content: HTML) -> HTML {
    """
    <div class="govuk-notification-banner" role="region" aria-labelledby="notice-title">
    <div class="govuk-notification-banner__header">\
    <h2 class="govuk-notification-banner__title" id="notice-title">\(title)</h2></div>
    <div class="govuk-notification-banner__content">\(content)</div>
    </div>
    """
}

/// A table with its caption; the first cell of each row is its heading.
public func table(_ caption: String, head: [String], rows: [[HTML]], isCaptionShown: Bool = true) -> HTML {
    let captionClass = isCaptionShown ? "govuk-table__caption--m" : "govuk-visually-hidden"
    return """
        <div class="app-table" role="region" aria-label="\(caption)" tabindex="0">
        <table class="govuk-table"><caption class="govuk-table__caption \(captionClass)">\(caption)</caption>
        <thead class="govuk-table__head"><tr class="govuk-table__row">\(head.map {
            "<th scope=\"col\" class=\"govuk-table__header\">\($0)</th>" as HTML
        })</tr></thead>
        <tbody class="govuk-table__body">\(rows.map { row in
            let first: HTML? = row.first.map { "<th scope=\"row\" class=\"govuk-table__header\">\($0)</th>" }
            return """
                <tr class="govuk-table__row">\(first)\
                \(row.dropFirst().map { "<td class=\"govuk-table__cell\">\($0)</td>" as HTML })</tr>
                """ as HTML
        })</tbody></table>
        </div>
        """
}

/// The way from page to page of a long list. Nothing where there is one page.
///
/// - Parameter address: the address of a page, counted from 1.
public func pagination(page: Int, pages: Int, address: (Int) -> String) -> HTML? {
    guard pages > 1 else { return nil }
    let previous: HTML? = page > 1 ? step("prev", "Previous page", address(page - 1)) : nil
    let next: HTML? = page < pages ? step("next", "Next page", address(page + 1)) : nil
    let near = Set([1, 2, page - 1, page, page + 1, pages]).filter { (1...pages).contains($0) }.sorted()
    var items: [HTML] = []
    for (index, number) in near.enumerated() {
        if index > 0, number > near[index - 1] + 1 {
            items.append("<li class=\"govuk-pagination__item govuk-pagination__item--ellipsis\">&ctdot;</li>")
        }
        let current: HTML? = number == page ? " govuk-pagination__item--current" : nil
        let mark: HTML? = number == page ? " aria-current=\"page\"" : nil
        items.append(
            """
            <li class="govuk-pagination__item\(current)"><a class="govuk-link govuk-pagination__link" \
            href="\(address(number))" aria-label="Page \(number)"\(mark)>\(number)</a></li>
            """)
    }
    return """
        <nav class="govuk-pagination" aria-label="Pages of results">\(previous)\
        <ul class="govuk-pagination__list">\(items)</ul>\(next)</nav>
        """
}

private func step(_ which: String, _ label: String, _ address: String) -> HTML {
    """
    <div class="govuk-pagination__\(which)"><a class="govuk-link govuk-pagination__link" href="\(address)" \
    rel="\(which)"><span class="govuk-pagination__link-title">\(label)</span></a></div>
    """
}

/// A link to another page, with its words.
public func anchor(_ link: Link) -> HTML { "<a class=\"govuk-link\" href=\"\(link.address)\">\(link.text)</a>" }

/// An address outside this site: a link where it is `https:` or `http:`, otherwise only text.
public func outsideLink(_ address: String, _ text: String? = nil) -> HTML {
    let isSafe = address.hasPrefix("https://") || address.hasPrefix("http://")
    guard isSafe, !address.contains(where: { $0.isWhitespace }) else { return "\(text ?? address)" }
    return "<a class=\"govuk-link\" rel=\"noopener noreferrer\" href=\"\(address)\">\(text ?? address)</a>"
}
