import Clock
import Kernel
import Storage
import Timetables
import Web

extension Law {
    /// The law as shipped with this version.
    ///
    /// - Throws: `LawFault`, `FileFault`, `TableFault` or `Malformed`, saying which file cannot be used.
    public static func shipped(in share: Share) throws -> Law {
        let calendar = try WorkingDays(files: [
            share.bytes("calendar/bank_holidays_england.csv"),
            share.bytes("calendar/england_bank_holidays_2010_2035.csv"),
        ])
        return try Law(Law.Files { try share.bytes("law/" + $0) }, calendar: calendar)
    }
}

/// The law of time limits, kept in memory.
public let lawInForce = Live<Law>("law in force", follows: []) { _, share in try Law.shipped(in: share) }

/// What may be picked, beside the law.
let timetableDesk = Live<Desk>("timetable", follows: []) { _, share in
    try Desk(
        law: try Law.shipped(in: share), starts: share.bytes("law/starts.csv"), titles: share.bytes("law/titles.csv"))
}

/// The law with the events that anyone may pick from it, and what each limit is called.
struct Desk: Sendable {
    let law: Law
    let starts: Starts
    let titles: Titles
    private let says: [String: String]

    /// - Throws: `StartsFault` where the files do not fit the law.
    init(law: Law, starts: [UInt8], titles: [UInt8]) throws {
        let opening = Set(law.rules.flatMap(\.triggers))
        let events = Dictionary(uniqueKeysWithValues: law.events.map { ($0.code, opening.contains($0.code)) })
        self.law = law
        self.starts = try Starts(starts, events: events, points: Set(law.settings.points.map(\.id)))
        self.titles = try Titles(titles, rules: Set(law.rules.map(\.id)))
        says = Dictionary(uniqueKeysWithValues: law.events.map { ($0.code, $0.says) })
    }

    /// An event in words: `A request for an EHC needs assessment arrived`.
    func says(_ event: String) -> String { says[event] ?? event }

    func regime(of rule: Rule) -> Regime? { law.regimes.first { $0.id == rule.regime } }

    /// A day that some rule of an event counts from, besides the event’s own.
    struct Extra: Sendable {
        /// As it is asked for: `last_review`.
        let name: String
        let says: String
        let isNeeded: Bool
        let kind: Int
        let key: Int
    }

    func extras(of event: String) -> [Extra] {
        var extras: [Extra] = []
        for rule in law.rules where rule.triggers.contains(event) {
            guard case .length(let limbs, _, _)? = rule.period else { continue }
            for limb in limbs {
                guard case .fact(let kind, let key, let isNeeded) = limb.start else { continue }
                let fact = law.factKinds[kind]
                let name = fact.keys.count == 1 ? fact.name : "\(fact.name).\(fact.keys[key].name)"
                if extras.contains(where: { $0.name == name }) { continue }
                extras.append(Extra(name: name, says: fact.says, isNeeded: isNeeded, kind: kind, key: key))
            }
        }
        return extras
    }
}
