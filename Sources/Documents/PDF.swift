/// A PDF with no active name in sight, and with its end.
///
/// Names are looked for in every byte, whether or not they lie in a stream, and with `#61` read as `a`, so that
/// nothing is hidden by how the file is cut up. Compressed objects are not opened.
func checkPDF(_ bytes: [UInt8]) throws(DocumentFault) -> DocumentType {
    var at = 5
    while at < bytes.count {
        if bytes[at] == 47, activeNames.contains(name(in: bytes, after: at)) { throw .activeContent(.pdf) }
        at += 1
    }
    guard bytes.contains("%%EOF") else { throw .cutShort(.pdf) }
    return .pdf
}

/// What a PDF must not name: scripts, programs, attached files, and forms that are programs of their own.
private let activeNames: Set<[UInt8]> = Set(
    ["JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "GoToE", "ImportData", "XFA"]
        .map { Array($0.utf8) })

/// The name after the slash at this place, its `#xx` read as the byte it stands for; empty where it is too long
/// or too short to be one that is looked for.
private func name(in bytes: [UInt8], after slash: Int) -> [UInt8] {
    var name: [UInt8] = []
    var at = slash + 1
    while let byte = bytes.byte(at), !endsName(byte) {
        if name.count == 13 { return [] }
        if byte == 35, let high = hex(bytes.byte(at + 1)), let low = hex(bytes.byte(at + 2)) {
            name.append(high << 4 | low)
            at += 3
        } else {
            name.append(byte)
            at += 1
        }
    }
    return name.count < 3 ? [] : name
}

/// White space and the marks `( ) < > [ ] { } / %`.
private func endsName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0, 9, 10, 12, 13, 32, 40, 41, 60, 62, 91, 93, 123, 125, 47, 37: true
    default: false
    }
}

/// The value of a hexadecimal digit.
private func hex(_ byte: UInt8?) -> UInt8? {
    switch byte {
    case .some(let digit) where (48...57).contains(digit): digit - 48
    case .some(let digit) where (65...70).contains(digit): digit - 55
    case .some(let digit) where (97...102).contains(digit): digit - 87
    default: nil
    }
}
