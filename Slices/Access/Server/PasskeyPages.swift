import Access
import Kernel
import Web

/// The pages of passkeys, and their parts of other pages.
enum PasskeyPages {
    /// Said where no script runs, or the browser knows no passkeys.
    static let need =
        "A passkey needs JavaScript, and a browser that knows passkeys. Otherwise use a code of your app or of paper"

    static func removal(_ own: OwnPasskey) -> String { "/account/passkeys/\(own.id)/removal" }

    /// The part of one’s own page.
    static func list(_ passkeys: [OwnPasskey]) -> HTML {
        let rows = passkeys.map { own -> [HTML] in
            [
                "\(own.name)", "\(own.made.inWords)", "\(own.used.map(\.inWords) ?? "Not yet")",
                """
                <a class="govuk-link" href="\(removal(own))">Remove<span class="govuk-visually-hidden"> \
                “\(own.name)”</span></a>
                """,
            ]
        }
        let shown =
            passkeys.isEmpty
            ? nil : table("Your passkeys", head: ["Name", "Added", "Last used", "Remove it"], rows: rows)
        let none: HTML? = passkeys.isEmpty ? "<h2 class=\"govuk-heading-m\">Your passkeys</h2>" : nil
        return """
            <div id="passkeys">\(none)\(shown)
            <p class="govuk-body">With a passkey you use your fingerprint, your face or your device’s PIN in place of \
            a code, after your password. What your device checks never leaves it.</p>
            \(buttonLink(Link("Add a passkey", to: "/account/passkeys/new"), look: .secondary))
            </div>
            """
    }

    /// - Parameter options: what the browser is to ask, as JSON.
    static func new(_ form: Form, name: String, options: String) -> Page {
        Page(
            form.errors.isEmpty ? "Add a passkey" : "Error: Add a passkey", back: account, scripts: ["passkey"],
            isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Add a passkey</h1>
            <p class="govuk-body">A passkey is kept by your phone, your computer or a small key that you plug in. When \
            you sign in, you write your password and then use your fingerprint, your face or the device’s PIN. You \
            need no code. What the device checks never leaves it.</p>
            \(form.posting(
                to: "/account/passkeys", repeatable: true,
                """
                \(textInput("name", label: "What do you call it?", value: name,
                    hint: "So that you know it again: “my phone”, say.", autocomplete: "off"))
                \(question("create", options: options, label: "Add a passkey", error: form.error(of: "passkey")))
                """))
            <p class="govuk-body">Keep your codes on paper: with them you get in if the device is lost.</p>
            """)
    }

    /// The part of the second step of signing in, above the code.
    static func offer(_ form: Form, options: String, next: String) -> HTML {
        form.posting(
            to: "/sign-in/passkey", repeatable: true,
            """
            <input type="hidden" name="next" value="\(next)">
            \(question("get", options: options, label: "Use your passkey", error: form.error(of: "passkey")))
            <p class="govuk-body">Or use a code.</p>
            """)
    }

    /// What a script asks of the browser’s passkeys, with the button that begins it. Where no script runs the words
    /// stand there in its place.
    private static func question(_ kind: String, options: String, label: String, error: String?) -> HTML {
        """
        <input type="hidden" name="answer" value="">
        <p class="govuk-body" data-passkey-need>\(need).</p>
        <p class="govuk-error-message" id="passkey" role="alert" data-passkey-said>\(error)</p>
        <div data-passkey="\(kind)" data-options="\(options)" hidden>\(button(label))</div>
        """
    }

    static func remove(_ own: OwnPasskey, _ form: Form) -> Page {
        Page(
            "Remove a passkey", back: account, isListed: false,
            """
            <h1 class="govuk-heading-l">Remove “\(own.name)”?</h1>
            <p class="govuk-body">After that nobody can sign in with it. Your device may go on showing it: delete it \
            there too, among its passwords and passkeys.</p>
            \(form.posting(to: removal(own), repeatable: true, button("Remove the passkey")))
            <p class="govuk-body">\(anchor(Link("Keep it", to: "/account#passkeys")))</p>
            """)
    }

    static func last(_ own: OwnPasskey) -> Page {
        Page(
            "This passkey stays", back: account, isListed: false,
            """
            <h1 class="govuk-heading-l">“\(own.name)” is all that you have</h1>
            <p class="govuk-body">Without it you could not sign in: you have no other passkey, no authenticator app, \
            and no codes on paper left. So it was not removed. \
            \(anchor(Link("Add another passkey", to: "/account/passkeys/new"))) first, or ask the council for a new \
            code on paper.</p>
            """)
    }

    static let noAddress = Page(
        "No passkeys here", back: account, isListed: false,
        """
        <h1 class="govuk-heading-l">Passkeys cannot be used at this address</h1>
        <p class="govuk-body">A passkey belongs to one address of a site, and this site has not been told its own. \
        Nothing is wrong with your account: go on with a code of your app or of paper. Whoever runs the site can set \
        its address.</p>
        """)

    private static let account = Link("Your account", to: "/account")
}
