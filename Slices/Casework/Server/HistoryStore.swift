import AccessServer
import Casework
import Kernel
import Storage

/// A case that was kept elsewhere until now, as its events.
public struct CaseHistory: Sendable {
    public struct Step: Sendable {
        public let kind: CaseEvent.Kind
        public let day: Day
        public let source, outcome, fact: String
        /// Which step of the history asked for the advice that this one is about, counted from 1; nil where none.
        public let about: Int?
        public let texts: [TextPart: String]
        /// What advice says, where it came.
        public let advice: [AdvicePart: String]

        public init(
            _ kind: CaseEvent.Kind, on day: Day, source: String = "", outcome: String = "", fact: String = "",
            about: Int? = nil, texts: [TextPart: String] = [:], advice: [AdvicePart: String] = [:]
        ) {
            (self.kind, self.day, self.source, self.outcome) = (kind, day, source, outcome)
            (self.fact, self.about, self.texts, self.advice) = (fact, about, texts, advice)
        }
    }

    public let id: String
    public let steps: [Step]

    /// - Parameter id: what the case is called from now on; letters, figures and hyphens.
    public init(_ id: String, _ steps: [Step]) { (self.id, self.steps) = (id, steps) }
}

extension CaseHistory {
    /// Takes the case over: each event is checked as if it were noted on the last day, none has a letter or a mail, for
    /// those went out where it was kept. One that is here already is left alone.
    ///
    /// - Returns: false where a case of this identifier is here already.
    /// - Throws: `CaseRefusal` for what the law does not let happen, with nothing kept; `Malformed` for an identifier
    ///   that is none.
    @discardableResult
    public func keep(of person: String, by actor: String, in tx: any WriteTransaction) throws -> Bool {
        _ = try ID<CaseHistory>(checking: id)
        guard try Cases.version(of: id, in: tx) == nil else {
            tx.record(.housekeeping)
            return false
        }
        let today = tx.now.dayInEngland
        var file = Case(id, [])
        for step in steps {
            let about = step.about.map { "\(id)-\($0)" } ?? ""
            let event = CaseEvent(
                Cases.nextID(file), step.kind, on: step.day, source: step.source, outcome: step.outcome, about: about,
                fact: step.fact)
            try file.check(event, today: today)
            try Cases.add(Cases.Entry(event: event, texts: step.texts), to: file, of: person, by: actor, in: tx)
            try AdviceStore.keep(step.advice, [], with: event.id, in: tx)
            file = Case(id, file.events + [event])
        }
        return true
    }
}

/// An agenda that was kept elsewhere until now.
public struct PanelHistory: Sendable {
    private let meeting: PanelMeeting
    private let members: [String]

    /// - Parameter id: what the meeting is called from now on; letters, figures and hyphens.
    public init(_ id: String, _ name: String, on day: Day, members: [String]) {
        (meeting, self.members) = (PanelMeeting(id: id, name: name, day: day, version: 1), members)
    }

    /// Calls the meeting and puts these cases on its agenda, as far as they have a question for a panel. One of this
    /// identifier that is here already is left alone.
    public func keep(cases: [String], in tx: any WriteTransaction) throws {
        tx.record(.housekeeping)
        guard try tx.row("SELECT id FROM panel_meeting WHERE id = \(meeting.id)") == nil else { return }
        try Panels.call(meeting, members, in: tx)
        for id in cases {
            guard let person = try Cases.person(of: id, in: tx) else { continue }
            let file = try Cases.file(id, in: tx)
            guard PanelQuestion(of: file.state) != nil else { continue }
            try Panels.add("item-\(meeting.id)-\(id)", file, of: person, to: meeting, in: tx)
        }
    }
}
