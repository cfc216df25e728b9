/// A rich text document with no embedded object or command, and with its last brace.
func checkRTF(_ bytes: [UInt8]) throws(DocumentFault) -> DocumentType? {
    guard bytes.has("{\\rtf1", at: 0) else { return nil }
    for word in ["\\objdata", "\\objemb", "\\objocx", "\\objlink", "\\objautlink", "\\objupdate", "\\objhtml"]
    where bytes.contains(word) { throw .activeContent(.rtf) }
    for word in ["DDEAUTO", "ddeauto"] where bytes.contains(word) { throw .activeContent(.rtf) }
    let end = bytes.last { ![0, 9, 10, 13, 32].contains($0) }
    guard end == 125 else { throw .cutShort(.rtf) }
    return .rtf
}

/// Plain text in UTF-8, or nil for what was not said to be text and is not.
///
/// A mark at the start is allowed. Markup is of no type here, whatever its name says: some browsers would run it.
///
/// - Throws: `textNotUTF8` and `textHasControls`, only where the name says that the file is text.
func checkText(_ bytes: [UInt8], saidToBe isText: Bool) throws(DocumentFault) -> DocumentType? {
    let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    let hasControls = bytes.contains { ($0 < 32 && $0 != 9 && $0 != 10 && $0 != 13) || $0 == 127 }
    if hasControls, !isWide {
        guard isText else { return nil }
        throw .textHasControls
    }
    guard !isWide, let text = String(validating: bytes, as: UTF8.self) else {
        guard isText else { return nil }
        throw .textNotUTF8
    }
    if text.unicodeScalars.contains(where: { (0x80...0x9F).contains($0.value) }) {
        guard isText else { return nil }
        throw .textHasControls
    }
    return isMarkup(bytes) ? nil : .text
}

/// True for text that starts as a web page, a drawing or XML does.
private func isMarkup(_ bytes: [UInt8]) -> Bool {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    let start = body.drop { [9, 10, 13, 32].contains($0) }.prefix(16)
    let word = String(decoding: start, as: UTF8.self).lowercased()
    let marks = [
        "<!doctype", "<!--", "<?xml", "<?php", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<math",
    ]
    return marks.contains { word.hasPrefix($0) }
}
