import Kernel

/// A request as the site sees it, free of any server library.
public struct Request: Sendable {
    public var method: String
    /// The path as sent, percent signs and all.
    public var path: String
    /// What follows the question mark, as sent.
    public var query: String
    /// The host and port the browser thinks it talks to.
    public var host: String
    public var contentType: String
    public var origin: String?
    public var secFetchSite: String?
    /// The `If-Match` header: the version of what a program wants to change.
    public var match: String?
    /// The `Authorization` header, by which a program shows its key: never for logs.
    public var authorization: String?
    /// The address it comes from, without a port.
    public var client: String
    /// The `User-Agent` header.
    public var agent: String
    /// Whether something stands between: a proxy says for whom it asks.
    public var isForwarded: Bool
    /// Whether the browser spoke https, as a proxy that is believed says.
    public var isSecure: Bool
    public var cookies: [String: String]
    public var body: [UInt8]

    public init(
        method: String, path: String, query: String = "", host: String = "localhost", contentType: String = "",
        origin: String? = nil, secFetchSite: String? = nil, match: String? = nil,
        authorization: String? = nil, client: String = "",
        agent: String = "", isForwarded: Bool = false, isSecure: Bool = false, cookies: [String: String] = [:],
        body: [UInt8] = []
    ) {
        (self.method, self.path, self.query, self.host) = (method, path, query, host)
        (self.contentType, self.origin, self.secFetchSite) = (contentType, origin, secFetchSite)
        (self.match, self.authorization, self.client, self.agent) = (match, authorization, client, agent)
        (self.isForwarded, self.isSecure) = (isForwarded, isSecure)
        (self.cookies, self.body) = (cookies, body)
    }

    /// The key that `Authorization: Bearer …` shows; empty where it shows none that could be one.
    var key: String {
        let words = (authorization ?? "").split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].lowercased() == "bearer", (1...200).contains(words[1].utf8.count),
            words[1].utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else { return "" }
        return String(words[1])
    }

    /// The cookies in a `Cookie` header. Names that come twice keep their first value.
    public static func cookies(in header: some StringProtocol) -> [String: String] {
        var found: [String: String] = [:]
        for part in header.split(separator: ";") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { continue }
            let name = halves[0].trimmed
            if found[name] == nil { found[name] = halves[1].trimmed }
        }
        return found
    }
}

/// An answer, ready to be sent.
public struct Answer: Sendable {
    public let status: Int
    /// The pattern of the route that answered, for logs: it holds no values.
    public let route: String
    public internal(set) var headers: [(name: String, value: String)]
    public internal(set) var body: [UInt8] = []
    public internal(set) var type = "text/plain; charset=utf-8"
    public internal(set) var cacheControl = "no-store"
    public internal(set) var mayBeCompressed = false
}
