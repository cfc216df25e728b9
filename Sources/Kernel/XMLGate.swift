/// The one way by which XML from outside comes in, before any parser sees it.
///
/// Refused are document types and entities, by which a file could read others or grow without measure, and encodings
/// other than UTF-8, behind which they could hide.
public enum XMLGate {
    /// - Throws: `Malformed`.
    public static func check(_ bytes: [UInt8]) throws(Malformed) {
        guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
            throw Malformed(wanted: "XML", reason: "it is not written in UTF-8")
        }
        // Even in a comment, where they would do nothing: no file needs them there.
        let text = bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
        for mark in ["<!doctype", "<!entity"] where text.firstRange(of: Array(mark.utf8)) != nil {
            throw Malformed(
                wanted: "XML", reason: "it has a document type or entities (\(mark.uppercased())), which are not taken")
        }
        if let encoding = encoding(text), encoding != "utf-8", encoding != "us-ascii" {
            throw Malformed(wanted: "XML", given: encoding, reason: "it is to be written in UTF-8, and to say so")
        }
    }

    /// The encoding that the declaration names, in small letters.
    private static func encoding(_ text: [UInt8]) -> String? {
        let start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard text[start...].starts(with: "<?xml".utf8), let end = text.firstIndex(of: UInt8(ascii: ">")) else {
            return nil
        }
        let declaration = Array(text[start..<end])
        guard let named = declaration.firstRange(of: Array("encoding".utf8)) else { return nil }
        let value = declaration[named.upperBound...].drop { [0x20, 0x09, 0x0A, 0x0D, 0x3D].contains($0) }
        guard let quote = value.first, quote == 0x22 || quote == 0x27 else { return "" }
        return String(decoding: value.dropFirst().prefix { $0 != quote }, as: UTF8.self)
    }
}
