import Kernel
import Storage

/// What every request can reach: the database, what is kept in memory, the clock, and the secrets of this server.
public struct House: Sendable {
    public let database: any Database
    public let shelf: Shelf
    public let tally: Tally
    public let clock: WallClock
    /// Signs text with a key that only this service has; the signature is letters and figures.
    public let sign: @Sendable (String) -> String
    /// A new identifier that nobody can guess.
    public let mint: @Sendable () -> String
    /// The addresses of the stylesheet and scripts, which carry their hashes.
    public let assets: AssetLinks
    /// Said on every page: that this is a demonstration, say.
    public let notice: Live<HTML?>?
    /// Who decides who may do what.
    public let gate: any Gate
    /// How often each may ask; nil where nothing is counted.
    public let rates: Rates?
    /// Where documents go that people hand in; nil where none are taken.
    public let documents: DocumentDesk?

    public init(
        database: any Database, shelf: Shelf, tally: Tally, clock: WallClock,
        sign: @escaping @Sendable (String) -> String,
        mint: @escaping @Sendable () -> String, assets: AssetLinks, notice: Live<HTML?>? = nil,
        gate: any Gate = PublicGate(), rates: Rates? = nil, documents: DocumentDesk? = nil
    ) {
        (self.database, self.shelf, self.tally, self.clock) = (database, shelf, tally, clock)
        (self.sign, self.mint, self.assets, self.notice, self.gate) = (sign, mint, assets, notice, gate)
        (self.rates, self.documents) = (rates, documents)
    }

    func live<Value: Sendable>(_ live: Live<Value>) throws -> Value { try shelf.value(of: live) }
}

/// Why the server will not open its port.
public enum BootRefusal: Error, Hashable, CustomStringConvertible {
    case sameRoute(String)
    case undeclaredAction(String, route: String)
    case noSuchParameter(String, route: String)
    case sameName(String, of: String)
    case aboutNobody(String, route: String)
    case ofNoRole(String, route: String)
    case takesTooMuch(String)
    case filesFromAnyone(String)

    public var description: String {
        switch self {
        case .sameRoute(let route): "Two routes answer to \(route)."
        case .undeclaredAction(let action, let route): "\(route) asks for “\(action)”, which no slice declares."
        case .sameName(let name, let kind): "Two slices have a \(kind) named “\(name)”."
        case .aboutNobody(let action, let route): "\(route) is decided on a thing, but “\(action)” leads to no person."
        case .ofNoRole(let action, let route): "\(route) is decided by role, but “\(action)” names none."
        case .takesTooMuch(let route):
            "\(route) takes files, which a form to be sent may do, of 1 to \(Uploads.mostMegabytes) megabytes."
        case .filesFromAnyone(let route): "\(route) takes files and is for anyone: say who may send them."
        case .noSuchParameter(let name, let route): "\(route) is decided on {\(name)}, which is not in its address."
        }
    }
}

/// All slices as one site: finds the route, decides, reads the form, calls the handler, frames the page.
public struct Site: Sendable {
    private let table: [Int: [(pattern: Pattern, route: Route)]]
    private let navigation: [NavigationItem]
    let house: House
    let uploads = Uploads()
    /// Told of every fault, by the route's pattern: never with a value.
    let onFault: @Sendable (String, any Error) -> Void

    /// - Throws: `BootRefusal` where two routes collide, or a route's policy names nothing known.
    public init(
        _ slices: [Slice], house: House, onFault: @escaping @Sendable (String, any Error) -> Void
    ) throws(BootRefusal) {
        let routes = slices.flatMap(\.routes)
        let actions = Set(slices.flatMap(\.actions))
        try Site.checkNames(slices)
        var seen = Set<String>()
        var table: [Int: [(Pattern, Route)]] = [:]
        for route in routes {
            let name = "\(route.method.rawValue) \(route.path)"
            let pattern = Pattern(route.path)
            guard seen.insert("\(route.method.rawValue) \(pattern.shape)").inserted else { throw .sameRoute(name) }
            try Site.check(route, named: name, actions)
            table[pattern.pieces.count, default: []].append((pattern, route))
        }
        self.table = table.mapValues { $0.sorted { $0.0.rank.lexicographicallyPrecedes($1.0.rank) } }
        navigation = slices.flatMap(\.navigation)
        self.house = house
        self.onFault = onFault
    }

    /// The answer to a request. It never throws: a fault is noted and answered with a page that says so.
    public func answer(_ request: Request) async -> Answer {
        do { return await admit(try find(request), request) } catch { return error.answer }
    }

