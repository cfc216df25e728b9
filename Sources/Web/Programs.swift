import Kernel
import Storage

/// Routes for programs of other bodies, which show a key: no cookie counts, no form is read, all is answered in JSON.
extension Site {
    func admitProgram(
        _ route: Route, _ request: Request, _ query: Query, _ parameters: [String: String]
    ) async -> Answer {
        let now = house.clock.now()
        do {
            if route.isCounted,
                let refused = house.rates?.ask(route.pace, session: "", account: "", client: request.client)
            {
                var reply = Reply.refused(
                    429, "too-often", "You have asked more often than is taken. Wait \(refused.seconds) seconds.")
                reply.headers.append(("Retry-After", String(refused.seconds)))
                return frame(reply, request, route: route)
            }
            let scope = try await house.gate.scope(of: .stranger, for: route.may, on: request.key, at: now)
            guard let scope else {
                var reply = Reply.refused(
                    401, "no-key",
                    "Send the key that you were given, as “Authorization: Bearer KEY”. This is none, or was taken back."
                )
                reply.headers.append(("WWW-Authenticate", "Bearer"))
                return frame(reply, request, route: route)
            }
            let form = Form(key: house.mint(), match: request.match) { _ in "" }
            let visit = Visit(
                scope: scope, visitor: .stranger, now: now, query: query, form: form, request: request,
                parameters: parameters, house: house, body: request.body)
            return frame(try await route.handler(visit), request, route: route)
        } catch {
            onFault(route.path, error)
            let isPassing = error is ShelfFault || (error as? StorageFault)?.isPassing == true
            var reply = Reply.refused(
                isPassing ? 503 : 500, isPassing ? "unavailable" : "fault",
                isPassing
                    ? "It cannot be taken now. Send the very same again in a minute: twice is once."
                    : "Something is wrong on our side. Send the very same again later: twice is once.")
            if isPassing { reply.headers.append(("Retry-After", "10")) }
            return frame(reply, request, route: route)
        }
    }

    /// More was sent than is taken, to a route for programs.
    func tooLarge(_ route: Route) -> Answer {
        frame(
            .refused(413, "too-large", "More was sent than is taken: at most 64 KB."),
            Request(method: route.method.rawValue, path: "/"), route: route)
    }
}

extension Reply {
    /// No, to a program: a code that it can tell apart, and a sentence for whoever looks after it.
    ///
    /// - Parameter errors: what is wrong with single fields.
    public static func refused(_ status: Int, _ code: String, _ message: String, _ errors: [FieldError] = []) -> Reply {
        .json(
            .object([
                ("error", .text(code)), ("message", .text(message)),
                (
                    "errors",
                    .array(
                        errors.map {
                            .object([("field", .text($0.field)), ("message", .text($0.message))])
                        })
                ),
            ]), status: status)
    }
}
