import Access
import AccessServer
import Casework
import CaseworkServer
import Kernel
import Storage

extension Demo {
    /// Cases in every state that casework knows, of invented children of the city: early, near their day, late,
    /// excused. The same city has the same cases; those that are here already are left alone.
    ///
    /// - Throws: a fault of the database.
    public func prepareCases() async throws {
        let today = try await madeFor() ?? today
        let children = try await database.read { tx in try DemoChildren.withNeeds(limit: DemoCases.count, in: tx) }
        for (number, child) in children.enumerated() {
            let officer = number % 3 == 2 ? "grace" : "priya"
            let histories = DemoCases.histories(number, ref: child.ref, today: today)
            try await database.write(for: .operation) { tx in
                tx.record(.housekeeping)
                for history in histories where try history.keep(of: child.person, by: officer, in: tx) {
                    try AccessStore.relate(
                        officer, to: child.person, as: .caseTeam, until: tx.now.adding(milliseconds: 366 * 86_400_000),
                        evidence: "officer of the case", in: tx)
                }
            }
            progress("Beginning cases", number + 1, children.count)
        }
        let waiting = children.enumerated().filter { DemoCases.isForPanel($0.offset) }.map {
            DemoCases.histories($0.offset, ref: $0.element.ref, today: today).last?.id ?? ""
        }
        try await database.write(for: .operation) { tx in
            let panel = PanelHistory(
                "panel-demo-\(today.iso)", "Moderation panel", on: today + .days(3), members: ["megan"])
            try panel.keep(cases: waiting, in: tx)
        }
    }
}

/// The cases of the demonstration: sixteen stories, told of three children each.
enum DemoCases {
    static let count = 48

    typealias Step = CaseHistory.Step

    /// Whether a case of this number goes before the panel: all advice is there, or the decision to assess is near.
    static func isForPanel(_ number: Int) -> Bool { [1, 5].contains(number % stories.count) }

    static func histories(_ number: Int, ref: String, today: Day) -> [CaseHistory] {
        let name = "demo-\(ref.lowercased())"
        // Children of one story are some days apart, so that no two lists are the same.
        let shift = number / stories.count * 2
        let story = stories[number % stories.count]
        return story(today - .days(shift)).enumerated().map { CaseHistory("\(name)-\($0.offset + 1)", $0.element) }
    }

    private static let stories: [@Sendable (Day) -> [[Step]]] = [
        { [asked($0 - .days(10), by: .parent)] },
        { [asked($0 - .days(33), by: .school) + [consulted($0 - .days(15))]] },
        { [asked($0 - .days(60), by: .parent) + [consulted($0 - .days(40))]] },
        { today in [asked(today - .days(55), by: .youngPerson) + [excuse(today - .days(30), seen: today - .days(12))]]
        },
        { [assessing($0, asked: 80, came: [.family: 30, .education: 12])] },
        { [assessing($0, asked: 100, came: Dictionary(uniqueKeysWithValues: AdviceKind.required.map { ($0, 20) }))] },
        { [decided($0, .issueDecided, asked: 128, on: 12)] },
        { [decided($0, .issueDecided, asked: 172, on: 36)] },
        { [notNecessary($0)] },
        { [refused($0)] },
        { [decided($0, .notIssued, asked: 112, on: 4)] },
        { [asked($0 - .days(47), by: .parent) + [withdrawn($0 - .days(30))], asked($0 - .days(6), by: .school)] },
        { [notReassessed($0 - .days(20))] },
        { [certified($0)] },
        { [appealed($0)] },
        { [ordered($0)] },
    ]

    private static func asked(_ day: Day, by requester: Requester) -> [Step] {
        let part: TextPart = requester.isFamily ? .own : .asked
        let words =
            requester.isFamily
            ? "We think that more help is needed than the school can give alone."
            : "What we can give from our own means has not been enough over three terms."
        return [
            Step(.requested, on: day, source: requester.rawValue, texts: [part: words]),
            Step(.acknowledged, on: day + .days(1)),
        ]
    }

    private static func consulted(_ day: Day) -> Step {
        Step(.consulted, on: day, texts: [.how: "By telephone: they wish for an assessment and say why."])
    }

