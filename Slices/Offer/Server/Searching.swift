import Kernel
import Offer
import Search
import Storage
import Web

/// The answer to a search: what was understood, what was found, and why each thing is there.
struct SearchAnswer: Sendable {
    struct Result: Sendable {
        let shown: ShownEntry
        let judgement: Judgement
        let metres: Int?
        let reasons: [Reason]

        var entry: Entry { shown.entry }
    }

    let plan: SearchPlan
    let results: [Result]
    let nearMisses: [Result]

    var request: SearchRequest { plan.request }
    var question: Question { plan.question }
    var finding: Finding { plan.finding }

    /// As the page shows them: what comes close but misses something stands last.
    var inOrderOfThePage: [Result] { results + nearMisses }

    /// What is wrong with what was written, field by field.
    var errors: [FieldError] { request.errors + (plan.nearFault.map { [FieldError("near", $0)] } ?? []) }

    var pages: Int { max(1, (finding.total + request.size - 1) / request.size) }
}

/// What a search found, before the entries themselves are fetched: worked out in memory alone.
struct SearchPlan: Sendable {
    let request: SearchRequest
    let question: Question
    let finding: Finding
    /// What the visitor should know: words taken for others, places not known, what was left out.
    let notices: [String]
    /// True where a place was asked for that could not be found.
    let placeIsUnknown: Bool
    /// What is wrong with the place that was written in its own field; also among the notices.
    let nearFault: String?
    /// Words that nothing here holds.
    let dropped: [String]
    /// Whether the words are those of somebody who may be in danger.
    let isUrgent: Bool

    /// The places in the catalogue of all that will be shown.
    var indexes: [Int] { finding.page.map(\.index) + finding.nearMisses.map(\.index) }
}

extension OfferIndex {
    /// Answers a search, fetching from the database only entries that were not shown lately.
    func answer(_ request: SearchRequest, _ visit: Visit) async throws -> SearchAnswer {
        let plan = plan(request)
        var held = shown.entries(at: plan.indexes)
        let missing = idsMissing(held, plan)
        if !missing.isEmpty {
            let fetched = try await visit.read { [scope = visit.scope] tx in
                try EntryStore(tx: tx, scope: scope).entries(missing)
            }
            fill(&held, plan, fetched)
        }
        return gathered(plan, held)
    }

    /// The same inside a transaction, for commands and tests.
    func answer(_ request: SearchRequest, in tx: any Transaction) throws -> SearchAnswer {
        let plan = plan(request)
        var held = shown.entries(at: plan.indexes)
        fill(&held, plan, try EntryStore(tx: tx, scope: .anyone).entries(idsMissing(held, plan)))
        return gathered(plan, held)
    }

    private func idsMissing(_ held: [ShownEntry?], _ plan: SearchPlan) -> [ID<Entry>] {
        zip(held, plan.indexes).filter { $0.0 == nil }.map { catalogue.ids[$0.1] }
    }

