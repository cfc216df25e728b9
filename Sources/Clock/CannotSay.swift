import Kernel

/// Why a limit cannot be said. No date is ever given in its place.
public enum CannotSay: Error, Hashable, Sendable, CustomStringConvertible, SaidPlainly {
    case unknownRule(String)
    /// The day of the event lies outside every version of the rule.
    case outsideValidity(rule: String, Day, first: Day, last: Day?)
    /// A fact without which the rule has no start.
    case missing(fact: String, says: String)
    /// Something that was written and cannot be so: a sentence.
    case impossible(String)
    case notHeld(Malformed)
    /// The limit lies beyond the days that a date can be.
    case beyondCalendar

    public var description: String {
        switch self {
        case .unknownRule(let id):
            id.isEmpty
                ? "no rule is named"
                : "“\(Malformed(wanted: "", given: id, reason: "").given ?? "")” is not a rule that is held"
        case .outsideValidity(let rule, let day, let first, let last):
            "the rule \(rule) is held from \(first.inWords) \(last.map { "to \($0.inWords)" } ?? "on"), "
                + "and \(day.inWords) lies outside that"
        case .missing(let fact, let says): "the rule counts from \(says), so the fact “\(fact)” is needed"
        case .impossible(let why): why
        case .notHeld(let malformed): malformed.reason
        case .beyondCalendar: "the limit would lie outside the years 1800 to 2999"
        }
    }
}

/// Why a file of the law is refused: the file, the line and what is wrong. Nothing is loaded then.
public struct LawFault: Error, Hashable, Sendable, CustomStringConvertible, SaidPlainly {
    public let file: String
    /// Counted from 1, or nil where it is the file as a whole.
    public let line: Int?
    public let why: String

    public var description: String {
        "The law as shipped cannot be used: \(file)\(line.map { ", line \($0)" } ?? ""): \(why)."
    }
}
