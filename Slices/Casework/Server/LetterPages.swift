import Casework
import Kernel
import Web

/// A letter as a page that prints as a letter.
enum LetterPages {
    /// What everybody but the officers reads in the place of a letter that a second person has not read yet.
    static func held(_ record: CaseRecord) -> Page {
        Page(
            "This letter is being read", back: Link("The case", to: "/cases/\(record.id)"), isListed: false,
            """
            <h1 class="govuk-heading-l">This letter is being read by a second person</h1>
            <p class="govuk-body">It is about somebody whose record is kept with particular care. It is there for you \
            as soon as it was read. No date of law moves for it: if you wait, ask the officer of the case.</p>
            """)
    }

    /// For the officer’s day.
    static func waiting(_ held: [(letter: String, person: String, name: String)]) -> HTML? {
        guard !held.isEmpty else { return nil }
        let items = held.map { letter -> HTML in
            "<li>\(anchor(Link("A letter about \(letter.name)", to: "/letters/\(letter.letter)")))</li>"
        }
        return """
            <h2 class="govuk-heading-m">Letters that wait for a second person</h2>
            <ul class="govuk-list govuk-list--bullet">\(items)</ul>
            """
    }

    private static func releasing(_ open: OpenLetter, _ form: Form) -> HTML? {
        guard open.isHeld else { return nil }
        let act: HTML =
            open.isAuthors
            ? "<p class=\"govuk-body\">You noted what it tells of, so somebody else has to read and release it.</p>"
            : form.posting(to: "/letters/\(open.written.id)/releases", button("I have read it: release it"))
        return """
            \(warning("This letter waits for a second person. Nobody outside of the casework team can read it."))
            \(act)
            """
    }

    static func page(_ open: OpenLetter, _ form: Form) -> Page {
        let (letter, written, record) = (open.letter, open.written, open.record)
        var (body, items) = ([HTML](), [HTML]())
        func closeList() {
            if !items.isEmpty { body.append("<ul class=\"govuk-list govuk-list--bullet\">\(items)</ul>") }
            items = []
        }
        for block in letter.blocks {
            if case .item(let text) = block {
                items.append("<li>\(text)</li>")
                continue
            }
            closeList()
            switch block {
            case .heading(let text): body.append("<h2 class=\"govuk-heading-m\">\(text)</h2>")
            case .paragraph(let text): body.append("<p class=\"govuk-body\">\(text)</p>")
            case .item: continue
            }
        }
        closeList()
        let large: HTML? = open.own?.isLargePrint == true ? " class=\"app-large\"" : nil
        let first = (open.own?.firstWords(open.errands) ?? []).map { inset("<p class=\"govuk-body\">\($0)</p>") }
        return Page(
            letter.title, back: Link("The case", to: "/cases/\(record.id)"), isListed: false,
            """
            \(releasing(open, form))
            <article\(large)>
            <p class="govuk-body">\(written.at.dayInEngland.inWords)</p>
            <h1 class="govuk-heading-l">\(letter.title)</h1>
            \(first)
            \(body)
            <p class="app-source">Our number: \(record.id)</p>
            </article>
            \(ErrandPages.ofLetter(open))
            \(files(open))
            """)
    }

    /// The letter as a file: for whoever reads it, or for each of those whom it is to.
    private static func files(_ open: OpenLetter) -> HTML {
        let address = "/letters/\(open.written.id)/pdf"
        let others = open.others.map { recipient in
            Link("This letter as PDF, to \(recipient.name)", to: "\(address)?to=\(Query.encoded(recipient.id))")
        }
        let whole = open.others.isEmpty ? "This letter as PDF" : "This letter as PDF, as the file’s copy to nobody"
        let links = (others + [Link(whole, to: address)]).map { "<li>\(anchor($0))</li>" as HTML }
        return "<ul class=\"govuk-list app-actions\">\(links)</ul>"
    }
}
