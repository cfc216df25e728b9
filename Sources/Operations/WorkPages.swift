import Kernel
import Storage
import Web

/// What the program does by itself and what it could not deliver, for whoever runs it.
public enum WorkPages {
    static let keep = Action("operations.work", .change, roles: ["operator", "access-manager"])

    public static let slice = Slice(
        "Work", migrations: [], actions: [keep],
        routes: [
            .get("/administration/work", may: .office(keep)) { visit in
                let now = visit.now
                let (work, seen, dead, standing, stopped) = try await visit.read { tx in
                    (
                        try Work.all(in: tx), try Work.lastLook(in: tx), try Outbox.messages(.dead, limit: 100, in: tx),
                        try Outbox.standing(in: tx), try Outbox.stopped(in: tx)
                    )
                }
                return .page(page(work, seen, dead, standing, stopped: stopped, visit.form, now: now))
            },
            .post("/administration/work/retries", may: .office(keep)) { visit in
                let wanted = visit.form["message"]
                return try await visit.writeOnce { tx, _ in
                    if try !Outbox.retry(wanted, in: tx) { tx.record(.housekeeping) }
                    return "/administration/work"
                }
            },
        ])

    private static func page(
        _ work: [WorkItem], _ seen: Instant?, _ dead: [Message], _ outbox: Outbox.Standing, stopped: Int, _ form: Form,
        now: Instant
    ) -> Page {
        let isAlive = seen.map { now.milliseconds - $0.milliseconds < 120_000 } ?? false
        let alarm: HTML? =
            isAlive ? nil : warning("Nothing has looked for work in the last two minutes. Is the server running?")
        let jobs = work.map { item -> [HTML] in
            let progress = item.total.map { "\(item.done ?? 0) of \($0)" } ?? ""
            let last = item.finished.map { "\($0.dayInEngland.inWords)" } ?? "Not yet"
            return [
                "\(item.kind)", standing(item, now), "\(progress)", "\(item.due.dayInEngland.inWords)", "\(last)",
                "\(item.failure ?? "")",
            ]
        }
        let messages = dead.map { message -> [HTML] in
            [
                "\(message.title)", "\(message.at.dayInEngland.inWords)", "\(message.owner)",
                "\(message.failure ?? "")",
                form.posting(
                    to: "/administration/work/retries", repeatable: true,
                    """
                    <input type="hidden" name="message" value="\(message.id)">
                    \(button("Send it again", look: .quiet))
                    """),
            ]
        }
        let undelivered: HTML =
            messages.isEmpty
            ? "<p class=\"govuk-body\">Every message was delivered, or still waits: \(outbox.waiting) do.</p>"
            : table(
                "Messages given up", head: ["Message", "Written", "Who looks after it", "Why", "Again"], rows: messages)
        return Page(
            "Messages and work", back: Link("Administration", to: "/administration"), isListed: false,
            """
            <h1 class="govuk-heading-l">Messages and work</h1>
            \(alarm)
            <h2 class="govuk-heading-m">What could not be delivered</h2>
            \(undelivered)
            \(stoppedWords(stopped))
            \(table("What the service does by itself",
                head: ["Work", "Now", "Progress", "Due", "Last done", "Last failure"], rows: jobs))
            """)
    }

    /// How many were stopped: neither what they say nor whom they are about is for the operator.
    private static func stoppedWords(_ count: Int) -> HTML? {
        guard count > 0 else { return nil }
        let (are, they) = count == 1 ? ("1 message is", "It was") : ("\(count) messages are", "They were")
        return """
            <p class="govuk-body">\(are) stopped. \(they) about somebody about whom nothing may be sent now; whoever \
            decided that can undo it, and nobody else.</p>
            """
    }

    private static func standing(_ item: WorkItem, _ now: Instant) -> HTML {
        if let until = item.heldUntil, until >= now { return tag("Running", .blue) }
        if item.needsLook { return tag("Failing: somebody should look", .red) }
        return item.due <= now ? tag("Due", .yellow) : tag("Waiting", .grey)
    }
}