    /// The route that a request asks for, with what stands in its address.
    struct Found {
        let route: Route
        let query: Query
        let parameters: [String: String]
    }

    /// Thrown where the answer is there before the end of the way.
    struct Answered: Error {
        let answer: Answer
        init(_ answer: Answer) { self.answer = answer }
    }

    func find(_ request: Request) throws(Answered) -> Found {
        guard let query = Query(reading: request.query), let parts = Site.parts(of: request.path) else {
            throw Answered(frame(Reply(status: 400, body: .page(ErrorPages.unreadableAddress)), request, route: nil))
        }
        let matching = (table[parts.count] ?? []).compactMap { pattern, route in
            pattern.match(parts).map { (shape: pattern.shape, route: route, parameters: $0) }
        }
        // The most particular pattern owns the address, whatever the method.
        let candidates = matching.filter { $0.shape == matching[0].shape }.map { ($0.route, $0.parameters) }
        guard !candidates.isEmpty else { throw Answered(frame(.notFound, request, route: nil)) }
        if let proper = Site.properAddress(request, parts) {
            throw Answered(frame(.redirect(proper), request, route: nil))
        }
        let wanted = request.method == "HEAD" ? "GET" : request.method
        guard let (route, parameters) = candidates.first(where: { $0.0.method.rawValue == wanted }) else {
            let allowed = Set(candidates.map(\.0.method.rawValue))
            var reply = Reply(status: 405, body: .page(ErrorPages.wrongMethod))
            let listed = (allowed.contains("GET") ? allowed.union(["HEAD"]) : allowed).sorted()
            reply.headers.append(("Allow", listed.joined(separator: ", ")))
            throw Answered(frame(reply, request, route: candidates[0].0))
        }
        return Found(route: route, query: query, parameters: parameters)
    }

    /// Finds out who asks, and whether they may: strangers are shown where to sign in, whether there is such a thing or
    /// not; others learn of what is not theirs no more than of what is not there.
    ///
    /// - Parameter isCounted: false where the same request was counted before.
    func admission(
        _ found: Found, _ request: Request, isCounted: Bool = true
    ) async throws(Answered) -> (visitor: Visitor, scope: Scope) {
        let (now, route) = (house.clock.now(), found.route)
        let (visitor, scope): (Visitor, Scope?)
        do {
            visitor = try await house.gate.visitor(request, at: now)
            if isCounted, let answer = try await tooMany(route, request, visitor, at: now) { throw Answered(answer) }
            scope = try await house.gate.scope(of: visitor, for: route.may, on: subject(found), at: now)
        } catch let answered as Answered { throw answered } catch {
            throw Answered(answer(to: error, route, request, .stranger))
        }
        if let scope { return (visitor, scope) }
        if visitor.isSignedIn { throw Answered(frame(.notFound, request, route: route, visitor)) }
        if route.method == .post {
            throw Answered(frame(Reply(status: 403, body: .page(ErrorPages.signedOut)), request, route: route))
        }
        let back = request.query.isEmpty ? request.path : request.path + "?" + request.query
        throw Answered(frame(.redirect("/sign-in?next=" + Query.encoded(back)), request, route: route))
    }

    /// Lets in whoever may, and has the handler answer.
    func admit(_ found: Found, _ request: Request, isCounted: Bool = true) async -> Answer {
        if case .key = found.route.may {
            return await admitProgram(found.route, request, found.query, found.parameters)
        }
        let (route, visitor, scope): (Route, Visitor, Scope)
        do {
            route = found.route
            (visitor, scope) = try await admission(found, request, isCounted: isCounted)
        } catch { return error.answer }
        let now = house.clock.now()
        var sent = Posted()
        if route.method == .post {
            do { sent = try posted(request, route) } catch {
                return frame(Reply(status: error.status, body: .page(error.page)), request, route: route, visitor)
            }
            guard isFromHere(request), isOurs(request, sent.fields, visitor) else {
                return frame(Reply(status: 403, body: .page(ErrorPages.staleForm)), request, route: route, visitor)
            }
        }
        let key = sent.fields[Form.keyField].flatMap { try? ID<Form>(checking: $0) }
        let form = Form(sent.fields, files: sent.files, key: key?.text ?? house.mint(), match: request.match) {
            token(for: $0, at: now, visitor)
        }
        let visit = Visit(
            scope: scope, visitor: visitor, now: now, query: found.query, form: form, request: request,
            parameters: found.parameters, house: house)
        do { return frame(try await route.handler(visit), request, route: route, visitor) } catch {
            return answer(to: error, route, request, visitor)
        }
    }

