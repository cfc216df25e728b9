/// Which addresses of the internet are public: those that IANA’s registries of special addresses call globally
/// reachable, less what clouds put there for their own machines.
enum PublicAddress {
    /// - Parameter address: the four bytes of the address, the first one highest.
    static func contains(v4 address: UInt32) -> Bool {
        !notPublic.contains { address >> (32 - $0.bits) == $0.network >> (32 - $0.bits) }
    }

    /// - Parameter address: sixteen bytes.
    static func contains(v6 address: [UInt8]) -> Bool {
        guard address.count == 16 else { return false }
        let last = address[12...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // An address of version 4 written as one of version 6, or reached through NAT64.
        if address.starts(with: mapped) || address.starts(with: translated) { return contains(v4: last) }
        guard address[0] & 0xE0 == 0x20 else { return false }
        let words = stride(from: 0, to: 4, by: 2).map { UInt16(address[$0]) << 8 | UInt16(address[$0 + 1]) }
        return switch (words[0], words[1]) {
        case (0x2001, 0...0x01FF): false  // protocols, Teredo among them
        case (0x2001, 0x0DB8): false  // documentation
        case (0x2002, _): false  // 6to4, which holds an address of version 4
        case (0x3FFF, 0...0x0FFF): false  // documentation
        default: true
        }
    }

    private static let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
    private static let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]

    private static let notPublic: [(network: UInt32, bits: UInt32)] = [
        (0x0000_0000, 8),  // 0.0.0.0: this machine
        (0x0A00_0000, 8),  // 10.0.0.0: private
        (0x6440_0000, 10),  // 100.64.0.0: behind a carrier’s NAT
        (0x7F00_0000, 8),  // 127.0.0.0: loopback
        (0xA83F_8110, 32),  // 168.63.129.16: Azure’s own service for its machines
        (0xA9FE_0000, 16),  // 169.254.0.0: link-local, with the clouds’ metadata
        (0xAC10_0000, 12),  // 172.16.0.0: private
        (0xC000_0000, 24),  // 192.0.0.0: protocols
        (0xC000_0200, 24),  // 192.0.2.0: documentation
        (0xC058_6300, 24),  // 192.88.99.0: 6to4
        (0xC0A8_0000, 16),  // 192.168.0.0: private
        (0xC612_0000, 15),  // 198.18.0.0: measurements
        (0xC633_6400, 24),  // 198.51.100.0: documentation
        (0xCB00_7100, 24),  // 203.0.113.0: documentation
        (0xE000_0000, 3),  // 224.0.0.0: multicast, reserved, broadcast
    ]
}
