import Access
import Kernel
import Storage
import Web

/// The page of one’s own account: where it is signed in, and what it may do.
enum AccountRoutes {
    static func all(_ doors: Doors) -> [Route] {
        [.get("/account", may: .signedIn) { try await show($0, doors) }] + others
    }

    private static let others: [Route] = [
        .post("/account/session-ends", may: .signedIn) { visit in
            let (wanted, account) = (visit.form["session"], visit.scope.actor.id)
            let isOwn = try await visit.database.write(for: visit.scope) { tx in
                tx.record(.housekeeping)
                return try SessionStore.end(wanted, of: account, in: tx)
            }
            let isThis = isOwn && wanted == visit.visitor.session
            return isThis ? .redirect("/sign-in").keepingSession(nil) : .redirect("/account#sessions")
        }
    ]

    private static func show(_ visit: Visit, _ doors: Doors) async throws -> Reply {
        let (account, now) = (visit.scope.actor.id, visit.now)
        let (sessions, factors, passkeys, isRecovered) = try await visit.read { tx in
            (
                try SessionStore.sessions(of: account, at: now, in: tx),
                try AccountStore.factors(of: account, in: tx),
                try PasskeyStore.passkeys(of: account, in: tx),
                try RecoveryStore.isOpen(for: account, at: now, in: tx)
            )
        }
        let notice = isRecovered ? RecoveryPages.stop(visit.form) : nil
        let provider = try await ProviderRoutes.panel(visit, doors)
        return .page(page(visit, sessions, notice, [ways(factors, passkeys), provider].compactMap { $0 }))
    }

    /// How somebody shows that it is them.
    private static func ways(_ factors: [Factor], _ passkeys: [OwnPasskey]) -> HTML {
        let left = factors.count { $0.kind == .code && $0.used == nil }
        let hasApp = factors.contains { $0.kind == .totp }
        return """
            <h2 class="govuk-heading-m">How you show that it is you</h2>
            <ul class="govuk-list govuk-list--bullet">
            <li>\(hasApp ? "An authenticator app." : "No authenticator app.")</li>
            <li>\(left == 0 ? "No codes on paper." : "\(left) codes on paper are left.")</li>
            </ul>
            \(OwnKeysPages.links)
            \(PasskeyPages.list(passkeys))
            """
    }

    private static func page(_ visit: Visit, _ sessions: [Session], _ notice: HTML?, _ ways: [HTML]) -> Page {
        let roles = visit.scope.roles.sorted().compactMap { Role(rawValue: $0)?.words }
        let items = sessions.map { session -> HTML in
            let isThis = session.id == visit.visitor.session
            return """
                <li><strong>\(session.device)\(isThis ? " (this one)" : "")</strong><br>
                <span class="app-source">Since \(session.made.inWords), last used \(session.seen.inWords)</span>
                \(visit.form.posting(
                    to: "/account/session-ends", repeatable: true,
                    """
                    <input type="hidden" name="session" value="\(session.id)">
                    \(button(isThis ? "Sign out here" : "Sign out there", look: .quiet))
                    """))</li>
                """
        }
        return Page(
            "Your account", isListed: false,
            """
            <h1 class="govuk-heading-l">\(visit.visitor.name)</h1>
            \(notice)
            <p class="govuk-body">You are signed in as \(roles.isEmpty ? "somebody without a role" :
                roles.joined(separator: ", ")).</p>
            <h2 class="govuk-heading-m" id="sessions">Where you are signed in</h2>
            <ul class="govuk-list app-people">\(items)</ul>
            <p class="govuk-body">If you do not know one of them, sign it out and tell the council at once.</p>
            \(ways)
            """)
    }
}

extension Instant {
    /// The day on which something that ends at this moment still holds: `31 August 2027`.
    public var lastDayInWords: String { adding(milliseconds: -1).dayInEngland.inWords }

    /// `2 March 2026 at 14:05`, by the clock of England.
    public var inWords: String {
        let (hour, minute) = timeInEngland
        return "\(dayInEngland.inWords) at \(Digits.padded(hour, to: 2)):\(Digits.padded(minute, to: 2))"
    }
}
