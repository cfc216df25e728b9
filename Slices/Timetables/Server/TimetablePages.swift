import Clock
import Kernel
import Timetables
import Web

/// The page on which anyone picks an event, types a day and sees the timetable.
enum TimetablePages {
    private static let title = "What must happen by when"
    private static let summary =
        "Pick what happened and its day, and see every date that special educational needs law sets from it."

    /// The question alone, or with what is wrong with it.
    static func ask(_ form: Form, _ desk: Desk) -> Page {
        let example = Query([(name: "event", value: "request"), (name: "date", value: "2026-03-16")])
        return Page(
            title, summary: summary, isListed: form.errors.isEmpty,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            <p class="govuk-body">Pick what happened and write its day. You see every date that the law sets from \
            it, which rule says so, and what waits for a later step. You need no account, and nothing that you write \
            is kept.</p>
            \(questions(form, desk))
            <p class="govuk-body">Not sure? \(anchor(Link(
                "See the dates of a request that arrived on 16 March 2026",
                to: example.address(TimetableRoutes.page)))).</p>
            <p class="govuk-body">These pages explain the law and are no advice on your own case. \
            \(anchor(Link("Talk to someone impartial about SEND", to: "/search?q=impartial+SEND+advice"))).</p>
            """)
    }

    private static func questions(_ form: Form, _ desk: Desk) -> HTML {
        let first = (heading: "", choices: [Choice("", "Pick one")])
        let groups = desk.starts.groups.map { group in
            (
                heading: group,
                choices: desk.starts.all.filter { $0.group == group }.map { Choice($0.name, desk.says($0.event)) }
            )
        }
        let extras = desk.starts.start(named: form["event"]).map { desk.extras(of: $0.event) } ?? []
        return """
            <form method="get" action="\(TimetableRoutes.page)" class="app-timetable-form" novalidate>
            \(select(
                "event", label: "What happened, or will happen?", groups: [first] + groups, chosen: form["event"],
                error: form.error(of: "event")))
            \(textInput(
                "date", label: "On what day?", value: form["date"], hint: "For example, 16/3/2026",
                error: form.error(of: "date"), width: "govuk-input--width-10"))
            \(extras.map { extra in
                textInput(
                    extra.name, label: capital(extra.says), value: form[extra.name],
                    hint: extra.isNeeded
                        ? "One of the dates counts from this day too, and cannot be said without it"
                        : "If there is one: one of the dates counts from this day too",
                    error: form.error(of: extra.name), width: "govuk-input--width-10")
            })
            \(button("Show the dates"))
            </form>
            """
    }

    /// The timetable, with the question above it.
    static func show(_ answer: Answered, _ form: Form) -> Page {
        let asked = answer.question
        let says = answer.desk.says(asked.start.event)
        return Page(
            "\(title): \(says), \(asked.day.inWords)", isListed: false,
            """
            <h1 class="govuk-heading-l">\(title)</h1>
            \(questions(form, answer.desk))
            <h2 class="govuk-heading-m" id="dates">\(says)</h2>
            <p class="govuk-body">Counted from <strong>\(asked.day.full)</strong>\(stillToCome(answer)).</p>
            \(ways(answer))
            \(fixed(answer))
            <div class="app-timetable">
            \(TimelineDrawing(answer: answer).html)
            <ol class="app-limits">\((answer.dated.map(\.limit) + answer.undated).map { limit($0, answer) })</ol>
            </div>
            \(cannotSay(answer))\(later(answer))\(openPoints(answer))
            <p class="govuk-body">These pages explain the law and are no advice on your own case. \
            \(anchor(Link("Talk to someone impartial about SEND", to: "/search?q=impartial+SEND+advice"))).</p>
            """)
    }

    private static func stillToCome(_ answer: Answered) -> HTML? {
        guard let today = answer.today, answer.question.day > today else { return nil }
        return ", which is still to come"
    }

    private static func fixed(_ answer: Answered) -> HTML? {
        if answer.dated.isEmpty { return nil }
        return inset(
            """
            Nothing moves these dates: no holiday, no form that is missing, no waiting list. Where the law excuses the \
            council, the date stays and the reason stands beside it.
            """)
    }

    private static func ways(_ answer: Answered) -> HTML {
        let query = answer.question.query
        let calendar: HTML? =
            answer.dated.isEmpty
            ? nil
            : """
            <li>\(anchor(Link("Put these dates into your calendar", to: query.address(TimetableRoutes.calendar))))</li>
            """
        return """
            <ul class="govuk-list govuk-list--bullet app-ways">\(calendar)
            <li>Print this page, or keep its address: it holds the question, so the dates come again</li>
            <li>\(anchor(Link("The same for programs (JSON)", to: query.address(TimetableRoutes.json))))</li></ul>
            """
    }

    // MARK: - One limit

    private static func limit(_ limit: Limit, _ answer: Answered) -> HTML {
        let (law, rule) = (answer.law, answer.rule(limit))
        let heading: HTML =
            limit.due.map { "<time datetime=\"\($0.iso)\">\($0.full)</time>" } ?? "The law sets no day"
        let unread: HTML? = rule.isRead ? nil : "<li>\(tag("Not checked against the instrument", .yellow))</li>"
        let actBy: HTML? = law.actBy(limit).map {
            """
            <p class="app-limit__act"><strong>That is no working day, and the limit stays there: act by \
            \($0.full).</strong></p>
            """
        }
        let moved: HTML? = limit.raw.map {
            "<p>It would have ended on \($0.full); the Tribunal’s rule 12 moves it on.</p>"
        }
        return """
            <li class="app-limit" id="\(rule.id)">
            <h3>\(heading)</h3>
            <p class="app-limit__title">\(answer.title(limit))</p>
            <ul class="app-tags"><li>\(tag(rule.kindInWords, rule.isGuidance ? .grey : .teal))</li>\(unread)</ul>
            <p>\(law.duty(limit))</p>\(actBy)\(moved)\(held(limit, answer))\(points(limit, answer))
            <p class="app-source">\(rule.provision) · \(answer.desk.regime(of: rule)?.source) · rule \(rule.id), \
            version \(rule.version)</p>
            \(details("How this was worked out", "<p class=\"govuk-body\">\(answer.sentence(limit))</p>"))
            \(grounds(limit, answer))
            </li>
            """
    }

    private static func held(_ limit: Limit, _ answer: Answered) -> [HTML] {
        guard let due = limit.due else { return [] }
        return answer.law.stepsHeldBack(by: limit).map {
            "<p>\($0.says): the first day for it is \(due.next.full) (\($0.provision)).</p>"
        }
    }

    private static func points(_ limit: Limit, _ answer: Answered) -> HTML? {
        let readings = answer.law.readings(limit)
        if readings.isEmpty { return nil }
        return """
            <div class="app-limit__point"><p><strong>A question of law that nobody has settled</strong></p>\
            \(readings.map { reading in
                let question: HTML? = answer.law.settings.point(reading.point).map { "\($0.question) " }
                let day: HTML? = reading.day.map { " \($0.full)" }
                return """
                    <p>\(question)(\(reading.point)).<br>\(reading.says)\(day).</p>
                    """ as HTML
            })</div>
            """
    }

    private static func grounds(_ limit: Limit, _ answer: Answered) -> HTML? {
        let grounds = answer.law.grounds(of: limit)
        if grounds.isEmpty { return nil }
        return details(
            "When it need not be kept",
            """
            <p class="govuk-body">The date stays. The limit need not be kept where it is impractical because of:</p>
            <ul class="govuk-list govuk-list--bullet">\(grounds.map { ground in
                let unread: HTML? = ground.isRead ? nil : "; its wording was not read in full"
                return "<li>\(ground.says) (\(ground.provision)\(unread))</li>" as HTML
            })</ul>
            """)
    }

    // MARK: - What has no date

    private static func cannotSay(_ answer: Answered) -> HTML? {
        let all = answer.prospect.unanswered
        if all.isEmpty { return nil }
        return """
            <h2 class="govuk-heading-m">What cannot be said</h2>
            <ul class="govuk-list govuk-list--bullet">\(all.map { unanswered in
                """
                <li><strong>\(answer.desk.titles[unanswered.rule])</strong> (\(unanswered.rule)): \
                \(why(unanswered.why, answer)).</li>
                """ as HTML
            })</ul>
            """
    }

    /// A day that is missing is asked for by the name of its field.
    private static func why(_ why: CannotSay, _ answer: Answered) -> HTML {
        guard case .missing(let fact, _) = why,
            let extra = answer.desk.extras(of: answer.question.start.event).first(where: {
                answer.law.factKinds[$0.kind].name == fact
            })
        else { return "\("\(why)")" }
        return """
            it counts from \(extra.says) too: <a class="govuk-link" href="#\(extra.name)">write that day above</a>
            """
    }

    private static func openPoints(_ answer: Answered) -> HTML? {
        let points = answer.points
        if points.isEmpty { return nil }
        return """
            <h2 class="govuk-heading-m" id="open-points">Questions of law that nobody has settled</h2>
            <p class="govuk-body">They bear on the day from which all of this is counted, and on what excuses.</p>
            <ul class="govuk-list govuk-list--bullet">\(points.map { point in
                """
                <li>\(point.question)\(point.question.hasSuffix("?") ? "" : ":") \(point.says). \
                <span class="app-source">\(point.id); the answer in force here is “\(point.value)”; \
                \(point.source)</span></li>
                """ as HTML
            })</ul>
            """
    }

    private static func later(_ answer: Answered) -> HTML? {
        let all = answer.prospect.later
        if all.isEmpty { return nil }
        var steps: [String] = []
        for later in all where !steps.contains(later.step) { steps.append(later.step) }
        return """
            <h2 class="govuk-heading-m" id="later">What hangs on later steps</h2>
            <p class="govuk-body">These have no date yet: each runs from a step that has to come first. Where a day \
            stands with one, it is a forecast, as if every step were taken on its last day.</p>
            \(steps.map { step in laterStep(step, all.filter { $0.step == step }, answer) })
            """
    }

    private static func laterStep(_ step: String, _ laters: [Prospect.Later], _ answer: Answered) -> HTML {
        let start = answer.desk.starts.start(of: step)
        let lastDay = laters.compactMap(\.lastDay).first
        let link: HTML? = start.map { start in
            let query = Query([(name: "event", value: start.name)]).setting("date", to: lastDay?.iso)
            let words = lastDay.map { "The dates if that is on \($0.inWords)" } ?? "Pick this and write its day"
            return "<p class=\"govuk-body\">\(anchor(Link(words, to: query.address(TimetableRoutes.page))))</p>"
        }
        return """
            <h3 class="govuk-heading-s">\(answer.desk.says(step))</h3>
            <ul class="govuk-list govuk-list--bullet">\(laters.map { later in
                let rule = answer.law.rules[later.rule]
                let forecast: HTML? = later.due.map { " Forecast: \($0.full)." }
                let unread: HTML? = rule.isRead ? nil : "; not checked against the instrument"
                return """
                    <li><strong>\(answer.desk.titles[rule.id])</strong>. \(rule.dutyAhead)\(forecast) \
                    <span class="app-source">\(rule.provision); rule \(rule.id)\(unread)</span></li>
                    """ as HTML
            })</ul>
            \(link)
            """
    }

    private static func capital(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
