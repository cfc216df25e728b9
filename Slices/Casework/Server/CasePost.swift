import Access
import AccessServer
import Casework
import Kernel
import Storage
import Web

/// What goes out with a change of a case: the letter, and a mail to the family that there is one.
struct CasePost: Sendable {
    let actor: String
    let policy: Policy
    let letters: LetterTexts

    init(_ visit: Visit) throws {
        actor = visit.scope.actor.id
        policy = try visit.live(policyInForce)
        letters = try visit.live(letterTemplates)
    }

    init(actor: String, policy: Policy, letters: LetterTexts) {
        (self.actor, self.policy, self.letters) = (actor, policy, letters)
    }

    func write(
        _ kind: LetterKind, for event: CaseEvent, number: Int, of file: String, _ person: String,
        in tx: any WriteTransaction
    ) throws {
        try LetterStore.keep(kind, letters[kind], for: event.id, number: number, of: file, in: tx)
        try Releases.tell(about: person, in: tx)
        // Whoever could not read the letter here is written to by people.
        let told = try FamilyPost(
            person: person, file: file, letter: LetterStore.id(of: event.id), classes: [.casework, .caseWords],
            title: "A letter of the council is there for you", body: CaseMails.letter
        ).tell(policy, in: tx)
        tx.record(
            Event(
                "case.letter-written", subject: person,
                detail: "event=\(event.id);mails=\(told.mails);errands=\(told.errands)"))
    }
}

/// Mails about cases. None names a child, or says what was decided: a mailbox may be shared.
enum CaseMails {
    static let letter = """
        There is a letter for you from the council’s special educational needs team. It says what was decided or \
        received, the dates by law, and what you can do.

        Sign in and open “People”. If you cannot, ask us for the letter on paper.

        """

    /// To whoever asked for an assessment online. The dates are those that the day of arrival gives.
    static func request(_ id: String, on day: Day, decide: Day?, noPlan: Day?, final: Day?) -> String {
        """
        We have your request for an EHC needs assessment. It arrived on \(day.inWords). Our number for it: \(id)

        From that day the law counts:

          - by \(words(decide)) the council must say whether it will assess (SEND Regulations 2014, regulation 5);
          - by \(words(noPlan)) it must say so, if it assesses and makes no plan (regulation 10);
          - by \(words(final)) it must send the final plan, if it makes one (regulation 13).

        If somebody asked before you, the earlier day counts.

        An officer reads what you sent and may have to ask who you are. Whoever has rights in the case can follow it \
        here with an account. SENDIASS gives free, impartial advice: search for it in the Local Offer.

        """
    }

    /// To whoever told the council of a child and may not request: nothing in it speaks of the child.
    static func approach(_ id: String, on day: Day) -> String {
        """
        We have what you told us on \(day.inWords). Our number for it: \(id)

        The council considers what has to be done and tells the family that it was told. The law does not let us tell \
        you more, whatever comes of it.

        """
    }

    private static func words(_ day: Day?) -> String { day?.inWords ?? "a day that we tell you" }
}
