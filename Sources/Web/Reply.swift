/// What a handler answers with.
public struct Reply: Sendable {
    public enum Body: Sendable {
        /// A page, to be put into the frame that every page has.
        case page(Page)
        case bytes([UInt8], type: String)
    }

    public var status: Int
    public var body: Body
    public var caching: Caching
    public var headers: [(name: String, value: String)]

    public init(
        status: Int = 200, body: Body, caching: Caching = .never, headers: [(name: String, value: String)] = []
    ) {
        (self.status, self.body, self.caching, self.headers) = (status, body, caching, headers)
    }

    /// How long others may keep the answer.
    public enum Caching: Sendable {
        /// Kept by nobody: the default.
        case never
        /// The same for everyone; shared caches may keep it a minute, then ask whether it has changed.
        case shared
        /// Named by its own hash, so it never changes.
        case forever
    }

    public static func page(_ page: Page, caching: Caching = .never) -> Reply {
        Reply(body: .page(page), caching: caching)
    }

    /// The form again, with what is wrong with it.
    public static func unprocessable(_ page: Page) -> Reply { Reply(status: 422, body: .page(page)) }

    /// The question could not be read; the page says why.
    public static func badRequest(_ page: Page) -> Reply { Reply(status: 400, body: .page(page)) }

    public static func json(_ json: JSON, status: Int = 200, caching: Caching = .never) -> Reply {
        var bytes = json.bytes
        bytes.append(10)
        return Reply(status: status, body: .bytes(bytes, type: "application/json; charset=utf-8"), caching: caching)
    }

    public static func text(_ text: String, type: String, caching: Caching = .never) -> Reply {
        Reply(body: .bytes(Array(text.utf8), type: type), caching: caching)
    }

    /// See this other page next (303).
    public static func redirect(_ address: String) -> Reply {
        Reply(status: 303, body: .bytes([], type: "text/plain; charset=utf-8"), headers: [("Location", address)])
    }

    public static let notFound = Reply(status: 404, body: .page(ErrorPages.notFound))

    /// Asks the browser to keep this, for the days given; with none, to forget it.
    public func keeping(_ cookie: String, _ value: String, days: Int?) -> Reply {
        var reply = self
        let age = days.map { $0 * 86_400 } ?? 0
        let text = "\(cookie)=\(value); Path=/; Max-Age=\(age); HttpOnly; SameSite=Lax"
        reply.headers.append(("Set-Cookie", text))
        return reply
    }

    /// Asks the browser to keep a secret, over a safe connection alone, unseen by scripts.
    ///
    /// - Parameter cookie: a name that begins with `__Host-`.
    public func keepingSafely(_ cookie: String, _ value: String, days: Int) -> Reply {
        var reply = self
        let text = "\(cookie)=\(value); Path=/; Max-Age=\(days * 86_400); Secure; HttpOnly; SameSite=Lax"
        reply.headers.append(("Set-Cookie", text))
        return reply
    }
}

/// What a page holds, without the frame around it.
public struct Page: Sendable {
    /// The title in the browser's tab; the service's name is added.
    public let title: String
    /// Everything inside `main`, its `h1` included.
    public let body: HTML
    /// The way back, above the page.
    public var back: Link?
    /// The scripts that make it nicer; it works without them.
    public var scripts: [String]
    /// The stylesheets it needs besides the one of every page.
    public var styles: [String]
    /// One sentence for search engines.
    public var summary: String?
    /// Kept out of search engines: pages of results, of one visitor, of errors.
    public var isListed: Bool

    public init(
        _ title: String, back: Link? = nil, scripts: [String] = [], styles: [String] = [], summary: String? = nil,
        isListed: Bool = true,
        _ body: HTML
    ) {
        (self.title, self.body, self.back, self.scripts) = (title, body, back, scripts)
        (self.styles, self.summary, self.isListed) = (styles, summary, isListed)
    }
}

/// Words that lead somewhere.
public struct Link: Hashable, Sendable {
    public let text: String
    public let address: String
    public init(_ text: String, to address: String) { (self.text, self.address) = (text, address) }
}
