import Glibc
import Kernel

/// An address of the internet, as sixteen bytes; IPv4 is the last four after the prefix for it.
struct InternetAddress: Hashable, Sendable {
    let bytes: [UInt8]

    /// Nil where the text is no address: names are not looked up.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 45 else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, String(text), &four) == 1 {
            bytes = Self.prefixOfFour + withUnsafeBytes(of: four) { Array($0) }
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, String(text), &six) == 1 else { return nil }
        bytes = withUnsafeBytes(of: six) { Array($0) }
    }

    private static let prefixOfFour = [UInt8](repeating: 0, count: 10) + [255, 255]
    var isFour: Bool { Array(bytes.prefix(12)) == Self.prefixOfFour }

    /// What limits go by: an IPv4 address, or the network of 64 bits that one household or firm has.
    var forLimits: String {
        if isFour { return bytes.suffix(4).map(String.init).joined(separator: ".") }
        if bytes.dropLast().allSatisfy({ $0 == 0 }), bytes.last == 1 { return "::1" }
        let groups = stride(from: 0, to: 8, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
        return groups.joined(separator: ":") + "::"
    }
}

/// An address, or a network such as `10.0.0.0/8`.
struct InternetRange: Hashable, Sendable {
    private let address: InternetAddress
    /// How many of the 128 bits count.
    private let bits: Int

    init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = halves.first.flatMap({ InternetAddress($0) }) else { return nil }
        let most = address.isFour ? 32 : 128
        let given = halves.count > 1 ? Digits.number(halves[1]) : most
        guard let given, given <= most else { return nil }
        (self.address, bits) = (address, given + 128 - most)
    }

    func contains(_ other: InternetAddress) -> Bool {
        (0..<16).allSatisfy { index in
            let counted = min(8, max(0, bits - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> counted)
            return (address.bytes[index] ^ other.bytes[index]) & mask == 0
        }
    }
}

/// Whom a request comes from, where proxies stand between: what headers say of it is believed from these alone.
struct Forwarding: Sendable {
    let proxies: [InternetRange]

    /// The address that limits go by, and whether the browser spoke https.
    ///
    /// - Parameters:
    ///   - socket: the address that the connection comes from.
    ///   - forwardedFor: the values of `X-Forwarded-For`, in their order.
    ///   - scheme: the value of `X-Forwarded-Proto`.
    func origin(socket: String, forwardedFor: [String], scheme: String?) -> (client: String, isSecure: Bool) {
        guard var nearest = InternetAddress(socket) else { return (socket, false) }
        guard isProxy(nearest) else { return (nearest.forLimits, false) }
        // Each proxy adds at the end whom it heard from, so the last that is no proxy of ours is the browser; what
        // stands before it anybody may have written.
        for entry in forwardedFor.joined(separator: ",").split(separator: ",").reversed() {
            guard let address = InternetAddress(entry.trimmed) else { break }
            nearest = address
            if !isProxy(address) { break }
        }
        return (nearest.forLimits, scheme == "https")
    }

    private func isProxy(_ address: InternetAddress) -> Bool { proxies.contains { $0.contains(address) } }
}
