import HTTPTypes
import Hummingbird
import Kernel
import Logging
import NIOCore
import Synchronization
import Web

/// Joins our site to the server library: reads a request, asks the site, sends the answer with the headers that
/// every answer has.
struct HummingbirdAdapter: HTTPResponder {
    /// What the server tells of a request besides what was sent: the address it comes from.
    struct Context: RequestContext, RemoteAddressRequestContext {
        var coreContext: CoreRequestContextStorage
        let remoteAddress: SocketAddress?
        let channel: any Channel

        init(source: ApplicationRequestContextSource) {
            coreContext = .init(source: source)
            channel = source.channel
            remoteAddress = source.channel.remoteAddress
        }
    }

    let site: Site
    let logger: Logger
    let limits: Limits
    let forwarding: Forwarding
    let metrics: RequestMetrics
    private let traffic = Traffic()

    init(site: Site, logger: Logger, limits: Limits, forwarding: Forwarding, metrics: RequestMetrics) {
        (self.site, self.logger, self.limits) = (site, logger, limits)
        (self.forwarding, self.metrics) = (forwarding, metrics)
    }

    /// What the server allows, each with the reason in `docs/decisions/0008-server-limits.md`.
    struct Limits: Sendable {
        /// Connections held at once; further ones wait.
        var connections = 4096
        /// Requests worked on at once; further ones are told to come back.
        var requests = 256
        /// Bytes of a request’s body, but of forms with files: their routes say how many.
        var body = 65_536
        /// Bytes of its first line and headers.
        var headers = 16_384
        /// Seconds for headers to arrive, and for a connection to idle.
        var idle = 15
        /// Seconds for a body to arrive; for a form with files, besides the time that its bytes need.
        var bodyTime = 20
        /// The slowest line that a form with files may come over, in bytes a second: one megabit.
        var slowest = 125_000
        /// Seconds for an answer to be read.
        var readingTime = 60
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        let started = ContinuousClock.now
        guard traffic.enter(limit: limits.requests) else {
            return response(to: request, site.unavailable(Web.Request(method: "GET", path: "/")))
        }
        defer { traffic.leave() }
        let mark = RequestMark.mint()
        let answer = await RequestMark.$current.withValue(mark) {
            await self.answer(request, context)
        }
        var response = response(to: request, answer)
        if let name = HTTPField.Name("X-Request-Id") { response.headers[name] = mark }
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        metrics.note(
            route: answer.route, method: request.method.rawValue, status: answer.status, seconds: seconds)
        logger.info(
            "request",
            metadata: [
                "request": "\(mark)", "method": "\(request.method.rawValue)", "route": "\(answer.route)",
                "status": "\(answer.status)", "milliseconds": "\((seconds * 100_000).rounded() / 100)",
            ])
        return response
    }

    private func answer(_ request: Request, _ context: Context) async -> Answer {
        let target = request.head.path ?? ""
        let mark = target.firstIndex(of: "?")
        let path = String(mark.map { target[..<$0] } ?? target[...])
        let query = String(mark.map { target[target.index(after: $0)...] } ?? "")
        guard let host = request.head.authority, !host.isEmpty else {
            return site.refusal(400, .noHost)
        }
        let origin = forwarding.origin(
            socket: context.remoteAddress?.ipAddress ?? "", forwardedFor: request.headers[values: .forwardedFor],
            scheme: request.headers[.forwardedProto])
        let head = Web.Request(
            method: request.method.rawValue, path: path, query: query, host: host,
            contentType: request.headers[.contentType] ?? "", origin: request.headers[.origin],
            secFetchSite: request.headers[.secFetchSite], match: request.headers[.ifMatch],
            authorization: request.headers[.authorization], client: origin.client,
            agent: request.headers[.userAgent] ?? "", isForwarded: isForwarded(request), isSecure: origin.isSecure,
            cookies: Web.Request.cookies(in: request.headers[.cookie] ?? ""))
        return await site.answer(head, body: unread(request, context.channel))
    }

    private func unread(_ request: Request, _ channel: any Channel) -> UnreadBody {
        let length = request.headers[.contentLength].flatMap { Digits.number($0) }
        return UnreadBody(length: length, usual: limits.body) { limit, hasFiles in
            if hasFiles { channel.pipeline.triggerUserOutboundEvent(Deadlines.Admitted(bytes: limit), promise: nil) }
            // One array that has its size from the beginning: the body is in memory once.
            var bytes: [UInt8] = []
            bytes.reserveCapacity(min(limit, length ?? 0))
            for try await part in request.body {
                guard bytes.count + part.readableBytes <= limit else { throw BodyFault.tooLarge }
                bytes.append(contentsOf: part.readableBytesView)
            }
            if let length, bytes.count < length { throw BodyFault.cutShort }
            return bytes
        }
    }

