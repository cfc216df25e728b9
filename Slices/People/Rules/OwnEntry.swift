import Kernel

/// Something that a child, young person or parent has to say, in their own words.
public struct OwnEntry: Hashable, Sendable {
    public let id: ID<OwnEntry>
    /// The account that wrote it, which alone may change it.
    public let author: String
    public let words: String
    /// Whether the child keeps it from their parents.
    public let isKept: Bool
    public let made: Instant
    public let version: Int

    public init(id: ID<OwnEntry>, author: String, words: String, isKept: Bool, made: Instant, version: Int) {
        (self.id, self.author, self.words, self.isKept) = (id, author, words, isKept)
        (self.made, self.version) = (made, version)
    }
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
