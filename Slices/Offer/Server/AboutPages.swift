import Kernel
import Offer
import Web

/// The home page and the pages about the service itself.
enum AboutPages {
    static func home(_ index: OfferIndex) -> Page {
        Page(
            "Help for children and young people with SEND in Birmingham",
            summary:
                "Find schools, services and groups for children and young people with special educational needs and "
                + "disabilities, birth to 25.",
            """
            <div class="app-hero">
            <h1 class="govuk-heading-xl">Find help near home</h1>
            <p class="govuk-body-l">Schools, services and groups for children and young people with special \
            educational \
            needs and disabilities (SEND), from birth to 25, and how to get them.</p>
            <form method="get" action="\(OfferLinks.search)" role="search">
            \(SearchPages.searchRow(nil))
            </form>
            </div>
            <h2 class="govuk-heading-m">Start from what you need</h2>
            <ul class="app-grid">\(starts.map { "<li>\(anchor($0))</li>" as HTML })</ul>
            <h2 class="govuk-heading-m">Start from an age</h2>
            <ul class="app-grid">\(ages.map { "<li>\(anchor($0))</li>" as HTML })</ul>
            <h2 class="govuk-heading-m">Start from a need</h2>
            <ul class="app-grid">\(NeedType.sen2.filter { $0 != .oth }.map { need in
                "<li>\(anchor(Link(need.plainTitle, to: OfferLinks.search + "?need=\(need.code)")))</li>" as HTML
            })</ul>
            <h2 class="govuk-heading-m">How this works</h2>
            <p class="govuk-body">\(Digits.grouped(index.catalogue.count)) entries. What suits comes first, then \
            what is near, \
            and each says why it is shown. What a source does not say reads “not known”: nothing about a real \
            school is \
            made up. \(anchor(Link("Where the facts come from", to: "/sources"))).</p>
            """)
    }

    private static let starts = [
        ("Talk to someone impartial about SEND", "impartial SEND advice"),
        ("Ask for an EHC needs assessment", "EHC needs assessment"),
        ("Special schools", "special school"), ("Resource bases in mainstream schools", "resource base"),
        ("Nurseries and nursery schools", "nursery"), ("Speech and language therapy", "speech therapy"),
        ("Mental health", "mental health"), ("Short breaks", "short breaks"), ("Groups for parents", "parents group"),
        ("Clubs, sport and swimming", "sport"), ("Help with travel to school", "school transport"),
        ("Work and supported internships", "supported internship"),
    ].map { Link($0.0, to: OfferLinks.search + "?q=" + Query.encoded($0.1)) }

    private static let ages = [
        ("Under 5", "under 5"), ("5 to 10", "ages 5 to 10"), ("11 to 15", "ages 11 to 15"),
        ("16 to 18", "ages 16 to 18"),
        ("19 to 25", "ages 19 to 25"),
    ].map { Link($0.0, to: OfferLinks.search + "?q=" + Query.encoded($0.1)) }

    static func glossary(_ terms: [OfferWords.Term]) -> Page {
        Page(
            "What do these words mean?", summary: "The words of special educational needs and disabilities, explained.",
            """
            <h1 class="govuk-heading-l">What do these words mean?</h1>
            <p class="govuk-body">The words that letters and meetings use, in plain English. Search knows them too.</p>
            <dl class="app-glossary">\(terms.map { term in
                let also: HTML? = term.also.map { " <span class=\"app-count\">also: \($0)</span>" }
                return "<dt>\(term.word)\(also)</dt><dd>\(term.meaning)</dd>\n" as HTML
            })</dl>
            """)
    }

    static func sources(_ sources: [OfferWords.Source], _ index: OfferIndex) -> Page {
        let rows = sources.map { source in
            [
                "\(source.title)" as HTML, "\(source.publisher)", "\(source.asOf.monthInWords)", "\(source.licence)",
                "\(source.note) \(source.attribution)",
            ]
        }
        return Page(
            "Data sources and licences", summary: "Where every fact in this directory comes from.",
            """
            <h1 class="govuk-heading-l">Data sources and licences</h1>
            <p class="govuk-body">Every fact of an entry names one of these, with the date it was true. Anything \
            marked \
            “invented” was made up for the demonstration and does not exist.</p>
            \(table("Sources", head: ["What", "Who publishes it", "As of", "Licence", "What to know"], rows: rows))
            <p class="govuk-body">Contains public sector information licensed under the \
            \(outsideLink("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
                "Open Government Licence v3.0")).</p>
            <p class="govuk-body">The look of these pages uses the GOV.UK Frontend (MIT, Crown copyright, \
            Government Digital \
            Service), without its crown and typeface; the letters are Inter (SIL Open Font License 1.1); the map \
            that can be \
            moved uses Leaflet (BSD 2-clause). Their licences: \
            \(anchor(Link("licences", to: "/assets/licences.txt"))).</p>
            """)
    }

