import Access
import AccessServer
import Casework
import Kernel
import NoticesServer
import People
import PeopleServer
import Storage
import Web

/// Cases as everybody sees them who may: lists, the timeline, and how a case begins.
enum CaseRoutes {
    static let all: [Route] = [
        .get("/cases", may: .office(CaseActions.day), day),
        .get("/people/{person}/cases", may: .act(CaseActions.ofPerson, on: "person"), ofPerson),
        .get("/people/{person}/cases/new", may: .act(CaseActions.begin, on: "person")) { visit in
            try await new(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/people/{person}/cases", may: .act(CaseActions.begin, on: "person"), begin),
        .get("/cases/{case}", may: .act(CaseActions.see, on: "case"), show),
    ]

    // MARK: - The officer’s day

    private static func day(_ visit: Visit) async throws -> Reply {
        let (policy, scope, today) = (try visit.live(policyInForce), visit.scope, visit.today)
        let law = try visit.live(statute)
        let filter = visit.query["show"].flatMap(DayFilter.init(rawValue:)) ?? .all
        let listed = try await visit.look { tx -> (DayPages.Listed, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            let all = try store.day().map { line -> DayPages.Line in
                let times = law.times(of: line.file, on: today, explained: false)
                return DayPages.Line(line: line, outlook: Outlook(line.file, times))
            }
            let told = try Notices.broughtToAttention(among: store.peopleWithoutCase, in: tx).map {
                DayPages.Told(person: $0.person, name: try store.name($0.person) ?? "", day: $0.day)
            }
            let lines = all.filter { filter.shows($0.outlook) }.sorted { $0.order < $1.order }
            let (worried, held) = (try store.concerns(on: today), try store.heldLetters())
            let persons = Set(
                lines.map(\.line.person) + told.map(\.person) + worried.map(\.person) + held.map(\.person))
            let seen = persons.sorted().map {
                Event(PersonLooks.listed, subject: $0, detail: "classes=identity,casework")
            }
            return (
                DayPages.Listed(
                    filter: filter, lines: lines, count: all.count, isWhole: all.count < CaseStore.most, told: told,
                    errands: try Errands.count(store), worried: worried, held: held, today: today),
                seen
            )
        }
        return .page(DayPages.page(listed))
    }

    // MARK: - One person’s cases

    private static func ofPerson(_ visit: Visit) async throws -> Reply {
        let (policy, scope, today) = (try visit.live(policyInForce), visit.scope, visit.today)
        let (law, person) = (try visit.live(statute), visit.parameter("person"))
        let page = try await visit.look { tx -> (Page?, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            guard let name = try store.name(person) else { return (nil, []) }
            let lines = try store.lines(of: person).map {
                DayPages.Line(line: $0, outlook: Outlook($0.file, law.times(of: $0.file, on: today, explained: false)))
            }
            let seen = Event(PersonLooks.seen, subject: person, detail: "classes=identity,casework")
            return (
                TimelinePages.list(person, name, lines, try asking(store, person)), [seen]
            )
        }
        return page.map { .page($0) } ?? .notFound
    }

    private static func asking(_ store: CaseStore, _ person: String) throws -> TimelinePages.Asking {
        if try store.may(.change, .casework, of: person) { return .asOfficer }
        if try store.may(.change, .ownWords, of: person) { return .asFamily }
        return try store.may(.change, .education, of: person) ? .asSetting : .no
    }

    private static func show(_ visit: Visit) async throws -> Reply {
        try await page(visit, visit.form).map { .page($0) } ?? .notFound
    }

    static func page(_ visit: Visit, _ form: Form) async throws -> Page? {
        let (policy, scope, today) = (try visit.live(policyInForce), visit.scope, visit.today)
        let (law, id) = (try visit.live(statute), visit.parameter("case"))
        let readers = try visit.live(panelsBeside).map { try $0.prepare(visit, policy) }
        return try await visit.look { tx -> (Page?, [Event]) in
            guard let record = try CaseStore(tx: tx, scope: scope, policy: policy).record(id),
                let person = try? ID<Person>(checking: record.person)
            else { return (nil, []) }
            let times = law.times(of: record.file, on: today)
            let shown = try readers.compactMap { try $0(tx, person) }
            // What members think is for those who work on the case, and for the members themselves.
            let panels = PanelStore(tx: tx, scope: scope, policy: policy)
            let hearings = try panels.hearings(of: id).filter {
                try record.mayWork || panels.sits(in: $0.meeting.id)
            }
            let beside = TimelinePages.Beside(
                panels: shown.map(\.html), hearings: PanelPages.hearings(hearings))
            let seen = record.look(with: shown.reduce(into: []) { $0.formUnion($1.classes) })
            return (TimelinePages.page(record, times, beside, form, today: today), seen)
        }
    }

    // MARK: - How a case begins

    /// The form by which staff enter a request, an approach or an early notice.
    private static func new(_ visit: Visit, _ form: Form) async throws -> Page? {
        let (policy, scope, person) = (try visit.live(policyInForce), visit.scope, visit.parameter("person"))
        return try await visit.look { tx -> (Page?, [Event]) in
            let store = CaseStore(tx: tx, scope: scope, policy: policy)
            guard let (name, born) = try store.begun(by: person) else { return (nil, []) }
            let shown = BeginPages.Shown(
                person: person, name: name, brought: try Notices.broughtToAttention(person, in: tx),
                notices: try Notices.unattached(born: born, in: tx), open: try Cases.open(of: person, in: tx))
            return (
                BeginPages.page(shown, form), [Event(PersonLooks.seen, subject: person, detail: "classes=identity")]
            )
        }
    }

    private static func begin(_ visit: Visit) async throws -> Reply {
        let (policy, scope, person) = (try visit.live(policyInForce), visit.scope, visit.parameter("person"))
        var form = visit.form
        let found = try await visit.read { tx -> (brought: Day?, notices: [(id: String, attention: Day)])? in
            guard let (_, born) = try CaseStore(tx: tx, scope: scope, policy: policy).begun(by: person) else {
                return nil
            }
            return (
                try Notices.broughtToAttention(person, in: tx),
                try Notices.unattached(born: born, in: tx).map { ($0.id, $0.attention) }
            )
        }
        guard let found else { return .notFound }
        let opening = BeginForm.read(&form, brought: found.brought, notices: found.notices)
        guard form.errors.isEmpty, let opening else {
            return try await new(visit, form).map { .unprocessable($0) } ?? .notFound
        }
        let post = try CasePost(visit)
        do {
            return try await visit.writeOnce { tx, newID in
                "/cases/\(try Cases.begin(opening, of: person, newID: newID, post, in: tx))"
            }
        } catch let refusal as CaseRefusal {
            form.refuse("day", refusal.words)
            return try await new(visit, form).map { .unprocessable($0) } ?? .notFound
        }
    }
}

/// What staff enter to begin a case.
enum BeginForm {
    static let notice = "notice"
    static let approach = Teller.approach.rawValue
    static let reassessment = "reassessment"
    static let limit = 4000

    static func read(
        _ form: inout Form, brought: Day?, notices: [(id: String, attention: Day)]
    ) -> Cases.Opening? {
        let source = form["source"]
        if form["about"] == reassessment { return reassessment(&form) }
        if source == notice { return noticed(&form, brought, notices) }
        let requester = Requester(rawValue: source)
        if requester == nil, source != approach { form.refuse("source", "Choose who asked, or told the council") }
        let day = form.day("day", orSay: "Write the day on which it first arrived anywhere in the council")
        let words = form.text("words", orSay: "Write what was asked or said", limit: limit) ?? ""
        if form["teller"].count > 200 { form.refuse("teller", "Write at most 200 characters") }
        guard form.errors.isEmpty, let day else { return nil }
        guard let requester else {
            return Cases.Opening(
                by: .approach(isKnown: form["known"] == "yes"), day: day,
                texts: [.told: words, .teller: form["teller"]])
        }
        let part: TextPart = requester.isFamily ? .own : .asked
        return Cases.Opening(by: .request(requester), day: day, texts: [part: words, .teller: form["teller"]])
    }

    /// A request to reassess somebody who has a plan.
    private static func reassessment(_ form: inout Form) -> Cases.Opening? {
        let asker = Reasker(rawValue: form["source"])
        if asker == nil { form.refuse("source", "Choose who asked: of others the law knows no request to reassess") }
        let day = form.day("day", orSay: "Write the day on which it first arrived anywhere in the council")
        let words = form.text("words", orSay: "Write what was asked or said", limit: limit) ?? ""
        let assessed = form["assessed"].isEmpty ? nil : form.day("assessed", orSay: "Write the day")
        if let day, let assessed, assessed > day { form.refuse("assessed", DisputeRefusal.assessedLater(day).words) }
        if form["teller"].count > 200 { form.refuse("teller", "Write at most 200 characters") }
        guard form.errors.isEmpty, let day, let asker else { return nil }
        return Cases.Opening(
            by: .reassessment(asker, assessed: assessed), day: day,
            texts: [asker.isFamily ? .own : .asked: words, .teller: form["teller"]])
    }

    /// The day of a notice is the day it came: nobody writes it.
    private static func noticed(
        _ form: inout Form, _ brought: Day?, _ notices: [(id: String, attention: Day)]
    ) -> Cases.Opening? {
        let chosen = form["notice"]
        if let found = notices.first(where: { $0.id == chosen }) {
            return Cases.Opening(
                by: .notice(found.id), day: min(found.attention, brought ?? found.attention), texts: [:])
        }
        if chosen.isEmpty, let brought { return Cases.Opening(by: .notice(nil), day: brought, texts: [:]) }
        form.refuse("notice", "Choose the early notice that is about this child")
        return nil
    }
}

/// What stands in a letter for each of its names.
enum LetterValues {
    static func of(_ letter: LetterStore.Written, _ record: CaseRecord, _ law: Statute) -> [String: String] {
        let sent = letter.at.dayInEngland
        let file = Case(record.id, Array(record.file.events.prefix(letter.number)))
        let limits = law.times(of: file, on: sent).limits.filter(\.advice.isEmpty)
        func due(_ rule: String, _ other: String = "") -> String {
            // The last: a decision that comes again has its own days.
            let found = limits.last { $0.rule == rule } ?? limits.last { $0.rule == other }
            return found?.due?.inWords ?? "a day that we tell you"
        }
        // What mediation agreed is done in the time that an order of the same kind would give (regulation 42(2)).
        func ordered(_ rule: String) -> String {
            guard let agreed = file.reopening, agreed.kind == .agreed else { return due("T-\(rule)", "U-\(rule)") }
            return law.day("T-\(rule)", from: agreed.day)?.inWords ?? "a day that we tell you"
        }
        let event = file.events.first { $0.id == letter.event }
        // Where a decision was put right, its reasons stand with what was noted first.
        func text(_ part: TextPart) -> String {
            record.text(part, of: letter.event) ?? record.text(part, of: file.root(of: letter.event)) ?? ""
        }
        let opening = file.opening
        let source = opening?.source ?? ""
        return [
            "child": record.name, "day": event?.day.inWords ?? sent.inWords,
            "opened": opening?.day.inWords ?? sent.inWords,
            "how-opened": Reasker(rawValue: source)?.words ?? Teller(rawValue: source)?.words ?? "somebody",
            "decide-by": due("E-DECIDE"), "no-plan-by": due("E-NOPLAN"), "final-by": due("E-FINAL"),
            "advice-by": due("E-ADVICE"), "consulted": file.first(.consulted)?.day.inWords ?? "",
            "reasons": text(.reasons), "help": text(.help), "test-needs": text(.needs), "test-plan": text(.plan),
            "mediation-by": due("E-MED-CONTACT"), "appeal-by": due("T-APPEAL"),
            "reassess-by": due("E-REASSESS-DECIDE"), "plan-by": due("T-ASSESS-FINAL", "E-REASSESS-FINAL"),
            "order-no-by": ordered("ASSESS-NO"), "order-final-by": ordered("ASSESS-FINAL"),
            "ground": event.flatMap { ReassessmentGround(rawValue: $0.source)?.words } ?? "",
        ]
    }
}
