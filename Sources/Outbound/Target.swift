import CCurl

/// A scheme, host and port that operators named: it may be plain http, and have a private address.
public struct AllowedOrigin: Hashable, Sendable {
    public enum Scheme: String, Sendable { case http, https }

    public let scheme: Scheme
    /// In lower case; a numeric address in its usual form, of version 6 in brackets.
    public let host: String
    public let port: Int

    /// - Parameter text: such as `http://records.internal:8080`; the port may be left out where it is the usual one.
    /// - Throws: `badAddress` where it is anything else, or has a path.
    public init(_ text: String) throws(OutboundFault) {
        let target = try Target(text)
        // In its usual form an address without a path ends with the third slash.
        guard target.text.hasSuffix("/"), target.text.count(where: { $0 == "/" }) == 3 else { throw .badAddress }
        self = target.origin
    }

    init(scheme: Scheme, host: String, port: Int) { (self.scheme, self.host, self.port) = (scheme, host, port) }
}

/// An address to connect to, read by the same parser that connects.
struct Target: Hashable, Sendable {
    let origin: AllowedOrigin
    /// The whole address in its usual form.
    let text: String

    var host: String { origin.host }

    /// - Parameters:
    ///   - text: an absolute address; or a relative one where a base is given.
    ///   - base: what the address is relative to.
    /// - Throws: `badAddress`.
    init(_ text: String, from base: Target? = nil) throws(OutboundFault) {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
        guard isPlain, (1...8192).contains(text.utf8.count), let handle = curl_url() else { throw .badAddress }
        defer { curl_url_cleanup(handle) }
        for part in [base?.text, text].compactMap(\.self) {
            let code = curl_url_set(handle, CURLUPART_URL, part, outbound_disallow_user)
            guard code == CURLUE_OK else { throw .badAddress }
        }
        guard let scheme = Self.part(handle, CURLUPART_SCHEME).flatMap(AllowedOrigin.Scheme.init(rawValue:)),
            let host = Self.part(handle, CURLUPART_HOST)?.lowercased(), Self.isHost(host),
            let port = Self.part(handle, CURLUPART_PORT).flatMap(Int.init), (1...65_535).contains(port),
            Self.part(handle, CURLUPART_ZONEID) == nil, Self.part(handle, CURLUPART_USER) == nil,
            Self.part(handle, CURLUPART_PASSWORD) == nil, let whole = Self.part(handle, CURLUPART_URL)
        else { throw .badAddress }
        origin = AllowedOrigin(scheme: scheme, host: host, port: port)
        self.text = whole
    }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, outbound_default_port) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    /// Whether it reads the same however often it is read: no character in it has to be encoded or decoded.
    private static func isHost(_ text: String) -> Bool {
        let bytes = text.utf8
        if text.hasPrefix("[") {
            return text.hasSuffix("]") && bytes.dropFirst().dropLast().allSatisfy("0123456789abcdef:.".utf8.contains)
        }
        return !bytes.isEmpty && bytes.allSatisfy("0123456789abcdefghijklmnopqrstuvwxyz.-_".utf8.contains)
    }
}
