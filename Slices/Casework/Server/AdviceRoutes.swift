import Access
import AccessServer
import Casework
import Kernel
import LinksServer
import PeopleServer
import Storage
import Web

/// Advice: asked of people by a link or in their account, given, and read as the papers of a case.
enum AdviceRoutes {
    static let all: [Route] = [
        .get("/cases/{case}/advice", may: .act(CaseActions.see, on: "case")) { visit in
            try await papers(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/cases/{case}/advice/{advice}/links", may: .act(CaseActions.work, on: "case"), sendLink),
        .get("/advice-documents/{document}", may: .act(CaseActions.readAdvice, on: "document"), document),
        .get("/advice-asked", may: .office(CaseActions.giveAdvice), own),
        .get("/advice-asked/{task}", may: .office(CaseActions.giveAdvice)) { visit in
            try await form(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/advice-asked/{task}/receipts", may: .office(CaseActions.giveAdvice), receive),
        .post("/advice-asked/{task}", may: .office(CaseActions.giveAdvice), answer)
            .taking(megabytes: 25),
    ]

    // MARK: - The papers

    static func papers(_ visit: Visit, _ form: Form) async throws -> Page? {
        let (policy, scope, today) = (try visit.live(policyInForce), visit.scope, visit.today)
        let (law, id) = (try visit.live(statute), visit.parameter("case"))
        return try await visit.look { tx -> (Page?, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            guard let record = try store.record(id) else { return (nil, []) }
            let given = try store.advice(of: record)
            let papers = AdvicePages.Papers(
                record: record, times: law.times(of: record.file, on: today), given: given.given,
                withheld: given.withheld, chased: try ChaserStore.chased(of: record.file, in: tx),
                tasks: record.mayWork
                    ? try record.file.advice.reduce(into: [:]) { tasks, advice in
                        tasks[advice.id] = try AdviceStore.tasks(for: advice.id, on: today, in: tx)
                    } : [:])
            let classes = record.classes.union(given.classes).sorted().map(\.rawValue).joined(separator: ",")
            let seen = Event(PersonLooks.seen, subject: record.person, detail: "case=\(id);classes=\(classes)")
            return (AdvicePages.papers(papers, form), [seen])
        }
    }

    /// A document of advice, for whoever may read what the advice says.
    private static func document(_ visit: Visit) async throws -> Reply {
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        let id = visit.parameter("document")
        let row = try await visit.look { tx -> (DocumentRow?, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            guard let file = try AdviceStore.file(of: id, in: tx), let record = try store.record(file) else {
                return (nil, [])
            }
            let seen = try store.advice(of: record)
            guard let document = seen.given.values.flatMap(\.documents).first(where: { $0.id == id }) else {
                return (nil, [])
            }
            return (try DocumentRows.row(document.hash, in: tx), record.look(with: seen.classes))
        }
        guard let row, let desk = visit.documents else { return .notFound }
        return try desk.reply(row)
    }

    // MARK: - Asking

    /// Who is asked by a link, as an officer wrote it.
    struct Recipient: Sendable {
        let name, address, site: String
    }

    /// Reads who is asked; nil where nobody is, or something is wrong, which the form then says.
    static func recipient(_ visit: Visit, _ form: inout Form, isNeeded: Bool) async throws -> Recipient? {
        if !isNeeded, form["address"].isEmpty { return nil }
        let address = form.text("address", orSay: "Write their e-mail address", limit: 254)
        if let address, !address.isMailAddress {
            form.refuse("address", "Write one e-mail address, like name@example.com")
        }
        let name = form["name"].isEmpty ? form["body"] : form["name"]
        if isNeeded, name.isEmpty { form.refuse("name", "Write who is asked") }
        guard let site = try await TaskLinks.site(visit) else {
            form.refuse("address", "This copy does not know its own address: the operator sets it by serve --site")
            return nil
        }
        guard form.errors.isEmpty, let address else { return nil }
        // As accounts are called: whoever has one with it finds the task there.
        return Recipient(name: String(name.prefix(100)), address: address.lowercased(), site: site)
    }

    private static func sendLink(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (id, wanted) = (visit.parameter("case"), visit.parameter("advice"))
        let recipient = try await recipient(visit, &form, isNeeded: true)
        guard let recipient else {
            return try await papers(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let asking = try AdviceAsking(visit)
        do {
            return try await visit.writeOnce { tx, newID in
                let file = try Cases.file(id, in: tx)
                guard file.state == .assessing, let advice = file.advice.first(where: { $0.id == wanted }),
                    advice.came == nil
                else {
                    throw CaseRefusal.noSuchAdvice
                }
                try asking.send(advice, of: file, to: recipient, as: "task-\(newID)", in: tx)
                return "/cases/\(id)/advice#\(wanted)"
            }
        } catch let refusal as CaseRefusal {
            form.refuse("address", refusal.words)
            return try await papers(visit, form).map { .unprocessable($0) } ?? .notFound
        }
    }

    // MARK: - Giving it in an account

    private static func own(_ visit: Visit) async throws -> Reply {
        let (policy, scope, today) = (try visit.live(policyInForce), visit.scope, visit.today)
        let law = try visit.live(statute)
        let page = try await visit.look { tx -> (Page, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            var (lines, seen) = ([AdvicePages.Line](), [Event]())
            for task in try OwnTasks.open(for: scope, on: today, in: tx) {
                guard try store.may(.see, .identity, of: task.person), let name = try store.name(task.person) else {
                    continue
                }
                let times = law.times(of: try Cases.file(task.file, in: tx), on: today)
                lines.append(
                    AdvicePages.Line(
                        task: task, name: name, limit: times.limits.first { $0.advice == task.advice.id }))
                seen.append(Event(PersonLooks.listed, subject: task.person, detail: "classes=identity"))
            }
            return (AdvicePages.own(lines, visit.form), seen)
        }
        return .page(page)
    }

    private static func form(_ visit: Visit, _ form: Form) async throws -> Page? {
        let (scope, today, id) = (visit.scope, visit.today, visit.parameter("task"))
        let policy = try visit.live(policyInForce)
        return try await visit.look { tx -> (Page?, [Event]) in
            guard let task = try OwnTasks.task(id, for: scope, policy, on: today, in: tx),
                let facts = try AdviceFacts.shown(task, visit, in: tx)
            else { return (nil, []) }
            let classes = AdviceTaskKinds.shown(task.advice.kind).map(\.rawValue).joined(separator: ",")
            let seen = Event(PersonLooks.seen, subject: task.person, detail: "task=\(id);classes=\(classes)")
            return (AdvicePages.form(task, facts, form), [seen])
        }
    }

    /// Whoever is asked says that they have it: from then on their time runs, at the latest.
    private static func receive(_ visit: Visit) async throws -> Reply {
        let (scope, today, id) = (visit.scope, visit.today, visit.parameter("task"))
        let policy = try visit.live(policyInForce)
        return try await visit.writeOnce { tx, _ in
            tx.record(.housekeeping)
            guard let task = try OwnTasks.task(id, for: scope, policy, on: today, in: tx) else {
                return "/advice-asked"
            }
            try AdviceStore.noteReceipt(task, by: scope.actor.id, in: tx)
            return "/advice-asked/\(id)"
        }
    }

    private static func answer(_ visit: Visit) async throws -> Reply {
        let (scope, today, id) = (visit.scope, visit.today, visit.parameter("task"))
        let policy = try visit.live(policyInForce)
        guard let task = try await visit.read({ try OwnTasks.task(id, for: scope, policy, on: today, in: $0) }) else {
            return .notFound
        }
        var sent = visit.form
        let kind = task.advice.kind
        AdviceForm.check(kind, &sent)
        let documents =
            sent.errors.isEmpty ? try await visit.keep(&sent, field: "files", most: AdviceTaskKinds.mostFiles) : []
        guard sent.errors.isEmpty else {
            return try await form(visit, sent).map { .unprocessable($0) } ?? .notFound
        }
        let parts = AdviceForm.parts(kind, sent)
        return try await visit.writeOnce { tx, _ in
            guard let held = try OwnTasks.task(id, for: scope, policy, on: today, in: tx) else {
                throw VersionConflict.changedSince
            }
            try AdviceStore.noteReceipt(held, by: scope.actor.id, in: tx)
            try AdviceStore.take(parts, documents, for: held, by: scope.actor.id, in: tx)
            try TaskLinks.close(id, in: tx)
            return "/advice-asked"
        }
    }
}

/// What was asked of an account: whoever signs in with the address that a link went to needs no link.
enum OwnTasks {
    static func open(for scope: Scope, on today: Day, in tx: any Transaction) throws -> [AdviceTask] {
        guard let address = try Offices.mailAddress(of: scope.actor.id, in: tx) else { return [] }
        return try AdviceStore.tasks(at: address, on: today, in: tx).compactMap { try AdviceStore.task($0, in: tx) }
    }

    /// The task, where it is open and this account’s, and the account may see what its form shows.
    static func task(
        _ id: String, for scope: Scope, _ policy: Policy, on today: Day, in tx: any Transaction
    ) throws -> AdviceTask? {
        guard let address = try Offices.mailAddress(of: scope.actor.id, in: tx),
            try AdviceStore.tasks(at: address, on: today, in: tx).contains(id),
            let task = try AdviceStore.task(id, in: tx)
        else { return nil }
        let store = CaseStore(tx: tx, scope: scope, policy: policy)
        let mayAll = try AdviceTaskKinds.shown(task.advice.kind).allSatisfy { try store.may(.see, $0, of: task.person) }
        return mayAll ? task : nil
    }
}

/// Sends the link for advice that was asked for.
struct AdviceAsking: Sendable {
    let scope: Scope
    let policy: Policy
    let now: Instant

    /// How long a link serves: advice may still come when its time has passed.
    static let days = 84

    init(_ visit: Visit) throws { (scope, policy, now) = (visit.scope, try visit.live(policyInForce), visit.now) }

    /// - Throws: `CaseRefusal.notByLink` where the address may not be told of the child, for a reason that people tell.
    func send(
        _ advice: Advice, of file: Case, to recipient: AdviceRoutes.Recipient, as id: String,
        in tx: any WriteTransaction
    ) throws {
        guard let person = try Cases.person(of: file.id, in: tx),
            let kind = adviceTasks.first(where: { $0.code == AdviceTaskKinds.code(advice.kind) })
        else { throw CaseRefusal.noSuchAdvice }
        let last = now.dayInEngland + .days(Self.days)
        let ask = TaskLinks.Ask(kind, about: person, of: recipient.name, at: recipient.address, until: last)
        try relate(recipient.address, to: person, by: id, in: tx)
        guard try TaskLinks.mayBeAsked(ask, policy, by: scope, now, in: tx) else { throw CaseRefusal.notByLink }
        try TaskLinks.send(ask, as: id, by: scope.actor.id, site: recipient.site, in: tx)
        try AdviceStore.keep(id, of: file.id, for: advice.id, in: tx)
    }

    /// A professional with an account stands to the child by the task, as long as it lasts.
    private func relate(_ address: String, to person: String, by task: String, in tx: any WriteTransaction) throws {
        let roles: [Role] = [.educationalPsychologist, .healthProfessional, .socialWorker]
        guard
            let account = try Offices.holder(
                login: address, of: Set(roles.map(\.rawValue)), at: tx.now, in: tx)
        else { return }
        try AccessStore.relate(
            account, to: person, as: .openTask, until: tx.now.adding(milliseconds: (Self.days + 1) * 86_400_000),
            evidence: AdviceStore.evidence(task), in: tx)
    }
}
