import Credentials
import Testing

@Suite struct `What an identity provider publishes` {
    private func read(_ text: String, issuer: String = "https://id.example.org") throws -> ProviderMetadata {
        try ProviderMetadata(Array(text.utf8), issuer: issuer, algorithm: .rs256, hasSecret: true)
    }

    private func document(_ origin: String = "https://id.example.org", more: String = "") -> String {
        """
        {"issuer":"\(origin)","authorization_endpoint":"\(origin)/a","token_endpoint":"\(origin)/t",
        "jwks_uri":"\(origin)/k"\(more)}
        """
    }

    @Test func `is its addresses, and whether it names itself in answers`() throws {
        let plain = try read(document())
        #expect(plain.authorization == "https://id.example.org/a" && plain.keys == "https://id.example.org/k")
        #expect(!plain.namesItself)
        let named = try read(document(more: #","authorization_response_iss_parameter_supported":true"#))
        #expect(named.namesItself)
    }

    @Test(arguments: [
        "", "[]", #"{"issuer":"https://id.example.org"}"#, #"{"issuer":"https://id.example.org","issuer":"x"}"#,
    ])
    func `is not taken where it is not a document of that form`(text: String) {
        #expect(throws: ProviderMetadata.Fault.self) { try read(text) }
    }

    @Test func `is of the very provider that is configured`() {
        for issuer in ["https://id.example.org/", "https://ID.example.org", "https://id.example.org:443"] {
            #expect(throws: ProviderMetadata.Fault.wrongIssuer) { try read(document(), issuer: issuer) }
        }
    }

    @Test func `may be plain http for a provider on this very computer alone`() throws {
        let here = "http://127.0.0.1:9400"
        #expect(try read(document(here), issuer: here).token == here + "/t")
        let there = "http://id.example.org"
        #expect(throws: ProviderMetadata.Fault.unsafeAddress("authorization_endpoint")) {
            try read(document(there), issuer: there)
        }
    }

    @Test func `says what it cannot do where it says so`() throws {
        let secret = #","token_endpoint_auth_methods_supported":["private_key_jwt"]"#
        #expect(throws: ProviderMetadata.Fault.unfit("token_endpoint_auth_methods_supported")) {
            try read(document(more: secret))
        }
        #expect(throws: ProviderMetadata.Fault.malformed("response_types_supported")) {
            try read(document(more: #","response_types_supported":"code""#))
        }
    }

    @Test(arguments: [
        "ftp://id.example.org", "https://", "https://user@id.example.org/", "https://id.example.org/#part",
        "https://id.example.org\\@other.example", "https://id.example.org\\path",
        "https://id.example.org:port/", "https://id.example.org/a b",
        "https://id.exämple.org", "//id.example.org", "https://[::1].other.example/", "https://id.example.org/<x>",
    ])
    func `has no address that could be read in two ways`(text: String) { #expect(ProviderAddress(text) == nil) }

    @Test func `has addresses that are taken apart`() throws {
        let address = try #require(ProviderAddress("http://[::1]:9400/tenant?x=1"))
        #expect(address.isLoopback && !address.isSecure && !address.isBare && address.origin == "http://[::1]:9400")
        #expect(ProviderAddress("https://localhost.example.org")?.isLoopback == false)
        #expect(ProviderAddress("https://login.example.org/tenant/v2.0")?.isBare == true)
    }

    @Test func `hands out an ID token, or nothing that counts`() {
        #expect(TokenAnswer(Array(#"{"id_token":"a.b.c","access_token":"d"}"#.utf8))?.idToken == "a.b.c")
        for text in ["", "{}", #"{"id_token":1}"#, #"{"id_token":"a","id_token":"b"}"#] {
            #expect(TokenAnswer(Array(text.utf8)) == nil)
        }
    }
}
