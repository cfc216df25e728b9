import Kernel

/// That somebody has died, as it was confirmed and by whom.
public struct Death: Hashable, Sendable {
    /// How the one who confirmed it knows.
    public enum Source: String, CaseIterable, Hashable, Sendable {
        case register, hospital, police
        case familyAndDocument = "family-document"

        public var words: String {
            switch self {
            case .register: "a register office"
            case .hospital: "a hospital or hospice"
            case .police: "the police or a coroner"
            case .familyAndDocument: "the family, and a document was seen"
            }
        }
    }

    public let id: ID<Death>
    public let day: Day
    public let source: Source
    /// Who confirmed it: a name, an office, a reference.
    public let confirmer: String
    /// When it was entered, and by which account.
    public let made: Instant
    public let recorder: String

    public init(id: ID<Death>, day: Day, source: Source, confirmer: String, made: Instant, recorder: String) {
        (self.id, self.day, self.source) = (id, day, source)
        (self.confirmer, self.made, self.recorder) = (confirmer, made, recorder)
    }

    /// What is wrong with a day of death, in words; nil where nothing is.
    public static func fault(of day: Day, born: Day, today: Day) -> String? {
        if day > today { return "The day is yet to come: write the day on which they died" }
        if day < born { return "This is before the day of birth, \(born.inWords)" }
        return nil
    }
}
