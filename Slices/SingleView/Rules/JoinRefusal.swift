/// Why two persons cannot be joined or parted, or a change cannot be undone.
public enum JoinRefusal: Error, Hashable, Sendable {
    /// One of them is not there, or leads to another already.
    case notThere
    /// A label, a sealed set or a death closes the record of one: it is no matter for this page.
    case closed
    /// The records are not all this person’s, or none would stay.
    case notTheirs
    /// The records that would leave tell no name and day of birth.
    case nameless
    /// It was undone before.
    case undone
    /// What it moved was moved on by a later change, which has to be undone first.
    case later

    public var words: String {
        switch self {
        case .notThere: "One of the two is not there any more, or was joined to another since."
        case .closed: "One of the two records is protected. Nothing was changed: ask the safeguarding lead."
        case .notTheirs: "These records are not all this child’s, or none would stay. Nothing was changed."
        case .nameless: "The records that would leave tell no name and day of birth. Nothing was changed."
        case .undone: "This was undone before."
        case .later: "A later change rests on this one. Undo the later one first."
        }
    }
}
