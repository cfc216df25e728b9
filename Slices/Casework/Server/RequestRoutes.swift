import Access
import AccessServer
import Casework
import Kernel
import Storage
import Web

/// Requests online without an account, and what officers do with them.
enum RequestRoutes {
    private static let office = Permission.office(CaseActions.requests)

    static let all: [Route] = [
        .get("/requests/new", may: .anyone) { visit in .page(RequestPages.new(visit.form)) },
        .post("/requests", may: .anyone, send),
        .get("/requests/thanks", may: .anyone) { _ in .page(RequestPages.thanks, caching: .shared) },
        .get("/requests", may: office, list),
        .get("/requests/{request}", may: office) { visit in
            try await page(visit, visit.form).map { .page($0) } ?? .notFound
        },
        .post("/requests/{request}/attachments", may: office, attach),
        .post("/requests/{request}/refusals", may: office, setAside),
    ]

    // MARK: - From outside

    private static func send(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let today = visit.today
        guard let read = read(&form, today: today) else { return .unprocessable(RequestPages.new(form)) }
        let law = try visit.live(statute)
        return try await visit.writeOnce { tx, newID in
            let request = read("request-\(newID)", tx.now)
            try OnlineRequests.add(request, mail: receipt(request, law), in: tx)
            return "/requests/thanks"
        }
    }

    private static func receipt(_ request: OnlineRequest, _ law: Statute) -> String {
        let day = request.day
        guard request.requester != nil else { return CaseMails.approach(request.id, on: day) }
        if request.reassesses {
            return CaseMails.reassessment(request.id, on: day, decide: law.day("E-REASSESS-DECIDE", from: day))
        }
        return CaseMails.request(
            request.id, on: day, decide: law.day("E-DECIDE", from: day), noPlan: law.day("E-NOPLAN", from: day),
            final: law.day("E-FINAL", from: day))
    }

    /// The request, once it has an identifier and a moment; nil where something is wrong, which the form then says.
    private static func read(
        _ form: inout Form, today: Day
    ) -> (@Sendable (String, Instant) -> OnlineRequest)? {
        let source = form["source"]
        if Requester(rawValue: source) == nil, source != Teller.approach.rawValue {
            form.refuse("source", "Choose who you are to the child or young person")
        }
        let reassesses = form["reassesses"] == "yes"
        if reassesses, source == Teller.approach.rawValue {
            form.refuse("source", "A parent, the young person, or their school or college can ask for a reassessment")
        }
        let sender = form.text("sender", orSay: "Write your name", limit: 200)
        let contact = form.text("contact", orSay: "Write an address for e-mail, so that we can answer", limit: 200)
        if let contact, !contact.isMailAddress {
            form.refuse("contact", "This is no address for e-mail. Write it as name@example.org")
        }
        let given = form.text("given", orSay: "Write their given name", limit: 100)
        let family = form.text("family", orSay: "Write their family name", limit: 100)
        let born = form.day("born", orSay: "Write their date of birth")
        if let born, born > today || (try? Age(born: born, on: today)).map({ $0.years >= 25 }) == true {
            form.refuse("born", "An assessment is for children and young people under 25. Check the date of birth")
        }
        if form["setting"].count > 200 { form.refuse("setting", "Write at most 200 characters") }
        let words = form.text("words", orSay: "Write what makes you ask", limit: BeginForm.limit)
        let setting = form["setting"]
        guard form.errors.isEmpty, let sender, let contact, let given, let family, let born, let words else {
            return nil
        }
        return { id, now in
            OnlineRequest(
                id: id, at: now, day: now.dayInEngland, source: source, sender: sender, contact: contact, given: given,
                family: family, born: born, setting: setting, words: words, reassesses: reassesses, isDone: false,
                version: 1)
        }
    }

    // MARK: - In the office

