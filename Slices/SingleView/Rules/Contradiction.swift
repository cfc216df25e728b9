import Kernel

/// What two records say that one child’s records hardly say both, however alike they are otherwise.
///
/// Rule `apart/1`: two NHS numbers that are both valid and differ; or two birthdays more than two years apart of which
/// neither is the first of January (which stands for “not known” in many a list) and that differ in day and month too,
/// also the other way round. Such a pair is never joined by the program: a person is asked.
public enum Contradiction: String, Hashable, Sendable {
    case nhsNumbers, birthdays

    public static let id = "apart/1"

    /// In words for whoever is asked.
    public var words: String {
        switch self {
        case .nhsNumbers: "two different NHS numbers"
        case .birthdays: "birthdays years apart"
        }
    }

    /// The contradiction between what two records say; nil where there is none.
    ///
    /// - Parameters:
    ///   - one: what the first says, by column.
    public static func between(_ one: [String: String], _ other: [String: String]) -> Contradiction? {
        if let mine = number(one), let theirs = number(other), mine != theirs { return .nhsNumbers }
        guard let mine = birthday(one), let theirs = birthday(other), abs(mine.days(since: theirs)) > 730 else {
            return nil
        }
        let ((_, month, day), (_, otherMonth, otherDay)) = (mine.civil, theirs.civil)
        if (month, day) == (otherMonth, otherDay) || (month, day) == (otherDay, otherMonth) { return nil }
        return .birthdays
    }

    private static func number(_ cells: [String: String]) -> String? {
        cells["nhs_number"].flatMap { try? NHSNumber($0) }?.text
    }

    private static func birthday(_ cells: [String: String]) -> Day? {
        guard let day = cells["born"].flatMap({ try? Day(iso: $0) }), (day.civil.month, day.civil.day) != (1, 1) else {
            return nil
        }
        return day
    }
}
