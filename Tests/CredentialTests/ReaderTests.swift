import Cryptography
import Testing

@testable import Credentials

@Suite struct `Reading CBOR` {
    /// RFC 8949, appendix A.
    @Test(arguments: [
        ("00", CBOR.unsigned(0)), ("17", .unsigned(23)), ("1818", .unsigned(24)), ("1903e8", .unsigned(1000)),
        ("1a000f4240", .unsigned(1_000_000)), ("1bffffffffffffffff", .unsigned(.max)), ("20", .negative(0)),
        ("3903e7", .negative(999)), ("3bffffffffffffffff", .negative(.max)), ("f4", .bool(false)), ("f5", .bool(true)),
        ("f6", .null), ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])), ("6449455446", .text("IETF")),
        ("62c3bc", .text("ü")), ("80", .list([])), ("83010203", .list([.unsigned(1), .unsigned(2), .unsigned(3)])),
        ("a201020304", .map([.unsigned(1): .unsigned(2), .unsigned(3): .unsigned(4)])), ("1800", .unsigned(0)),
        ("a26161016162820203", .map([.text("a"): .unsigned(1), .text("b"): .list([.unsigned(2), .unsigned(3)])])),
    ])
    func `follows the standard`(hex: String, value: CBOR) throws {
        #expect(CBOR.read(try #require(Sodium.bytes(hex: hex))) == value)
    }

    @Test(arguments: [
        "", "18", "1c", "1f", "5f41004100ff", "7f6161ff", "9f01ff", "bf6161 01ff", "c001", "d818456449455446", "f7",
        "f800", "f97e00", "fa47c35000", "fb7ff0000000000000", "ff", "41", "5bffffffffffffffff", "5b7fffffffffffffff",
        "61ff", "62c328", "9bffffffffffffffff", "9a00ffffff", "8201", "bbffffffffffffffff", "a101", "a201020103",
        "a2616101616102", "a1f501", "a1400102", "a18001", "0000", "a20102180103", "818181818181818181810 0",
        "81818181818181818100",
    ])
    func `refuses what can be read otherwise, or not to its end`(hex: String) throws {
        let figures = hex.filter { $0 != " " }
        #expect(CBOR.read(try #require(Sodium.bytes(hex: String(figures)))) == nil)
    }

    @Test func `says which numbers it can hold`() {
        #expect(CBOR.negative(.max).number == nil && CBOR.unsigned(.max).number == nil)
        #expect(CBOR.negative(UInt64(Int.max)).number == Int.min && CBOR.negative(6).number == -7)
        #expect(CBOR.map([.negative(0): .null])[-1] == .null && CBOR.null[-1] == nil && CBOR.null[Int.min] == nil)
        #expect(CBOR.read([0], from: 2) == nil && CBOR.read([0], from: -1) == nil)
    }
}

