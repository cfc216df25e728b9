@testable import AccessServer
import Credentials
import Crypto
import Foundation
import Kernel
import Storage
import Synchronization
import TestKit
import Web

/// An identity provider of the tests’ own, which signs rightly and wrongly.
final class Council: Sendable {
    static let issuer = "https://login.council.example"

    struct State {
        /// Members of the token as JSON, in place of the right ones; an empty text takes one out.
        var claims: [String: String] = [:]
        var header = #"{"alg":"ES256","kid":"k1","typ":"JWT"}"#
        /// Makes the third part of a token from the first two, in place of a right signature.
        var signature: (@Sendable (String) -> String)?
        /// Members of the discovery document, in place of the right ones.
        var metadata: [String: String] = [:]
        /// The name under which the key is published.
        var published = "k1"
        var nonce = ""
        var tokenStatus = 200
        var fault: ProviderFault?
        var asked: [String] = []
        var codes: [Query] = []
        var authorizations: [String] = []
        var told: [String] = []
    }

    let state = Mutex(State())
    private let key = P256.Signing.PrivateKey()

    func change(_ body: @Sendable (inout State) -> Void) { state.withLock { body(&$0) } }

    func provider(secret: String? = nil, assurance: Set<String> = []) -> IdentityProvider {
        IdentityProvider(
            .init(
                issuer: Council.issuer, client: "continuum", secret: secret, name: "Birmingham City Council",
                algorithm: .es256, assurance: assurance),
            note: { kind in self.change { $0.told.append(kind) } },
            fetch: { try self.answer($0) })
    }

    /// The public key as bytes that a forger may sign with by a shared secret.
    var publicKey: [UInt8] { Array(key.publicKey.x963Representation) }

