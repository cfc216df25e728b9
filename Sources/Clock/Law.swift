import Kernel

/// The law of time limits, as data: regimes, rules with their versions, grounds of exception, facts, events, minimums
/// and the open points, loaded and checked whole.
///
/// A regime more needs rows more, and no code.
public struct Law: Sendable {
    /// The bytes of the files of `share/law`.
    public struct Files: Sendable {
        public var regimes: [UInt8]
        public var rules: [UInt8]
        public var exceptions: [UInt8]
        public var facts: [UInt8]
        public var events: [UInt8]
        public var minimums: [UInt8]
        public var settings: [UInt8]

        /// Reads each file by its name, such as `rules.csv`.
        public init(_ read: (String) throws -> [UInt8]) rethrows {
            regimes = try read("regimes.csv")
            rules = try read("rules.csv")
            exceptions = try read("exceptions.csv")
            facts = try read("facts.csv")
            events = try read("events.csv")
            minimums = try read("minimums.csv")
            settings = try read("settings.csv")
        }
    }

    public let regimes: [Regime]
    /// Every version of every rule, by id and then by its first day.
    public let rules: [Rule]
    public let factKinds: [FactKind]
    public let events: [EventKind]
    public let minimums: [Minimum]
    public let settings: Settings
    public let calendar: WorkingDays
    /// The places of a rule’s versions, by its id.
    let places: [[UInt8]: Range<Int>]
    /// The rules that an event of a kind opens, by the places of both; and the places of kinds of events.
    let opened: [[Int]]
    let eventPlaces: [String: Int]
    let regimeSources: [String: String]
    let counting: Counting
    let judging: Judging
    let reader: FactText

    /// - Throws: `LawFault` with the first file and line that cannot be used.
    public init(_ files: Files, calendar: WorkingDays) throws(LawFault) {
        let loader = try LawLoader(files)
        (regimes, rules, factKinds) = (loader.regimes, loader.rules, loader.factKinds)
        (events, minimums, settings) = (loader.events, loader.minimums, loader.settings)
        self.calendar = calendar
        eventPlaces = loader.eventPlaces
        regimeSources = Dictionary(regimes.map { ($0.id, $0.source) }, uniquingKeysWith: { first, _ in first })
        var places: [[UInt8]: Range<Int>] = [:]
        var opened = [[Int]](repeating: [], count: events.count)
        for (place, rule) in rules.enumerated() {
            let id = Array(rule.id.utf8)
            places[id] = (places[id]?.lowerBound ?? place)..<place + 1
            for code in rule.triggerCodes { opened[code].append(place) }
        }
        (self.places, self.opened) = (places, opened)
        counting = Counting(calendar: calendar, settings: settings)
        judging = Judging(kinds: factKinds)
        reader = FactText(kinds: factKinds)
    }

    /// The place of the version of a rule that was the law on the day of the event.
    ///
    /// - Throws: `CannotSay.unknownRule` or `.outsideValidity`.
    public func version(of id: some StringProtocol, on day: Day) throws(CannotSay) -> Int {
        try version(of: Array(id.utf8), on: day)
    }

    func version(of id: [UInt8], on day: Day) throws(CannotSay) -> Int {
        guard let range = places[id] else { throw .unknownRule(String(decoding: id, as: UTF8.self)) }
        for place in range where rules[place].validity.contains(day) { return place }
        let (first, last) = (rules[range.lowerBound], rules[range.upperBound - 1])
        throw .outsideValidity(rule: first.id, day, first: first.validity.from, last: last.validity.to)
    }

    /// Facts as a file states them: `kind:key=value;key=value`, several joined by `|`.
    ///
    /// - Throws: `CannotSay.impossible` with what is wrong and what is allowed.
    public func facts(_ text: some StringProtocol) throws(CannotSay) -> [Fact] {
        try reader.facts(Array(text.utf8)[...])
    }

    /// The limit that a rule sets from the day of its event.
    ///
    /// - Throws: `CannotSay`, and then there is no date.
    public func limit(_ rule: String, from day: Day, facts: [Fact] = []) throws(CannotSay) -> Limit {
        try limit(version(of: rule, on: day), from: day, event: "", facts: facts)
    }

