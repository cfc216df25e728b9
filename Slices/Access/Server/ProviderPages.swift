import Kernel
import Web

/// The pages and parts of pages for signing in by an identity provider.
enum ProviderPages {
    /// The second way in, on the page of the first; nil where there is no provider.
    static func way(_ form: Form, _ provider: IdentityProvider?, next: String) -> HTML? {
        guard let provider else { return nil }
        return """
            <h2 class="govuk-heading-m">If you have a work account</h2>
            \(form.posting(
                to: "/sign-in/provider", repeatable: true,
                """
                <input type="hidden" name="next" value="\(next)">
                \(button("Sign in with \(provider.name)", look: .secondary))
                """))
            """
    }

    /// On the page of one’s own account.
    static func panel(_ form: Form, _ name: String, connected: Instant?) -> HTML {
        let content: HTML
        if let connected {
            content = """
                <p class="govuk-body">Connected since \(connected.inWords): you can sign in with \(name).</p>
                \(form.posting(
                    to: "/account/provider-ends", repeatable: true,
                    button("Disconnect your council sign-in", look: .secondary)))
                """
        } else {
            content = """
                <p class="govuk-body">If you have a work account at \(name), you can connect it and sign in with it, \
                in place of your password.</p>
                \(form.posting(
                    to: "/account/provider", repeatable: true,
                    button("Connect your council sign-in", look: .secondary)))
                """
        }
        return """
            <h2 class="govuk-heading-m" id="provider">Your council sign-in</h2>
            \(content)
            """
    }

    static func leaving(_ name: String, _ address: String) -> Page {
        Page(
            "Go on to \(name)", isListed: false,
            """
            <h1 class="govuk-heading-l">You sign in at \(name)</h1>
            <p class="govuk-body">You are taken there now. If nothing happens, \
            <a class="govuk-link" href="\(address)">go on to \(name)</a>.</p>
            <p class="govuk-body">You have ten minutes to sign in there.</p>
            """)
    }

    /// What to do next; the same for whatever is wrong with an answer, so that nobody learns what was found out.
    static func refused(_ fault: ProviderFault, _ name: String, isSignedIn: Bool) -> Page {
        let (title, words): (String, HTML)
        switch fault {
        case .cancelled:
            (title, words) = (
                "You did not sign in", "You came back from \(name) without signing in. Nothing was changed."
            )
        case .notBegun, .wrongAnswer, .otherSession:
            (title, words) = (
                "Begin again",
                """
                You came back too late, twice, or in another browser than the one in which you began. Nothing was \
                changed. Begin again here.
                """
            )
        case .unknown:
            return unknown(name)
        case .alreadyConnected:
            (title, words) = (
                "It could not be connected",
                """
                Your account, or this sign-in of \(name), is connected already. Disconnect it first. If you do not \
                know of another account of yours, tell the council.
                """
            )
        case .tooMany:
            (title, words) = ("Try again in a moment", "Many people are signing in. Wait a minute, then try again.")
        default:
            (title, words) = (
                "Signing in with \(name) did not work",
                """
                It is nothing that you did. Try again in a few minutes, or use your password and a code. If it goes \
                on, tell whoever helps you with computers at work.
                """
            )
        }
        let way = isSignedIn ? Link("Go to your account", to: "/account") : Link("Go to sign in", to: "/sign-in")
        return Page(
            title, isListed: false,
            """
            <h1 class="govuk-heading-l">\(title)</h1>
            <p class="govuk-body">\(words)</p>
            \(buttonLink(way))
            """)
    }

    /// For a sign-in that nobody has connected, and for one whose account ended: the same words.
    private static func unknown(_ name: String) -> Page {
        Page(
            "This sign-in is not connected yet", isListed: false,
            """
            <h1 class="govuk-heading-l">This sign-in is not connected yet</h1>
            <p class="govuk-body">Nobody here knows this sign-in of \(name) yet. So that nobody else can come in as \
            you, you connect it yourself, once:</p>
            <ol class="govuk-list govuk-list--number">
            <li>\(anchor(Link("Begin with the code on paper", to: "/join"))) that you were given; or, if you have an \
            account, \(anchor(Link("sign in with your password", to: "/sign-in"))).</li>
            <li>On the page of your account, connect your council sign-in.</li>
            </ol>
            <p class="govuk-body">If you have neither, ask your manager, or whoever gives people their accounts.</p>
            """)
    }
}
