import Kernel

/// What it takes to open a record in an emergency, or a sealed one, and what follows.
public enum Emergency {
    /// Minutes for which the record is open.
    public static let minutes = 60
    /// Characters that a reason has at least: “urgent” is none.
    public static let leastReason = 20
    /// Days within which a second person approves, or the request is over.
    public static let approvalDays = 7

    /// The day by which somebody else has looked at why: two working days after.
    ///
    /// - Throws: `Malformed` where the calendar does not reach so far.
    public static func reviewDue(opened day: Day, _ calendar: WorkingDays) throws(Malformed) -> Day {
        try calendar.adding(2, to: day)
    }
}
