/// The type of an uploaded file, found from its bytes and agreed with its name.
///
/// Nothing is inflated, decoded or run, and no bytes make it trap. What a file declares about itself is checked
/// wherever it says it twice; what it says once (the inflated size of an entry, the size of an image) is believed,
/// so whoever opens the file later must stop at that size. Packed parts are not read: a script in a compressed
/// object of a PDF and a link in a packed part of an Office file are not seen.
///
/// - Parameter fileName: the name as the sender gave it; only its ending is read.
/// - Throws: the first `DocumentFault` that is found.
public func inspect(
    _ bytes: [UInt8], named fileName: String, limits: DocumentLimits = .init()
) throws(DocumentFault) -> DocumentType {
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= limits.bytes else { throw .tooLarge(bytes: bytes.count, limit: limits.bytes) }
    let ending = ending(of: fileName)
    let said = DocumentType(extension: ending)
    guard let found = try sniff(bytes, said: said, limits) else {
        throw said == nil ? .unknownType(ending: ending) : .notWhatItSays(ending: ending, found: nil)
    }
    if said == found { return found }
    if macroEndings.contains(ending) { throw .macros }
    if found == .text {
        if let said, said.isPlain { return said }
        if said == nil { throw .unknownType(ending: ending) }
    }
    throw .notWhatItSays(ending: ending, found: found)
}

/// Endings of Office files that may carry macros.
private let macroEndings: Set<String> = ["docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppsm", "ppam"]

/// The ending of a file name in small letters, or nothing where it has none or it is not plain letters and digits.
func ending(of fileName: String) -> String {
    let name = fileName.utf8.split(separator: 47, omittingEmptySubsequences: false).last ?? ""[...].utf8
    let leaf = name.split(separator: 92, omittingEmptySubsequences: false).last ?? name
    guard let dot = leaf.lastIndex(of: 46) else { return "" }
    let ending = leaf[leaf.index(after: dot)...]
    guard !ending.isEmpty, ending.count <= 8, ending.allSatisfy(isLetterOrDigit) else { return "" }
    return String(decoding: ending, as: UTF8.self).lowercased()
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
}

/// The type that the bytes are, checked through, or nil where they are none that is taken.
///
/// `said` is asked only for bytes with no mark of their own, to tell a fault in a text from a file of no type.
private func sniff(_ bytes: [UInt8], said: DocumentType?, _ limits: DocumentLimits) throws(DocumentFault)
    -> DocumentType?
{
    if bytes.has("%PDF-", at: 0) { return try checkPDF(bytes) }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return try checkPNG(bytes, limits) }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return try checkJPEG(bytes, limits) }
    if bytes.has("GIF87a", at: 0) || bytes.has("GIF89a", at: 0) { return try checkGIF(bytes, limits) }
    if bytes.has("ftyp", at: 4) { return try checkHEIC(bytes, limits) }
    if bytes.has("{\\rtf", at: 0) { return try checkRTF(bytes) }
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return try checkOffice(bytes, limits) }
    if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { throw oldOfficeFault(bytes) }
    return try checkText(bytes, saidToBe: said?.isPlain == true)
}

/// An old Office container: one that holds a locked new document, or simply an old one.
private func oldOfficeFault(_ bytes: [UInt8]) -> DocumentFault {
    let locked = "EncryptedPackage".utf8.map { "\(Character(Unicode.Scalar($0)))\0" }.joined()
    return bytes.contains(locked) ? .archiveEncrypted : .oldOffice
}
