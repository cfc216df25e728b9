/// What to ask of another server. Prints without its path, its headers and its body.
public struct OutboundRequest: Sendable, CustomStringConvertible {
    public enum Method: Hashable, Sendable {
        case get
        case post([UInt8])
    }

    public let method: Method
    /// An absolute http or https address in plain ASCII, without a user or password.
    public let address: String
    public let headers: [(name: String, value: String)]
    public let timeLimitInSeconds: Double
    /// The most bytes that the body of the answer may have.
    public let sizeLimitInBytes: Int

    /// - Precondition: the time limit is more than 0 and at most 600 seconds; the size limit is not negative.
    public init(
        _ address: String, method: Method = .get, headers: [(name: String, value: String)] = [],
        timeLimitInSeconds: Double = 15, sizeLimitInBytes: Int = 1 << 20
    ) {
        precondition(timeLimitInSeconds > 0 && timeLimitInSeconds <= 600 && sizeLimitInBytes >= 0)
        (self.method, self.address, self.headers) = (method, address, headers)
        (self.timeLimitInSeconds, self.sizeLimitInBytes) = (timeLimitInSeconds, sizeLimitInBytes)
    }

    public var description: String {
        let host = (try? Target(address).host) ?? "a bad address"
        return method == .get ? "GET to \(host)" : "POST to \(host)"
    }

    /// The headers as libcurl wants them.
    ///
    /// - Throws: `badHeader` where a name is no token or is not the caller’s to set, or a value has a control character
    ///   such as a line break.
    func headerLines() throws(OutboundFault) -> [String] {
        // Nothing waits for “100 Continue”, and no kind of content is guessed.
        var lines = ["Expect:"]
        if !headers.contains(where: { $0.name.lowercased() == "content-type" }) { lines.append("Content-Type:") }
        for (name, value) in headers {
            let isToken = !name.isEmpty && name.utf8.allSatisfy(Self.tokenBytes.contains)
            let isPlain = value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
            let lower = name.lowercased()
            guard isToken, isPlain, !Self.ours.contains(lower), !lower.hasPrefix("proxy-") else { throw .badHeader }
            // A header whose value is empty would be left out, were it not written so.
            let isEmpty = value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            lines.append(isEmpty ? "\(name);" : "\(name): \(value)")
        }
        return lines
    }

    private static let tokenBytes = Set(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

    /// Those that decide where a message goes and where it ends, and those that say who we are.
    private static let ours: Set = [
        "connection", "content-length", "cookie", "expect", "host", "keep-alive", "te", "trailer",
        "transfer-encoding", "upgrade", "user-agent",
    ]
}

/// What another server answered. Prints without its headers and its body.
public struct OutboundResponse: Sendable, CustomStringConvertible {
    public let status: Int
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]

    /// The value of the first header of this name, in whatever case it is written.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    public var description: String { "\(status), \(body.count) bytes" }
}

/// Why no answer came. Names the host at most, never the path or the query, which may hold secrets.
public enum OutboundFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not an http or https address, or one with a user, a password, or characters that belong encoded.
    case badAddress
    /// Plain http, or an address that is not public, and the origin is not one that operators named.
    case notAllowed(String)
    case badHeader
    /// The answer is larger than the request’s limit, or its headers than 64 KiB.
    case tooLarge(String)
    case timedOut(String)
    /// The name has no address, nobody answers there, or the answer broke off.
    case unreachable(String)
    /// No secure connection: most often a certificate that is not to be trusted.
    case tls(String)
    /// The host redirects to another scheme, host or port.
    case crossHostRedirect(String)
    case tooManyRedirects(String)
    /// Too many requests wait already.
    case busy

    public var description: String {
        switch self {
        case .badAddress: "the address cannot be used"
        case .notAllowed(let host): "\(host) is not public or not https, and is not configured"
        case .badHeader: "a header cannot be sent"
        case .tooLarge(let host): "\(host) answered with more than the limit"
        case .timedOut(let host): "\(host) did not answer in time"
        case .unreachable(let host): "\(host) cannot be reached"
        case .tls(let host): "\(host) has no secure connection to be trusted"
        case .crossHostRedirect(let host): "\(host) redirects elsewhere"
        case .tooManyRedirects(let host): "\(host) redirects too often"
        case .busy: "too many requests are waiting"
        }
    }
}
