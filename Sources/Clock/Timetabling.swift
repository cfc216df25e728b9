import Kernel

extension Law {
    /// All limits that these events open, each with what became of it; the same events give the same answer.
    ///
    /// - Parameters:
    ///   - events: in the order in which they were recorded. A correction stands behind what it puts right.
    ///   - claims: excuses, which are weighed and move no date.
    public func timetable(_ events: [Event], claims: [Claim] = []) -> Timetable {
        var table = current(events, claims)
        guard events.contains(where: { $0.correction != nil }) else { return table }
        var before = current([], claims)
        for (at, event) in events.enumerated() {
            guard let correction = event.correction else { continue }
            guard !table.refused.contains(where: { $0.event == event.id }) else { continue }
            before = current(Array(events[..<at]), claims)
            let after = current(Array(events[...at]), claims)
            table.changes += changes(event, correction, from: before, to: after)
        }
        return table
    }

    private func changes(
        _ event: Event, _ correction: Correction, from before: Timetable, to after: Timetable
    ) -> [Timetable.Change] {
        func key(_ limit: Limit) -> String {
            let id = limit.event == event.id ? correction.of : limit.event
            return rules[limit.rule].id + "\u{1F}" + id
        }
        func byKey(_ table: Timetable) -> [String: Limit] {
            Dictionary(table.entries.map { (key($0.limit), $0.limit) }, uniquingKeysWith: { first, _ in first })
        }
        let (old, new) = (byKey(before), byKey(after))
        return Set(old.keys).union(new.keys).sorted().compactMap { key in
            let (was, now) = (old[key], new[key])
            guard was?.due != now?.due || was?.trigger != now?.trigger || was?.excused != now?.excused else {
                return nil
            }
            guard let limit = now ?? was else { return nil }
            return Timetable.Change(
                correction: event.id, corrected: correction.of, because: correction.because, rule: rules[limit.rule].id,
                was: was, now: now)
        }
    }

    private func current(_ events: [Event], _ claims: [Claim]) -> Timetable {
        var table = Timetable()
        let happened = Happened(events, eventPlaces, &table.refused)
        for at in happened.events.indices { open(at, happened, claims, &table) }
        findEarly(happened, &table)
        return table
    }

    /// Opens every limit that one event opens.
    private func open(_ at: Int, _ happened: Happened, _ claims: [Claim], _ table: inout Timetable) {
        let (event, kind) = (happened.events[at], happened.kinds[at])
        var last = ""
        for place in opened[kind] {
            let rule = rules[place]
            let day = settings.isFromMade && rule.points.contains("L5") ? event.made ?? event.day : event.day
            if !rule.validity.contains(day) {
                if rule.id != last, !isHeld(rule.id, on: day) {
                    let why = CannotSay.outsideValidity(
                        rule: rule.id, day, first: rule.validity.from, last: rule.validity.to)
                    table.unanswered.append(.init(event: event.id, rule: rule.id, why: why))
                }
                last = rule.id
                continue
            }
            var repeats: [String] = []
            if rule.isEarliestOnly, settings.isEarliest {
                let same = happened.all(rule.triggerCodes, in: event.matter)
                guard same.first == at else { continue }
                repeats = same.dropFirst().map { happened.events[$0].id }
            }
            do {
                let entry = try entry(place, at, day, repeats, happened, claims)
                table.entries.append(entry)
            } catch {
                table.unanswered.append(.init(event: event.id, rule: rule.id, why: error))
            }
        }
    }

    private func isHeld(_ id: String, on day: Day) -> Bool { (try? version(of: id, on: day)) != nil }

    private func entry(
        _ place: Int, _ at: Int, _ day: Day, _ repeats: [String], _ happened: Happened, _ claims: [Claim]
    ) throws(CannotSay) -> Timetable.Entry {
        let (rule, event) = (rules[place], happened.events[at])
        var facts = brought(rule, event, day, happened)
        var limit = try self.limit(place, from: day, event: event.id, facts: facts)
        var late: [String] = []
        var refusedClaims: [Finding] = []
        if !claims.isEmpty {
            for claim in claims where claim.matter.isEmpty || claim.matter == event.matter {
                if let due = limit.due, claim.claimed > due, factKinds[claim.fact.kind].isExcuse {
                    if settings.areLateClaimsRefused {
                        let result = Finding.Result.claimedLate(claim.claimed)
                        refusedClaims.append(Finding(fact: claim.fact.kind, result: result, last: claim.fact.last))
                        continue
                    }
                    late.append(claim.id)
                }
                facts.append(claim.fact)
            }
            limit = try self.limit(place, from: day, event: event.id, facts: facts).adding(refusedClaims)
        }
        var other: Day?
        if rule.points.contains("L5"), let made = event.made {
            let from = settings.isFromMade ? event.day : made
            other = try? self.limit(place, from: from, event: event.id, facts: facts).due
        }
        return Timetable.Entry(
            limit: limit, matter: event.matter, done: happened.done(rule, at, day), lateClaims: late, repeats: repeats,
            otherDue: other)
    }

    /// Days that a rule counts from and that other events bring of themselves.
    private func brought(_ rule: Rule, _ event: Event, _ day: Day, _ happened: Happened) -> [Fact] {
        guard case .length(let limbs, _, _)? = rule.period, limbs.count > 1 else { return [] }
        return limbs.compactMap { limb in
            guard case .fact(let kind, let key, _) = limb.start else { return nil }
            let held = factKinds[kind].keys[key]
            guard let found = happened.day(held, for: event, day) else { return nil }
            var values = [Fact.Value?](repeating: nil, count: factKinds[kind].keys.count)
            values[key] = .day(found)
            return Fact(kind: kind, values: values)
        }
    }

