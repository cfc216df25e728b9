import Access
import Kernel
import Storage

/// Mails to whoever an account belongs to, about the account alone: no name stands in them, nor any link, for a mailbox
/// may be shared and a link in such a mail is what thieves send.
enum Notices {
    enum Change: Sendable {
        case password, codes, app, passkeyAdded, passkeyRemoved, providerConnected, providerDisconnected

        var title: String {
            switch self {
            case .password: "Your password for Continuum was changed"
            case .codes: "New codes were made for your Continuum account"
            case .app: "Another app was added to your Continuum account"
            case .passkeyAdded: "A passkey was added to your Continuum account"
            case .passkeyRemoved: "A passkey was removed from your Continuum account"
            case .providerConnected: "Your Continuum account was connected with a work account"
            case .providerDisconnected: "Your Continuum account was parted from a work account"
            }
        }

        var words: String {
            switch self {
            case .password: "Your password was changed"
            case .codes: "Ten new codes for paper were made, and the old ones serve no more"
            case .app: "Another authenticator app took the place of the one before"
            case .passkeyAdded: "A passkey was added, by which you can now show that it is you"
            case .passkeyRemoved: "A passkey was removed, by which nobody shows any more that they are you"
            case .providerConnected: "Your account was connected with a work account, by which you can now sign in"
            case .providerDisconnected: "You can no longer sign in by your work account: the two were parted"
            }
        }
    }

    /// Tells the owner of an account that something by which they sign in was changed.
    static func changed(_ change: Change, of account: Account, in tx: any WriteTransaction) throws {
        try tell(
            account, change.title,
            """
            \(change.words) on \(tx.now.inWords).

            If that was you, there is nothing to do.

            \(ifNotYou)
            """, in: tx)
    }

    /// Tells the owner of an account that somebody knows its password and guesses at the second step.
    static func guessed(of account: Account, in tx: any WriteTransaction) throws {
        try tell(
            account, "Somebody tried to sign in to your Continuum account",
            """
            By \(tx.now.inWords) your password was right and the code after it was wrong \
            \(SessionLimits.wrongCodesToTell) times. Nobody came in by it.

            If that was you, there is nothing to do. If not, somebody knows your password: change it at once, under \
            “Your account”.

            \(ifNotYou)
            """, in: tx)
    }

    /// Tells the owner of an account that a code on paper was made for it.
    static func codeMade(for account: Account, in tx: any WriteTransaction) throws {
        try tell(
            account, "A code was made for your Continuum account",
            """
            On \(tx.now.inWords) the council made a code on paper for your account. Whoever has it can choose a new \
            password for the account, once, within seven days.

            If you asked for it, or were told that you would get one, there is nothing to do.

            \(ifNotYou)
            """, in: tx)
    }

    /// - Returns: false where there is no address to write to.
    static func recoveryAsked(of account: Account, in tx: any WriteTransaction) throws -> Bool {
        try tell(
            account, "Somebody asked for a new way into your Continuum account",
            """
            On \(tx.now.inWords) the council was asked for a new way into your account. A second person there has to \
            agree. After that it takes three days before anybody can come in by it.

            If it was you who asked, there is nothing to do.

            \(ifNotAsked)
            """, in: tx)
    }

    static func recoveryApproved(of account: Account, from works: Instant, in tx: any WriteTransaction) throws {
        try tell(
            account, "A new way into your Continuum account was agreed",
            """
            On \(tx.now.inWords) a second person at the council agreed to a new way into your account. The code for it \
            works from \(works.inWords), and not before.

            If it was you who asked, there is nothing to do until then.

            \(ifNotAsked)
            """, in: tx)
    }

    /// What to do where somebody else asked for a new way in.
    private static let ifNotAsked = """
        If it was not you: you can stop it. Telephone the council at once, on a number from its letters or its \
        website. Or sign in as you always do, open “Your account”, and say there that it was not you. This mail has no \
        link on purpose, and nobody ever asks you for a code or a password.
        """

    /// What to do where it was somebody else.
    static let ifNotYou = """
        If it was not you: telephone the council at once, on a number from its letters or its website, and say that \
        somebody else has been in your account. They end it, and give you a new way in. This mail has no link on \
        purpose, and nobody ever asks you for a code or a password.
        """

    /// Sends a mail to what an account signs in with, where that is an address.
    ///
    /// - Returns: false where it is none: then people tell them.
    @discardableResult
    static func tell(
        _ account: Account, _ title: String, _ words: String, in tx: any WriteTransaction
    ) throws -> Bool {
        guard account.login.isMailAddress else { return false }
        try Outbox.post(
            .mail, to: account.login, title: title, body: words + "\n", owner: Role.accessManager.rawValue, about: nil,
            in: tx)
        return true
    }
}
