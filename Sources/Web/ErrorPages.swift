/// The pages for when a page cannot be had: each says what to do next.
public enum ErrorPages {
    public static let notFound = Page(
        "Page not found", isListed: false,
        """
        <h1 class="govuk-heading-l">Page not found</h1>
        <p class="govuk-body">If you typed the address, check that it is right. If you followed a link, the thing \
        it led to \
        may have been renamed.</p>
        <p class="govuk-body">\(anchor(Link("Search for help", to: "/search"))) or \
        \(anchor(Link("tell us what is wrong", to: "/reports/new"))).</p>
        """)

    static let fault = Page(
        "Sorry, there is a fault", isListed: false,
        """
        <h1 class="govuk-heading-l">Sorry, there is a fault on our side</h1>
        <p class="govuk-body">Try again in a minute.</p>
        <p class="govuk-body">If it happens again, \
        \(anchor(Link("tell us what you were doing", to: "/reports/new"))).</p>
        """)

    static let faultOfForm = Page(
        "Sorry, there is a fault", isListed: false,
        """
        <h1 class="govuk-heading-l">Sorry, there is a fault on our side</h1>
        <p class="govuk-body">What you sent was <strong>not saved</strong>, and nothing is half done. Go back: your \
        words should still be there. Send them again in a minute.</p>
        <p class="govuk-body">If it happens again, \
        \(anchor(Link("tell us what you were doing", to: "/reports/new"))).</p>
        """)

    /// - Parameter seconds: until one more is let pass.
    static func tooOften(_ seconds: Int) -> Page {
        Page(
            "Wait a little", isListed: false,
            """
            <h1 class="govuk-heading-l">Wait \(wait(seconds)), then load this page again</h1>
            <p class="govuk-body">More pages were asked for from where you are than one person reads. Nothing is wrong \
            with the page, and nothing is lost.</p>
            <p class="govuk-body">If many people share your connection, as in a school or a library, it may have been \
            somebody else. Whoever signs in is counted alone.</p>
            """)
    }

    /// The same for what was sent by a form.
    static func formTooOften(_ seconds: Int) -> Page {
        Page(
            "Wait a little", isListed: false,
            """
            <h1 class="govuk-heading-l">Wait \(wait(seconds)), then send it again</h1>
            <p class="govuk-body">What you sent was <strong>not saved</strong>: more was sent from where you are than \
            one person writes. Go back: your words should still be there. Wait, and send them again.</p>
            """)
    }

    /// How long to wait: `40 seconds`, `15 minutes`.
    public static func wait(_ seconds: Int) -> String {
        let minutes = (seconds + 59) / 60
        return seconds < 60
            ? "\(seconds) second\(seconds == 1 ? "" : "s")" : "\(minutes) minute\(minutes == 1 ? "" : "s")"
    }

    static let signedOut = Page(
        "You are signed out", isListed: false,
        """
        <h1 class="govuk-heading-l">You are signed out, and what you sent was not saved</h1>
        <p class="govuk-body">Sign in on another tab, then come back here, go back one page and send it again: your \
        words should still be there.</p>
        <p class="govuk-body"><a class="govuk-link" href="/sign-in" target="_blank">Sign in (opens in a new tab)</a></p>
        """)

    static let changedSince = Page(
        "Somebody changed this meanwhile", isListed: false,
        """
        <h1 class="govuk-heading-l">Somebody changed this while you were writing</h1>
        <p class="govuk-body">What you sent was <strong>not saved</strong>, so that nothing of theirs is lost. Open \
        the page again in another tab to see what is there now. Then go back one page here, and put in what is still \
        missing: your words should be there.</p>
        """)

    static let versionMissing = Page(
        "Say what you are changing", isListed: false,
        """
        <h1 class="govuk-heading-l">Nothing was changed</h1>
        <p class="govuk-body">What was sent does not say from which version it was made. Open the page again and use \
        its form. Programs name the version by the header If-Match.</p>
        """)

    static let notSaved = Page(
        "Not saved: send it again", isListed: false,
        """
        <h1 class="govuk-heading-l">What you sent was not saved</h1>
        <p class="govuk-body">The service cannot save anything just now. Nothing is half done. Go back: your words \
        should still be there. Send them again in a minute.</p>
        """)

    static let unknownOutcome = Page(
        "We cannot tell whether it was saved", isListed: false,
        """
        <h1 class="govuk-heading-l">We cannot tell whether it was saved</h1>
        <p class="govuk-body">The service was interrupted while it saved what you sent. Go back, and send it again: \
        if it was saved after all, it will not be done twice.</p>
        """)

    static let unavailable = Page(
        "Sorry, not available just now", isListed: false,
        """
        <h1 class="govuk-heading-l">Sorry, this is not available just now</h1>
        <p class="govuk-body">The service is starting, stopping or very busy. Wait ten seconds and load the page \
        again.</p>
        """)

    static let unreadableAddress = Page(
        "That address cannot be read", isListed: false,
        """
        <h1 class="govuk-heading-l">That address cannot be read</h1>
        <p class="govuk-body">It holds characters that are not text. If you followed a link, it may have been cut \
        short.</p>
        <p class="govuk-body">\(anchor(Link("Start a new search", to: "/search"))).</p>
        """)

    static let unreadableForm = Page(
        "That form cannot be read", isListed: false,
        """
        <h1 class="govuk-heading-l">That form cannot be read</h1>
        <p class="govuk-body">It holds characters that are not text, or it is not a form of this site. Nothing has \
        been \
        changed. Go back, and send it again.</p>
        """)

    static let tooLarge = Page(
        "That is too long", isListed: false,
        """
        <h1 class="govuk-heading-l">That is too long</h1>
        <p class="govuk-body">A form here holds at most 64 kilobytes. Nothing has been changed. Go back, and write \
        less.</p>
        """)

    static let staleForm = Page(
        "Send the form again", isListed: false,
        """
        <h1 class="govuk-heading-l">Send the form again</h1>
        <p class="govuk-body">The form was open for more than a day, or was sent from another site. Nothing has been \
        changed. Go back, load the page again, and send it once more.</p>
        """)

    static let wrongMethod = Page(
        "That cannot be done here", isListed: false,
        """
        <h1 class="govuk-heading-l">That cannot be done here</h1>
        <p class="govuk-body">This address does not take that kind of request. Nothing has been changed.</p>
        <p class="govuk-body">\(anchor(Link("Search for help", to: "/search"))).</p>
        """)
}
