import Kernel

/// How the open points of law are answered here: rows of `share/law/settings.csv`, cautious unless an
/// authority changes them.
public struct Settings: Sendable {
    /// An open point: the question, the answer in force and those that are allowed.
    public struct Point: Hashable, Sendable {
        public let id: String
        public let question: String
        public let value: String
        public let allowed: [String]
        /// `here`, or the file that holds it.
        public let keptIn: String
        public let says: String
        public let source: String
    }

    public let points: [Point]
    /// L1: “before” a date means the day before it.
    let isDayBefore: Bool
    /// L2: “at least” so long before is counted in clear days.
    let areClearDays: Bool
    /// L3: a limit that leaves a weekend goes on past August and the new year.
    let isFirstOpenDay: Bool
    /// L4: working days from posting to receipt.
    let postDays: Int
    /// L5: an order’s clock runs from the day it was made.
    let isFromMade: Bool
    /// L6: the earliest of several requests governs.
    let isEarliest: Bool
    /// L10: claims after the limit are refused.
    let areLateClaimsRefused: Bool

    /// The words of an open point.
    public func point(_ id: String) -> Point? { points.first { $0.id == id } }

    init(_ points: [Point]) throws(LawFault) {
        self.points = points
        func value(_ id: String) throws(LawFault) -> String {
            guard let point = points.first(where: { $0.id == id }) else {
                throw LawFault(file: "settings.csv", line: nil, why: "the open point \(id) is not there")
            }
            return point.value
        }
        isDayBefore = try value("L1") == "day-before"
        areClearDays = try value("L2") == "clear"
        isFirstOpenDay = try value("L3") == "first-open"
        postDays = Digits.number(try value("L4")) ?? 2
        isFromMade = try value("L5") == "made"
        isEarliest = try value("L6") == "earliest"
        areLateClaimsRefused = try value("L10") == "refused"
    }
}
