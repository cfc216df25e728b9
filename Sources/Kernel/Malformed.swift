/// A value that cannot be what it is meant to be, said so that a person can put it right.
///
/// `given` is what was written, cut short; it is nil for numbers that identify a person, so that the
/// description of the error can be logged.
public struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wanted, with its article: `a postcode`.
    public let wanted: String
    /// What was written, at most 40 characters of it.
    public let given: String?
    /// What is wrong with it and what is allowed, as one clause.
    public let reason: String

    public init(wanted: String, given: (some StringProtocol)?, reason: String) {
        self.wanted = wanted
        self.given = given.map { Self.shortened($0) }
        self.reason = reason
    }

    /// For a number that identifies a person: what was written is kept out of the error.
    public init(wanted: String, reason: String) {
        self.init(wanted: wanted, given: Optional<String>.none, reason: reason)
    }

    public var description: String {
        guard let given else { return "This is not \(wanted): \(reason)" }
        return given.isEmpty
            ? "Nothing is written where \(wanted) is wanted: \(reason)" : "“\(given)” is not \(wanted): \(reason)"
    }

    private static func shortened(_ text: some StringProtocol) -> String {
        let seen = text.unicodeScalars.prefix(40).map { $0.value < 32 || $0.value == 127 ? "\u{FFFD}" : $0 }
        var short = String(String.UnicodeScalarView(seen))
        if text.unicodeScalars.count > 40 { short += "…" }
        return short
    }
}

/// An error whose description is a sentence for the person who met it: what is wrong, and what to do.
public protocol SaidPlainly: Error, CustomStringConvertible {}