    private func answer(_ call: IdentityProvider.Call) throws -> IdentityProvider.Response {
        let state = self.state.withLock { state in
            state.asked.append(call.address)
            if let form = call.form {
                state.codes.append(Query(reading: String(decoding: form, as: UTF8.self)) ?? Query())
                state.authorizations.append(call.headers.first { $0.name == "Authorization" }?.value ?? "")
            }
            return state
        }
        if let fault = state.fault { throw fault }
        let (status, body) =
            switch call.address.dropFirst(Council.issuer.count) {
            case "/.well-known/openid-configuration": (200, metadata(state))
            case "/keys": (200, keys(state))
            case "/token": (state.tokenStatus, #"{"access_token":"a","id_token":"\#(token(state))"}"#)
            default: (404, "")
            }
        return IdentityProvider.Response(status: status, body: Array(body.utf8))
    }

    private func object(_ members: [(String, String)], but others: [String: String]) -> String {
        let names = members.map(\.0) + others.keys.filter { name in !members.contains { $0.0 == name } }
        let right = Dictionary(uniqueKeysWithValues: members)
        let written = names.compactMap { name -> String? in
            let value = others[name] ?? right[name] ?? ""
            return value.isEmpty ? nil : #""\#(name)":\#(value)"#
        }
        return "{" + written.joined(separator: ",") + "}"
    }

    private func metadata(_ state: State) -> String {
        let issuer = Council.issuer
        return object(
            [
                ("issuer", #""\#(issuer)""#), ("authorization_endpoint", #""\#(issuer)/authorize""#),
                ("token_endpoint", #""\#(issuer)/token""#), ("jwks_uri", #""\#(issuer)/keys""#),
            ], but: state.metadata)
    }

    private func keys(_ state: State) -> String {
        let point = Array(key.publicKey.rawRepresentation)
        let (x, y) = (Base64URL.text(Array(point[..<32])), Base64URL.text(Array(point[32...])))
        return #"{"keys":[{"kty":"EC","crv":"P-256","kid":"\#(state.published)","x":"\#(x)","y":"\#(y)"}]}"#
    }

    private func token(_ state: State) -> String {
        let seconds = WallClock.stopped(on: "2026-11-24").now().milliseconds / 1000
        let claims = object(
            [
                ("iss", #""\#(Council.issuer)""#), ("aud", #""continuum""#), ("sub", #""nadia-at-work""#),
                ("iat", String(seconds)), ("exp", String(seconds + 300)),
                ("auth_time", String(seconds - 60)), ("nonce", #""\#(state.nonce)""#),
            ], but: state.claims)
        let signed = Base64URL.text(Array(state.header.utf8)) + "." + Base64URL.text(Array(claims.utf8))
        if let signature = state.signature { return signed + "." + signature(signed) }
        let made = (try? key.signature(for: Array(signed.utf8))).map { Array($0.rawRepresentation) }
        return signed + "." + Base64URL.text(made ?? [])
    }
}

/// A site whose people may sign in by that council, and their browsers. Time passes only where a test says so.
struct CouncilSite: Sendable {
    let app: TestApp
    let council: Council
    private let clock: MovableClock

    init(
        _ council: Council = Council(), secret: String? = nil, assurance: Set<String> = [], engine: Engine = .sqlite,
        site: String? = "https://send.council.example"
    ) async throws {
        let clock = MovableClock()
        let slice = accessSlice(Doors(site: site, provider: council.provider(secret: secret, assurance: assurance)))
        let database = try await engine.database(WallClock { clock.now })
        try await database.migrate(StorageSchema.migrations + slice.migrations)
        app = try await TestApp([slice], on: database, gate: AccessGate(database, policy: try shippedPolicy()))
        (self.council, self.clock) = (council, clock)
        for name in ["nadia", "imran"] {
            try await database.write(for: .operation) { tx in
                try AccountStore.keep(name, login: "\(name)@council.example", name: name, in: tx)
            }
        }
    }

    func pass(minutes: Int) { clock.pass(minutes) }

    /// A browser with a whole session of this account, as after a password and a code.
    func signedIn(_ account: String) async throws -> [String: String] {
        let token = try await app.database.write(for: .operation) { tx in
            try SessionStore.begin(.whole, for: account, device: "a test", replacing: nil, in: tx)
        }
        return [Reply.sessionCookie: token]
    }

    /// Goes to the provider by the form on `page`.
    ///
    /// - Returns: the browser’s cookies from then on, and what the provider was asked.
    func go(
        _ address: String = "/sign-in/provider", from page: String = "/sign-in", in browser: [String: String] = [:]
    ) async throws -> (browser: [String: String], asked: Query, answer: Answer) {
        let answer = try await app.post(
            address, [:], from: app.get(page, cookies: browser), cookies: browser)
        let target = answer.header("Refresh")?.dropFirst("0; url=".count) ?? ""
        let asked = Query(reading: target.split(separator: "?").last ?? "") ?? Query()
        council.change { $0.nonce = asked["nonce"] ?? "" }
        return (browser.merging(answer.cookies) { $1 }, asked, answer)
    }

    func comeBack(_ browser: [String: String], _ pairs: [(String, String?)]) async throws -> Answer {
        let query = Query(pairs.compactMap { name, value in value.map { (name: name, value: $0) } })
        return try await app.get(query.address("/sign-in/provider/return"), cookies: browser)
    }

    /// There and back, as somebody whom the provider knows.
    func signIn(in browser: [String: String] = [:]) async throws -> Answer {
        let gone = try await go(in: browser)
        return try await comeBack(gone.browser, [("code", "c-1"), ("state", gone.asked["state"])])
    }

    func connect(_ account: String) async throws -> Answer {
        let gone = try await go("/account/provider", from: "/account", in: signedIn(account))
        return try await comeBack(gone.browser, [("code", "c-1"), ("state", gone.asked["state"])])
    }

    func account(of subject: String = "nadia-at-work") async throws -> String? {
        try await app.database.read { try ProviderStore.account(issuer: Council.issuer, subject: subject, in: $0)?.id }
    }
}

extension Answer {
    /// What the browser is asked to keep.
    var cookies: [String: String] {
        headers.filter { $0.name == "Set-Cookie" }.reduce(into: [:]) { kept, header in
            let pair = header.value.split(separator: ";")[0].split(separator: "=", omittingEmptySubsequences: false)
            kept[String(pair[0])] = String(pair[1])
        }
    }
}

private final class MovableClock: Sendable {
    private let minutes = Mutex(0)
    var now: Instant {
        WallClock.stopped(on: "2026-11-24").now().adding(milliseconds: minutes.withLock { $0 } * 60_000)
    }
    func pass(_ more: Int) { minutes.withLock { $0 += more } }
}
