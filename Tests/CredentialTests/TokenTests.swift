import Crypto
import CryptoExtras
import Cryptography
import Foundation
import Kernel
import Testing

@testable import Credentials

@Suite struct `An ID token` {
    @Test func `says who signed in, by RS256`() throws {
        let forge = TokenForge(
            TokenForge.usualHeader, ("auth_time", "1789999990"), ("acr", #""Cl.Cm""#), ("amr", #"["otp","pwd"]"#),
            ("email_verified", "true"))
        let token = try forge.verify()
        #expect(token.issuer == "https://id.example.org" && token.subject == "amina-1")
        #expect(token.issued == TokenForge.now && token.expires == TokenForge.now.adding(milliseconds: 300_000))
        #expect(token.authenticated == TokenForge.now.adding(milliseconds: -10_000))
        #expect(token.text("acr") == "Cl.Cm" && token.texts("amr") == ["otp", "pwd"])
        #expect(token.bool("email_verified") == true && token.text("missing") == nil)
        #expect(!"\(token)".contains("amina"))
    }

    @Test func `says who signed in, by ES256`() throws {
        let token = try TokenForge(#"{"alg":"ES256","kid":"e1"}"#).es256()
        let keys = try TokenForge.keys()
        #expect(
            try TokenForge.rule(.es256).verify(token, keys: keys, nonce: "n-1", at: TokenForge.now).subject == "amina-1"
        )
    }

    @Test func `may go without the name of its key where there is only one`() throws {
        let forge = TokenForge(#"{"alg":"RS256"}"#)
        #expect(try forge.verify(keys: TokenForge.keys(TokenForge.rsaKey(), TokenForge.ecKey())).subject == "amina-1")
        #expect(throws: IDTokenFault.ambiguousKey) { try forge.verify() }
    }

    @Test(arguments: [
        (#"{"alg":"none","kid":"k1"}"#, IDTokenFault.wrongAlgorithm), (#"{"alg":"None"}"#, .wrongAlgorithm),
        (#"{"alg":"HS256","kid":"k1"}"#, .wrongAlgorithm), (#"{"alg":"ES256","kid":"e1"}"#, .wrongAlgorithm),
        (#"{"alg":"PS256","kid":"k1"}"#, .wrongAlgorithm), (#"{"alg":"rs256","kid":"k1"}"#, .wrongAlgorithm),
        (#"{"kid":"k1"}"#, .wrongAlgorithm), (#"{"alg":["RS256"],"kid":"k1"}"#, .wrongAlgorithm),
        (#"{"alg":"RS256","kid":"k9"}"#, .unknownKey), (#"{"alg":"RS256","kid":"K1"}"#, .unknownKey),
        (#"{"alg":"RS256","kid":"e1"}"#, .unfitKey), (#"{"alg":"RS256","kid":"k2"}"#, .badSignature),
        (#"{"alg":"RS256","kid":"k1","jwk":{}}"#, .forbiddenHeader("jwk")),
        (#"{"alg":"RS256","kid":"k1","jku":"https://evil.example/"}"#, .forbiddenHeader("jku")),
        (#"{"alg":"RS256","kid":"k1","x5u":"https://evil.example/"}"#, .forbiddenHeader("x5u")),
        (#"{"alg":"RS256","kid":"k1","crit":["exp"]}"#, .forbiddenHeader("crit")),
        (#"{"alg":"RS256","kid":"k1","crit":[]}"#, .forbiddenHeader("crit")),
        (#"{"alg":"RS256","kid":"k1","b64":false}"#, .forbiddenHeader("b64")),
        (#"{"alg":"RS256","kid":"k1","typ":"at+jwt"}"#, .wrongType),
        (#"{"alg":"RS256","kid":"k1","typ":"logout+jwt"}"#, .wrongType),
        (#"{"alg":"RS256","kid":1}"#, .malformed("header")), (#"{"alg":"RS256","kid":""}"#, .malformed("header")),
        (#"{"alg":"RS256","alg":"none","kid":"k1"}"#, .malformed("header")),
        (#"{"alg":"RS256","kid":"k2","kid":"k1"}"#, .malformed("header")), ("[]", .malformed("header")),
        (#"{"alg":"RS256","al\u0067":"none","kid":"k1"}"#, .malformed("header")), ("", .malformed("header")),
    ])
    func `is refused for its header`(header: String, fault: IDTokenFault) {
        #expect(throws: fault) { try TokenForge(header).verify() }
        #expect(!fault.description.isEmpty)
    }

    static let claims: [(String, String?, IDTokenFault)] = [
        ("iss", #""https://id.example.org/""#, .wrongIssuer), ("iss", nil, .wrongIssuer), ("iss", "1", .wrongIssuer),
        ("iss", #""https://evil.example""#, .wrongIssuer), ("iss", #"["https://id.example.org"]"#, .wrongIssuer),
        ("aud", #""other""#, .wrongAudience), ("aud", nil, .wrongAudience), ("aud", "[]", .wrongAudience),
        ("aud", #"["other"]"#, .wrongAudience), ("aud", #"["continuum","other"]"#, .wrongAudience),
        ("aud", #"["continuum",1]"#, .wrongAudience), ("aud", #""continuum ""#, .wrongAudience),
        ("azp", #""other""#, .wrongAudience), ("azp", "1", .wrongAudience), ("azp", "null", .wrongAudience),
        ("nonce", #""n-2""#, .wrongNonce), ("nonce", nil, .wrongNonce), ("nonce", #""""#, .wrongNonce),
        ("nonce", "1", .wrongNonce), ("nonce", #""N-1""#, .wrongNonce),
        ("sub", #""""#, .badSubject), ("sub", nil, .badSubject), ("sub", "1", .badSubject),
        ("sub", #""é""#, .badSubject), ("sub", #""a\u0000b""#, .badSubject),
        ("sub", "\"" + String(repeating: "a", count: 256) + "\"", .badSubject),
        ("exp", nil, .badTime("exp")), ("exp", #""1790000300""#, .badTime("exp")), ("exp", "1e999", .badTime("exp")),
        ("exp", "1e308", .badTime("exp")), ("exp", "9223372036854775807", .badTime("exp")),
        ("exp", "9223372036854775808", .badTime("exp")), ("exp", "-1", .badTime("exp")),
        ("exp", "-1e999", .badTime("exp")), ("exp", "253402300800", .badTime("exp")),
        ("exp", String(repeating: "9", count: 400), .badTime("exp")), ("exp", "null", .badTime("exp")),
        ("exp", "1789999999", .badTime("exp")), ("iat", nil, .badTime("iat")), ("iat", "1e400", .badTime("iat")),
        ("iat", "true", .badTime("iat")), ("nbf", "1e300", .badTime("nbf")), ("nbf", #""soon""#, .badTime("nbf")),
        ("auth_time", "1e300", .badTime("auth_time")), ("iat", "1790000061", .fromTheFuture),
        ("nbf", "1790000061", .fromTheFuture), ("exp", "NaN", .malformed("claims")),
        ("exp", "0x1", .malformed("claims")), ("exp", "01790000300", .malformed("claims")),
        ("x", #"1,"sub":"amina-2""#, .malformed("claims")), ("x", #"{"a":1,"a":1}"#, .malformed("claims")),
        ("x", #""\ud800""#, .malformed("claims")), ("x", String(repeating: "[", count: 3000), .malformed("claims")),
    ]

    @Test(arguments: claims)
    func `is refused for a claim`(name: String, value: String?, fault: IDTokenFault) {
        #expect(throws: fault) { try TokenForge(TokenForge.usualHeader, (name, value)).verify() }
        #expect(!fault.description.isEmpty)
    }

    @Test(arguments: [
        ("aud", #"["continuum"]"#), ("azp", #""continuum""#), ("iat", "1790000060"), ("nbf", "1790000060"),
        ("exp", "1790000300.75"), ("exp", "1.7900003e9"), ("exp", "253402300799"),
        ("sub", "\"" + String(repeating: "a", count: 255) + "\""), ("x", #"[{"y":null}]"#),
    ])
    func `is taken with any rightful claim`(name: String, value: String) throws {
        _ = try TokenForge(TokenForge.usualHeader, (name, value)).verify()
    }

    @Test func `may be for several services when it was given to ours`() throws {
        let forge = TokenForge(
            TokenForge.usualHeader, ("aud", #"["continuum","other"]"#), ("azp", #""continuum""#))
        _ = try forge.verify()
        let other = TokenForge(TokenForge.usualHeader, ("aud", #"["a","other"]"#), ("azp", #""continuum""#))
        #expect(throws: IDTokenFault.wrongAudience) { try other.verify() }
    }

    @Test(arguments: [(0, false), (359_999, false), (360_000, true), (86_400_000, true), (Int.max, true)])
    func `runs out a minute after its time`(later: Int, isOver: Bool) throws {
        let moment = TokenForge.now.adding(milliseconds: later)
        if isOver {
            #expect(throws: IDTokenFault.expired) { try TokenForge().verify(at: moment) }
        } else {
            _ = try TokenForge().verify(at: moment)
        }
        #expect(throws: IDTokenFault.fromTheFuture) { try TokenForge().verify(at: Instant(milliseconds: .min)) }
    }

    @Test func `matches no empty nonce`() throws {
        let token = try TokenForge(TokenForge.usualHeader, ("nonce", #""""#)).token()
        let keys = try TokenForge.keys()
        #expect(throws: IDTokenFault.wrongNonce) {
            try TokenForge.rule().verify(token, keys: keys, nonce: "", at: TokenForge.now)
        }
    }
}
