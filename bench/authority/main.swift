import Access
import AccessServer
import Casework
import CaseworkServer
import Clock
import Console
import Foundation
import Kernel
import People
import PeopleServer
import Storage
import TimetablesServer

// Makes a whole authority of cases in a data folder, and recomputes all their limits from it. Run it by run.py.

let clock = WallClock { Instant(milliseconds: Int(Date.now.timeIntervalSince1970 * 1000)) }

/// How many open cases an officer has.
let load = 210

/// Children with their cases, invented from a seed: about 29 events to a child.
struct Invention {
    private var state: UInt64
    private let today: Day

    init(seed: UInt64, today: Day) { (state, self.today) = (seed, today) }

    private mutating func roll(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(1, count)
    }

    /// Something that will have happened, before it has its place in the case.
    private struct Planned {
        let kind: CaseEvent.Kind
        let day: Day
        var source = ""
        var outcome = ""
        var fact = ""
        var texts: [TextPart: String] = [:]
    }

    private static let given = ["Amira", "Ben", "Chloe", "Dev", "Ella", "Faisal", "Grace", "Hamza", "Isla", "Jakub"]
    private static let family = ["Ahmed", "Brown", "Chowdhury", "Davies", "Evans", "Fox", "Green", "Hussain", "Khan"]

    mutating func child(_ number: Int) -> (Person, Whereabouts, [CaseHistory]) {
        let id = "child-\(number)"
        let person = Person(
            id: ID(id), given: Self.given[roll(Self.given.count)], family: Self.family[roll(Self.family.count)],
            born: today - .days(1500 + roll(6500)), version: 1)
        let place = Whereabouts(
            address: "\(number % 200 + 1) Invented Row", postcode: "B11 9ZZ", telephone: "", setting: "Invented School")
        // One in sixteen is under way; of the others a plan is being made, so that every case is open.
        let first = today - .days(number % 16 == 0 ? roll(150) : 200 + roll(3450))
        var cases: [CaseHistory] = []
        if roll(4) == 0 {
            cases.append(CaseHistory("case-\(number)-0", steps(refused(first - .days(200 + roll(200))))))
        }
        cases.append(CaseHistory("case-\(number)-1", steps(assessed(first))))
        return (person, place, cases)
    }

    private mutating func begun(_ first: Day) -> [Planned] {
        let byFamily = roll(3) > 0
        let requester: Requester = byFamily ? .parent : .school
        return [
            Planned(
                kind: .requested, day: first, source: requester.rawValue,
                texts: [byFamily ? .own : .asked: "More help is needed than the setting can give alone."]),
            Planned(kind: .acknowledged, day: first + .days(roll(10))),
            Planned(
                kind: .consulted, day: first + .days(10 + roll(15)), texts: [.how: "By telephone, with both parents."]),
        ]
    }

    private mutating func refused(_ first: Day) -> [Planned] {
        begun(first) + [
            Planned(
                kind: .decided, day: first + .days(30 + roll(14)), outcome: CaseEvent.refuse,
                texts: [.reasons: "Support has only begun and helps.", .help: "The school’s own support goes on."])
        ]
    }

    private mutating func assessed(_ first: Day) -> [Planned] {
        let decided = first + .days(30 + roll(14))
        var all = begun(first)
        all.append(
            Planned(
                kind: .decided, day: decided, outcome: CaseEvent.assess,
                texts: [
                    .needs: "Yes. Several professionals agree on it.", .plan: "Yes. Help so far was not enough.",
                    .reasons: "Both parts of the test are met.",
                ]))
        for kind in AdviceKind.allCases.prefix(7 + roll(3)) {
            let sent = decided + .days(1 + roll(4))
            let reached = sent + .days(roll(4))
            all.append(
                Planned(
                    kind: .adviceSent, day: sent, source: kind.rawValue,
                    outcome: kind == .medical ? CaseEvent.byLaw : CaseEvent.byService,
                    texts: [.body: "\(kind.words) (invented)"]))
            all.append(Planned(kind: .adviceReachedBody, day: reached, source: kind.rawValue))
            all.append(Planned(kind: .adviceCame, day: reached + .days(20 + roll(40)), source: kind.rawValue))
        }
        if roll(8) == 0 {
            let day = first + .days(20)
            all.append(
                Planned(
                    kind: .claimed, day: day + .days(8),
                    fact: "exceptional_circumstances:date=\(day.iso);evidence=yes",
                    texts: [.because: "A long stay in hospital, by the letter of the ward."]))
        }
        if roll(2) == 0 {
            all.append(
                Planned(
                    kind: .targeted, day: decided + .days(3), outcome: "E-FINAL", fact: (first + .days(140)).iso))
        }
        all.append(
            Planned(
                kind: .issueDecided, day: decided + .days(70 + roll(40)), texts: [.reasons: "By all advice together."]))
        return all
    }

