import Access
import AccessServer
import Kernel
import Links
import Storage
import Web

/// What a link opens: one form, and the question for the code before it. Reading changes nothing, for the scanners of
/// mail follow every link.
struct LinkRoutes: Sendable {
    let kinds: [String: TaskKind]

    private static let may = Permission.link(TaskStore.path, on: "link")
    /// What may be sent with one answer.
    static let megabytes = 25

    var all: [Route] {
        [
            .get("/tasks/{link}", may: Self.may, open),
            .post("/tasks/{link}/codes", may: Self.may, code),
            .post("/tasks/{link}/answers", may: Self.may, answer).taking(megabytes: Self.megabytes),
        ]
    }

    /// A task with what its link opens now, in this browser.
    private struct Found {
        let task: LinkTask
        let kind: TaskKind
        let opens: TaskLink.Opens
    }

    /// Nil where the link leads to no task.
    private func find(_ visit: Visit, _ policy: Policy, in tx: any Transaction) throws -> Found? {
        guard let task = try TaskStore.task(visit.scope.actor.id, in: tx), let kind = kinds[task.kind] else {
            return nil
        }
        let isKnown = TaskStore.isKnown(browser: visit.cookies[LinkRoutes.cookie(task)], of: task)
        var opens = task.link(needsCode: kind.isAboutChild).opens(on: visit.today, isKnownBrowser: isKnown)
        // What was recorded since it was asked counts at once: an order, an adoption, rights that passed.
        if opens != .nothing,
            try !AccessStore.mayBeTold(kind.shows, of: task.person, at: task.address, policy, visit.now, in: tx)
        {
            opens = .nothing
        }
        return Found(task: task, kind: kind, opens: opens)
    }

    private func open(_ visit: Visit) async throws -> Reply {
        let policy = try visit.live(policyInForce)
        return try await visit.look { tx in try show(visit, visit.form, policy, in: tx) }
    }

    /// The page that the link opens, and what is noted of it.
    private func show(
        _ visit: Visit, _ form: Form, _ policy: Policy, in tx: any Transaction
    ) throws -> (answer: Reply, seen: [Event]) {
        guard let found = try find(visit, policy, in: tx) else { return (LinkPages.nothing, []) }
        let (task, kind, link) = (found.task, found.kind, visit.parameter("link"))
        func opened(_ step: String) -> Event {
            Event("task.opened", subject: task.person, detail: "task=\(task.id);step=\(step)")
        }
        switch found.opens {
        case .nothing:
            return (LinkPages.nothing, [Event("task.refused", subject: task.person, detail: "task=\(task.id)")])
        case .thanks: return (.page(LinkPages.thanks), [opened("thanks")])
        case .code: return (LinkPages.reply(LinkPages.code(link, form), form), [opened("code")])
        case .newCode: return (.page(LinkPages.newCode), [opened("new-code")])
        case .form:
            let open = OpenTask(task, visit)
            guard let facts = try kind.facts(open, tx) else { return (LinkPages.nothing, []) }
            let classes = kind.shows.map(\.rawValue).joined(separator: ",")
            let shown = LinkPages.Shown(
                kind: kind, heading: try kind.heading(open, tx) ?? kind.title, lastDay: task.lastDay, facts: facts)
            let page = LinkPages.form(shown, link, form)
            return (
                LinkPages.reply(page, form),
                [opened("form"), Event(kind.look, subject: task.person, detail: "classes=\(classes)")]
            )
        }
    }

    private func code(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (policy, link) = (try visit.live(policyInForce), visit.parameter("link"))
        if let typed = form.text("code", orSay: "Write the code that you were given", limit: 40) {
            let secret = TaskStore.browserSecret(code: typed, key: form.key)
            let known = try await visit.database.write(for: visit.scope) { tx -> LinkTask? in
                tx.record(.housekeeping)
                guard let found = try find(visit, policy, in: tx) else { return nil }
                if TaskStore.isKnown(browser: secret, of: found.task) { return found.task }
                guard found.opens == .code else { return nil }
                guard try TaskStore.take(code: typed, for: found.task, browser: secret, in: tx) else { return nil }
                try found.kind.opened(OpenTask(found.task, visit), tx)
                return found.task
            }
            if let known {
                let days = known.lastDay.days(since: visit.today) + 1
                return .redirect("/tasks/\(link)").keepingSafely(LinkRoutes.cookie(known), secret, days: days)
            }
            form.refuse("code", "That code is not right, or was used before. Check it and try again")
        }
        let drawn = form
        return try await visit.look { tx in try show(visit, drawn, policy, in: tx) }
    }

    private func answer(_ visit: Visit) async throws -> Reply {
        let policy = try visit.live(policyInForce)
        var sent = visit.form
        let documents = try await documents(&sent, visit, policy)
        let checked = sent
        let form: Form
        do {
            form = try await visit.database.write(for: visit.scope) { tx -> Form in
                var form = checked
                tx.record(.housekeeping)
                // Twice is once: after the first answer the link opens only thanks.
                guard let found = try find(visit, policy, in: tx), found.opens == .form else { return form }
                found.kind.check(&form)
                guard form.errors.isEmpty else { return form }
                try found.kind.keep(form, OpenTask(found.task, visit, documents), tx)
                try TaskStore.close(found.task, as: .done, in: tx)
                return form
            }
        } catch is TaskRefused { return LinkPages.notTaken(sent) }
        if form.errors.isEmpty { return .redirect("/tasks/\(visit.parameter("link"))") }
        return try await visit.look { tx in try show(visit, form, policy, in: tx) }
    }

    /// Keeps the files of an answer, where the link opens its form: each is looked into first.
    private func documents(_ form: inout Form, _ visit: Visit, _ policy: Policy) async throws -> [DocumentRow] {
        guard !form.files.isEmpty,
            let found = try await visit.read({ try find(visit, policy, in: $0) }), found.opens == .form
        else { return [] }
        // What is refused for another reason keeps no file.
        var whole = form
        found.kind.check(&whole)
        guard whole.errors.isEmpty else { return [] }
        return try await visit.keep(&form, field: "files", most: found.kind.files)
    }

    /// The cookie by which the browser is known in which the code of this task was given.
    static func cookie(_ task: LinkTask) -> String { "__Host-\(task.id.prefix(21))" }
}