    /// The answer where this visitor asked too often.
    private func tooMany(
        _ route: Route, _ request: Request, _ visitor: Visitor, at now: Instant
    ) async throws -> Answer? {
        let (pace, account) = (route.pace, visitor.actor.id)
        guard
            route.isCounted,
            let refused = house.rates?.ask(pace, session: visitor.session, account: account, client: request.client)
        else { return nil }
        if refused.isFirst { try await house.gate.noteTooOften(visitor, pace, at: now) }
        let page = route.method == .get ? ErrorPages.tooOften : ErrorPages.formTooOften
        let reply = Reply(
            status: 429, body: .page(page(refused.seconds)), headers: [("Retry-After", String(refused.seconds))])
        return frame(reply, request, route: route, visitor)
    }

    private func subject(_ found: Found) -> String {
        switch found.route.may {
        case .act(_, let name), .link(_, let name): found.parameters[name] ?? ""
        case .key, .anyone, .signedIn, .office: ""
        }
    }

    private static func check(_ route: Route, named name: String, _ actions: Set<Action>) throws(BootRefusal) {
        if let megabytes = route.megabytes {
            guard route.method == .post, (1...Uploads.mostMegabytes).contains(megabytes) else {
                throw .takesTooMuch(name)
            }
            guard route.may != .anyone else { throw .filesFromAnyone(name) }
        }
        switch route.may {
        case .anyone, .signedIn, .key: return
        case .office(let action):
            guard actions.contains(action) else { throw .undeclaredAction(action.name, route: name) }
            guard !action.roles.isEmpty else { throw .ofNoRole(action.name, route: name) }
        case .act(let action, let parameter):
            guard actions.contains(action) else { throw .undeclaredAction(action.name, route: name) }
            guard route.parameterNames.contains(parameter) else { throw .noSuchParameter(parameter, route: name) }
            guard action.path != nil, !action.classes.isEmpty else { throw .aboutNobody(action.name, route: name) }
        case .link(_, let parameter):
            guard route.parameterNames.contains(parameter) else { throw .noSuchParameter(parameter, route: name) }
        }
    }

    /// - Throws: `BootRefusal.sameName` where two slices would take each other’s place.
    private static func checkNames(_ slices: [Slice]) throws(BootRefusal) {
        for (kind, names) in [
            ("slice", slices.map(\.name)), ("live value", slices.flatMap(\.lives).map(\.name)),
            ("job", slices.flatMap(\.jobs).map(\.name)), ("migration", slices.flatMap(\.migrations).map(\.name)),
        ] {
            var seen = Set<String>()
            for name in names where !seen.insert(name).inserted { throw .sameName(name, of: kind) }
        }
    }

    // MARK: - The steps of an answer

    private func answer(to error: any Error, _ route: Route, _ request: Request, _ visitor: Visitor) -> Answer {
        switch error {
        case let conflict as VersionConflict:
            let status = conflict == .versionMissing ? 428 : request.match == nil ? 409 : 412
            let page = conflict == .versionMissing ? ErrorPages.versionMissing : ErrorPages.changedSince
            return frame(Reply(status: status, body: .page(page)), request, route: route, visitor)
        case let fault as ShelfFault:
            onFault(route.path, fault)
            return unavailable(request, route)
        case let fault as StorageFault where fault.isPassing:
            onFault(route.path, fault)
            if route.method == .get { return unavailable(request, route) }
            let page = fault == .unknownOutcome ? ErrorPages.unknownOutcome : ErrorPages.notSaved
            let reply = Reply(status: 503, body: .page(page), headers: [("Retry-After", "10")])
            return frame(reply, request, route: route, visitor)
        default:
            onFault(route.path, error)
            let page = route.method == .get ? ErrorPages.fault : ErrorPages.faultOfForm
            return frame(Reply(status: 500, body: .page(page)), request, route: route, visitor)
        }
    }

    /// Why a request is turned away before the site is asked.
    public enum Turned: Sendable { case noHost, tooLarge }

    ///
    /// - Parameter path: what it asked for, so that a program is told in its own way.
    public func refusal(_ status: Int, _ why: Turned, of path: String = "/") -> Answer {
        if why == .tooLarge, let route = programRoute(path) { return tooLarge(route) }
        let page = why == .tooLarge ? ErrorPages.tooLarge : ErrorPages.unreadableAddress
        return frame(Reply(status: status, body: .page(page)), Request(method: "GET", path: "/"), route: nil)
    }

    /// The route for programs that has this path, where one has.
    private func programRoute(_ path: String) -> Route? {
        guard let parts = Site.parts(of: path) else { return nil }
        return (table[parts.count] ?? []).first { pattern, route in
            if case .key = route.may { return pattern.match(parts) != nil }
            return false
        }?.route
    }

