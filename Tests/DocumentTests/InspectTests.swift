import Documents
import Testing

@Suite struct `An uploaded document` {
    @Test(arguments: DocumentType.allCases)
    func `is taken when it is what it says`(type: DocumentType) throws {
        let good = try #require(Made.all.first { $0.type == type })
        #expect(found(good.bytes, good.name) == .success(type))
        for ending in type.extensions { #expect(found(good.bytes, "a.\(ending)") == .success(type)) }
    }

    @Test func `is refused when it is empty or too large`() {
        var limits = DocumentLimits()
        #expect(limits.bytes == 26_214_400)
        limits.bytes = 100
        #expect(found([], "a.pdf") == .failure(.empty))
        #expect(found(Made.pdf(), "a.pdf", limits) == .failure(.tooLarge(bytes: Made.pdf().count, limit: 100)))
        let line = [UInt8](repeating: 97, count: 100)
        #expect(found(line, "a.txt", limits) == .success(.text))
    }

    @Test func `is refused under the name of every other type`() {
        for good in Made.all {
            for other in DocumentType.allCases where other != good.type {
                if [DocumentType.text, .csv].contains(good.type), [.text, .csv].contains(other) { continue }
                let fault = DocumentFault.notWhatItSays(
                    ending: other.extensions[0], found: good.type == .csv ? .text : good.type)
                #expect(found(good.bytes, "a." + other.extensions[0]) == .failure(fault))
            }
        }
    }

    @Test(arguments: [
        ("", ""), ("report", ""), ("report.", ""), ("report.pdf/x", ""), ("pdf", ""), ("a.b c", ""), ("a.päf", ""),
        ("a.verylongending", ""), ("report.pdf.exe", "exe"), ("a.zip", "zip"), ("..", ""), ("a.pdf\\", ""),
    ])
    func `needs a name whose ending is its own`(name: String, ending: String) {
        #expect(found(Made.pdf(), name) == .failure(.notWhatItSays(ending: ending, found: .pdf)))
    }

    @Test(arguments: ["svg", "html", "xml", "eml", "exe", "bat", "js"])
    func `is refused when nothing of its type is taken`(ending: String) {
        #expect(found(Made.text, "a." + ending) == .failure(.unknownType(ending: ending)))
        #expect(found([0x4D, 0x5A, 0x90, 0], "a." + ending) == .failure(.unknownType(ending: ending)))
        #expect(found([0x4D, 0x5A, 0x90, 0], "a.pdf") == .failure(.notWhatItSays(ending: "pdf", found: nil)))
    }

    @Test(arguments: [
        "<!DOCTYPE html><p>", "\u{FEFF}\r\n <HTML>", "<svg xmlns=''>", "<?xml version='1.0'?>", "<script>",
        "<!-- a -->",
    ])
    func `is no web page under the name of a text`(page: String) {
        #expect(found(Array(page.utf8), "a.txt") == .failure(.notWhatItSays(ending: "txt", found: nil)))
        #expect(found(Array(page.utf8), "a.html") == .failure(.unknownType(ending: "html")))
    }

    @Test func `of text is in UTF-8, without controls`() {
        let ansi: [UInt8] = [0x41, 0x6D, 0x69, 0x6E, 0x61, 0x92, 0x73]
        let wide: [UInt8] = [0xFF, 0xFE, 0x41, 0, 0x42, 0]
        for name in ["a.txt", "a.csv"] {
            #expect(found(ansi, name) == .failure(.textNotUTF8))
            #expect(found(wide, name) == .failure(.textNotUTF8))
            #expect(found([0x41, 0xC0, 0x80], name) == .failure(.textNotUTF8))
            #expect(found([0x41, 0], name) == .failure(.textHasControls))
            #expect(found([0x41, 0x1B, 0x5B], name) == .failure(.textHasControls))
            #expect(found(Array("a\u{85}b".utf8), name) == .failure(.textHasControls))
        }
        #expect(found(ansi, "a.pdf") == .failure(.notWhatItSays(ending: "pdf", found: nil)))
        #expect(found(Array("a < b, ✓ 日本 🙂".utf8), "a.csv") == .success(.csv))
    }

    @Test(arguments: [
        "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", "/A<</S/Launch/F(x)>>", "/J#61vaScript ",
        "/EmbeddedFiles 3 0 R",
        "/Type/EmbeddedFile>>", "(text) stream /Launch ", "/#4c#61#75#6E#63#68[", "/RichMedia ", "/XFA 4 0 R",
    ])
    func `of PDF has no scripts or attachments`(more: String) {
        #expect(found(Made.pdf(more), "a.pdf") == .failure(.activeContent(.pdf)))
    }

    @Test func `of PDF may have links and names that only look active`() {
        let more =
            "/OpenAction [3 0 R /Fit] /A << /S /URI /URI (https://example.org/) >> /Launchpad /JavaScripts /J#zz /F#"
        #expect(found(Made.pdf(more), "a.pdf") == .success(.pdf))
        #expect(found(Array(Made.pdf().dropLast(8)), "a.pdf") == .failure(.cutShort(.pdf)))
    }

    @Test func `of rich text has no objects and all its end`() {
        for more in ["{\\object\\objemb{\\*\\objdata 01}}", "\\objupdate ", "{\\field DDEAUTO c:\\\\a}"] {
            #expect(found(Made.rtf(more), "a.rtf") == .failure(.activeContent(.rtf)))
        }
        #expect(found(Array(Made.rtf().dropLast(2)), "a.rtf") == .failure(.cutShort(.rtf)))
    }

    @Test func `of old Office, and a locked one, say so`() {
        #expect(found(Made.oldOffice("WordDocument"), "a.doc") == .failure(.oldOffice))
        #expect(found(Made.oldOffice("EncryptedPackage"), "a.docx") == .failure(.archiveEncrypted))
    }

    @Test func `has a fault that says what to do`() {
        let faults: [DocumentFault] = [
            .empty, .tooLarge(bytes: 26_214_401, limit: 26_214_400), .unknownType(ending: ""),
            .unknownType(ending: "svg"),
            .notWhatItSays(ending: "pdf", found: .png), .notWhatItSays(ending: "", found: .png),
            .notWhatItSays(ending: "pdf", found: nil), .oldOffice, .cutShort(.pdf), .textNotUTF8, .textHasControls,
            .archiveTooManyEntries(3000, limit: 2000), .archiveTooLarge(bytes: 1 << 30, limit: 200 << 20),
            .archiveRatio(limit: 200), .archiveBroken(.overlap), .archivePath, .archiveEncrypted, .nestedArchive,
            .macros,
            .imageTooManyPixels(width: 9000, height: 9000, limit: 50_000_000), .imageBroken, .activeContent(.pdf),
            .activeContent(.rtf),
        ]
        #expect(Set(faults.map(\.description)).count == faults.count)
        for fault in faults {
            #expect(fault.description.contains("send") && fault.description.hasSuffix("."), "\(fault)")
            #expect(!fault.description.contains("Optional"))
        }
        #expect(faults[1].description.hasPrefix("The file is 26 MB and the most we can take is 25 MB."))
        #expect(
            faults[4].description
                == "The name ends in .pdf but the file is a PNG picture. Make the name end in .png and send it again.")
    }

