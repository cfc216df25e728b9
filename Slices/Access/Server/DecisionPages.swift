import Access
import Kernel
import Storage
import Web

/// The pages of emergencies, two-person rules and restrictions. A person stands in them by reference alone.
enum DecisionPages {
    private static let home = Link("Administration", to: "/administration")

    static func refusals(_ often: [Refusals]) -> Page {
        let rows = often.map { ["\($0.name)", "\($0.day.inWords)", "\($0.count)"] as [HTML] }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">Nobody was refused \(Refusals.many) times on one day.</p>"
            : table("In the last thirty days, the newest first", head: ["Account", "Day", "Refused"], rows: rows)
        return Page(
            "Accounts that were refused often", back: home, isListed: false,
            """
            <h1 class="govuk-heading-l">Accounts that were refused often</h1>
            <p class="govuk-body">They asked \(Refusals.many) times or more on one day for what is not theirs to see \
            or do, or for more pages than anybody needs. Ask them first: a bookmark that is out of date does the same. \
            Where it was no mistake, end the account’s roles at once, and tell the data protection officer.</p>
            \(shown)
            """)
    }

    // MARK: - Openings

    static func openings(_ openings: [Opening], today: Day) -> Page {
        let rows = openings.map { opening -> [HTML] in
            let link = anchor(Link(opening.made.inWords, to: "/administration/openings/\(opening.id)"))
            return [link, "\(opening.name)", "\(opening.subject)", standing(opening, today)]
        }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">No record was opened in an emergency.</p>"
            : table("Openings, those to review first", head: ["When", "By whom", "Reference", "Review"], rows: rows)
        return Page(
            "Records opened in an emergency", back: home, isListed: false,
            """
            <h1 class="govuk-heading-l">Records opened in an emergency</h1>
            <p class="govuk-body">Somebody else than who opened a record says, within two working days, whether that \
            was right.</p>
            \(shown)
            """)
    }

    private static func standing(_ opening: Opening, _ today: Day) -> HTML {
        switch opening.verdict {
        case .right?: tag("It was right", .green)
        case .wrong?: tag("It was not right", .red)
        case nil where opening.reviewDue < today: tag("Late since \(opening.reviewDue.inWords)", .red)
        case nil: tag("By \(opening.reviewDue.inWords)", .yellow)
        }
    }

