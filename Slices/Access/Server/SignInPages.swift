import Kernel
import Storage
import Web

/// The pages of signing in.
enum SignInPages {
    /// - Parameter other: another way in, where there is one.
    static func password(_ form: Form, next: String, isDemonstration: Bool, _ other: HTML? = nil) -> Page {
        let demo: HTML? =
            isDemonstration
            ? inset("This is a demonstration: \(anchor(Link("sign in as one of its people", to: "/demo/people"))).")
            : nil
        return Page(
            form.errors.isEmpty ? "Sign in" : "Error: Sign in", isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Sign in</h1>
            \(demo)
            \(form.posting(
                to: "/sign-in", repeatable: true,
                """
                <input type="hidden" name="next" value="\(next)">
                \(textInput("login", label: "E-mail address, or the name you were given", value: form["login"],
                    error: form.error(of: "login"), autocomplete: "username"))
                \(secretInput("password", label: "Password", error: form.error(of: "password"),
                    autocomplete: "current-password"))
                \(button("Continue"))
                """))
            \(other)
            <p class="govuk-body">Were you given a code on paper to begin with? \
            \(anchor(Link("Use it here", to: "/join"))).</p>
            """)
    }

    /// - Parameter passkey: what to do with a passkey, where the account has one that answers here.
    static func second(_ form: Form, next: String, passkey: HTML? = nil) -> Page {
        Page(
            form.errors.isEmpty ? "Your second step" : "Error: Your second step",
            scripts: passkey == nil ? [] : ["passkey"], isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Show that it is you</h1>
            \(passkey)
            <p class="govuk-body">Open your authenticator app and write the six figures that it shows, or use one of \
            the codes that you have on paper. Each works once.</p>
            \(form.posting(
                to: "/sign-in/second", repeatable: true,
                """
                <input type="hidden" name="next" value="\(next)">
                \(textInput("code", label: "Code", value: "", error: form.error(of: "code"),
                    width: "govuk-input--width-20", autocomplete: "one-time-code"))
                \(button("Sign in"))
                """))
            <p class="govuk-body">You have ten minutes for this step.</p>
            """)
    }

    static func join(_ form: Form) -> Page {
        Page(
            form.errors.isEmpty ? "Begin with your code" : "Error: Begin with your code", isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Begin with the code you were given</h1>
            <p class="govuk-body">Your key worker or the council gave you a code on paper. It works once, within seven \
            days.</p>
            \(form.posting(
                to: "/join", repeatable: true,
                """
                \(textInput("code", label: "Code", value: form["code"], error: form.error(of: "code"),
                    width: "govuk-input--width-20", autocomplete: "off"))
                \(secretInput("password", label: "Choose a password",
                    hint: "At least 12 characters. Three random words are good, and easy to keep in mind.",
                    error: form.error(of: "password"), autocomplete: "new-password"))
                \(secretInput("again", label: "The password again", error: form.error(of: "again"),
                    autocomplete: "new-password"))
                \(button("Continue"))
                """))
            """)
    }

    /// The secret of the authenticator app and the printed codes: shown this once.
    static func joined(secret: String, uri: String, codes: [String]) -> Page {
        Page(
            "Keep these codes", isListed: false,
            """
            <h1 class="govuk-heading-l">You have signed in. Keep these codes</h1>
            <p class="govuk-body">Each time you sign in, you write your password and then a code. These ten work once \
            each. Print this page, or write them down, and keep it where you keep important papers: \
            <strong>they are not shown again</strong>.</p>
            <ol class="govuk-list govuk-list--number app-codes">
            \(codes.map { "<li><code>\($0)</code></li>" as HTML })
            </ol>
            <p class="govuk-body"><button type="button" class="govuk-button govuk-button--secondary" data-print>Print \
            this page</button></p>
            <h2 class="govuk-heading-m">Or use an app on your phone</h2>
            <p class="govuk-body">An authenticator app makes a new code every half minute.</p>
            \(key(ofApp: uri, secret))
            \(buttonLink(Link("Continue", to: "/account")))
            """)
    }

    /// How an authenticator app gets its key: by a link on the phone, or typed.
    static func key(ofApp uri: String, _ secret: String) -> HTML {
        """
        <p class="govuk-body">On a phone, <a class="govuk-link" href="\(uri)">add Continuum to your app</a>; or type \
        this key into it:</p>
        <p class="govuk-body"><code>\(secret)</code></p>
        """
    }

    static let busy = Page(
        "Try again in a moment", isListed: false,
        """
        <h1 class="govuk-heading-l">Many people are signing in</h1>
        <p class="govuk-body">Wait ten seconds, then try again. Nothing is wrong with your account.</p>
        """)

    static func waitForCodes(seconds: Int) -> Page {
        Page(
            "Wait a little", isListed: false,
            """
            <h1 class="govuk-heading-l">Wait \(ErrorPages.wait(seconds)), then sign in again</h1>
            <p class="govuk-body">A wrong code was written many times after the right password. Your account is not \
            locked: after the wait, a right code works.</p>
            <p class="govuk-body">If it was not you, somebody knows your password. Sign in after the wait and change \
            it, or telephone the council.</p>
            """)
    }

    static func wait(seconds: Int) -> Page {
        Page(
            "Wait a little", isListed: false,
            """
            <h1 class="govuk-heading-l">Wait \(ErrorPages.wait(seconds)), then try again</h1>
            <p class="govuk-body">A wrong password was tried several times from where you are. Your account is not \
            locked, and nobody can lock it.</p>
            <p class="govuk-body">If you have forgotten your password, ask your key worker or the council for a new \
            code on paper.</p>
            """)
    }

    static func people(_ accounts: [Account], _ form: Form) -> Page {
        let items = accounts.map { account in
            """
            <li class="app-cast">\(form.posting(
                to: "/demo/sign-ins", repeatable: true,
                """
                <input type="hidden" name="account" value="\(account.id)">
                \(button("Sign in as \(account.name)", look: .secondary))
                """))<p class="govuk-body">\(account.about)</p></li>
            """ as HTML
        }
        return Page(
            "People of the demonstration", isListed: false,
            """
            <h1 class="govuk-heading-l">Sign in as one of the demonstration’s people</h1>
            <p class="govuk-body">All of them are invented. What each may see is decided as it would be in a real \
            city.</p>
            <ul class="govuk-list">\(items)</ul>
            """)
    }
}

/// One line of text that nobody beside the writer can read.
func secretInput(
    _ name: String, label: String, hint: String? = nil, error: String? = nil, autocomplete: String
) -> HTML {
    let hintPart: HTML? = hint.map { "<div id=\"\(name)-hint\" class=\"govuk-hint\">\($0)</div>" }
    let errorPart: HTML? = error.map {
        """
        <p id="\(name)-error" class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> \($0)</p>
        """
    }
    let ids = (hint == nil ? [] : ["\(name)-hint"]) + (error == nil ? [] : ["\(name)-error"])
    let described: HTML? = ids.isEmpty ? nil : " aria-describedby=\"\(ids.joined(separator: " "))\""
    return """
        <div class="govuk-form-group\(error == nil ? "" : " govuk-form-group--error")">
        <label class="govuk-label" for="\(name)">\(label)</label>\(hintPart)\(errorPart)
        <input class="govuk-input\(error == nil ? "" : " govuk-input--error")" id="\(name)" name="\(name)" \
        type="password" autocomplete="\(autocomplete)"\(described)>
        </div>
        """
}
