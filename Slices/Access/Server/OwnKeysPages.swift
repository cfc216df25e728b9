import Access
import Credentials
import Kernel
import Web

/// The pages on which somebody changes by what they sign in.
enum OwnKeysPages {
    private static let back = Link("Your account", to: "/account")

    /// On the page of the account: where each is changed.
    static let links: HTML = """
        <ul class="govuk-list">
        <li>\(anchor(Link("Change your password", to: "/account/password")))</li>
        <li>\(anchor(Link("Print new codes", to: "/account/codes")))</li>
        <li>\(anchor(Link("Use another authenticator app", to: "/account/app")))</li>
        </ul>
        """

    static func password(_ form: Form) -> Page {
        Page(
            form.errors.isEmpty ? "Change your password" : "Error: Change your password", back: back, isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Change your password</h1>
            <p class="govuk-body">Wherever else you are signed in, you are signed out. Your app and your codes on \
            paper stay as they are.</p>
            \(form.posting(
                to: "/account/password", repeatable: true,
                """
                \(secretInput("old", label: "The password you have now", error: form.error(of: "old"),
                    autocomplete: "current-password"))
                \(secretInput("password", label: "The new password",
                    hint: "At least 12 characters. Three random words are good, and easy to keep in mind.",
                    error: form.error(of: "password"), autocomplete: "new-password"))
                \(secretInput("again", label: "The new password again", error: form.error(of: "again"),
                    autocomplete: "new-password"))
                \(button("Change the password"))
                """))
            <p class="govuk-body">If you have forgotten the one you have now, ask your key worker or the council for a \
            new code on paper.</p>
            """)
    }

    static let passwordChanged = Page(
        "Your password was changed", back: back, isListed: false,
        """
        <h1 class="govuk-heading-l">Your password was changed</h1>
        <p class="govuk-body">From now on you sign in with the new one. Wherever else you were signed in, you are \
        signed out.</p>
        \(buttonLink(Link("Continue", to: "/account")))
        """)

    static func codes(_ form: Form) -> Page {
        Page(
            "Print new codes", back: back, isListed: false,
            """
            <h1 class="govuk-heading-l">Print new codes</h1>
            <p class="govuk-body">You get ten new codes for paper. The old ones serve no more, those that you did not \
            use either.</p>
            <p class="govuk-body">The new ones are shown once. Have paper ready before you go on.</p>
            \(form.posting(to: "/account/codes", repeatable: true, button("Make new codes")))
            """)
    }

    static func newCodes(_ codes: [String]) -> Page {
        Page(
            "Keep these codes", isListed: false,
            """
            <h1 class="govuk-heading-l">Keep these codes</h1>
            <p class="govuk-body">Each works once, after your password. Print this page, or write them down, and keep \
            it where you keep important papers: <strong>they are not shown again</strong>. Throw the old ones away.</p>
            <ol class="govuk-list govuk-list--number app-codes">
            \(codes.map { "<li><code>\($0)</code></li>" as HTML })
            </ol>
            <p class="govuk-body"><button type="button" class="govuk-button govuk-button--secondary" data-print>Print \
            this page</button></p>
            \(buttonLink(Link("Continue", to: "/account")))
            """)
    }

    static func app(_ form: Form, _ app: TOTP, login: String) -> Page {
        let secret = Base32.text(app.secret)
        let uri = app.uri(issuer: "Continuum", account: login)
        return Page(
            form.errors.isEmpty ? "Use another authenticator app" : "Error: Use another authenticator app", back: back,
            isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Use another authenticator app</h1>
            \(SignInPages.key(ofApp: uri, secret))
            <p class="govuk-body">Then write the six figures that it shows. Only when they are right does the new app \
            take the place of the old one.</p>
            \(form.posting(
                to: "/account/app", repeatable: true,
                """
                <input type="hidden" name="secret" value="\(secret)">
                \(textInput("code", label: "Code of the new app", value: "", error: form.error(of: "code"),
                    width: "govuk-input--width-20", autocomplete: "one-time-code"))
                \(button("Use this app"))
                """))
            """)
    }

    static let appChanged = Page(
        "Your new app is ready", back: back, isListed: false,
        """
        <h1 class="govuk-heading-l">Your new app is ready</h1>
        <p class="govuk-body">From now on you sign in with your password and a code of this app. The old app’s codes \
        serve no more: delete Continuum from it.</p>
        \(buttonLink(Link("Continue", to: "/account")))
        """)
}