    /// How old each source is, for whoever keeps the offer: what is older than a year is said to be.
    static func freshness(_ sources: [OfferWords.Source], changed: Instant?, today: Day) -> Page {
        let rows = sources.sorted { $0.asOf < $1.asOf }.map { source -> [HTML] in
            let days = today.days(since: source.asOf)
            let age = days > 365 ? tag("\(days / 30) months old", .red) : tag("\(days) days old", .green)
            return ["\(source.title)", "\(source.publisher)", "\(source.asOf.inWords)", age]
        }
        let last = changed.map { "The entries last changed on \($0.dayInEngland.inWords)." } ?? "No entry ever changed."
        return Page(
            "How old the sources are", back: Link("Administration", to: "/administration"), isListed: false,
            """
            <h1 class="govuk-heading-l">How old the sources are</h1>
            <p class="govuk-body">\(last) \(anchor(Link("What each source is", to: "/sources"))).</p>
            \(table("The oldest first", head: ["Source", "Who publishes it", "As of", "Age"], rows: rows))
            """)
    }

    static let privacy = Page(
        "Privacy and cookies", summary: "What this site keeps about you: next to nothing.",
        """
        <h1 class="govuk-heading-l">Privacy and cookies</h1>
        <h2 class="govuk-heading-m">Searching</h2>
        <p class="govuk-body">You need no account. We do not keep what you search for, your postcode, or who you \
        are, and \
        the server’s logs hold neither. When a search finds nothing at all, we add one to a count for the month, \
        the type \
        of need, the age band and the ward: never the words.</p>
        <h2 class="govuk-heading-m">Cookies</h2>
        <p class="govuk-body">If you add something to a shortlist, a cookie is kept for it. It is called \
        <code>shortlist</code>, it holds the identifiers of the entries you kept and nothing else, it stays in your \
        browser \
        for 90 days, and it is needed to do what you asked. Remove the entries, and it goes. If you sign in, a \
        second one, <code>__Host-session</code>, keeps you signed in until you sign out, close the browser or leave it \
        unused for an hour, or half an hour if you work with children. If you sign in by a work account, \
        <code>__Host-provider</code> knows your browser again when it comes back, for ten minutes. If you answer by a \
        link that was sent to you, a cookie whose name begins with \
        <code>__Host-task</code> lets you come back to it until its last day. There are no cookies for \
        advertising or for counting visitors.</p>
        <h2 class="govuk-heading-m">Where you are</h2>
        <p class="govuk-body">If you press “Use where I am now”, your browser asks you first. Your place, to about \
        a hundred \
        metres, is used for that search and not kept.</p>
        <h2 class="govuk-heading-m">Telling us that something is wrong</h2>
        <p class="govuk-body">We keep what you write, and how to reach you if you say, until it has been dealt \
        with. Please \
        do not write about a child by name.</p>
        <h2 class="govuk-heading-m">Your rights</h2>
        <p class="govuk-body">You can ask what is held about you and have it put right or removed. This copy of \
        Continuum is \
        a demonstration; an authority that runs it names its data protection officer here.</p>
        """)

    static let accessibility = Page(
        "Accessibility", summary: "How accessible this site is, and what to do if something stops you.",
        """
        <h1 class="govuk-heading-l">Accessibility statement</h1>
        <p class="govuk-body">This site is meant for everyone. You can zoom to 400%, use only a keyboard, a screen \
        reader or \
        your own colours, turn scripts off, and print any page.</p>
        <h2 class="govuk-heading-m">How accessible it is</h2>
        <p class="govuk-body">It aims at level AA of the Web Content Accessibility Guidelines, version 2.2. Every \
        kind of page \
        is tested at each change with a browser and axe-core, with a keyboard alone, without scripts, and 320 \
        pixels wide. \
        Automatic tests find only some problems. It has not yet been audited by people who use assistive \
        technology, so we \
        call it <strong>not yet assessed</strong>.</p>
        <h2 class="govuk-heading-m">What we know is not right</h2>
        <ul class="govuk-list govuk-list--bullet">
        <li>The map cannot be used by everyone. The list below it holds everything that the map shows.</li>
        <li>Pages are in English only. Easy Read, British Sign Language and other languages are not here yet.</li>
        </ul>
        <h2 class="govuk-heading-m">If something stops you</h2>
        <p class="govuk-body">\(anchor(Link("Tell us what stopped you", to: "/reports/new?about=/accessibility"))), \
        and what you \
        use. An authority that runs Continuum says here how to get the same by telephone or on paper, and how soon \
        it answers. \
        If the answer does not help, the Equality Advisory and Support Service can advise.</p>
        <p class="govuk-body">This statement was written on 24 November 2026.</p>
        """)
}
