import Kernel
import TestKit
import Testing

@testable import Web

/// Numbers that look random and are the same for the same seed (SplitMix64).
struct SeededDice: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct `A form with files` {
    private func read(_ body: [UInt8], as type: String, limit: Int = 1 << 20) throws(MultipartFault) -> Multipart {
        try Multipart(reading: body, as: type, limit: limit)
    }
    private func read(_ form: SentForm) throws(MultipartFault) -> Multipart {
        try read(form.body, as: form.contentType)
    }

    /// One part with these headers, in a form whose boundary is B.
    private func part(_ header: String, _ content: String = "x", end: String = "\r\n--B--\r\n") -> [UInt8] {
        Array("--B\r\n\(header)\r\n\r\n\(content)\(end)".utf8)
    }
    private let type = "multipart/form-data; boundary=B"
    private let named = "Content-Disposition: form-data; name=\"a\""

    @Test func `is read to the letter`() throws {
        let bytes: [UInt8] = [0, 13, 10, 45, 45, 255, 13, 13, 10, 45]
        let form = SentForm(
            [("text", "é £ 🙂\r\nsecond"), ("day", "a"), ("day", "b"), ("empty", "")],
            [.init("file", "a.csv", bytes, type: "Text/CSV; charset=windows-1252"), .init("none", "", [])])
        let read = try read(form)
        #expect(read.fields.map(\.name) == ["text", "day", "day", "empty"])
        #expect(read.fields.map(\.value) == ["é £ 🙂\r\nsecond", "a", "b", ""])
        let file = try #require(read.files.first)
        #expect(read.files.count == 1 && Array(file.bytes) == bytes)
        #expect(file.name == "a.csv" && file.declaredType == "text/csv" && file.field == "file")
    }

    @Test func `has one copy of its bytes in memory`() throws {
        let form = SentForm([], [.init("file", "a.csv", Array("one,two".utf8))])
        let file = try #require(try read(form).files.first)
        // A slice keeps the places that its bytes have in the body.
        #expect(form.body[file.bytes.startIndex..<file.bytes.endIndex].elementsEqual(Array("one,two".utf8)))
        #expect(file.bytes.startIndex > 0)
        #expect(file.sha256() == "a173926d6f48095ddb000ec0740f1661d1ee39ed62a0fbe5110aef88eb14fb37")
    }

    @Test(arguments: [
        ("report.pdf", "report.pdf"), ("C:\\Users\\Ann\\report.pdf", "report.pdf"), ("../../etc/passwd", "passwd"),
        ("a/b\\c.csv", "c.csv"), ("\\\\server\\share\\x.csv", "x.csv"), ("..", "unnamed"), ("/", "unnamed"),
        ("a%22b.csv", "a\"b.csv"), ("a%0D%0Ab.csv", "ab.csv"), ("a\u{7}b\u{202E}fdp.csv", "abfdp.csv"),
        ("a/\u{301}b.csv", "\u{301}b.csv"), ("  a.csv  ", "a.csv"), ("50%25.csv", "50%25.csv"),
        ("naïve 🙂.csv", "naïve 🙂.csv"),
        (String(repeating: "x", count: 300) + ".csv", String(repeating: "x", count: 116) + ".csv"),
    ])
    func `names a file without the folders and signs of where it came from`(given: String, shown: String) throws {
        #expect(try read(SentForm([], [.init("file", given, [1])])).files.first?.name == shown)
    }

