import Cryptography
import Kernel
import Testing

@testable import Credentials

@Suite struct `Bytes as text` {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "MY======"), ("fo", "MZXQ===="), ("foo", "MZXW6==="), ("foob", "MZXW6YQ="),
        ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI======"),
    ])
    func `base 32 is that of the standard`(plain: String, written: String) {
        #expect(Base32.text(Array(plain.utf8), padded: true) == written)
        #expect(Base32.bytes(written) == Array(plain.utf8))
        #expect(Base32.bytes(Base32.text(Array(plain.utf8)).lowercased()) == Array(plain.utf8))
    }

    @Test func `base 32 puts up with how people type`() {
        #expect(Base32.bytes("mzxw 6ytb-oi") == Array("foobar".utf8))
    }

    @Test(arguments: ["M", "MZX", "MZXW6Y", "MZ", "M1", "MZXW6YT8", "M=Y", "É", "MZXW6YTB\n"])
    func `base 32 takes nothing else`(text: String) { #expect(Base32.bytes(text) == nil) }

    /// RFC 4648, section 10, without padding.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func `base 64 is that of the standard`(plain: String, written: String) {
        #expect(Base64URL.text(Array(plain.utf8)) == written)
        #expect(Base64URL.bytes(written) == Array(plain.utf8))
    }

    /// RFC 7515, appendix C.
    @Test func `base 64 uses the letters that are safe in addresses`() {
        #expect(Base64URL.text([3, 236, 255, 224, 193]) == "A-z_4ME")
        #expect(Base64URL.bytes("A-z_4ME") == [3, 236, 255, 224, 193])
    }

    @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "Zm9v ", "Zm9vY", "A+z/4ME", "Zm\n8", "Ž"])
    func `base 64 takes one text for each run of bytes`(text: String) { #expect(Base64URL.bytes(text) == nil) }

    @Test func `both give back what they were given`() {
        var dice = Dice()
        for _ in 0..<2000 {
            let bytes = dice.bytes(upTo: 70)
            #expect(Base32.bytes(Base32.text(bytes)) == bytes, "seed \(dice.seed)")
            #expect(Base64URL.bytes(Base64URL.text(bytes)) == bytes, "seed \(dice.seed)")
        }
    }
}

@Suite struct `Codes of an authenticator app` {
    let app = TOTP(secret: Array("12345678901234567890".utf8))

