import Access
import Kernel

/// What somebody says is wrong in a record. Nothing is overwritten by it: the agency that said it puts it right, or the
/// answer says why not.
///
/// - Law: UK GDPR, article 16: whoever the data is about may have it put right, and completed.
public struct Correction: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case wrongFact = "wrong-fact"
        /// Something is missing from the record.
        case missing
        /// The record is of another child.
        case wrongRecord = "wrong-record"
    }

    public enum Outcome: String, CaseIterable, Hashable, Sendable {
        case putRight = "put-right"
        case notChanged = "not-changed"
    }

    /// How it was answered.
    public struct Answer: Hashable, Sendable {
        public let outcome: Outcome
        /// What was done, or why nothing was.
        public let words: String
        public let at: Instant

        public init(outcome: Outcome, words: String, at: Instant) {
            (self.outcome, self.words, self.at) = (outcome, words, at)
        }
    }

    /// What it is about.
    public struct Target: Hashable, Sendable {
        public let kind: Kind
        /// The number of the record; nil for what the council itself wrote down.
        public let record: Int?
        public let source: String
        /// The class of the fact that this source holds a record at all.
        public let sourceData: DataClass
        /// The code of the fact; empty where it is the record as a whole.
        public let fact: String
        public let data: DataClass
        /// What the record said when it was called wrong.
        public let held: String

        public init(
            kind: Kind, record: Int?, source: String, sourceData: DataClass, fact: String, data: DataClass, held: String
        ) {
            (self.kind, self.record, self.source, self.sourceData) = (kind, record, source, sourceData)
            (self.fact, self.data, self.held) = (fact, data, held)
        }
    }

    public let id: String
    public let person: String
    public let target: Target
    /// What would be right.
    public let wanted: String
    /// What else they have to say.
    public let words: String
    /// The account that asked.
    public let author: String
    public let received: Instant
    /// The last day for the answer.
    public let due: Day
    /// Why the time was extended; nil where it was not.
    public let extensionReason: String?
    public let answer: Answer?
    public let version: Int

    public init(
        id: String, person: String, target: Target, wanted: String, words: String, author: String, received: Instant,
        due: Day, extensionReason: String?, answer: Answer?, version: Int
    ) {
        (self.id, self.person, self.target, self.wanted, self.words) = (id, person, target, wanted, words)
        (self.author, self.received, self.due, self.extensionReason) = (author, received, due, extensionReason)
        (self.answer, self.version) = (answer, version)
    }

    /// Whether the last day has passed and nobody has answered.
    public func isLate(on today: Day) -> Bool { answer == nil && today > due }

    /// Whether its words stay with the officer of the case, whatever office reads the list: a label closes the record,
    /// or it is of a kind that keeps people safe.
    public func isKeptWithCase(hasLabel: Bool) -> Bool {
        let close: Set<DataClass> = [.youthJustice, .safeguarding, .thirdParty]
        return hasLabel || close.contains(target.data) || close.contains(target.sourceData)
    }
}
