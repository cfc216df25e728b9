import Clock
import Kernel
import Timetables
import Web

/// A timetable as JSON, for programs.
enum TimetableJSON {
    static func wrongs(_ wrongs: [Question.Wrong]) -> JSON {
        let errors = wrongs.map { wrong -> JSON in
            .object([
                ("field", .text(wrong.field)), ("message", .text(wrong.message)), ("allowed", .texts(wrong.allowed)),
            ])
        }
        return .object([("errors", .array(errors))])
    }

    /// The events that may be picked.
    static func events(_ desk: Desk) -> JSON {
        let events = desk.starts.all.map { start -> JSON in
            .object([
                ("name", .text(start.name)), ("says", .text(desk.says(start.event))), ("group", .text(start.group)),
                ("code", .text(start.event)), ("further_days", .array(desk.extras(of: start.event).map(extra))),
            ])
        }
        return .object([("events", .array(events))])
    }

    private static func extra(_ extra: Desk.Extra) -> JSON {
        .object([
            ("name", .text(extra.name)), ("says", .text(extra.says)), ("needed", .bool(extra.isNeeded)),
        ])
    }

    static func answer(_ answer: Answered) -> JSON {
        let asked = answer.question
        var members: [(String, JSON)] = [
            ("event", event(asked.start.event, answer)), ("date", .text(asked.day.iso)),
            ("weekday", .text(asked.day.weekday.name)),
            ("further_days", .object(asked.more.map { ($0.extra.name, .text($0.day.iso)) })),
            ("open_points", .array(answer.points.map { .object(point($0)) })),
        ]
        members += [
            ("limits", .array(answer.dated.map { limit($0.limit, $0.due, answer) })),
            ("without_period", .array(answer.undated.map { withoutPeriod($0, answer) })),
            ("later", .array(answer.prospect.later.map { later($0, answer) })),
            ("cannot_say", .array(answer.prospect.unanswered.map { cannotSay($0, answer) })),
            ("page", .text(asked.query.address(TimetableRoutes.page))),
            ("calendar", .text(asked.query.address(TimetableRoutes.calendar))),
        ]
        return .object(members)
    }

    private static func event(_ code: String, _ answer: Answered) -> JSON {
        let name = answer.desk.starts.start(of: code)?.name
        return .object([
            ("name", .text(name)), ("says", .text(answer.desk.says(code))), ("code", .text(code)),
        ])
    }

    private static func cannotSay(_ unanswered: Prospect.Unanswered, _ answer: Answered) -> JSON {
        .object([
            ("rule", .text(unanswered.rule)), ("title", .text(answer.desk.titles[unanswered.rule])),
            ("why", .text("\(unanswered.why)")),
        ])
    }

    private static func point(_ point: Settings.Point) -> [(String, JSON)] {
        [
            ("point", .text(point.id)), ("question", .text(point.question)), ("says", .text(point.says)),
            ("answer_in_force", .text(point.value)), ("allowed", .texts(point.allowed)),
        ]
    }

    /// What is the same of every rule.
    private static func rule(_ rule: Rule, _ answer: Answered) -> [(String, JSON)] {
        [
            ("rule", .text(rule.id)), ("version", .text(rule.version)), ("title", .text(answer.desk.titles[rule.id])),
            ("kind", .text(rule.kind)), ("provision", .text(rule.provision)), ("regime", .text(rule.regime)),
            ("act", .text(answer.desk.regime(of: rule)?.source)), ("whose_duty", .text(rule.actor)),
            ("checked_against_instrument", .bool(rule.isRead)), ("text_seen", .text(rule.textSeen)),
        ]
    }

    private static func limit(_ limit: Limit, _ due: Day, _ answer: Answered) -> JSON {
        let (law, rule) = (answer.law, answer.rule(limit))
        let actBy = law.actBy(limit)
        var members = self.rule(rule, answer)
        members += [
            ("due", .text(due.iso)), ("weekday", .text(due.weekday.name)),
            ("working_day", .bool(try? law.calendar.isWorking(due))), ("act_by", .text(actBy?.iso)),
            ("act_by_weekday", .text(actBy?.weekday.name)), ("counted_from", .text(limit.start.iso)),
            ("before_it_moved", .text(limit.raw?.iso)),
        ]
        members += [
            ("duty", .text(law.duty(limit))), ("counting", .text(law.counting(limit))),
            ("explanation", .text(answer.sentence(limit))),
            ("open_points", .array(law.readings(limit).map { reading($0, law) })),
            ("need_not_be_kept_in_case_of", .array(law.grounds(of: limit).map(ground))),
            ("holds_back", .array(law.stepsHeldBack(by: limit).map { heldBack($0, due) })),
        ]
        return .object(members)
    }

    private static func ground(_ ground: Ground) -> JSON {
        .object([
            ("ground", .text(ground.id)), ("provision", .text(ground.provision)), ("says", .text(ground.says)),
            ("checked_against_instrument", .bool(ground.isRead)),
        ])
    }

    private static func heldBack(_ minimum: Minimum, _ due: Day) -> JSON {
        .object([
            ("says", .text(minimum.says)), ("first_day", .text(due.next.iso)),
            ("provision", .text(minimum.provision)),
        ])
    }

    private static func reading(_ reading: Reading, _ law: Law) -> JSON {
        let point = law.settings.point(reading.point).map(self.point) ?? []
        return .object(point + [("day", .text(reading.day?.iso))])
    }

    private static func withoutPeriod(_ limit: Limit, _ answer: Answered) -> JSON {
        .object(
            rule(answer.rule(limit), answer) + [
                ("duty", .text(answer.law.duty(limit))), ("explanation", .text(answer.sentence(limit))),
            ])
    }

    private static func later(_ later: Prospect.Later, _ answer: Answered) -> JSON {
        let rule = answer.law.rules[later.rule]
        let forecast = later.lastDay.map { day -> JSON in
            .object([("step_on", .text(day.iso)), ("due", .text(later.due?.iso))])
        }
        var members = self.rule(rule, answer)
        members += [
            ("runs_from", event(later.step, answer)), ("duty", .text(rule.dutyAhead)),
            ("forecast", forecast ?? .null),
        ]
        return .object(members)
    }
}
