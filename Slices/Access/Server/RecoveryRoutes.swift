import Access
import Kernel
import Storage
import Web

/// New ways into accounts that lead to a hidden address: asked for by one manager, approved by another, stopped by
/// their owner or by any manager.
enum RecoveryRoutes {
    static let all: [Route] = [
        .get("/administration/accounts/{account}/recovery", may: .office(AccessActions.accounts)) { visit in
            try await page(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/administration/accounts/{account}/recovery", may: .office(AccessActions.accounts), ask),
        .post("/administration/accounts/{account}/recovery-codes", may: .office(AccessActions.accounts), makeCode),
        .post("/administration/accounts/{account}/recovery-stops", may: .office(AccessActions.accounts)) { visit in
            let (account, stopper) = (visit.parameter("account"), visit.scope.actor.id)
            _ = try await visit.database.write(for: visit.scope) { tx in
                try RecoveryStore.stop(account, by: stopper, in: tx)
            }
            return .redirect("/administration/accounts/\(account)/recovery")
        },
        .post("/account/recovery-stops", may: .signedIn) { visit in
            let account = visit.scope.actor.id
            let isStopped = try await visit.database.write(for: visit.scope) { tx in
                try RecoveryStore.stop(account, by: account, in: tx)
            }
            return isStopped ? .page(RecoveryPages.stopped) : .redirect("/account")
        },
    ]

    private static func page(_ visit: Visit, _ form: Form) async throws -> Page? {
        let (id, now) = (visit.parameter("account"), visit.now)
        let shown = try await visit.read { tx -> RecoveryPages.Shown? in
            guard let account = try AccountStore.account(id, in: tx), account.ended == nil else { return nil }
            return RecoveryPages.Shown(
                account: account, grounds: Recovery.grounds(try RecoveryStore.facts(of: account, at: now, in: tx)),
                isReachable: try RecoveryStore.isReachable(account, in: tx),
                newest: try RecoveryStore.newest(for: id, in: tx),
                isOpen: try RecoveryStore.isOpen(for: id, at: now, in: tx))
        }
        guard let shown, id != visit.scope.actor.id else { return nil }
        return RecoveryPages.page(shown, form, now: now)
    }

    private static func ask(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (id, asker) = (visit.parameter("account"), visit.scope.actor.id)
        let held = try await visit.read { try AccountStore.account(id, in: $0) }
        guard let held, held.ended == nil, id != asker else { return .notFound }
        let reason = form.text("reason", orSay: "Write how you know that it is the owner who asks")
        if let reason, reason.count < Emergency.leastReason {
            form.refuse("reason", "Write at least \(Emergency.leastReason) characters: another person decides by them")
        }
        let told = String(form["told"].prefix(2000))
        if form.errors.isEmpty, let reason {
            do {
                return try await visit.writeOnce { tx, newID in
                    try RecoveryStore.ask(for: held, by: asker, reason: reason, told: told, id: newID, in: tx)
                    return "/administration/accounts/\(id)/recovery"
                }
            } catch let refusal as Recovery.Refusal {
                form.refuse(refusal == .toldNobody ? "told" : "reason", refusal.words)
            } catch is Malformed { return .notFound }
        }
        return try await page(visit, form).map { .unprocessable($0) } ?? .notFound
    }

    /// Makes the code of an approved request: shown this once, and only its hash is kept.
    private static func makeCode(_ visit: Visit) async throws -> Reply {
        let (id, maker) = (visit.parameter("account"), visit.scope.actor.id)
        let address = "/administration/accounts/\(id)"
        let (code, hash) = Invitations.mint()
        let made: RecoveryRequest? = try await visit.database.write(for: visit.scope) { tx in
            let manager = try RecoveryStore.manager(maker, of: id, at: tx.now, in: tx)
            guard let held = try RecoveryStore.newest(for: id, in: tx), manager.mayGive(id),
                try RecoveryStore.makeCode(held, hash: hash, in: tx)
            else {
                tx.record(.housekeeping)
                return nil
            }
            return held
        }
        guard let made, let approved = made.times.approved,
            let account = try await visit.read({ try AccountStore.account(id, in: $0) })
        else { return .redirect(address + "/recovery") }
        return .page(
            RecoveryPages.code(
                code, of: account, from: Recovery.works(approved: approved),
                back: Link(account.name, to: address + "/recovery")))
    }
}

extension Recovery.Refusal {
    /// What to do next.
    var words: String {
        switch self {
        case .notTheirs: "Another manager of access has to ask for this"
        case .askedAlready: "This was asked for already, and stands above. It goes no faster by asking again"
        case .toldNobody:
            "Write who told the owner in person, and when, in at least \(Emergency.leastReason) characters"
        }
    }
}