    /// The limit that this version of a rule sets, whatever its validity.
    func limit(_ place: Int, from day: Day, event: String, facts: [Fact]) throws(CannotSay) -> Limit {
        let rule = rules[place]
        var (due, raw, start, limb, isDoubtful) = (Day?.none, Day?.none, day, 0, false)
        switch rule.period {
        case nil: break
        case .date(let month, let number, let isBefore):
            due = try counting.date(month, number, isBefore: isBefore, yearOf: day)
        case .length(let limbs, let unit, let count):
            for (at, each) in limbs.enumerated() {
                guard let from = try self.start(of: each, day, facts) else { continue }
                let last = try counting.last(each.quantity, unit, count, rule.roll, from: from)
                if due.map({ last <= $0 }) == true { continue }
                (due, start, limb) = (last, from, at)
            }
            if rule.roll == .tribunal, let last = due {
                let rolled = try counting.rolled(last)
                if rolled.day != last { (due, raw, isDoubtful) = (rolled.day, last, rolled.isDoubtful) }
            }
        }
        let span = span(rule, start, due)
        let findings = facts.isEmpty ? [] : facts.compactMap { judging.finding($0, under: rule, in: span) }
        return Limit(
            rule: place, event: event, trigger: day, start: start, limb: limb, due: due, raw: raw,
            isDoubtful: isDoubtful,
            findings: findings)
    }

    /// The days that a limit covers, or nil where nothing lies in it.
    func span(_ rule: Rule, _ start: Day, _ due: Day?) -> Judging.Span? {
        guard let due, case .length(_, _, let count)? = rule.period, count != .atLeastBefore else { return nil }
        return Judging.Span(first: count == .beginningWith ? start : start.next, last: due)
    }

    private func start(of limb: Limb, _ day: Day, _ facts: [Fact]) throws(CannotSay) -> Day? {
        guard case .fact(let kind, let key, let isNeeded) = limb.start else { return day }
        guard let fact = facts.first(where: { $0.kind == kind }), let from = fact.day(key) else {
            if !isNeeded { return nil }
            throw .missing(fact: factKinds[kind].name, says: factKinds[kind].says)
        }
        let (name, words) = (factKinds[kind].name, factKinds[kind].says)
        switch factKinds[kind].keys[key].order {
        case .notAfterTrigger where from > day:
            throw .impossible("the fact “\(name)” contradicts the event: \(words) is \(from.iso), after \(day.iso)")
        case .notBeforeTrigger where from < day:
            throw .impossible("the fact “\(name)” contradicts the event: \(words) is \(from.iso), before \(day.iso)")
        default: return from
        }
    }

    /// The day on which a thing sent by post is taken as received, where nobody has recorded the day itself (open
    /// point L4).
    ///
    /// - Throws: `CannotSay.notHeld` where the bank holidays of a year on the way are not held.
    public func received(postedOn day: Day) throws(CannotSay) -> Day {
        try counting.last(settings.postDays, .workingDay, .after, .none, from: day)
    }

    /// The last working day on or before a limit, by which to act where the limit itself is none and does not move. Nil
    /// where it is one, or the year’s bank holidays are not held.
    public func actBy(_ limit: Limit) -> Day? {
        guard let due = limit.due, rules[limit.rule].roll == .none, (try? calendar.isWorking(due)) == false else {
            return nil
        }
        return try? calendar.adding(-1, to: due)
    }
}

/// A regime: an act with its regulations, as a row of `share/law/regimes.csv`.
public struct Regime: Hashable, Sendable {
    public let id: String
    public let name: String
    public let says: String
    public let validity: Validity
    public let source: String
}

/// A kind of event that opens limits or ends them: a row of `share/law/events.csv`.
public struct EventKind: Hashable, Sendable {
    public let code: String
    public let says: String
}

/// A step that may not be taken before the days that another rule gives have passed: a row of `share/law/minimums.csv`.
public struct Minimum: Hashable, Sendable {
    public let id: String
    /// Codes of the events that may not come too early.
    public let acts: [String]
    /// The rule whose days must have passed.
    public let after: String
    /// Codes of the events by which the person whose days they are gives them up, in writing.
    public let waivedBy: [String]
    public let says: String
    public let validity: Validity
    public let provision: String
    public let isRead: Bool
    let actCodes: [Int]
    let waiverCodes: [Int]

    init(
        id: String, acts: [String], after: String, waivedBy: [String], says: String, validity: Validity,
        provision: String,
        isRead: Bool, _ codes: [String: Int]
    ) {
        (self.id, self.acts, self.after, self.waivedBy, self.says) = (id, acts, after, waivedBy, says)
        (self.validity, self.provision, self.isRead) = (validity, provision, isRead)
        (actCodes, waiverCodes) = (acts.compactMap { codes[$0] }, waivedBy.compactMap { codes[$0] })
    }
}
