/// Throws where an image has no pixels or more than the limit.
private func checkSize(_ width: Int, _ height: Int, _ limits: DocumentLimits) throws(DocumentFault) {
    guard width > 0, height > 0 else { throw .imageBroken }
    let (pixels, over) = width.multipliedReportingOverflow(by: height)
    guard !over, pixels <= limits.pixels else {
        throw .imageTooManyPixels(width: width, height: height, limit: limits.pixels)
    }
}

/// A PNG whose header can be, whose size is allowed, and whose chunks lead to its end.
func checkPNG(_ bytes: [UInt8], _ limits: DocumentLimits) throws(DocumentFault) -> DocumentType {
    guard bytes.big32(8) == 13, bytes.has("IHDR", at: 12), let width = bytes.big32(16), let height = bytes.big32(20),
        let depth = bytes.byte(24), let colour = bytes.byte(25), [1, 2, 4, 8, 16].contains(depth),
        [0, 2, 3, 4, 6].contains(colour)
    else { throw .imageBroken }
    try checkSize(width, height, limits)
    var at = 33
    var hasData = false
    while let length = bytes.big32(at) {
        let next = after(at, 12, length)
        guard next <= bytes.count, !bytes.has("IHDR", at: after(at, 4)) else { throw .imageBroken }
        if bytes.has("IDAT", at: after(at, 4)) { hasData = true }
        if bytes.has("IEND", at: after(at, 4)) {
            guard hasData, length == 0 else { throw .imageBroken }
            return .png
        }
        at = next
    }
    throw .imageBroken
}

/// A JPEG with one frame of an allowed size before its first scan, and with its end.
///
/// Bytes after the end are let be: cameras put their own there.
func checkJPEG(_ bytes: [UInt8], _ limits: DocumentLimits) throws(DocumentFault) -> DocumentType {
    var at = 2
    var hasFrame = false
    while bytes.byte(at) == 0xFF {
        guard let marker = bytes.byte(at + 1) else { break }
        if marker == 0xFF {
            at += 1
            continue
        }
        guard marker > 1, !(0xD0...0xD9).contains(marker), let length = bytes.big16(at + 2), length >= 2 else { break }
        let next = after(at, 2, length)
        guard next <= bytes.count else { break }
        if marker == 0xDA {
            guard hasFrame, hasEnd(bytes, from: next) else { break }
            return .jpeg
        }
        if (0xC0...0xCF).contains(marker), marker != 0xC4, marker != 0xC8, marker != 0xCC {
            guard !hasFrame, length >= 8, let height = bytes.big16(at + 5), let width = bytes.big16(at + 7) else {
                break
            }
            try checkSize(width, height, limits)
            hasFrame = true
        }
        at = next
    }
    throw .imageBroken
}

/// True where the mark that ends a JPEG stands from this place on.
private func hasEnd(_ bytes: [UInt8], from start: Int) -> Bool {
    var at = start
    while at + 1 < bytes.count {
        if bytes[at] == 0xFF, bytes[at + 1] == 0xD9 { return true }
        at += 1
    }
    return false
}

/// A GIF whose screen and pictures are of an allowed size, and whose blocks lead to its end.
func checkGIF(_ bytes: [UInt8], _ limits: DocumentLimits) throws(DocumentFault) -> DocumentType {
    guard let width = bytes.little16(6), let height = bytes.little16(8), let packed = bytes.byte(10) else {
        throw .imageBroken
    }
    try checkSize(width, height, limits)
    var at = 13 + colourTable(packed)
    var hasPicture = false
    while let block = bytes.byte(at) {
        switch block {
        case 0x21: at = try skipBlocks(bytes, from: after(at, 2))
        case 0x2C:
            guard let width = bytes.little16(after(at, 5)), let height = bytes.little16(after(at, 7)),
                let packed = bytes.byte(after(at, 9))
            else { throw .imageBroken }
            try checkSize(width, height, limits)
            hasPicture = true
            at = try skipBlocks(bytes, from: after(at, 11, colourTable(packed)))
        case 0x3B:
            guard hasPicture else { throw .imageBroken }
            return .gif
        default: throw .imageBroken
        }
    }
    throw .imageBroken
}

/// The bytes of the table of colours that these flags of a GIF announce.
private func colourTable(_ packed: UInt8) -> Int { packed & 0x80 == 0 ? 0 : 3 << (Int(packed & 7) + 1) }

/// The place after a run of the blocks of a GIF, each led by its length and the last of length nought.
private func skipBlocks(_ bytes: [UInt8], from start: Int) throws(DocumentFault) -> Int {
    var at = start
    while let length = bytes.byte(at) {
        at = after(at, 1, Int(length))
        if length == 0 { return at }
    }
    throw .imageBroken
}

/// A HEIC picture all of whose declared sizes are allowed, or nil for another file of the same family, such as a film.
func checkHEIC(_ bytes: [UInt8], _ limits: DocumentLimits) throws(DocumentFault) -> DocumentType? {
    guard let size = bytes.big32(0), size >= 16, size <= min(bytes.count, 4096) else { return nil }
    let brands = [8] + Array(stride(from: 16, to: size - 3, by: 4))
    guard brands.contains(where: { bytes.has("heic", at: $0) || bytes.has("heix", at: $0) }) else { return nil }
    let file = 0..<bytes.count
    let meta = try box("meta", in: file, of: bytes)
    let properties = try box("iprp", in: (meta.lowerBound + 4)..<meta.upperBound, of: bytes)
    let sizes = try boxes("ispe", in: box("ipco", in: properties, of: bytes), of: bytes)
    if try boxes("mdat", in: file, of: bytes).isEmpty { throw .imageBroken }
    guard !sizes.isEmpty else { throw .imageBroken }
    for size in sizes {
        guard size.count >= 12, let width = bytes.big32(size.lowerBound + 4),
            let height = bytes.big32(size.lowerBound + 8)
        else { throw .imageBroken }
        try checkSize(width, height, limits)
    }
    return .heic
}

/// The inside of the one box of this kind that stands in `range`.
private func box(_ kind: String, in range: Range<Int>, of bytes: [UInt8]) throws(DocumentFault) -> Range<Int> {
    let found = try boxes(kind, in: range, of: bytes)
    guard found.count == 1, let only = found.first else { throw .imageBroken }
    return only
}

/// The insides of every box of this kind that stands in `range`, not looking into boxes.
private func boxes(_ kind: String, in range: Range<Int>, of bytes: [UInt8]) throws(DocumentFault) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var at = range.lowerBound
    while at < range.upperBound {
        guard var size = bytes.big32(at) else { throw .imageBroken }
        var header = 8
        if size == 1 {
            guard let long = bytes.big64(after(at, 8)) else { throw .imageBroken }
            size = long
            header = 16
        } else if size == 0 {
            size = range.upperBound - at
        }
        let end = after(at, size)
        guard size >= header, end <= range.upperBound else { throw .imageBroken }
        if bytes.has(kind, at: at + 4) {
            if kind == "meta", size < header + 4 { throw .imageBroken }
            found.append((at + header)..<end)
        }
        at = end
    }
    return found
}
