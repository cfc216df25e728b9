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

        public init(
            _ kind: CaseEvent.Kind, on day: Day, source: String = "", outcome: String = "", fact: String = "",
            about: Int? = nil, texts: [TextPart: String] = [:]
        ) {
            (self.kind, self.day, self.source, self.outcome) = (kind, day, source, outcome)
            (self.fact, self.about, self.texts) = (fact, about, texts)
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
            file = Case(id, file.events + [event])
        }
        return true
    }
}
