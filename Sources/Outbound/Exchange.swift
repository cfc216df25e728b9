import CCurl
import Glibc

/// One request to one address, and its answer, through libcurl. Used once, by one thread, which it blocks.
final class Exchange {
    private let request: OutboundRequest
    private let target: Target
    private let headerLines: [String]
    /// Whether the address may be one that is not public.
    private let anyAddress: Bool
    private let authorities: String?
    private let stop: StopSign

    private var headers: [(name: String, value: String)] = []
    private var body: [UInt8] = []
    private var headerBytes = 0
    private var isTooLarge = false
    private var isRefused = false

    init(
        _ request: OutboundRequest, at target: Target, headers: [String], anyAddress: Bool, authorities: String?,
        stop: StopSign
    ) {
        (self.request, self.target, headerLines) = (request, target, headers)
        (self.anyAddress, self.authorities, self.stop) = (anyAddress, authorities, stop)
    }

    /// - Throws: `OutboundFault`, or `CancellationError`.
    func run(until end: ContinuousClock.Instant) throws -> OutboundResponse {
        let left = (end - .now) / .milliseconds(1)
        guard !stop.isRaised else { throw CancellationError() }
        guard left >= 1 else { throw OutboundFault.timedOut(target.host) }
        guard Self.isReady, let handle = curl_easy_init() else { throw OutboundFault.unreachable(target.host) }
        defer { curl_easy_cleanup(handle) }
        var lines: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(lines) }
        for line in headerLines {
            guard let longer = curl_slist_append(lines, line) else { throw OutboundFault.unreachable(target.host) }
            lines = longer
        }
        let code = try withExtendedLifetime(self) {
            try setRules(Setter(handle, target.host), left: Int(left))
            try setMessage(Setter(handle, target.host), lines)
            try setReaders(Setter(handle, target.host))
            return curl_easy_perform(handle)
        }
        guard code == CURLE_OK else { throw fault(code) }
        return OutboundResponse(status: outbound_status(handle), headers: headers, body: body)
    }

    // MARK: - Setting up

    private static let isReady = curl_global_init(outbound_global_all) == CURLE_OK

    /// What holds for every request: nothing here depends on who asks.
    private func setRules(_ setter: Setter, left: Int) throws {
        try setter.set(CURLOPT_PROTOCOLS_STR, target.origin.scheme.rawValue)
        try setter.set(CURLOPT_FOLLOWLOCATION, 0)
        try setter.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        try setter.set(CURLOPT_SSL_VERIFYPEER, 1)
        try setter.set(CURLOPT_SSL_VERIFYHOST, 2)
        try setter.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let authorities { try setter.set(CURLOPT_CAINFO, authorities) }
        // Empty, not absent: the surroundings’ own would be used otherwise.
        try setter.set(CURLOPT_PROXY, "")
        try setter.set(CURLOPT_NOPROXY, "*")
        try setter.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        try setter.set(CURLOPT_NOSIGNAL, 1)
        try setter.set(CURLOPT_TIMEOUT_MS, left)
        try setter.set(CURLOPT_CONNECTTIMEOUT_MS, left)
        // A name that is slow to resolve does not hold the thread beyond the time limit.
        try setter.set(CURLOPT_QUICK_EXIT, 1)
        try setter.set(CURLOPT_FRESH_CONNECT, 1)
        try setter.set(CURLOPT_FORBID_REUSE, 1)
        if request.sizeLimitInBytes > 0 {
            try setter.check(
                outbound_set_large(setter.handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.sizeLimitInBytes)))
        }
    }

    private func setMessage(_ setter: Setter, _ lines: UnsafeMutablePointer<curl_slist>?) throws {
        try setter.set(CURLOPT_URL, target.text)
        try setter.set(CURLOPT_USERAGENT, "Continuum")
        try setter.check(outbound_set_list(setter.handle, CURLOPT_HTTPHEADER, lines))
        switch request.method {
        case .get: try setter.set(CURLOPT_HTTPGET, 1)
        case .post(let bytes):
            try setter.set(CURLOPT_POST, 1)
            try setter.check(
                outbound_set_large(setter.handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)))
            // One byte more than is sent, for libcurl would read standard in were there none.
            try setter.check(outbound_set_pointer(setter.handle, CURLOPT_COPYPOSTFIELDS, bytes + [0]))
        }
    }

    private func setReaders(_ setter: Setter) throws {
        let me = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_XFERINFODATA] {
            try setter.check(outbound_set_pointer(setter.handle, option, me))
        }
        try setter.check(
            outbound_set_reader(setter.handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
                Exchange.of(me)?.readBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
            })
        try setter.check(
            outbound_set_reader(setter.handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
                Exchange.of(me)?.readHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
            })
        try setter.check(
            outbound_set_socket_opener(setter.handle) { me, _, address in
                Exchange.of(me)?.open(address) ?? outbound_no_socket
            })
        try setter.set(CURLOPT_NOPROGRESS, 0)
        try setter.check(
            outbound_set_progress(setter.handle) { me, _, _, _, _ in
                Exchange.of(me)?.stop.isRaised == false ? 0 : 1
            })
    }

    // MARK: - Called by libcurl while it runs

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> Exchange? {
        pointer.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
    }

    /// How many bytes were taken; any other number than came ends the exchange.
    private func readBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count <= request.sizeLimitInBytes - body.count else {
            isTooLarge = true
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    /// How many bytes were taken, of one line.
    private func readHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        headerBytes += bytes.count
        guard headerBytes <= 65_536 else {
            isTooLarge = true
            return 0
        }
        let line = String(decoding: bytes, as: UTF8.self)
        // Each answer begins anew; a preliminary one may come before the answer proper.
        if line.hasPrefix("HTTP/") { headers = [] }
        if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].drop { $0.isWhitespace }
            let end = value.lastIndex { !$0.isWhitespace }
            headers.append((String(line[..<colon]), end.map { String(value[...$0]) } ?? ""))
        }
        return bytes.count
    }

    /// A socket for the address, or none where it may not be connected to.
    private func open(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
        guard let address, anyAddress || Self.isPublic(address) else {
            isRefused = true
            return outbound_no_socket
        }
        let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return socket(address.pointee.family, kind, address.pointee.protocol)
    }

    private static func isPublic(_ address: UnsafeMutablePointer<curl_sockaddr>) -> Bool {
        let length = Int(address.pointee.addrlen)
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return false }
        let start = UnsafeRawPointer(address) + offset
        let family = start.loadUnaligned(as: sa_family_t.self)
        guard Int32(family) == address.pointee.family else { return false }
        switch address.pointee.family {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            let held = start.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
            return PublicAddress.contains(v4: UInt32(bigEndian: held))
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            let held = start.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return PublicAddress.contains(v6: withUnsafeBytes(of: held) { Array($0) })
        default: return false
        }
    }

    // MARK: - Faults

    private func fault(_ code: CURLcode) -> any Error {
        let host = target.host
        if stop.isRaised { return CancellationError() }
        if isTooLarge { return OutboundFault.tooLarge(host) }
        switch code {
        case CURLE_FILESIZE_EXCEEDED: return OutboundFault.tooLarge(host)
        case CURLE_OPERATION_TIMEDOUT: return OutboundFault.timedOut(host)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return OutboundFault.badAddress
        case CURLE_COULDNT_CONNECT where isRefused: return OutboundFault.notAllowed(host)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_SHUTDOWN_FAILED:
            return OutboundFault.tls(host)
        default: return OutboundFault.unreachable(host)
        }
    }
}

/// Sets options, and lets none be passed over that libcurl refuses.
private struct Setter {
    let handle: UnsafeMutableRawPointer
    private let host: String

    init(_ handle: UnsafeMutableRawPointer, _ host: String) { (self.handle, self.host) = (handle, host) }

    func set(_ option: CURLoption, _ value: Int) throws { try check(outbound_set_long(handle, option, value)) }

    func set(_ option: CURLoption, _ value: String) throws { try check(outbound_set_text(handle, option, value)) }

    func check(_ code: CURLcode) throws {
        guard code == CURLE_OK else { throw OutboundFault.unreachable(host) }
    }
}
