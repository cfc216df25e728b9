import Foundation
import Testing

@testable import Outbound

@Suite(.serialized) struct `Sending to another server` {
    @Test func `reaches a configured origin over plain http`() async throws {
        let server = try LocalServer()
        let response = try await server.client().send(
            OutboundRequest(
                server.address("/a?b=c"), method: .post(Array("caf\u{E9}".utf8)),
                headers: [("Authorization", "Bearer t"), ("X-Empty", ""), ("Content-Type", "text/plain")]))
        let heard = try Heard(response)
        #expect(response.status == 200)
        #expect(response.header("x-heard") == "yes")
        #expect(response.description == "200, \(response.body.count) bytes")
        #expect((heard.method, heard.path, heard.body) == ("POST", "/a?b=c", "caf\u{E9}"))
        let headers = [
            "User-Agent": "Continuum", "Authorization": "Bearer t", "X-Empty": "", "Content-Type": "text/plain",
        ]
        for (name, value) in headers { #expect(heard.headers[name] == value) }
        #expect(heard.headers["Expect"] == nil)
    }

    @Test func `sends a body of nothing, and a large one`() async throws {
        let server = try LocalServer()
        let empty = try await server.client().send(OutboundRequest(server.address("/"), method: .post([])))
        #expect(try Heard(empty).headers["Content-Length"] == "0")
        #expect(try Heard(empty).headers["Content-Type"] == nil)
        let bytes = [UInt8](repeating: UInt8(ascii: "y"), count: 900_000)
        let large = try await server.client().send(OutboundRequest(server.address("/"), method: .post(bytes)))
        #expect(try Heard(large).body.utf8.count == bytes.count)
    }

    @Test func `answers with a failure as the server gave it`() async throws {
        let server = try LocalServer()
        let response = try await server.client().send(OutboundRequest(server.address("/missing")))
        #expect(response.status == 404)
        #expect(String(decoding: response.body, as: UTF8.self) == "nothing here")
    }

    @Test func `goes by no proxy of the environment`() async {
        await #expect(processExitsWith: .success) {
            for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
                setenv(name, "http://127.0.0.1:9", 1)
            }
            let server = try LocalServer()
            let response = try await server.client().send(OutboundRequest(server.address("/")))
            try #require(response.status == 200)
        }
    }

    @Test func `answers fifty at once`() async throws {
        let server = try LocalServer()
        let client = try server.client()
        let paths = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<50 {
                let request = OutboundRequest(server.address("/\(number)"))
                group.addTask { try Heard(try await client.send(request)).path }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(paths == Set((0..<50).map { "/\($0)" }))
    }

    @Test func `refuses more than may wait`() {
        let lane = OutboundLane(count: 1, mostWaiting: 2)
        let (hold, begun) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let first = lane.start {
            begun.signal()
            hold.wait()
        }
        begun.wait()
        let rest = (0..<3).map { _ in lane.start {} }
        #expect(first)
        #expect(rest == [true, true, false])
        hold.signal()
    }

    // MARK: - Limits

    @Test(arguments: ["/large?1000001", "/endless", "/headers"])
    func `cuts off what is too large`(path: String) async throws {
        let server = try LocalServer()
        await #expect(throws: OutboundFault.tooLarge("127.0.0.1")) {
            try await server.client().send(OutboundRequest(server.address(path), sizeLimitInBytes: 1_000_000))
        }
        let most = OutboundRequest(server.address("/large?1000000"), sizeLimitInBytes: 1_000_000)
        #expect(try await server.client().send(most).body.count == 1_000_000)
        await #expect(throws: OutboundFault.tooLarge("127.0.0.1")) {
            try await server.client().send(OutboundRequest(server.address("/"), sizeLimitInBytes: 0))
        }
    }

    @Test(arguments: ["/slow", "/drip"]) func `gives up on a slow server`(path: String) async throws {
        let server = try LocalServer()
        let start = ContinuousClock.now
        await #expect(throws: OutboundFault.timedOut("127.0.0.1")) {
            try await server.client().send(OutboundRequest(server.address(path), timeLimitInSeconds: 0.5))
        }
        #expect(.now - start < .seconds(4))
    }

    @Test func `stops when its task is cancelled`() async throws {
        let server = try LocalServer()
        let client = try server.client()
        let request = OutboundRequest(server.address("/slow"))
        let start = ContinuousClock.now
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await client.send(request) }
                try await Task.sleep(for: .milliseconds(300))
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        #expect(.now - start < .seconds(6))
    }

    @Test func `says when nobody is there, or the answer breaks off`() async throws {
        let server = try LocalServer()
        await #expect(throws: OutboundFault.unreachable("127.0.0.1")) {
            try await server.client().send(OutboundRequest(server.address("/broken")))
        }
        let nobody = OutboundClient(allowed: [try AllowedOrigin("http://127.0.0.1:9")])
        await #expect(throws: OutboundFault.unreachable("127.0.0.1")) {
            try await nobody.send(OutboundRequest("http://127.0.0.1:9/"))
        }
    }

    // MARK: - Redirects

    @Test func `follows up to three redirects within the origin`() async throws {
        let server = try LocalServer()
        let client = try server.client()
        let response = try await client.send(OutboundRequest(server.address("/hop/3"), headers: [("X-Key", "k")]))
        #expect(try Heard(response).path == "/hop/0?n=1")
        #expect(try Heard(response).headers["X-Key"] == "k")
        #expect(try Heard(response).headers["Cookie"] == nil)
        for path in ["/hop/4", "/loop"] {
            await #expect(throws: OutboundFault.tooManyRedirects("127.0.0.1")) {
                try await client.send(OutboundRequest(server.address(path)))
            }
        }
    }

    @Test func `follows no redirect to another origin`() async throws {
        let (server, other) = (try LocalServer(), try LocalServer())
        // Not even to one that is configured.
        let client = OutboundClient(allowed: [try server.origin(), try other.origin()])
        let places = [
            other.address("/"), "http://localhost:\(server.port)/", "https://127.0.0.1:\(server.port)/",
            "//example.org/", "http://[::1]:\(server.port)/",
        ]
        for place in places {
            await #expect(throws: OutboundFault.crossHostRedirect("127.0.0.1"), "\(place)") {
                try await client.send(OutboundRequest(server.address("/to?\(place)")))
            }
        }
        for place in ["file:///etc/passwd", "http://u:p@127.0.0.1:\(server.port)/", "gopher://127.0.0.1/"] {
            await #expect(throws: OutboundFault.badAddress, "\(place)") {
                try await client.send(OutboundRequest(server.address("/to?\(place)")))
            }
        }
        #expect(try await other.connections() == 0)
    }

    @Test func `follows no redirect of a post`() async throws {
        let server = try LocalServer()
        let request = OutboundRequest(server.address("/to?/elsewhere"), method: .post([1]))
        let response = try await server.client().send(request)
        #expect((response.status, response.header("location")) == (307, "/elsewhere"))
        #expect(try await server.connections() == 1)
    }

    // MARK: - TLS

    @Test func `trusts a certificate of its authorities for its own name alone`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "both.pem").path
        try run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", file, "-out", folder.path + "/only.pem", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost")
        try run("sh", "-c", "cat '\(folder.path)/only.pem' >> '\(file)'")
        let server = try LocalServer(certificate: file)
        let allowed = ["localhost", "127.0.0.1"].map { "https://\($0):\(server.port)" }
        let origins = try allowed.map { try AllowedOrigin($0) }
        let trusting = OutboundClient(allowed: origins, authorities: folder.path + "/only.pem")
        #expect(try await trusting.send(OutboundRequest(allowed[0])).status == 200)
        await #expect(throws: OutboundFault.tls("127.0.0.1")) { try await trusting.send(OutboundRequest(allowed[1])) }
        await #expect(throws: OutboundFault.tls("localhost")) {
            try await OutboundClient(allowed: origins).send(OutboundRequest(allowed[0]))
        }
    }
}

extension LocalServer {
    func address(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    func origin() throws -> AllowedOrigin { try AllowedOrigin("http://127.0.0.1:\(port)") }

    func client() throws -> OutboundClient { OutboundClient(allowed: [try origin()]) }

    /// How many connections came before this question’s own.
    func connections() async throws -> Int {
        let text = String(decoding: try await client().send(OutboundRequest(address("/count"))).body, as: UTF8.self)
        return try #require(Int(text)) - 1
    }
}

/// A request as the server heard it.
struct Heard: Decodable {
    let method: String
    let path: String
    let headers: [String: String]
    let body: String

    init(_ response: OutboundResponse) throws {
        self = try JSONDecoder().decode(Heard.self, from: Data(response.body))
    }
}
