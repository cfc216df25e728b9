import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
import Storage
import Web

/// Panels: who keeps them, and who sits in them.
enum PanelRoutes {
    static let all: [Route] = [
        .get("/panels", may: .office(CaseActions.seePanels), list),
        .get("/panels/new", may: .office(CaseActions.keepPanels)) { visit in
            .page(try await new(visit, visit.form))
        },
        .post("/panels", may: .office(CaseActions.keepPanels), call),
        .get("/panels/{panel}", may: .office(CaseActions.seePanels)) { visit in
            try await agenda(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/panels/{panel}/items", may: .office(CaseActions.keepPanels), add),
        .post("/panels/{panel}/items/{item}/removals", may: .office(CaseActions.keepPanels), remove),
        .post("/panels/{panel}/mails", may: .office(CaseActions.keepPanels), tell),
        .post("/panels/{panel}/items/{item}/views", may: .office(CaseActions.sitOnPanels), view),
    ]

    private static func keeps(_ visit: Visit) -> Bool {
        !visit.scope.roles.isDisjoint(with: CaseActions.keepPanels.roles)
    }

    private static func list(_ visit: Visit) async throws -> Reply {
        let (policy, scope, keeps) = (try visit.live(policyInForce), visit.scope, keeps(visit))
        let meetings = try await visit.read { tx in
            try PanelStore(tx: tx, scope: scope, policy: policy).meetings(keeps: keeps)
        }
        return .page(PanelPages.list(meetings, keeps: keeps, today: visit.today))
    }

    private static func new(_ visit: Visit, _ form: Form) async throws -> Page {
        let roles = CaseActions.sitOnPanels.roles
        let people = try await visit.read { tx in try Offices.holders(of: roles, at: visit.now, in: tx) }
        return PanelPages.new(people, form)
    }

    private static func call(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (name, day) = (
            form.text("name", orSay: "Write what the panel is called", limit: 100),
            form.day("day", orSay: "Write the day")
        )
        if let day, day < visit.today { form.refuse("day", "\(day.inWords) has passed. Choose a day to come") }
        let chosen = Set(form.fields.all("members"))
        let people = try await visit.read { tx in
            try Offices.holders(of: CaseActions.sitOnPanels.roles, at: visit.now, in: tx)
        }
        let members = people.map(\.id).filter(chosen.contains)
        if members.isEmpty { form.refuse("members", "Choose at least one member") }
        guard form.errors.isEmpty, let name, let day else { return .unprocessable(try await new(visit, form)) }
        return try await visit.writeOnce { tx, newID in
            let meeting = PanelMeeting(id: "panel-\(newID)", name: name, day: day, version: 1)
            try Panels.call(meeting, members, in: tx)
            return "/panels/\(meeting.id)"
        }
    }

    private static func agenda(_ visit: Visit, _ form: Form) async throws -> Page? {
        let (policy, scope, id) = (try visit.live(policyInForce), visit.scope, visit.parameter("panel"))
        let (law, today, keeps) = (try visit.live(statute), visit.today, keeps(visit))
        return try await visit.look { tx -> (Page?, [Event]) in
            let store = PanelStore(tx: tx, scope: scope, policy: policy)
            guard let meeting = try store.meeting(id, keeps: keeps) else { return (nil, []) }
            let items = try store.items(of: id).map { ($0, law.times(of: $0.file, on: today)) }
            let agenda = PanelPages.Agenda(
                meeting: meeting, members: try store.members(of: id), items: items, keeps: keeps,
                sits: try store.sits(in: id), candidates: keeps ? try store.candidates(for: id) : [], today: today)
            let seen = items.map {
                Event(PersonLooks.listed, subject: $0.0.person, detail: "classes=identity,casework,case-words")
            }
            return (PanelPages.agenda(agenda, form), seen)
        }
    }

    private static func add(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (policy, scope, id) = (try visit.live(policyInForce), visit.scope, visit.parameter("panel"))
        let (law, today, chosen) = (try visit.live(statute), visit.today, form["case"])
        let read = try await visit.read { tx -> (meeting: PanelMeeting, fault: String?)? in
            let store = PanelStore(tx: tx, scope: scope, policy: policy)
            guard let meeting = try store.meeting(id, keeps: true) else { return nil }
            if meeting.day < today { return (meeting, "This panel has met. Call another") }
            guard try store.candidates(for: id).contains(where: { $0.id == chosen }) else {
                return (meeting, "Choose a case of yours that waits for a decision")
            }
            let next = law.times(of: try Cases.file(chosen, in: tx), on: today).next
            return (meeting, PanelTiming.fault(meeting: meeting.day, due: next?.basis == .guidance ? nil : next?.due))
        }
        guard let read else { return .notFound }
        if let fault = read.fault { form.refuse("case", fault) }
        guard form.errors.isEmpty else { return try await agenda(visit, form).map { .unprocessable($0) } ?? .notFound }
        return try await visit.writeOnce { tx, newID in
            guard let person = try Cases.person(of: chosen, in: tx) else { throw VersionConflict.changedSince }
            try Panels.add("item-\(newID)", try Cases.file(chosen, in: tx), of: person, to: read.meeting, in: tx)
            return "/panels/\(id)"
        }
    }

    private static func remove(_ visit: Visit) async throws -> Reply {
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        let (id, item) = (visit.parameter("panel"), visit.parameter("item"))
        return try await visit.writeOnce { tx, _ in
            let store = PanelStore(tx: tx, scope: scope, policy: policy)
            // Whoever works on a case takes it off.
            let cases = CaseStore(tx: tx, scope: scope, policy: policy)
            let held = try store.items(of: id).first { $0.id == item }
            if let held, try cases.may(.change, .casework, of: held.person) {
                try Panels.remove(item, from: id, in: tx)
            } else {
                tx.record(.housekeeping)
            }
            return "/panels/\(id)"
        }
    }

    private static func tell(_ visit: Visit) async throws -> Reply {
        let (policy, scope, id) = (try visit.live(policyInForce), visit.scope, visit.parameter("panel"))
        return try await visit.writeOnce { tx, _ in
            guard let meeting = try PanelStore(tx: tx, scope: scope, policy: policy).meeting(id, keeps: true) else {
                throw VersionConflict.changedSince
            }
            try Panels.tell(meeting, in: tx)
            return "/panels/\(id)?told=1"
        }
    }

    private static func view(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        let (id, item) = (visit.parameter("panel"), visit.parameter("item"))
        let found = try await visit.read { tx -> PanelItem? in
            let store = PanelStore(tx: tx, scope: scope, policy: policy)
            guard try store.sits(in: id) else { return nil }
            return try store.items(of: id).first { $0.id == item }
        }
        guard let found else { return .notFound }
        let view = PanelView(rawValue: form["view-\(item)"])
        if view == nil { form.refuse("view-\(item)", "Choose what you think") }
        let words = form.text("words-\(item)", orSay: "Write why", limit: 4000)
        guard form.errors.isEmpty, let view, let words else {
            return try await agenda(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        return try await visit.writeOnce { tx, _ in
            try Panels.keep(view, words, on: item, of: found.person, by: scope.actor.id, in: tx)
            return "/panels/\(id)#\(item)"
        }
    }
}
