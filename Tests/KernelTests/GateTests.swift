import Kernel
import Testing

@Suite struct `JSON from outside` {
    @Test(arguments: [
        "{}", "[]", " null ", "0", "-1.5e+3", "\"\"", #"{"a":{"b":[1,true,false,null,"é\u00e9\n"]},"b":{}}"#,
        #"{"a":1,"A":2}"#, #""\ud83d\ude00""#,
    ])
    func `comes in where every reader takes it alike`(text: String) throws { try JSONGate.check(Array(text.utf8)) }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, "“a” stands twice"), (#"{"a":1,"\u0061":2}"#, "“a” stands twice"),
        ("{\n\"a\":1,\n\"b\":{\"c\":1,\"c\":1}}", "in line 3, the name “c” stands twice"),
        ("", "a value is none"), ("{", "a name in double quotes is missing"), (#"{"a"}"#, "a colon is missing"),
        (#"{"a":1,}"#, "a name in double quotes"), ("[1,]", "a value is none"), ("[1", "a list has no end"),
        (#"{"a":1"#, "an object has no end"), ("01", "a value is none"), ("00", "a value is none"),
        ("1.", "a number is cut short"), ("1e", "a number is cut short"), ("--1", "a value is none"),
        ("nul", "a value is none"), ("1 2", "something follows"), ("\"a", "a text has no end"),
        ("\"\\", "a text has no end"), (#""\u12G4""#, "an escape is none"), (#""\x""#, "an escape is none"),
        ("\"a\nb\"", "a control character"), ("'a'", "a value is none"), ("{a:1}", "a name in double quotes"),
    ])
    func `is refused, with the place, where it is not so`(text: String, reason: String) {
        let fault = #expect(throws: Malformed.self) { try JSONGate.check(Array(text.utf8)) }
        #expect(fault?.description.contains(reason) == true, "\(fault?.description ?? "")")
    }

    @Test func `is refused where it is not UTF-8`() {
        #expect(throws: Malformed.self) { try JSONGate.check([0x22, 0xFF, 0x22]) }
        #expect(throws: Malformed.self) { try JSONGate.check(Array("\u{FEFF}{}".utf8)) }
    }

    @Test func `spends no stack on what lies too deep`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            [UInt8](repeating: 0x5B, count: depth) + [UInt8](repeating: 0x5D, count: depth)
        }
        try JSONGate.check(nested(60))
        #expect(throws: Malformed.self) { try JSONGate.check(nested(1_000_000)) }
    }

    @Test func `never ends the program, whatever is changed in it`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var dice = Dice(seed: seed)
        let good = Array(#"{"a":[1,-2.5e3,"x\u00e9\n",true,null],"b":{"c":{}}}"#.utf8)
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                let place = Int.random(in: 0..<bytes.count, using: &dice)
                switch Int.random(in: 0..<3, using: &dice) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0...255, using: &dice), at: place)
                }
            }
            try? JSONGate.check(bytes)
        }
        #expect(throws: Never.self, "seed \(seed)") { try JSONGate.check(good) }
    }
}

@Suite struct `XML from outside` {
    @Test(arguments: [
        "<a/>", "<?xml version=\"1.0\"?><a/>", "<?xml version='1.0' encoding='UTF-8'?><a>é</a>",
        "\u{FEFF}<?xml version=\"1.0\" encoding = \"utf-8\"?><a/>",
    ])
    func `comes in where it is plain`(text: String) throws { try XMLGate.check(Array(text.utf8)) }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "<!doctype a><a/>",
        "<a/><!-- <!Entity x -->", "<?xml version=\"1.0\" encoding=\"UTF-7\"?><a/>",
        "<?xml version='1.0' encoding='iso-8859-1'?><a/>", "<?xml encoding=utf-8?><a/>", "<\0a/>",
    ])
    func `is refused where it could bring others, or hide them`(text: String) {
        #expect(throws: Malformed.self) { try XMLGate.check(Array(text.utf8)) }
    }

    @Test func `is refused in any other encoding`() {
        #expect(throws: Malformed.self) { try XMLGate.check([0xFF, 0xFE, 0x3C, 0x00]) }
        #expect(throws: Malformed.self) { try XMLGate.check([0x3C, 0xE9, 0x2F, 0x3E]) }
    }
}

/// A generator of chance that gives the same again for the same seed.
private struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        let mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        return mixed ^ (mixed >> 29)
    }
}
