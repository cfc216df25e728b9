import Documents

/// Good files of every type, made by hand.
enum Made {
    static func png(_ width: Int = 640, _ height: Int = 480) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", big(width, 4) + big(height, 4) + [8, 2, 0, 0, 0])
            + chunk("tEXt", Array("Author\0Priya".utf8)) + chunk("IDAT", [0x78, 0x9C, 3, 0, 0, 0, 0, 1])
            + chunk("IEND", [])
    }

    static func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
        big(body.count, 4) + Array(kind.utf8) + body + big(Int(crc32(Array(kind.utf8) + body)), 4)
    }

    static func jpeg(_ width: Int = 640, _ height: Int = 480, frame: UInt8 = 0xC0, frames: Int = 1) -> [UInt8] {
        var file: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + big(16, 2) + Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0]
        file += [0xFF, 0xFF, 0xDB] + big(67, 2) + [0] + [UInt8](repeating: 1, count: 64)
        for _ in 0..<frames {
            file += [0xFF, frame] + big(11, 2) + [8] + big(height, 2) + big(width, 2) + [1, 1, 0x11, 0]
        }
        file += [0xFF, 0xC4] + big(3, 2) + [0]
        return file + [0xFF, 0xDA] + big(8, 2) + [1, 1, 0, 0, 63, 0] + [0x12, 0xFF, 0, 0x34, 0xFF, 0xD9]
    }

    static func gif(_ width: Int = 64, _ height: Int = 48, picture: (Int, Int) = (64, 48)) -> [UInt8] {
        Array("GIF89a".utf8) + little(width, 2) + little(height, 2) + [0x80, 0, 0] + [0, 0, 0, 255, 255, 255]
            + [0x21, 0xF9, 4, 0, 0, 0, 0, 0]
            + [0x2C, 0, 0, 0, 0] + little(picture.0, 2) + little(picture.1, 2) + [0x80] + [1, 2, 3, 4, 5, 6]
            + [2, 2, 0x4C, 1, 0] + [0x3B]
    }

    static func box(_ kind: String, _ body: [UInt8]) -> [UInt8] { big(body.count + 8, 4) + Array(kind.utf8) + body }

    static func heic(_ sizes: [(Int, Int)] = [(512, 512), (4032, 3024)], brand: String = "heic") -> [UInt8] {
        let ispe = sizes.flatMap { box("ispe", big(0, 4) + big($0.0, 4) + big($0.1, 4)) }
        let properties = box("iprp", box("ipco", box("hvcC", [1, 2, 3]) + ispe) + box("ipma", [0, 0, 0, 0]))
        return box("ftyp", Array("mif1".utf8) + big(0, 4) + Array("mif1\(brand)".utf8))
            + box("meta", big(0, 4) + box("hdlr", big(0, 4) + Array("pict".utf8)) + properties)
            + big(1, 4) + Array("mdat".utf8) + big(20, 8) + [9, 9, 9, 9]
    }

    static func pdf(_ more: String = "") -> [UInt8] {
        Array(
            """
            %PDF-1.7
            1 0 obj << /Type /Catalog /Pages 2 0 R \(more) >> endobj
            2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj
            trailer << /Root 1 0 R >>
            startxref
            0
            %%EOF

            """.utf8)
    }

    static func rtf(_ more: String = "") -> [UInt8] {
        Array("{\\rtf1\\ansi Dear Priya,\\par \(more)thank you.}\n".utf8)
    }

    static let text = Array("Dear Priya,\r\n\tAmina’s review is on 2 March.\n".utf8)
    static let table = Array("\u{FEFF}name,hours\r\nAmina,12\r\n".utf8)

    /// An old Office container with these characters, two bytes each, somewhere in it.
    static func oldOffice(_ stream: String) -> [UInt8] {
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 600)
            + stream.utf8.flatMap { [$0, 0] } + [UInt8](repeating: 0, count: 100)
    }

    /// A good file of each type and a name for it.
    static let all: [(type: DocumentType, name: String, bytes: [UInt8])] = [
        (.pdf, "Report.PDF", pdf()), (.png, "a.png", png()), (.jpeg, "IMG 0001.JPG", jpeg()),
        (.gif, "a.gif", gif()), (.heic, "IMG_2.HEIC", heic()), (.docx, "a.docx", MadeZip.docx.bytes),
        (.xlsx, "a.b.xlsx", MadeZip.xlsx.bytes), (.pptx, "a.pptx", MadeZip.pptx.bytes),
        (.odt, "a.odt", MadeZip.open("text").bytes), (.ods, "a.ods", MadeZip.open("spreadsheet").bytes),
        (.rtf, "a.rtf", rtf()), (.text, "C:\\letters.d\\a.txt", text), (.csv, "/tmp/a.csv", table),
    ]
}

/// Numbers that come the same from the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The type or the fault that inspection finds.
func found(_ bytes: [UInt8], _ name: String, _ limits: DocumentLimits = .init()) -> Result<DocumentType, DocumentFault>
{
    Result { () throws(DocumentFault) in try inspect(bytes, named: name, limits: limits) }
}
