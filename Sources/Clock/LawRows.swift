import Kernel

/// Reads rows of `rules.csv`.
enum RuleRows {
    static let columns =
        "rule_id regime kind provision event trigger from once scope actor duty says since quantity unit count "
        + "roll exceptions touched_by points met_by valid_from valid_to text_seen note"

    static func rule(_ row: LawRow, _ kinds: [FactKind]) throws(LawFault) -> RuleRow {
        let period = try period(row, kinds)
        guard let roll = Roll(rawValue: row.optional("roll").isEmpty ? "none" : row.optional("roll")) else {
            throw row.fault("“roll” is none or tribunal")
        }
        let since = try row.text("since").split(separator: "|").map(String.init)
        let says = try row.text("says")
        guard says.contains("{due}") == (period != nil) else {
            throw row.fault("“says” holds {due} where there is a quantity, and nowhere else")
        }
        if case .length(let limbs, _, _)? = period, limbs.count != since.count {
            throw row.fault("“since” holds \(since.count) parts, and “quantity” \(limbs.count)")
        }
        let once = row.optional("once")
        guard once.isEmpty || once == "earliest" else { throw row.fault("“once” is earliest or empty") }
        let scope = row.optional("scope")
        guard scope.isEmpty || scope == "child" else { throw row.fault("“scope” is child or empty") }
        let touchedBy = row.optional("touched_by")
        return RuleRow(
            id: try row.text("rule_id"), version: try row.version(), regime: try row.text("regime"),
            kind: try row.text("kind"), provision: try row.text("provision"), event: try row.text("event"),
            triggers: row.list("trigger"), metBy: row.list("met_by"), actor: try row.text("actor"),
            duty: try row.text("duty"), says: says, since: since, period: period, roll: roll,
            grounds: row.list("exceptions"), touchedBy: touchedBy.isEmpty ? nil : touchedBy,
            isEarliestOnly: once == "earliest", isOfChild: scope == "child", points: row.list("points"),
            validity: try row.validity(),
            textSeen: try row.text("text_seen"), note: row.optional("note"))
    }

    private static func period(_ row: LawRow, _ kinds: [FactKind]) throws(LawFault) -> Period? {
        let (quantity, unit, count) = (row.optional("quantity"), row.optional("unit"), row.optional("count"))
        if quantity.isEmpty {
            guard unit.isEmpty, count.isEmpty else { throw row.fault("there is a unit or count, and no quantity") }
            return nil
        }
        if unit == "date_in_transfer_year" {
            let parts = quantity.split(separator: "-").map { Digits.number($0) }
            guard parts.count == 2, let month = parts[0], let day = parts[1], (try? Day(2001, month, day)) != nil,
                month > 1 || day > 1
            else { throw row.fault("“quantity” is a month and day, as 02-15, and not the first of January") }
            guard count == "before" || count == "by" else { throw row.fault("“count” is before or by") }
            return .date(month: month, day: day, isBefore: count == "before")
        }
        guard let unit = Unit(rawValue: unit) else {
            throw row.fault("“\(unit)” is no unit; units are day, week, month, working_day, date_in_transfer_year")
        }
        guard let count = Count(rawValue: count) else {
            throw row.fault(
                "“\(count)” is no way to count; ways are after, beginning_with, at_least_before, before, by")
        }
        let quantities = quantity.split(separator: "|").map(String.init)
        let starts = row.list("from").isEmpty ? ["trigger"] : row.list("from")
        guard quantities.count == starts.count else {
            throw row.fault("“quantity” has \(quantities.count) limbs, and “from” \(starts.count)")
        }
        var limbs: [Limb] = []
        for (text, from) in zip(quantities, starts) {
            let number = try row.number("quantity", from: text)
            guard number > 0 || (number == 0 && count == .after) else { throw row.fault("“quantity” is 1 or more") }
            limbs.append(Limb(quantity: number, start: try start(from, row, kinds)))
        }
        guard limbs.contains(where: { $0.start == .trigger }) else { throw row.fault("no limb counts from the event") }
        return .length(limbs, unit, count)
    }

    private static func start(_ text: String, _ row: LawRow, _ kinds: [FactKind]) throws(LawFault) -> Limb.Start {
        if text == "trigger" { return .trigger }
        let isNeeded = !text.hasSuffix("?")
        let parts = (isNeeded ? text[...] : text.dropLast()).split(separator: ".")
        guard parts.count == 2, let kind = kinds.firstIndex(where: { $0.name == parts[0] }),
            let key = kinds[kind].keys.firstIndex(where: { $0.name == parts[1] && $0.type == .day })
        else { throw row.fault("“\(text)” in “from” is neither trigger nor a day of a fact, as last_review.date") }
        return .fact(kind: kind, key: key, isNeeded: isNeeded)
    }
}

