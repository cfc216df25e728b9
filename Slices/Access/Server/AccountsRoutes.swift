import Access
import Credentials
import Cryptography
import Kernel
import Storage
import Web

/// Accounts, their roles and their teams, as a manager of access keeps them.
enum AccountsRoutes {
    static let all: [Route] = [
        .get("/administration/accounts", may: .office(AccessActions.accounts), list),
        .get("/administration/accounts/new", may: .office(AccessActions.accounts)) { visit in
            let teams = try await visit.read(TeamStore.teams)
            return .page(AccountsPages.new(visit.form, teams))
        },
        .post("/administration/accounts", may: .office(AccessActions.accounts), make),
        .get("/administration/accounts/{account}", may: .office(AccessActions.accounts)) { visit in
            try await page(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/administration/accounts/{account}/roles", may: .office(AccessActions.accounts), grant),
        .post("/administration/accounts/{account}/role-ends", may: .office(AccessActions.accounts)) { visit in
            let (account, wanted) = (visit.parameter("account"), visit.form["grant"])
            return try await visit.writeOnce { tx, _ in
                try TeamStore.revoke(grant: wanted, of: account, in: tx)
                return "/administration/accounts/\(account)"
            }
        },
        .post("/administration/accounts/{account}/invitations", may: .office(AccessActions.accounts), invite),
        .post("/administration/accounts/{account}/end", may: .office(AccessActions.accounts)) { visit in
            let account = visit.parameter("account")
            guard account != visit.scope.actor.id else { return .redirect("/administration/accounts/\(account)") }
            return try await visit.writeOnce { tx, _ in
                if try AccountStore.account(account, in: tx) == nil {
                    tx.record(.housekeeping)
                } else {
                    try AccountStore.end(account, in: tx)
                }
                return "/administration/accounts/\(account)"
            }
        },
        .post("/administration/accounts/{account}/sign-outs", may: .office(AccessActions.accounts)) { visit in
            let account = visit.parameter("account")
            return try await visit.writeOnce { tx, _ in
                if try AccountStore.account(account, in: tx) == nil {
                    tx.record(.housekeeping)
                } else {
                    try SessionStore.endAll(of: account, in: tx)
                    tx.record(Event("session.all-ended", subject: account))
                }
                return "/administration/accounts/\(account)"
            }
        },
        .get("/administration/teams", may: .office(AccessActions.accounts)) { visit in
            let teams = try await visit.read(TeamStore.teams)
            return .page(AccountsPages.teams(teams, visit.form))
        },
        .post("/administration/teams", may: .office(AccessActions.accounts), addTeam),
        .post("/administration/team-ends", may: .office(AccessActions.accounts)) { visit in
            let team = visit.form["team"]
            return try await visit.writeOnce { tx, _ in
                try TeamStore.end(team, in: tx)
                return "/administration/teams"
            }
        },
    ]

    /// The most that a list shows at once.
    static let most = 50

    private static func list(_ visit: Visit) async throws -> Reply {
        let (asked, after) = (visit.query["q"] ?? "", visit.query["after"] ?? "")
        let found = try await visit.read { tx in
            try AccountStore.accounts(matching: asked, after: after, limit: most + 1, in: tx)
        }
        return .page(AccountsPages.list(Array(found.prefix(most)), asked: asked, hasMore: found.count > most))
    }

    private static func page(_ visit: Visit, _ form: Form) async throws -> Page? {
        let (id, now) = (visit.parameter("account"), visit.now)
        let found = try await visit.read { tx in
            try AccountStore.account(id, in: tx).map { account in
                AccountsPages.Shown(
                    account: account, grants: try TeamStore.grants(of: id, at: now, in: tx),
                    factors: try AccountStore.factors(of: id, in: tx).count { $0.kind == .totp || $0.used == nil }
                        + PasskeyStore.passkeys(of: id, in: tx).count,
                    sessions: try SessionStore.sessions(of: id, at: now, in: tx).count,
                    teams: try TeamStore.teams(in: tx).filter { $0.ended == nil },
                    grounds: Recovery.grounds(try RecoveryStore.facts(of: account, at: now, in: tx)))
            }
        }
        return found.map { AccountsPages.account($0, form, now: now, isOwn: id == visit.scope.actor.id) }
    }

    private static func make(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let name = form.text("name", orSay: "Write the name of whoever it is for", limit: 200)
        let login = form.text("login", orSay: "Write an e-mail address, or a name to sign in with", limit: 254)
        let about = form["about"]
        let role = role(&form)
        let ends = RoleFields(form).ends(&form)
        let team = try await team(&form, visit)
        if let login, try await visit.read({ try AccountStore.account(login: login, in: $0) }) != nil {
            form.refuse("login", "Somebody signs in with this already")
        }
        guard form.errors.isEmpty, let name, let login, let role else {
            let teams = try await visit.read(TeamStore.teams)
            return .unprocessable(AccountsPages.new(form, teams))
        }
        return try await visit.writeOnce { tx, id in
            // Somebody else was quicker.
            if let held = try AccountStore.account(login: login, in: tx) {
                tx.record(.housekeeping)
                return "/administration/accounts/\(held.id)"
            }
            try AccountStore.keep(id, login: login, name: name, about: about, in: tx)
            try give(role, to: id, team: team, until: ends, in: tx)
            return "/administration/accounts/\(id)"
        }
    }

    private static func grant(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let account = visit.parameter("account")
        let role = role(&form)
        let ends = RoleFields(form).ends(&form)
        let team = try await team(&form, visit)
        if account == visit.scope.actor.id { form.refuse("role", "Another manager of access gives you a role") }
        guard try await visit.read({ try AccountStore.account(account, in: $0) }) != nil else { return .notFound }
        guard form.errors.isEmpty, let role else {
            return try await page(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        return try await visit.writeOnce { tx, _ in
            tx.record(.housekeeping)
            try give(role, to: account, team: team, until: ends, in: tx)
            return "/administration/accounts/\(account)"
        }
    }

    /// Gives a role; where whoever has it decides beside a second person, those who watch over access are told.
    private static func give(
        _ role: Role, to account: String, team: String, until ends: Instant?, in tx: any WriteTransaction
    ) throws {
        try AccessStore.grant(role, to: account, team: team, until: ends, in: tx)
        guard AccessActions.approve.roles.union(AccessActions.openings.roles).contains(role.rawValue) else { return }
        try Reviewers.tell(
            "Somebody was given a role that decides",
            """
            An account may from now on be the second of two persons, though not yet beside whoever gave it the role: \
            see /administration/accounts. If nobody told you of it, ask.
            """, in: tx)
    }

    private static func role(_ form: inout Form) -> Role? {
        let role = Role(rawValue: form["role"])
        if role == nil { form.refuse("role", "Choose a role") }
        return role
    }

    /// The team that a role is held in; empty where in none.
    private static func team(_ form: inout Form, _ visit: Visit) async throws -> String {
        let wanted = form["team"]
        if wanted.isEmpty { return "" }
        let teams = try await visit.read(TeamStore.teams)
        if !teams.contains(where: { $0.id == wanted && $0.ended == nil }) {
            form.refuse("team", "Choose a team from the list: this one ended, or there is none")
        }
        return wanted
    }

    /// Hands out a code on paper: shown this once, and only its hash is kept.
    private static func invite(_ visit: Visit) async throws -> Reply {
        let id = visit.parameter("account")
        let held = try await visit.read { try AccountStore.account(id, in: $0) }
        guard let held, held.ended == nil, id != visit.scope.actor.id else { return .notFound }
        let (code, hash) = Invitations.mint()
        let isDone = try await visit.database.write(for: visit.scope) { tx in
            // What leads to a hidden address is not given by one person alone.
            guard let now = try AccountStore.account(id, in: tx), now.ended == nil,
                Recovery.grounds(try RecoveryStore.facts(of: now, at: tx.now, in: tx)).isEmpty
            else {
                tx.record(Event("recovery.refused", subject: id))
                return false
            }
            try AccountStore.invite(id, code: hash, in: tx)
            try Notices.codeMade(for: held, in: tx)
            return true
        }
        guard isDone else { return .redirect("/administration/accounts/\(id)/recovery") }
        return .page(
            InvitationPages.code(
                code, login: held.login, name: held.name,
                back: Link(held.name, to: "/administration/accounts/\(id)")))
    }

    private static func addTeam(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let agency = form.text("agency", orSay: "Write the agency", limit: 200)
        let name = form.text("name", orSay: "Write the name of the team", limit: 200)
        guard let agency, let name else {
            let teams = try await visit.read(TeamStore.teams)
            return .unprocessable(AccountsPages.teams(teams, form))
        }
        return try await visit.writeOnce { tx, _ in
            try TeamStore.add(name, of: agency, in: tx)
            return "/administration/teams"
        }
    }
}

/// The day on which a role ends, as it was written; nothing where it does not.
struct RoleFields {
    private let written: String

    init(_ form: Form) { written = form["until"] }

    func ends(_ form: inout Form) -> Instant? {
        guard !written.isEmpty else { return nil }
        return form.day("until", orSay: "").map { Instant(startOf: $0.next) }
    }
}

/// Codes on paper by which somebody begins.
public enum Invitations {
    /// A new code, and what is kept of it.
    static func mint() -> (code: String, hash: String) {
        let code = PrintedCodes.mint(1)[0]
        return (code, PrintedCodes.hash(code) ?? "")
    }

    /// Makes a manager of access, where there is none by this login yet, and hands out a code: for whoever runs the
    /// server, who has no other way to let the first one in.
    public static func inviteManager(
        login: String, name: String, id: String, in tx: any WriteTransaction
    ) throws -> String {
        let account = try AccountStore.account(login: login, in: tx)?.id ?? id
        try AccountStore.keep(account, login: login, name: name, in: tx)
        try AccessStore.grant(.accessManager, to: account, in: tx)
        let (code, hash) = mint()
        try AccountStore.invite(account, code: hash, in: tx)
        if account != id, let held = try AccountStore.account(account, in: tx) {
            try Notices.codeMade(for: held, in: tx)
        }
        return code
    }

    /// Somebody of another name signs in with this already, or did.
    public struct SomebodyElse: Error {
        /// What to do next.
        public static let words =
            "Somebody signs in with this under another name, or did. Check the address and the name, letter by letter"
    }

    /// Makes a family’s or adviser’s account, where it is not there yet, with a role, and hands out a code for it.
    ///
    /// - Parameters:
    ///   - login: an e-mail address, or nil for a name that is made up.
    ///   - id: the account’s identifier, where it is new.
    /// - Throws: `SomebodyElse`; a fault of the database.
    /// - Returns: the account, and what is to be printed; no code where the account has a way in of its own already.
    public static func invite(
        login: String?, name: String, as role: Role, id: String, in tx: any WriteTransaction
    ) throws -> (account: String, login: String, code: String?) {
        let login = login ?? "family-\(id.prefix(6))"
        if let held = try AccountStore.account(login: login, in: tx) {
            // A slip of the finger would give somebody else the child.
            guard held.ended == nil, held.name.lowercased() == name.lowercased() else { throw SomebodyElse() }
            try AccessStore.grant(role, to: held.id, in: tx)
            return (held.id, held.login, nil)
        }
        try AccountStore.keep(id, login: login, name: name, in: tx)
        try AccessStore.grant(role, to: id, in: tx)
        let (code, hash) = mint()
        try AccountStore.invite(id, code: hash, in: tx)
        return (id, login, code)
    }
}