    static func opening(
        _ opening: Opening, looks: [(what: String, count: Int)], _ form: Form, isOwn: Bool
    ) -> Page {
        let seen = looks.map { "\($0.what), \($0.count) time\($0.count == 1 ? "" : "s")" }.joined(separator: "; ")
        let review: HTML
        if opening.verdict != nil {
            review = "<p class=\"govuk-body\">Reviewed on \(opening.reviewed.map(\.inWords) ?? "").</p>"
        } else if isOwn {
            review = inset("You opened this record, so somebody else reviews it.")
        } else {
            let choices = [
                Choice("", "Choose"), Choice("right", "Yes, there was a reason"), Choice("wrong", "No, there was none"),
            ]
            review = form.posting(
                to: "/administration/openings/\(opening.id)",
                """
                \(select("verdict", label: "Was it right to open it?", choices: choices, chosen: form["verdict"],
                    error: form.error(of: "verdict")))
                \(textArea("note", label: "What did you look at, and why do you decide so?", value: form["note"],
                    error: form.error(of: "note")))
                \(button("Save the review"))
                """)
        }
        return Page(
            form.errors.isEmpty ? "A record opened in an emergency" : "Error: a record opened in an emergency",
            back: Link("All openings", to: "/administration/openings"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">A record opened in an emergency</h1>
            \(summaryList([
                SummaryRow("By", "\(opening.name)"), SummaryRow("Reference", "\(opening.subject)"),
                SummaryRow("From", "\(opening.made.inWords)"), SummaryRow("Until", "\(opening.ends.inWords)"),
                SummaryRow("Reason", "\(opening.reason)"),
                SummaryRow("Looked at", "\(seen.isEmpty ? "Nothing" : seen)", note: "by the journal"),
                SummaryRow("Review by", "\(opening.reviewDue.inWords)", note: "two working days"),
            ]))
            \(review)
            """)
    }

    // MARK: - Approvals

    static func approvals(_ approvals: [Approval], _ visit: Visit) -> Page {
        let items = approvals.map { approval -> HTML in
            """
            <section class="app-decision">
            <h2 class="govuk-heading-m">\(approval.kind.words)</h2>
            \(summaryList([
                SummaryRow("Asked by", "\(approval.name), \(approval.asked.inWords)"),
                SummaryRow("Reference", "\(approval.subject)"),
                SummaryRow("What", "\(approval.target.isEmpty ? "The whole record" : approval.target)"),
                SummaryRow("Why", "\(approval.reason)"),
            ]))
            \(decision(approval, visit))
            </section>
            """
        }
        let none: HTML = "<p class=\"govuk-body\">Nothing waits, and nothing was decided yet.</p>"
        return Page(
            "What two people decide", back: home, isListed: false,
            """
            <h1 class="govuk-heading-l">What two people decide</h1>
            <p class="govuk-body">What would undo a protection is asked for by one person and decided by another.</p>
            \(items.isEmpty ? [none] : items)
            """)
    }

    private static func decision(_ approval: Approval, _ visit: Visit) -> HTML {
        switch approval.verdict {
        case .approved?: tag("Approved", .green)
        case .refused?: tag("Refused", .grey)
        case nil where approval.ends <= visit.now: tag("Over: nobody decided in time", .grey)
        case nil where approval.kind == .recovery: RecoveryPages.decision(approval, visit)
        case nil where approval.asker == visit.scope.actor.id:
            inset("You asked for this, so somebody else decides, until \(approval.ends.inWords).")
        case nil:
            visit.form.posting(
                to: "/administration/approvals/\(approval.id)",
                """
                \(button("Approve", name: "verdict", value: "approved"))
                \(button("Refuse", look: .secondary, name: "verdict", value: "refused"))
                """)
        }
    }

    static func ask(_ form: Form, _ fields: AskFields) -> Page {
        let kinds = [Choice("", "Choose")] + Approval.Kind.askable.map { Choice($0.rawValue, $0.words) }
        return Page(
            form.errors.isEmpty ? "Ask for approval" : "Error: ask for approval", back: home, isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Ask for a second person’s approval</h1>
            <p class="govuk-body">Somebody else decides within seven days. Both of you are noted.</p>
            \(form.posting(
                to: "/administration/approvals",
                """
                \(select("kind", label: "What is to be done?", choices: kinds, chosen: fields.kind,
                    error: form.error(of: "kind")))
                \(textInput("person", label: "Reference of the person", value: fields.person,
                    hint: "It stands at the foot of their record.", error: form.error(of: "person"),
                    autocomplete: "off"))
                \(textInput("target", label: "Which restriction or label", value: fields.target,
                    hint: "For a label: adoption, protected or sealed. Nothing, where a sealed record is to be opened.",
                    error: form.error(of: "target"), autocomplete: "off"))
                \(textArea("reason", label: "Why?", value: form["reason"], error: form.error(of: "reason")))
                \(button("Ask"))
                """))
            """)
    }

    // MARK: - Restrictions

    static func restrictions(_ restrictions: [Restriction], today: Day) -> Page {
        let rows = restrictions.map { held -> [HTML] in
            let isLate = held.review < today
            let due = isLate ? tag("Late: \(held.review.inWords)", .red) : "\(held.review.inWords)"
            let link = Link(held.name, to: "/administration/restrictions/\(held.id)")
            return [anchor(link), "\(held.subject)", "\(held.extent.words)", "\(held.ground.words)", due]
        }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">No restriction comes up for review within a year.</p>"
            : table(
                "By the day of review", head: ["Who is kept away", "From", "From what", "Ground", "Review by"],
                rows: rows)
        return Page(
            "Restrictions to review", back: home, isListed: false,
            """
            <h1 class="govuk-heading-l">Restrictions to review</h1>
            <p class="govuk-body">A restriction never ends by itself. On its day somebody looks at whether it is still \
            needed; two people end it.</p>
            \(shown)
            """)
    }

    static func restriction(_ held: Restriction, _ form: Form) -> Page {
        let end = Link(
            "Ask for it to end",
            to: "/administration/approvals/new?kind=restriction-end&person=\(Query.encoded(held.subject))"
                + "&target=\(held.id)")
        let review = form.posting(
            to: "/administration/restrictions/\(held.id)",
            """
            \(textArea("note", label: "What shows that it is still needed?", value: form["note"],
                error: form.error(of: "note")))
            \(textInput("next", label: "The next review", value: form["next"], hint: "As 31/8/2027",
                error: form.error(of: "next"), width: "govuk-input--width-10", autocomplete: "off"))
            \(button("It stays"))
            """)
        return Page(
            form.errors.isEmpty ? "A restriction" : "Error: a restriction",
            back: Link("All restrictions", to: "/administration/restrictions"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(held.name) is kept away</h1>
            \(summaryList([
                SummaryRow("From", "\(held.subject)"), SummaryRow("From what", "\(held.extent.words)"),
                SummaryRow("Ground", "\(held.ground.words)"),
                SummaryRow("Decided by", "\(held.decider), \(held.decided.dayInEngland.inWords)"),
                SummaryRow("Evidence", "\(held.evidence)"), SummaryRow("Review by", "\(held.review.inWords)"),
            ]))
            \(held.ended == nil ? review : inset("It ended on \(held.ended.map(\.inWords) ?? "")."))
            <p class="govuk-body">\(anchor(end))</p>
            """)
    }
}

extension Extent {
    public var words: String {
        switch self {
        case .location: "where they are, and what could tell"
        case .all: "the whole record"
        }
    }
}

extension AccessStore.Ground {
    public var words: String {
        switch self {
        case .order: "a court’s order"
        case .refuge: "a refuge"
        case .police: "the police"
        case .socialWork: "a decision of social work"
        }
    }
}
