/// An Office or OpenDocument file with nothing but its document in it, or nil for another archive.
///
/// Its kind is told from the names of its parts and, for OpenDocument, from the first part, which is never packed.
func checkOffice(_ bytes: [UInt8], _ limits: DocumentLimits) throws(DocumentFault) -> DocumentType? {
    let entries = try zipEntries(bytes, limits)
    guard let type = try officeType(bytes, entries) else { return nil }
    var nested = 0
    for entry in entries where !entry.isFolder {
        if isMacro(entry) || namesMacros(bytes, entry) { throw .macros }
        if isProgram(bytes, entry) { throw .activeContent(type) }
        if entry.key == "encrypted-package" || entry.key == "encryptedpackage" { throw .archiveEncrypted }
        if isArchive(bytes, entry) { nested += 1 }
    }
    guard nested <= limits.nesting else { throw .nestedArchive }
    return type
}

/// The kind of document that an archive holds, or nil where it holds none that is taken.
private func officeType(_ bytes: [UInt8], _ entries: [ZipEntry]) throws(DocumentFault) -> DocumentType? {
    let isOffice = entries.contains { $0.name == "[Content_Types].xml" }
    let isOpen = entries.contains { $0.key == "mimetype" }
    if isOffice, isOpen { throw .archiveBroken(.twoKinds) }
    if isOpen { return openType(bytes, entries) }
    guard isOffice, entries.contains(where: { $0.name == "_rels/.rels" }) else { return nil }

    // The main part is named `word/document.xml`, or `document2.xml` by some; the binary workbook has `workbook.bin`.
    let kinds = [("word/document", DocumentType.docx), ("xl/workbook", .xlsx), ("ppt/presentation", .pptx)]
    let found = kinds.filter { kind in
        entries.contains { $0.key.hasPrefix(kind.0) && $0.key.hasSuffix(".xml") }
    }
    if found.count > 1 { throw .archiveBroken(.twoKinds) }
    return found.first?.1
}

/// The kind of OpenDocument that the first part says it is, in full and not packed.
private func openType(_ bytes: [UInt8], _ entries: [ZipEntry]) -> DocumentType? {
    guard let first = entries.first, first.name == "mimetype", first.isStored, first.inflated < 100,
        let body = bytes.slice(first.body.lowerBound, first.body.upperBound),
        entries.contains(where: { $0.name == "content.xml" || $0.name == "encrypted-package" })
    else { return nil }
    return [DocumentType.odt, .ods].first { $0.mime.utf8.elementsEqual(body) }
}

/// True for the parts in which Office and OpenDocument keep macros, of which empty lists are none.
private func isMacro(_ entry: ZipEntry) -> Bool {
    let parts = entry.key.split(separator: "/")
    let leaf = parts.last ?? ""
    if leaf.hasPrefix("vbaproject") || leaf.hasPrefix("vbadata") { return true }
    if parts.contains("macrosheets") || parts.first == "scripts" { return true }
    return parts.first == "basic" && !["script-lc.xml", "script-lb.xml"].contains(leaf)
}

/// True where the list of types, if it is not packed, names a type that carries macros.
private func namesMacros(_ bytes: [UInt8], _ entry: ZipEntry) -> Bool {
    guard entry.isStored, entry.key == "[content_types].xml",
        let body = bytes.slice(entry.body.lowerBound, entry.body.upperBound)
    else { return false }
    let text = Array(String(decoding: body, as: UTF8.self).lowercased().utf8)
    return text.contains("macroenabled") || text.contains("vbaproject")
}

/// True for a part that a computer could run, by its name or, where it is not packed, by its bytes.
private func isProgram(_ bytes: [UInt8], _ entry: ZipEntry) -> Bool {
    if entry.key.split(separator: "/").contains("activex") || programs.contains(ending(of: entry.key)) { return true }
    guard entry.isStored else { return false }
    return [[0x4D, 0x5A], [0x7F, 0x45, 0x4C, 0x46]].contains { starts(bytes, entry, with: $0) }
}

/// True for a part that is an archive, another document or an embedded object, by its name or, where it is not
/// packed, by its bytes.
private func isArchive(_ bytes: [UInt8], _ entry: ZipEntry) -> Bool {
    if archives.contains(ending(of: entry.key)) { return true }
    let leaf = entry.key.split(separator: "/").last ?? ""
    if entry.key.contains("/embeddings/") || leaf.hasPrefix("oleobject") { return true }
    guard entry.isStored else { return false }
    let marks: [[UInt8]] = [
        [0x50, 0x4B, 0x03, 0x04], [0xD0, 0xCF, 0x11, 0xE0], [0x52, 0x61, 0x72, 0x21], [0x37, 0x7A, 0xBC, 0xAF],
        [0x1F, 0x8B, 0x08], [0x42, 0x5A, 0x68], [0xFD, 0x37, 0x7A, 0x58], [0x25, 0x50, 0x44, 0x46],
    ]
    return marks.contains { starts(bytes, entry, with: $0) }
}

private func starts(_ bytes: [UInt8], _ entry: ZipEntry, with mark: [UInt8]) -> Bool {
    bytes.slice(entry.body.lowerBound, entry.body.upperBound)?.starts(with: mark) == true
}

private let programs: Set<String> = [
    "exe", "dll", "com", "scr", "pif", "cpl", "msi", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf", "hta",
    "lnk", "jar", "sh", "py", "swf", "html", "htm", "svgz", "reg", "app", "apk",
]

private let archives: Set<String> = [
    "zip", "7z", "rar", "gz", "tgz", "bz2", "xz", "tar", "cab", "iso", "arj", "lzh", "zst", "pdf", "rtf",
    "doc", "dot", "docx", "docm", "dotx", "dotm", "xls", "xlt", "xlsx", "xlsm", "xlsb", "xltx", "xltm", "ppt", "pps",
    "pptx", "pptm", "ppsx", "potx", "odt", "ods", "odp", "odg", "epub", "msg", "eml",
]
