import Access
import Kernel
@_spi(Gate) import Storage
import Web

/// The one gate: sessions tell who asks, the policy tells what they may do, for the very person it is about.
public struct AccessGate: Gate {
    private let database: any Database
    private let policy: Policy

    public init(_ database: any Database, policy: Policy) { (self.database, self.policy) = (database, policy) }

    public func visitor(_ request: Request, at now: Instant) async throws -> Visitor {
        guard let token = request.cookies[Reply.sessionCookie], token.utf8.count == 64 else { return .stranger }
        let id = SessionStore.id(of: token)
        let found = try await database.read { try VisitorStore.visitor(session: id, at: now, in: $0) }
        guard let (visitor, seen) = found else { return .stranger }
        if now > seen.adding(milliseconds: 60_000) {
            try await database.write(for: .system) { tx in
                tx.record(.housekeeping)
                try SessionStore.touch(id, in: tx)
            }
        }
        return visitor
    }

    public func scope(
        of visitor: Visitor, for permission: Permission, on subject: String, at now: Instant
    ) async throws -> Scope? {
        func scope(_ purpose: String) -> Scope {
            Scope(actor: visitor.actor, purpose: .init(purpose), roles: visitor.roles, at: now)
        }
        switch permission {
        case .anyone: return visitor.isSignedIn ? scope(Scope.Purpose.publicInformation.rawValue) : .anyone
        case .signedIn: return visitor.isSignedIn ? scope(Purpose.own.rawValue) : nil
        case .office(let action):
            return action.roles.isDisjoint(with: visitor.roles) ? nil : scope(Scope.Purpose.operation.rawValue)
        case .act(let action, _):
            guard visitor.isSignedIn, let path = action.path else { return nil }
            return try await decided(action, path, subject, visitor, now).map { scope($0.rawValue) }
        }
    }
}

extension AccessGate {
    /// The purpose for which an action on this thing is permitted, or nil where it is not, or there is no such thing.
    private func decided(
        _ action: Action, _ path: PersonPath, _ subject: String, _ visitor: Visitor, _ now: Instant
    ) async throws -> Purpose? {
        let classes = action.classes.compactMap(DataClass.init(rawValue:))
        guard classes.count == action.classes.count, let verb = Verb(rawValue: action.verb.rawValue) else { return nil }
        // What is not there is decided as somebody to whom nobody stands in any way: it takes as long to refuse.
        let facts = try await database.read { tx in
            let person = try VisitorStore.person(of: subject, by: path, in: tx) ?? ""
            return try AccessStore.facts(
                of: visitor.actor.id, roles: visitor.roles, about: person, at: now, in: tx)
        }
        let decision = policy.decide(verb, facts)
        return decision.permits(classes) ? classes.first.flatMap { decision.permitted[$0]?.purpose } : nil
    }
}