    /// The answer while the server cannot do its work: busy, stopping, or without its data.
    public func unavailable(_ request: Request, _ route: Route? = nil) -> Answer {
        let reply = Reply(status: 503, body: .page(ErrorPages.unavailable), headers: [("Retry-After", "10")])
        return frame(reply, request, route: route)
    }

    /// The address without a slash too many, where it has one and can be asked for again.
    private static func properAddress(_ request: Request, _ parts: [String]) -> String? {
        guard request.method == "GET" || request.method == "HEAD" else { return nil }
        let hasSpare = request.path.contains("//") || (request.path.count > 1 && request.path.hasSuffix("/"))
        guard hasSpare else { return nil }
        let path = "/" + parts.map { Query.encoded($0) }.joined(separator: "/")
        return request.query.isEmpty ? path : path + "?" + request.query
    }

    /// The parts of a path, decoded; nil where it is not well formed. Empty parts are left out.
    private static func parts(of path: String) -> [String]? {
        guard path.hasPrefix("/"), path.utf8.count <= 1000 else { return nil }
        var parts: [String] = []
        for part in path.utf8.split(separator: 47) {
            guard let text = Query.decoded(part, plusIsSpace: false) else { return nil }
            parts.append(text)
        }
        return parts
    }

    /// Whether the browser says that a form comes from this site.
    func isFromHere(_ request: Request) -> Bool {
        if let site = request.secFetchSite, site != "same-origin", site != "none" { return false }
        // Some browsers hide where a form comes from; those that say nothing else of it either are not believed.
        if request.origin == "null", request.secFetchSite == nil { return false }
        guard let origin = request.origin, origin != "null" else { return true }
        return origin.split(separator: "/").last.map(String.init) == request.host
    }

    /// A form is ours when its token is one that we signed for this address and session in the last day.
    private func isOurs(_ request: Request, _ fields: Query, _ visitor: Visitor) -> Bool {
        guard let token = fields[Form.tokenField] else { return false }
        let parts = token.split(separator: ".")
        guard parts.count == 2, let hour = Digits.number(parts[0]) else { return false }
        let age = house.clock.now().milliseconds / 3_600_000 - hour
        return (0...24).contains(age) && house.sign("\(hour) \(request.path) \(visitor.session)") == parts[1]
    }

    /// The same for every stranger within the hour, so that a page with it can be kept for a minute by shared caches;
    /// of one session alone for whoever has signed in.
    private func token(for address: String, at now: Instant, _ visitor: Visitor) -> String {
        let hour = now.milliseconds / 3_600_000
        let path = address.split(separator: "?").first.map(String.init) ?? address
        return "\(hour).\(house.sign("\(hour) \(path) \(visitor.session)"))"
    }

    func frame(
        _ reply: Reply, _ request: Request, route: Route?, _ visitor: Visitor = .stranger
    ) -> Answer {
        let isPersonal = visitor.isSignedIn || navigation.contains { $0.count.map { $0(request.cookies) > 0 } ?? false }
        var answer = Answer(status: reply.status, route: route?.path ?? "none", headers: reply.headers)
        switch reply.body {
        case .bytes(let bytes, let type):
            answer.body = bytes
            answer.type = type
        case .page(let page):
            let frame = Frame(
                navigation: navigation, cookies: request.cookies, path: request.path, house: house, visitor: visitor,
                token: { token(for: $0, at: house.clock.now(), visitor) })
            answer.body = frame.html(page).bytes
            answer.type = "text/html; charset=utf-8"
            answer.headers.append(("Vary", "Cookie"))
        }
        switch reply.caching {
        case .never: answer.cacheControl = "no-store"
        case .shared: answer.cacheControl = isPersonal ? "private, no-cache" : "public, max-age=60"
        case .forever: answer.cacheControl = "public, max-age=31536000, immutable"
        }
        // What is not for anyone is kept by nobody, and never compressed together with what a stranger may choose.
        if request.isSecure {
            for (index, header) in answer.headers.enumerated()
            where header.name == "Set-Cookie" && !header.value.contains("; Secure") {
                answer.headers[index].value += "; Secure"
            }
        }
        if let route, route.may != .anyone { answer.cacheControl = "no-store" }
        if visitor.isSignedIn, case .page = reply.body { answer.cacheControl = "no-store" }
        // The address is itself the key: no site that a page leads to learns it.
        if case .link = route?.may { answer.headers.append(("Referrer-Policy", "no-referrer")) }
        answer.mayBeCompressed = route?.may == .anyone && !visitor.isSignedIn
        return answer
    }
}