    @Test func `has a type with a media type and endings of its own`() {
        #expect(Set(DocumentType.allCases.map(\.mime)).count == DocumentType.allCases.count)
        let endings = DocumentType.allCases.flatMap(\.extensions)
        #expect(Set(endings).count == endings.count)
        for type in DocumentType.allCases {
            for ending in type.extensions { #expect(DocumentType(extension: ending.uppercased()) == type) }
        }
        for ending in ["html", "svg", "xml", "exe", "zip", "doc", "xls", "docm", "eml", ""] {
            #expect(DocumentType(extension: ending) == nil)
        }
        #expect(DocumentType.allCases.filter { !$0.isActive } == [.pdf, .png, .jpeg, .gif, .heic, .text])
    }
}

@Suite struct `A damaged document` {
    /// 20,000 in all: pieces cut, changed, doubled and put together, from four seeds.
    @Test(arguments: [1, 2026, 0xDECAF, 0x5EED_5EED] as [UInt64])
    func `never stops the program, and is of its type or at fault`(seed: UInt64) throws {
        var random = Seeded(state: seed)
        var taken = 0
        for round in 0..<5000 {
            let good = try #require(Made.all.randomElement(using: &random))
            let other = try #require(Made.all.randomElement(using: &random))
            let bytes = mutated(good.bytes, with: other.bytes, by: &random)
            let name = Int.random(in: 0..<10, using: &random) == 0 ? other.name : good.name
            let ending = name.split(separator: ".").last ?? ""
            switch found(bytes, name) {
            case .success(let type):
                taken += 1
                #expect(type.extensions.contains(ending.lowercased()), "seed \(seed), round \(round)")
            case .failure(let fault):
                #expect(fault.description.contains("send"), "seed \(seed), round \(round)")
            }
        }
        #expect(taken > 100 && taken < 4900, "seed \(seed)")
    }

    @Test func `never stops the program wherever it is cut`() {
        for good in Made.all {
            for length in 0..<good.bytes.count {
                let result = found(Array(good.bytes.prefix(length)), good.name)
                if [.png, .jpeg, .heic, .docx, .xlsx, .pptx, .odt, .ods, .gif].contains(good.type) {
                    #expect(result != .success(good.type), "\(good.name) cut to \(length)")
                }
            }
        }
    }

    private func mutated(_ file: [UInt8], with other: [UInt8], by random: inout Seeded) -> [UInt8] {
        var bytes = file
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, at + Int.random(in: 1...8, using: &random))
            switch Int.random(in: 0..<8, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 2: for place in at..<end { bytes[place] = 0xFF }
            case 3: for place in at..<end { bytes[place] = [0, 0x7F, 0x80, 1].randomElement(using: &random) ?? 0 }
            case 4: bytes.removeSubrange(at..<end)
            case 5: bytes.insert(contentsOf: bytes[at..<end], at: at)
            case 6: bytes.removeSubrange(at...)
            default: bytes.insert(contentsOf: other.prefix(Int.random(in: 0...other.count, using: &random)), at: at)
            }
        }
        return bytes
    }
}
