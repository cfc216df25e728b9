import Access
import AccessServer
import Kernel
import Links
import Storage
import Web

/// Asking somebody without an account, and taking it back.
struct AskRoutes: Sendable {
    let kinds: [TaskKind]

    private static let may = Permission.act(LinkActions.ask, on: "person")

    var all: [Route] {
        [
            .get("/people/{person}/tasks", may: Self.may) { visit in .page(try await page(visit, visit.form)) },
            .post("/people/{person}/tasks", may: Self.may, ask),
            .post("/people/{person}/tasks/{task}/codes", may: Self.may, code),
            .post("/people/{person}/tasks/{task}/withdrawal", may: Self.may, withdraw),
        ]
    }

    private func page(_ visit: Visit, _ form: Form) async throws -> Page {
        let person = visit.parameter("person")
        return try await visit.look { tx in
            let tasks = try TaskStore.tasks(about: person, in: tx)
            let asked = AskPages.Asked(
                person: person, tasks: tasks, kinds: kinds, today: visit.today,
                isSomebodyKept: try AccessStore.isSomebodyKept(from: person, at: visit.now, in: tx))
            let seen = Event(LinkEvents.listed, subject: person, detail: "classes=location,third-party")
            return (AskPages.page(asked, form), [seen])
        }
    }

    private func ask(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (person, policy) = (visit.parameter("person"), try visit.live(policyInForce))
        let kind = kinds.first { $0.code == form["kind"] && $0.isAskedFromRecord }
        if kind == nil { form.refuse("kind", "Choose what to ask for") }
        let name = form.text("name", orSay: "Write who is asked", limit: 100)
        let address = form.text("address", orSay: "Write their e-mail address", limit: 254)
        if let address, !address.isMailAddress {
            form.refuse("address", "Write one e-mail address, like name@example.com")
        }
        let days = Digits.number(form["days"]).flatMap { TaskLink.days.contains($0) ? $0 : nil }
        if days == nil { form.refuse("days", "Choose how long they have") }
        let site = try await TaskLinks.site(visit)
        if site == nil {
            form.refuse("address", "This copy does not know its own address: the operator sets it by serve --site")
        }
        if form.errors.isEmpty, let kind, let address {
            let (scope, now) = (visit.scope, visit.now)
            let asked = TaskLinks.Ask(kind, about: person, of: form["name"], at: address, until: visit.today)
            let mayBe = try await visit.read { try TaskLinks.mayBeAsked(asked, policy, by: scope, now, in: $0) }
            // Said without a reason: an order is told by people.
            if !mayBe { form.refuse("address", "This cannot be asked by a link to that address. Ask in person") }
        }
        guard form.errors.isEmpty, let kind, let name, let address, let days, let site else {
            return .unprocessable(try await page(visit, form))
        }
        let (asker, lastDay) = (visit.scope.actor.id, visit.today.adding(.days(days)))
        return try await visit.writeOnce { tx, newID in
            let ask = TaskLinks.Ask(kind, about: person, of: name, at: address, until: lastDay)
            try TaskLinks.send(ask, as: "task-\(newID)", by: asker, site: site, in: tx)
            return "/people/\(person)/tasks"
        }
    }

    /// Shows a new code, once.
    private func code(_ visit: Visit) async throws -> Reply {
        let (person, id, today) = (visit.parameter("person"), visit.parameter("task"), visit.today)
        let made = try await visit.database.write(for: visit.scope) { tx -> (LinkTask, String)? in
            tx.record(.housekeeping)
            guard let task = try open(id, of: person, on: today, in: tx) else { return nil }
            let code = try TaskStore.newCode(for: task, in: tx)
            if try Settings.value(Settings.demonstration, in: tx) != nil {
                try Outbox.post(
                    .mail, to: "by telephone or letter to \(task.name)", title: "The code for your link",
                    body: code, owner: "case-officer", about: person, goodUntil: task.lastDay, isSecret: true, in: tx)
            }
            return (task, code)
        }
        guard let (task, code) = made else { return .notFound }
        return .page(AskPages.made(code, for: task))
    }

    private func withdraw(_ visit: Visit) async throws -> Reply {
        let (person, id, today) = (visit.parameter("person"), visit.parameter("task"), visit.today)
        return try await visit.writeOnce { tx, _ in
            tx.record(.housekeeping)
            if let task = try open(id, of: person, on: today, in: tx) {
                try TaskStore.close(task, as: .withdrawn, in: tx)
            }
            return "/people/\(person)/tasks"
        }
    }

    /// An open task about this very person.
    private func open(_ id: String, of person: String, on today: Day, in tx: any Transaction) throws -> LinkTask? {
        guard let task = try TaskStore.task(id, in: tx), task.person == person, task.state == .open,
            today <= task.lastDay
        else { return nil }
        return task
    }
}
