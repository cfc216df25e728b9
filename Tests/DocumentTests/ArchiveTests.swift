import Documents
import Testing

@Suite struct `An Office file` {
    private func outcome(_ zip: MadeZip, _ limits: DocumentLimits = .init()) -> Result<DocumentType, DocumentFault> {
        found(zip.bytes, "a.docx", limits)
    }

    private func changed(_ change: (inout MadeZip) -> Void) -> Result<DocumentType, DocumentFault> {
        var zip = MadeZip.docx
        change(&zip)
        return outcome(zip)
    }

    private func broken(_ flaw: ArchiveFlaw) -> Result<DocumentType, DocumentFault> { .failure(.archiveBroken(flaw)) }

    @Test func `refuses a zip bomb before inflating it`() {
        #expect(
            outcome(
                .docx.with("word/a.xml") {
                    ($0.method, $0.inflated) = (8, 100 << 20)
                }) == .failure(.archiveRatio(limit: 200)))
        var bomb = MadeZip.docx
        let block = String(repeating: "x", count: 400_000)
        for number in 1...3 { bomb.add("word/\(number).xml", block) { ($0.method, $0.inflated) = (8, 70 << 20) } }
        #expect(outcome(bomb) == .failure(.archiveTooLarge(bytes: (210 << 20) + 32, limit: 200 << 20)))
    }

    @Test func `refuses many small parts that are a bomb together`() {
        var bomb = MadeZip.docx
        for number in 0..<200 { bomb.add("word/\(number).xml", "123") { ($0.method, $0.inflated) = (8, 1 << 20) } }
        #expect(outcome(bomb) == .failure(.archiveTooLarge(bytes: (200 << 20) + 32, limit: 200 << 20)))
        bomb.parts.removeLast(20)
        #expect(outcome(bomb) == .failure(.archiveRatio(limit: 200)))
    }

    @Test func `lets a small part pack as well as it can`() {
        #expect(outcome(.docx.with("word/a.xml") { ($0.method, $0.inflated) = (8, (1 << 20) - 32) }) == .success(.docx))
    }

    @Test func `has no more parts than the limit, and reads none of them when it has`() {
        var limits = DocumentLimits()
        limits.archiveEntries = 4
        #expect(outcome(.docx, limits) == .success(.docx))
        #expect(outcome(.docx.with("a"), limits) == .failure(.archiveTooManyEntries(5, limit: 4)))
        #expect(changed { $0.listedCount = 2001 } == .failure(.archiveTooManyEntries(2001, limit: 2000)))
    }

    @Test(arguments: ["../a.xml", "word/../../a", "/etc/passwd", "C:/a", "word\\a.xml", "word/..", "./a", "a/./b"])
    func `keeps its parts within its folder`(name: String) {
        #expect(outcome(.docx.with(name)) == .failure(.archivePath))
    }

    @Test func `has no links to other files`() {
        #expect(outcome(.docx.with("word/link") { $0.attributes = 0xA1FF << 16 }) == .failure(.archivePath))
    }

    @Test(arguments: ["", "a//b", "/", "a\0b", "a\nb", "a\u{85}b"])
    func `has a proper name for each part`(name: String) {
        #expect(outcome(.docx.with(name, "")) == (name == "/" ? .failure(.archivePath) : broken(.name)))
    }

    @Test func `has no second name for a part`() {
        #expect(outcome(.docx.with("a") { $0.name = [0x61, 0xFF] }) == broken(.name))
        #expect(outcome(.docx.with("a") { $0.extra = [0x75, 0x70, 1, 0, 0] }) == broken(.name))
        #expect(outcome(.docx.with("a") { $0.ownExtra = [1, 2, 0, 0, 0x75, 0x70, 0, 0] }) == broken(.name))
        #expect(outcome(.docx.with("WORD/Document.xml")) == broken(.duplicateName))
        #expect(outcome(.docx.with("word/document.xml")) == broken(.duplicateName))
    }

    @Test func `is not locked, in any of the ways there are`() {
        for flag in [1, 0x41, 0x2000] {
            #expect(outcome(.docx.with("a") { $0.flags = flag }) == .failure(.archiveEncrypted))
        }
        #expect(outcome(.docx.with("a") { $0.method = 99 }) == .failure(.archiveEncrypted))
        #expect(outcome(.docx.with("a") { $0.extra = [1, 0x99, 0, 0] }) == .failure(.archiveEncrypted))
        let locked = MadeZip.open("text").with("encrypted-package")
        #expect(found(locked.bytes, "a.odt") == .failure(.archiveEncrypted))
    }

    @Test(arguments: [
        "word/a.zip", "word/media/a.RAR", "word/embeddings/oleObject1.bin", "word/embeddings/Sheet1.xlsx", "a/b.docx",
        "ppt/media/x.pdf", "customXml/oleObject2.bin",
    ])
    func `has no other file inside`(name: String) {
        #expect(outcome(.docx.with(name)) == .failure(.nestedArchive))
        var limits = DocumentLimits()
        limits.nesting = 1
        #expect(outcome(.docx.with(name), limits) == .success(.docx))
    }

    @Test func `has no archive inside under another name`() {
        #expect(outcome(.docx.with("word/media/image2.png", "PK\u{3}\u{4}....")) == .failure(.nestedArchive))
        #expect(outcome(.docx.with("word/media/image2.png", "MZ......")) == .failure(.activeContent(.docx)))
    }

    @Test(arguments: ["word/setup.exe", "word/activeX/activeX1.xml", "a.js", "word/a.HTML"])
    func `has no program inside`(name: String) {
        #expect(outcome(.docx.with(name)) == .failure(.activeContent(.docx)))
    }

    @Test(arguments: ["word/vbaProject.bin", "xl/VBAPROJECT.BIN", "word/vbaData.xml", "xl/macrosheets/sheet1.xml"])
    func `has no macros`(name: String) {
        #expect(outcome(.docx.with(name)) == .failure(.macros))
    }

    @Test func `is not of a type that may have macros`() {
        #expect(found(MadeZip.docx.bytes, "a.docm") == .failure(.macros))
        var zip = MadeZip("_rels/.rels", "word/document.xml")
        zip.add("[Content_Types].xml", "application/vnd.ms-word.document.macroEnabled.main+xml")
        #expect(outcome(zip) == .failure(.macros))
    }

    @Test func `of OpenDocument may have an empty list of macros and no macro`() {
        let open = MadeZip.open("spreadsheet")
        let empty = open.with("Basic/script-lc.xml").with("Basic/Standard/script-lb.xml")
        #expect(found(empty.bytes, "a.ods") == .success(.ods))
        #expect(found(open.with("Basic/Standard/Module1.xml").bytes, "a.ods") == .failure(.macros))
        #expect(found(open.with("Scripts/python/a.txt").bytes, "a.ods") == .failure(.macros))
    }

    @Test func `is told from a plain archive and from kinds that are not taken`() {
        let none = DocumentFault.notWhatItSays(ending: "docx", found: nil)
        for zip in [
            MadeZip("letter.txt"), MadeZip("[Content_Types].xml", "_rels/.rels", "xl/workbook.bin"),
            MadeZip("[Content_Types].xml", "word/document.xml"), .open("presentation"), .open("text-template"),
        ] { #expect(outcome(zip) == .failure(none)) }
        #expect(found(MadeZip("letter.txt").bytes, "a.zip") == .failure(.unknownType(ending: "zip")))
        #expect(outcome(.docx.with("xl/workbook.xml")) == broken(.twoKinds))
        #expect(outcome(.docx.with("mimetype")) == broken(.twoKinds))
        var late = MadeZip("content.xml")
        late.add("mimetype", "application/vnd.oasis.opendocument.text")
        #expect(found(late.bytes, "a.odt") == .failure(.notWhatItSays(ending: "odt", found: nil)))
        var packed = MadeZip.open("text")
        packed.parts[0].method = 8
        #expect(found(packed.bytes, "a.odt") == .failure(.notWhatItSays(ending: "odt", found: nil)))
    }

    @Test func `says the same of each part in both places`() {
        #expect(outcome(.docx.with("a") { $0.ownName = [0x62] }) == broken(.headersDisagree))
        #expect(outcome(.docx.with("a") { $0.ownName = [0x61, 0x61] }) == broken(.headersDisagree))
        #expect(outcome(.docx.with("a") { $0.ownInflated = 5 }) == broken(.headersDisagree))
        #expect(outcome(.docx.with("a") { $0.ownPacked = 3 }) == broken(.headersDisagree))
        #expect(outcome(.docx.with("a") { $0.ownMethod = 8 }) == broken(.headersDisagree))
        #expect(outcome(.docx.with("a") { $0.listedHeader = 5 }) == broken(.headersDisagree))
        #expect(outcome(.docx.with("a") { $0.listedHeader = 0xFFFF_FFFE }) == broken(.headersDisagree))
        #expect(outcome(.docx.with("a") { ($0.flags, $0.followedPacked) = (8, 3) }) == broken(.headersDisagree))
        #expect(outcome(.docx.with("a") { ($0.flags, $0.ownPacked) = (8, 3) }) == broken(.headersDisagree))
        #expect(outcome(.docx.with("a") { $0.flags = 8 }) == .success(.docx))
    }

    @Test func `gives each byte to one part and no more`() {
        #expect(changed { $0.gap = [0] } == broken(.hiddenBytes))
        #expect(
            changed {
                $0.parts.append($0.parts[1]); $0.parts[4].listedHeader = 0
            } == broken(.headersDisagree))
        var twice = MadeZip("[Content_Types].xml", "_rels/.rels", "word/document.xml")
        let inner = MadeZip("a").bytes.prefix(35)
        twice.add("outer") { ($0.body, $0.inflated) = (Array(inner), inner.count) }
        let body = twice.bytes.count - 22 - 4 * 46 - 19 - 11 - 17 - 5 - inner.count
        twice.add("a") { $0.listedHeader = body }
        #expect(outcome(twice) == broken(.overlap))
    }

    @Test func `has sizes that can be and ways of packing that are known`() {
        #expect(outcome(.docx.with("a") { $0.inflated = 5 }) == broken(.size))
        #expect(outcome(.docx.with("a") { ($0.method, $0.body) = (8, []) }) == broken(.size))
        #expect(outcome(.docx.with("folder/", "full")) == broken(.size))
        #expect(outcome(.docx.with("a") { $0.method = 14 }) == broken(.method))
    }

    @Test func `has one list of parts, in its place`() {
        #expect(outcome(MadeZip()) == .failure(.notWhatItSays(ending: "docx", found: nil)))
        #expect(changed { $0.suffix = [0] } == broken(.noDirectory))
        #expect(changed { $0.comment = Array("hello".utf8) } == .success(.docx))
        #expect(changed { $0.comment = Array(MadeZip("a").bytes.suffix(22)) } == broken(.noDirectory))
        #expect(changed { $0.listedCount = 3 } == broken(.directoryBroken))
        #expect(changed { $0.listedCount = 5 } == broken(.directoryBroken))
        #expect(changed { $0.listedCount = 0 } == broken(.directoryBroken))
        #expect(changed { $0.listedSize = 7 } == broken(.directoryBroken))
        #expect(changed { $0.listedStart = 7 } == broken(.directoryBroken))
        #expect(changed { $0.disk = 1 } == broken(.severalDisks))
    }

    @Test func `is not written for archives over four gibibytes`() {
        #expect(changed { $0.listedCount = 0xFFFF } == broken(.zip64))
        #expect(changed { $0.listedStart = 0xFFFF_FFFF } == broken(.zip64))
        #expect(changed { $0.beforeEnd = Array("PK\u{6}\u{7}".utf8) + little(0, 16) } == broken(.zip64))
        #expect(outcome(.docx.with("a") { $0.inflated = 0xFFFF_FFFF }) == broken(.zip64))
    }
}
