import Casework
import CaseworkServer
import Kernel

/// Disagreements of the demonstration: a reassessment refused, a certificate, an appeal that waits, one decided.
extension DemoCases {
    /// A reassessment that was asked for, and refused in time; the refusal is its third step.
    static func notReassessed(_ decided: Day) -> [Step] {
        [
            Step(
                .reassessRequested, on: decided - .days(13), source: Reasker.parent.rawValue,
                texts: [.own: "Since secondary school nothing in the plan fits any more."]),
            Step(.assessed, on: decided - .days(800)),
            Step(
                .reassessDecided, on: decided, source: ReassessmentGround.notNecessary.rawValue,
                outcome: CaseEvent.refuse,
                texts: [
                    .reasons: "The review of last term found that the plan fits, and says why.",
                    .help: "The plan goes on; its next review is brought forward to this term.",
                ]),
        ]
    }

    /// A refusal to assess, a month old, with the certificate of a mediation adviser.
    static func certified(_ today: Day) -> [Step] {
        let steps = refused(today)
        return steps + [
            about(steps, .adviserContacted, on: today - .days(16)),
            about(steps, .mediationDeclined, on: today - .days(11)),
            about(steps, .certified, on: today - .days(10), texts: [.reference: "MA-1043 (invented)"]),
        ]
    }

    /// A refusal to reassess that is before the Tribunal and waits for the council’s response.
    static func appealed(_ today: Day) -> [Step] {
        let steps = notReassessed(today - .days(60))
        return steps + [
            about(steps, .certified, on: today - .days(40), texts: [.reference: "MA-0988 (invented)"]),
            about(steps, .appealed, on: today - .days(28), source: AppealMatter.reassess.rawValue),
            about(steps, .appealReachedUs, on: today - .days(24)),
        ]
    }

    /// A refusal to assess that the Tribunal set aside three weeks ago: its order runs.
    static func ordered(_ today: Day) -> [Step] {
        let steps = refused(today - .days(160))
        return steps + [
            about(steps, .certified, on: today - .days(175), texts: [.reference: "MA-0731 (invented)"]),
            about(steps, .appealed, on: today - .days(150), source: AppealMatter.assess.rawValue),
            about(steps, .appealReachedUs, on: today - .days(146)),
            about(steps, .appealAnswered, on: today - .days(110)),
            about(steps, .heard, on: today - .days(30)),
            about(
                steps, .ordered, on: today - .days(21), outcome: TribunalOrder.assess.rawValue,
                fact: (today - .days(23)).iso, texts: [.how: "The council assesses, for reasons given (invented)."]),
            about(steps, .followed, on: today - .days(12)),
        ]
    }

    /// A step about the decision with which these end.
    private static func about(
        _ steps: [Step], _ kind: CaseEvent.Kind, on day: Day, source: String = "", outcome: String = "",
        fact: String = "", texts: [TextPart: String] = [:]
    ) -> Step {
        Step(kind, on: day, source: source, outcome: outcome, fact: fact, about: steps.count, texts: texts)
    }
}