    @Test(arguments: [
        "multipart/form-data; boundary=B", "Multipart/Form-Data;boundary=\"B\"",
        "multipart/form-data; charset=UTF-8; boundary=B",
    ])
    func `is told by its header`(type: String) throws {
        #expect(try read(part(named), as: type).fields.first?.value == "x")
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=B; boundary=C", "multipart/form-data; boundary=\"B",
        "multipart/mixed; boundary=B",
        "multipart/form-data; boundary=\"B \"", "multipart/form-data; boundary=B;", "multipart/form-data boundary=B",
        "multipart/form-data; boundary=\"B\r\n\"", "multipart/", "multipart/form-data; boundary=é",
        "multipart/form-data; boundary=" + String(repeating: "B", count: 71),
    ])
    func `is refused by its header`(type: String) {
        #expect(throws: MultipartFault.noBoundary) { try read(part(named), as: type) }
    }

    private var broken: [(MultipartFault, [UInt8])] {
        let file = "Content-Disposition: form-data; name=\"f\"; filename=\"a\""
        let many = SentForm((0...64).map { ("a\($0)", "") }, boundary: "B").body
        func two(_ one: String, _ other: String) -> [UInt8] { part(one, end: "\r\n") + part(other) }
        return [
            (.notBegun, Array("words first\r\n--B--\r\n".utf8)), (.notBegun, Array("\r\n--B--\r\n".utf8)),
            (.notBegun, Array("--C--\r\n".utf8)), (.notBegun, Array("--".utf8)), (.cutShort, []),
            (.cutShort, Array("--B".utf8)), (.cutShort, Array("--B\r\n".utf8)), (.cutShort, part(named, end: "")),
            (.cutShort, part(named, end: "\r\n--B")), (.cutShort, part(named, end: "\r\n--B\r\n")),
            (.cutShort, part(named, end: "\n--B--\n")), (.brokenBoundary, part(named, end: "\r\n--B-\r\n")),
            (.brokenBoundary, part(named, "x\r\n--Bx")), (.brokenBoundary, part(named, end: "\r\n--B-- \r\n")),
            (.brokenBoundary, part(named, end: "\r\n--B--\r\nwords after")),
            (.brokenBoundary, part(named, end: "\r\n--B \r\n")),
            (.badHeader, part(named, "x\r\n--B\r\nmore words\r\n\r\n")),
            (.badHeader, part("Content-Disposition: attachment; name=\"a\"")), (.badHeader, part("\(named); \u{0}=1")),
            (.badHeader, part("\(named)\n")), (.badHeader, part("\(named)\r\n folded")), (.badHeader, part(": a")),
            (.badHeader, part("\(named)\r\n\(named)")), (.badHeader, part("\(file); filename=\"b\"")),
            (.badHeader, part("\(named); name=\"b\"")), (.badHeader, part("\(named); filename*=UTF-8''a.csv")),
            (.badHeader, part("Content-Disposition: form-data; name=\"a")), (.badHeader, part("\(named) x")),
            (.badHeader, part("Content-Disposition: form-data; name=\"a%0D\"")),
            (.badHeader, part("\(named)\r\nContent-Transfer-Encoding: base64")),
            (.headerTooLong, part("\(named)\r\nX: " + String(repeating: "x", count: 3000))),
            (.noName, part("Content-Disposition: form-data")),
            (.noName, part("Content-Disposition: form-data; name=\"\"")),
            (.noName, part("Content-Type: text/plain")), (.noName, Array("--B\r\n\r\nx\r\n--B--\r\n".utf8)),
            (.doubledName, two(named, named.replacing("\"a\"", with: "\"a\"; filename=\"x\""))),
            (.doubledName, two(file, named.replacing("\"a\"", with: "\"f\""))),
            (
                .doubledName,
                two(
                    "Content-Disposition: form-data; name=\"form-key\"",
                    "Content-Disposition: form-data; name=\"form-key\"")
            ),
            (.doubledName, part("Content-Disposition: form-data; name=\"form-token\"; filename=\"t\"")),
            (.nested, part("\(named)\r\nContent-Type: multipart/mixed; boundary=C")),
            (.nested, part("\(file)\r\nContent-Type: multipart/form-data; boundary=B")),
            (.wrongCharset, part("\(named)\r\nContent-Type: text/plain; charset=iso-8859-1")),
            (.wrongCharset, part("Content-Disposition: form-data; name=\"_charset_\"", "windows-1252")),
            (.notText, part(named, "a\u{0}b")),
            (.notText, Array("--B\r\n\(named)\r\n\r\n".utf8) + [0xFF] + Array("\r\n--B--".utf8)),
            (.tooManyParts, many), (.textTooLong, part(named, String(repeating: "x", count: 65_536))),
            (.filesTooLarge, part(file, String(repeating: "x", count: 70_001))),
        ]
    }

    @Test func `is refused with its fault where it is broken`() {
        for (index, (fault, body)) in broken.enumerated() {
            #expect(throws: fault, "case \(index), \(fault)") { try read(body, as: type, limit: 70_000) }
        }
        #expect(Set(broken.map(\.0)).union([.noBoundary]) == Set(MultipartFault.allCases))
    }

    @Test func `holds as much as is allowed`() throws {
        #expect(try read(SentForm((0..<64).map { ("a\($0)", "") })).fields.count == 64)
        #expect(try read(part(named, String(repeating: "x", count: 65_535)), as: type).fields.count == 1)
        let file = "Content-Disposition: form-data; name=\"f\"; filename=\"a\""
        let full = try read(part(file, String(repeating: "x", count: 70_000)), as: type, limit: 70_000)
        #expect(full.files.first?.bytes.count == 70_000)
        #expect(try read(Array("--B--".utf8), as: type).fields.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func `is read in one pass, however nearly its content is a boundary`() throws {
        let boundary = String(repeating: "-", count: 69) + "B"
        let nearly = Array(("\r\n--" + String(repeating: "-", count: 69)).utf8)
        var content: [UInt8] = []
        while content.count < 2_000_000 { content += nearly }
        let form = SentForm([], [.init("file", "a", content)], boundary: boundary)
        #expect(
            try Multipart(reading: form.body, as: form.contentType, limit: 1 << 22).files.first?.bytes.count
                == content.count)
    }

    @Test func `comes back whatever its bytes`() throws {
        let seed: UInt64 = 20_261_128
        var dice = SeededDice(seed: seed)
        for round in 0..<500 {
            let pieces: [[UInt8]] = [[13], [10], [45, 45], Array("B".utf8), Array("\r\n--".utf8), [0], [255]]
            let content = (0..<Int.random(in: 0...60, using: &dice)).flatMap { _ in
                pieces.randomElement(using: &dice) ?? []
            }
            let form = SentForm([("a", "1")], [.init("file", "n", content)], boundary: "Boundary\(round)")
            #expect(try read(form).files.first.map { Array($0.bytes) } == content, "seed \(seed), round \(round)")
        }
    }

    @Test func `never stops the server, however broken`() {
        let seed: UInt64 = 7578
        var dice = SeededDice(seed: seed)
        let whole = SentForm(
            [("form-token", "1.x"), ("text", "words"), ("day", "a")],
            [.init("file", "a.csv", Array("one,two\r\n1,2\r\n".utf8), type: "text/csv"), .init("none", "", [])],
            boundary: "B")
        var (taken, faults) = (0, Set<MultipartFault>())
        for round in 0..<6000 {
            var body = whole.body
            for _ in 0..<Int.random(in: 1...4, using: &dice) { damage(&body, &dice) }
            do {
                let read = try read(body, as: round.isMultiple(of: 9) ? damaged(type, &dice) : type)
                taken += 1
                #expect(read.fields.count + read.files.count <= Multipart.mostParts, "seed \(seed), round \(round)")
                #expect(Set(read.files.map(\.field)).count == read.files.count, "seed \(seed), round \(round)")
                #expect(read.files.allSatisfy { !$0.name.isEmpty && $0.bytes.endIndex <= body.count })
            } catch { faults.insert(error) }
        }
        #expect(taken > 100 && faults.count > 5, "\(taken) taken, \(faults)")
    }

    private func damage(_ body: inout [UInt8], _ dice: inout SeededDice) {
        guard !body.isEmpty else { return }
        let place = Int.random(in: 0..<body.count, using: &dice)
        let end = min(body.count, place + Int.random(in: 1...40, using: &dice))
        let pieces = [
            "\r\n", "--B", "\r\n--B\r\n", "\r\n--B--", "\"", ";", "\\", "%22", "=", ":", "\u{0}", "\r", "é", " ",
        ]
        switch Int.random(in: 0..<6, using: &dice) {
        case 0: body[place] = UInt8.random(in: 0...255, using: &dice)
        case 1: body.removeSubrange(place..<end)
        case 2: body.removeSubrange(place...)
        case 3: body.insert(contentsOf: Array((pieces.randomElement(using: &dice) ?? "").utf8), at: place)
        case 4: body.insert(contentsOf: Array(body[place..<end]), at: Int.random(in: 0...body.count, using: &dice))
        default: body.insert(UInt8.random(in: 0...255, using: &dice), at: place)
        }
    }

    private func damaged(_ text: String, _ dice: inout SeededDice) -> String {
        var bytes = Array(text.utf8)
        damage(&bytes, &dice)
        return String(decoding: bytes, as: UTF8.self)
    }
}
