import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
import Storage
import Web

/// What people carry to a family, because it wants no mail or another version of a letter.
enum ErrandRoutes {
    static let all: [Route] = [
        .get("/errands", may: .office(CaseActions.day), list),
        .post("/cases/{case}/errands/{errand}", may: .act(CaseActions.work, on: "case"), finish),
    ]

    private static func list(_ visit: Visit) async throws -> Reply {
        let (policy, scope) = (try visit.live(policyInForce), visit.scope)
        let form = visit.form
        let page = try await visit.look { tx -> (Page, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            let lines = try Errands.waiting(store)
            let persons = Set(lines.map(\.person)).sorted()
            var (names, events) = ([String: [String: FamilyWish]](), [Event]())
            var allowed: [String: Set<String>] = [:]
            for person in persons {
                let mayKnow = try store.may(.see, .ownWords, of: person)
                let family = mayKnow ? try store.family(of: person) : []
                names[person] = Dictionary(family.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
                // Since it was written a decision may keep them away, or the rights may have passed.
                allowed[person] = Set(try LetterRecipient.all(of: person, policy: policy, scope.at, in: tx).map(\.id))
                let codes = mayKnow ? "identity,casework,own-words,third-party" : "identity,casework"
                events.append(Event(PersonLooks.listed, subject: person, detail: "classes=\(codes)"))
            }
            return (ErrandPages.list(lines, names, allowed: allowed, form), events)
        }
        return .page(page)
    }

    private static func finish(_ visit: Visit) async throws -> Reply {
        let (id, errand, doer) = (visit.parameter("case"), visit.parameter("errand"), visit.scope.actor.id)
        return try await visit.writeOnce { tx, _ in
            guard let person = try Cases.person(of: id, in: tx) else { throw VersionConflict.changedSince }
            try Errands.finish(errand, of: id, person, by: doer, in: tx)
            return "/errands"
        }
    }
}

enum ErrandPages {
    /// - Parameters:
    ///   - names: of each person, those of the family by their identifiers.
    ///   - allowed: those of them to whom letters go now.
    static func list(
        _ lines: [ErrandLine], _ names: [String: [String: FamilyWish]], allowed: [String: Set<String>], _ form: Form
    ) -> Page {
        let rows = lines.map { line -> [HTML] in
            let errand = line.errand
            let isAllowed = allowed[line.person]?.contains(errand.recipient) == true
            let member = names[line.person]?[errand.recipient]
            let who = member?.name ?? "somebody of the family"
            let note: HTML? = member.flatMap { member in
                member.wish.note.isEmpty ? nil : "<div class=\"app-source\">\(member.wish.note)</div>"
            }
            let wants: HTML? = member?.wish.wants.map { "<div class=\"app-source\">wants \($0)</div>" }
            let what: HTML =
                errand.letter.map { letter in
                    "\(anchor(Link(line.title?.title ?? "The letter", to: "/letters/\(letter)")))"
                }
                ?? "An answer to what they are worried about: \(anchor(Link("the case", to: "/cases/\(errand.file)")))"
            let file: HTML? = errand.letter.flatMap { letter in
                guard isAllowed else { return nil }
                return """
                    <div>\(anchor(Link("as PDF, to \(who)",
                    to: "/letters/\(letter)/pdf?to=\(Query.encoded(errand.recipient))")))</div>
                    """
            }
            return [
                "\(errand.made.dayInEngland.inWords)", "\(line.child)", "\(who)\(wants)\(note)",
                isAllowed
                    ? "\(errand.kind.duty(language: errand.language))<div>\(what)</div>\(file)"
                    : "\(tag("Do not send it", .red))<div>They may no longer have it: \(what)</div>",
                form.posting(
                    to: "/cases/\(errand.file)/errands/\(errand.id)", "\(button("Done", look: .secondary))"),
            ]
        }
        let shown: HTML =
            rows.isEmpty
            ? "<p class=\"govuk-body\">Nothing waits.</p>"
            : table("Waiting, the oldest first", head: ["Since", "Child", "For whom", "What", "Done?"], rows: rows)
        return Page(
            "For people to carry", back: Link("My cases", to: "/cases"), isListed: false,
            """
            <h1 class="govuk-heading-l">For people to carry</h1>
            <p class="govuk-body">These people want no mail, or need a letter in another language or form. Until it is \
            done they have not been told, and the dates of law run all the same. Nothing is translated by a machine.</p>
            \(shown)
            """)
    }

    /// What of a letter is owed or was done, beside its name.
    static func marks(of letter: String, _ record: CaseRecord) -> HTML? {
        let errands = record.errands.filter { $0.letter == letter }
        guard !errands.isEmpty else { return nil }
        return " \(errands.map { mark($0, record) })"
    }

    private static func mark(_ errand: Errand, _ record: CaseRecord) -> HTML {
        let member = record.family.first { $0.id == errand.recipient }
        let whom = member.map { $0.isOwn ? "you" : $0.name } ?? "the family"
        let owed = errand.kind.owed(language: errand.language)
        return errand.done.map { "\(tag("To \(whom) \(owed): done \($0.dayInEngland.inWords)", .green)) " }
            ?? "\(tag("Owed to \(whom) \(owed)", .yellow)) "
    }

    static func ofLetter(_ open: OpenLetter) -> HTML? {
        guard !open.errands.isEmpty else { return nil }
        let items = open.errands.map { "<li>\(mark($0, open.record))</li>" as HTML }
        return "<ul class=\"govuk-list app-actions\">\(items)</ul>"
    }
}
