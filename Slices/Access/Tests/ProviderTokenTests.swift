@testable import AccessServer
import Credentials
import Crypto
import Foundation
import Kernel
import Storage
import Synchronization
import TestKit
import Testing
import Web

@Suite struct `A token or a provider that is wrong` {
    /// Each with the kind of fault that log and journal are told.
    static let claims: [(kind: String, claims: [String: String])] = [
        ("token-issuer", ["iss": #""https://login.other.example""#]), ("token-nonce", ["nonce": #""another""#]),
        ("token-nonce", ["nonce": ""]), ("token-audience", ["aud": #""another""#]),
        ("token-audience", ["aud": #"["continuum","another"]"#]), ("token-expired", ["exp": "1700000000", "iat": "1"]),
        ("token-subject", ["sub": #""""#]),
    ]

    private func refusal(_ site: CouncilSite) async throws -> (answer: Answer, told: [String]) {
        let back = try await site.signIn()
        return (back, site.council.state.withLock { $0.told })
    }

    private func expectRefused(_ site: CouncilSite, _ kind: String) async throws {
        let (answer, told) = try await refusal(site)
        #expect(told == [kind])
        #expect(answer.status >= 400 && answer.cookies[Reply.sessionCookie] == nil)
        #expect(answer.words.contains("did not work"))
        let last = try await site.app.database.read { tx in
            try tx.rows("SELECT detail FROM journal WHERE kind = 'sign-in.provider-refused'")
                .map { try $0.get("detail", as: String.self) }
        }
        #expect(last == ["fault=\(kind)"])
    }

    @Test(arguments: claims)
    func `signs nobody in by a token of another provider, service, request, time or nobody`(
        kind: String, claims: [String: String]
    ) async throws {
        let site = try await CouncilSite()
        _ = try await site.connect("nadia")
        site.council.change { $0.claims = claims }
        try await expectRefused(site, kind)
    }

    @Test func `signs nobody in by a token without a signature`() async throws {
        let site = try await CouncilSite()
        _ = try await site.connect("nadia")
        site.council.change {
            $0.header = #"{"alg":"none"}"#
            $0.signature = { _ in "" }
        }
        try await expectRefused(site, "token-algorithm")
    }

    @Test func `signs nobody in by a token signed with the public key as if it were a secret`() async throws {
        let site = try await CouncilSite()
        _ = try await site.connect("nadia")
        let key = SymmetricKey(data: site.council.publicKey)
        site.council.change {
            $0.header = #"{"alg":"HS256","kid":"k1"}"#
            $0.signature = { signed in
                Base64URL.text(Array(HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key)))
            }
        }
        try await expectRefused(site, "token-algorithm")
    }

    @Test func `signs nobody in by another’s signature`() async throws {
        let site = try await CouncilSite()
        _ = try await site.connect("nadia")
        let forger = P256.Signing.PrivateKey()
        site.council.change {
            $0.signature = { signed in
                let made = (try? forger.signature(for: Array(signed.utf8))).map { Array($0.rawRepresentation) }
                return Base64URL.text(made ?? [])
            }
        }
        try await expectRefused(site, "token-signature")
    }

    @Test func `asks once more for keys where one is not known, and not again within the minute`() async throws {
        let site = try await CouncilSite()
        _ = try await site.connect("nadia")
        func asked() -> Int { site.council.state.withLock { $0.asked.count { $0.hasSuffix("/keys") } } }
        #expect(asked() == 1)
        site.council.change {
            $0.header = #"{"alg":"ES256","kid":"k2"}"#
            $0.published = "k2"
        }
        #expect(try await site.signIn().status == 303)
        #expect(asked() == 2, "the provider changed its key")
        site.council.change { $0.header = #"{"alg":"ES256","kid":"k3"}"# }
        for _ in 0..<3 { #expect(try await site.signIn().status == 502) }
        #expect(asked() == 2, "whoever names keys that are not there makes nobody ask")
        #expect(site.council.state.withLock { $0.asked.count { $0.hasSuffix("configuration") } } == 1)
    }

    @Test(arguments: [
        ("discovery-issuer", "issuer", #""https://login.council.example/""#),
        ("discovery-address", "token_endpoint", #""http://login.council.example/token""#),
        ("discovery-address", "jwks_uri", #""http://127.0.0.1/keys""#),
        ("discovery-address", "authorization_endpoint", #""javascript:alert(1)""#),
        ("discovery-malformed", "jwks_uri", "7"),
        ("discovery-unfit", "code_challenge_methods_supported", #"["plain"]"#),
        ("discovery-unfit", "id_token_signing_alg_values_supported", #"["RS256"]"#),
    ])
    func `is not gone to where what it publishes does not fit`(
        kind: String, name: String, value: String
    ) async throws {
        let site = try await CouncilSite()
        site.council.change { $0.metadata = [name: value] }
        let gone = try await site.go()
        #expect(gone.answer.status == 502 && gone.answer.header("Refresh") == nil)
        #expect(site.council.state.withLock { $0.told } == [kind])
    }

    @Test(arguments: [(ProviderFault.unreachable, 503), (.slow, 503), (.notAllowed, 502)])
    func `that gives no answer is said in plain words, with another way in`(
        fault: ProviderFault, status: Int
    ) async throws {
        let site = try await CouncilSite()
        site.council.change { $0.fault = fault }
        let gone = try await site.go()
        #expect(gone.answer.status == status && gone.answer.words.contains("use your password and a code"))
        #expect(site.council.state.withLock { $0.told } == [fault.kind])
    }

    @Test func `that takes no code signs nobody in`() async throws {
        let site = try await CouncilSite()
        _ = try await site.connect("nadia")
        site.council.change { $0.tokenStatus = 400 }
        try await expectRefused(site, "code-refused")
    }
}
