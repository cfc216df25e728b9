import Kernel

/// Why an entry cannot be confirmed.
public enum ConfirmationRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case noSuchEntry
    case closed(Day)
    case invented
    case inTheFuture(Day)
    case tooLongAgo(Day)

    public var description: String {
        switch self {
        case .noSuchEntry: "There is no entry of this id."
        case .closed(let day): "It has been closed since \(day.inWords)."
        case .invented: "It was made up for the demonstration, so nobody can say that it is right."
        case .inTheFuture(let day): "\(day.inWords) has not come yet."
        case .tooLongAgo(let day): "\(day.inWords) is more than five years ago: ask again."
        }
    }
}

extension Entry {
    /// This entry, once the school or service has said that it is right.
    ///
    /// What the strategy of 2012 said of its needs is from then on what it says itself.
    ///
    /// - Parameters:
    ///   - day: the day it said so.
    ///   - today: the day it is now.
    public func confirmed(on day: Day, today: Day) throws(ConfirmationRefusal) -> Entry {
        if case .closed(let noted, _) = standing { throw .closed(noted) }
        if isInvented { throw .invented }
        if day > today { throw .inTheFuture(day) }
        if day < today.adding(.days(-5 * 365)) { throw .tooLongAgo(day) }
        var entry = self
        let said = Provenance("provider", asOf: day)
        entry.confirmed = day
        entry.facts[.status] = said
        if case .listedIn2012(let needs) = needs {
            entry.needs = .listed(needs)
            entry.facts[.needs] = said
        }
        return entry
    }
}