    /// Finds steps that came before the days of somebody else had passed, and limits that leave no day between.
    private func findEarly(_ happened: Happened, _ table: inout Timetable) {
        for (place, minimum) in minimums.enumerated() {
            for entry in table.entries where rules[entry.limit.rule].id == minimum.after {
                guard let due = entry.limit.due, minimum.validity.contains(entry.limit.trigger) else { continue }
                if happened.has(minimum.waiverCodes, in: entry.matter, from: entry.limit.trigger) { continue }
                for at in happened.all(minimum.actCodes, in: entry.matter) {
                    let act = happened.events[at]
                    guard act.day >= entry.limit.trigger, act.day <= due else { continue }
                    table.early.append(
                        .init(minimum: place, matter: entry.matter, earliest: due.next, event: act.id, day: act.day))
                }
                for other in table.entries where other.matter == entry.matter && other.done == nil {
                    guard let last = other.limit.due, last <= due, last >= entry.limit.trigger,
                        rules[other.limit.rule].metByCodes.contains(where: minimum.actCodes.contains)
                    else { continue }
                    table.early.append(
                        .init(minimum: place, matter: entry.matter, earliest: due.next, event: nil, day: last))
                }
            }
        }
    }
}

/// The events that stand, after corrections, in the order in which they were recorded.
struct Happened {
    private(set) var events: [Event] = []
    /// The kind of each, by its place in `Law.events`.
    private(set) var kinds: [Int] = []
    /// Places of the events, by kind and then by day.
    private var order: [Int] = []

    init(_ all: [Event], _ places: [String: Int], _ refused: inout [Timetable.Refusal]) {
        var standing = [Bool](repeating: true, count: all.count)
        var known: [String: Int] = [:]
        known.reserveCapacity(all.count)
        for (at, event) in all.enumerated() {
            if let why = Self.fault(event, at, known, places, &standing) {
                refused.append(.init(event: event.id, why: why))
                standing[at] = false
                if known[event.id] == nil { known[event.id] = -1 }
            } else {
                known[event.id] = at
            }
        }
        for (at, event) in all.enumerated() where standing[at] {
            guard let kind = places[event.kind] else { continue }
            events.append(event)
            kinds.append(kind)
        }
        order = kinds.indices.sorted {
            (kinds[$0], events[$0].day.number, $0) < (kinds[$1], events[$1].day.number, $1)
        }
    }

    /// Why an event is left out, or nil; takes what it puts right out of those that stand.
    private static func fault(
        _ event: Event, _ at: Int, _ known: [String: Int], _ places: [String: Int], _ standing: inout [Bool]
    ) -> String? {
        if event.id.isEmpty { return "it has no id" }
        if known[event.id] != nil { return "another event has the same id" }
        if places[event.kind] == nil { return "“\(event.kind)” is no kind of event" }
        guard let correction = event.correction else { return nil }
        guard let old = known[correction.of], old >= 0 else {
            return "what it corrects, “\(correction.of)”, is not there"
        }
        if correction.because.isEmpty { return "it does not say why it corrects “\(correction.of)”" }
        guard standing[old] else { return "“\(correction.of)” has been corrected already" }
        standing[old] = false
        if correction.isAnnulled { standing[at] = false }
        return nil
    }

    /// Places in `order` of the events of a kind.
    private func range(_ kind: Int) -> Range<Int> {
        func first(_ bound: Int) -> Int {
            var (low, high) = (0, order.count)
            while low < high {
                let middle = (low + high) / 2
                if kinds[order[middle]] < bound { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let start = first(kind)
        var end = start
        while end < order.count, kinds[order[end]] == kind { end += 1 }
        return start..<end
    }

    /// Places of the events of these kinds in a matter, by day.
    func all(_ codes: [Int], in matter: String) -> [Int] {
        var found: [Int] = []
        for code in codes {
            for at in order[range(code)] where events[at].matter == matter { found.append(at) }
        }
        if codes.count > 1, found.count > 1 { found.sort { (events[$0].day.number, $0) < (events[$1].day.number, $1) } }
        return found
    }

    /// The first event that does the duty of a rule, opened by the event at a place.
    func done(_ rule: Rule, _ opener: Int, _ day: Day) -> Timetable.Done? {
        var best: Int?
        for code in rule.metByCodes {
            for at in order[range(code)] where at != opener && events[at].day >= day {
                guard rule.isOfChild || events[at].matter == events[opener].matter else { continue }
                if best.map({ events[at].day < events[$0].day }) ?? true { best = at }
                break
            }
        }
        return best.map { Timetable.Done(event: events[$0].id, day: events[$0].day) }
    }

    /// The day that events bring for a key: the last up to the day of the event, or the first from it in its matter.
    func day(_ key: FactKind.Key, for event: Event, _ day: Day) -> Day? {
        var best: Day?
        for code in key.eventCodes {
            for at in order[range(code)] {
                let found = events[at].day
                if key.order == .notBeforeTrigger {
                    if found >= day, events[at].matter == event.matter { best = best.map { min($0, found) } ?? found }
                } else if found <= day {
                    best = best.map { max($0, found) } ?? found
                }
            }
        }
        return best
    }

    func has(_ codes: [Int], in matter: String, from day: Day) -> Bool {
        codes.contains { code in
            order[range(code)].contains { events[$0].matter == matter && events[$0].day >= day }
        }
    }
}