    private enum BodyFault: Error { case tooLarge, cutShort }

    private func isForwarded(_ request: Request) -> Bool {
        ["forwarded", "x-forwarded-for", "x-real-ip", "via"].contains { name in
            HTTPField.Name(name).map { request.headers[$0] != nil } ?? false
        }
    }

    // MARK: - The answer

    private func response(to request: Request, _ answer: Answer) -> Response {
        var headers = Self.alwaysHeaders
        headers[.contentType] = answer.type
        headers[.cacheControl] = answer.cacheControl
        for (name, value) in answer.headers {
            guard let name = HTTPField.Name(name) else { continue }
            if Self.alwaysHeaders.contains(name) { headers[name] = nil }
            headers.append(HTTPField(name: name, value: value))
        }
        let mayKeep = answer.status == 200 && answer.cacheControl != "no-store"
        if mayKeep {
            let tag = "W/\"\(Fingerprint.of(answer.body))\""
            headers[.eTag] = tag
            if request.headers[.ifNoneMatch].map({ $0.contains(tag) || $0 == "*" }) == true {
                headers[.contentType] = nil
                return Response(status: .notModified, headers: headers)
            }
        }
        var body = answer.body
        if answer.mayBeCompressed, body.count > 1000, answer.isText {
            headers.append(HTTPField(name: .vary, value: "Accept-Encoding"))
            if acceptsGzip(request), let smaller = traffic.gzipped(answer) {
                body = smaller
                headers[.contentEncoding] = "gzip"
            }
        }
        let status = HTTPResponse.Status(code: answer.status)
        if request.method == .head {
            headers[.contentLength] = String(body.count)
            return Response(
                status: status, headers: headers,
                body: ResponseBody(contentLength: body.count) { writer in
                    try await writer.finish(nil)
                })
        }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    private func acceptsGzip(_ request: Request) -> Bool {
        guard let accepted = request.headers[.acceptEncoding] else { return false }
        return accepted.split(separator: ",").contains { part in
            let halves = part.split(separator: ";").map(\.trimmed)
            return halves.first == "gzip" && !halves.dropFirst().contains("q=0")
        }
    }

    /// Nothing is loaded from elsewhere, framed, guessed at or told to others.
    ///
    /// See `docs/decisions/0008-server-limits.md`.
    private static let alwaysHeaders: HTTPFields = {
        let policy = [
            "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self' data:", "font-src 'self'",
            "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
        ]
        let pairs = [
            ("Content-Security-Policy", policy.joined(separator: "; ")), ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=()"),
            ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ]
        var fields = HTTPFields()
        for (name, value) in pairs { if let name = HTTPField.Name(name) { fields[name] = value } }
        return fields
    }()
}

extension HTTPField.Name {
    fileprivate static let secFetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .referer
    fileprivate static let forwardedFor = HTTPField.Name("X-Forwarded-For") ?? .referer
    fileprivate static let forwardedProto = HTTPField.Name("X-Forwarded-Proto") ?? .referer
}

extension Answer {
    fileprivate var isText: Bool { type.hasPrefix("text/") || type.contains("json") || type.contains("svg") }
}

/// Counts requests in hand, and keeps the compressed form of what never changes.
private final class Traffic: Sendable {
    private let inHand = Mutex(0)
    private let kept = Mutex<[UInt64: [UInt8]]>([:])

    func enter(limit: Int) -> Bool {
        inHand.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func leave() { inHand.withLock { $0 -= 1 } }

    /// Pages are compressed fast, each time; files that never change once, and small.
    func gzipped(_ answer: Answer) -> [UInt8]? {
        guard answer.cacheControl.contains("immutable") else { return Gzip.compressed(answer.body, level: 3) }
        let print = Fingerprint.number(answer.body)
        if let known = kept.withLock({ $0[print] }) { return known }
        let made = Gzip.compressed(answer.body, level: 9)
        kept.withLock { $0[print] = made }
        return made
    }
}

/// A short mark by which two bodies are told apart: not a secret, and not for security.
enum Fingerprint {
    static func of(_ bytes: [UInt8]) -> String { String(number(bytes), radix: 36) }

    /// FNV-1a over words of eight bytes, stirred at the end.
    static func number(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { raw in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(raw.count)
            var at = 0
            while at + 8 <= raw.count {
                hash = (hash ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* 0x100_0000_01B3
                hash ^= hash >> 29
                at += 8
            }
            while at < raw.count {
                hash = (hash ^ UInt64(raw[at])) &* 0x100_0000_01B3
                at += 1
            }
            return (hash ^ (hash >> 32)) &* 0x9E37_79B9_7F4A_7C15
        }
    }
}
