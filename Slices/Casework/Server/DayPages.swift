import Casework
import Kernel
import Web

/// Which cases an officer’s day shows.
enum DayFilter: String, CaseIterable, Sendable {
    case all, late, week, risk, advice

    var words: String {
        switch self {
        case .all: "All open cases"
        case .late: "Late"
        case .week: "Due within seven days"
        case .risk: "At risk"
        case .advice: "Waiting for advice"
        }
    }

    func shows(_ outlook: Outlook) -> Bool {
        switch self {
        case .all: true
        case .late: outlook.isOverdue
        case .week: if case .running(let days)? = outlook.next?.standing { days <= 7 } else { false }
        case .risk: !outlook.risks.isEmpty || outlook.isOverdue
        case .advice: if case .advice = outlook.wait { true } else { false }
        }
    }
}

/// What an officer has before them today.
enum DayPages {
    struct Line: Sendable {
        let line: CaseLine
        let outlook: Outlook

        /// What is late by law or promise first, the longest late before others; then by the next limit.
        var order: (Int, Int) {
            (outlook.next?.isLateBeyondGuidance == true ? 0 : 1, outlook.next?.due?.number ?? Int.max)
        }
    }

    /// A child of whom an early notice told, without a case yet.
    struct Told: Sendable {
        let person, name: String
        let day: Day
    }

    struct Listed: Sendable {
        let filter: DayFilter
        let lines: [Line]
        let count: Int
        let isWhole: Bool
        let told: [Told]
        /// How many things wait for people to carry them to a family.
        let errands: Int
        let worried: [(person: String, name: String, since: Day)]
        /// Letters that wait for a second person.
        let held: [(letter: String, person: String, name: String)]
        let today: Day
    }

    static func page(_ listed: Listed) -> Page {
        let rows = listed.lines.map(row)
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">\(empty(listed))</p>"
            : table(
                "\(listed.filter.words): \(Digits.grouped(rows.count))",
                head: ["Child", "Next", "By when", "How it stands", "Waits for"], rows: rows)
        let more: HTML? =
            listed.isWhole ? nil : warning("Only the \(CaseStore.most) cases that began first are shown here.")
        return Page(
            "My cases", isListed: false,
            """
            <h1 class="govuk-heading-l">My cases on \(listed.today.inWords)</h1>
            <p class="govuk-body">What is late comes first, then what is due next. Each date is explained on the page \
            of its case. Nothing moves a date of law. \
            \(anchor(Link("Appeals are counted apart", to: "/appeals"))).</p>
            \(ConcernPages.waiting(listed.worried))
            \(LetterPages.waiting(listed.held))
            \(told(listed.told))
            <p class="govuk-body">\(anchor(Link("For people to carry: \(listed.errands)", to: "/errands")))</p>
            \(filters(listed.filter))
            \(shown)
            \(more)
            """)
    }

    private static func told(_ told: [Told]) -> HTML? {
        guard !told.isEmpty else { return nil }
        let items = told.map { told in
            """
            <li>\(anchor(Link(told.name, to: "/people/\(told.person)/cases/new"))): since \(told.day.inWords) the time \
            of law runs</li>
            """ as HTML
        }
        return inset(
            """
            <p class="govuk-body">Children of whom an early notice told the council and who have no case yet:</p>
            <ul class="govuk-list govuk-list--bullet">\(items)</ul>
            """)
    }

    private static func filters(_ chosen: DayFilter) -> HTML {
        let items = DayFilter.allCases.map { filter -> HTML in
            filter == chosen
                ? "<li><strong aria-current=\"true\">\(filter.words)</strong></li>"
                : "<li>\(anchor(Link(filter.words, to: "/cases?show=\(filter.rawValue)")))</li>"
        }
        return "<nav class=\"app-filters\" aria-label=\"Which cases\"><ul class=\"govuk-list\">\(items)</ul></nav>"
    }

    private static func empty(_ listed: Listed) -> String {
        listed.count == 0
            ? "No case is open that you work on. A case begins from the page of a child, or from a request."
            : "No case is like that today."
    }

    private static func row(_ line: Line) -> [HTML] {
        let (file, outlook) = (line.line.file, line.outlook)
        let risks: HTML? =
            outlook.risks.isEmpty
            ? nil : "<div class=\"app-source\">\(outlook.risks.map(\.words).joined(separator: "; "))</div>"
        let worried: HTML? = line.line.worried.map {
            "<div>\(tag("Worried since \($0.inWords)", .yellow))</div>"
        }
        let asks: HTML? = line.line.asksToMeet.map {
            "<div>\(tag("Asks for a meeting since \($0.inWords)", .yellow))</div>"
        }
        let due: HTML =
            outlook.next.map { next in
                "\(next.due?.inWords ?? "")<div class=\"app-source\">\(next.basis.words), \(next.provision)</div>"
            } ?? "No date"
        return [
            "\(anchor(Link(line.line.name, to: "/cases/\(file.id)")))\(worried)\(asks)",
            "\(outlook.next?.duty ?? file.dispute.flatMap { $0.isLive ? $0.stage.words : nil } ?? file.words)", due,
            "\(LimitWords.tagged(outlook))\(risks)",
            "\(outlook.wait.words)",
        ]
    }
}

/// How limits stand, in words and colours that are the same on every page.
enum LimitWords {
    static func tagged(_ outlook: Outlook) -> HTML {
        guard let next = outlook.next else { return tag("Nothing owed", .grey) }
        if !outlook.isOverdue, !outlook.risks.isEmpty { return tag("At risk", .purple) }
        return tagged(next)
    }

    static func tagged(_ limit: CaseLimit) -> HTML {
        let excused: HTML? = limit.isExcused ? " \(tag("Excused, date stays", .blue))" : nil
        let claimed: HTML? = limit.lateClaims > 0 ? " \(tag("Late claim", .yellow))" : nil
        return "\(standing(limit))\(excused)\(claimed)"
    }

    private static func standing(_ limit: CaseLimit) -> HTML {
        let isCouncils = limit.actor == .council || !limit.advice.isEmpty
        return switch limit.standing {
        case .running(let days):
            tag(days == 0 ? "Due today" : "\(plural(days, "day")) left", days <= 7 ? .yellow : .blue)
        case .overdue(let days) where isCouncils: tag("\(plural(days, "day")) late", .red)
        case .overdue(let days): tag("\(plural(days, "day")) past", .yellow)
        case .lapsed: tag("The time is over", .grey)
        case .kept(let day) where !isCouncils: tag("Happened \(day.inWords)", .grey)
        case .late(let day, _) where !isCouncils: tag("Happened \(day.inWords), after the day", .grey)
        case .kept(let day): tag("Done \(day.inWords)", .green)
        case .late(let day, let days): tag("Done \(day.inWords), \(plural(days, "day")) late", .red)
        case .notNeeded: tag("Not needed", .grey)
        case .withoutPeriod: tag("The law sets no day", .grey)
        }
    }

    static func plural(_ number: Int, _ thing: String) -> String {
        "\(Digits.grouped(number)) \(thing)\(number == 1 ? "" : "s")"
    }
}
