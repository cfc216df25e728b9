import Synchronization

/// What an address costs, or could be misused for: how often it may be asked goes by this.
///
/// It follows from the route’s method and permission, so that a new route is limited without a word.
public enum Pace: String, CaseIterable, Hashable, Sendable {
    /// Pages that everybody may read.
    case pages
    /// Pages about people, and all else that is for those who signed in.
    case records
    /// Forms of those who signed in.
    case changes
    /// Forms of strangers: signing in, joining, codes, what is wrong with an entry; and programs that show a key.
    case strangers

    /// How many at once, and how many a minute from then on. Decision 25 gives the reasons.
    var allowance: Allowance {
        switch self {
        case .pages: Allowance(atOnce: 1500, aMinute: 900)
        case .records: Allowance(atOnce: 240, aMinute: 60)
        case .changes: Allowance(atOnce: 60, aMinute: 30)
        case .strangers: Allowance(atOnce: 120, aMinute: 60)
        }
    }

    /// How many a day one account may have: nobody’s work needs more, and who carries records off does.
    var allowanceOfADay: Allowance? {
        self == .records ? Allowance(atOnce: 3000, perMilliseconds: 86_400_000.0 / 3000) : nil
    }
}

extension Route {
    public var pace: Pace {
        switch (method, may) {
        // Before the key is looked up, by the address: whoever tries keys out is slowed like any stranger.
        case (_, .key): .strangers
        case (.get, .anyone): .pages
        case (.get, _): .records
        case (.post, .anyone), (.post, .link): .strangers
        case (.post, _): .changes
        }
    }
}

/// So many at once, and then one in so many milliseconds.
struct Allowance: Hashable, Sendable {
    let atOnce: Int
    /// Milliseconds for each.
    let each: Double

    init(atOnce: Int, aMinute: Int) { self.init(atOnce: atOnce, perMilliseconds: 60_000 / Double(aMinute)) }
    init(atOnce: Int, perMilliseconds each: Double) { (self.atOnce, self.each) = (atOnce, each) }
}

/// How often each visitor asked, kept in the memory of this process: whoever signed in by their session, strangers by
/// their address. It forgets at a restart, and several processes count each for itself.
public final class Rates: Sendable {
    /// Why one more is too many.
    public struct TooMany: Hashable, Sendable {
        /// Seconds until one more is let pass.
        public let seconds: Int
        /// Whether it is the first that is refused to this visitor since all of the allowance was there.
        public let isFirst: Bool
    }

    private struct Key: Hashable {
        let who: String
        let pace: Pace
        let isOfDay: Bool
    }
    private struct Standing {
        /// The moment at which the visitor has all of the allowance again.
        var whole: Double
        var isRefused = false
    }
    private let standings = Mutex<[Key: Standing]>([:])
    private let milliseconds: @Sendable () -> Double

    /// Visitors remembered at once, so that made-up addresses cannot fill the memory.
    static let most = 100_000

    /// - Parameter milliseconds: a clock that only goes forward, from any beginning.
    public init(milliseconds: @escaping @Sendable () -> Double) { self.milliseconds = milliseconds }

    /// Counts one more.
    ///
    /// - Parameters:
    ///   - session: the visitor’s session; empty for a stranger.
    ///   - account: whose session it is.
    ///   - client: the address that the request comes from.
    func ask(_ pace: Pace, session: String, account: String, client: String) -> TooMany? {
        let now = milliseconds()
        let who = session.isEmpty ? "from \(client)" : "session \(session)"
        let ofDay = session.isEmpty ? nil : pace.allowanceOfADay
        return standings.withLock { standings in
            if standings.count >= Self.most { Self.forget(&standings, at: now) }
            let refused = Self.take(pace.allowance, Key(who: who, pace: pace, isOfDay: false), at: now, of: &standings)
            guard refused == nil, let ofDay else { return refused }
            return Self.take(ofDay, Key(who: "account \(account)", pace: pace, isOfDay: true), at: now, of: &standings)
        }
    }

    private static func take(
        _ allowance: Allowance, _ key: Key, at now: Double, of standings: inout [Key: Standing]
    ) -> TooMany? {
        var standing = standings[key] ?? Standing(whole: now)
        let after = max(standing.whole, now) + allowance.each
        let wait = after - now - Double(allowance.atOnce) * allowance.each
        if wait > 0.001 {
            let isFirst = !standing.isRefused
            standing.isRefused = true
            standings[key] = standing
            return TooMany(seconds: max(1, Int((wait / 1000).rounded(.up))), isFirst: isFirst)
        }
        standings[key] = Standing(whole: after, isRefused: standing.isRefused && standing.whole > now)
        return nil
    }

    /// Forgets whoever has all of the allowance again; where that is nobody, the half that asked least.
    private static func forget(_ standings: inout [Key: Standing], at now: Double) {
        standings = standings.filter { $0.value.whole > now }
        guard standings.count >= most else { return }
        let middle = standings.values.map(\.whole).sorted()[standings.count / 2]
        standings = standings.filter { $0.value.whole > middle }
    }

    /// How many visitors are remembered.
    var count: Int { standings.withLock(\.count) }
}
