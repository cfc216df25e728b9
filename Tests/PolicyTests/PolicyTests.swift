import App
import Foundation
import TestKit
import Testing
import Web

@Suite struct `The policy` {
    private var routes: [Route] { Application.slices.flatMap(\.routes) }

    /// Every address with who may use it, as a person has read and agreed it.
    @Test func `is what stands in policy.txt, route by route`() throws {
        let made = routes.map { "\($0.method.rawValue)\t\($0.path)\t\($0.may)" }.sorted().joined(separator: "\n") + "\n"
        let held = try String(contentsOfFile: TestApp.root + "/Tests/PolicyTests/policy.txt", encoding: .utf8)
        #expect(made == held, "Tests/PolicyTests/policy.txt should be:\n\(made)")
    }

    @Test func `lets anyone only read what is published, keep a shortlist, say what is wrong, ask, and sign in`() {
        let changing = routes.filter { $0.method == .post && $0.may == .anyone }.map(\.path)
        let ownBrowser = ["/shortlist/entries", "/shortlist/removals"]
        let signingIn = [
            "/sign-in", "/sign-in/second", "/sign-in/passkey", "/sign-in/provider", "/join", "/demo/sign-ins",
        ]
        #expect(Set(changing) == Set(ownBrowser + signingIn + ["/reports", "/requests"]))
    }

    @Test func `names nouns, not verbs`() {
        for route in routes {
            let verbs = ["add", "remove", "delete", "update", "create", "edit", "get", "set"]
            for part in route.path.split(separator: "/") where !part.hasPrefix("{") {
                #expect(!verbs.contains(String(part)), "\(route.path)")
            }
        }
    }

    @Test func `is asked of every method of every address`() async throws {
        let app = try await TestApp(Application.slices)
        for route in routes {
            let parts = route.path.split(separator: "/").map { $0.hasPrefix("{") ? "x" : String($0) }
            let path = parts.joined(separator: "/")
            for method in ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"] {
                let answer = await app.send(Request(method: method, path: "/" + path))
                #expect([404, 405].contains(answer.status), "\(method) \(route.path) gave \(answer.status)")
            }
            if route.method == .post {
                let answer = await app.send(Request(method: "POST", path: "/" + path))
                let wanted = if case .key = route.may { 401 } else { route.may == .anyone ? 400 : 403 }
                #expect(answer.status == wanted, "POST \(route.path)")
            }
        }
    }
}
