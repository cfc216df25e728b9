import Access
import Kernel
import Storage
import Web

/// Tells the young person and their parents, ninety days before, that rights will pass.
enum RightsPassStore {
    /// Looks every six hours: somebody whose birthday is noted or put right within the ninety days is told then.
    static let job = Job("warn before rights pass", every: 6 * 3600) { run in
        var warned = 0
        while let subject = try await run.database.read({ try next(on: run.now.dayInEngland, in: $0) }) {
            try await run.database.write(for: .system) { tx in try warn(subject, in: tx) }
            warned += 1
            run.progress(warned, warned)
        }
    }

    /// Somebody whose rights pass within the ninety days and of whom nobody was told of that day yet.
    static func next(on today: Day, in tx: any Transaction) throws -> String? {
        try tx.row(
            """
            SELECT about.id FROM access_subject about
            WHERE about.rights_pass > \(today) AND about.rights_pass <= \(today + .days(RightsPass.warningDays))
                AND NOT EXISTS (SELECT 1 FROM rights_warning told
                    WHERE told.subject = about.id AND told.rights_pass = about.rights_pass)
                AND NOT \(Silence.holds(about: "about.id"))
            ORDER BY about.rights_pass, about.id LIMIT 1
            """
        )?.get("id")
    }

    /// Notes that everybody was told, with the messages that tell them: in one write, so once. Whoever a decision keeps
    /// from the person is told nothing; where a label closes the record nobody is told by mail, but by people.
    static func warn(_ subject: String, in tx: any WriteTransaction) throws {
        guard let row = try tx.row("SELECT rights_pass FROM access_subject WHERE id = \(subject)") else { return }
        let day: Day = try row.get("rights_pass")
        let told = try tx.row(
            "SELECT subject FROM rights_warning WHERE subject = \(subject) AND rights_pass = \(day)")
        guard told == nil else { return }
        try tx.run("INSERT INTO rights_warning (subject, rights_pass, warned) VALUES (\(subject), \(day), \(tx.now))")
        let everybody = try recipients(of: subject, in: tx)
        let reached = everybody.filter { $0.login.isMailAddress }
        for recipient in reached {
            try Outbox.post(
                .mail, to: recipient.login, title: "A change on \(day.inWords) that you should know of",
                body: RightsPassMail.text(on: day, toYoungPerson: recipient.isSelf), owner: "case-officer",
                about: subject, goodUntil: day, in: tx)
        }
        let detail = "mails=\(reached.count);without=\(everybody.count - reached.count)"
        tx.record(Event("rights.warned", subject: subject, detail: detail))
    }

    /// The accounts of the young person and of the parents and carers that are to be told now.
    static func recipients(
        of subject: String, in tx: any WriteTransaction
    ) throws -> [(login: String, isSelf: Bool)] {
        let (now, kinds) = (tx.now, [RelationshipKind.self_, .parent, .carer])
        return try tx.rows(
            """
            SELECT account.login, MAX(CASE WHEN way.kind = \(RelationshipKind.self_) THEN 1 ELSE 0 END) AS own
            FROM relationship way JOIN account ON account.id = way.account
            WHERE way.subject = \(subject) AND way.kind IN \(kinds.map(\.rawValue)) AND way.starts <= \(now)
                AND (way.ends IS NULL OR way.ends > \(now)) AND (account.ended IS NULL OR account.ended > \(now))
                AND NOT EXISTS (SELECT 1 FROM restriction kept
                    WHERE kept.account = way.account AND kept.subject = way.subject AND kept.decided <= \(now)
                        AND (kept.ended IS NULL OR kept.ended > \(now)))
                AND NOT EXISTS (SELECT 1 FROM subject_label mark
                    WHERE mark.subject = way.subject AND mark.decided <= \(now)
                        AND (mark.ended IS NULL OR mark.ended > \(now)))
            GROUP BY account.login ORDER BY account.login
            """
        ).map { (try $0.get("login"), try $0.get("own", as: Int.self) == 1) }
    }
}

extension AccessStore {
    /// The addresses for mail of the young person and of the parents and carers of somebody: nobody whom a decision
    /// keeps away, and nobody at all where a label closes the record. Whether each may see what the mail speaks of is
    /// to be asked besides.
    public static func familyToTell(of subject: String, in tx: any WriteTransaction) throws -> [String] {
        try RightsPassStore.recipients(of: subject, in: tx).map(\.login).filter(\.isMailAddress)
    }
}

/// The words of the warning. They name nobody: a mailbox may be shared.
enum RightsPassMail {
    static func text(on day: Day, toYoungPerson: Bool) -> String {
        let change =
            toYoungPerson
            ? """
            From \(day.inWords) the rights about special educational needs and disabilities that your parent or carer \
            has had for you are your own. You decide, you are asked, and you can appeal. You can see the whole of your \
            record here; your parent or carer no longer can.

            What to do: nothing, if that is right for you. If you want a parent, or anybody else, to go on seeing your \
            record or to speak for you, tell the person at the council whom you know. They note it.
            """
            : """
            From \(day.inWords) the rights about special educational needs and disabilities that you have had as a \
            parent or carer are the young person’s own. They decide, they are asked, and they can appeal. You no \
            longer see their record here, unless they let you.

            What to do: talk about it together. A young person who wants you to go on seeing the record or to speak \
            for them tells the person at the council whom you know. If they cannot make some of these decisions \
            themselves, say so now: it is decided for each kind of decision, under the Mental Capacity Act 2005.
            """
        return """
            \(change)

            Free and independent advice: the local SEND information, advice and support service (SENDIASS).

            Why: compulsory school age ends on the last Friday in June. Children and Families Act 2014, section 83; \
            Special Educational Needs and Disability Regulations 2014, regulations 64 and 65.

            This mail names nobody on purpose. Sign in to see whom it is about.
            """
    }
}