    private static func list(_ visit: Visit) async throws -> Reply {
        let law = try visit.live(statute)
        let waiting = try await visit.look { tx -> ([OnlineRequest], [Event]) in
            let waiting = try OnlineRequests.waiting(in: tx)
            return (waiting, waiting.map { Event("request.listed", subject: $0.id) })
        }
        return .page(
            RequestPages.list(
                waiting.map { ($0, law.day($0.reassesses ? "E-REASSESS-DECIDE" : "E-DECIDE", from: $0.day)) },
                today: visit.today))
    }

    private static func page(_ visit: Visit, _ form: Form) async throws -> Page? {
        let (policy, scope, id) = (try visit.live(policyInForce), visit.scope, visit.parameter("request"))
        return try await visit.look { tx -> (Page?, [Event]) in
            guard let request = try OnlineRequests.request(id, in: tx) else { return (nil, []) }
            // What it says is by now part of a record, or of nobody’s concern.
            if request.isDone { return (RequestPages.done, []) }
            let people = try CaseStore(tx: tx, scope: scope, policy: policy).people(born: request.born)
            return (RequestPages.request(request, people, form), [Event("request.seen", subject: id)])
        }
    }

    private static func attach(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let (policy, scope, id) = (try visit.live(policyInForce), visit.scope, visit.parameter("request"))
        let chosen = form["person"]
        let found = try await visit.read { tx -> (OnlineRequest, Bool)? in
            guard let request = try OnlineRequests.request(id, in: tx), !request.isDone else { return nil }
            let people = try CaseStore(tx: tx, scope: scope, policy: policy).people(born: request.born)
            return (request, people.contains { $0.id == chosen })
        }
        guard let (request, isTheirs) = found else { return .notFound }
        if !isTheirs { form.refuse("person", "Choose whom it is about") }
        guard form.errors.isEmpty else { return try await again(visit, form) }
        let post = try CasePost(visit)
        // What the sender wrote, where the officer did not find it to be otherwise.
        let isReassessment =
            form["about"].isEmpty ? request.reassesses : form["about"] == BeginForm.reassessment
        do {
            return try await visit.writeOnce { tx, newID in
                guard let held = try OnlineRequests.request(id, in: tx), !held.isDone else {
                    throw VersionConflict.changedSince
                }
                try visit.expect(version: held.version)
                let opening = opening(request, reassesses: isReassessment)
                let file = try Cases.begin(opening, of: chosen, newID: newID, post, in: tx)
                try OnlineRequests.attach(held, to: file, in: tx)
                return "/cases/\(file)"
            }
        } catch let refusal as CaseRefusal {
            form.refuse("person", refusal.words)
            return try await again(visit, form)
        }
    }

    private static func opening(_ request: OnlineRequest, reassesses: Bool) -> Cases.Opening {
        guard let requester = request.requester else {
            return Cases.Opening(
                by: .approach(isKnown: false), day: request.day,
                texts: [.told: request.words, .teller: "\(request.sender), \(request.contact)"])
        }
        let part: TextPart = requester.isFamily ? .own : .asked
        let asker = reassesses ? Reasker(rawValue: requester.rawValue) : nil
        return Cases.Opening(
            by: asker.map { .reassessment($0, assessed: nil) } ?? .request(requester), day: request.day,
            texts: [part: request.words, .teller: "\(request.sender), \(request.contact)"])
    }

    private static func setAside(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let id = visit.parameter("request")
        guard let request = try await visit.read({ try OnlineRequests.request(id, in: $0) }), !request.isDone else {
            return .notFound
        }
        guard let why = form.text("why", orSay: "Write why nothing can be done with it", limit: 500) else {
            return try await again(visit, form)
        }
        return try await visit.writeOnce { tx, _ in
            guard let held = try OnlineRequests.request(id, in: tx), !held.isDone else {
                throw VersionConflict.changedSince
            }
            try visit.expect(version: held.version)
            try OnlineRequests.setAside(held, because: why, in: tx)
            return "/requests"
        }
    }

    private static func again(_ visit: Visit, _ form: Form) async throws -> Reply {
        try await page(visit, form).map { .unprocessable($0) } ?? .notFound
    }
}
