import Documents
import Testing

@Suite struct `A picture` {
    private func tooLarge(_ width: Int, _ height: Int) -> Result<DocumentType, DocumentFault> {
        .failure(.imageTooManyPixels(width: width, height: height, limit: 50_000_000))
    }

    @Test func `is refused when it has too many pixels, and not one pixel sooner`() {
        #expect(found(Made.png(10_000, 5000), "a.png") == .success(.png))
        #expect(found(Made.png(10_000, 5001), "a.png") == tooLarge(10_000, 5001))
        #expect(found(Made.png(0xFFFF_FFFF, 0xFFFF_FFFF), "a.png") == tooLarge(0xFFFF_FFFF, 0xFFFF_FFFF))
        #expect(found(Made.jpeg(10_000, 5001), "a.jpg") == tooLarge(10_000, 5001))
        #expect(found(Made.jpeg(65_535, 65_535, frame: 0xC2), "a.jpg") == tooLarge(65_535, 65_535))
        #expect(found(Made.gif(65_535, 65_535), "a.gif") == tooLarge(65_535, 65_535))
        #expect(found(Made.gif(picture: (60_000, 60_000)), "a.gif") == tooLarge(60_000, 60_000))
        #expect(found(Made.heic([(512, 512), (30_000, 30_000)]), "a.heic") == tooLarge(30_000, 30_000))
        var limits = DocumentLimits()
        limits.pixels = 100
        #expect(found(Made.png(10, 10), "a.png", limits) == .success(.png))
    }

    @Test func `has at least one pixel`() {
        for bytes in [Made.png(0, 5), Made.png(5, 0)] { #expect(found(bytes, "a.png") == .failure(.imageBroken)) }
        #expect(found(Made.jpeg(640, 0), "a.jpg") == .failure(.imageBroken))
        #expect(found(Made.gif(0, 1), "a.gif") == .failure(.imageBroken))
        #expect(found(Made.heic([(0, 1)]), "a.heic") == .failure(.imageBroken))
        #expect(found(Made.heic([]), "a.heic") == .failure(.imageBroken))
    }

    @Test func `is refused when its pieces do not lead to its end`() {
        let broken: [(String, [UInt8])] = [
            ("a.png", Array(Made.png().dropLast(12))),
            ("a.png", Array(Made.png().prefix(33)) + Made.chunk("IEND", [])),
            ("a.png", Array(Made.png().prefix(33)) + Made.png().dropFirst(8)),
            ("a.png", Array(Made.png().prefix(33)) + big(0xFFFF_FFFF, 4) + Array("IDAT".utf8)),
            ("a.jpg", Made.jpeg(frames: 0)), ("a.jpg", Made.jpeg(frames: 2)), ("a.jpg", Array(Made.jpeg().dropLast(2))),
            ("a.jpg", [0xFF, 0xD8, 0xFF]), ("a.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 0, 0]),
            ("a.gif", Array(Made.gif().dropLast())), ("a.gif", Array(Made.gif().prefix(13)) + [0x3B]),
            ("a.gif", Array("GIF89a".utf8)),
            ("a.heic", Array(Made.heic().dropLast(20))), ("a.heic", Made.heic() + big(0, 4)),
            ("a.heic", Made.heic() + big(7, 4) + Array("free".utf8)),
            ("a.heic", Made.heic() + big(1, 4) + Array("free".utf8) + big(-1, 8)),
            ("a.heic", Made.heic() + Made.box("meta", [])),
        ]
        for (name, bytes) in broken {
            #expect(found(bytes, name) == .failure(.imageBroken), "\(bytes.count) of \(name)")
        }
    }

    @Test func `of JPEG may carry what its camera adds after its end`() {
        #expect(found(Made.jpeg() + Array("SEFH".utf8), "a.jpeg") == .success(.jpeg))
    }

    @Test func `of the HEIC family is no film and no AVIF`() {
        let fault = DocumentFault.notWhatItSays(ending: "heic", found: nil)
        #expect(found(Made.heic(brand: "avif"), "a.heic") == .failure(fault))
        #expect(found(Made.box("ftyp", Array("isom\0\0\0\0mp42".utf8)), "a.heic") == .failure(fault))
    }
}
