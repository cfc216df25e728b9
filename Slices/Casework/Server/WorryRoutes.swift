import Access
import AccessServer
import Casework
import Kernel
import Storage
import Web

/// “I’m worried”: the family writes on the page of its case, and an officer answers.
enum WorryRoutes {
    static let all: [Route] = [
        .post("/cases/{case}/worries", may: .act(CaseActions.worry, on: "case"), add),
        .post("/cases/{case}/worries/{worry}/answers", may: .act(CaseActions.work, on: "case"), answer),
    ]

    private static let limit = 4000

    private static func add(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (id, author) = (visit.parameter("case"), visit.scope.actor.id)
        guard let words = form.text("worry", orSay: "Write what you are worried about", limit: limit) else {
            return try await CaseRoutes.page(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        return try await visit.writeOnce { tx, newID in
            guard let person = try Cases.person(of: id, in: tx) else { throw VersionConflict.changedSince }
            try Worries.add("worry-\(newID)", to: id, of: person, by: author, words, in: tx)
            return "/cases/\(id)#worries"
        }
    }

    private static func answer(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (id, worry, officer) = (visit.parameter("case"), visit.parameter("worry"), visit.scope.actor.id)
        let field = "answer-\(worry)"
        guard let words = form.text(field, orSay: "Write the answer", limit: limit) else {
            return try await CaseRoutes.page(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let policy = try visit.live(policyInForce)
        return try await visit.writeOnce { tx, _ in
            guard let person = try Cases.person(of: id, in: tx) else { throw VersionConflict.changedSince }
            _ = try Worries.answer(worry, of: id, person, by: officer, words, policy: policy, in: tx)
            return "/cases/\(id)#worries"
        }
    }
}

enum WorryPages {
    static func section(_ record: CaseRecord, _ form: Form) -> HTML? {
        guard record.classes.contains(.ownWords), record.mayWorry || !record.worries.isEmpty else { return nil }
        let items = record.worries.map { item($0, record, form) }
        let list: HTML? = items.isEmpty ? nil : "<ul class=\"app-results\">\(items)</ul>"
        let write: HTML? =
            record.mayWorry
            ? details(
                "I’m worried, or want to say something", isOpen: form.error(of: "worry") != nil,
                form.posting(
                    to: "/cases/\(record.id)/worries",
                    """
                    \(textArea("worry", label: "What are you worried about?", value: form["worry"],
                        hint: """
                            The officer of the case is told at once and answers here. Whoever may read what you say of \
                            this child can read it
                            """,
                        error: form.error(of: "worry")))
                    \(button("Send"))
                    """)) : nil
        return """
            <h2 class="govuk-heading-m" id="worries">Worries and answers</h2>
            \(list)
            \(write)
            """
    }

    private static func item(_ worry: Worry, _ record: CaseRecord, _ form: Form) -> HTML {
        let field = "answer-\(worry.id)"
        let answer: HTML =
            if let answer = worry.answer {
                """
                <p>\(answer.at.dayInEngland.inWords), answered by \(answer.who)</p>\
                <p class="app-letter">\(answer.words)</p>
                """
            } else if record.mayWork {
                form.posting(
                    to: "/cases/\(record.id)/worries/\(worry.id)/answers",
                    """
                    \(textArea(field, label: "Your answer", value: form[field],
                        hint: "The family reads it here, and is told by mail that it is there",
                        error: form.error(of: field), rows: 4))
                    \(button("Answer", look: .secondary))
                    """)
            } else {
                "<p>\(tag("Waits for an answer", .yellow))</p>"
            }
        return """
            <li class="app-result"><p>\(worry.at.dayInEngland.inWords), written by \(worry.who)</p>\
            <p class="app-letter">\(worry.words)</p>\(answer)</li>
            """
    }
}
