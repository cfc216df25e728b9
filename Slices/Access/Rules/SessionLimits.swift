import Kernel

/// How long a session lasts, and how slowly passwords may be tried.
public enum SessionLimits {
    /// Minutes without a request after which a session has ended.
    public static let idleMinutes = 60
    /// Hours after which a session has ended, however much it is used.
    public static let hours = 12
    /// Minutes for the second step of signing in.
    public static let secondStepMinutes = 10
    /// Minutes after signing in for which the ways to sign in may be changed.
    public static let freshMinutes = 10
    /// Wrong codes after which signing in begins again with the password.
    public static let mostWrongCodes = 5

    /// Whether a session holds now.
    ///
    /// - Parameters:
    ///   - seen: when it was last used.
    ///   - ends: when it ends, however much it is used.
    public static func holds(seen: Instant, ends: Instant, at now: Instant) -> Bool {
        now < ends && now < seen.adding(milliseconds: idleMinutes * 60_000)
    }

    /// Whether a session began so lately that it may change by what its owner signs in.
    public static func isFresh(began: Instant, at now: Instant) -> Bool {
        now < began.adding(milliseconds: freshMinutes * 60_000)
    }

    /// Seconds to wait after so many wrong passwords for one name from one address: none for the first four, then twice
    /// as long each time, a quarter of an hour at most. Nobody else’s sign-in is held up: nobody can lock another out.
    public static func delay(afterFailures count: Int) -> Int {
        guard count >= 5 else { return 0 }
        return min(900, 4 << min(count - 5, 10))
    }

    /// Seconds to wait after so many wrong passwords from one address, for whatever names: fifty are let pass, for a
    /// school has one address for all who work there.
    public static func delayOfAddress(afterFailures count: Int) -> Int {
        guard count >= 50 else { return 0 }
        return min(900, 4 << min((count - 50) / 10, 10))
    }

    /// Seconds without a wrong password after which the count begins anew.
    public static let forgottenAfterSeconds = 24 * 3600
}
