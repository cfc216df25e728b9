import Access
import AccessServer
import Casework
import Kernel
import Storage

/// Tells a family, each in the way that they want: by mail, or by people who post it, call, translate.
struct FamilyPost: Sendable {
    let person: String
    let file: String
    /// Nil where it is about an answer.
    let letter: String?
    /// What somebody must be allowed to see to be told.
    let classes: [DataClass]
    let title: String
    let body: String

    struct Told: Equatable, Sendable {
        var mails = 0
        var errands = 0
    }

    func tell(_ policy: Policy, in tx: any WriteTransaction) throws -> Told {
        var told = Told()
        // Of somebody of whom nothing may be said nobody has to do anything either.
        if try Silence.holds(about: person, in: tx) { return told }
        for recipient in try LetterRecipient.all(of: person, classes, policy: policy, tx.now, in: tx) {
            let wish = recipient.wish
            var errands = wish.errands
            if wish.way == .online {
                if let mail = recipient.mail {
                    try Outbox.post(
                        .mail, to: mail, title: title, body: body, owner: Role.caseOfficer.rawValue, about: person,
                        in: tx)
                    told.mails += 1
                } else {
                    // Nobody reads where no mail says that there is something.
                    errands.insert(.post, at: 0)
                }
            }
            // An answer is told, and not translated before: the interpreter is there when they are called.
            for kind in errands where letter != nil || !kind.isVersion {
                try Errands.add(kind, language: wish.language, for: recipient.id, letter: letter, of: file, in: tx)
                told.errands += 1
            }
        }
        if told.errands > 0 { try callOfficers(in: tx) }
        return told
    }

    private func callOfficers(in tx: any WriteTransaction) throws {
        let title = "Something for a family is for people to carry"
        let officers = try AccessStore.officersToTell(of: person, in: tx)
        for address in officers {
            try Outbox.post(
                .mail, to: address, title: title, body: Self.words, owner: Role.teamManager.rawValue, about: person,
                in: tx)
        }
        if officers.isEmpty { try Reviewers.tell(title, Self.words, to: [.teamManager], in: tx) }
    }

    private static let words = """
        Somebody of a family of yours is not written to by mail, or needs a letter in another language or form.

        What is to be done stands under “My cases”, in “For people to carry”. Until it is done nobody told them.

        """
}