    private static func excuse(_ day: Day, seen: Day) -> Step {
        Step(
            .claimed, on: seen, fact: "exceptional_circumstances:date=\(day.iso);evidence=yes",
            texts: [.because: "A long stay in hospital, by the letter of the ward."])
    }

    private static func assessing(_ today: Day, asked days: Int, came: [AdviceKind: Int]) -> [Step] {
        let decided = today - .days(days - 38)
        var steps = self.asked(today - .days(days), by: .parent) + [consulted(today - .days(days - 14))]
        steps.append(
            Step(
                .decided, on: decided, outcome: CaseEvent.assess,
                texts: [
                    .needs: "Yes. Several professionals agree on it.",
                    .plan: "Yes. What the school does from its own means has not been enough.",
                    .reasons: "Both parts of the test are met.",
                ]))
        for kind in AdviceKind.required {
            let isBound = kind == .medical
            steps.append(
                Step(
                    .adviceSent, on: decided + .days(1), source: kind.rawValue,
                    outcome: isBound ? CaseEvent.byLaw : CaseEvent.byService,
                    texts: [.body: "\(kind.words) (invented)"]))
            let place = steps.count
            // Whoever answered had the request.
            if isBound || came[kind] != nil {
                steps.append(Step(.adviceReachedBody, on: decided + .days(1), source: kind.rawValue, about: place))
            }
            if let ago = came[kind] {
                steps.append(
                    Step(
                        .adviceCame, on: today - .days(ago), source: kind.rawValue, about: place,
                        advice: words(of: kind)))
            }
        }
        return steps
    }

    private static func words(of kind: AdviceKind) -> [AdvicePart: String] {
        kind == .family
            ? [
                .views: "Loves water and music. Mornings are hard; a calm voice and a picture of what comes next help.",
                .outcomes: "To have a friend, and to tell us what hurts.",
            ]
            : [
                .needs: "Understands more than can be said; tires of noise within ten minutes. Kind to younger ones.",
                .outcomes:
                    "By the end of the year asks for what is wanted, in words or by pictures, at home and in class.",
                .provision: "Forty-five minutes a week with a specialist, and ten minutes a day by trained staff.",
                .seen: "Seen twice, once in class and once at home.",
            ]
    }

    private static func decided(_ today: Day, _ kind: CaseEvent.Kind, asked days: Int, on ago: Int) -> [Step] {
        let came = Dictionary(uniqueKeysWithValues: AdviceKind.required.map { ($0, ago + 8) })
        var texts: [TextPart: String] = [.reasons: "By all advice, weighed together by the panel."]
        if kind == .notIssued { texts[.help] = "The school goes on with its support; speech therapy begins this term." }
        return assessing(today, asked: days, came: came) + [Step(kind, on: today - .days(ago), texts: texts)]
    }

    private static func notNecessary(_ today: Day) -> [Step] {
        [
            Step(
                .told, on: today - .days(50), source: Teller.approach.rawValue,
                texts: [.told: "A nursery told us of the child.", .teller: "A nursery (invented)"]),
            Step(.acknowledged, on: today - .days(49)), consulted(today - .days(30)),
            Step(
                .notNecessary, on: today - .days(20),
                texts: [
                    .reasons: "The nursery can give what is needed from its own means.",
                    .help: "A visit of the early years team every fortnight, from next week.",
                ]),
        ]
    }

    static func refused(_ today: Day) -> [Step] {
        asked(today - .days(70), by: .parent) + [
            consulted(today - .days(50)),
            Step(
                .decided, on: today - .days(31), outcome: CaseEvent.refuse,
                texts: [
                    .needs: "Yes. The school describes them well.",
                    .plan: "No. Support of the school has only begun and helps.",
                    .reasons: "Support has only begun and helps; it is looked at again in spring.",
                    .help: "The school’s own support goes on, with a specialist teacher once a week.",
                ]),
        ]
    }

    private static func withdrawn(_ day: Day) -> Step {
        Step(.withdrawn, on: day, texts: [.reasons: "By the mother, on the telephone, without giving a reason."])
    }
}