/// Reads rows of `exceptions.csv`.
enum GroundRows {
    static let columns =
        "exception_id regime provision condition says fact test min_days window_start window_end evidence text_seen"

    static func ground(_ row: LawRow, _ kinds: [FactKind]) throws(LawFault) -> Ground {
        let name = row.optional("fact")
        let place = kinds.firstIndex { $0.name == name }
        if !name.isEmpty, place == nil { throw row.fault("the fact \(name) is not in facts.csv") }
        let test = try place.map { (place) throws(LawFault) in try self.test(row, kinds[place]) }
        return Ground(
            id: try row.text("exception_id"), provision: try row.text("provision"),
            condition: try row.text("condition"),
            says: try row.text("says"), test: test, needsEvidence: try row.isYes("evidence"),
            isRead: row.optional("text_seen") == "yes", factKind: place ?? -1)
    }

    private static func test(_ row: LawRow, _ kind: FactKind) throws(LawFault) -> Ground.Test {
        func days(_ count: Int) throws(LawFault) {
            guard kind.keys.prefix(count).count(where: { $0.type == .day }) == count else {
                throw row.fault("the test needs a fact whose first \(count) keys are days")
            }
        }
        switch row.optional("test") {
        case "closure":
            try days(3)
            return .closure(
                minDays: try row.number("min_days"), windowStart: try row.number("window_start"),
                windowEnd: try row.number("window_end"))
        case "absence":
            try days(2)
            return .absence(minDays: max(1, try row.number("min_days")))
        case "day":
            try days(1)
            return .day
        case "span":
            guard kind.keys.first?.type == .span else {
                throw row.fault("the test needs a fact whose first key is a span")
            }
            let (first, last) = (try row.day("window_start"), try row.day("window_end"))
            if last < first { throw row.fault("the window ends before it begins") }
            return .span(first, last)
        default: throw row.fault("“test” is closure, absence, day or span")
        }
    }
}

/// Reads rows of `facts.csv`: one for each key of a kind.
enum FactRows {
    static func kinds(_ file: LawFile, _ events: [String: Int]) throws(LawFault) -> [FactKind] {
        let rows = try file.rows("fact key type needed excuse order events says")
        var names: [String] = []
        for row in rows where !names.contains(row.optional("fact")) { names.append(try row.text("fact")) }
        var kinds: [FactKind] = []
        for name in names {
            let own = rows.filter { $0.optional("fact") == name }
            let keyNames = own.map { $0.optional("key") }.filter { !$0.isEmpty }
            var keys: [FactKind.Key] = []
            for row in own where !row.optional("key").isEmpty { keys.append(try key(row, keyNames, events)) }
            guard let first = own.first else { continue }
            guard Set(keyNames).count == keyNames.count else { throw first.fault("a key of \(name) stands twice") }
            kinds.append(
                FactKind(
                    name: name, says: try first.text("says"), isExcuse: try first.isYes("excuse"), keys: keys,
                    bytes: Array(name.utf8)))
        }
        return kinds
    }

    private static func key(
        _ row: LawRow, _ names: [String], _ events: [String: Int]
    ) throws(LawFault) -> FactKind.Key {
        guard let type = FactKind.KeyType(rawValue: row.optional("type")) else {
            throw row.fault("“type” is day, span, text or evidence")
        }
        let codes = row.list("events")
        for code in codes where events[code] == nil { throw row.fault("the event \(code) is not in events.csv") }
        return FactKind.Key(
            name: row.optional("key"), type: type, isNeeded: try row.isYes("needed"), order: try order(row, names),
            events: codes, eventCodes: codes.compactMap { events[$0] }, bytes: Array(row.optional("key").utf8))
    }

    private static func order(_ row: LawRow, _ names: [String]) throws(LawFault) -> FactKind.Order? {
        let text = row.optional("order")
        if text.isEmpty { return nil }
        if text == "not after trigger" { return .notAfterTrigger }
        if text == "not before trigger" { return .notBeforeTrigger }
        for (at, name) in names.enumerated() {
            if text == "before " + name { return .before(key: at) }
            if text == "not after " + name { return .notAfter(key: at) }
        }
        throw row.fault("“order” is before or not after a key, or not after or not before trigger")
    }
}
