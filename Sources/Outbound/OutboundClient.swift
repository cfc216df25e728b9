import Synchronization

/// Sends requests to other servers, such as a school’s system or the receiver of a notice.
///
/// Goes out by https to public addresses alone, save to the origins that operators named. What a name stands for is
/// judged on the very address that is connected to, so a name that changes its address gains nothing. Proxies, cookies
/// and passwords of the surroundings are not used.
public struct OutboundClient: Sendable {
    private let allowed: Set<AllowedOrigin>
    private let authorities: String?
    private let lane = OutboundLane(count: 8, mostWaiting: 256)

    /// - Parameter allowed: the origins that may be plain http or have private addresses.
    public init(allowed: [AllowedOrigin] = []) { self.init(allowed: allowed, authorities: nil) }

    /// - Parameter authorities: a file of the certificate authorities to trust in place of the system’s.
    init(allowed: [AllowedOrigin], authorities: String?) {
        (self.allowed, self.authorities) = (Set(allowed), authorities)
    }

    /// The answer, whatever its status. Blocks no thread of the caller.
    ///
    /// A GET follows up to three redirects within its origin; a POST follows none, and answers with the redirect.
    /// The time limit counts from this call, waiting for a free thread and redirects included.
    ///
    /// - Throws: `OutboundFault`; `CancellationError` where the task was cancelled.
    public func send(_ request: OutboundRequest) async throws -> OutboundResponse {
        let stop = StopSign()
        let journey = Journey(
            request: request, first: try Target(request.address), headers: try request.headerLines(),
            allowed: allowed, authorities: authorities, stop: stop)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isTaken = lane.start { continuation.resume(with: Result { try journey.run() }) }
                if !isTaken { continuation.resume(throwing: OutboundFault.busy) }
            }
        } onCancel: {
            stop.raise()
        }
    }
}

/// Tells the thread that works for a task that the task was cancelled.
final class StopSign: Sendable {
    private let state = Atomic(false)

    var isRaised: Bool { state.load(ordering: .relaxed) }

    func raise() { state.store(true, ordering: .relaxed) }
}

/// A request from its first address to the last that it is redirected to. Runs on a thread that it may block.
struct Journey: Sendable {
    let request: OutboundRequest
    let first: Target
    let headers: [String]
    let allowed: Set<AllowedOrigin>
    let authorities: String?
    let stop: StopSign
    private let end: ContinuousClock.Instant
    private static let mostRedirects = 3

    init(
        request: OutboundRequest, first: Target, headers: [String], allowed: Set<AllowedOrigin>, authorities: String?,
        stop: StopSign
    ) {
        (self.request, self.first, self.headers) = (request, first, headers)
        (self.allowed, self.authorities, self.stop) = (allowed, authorities, stop)
        end = .now + .seconds(request.timeLimitInSeconds)
    }

    /// - Throws: `OutboundFault`, or `CancellationError`.
    func run() throws -> OutboundResponse {
        let isConfigured = allowed.contains(first.origin)
        guard first.origin.scheme == .https || isConfigured else { throw OutboundFault.notAllowed(first.host) }
        var target = first
        for _ in 0...Self.mostRedirects {
            let exchange = Exchange(
                request, at: target, headers: headers, anyAddress: isConfigured, authorities: authorities, stop: stop)
            let response = try exchange.run(until: end)
            guard let place = redirect(response) else { return response }
            let next = try Target(place, from: target)
            guard next.origin == first.origin else { throw OutboundFault.crossHostRedirect(first.host) }
            target = next
        }
        throw OutboundFault.tooManyRedirects(first.host)
    }

    /// Where the response sends a GET.
    private func redirect(_ response: OutboundResponse) -> String? {
        guard request.method == .get, [301, 302, 303, 307, 308].contains(response.status) else { return nil }
        return response.header("Location")
    }
}
