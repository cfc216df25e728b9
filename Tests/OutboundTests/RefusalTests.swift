import Foundation
import Testing

@testable import Outbound

@Suite(.serialized) struct `Refusing to send` {
    /// Spellings of this machine’s own address that end up with the same servers.
    private static let spellings = [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.0.0.2",
        "0.0.0.0", "0", "%31%32%37.0.0.1", "localhost", "LocalHost", "[::1]", "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]",
    ]

    /// The names that the hosts file gives to this machine’s own addresses.
    private static let names: [String] = {
        let lines = ((try? String(contentsOfFile: "/etc/hosts", encoding: .utf8)) ?? "").split(separator: "\n")
        let words = lines.map { $0.prefix { $0 != "#" }.split { $0.isWhitespace } }
        let own = words.filter { $0.first?.hasPrefix("127.") == true || $0.first == "::1" }
        return own.flatMap { $0.dropFirst().map(String.init) }
    }()

    @Test func `reaches no address of this machine by any spelling or name`() async throws {
        let server = try LocalServer()
        let client = OutboundClient()
        for host in Self.spellings + Self.names {
            let fault = await #expect(throws: OutboundFault.self, "\(host)") {
                try await client.send(OutboundRequest("https://\(host):\(server.port)/secret?key=1"))
            }
            guard let fault, case .notAllowed = fault else {
                Issue.record("\(host): \(String(describing: fault))")
                continue
            }
            #expect(!fault.description.contains("secret"))
        }
        #expect(try await server.connections() == 0)
    }

    /// Without it the test above might pass for want of a server.
    @Test(arguments: ["127.0.0.1", "2130706433", "localhost", "[::1]", "[::ffff:127.0.0.1]"])
    func `reaches the same when it is configured`(host: String) async throws {
        let server = try LocalServer()
        let address = "http://\(host):\(server.port)"
        let client = OutboundClient(allowed: [try AllowedOrigin(address)])
        #expect(try await client.send(OutboundRequest(address)).status == 200)
    }

    @Test func `configures one scheme, host and port, and no other`() async throws {
        let (server, other) = (try LocalServer(), try LocalServer())
        let client = try server.client()
        let addresses = [
            ("http://localhost:\(server.port)/", "localhost"), ("http://127.0.0.1:\(other.port)/", "127.0.0.1"),
            ("https://127.0.0.1:\(server.port)/", "127.0.0.1"), ("http://example.org/", "example.org"),
        ]
        for (address, host) in addresses {
            await #expect(throws: OutboundFault.notAllowed(host), "\(address)") {
                try await client.send(OutboundRequest(address))
            }
        }
        #expect(try await server.connections() == 0)
        #expect(try await other.connections() == 0)
    }

    @Test(arguments: [
        ("X-A", "b\r\nX-C: d"), ("X-A", "b\nX-C: d"), ("X-A", "b\rc"), ("X-A", "b\0"), ("X-A\r\nX-B", "c"),
        ("X-A: b", "c"), ("", "c"), ("X A", "c"), ("X-A\0", "c"), ("Host", "elsewhere"), ("host", "elsewhere"),
        ("Content-Length", "3"), ("Transfer-Encoding", "chunked"), ("Cookie", "a=b"), ("Proxy-Authorization", "x"),
        ("User-Agent", "x"), ("X-\u{E9}", "c"), ("@/etc/passwd", ""), ("X-A", "\u{7F}"),
    ])
    func `sends no header that says more than one thing`(name: String, value: String) async throws {
        let server = try LocalServer()
        let client = try server.client()
        await #expect(throws: OutboundFault.badHeader) {
            try await client.send(OutboundRequest(server.address("/"), headers: [(name, value)]))
        }
        #expect(try await server.connections() == 0)
    }

    @Test(arguments: [
        "", "example.org", "/path", "ftp://example.org/", "file:///etc/passwd", "https://", "https://u@example.org/",
        "https://u:p@example.org/", "https://:p@example.org/", "https://example.org:0/", "https://example.org:65536/",
        "https://example.org/a b", "https://example.org/\r\nX", "https://example.org\\@b/", "https://ex\u{E4}mple.org/",
        "https://[fe80::1%25lo]/", "https://a%2525b/", "https://a%00b/", "https://example.org/\0", "javascript:x",
        "https://example.org/" + String(repeating: "a", count: 8192), "dict://127.0.0.1:11211/stat",
    ])
    func `takes no address that can be read in two ways`(address: String) async {
        await #expect(throws: OutboundFault.badAddress) { try await OutboundClient().send(OutboundRequest(address)) }
    }

    @Test func `takes only an origin for an origin`() throws {
        #expect(try AllowedOrigin("https://Records.Internal") == AllowedOrigin("https://records.internal:443/"))
        #expect(try AllowedOrigin("http://records.internal").port == 80)
        let others = [
            "records.internal", "http://a/b", "http://a?b", "http://a#b", "http://a//", "http://u@a", "ftp://a",
        ]
        for text in others {
            #expect(throws: OutboundFault.badAddress, "\(text)") { try AllowedOrigin(text) }
        }
    }

    @Test func `prints no path, query, header or body`() {
        let request = OutboundRequest(
            "https://example.org/secret?secret", method: .post(Array("secret".utf8)), headers: [("x", "secret")])
        #expect("\(request)" == "POST to example.org")
        #expect("\(OutboundFault.notAllowed("example.org"))".hasPrefix("example.org is not public"))
    }

    // MARK: - Addresses

    @Test(arguments: [
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255",
        "127.0.0.1", "127.255.255.255", "168.63.129.16", "169.254.0.0", "169.254.169.254", "169.254.255.255",
        "172.16.0.0", "172.31.255.255", "192.0.0.0", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.0",
        "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255",
    ])
    func `knows what is not public in version 4, however it is wrapped`(text: String) throws {
        let bytes = text.split(separator: ".").compactMap { UInt8($0) }
        #expect(!PublicAddress.contains(v4: bytes.reduce(0) { $0 << 8 | UInt32($1) }))
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + bytes
        let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8) + bytes
        let compatible = [UInt8](repeating: 0, count: 12) + bytes
        let sixToFour: [UInt8] = [0x20, 0x02] + bytes + [UInt8](repeating: 0, count: 10)
        for wrapped in [mapped, translated, compatible, sixToFour] { #expect(!PublicAddress.contains(v6: wrapped)) }
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "8.8.8.8",
    ])
    func `knows what is public in version 4`(text: String) {
        let bytes = text.split(separator: ".").compactMap { UInt8($0) }
        #expect(PublicAddress.contains(v4: bytes.reduce(0) { $0 << 8 | UInt32($1) }))
        #expect(PublicAddress.contains(v6: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + bytes))
    }

    @Test(arguments: [
        ("::", false), ("::1", false), ("fc00::1", false), ("fdff::1", false), ("fd00:ec2::254", false),
        ("fe80::1", false), ("febf::1", false), ("fec0::1", false), ("ff02::1", false), ("2001:db8::1", false),
        ("2001::1", false), ("2001:1ff::1", false), ("2002::1", false), ("3fff::1", false), ("64:ff9b:1::1", false),
        ("100::1", false), ("4000::1", false), ("2606:4700::1111", true), ("2a00:1450:4009::200e", true),
        ("2001:4860:4860::8888", true), ("64:ff9b::808:808", true), ("2001:200::1", true),
    ])
    func `knows what is public in version 6`(text: String, isPublic: Bool) {
        var address = in6_addr()
        #expect(inet_pton(AF_INET6, text, &address) == 1)
        #expect(PublicAddress.contains(v6: withUnsafeBytes(of: address) { Array($0) }) == isPublic)
    }
}
