import Kernel

/// How somebody who lost every way into their account is given a new one, so that nobody else is.
///
/// A former partner telephones as if he were the mother and asks for “my” new code: where her account leads to an
/// address that is hidden, one friendly manager must not be enough to give it.
/// - Source: requirement INF-5; decision 24; the abuse cases of recovery: by pretext, by a manager alone, by hurry.
public enum Recovery {
    /// Hours that pass between the second manager’s approval and the moment the code works: time for whoever it is
    /// really about to hear of it and to stop it.
    public static let waitHours = 72
    /// Days for which the code works then.
    public static let codeDays = 7
    /// Days for which a role or relationship that ended still counts: it must not be ended to make a code easy.
    public static let lookBackDays = 30

    /// Why one manager alone gives no new way into an account.
    public enum Ground: String, CaseIterable, Comparable, Sendable {
        /// The account belongs to somebody whose own address is hidden.
        case ownAddress = "R-own-address"
        /// It leads to the record of somebody whose address is hidden.
        case connected = "R-connected"
        /// Its role may open such records.
        case role = "R-role"

        /// One sentence, which names nobody.
        public var words: String {
            switch self {
            case .ownAddress: "The account belongs to somebody whose address is hidden by a recorded decision."
            case .connected: "The account leads to the record of somebody whose address is hidden by a decision."
            case .role: "The account has, or lately had, a role that may open records with a hidden address."
            }
        }

        public static func < (one: Ground, other: Ground) -> Bool { one.rawValue < other.rawValue }
    }

    /// What is known of an account when a new way into it is asked for.
    public struct Facts: Sendable {
        /// Whether anybody has signed in with it yet.
        public var hasBegun: Bool
        /// Whether its owner’s own address is hidden.
        public var hidesOwnAddress: Bool
        /// Whether it stands, or lately stood, in any relationship to somebody whose address is hidden.
        public var isConnected: Bool
        /// The roles that it holds, or held within the days that are looked back.
        public var roles: Set<Role>

        public init(hasBegun: Bool, hidesOwnAddress: Bool = false, isConnected: Bool = false, roles: Set<Role> = []) {
            (self.hasBegun, self.hidesOwnAddress) = (hasBegun, hidesOwnAddress)
            (self.isConnected, self.roles) = (isConnected, roles)
        }
    }

    /// Roles whose holders may come to see an address that is hidden, or may end what hides it.
    public static let rolesThatMayOpen: Set<Role> = [
        .caseOfficer, .teamManager, .socialWorker, .safeguardingLead, .healthProfessional, .police,
        .protectiveSupport, .dataProtectionOfficer, .accessManager,
    ]

    /// Why two managers have to give a new way in together; empty where one may.
    ///
    /// A role alone is no ground where nobody ever signed in: there is no account to take over yet, and new staff have
    /// to begin some day.
    public static func grounds(_ facts: Facts) -> [Ground] {
        var grounds: [Ground] = []
        if facts.hidesOwnAddress { grounds.append(.ownAddress) }
        if facts.isConnected { grounds.append(.connected) }
        if facts.hasBegun, !facts.roles.isDisjoint(with: rolesThatMayOpen) { grounds.append(.role) }
        return grounds
    }

    // MARK: - Two persons

    /// One of the two who give a new way in.
    public struct Manager: Sendable {
        public let account: String
        /// What it holds at this very moment.
        public let roles: Set<Role>
        /// Whether a restriction keeps it from anybody whom the account leads to.
        public let isKept: Bool

        public init(_ account: String, roles: Set<Role>, isKept: Bool = false) {
            (self.account, self.roles, self.isKept) = (account, roles, isKept)
        }

        /// Whether it may take part in giving a way into this account.
        public func mayGive(_ account: String) -> Bool {
            roles.contains(.accessManager) && self.account != account && !isKept
        }
    }

    /// Why a request is not taken.
    public enum Refusal: String, Error, Sendable {
        /// Whoever asks is no manager of access now, or owns the account, or is kept from somebody it leads to.
        case notTheirs
        /// A request for this account is open already: it is not begun anew, nor made quicker, by asking again.
        case askedAlready
        /// There is no address to write to, and nobody noted that the owner was told in person.
        case toldNobody
    }

    /// Whether a manager may ask for a new way into an account.
    ///
    /// - Parameters:
    ///   - isOpen: whether a request for it is open.
    ///   - canBeWrittenTo: whether what it signs in with is an address for mail.
    ///   - told: who told its owner in person, and when.
    /// - Returns: nil where they may.
    public static func refusalToAsk(
        _ asker: Manager, for account: String, isOpen: Bool, canBeWrittenTo: Bool, told: String
    ) -> Refusal? {
        if !asker.mayGive(account) { return .notTheirs }
        if isOpen { return .askedAlready }
        return canBeWrittenTo || told.count >= Emergency.leastReason ? nil : .toldNobody
    }

    /// Whether somebody may approve of what another asked for. Both have to be managers at this moment: a request of
    /// somebody who has left since is nobody’s.
    public static func mayApprove(_ approver: Manager, of asker: Manager, for account: String) -> Bool {
        approver.account != asker.account && approver.mayGive(account) && asker.mayGive(account)
    }

    // MARK: - Time

    /// Where a request stands.
    public enum Standing: Hashable, Sendable {
        /// It waits for a second manager.
        case asked
        /// It is approved, and the code works from this moment.
        case waiting(until: Instant)
        /// The code works, until this moment.
        case working(until: Instant)
        case refused, stopped, used
        /// Nobody decided, or nobody used it, in time.
        case over

        /// Whether somebody could still come in by it.
        public var isOpen: Bool {
            switch self {
            case .asked, .waiting, .working: true
            case .refused, .stopped, .used, .over: false
            }
        }
    }

    /// The moments of a request; nil for what has not happened.
    public struct Times: Sendable {
        /// Until when a second manager may decide.
        public var decideBy: Instant
        public var approved, refused, stopped, used: Instant?

        public init(
            decideBy: Instant, approved: Instant? = nil, refused: Instant? = nil, stopped: Instant? = nil,
            used: Instant? = nil
        ) {
            (self.decideBy, self.approved, self.refused) = (decideBy, approved, refused)
            (self.stopped, self.used) = (stopped, used)
        }
    }

    /// The moment from which the code works.
    public static func works(approved: Instant) -> Instant { approved.adding(milliseconds: waitHours * 3_600_000) }

    public static func standing(_ times: Times, at now: Instant) -> Standing {
        if times.used != nil { return .used }
        if times.stopped != nil { return .stopped }
        if times.refused != nil { return .refused }
        guard let approved = times.approved else { return now < times.decideBy ? .asked : .over }
        let begins = works(approved: approved)
        let ends = begins.adding(milliseconds: codeDays * 86_400_000)
        if now < begins { return .waiting(until: begins) }
        return now < ends ? .working(until: ends) : .over
    }
}
