import Kernel

/// Something that a child, young person or parent has to say, in their own words.
public struct OwnEntry: Hashable, Sendable {
    public let id: ID<OwnEntry>
    /// The account that wrote it, which alone may change it.
    public let author: String
    public let words: String
    /// Whether the child keeps it from their parents.
    public let isKept: Bool
    /// Those to whom its author does not show it.
    public let withheld: Set<Sector>
    public let made: Instant
    public let version: Int

    public init(
        id: ID<OwnEntry>, author: String, words: String, isKept: Bool, withheld: Set<Sector> = [], made: Instant,
        version: Int
    ) {
        (self.id, self.author, self.words, self.isKept) = (id, author, words, isKept)
        (self.withheld, self.made, self.version) = (withheld, made, version)
    }
}

/// Who works with a child beside the council’s special educational needs team, as a family decides with whom it shares
/// what it says. Rule `sharing/1`: an entry is shown to whoever may see own words by the access model, but for those of
/// a sector that its author left out; whoever works for two sectors sees what either may.
///
/// - Source: Birmingham SEND strategy 2012, INF-2: consent, sector by sector.
public enum Sector: String, CaseIterable, Comparable, Sendable {
    case education, health
    case socialCare = "social-care"

    public static let rule = "sharing/1"

    public var words: String {
        switch self {
        case .education: "Education: the nursery, school or college, and the educational psychologist"
        case .health: "Health: doctors, nurses, therapists and health visitors"
        case .socialCare: "Social care"
        }
    }

    public var short: String {
        switch self {
        case .education: "education"
        case .health: "health"
        case .socialCare: "social care"
        }
    }

    public static func < (one: Sector, other: Sector) -> Bool { one.rawValue < other.rawValue }
}

/// Whether a child may keep an entry from their parents.
public enum KeepingFromParents {
    /// From sixteen they are taken to understand what that means; before, somebody has to have judged that they do.
    ///
    /// - Law: Gillick v West Norfolk and Wisbech AHA [1986] AC 112: a child who understands may decide.
    /// - Law: Mental Capacity Act 2005, sections 1(2) and 2(5): from sixteen, capacity is assumed.
    public static func isAllowed(born: Day, on today: Day, isJudgedToUnderstand: Bool) -> Bool {
        isJudgedToUnderstand || ((try? Age(born: born, on: today).years) ?? 0) >= 16
    }
}
