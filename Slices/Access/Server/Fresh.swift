import Access
import Storage
import Web

/// What a stolen browser must not be able to do: change how its owner signs in.
extension Visit {
    /// Whether the visitor showed within the last ten minutes who they are.
    func isFresh() async throws -> Bool {
        let (session, now) = (visitor.session, now)
        let held = try await read { try SessionStore.session(session, at: now, in: $0) }
        return held.map { SessionLimits.isFresh(began: $0.made, at: now) } ?? false
    }
}

extension Reply {
    /// - Parameter next: where they go on when they have signed in.
    static func tooLate(_ next: String) -> Reply { Reply(status: 403, body: .page(FreshPages.signInAgain(next))) }
}

/// What is said where somebody signed in too long ago for what they want to do.
enum FreshPages {
    /// - Parameter next: where they go on when they have signed in.
    static func signInAgain(_ next: String) -> Page {
        Page(
            "Sign in again first", back: Link("Your account", to: "/account"), isListed: false,
            """
            <h1 class="govuk-heading-l">Sign in again first</h1>
            <p class="govuk-body">You signed in more than \(SessionLimits.freshMinutes) minutes ago. Before you change \
            how you sign in, please show once more that it is you. So nobody who finds your phone or computer open can \
            take your account. Nothing is wrong, and nothing was changed.</p>
            \(buttonLink(Link("Sign in again", to: "/sign-in?next=" + Query.encoded(next))))
            """)
    }
}