    /// RFC 6238, appendix B, for SHA-1.
    @Test(arguments: [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func `are those of the standard`(second: Int, code: String) throws {
        let app = try #require(app)
        let moment = Instant(milliseconds: second * 1000)
        #expect(app.figures(step: TOTP.step(at: moment), count: 8) == code)
        #expect(app.code(at: moment) == String(code.suffix(6)))
    }

    @Test(arguments: [-1, 0, 1])
    func `count for one step before and after`(away: Int) throws {
        let app = try #require(app)
        let now = Instant(milliseconds: 1_111_111_109_000)
        let code = app.code(at: now.adding(milliseconds: away * 30_000))
        #expect(app.accept(code, at: now, lastStep: nil) == TOTP.step(at: now) + away)
        let parted = code.prefix(3) + " " + code.suffix(3)
        #expect(app.accept(String(parted), at: now, lastStep: nil) != nil)
    }

    @Test(arguments: [-2, 2, 60])
    func `do not count further away`(away: Int) throws {
        let app = try #require(app)
        let now = Instant(milliseconds: 1_111_111_109_000)
        #expect(app.accept(app.code(at: now.adding(milliseconds: away * 30_000)), at: now, lastStep: nil) == nil)
    }

    @Test func `serve once, and no older one after them`() throws {
        let app = try #require(app)
        let now = Instant(milliseconds: 1_111_111_109_000)
        let step = try #require(app.accept(app.code(at: now), at: now, lastStep: nil))
        #expect(app.accept(app.code(at: now), at: now, lastStep: step) == nil)
        #expect(app.accept(app.code(at: now.adding(milliseconds: -30_000)), at: now, lastStep: step) == nil)
        let later = now.adding(milliseconds: 30_000)
        #expect(app.accept(app.code(at: later), at: now, lastStep: step) == step + 1)
    }

    @Test(arguments: ["", "12345", "1234567", "abcdef", "08180４", "081 80", "-81804", "081804\0"])
    func `are six figures`(code: String) throws {
        #expect(try #require(app).accept(code, at: Instant(milliseconds: 1_111_111_109_000), lastStep: nil) == nil)
    }

    @Test(arguments: [Int.min, -1, 0, 1, Int.max])
    func `answer at any moment and after any step`(count: Int) throws {
        let app = try #require(app)
        let moment = Instant(milliseconds: count)
        for last in [nil, Int.min, -1, 0, Int.max] {
            let step = app.accept(app.code(at: moment), at: moment, lastStep: last)
            #expect(step == nil || step == TOTP.step(at: moment))
        }
    }

    @Test func `begin with an address that apps read`() throws {
        let uri = try #require(app).uri(issuer: "Continuum", account: "a:mina b@example.org")
        let account = "amina%20b%40example.org"
        let settings = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Continuum&algorithm=SHA1&digits=6&period=30"
        #expect(uri == "otpauth://totp/Continuum:\(account)?\(settings)")
    }

    @Test func `come from secrets long enough that are not printed`() throws {
        #expect(TOTP.secret().count == 20)
        #expect(TOTP.secret() != TOTP.secret())
        #expect(TOTP(secret: [UInt8](repeating: 1, count: 15)) == nil)
        #expect(TOTP(secret: [UInt8](repeating: 1, count: 65)) == nil)
        let app = try #require(app)
        #expect("\(app)" == "TOTP")
    }
}

@Suite struct `Printed codes` {
    @Test func `have sixty random bits in three groups`() {
        let codes = PrintedCodes.mint(1000)
        #expect(Set(codes).count == 1000)
        for code in codes {
            #expect(code.count == 14 && code.split(separator: "-").map(\.count) == [4, 4, 4])
            #expect(!code.contains { "ILOU".contains($0) })
            #expect(PrintedCodes.normalised(code) == code)
        }
        #expect(Set(codes.joined()).count == 33)
        #expect(PrintedCodes.mint(-1).isEmpty)
    }

    @Test(arguments: ["k7mq4xpt0wr1", "K7MQ 4XPT OWRI", " k7mq–4xpt-owrl ", "K7MQ-4XPT-0WR1"])
    func `are read as they are typed`(typed: String) {
        #expect(PrintedCodes.normalised(typed) == "K7MQ-4XPT-0WR1")
        #expect(PrintedCodes.hash(typed) == PrintedCodes.hash("K7MQ-4XPT-0WR1"))
    }

    @Test(arguments: ["", "K7MQ-4XPT-0WR", "K7MQ-4XPT-0WR11", "K7MQ-4XPT-0WRU", "K7MQ-4XPT-0WRÉ", "K7MQ.4XPT.0WR1"])
    func `are nothing else`(typed: String) {
        #expect(PrintedCodes.normalised(typed) == nil)
        #expect(PrintedCodes.hash(typed) == nil)
    }

    @Test func `are kept as a hash that serves nothing else`() {
        #expect(PrintedCodes.hash("K7MQ-4XPT-0WR1")?.count == 64)
        #expect(PrintedCodes.hash("K7MQ-4XPT-0WR1") != Sodium.sha256(Array("K7MQ-4XPT-0WR1".utf8)))
    }
}

@Suite struct `Asking elsewhere who signs in` {
    /// RFC 7636, appendix B.
    @Test func `proves the question as the standard does`() throws {
        let pkce = try #require(PKCE(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
        #expect(pkce.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        #expect(!"\(pkce)".contains(pkce.verifier))
    }

    @Test func `makes a new proof each time`() {
        let (one, other) = (PKCE(), PKCE())
        #expect(one.verifier != other.verifier)
        #expect(PKCE(verifier: one.verifier)?.challenge == one.challenge)
        #expect(RandomText.make().count == 43 && RandomText.make() != RandomText.make())
    }

    @Test(arguments: [42, 129])
    func `takes no proof of another length`(length: Int) {
        #expect(PKCE(verifier: String(repeating: "a", count: length)) == nil)
    }

    @Test func `takes no proof with other characters`() {
        #expect(PKCE(verifier: String(repeating: "a", count: 43) + "=") == nil)
    }

    @Test func `compares byte for byte`() {
        #expect(RandomText.isSame("state", "state"))
        #expect(!RandomText.isSame("state", "stats") && !RandomText.isSame("state", "stat"))
        #expect("\u{212A}" == "K" && !RandomText.isSame("\u{212A}", "K"))
    }
}
