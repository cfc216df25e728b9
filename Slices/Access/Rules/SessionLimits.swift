import Kernel

/// How long a session lasts, and how slowly passwords may be tried.
public enum SessionLimits {
    /// Minutes without a request after which a session has ended, for families and young people: who is called away
    /// from a form by a child finds it again.
    public static let idleMinutesOfFamilies = 60
    /// The same for whoever holds an office or a profession, who may see many children, often on a shared desk.
    public static let idleMinutesOfStaff = 30
    /// Roles whose holders see their own family alone.
    public static let familyRoles: Set<Role> = [.family, .youngPerson]

    /// Minutes without a request after which a session of whoever holds these roles has ended.
    ///
    /// One role of an office or profession is enough for the shorter time, and so is one that is not known.
    /// - Parameter roles: codes of roles.
    public static func idleMinutes(_ roles: some Sequence<String>) -> Int {
        familyCodes.isSuperset(of: roles) ? idleMinutesOfFamilies : idleMinutesOfStaff
    }
    private static let familyCodes = Set(familyRoles.map(\.rawValue))

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
    ///   - roles: the codes of the roles that its owner holds now.
    public static func holds(
        seen: Instant, ends: Instant, roles: some Sequence<String>, at now: Instant
    ) -> Bool {
        now < ends && now < seen.adding(milliseconds: idleMinutes(roles) * 60_000)
    }

    /// Whether a session began so lately that its owner may change how they sign in.
    ///
    /// - Parameter began: when the second step of signing in was done.
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

    /// Seconds to wait after so many wrong codes for one account, from wherever: who gets there knows its password.
    public static func delayOfCodes(afterFailures count: Int) -> Int {
        guard count >= 10 else { return 0 }
        return min(900, 4 << min(count - 10, 10))
    }

    /// Wrong codes after which the owner is told that somebody knows the password.
    public static let wrongCodesToTell = 10

    /// Seconds without a wrong password after which the count begins anew.
    public static let forgottenAfterSeconds = 24 * 3600
}
