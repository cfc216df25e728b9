import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
import Storage
import Web

/// “I’m worried”, where there is no assessment in which to say it: no plan is needed for it.
enum ConcernRoutes {
    static let all: [Route] = [
        .get("/people/{person}/worries", may: .act(CaseActions.seeConcerns, on: "person")) { visit in
            try await page(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/people/{person}/worries", may: .act(CaseActions.writeConcern, on: "person"), add),
        .post("/people/{person}/worries/{worry}/endings", may: .act(CaseActions.writeConcern, on: "person"), end),
        .post("/people/{person}/worries/{worry}/steps", may: .act(CaseActions.answerConcern, on: "person"), promise),
        .post(
            "/people/{person}/worries/{worry}/steps/{step}", may: .act(CaseActions.answerConcern, on: "person"),
            finish),
    ]

    private static let limit = 4000

    private static func page(_ visit: Visit, _ form: Form) async throws -> Page? {
        let (policy, scope, person) = (try visit.live(policyInForce), visit.scope, visit.parameter("person"))
        let today = visit.today
        return try await visit.look { tx -> (Page?, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            guard let name = try store.name(person) else { return (nil, []) }
            let shown = ConcernPages.Shown(
                person: person, name: name, concerns: try Concerns.all(of: person, in: tx),
                mayWrite: try store.may(.change, .ownWords, of: person),
                mayAnswer: try store.may(.change, .casework, of: person) && store.may(.change, .caseWords, of: person),
                today: today)
            let seen = Event(PersonLooks.seen, subject: person, detail: "classes=identity,own-words")
            return (ConcernPages.page(shown, form), [seen])
        }
    }

    private static func add(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (person, author) = (visit.parameter("person"), visit.scope.actor.id)
        guard let words = form.text("worry", orSay: "Write what you are worried about", limit: limit) else {
            return try await page(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        return try await visit.writeOnce { tx, newID in
            try Concerns.add("concern-\(newID)", of: person, by: author, words, in: tx)
            return "/people/\(person)/worries"
        }
    }

    private static func promise(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (person, worry) = (visit.parameter("person"), visit.parameter("worry"))
        let fields = ["what", "owner", "due"].map { "\($0)-\(worry)" }
        let what = form.text(fields[0], orSay: "Write what is done", limit: 1000)
        let owner = form.text(fields[1], orSay: "Write who does it", limit: 200)
        let due = form.day(fields[2], orSay: "Write by which day")
        if let due, due < visit.today { form.refuse(fields[2], "\(due.inWords) has passed. Promise a day to come") }
        guard form.errors.isEmpty, let what, let owner, let due else {
            return try await page(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let post = try CasePost(visit)
        return try await visit.writeOnce { tx, newID in
            let step = Concern.Step(id: "step-\(newID)", what: what, owner: owner, due: due, done: nil)
            try Concerns.promise(step, in: worry, of: person, post, in: tx)
            return "/people/\(person)/worries#\(worry)"
        }
    }

    private static func finish(_ visit: Visit) async throws -> Reply {
        let (person, worry, step) = (visit.parameter("person"), visit.parameter("worry"), visit.parameter("step"))
        let post = try CasePost(visit)
        return try await visit.writeOnce { tx, _ in
            try Concerns.finish(step, in: worry, of: person, post, in: tx)
            return "/people/\(person)/worries#\(worry)"
        }
    }

    private static func end(_ visit: Visit) async throws -> Reply {
        let (person, worry) = (visit.parameter("person"), visit.parameter("worry"))
        return try await visit.writeOnce { tx, _ in
            try Concerns.end(worry, of: person, in: tx)
            return "/people/\(person)/worries"
        }
    }
}

enum ConcernPages {
    struct Shown: Sendable {
        let person, name: String
        let concerns: [Concern]
        let mayWrite, mayAnswer: Bool
        let today: Day
    }

    static func page(_ shown: Shown, _ form: Form) -> Page {
        let items = shown.concerns.map { item($0, shown, form) }
        let list: HTML =
            items.isEmpty
            ? "<p class=\"govuk-body\">Nobody has written here yet.</p>" : "<ul class=\"app-results\">\(items)</ul>"
        let question =
            shown.mayAnswer ? "What the family told you it is worried about" : "What are you worried about?"
        let write: HTML? =
            shown.mayWrite
            ? form.posting(
                to: "/people/\(shown.person)/worries",
                """
                \(textArea("worry", label: question, value: form["worry"],
                    hint: "Somebody of the council’s team is told at once, and says here what is done, and by when",
                    error: form.error(of: "worry")))
                \(button(shown.mayAnswer ? "Enter it" : "Send"))
                """) : nil
        return Page(
            form.errors.isEmpty ? "Worried about \(shown.name)" : "Error: Worried about \(shown.name)",
            back: Link(shown.name, to: "/people/\(shown.person)"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Worried about \(shown.name)</h1>
            \(warning("If somebody is in danger now, call 999."))
            \(write)
            <h2 class="govuk-heading-m">What was written, and what is done</h2>
            \(list)
            """)
    }

    private static func item(_ concern: Concern, _ shown: Shown, _ form: Form) -> HTML {
        let path = "/people/\(shown.person)/worries/\(concern.id)"
        let rows = concern.steps.map { step -> [HTML] in
            let standing: HTML =
                if let done = step.done {
                    tag("Done \(done.inWords)", .green)
                } else if step.due < shown.today {
                    tag("\(LimitWords.plural(shown.today.days(since: step.due), "day")) late", .red)
                } else {
                    tag("To be done", .blue)
                }
            let done: HTML? =
                shown.mayAnswer && step.done == nil && concern.ended == nil
                ? form.posting(to: "\(path)/steps/\(step.id)", repeatable: true, button("Done", look: .quiet)) : nil
            return ["\(step.what)", "\(step.owner)", "\(step.due.inWords)", "\(standing)\(done)"]
        }
        let steps: HTML =
            if !rows.isEmpty {
                table("What is done", head: ["What", "Who", "By when", "How it stands"], rows: rows)
            } else if concern.ended == nil {
                "<p>\(tag("Waits for an answer", .yellow))</p>"
            } else { "" }
        let ended: HTML? = concern.ended.map { "<p>\(tag("Settled \($0.inWords)", .green))</p>" }
        let settle: HTML? =
            shown.mayWrite && !shown.mayAnswer && concern.ended == nil
            ? form.posting(to: "\(path)/endings", repeatable: true, button("It is settled", look: .quiet)) : nil
        let answer: HTML? = shown.mayAnswer && concern.ended == nil ? promise(concern, path, form) : nil
        return """
            <li class="app-result" id="\(concern.id)">\
            <p>\(concern.at.dayInEngland.inWords), written by \(concern.who)</p>\
            <p class="app-letter">\(concern.words)</p>\(steps)\(ended)\(answer)\(settle)</li>
            """
    }

    private static func promise(_ concern: Concern, _ path: String, _ form: Form) -> HTML {
        let (what, owner, due) = ("what-\(concern.id)", "owner-\(concern.id)", "due-\(concern.id)")
        let isOpen = [what, owner, due].contains { form.error(of: $0) != nil }
        return details(
            "Say what is done", isOpen: isOpen || concern.steps.isEmpty,
            form.posting(
                to: "\(path)/steps",
                """
                \(textInput(what, label: "What is done", value: form[what], error: form.error(of: what),
                    autocomplete: "off"))
                \(textInput(owner, label: "Who does it", value: form[owner], error: form.error(of: owner),
                    autocomplete: "off"))
                \(textInput(due, label: "By which day", value: form[due], hint: "For example 31/8/2027",
                    error: form.error(of: due), width: "govuk-input--width-10", autocomplete: "off"))
                \(button("Promise it", look: .secondary))
                """))
    }

    /// For the officer’s day.
    static func waiting(_ concerns: [(person: String, name: String, since: Day)]) -> HTML? {
        guard !concerns.isEmpty else { return nil }
        let items = concerns.map { concern -> HTML in
            """
            <li>\(anchor(Link(concern.name, to: "/people/\(concern.person)/worries"))), worried since \
            \(concern.since.inWords)</li>
            """
        }
        return """
            <h2 class="govuk-heading-m">Families that are worried</h2>
            <ul class="govuk-list govuk-list--bullet">\(items)</ul>
            """
    }
}
