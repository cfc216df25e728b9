/// The addresses of what the browser fetches beside the page; each carries the hash of what it holds.
public struct AssetLinks: Sendable {
    public let stylesheet: String
    /// Further stylesheets by name: `leaflet`.
    public let styles: [String: String]
    /// Scripts by name: `continuum`, `leaflet`, `map`, `passkey`.
    public let scripts: [String: String]
    public let icon: String

    public init(stylesheet: String, styles: [String: String], scripts: [String: String], icon: String) {
        (self.stylesheet, self.styles, self.scripts, self.icon) = (stylesheet, styles, scripts, icon)
    }

    /// For tests of pages, which fetch nothing.
    public static let none = AssetLinks(
        stylesheet: "/assets/none.css", styles: [:], scripts: [:], icon: "/assets/none.svg")
}

/// The frame around every page: head, header, navigation, footer.
struct Frame {
    let navigation: [NavigationItem]
    let cookies: [String: String]
    let path: String
    let house: House
    let visitor: Visitor
    /// The token of a form that posts to this address.
    let token: (String) -> String

    static let serviceName = "Continuum"

    func html(_ page: Page) -> HTML {
        """
        <!DOCTYPE html>
        <html lang="en" class="govuk-template">
        <head>
        <meta charset="utf-8">
        <title>\(page.title) – \(Frame.serviceName)</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <meta name="theme-color" content="#0b4f5c">
        \(head(page))<link rel="icon" href="\(house.assets.icon)" type="image/svg+xml">
        <link rel="stylesheet" href="\(house.assets.stylesheet)">
        \(styles(page))\(scripts(page))</head>
        <body class="govuk-template__body">
        <a href="#main" class="govuk-skip-link">Skip to main content</a>
        \(header)
        <div class="govuk-width-container">
        \(houseNotice)\(back(page))<main class="govuk-main-wrapper" id="main" tabindex="-1">
        \(page.body)
        </main>
        </div>
        \(footer)
        </body>
        </html>

        """
    }

    private func head(_ page: Page) -> HTML {
        let summary: HTML? = page.summary.map { "<meta name=\"description\" content=\"\($0)\">\n" }
        let robots: HTML? = page.isListed ? nil : "<meta name=\"robots\" content=\"noindex\">\n"
        return "\(summary)\(robots)"
    }

    private func styles(_ page: Page) -> [HTML] {
        page.styles.compactMap { house.assets.styles[$0] }.map { "<link rel=\"stylesheet\" href=\"\($0)\">\n" }
    }

    private func scripts(_ page: Page) -> [HTML] {
        (["continuum"] + page.scripts).compactMap { house.assets.scripts[$0] }.map {
            "<script src=\"\($0)\" defer></script>\n"
        }
    }

    private var header: HTML {
        """
        <header class="app-header">
        <div class="govuk-width-container app-header__inner">
        <a class="app-header__name" href="/">\(Frame.serviceName)<span class="app-header__place">SEND in Birmingham, \
        birth to 25</span></a>
        <nav class="app-header__nav" aria-label="Main"><ul>\(navigation.filter(isShown).map(item))\(door)</ul></nav>
        </div>
        </header>
        """
    }

    /// Office pages stand in the navigation of those alone who may open them.
    private func isShown(_ item: NavigationItem) -> Bool {
        switch item.audience {
        case .anyone: true
        case .signedIn: visitor.isSignedIn
        case .roles(let roles): !roles.isDisjoint(with: visitor.roles)
        }
    }

    /// Who is signed in, and the way out.
    private var door: HTML? {
        guard visitor.isSignedIn else { return nil }
        return """
            <li><a href="/account">\(visitor.name)</a></li>
            <li>\(Form.ofOneButton(to: "/sign-out", token: token("/sign-out"), "Sign out"))</li>
            """
    }

    private func item(_ item: NavigationItem) -> HTML {
        let current: HTML? = item.address == path ? " aria-current=\"page\"" : nil
        let count = item.count.map { $0(cookies) } ?? 0
        let shown: HTML? = count > 0 ? " <span class=\"app-badge\">\(count)</span>" : nil
        return "<li><a href=\"\(item.address)\"\(current)>\(item.text)\(shown)</a></li>"
    }

    private var houseNotice: HTML? {
        guard let notice = house.notice, let text = try? house.live(notice) else { return nil }
        return "<aside class=\"app-house-notice\" aria-label=\"About this copy\">\(text)</aside>\n"
    }

    private func back(_ page: Page) -> HTML? {
        page.back.map { link in
            """
            <nav aria-label="Back"><a href="\(link.address)" class="govuk-back-link">\(link.text)</a></nav>

            """
        }
    }

    private var footer: HTML {
        """
        <footer class="app-footer">
        <div class="govuk-width-container">
        <h2 class="govuk-visually-hidden">About this site</h2>
        <ul class="app-footer__links">\(Frame.footerLinks.map { link in
            "<li><a href=\"\(link.address)\">\(link.text)</a></li>" as HTML
        })</ul>
        <p>Contains public sector information licensed under the Open Government Licence v3.0. Continuum is open \
        source \
        (MIT). It is not a service of Birmingham City Council.</p>
        </div>
        </footer>
        """
    }

    static let footerLinks = [
        Link("Accessibility", to: "/accessibility"), Link("Privacy and cookies", to: "/privacy"),
        Link("Data sources and licences", to: "/sources"), Link("Something here is wrong", to: "/reports/new"),
        Link("Free, impartial advice (SENDIASS)", to: "/search?q=SENDIASS"),
    ]
}
