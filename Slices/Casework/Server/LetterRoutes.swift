import Access
import AccessServer
import Casework
import Kernel
import Storage
import Web

/// Letters of a case: as a page, and as a file for one recipient.
enum LetterRoutes {
    static let all: [Route] = [
        .get("/letters/{letter}", may: .act(CaseActions.letter, on: "letter"), page),
        .get("/letters/{letter}/pdf", may: .act(CaseActions.letter, on: "letter"), pdf),
        .post("/letters/{letter}/releases", may: .act(CaseActions.releaseLetter, on: "letter"), release),
    ]

    private static func page(_ visit: Visit) async throws -> Reply {
        guard let open = try await open(visit) else { return .notFound }
        return .page(open.isClosed ? LetterPages.held(open.record) : LetterPages.page(open, visit.form))
    }

    /// A second person has read the letter, and lets it go.
    private static func release(_ visit: Visit) async throws -> Reply {
        let (id, actor) = (visit.parameter("letter"), visit.scope.actor.id)
        return try await visit.writeOnce { tx, _ in
            guard let written = try LetterStore.letter(id, in: tx),
                let person = try Cases.person(of: written.file, in: tx)
            else { throw VersionConflict.changedSince }
            let isReleased = try Releases.release(id, about: person, by: actor, in: tx)
            return "/letters/\(id)\(isReleased ? "" : "?own=1")"
        }
    }

    /// One file for one recipient: whoever of the family asks gets their own; staff say for whom, or take the copy of
    /// the file, which is to nobody.
    private static func pdf(_ visit: Visit) async throws -> Reply {
        guard let open = try await open(visit) else { return .notFound }
        if open.isClosed { return .page(LetterPages.held(open.record)) }
        var recipient = open.own
        if let wanted = visit.query["to"], wanted != recipient?.id {
            guard let other = open.others.first(where: { $0.id == wanted }) else { return .notFound }
            recipient = other
        }
        let letter = LetterPaper(open, for: recipient, letterhead: try visit.live(letterhead))
        return await letter.paper.reply(
            named: letter.fileName, otherwise: Link("The letter as a page", to: "/letters/\(open.written.id)"))
    }

    private static func open(_ visit: Visit) async throws -> OpenLetter? {
        let (policy, scope, id) = (try visit.live(policyInForce), visit.scope, visit.parameter("letter"))
        let law = try visit.live(statute)
        return try await visit.look { tx -> (OpenLetter?, [Event]) in
            guard let written = try LetterStore.letter(id, in: tx),
                let record = try CaseStore(tx: tx, scope: scope, policy: policy).record(written.file),
                record.classes.contains(.caseWords)
            else { return (nil, []) }
            let values = LetterValues.of(written, record, law)
            let recipients = try LetterRecipient.all(of: record.person, policy: policy, scope.at, in: tx)
            let open = OpenLetter(
                written: written, letter: try LetterTemplate(written.text).filled(values), record: record,
                own: recipients.first { $0.id == scope.actor.id },
                others: record.classes.contains(.thirdParty) ? recipients.filter { $0.id != scope.actor.id } : [],
                errands: record.errands.filter { $0.letter == id },
                isHeld: try Releases.isHeld(id, about: record.person, at: scope.at, in: tx),
                isAuthors: try Releases.author(of: id, in: tx) == scope.actor.id)
            return (open, record.look)
        }
    }
}

/// What stands at the head of every letter, as the council wrote it: the name of its team first.
let letterhead = Live<[String]>("head of letters", follows: []) { _, share in
    String(decoding: try share.bytes("letters/letterhead.txt"), as: UTF8.self)
        .split(separator: "\n").map { String($0).trimmed }.filter { !$0.isEmpty }
}

/// A letter as the actor may see it.
struct OpenLetter: Sendable {
    let written: LetterStore.Written
    let letter: LetterTemplate
    let record: CaseRecord
    /// The actor, where the letter is to them.
    let own: LetterRecipient?
    /// The others whom it is to, where the actor may know who they are.
    let others: [LetterRecipient]
    /// What people have or had to do with it.
    let errands: [Errand]
    /// Whether a second person has to read it before it goes out, and whether the actor is the first.
    let isHeld, isAuthors: Bool

    /// Whether it is not for this reader yet.
    var isClosed: Bool { isHeld && !record.mayWork }
}

/// Somebody of the family to whom letters of a case are.
struct LetterRecipient: Hashable, Sendable {
    let id: String
    let name: String
    let mail: String?
    let wish: ContactWish

    /// Everybody who is written to about this person now: who of the family may see these classes, and those without an
    /// account whom an officer named. Whoever a decision keeps away, and everybody where a label closes the record, is
    /// told by people.
    static func all(
        of person: String, _ classes: [DataClass] = [.casework, .caseWords], policy: Policy, _ now: Instant,
        in tx: any Transaction
    ) throws -> [LetterRecipient] {
        let wishes = try Wishes.all(of: person, in: tx)
        let members = try AccessStore.family(of: person, at: now, in: tx).filter { member in
            guard !member.isKept else { return false }
            return try AccessStore.maySee(classes, of: person, as: member.account, policy, now, in: tx)
        }.map { member in
            LetterRecipient(
                id: member.account, name: member.name, mail: member.mail,
                wish: wishes[member.account]?.wish ?? .usual)
        }
        guard let havePassed = try AccessStore.haveRightsPassed(of: person, at: now, in: tx) else { return members }
        // The letters are to the parents until the rights are the young person’s, and then to the young person.
        let named = wishes.values.filter { !$0.name.isEmpty && $0.isSelf == havePassed }.sorted { $0.name < $1.name }
        return members + named.map { LetterRecipient(id: $0.recipient, name: $0.name, mail: nil, wish: $0.wish) }
    }

    /// What a letter says to them first: of the versions that were owed when it was written, whatever they want now.
    func firstWords(_ errands: [Errand]) -> [String] {
        errands.filter { $0.recipient == id }.compactMap { errand in
            errand.kind.firstWords(
                language: errand.language, isSent: errand.done != nil, meeting: wish.meeting)
        }
    }

    var isLargePrint: Bool { wish.forms.contains(.largePrint) }
}
