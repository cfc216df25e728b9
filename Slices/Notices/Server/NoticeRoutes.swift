import Access
import AccessServer
import Kernel
import Notices
import Storage
import Web

/// Notices as the early years team handles them.
enum NoticeRoutes {
    private static let may = Permission.office(NoticeActions.handle)
    static let size = 50

    static let all: [Route] = [
        .get("/notices", may: may, list),
        .get("/notices/{notice}", may: may) { visit in try await page(visit, visit.form) ?? .notFound },
        .post("/notices/{notice}/steps", may: may, step),
        .post("/notices/{notice}/decisions", may: may, decide),
    ]

    private static func list(_ visit: Visit) async throws -> Reply {
        let filter = visit.query["show"].flatMap(NoticeFilter.init(rawValue:)) ?? .open
        let asked = visit.query["page"].flatMap { Digits.number($0) } ?? 1
        let (policy, scope, now) = (try visit.live(policyInForce), visit.scope, visit.now)
        let place = min(max(asked, 1), 100_000) - 1
        let shown = try await visit.look { tx -> (NoticePages.Listed, [Event]) in
            let found = try NoticeStore(tx: tx, scope: scope, policy: policy).list(filter, page: place, size: size)
            let lead = try NoticeLead.account(at: now, in: tx)
            let listed = NoticePages.Listed(
                filter: filter, lines: found.lines, count: found.count, page: place + 1, today: now.dayInEngland,
                hasLead: lead != nil, isLead: NoticeLead.decides(scope, lead: lead))
            let seen = found.lines.filter { $0.name != nil }.flatMap {
                NoticeEvents.look(NoticeEvents.listed, at: $0.id, of: $0.person, [.identity])
            }
            return (listed, seen)
        }
        return .page(NoticePages.list(shown))
    }

    /// A notice with its forms; nil where there is none.
    ///
    /// - Parameter form: as it was sent, with what is wrong with it.
    private static func page(_ visit: Visit, _ form: Form) async throws -> Reply? {
        let (policy, scope, now) = (try visit.live(policyInForce), visit.scope, visit.now)
        let id = visit.parameter("notice")
        let page = try await visit.look { tx -> (Page?, [Event]) in
            guard let record = try NoticeStore(tx: tx, scope: scope, policy: policy).record(id) else {
                return (nil, [])
            }
            let lead = try NoticeLead.account(at: now, in: tx)
            let seen = NoticeEvents.look(NoticeEvents.seen, at: id, of: record.line.person, record.content.classes)
            return (
                NoticePage.page(
                    record, today: now.dayInEngland, hasLead: lead != nil,
                    decides: NoticeLead.decides(scope, lead: lead), form), seen
            )
        }
        guard let page else { return nil }
        return form.errors.isEmpty ? .page(page) : .unprocessable(page)
    }

    /// Whether whoever asks may go on with this notice; nil where there is none, which answers the same.
    private static func progress(_ visit: Visit) async throws -> NoticeProgress? {
        let (policy, scope, id) = (try visit.live(policyInForce), visit.scope, visit.parameter("notice"))
        return try await visit.read { tx in
            let record = try NoticeStore(tx: tx, scope: scope, policy: policy).record(id)
            return record?.mayWork == true ? record?.line.progress : nil
        }
    }

    private static func step(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (id, today, actor) = (visit.parameter("notice"), visit.today, visit.scope.actor.id)
        guard let progress = try await progress(visit), let step = NoticeStep(rawValue: form["step"]) else {
            return .notFound
        }
        var (day, words): (Day?, String) = (today, "")
        if step != .pickedUp {
            day = form.day("day", orSay: "Write the day")
            let wanted = step == .contacted ? "Write how they were contacted" : "Write what support began"
            words = form.text("words", orSay: wanted, limit: 500) ?? ""
        }
        if let day {
            do { try progress.check(step, on: day, today: today) } catch {
                form.refuse(step == .pickedUp ? "pick-up" : "day", error.words)
            }
        }
        guard form.errors.isEmpty, let day else { return try await page(visit, form) ?? .notFound }
        let said = words
        return try await visit.writeOnce { tx, _ in
            try expect(visit, id, tx)
            try Notices.note(step, of: id, on: day, by: actor, said, in: tx)
            return "/notices/\(id)"
        }
    }

    private static func decide(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (id, now, scope) = (visit.parameter("notice"), visit.now, visit.scope)
        guard let progress = try await progress(visit) else { return .notFound }
        let decides = try await visit.read { NoticeLead.decides(scope, lead: try NoticeLead.account(at: now, in: $0)) }
        let way = ContactWay(rawValue: form["way"])
        if way == nil { form.refuse("way", "Choose how the family is contacted") }
        let reason = form.text("reason", orSay: "Write why, for whoever reads it later", limit: 1000)
        if !decides { form.refuse("way", "This is decided by the named lead") }
        if progress.missing.isEmpty || progress.done[.contacted] != nil {
            form.refuse("way", "There is nothing to decide: the notice is complete, or the family was contacted")
        }
        guard form.errors.isEmpty, let way, let reason else { return try await page(visit, form) ?? .notFound }
        return try await visit.writeOnce { tx, _ in
            try expect(visit, id, tx)
            try Notices.decide(way, because: reason, of: id, by: scope.actor.id, in: tx)
            return "/notices/\(id)"
        }
    }

    /// Nothing changed since the form was drawn, so what was checked for it still holds.
    private static func expect(_ visit: Visit, _ id: String, _ tx: any Transaction) throws {
        guard let version = try Notices.version(of: id, in: tx) else { throw VersionConflict.changedSince }
        try visit.expect(version: version)
    }
}