    /// What has happened by today, in order, each piece of advice with the request that it answers.
    private func steps(_ planned: [Planned]) -> [CaseHistory.Step] {
        let order = planned.indices.filter { planned[$0].day <= today }.sorted {
            (planned[$0].day.number, $0) < (planned[$1].day.number, $1)
        }.map { planned[$0] }
        let asked = Dictionary(
            order.enumerated().filter { $0.element.kind == .adviceSent }.map { ($0.element.source, $0.offset + 1) },
            uniquingKeysWith: { first, _ in first })
        return order.map { one in
            let isAnswer = one.kind == .adviceReachedBody || one.kind == .adviceCame
            return CaseHistory.Step(
                one.kind, on: one.day, source: one.source, outcome: one.outcome, fact: one.fact,
                about: isAnswer ? asked[one.source] : nil, texts: one.texts)
        }
    }
}

/// Puts the children, their officers and their cases into the database.
func make(_ children: Int, seed: UInt64, in database: any Database) async throws {
    let officers = max(1, children / load)
    try await database.write(for: .operation) { tx in
        for number in 0..<officers {
            let id = "officer-\(number)"
            try AccessStore.keepAccount(
                id, login: "\(id)@continuum.invalid", name: "Officer \(number)", about: "made for a measurement", in: tx
            )
            try AccessStore.grant(.caseOfficer, to: id, in: tx)
        }
    }
    var invention = Invention(seed: seed, today: clock.today)
    for start in stride(from: 0, to: children, by: 500) {
        let some = (start..<min(start + 500, children)).map { ($0, invention.child($0)) }
        try await database.write(for: .operation) { tx in
            let end = tx.now.adding(milliseconds: 366 * 86_400_000)
            for (number, (person, place, cases)) in some {
                let officer = "officer-\(number % officers)"
                try People.keep(person, place, in: tx)
                try AccessStore.relate(
                    officer, to: person.id.text, as: .caseTeam, until: end, evidence: "allocation of the case", in: tx)
                for one in cases { try one.keep(of: person.id.text, by: officer, in: tx) }
            }
        }
    }
}

/// Every open case as its events.
func read(_ database: any Database) async throws -> [Case] {
    let open = CaseState.allCases.filter(\.isOpen).map(\.rawValue)
    return try await database.read { tx in
        var (cases, id, events) = ([Case](), "", [CaseEvent]())
        try tx.stream(
            """
            SELECT case_event.ehc_case, case_event.id, kind, day, source, outcome, about, fact
            FROM case_event JOIN ehc_case ON ehc_case.id = case_event.ehc_case
            WHERE state IN \(open) ORDER BY case_event.ehc_case, number
            """
        ) { row in
            let next = try String.reading(row.value(at: 0))
            if next != id, !events.isEmpty {
                cases.append(Case(id, events))
                events = []
            }
            id = next
            guard let kind = CaseEvent.Kind(rawValue: try String.reading(row.value(at: 2))) else { return }
            events.append(
                CaseEvent(
                    try String.reading(row.value(at: 1)), kind, on: try Day.reading(row.value(at: 3)),
                    source: try String.reading(row.value(at: 4)), outcome: try String.reading(row.value(at: 5)),
                    about: try String.reading(row.value(at: 6)), fact: try String.reading(row.value(at: 7))))
        }
        if !events.isEmpty { cases.append(Case(id, events)) }
        return cases
    }
}

/// What the process has had of the processor, in seconds: other work beside it does not count.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Recomputes all limits of all open cases, and prints what there was and what each part took of the processor.
func reckon(_ database: any Database) async throws {
    let statute = Statute(try Law.shipped(in: try Share.found(named: nil)))
    let today = clock.today
    var start = processorSeconds()
    let cases = try await read(database)
    let reading = processorSeconds() - start
    var limits = 0
    /// As lists need them, and then with the sentence of each.
    let reckoning = [false, true].map { isExplained in
        start = processorSeconds()
        limits = 0
        for file in cases { limits += statute.times(of: file, on: today, explained: isExplained).limits.count }
        return processorSeconds() - start
    }
    let events = cases.reduce(0) { $0 + $1.events.count }
    let words =
        [
            "\(cases.count)", "\(events)", "\(limits)", String(format: "%.3f", reading),
        ] + reckoning.map { String(format: "%.3f", $0) }
    print(words.joined(separator: "\t"))
}

let arguments = CommandLine.arguments
guard arguments.count > 2 else {
    FileHandle.standardError.write(Data("bench-authority make FOLDER CHILDREN SEED | reckon FOLDER\n".utf8))
    exit(64)
}
let database = try SQLite(path: arguments[2] + "/continuum.sqlite", clock: clock)
switch arguments[1] {
case "make":
    guard arguments.count == 5, let children = Int(arguments[3]), let seed = UInt64(arguments[4]) else { exit(64) }
    try await make(children, seed: seed, in: database)
default: try await reckon(database)
}