    /// Puts fetched entries where they were missing, and keeps them for the next search.
    private func fill(_ held: inout [ShownEntry?], _ plan: SearchPlan, _ fetched: [Entry]) {
        guard !fetched.isEmpty else { return }
        let byID = Dictionary(fetched.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for (place, index) in plan.indexes.enumerated() where held[place] == nil {
            guard let entry = byID[catalogue.ids[index]] else { continue }
            let made = ShownEntry(entry, self)
            shown.keep(made, at: index)
            held[place] = made
        }
    }

    /// Reads the words, finds the place, judges and ranks.
    func plan(_ request: SearchRequest) -> SearchPlan {
        var notices: [String] = []
        let reading = reader.read(request.words, words: Words.of(request.words))
        if reading.isUrgent { notices.append(UrgentHelp.inWords) }
        for (from, to) in reading.corrections { notices.append("We took “\(from)” for “\(to)”.") }
        var question = chosen(request, reading)
        let (place, placeNotice) = place(request, reading)
        question.place = place
        if let placeNotice { notices.append(placeNotice) }
        if question.within != nil, place == nil {
            question.within = nil
            notices.append("To look within a distance, say where: a postcode or a ward.")
        }
        if question.needs.contains(.semh) {
            notices.append(
                "SEMH replaced an older term, BESD, in 2014. Bases listed under the older term are shown and say so.")
        }
        let left = wordsHeld(question, &notices)
        question.otherWords = left.held
        let matches = matches(question, reading, left)
        let finding =
            left.isHopeless
            ? catalogue.nothing
            : catalogue.find(
                question, words: matches, asksWords: !left.held.isEmpty, order: request.order, page: request.page,
                size: request.size)
        return SearchPlan(
            request: request, question: question, finding: finding, notices: notices,
            placeIsUnknown: placeNotice != nil, nearFault: request.near == nil ? nil : placeNotice,
            dropped: left.dropped, isUrgent: reading.isUrgent)
    }

    /// The question that the words and the choices make together; a choice wins over a word.
    private func chosen(_ request: SearchRequest, _ reading: Reading) -> Question {
        var question = reading.question
        if let ages = request.ages { question.ages = ages }
        if !request.needs.isEmpty { question.needs = request.needs }
        question.help += request.help.map { [$0] }
        if !request.kinds.isEmpty { question.kinds = request.kinds }
        if !request.days.isEmpty { question.days = request.days }
        question.mustBeFree = question.mustBeFree || request.isFree
        question.access.formUnion(request.access)
        question.within = request.withinMiles.map { Int((Double($0) * Distance.metresInMile).rounded()) }
        return question
    }

    // MARK: - Where

    private func place(_ request: SearchRequest, _ reading: Reading) -> (AskedPlace?, notice: String?) {
        guard let near = request.near else { return place(reading.place) }
        guard let words = PlaceWords(near, in: gazetteer) else {
            return (nil, "We do not know the place “\(near)”. Write a postcode, the first half of one, or a ward.")
        }
        return place(words)
    }

    private func place(_ words: PlaceWords?) -> (AskedPlace?, notice: String?) {
        switch words {
        case nil: return (nil, nil)
        case .nearMe:
            return (nil, "To see what is near you, write your postcode under “Where”.")
        case .named(let name):
            return (gazetteer.place(named: name, split: { Words.of($0) }), nil)
        case .point(let point):
            return (AskedPlace(name: "your place", point: point, ward: nil, isApproximate: false, isInCity: nil), nil)
        case .partial(let partial):
            if let place = gazetteer.place(partial) { return (place, nil) }
            return (nil, "We do not know a postcode that begins “\(partial)”.")
        case .postcode(let postcode):
            if let place = gazetteer.place(postcode) { return (place, nil) }
            if let partial = try? PartialPostcode(postcode.sector), let place = gazetteer.place(partial) {
                return (
                    place, "We do not know the postcode “\(postcode)”; distances are from the middle of \(place.name)."
                )
            }
            return (nil, "We do not know the postcode “\(postcode)”. Check it, or write only its first half.")
        }
    }

    // MARK: - Words

    private struct WordsLeft {
        /// The words some entry holds.
        var held: [String] = []
        /// Only words that no entry holds were asked for.
        var isHopeless = false
        /// The words that no entry holds.
        var dropped: [String] = []
    }

    /// Parts the words that some entry holds from those that none does.
    private func wordsHeld(_ question: Question, _ notices: inout [String]) -> WordsLeft {
        var left = WordsLeft()
        var unknown: [String] = []
        for word in question.otherWords {
            if stems(of: word).isEmpty { unknown.append(word) } else { left.held.append(word) }
        }
        guard !unknown.isEmpty else { return left }
        left.dropped = unknown
        let asksElse = !left.held.isEmpty || question.isSuitabilityAsked || !question.kinds.isEmpty
        left.isHopeless = !asksElse
        let words = Listing.and(unknown.prefix(5).map { "“\($0.prefix(40))”" })
        notices.append(asksElse ? "Nothing here has \(words), so we left it out." : "Nothing here has \(words).")
        return left
    }

    /// The stems that stand for a word: its own, or those that begin with it.
    private func stems(of word: String) -> [(stem: String, factor: Float)] {
        let stem = stemmer.stem(word)
        if text.holds(stem) { return [(stem, 1)] }
        guard word.utf8.count >= 3 else { return [] }
        return text.stems(beginning: word, limit: 40).map { ($0, 0.8) }
    }

    private func matches(_ question: Question, _ reading: Reading, _ left: WordsLeft) -> [WordMatch] {
        var clauses = left.held.map { TextIndex.Clause(stems(of: $0), .required) }
        func add(_ words: some Sequence<String>, _ role: TextIndex.Role) {
            for word in words where !text.isCommon(stemmer.stem(word)) {
                clauses.append(TextIndex.Clause(stems(of: word), role))
            }
        }
        add(reading.nameWords, .name)
        add(reading.kindWords, .kind)
        // Where a place was asked for, the nearer comes first, and how well words match does not matter.
        if question.place == nil { add(labelWords(question), .boost) }
        guard !clauses.isEmpty else { return [] }
        // A name is asked for only where some word is no mere kind or need: a word left over, or that of a place.
        var namesPlace = false
        if case .named = reading.place { namesPlace = true }
        let mayName = !left.held.isEmpty || namesPlace
        return text.matches(clauses).map { match in
            WordMatch(
                index: match.document, score: match.score, coverage: match.coverage,
                isNamed: mayName && match.isNamed, holdsKinds: match.holdsKinds)
        }
    }

    /// The words of the labels of the kinds of help asked for: what is called by them is likelier to be meant.
    private func labelWords(_ question: Question) -> Set<String> {
        let kinds = question.help.filter { $0.count <= 3 }.flatMap { $0 }.compactMap { catalogue.helpKinds[$0] }
        return Set(kinds.flatMap { Words.of($0.label) }).subtracting(["and", "in", "a", "to", "for", "of"])
    }

    // MARK: - What to show

    /// - Parameter held: the entries at `plan.indexes`; one that is gone from the database since is left out.
    private func gathered(_ plan: SearchPlan, _ held: [ShownEntry?]) -> SearchAnswer {
        let place = plan.question.place?.point
        func results(_ found: some Collection<Found>, _ shown: some Collection<ShownEntry?>) -> [SearchAnswer.Result] {
            zip(found, shown).compactMap { found, shown in
                guard let shown else { return nil }
                let metres = shown.entry.address.point.flatMap { point in place?.metres(to: point) }
                let helpMet = catalogue.helpMet(found.index, plan.question)
                let reasons = shown.entry.reasons(plan.question, found.judgement, metres: metres, helpMet: helpMet)
                return SearchAnswer.Result(shown: shown, judgement: found.judgement, metres: metres, reasons: reasons)
            }
        }
        let count = plan.finding.page.count
        return SearchAnswer(
            plan: plan, results: results(plan.finding.page, held[..<count]),
            nearMisses: results(plan.finding.nearMisses, held[count...]))
    }
}

extension PlaceWords {
    /// A place as someone wrote it in a field of its own: a postcode or its beginning, a ward, `near me`, or
    /// latitude and longitude parted by a comma.
    init?(_ text: String, in gazetteer: Gazetteer) {
        let halves = text.split(separator: ",", omittingEmptySubsequences: false)
        if halves.count == 2, let point = try? Point(latitude: halves[0].trimmed, longitude: halves[1].trimmed) {
            self = .point(point)
        } else if let whole = try? Postcode(text) {
            self = .postcode(whole)
        } else if let partial = try? PartialPostcode(text) {
            self = .partial(partial)
        } else if gazetteer.place(named: text, split: { Words.of($0) }) != nil {
            self = .named(text)
        } else if ["near me", "nearby", "here", "me"].contains(text.lowercased()) {
            self = .nearMe
        } else {
            return nil
        }
    }
}
