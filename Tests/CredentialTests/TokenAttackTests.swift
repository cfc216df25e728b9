import Crypto
import CryptoExtras
import Cryptography
import Foundation
import Kernel
import Testing

@testable import Credentials

@Suite struct `A forged ID token` {
    @Test func `is refused when another key signed it`() throws {
        let token = try TokenForge().token(TokenForge.otherRSA)
        #expect(throws: IDTokenFault.badSignature) { try TokenForge().verify(token) }
    }

    @Test func `is refused with the public key taken for a shared secret`() throws {
        let forge = TokenForge(#"{"alg":"HS256","kid":"k1"}"#)
        let key = try TokenForge.rsa.get().publicKey
        for secret in [Data(key.pemRepresentation.utf8), key.derRepresentation, try key.getKeyPrimitives().modulus] {
            let mac = HMAC<SHA256>.authenticationCode(for: Array(forge.signed.utf8), using: SymmetricKey(data: secret))
            let signature = Base64URL.text(Array(mac))
            #expect(throws: IDTokenFault.wrongAlgorithm) { try forge.verify(forge.signed + "." + signature) }
            let renamed = TokenForge()
            #expect(throws: IDTokenFault.badSignature) { try renamed.verify(renamed.signed + "." + signature) }
        }
    }

    @Test func `is refused without a signature, or with another's`() throws {
        let forge = TokenForge()
        let other = try TokenForge(TokenForge.usualHeader, ("sub", #""nadia-1""#)).token()
        let stolen = try #require(other.split(separator: ".").last)
        #expect(throws: IDTokenFault.malformed("signature")) { try forge.verify(forge.signed + ".") }
        #expect(throws: IDTokenFault.badSignature) { try forge.verify(forge.signed + "." + stolen) }
        #expect(throws: IDTokenFault.badSignature) { try forge.verify(forge.signed + ".AA") }
        #expect(throws: IDTokenFault.malformed("parts")) { try forge.verify(forge.signed) }
        #expect(throws: IDTokenFault.malformed("parts")) { try forge.verify(forge.token() + ".AA") }
        #expect(throws: IDTokenFault.malformed("signature")) { try forge.verify(forge.token() + "=") }
        #expect(throws: IDTokenFault.malformed("signature")) { try forge.verify(forge.token() + "\n") }
    }

    @Test func `is refused when ECDSA says nothing or is written otherwise`() throws {
        let forge = TokenForge(#"{"alg":"ES256","kid":"e1"}"#)
        let keys = try TokenForge.keys()
        let der = try TokenForge.p256.signature(for: Array(forge.signed.utf8)).derRepresentation
        for signature in [[UInt8](repeating: 0, count: 64), [UInt8](repeating: 0xFF, count: 64), Array(der), [0]] {
            let token = forge.signed + "." + Base64URL.text(signature)
            #expect(throws: IDTokenFault.badSignature) {
                try TokenForge.rule(.es256).verify(token, keys: keys, nonce: "n-1", at: TokenForge.now)
            }
        }
    }

    @Test func `is refused over 16 KiB, unread`() throws {
        let long = TokenForge(TokenForge.usualHeader, ("x", "\"" + String(repeating: "x", count: 12_300) + "\""))
        #expect(throws: IDTokenFault.tooLong) { try long.verify() }
    }

    /// What an issuer in its Unicode twin would look like to a comparison by characters.
    @Test func `is refused when its texts only look the same`() throws {
        let rule = IDTokenRule(issuer: "https://id.example.org/K", clientID: "continuum", algorithm: .rs256)
        let token = try TokenForge(TokenForge.usualHeader, ("iss", "\"https://id.example.org/\u{212A}\"")).token()
        let keys = try TokenForge.keys()
        #expect(throws: IDTokenFault.wrongIssuer) {
            try rule.verify(token, keys: keys, nonce: "n-1", at: TokenForge.now)
        }
    }

    @Test(arguments: [
        #""kid":"k1","use":"enc""#, #""kid":"k1","use":1"#, #""kid":"k1","alg":"PS256""#, #""kid":"k1","alg":"ES256""#,
        #""kid":"k1","key_ops":["sign"]"#, #""kid":"k1","key_ops":"verify""#, #""kid":"k1","d":"AQAB""#,
    ])
    func `finds no key that is meant for something else`(more: String) throws {
        let keys = try TokenForge.keys(TokenForge.rsaKey(TokenForge.rsa, more))
        #expect(throws: IDTokenFault.unfitKey) { try TokenForge().verify(keys: keys) }
    }

    @Test(arguments: [
        #"{"kid":"k1"}"#, #"{"kty":"oct","kid":"k1","k":"c2VjcmV0"}"#, #"{"kty":"RSA","kid":"k1"}"#,
        #"{"kty":"RSA","kid":"k1","n":"AQAB","e":"AQAB"}"#, #"{"kty":"RSA","kid":"k1","n":1,"e":"AQAB"}"#,
        #"{"kty":"EC","kid":"k1","crv":"P-256","x":"AA","y":"AA"}"#, #"{"kty":"OKP","kid":"k1","crv":"Ed25519"}"#,
    ])
    func `finds no key where there is none`(key: String) throws {
        #expect(throws: IDTokenFault.unfitKey) { try TokenForge().verify(keys: TokenForge.keys(key)) }
    }

    @Test func `finds no key under a name that two have`() throws {
        let keys = try TokenForge.keys(TokenForge.rsaKey(), TokenForge.rsaKey(TokenForge.otherRSA))
        #expect(throws: IDTokenFault.ambiguousKey) { try TokenForge().verify(keys: keys) }
        let mixed = try TokenForge.keys(TokenForge.rsaKey(), TokenForge.ecKey(#""kid":"k1""#))
        #expect(try TokenForge().verify(keys: mixed).subject == "amina-1")
    }

    @Test func `does not spoil the next, rightful one`() throws {
        let keys = try TokenForge.keys(TokenForge.rsaKey())
        let forge = TokenForge(#"{"alg":"PS512","kid":"k1"}"#)
        #expect(throws: IDTokenFault.wrongAlgorithm) { try forge.verify(forge.signed + ".AAAA", keys: keys) }
        #expect(try TokenForge().verify(keys: keys).subject == "amina-1")
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[1]}"#, #"{"keys":[],"keys":[]}"#,
        #"{"keys":[{"kid":"a","kid":"b"}]}"#,
        #"{"keys":["# + (0...100).map { _ in "{}" }.joined(separator: ",") + "]}",
        String(repeating: " ", count: 262_145),
    ])
    func `finds no keys in what is no key set`(text: String) {
        #expect(throws: IDTokenFault.badKeySet) { try KeySet(Array(text.utf8)) }
    }

    @Test func `finds no key in an empty set`() throws {
        let keys = try KeySet(Array(#"{"keys":[]}"#.utf8))
        #expect(throws: IDTokenFault.unknownKey) { try TokenForge().verify(keys: keys) }
    }
}
