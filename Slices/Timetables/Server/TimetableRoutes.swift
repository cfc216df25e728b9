import Clock
import Kernel
import Timetables
import Web

/// What must happen by when: for anyone, without an account. Nothing that is asked is kept.
enum TimetableRoutes {
    static let page = "/timetable"
    static let json = "/timetable.json"
    static let calendar = "/timetable.ics"
    static let events = "/timetable/events.json"

    static let all: [Route] = [
        .get(page, may: .anyone, show),
        .get(json, may: .anyone, answer),
        .get(calendar, may: .anyone, file),
        .get(events, may: .anyone) { visit in
            .json(TimetableJSON.events(try visit.live(timetableDesk)), caching: .shared).open
        },
    ]

    private static func show(_ visit: Visit) async throws -> Reply {
        let desk = try visit.live(timetableDesk)
        var form = Form(visit.query, key: "") { _ in "" }
        guard !form["event"].isEmpty || !form["date"].isEmpty else {
            return .page(TimetablePages.ask(form, desk), caching: .shared)
        }
        guard let asked = Question(&form, desk), let prospect = asked.prospect(desk) else {
            return .badRequest(TimetablePages.ask(form, desk))
        }
        let answer = Answered(question: asked, prospect: prospect, desk: desk, today: visit.today)
        return .page(TimetablePages.show(answer, form), caching: .shared)
    }

    private static func answer(_ visit: Visit) async throws -> Reply {
        let desk = try visit.live(timetableDesk)
        let asked: Question
        do { asked = try Question(strict: visit.query, desk) } catch {
            return .json(TimetableJSON.wrongs(error.all), status: 400).open
        }
        guard let prospect = asked.prospect(desk) else { return .notFound }
        let answer = Answered(question: asked, prospect: prospect, desk: desk, today: nil)
        return .json(TimetableJSON.answer(answer), caching: .shared).open
    }

    private static func file(_ visit: Visit) async throws -> Reply {
        let desk = try visit.live(timetableDesk)
        var form = Form(visit.query, key: "") { _ in "" }
        guard let asked = Question(&form, desk), let prospect = asked.prospect(desk) else {
            return .badRequest(TimetablePages.ask(form, desk))
        }
        let answer = Answered(question: asked, prospect: prospect, desk: desk, today: nil)
        let file = TimetableCalendar.file(answer, made: visit.now)
        let name = "\(asked.start.name)-\(asked.day.iso).ics"
        return Reply(
            body: .bytes(file.bytes, type: "text/calendar; charset=utf-8"), caching: .shared,
            headers: [("Content-Disposition", "attachment; filename=\"\(name)\"")])
    }
}

/// A question with its answer.
struct Answered: Sendable {
    let question: Question
    let prospect: Prospect
    let desk: Desk
    /// Where given, what is still to come is said to be so.
    let today: Day?

    var law: Law { desk.law }
    func rule(_ limit: Limit) -> Rule { law.rules[limit.rule] }
    func title(_ limit: Limit) -> String { desk.titles[rule(limit).id] }
    func sentence(_ limit: Limit) -> String { law.sentence(limit, today: today) }

    /// Open points of law about the event’s own day, and about claims where some limit may be excused.
    var points: [Settings.Point] {
        let isExcusable = prospect.limits.contains { !law.grounds(of: $0).isEmpty }
        return (question.start.points + (isExcusable ? ["L10"] : [])).compactMap(law.settings.point)
    }

    /// Limits that have a day, and those for which the law sets none.
    var dated: [(limit: Limit, due: Day)] { prospect.limits.compactMap { limit in limit.due.map { (limit, $0) } } }
    var undated: [Limit] { prospect.limits.filter { $0.due == nil } }
}

extension Rule {
    /// Whether it binds, or only advises.
    var isGuidance: Bool { kind == "code" || kind == "guidance" }

    /// What kind of rule it is, in a few words.
    var kindInWords: String {
        switch kind {
        case "statutory", "statutory-no-limit": "In law"
        case "tribunal-rule": "Rules of the Tribunal"
        case "code": "Code of Practice, not law"
        case "guidance": "Guidance, not law"
        case "discretion": "In law: a choice, no duty"
        default: kind
        }
    }
}

extension Day {
    /// `Monday 27 April 2026`.
    var full: String { "\(weekday.name) \(inWords)" }
}

extension Reply {
    /// For programs of any site: published data.
    fileprivate var open: Reply {
        var reply = self
        reply.headers.append(("Access-Control-Allow-Origin", "*"))
        return reply
    }
}
