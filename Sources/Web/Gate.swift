import Kernel
import Storage

/// Who sends a request, found out anew at every request, so that what was taken away is gone at the next.
public struct Visitor: Sendable {
    public let actor: Actor
    /// The identifier of the session, by which forms are bound to it; empty for a stranger.
    public let session: String
    /// The roles held now, by their codes.
    public let roles: Set<String>
    /// What the visitor is called, for the top of the page; never for logs.
    public let name: String

    public init(actor: Actor, session: String, roles: Set<String>, name: String) {
        (self.actor, self.session, self.roles, self.name) = (actor, session, roles, name)
    }

    /// Whoever has not signed in.
    public static let stranger = Visitor(actor: .anyone, session: "", roles: [], name: "")

    public var isSignedIn: Bool { !session.isEmpty }
}

/// Decides who sends a request and what they may do. There is one, and every request passes it.
public protocol Gate: Sendable {
    /// The visitor whose session the request’s cookie names; a stranger where it names none that still holds.
    func visitor(_ request: Request, at now: Instant) async throws -> Visitor

    /// For whom and for what purpose the handler may act, or nil where the visitor may not do this.
    ///
    /// - Parameter subject: what the address names in the permission’s parameter; empty where it has none.
    func scope(of visitor: Visitor, for permission: Permission, on subject: String, at now: Instant) async throws
        -> Scope?

    /// Notes that a visitor who signed in asked more often than anybody needs.
    func noteTooOften(_ visitor: Visitor, _ pace: Pace, at now: Instant) async throws
}

extension Gate {
    public func noteTooOften(_ visitor: Visitor, _ pace: Pace, at now: Instant) async throws {}
}

/// For sites of public pages alone: everyone is a stranger, and may do what strangers may.
public struct PublicGate: Gate {
    public init() {}

    public func visitor(_ request: Request, at now: Instant) -> Visitor { .stranger }

    public func scope(of visitor: Visitor, for permission: Permission, on subject: String, at now: Instant) -> Scope? {
        permission == .anyone ? .anyone : nil
    }
}

/// Thrown where what a form changes has changed since the form was drawn, or the form does not say what it was drawn
/// from.
public enum VersionConflict: Error, Hashable, Sendable {
    case changedSince
    case versionMissing
}

extension Reply {
    /// The cookie by which a browser shows its session: for this host alone, over a safe connection alone, unseen by
    /// scripts, gone with the browser.
    public static let sessionCookie = "__Host-session"

    /// Gives the browser a session, or takes it away.
    ///
    /// - Parameter token: what only this browser will know; nil ends it.
    public func keepingSession(_ token: String?) -> Reply {
        var reply = self
        let end = token == nil ? "; Max-Age=0" : ""
        let text = "\(Reply.sessionCookie)=\(token ?? ""); Path=/; Secure; HttpOnly; SameSite=Lax\(end)"
        reply.headers.append(("Set-Cookie", text))
        return reply
    }
}
