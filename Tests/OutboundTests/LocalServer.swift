import Foundation

/// A server on this machine’s own addresses, in a process of its own that ends with this value.
final class LocalServer {
    let port: Int
    private let process: Process
    private let input = Pipe()

    /// - Parameter certificate: the file of a certificate with its key, for https.
    init(certificate: String? = nil) throws {
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + [certificate].compactMap(\.self)
        let output = Pipe()
        (process.standardOutput, process.standardInput) = (output, input)
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            process.terminate()
            throw NotStarted()
        }
        self.port = port
    }

    deinit { process.terminate() }

    struct NotStarted: Error {}
}

/// Runs a program to its end, and gives what it wrote.
@discardableResult
func run(_ words: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw LocalServer.NotStarted() }
    return text
}

/// Prints its port; ends when its standard in does, should the tests not live to end it.
private let script = #"""
    import http.server, json, os, socket, ssl, sys, threading, time

    count, lock = 0, threading.Lock()

    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 128
        def get_request(self):
            global count
            pair = super().get_request()
            with lock: count += 1
            return pair

    class Server6(Server):
        address_family = socket.AF_INET6

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *words): pass

        def answer(self, status, body=b"", **headers):
            self.send_response(status)
            for name, value in headers.items(): self.send_header(name, value)
            if "Content_Length" not in headers: self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            path, _, query = self.path.partition("?")
            if path == "/count": self.answer(200, str(count).encode())
            elif path == "/slow": time.sleep(20)
            elif path == "/drip":
                self.send_response(200)
                self.end_headers()
                for _ in range(200):
                    self.wfile.write(b".")
                    time.sleep(0.1)
            elif path == "/to": self.answer(302, b"moved", Location=query)
            elif path == "/loop": self.answer(301, Location="/loop")
            elif path.startswith("/hop/"):
                left = int(path[5:])
                if left: self.answer(307, Location=f"../hop/{left - 1}?n=1", **{"Set-Cookie": "a=b"})
                else: self.echo(b"")
            elif path == "/large": self.answer(200, b"x" * int(query))
            elif path == "/endless":
                self.send_response(200)
                self.end_headers()
                while True: self.wfile.write(b"x" * 65536)
            elif path == "/headers":
                self.send_response(200)
                for number in range(100): self.send_header(f"N{number}", "x" * 1000)
                self.end_headers()
            elif path == "/broken":
                self.send_response(200)
                self.send_header("Content-Length", "10")
                self.end_headers()
                self.wfile.write(b"x")
            elif path == "/missing": self.answer(404, b"nothing here")
            else: self.echo(b"")

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path.startswith("/to?"): self.answer(307, b"moved", Location=self.path[4:])
            else: self.echo(body)

        def echo(self, body):
            heard = {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body.decode()}
            self.answer(200, json.dumps(heard).encode(), **{"X-Heard": "yes "})

    server = Server(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
    servers = [server]
    try: servers.append(Server6(("::1", port), Handler))
    except OSError: pass
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1])
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    for each in servers: threading.Thread(target=each.serve_forever, daemon=True).start()
    print(port, flush=True)
    sys.stdin.read()
    os._exit(0)
    """#
