import Clock
import Kernel
import Timetables
import Web

/// What is asked: which event, on which day, and further days that its rules count from.
struct Question: Sendable {
    let start: Starts.Start
    let day: Day
    let more: [(extra: Desk.Extra, day: Day)]

    /// The same question as it stands in an address.
    var query: Query {
        Query(
            [(name: "event", value: start.name), (name: "date", value: day.iso)]
                + more.map { (name: $0.extra.name, value: $0.day.iso) })
    }

    func prospect(_ desk: Desk) -> Prospect? {
        let facts = more.map { extra, day -> Fact in
            var values = [Fact.Value?](repeating: nil, count: desk.law.factKinds[extra.kind].keys.count)
            values[extra.key] = .day(day)
            return Fact(kind: extra.kind, values: values)
        }
        let following = Prospect.Following(with: desk.starts.with, then: desk.starts.then)
        return desk.law.prospect(of: start.event, on: day, facts: facts, following: following)
    }

    // MARK: - From a page

    /// Reads what somebody picked and typed; notes at the field what is wrong. Nil where it cannot be answered.
    init?(_ form: inout Form, _ desk: Desk) {
        let start = desk.starts.start(named: form["event"])
        if start == nil {
            form.refuse("event", form["event"].isEmpty ? "Pick what happened" : "Pick what happened from the list")
        }
        let day = form.day("date", orSay: "Write the day, as 16/3/2026")
        var more: [(Desk.Extra, Day)] = []
        for extra in start.map({ desk.extras(of: $0.event) }) ?? [] where !form[extra.name].isEmpty {
            guard let written = form.day(extra.name, orSay: "Write the day") else { continue }
            if let day, let why = Self.contradiction(extra, written, day, desk) {
                form.refuse(extra.name, why)
            } else {
                more.append((extra, written))
            }
        }
        guard form.errors.isEmpty, let start, let day else { return nil }
        (self.start, self.day, self.more) = (start, day, more)
    }

    /// Why a further day cannot be beside that of the event.
    private static func contradiction(_ extra: Desk.Extra, _ day: Day, _ event: Day, _ desk: Desk) -> String? {
        switch desk.law.factKinds[extra.kind].keys[extra.key].order {
        case .notAfterTrigger where day > event:
            "This is after \(event.inWords), the day of what you picked. Write a day up to then"
        case .notBeforeTrigger where day < event:
            "This is before \(event.inWords), the day of what you picked. Write a day from then on"
        default: nil
        }
    }

    // MARK: - From a program

    /// What is wrong with one part of a program’s question, and what is allowed there.
    struct Wrong: Error, Hashable {
        let field: String
        let message: String
        let allowed: [String]
    }

    struct Wrongs: Error {
        let all: [Wrong]
    }

    /// How a program writes a day.
    static let dayForm = "a day as 2026-03-16, from 1800-01-01 to 2999-12-31"

    /// Reads a program’s question to the letter: every name known and there once, days as `2026-03-16`.
    ///
    /// - Throws: `Wrongs` with all that is wrong.
    init(strict query: Query, _ desk: Desk) throws(Wrongs) {
        var wrongs: [Wrong] = []
        let names = desk.starts.all.map(\.name)
        func value(_ name: String) -> String? {
            let values = query.pairs.filter { $0.name == name }.map(\.value)
            if values.count > 1 {
                wrongs.append(Wrong(field: name, message: "This stands \(values.count) times", allowed: ["once"]))
            }
            return values.count == 1 ? values[0] : nil
        }
        func day(_ name: String) -> Day? {
            guard let text = value(name) else { return nil }
            do { return try Day(iso: text) } catch {
                wrongs.append(Wrong(field: name, message: "\(error)", allowed: [Self.dayForm]))
                return nil
            }
        }
        let named = value("event")
        let start = named.flatMap { desk.starts.start(named: $0) }
        let extras = start.map { desk.extras(of: $0.event) } ?? []
        if let named, start == nil {
            let shown = Malformed(wanted: "an event", given: named, reason: "it is not in the list").description
            wrongs.append(Wrong(field: "event", message: shown, allowed: names))
        }
        let date = day("date")
        for (name, allowed) in [("event", names), ("date", [Self.dayForm])]
        where !query.pairs.contains(where: { $0.name == name }) {
            wrongs.append(Wrong(field: name, message: "This is needed", allowed: allowed))
        }
        var more: [(Desk.Extra, Day)] = []
        for extra in extras {
            guard let written = day(extra.name) else { continue }
            if let date, let why = Self.contradiction(extra, written, date, desk) {
                wrongs.append(Wrong(field: extra.name, message: why, allowed: [Self.dayForm]))
            }
            more.append((extra, written))
        }
        let known = ["event", "date"] + extras.map(\.name)
        // Where the event is not known, neither is which further days it has.
        let possible = start == nil ? known + desk.starts.all.flatMap { desk.extras(of: $0.event).map(\.name) } : known
        var told = Set<String>()
        for (name, _) in query.pairs where !possible.contains(name) && told.insert(name).inserted {
            let shown = Malformed(wanted: "a name", given: name, reason: "").given ?? ""
            wrongs.append(Wrong(field: shown, message: "This name is not known here", allowed: known))
        }
        guard wrongs.isEmpty, let start, let date else { throw Wrongs(all: wrongs) }
        (self.start, self.day, self.more) = (start, date, more)
    }
}
