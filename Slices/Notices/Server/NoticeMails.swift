import Access
import Kernel
import Notices
import Storage

/// Mails about notices. None names a child, a parent or a need: a mailbox may be shared, and read anywhere.
enum NoticeMails {
    /// Once for each notice, however often it is sent.
    static func acknowledge(
        _ id: String, _ notice: EarlyNotice, _ body: NoticeBody, on day: Day, in tx: any WriteTransaction
    ) throws {
        let standing =
            notice.missing.isEmpty
            ? "It is complete: there is nothing more for you to do."
            : "It is accepted, and incomplete. Another mail says what we still ask you for."
        try post(
            body, "We have your early notice \(name(id, notice))",
            """
            The council received your early notice on \(day.inWords).

            \(references(id, notice))

            \(standing)

            \(NoticeWords.attention(day))

            \(NoticeWords.next)
            """, in: tx)
    }

    /// The same day, where the notice does not say what the law wants done before it.
    static func chase(
        _ id: String, _ notice: EarlyNotice, _ body: NoticeBody, on day: Day, until leadFrom: Day,
        in tx: any WriteTransaction
    ) throws {
        let wanted = notice.missing.map { "  - \($0.words)" }.joined(separator: "\n")
        try post(
            body, "Please complete your early notice \(name(id, notice)) today",
            """
            Your early notice of \(day.inWords) does not say:

            \(wanted)

            \(references(id, notice))

            Please send the whole notice again with the same reference and what was missing, by the way by which you \
            sent it. Where something has not been done yet, do it first: Children and Families Act 2014, section \
            23(2) to (4).

            \(NoticeWords.lead(from: leadFrom))
            """, in: tx)
    }

    /// To the named lead, once the body has had its days.
    static func tellLead(_ id: String, to address: String, in tx: any WriteTransaction) throws {
        try Outbox.post(
            .mail, to: address, title: "An early notice waits for your decision",
            body: """
                A health body has not completed its early notice within \(Chase.workingDays) working days. Please \
                decide how the family is contacted.

                Our number: \(id)

                It stands on your list: sign in, open “Early notices”, and choose “For the named lead”.

                """, owner: Role.teamManager.rawValue, in: tx)
    }

    private static func post(
        _ body: NoticeBody, _ title: String, _ words: String, in tx: any WriteTransaction
    ) throws {
        try Outbox.post(
            .mail, to: body.contact, title: title, body: words + "\n", owner: Role.teamManager.rawValue, in: tx)
    }

    private static func name(_ id: String, _ notice: EarlyNotice) -> String {
        notice.reference.isEmpty ? id : notice.reference
    }

    private static func references(_ id: String, _ notice: EarlyNotice) -> String {
        notice.reference.isEmpty ? "Our number: \(id)" : "Your reference: \(notice.reference)\nOur number: \(id)"
    }
}

/// What mails, pages and receipts say in the same words.
enum NoticeWords {
    static func attention(_ day: Day) -> String {
        """
        The child was brought to the council’s attention on \(day.inWords) (Children and Families Act 2014, section \
        24(1)). That day does not move, whatever the notice still lacks.
        """
    }

    static let next = """
        The early years team picks it up, contacts the family, and notes when the first support begins. A notice is \
        not a request for an assessment; the council considers whether one may be necessary, and tells the parent \
        within six weeks of that day (section 36; SEND Regulations 2014, regulation 5).
        """

    static func lead(from day: Day) -> String {
        """
        From \(day.inWords), when \(Chase.workingDays) working days have passed, a named lead at the council decides \
        without it how to contact the family. The time that the law gives the council runs all the same.
        """
    }
}
