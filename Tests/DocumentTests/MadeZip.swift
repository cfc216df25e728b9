/// An archive made by hand, each part of which can lie.
struct MadeZip {
    struct Part {
        var name: [UInt8]
        var body: [UInt8]
        var method = 0
        /// The declared inflated size, which need not be true.
        var inflated: Int
        var flags = 0
        var attributes = 0
        var extra: [UInt8] = []
        /// What the part's own header says in place of the truth.
        var ownName: [UInt8]?
        var ownInflated: Int?
        var ownPacked: Int?
        var ownMethod: Int?
        var ownExtra: [UInt8] = []
        /// What the list says in place of the truth.
        var listedHeader: Int?
        /// What stands in the descriptor in place of the truth, where flag 3 is set.
        var followedPacked: Int?
        var isMarked = true
    }

    var parts: [Part] = []
    var prefix: [UInt8] = []
    var gap: [UInt8] = []
    var beforeEnd: [UInt8] = []
    var comment: [UInt8] = []
    var suffix: [UInt8] = []
    var disk = 0
    var listedCount: Int?
    var listedSize: Int?
    var listedStart: Int?

    init(_ names: String...) {
        for name in names { add(name) }
    }

    mutating func add(_ name: String, _ body: String = "<x/>", change: (inout Part) -> Void = { _ in }) {
        var part = Part(name: Array(name.utf8), body: Array(body.utf8), inflated: body.utf8.count)
        change(&part)
        parts.append(part)
    }

    /// A part packed as deflate packs it, in one block that is not compressed.
    mutating func pack(_ name: String, _ body: String = "<x/>", change: (inout Part) -> Void = { _ in }) {
        let raw = Array(body.utf8)
        let block = [1] + little(raw.count, 2) + little(raw.count ^ 0xFFFF, 2) + raw
        var part = Part(name: Array(name.utf8), body: block, method: 8, inflated: raw.count)
        change(&part)
        parts.append(part)
    }

    var bytes: [UInt8] {
        var file = prefix
        var list: [UInt8] = []
        for part in parts {
            let header = file.count
            let check = Int(crc32(part.body))
            let follows = part.flags & 8 != 0
            let own = part.ownName ?? part.name
            let packed = part.ownPacked ?? (follows ? 0 : part.body.count)
            let inflated = part.ownInflated ?? (follows ? 0 : part.inflated)
            file += Array("PK\u{3}\u{4}".utf8) + little(20, 2) + little(part.flags, 2)
            file += little(part.ownMethod ?? part.method, 2) + little(0, 4) + little(follows ? 0 : check, 4)
            file += little(packed, 4) + little(inflated, 4)
            file += little(own.count, 2) + little(part.ownExtra.count, 2) + own + part.ownExtra + part.body
            if follows {
                file += (part.isMarked ? Array("PK\u{7}\u{8}".utf8) : []) + little(check, 4)
                file += little(part.followedPacked ?? part.body.count, 4) + little(part.inflated, 4)
            }
            list += Array("PK\u{1}\u{2}".utf8) + little(20, 2) + little(20, 2) + little(part.flags, 2)
            list += little(part.method, 2) + little(0, 4) + little(check, 4) + little(part.body.count, 4)
            list += little(part.inflated, 4) + little(part.name.count, 2) + little(part.extra.count, 2) + little(0, 4)
            list += little(0, 2) + little(part.attributes, 4) + little(part.listedHeader ?? header, 4)
            list += part.name + part.extra
        }
        file += gap
        let start = file.count
        file += list + beforeEnd + Array("PK\u{5}\u{6}".utf8) + little(disk, 2) + little(0, 2)
        file += little(listedCount ?? parts.count, 2) + little(listedCount ?? parts.count, 2)
        file += little(listedSize ?? list.count, 4) + little(listedStart ?? start, 4)
        return file + little(comment.count, 2) + comment + suffix
    }
}

extension MadeZip {
    static var docx: MadeZip {
        var zip = MadeZip()
        zip.pack("[Content_Types].xml", "<Types/>") { $0.ownExtra = [0x20, 0xA2] + little(4, 2) + [0x28, 0xA0, 0, 0] }
        zip.pack("_rels/.rels")
        zip.pack("word/document.xml", "<w:document/>")
        zip.add("word/media/image1.png", "picture")
        return zip
    }

    static var xlsx: MadeZip {
        var zip = MadeZip("[Content_Types].xml", "_rels/.rels")
        zip.pack("xl/workbook.xml") { $0.flags = 8 }
        zip.pack("xl/worksheets/sheet1.xml") {
            $0.flags = 8
            $0.isMarked = false
        }
        zip.add("xl/printerSettings/printerSettings1.bin")
        return zip
    }

    static var pptx: MadeZip {
        MadeZip("[Content_Types].xml", "_rels/.rels", "ppt/presentation.xml", "ppt/slides/a.xml")
    }

    static func open(_ kind: String) -> MadeZip {
        var zip = MadeZip()
        zip.add("mimetype", "application/vnd.oasis.opendocument.\(kind)")
        zip.add("Configurations2/", "")
        zip.pack("content.xml")
        zip.pack("META-INF/manifest.xml")
        return zip
    }

    /// This archive with one more part.
    func with(_ name: String, _ body: String = "<x/>", change: (inout Part) -> Void = { _ in }) -> MadeZip {
        var zip = self
        zip.add(name, body, change: change)
        return zip
    }
}

func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
}

func big(_ number: Int, _ width: Int) -> [UInt8] { little(number, width).reversed() }

func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
        (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? 0xEDB8_8320 ^ (rest >> 1) : rest >> 1 }
    }
}
