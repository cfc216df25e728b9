import Access
import AccessServer
import Casework
import Kernel
import People
import PeopleServer
import Storage
import Web

/// A request from the record of a child, by those who have an account: nothing that is known is asked again.
enum AskingRoutes {
    static let all: [Route] = [
        .get("/people/{person}/request", may: .act(CaseActions.askAsFamily, on: "person")) { visit in
            try await page(visit, .family, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/people/{person}/request", may: .act(CaseActions.askAsFamily, on: "person")) { visit in
            try await ask(visit, .family)
        },
        .get("/people/{person}/request-as-setting", may: .act(CaseActions.askAsSetting, on: "person")) { visit in
            try await page(visit, .setting, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/people/{person}/request-as-setting", may: .act(CaseActions.askAsSetting, on: "person")) { visit in
            try await ask(visit, .setting)
        },
    ]

    /// As whom somebody asks.
    enum Side: Sendable {
        case family, setting

        var path: String { self == .family ? "request" : "request-as-setting" }
    }

    private static func page(_ visit: Visit, _ side: Side, _ form: Form) async throws -> Page? {
        let (policy, scope, person) = (try visit.live(policyInForce), visit.scope, visit.parameter("person"))
        let readers = try visit.live(panelsKnown).map { try $0.prepare(visit, policy) }
        return try await visit.look { tx -> (Page?, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            guard let child = try Cases.child(person, in: tx), let name = try store.name(person),
                let id = try? ID<Person>(checking: person)
            else { return (nil, []) }
            let known = try readers.compactMap { try $0(tx, id) }
            let isFamily = try side == .setting || requester(scope, of: person, at: scope.at, in: tx) != nil
            let mayFollow = try store.may(.see, .casework, of: person)
            let asking = AskingPages.Asking(
                person: person, name: name, born: child.born, side: side,
                isSENCO: scope.roles.contains(Role.senco.rawValue),
                isFamily: isFamily, isTold: visit.query["told"] == "1", known: known.map(\.html),
                open: mayFollow ? try Cases.open(of: person, in: tx) : nil)
            let classes = known.reduce(into: Set([DataClass.identity])) { $0.formUnion($1.classes) }
            let seen = classes.sorted().map(\.rawValue).joined(separator: ",")
            return (
                AskingPages.page(asking, form), [Event(PersonLooks.seen, subject: person, detail: "classes=\(seen)")]
            )
        }
    }

    private static func ask(_ visit: Visit, _ side: Side) async throws -> Reply {
        var form = visit.form
        let (policy, scope, person) = (try visit.live(policyInForce), visit.scope, visit.parameter("person"))
        let family = try await visit.read { try requester(scope, of: person, at: scope.at, in: $0) }
        let by = by(side, &form, family, isSENCO: scope.roles.contains(Role.senco.rawValue))
        let words = form.text("words", orSay: "Write what makes you ask", limit: BeginForm.limit)
        guard form.errors.isEmpty, let by, let words else {
            return try await page(visit, side, form).map { .unprocessable($0) } ?? .notFound
        }
        let (post, today) = (try CasePost(visit), visit.today)
        do {
            return try await visit.writeOnce { tx, newID in
                let part: TextPart
                switch by {
                case .request(let requester): part = requester.isFamily ? .own : .asked
                // A child’s words are their own, though they may not request.
                default: part = side == .family ? .own : .told
                }
                let opening = Cases.Opening(by: by, day: today, texts: [part: words])
                let id = try Cases.begin(opening, of: person, newID: newID, post, in: tx)
                let mayFollow = try CaseStore(tx: tx, scope: scope, policy: policy).may(.see, .casework, of: person)
                return mayFollow ? "/cases/\(id)" : "/people/\(person)/\(side.path)?told=1"
            }
        } catch let refusal as CaseRefusal {
            form.refuse("words", refusal.words)
            return try await page(visit, side, form).map { .unprocessable($0) } ?? .notFound
        }
    }

    /// As whom somebody of the family asks: a parent or carer; the young person, once the rights are theirs; a child
    /// before that tells the council. Nil for whoever is none of them.
    ///
    /// - Law: Children and Families Act 2014, sections 36(1) and 83(2): a child of or under compulsory school age
    ///   does not request; what they say is heard.
    private static func requester(
        _ scope: Scope, of person: String, at now: Instant, in tx: any Transaction
    ) throws -> Cases.Opening.By? {
        let kinds = Set(
            try AccessStore.relationships(to: person, in: tx).filter {
                $0.account == scope.actor.id && $0.starts <= now && ($0.ends.map { $0 > now } ?? true)
            }.map(\.kind))
        if kinds.contains(.self_) {
            let havePassed = try AccessStore.haveRightsPassed(of: person, at: now, in: tx) == true
            return havePassed ? .request(.youngPerson) : .approach(isKnown: false)
        }
        return kinds.isDisjoint(with: [.parent, .carer, .corporateParent, .delegate]) ? nil : .request(.parent)
    }

    /// Who asks in the sense of the law.
    ///
    /// - Law: Children and Families Act 2014, section 36(1): a parent, the young person, a school or a post-16
    ///   institution may request; whoever else writes brings the child to the council’s attention (section 24(1)).
    private static func by(
        _ side: Side, _ form: inout Form, _ family: Cases.Opening.By?, isSENCO: Bool
    ) -> Cases.Opening.By? {
        if side == .family {
            if family == nil { form.refuse("words", "You are not of the family. Enter the request as staff") }
            return family
        }
        switch form["source"] {
        case Requester.school.rawValue where isSENCO: return .request(.school)
        case Requester.post16.rawValue where isSENCO: return .request(.post16)
        case Teller.approach.rawValue: return .approach(isKnown: false)
        default:
            form.refuse("source", "Choose from where you write")
            return nil
        }
    }
}

enum AskingPages {
    struct Asking: Sendable {
        let person, name: String
        let born: Day
        let side: AskingRoutes.Side
        let isSENCO: Bool
        /// False for staff, who enter requests of others elsewhere.
        let isFamily: Bool
        /// Whether it was sent a moment ago by somebody who may not follow what comes of it.
        let isTold: Bool
        let known: [HTML]
        /// The case that is open, where whoever asks may know of it.
        let open: String?
    }

    static func page(_ asking: Asking, _ form: Form) -> Page {
        let title = "Ask for an assessment of \(asking.name)"
        let open: HTML? = asking.open.map { id in
            inset(
                """
                <p class="govuk-body">\(anchor(Link("A case is open", to: "/cases/\(id)"))). What you send is joined \
                to it, and the earliest day governs.</p>
                """)
        }
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)",
            back: Link(asking.name, to: "/people/\(asking.person)"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            <p class="govuk-body">The council must answer within six weeks whether it will assess (SEND Regulations \
            2014, regulation 5). The time runs from today. No diagnosis is needed.</p>
            \(asking.isTold ? told : nil)
            \(open)
            \(summaryList([
                SummaryRow(
                    "Child or young person", "\(asking.name), born \(asking.born.inWords)", note: "from the record")
            ]))
            \(asking.isFamily
                ? form.posting(to: "/people/\(asking.person)/\(asking.side.path)", fields(asking, form))
                : asStaff(asking))
            \(known(asking))
            """)
    }

    private static let told = inset(
        """
        <p class="govuk-body">We have what you sent. The council considers what has to be done and tells the family. \
        You need not send it again.</p>
        """)

    private static func asStaff(_ asking: Asking) -> HTML {
        """
        <p class="govuk-body">You are not of the family. What somebody asked for is entered \
        \(anchor(Link("as staff", to: "/people/\(asking.person)/cases/new"))).</p>
        """
    }

    private static func fields(_ asking: Asking, _ form: Form) -> HTML {
        let from: HTML? =
            asking.side == .family
            ? nil
            : radios(
                "source", legend: "From where do you write?",
                choices: (asking.isSENCO
                    ? [Choice("school", "A school"), Choice("post-16", "A college or other post-16 institution")] : [])
                    + [
                        Choice(
                            Teller.approach.rawValue,
                            "Anywhere else, a nursery too: the council is told of the child and must answer the family"
                        )
                    ],
                chosen: form["source"], error: form.error(of: "source"))
        return """
            \(from)
            \(textArea("words", label: "What makes you ask?", value: form["words"],
                hint: asking.side == .family
                    ? "As much or as little as you want. It is kept as your own words"
                    : "What was tried, how long, and what came of it. What the record holds need not be written",
                error: form.error(of: "words"), rows: 8))
            \(button("Send the request"))
            """
    }

    /// What goes with the request by itself, since whoever decides reads the same record.
    private static func known(_ asking: Asking) -> HTML? {
        guard !asking.known.isEmpty else { return nil }
        return details(
            "What the record holds already: it need not be sent", "\(asking.known)")
    }
}
