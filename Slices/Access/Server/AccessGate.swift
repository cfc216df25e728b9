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
            guard visitor.isSignedIn else { return nil }
            if !action.roles.isDisjoint(with: visitor.roles) { return scope(Scope.Purpose.operation.rawValue) }
            return try await refuse(action, "", for: scope(Purpose.own.rawValue))
        case .act(let action, _):
            guard visitor.isSignedIn, let path = action.path else { return nil }
            let decided = try await decide(action, path, subject, visitor, now)
            if let purpose = decided.purpose { return scope(purpose.rawValue) }
            return try await refuse(action, decided.person, for: scope(Purpose.own.rawValue))
        case .link(let path, _):
            let row = try await database.read { try $0.row(path.task(subject)) }
            guard let task = try row?.get("task", as: String.self) else { return .anyone }
            return Scope(actor: Actor(task), purpose: .task, roles: [], at: now)
        case .key(let door):
            let row = try await database.read { try $0.row(door.holder(subject)) }
            guard let holder = try row?.get("holder", as: String.self) else { return nil }
            return Scope(actor: Actor(holder), purpose: .agency, roles: [], at: now)
        }
    }

    public func noteTooOften(_ visitor: Visitor, _ pace: Pace, at now: Instant) async throws {
        guard visitor.isSignedIn else { return }
        let scope = Scope(actor: visitor.actor, purpose: .init(Purpose.own.rawValue), roles: visitor.roles, at: now)
        try await database.write(for: scope) { tx in
            tx.record(Event("access.too-often", detail: "pace=\(pace.rawValue)"))
            try Refusals.note(visitor.actor.id, in: tx)
        }
    }

    /// Notes that somebody asked for what is not theirs to see or do: who tries one record after another is found.
    private func refuse(_ action: Action, _ person: String, for scope: Scope) async throws -> Scope? {
        try await database.write(for: scope) { tx in
            tx.record(Event("access.refused", subject: person, detail: "action=\(action.name)"))
            try Refusals.note(scope.actor.id, in: tx)
        }
        return nil
    }

    /// The purpose for which an action on this thing is permitted, or nil where it is not; and the person it is about,
    /// or an empty text where there is no such thing. What is not there is decided as somebody to whom nobody stands in
    /// any way, so that it takes as long to refuse.
    private func decide(
        _ action: Action, _ path: PersonPath, _ subject: String, _ visitor: Visitor, _ now: Instant
    ) async throws -> (purpose: Purpose?, person: String) {
        let classes = action.classes.compactMap(DataClass.init(rawValue:))
        guard classes.count == action.classes.count, let verb = Verb(rawValue: action.verb.rawValue) else {
            return (nil, "")
        }
        let (person, facts) = try await database.read { tx in
            let person = try VisitorStore.person(of: subject, by: path, in: tx) ?? ""
            return (
                person,
                try AccessStore.facts(of: visitor.actor.id, roles: visitor.roles, about: person, at: now, in: tx)
            )
        }
        let decision = policy.decide(verb, facts)
        let isPermitted = decision.permits(classes)
        return (isPermitted ? classes.first.flatMap { decision.permitted[$0]?.purpose } : nil, person)
    }
}