@Suite struct `Reading JSON strictly` {
    @Test(arguments: [
        ("null", StrictJSON.null), (" true ", .bool(true)), ("-0.5e+3", .number("-0.5e+3")), ("0", .number("0")),
        (#""a\n\u00e9\ud83d\ude00\/\"""#, .text("a\né😀/\"")), ("[]", .list([])),
        ("[1, {}]", .list([.number("1"), .object([:])])),
        (#"{"a":{"a":1}}"#, .object(["a": .object(["a": .number("1")])])),
    ])
    func `gives what stands there`(text: String, value: StrictJSON) {
        #expect(StrictJSON.read(Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "True", "01", "1.", ".5", "+1", "1e", "-", "NaN", "Infinity", "'a'", #""a"#, "\"\t\"",
        #""\x""#, #""\u12""#, #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, #""\ud800\ud800""#, "[1,]", "[1 2]",
        "{,}",
        #"{"a":1,}"#, "{a:1}", #"{"a" 1}"#, #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, "1 2", "[1]]", "\u{FEFF}1",
        "//\n1",
        #"{"é":1,"e\u0301":2}"#, String(repeating: "[", count: 14) + String(repeating: "]", count: 14),
        String(repeating: "[", count: 100_000), String(repeating: #"{"a":"#, count: 20_000),
    ])
    func `refuses anything else`(text: String) { #expect(StrictJSON.read(Array(text.utf8)) == nil) }

    @Test func `refuses bytes that are not UTF-8`() {
        for bytes: [UInt8] in [
            [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3],
        ] {
            #expect(StrictJSON.read([0x22] + bytes + [0x22]) == nil)
        }
    }

    @Test func `writes texts so that it reads the same again`() {
        var dice = Dice()
        for _ in 0..<2000 {
            let text = String(decoding: dice.bytes(upTo: 30), as: UTF8.self)
            #expect(StrictJSON.read(Array(StrictJSON.quoted(text).utf8)) == .text(text), "seed \(dice.seed)")
        }
    }
}

/// What these say hardly matters; that the process lives to say it does. The seed is printed first for that reason.
@Suite struct `Twenty thousand spoiled answers` {
    private func dice(_ name: String) -> Dice {
        let dice = Dice()
        print("\(name): seed \(dice.seed)")
        return dice
    }

    @Test func `in CBOR are read or refused`() throws {
        var dice = dice("CBOR")
        let key = try Authenticator(.es256)
        let whole = try Ceremony().registration(key).attestationObject
        let publicKey = Write.key(try key.members())
        for turn in 0..<20_000 {
            let bytes = turn % 4 == 0 ? dice.bytes(upTo: 200) : dice.spoiled(turn % 2 == 0 ? whole : publicKey)
            _ = CBOR.read(bytes)
            _ = try? PasskeyKey(cose: bytes)
            _ = try? AuthenticatorData(bytes)
        }
    }

    @Test func `from passkeys register nobody else's key and sign nobody in`() throws {
        var dice = dice("passkeys")
        let key = try Authenticator(.es256)
        let passkey = try Ceremony().register(key)
        let (new, used) = (try Ceremony().registration(key), try Ceremony().assertion(key))
        let challenge = [UInt8](repeating: 7, count: 32)
        for turn in 0..<20_000 {
            let (client, data) = (dice.spoiled(used.clientData), dice.spoiled(used.authenticatorData))
            let isClient = turn % 2 == 0
            let forged = AssertionResponse(
                id: key.id, clientData: isClient ? client : used.clientData,
                authenticatorData: isClient ? used.authenticatorData : data, signature: used.signature)
            let isWhole = forged.clientData == used.clientData && forged.authenticatorData == used.authenticatorData
            let taken = try? Ceremony.service.assert(
                forged, by: passkey, of: Ceremony.owner, isOwnerNamed: true, challenge: challenge)
            #expect(taken == nil || isWhole, "seed \(dice.seed), turn \(turn)")
            let made = RegistrationResponse(
                id: key.id, clientData: isClient ? dice.spoiled(new.clientData) : new.clientData,
                attestationObject: isClient ? new.attestationObject : dice.spoiled(new.attestationObject))
            _ = try? Ceremony.service.register(made, challenge: challenge)
            _ = try? RegistrationResponse(json: client)
        }
    }

    @Test func `in tokens sign nobody in`() throws {
        var dice = dice("tokens")
        let keys = try TokenForge.keys()
        let forge = TokenForge()
        let whole = try forge.token()
        let published = Array(try TokenForge.rsaKey().utf8)
        for turn in 0..<20_000 {
            var token = String(decoding: dice.spoiled(Array(whole.utf8)), as: UTF8.self)
            if turn % 3 == 0 {
                let parts = [Array(forge.header.utf8), Array(forge.body.utf8), [1]].map {
                    Base64URL.text(dice.spoiled($0))
                }
                token = parts.joined(separator: ".")
            }
            let taken = try? TokenForge.rule().verify(token, keys: keys, nonce: "n-1", at: TokenForge.now)
            #expect(taken == nil || token == whole, "seed \(dice.seed), turn \(turn)")
            if turn % 10 == 0 {
                let set = try? KeySet(Array(#"{"keys":["#.utf8) + dice.spoiled(published) + Array("]}".utf8))
                _ = try? set?.key(named: nil, for: .rs256)
            }
        }
    }
}
