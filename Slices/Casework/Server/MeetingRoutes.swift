import Access
import AccessServer
import Casework
import Kernel
import Storage
import Web

/// An informal meeting: the family asks on the page of its case at any point, and an officer names a day or says why
/// not.
enum MeetingRoutes {
    static let all: [Route] = [
        .post("/cases/{case}/meetings", may: .act(CaseActions.meeting, on: "case"), ask),
        .post("/cases/{case}/meetings/{meeting}/answers", may: .act(CaseActions.work, on: "case"), answer),
    ]

    private static let limit = 4000
    private static let short = 500

    private static func ask(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (id, author) = (visit.parameter("case"), visit.scope.actor.id)
        let words = form.text("meeting", orSay: "Write what you want to talk about", limit: limit)
        for name in ["times", "people"] where form[name].count > short {
            form.refuse(name, "Write at most \(Digits.grouped(short)) characters")
        }
        guard form.errors.isEmpty, let words else {
            return try await CaseRoutes.page(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let wish = Meeting.Wish(words: words, times: form["times"], people: form["people"])
        return try await visit.writeOnce { tx, newID in
            guard let person = try Cases.person(of: id, in: tx) else { throw VersionConflict.changedSince }
            try Meetings.ask("meeting-\(newID)", in: id, of: person, by: author, wish, in: tx)
            return "/cases/\(id)#meetings"
        }
    }

    private static func answer(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (id, meeting, officer) = (visit.parameter("case"), visit.parameter("meeting"), visit.scope.actor.id)
        let declines = form["declines-\(meeting)"] == "yes"
        var day: Day?
        if !declines {
            day = form.day("on-\(meeting)", orSay: "Write the day, or choose that there is no meeting")
            if let day, day < visit.today {
                form.refuse("on-\(meeting)", "\(day.inWords) has passed. Write a day to come")
            }
        }
        let missing = declines ? "Write why not, for the family" : "Write the hour, the place, and who comes"
        let words = form.text("reply-\(meeting)", orSay: missing, limit: limit)
        guard form.errors.isEmpty, let words else {
            return try await CaseRoutes.page(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let (policy, fixed) = (try visit.live(policyInForce), day)
        return try await visit.writeOnce { tx, _ in
            guard let person = try Cases.person(of: id, in: tx) else { throw VersionConflict.changedSince }
            try Meetings.answer(meeting, of: id, person, by: officer, on: fixed, words, policy: policy, in: tx)
            return "/cases/\(id)#meetings"
        }
    }
}

enum MeetingPages {
    static func section(_ record: CaseRecord, _ form: Form) -> HTML? {
        guard record.classes.contains(.ownWords), record.mayAskToMeet || !record.meetings.isEmpty else { return nil }
        let items = record.meetings.map { item($0, record, form) }
        let list: HTML? = items.isEmpty ? nil : "<ul class=\"app-results\">\(items)</ul>"
        let isOpen = ["meeting", "times", "people"].contains { form.error(of: $0) != nil }
        let ask: HTML? =
            record.mayAskToMeet
            ? details(
                "Ask for a meeting", isOpen: isOpen,
                form.posting(
                    to: "/cases/\(record.id)/meetings",
                    """
                    <p class="govuk-body">An informal talk with the officer of the case and the head of the setting. \
                    You can ask at any point, as often as you want. It changes no date and none of your rights.</p>
                    \(textArea("meeting", label: "What do you want to talk about?", value: form["meeting"],
                        hint: "Whoever may read what you say of this child can read it",
                        error: form.error(of: "meeting")))
                    \(textInput("times", label: "When can you come?", value: form["times"],
                        hint: "For example: mornings, not on Wednesdays, or by telephone",
                        error: form.error(of: "times"), autocomplete: "off"))
                    \(textInput("people", label: "Who should be there?", value: form["people"],
                        hint: "You can bring somebody with you", error: form.error(of: "people"),
                        autocomplete: "off"))
                    \(button("Ask for a meeting"))
                    """)) : nil
        return """
            <h2 class="govuk-heading-m" id="meetings">A meeting with the officer and the head</h2>
            \(list)
            \(ask)
            """
    }

    private static func item(_ meeting: Meeting, _ record: CaseRecord, _ form: Form) -> HTML {
        let more = [("When they can", meeting.wish.times), ("Who should be there", meeting.wish.people)].filter {
            !$0.1.isEmpty
        }
        let wishes = more.map { title, words in "<div class=\"app-source\">\(title): \(words)</div>" as HTML }
        return """
            <li class="app-result"><p>\(meeting.at.dayInEngland.inWords), asked for by \(meeting.who)</p>\
            <p class="app-letter">\(meeting.wish.words)</p>\(wishes)\(answer(meeting, record, form))</li>
            """
    }

    private static func answer(_ meeting: Meeting, _ record: CaseRecord, _ form: Form) -> HTML {
        if let answer = meeting.answer {
            let what = answer.day.map { "the meeting is on \($0.inWords)" } ?? "there is no meeting"
            return """
                <p>\(answer.at.dayInEngland.inWords), answered by \(answer.who): \(what)</p>\
                <p class="app-letter">\(answer.words)</p>
                """
        }
        guard record.mayWork else { return "<p>\(tag("Waits for an answer", .yellow))</p>" }
        let (on, reply, declines) = ("on-\(meeting.id)", "reply-\(meeting.id)", "declines-\(meeting.id)")
        return form.posting(
            to: "/cases/\(record.id)/meetings/\(meeting.id)/answers",
            """
            \(textInput(on, label: "On which day is the meeting", value: form[on], hint: "For example 31/8/2027",
                error: form.error(of: on), width: "govuk-input--width-10", autocomplete: "off"))
            \(textArea(reply, label: "Hour, place and who comes, or why there is none", value: form[reply],
                hint: "The family reads it here, and is told by mail that it is there", error: form.error(of: reply),
                rows: 4))
            \(checkboxes(declines, legend: "If it cannot be", choices: [Choice("yes", "There is no meeting")],
                chosen: [form[declines]]))
            \(button("Answer", look: .secondary))
            """)
    }
}
